"""Gather a source: fetch it, keep what came, and read it; a fault of one source stays with that source."""

from __future__ import annotations

import dataclasses
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Literal, TypeVar, cast

from skillextract.collect.boards import BOARDS
from skillextract.collect.files import read_files
from skillextract.collect.http import PoliteSession
from skillextract.collect.payload import Payload
from skillextract.collect.shipped_sample import fetch_sample, parse_sample
from skillextract.errors import PostingError, RepeatedPosting, SourceError
from skillextract.posting import PostingDraft, PostingFacts
from skillextract.settings import FilesSource, SampleSource, Source

Keep = Callable[[Payload], str]
"""Keeps a payload and returns where, for messages; it is called for every payload before anything reads it."""

Read = TypeVar("Read", bound=PostingFacts)
"""What is made of a posting: its draft, or more."""
_Fault = TypeVar("_Fault", PostingError, SourceError)

logger = logging.getLogger(__name__)

_RAW_PAYLOAD = re.compile(r"\bthe raw payload\b")
"""What messages call the payload at fault; their writers do not know where it is kept."""
_FAULTS_LOGGED = 20
"""Faults of one source that are logged one by one."""

Status = Literal["complete", "partial", "empty", "missing"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CollectedSource:
    """What came of one source.

    Attributes:
        source: the name of the source in the settings.
        status: `complete`; `partial`: some payload failed and the postings of the others are here; `empty`: the source
            answered and has no postings; `missing`: the source failed and gave nothing.
        drafts: the postings.
        refused: the postings that are left out, with the reason: they cannot be read, or their id came before.
        raw_paths: where the payloads are kept; empty for files, which are kept by whoever has them.
        error: why the source is partial or missing; its message says what to do.
    """

    source: str
    status: Status
    drafts: list[PostingDraft]
    refused: list[PostingError]
    raw_paths: list[str]
    error: SourceError | None = None


def collect_source(source: Source, *, session: PoliteSession, keep: Keep) -> CollectedSource:
    """Everything that a source has, in memory; for files of any size use `stream_source`.

    A fault of the source is returned, not raised: raise `error` where a retry shall see it.

    Args:
        source: which board, file or sample.
        session: asks the network; files and the sample ask none.
        keep: called with every payload before it is read, also with those that cannot be read.
    """
    drafts: list[PostingDraft] = []
    refused: list[PostingError] = []
    raw_paths: list[str] = []
    error: SourceError | None = None

    def keep_path(payload: Payload) -> str:
        raw_paths.append(keep(payload))
        return raw_paths[-1]

    try:
        for item in stream_source(source, session=session, keep=keep_path):
            if isinstance(item, PostingDraft):
                drafts.append(item)
            else:
                refused.append(item)
    except SourceError as fault:
        error = fault
    whole, none = ("complete", "empty") if error is None else ("partial", "missing")
    status = cast(Status, whole if drafts or refused else none)
    return CollectedSource(
        source=source.name, status=status, drafts=drafts, refused=refused, raw_paths=raw_paths, error=error
    )


def stream_source(source: Source, *, session: PoliteSession, keep: Keep) -> Iterator[PostingDraft | PostingError]:
    """The postings of a source as they come, those at fault as errors in their place.

    A payload at fault does not stop the payloads after it: its error is raised when all others are read. An id that
    came before in the same source is at fault, for a posting is found again by its id.

    Raises:
        SourceError: the source gave nothing, or gave no more from here on; what came before stands.
    """
    if isinstance(source, FilesSource):
        yield from refuse_repeated(read_files(source), file=source.path)
        return
    yield from stream_payloads(source, session=session, keep=keep, read=parse_payload)


def stream_payloads(
    source: Source,
    *,
    session: PoliteSession,
    keep: Keep,
    read: Callable[[Payload, Source], Iterator[Read | PostingError]],
) -> Iterator[Read | PostingError]:
    """`stream_source` for a board or the sample, with a reader of payloads that stands in for `parse_payload`."""
    yield from refuse_repeated(_read_payloads(source, fetch_payloads(source, session=session), keep, read))


def attribute(source: Source) -> str:
    """What a report of the source's postings has to say by the terms of its board; empty where nothing."""
    board = BOARDS.get(source.board)
    return (board.about.attribution or "") if board else ""


def fetch_payloads(source: Source, *, session: PoliteSession) -> Iterator[Payload | SourceError]:
    """The payloads of a board or of the sample, unread, as they come; none for files, which are read in place.

    A part that could not be had comes as its error in its place, and the rest goes on.

    Raises:
        SourceError: see `PoliteSession.get`.
    """
    if isinstance(source, FilesSource):
        return iter(())
    if isinstance(source, SampleSource):
        return fetch_sample(source)
    board = BOARDS[source.board]
    return board.fetch(session.keep_fresh(board.about.fresh_for), source)


def parse_payload(payload: Payload, source: Source) -> Iterator[PostingDraft | PostingError]:
    """The postings of one payload, also of one that was kept earlier: a parser's mistake is mended without the network.

    Raises:
        SourceChanged: the payload is not what the parser of the source knows.
        ValueError: the source is a file: it has no payloads, `stream_source` reads it.
    """
    if isinstance(source, FilesSource):
        raise ValueError(f"{source.name}: files have no payloads; call stream_source")
    if isinstance(source, SampleSource):
        return parse_sample(payload, source)
    return BOARDS[source.board].parse(payload, source)


def _read_payloads(
    source: Source,
    payloads: Iterator[Payload | SourceError],
    keep: Keep,
    read: Callable[[Payload, Source], Iterator[Read | PostingError]],
) -> Iterator[Read | PostingError]:
    faults: list[SourceError] = []
    while True:
        try:
            payload = next(payloads, None)
        except SourceError as fault:
            # What the fetch finds wrong with a page it would page on from is what the parser has found already.
            faults = faults or [fault]
            break
        if payload is None:
            break
        if isinstance(payload, SourceError):
            faults.append(payload)
            continue
        place = keep(payload)
        try:
            for item in read(payload, source):
                yield _tell_place(item, place) if isinstance(item, PostingError) else item
        except SourceError as fault:
            faults.append(_tell_place(fault, place))
    if faults:
        raise _sum_up(faults)


def _tell_place(fault: _Fault, place: str) -> _Fault:
    """The fault, which says where the payload is kept where it says to look at it."""
    told = _RAW_PAYLOAD.sub(lambda said: f"{said[0]} ({place})", fault.message) if place else fault.message
    if told == fault.message:
        return fault
    placed = fault.reword(told)
    placed.__cause__ = fault.__cause__
    return placed


def _sum_up(faults: list[SourceError]) -> SourceError:
    """The first fault, with the number of those after it, which are logged."""
    first, *others = faults
    if not others:
        return first
    for fault in others[:_FAULTS_LOGGED]:
        logger.warning("%s", fault)
    summed = first.reword(f"{first.message} (further faults in this source: {len(others)})")
    summed.__cause__ = first.__cause__
    return summed


def refuse_repeated(items: Iterable[Read | PostingError], *, file: str = "") -> Iterator[Read | PostingError]:
    """The postings of one source, with an error in the place of each whose id came before.

    Args:
        items: the postings as they come.
        file: the file whose rows they are, so that the error can name both rows; empty where they are of no file.
    """
    # Hashes take a fraction of the ids' memory; two different ids of one hash among a million are 1 in 30 million runs.
    seen: dict[int, int | None] = {}
    for item in items:
        if not isinstance(item, PostingError):
            key, row = hash(item.id), item.row if isinstance(item, PostingDraft) else None
            if key in seen:
                native_id = item.id.removeprefix(f"{item.source}:")
                rows = f": {file}:{row} repeats that of {file}:{seen[key]}" if file and row and seen[key] else ""
                message = f"came before in this source{rows}; give each its own"
                yield RepeatedPosting(item.source, native_id, "id", message)
                continue
            seen[key] = row
        yield item
