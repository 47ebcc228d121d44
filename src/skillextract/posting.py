"""Posting: the one record that every source is turned into, and the draft that it is made from."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import pyarrow as pa

Remote = Literal["remote", "hybrid", "onsite"]
SalaryPeriod = Literal["year", "month", "week", "day", "hour"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PostingFacts:
    """What a board states about a posting. A field is None where the board does not state it; nothing is guessed.

    Attributes:
        id: `source:native_id`, where `source` names the board and its token (`ashby:acme:5f2c…`).
        source: the name of the source in the settings, for example `ashby:acme`.
        url: the public page of the posting; None where the source gives none.
        title: the title as stated, without surrounding white space.
        company: the employer's name as stated, or as configured where the board never names it.
        location: places as stated, several joined by `; `.
        country: ISO 3166-1 alpha-2, upper case.
        remote: `remote`, `hybrid` or `onsite`.
        posted_at: first publication, UTC.
        updated_at: last change, UTC.
        employment_type: as stated.
        department: as stated.
        salary_min: in `salary_currency` for each `salary_period`.
        salary_max: see `salary_min`; equal to it where one number is stated.
        salary_currency: ISO 4217, upper case.
        salary_period: what one payment of the salary covers.
    """

    id: str
    source: str
    title: str
    url: str | None = None
    company: str | None = None
    location: str | None = None
    country: str | None = None
    remote: Remote | None = None
    posted_at: datetime | None = None
    updated_at: datetime | None = None
    employment_type: str | None = None
    department: str | None = None
    salary_min: float | None = None
    salary_max: float | None = None
    salary_currency: str | None = None
    salary_period: SalaryPeriod | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PostingDraft(PostingFacts):
    """A posting as its board's parser leaves it: the facts, and the body still in the form it came in.

    Attributes:
        body: the description as delivered.
        body_format: `html`, or `text` for a body that is kept to the character but for Markdown's marks of emphasis.
        fetched_at: when the payload came in, UTC.
        row: the number of the row of a file that it stands in, for messages; None where it comes from elsewhere.
    """

    body: str
    body_format: Literal["html", "text"]
    fetched_at: datetime
    row: int | None = dataclasses.field(default=None, compare=False)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Posting(PostingFacts):
    """A posting with its plain text, ready to be searched for skills.

    Attributes:
        fetched_at: when the payload came in, UTC.
        text: plain text, a line for each paragraph, list item, heading or table row; mentions count its characters.
        content_hash: 32 hexadecimal digits over title and text, case and white space aside; the same for re-posts.
        language: ISO 639-1, as the text reads; `en` also where a part of it is English; None where it cannot be told.
        duplicate_of: the `id` of the posting that this one repeats, None for a posting that counts.
        duplicate_reason: `same text`, `near text` or `other company name`, None where `duplicate_of` is; see
            `collect.deduplicate.Repeat`.
    """

    fetched_at: datetime
    text: str
    content_hash: str
    language: str | None = None
    duplicate_of: str | None = None
    duplicate_reason: str | None = None


_TIMESTAMP = pa.timestamp("us", tz="UTC")

POSTING_SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("url", pa.string()),
        pa.field("title", pa.string(), nullable=False),
        pa.field("company", pa.string()),
        pa.field("location", pa.string()),
        pa.field("country", pa.string()),
        pa.field("remote", pa.string()),
        pa.field("posted_at", _TIMESTAMP),
        pa.field("updated_at", _TIMESTAMP),
        pa.field("fetched_at", _TIMESTAMP, nullable=False),
        pa.field("employment_type", pa.string()),
        pa.field("department", pa.string()),
        pa.field("salary_min", pa.float64()),
        pa.field("salary_max", pa.float64()),
        pa.field("salary_currency", pa.string()),
        pa.field("salary_period", pa.string()),
        pa.field("text", pa.string(), nullable=False),
        pa.field("content_hash", pa.string(), nullable=False),
        pa.field("language", pa.string()),
        pa.field("duplicate_of", pa.string()),
        pa.field("duplicate_reason", pa.string()),
    ]
)
"""One row a posting, in the order of `Posting`'s documentation in design and README."""


@functools.lru_cache(maxsize=65536)
def key_company(company: str | None) -> str:
    """A company's name without case and white space; `""` where none is named.

    Two postings whose companies have the same key are of one employer, wherever employers are told apart: where copies
    are folded, where companies are counted, and where their boilerplate is found.
    """
    return "" if company is None else "".join(company.casefold().split())


def tabulate_postings(postings: Sequence[Posting]) -> pa.Table:
    """The postings as a table of `POSTING_SCHEMA`."""
    return pa.table(
        {name: [getattr(posting, name) for posting in postings] for name in POSTING_SCHEMA.names}, schema=POSTING_SCHEMA
    )
