"""Mark copies among all postings, and find the lines that companies repeat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import cast

import pyarrow as pa

from skillextract.collect.deduplicate import NEAR_COLUMNS, NearRow, find_repeats
from skillextract.company_text import write_boilerplate
from skillextract.errors import LakeError
from skillextract.journal import Journal
from skillextract.lake import Lake
from skillextract.memory import give_back
from skillextract.pipeline.results import FetchedSource, FoldedPostings
from skillextract.posting import POSTING_SCHEMA
from skillextract.roles.titles import load_titles
from skillextract.settings import Settings
from skillextract.skills.pattern_files import find_patterns


def fold_postings(
    fetched: Sequence[FetchedSource], *, settings: Settings, snapshot: str, patterns: str | None = None
) -> FoldedPostings:
    """Mark the copies among all fetched postings and write them to the lake, part by part; see `find_repeats`.

    Which titles are of the settings' role is told as the report tells it, which counts these alone. Then find the lines
    that stand on most postings of a company; see `company_text`.

    Raises:
        LakeError: no source gave any posting; the message says what each source said.
        PatternError: there is no such role, or its file breaks a rule.
    """
    lake = Lake(settings.lake)
    sources = [path for each in fetched for path in each["parts"]]
    if not sources:
        reasons = "\n  ".join(f"{each['source']}: {each['message']}" for each in fetched)
        raise LakeError(f"no source gave a posting, so there is nothing to count:\n  {reasons}")
    journal, given = Journal(lake, snapshot), [lake.describe_file(path) for path in sources]
    if (done := journal.recall("fold", given=given)) is not None:
        return cast(FoldedPostings, done)
    titles = load_titles(find_patterns() if patterns is None else Path(patterns), settings.role)
    # Titles repeat in a market: few are read more than once.
    is_role = lru_cache(maxsize=65_536)(titles.match)
    repeats = find_repeats(_read_comparable(lake, sources), is_role=is_role)
    parts: list[str] = []
    folded: dict[str, int] = {}
    # A thousand small boards shall not become a thousand tasks: parts are filled up to the shard's size.
    for table in _fill_shards(lake, sources, rows=settings.shard_size):
        found = [repeats.get(posting_id) for posting_id in table["id"].to_pylist()]
        marks = [repeat and repeat.of for repeat in found]
        for column, values in (("duplicate_of", marks), ("duplicate_reason", [each and each.reason for each in found])):
            position = table.schema.get_field_index(column)
            table = table.set_column(position, POSTING_SCHEMA.field(column), pa.array(values, pa.string()))
        for name, mark in zip(table["source"].to_pylist(), marks, strict=True):
            if mark is not None:
                folded[name] = folded.get(name, 0) + 1
        parts.append(lake.write_parquet(f"postings/snapshot={snapshot}/part-{len(parts):05d}.parquet", table))
    del repeats
    give_back()
    result = FoldedPostings(parts=parts, folded=folded)
    journal.record(
        "fold", given=given, result=result, files=[*parts, write_boilerplate(lake, parts, snapshot=snapshot)]
    )
    give_back()
    return result


def _read_comparable(lake: Lake, paths: Sequence[str]) -> Iterator[NearRow]:
    for path in paths:
        for batch in lake.read_batches(path, rows=1_000):
            yield from zip(*(batch[name].to_pylist() for name in NEAR_COLUMNS), strict=True)


def _fill_shards(lake: Lake, paths: Sequence[str], *, rows: int) -> Iterator[pa.Table]:
    """Yield the postings of some parts, in their order, in tables of `rows` rows; the last one may be shorter."""
    waiting: list[pa.Table] = []
    count = 0
    for path in paths:
        table = lake.read_parquet([path])
        while table.num_rows:
            taken = table.slice(0, rows - count)
            waiting.append(taken)
            count += taken.num_rows
            table = table.slice(taken.num_rows)
            if count == rows:
                yield pa.concat_tables(waiting).combine_chunks()
                waiting, count = [], 0
    if waiting:
        yield pa.concat_tables(waiting).combine_chunks()
