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
from skillextract.market.intervals import estimate_intervals

ASKING_ORDER = ("required", "preferred", "duty")
"""The requirements that ask (`skills.mention.ASKING`), the strongest first."""

POSTING_COLUMNS = ("id", "source", "url", "title", "company", "duplicate_of", "is_role")
"""The columns of the postings that counting reads; the text is not among them."""

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
class Demand:
    """The distinct postings of a role and the mentions with which they ask.

    Attributes:
        postings: one row a posting, ordered by `id`; the index, 0 to n - 1, is the posting's number below. Columns
            `id`, `source`, `url`, `title`, `company` as stated, `employer` (its number), `has_skill` (asks for at least
            one).
        mentions: one row a mention that asks, ordered by skill, posting and start: `skill` (number in `skills`),
            `posting` (number), `requirement` (number in `ASKING_ORDER`), `start`, `end` (characters of `Posting.text`).
        skills: ids of the registered skills, sorted; the index is the skill's number.
        employer_sizes: postings of each employer.
    """

    postings: pd.DataFrame
    mentions: pd.DataFrame
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

    def suffices(self, floor: Floor) -> bool:
        """Whether there are enough postings and employers to state a share."""
        return self.posting_count >= floor.postings and self.company_count >= floor.companies


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
    skills = tuple(sorted(registry))
    asking = _encode_mentions(mentions, ids=roles["id"], skills=skills)
    kept = ("id", "source", "url", "title", "company")
    frame = pd.DataFrame({name: roles[name].to_pylist() for name in kept}, dtype=object)
    frame["employer"], employers = pd.factorize(_employer_keys(frame), sort=True)
    frame["has_skill"] = False
    frame.loc[asking["posting"].unique(), "has_skill"] = True
    sizes = np.bincount(frame["employer"].to_numpy(dtype=np.int64), minlength=len(employers)).astype(np.int64)
    return Demand(frame, asking, skills, sizes)


