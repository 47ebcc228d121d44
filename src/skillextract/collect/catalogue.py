"""The catalogue of sources: what there is to read from, and what each configured source says when it is tried."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Literal

from skillextract.collect.board import About
from skillextract.collect.boards import BOARDS
from skillextract.collect.gather import stream_source
from skillextract.collect.http import PoliteSession
from skillextract.collect.payload import Payload
from skillextract.errors import PostingError, SourceError, leave_source
from skillextract.posting import PostingDraft
from skillextract.settings import FilesSource, Source

ENOUGH = 3
"""Postings after which a source is known to work."""
_WORKERS = 8

_LOCAL = {
    "files": About(
        title="Files",
        home="",
        gives="postings in JSONL, CSV or Parquet, or a folder of HTML pages; each also in gzip or zstd",
        example='path = "postings.csv.gz"\ncolumns = { title = "Job Title", text = "Description" }',
        terms="Yours.",
        fresh_for=timedelta(0),
        lists_all=True,
    ),
    "sample": About(
        title="The sample",
        home="",
        gives="invented postings that ship with the package",
        example="",
        terms="Part of the package.",
        fresh_for=timedelta(0),
        lists_all=True,
    ),
}

FORBIDDEN = (
    "LinkedIn, Indeed and Glassdoor are no sources: their terms forbid it. Neither is any site whose robots.txt closes "
    "it, or that reserves itself against text and data mining."
)
"""What is left out on purpose."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CheckedSource:
    """What a source said when it was tried.

    Attributes:
        source: its name in the settings.
        status: `ok`: postings came; `partial`: some came, with a fault; `empty`: it answered without postings;
            `failed`: a fault, and nothing else.
        postings: how many were read, at most `ENOUGH`: then it was asked no further.
        payloads: how many answers came.
        unchanged: how many of them are those of an earlier run.
        title: of the first posting.
        refused: how many postings were left out: they could not be read, or their id came before.
        message: what was wrong and what to do, without the source's name; empty where nothing was.
    """

    source: str
    status: Literal["ok", "partial", "empty", "failed"]
    postings: int = 0
    payloads: int = 0
    unchanged: int = 0
    title: str = ""
    refused: int = 0
    message: str = ""


def describe_sources() -> Iterator[tuple[str, About]]:
    """Each source by its name in the settings: boards of one company first, then those of many, then the rest."""
    yield from ((name, board.about) for name, board in BOARDS.items() if board.about.lists_all)
    yield from ((name, board.about) for name, board in BOARDS.items() if not board.about.lists_all)
    yield from _LOCAL.items()


def check_sources(sources: Sequence[Source], *, session: PoliteSession) -> Iterator[CheckedSource]:
    """What each source says, in their order; different hosts are asked at the same time, one host never twice.

    Each is asked until `ENOUGH` postings came, so that a board of a thousand pages is not read to its end. Nothing is
    kept but what the session's cache keeps.
    """
    with ThreadPoolExecutor(_WORKERS) as pool:
        yield from pool.map(lambda source: _check_source(source, session), sources)


def _check_source(source: Source, session: PoliteSession) -> CheckedSource:
    payloads: list[Payload] = []
    drafts: list[PostingDraft] = []
    refused: list[PostingError] = []
    told: list[str] = []

    def count(payload: Payload) -> str:
        payloads.append(payload)
        return "a run keeps it in its lake"

    try:
        for item in stream_source(source, session=session, keep=count):
            if isinstance(item, PostingDraft):
                drafts.append(item)
            else:
                refused.append(item)
            if len(drafts) >= ENOUGH:
                break
    except SourceError as error:
        told.append(leave_source(error))
    if told:
        status: Literal["ok", "partial", "empty", "failed"] = "partial" if drafts else "failed"
    else:
        status = "ok" if drafts else "empty"
        if not drafts and not refused:
            told.append("answered with no postings; check its name")
    if refused:
        told.append(f"the first left out: {leave_source(refused[0])} ({_tell_how_to_see_all(source)})")
    return CheckedSource(
        source=source.name,
        status=status,
        postings=len(drafts),
        payloads=len(payloads),
        unchanged=sum(payload.unchanged for payload in payloads),
        title=drafts[0].title if drafts else "",
        refused=len(refused),
        message="; ".join(told),
    )


def _tell_how_to_see_all(source: Source) -> str:
    """How all postings that are left out are seen, of which a check names one."""
    if isinstance(source, FilesSource):
        options = [word for pair in source.columns.items() for word in ("--column", "=".join(pair))]
        options += [] if source.format == "auto" else ["--format", source.format]
        return f"`skillextract extract {shlex.join([source.path, *options])} --output mentions.jsonl` names each"
    return "a run lists each in its lake, and says where"
