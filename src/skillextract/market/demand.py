"""What a role's distinct postings ask for, in a form that is small enough to count with."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from skillextract.errors import LakeError
from skillextract.market.asks import (
    ASKING_ORDER,
    MENTION_COLUMNS,
    Asks,
    PostingNumbers,
    collect_asks,
    require_columns,
)
from skillextract.memory import give_back
from skillextract.posting import key_company

__all__ = ["ASKING_ORDER", "MENTION_COLUMNS", "Asks", "Demand", "Floor", "Registry", "gather_demand"]

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
class Demand:
    """The distinct postings of a role and what they ask for.

    Attributes:
        postings: one row a posting, ordered by employer and `id`; the index, 0 to n - 1, is the posting's number below.
            `FACT_COLUMNS`, `employer` (its number) and `has_skill` (asks for at least one). Strings are Arrow's.
        asks: see `Asks`.
        skills: ids of the registered skills, sorted; the index is the skill's number.
        employer_sizes: postings of each employer.
        numbers: finds the number of a posting by its id.
    """

    postings: pd.DataFrame
    asks: Asks
    skills: tuple[str, ...]
    employer_sizes: npt.NDArray[np.int64]
    numbers: PostingNumbers

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
            while stop < min(len(groups), first + _GROUPS) and total + lengths[stop] <= _BLOCK:
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


_BLOCK = 500_000
"""Pairs of group and posting that are worked on at once."""
_GROUPS = 1_000
"""Groups that are: each may have a cell in hundreds of segments."""


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
    give_back()
    roles = _select_postings(postings)
    employer, sizes = _number_employers(roles)
    order = np.argsort(employer, kind="stable")
    roles, employer = roles.take(pa.array(order)), employer[order]
    skills = tuple(sorted(registry))
    numbers = PostingNumbers(roles["id"].combine_chunks())
    asks = collect_asks(mentions, numbers=numbers, skills=skills)
    frame = roles.to_pandas(types_mapper=pd.ArrowDtype)
    frame["employer"] = employer
    has_skill = np.zeros(len(frame), dtype=bool)
    has_skill[asks.posting] = True
    frame["has_skill"] = has_skill
    del roles
    give_back()
    return Demand(frame, asks, skills, sizes, numbers)


def _select_postings(postings: pa.Table) -> pa.Table:
    require_columns(postings.column_names, POSTING_COLUMNS, "postings")
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
