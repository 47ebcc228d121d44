"""What a role's distinct postings ask for, in a form that is small enough to count with."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from skillextract.errors import LakeError
from skillextract.posting import key_company

ASKING_ORDER = ("required", "preferred", "duty")
"""The requirements that ask (`skills.mention.ASKING`), the strongest first."""

FACT_COLUMNS = (
    "id",
    "source",
    "url",
    "title",
    "company",
    "country",
    "remote",
    "posted_at",
    "salary_min",
    "salary_max",
    "salary_currency",
    "salary_period",
)
"""The facts of a posting that counting keeps; the text is not among them."""

POSTING_COLUMNS = (*FACT_COLUMNS, "duplicate_of", "is_role")
"""The columns of the postings that counting reads."""

MENTION_COLUMNS = ("posting_id", "start", "end", "skill", "requirement")
"""The columns of the mentions that counting reads."""


class RegisteredSkill(Protocol):
    """What counting needs to know of a skill: a line of `patterns/registry.jsonl`."""

    @property
    def name(self) -> str:
        """As readers know it."""

    @property
    def kind(self) -> str:
        """`tool`, `concept`, `soft`, `degree` or `language`."""

    @property
    def family(self) -> str:
        """The group of skills that it belongs to."""


Registry = Mapping[str, RegisteredSkill]
"""The registered skills by id."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """How much has to be counted before a share is a number; below it every share reads "too few".

    It is set in the settings. For publishing, thirty postings is where the presentation standards of the US National
    Center for Health Statistics draw the line for a proportion (J. D. Parker et al., 2017, Vital and Health Statistics
    2(175)), and ten employers leave the variance between them nine degrees of freedom.

    Attributes:
        postings: distinct postings in the denominator, at least.
        companies: employers that they come from, at least.
    """

    postings: int
    companies: int


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
        end: one past its last.
    """

    first: npt.NDArray[np.int64]
    posting: npt.NDArray[np.int32]
    flags: npt.NDArray[np.uint8]
    mentions: npt.NDArray[np.uint16]
    start: npt.NDArray[np.int32]
    end: npt.NDArray[np.int32]

    def of(self, skill: int) -> slice:
        """The entries of a skill."""
        return slice(int(self.first[skill]), int(self.first[skill + 1]))


@dataclasses.dataclass(frozen=True, slots=True)
class Demand:
    """The distinct postings of a role and what they ask for.

    Attributes:
        postings: one row a posting, ordered by employer and `id`; the index, 0 to n - 1, is the posting's number below.
            `FACT_COLUMNS`, `employer` (its number) and `has_skill` (asks for at least one). Strings are Arrow's.
        asks: see `Asks`.
        skills: ids of the registered skills, sorted; the index is the skill's number.
        employer_sizes: postings of each employer.
    """

    postings: pd.DataFrame
    asks: Asks
    skills: tuple[str, ...]
    employer_sizes: npt.NDArray[np.int64]

    @property
    def posting_count(self) -> int:
        """Distinct postings of the role."""
        return len(self.postings)

    @property
    def with_skill_count(self) -> int:
        """Distinct postings of the role that ask for at least one skill."""
        return int(self.postings["has_skill"].sum())

    @property
    def company_count(self) -> int:
        """Employers of the role's postings; a posting that states none is an employer of its own."""
        return len(self.employer_sizes)

    @property
    def employers(self) -> npt.NDArray[np.int64]:
        """The employer's number of each posting."""
        return self.postings["employer"].to_numpy(dtype=np.int64)

    def suffices(self, floor: Floor) -> bool:
        """Whether there are enough postings and employers to state a share."""
        return self.posting_count >= floor.postings and self.company_count >= floor.companies

    def select_groups(self, groups: Sequence[Collection[str]]) -> Iterable[tuple[range, pd.DataFrame]]:
        """What groups of skills are asked for, in blocks that fit into memory.

        A posting asks for a group when it asks for any skill of it.

        Args:
            groups: the skill ids of each group; an id that is not registered is never found.

        Yields:
            The numbers of the block's groups, and one row for each of these groups and posting that asks for it,
            ordered so: `group` (counted from the block's first), `posting`, `flags`, `mentions` (see `Asks`).
        """
        numbers = {skill: number for number, skill in enumerate(self.skills)}
        members = [sorted({numbers[skill] for skill in ids if skill in numbers}) for ids in groups]
        lengths = [sum(int(self.asks.first[m + 1] - self.asks.first[m]) for m in ids) for ids in members]
        first = 0
        while first < len(groups):
            stop, total = first + 1, lengths[first]
            while stop < len(groups) and total + lengths[stop] <= _BLOCK:
                total += lengths[stop]
                stop += 1
            yield range(first, stop), self._unite(members[first:stop])
            first = stop

    def _unite(self, members: Sequence[Sequence[int]]) -> pd.DataFrame:
        slices = [(group, self.asks.of(skill)) for group, ids in enumerate(members) for skill in ids]
        rows = {
            name: np.concatenate([np.zeros(0, values.dtype), *(values[part] for _, part in slices)])
            for name, values in (
                ("posting", self.asks.posting),
                ("flags", self.asks.flags),
                ("mentions", self.asks.mentions),
            )
        }
        sizes = [part.stop - part.start for _, part in slices]
        group = np.repeat(np.array([group for group, _ in slices], dtype=np.int64), sizes)
        if all(len(ids) <= 1 for ids in members):
            return pd.DataFrame({"group": group, **rows}, copy=False)
        key = group * max(self.posting_count, 1) + rows["posting"]
        order = np.argsort(key, kind="stable")
        key = key[order]
        starts = np.flatnonzero(np.diff(key, prepend=-1))
        if not len(starts):
            return pd.DataFrame({"group": group, **rows}, copy=False)
        return pd.DataFrame(
            {
                "group": group[order][starts],
                "posting": rows["posting"][order][starts],
                "flags": np.bitwise_or.reduceat(rows["flags"][order], starts),
                "mentions": np.add.reduceat(rows["mentions"][order].astype(np.int64), starts),
            },
            copy=False,
        )


