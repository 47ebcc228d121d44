"""SmartRecruiters' public posting API: a list without texts in pages, and a request for each posting."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import quote

from skillextract.collect.board import PAGE_LIMIT, About, fetch_details, give_up_paging
from skillextract.collect.countries import read_country
from skillextract.collect.http import PoliteSession
from skillextract.collect.payload import Payload, read_json, read_list
from skillextract.collect.record import Record, join_place, read_flags, read_postings
from skillextract.errors import PostingError, SourceError
from skillextract.posting import PostingDraft
from skillextract.settings import SmartRecruitersSource

HOST = "https://api.smartrecruiters.com"
PAGE_SIZE = 100
_SPACING = 0.2
"""Seconds between two requests: half of the ten a second that the platform allows."""
_DETAIL_FRESH_FOR = timedelta(days=3)
_ID = re.compile(r"[A-Za-z0-9-]*\d[A-Za-z0-9-]*")
_SECTIONS = ("jobDescription", "qualifications", "additionalInformation", "companyDescription")

ABOUT = About(
    title="SmartRecruiters",
    home="https://jobs.smartrecruiters.com",
    gives="the postings of one company",
    example='token = "AcmeInc"',
    terms="Public API; the platform allows 10 requests a second (second-hand). A posting's text is a request of its "
    "own.",
    lists_all=True,
)


def fetch(session: PoliteSession, source: SmartRecruitersSource) -> Iterator[Payload | SourceError]:
    """The pages of the list, each followed by its postings.

    Raises:
        SourceError: see `PoliteSession.get`; or a page is no list, or the pages do not end.
    """
    host = source.base_url or HOST
    url = f"{host}/v1/companies/{quote(source.token, safe='')}/postings"
    session.space_requests(url, _SPACING)
    details = session.keep_fresh(max(session.fresh_for, _DETAIL_FRESH_FOR))
    seen: set[str] = set()
    for number in range(PAGE_LIMIT):
        params: dict[str, str | int] = {"limit": PAGE_SIZE, "offset": number * PAGE_SIZE}
        if source.search:
            params["q"] = source.search
        page = session.get(url, source=source.name, params=params)
        yield page
        listed = read_list(page, field="content")
        ids = [str(each.get("id")) for each in listed if isinstance(each, dict)]
        new = [each for each in dict.fromkeys(ids) if _ID.fullmatch(each) and each not in seen]
        new = new[: source.limit - len(seen)]
        seen.update(new)
        yield from fetch_details(_ask_for(details, source, f"{url}/{quote(each, safe='')}") for each in new)
        if len(listed) < PAGE_SIZE or not new or len(seen) >= source.limit:
            return
    raise give_up_paging(source.name, page.url)


def parse(payload: Payload, source: SmartRecruitersSource) -> Iterator[PostingDraft | PostingError]:
    """The posting of a payload; the pages of the list have none, for they have no texts.

    Raises:
        SourceChanged: the payload is neither a posting nor a page of the list.
    """
    value = read_json(payload)
    if not (isinstance(value, dict) and "jobAd" in value):
        read_list(payload, field="content")
        return
    yield from read_postings([value], source=source.name, read=lambda record: _read_posting(record, payload, source))


def _ask_for(session: PoliteSession, source: SmartRecruitersSource, url: str) -> Callable[[], Payload]:
    return lambda: session.get(url, source=source.name)


def _read_posting(record: Record, payload: Payload, source: SmartRecruitersSource) -> PostingDraft | None:
    record.posting_id = native_id = record.require_id("id")
    if record.flag("active") is False:
        return None
    body = _assemble_body(record.record("jobAd").record("sections"))
    if not body:
        raise record.fault("jobAd", "found no description, expected sections with text; see the raw payload")
    company, place = record.record("company"), record.record("location")
    identifier = company.text("identifier") or source.token
    country = place.text("country")
    stated = place.text("fullLocation") or join_place(place.text("city"), place.text("region"), country)
    return PostingDraft(
        id=f"{source.name}:{native_id}",
        source=source.name,
        url=record.text("postingUrl") or f"https://jobs.smartrecruiters.com/{quote(identifier)}/{quote(native_id)}",
        title=record.require_text("name"),
        company=company.text("name") or source.company or source.token,
        location=stated,
        country=read_country(country or ""),
        remote=read_flags(remote=place.flag("remote"), hybrid=place.flag("hybrid")),
        posted_at=record.instant("releasedDate"),
        employment_type=record.record("typeOfEmployment").text("label"),
        department=record.record("department").text("label") or record.record("function").text("label"),
        body=body,
        body_format="html",
        fetched_at=payload.fetched_at,
    )


def _assemble_body(sections: Record) -> str:
    """The sections under their headings, what the company says of itself last."""
    parts = []
    for name in _SECTIONS:
        section = sections.record(name)
        if text := section.body("text"):
            heading = section.text("title")
            parts.append(f"<h3>{heading}</h3>\n{text}" if heading else text)
    return "\n".join(parts)
