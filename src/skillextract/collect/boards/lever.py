"""Lever's public postings API: one site a company, in the global or in the European region."""

from __future__ import annotations

import html
from collections.abc import Iterator
from urllib.parse import quote

from skillextract.collect.board import About
from skillextract.collect.countries import read_country
from skillextract.collect.http import BoardNotFound, PoliteSession
from skillextract.collect.payload import Payload, read_list
from skillextract.collect.record import Record, join_places, read_postings, read_remote
from skillextract.errors import PostingError, SourceChanged
from skillextract.posting import PostingDraft
from skillextract.settings import LeverSource

HOSTS = {"global": "https://api.lever.co", "eu": "https://api.eu.lever.co"}
PAGE_SIZE = 100
PAGE_LIMIT = 200
"""Pages after which a site that never ends is given up."""

ABOUT = About(
    title="Lever",
    home="https://jobs.lever.co",
    gives="the postings of one company",
    example='token = "acme"  # jobs.lever.co/acme, or jobs.eu.lever.co/acme',
    terms="Documented: third parties may read the published postings; no key; two requests a second are enough.",
    lists_all=True,
)


def fetch(session: PoliteSession, source: LeverSource) -> Iterator[Payload]:
    """The pages of the site, from the region that has it.

    Raises:
        SourceError: see `PoliteSession.get`; or a page is no list, or the pages do not end.
    """
    host, page = _find_site(session, source)
    for number in range(1, PAGE_LIMIT + 1):
        yield page
        # More than was asked for is the whole site at once: `limit` was not heeded.
        if len(read_list(page, field=None)) != PAGE_SIZE:
            return
        previous, page = page, _get_page(session, source, host, skip=number * PAGE_SIZE)
        if page.content == previous.content:
            return
    raise SourceChanged(
        source.name,
        page.url,
        f"found more than {PAGE_LIMIT} full pages, expected an end; the site may ignore `skip`: see the raw payloads",
    )


def parse(payload: Payload, source: LeverSource) -> Iterator[PostingDraft | PostingError]:
    """The postings of one page.

    Raises:
        SourceChanged: the payload is no page of a site.
    """
    postings = read_list(payload, field=None)
    yield from read_postings(postings, source=source.name, read=lambda record: _read_posting(record, payload, source))


def _find_site(session: PoliteSession, source: LeverSource) -> tuple[str, Payload]:
    """The host that knows the site, and the first page; a site is kept in one region, the other answers 404."""
    regions = ["global", "eu"] if source.region == "auto" else [source.region]
    hosts = [source.base_url] if source.base_url else [HOSTS[region] for region in regions]
    for host in hosts[:-1]:
        try:
            return host, _get_page(session, source, host, skip=0)
        except BoardNotFound:
            continue
    return hosts[-1], _get_page(session, source, hosts[-1], skip=0)


def _get_page(session: PoliteSession, source: LeverSource, host: str, *, skip: int) -> Payload:
    url = f"{host}/v0/postings/{quote(source.token, safe='')}"
    return session.get(url, source=source.name, params={"mode": "json", "skip": skip, "limit": PAGE_SIZE})


def _read_posting(record: Record, payload: Payload, source: LeverSource) -> PostingDraft:
    record.posting_id = native_id = record.require_id("id")
    body = _assemble_body(record)
    if not body:
        raise record.fault("description", "found no description, expected one; see the raw payload")
    categories, pay = record.record("categories"), record.record("salaryRange")
    places = [place for place in [categories.text("location"), *categories.texts("allLocations")] if place]
    salary = record.salary(pay.number("min"), pay.number("max"), pay.text("currency"), pay.text("interval"))
    return PostingDraft(
        id=f"{source.name}:{native_id}",
        source=source.name,
        url=record.text("hostedUrl"),
        title=record.require_text("text"),
        # The API never names the employer; the site's own name keeps its postings together.
        company=source.company or source.token,
        location=join_places(places),
        country=read_country(record.text("country") or ""),
        remote=read_remote(record.text("workplaceType")),
        posted_at=record.instant("createdAt"),
        employment_type=categories.text("commitment"),
        department=categories.text("department") or categories.text("team"),
        salary_min=salary.minimum,
        salary_max=salary.maximum,
        salary_currency=salary.currency,
        salary_period=salary.period,
        body=body,
        body_format="html",
        fetched_at=payload.fetched_at,
    )


def _assemble_body(record: Record) -> str:
    """The description as the site shows it: `description` (which holds the opening already), lists, additional.

    The lists hold the requirements, and come without their `<ul>`.
    """
    opening = record.body("description")
    if opening is None:
        # Sites that send the parts alone, or plain text alone.
        opening = "\n".join(part for name in ("opening", "descriptionBody") if (part := record.body(name)))
        opening = opening or _paragraphs(record.body("descriptionPlain"))
    parts = [opening]
    for each in record.records("lists"):
        heading, items = each.text("text"), each.body("content")
        parts.append(f"<h3>{heading}</h3>" if heading else "")
        parts.append(f"<ul>{items}</ul>" if items else "")
    parts.append(record.body("additional") or _paragraphs(record.body("additionalPlain")))
    return "\n".join(part for part in parts if part)


def _paragraphs(plain: str | None) -> str:
    return "\n".join(f"<p>{html.escape(line, quote=False)}</p>" for line in (plain or "").splitlines() if line.strip())
