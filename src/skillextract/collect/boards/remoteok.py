"""Remote OK's public API: the newest remote postings of many companies, in one answer."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from skillextract.collect.board import About
from skillextract.collect.countries import find_country
from skillextract.collect.http import PoliteSession
from skillextract.collect.payload import Payload, read_list
from skillextract.collect.record import Record, read_postings
from skillextract.errors import PostingError
from skillextract.posting import PostingDraft
from skillextract.settings import RemoteOkSource

HOST = "https://remoteok.com"
_TRACE = re.compile(
    rb"(?:\s|<br\s*\\?/?>|(?<!\\)\\n)*Please mention the word \*{0,2}\w{1,40}\*{0,2} and tag (?:[^\s\"\\]|\\/){1,100}"
    rb"(?:(?:[^\"<\\]|\\[^\"u]|\\u[0-9a-fA-F]{4}){0,400}?they(?:'|\\u2019|\xe2\x80\x99)re human\.?)?"
)
"""A line that the board adds to every text, with the address of whoever asked written into its tag.

It is taken out of JSON that nobody has read yet, so that it begins and ends beside whole escapes, and holds no
quotation mark: whatever a posting says of words and tags, what is left is JSON where it was.
"""
_MISREAD = re.compile("[\x80-\xff]{2,}")

ABOUT = About(
    title="Remote OK",
    home="https://remoteok.com",
    gives="the newest hundred remote postings, many of them of poor quality",
    example="",
    terms="Stated in each answer: link to the posting at Remote OK (without nofollow) and name it as the source.",
    attribution="Remote postings from Remote OK (https://remoteok.com)",
)


def fetch(session: PoliteSession, source: RemoteOkSource) -> Iterator[Payload]:
    """The one payload of the board, without the lines that hold our own address.

    Raises:
        SourceError: see `PoliteSession.get`.
    """
    payload = session.get(f"{source.base_url or HOST}/api", source=source.name)
    yield dataclasses.replace(payload, content=_TRACE.sub(b"", payload.content))


def parse(payload: Payload, source: RemoteOkSource) -> Iterator[PostingDraft | PostingError]:
    """The postings of the board; the first item of an answer is its terms.

    Raises:
        SourceChanged: the payload is no answer of the board.
    """
    items = read_list(payload, field=None)
    jobs = [item for item in items if not (isinstance(item, dict) and "legal" in item and "id" not in item)]
    yield from read_postings(jobs, source=source.name, read=lambda record: _read_posting(record, payload, source))


def _read_posting(record: Record, payload: Payload, source: RemoteOkSource) -> PostingDraft:
    record.posting_id = native_id = record.require_id("id")
    body = record.require_body("description")
    body = _TRACE.sub(b"", body.encode()).decode()
    location = (record.text("location") or "").strip(" ,") or None
    # Neither currency nor period is stated; 0 is how the board writes that there is no pay.
    salary = record.salary(record.amount("salary_min"), record.amount("salary_max"), None, None)
    return PostingDraft(
        id=f"{source.name}:{native_id}",
        source=source.name,
        url=record.text("url"),
        title=_mend_encoding(record.require_text("position")),
        company=_mend_encoding(record.text("company") or "") or None,
        location=location,
        country=find_country(location or ""),
        # The board takes remote postings only.
        remote="remote",
        posted_at=record.instant("date") or record.instant("epoch"),
        salary_min=salary.minimum,
        salary_max=salary.maximum,
        body=_mend_encoding(body),
        body_format="html",
        fetched_at=payload.fetched_at,
    )


def _mend_encoding(text: str) -> str:
    """The text with what the board read as Latin-1 read as the UTF-8 that it was."""

    def mend(match: re.Match[str]) -> str:
        try:
            return match.group().encode("latin-1").decode("utf-8")
        except UnicodeDecodeError:
            return match.group()

    return _MISREAD.sub(mend, text)
