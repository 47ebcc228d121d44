"""Find the skills in a file of postings: what `skillextract extract` does."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self

import pyarrow as pa
import pyarrow.parquet as pq

from skillextract.collect.files import read_files
from skillextract.collect.gather import refuse_repeated
from skillextract.errors import PostingError, SettingsError, SourceChanged
from skillextract.posting import PostingDraft
from skillextract.settings import FilesSource
from skillextract.skills.loading import load_matcher
from skillextract.skills.mention import MENTION_SCHEMA, Mention, tabulate_mentions
from skillextract.text.language import find_language, is_english
from skillextract.text.render import render_posting

_BATCH = 500


@dataclasses.dataclass(frozen=True, slots=True)
class ExtractedFile:
    """What was found in a file: counts of postings read, mentions written and distinct skills, and what was left out.

    `refused` has the postings that could not be read, and as `RepeatedPosting` those whose id came before.
    `foreign` is the number of postings in another language than English, in which the patterns find little.
    """

    postings: int
    mentions: int
    skills: int
    refused: tuple[PostingError, ...]
    foreign: int


def extract_file(
    source: FilesSource, output: Path, *, patterns: Path | None = None, advance: Callable[[int], None] = lambda _: None
) -> ExtractedFile:
    """Write the mentions of a file of postings to another file, whole or not at all.

    Args:
        source: JSONL, CSV, Parquet, or a folder of HTML pages; see `collect.files`.
        output: ends in `.jsonl` or `.parquet`; columns of `MENTION_SCHEMA`, in the order of postings and starts.
        patterns: a folder of patterns, by default the package's own.
        advance: told how many more postings are done.

    Raises:
        SettingsError: the output's ending is not known, it is the input, or it cannot be written.
        SourceError: the input cannot be read, or holds nothing.
    """
    if output.suffix not in _WRITERS:
        raise SettingsError(f"--output {output}: found the ending {output.suffix!r}, expected .jsonl or .parquet")
    if output.exists() and Path(source.path).exists() and output.samefile(source.path):
        raise SettingsError(f"--output {output}: found the input itself, expected another file; choose another name")
    matcher = load_matcher(None if patterns is None else str(patterns))
    prefix = f"{source.name}:"
    refused: list[PostingError] = []
    postings = mentions = foreign = 0
    skills: set[str] = set()
    beside = output.with_name(f".{output.name}.{os.getpid()}.tmp")
    try:
        with beside.open("wb") as stream, _WRITERS[output.suffix](stream) as writer:
            for batch in _read_batches(source, refused):
                found: list[Mention] = []
                for draft in batch:
                    posting = render_posting(draft)
                    native_id = posting.id.removeprefix(prefix)
                    foreign += not is_english(find_language(posting.text))
                    found += matcher.find_mentions(native_id, posting.title, posting.text, company=posting.company)
                writer.write(tabulate_mentions(found, matcher.vocabulary.skills))
                postings += len(batch)
                mentions += len(found)
                skills.update(mention.skill_id for mention in found)
                advance(len(batch))
        if not postings and not refused:
            raise SourceChanged(source.name, source.path, "found no postings, expected at least one; check the path")
        beside.replace(output)
    except OSError as error:
        raise SettingsError(f"--output {output}: cannot be written ({error.strerror}); choose another place") from error
    finally:
        with contextlib.suppress(OSError):  # a parent that is no folder, for which the reason is told above
            beside.unlink(missing_ok=True)
    return ExtractedFile(postings, mentions, len(skills), tuple(refused), foreign)


def _read_batches(source: FilesSource, refused: list[PostingError]) -> Iterator[list[PostingDraft]]:
    batch: list[PostingDraft] = []
    for item in refuse_repeated(read_files(source), file=source.path):
        if isinstance(item, PostingDraft):
            batch.append(item)
        else:
            refused.append(item)
        if len(batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


class _Writer(Protocol):
    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def write(self, table: pa.Table) -> None: ...


class _JsonLines:
    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def write(self, table: pa.Table) -> None:
        for row in table.to_pylist():
            self._stream.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")


class _Parquet:
    def __init__(self, stream: IO[bytes]) -> None:
        self._writer = pq.ParquetWriter(stream, MENTION_SCHEMA, compression="zstd")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()

    def write(self, table: pa.Table) -> None:
        self._writer.write_table(table)


_WRITERS: dict[str, Callable[[IO[bytes]], _Writer]] = {".jsonl": _JsonLines, ".parquet": _Parquet}
