"""Any RSS or Atom feed of postings."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import feedparser
from defusedxml import ElementTree

from skillextract.collect.board import About
from skillextract.collect.countries import find_country
from skillextract.collect.http import PoliteSession
from skillextract.collect.payload import Payload
from skillextract.collect.record import Record, read_postings
from skillextract.errors import PostingError, SourceChanged
from skillextract.posting import PostingDraft
from skillextract.settings import FeedSource

_BROKEN_LIMIT = 32 * 1024
"""Bytes up to which XML with mistakes is read all the same; for more the tolerant reader takes seconds."""
_CDATA = re.compile(rb"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_STRAY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_HTML_TYPES = ("text/html", "application/xhtml+xml")

ABOUT = About(
    title="RSS and Atom feeds",
    home="https://www.rfc-editor.org/rfc/rfc4287",
    gives="the entries of any feed of postings; where a feed has excerpts only, read its pages instead",
    example='url = "https://example.org/jobs.rss"\ncompany_before = ": "  # where titles read "Acme: Data Engineer"',
    terms="A feed is meant to be read; the terms of its site hold.",
)


def fetch(session: PoliteSession, source: FeedSource) -> Iterator[Payload]:
    """The one payload of the feed.

    Raises:
        SourceError: see `PoliteSession.get`.
    """
    accept = "application/rss+xml, application/atom+xml, application/xml, text/xml"
    yield session.get(source.url, source=source.name, accept=accept)


def parse(payload: Payload, source: FeedSource) -> Iterator[PostingDraft | PostingError]:
    """The entries of a feed.

    Raises:
        SourceChanged: the payload is no feed, or one with mistakes that is too long to be read all the same.
    """
    feed = _read_feed(payload)
    entries = [_read_fields(entry) for entry in feed.entries]
    yield from read_postings(entries, source=source.name, read=lambda record: _read_posting(record, payload, source))


def _read_feed(payload: Payload) -> feedparser.FeedParserDict:
    start = payload.content[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise _changed(payload, "found an empty body, expected a feed; try again later")
    if start[:14].lower().startswith((b"<!doctype html", b"<html")):
        raise _changed(
            payload,
            "found an HTML page, expected a feed; the feed may have moved: look for its address in the page's source",
        )
    if b"<!ENTITY" in payload.content or b"<\0!\0E\0N\0T" in payload.content:
        raise _changed(payload, "found entities of its own, expected a plain feed; they can fill the memory: refused")
    content = payload.content
    mistake = _find_mistake(content)
    if mistake and _find_mistake(mended := _mend(content)) is None:
        content, mistake = mended, None
    if mistake and len(content) > _BROKEN_LIMIT:
        raise _changed(
            payload, f"found no valid XML ({mistake}) in {len(content)} bytes, expected a whole feed; tell its owner"
        )
    # From a stream: of bytes feedparser would try whether they name a file.
    try:
        feed = feedparser.parse(io.BytesIO(content), sanitize_html=False, resolve_relative_uris=False)
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError) as error:
        # Its tolerant reader stumbles over references to characters that do not exist, among others.
        raise _changed(payload, f"found XML that cannot be read ({mistake or error}), expected a feed") from error
    if not feed.entries and (mistake or not feed.version):
        found = f"no valid XML ({mistake})" if mistake else "XML of another kind"
        raise _changed(payload, f"found {found}, expected RSS or Atom; check the address, and see the raw payload")
    return feed


def _mend(content: bytes) -> bytes:
    """The feed without the mistakes that most broken feeds have: bare ampersands, and control characters."""
    pieces = _CDATA.split(_CONTROL.sub(b"", content))
    return b"".join(piece if number % 2 else _STRAY.sub(b"&amp;", piece) for number, piece in enumerate(pieces))


def _find_mistake(content: bytes) -> str | None:
    try:
        ElementTree.fromstring(content, forbid_dtd=False)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        return str(error)[:100]
    return None


def _read_fields(entry: feedparser.FeedParserDict) -> dict[str, object]:
    """The entry as the boards with JSON would state it; of several texts the longest is the posting."""
    texts = [each for each in [*entry.get("content", []), entry.get("summary_detail") or {}] if each.get("value")]
    text: dict[str, str] = max(texts, key=lambda each: len(each["value"]), default={})
    tags = [tag.get("term") for tag in entry.get("tags", []) if tag.get("term")]
    return {
        "id": entry.get("id") or entry.get("link"),
        "link": entry.get("link"),
        "title": entry.get("title"),
        "body": text.get("value"),
        "is_html": text.get("type") in _HTML_TYPES,
        "published": entry.get("published") or entry.get("updated"),
        # feedparser itself would give the one for the other.
        "updated": dict.get(entry, "updated"),
        "location": entry.get("location") or entry.get("region"),
        "type": entry.get("type"),
        "category": tags[0] if tags else None,
        "company": entry.get("company"),
    }


def _read_posting(record: Record, payload: Payload, source: FeedSource) -> PostingDraft:
    record.posting_id = native_id = record.require_id("id")
    title, company = record.require_text("title"), record.text("company") or source.company
    if source.company_before and source.company_before in title:
        before, _, after = title.partition(source.company_before)
        if before.strip() and after.strip():
            company, title = before.strip(), after.strip()
    body = record.body("body")
    if body is None:
        raise record.fault("body", "found no text, expected a description or content; see the raw payload")
    location = record.text("location")
    return PostingDraft(
        id=f"{source.name}:{native_id}",
        source=source.name,
        url=record.text("link"),
        title=title,
        company=company,
        location=location,
        country=find_country(location or ""),
        posted_at=record.instant("published"),
        updated_at=record.instant("updated"),
        employment_type=record.text("type"),
        department=record.text("category"),
        body=body,
        body_format="html" if record.flag("is_html") else "text",
        fetched_at=payload.fetched_at,
    )


def _changed(payload: Payload, message: str) -> SourceChanged:
    return SourceChanged(payload.source, payload.url, message)
