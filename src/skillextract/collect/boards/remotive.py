"""Remotive's public API: remote postings of many companies, all in one answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from skillextract.collect.board import About
from skillextract.collect.countries import read_country
from skillextract.collect.http import PoliteSession
from skillextract.collect.pay import read_pay
from skillextract.collect.payload import Payload, read_list
from skillextract.collect.record import Record, Salary, read_postings
from skillextract.errors import PostingError
from skillextract.posting import PostingDraft
from skillextract.settings import RemotiveSource

HOST = "https://remotive.com"
_ON_TARGET = re.compile(r"(?i)\bOTE\b|\bon[- ]target\b|\bcommission\b")

ABOUT = About(
    title="Remotive",
    home="https://remotive.com",
    gives="remote postings of many companies; its public API has a few dozen",
    example='search = "machine learning"',
    terms="Documented: link to the posting at Remotive and name it as the source; not to be passed on to other job "
    "sites; at most four requests a day; postings come 24 hours late.",
    fresh_for=timedelta(hours=6),
    attribution="Remote postings from Remotive (https://remotive.com)",
)


def fetch(session: PoliteSession, source: RemotiveSource) -> Iterator[Payload]:
    """The one payload of the board.

    Raises:
        SourceError: see `PoliteSession.get`.
    """
    params = {"search": source.search} if source.search else {}
    yield session.get(f"{source.base_url or HOST}/api/remote-jobs", source=source.name, params=params)


def parse(payload: Payload, source: RemotiveSource) -> Iterator[PostingDraft | PostingError]:
    """The postings of the board.

    Raises:
        SourceChanged: the payload is no answer of the board.
    """
    jobs = read_list(payload, field="jobs")
    yield from read_postings(jobs, source=source.name, read=lambda record: _read_posting(record, payload, source))


def _read_posting(record: Record, payload: Payload, source: RemotiveSource) -> PostingDraft:
    record.posting_id = native_id = record.require_id("id")
    body = record.require_body("description")
    location, pay = record.text("candidate_required_location"), record.text("salary") or ""
    # What one may earn when targets are met is not what is paid.
    salary = Salary() if _ON_TARGET.search(pay) else read_pay([pay])
    return PostingDraft(
        id=f"{source.name}:{native_id}",
        source=source.name,
        url=record.text("url"),
        title=record.require_text("title"),
        company=record.text("company_name"),
        location=location,
        country=read_country(location or ""),
        # The board takes remote postings only.
        remote="remote",
        posted_at=record.instant("publication_date"),
        employment_type=record.text("job_type"),
        department=record.text("category"),
        salary_min=salary.minimum,
        salary_max=salary.maximum,
        salary_currency=salary.currency,
        salary_period=salary.period,
        body=body,
        body_format="html",
        fetched_at=payload.fetched_at,
    )
