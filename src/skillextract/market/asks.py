"""Which posting asks for which skill: the mentions of a role, with numbers in place of names.

A million postings have tens of millions of mentions. They are read batch by batch; of each batch stay the pairs of
skill and posting, 19 bytes each, in blocks that the system takes back whole; and they are put in order skill by skill,
so that there are never two copies of them.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from skillextract.errors import LakeError
from skillextract.memory import give_back

ASKING_ORDER = ("required", "preferred", "duty")
"""The requirements that ask (`skills.mention.ASKING`), the strongest first."""

MENTION_COLUMNS = ("posting_id", "start", "end", "skill", "requirement")
"""The columns of the mentions that counting reads."""

Columns = dict[str, npt.NDArray[Any]]
"""Pairs of skill and posting, a column each of `_TYPES`."""


@dataclasses.dataclass(frozen=True, slots=True)
class Asks:
    """Which posting asks for which skill: one entry a pair, ordered by skill and posting, 19 bytes each.

    Attributes:
        first: entries `first[s]` to `first[s + 1]` are those of the skill with number s.
        posting: number of the posting.
        flags: bit b is set where a mention has the requirement `ASKING_ORDER[b]`.
        mentions: mentions that ask.
        start: of the strongest of these mentions, the first in the text where several are equal: its first character in
            `Posting.text`.
        length: how many it has.
    """

    first: npt.NDArray[np.int64]
    posting: npt.NDArray[np.int32]
    flags: npt.NDArray[np.uint8]
    mentions: npt.NDArray[np.uint16]
    start: npt.NDArray[np.int32]
    length: npt.NDArray[np.uint16]

    def find_ends(self, entries: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.int64]:
        """One past the last character of the mentions of some entries; a place in millions needs no second one."""
        ends: npt.NDArray[np.int64] = self.start[entries].astype(np.int64) + self.length[entries]
        return ends

    def of(self, skill: int) -> slice:
        """The entries of a skill."""
        return slice(int(self.first[skill]), int(self.first[skill + 1]))


def collect_asks(
    mentions: pa.Table | Iterable[pa.RecordBatch], *, numbers: PostingNumbers, skills: tuple[str, ...]
) -> Asks:
    """What the mentions of some postings ask for.

    Args:
        mentions: at least `MENTION_COLUMNS`, a table or batches, which are read one at a time; those of other postings
            are passed over.
        numbers: of the postings.
        skills: ids of the registered skills; the index is the skill's number.

    Raises:
        LakeError: a column is missing, or a mention that asks names a skill that is not registered.
    """
    width = max(len(numbers), 1)
    pairs = _Pairs(len(skills))
    for batch in mentions.to_batches() if isinstance(mentions, pa.Table) else mentions:
        for first in range(0, len(batch), _BATCH):
            encoded = _encode_mentions(batch.slice(first, _BATCH), numbers=numbers, skills=skills)
            if encoded is not None:
                pairs.add(_merge_pairs(encoded, width=width))
    give_back()
    return pairs.finish(width=width)


_BATCH = 250_000
"""Mentions, and ids, that are worked on at once."""

_TYPES: dict[str, type[np.generic]] = {
    "skill": np.int32,
    "posting": np.int32,
    "flags": np.uint8,
    "mentions": np.uint16,
    "start": np.int32,
    "length": np.uint16,
}


class PostingNumbers:
    """The number of the posting with an id.

    A dict of a million ids takes 200 MB; sorted hashes take 12. Where two ids have one hash, which among a million
    happens once in thirty million times, a dict it is.

    Args:
        ids: of the postings, each once; the index is the posting's number.
    """

    def __init__(self, ids: pa.StringArray) -> None:
        self._ids = ids
        hashes = hash_ids(ids)
        order = np.argsort(hashes)
        self._hashes, self._numbers = hashes[order], order.astype(np.int32)
        self._exact: dict[str, int] | None = None
        if (self._hashes[1:] == self._hashes[:-1]).any():
            self._exact = {posting: number for number, posting in enumerate(ids.to_pylist())}

    def __len__(self) -> int:
        return len(self._ids)

    def list_hashes(self) -> npt.NDArray[np.uint64]:
        """The hash of each posting's id, see `hash_ids`."""
        hashes = np.empty_like(self._hashes)
        hashes[self._numbers] = self._hashes
        return hashes

    def find(self, ids: pa.StringArray) -> pa.Int32Array:
        """The number of each posting, null where it is none of these."""
        if self._exact is not None:
            return pa.array([self._exact.get(posting) for posting in ids.to_pylist()], pa.int32())
        if not len(self._numbers):
            return pa.nulls(len(ids), pa.int32())
        place = np.minimum(np.searchsorted(self._hashes, hash_ids(ids)), len(self._numbers) - 1)
        numbers = pa.array(self._numbers[place])
        return pc.if_else(pc.equal(self._ids.take(numbers), ids), numbers, pa.scalar(None, pa.int32()))


