"""Count once: which postings repeat another one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache

from skillextract.posting import Posting

DedupRow = tuple[str, str | None, str, datetime | None]
"""What it takes to find repeats: id, company, content_hash, posted_at; the columns of the lake by these names."""

_NO_DATE = datetime.max.replace(tzinfo=UTC)


def mark_duplicates(postings: Iterable[Posting]) -> list[Posting]:
    """The postings in their order, each repeat with the id of the posting that it repeats.

    Two postings are the same when their `content_hash` is equal (title and text, without regard to case and white
    space) and their company is equal without regard to case and white space, or neither names a company. Place, date,
    board and URL do not matter: the same text in five cities, posted again in the next month, or on two boards counts
    once. The same text from two companies counts twice, and so does a text whose company only one of the two names.

    The posting of the earliest `posted_at` stays, one without a date after all others, then the smallest id; the
    result does not depend on the order. An earlier `duplicate_of` is replaced.
    """
    kept = list(postings)
    repeats = find_duplicates((each.id, each.company, each.content_hash, each.posted_at) for each in kept)
    return [dataclasses.replace(each, duplicate_of=repeats.get(each.id)) for each in kept]


def find_duplicates(rows: Iterable[DedupRow]) -> dict[str, str]:
    """The id of each repeat, with the id of the posting that it repeats; see `mark_duplicates` for what is the same.

    It reads the rows once and keeps no text, so a million postings of the lake fit: pass
    `zip(*(table[name].to_pylist() for name in ("id", "company", "content_hash", "posted_at")))`, or yield the rows of
    one record batch after the other.

    Args:
        rows: (id, company, content_hash, posted_at); `posted_at` with a time zone, or None.
    """
    first: dict[str, tuple[datetime, str]] = {}
    repeated: dict[str, list[str]] = {}
    for posting_id, company, content_hash, posted_at in rows:
        key = f"{content_hash} {company_key(company)}"
        rank = (posted_at or _NO_DATE, posting_id)
        earlier = first.setdefault(key, rank)
        if earlier is not rank:
            repeated.setdefault(key, []).append(max(earlier, rank)[1])
            first[key] = min(earlier, rank)
    return {
        posting_id: first[key][1]
        for key, posting_ids in repeated.items()
        for posting_id in posting_ids
        if posting_id != first[key][1]
    }


@lru_cache(maxsize=65536)
def company_key(company: str | None) -> str:
    """A company's name without case and white space; `""` where none is named."""
    return "" if company is None else "".join(company.casefold().split())
