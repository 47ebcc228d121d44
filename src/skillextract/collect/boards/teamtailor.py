"""Teamtailor's public feed: RSS with the company's places and departments, in pages."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from skillextract.collect.board import PAGE_LIMIT, About, give_up_paging
from skillextract.collect.countries import read_country
from skillextract.collect.http import PoliteSession
from skillextract.collect.payload import Payload, read_xml
from skillextract.collect.record import Record, join_place, join_places, read_postings
from skillextract.errors import PostingError, SourceChanged
from skillextract.posting import PostingDraft, Remote
from skillextract.settings import TeamtailorSource

PAGE_SIZE = 100
_TT = "{https://teamtailor.com/locations}"
_MODELS: dict[str, Remote] = {"fully": "remote", "hybrid": "hybrid"}
"""Of `remoteStatus`; `none` and `temporary` say no more than that the posting is not remote for good."""

ABOUT = About(
    title="Teamtailor",
    home="https://www.teamtailor.com",
    gives="the postings of one company",
    example='token = "acme"  # acme.teamtailor.com; for a host of its own: base_url = "https://careers.acme.com"',
    terms="A public feed, meant to be read; nothing further is known of its terms.",
    lists_all=True,
)


def fetch(session: PoliteSession, source: TeamtailorSource) -> Iterator[Payload]:
    """The pages of the feed, until one adds nothing: not every site heeds the page.

    Raises:
        SourceError: see `PoliteSession.get`; or a page is no feed, or the pages do not end.
    """
    url = f"{source.base_url or f'https://{source.token}.teamtailor.com'}/jobs.rss"
    seen: set[str] = set()
    for number in range(PAGE_LIMIT):
        params: dict[str, str | int] = {"per_page": PAGE_SIZE, "offset": number * PAGE_SIZE}
        page = session.get(
            url, source=source.name, params=params, accept="application/rss+xml, application/xml, text/xml"
        )
        links = (
            {item.findtext("link") or item.findtext("guid") or "" for item in _read_items(page)} if number else set()
        )
        if number and not links - seen:
            return
        yield page
        links = links or {item.findtext("link") or item.findtext("guid") or "" for item in _read_items(page)}
        if not links - seen:
            return
        seen |= links
    raise give_up_paging(source.name, page.url)


def parse(payload: Payload, source: TeamtailorSource) -> Iterator[PostingDraft | PostingError]:
    """The postings of a page of the feed.

    Raises:
        SourceChanged: the payload is no feed.
    """
    items = [_read_fields(item) for item in _read_items(payload)]
    yield from read_postings(items, source=source.name, read=lambda record: _read_posting(record, payload, source))


def _read_items(payload: Payload) -> list[Element]:
    root = read_xml(payload)
    if root.tag != "rss":
        raise SourceChanged(
            payload.source,
            payload.url,
            f"found XML that begins with <{str(root.tag)[:60]}>, expected <rss>; the board has changed its feed: the "
            "raw payload shows how",
        )
    return root.findall("channel/item")


def _read_fields(item: Element) -> dict[str, object]:
    fields: dict[str, object] = {
        child.tag: text for child in item if isinstance(child.tag, str) and (text := (child.text or "").strip())
    }
    fields["locations"] = [
        {name: (each.findtext(f"{_TT}{name}") or "").strip() for name in ("name", "city", "country")}
        for each in item.findall(f"{_TT}locations/{_TT}location")
    ]
    fields["department"] = item.findtext(f"{_TT}department")
    number = re.search(r"/jobs/(\d+)", str(fields.get("link", "")))
    fields["id"] = number[1] if number else fields.get("guid")
    return fields


def _read_posting(record: Record, payload: Payload, source: TeamtailorSource) -> PostingDraft:
    record.posting_id = native_id = record.require_id("id")
    body = record.require_body("description")
    if "<" not in body:  # escaped once more than XML asks for
        body = html.unescape(body)
    places = record.records("locations")
    countries = {place.text("country") for place in places}
    return PostingDraft(
        id=f"{source.name}:{native_id}",
        source=source.name,
        url=record.text("link"),
        title=record.require_text("title"),
        company=source.company or source.token,
        location=join_places(
            join_place(place.text("city") or place.text("name"), place.text("country")) for place in places
        ),
        country=read_country(countries.pop() or "") if len(countries) == 1 else None,
        remote=_MODELS.get(record.text("remoteStatus") or ""),
        posted_at=record.instant("pubDate"),
        department=record.text("department"),
        body=body,
        body_format="html",
        fetched_at=payload.fetched_at,
    )
