"""What every reader's report is made of: the tables of a run, read once, whatever of them is there."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cached_property
from typing import Any, TypeAlias

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from skillextract.reports.rows import ComparisonRow, read_comparison, read_rows, read_summary

REQUIRED_TABLES = ("profile_comparison", "run_summary")
"""Without these two there is no answer."""

LARGE_TABLES = frozenset({"mentions", "postings"})
"""Never read row by row as a whole."""

Frame: TypeAlias = pd.DataFrame | pa.Table


@dataclasses.dataclass(frozen=True)
class Report:
    """The tables of one run for one role.

    Attributes:
        tables: by their names in `reports.tables`. `profile_comparison` and `run_summary` are always there; a run of an
            older version may lack the others.
    """

    tables: Mapping[str, Frame]

    def __post_init__(self) -> None:
        missing = [name for name in REQUIRED_TABLES if name not in self.tables]
        if missing:
            raise ValueError(f"a report needs the tables {', '.join(REQUIRED_TABLES)}; missing: {', '.join(missing)}")

    @property
    def comparison(self) -> Frame:
        """The table `profile_comparison`."""
        return self.tables["profile_comparison"]

    @property
    def summary(self) -> Frame:
        """The table `run_summary`."""
        return self.tables["run_summary"]

    @cached_property
    def rows(self) -> list[ComparisonRow]:
        """The comparison, row by row."""
        return read_comparison(self.comparison)

    @property
    def items(self) -> list[ComparisonRow]:
        """The items of the profile, in its order."""
        return [row for row in self.rows if row.level == "item"]

    @property
    def missing(self) -> list[ComparisonRow]:
        """What the market asks for and the profile does not name, by rank."""
        return [row for row in self.rows if row.level == "missing"]

    @property
    def unseen(self) -> list[ComparisonRow]:
        """The items that no posting asks for, and the skills of other items that none asks for."""
        return [row for row in self.rows if row.verdict == "not seen" and row.level in {"item", "skill"}]

    @property
    def enough(self) -> bool:
        """Whether there are enough postings to state shares."""
        return all(row.verdict != "too few postings" for row in self.items)

    @cached_property
    def sources(self) -> list[dict[str, Any]]:
        """The sources of the run, as rows of `run_summary`."""
        return read_summary(self.summary)[0]

    @cached_property
    def total(self) -> dict[str, Any]:
        """The total of the run, as a row of `run_summary`."""
        return read_summary(self.summary)[1]

    def has(self, table: str) -> bool:
        """Whether the run wrote a table, be it without rows."""
        return table in self.tables

    def read(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table as plain values; none where the run did not write it.

        Columns that an older version did not know are None.
        """
        if table in LARGE_TABLES:
            raise ValueError(f"{table} is too large to be read as a whole")
        return read_rows(self.tables[table], table=table) if table in self.tables else []

    def read_agreement(self) -> dict[str, dict[str, Any]]:
        """The rows of `profile_agreement` by their figure, `coverage` and `confirmation`."""
        return {row["figure"]: row for row in self.read("profile_agreement")}

    def read_evidence(self) -> dict[str, list[dict[str, Any]]]:
        """The sentences that are kept for each skill, by its id."""
        evidence: dict[str, list[dict[str, Any]]] = {}
        for row in self.rows:
            if row.skill is not None and row.evidence:
                evidence.setdefault(row.skill, list(row.evidence))
        stored: dict[str, list[dict[str, Any]]] = {}
        for (table, key, column), entries in self.evidence_by_number.items():
            if (table, column) == ("skill_frequencies", "postings") and key.startswith("all / all / "):
                stored[key.removeprefix("all / all / ")] = entries
        return evidence | stored

    @cached_property
    def evidence_by_number(self) -> dict[tuple[str, str, str], list[dict[str, Any]]]:
        """The sentences of `evidence` in their order, by the table, key and column of their number."""
        found: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
        for entry in sorted(self.read("evidence"), key=lambda entry: entry["order"]):
            # A run of an older version has only sentences of skills, and does not say of what.
            number = (entry["in_table"], entry["in_row"], entry["in_column"]) if entry["in_table"] else (
                "skill_frequencies", f"all / all / {entry['skill']}", "postings",
            )  # fmt: skip
            found.setdefault(number, []).append(entry)
        return found

    @property
    def most_evidence(self) -> int:
        """How many sentences a number has at most; a change shows those of two periods."""
        sizes = [
            len(found)
            for (_, _, column), found in self.evidence_by_number.items()
            if column not in {"change", "companies"}
        ]
        return max(sizes, default=0)

    def read_titles(self) -> list[str]:
        """The titles of the role's distinct postings, each once, the most frequent first, equals by letters."""
        if "postings" not in self.tables:
            return []
        frame = self.tables["postings"]
        table = frame if isinstance(frame, pa.Table) else pa.Table.from_pandas(frame, preserve_index=False)
        counts = pc.and_(pc.fill_null(table["is_role"], False), pc.is_null(table["duplicate_of"]))
        found = table.select(["title"]).filter(counts).group_by("title").aggregate([([], "count_all")])
        ordered = found.sort_by([("count_all", "descending"), ("title", "ascending")])
        return [str(title) for title in ordered["title"].to_pylist()]

    def read_stated_pay(self) -> list[dict[str, Any]]:
        """The distinct postings of the role that state pay with currency and period, the newest first."""
        if "postings" not in self.tables:
            return []
        names = ["id", "source", "url", "title", "company", "posted_at", "salary_min", "salary_max", "salary_currency"]
        names += ["salary_period", "is_role", "duplicate_of"]
        frame = self.tables["postings"]
        table = frame if isinstance(frame, pa.Table) else pa.Table.from_pandas(frame, preserve_index=False)
        table = table.select(names)
        states = pc.and_(pc.is_valid(table["salary_currency"]), pc.is_valid(table["salary_period"]))
        amount = pc.or_(pc.is_valid(table["salary_min"]), pc.is_valid(table["salary_max"]))
        counts = pc.and_(pc.fill_null(table["is_role"], False), pc.is_null(table["duplicate_of"]))
        rows: list[dict[str, Any]] = table.filter(pc.and_(pc.and_(states, amount), counts)).to_pylist()
        return sorted(rows, key=lambda row: (row["posted_at"] is None, -_stamp(row["posted_at"]), row["id"]))


def _stamp(moment: Any) -> float:
    return 0.0 if moment is None else moment.timestamp()
