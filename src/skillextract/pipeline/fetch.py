"""Fetch a source: its payloads, and its postings in parts."""

from __future__ import annotations

import functools
import hashlib
import json
import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import cast

from skillextract.collect.gather import attribute
from skillextract.collect.http import PoliteSession
from skillextract.collect.payload import Payload
from skillextract.collect.unpacking import shorten_fault
from skillextract.errors import (
    PostingError,
    RepeatedPosting,
    SkillExtractError,
    SourceChanged,
    SourceError,
    SourceUnavailable,
    leave_source,
)
from skillextract.journal import Journal
from skillextract.lake import Lake
from skillextract.market.wording import count_noun
from skillextract.parsed import ParsedPayloads, read_source
from skillextract.pipeline.results import FetchedSource
from skillextract.posting import Posting, tabulate_postings
from skillextract.settings import FilesSource, Settings, Source

logger = logging.getLogger(__name__)

REFUSED = "-refused.jsonl"
"""How the path of a list of postings that are left out ends: refused ones, and those whose id came before."""


def fetch_source(
    source: Source, *, settings: Settings, snapshot: str, session: PoliteSession | None = None
) -> FetchedSource:
    """Fetch a source, keep its payloads, and write its postings in parts of `settings.shard_size`.

    A source that fails is no error here: its status and message say so, and what came before the fault stands. One that
    was fetched whole is not fetched again by the run that goes on after a kill; a file that has changed since is.

    Args:
        source: a board, a file, or the sample.
        settings: where the lake is, how large a part, and who asks.
        snapshot: the snapshot that the run makes.
        session: by default the process's own, so that two sources never ask one host at the same time.

    Raises:
        SourceUnavailable: the source did not answer, so that trying again may help.
        LakeError: the lake cannot be written to.
    """
    lake, journal = Lake(settings.lake), Journal(Lake(settings.lake), snapshot)
    step, given = f"fetch-{_slug(source.name)}", _describe_files(source)
    if (done := journal.recall(step, given=given)) is not None:
        return cast(FetchedSource, done)
    raw: list[str] = []
    left_out: list[PostingError] = []
    parts: list[str] = []
    count = 0
    fault: SourceError | None = None

    def keep(payload: Payload) -> str:
        path = f"raw/snapshot={snapshot}/{payload.file_name}"
        raw.append(lake.write_bytes(path, payload.content))
        return path

    def write_part(postings: Sequence[Posting]) -> None:
        path = f"work/snapshot={snapshot}/fetched/{_slug(source.name)}-{len(parts):05d}.parquet"
        parts.append(lake.write_parquet(path, tabulate_postings(postings)))

    batch: list[Posting] = []
    session = session or share_session(settings.contact, settings.cache_folder)
    parsed = ParsedPayloads(settings.cache_folder and settings.cache_folder / "parsed")
    try:
        for item in _expect_anything(read_source(source, session=session, keep=keep, parsed=parsed), source):
            if isinstance(item, PostingError):
                left_out.append(item)
                continue
            batch.append(item)
            count += 1
            if len(batch) >= settings.shard_size:
                write_part(batch)
                batch = []
    except SourceError as error:
        fault = error
    if batch:
        write_part(batch)
    parsed.forget()
    payloads = len(raw)
    listed = f"raw/snapshot={snapshot}/{_slug(source.name)}{REFUSED}"
    if left_out:
        logger.warning("%s: %s", source.name, _tell_left_out(left_out, listed))
        lines = [json.dumps({"posting": e.posting_id, "field": e.field, "message": str(e)}) for e in left_out]
        raw.append(lake.write_bytes(listed, ("\n".join(lines) + "\n").encode()))
    if fault is not None:
        # Where postings were refused, their count and the payloads are told, too.
        if isinstance(fault, SourceUnavailable) and not count and not left_out:
            raise fault  # told by whoever tries again, or gives up
        logger.warning("%s", fault)
    status = ("partial" if count else "failed") if fault else ("ok" if count else "empty")
    tell = _tell_left_out if count else _tell_empty
    message = leave_source(fault) if fault else tell(left_out, listed)
    if status == "empty":
        logger.warning("%s: %s", source.name, message)
    repeated = sum(isinstance(each, RepeatedPosting) for each in left_out)
    result = FetchedSource(
        source=source.name,
        status=status,
        message=message,
        raw=raw,
        payloads=payloads,
        parts=parts,
        postings=count,
        refused=len(left_out) - repeated,
        repeated=repeated,
        attribution=attribute(source) if count else "",
    )
    if status == "ok":
        journal.record(step, given=given, result=result, files=[*raw, *parts])
    return result


