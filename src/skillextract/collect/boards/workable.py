"""Workable's widget API: one account a company, one answer with everything."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from skillextract.collect.board import About
from skillextract.collect.countries import read_country
from skillextract.collect.http import PoliteSession
from skillextract.collect.payload import Payload, read_json, read_list
from skillextract.collect.record import Record, clean_text, join_place, join_places, read_flags, read_postings
from skillextract.errors import PostingError
from skillextract.posting import PostingDraft
from skillextract.settings import WorkableSource

HOST = "https://apply.workable.com"

ABOUT = About(
    title="Workable",
    home="https://apply.workable.com",
    gives="the postings of one company",
    example='token = "acme"  # apply.workable.com/acme',
    terms="The public widget; all companies share one host, which refuses whoever asks often: one request a second at "
    "most, and none where it asks to wait long (second-hand).",
    lists_all=True,
)


def fetch(session: PoliteSession, source: WorkableSource) -> Iterator[Payload]:
    """The one payload of the account.

    Raises:
        SourceError: see `PoliteSession.get`.
    """
    url = f"{source.base_url or HOST}/api/v1/widget/accounts/{quote(source.token, safe='')}"
    yield session.get(url, source=source.name, params={"details": "true"})


def parse(payload: Payload, source: WorkableSource) -> Iterator[PostingDraft | PostingError]:
    """The postings of an account; one that is listed for each of its places is one posting with all of them.

    Raises:
        SourceChanged: the payload is no answer of an account.
    """
    jobs = read_list(payload, field="jobs")
    value = read_json(payload)
    named = value.get("name") if isinstance(value, dict) else None
    company = clean_text(named).strip() if isinstance(named, str) else ""
    by_code: dict[object, object] = {}
    for number, job in enumerate(jobs):
        code = job.get("shortcode") if isinstance(job, dict) else None
        earlier = by_code.get(code) if isinstance(code, str) else None
        if isinstance(job, dict) and isinstance(earlier, dict):
            by_code[code] = {**earlier, "locations": [*_places_of(earlier), *_places_of(job)]}
        else:
            by_code[code if isinstance(code, str) else number] = job
    yield from read_postings(
        by_code.values(), source=source.name, read=lambda record: _read_posting(record, payload, source, company)
    )


def _places_of(job: dict[str, object]) -> list[object]:
    places = job.get("locations")
    if isinstance(places, list) and places:
        return places
    return [{"city": job.get("city"), "region": job.get("state"), "country": job.get("country")}]


def _read_posting(record: Record, payload: Payload, source: WorkableSource, company: str) -> PostingDraft:
    record.posting_id = native_id = record.require_id("shortcode")
    body = record.body("description")
    if body is None:
        raise record.fault("description", "found no description, expected one; ask for the list with details=true")
    places = [place for place in record.records("locations") if place.fields.get("hidden") is not True]
    stated = [join_place(place.text("city"), place.text("region"), place.text("country")) for place in places]
    countries = {place.text("countryCode") or place.text("country") for place in places}
    return PostingDraft(
        id=f"{source.name}:{native_id}",
        source=source.name,
        url=record.text("url"),
        title=record.require_text("title"),
        company=company or source.company or source.token,
        location=join_places(stated) or join_place(record.text("city"), record.text("state"), record.text("country")),
        country=read_country(
            (countries.pop() if len(countries) == 1 else None if countries else record.text("country")) or ""
        ),
        # False says no more than that the posting is not wholly remote.
        remote=read_flags(remote=record.flag("telecommuting")),
        posted_at=record.instant("published_on") or record.instant("created_at"),
        employment_type=record.text("employment_type"),
        department=record.text("department"),
        body=body,
        body_format="html",
        fetched_at=payload.fetched_at,
    )
