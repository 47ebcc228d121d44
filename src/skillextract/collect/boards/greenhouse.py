"""Greenhouse's public board API: one board a company, the whole of it in one answer."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import quote

from skillextract.collect.board import About
from skillextract.collect.countries import find_country
from skillextract.collect.http import BoardNotFound, PoliteSession
from skillextract.collect.payload import Payload, read_list
from skillextract.collect.record import Record, Salary, join_places, read_period, read_postings, read_remote
from skillextract.errors import PostingError
from skillextract.posting import PostingDraft
from skillextract.settings import GreenhouseSource

HOST = "https://boards-api.greenhouse.io"
EU_HOST = "https://boards-api.eu.greenhouse.io"
"""Boards kept in the European Union; asked when the first host does not know the board."""

ABOUT = About(
    title="Greenhouse",
    home="https://boards.greenhouse.io",
    gives="the postings of one company",
    example='token = "acme"  # boards.greenhouse.io/acme',
    terms="Documented as public, without a key; no limit is published.",
    lists_all=True,
)


def fetch(session: PoliteSession, source: GreenhouseSource) -> Iterator[Payload]:
    """The one payload of the board, from whichever region has it.

    Raises:
        SourceError: see `PoliteSession.get`.
    """
    path = f"/v1/boards/{quote(source.token, safe='')}/jobs"
    params = {"content": "true", "pay_transparency": "true"}
    if source.base_url:
        yield session.get(source.base_url + path, source=source.name, params=params)
        return
    try:
        payload = session.get(HOST + path, source=source.name, params=params)
    except BoardNotFound:
        payload = session.get(EU_HOST + path, source=source.name, params=params)
    yield payload


def parse(payload: Payload, source: GreenhouseSource) -> Iterator[PostingDraft | PostingError]:
    """The postings of a board.

    Raises:
        SourceChanged: the payload is no answer of a board.
    """
    jobs = read_list(payload, field="jobs")
    yield from read_postings(jobs, source=source.name, read=lambda record: _read_posting(record, payload, source))


def _read_posting(record: Record, payload: Payload, source: GreenhouseSource) -> PostingDraft:
    record.posting_id = native_id = record.require_id("id")
    # The HTML is escaped as a whole, once. Unescaping again would turn its "&lt;5 years" into a tag.
    body = html.unescape(record.body("content") or "")
    if not body.strip():
        raise record.fault("content", "found no description, expected one; ask for the list with content=true")
    places, model = _read_places(record)
    departments = [name for each in record.records("departments") if (name := each.text("name"))]
    salary = _read_salary(record)
    return PostingDraft(
        id=f"{source.name}:{native_id}",
        source=source.name,
        url=record.text("absolute_url"),
        title=record.require_text("title"),
        company=record.text("company_name") or source.company or source.token,
        location=join_places(places),
        country=_read_country(record, places),
        remote=read_remote(model),
        posted_at=record.instant("first_published"),
        updated_at=record.instant("updated_at"),
        department=departments[0] if departments else None,
        salary_min=salary.minimum,
        salary_max=salary.maximum,
        salary_currency=salary.currency,
        salary_period=salary.period,
        body=body,
        body_format="html",
        fetched_at=payload.fetched_at,
    )


def _read_places(record: Record) -> tuple[list[str], str | None]:
    """The places of the location, and the work model where the location names it.

    A location may be places joined by `;` or `|`, or a work model alone, with the places among the offices.
    """
    stated = record.record("location").text("name") or ""
    pieces = [piece.strip() for piece in re.split(r"[;|]", stated) if piece.strip()]
    models = {model for piece in pieces if (model := _model_of(piece))}
    places = [piece for piece in pieces if not read_remote(piece)]
    if not places:
        offices = [office.text("location") or office.text("name") for office in record.records("offices")]
        places = [place for place in offices if place and not read_remote(place)] or pieces
    # "Remote; Berlin" offers two ways to work, and neither is stated for the posting as a whole.
    everywhere = len(models) == 1 and all(_model_of(piece) for piece in pieces)
    return places, models.pop() if everywhere else None


def _model_of(piece: str) -> str | None:
    """The work model that a place starts or ends with, as in `Remote, Italy`, `London (Hybrid)`, `Remote - US`."""
    words = re.split(r"[,()]|\s[-–—]\s", piece)
    named = [word for word in words if read_remote(word)]
    return named[0] if len(named) == 1 else None


def _read_country(record: Record, places: list[str]) -> str | None:
    """The country that the location names; else the one that the offices name."""
    country = find_country("; ".join(places))
    if country is None and len(places) <= 1:
        offices = [place for each in record.records("offices") if (place := each.text("location"))]
        country = find_country("; ".join(offices))
    return country


def _read_salary(record: Record) -> Salary:
    """The span of the pay ranges; nothing where they differ in currency or period."""
    ranges = record.records("pay_input_ranges")
    # The period is never a field of its own: the title may hold its word, as in "Annual Salary".
    if len({(each.text("currency_type"), read_period(each.text("title"))) for each in ranges}) != 1:
        return Salary()
    low = [value / 100 for each in ranges if (value := each.number("min_cents")) is not None]
    high = [value / 100 for each in ranges if (value := each.number("max_cents")) is not None]
    first = ranges[0]
    return record.salary(
        min(low, default=None), max(high, default=None), first.text("currency_type"), first.text("title")
    )
