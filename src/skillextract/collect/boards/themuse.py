"""The Muse's public API: postings of many companies, in pages."""

from __future__ import annotations

from collections.abc import Iterator

from skillextract.collect.board import About
from skillextract.collect.countries import find_country
from skillextract.collect.http import PoliteSession
from skillextract.collect.payload import Payload, read_json, read_list
from skillextract.collect.record import Record, join_places, read_postings
from skillextract.errors import PostingError
from skillextract.posting import PostingDraft
from skillextract.settings import TheMuseSource

HOST = "https://www.themuse.com"
_REMOTE = "flexible / remote"

ABOUT = About(
    title="The Muse",
    home="https://www.themuse.com",
    gives="postings of many companies, all or of one category",
    example='category = "Data and Analytics"\npages = 10',
    terms="Documented: 500 requests an hour without a key; over that it answers 403. Its further terms were not read.",
    attribution="Postings from The Muse (https://www.themuse.com)",
)


def fetch(session: PoliteSession, source: TheMuseSource) -> Iterator[Payload]:
    """The pages, until the last or as many as the settings allow.

    Raises:
        SourceError: see `PoliteSession.get`; or a page is no list.
    """
    for number in range(1, source.pages + 1):
        params: dict[str, str | int] = {"page": number, **({"category": source.category} if source.category else {})}
        page = session.get(f"{source.base_url or HOST}/api/public/jobs", source=source.name, params=params)
        yield page
        if not read_list(page, field="results") or number >= _count_pages(page):
            return


def parse(payload: Payload, source: TheMuseSource) -> Iterator[PostingDraft | PostingError]:
    """The postings of a page.

    Raises:
        SourceChanged: the payload is no page of the board.
    """
    results = read_list(payload, field="results")
    yield from read_postings(results, source=source.name, read=lambda record: _read_posting(record, payload, source))


def _count_pages(page: Payload) -> int:
    value = read_json(page)
    count = value.get("page_count") if isinstance(value, dict) else None
    return count if isinstance(count, int) else 10**9


def _read_posting(record: Record, payload: Payload, source: TheMuseSource) -> PostingDraft:
    record.posting_id = native_id = record.require_id("id")
    body = record.require_body("contents")
    named = [place for each in record.records("locations") if (place := each.text("name"))]
    places = [place for place in named if place.casefold() != _REMOTE]
    categories = [name for each in record.records("categories") if (name := each.text("name"))]
    return PostingDraft(
        id=f"{source.name}:{native_id}",
        source=source.name,
        url=record.record("refs").text("landing_page"),
        title=record.require_text("name"),
        company=record.record("company").text("name"),
        location=join_places(places),
        country=find_country("; ".join(places)),
        # Beside places it is one of several ways to work, and none is stated for the posting as a whole.
        remote="remote" if named and not places else None,
        posted_at=record.instant("publication_date"),
        department=categories[0] if categories else None,
        body=body,
        body_format="html",
        fetched_at=payload.fetched_at,
    )
