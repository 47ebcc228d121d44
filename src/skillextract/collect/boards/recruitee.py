"""Recruitee's careers API: one site a company, one answer with everything."""

from __future__ import annotations

from collections.abc import Iterator

from skillextract.collect.board import About
from skillextract.collect.countries import read_country
from skillextract.collect.http import PoliteSession
from skillextract.collect.payload import Payload, read_list
from skillextract.collect.record import Record, join_place, join_places, read_flags, read_postings
from skillextract.errors import PostingError
from skillextract.posting import PostingDraft
from skillextract.settings import RecruiteeSource

ABOUT = About(
    title="Recruitee",
    home="https://recruitee.com",
    gives="the postings of one company",
    example='token = "acme"  # acme.recruitee.com',
    terms="Documented as public, without a key; no limit is published.",
    lists_all=True,
)


def fetch(session: PoliteSession, source: RecruiteeSource) -> Iterator[Payload]:
    """The one payload of the site.

    Raises:
        SourceError: see `PoliteSession.get`.
    """
    host = source.base_url or f"https://{source.token}.recruitee.com"
    yield session.get(f"{host}/api/offers/", source=source.name)


def parse(payload: Payload, source: RecruiteeSource) -> Iterator[PostingDraft | PostingError]:
    """The published postings of a site.

    Raises:
        SourceChanged: the payload is no answer of a site.
    """
    offers = read_list(payload, field="offers")
    yield from read_postings(offers, source=source.name, read=lambda record: _read_posting(record, payload, source))


def _read_posting(record: Record, payload: Payload, source: RecruiteeSource) -> PostingDraft | None:
    record.posting_id = native_id = record.require_id("id")
    if record.text("status") not in (None, "published"):
        return None
    description, requirements = record.body("description"), record.body("requirements")
    # The site shows the second field under a heading of this kind; as text of its own it has none.
    body = "\n".join(
        part for part in (description, f"<h3>Requirements</h3>\n{requirements}" if requirements else None) if part
    )
    if not body:
        raise record.fault("description", "found no description, expected one; see the raw payload")
    places = [
        join_place(place.text("city") or place.text("name"), place.text("country"))
        for place in record.records("locations")
    ]
    countries = {place.text("country_code") for place in record.records("locations")} or {record.text("country_code")}
    pay = record.record("salary")
    salary = record.salary(pay.amount("min"), pay.amount("max"), pay.text("currency"), pay.text("period"))
    return PostingDraft(
        id=f"{source.name}:{native_id}",
        source=source.name,
        url=record.text("careers_url"),
        title=record.require_text("title"),
        company=record.text("company_name") or source.company or source.token,
        location=join_places(places) or record.text("location"),
        country=read_country(countries.pop() or "") if len(countries) == 1 else None,
        remote=read_flags(remote=record.flag("remote"), hybrid=record.flag("hybrid"), onsite=record.flag("on_site")),
        posted_at=record.instant("published_at") or record.instant("created_at"),
        updated_at=record.instant("updated_at"),
        employment_type=record.text("employment_type_code"),
        department=record.text("department"),
        salary_min=salary.minimum,
        salary_max=salary.maximum,
        salary_currency=salary.currency,
        salary_period=salary.period,
        body=body,
        body_format="html",
        fetched_at=payload.fetched_at,
    )