def measure_groups(demand: Demand, groups: Sequence[Collection[str]], *, floor: Floor) -> pd.DataFrame:
    """How much each group of skills is asked for; a posting asks for a group when it asks for any skill of it.

    Args:
        demand: the role's postings and mentions.
        groups: the skill ids of each group; an id that is not registered is never found.
        floor: below it every share and its interval are missing.

    Returns:
        One row a group, in the order given, index 0 to n - 1. Counts: `postings` (distinct postings that ask, not
        mentions), `companies` (their employers), `mentions` (those that ask), `postings_required`,
        `postings_preferred`, `postings_duty` (with at least one such mention; a posting can be in several). Shares, 0
        to 1: `share`, `share_low`, `share_high` (95 %, see `intervals`) and `share_required`, `share_preferred`,
        `share_duty` of all the role's postings; `share_with_skills` of those that ask for any skill; `share_companies`
        of all employers. `effective_n`: see `intervals`. `enough`: whether the floor is reached. `role_postings`,
        `role_postings_with_skills`, `role_companies`: the denominators.
    """
    asks = _unite_asks(demand, groups)
    n = demand.posting_count
    group = asks["group"].to_numpy(dtype=np.int64)
    employer = demand.postings["employer"].to_numpy(dtype=np.int64)[asks["posting"].to_numpy(dtype=np.int64)]
    width = max(demand.company_count, 1)
    pairs, pair_counts = np.unique(group * width + employer, return_counts=True)
    fit = estimate_intervals(
        group=pairs // width,
        employer=pairs % width,
        count=pair_counts.astype(np.int64),
        groups=len(groups),
        sizes=demand.employer_sizes,
    )
    table = pd.DataFrame(
        {
            "postings": np.bincount(group, minlength=len(groups)),
            "companies": np.bincount(pairs // width, minlength=len(groups)),
            "mentions": np.bincount(group, weights=asks["mentions"], minlength=len(groups)).astype(np.int64),
        }
    )
    for requirement in ASKING_ORDER:
        table[f"postings_{requirement}"] = np.bincount(group[asks[requirement]], minlength=len(groups))
    enough = demand.suffices(floor)
    shares: dict[str, npt.NDArray[np.float64]] = {
        "share": fit.share,
        "share_low": fit.low,
        "share_high": fit.high,
        "effective_n": fit.effective_n,
        "share_with_skills": _divide(table["postings"], demand.with_skill_count),
        "share_companies": _divide(table["companies"], demand.company_count),
        **{f"share_{name}": _divide(table[f"postings_{name}"], n) for name in ASKING_ORDER},
    }
    for name, values in shares.items():
        table[name] = values if enough else np.full(len(groups), np.nan)
    table["enough"] = enough
    table["role_postings"] = n
    table["role_postings_with_skills"] = demand.with_skill_count
    table["role_companies"] = demand.company_count
    return table


def _select_postings(postings: pa.Table) -> pa.Table:
    _require_columns(postings.column_names, POSTING_COLUMNS, "postings")
    chosen = postings.select(list(POSTING_COLUMNS))
    counted = pc.and_(pc.fill_null(chosen["is_role"], False), pc.is_null(chosen["duplicate_of"]))
    roles = chosen.filter(counted).sort_by("id")
    if len(pc.unique(roles["id"])) != len(roles):
        repeated = next(row["values"] for row in pc.value_counts(roles["id"]).to_pylist() if row["counts"] > 1)
        raise LakeError(f"postings: id {repeated!r} stands twice; expected is every posting once: deduplicate")
    return roles


def _employer_keys(postings: pd.DataFrame) -> npt.NDArray[np.object_]:
    """A key for each posting that is the same for postings of one employer."""
    keys = [
        " ".join(company.split()).casefold() if isinstance(company, str) and company.strip() else f"\0{posting}"
        for company, posting in zip(postings["company"], postings["id"], strict=True)
    ]
    return np.array(keys, dtype=object)


def _encode_mentions(
    mentions: pa.Table | Iterable[pa.RecordBatch], *, ids: pa.ChunkedArray, skills: tuple[str, ...]
) -> pd.DataFrame:
    """The asking mentions with numbers in place of names: 15 bytes each instead of some 150."""
    batches = mentions.to_batches() if isinstance(mentions, pa.Table) else mentions
    known, asking = pa.array(skills, pa.string()), pa.array(ASKING_ORDER)
    ids = ids.combine_chunks()
    parts: list[pd.DataFrame] = []
    for batch in batches:
        _require_columns(batch.schema.names, MENTION_COLUMNS, "mentions")
        posting = pc.index_in(batch["posting_id"], value_set=ids)
        requirement = pc.index_in(batch["requirement"], value_set=asking)
        counted = pc.and_(pc.is_valid(posting), pc.is_valid(requirement))
        skill = pc.index_in(batch["skill"].filter(counted), value_set=known)
        if skill.null_count:
            unknown = batch["skill"].filter(counted).filter(pc.is_null(skill))[0].as_py()
            raise LakeError(
                f"mentions: skill {unknown!r} is not in the registry: the mentions were made with other patterns; "
                "extract again with the present ones"
            )
        parts.append(
            pd.DataFrame(
                {
                    "skill": skill.to_numpy(zero_copy_only=False).astype(np.int16 if len(skills) < 2**15 else np.int32),
                    "posting": posting.filter(counted).to_numpy(zero_copy_only=False).astype(np.int32),
                    "requirement": requirement.filter(counted).to_numpy(zero_copy_only=False).astype(np.int8),
                    "start": batch["start"].filter(counted).to_numpy(zero_copy_only=False).astype(np.int32),
                    "end": batch["end"].filter(counted).to_numpy(zero_copy_only=False).astype(np.int32),
                }
            )
        )
    if not parts:
        columns = ("skill", "posting", "requirement", "start", "end")
        parts = [pd.DataFrame({name: np.array([], dtype=np.int32) for name in columns})]
    merged = pd.concat(parts, ignore_index=True)
    return merged.sort_values(["skill", "posting", "start", "end"], kind="stable", ignore_index=True)


def _unite_asks(demand: Demand, groups: Sequence[Collection[str]]) -> pd.DataFrame:
    """One row for each group and posting that asks for it: `group`, `posting`, a flag a requirement, `mentions`."""
    numbers = {skill: number for number, skill in enumerate(demand.skills)}
    pairs = [(group, numbers[id]) for group, ids in enumerate(groups) for id in sorted(set(ids)) if id in numbers]
    members = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    # The mentions are ordered by skill: each skill's are one slice.
    skill = demand.mentions["skill"].to_numpy()
    first = np.searchsorted(skill, members[:, 1], side="left")
    length = np.searchsorted(skill, members[:, 1], side="right") - first
    rows = np.repeat(first - (np.cumsum(length) - length), length) + np.arange(length.sum())
    key = np.repeat(members[:, 0], length) * max(demand.posting_count, 1)
    key = key + demand.mentions["posting"].to_numpy()[rows]
    order = np.argsort(key, kind="stable")
    key = key[order]
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if len(key) else np.array([], dtype=np.int64)
    flags = (1 << demand.mentions["requirement"].to_numpy()[rows][order].astype(np.int8)).astype(np.int8)
    united = np.bitwise_or.reduceat(flags, starts) if len(starts) else flags
    return pd.DataFrame(
        {
            "group": key[starts] // max(demand.posting_count, 1),
            "posting": key[starts] % max(demand.posting_count, 1),
            **{name: (united & (1 << bit)) != 0 for bit, name in enumerate(ASKING_ORDER)},
            "mentions": np.diff(np.append(starts, len(key))),
        }
    )


def _divide(counts: pd.Series[int], total: int) -> npt.NDArray[np.float64]:
    return counts.to_numpy(dtype=np.float64) / (total or np.nan)


def _require_columns(found: Collection[str], expected: Collection[str], where: str) -> None:
    missing = sorted(set(expected) - set(found))
    if missing:
        raise LakeError(f"{where}: the columns {', '.join(missing)} are missing; expected are {', '.join(expected)}")