def hash_ids(ids: pa.StringArray) -> npt.NDArray[np.uint64]:
    """A hash of each id, the same in every process; a million ids as Python's strings are never in memory at once."""
    hashes = np.empty(len(ids), np.uint64)
    for first in range(0, len(ids), _BATCH):
        part = ids.slice(first, _BATCH).to_numpy(zero_copy_only=False)
        hashes[first : first + _BATCH] = pd.util.hash_array(part, categorize=False)
    return hashes


def _encode_mentions(batch: pa.RecordBatch, *, numbers: PostingNumbers, skills: tuple[str, ...]) -> Columns | None:
    """The asking mentions of a batch, with numbers in place of names; None where it has none."""
    require_columns(batch.schema.names, MENTION_COLUMNS, "mentions")
    # A batch names few postings again and again: each is looked up once.
    named = pc.dictionary_encode(batch["posting_id"])
    posting = numbers.find(named.dictionary.cast(pa.string())).take(named.indices)
    requirement = pc.index_in(batch["requirement"], value_set=pa.array(ASKING_ORDER))
    counted = pc.and_(pc.is_valid(posting), pc.is_valid(requirement))
    skill = pc.index_in(batch["skill"].filter(counted), value_set=pa.array(skills, pa.string()))
    if skill.null_count:
        unknown = batch["skill"].filter(counted).filter(pc.is_null(skill))[0].as_py()
        raise LakeError(
            f"mentions: skill {unknown!r} is not in the registry: the mentions were made with other patterns; "
            "extract again with the present ones"
        )
    if not len(skill):
        return None
    bits = requirement.filter(counted).to_numpy(zero_copy_only=False)
    start, end = (batch[name].filter(counted).to_numpy(zero_copy_only=False) for name in ("start", "end"))
    return {
        "skill": skill.to_numpy(zero_copy_only=False).astype(np.int32),
        "posting": posting.filter(counted).to_numpy(zero_copy_only=False).astype(np.int32),
        "flags": np.left_shift(1, bits).astype(np.uint8),
        "mentions": np.ones(len(skill), dtype=np.uint16),
        "start": start.astype(np.int32),
        "length": np.clip(end - start, 0, np.iinfo(np.uint16).max).astype(np.uint16),
    }


