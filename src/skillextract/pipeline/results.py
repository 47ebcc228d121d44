"""What the steps of a run hand to each other: paths in the lake, and small numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

Advance = Callable[[int], None]
"""Told how many more postings are done; for progress bars."""


class FetchedSource(TypedDict):
    """What fetching a source left in the lake.

    Attributes:
        source: the source's name.
        status: `ok`, `partial` (some answers failed), `empty` (no posting could be read) or `failed`.
        message: what was wrong and what to do, without the source's name; empty where nothing was.
        raw: paths of the payloads, and of the list of postings that are left out where there are any.
        payloads: how many answers were kept; files are read in place, and have none.
        parts: paths of the postings' parts, copies not yet marked.
        postings: how many postings they hold.
        refused: how many postings could not be read.
        repeated: how many postings were left out, for their id came before in the source.
        attribution: what a report of the postings has to say by the terms of the board; empty where nothing.
    """

    source: str
    status: str
    message: str
    raw: list[str]
    payloads: int
    parts: list[str]
    postings: int
    refused: int
    repeated: int
    attribution: str


class FoldedPostings(TypedDict):
    """Parts of postings with their copies marked, and the number of copies by source."""

    parts: list[str]
    folded: dict[str, int]


class WrittenReports(TypedDict):
    """What a run wrote: paths in the lake, and where a person finds them.

    Attributes:
        snapshot: the snapshot's id.
        folder: the folder of the report.
        page: the page.
        tables: the tables by name.
        missing_sources: the names of the sources that the report lacks, wholly or in part.
        absence: why there is no posting of the role, and what to do; empty where there is one.
    """

    snapshot: str
    folder: str
    page: str
    tables: dict[str, str]
    missing_sources: list[str]
    absence: str
