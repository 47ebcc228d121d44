"""Arbeitnow's public API: postings of many companies, most of them in Germany, the newest first."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from skillextract.collect.board import About
from skillextract.collect.countries import find_country
from skillextract.collect.http import PoliteSession
from skillextract.collect.payload import Payload, read_list
from skillextract.collect.record import Record, read_flags, read_postings
from skillextract.errors import PostingError
from skillextract.posting import PostingDraft
from skillextract.settings import ArbeitnowSource

HOST = "https://www.arbeitnow.com"
_FOOTER = re.compile(r"\s*(?:<p>)?\s*Find <a[^<>]*arbeitnow\.com[^<>]*>[^<>]*</a> on Arbeitnow(?:</a>)?(?:</p>)?\s*$")
"""The line that the board adds to every text."""
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_ESCAPED_TAG = re.compile(r"&lt;/?[a-zA-Z]")

ABOUT = About(
    title="Arbeitnow",
    home="https://www.arbeitnow.com",
    gives="the newest postings of many companies, most of them in Germany and in German",
    example="pages = 5",
    terms="Free without a key for whoever links to the posting at Arbeitnow and names it (second-hand).",
    attribution="Postings from Arbeitnow (https://www.arbeitnow.com)",
)


def fetch(session: PoliteSession, source: ArbeitnowSource) -> Iterator[Payload]:
    """The pages, until one is shorter than the first or there are as many as the settings allow.

    Raises:
        SourceError: see `PoliteSession.get`; or a page is no list.
    """
    size = 0
    for number in range(1, source.pages + 1):
        # The `links.next` of the answer carries a search term that changes: pages are numbered here.
        page = session.get(f"{source.base_url or HOST}/api/job-board-api", source=source.name, params={"page": number})
        yield page
        count = len(read_list(page, field="data"))
        size = size or count
        if count < size or not count:
            return


def parse(payload: Payload, source: ArbeitnowSource) -> Iterator[PostingDraft | PostingError]:
    """The postings of a page.

    Raises:
        SourceChanged: the payload is no page of the board.
    """
    jobs = read_list(payload, field="data")
    yield from read_postings(jobs, source=source.name, read=lambda record: _read_posting(record, payload, source))


def _read_posting(record: Record, payload: Payload, source: ArbeitnowSource) -> PostingDraft:
    record.posting_id = native_id = record.require_id("slug")
    body = _FOOTER.sub("", record.body("description") or "")
    if not _TAG.search(body) and _ESCAPED_TAG.search(body):
        # Some companies deliver their HTML escaped.
        body = html.unescape(body)
    if not body.strip():
        raise record.fault("description", "found no description, expected one; see the raw payload")
    types, tags, location = record.texts("job_types"), record.texts("tags"), record.text("location")
    return PostingDraft(
        id=f"{source.name}:{native_id}",
        source=source.name,
        url=record.text("url"),
        title=record.require_text("title"),
        company=record.text("company_name"),
        location=location,
        country=find_country(location or ""),
        remote=read_flags(remote=record.flag("remote")),
        posted_at=record.instant("created_at"),
        employment_type=", ".join(types) or None,
        department=tags[0] if tags else None,
        body=body,
        body_format="html",
        fetched_at=payload.fetched_at,
    )
