"""Hacker News "Ask HN: Who is hiring?": a thread a month, a comment a posting, through Algolia's public search."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from skillextract.collect.board import About
from skillextract.collect.countries import find_country
from skillextract.collect.http import PoliteSession
from skillextract.collect.pay import PAY, read_pay
from skillextract.collect.payload import Payload, read_json, read_list
from skillextract.collect.record import Record, Salary, join_places, read_postings
from skillextract.errors import PostingError, SourceChanged
from skillextract.posting import PostingDraft, Remote
from skillextract.settings import HackerNewsSource

HOST = "https://hn.algolia.com"
_ITEM_PAGE = "https://news.ycombinator.com/item?id="
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_TITLE_LIMIT = 200
_HEADER_LIMIT = 5000
"""Characters of a comment in which its header line is looked for."""

_ROLE = re.compile(
    r"(?i)\b(engineers?|developers?|devs?|programmers?|scientists?|researchers?|architects?|designers?|analysts?"
    r"|managers?|leads?|directors?|head of|vp of|cto|cpo|founding|sres?|devops|swe|interns?|consultants?|specialists?"
    r"|administrators?|technicians?|recruiters?|marketers?|writers?|advocates?|representatives?|executives?|roles"
    r"|engineering|positions|hackers?|full[- ]?stack|front[- ]?end|back[- ]?end|machine learning|data science)\b"
)
_ROLE_NOUN = re.compile(r"(?i)\b(engineers?|developers?|scientists?|designers?|architects?|analysts?)\b")
"""Words that no company goes by: a first piece with one of them is the role, and the company is not named."""
_EMPLOYMENT = re.compile(
    r"(?i)\b(full[- ]?time|part[- ]?time|contract(?:or|ors|s)?|freelance|intern(?:s|ship|ships)?|permanent|temporary)\b"
)
_MODELS: tuple[tuple[Remote, re.Pattern[str]], ...] = (
    ("remote", re.compile(r"(?i)\bremote\b")),
    ("hybrid", re.compile(r"(?i)\bhybrid\b")),
    ("onsite", re.compile(r"(?i)\b(?:onsite|on[- ]site|in[- ]office|in[- ]person)\b")),
)
_NO_REMOTE = re.compile(r"(?i)\b(?:no|not|non)[- ]+(?:\w+ )?remotes?\b|\bremote[: ]+no\b")
_LINK = re.compile(
    r"(?i)(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|io|ai|org|net|co|dev|app|tech|jobs)\b(?:/\S*)?"
)
# "New York, NY", "London, UK", "Berlin, Germany": a name, a comma, and another name.
_PLACE = re.compile(r"^[A-ZÀ-Ž][\w.'’À-ž -]{1,30},\s*[A-ZÀ-Ž][\w.'’À-ž -]+(?:\b|$)")
_CITIES = re.compile(
    r"\b(?:NYC|SF|SFO|Bay Area|San Francisco|New York|Boston|Seattle|Chicago|Austin|Los Angeles|San Diego|Denver"
    r"|Atlanta|Toronto|Vancouver|Montreal|London|Cambridge|Berlin|Munich|Hamburg|Paris|Amsterdam|Zurich|Zürich"
    r"|Stockholm|Copenhagen|Dublin|Barcelona|Madrid|Lisbon|Warsaw|Vienna|Tel Aviv|Singapore|Tokyo|Sydney|Melbourne"
    r"|Bangalore|Bengaluru|Europe|EU|EMEA|US|USA|UK|LATAM|APAC|North America|Worldwide|Anywhere)\b"
)
_NO_PLACE = re.compile(r"(?i)\b(?:passport|eligible|authori[sz]\w*|sponsor\w*|salary|equity)\b")


_LONE_COMPANY = re.compile(
    r"(?P<name>(?:The )?[A-Z0-9][\w.&'’+]*(?: (?:[A-Z0-9&][\w.&'’+]*|of|and)){0,3})"
    r"\s*(?:\([^()]{1,60}\)\s*)?(?:\s-{1,2}\s|\s?[–—•]\s|\s?https?:)"
)
"""A name and what parts it from the rest of a header without bars."""
_NO_COMPANY = re.compile(
    r"(?i)\b(?:hiring|visa|java|javascript|python|ruby|rails|php|c\+\+|\.net|node|react|ios|android|area|we|i|location|CA|"
    r"NY|MA|TX|WA|looking|wanted|needed|job|jobs|startup|software|web|mobile)\b"
)
"""Words of roles, places and sentences, by none of which a company goes."""


class Header(NamedTuple):
    """What the first line of a comment states: `Company | Role | Place | REMOTE | Full-time | $160k–$180k | URL`."""

    title: str
    company: str | None
    location: str | None
    country: str | None
    remote: Remote | None
    employment_type: str | None
    salary: Salary


ABOUT = About(
    title="Hacker News “Who is hiring?”",
    home="https://news.ycombinator.com/user?id=whoishiring",
    gives="the comments of one monthly thread, a posting each",
    example='thread = "2026-07"  # left out: the newest',
    terms="An open API without a key or a stated limit; nothing is stated about the licence of the comments.",
)


def fetch(session: PoliteSession, source: HackerNewsSource) -> Iterator[Payload]:
    """The payloads of the thread: the search for it, unless its id is known, and the thread with all comments.

    Raises:
        SourceError: see `PoliteSession.get`; or the search finds no such thread.
    """
    host = source.base_url or HOST
    thread = source.thread
    if not isinstance(thread, int):
        # Three threads a month; the search returns at most 1,000, which is more than there have been.
        found = session.get(
            f"{host}/api/v1/search_by_date",
            source=source.name,
            params={"tags": "story,author_whoishiring", "hitsPerPage": 20 if thread is None else 1000},
        )
        yield found
        thread = _find_thread(found, month=thread)
    yield session.get(f"{host}/api/v1/items/{thread}", source=source.name)


def parse(payload: Payload, source: HackerNewsSource) -> Iterator[PostingDraft | PostingError]:
    """The postings of a thread, or of a search for its comments; a search for threads has none.

    Only comments on the thread itself are postings; answers to them, deleted comments and those without a text are
    none.

    Raises:
        SourceChanged: the payload is no thread.
    """
    value = read_json(payload)
    comments = read_list(payload, field="hits" if isinstance(value, dict) and "hits" in value else "children")
    story_id = value.get("id", value.get("story_id")) if isinstance(value, dict) else None
    yield from read_postings(
        [comment for comment in comments if not _is_story(comment)],
        source=source.name,
        read=lambda record: _read_posting(record, payload, source, story_id),
    )


def read_header(text: str) -> Header:
    """What the header line of a comment states, read defensively: order and parts are the writer's choice.

    Args:
        text: the comment as HTML; only what stands before its first paragraph or line break is read.
    """
    line = _first_line(text)
    pieces = [piece.strip(" \t-–—•") for piece in re.split(r"\s*[|｜]\s*", line)]
    pieces = [piece for piece in pieces if piece]
    if len(pieces) < 2:
        # Without pieces there is no telling more than the company from the rest of the sentence.
        company = _read_lone_company(line)
        return Header(line[:_TITLE_LIMIT], company, None, find_country(line), *_read_model(line), Salary())
    company = _strip_links(pieces[0]) or None
    rest = pieces[1:]
    roles = [piece for piece in rest if _is_role(piece)]
    if not roles and _ROLE_NOUN.search(_LINK.sub(" ", pieces[0])):
        company, roles = None, [pieces[0]]
    places = [place for piece in rest if piece not in roles and (place := _read_place(piece))]
    # The work model may stand in any piece but the company's name ("Remote | Engineer" is a company).
    return Header(
        "; ".join(_strip_links(role) for role in roles)[:_TITLE_LIMIT].strip() or line[:_TITLE_LIMIT].strip(),
        company,
        join_places(places),
        find_country("; ".join(places)),
        *_read_model(" | ".join(rest)),
        read_pay(rest),
    )


def _find_thread(found: Payload, *, month: str | None) -> int:
    """The id of the newest thread, or of the month's; its siblings ("Who wants to be hired?") do not match."""
    wanted = r".+"
    if month is not None:
        year, _, number = month.partition("-")
        wanted = f"{_MONTHS[int(number) - 1]} {year}"
    newest: tuple[str, int] | None = None
    for hit in read_list(found, field="hits"):
        if not isinstance(hit, dict):
            continue
        title, thread, created = str(hit.get("title")), str(hit.get("objectID")), str(hit.get("created_at"))
        if re.match(rf"Ask HN: Who is hiring\? \({wanted}\)", title) and re.fullmatch(r"\d{1,12}", thread):
            newest = max(newest or ("", 0), (created, int(thread)))
    if newest is None:
        raise SourceChanged(
            found.source,
            found.url,
            f'found no thread "Ask HN: Who is hiring?" {f"of {month}" if month else "among the newest"}, expected one; '
            "give its id as `thread`",
        )
    return newest[1]


