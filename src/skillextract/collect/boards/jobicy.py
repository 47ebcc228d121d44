"""Jobicy's public API: the newest remote postings of many companies, in one answer."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import timedelta

from skillextract.collect.board import About
from skillextract.collect.countries import read_country
from skillextract.collect.http import PoliteSession
from skillextract.collect.payload import Payload, read_list
from skillextract.collect.record import Record, join_places, read_postings
from skillextract.errors import PostingError
from skillextract.posting import PostingDraft
from skillextract.settings import JobicySource

HOST = "https://jobicy.com"
PAGE_SIZE = 100

ABOUT = About(
    title="Jobicy",
    home="https://jobicy.com",
    gives="the newest hundred remote postings of many companies, or of a search",
    example='search = "machine learning"',
    terms="Documented: name Jobicy with a link and send readers to the address it gives; not to be passed on to other "
    "job sites; at most one request an hour; postings come 6 hours late.",
    fresh_for=timedelta(hours=6),
    attribution="Remote postings from Jobicy (https://jobicy.com)",
)


def fetch(session: PoliteSession, source: JobicySource) -> Iterator[Payload]:
    """The one payload of the board.

    Raises:
        SourceError: see `PoliteSession.get`.
    """
    params: dict[str, str | int] = {"count": PAGE_SIZE, **({"tag": source.search} if source.search else {})}
    yield session.get(f"{source.base_url or HOST}/api/v2/remote-jobs", source=source.name, params=params)


def parse(payload: Payload, source: JobicySource) -> Iterator[PostingDraft | PostingError]:
    """The postings of the board.

    Raises:
        SourceChanged: the payload is no answer of the board.
    """
    jobs = read_list(payload, field="jobs")
    yield from read_postings(jobs, source=source.name, read=lambda record: _read_posting(record, payload, source))


def _read_posting(record: Record, payload: Payload, source: JobicySource) -> PostingDraft:
    record.posting_id = native_id = record.require_id("id")
    body = record.require_body("jobDescription")
    places = [place.strip() for place in (record.text("jobGeo") or "").split(",") if place.strip()]
    industries = record.texts("jobIndustry")
    salary = record.salary(
        record.amount("salaryMin"), record.amount("salaryMax"),
        record.text("salaryCurrency"), record.text("salaryPeriod"),
    )  # fmt: skip
    return PostingDraft(
        id=f"{source.name}:{native_id}",
        source=source.name,
        url=record.text("url"),
        # Titles and industries are escaped as HTML.
        title=html.unescape(record.require_text("jobTitle")),
        company=html.unescape(record.text("companyName") or "") or None,
        location=join_places(places),
        country=read_country(places[0]) if len(places) == 1 else None,
        # The board takes remote postings only.
        remote="remote",
        posted_at=record.instant("pubDate"),
        employment_type=", ".join(record.texts("jobType")) or None,
        department=html.unescape(industries[0]) if industries else None,
        salary_min=salary.minimum,
        salary_max=salary.maximum,
        salary_currency=salary.currency,
        salary_period=salary.period,
        body=body,
        body_format="html",
        fetched_at=payload.fetched_at,
    )
