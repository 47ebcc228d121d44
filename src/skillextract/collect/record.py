"""Record: one posting as its board states it, read field by field, without guessing."""

from __future__ import annotations

import dataclasses
import html
import logging
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple, get_args

from skillextract.errors import PostingError, clean_message
from skillextract.posting import PostingDraft, Remote, SalaryPeriod

logger = logging.getLogger(__name__)

_MILLISECONDS_FROM = 100_000_000_000
"""An epoch of at least this is in milliseconds: as seconds it would lie beyond the year 5000."""

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""No posting was on the web before; boards write "never" so (0001-01-01, or a number that counts no seconds)."""
_AHEAD = timedelta(days=1)
"""By so much a date of publication may be ahead: where it is stated without a zone, tomorrow has begun elsewhere."""

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_LEAST_A_YEAR = 1000
"""No currency pays less than this in a year."""

_PERIODS: tuple[tuple[str, SalaryPeriod], ...] = (
    ("year", "year"),
    ("annual", "year"),
    ("annum", "year"),
    ("month", "month"),
    ("week", "week"),
    ("hour", "hour"),
    ("daily", "day"),
    ("day", "day"),
)


class Salary(NamedTuple):
    """What is paid as stated; each field None where it is not."""

    minimum: float | None = None
    maximum: float | None = None
    currency: str | None = None
    period: SalaryPeriod | None = None


class OddFields:
    """Counts the optional facts of a payload that could not be read, and tells of each field once.

    A posting is worth more than its department: where an optional fact has an unknown form, the posting goes on
    without it, and the log says which field of how many postings it was.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self._count: dict[str, int] = {}
        self._first: dict[str, str] = {}

    def note(self, field: str, posting_id: str, found: object, expected: str) -> None:
        """Count one."""
        self._count[field] = self._count.get(field, 0) + 1
        self._first.setdefault(field, f"posting {posting_id}: found {shorten(found)}, expected {expected}")

    def tell(self) -> None:
        """Log one warning for each field, and start afresh."""
        tell_again(
            f"{self.source}: {field} could not be read in {count} postings, which are kept without it "
            f"(first: {self._first[field]})"
            for field, count in self._count.items()
        )
        self._count.clear()
        self._first.clear()


_listener: ContextVar[list[str] | None] = ContextVar("odd fields told", default=None)


@contextmanager
def listen() -> Iterator[list[str]]:
    """Collect what is told of odd fields in the block, besides its being logged: to tell it again without reading."""
    told: list[str] = []
    token = _listener.set(told)
    try:
        yield told
    finally:
        _listener.reset(token)


def tell_again(messages: Iterable[str]) -> None:
    """Log what was told of odd fields."""
    listener = _listener.get()
    for message in map(clean_message, messages):
        logger.warning("%s", message)
        if listener is not None:
            listener.append(message)