_BLOCK = 2_000_000
"""Pairs of group and posting that are worked on at once."""


def gather_demand(postings: pa.Table, mentions: pa.Table | Iterable[pa.RecordBatch], *, registry: Registry) -> Demand:
    """The demand of the role: its distinct postings, and the mentions in them that ask.

    Not counted: postings of other roles (`is_role` false), copies of a posting (`duplicate_of` set), and mentions that
    are `context` or `negated`. Two spellings of an employer that differ only in case or white space are one employer.

    Args:
        postings: at least `POSTING_COLUMNS`; further ones are not touched.
        mentions: at least `MENTION_COLUMNS`, a table or batches, which are read one at a time.
        registry: the skills that mentions may name.

    Raises:
        LakeError: a column is missing, a posting stands twice, or a mention names a skill that is not registered.
    """
    roles = _select_postings(postings)
    employer, sizes = _number_employers(roles)
    order = np.argsort(employer, kind="stable")
    roles, employer = roles.take(pa.array(order)), employer[order]
    skills = tuple(sorted(registry))
    asks = _collect_asks(mentions, ids=roles["id"].to_pylist(), skills=skills)
    frame = roles.to_pandas(types_mapper=pd.ArrowDtype)
    frame["employer"] = employer
    has_skill = np.zeros(len(frame), dtype=bool)
    has_skill[asks.posting] = True
    frame["has_skill"] = has_skill
    del roles
    pa.default_memory_pool().release_unused()
    return Demand(frame, asks, skills, sizes)


def _select_postings(postings: pa.Table) -> pa.Table:
    _require_columns(postings.column_names, POSTING_COLUMNS, "postings")
    counted = pc.and_(pc.fill_null(postings["is_role"], False), pc.is_null(postings["duplicate_of"]))
    roles = postings.select(list(FACT_COLUMNS)).filter(counted).sort_by("id").combine_chunks()
    if len(pc.unique(roles["id"])) != len(roles):
        repeated = next(row["values"] for row in pc.value_counts(roles["id"]).to_pylist() if row["counts"] > 1)
        raise LakeError(f"postings: id {repeated!r} stands twice; expected is every posting once: deduplicate")
    return roles


def _number_employers(postings: pa.Table) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """The employer's number of each posting, and the postings of each employer."""
    column = postings["company"].combine_chunks().dictionary_encode()
    names = [key_company(name) for name in column.dictionary.to_pylist()]
    keys = sorted({name for name in names if name})
    numbers = {name: number for number, name in enumerate(keys)}
    by_entry = np.array([*(numbers.get(name, -1) for name in names), -1], dtype=np.int64)
    employer = by_entry[pc.fill_null(column.indices, -1).to_numpy(zero_copy_only=False)]
    alone = employer < 0
    employer[alone] = len(keys) + np.arange(np.count_nonzero(alone))
    return employer.astype(np.int32), np.bincount(employer).astype(np.int64)