def _is_story(item: object) -> bool:
    return isinstance(item, dict) and "title" in item and "comment_text" not in item and "text" not in item


def _read_posting(record: Record, payload: Payload, source: HackerNewsSource, story_id: object) -> PostingDraft | None:
    fields: Mapping[str, object] = record.fields
    record.posting_id = native_id = record.require_id("objectID" if "objectID" in fields else "id")
    parent = fields.get("parent_id", story_id)
    gone = bool(fields.get("deleted") or fields.get("dead")) or fields.get("author") in (None, "whoishiring")
    name = "comment_text" if "comment_text" in fields else "text"
    text = record.body(name)
    if parent != fields.get("story_id", story_id) or gone or text is None:
        return None
    header = read_header(text)
    if not header.title:
        raise record.fault(name, "found no words, expected a line such as `Company | Role | Place`")
    return PostingDraft(
        # Comment ids are unique in the whole of Hacker News: the id is the same however the thread was named.
        id=f"hackernews:{native_id}",
        source=source.name,
        url=_ITEM_PAGE + native_id,
        title=header.title,
        company=header.company,
        location=header.location,
        country=header.country,
        remote=header.remote,
        posted_at=record.instant("created_at"),
        employment_type=header.employment_type,
        salary_min=header.salary.minimum,
        salary_max=header.salary.maximum,
        salary_currency=header.salary.currency,
        salary_period=header.salary.period,
        body=text,
        body_format="html",
        fetched_at=payload.fetched_at,
    )