def _merge_pairs(columns: Columns, *, width: int) -> Columns:
    """One entry a pair of skill and posting, ordered so; its place is that of the strongest mention, then the first."""
    key = columns["skill"].astype(np.int64) * width + columns["posting"]
    order = np.argsort(key)  # what is equal is put in order below
    ordered = key[order]
    is_first = np.ones(len(key), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    if is_first.all():
        return {name: columns[name][order] for name in _TYPES}
    # Only pairs with several mentions need more than being put in order.
    several = ~is_first
    several[:-1] |= several[1:]
    repeated = np.flatnonzero(several)
    entries = order[repeated]
    flags = columns["flags"][entries]
    strongest = flags & -flags.astype(np.int16)  # the lowest bit that is set
    entries = entries[np.lexsort((columns["start"][entries], strongest, key[entries]))]
    order[repeated] = entries
    starts = np.flatnonzero(is_first[repeated])
    united = np.bitwise_or.reduceat(columns["flags"][entries], starts)
    counted = np.add.reduceat(columns["mentions"][entries], starts, dtype=np.uint16)
    place = np.cumsum(is_first, dtype=np.int32)[repeated[starts]] - 1
    order = order[is_first]
    merged = {name: columns[name][order] for name in _TYPES}
    merged["flags"][place] = united
    merged["mentions"][place] = counted
    return merged


class _Pairs:
    """Takes the pairs of batch after batch, each ordered by skill, and puts them in order as a whole."""

    def __init__(self, skills: int) -> None:
        self._skills = skills
        self._blocks: dict[str, list[npt.NDArray[Any]]] = {name: [] for name in _TYPES if name != "skill"}
        self._used = _BLOCK
        self._counts: list[npt.NDArray[np.int32]] = []

    def add(self, pairs: Columns) -> None:
        """Keep the pairs of a batch."""
        skill = pairs["skill"]
        self._counts.append(np.bincount(skill, minlength=self._skills).astype(np.int32))
        done = 0
        while done < len(skill):
            if self._used == _BLOCK:
                for name, blocks in self._blocks.items():
                    blocks.append(np.empty(_BLOCK, _TYPES[name]))
                self._used = 0
            size = min(_BLOCK - self._used, len(skill) - done)
            for name, blocks in self._blocks.items():
                blocks[-1][self._used : self._used + size] = pairs[name][done : done + size]
            self._used, done = self._used + size, done + size

    def finish(self, *, width: int) -> Asks:
        """All pairs, each once. Nothing can be added any more."""
        totals = sum(self._counts, start=np.zeros(self._skills, np.int64))
        first = np.concatenate([[0], np.cumsum(totals)])
        columns = {name: self._gather(name, first) for name in list(self._blocks)}
        return _order_skills(first, columns, width=width)

    def _gather(self, name: str, first: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
        """A column with the pairs of each skill beside each other, batch after batch; its blocks are given up."""
        whole = np.empty(int(first[-1]), _TYPES[name])
        reached = first[:-1].copy()
        for counts, part in zip(self._counts, self._cut(self._blocks.pop(name)), strict=True):
            begins = np.cumsum(counts) - counts
            whole[np.repeat(reached - begins, counts) + np.arange(len(part))] = part
            reached += counts
        return whole

    def _cut(self, blocks: list[npt.NDArray[Any]]) -> Iterator[npt.NDArray[Any]]:
        """The batches of a column, out of its blocks."""
        place = 0
        for counts in self._counts:
            stop = place + int(counts.sum())
            parts = [
                blocks[number][max(place - number * _BLOCK, 0) : stop - number * _BLOCK]
                for number in range(place // _BLOCK, -(-stop // _BLOCK))
            ]
            yield parts[0] if len(parts) == 1 else np.concatenate(parts)
            place = stop


_BLOCK = 1 << 23
"""Pairs in a block: from 32 MB on the system's allocator gives memory back at once, and does not keep it in pieces."""


def _order_skills(first: npt.NDArray[np.int64], columns: Columns, *, width: int) -> Asks:
    """Order the pairs of each skill by posting, and unite those that came in two batches, without a copy of all."""
    written = 0
    bounds = first.tolist()
    first = first.copy()
    for skill, (start, stop) in enumerate(itertools.pairwise(bounds)):
        first[skill] = written
        part = slice(start, stop)
        order = np.argsort(columns["posting"][part])
        pairs = {name: values[part][order] for name, values in columns.items()}
        posting = pairs["posting"]
        if (posting[1:] == posting[:-1]).any():
            pairs = _merge_pairs({"skill": np.zeros(len(posting), np.int32), **pairs}, width=width)
        size = len(pairs["posting"])
        for name, values in columns.items():
            values[written : written + size] = pairs[name]
        written += size
    first[-1] = written
    return Asks(first, **{name: values[:written] for name, values in columns.items()})


def require_columns(found: Collection[str], expected: Collection[str], where: str) -> None:
    """Refuse a table without the columns that counting reads."""
    missing = sorted(set(expected) - set(found))
    if missing:
        raise LakeError(f"{where}: the columns {', '.join(missing)} are missing; expected are {', '.join(expected)}")
