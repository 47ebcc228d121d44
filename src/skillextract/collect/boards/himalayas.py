"""Himalayas' public API: remote postings of many companies, the newest first or those of a search."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from skillextract.collect.board import About
from skillextract.collect.countries import read_country
from skillextract.collect.http import PoliteSession
from skillextract.collect.payload import Payload, read_list
from skillextract.collect.record import Record, join_places, read_postings
from skillextract.errors import PostingError
from skillextract.posting import PostingDraft
from skillextract.settings import HimalayasSource

HOST = "https://himalayas.app"
PAGE_SIZE = 20
_PLACEHOLDER = "name"
"""What the board has been seen to write as the company of every posting, by mistake."""

ABOUT = About(
    title="Himalayas",
    home="https://himalayas.app",
    gives="remote postings of many companies, the newest first or those of a search",
    example='search = "machine learning"\npages = 10',
    terms="Free for anyone who links to the posting at Himalayas and names it; not to be passed on to Jooble, Neuvoo, "
    "Google Jobs or LinkedIn (second-hand). Renewed every 24 hours.",
    fresh_for=timedelta(hours=24),
    attribution="Remote postings from Himalayas (https://himalayas.app)",
)


def fetch(session: PoliteSession, source: HimalayasSource) -> Iterator[Payload]:
    """The pages, until one is empty or there are as many as the settings allow.

    Raises:
        SourceError: see `PoliteSession.get`; or a page is no list.
    """
    host = source.base_url or HOST
    for number in range(source.pages):
        if source.search:
            url = f"{host}/jobs/api/search"
            params: dict[str, str | int] = {"q": source.search, "sort": "recent", "page": number + 1}
        else:
            url, params = f"{host}/jobs/api", {"limit": PAGE_SIZE, "offset": number * PAGE_SIZE}
        page = session.get(url, source=source.name, params=params)
        yield page
        if not read_list(page, field="jobs"):
            return


def parse(payload: Payload, source: HimalayasSource) -> Iterator[PostingDraft | PostingError]:
    """The postings of a page.

    Raises:
        SourceChanged: the payload is no page of the board.
    """
    jobs = read_list(payload, field="jobs")
    yield from read_postings(jobs, source=source.name, read=lambda record: _read_posting(record, payload, source))


def _read_posting(record: Record, payload: Payload, source: HimalayasSource) -> PostingDraft:
    guid = record.require_id("guid")
    record.posting_id = native_id = _path_of(guid)
    body = record.require_body("description")
    company, slug = record.text("companyName"), record.text("companySlug")
    if slug and (company is None or company == _PLACEHOLDER):
        company = slug.replace("-", " ").title()
    places = record.texts("locationRestrictions")
    salary = record.salary(
        record.amount("minSalary"), record.amount("maxSalary"), record.text("currency"), record.text("salaryPeriod")
    )
    categories = record.texts("parentCategories")
    return PostingDraft(
        id=f"{source.name}:{native_id}",
        source=source.name,
        url=guid if guid.startswith("https://") else record.text("applicationLink"),
        title=record.require_text("title"),
        company=company,
        location=join_places(places),
        country=read_country(places[0]) if len(places) == 1 else None,
        # The board takes remote postings only.
        remote="remote",
        posted_at=record.instant("pubDate"),
        employment_type=record.text("employmentType"),
        department=categories[0] if categories else None,
        salary_min=salary.minimum,
        salary_max=salary.maximum,
        salary_currency=salary.currency,
        salary_period=salary.period,
        body=body,
        body_format="html",
        fetched_at=payload.fetched_at,
    )


def _path_of(guid: str) -> str:
    """The part of the address that tells postings apart."""
    try:
        return urlsplit(guid).path.strip("/") or guid
    except ValueError:
        return guid
