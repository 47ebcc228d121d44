"""The boards: the one place that lists them.

A board is a module with two functions. `fetch` asks the network and yields what came, unread; `parse` reads a payload
and asks nothing. To add a board: write its module, add a line here and a model in `settings`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

from skillextract.collect.boards import ashby, greenhouse, hackernews, lever
from skillextract.collect.http import PoliteSession
from skillextract.collect.payload import Payload
from skillextract.errors import PostingError
from skillextract.posting import PostingDraft
from skillextract.settings import AshbySource, BoardSource, GreenhouseSource, HackerNewsSource, LeverSource


@dataclasses.dataclass(frozen=True, slots=True)
class Board:
    """How a board is asked and read.

    Attributes:
        source: the model of its settings.
        fetch: yields the payloads as they come; what it raises is a SourceError.
        parse: yields the postings of one payload, those at fault as errors in their place.
    """

    source: type[BoardSource]
    fetch: Callable[[PoliteSession, Any], Iterator[Payload]]
    parse: Callable[[Payload, Any], Iterator[PostingDraft | PostingError]]


BOARDS: dict[str, Board] = {
    "ashby": Board(AshbySource, ashby.fetch, ashby.parse),
    "greenhouse": Board(GreenhouseSource, greenhouse.fetch, greenhouse.parse),
    "hackernews": Board(HackerNewsSource, hackernews.fetch, hackernews.parse),
    "lever": Board(LeverSource, lever.fetch, lever.parse),
}
"""Each board by the name that stands as `board` in the settings."""