def _first_line(text: str) -> str:
    """The first line with a letter in it; rules of equals signs are none."""
    lines = map(_plain, re.split(r"(?i)</?(?:p|br|pre)\b[^>]*>|\n", text[:_HEADER_LIMIT]))
    return next((line[:1000] for line in lines if re.search(r"[^\W\d_]", line)), "")


def _plain(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^<>]*>", " ", markup)).split())


def _strip_links(piece: str) -> str:
    """A piece without its addresses and without brackets that are left empty."""
    bare = re.sub(r"[(\[{]\s*[)\]}]", " ", _LINK.sub(" ", piece))
    if bare.count("(") > bare.count(")"):  # the bar that ends the piece stood inside the bracket
        bare = bare[: bare.rindex("(")]
    return " ".join(bare.split()).strip(" -–—:,") or piece


def _read_lone_company(line: str) -> str | None:
    """The name before the first dash or address, where the rest reads as a header ("Name (YC W12) - Berlin")."""
    match = _LONE_COMPANY.match(line)
    if match is None:
        return None
    name, rest = match["name"], line[match.end("name") :]
    if _ROLE.search(name) or _EMPLOYMENT.search(name) or find_country(name):
        return None
    if _CITIES.search(name) or _CITIES.search(name.title()):
        return None
    if any(pattern.search(name) for _, pattern in _MODELS) or _NO_COMPANY.search(name):
        return None
    says_where = _CITIES.search(rest) or _LINK.search(rest) or _EMPLOYMENT.search(rest) or find_country(rest)
    return name if says_where or any(pattern.search(rest) for _, pattern in _MODELS) else None


def _is_role(piece: str) -> bool:
    # "Full-time or contract" and "Remote" are no roles, though "contractor" or "lead" may stand beside them.
    return bool(_ROLE.search(_EMPLOYMENT.sub(" ", _LINK.sub(" ", piece))))


def _read_place(piece: str) -> str | None:
    """The piece where it is a place: by its form, a country, or the best known names; taglines are none."""
    bare = _LINK.sub(" ", piece).strip()
    if len(bare) > 80 or PAY.search(bare) or _NO_PLACE.search(bare):
        return None
    named = _EMPLOYMENT.sub(" ", bare)
    for _, pattern in _MODELS:
        named = pattern.sub(" ", named)
    if not re.search(r"[^\W\d_]", re.sub(r"(?i)\b(?:or|and|visa)\b", " ", named)):
        return None
    if _PLACE.match(bare) or _CITIES.search(bare) or find_country(bare):
        return bare
    return None


def _read_model(text: str) -> tuple[Remote | None, str | None]:
    """Work model and employment type by their words; the model only where it is one, not a choice of several."""
    kept = _NO_REMOTE.sub(" ", text)
    models = [model for model, pattern in _MODELS if pattern.search(kept)]
    employment = dict.fromkeys(match.group().casefold() for match in _EMPLOYMENT.finditer(text))
    return models[0] if len(models) == 1 else None, ", ".join(employment) or None
