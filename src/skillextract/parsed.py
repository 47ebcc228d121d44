"""What was read in a payload, kept so that an unchanged one is not parsed again.

A board that has not changed costs a conditional request and the reading of a file: neither its parser nor that of HTML
runs. The files stand in the folder of the cache; they can be deleted at any time, and are made anew when missed.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import json
import logging
import os
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from skillextract.collect.boards import BOARDS
from skillextract.collect.gather import Keep, parse_payload, stream_payloads, stream_source
from skillextract.collect.http import PoliteSession
from skillextract.collect.payload import Payload
from skillextract.collect.record import listen, tell_again
from skillextract.errors import PostingError
from skillextract.posting import Posting, PostingDraft, tabulate_postings
from skillextract.reuse import hash_program
from skillextract.settings import FilesSource, SampleSource, Source
from skillextract.text.language import find_language
from skillextract.text.render import render_posting
from skillextract.turns import take_turn

logger = logging.getLogger(__name__)

_KEPT_FOR = timedelta(days=45)
"""How long stays what no run has read again; as long as an answer in the cache."""
_REFUSED = b"refused"
"""The key of a file's metadata under which the postings stand that could not be read."""
_ODD = b"odd"
"""The key under which stands what was told of fields that could not be read."""


class ParsedPayloads:
    """Reads payloads into postings, each payload once.

    What is kept is used again where the payload, the source's settings and the program that reads it are the same; what
    was told of fields that could not be read is told again. Of a payload at fault nothing is kept: it is read again,
    and its fault is told again.

    Args:
        folder: keeps what was read; None reads everything anew.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def read(self, payload: Payload, source: Source) -> Iterator[Posting | PostingError]:
        """The postings of a payload, those at fault as errors in their place.

        Raises:
            SourceChanged: the payload is not what the parser of the source knows.
        """
        if self._folder is None or isinstance(source, SampleSource):
            yield from _parse_whole(payload, source)
            return
        path = self._folder / f"{_key_payload(payload, source)}.parquet"
        kept = _read_kept(path, payload)
        if kept is None:
            with listen() as odd:
                kept = _parse_whole(payload, source)
            _keep(path, kept, odd)
        yield from kept

    def forget(self) -> None:
        """Remove what no run has read for `_KEPT_FOR`."""
        if self._folder is None or not self._folder.is_dir():
            return
        before = time.time() - _KEPT_FOR.total_seconds()
        for path in self._folder.iterdir():
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < before:
                    path.unlink()


def read_source(
    source: Source, *, session: PoliteSession, keep: Keep, parsed: ParsedPayloads
) -> Iterator[Posting | PostingError]:
    """The postings of a source as they come, with their texts, those at fault as errors in their place.

    See `collect.gather.stream_source`. Files are read anew each time.

    Raises:
        SourceError: the source gave nothing, or gave no more from here on; what came before stands.
    """
    if not isinstance(source, FilesSource):
        yield from stream_payloads(source, session=session, keep=keep, read=parsed.read)
        return
    for item in stream_source(source, session=session, keep=keep):
        yield _render(item) if isinstance(item, PostingDraft) else item


def _render(draft: PostingDraft) -> Posting:
    posting = render_posting(draft)
    return dataclasses.replace(posting, language=find_language(posting.text))


def _parse_whole(payload: Payload, source: Source) -> list[Posting | PostingError]:
    with take_turn():
        return [_render(item) if isinstance(item, PostingDraft) else item for item in parse_payload(payload, source)]


@functools.cache
def name_parser() -> str:
    """What changes whenever a payload may be read in another way than before."""
    return hash_program(
        ("collect", "collect/boards", "text"),
        packages=("selectolax", "feedparser", "defusedxml", "py3langid"),
        modules=("posting",),
    )


def _key_payload(payload: Payload, source: Source) -> str:
    board = BOARDS.get(source.board)
    # Where a posting says when it is over, the same payload reads differently on another day.
    day = payload.fetched_at.date().isoformat() if board is not None and board.about.postings_end else ""
    facts = [name_parser(), source.model_dump_json(), payload.source, payload.url, payload.suffix, day]
    content = hashlib.blake2b(json.dumps(facts).encode(), digest_size=16)
    content.update(payload.content)
    return content.hexdigest()


def _read_kept(path: Path, payload: Payload) -> list[Posting | PostingError] | None:
    """What stands in a file, as if it had been read in this payload; None where there is no whole file."""
    try:
        table = pq.read_table(path)
        refused = json.loads(table.schema.metadata[_REFUSED])
        odd = json.loads(table.schema.metadata[_ODD])
        os.utime(path)
        items: list[Posting | PostingError] = [
            dataclasses.replace(Posting(**row), fetched_at=payload.fetched_at) for row in table.to_pylist()
        ]
        for place, given in refused:
            items.insert(place, PostingError(*given))
    except FileNotFoundError:
        return None
    except (OSError, pa.ArrowException, ValueError, TypeError, KeyError) as error:
        logger.warning("%s cannot be read (%s); its payload is parsed anew", path, error)
        return None
    tell_again(odd)
    return items


def _keep(path: Path, items: list[Posting | PostingError], odd: list[str]) -> None:
    refused = [(place, each.__reduce__()[1]) for place, each in enumerate(items) if isinstance(each, PostingError)]
    table = tabulate_postings([each for each in items if isinstance(each, Posting)])
    table = table.replace_schema_metadata({_REFUSED: json.dumps(refused), _ODD: json.dumps(odd)})
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, beside, compression="zstd")
        beside.replace(path)
    except OSError as error:
        logger.warning("%s cannot be written (%s); its payload is parsed anew the next time", path, error)
        with contextlib.suppress(OSError):
            beside.unlink()
