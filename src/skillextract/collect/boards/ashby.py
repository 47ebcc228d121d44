"""Ashby's public posting API: one board a company, one answer with everything."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from skillextract.collect.board import About
from skillextract.collect.countries import read_country
from skillextract.collect.http import PoliteSession
from skillextract.collect.payload import Payload, read_list
from skillextract.collect.record import Record, Salary, join_places, read_postings, read_remote
from skillextract.errors import PostingError
from skillextract.posting import PostingDraft
from skillextract.settings import AshbySource

HOST = "https://api.ashbyhq.com"

ABOUT = About(
    title="Ashby",
    home="https://jobs.ashbyhq.com",
    gives="the postings of one company",
    example='token = "acme"  # jobs.ashbyhq.com/acme',
    terms="Documented as public, without a key; no limit is published.",
    lists_all=True,
)


def fetch(session: PoliteSession, source: AshbySource) -> Iterator[Payload]:
    """The one payload of the board.

    Raises:
        SourceError: see `PoliteSession.get`.
    """
    url = f"{source.base_url or HOST}/posting-api/job-board/{quote(source.token, safe='')}"
    yield session.get(url, source=source.name, params={"includeCompensation": "true"})


def parse(payload: Payload, source: AshbySource) -> Iterator[PostingDraft | PostingError]:
    """The listed postings of a board; those with `isListed: false` are no public postings and are dropped.

    Raises:
        SourceChanged: the payload is no answer of a board.
    """
    jobs = read_list(payload, field="jobs")
    yield from read_postings(jobs, source=source.name, read=lambda record: _read_posting(record, payload, source))


def _read_posting(record: Record, payload: Payload, source: AshbySource) -> PostingDraft | None:
    record.posting_id = native_id = record.require_id("id")
    if record.flag("isListed") is False:
        return None
    html, plain = record.body("descriptionHtml"), record.body("descriptionPlain")
    body = html or plain
    if body is None:
        raise record.fault("descriptionHtml", "found no description, expected one; see the raw payload")
    places = [record.text("location"), *(each.text("location") for each in record.records("secondaryLocations"))]
    salary = _read_salary(record)
    return PostingDraft(
        id=f"{source.name}:{native_id}",
        source=source.name,
        url=record.text("jobUrl"),
        title=record.require_text("title"),
        # The API never names the employer; the board's own name keeps its postings together.
        company=source.company or source.token,
        location=join_places([place for place in places if place]),
        country=read_country(record.record("address").record("postalAddress").text("addressCountry") or ""),
        # `isRemote` is true for hybrid postings as well, so only `workplaceType` is taken.
        remote=read_remote(record.text("workplaceType")),
        posted_at=record.instant("publishedAt"),
        employment_type=record.text("employmentType"),
        department=record.text("department"),
        salary_min=salary.minimum,
        salary_max=salary.maximum,
        salary_currency=salary.currency,
        salary_period=salary.period,
        body=body,
        body_format="html" if html else "text",
        fetched_at=payload.fetched_at,
    )


def _read_salary(record: Record) -> Salary:
    """The span of the salary components; nothing where they differ in currency or period."""
    compensation = record.record("compensation")
    components = _salaries(compensation.records("summaryComponents"))
    if not components:
        tiers = compensation.records("compensationTiers")
        components = _salaries([component for tier in tiers for component in tier.records("components")])
    if len({(each.text("currencyCode"), each.text("interval")) for each in components}) != 1:
        return Salary()
    low = [value for each in components if (value := each.number("minValue")) is not None]
    high = [value for each in components if (value := each.number("maxValue")) is not None]
    first = components[0]
    return record.salary(
        min(low, default=None), max(high, default=None), first.text("currencyCode"), first.text("interval")
    )


def _salaries(components: list[Record]) -> list[Record]:
    return [each for each in components if each.text("compensationType") == "Salary"]