class Record:
    """The fields of one posting.

    Every reading returns None where the field is absent, null or blank. A value of another form than expected raises
    in the `require_` readings and is counted in `odd` and left out in the others.

    Args:
        fields: the JSON object.
        source: the name of the source.
        posting_id: the id for messages; until it is known, the place in the payload.
        odd: where unreadable optional facts are counted.
        path: the place of `fields` in the posting, as `categories.`; empty for the posting itself.
        advice: what to do about a posting at fault, for messages.
    """

    def __init__(
        self,
        fields: Mapping[str, object],
        *,
        source: str,
        posting_id: str,
        odd: OddFields,
        path: str = "",
        advice: str = "see the raw payload",
    ) -> None:
        self.fields, self.source, self.posting_id = fields, source, posting_id
        self.odd, self.path, self.advice = odd, path, advice

    def fault(self, field: str, message: str) -> PostingError:
        """The error that says this posting cannot be read because of a field."""
        return PostingError(self.source, self.posting_id, self.path + field or "posting", message)

    def require_id(self, field: str) -> str:
        """An id as text; whole numbers are taken too.

        Raises:
            PostingError: it is missing, blank, or neither text nor a whole number.
        """
        value = self.fields.get(field)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value) if abs(value) < 10**40 else None
        if not isinstance(value, str) or not value.strip():
            raise self.fault(field, f"found {shorten(value)}, expected an id; {self.advice}")
        return clean_text(value).strip()

    def require_text(self, field: str) -> str:
        """A text without surrounding white space.

        Raises:
            PostingError: it is missing, blank or no text.
        """
        value = self.fields.get(field)
        if not isinstance(value, str) or not value.strip():
            raise self.fault(field, f"found {shorten(value)}, expected text; {self.advice}")
        return clean_text(value).strip()

    def text(self, field: str) -> str | None:
        """A text without surrounding white space."""
        value = self.fields.get(field)
        if value is None:
            return None
        if not isinstance(value, str):
            self._note(field, "text")
            return None
        return clean_text(value).strip() or None

    def body(self, field: str) -> str | None:
        """A long text to the character; None where it is blank.

        Raises:
            PostingError: it is no text: a posting must not lose its description in silence.
        """
        value = self.fields.get(field)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.fault(field, f"found {shorten(value)}, expected the description; {self.advice}")
        return clean_text(value) if value.strip() else None

    def require_body(self, field: str) -> str:
        """The description, to the character.

        Raises:
            PostingError: it is missing, blank or no text.
        """
        body = self.body(field)
        if body is None:
            raise self.fault(field, f"found no description, expected one; {self.advice}")
        return body

    def number(self, field: str) -> float | None:
        """A finite number."""
        value = self.fields.get(field)
        if value is None:
            return None
        try:
            number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            self._note(field, "a number")
            return None
        return number

    def amount(self, field: str) -> float | None:
        """A finite number, also where it is written as text, such as `75000.00`."""
        value = self.fields.get(field)
        if isinstance(value, str):
            if not value.strip():
                return None
            if re.fullmatch(r"\s*\d{1,12}(\.\d{1,6})?\s*", value):
                return float(value)
        return self.number(field)

    def instant(self, field: str) -> datetime | None:
        """A point in time, UTC; see `read_instant`."""
        value = self.fields.get(field)
        if value is None or value == "":
            return None
        instant = read_instant(value)
        if instant is None:
            self._note(field, f"a date, {_EARLIEST.year} or later")
        return instant

    def flag(self, field: str) -> bool | None:
        """True or false."""
        value = self.fields.get(field)
        if value is not None and not isinstance(value, bool):
            self._note(field, "true or false")
            return None
        return value

    def record(self, field: str) -> Record:
        """The object that stands in a field, empty where there is none."""
        value = self.fields.get(field)
        if value is not None and not isinstance(value, dict):
            self._note(field, "an object")
        return self._inner(value if isinstance(value, dict) else {}, f"{self.path}{field}.")

    def records(self, field: str) -> list[Record]:
        """The objects of the list that stands in a field."""
        value = self.fields.get(field)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self._note(field, "a list of objects")
        items = value if isinstance(value, list) else []
        return [
            self._inner(item, f"{self.path}{field}[{place}].")
            for place, item in enumerate(items)
            if isinstance(item, dict)
        ]

    def texts(self, field: str) -> list[str]:
        """The texts of the list that stands in a field, without blank ones."""
        value = self.fields.get(field)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._note(field, "a list of texts")
        items = value if isinstance(value, list) else []
        return [clean_text(item).strip() for item in items if isinstance(item, str) and item.strip()]

    def salary(self, minimum: float | None, maximum: float | None, currency: str | None, period: str | None) -> Salary:
        """A salary of two numbers of which one may be missing; all None where no positive number is stated."""
        stated = [value for value in (minimum, maximum) if value is not None and value > 0]
        if not stated:
            return Salary()
        if stated[0] > stated[-1]:
            self.odd.note("salary", self.posting_id, (minimum, maximum), "the smaller number first")
            return Salary()
        if read_period(period) == "year" and stated[-1] < _LEAST_A_YEAR:
            # Hourly pay that is filed under the wrong word; which of the two is wrong is not stated.
            self.odd.note("salary", self.posting_id, (minimum, maximum, period), f"at least {_LEAST_A_YEAR} a year")
            return Salary()
        return Salary(stated[0], stated[-1], read_currency(currency), read_period(period))

    def _inner(self, fields: Mapping[str, object], path: str) -> Record:
        return Record(
            fields, source=self.source, posting_id=self.posting_id, odd=self.odd, path=path, advice=self.advice
        )

    def _note(self, field: str, expected: str) -> None:
        # Places in lists are left out, so that the same field of many postings is one line in the log.
        name = re.sub(r"\[\d+]", "[]", self.path + field)
        self.odd.note(name, self.posting_id, self.fields.get(field), expected)


def read_postings(
    items: Iterable[object], *, source: str, read: Callable[[Record], PostingDraft | None]
) -> Iterator[PostingDraft | PostingError]:
    """What `read` makes of each item; a posting at fault comes as its error in its place, and the rest go on.

    Args:
        items: the postings of a payload; what is no JSON object is at fault.
        source: the name of the source.
        read: reads one posting; None drops it (because it is no public posting, not because it is at fault).
    """
    odd = OddFields(source)
    try:
        for number, item in enumerate(items, start=1):
            record = Record(item if isinstance(item, dict) else {}, source=source, posting_id=f"row {number}", odd=odd)
            try:
                if not isinstance(item, dict):
                    raise record.fault("", f"found {shorten(item)}, expected an object; see the raw payload")
                draft = read(record)
            except PostingError as error:
                yield error
            else:
                if draft is not None:
                    yield leave_out_later(draft, odd)
    finally:
        odd.tell()


