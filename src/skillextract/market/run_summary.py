"""What a run fetched, and what of it could be counted."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal, Self

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from skillextract.market.demand import Demand

SourceStatus = Literal["ok", "partial", "failed", "empty"]


ALL_SOURCES = "all sources"
"""The source of the total."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """What became of one source.

    Attributes:
        name: the source's name in the settings.
        status: `ok`; `partial` where some of its answers failed; `failed` where it gave nothing but an error; `empty`
            where it answered without postings.
        message: what was wrong and what to do; empty where nothing was.
        payloads: answers that were kept; files are read in place, and have none.
        postings: postings that could be read, copies included.
        refused: postings that could not be read.
        repeated: postings that could be read and were left out, for their id came before in the source.
        folded: postings that repeat another and are not counted.
        attribution: what a report of the postings has to say by the terms of the board; empty where nothing.
    """

    name: str
    status: SourceStatus
    message: str = ""
    payloads: int = 0
    postings: int = 0
    refused: int = 0
    repeated: int = 0
    folded: int = 0
    attribution: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What a reader has to know about a run to judge its numbers.

    Attributes:
        role: the role's name, for example `Machine learning engineer`.
        snapshot: the snapshot's id, `YYYY-MM-DDTHHMMSSZ`.
        is_sample: the postings are the sample that the project ships, not a market.
        sources: each source of the run.
        package_version: of skillextract.
        patterns_version: hash of the patterns that decide what is found in a text.
        role_version: hash of the patterns that decide which postings are the role, and of its profile; empty where it
            is not known, as of runs of older versions.
    """

    role: str
    snapshot: str
    is_sample: bool
    sources: tuple[SourceFacts, ...]
    package_version: str
    patterns_version: str
    role_version: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The facts as plain values, for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The facts that `to_dict` gave."""
        sources = tuple(SourceFacts(**source) for source in values["sources"])
        return cls(**{**values, "sources": sources})


def summarise_run(
    run: RunFacts, postings: pa.Table, demand: Demand, *, set_apart: pa.Table | None = None
) -> pd.DataFrame:
    """The coverage of a run: one row a source in the run's order, and one row `total` below them.

    Args:
        run: the facts of the run.
        postings: at least `source`, `is_role`, `duplicate_of` and `language`; copies included.
        demand: of the same postings.
        set_apart: at least `source`: distinct postings of the role that are in no count for their language.

    Returns:
        Columns as documented in `reports.tables` under `run_summary`. `role_postings` and `role_without_skill` count
        distinct postings, copies of them are in `folded`; so does `role_unnamed`, those that state no employer.
    """
    of_role = pc.and_(pc.fill_null(postings["is_role"], False), pc.is_null(postings["duplicate_of"]))
    counts = _count_sources(postings.filter(of_role))
    silent = demand.postings.loc[~demand.postings["has_skill"].astype(bool), "source"].value_counts().to_dict()
    # Nothing but white space is no name: see `posting.key_company`.
    nameless = demand.postings["company"].fillna("").str.strip().eq("").astype(bool)
    unnamed = demand.postings.loc[nameless, "source"].value_counts().to_dict()
    foreign = _count_sources(postings.filter(pc.and_(of_role, is_foreign(postings))))
    apart = {} if set_apart is None else _count_sources(set_apart)
    rows = [
        {
            "level": "source",
            "source": source.name,
            "status": source.status,
            "message": source.message,
            "payloads": source.payloads,
            "postings": source.postings,
            "refused": source.refused,
            "repeated": source.repeated,
            "folded": source.folded,
            "role_postings": counts.get(source.name, 0),
            "role_without_skill": silent.get(source.name, 0),
            "role_unnamed": unnamed.get(source.name, 0),
            "role_not_english": foreign.get(source.name, 0),
            "set_apart": apart.get(source.name, 0),
        }
        for source in run.sources
    ]
    missing = [source.name for source in run.sources if source.status != "ok"]
    numbers = ("payloads", "postings", "refused", "repeated", "folded", "role_postings", "role_without_skill")
    total = {
        "level": "total",
        "source": ALL_SOURCES,
        "status": "partial" if missing else "ok",
        "message": f"without {', '.join(missing)}" if missing else "",
        **{name: sum(int(row[name]) for row in rows) for name in numbers},
        # Not the sum: a posting whose source is in no row of the run still counts.
        "role_postings": demand.posting_count,
        "role_without_skill": demand.posting_count - demand.with_skill_count,
        "role_unnamed": sum(unnamed.values()),
        "role_not_english": sum(foreign.values()),
        "set_apart": sum(apart.values()),
    }
    frame = pd.DataFrame([*rows, total])
    frame["role_companies"] = pd.array([None] * len(rows) + [demand.company_count], dtype="Int64")
    frame["role"], frame["snapshot"], frame["is_sample"] = run.role, run.snapshot, run.is_sample
    frame["package_version"], frame["patterns_version"] = run.package_version, run.patterns_version
    frame["role_version"] = run.role_version
    return frame


def is_foreign(postings: pa.Table) -> pa.Array:
    """Whether each posting is in another language than English; those whose language cannot be told are not."""
    return pc.fill_null(pc.not_equal(postings["language"], "en"), False)


def _count_sources(postings: pa.Table) -> dict[str, int]:
    return {row["values"]: row["counts"] for row in pc.value_counts(postings["source"]).to_pylist()}