def _collect_asks(
    mentions: pa.Table | Iterable[pa.RecordBatch], *, ids: Sequence[str], skills: tuple[str, ...]
) -> Asks:
    numbers = {posting: number for number, posting in enumerate(ids)}
    parts = [
        part
        for batch in (mentions.to_batches() if isinstance(mentions, pa.Table) else mentions)
        if (part := _encode_mentions(batch, numbers=numbers, skills=skills)) is not None
    ]
    width = max(len(ids), 1)
    # Millions of strings, and what decoding left behind: their room is needed for sorting.
    del numbers, ids
    pa.default_memory_pool().release_unused()
    columns: dict[str, npt.NDArray[Any]] = {
        name: np.concatenate([np.zeros(0, kind), *(part.pop(name) for part in parts)]) for name, kind in _ASK_TYPES
    }
    # Parts hold each pair once; a posting whose mentions stand in two batches has it twice.
    columns = _merge_pairs(columns, width=width)
    first = np.searchsorted(columns.pop("skill"), np.arange(len(skills) + 1)).astype(np.int64)
    return Asks(first, **columns)


_ASK_TYPES: tuple[tuple[str, type[np.generic]], ...] = (
    ("skill", np.int32),
    ("posting", np.int32),
    ("flags", np.uint8),
    ("mentions", np.uint16),
    ("start", np.int32),
    ("end", np.int32),
)


def _encode_mentions(
    batch: pa.RecordBatch, *, numbers: Mapping[str, int], skills: tuple[str, ...]
) -> dict[str, npt.NDArray[Any]] | None:
    """The asking mentions of a batch as pairs of skill and posting, with numbers in place of names."""
    _require_columns(batch.schema.names, MENTION_COLUMNS, "mentions")
    # A batch names few postings again and again: each is looked up once.
    encoded = pc.dictionary_encode(batch["posting_id"])
    known = pa.array([numbers.get(posting) for posting in encoded.dictionary.to_pylist()], pa.int32())
    posting = known.take(encoded.indices)
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
    columns: dict[str, npt.NDArray[Any]] = {
        "skill": skill.to_numpy(zero_copy_only=False).astype(np.int32),
        "posting": posting.filter(counted).to_numpy(zero_copy_only=False).astype(np.int32),
        "flags": np.left_shift(1, bits).astype(np.uint8),
        "mentions": np.ones(len(skill), dtype=np.uint16),
        "start": batch["start"].filter(counted).to_numpy(zero_copy_only=False).astype(np.int32),
        "end": batch["end"].filter(counted).to_numpy(zero_copy_only=False).astype(np.int32),
    }
    return _merge_pairs(columns, width=max(len(numbers), 1))


def _merge_pairs(columns: dict[str, npt.NDArray[Any]], *, width: int) -> dict[str, npt.NDArray[Any]]:
    """One entry a pair of skill and posting, ordered so; its place is that of the strongest mention, then the first.

    Takes the columns out of what it is given, so that no two copies of them are in memory.
    """
    key = columns["skill"].astype(np.int64)
    key *= width
    key += columns["posting"]
    order = np.argsort(key)  # in place; what is equal is put in order below
    is_first = np.ones(len(key), dtype=bool)
    for start in range(0, len(key) - 1, _BLOCK):
        ordered = key[order[start : start + _BLOCK + 1]]
        np.not_equal(ordered[1:], ordered[:-1], out=is_first[start + 1 : start + _BLOCK + 1])
    if is_first.all():
        del key
        return {name: columns.pop(name)[order] for name, _ in _ASK_TYPES}
    # Only pairs with several mentions need more than being put in order.
    several = ~is_first
    several[:-1] |= several[1:]
    repeated = np.flatnonzero(several)
    entries = order[repeated]
    flags = columns["flags"][entries]
    strongest = flags & -flags.astype(np.int16)  # the lowest bit that is set
    entries = entries[np.lexsort((columns["start"][entries], strongest, key[entries]))]
    del key
    order[repeated] = entries
    starts = np.flatnonzero(is_first[repeated])
    united = np.bitwise_or.reduceat(columns["flags"][entries], starts)
    counted = np.add.reduceat(columns["mentions"][entries], starts, dtype=np.uint16)
    place = np.cumsum(is_first, dtype=np.int32)[repeated[starts]] - 1
    order = order[is_first]
    merged = {name: columns.pop(name)[order] for name, _ in _ASK_TYPES}
    merged["flags"][place] = united
    merged["mentions"][place] = counted
    return merged


def _require_columns(found: Collection[str], expected: Collection[str], where: str) -> None:
    missing = sorted(set(expected) - set(found))
    if missing:
        raise LakeError(f"{where}: the columns {', '.join(missing)} are missing; expected are {', '.join(expected)}")
