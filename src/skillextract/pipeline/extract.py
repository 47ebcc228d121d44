"""Find the skills in one part of the postings."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from skillextract.company_text import (
    Lines,
    find_lines,
    locate_boilerplate,
    mark_mentions,
    read_boilerplate,
)
from skillextract.journal import Journal
from skillextract.lake import Lake
from skillextract.pipeline.results import Advance
from skillextract.reuse import (
    Earlier,
    Key,
    Place,
    find_earlier,
    join_mentions,
    key_text,
    name_index,
    name_reader,
    tabulate_index,
)
from skillextract.settings import Settings
from skillextract.skills.loading import load_matcher
from skillextract.skills.matcher import SkillMatcher
from skillextract.skills.mention import Mention, tabulate_mentions
from skillextract.turns import take_turn

logger = logging.getLogger(__name__)


@dataclasses.dataclass(slots=True)
class _Read:
    """What is known of the texts of a part, in the order of its postings.

    Attributes:
        keys: see `key_text`.
        places: each posting's id, and where its mentions stand: see `join_mentions`.
        fresh: the mentions that were found anew.
        taken: the earlier mentions that are taken over, by the path of their part.
        read_anew: how many texts were searched.
    """

    keys: list[Key]
    places: list[tuple[str, Place]]
    fresh: list[Mention]
    taken: dict[str, pa.Table]
    read_anew: int


def extract_part(
    part: str, *, settings: Settings, snapshot: str, patterns: str | None = None, advance: Advance | None = None
) -> str:
    """Find the skills in one part of the postings and return the path of its mentions.

    Copies are passed over. Texts that an earlier snapshot read with the same patterns and program are not read again:
    their mentions are taken over. The patterns are loaded once a process.

    Raises:
        LakeError: the lake cannot be read or written.
    """
    lake, journal = Lake(settings.lake), Journal(Lake(settings.lake), snapshot)
    matcher = load_matcher(patterns)
    reader = name_reader(matcher.vocabulary.version)
    stored = lake.describe_file(locate_boilerplate(snapshot))
    boilerplate = read_boilerplate(lake, snapshot, digest=stored["blake2b"])
    given = {"part": lake.describe_file(part), "reader": reader, "boilerplate": stored}
    step = f"extract-{Path(part).stem}"
    if (done := journal.recall(step, given=given)) is not None:
        if advance is not None:
            advance(lake.count_rows(part))
        return str(done)
    earlier = find_earlier(lake, before=snapshot, reader=reader)
    read = _read_texts(lake, part, matcher, boilerplate, earlier, advance)
    logger.info(
        "%s: %d of %d texts read, the others known from an earlier snapshot", part, read.read_anew, len(read.keys)
    )
    mentions, spans = join_mentions(tabulate_mentions(read.fresh, matcher.vocabulary.skills), read.places, read.taken)
    made_by = {"patterns_version": matcher.vocabulary.version}
    path = lake.write_parquet(part.replace("postings/", "mentions/", 1), mentions, **made_by)
    index = lake.write_parquet(name_index(path), tabulate_index(read.keys, spans), **made_by)
    journal.record(step, given=given, result=path, files=[path, index])
    return path


def _read_texts(
    lake: Lake,
    part: str,
    matcher: SkillMatcher,
    boilerplate: Mapping[str, Lines],
    earlier: Earlier,
    advance: Advance | None,
) -> _Read:
    """Find the mentions of all postings of a part that are no copies: in an earlier snapshot, or in their texts."""
    read = _Read([], [], [], {}, 0)
    parts: dict[str, pa.Table | None] = {}
    for batch in lake.read_batches(part, rows=500):
        chosen = batch.filter(pc.is_null(batch["duplicate_of"])).select(["id", "title", "text", "company"])
        rows = chosen.to_pylist()
        with take_turn():
            repeated = [find_lines(row["text"], row["company"], boilerplate) for row in rows]
            keys = [
                key_text(row["title"], row["text"], row["company"], boilerplate=[key for *_, key in lines])
                for row, lines in zip(rows, repeated, strict=True)
            ]
        read.keys.extend(keys)
        known = list(earlier.find(keys))
        for path in dict.fromkeys(place[0] for place in known if place is not None):
            if path not in parts:
                parts[path] = earlier.read_part(path)
        with take_turn():
            for row, lines, place in zip(rows, repeated, known, strict=True):
                if place is None or parts[place[0]] is None:
                    found = matcher.find_mentions(row["id"], row["title"], row["text"], company=row["company"])
                    place = ("", len(read.fresh), len(found))
                    read.fresh.extend(mark_mentions(found, lines, matcher.vocabulary.skills) if lines else found)
                    read.read_anew += 1
                read.places.append((row["id"], place))
        if advance is not None:
            advance(len(batch))
    read.taken.update((path, table) for path, table in parts.items() if table is not None)
    return read