def describe_failure(source: Source, error: Exception) -> FetchedSource:
    """Return what stands in the report for a source that gave nothing even after every retry."""
    return FetchedSource(
        source=source.name, status="failed", message=leave_source(error), raw=[], payloads=0, parts=[], postings=0,
        refused=0, repeated=0, attribution="",
    )  # fmt: skip


def _expect_anything(items: Iterable[Posting | PostingError], source: Source) -> Iterator[Posting | PostingError]:
    """The postings of a source as they come; what nobody foresaw in reading them is a fault of this source alone.

    Raises:
        SkillExtractError: as it was raised: whoever raised it knew what it means.
        SourceChanged: in the place of any other exception but those of the machine: its disk, its memory.
    """
    try:
        yield from items
    except (SkillExtractError, OSError, MemoryError):  # what is wrong with the source's files is told as SourceChanged
        raise
    except Exception as error:
        kind = type(error).__name__
        place, seen = (source.path, "file") if isinstance(source, FilesSource) else (source.board, "raw payload")
        keyed = hasattr(source, "key_variable")  # what a request says of itself may hold the key
        if not keyed:
            logger.debug("%s: could not be read", source.name, exc_info=True)
        raise SourceChanged(
            source.name,
            place,
            f"could not be read ({kind if keyed else f'{kind}: {shorten_fault(error)}'}), expected postings; see the "
            f"{seen}, and tell whoever keeps skillextract: the program should have said what is wrong",
        ) from (None if keyed else error)


_MAKING_SESSION = threading.Lock()


def share_session(contact: str | None, cache: Path | None) -> PoliteSession:
    """Return the process's one session of a contact and a cache; its transport keeps requests to a host apart."""
    with _MAKING_SESSION:  # threads that come at once would make one each
        return _make_session(contact, cache)


@functools.lru_cache(maxsize=2)
def _make_session(contact: str | None, cache: Path | None) -> PoliteSession:
    return PoliteSession(contact=contact, cache=cache)


def _tell_left_out(left_out: Sequence[PostingError], listed: str) -> str:
    """How many postings could not be read, how many had an id that came before, the first of each, where all are."""
    repeated = [each for each in left_out if isinstance(each, RepeatedPosting)]
    refused = [each for each in left_out if not isinstance(each, RepeatedPosting)]
    told = []
    if refused:
        told.append(f"{count_noun(len(refused), 'posting')} could not be read; the first: {leave_source(refused[0])}")
    if repeated:
        noun = count_noun(len(repeated), "posting")
        told.append(f"{noun} left out, for the id came before; the first: {leave_source(repeated[0])}")
    return "; ".join([*told, *_tell_list(left_out, listed)])


def _tell_list(left_out: Sequence[PostingError], listed: str) -> list[str]:
    """Where all postings that are left out are listed; nothing where the one that is named is all there is."""
    return [f"all are listed in the lake: {listed}"] if len(left_out) > 1 else []


def _tell_empty(refused: Sequence[PostingError], listed: str) -> str:
    if refused:
        none = f"none of its {len(refused):,} postings could be read, expected at least one"
        return "; ".join([none, f"the first: {leave_source(refused[0])}", *_tell_list(refused, listed)])
    return "found no postings, expected at least one; check its name or path, or remove the source while it has none"


def _describe_files(source: Source) -> list[list[str | int]]:
    """What tells whether a source's files have changed: path, size and time of change of each; none for boards."""
    if not isinstance(source, FilesSource):
        return []
    place = Path(source.path)
    files = [place, *place.rglob("*")] if place.is_dir() else [place]
    stats = [(str(file), file.stat()) for file in sorted(files) if file.exists()]
    return [[name, stat.st_size, stat.st_mtime_ns] for name, stat in stats]


def _slug(name: str) -> str:
    """Return a name that can stand in a path; names that look alike without their signs stay apart."""
    plain = "".join(char if char.isalnum() or char in "._-" else "-" for char in name)
    return f"{plain}-{hashlib.blake2b(name.encode(), digest_size=4).hexdigest()}"
