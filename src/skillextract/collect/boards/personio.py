"""Personio's public XML feed: one a company, one answer with everything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit
from xml.etree.ElementTree import Element

from skillextract.collect.board import About
from skillextract.collect.countries import find_country
from skillextract.collect.http import BoardNotFound, PoliteSession
from skillextract.collect.payload import Payload, read_xml
from skillextract.collect.record import Record, join_places, read_postings, read_remote
from skillextract.errors import PostingError, SourceChanged
from skillextract.posting import PostingDraft, Remote
from skillextract.settings import PersonioSource

_DOMAINS = ("jobs.personio.de", "jobs.personio.com")
_REMOTE_TITLE = re.compile(r"(?i)\((?:fully |100 ?% )?remote\)")
_ROOT = "workzag-jobs"

ABOUT = About(
    title="Personio",
    home="https://www.personio.com",
    gives="the postings of one company",
    example='token = "acme"  # acme.jobs.personio.de\nlanguage = "en"',
    terms="A feed that each company switches on for the public (second-hand); too frequent requests are answered 429.",
    lists_all=True,
)


def fetch(session: PoliteSession, source: PersonioSource) -> Iterator[Payload]:
    """The one payload of the company, from whichever of the two domains has it.

    Raises:
        SourceError: see `PoliteSession.get`. For a name that it does not know, the board sends on to its own site.
    """
    hosts = [source.base_url] if source.base_url else [f"https://{source.token}.{domain}" for domain in _DOMAINS]
    for host in hosts[:-1]:
        try:
            yield _get_feed(session, source, host)
        except BoardNotFound:
            continue
        return
    yield _get_feed(session, source, hosts[-1])


def parse(payload: Payload, source: PersonioSource) -> Iterator[PostingDraft | PostingError]:
    """The postings of a feed; one that stands in it twice is taken once.

    Raises:
        SourceChanged: the payload is no feed of the board.
    """
    root = read_xml(payload)
    if root.tag != _ROOT:
        raise SourceChanged(
            payload.source,
            payload.url,
            f"found XML that begins with <{str(root.tag)[:60]}>, expected <{_ROOT}>; the board has changed its feed: "
            "the raw payload shows how",
        )
    positions = [_read_fields(element) for element in root if element.tag == "position"]
    once = {str(fields["id"]) if fields["id"] else str(number): fields for number, fields in enumerate(positions)}
    yield from read_postings(
        once.values(), source=source.name, read=lambda record: _read_posting(record, payload, source)
    )


def _get_feed(session: PoliteSession, source: PersonioSource, host: str) -> Payload:
    return session.get(
        f"{host}/xml", source=source.name, params={"language": source.language}, accept="application/xml, text/xml"
    )


def _read_fields(position: Element) -> dict[str, object]:
    """The position as the boards with JSON would state it; `name` of a section is not that of the position."""
    fields: dict[str, object] = {
        child.tag: text for child in position if isinstance(child.tag, str) and (text := (child.text or "").strip())
    }
    fields["id"] = fields.get("id") or position.get("id")
    offices = [position.findtext("office"), *(each.text for each in position.findall("additionalOffices/office"))]
    fields["offices"] = [office.strip() for office in offices if office and office.strip()]
    fields["jobDescriptions"] = [
        {"name": (each.findtext("name") or "").strip(), "value": each.findtext("value") or ""}
        for each in position.findall("jobDescriptions/jobDescription")
    ]
    pay = position.find("salaryInformation")
    fields["salaryInformation"] = {} if pay is None else {str(each.tag): each.text for each in pay}
    return fields


def _read_posting(record: Record, payload: Payload, source: PersonioSource) -> PostingDraft:
    record.posting_id = native_id = record.require_id("id")
    title = record.require_text("name")
    parts = []
    for section in record.records("jobDescriptions"):
        heading, text = section.text("name"), section.body("value")
        if text:
            parts.append(f"<h3>{_escape(heading)}</h3>\n{text.strip()}" if heading else text.strip())
    if not parts:
        raise record.fault("jobDescriptions", "found no description, expected one; the company may show it as a file")
    offices = record.texts("offices")
    pay = record.record("salaryInformation")
    salary = record.salary(pay.amount("min"), pay.amount("max"), pay.text("currencyCode"), pay.text("type"))
    host = urlsplit(payload.url).hostname or ""
    domain = _DOMAINS[1] if host.endswith(_DOMAINS[1]) else _DOMAINS[0]
    return PostingDraft(
        id=f"{source.name}:{native_id}",
        source=source.name,
        url=f"https://{source.token}.{domain}/job/{quote(native_id, safe='')}",
        title=title,
        company=record.text("subcompany") or source.company or source.token,
        location=join_places(offices),
        country=find_country("; ".join(offices)),
        remote=_read_model(title, offices),
        posted_at=record.instant("createdAt"),
        employment_type=", ".join(part for part in (record.text("schedule"), record.text("employmentType")) if part)
        or None,
        department=record.text("department"),
        salary_min=salary.minimum,
        salary_max=salary.maximum,
        salary_currency=salary.currency,
        salary_period=salary.period,
        body="\n".join(parts),
        body_format="html",
        fetched_at=payload.fetched_at,
    )


def _read_model(title: str, offices: list[str]) -> Remote | None:
    """The work model where it is the only office, or stands in brackets in the title."""
    if len(offices) == 1 and (model := read_remote(offices[0])):
        return model
    return "remote" if _REMOTE_TITLE.search(title) else None


def _escape(heading: str | None) -> str:
    # A heading is plain text in the feed, and becomes HTML here.
    return (heading or "").replace("&", "&amp;").replace("<", "&lt;")