def leave_out_later(draft: PostingDraft, odd: OddFields) -> PostingDraft:
    """The posting without a date of publication that has not come yet (9999-12-31): it would be a period of its own.

    Ahead of what is today's date, not the payload's: a file may have been changed at no time that means anything.
    """
    latest = max(draft.fetched_at, datetime.now(UTC)) + _AHEAD
    if draft.posted_at is None or draft.posted_at <= latest:
        return draft
    native_id = draft.id.removeprefix(f"{draft.source}:")
    odd.note("posted_at", native_id, draft.posted_at.date().isoformat(), f"a date up to {latest:%Y-%m-%d}")
    return dataclasses.replace(draft, posted_at=None)


def read_instant(value: object) -> datetime | None:
    """A point in time, UTC, from what boards state; None for anything else, relative texts ("2 days ago") among it.

    None, too, is what lies before 1990: no posting does, and so boards write "never".

    Taken are ISO 8601 (`2026-07-01`, `2026-07-01T08:00:00+02:00`, `2026-07-01 08:00:00 UTC`), RFC 2822, and seconds or
    milliseconds since 1970. A time without a zone is taken as UTC.
    """
    instant = _read_any_instant(value)
    return None if instant is None or instant < _EARLIEST else instant


def _read_any_instant(value: object) -> datetime | None:
    try:
        if isinstance(value, datetime):
            return _as_utc(value)
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day, tzinfo=UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            seconds = value / 1000 if abs(value) >= _MILLISECONDS_FROM else value
            # One after 1970 only: 0 and -1 are how boards write "never".
            return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
        if not isinstance(value, str):
            return None
        text = value.strip()
        if re.fullmatch(r"\d{9,14}(\.\d+)?", text):
            return _read_any_instant(float(text))
        if not re.match(r"\d{4}-\d\d-\d\d(?!\d)", text):
            return _as_utc(parsedate_to_datetime(text))
        return _as_utc(datetime.fromisoformat(re.sub(r"\s*UTC$", "+00:00", text)))
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def _as_utc(instant: datetime) -> datetime:
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def read_period(stated: str | None) -> SalaryPeriod | None:
    """What one payment covers, by the word in texts such as `1 YEAR`, `per-month-salary`, `Hourly rate`."""
    words = (stated or "").casefold()
    found = {period for word, period in _PERIODS if word in words}
    return found.pop() if len(found) == 1 else None


def read_currency(stated: str | None) -> str | None:
    """Three letters of ISO 4217, upper case; None for anything else, signs such as $ among it."""
    code = (stated or "").strip().upper()
    return code if re.fullmatch(r"[A-Z]{3}", code) else None


def read_remote(stated: str | None) -> Remote | None:
    """The work model in a field that holds nothing else: `Remote`, `on-site`, `OnSite`, `HYBRID`."""
    word = re.sub(r"[^a-z]", "", (stated or "").casefold())
    found: dict[str, Remote] = {each: each for each in get_args(Remote)}
    return found.get(word)


def read_flags(*, remote: bool | None, hybrid: bool | None = None, onsite: bool | None = None) -> Remote | None:
    """The work model of boards that state each as true or false; None where not exactly one is true."""
    flags: dict[Remote, bool | None] = {"remote": remote, "hybrid": hybrid, "onsite": onsite}
    stated = [model for model, flag in flags.items() if flag]
    return stated[0] if len(stated) == 1 else None


def join_place(*parts: str | None) -> str | None:
    """City, region and country of one place joined by `, `, each once."""
    return ", ".join(dict.fromkeys(part for part in parts if part)) or None


def join_places(places: Iterable[str | None]) -> str | None:
    """Places joined by `; `, each once."""
    return "; ".join(dict.fromkeys(place for place in places if place)) or None


def as_html(text: str) -> str:
    """A text that may be HTML or plain lines, as HTML; entities of plain lines are resolved once."""
    if _TAG.search(text):
        return text
    return "\n".join(
        f"<p>{html.escape(line, quote=False)}</p>" for line in html.unescape(text).splitlines() if line.strip()
    )


def clean_text(text: str) -> str:
    """The text with halves of surrogate pairs, which no file can hold, replaced one for one."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def shorten(value: object) -> str:
    """How a value is shown in a message: what is missing as `nothing`, what is long by its start."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return f"an object of {len(value)} fields"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, str):
        value = clean_text(value[:60]) + ("…" if len(value) > 60 else "")
    if isinstance(value, int) and abs(value) > 10**18:
        return "a very large number"
    text = repr(value)
    return text if len(text) <= 63 else f"{text[:60]}…"
