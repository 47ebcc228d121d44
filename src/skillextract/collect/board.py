"""What a board is to the program: how it is asked and read, and what people have to know about it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any, Literal

from skillextract.collect.http import BoardNotFound, PoliteSession, SentElsewhere
from skillextract.collect.payload import Payload
from skillextract.errors import PostingError, SourceBusy, SourceChanged, SourceError, SourceUnavailable
from skillextract.posting import PostingDraft
from skillextract.settings import BoardSource

PAGE_LIMIT = 200
"""Pages after which a board that never ends is given up."""
_PATIENCE = 5
"""Requests without an answer, one after the other, after which the rest of the details is given up."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What `skillextract sources list` tells of a board, and the report of its postings.

    Attributes:
        title: the board's name as people write it.
        home: its public address.
        gives: what one source of it is.
        example: lines of the settings that read it, without `[[sources]]` and `board`.
        terms: what its operator says about such use, and where that is known from.
        fresh_for: how long an answer is good for; within it the board is not asked again.
        text: `full`, or `snippet` where the texts are cut off and most skills cannot be found.
        key: what has to be registered for, and which environment variables hold it; None where nothing has.
        attribution: what a report of its postings has to say; None where the terms ask for nothing.
        lists_all: an answer that came whole names every open posting of the source, so that one it no longer names is
            closed.
        postings_end: postings state until when they are open, so that the same answer reads differently on another day.
    """

    title: str
    home: str
    gives: str
    example: str
    terms: str
    fresh_for: timedelta = timedelta(hours=6)
    text: Literal["full", "snippet"] = "full"
    key: str | None = None
    attribution: str | None = None
    lists_all: bool = False
    postings_end: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Board:
    """How a board is asked and read.

    Attributes:
        source: the model of its settings.
        fetch: yields the payloads as they come, and a SourceError for a part that could not be had; what it raises is
            a SourceError, after which nothing more comes.
        parse: yields the postings of one payload, those at fault as errors in their place.
        about: what people have to know about it.
    """

    source: type[BoardSource]
    fetch: Callable[[PoliteSession, Any], Iterator[Payload | SourceError]]
    parse: Callable[[Payload, Any], Iterator[PostingDraft | PostingError]]
    about: About


def fetch_details(requests: Iterable[Callable[[], Payload]]) -> Iterator[Payload | SourceError]:
    """The answers to many small requests, those that fail as errors in their place.

    What is gone (404, 410) was closed after it was listed, and is left out.

    Raises:
        SourceUnavailable: several requests one after the other got no answer, or the host asks to be left alone.
    """
    silent = 0
    for request in requests:
        try:
            yield request()
            silent = 0
        except SentElsewhere as fault:
            yield fault
        except BoardNotFound:
            silent = 0
        except SourceUnavailable as fault:
            silent += 1
            if silent >= _PATIENCE or isinstance(fault, SourceBusy):
                raise
            yield fault
        except SourceError as fault:
            yield fault


def give_up_paging(source: str, url: str) -> SourceChanged:
    """The error of a board whose pages do not end."""
    return SourceChanged(
        source,
        url,
        f"found more than {PAGE_LIMIT} full pages, expected an end; the board may send the same page again and again: "
        "see the raw payloads",
    )
