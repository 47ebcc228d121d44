"""What is shown for numbers: the choices made for each, and the table `evidence` that they become.

A row is a sentence, a posting or an employer. Its first columns say of which number: `in_table`, `in_row` (what tells
its row apart, parts joined by ` / `) and `in_column`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from skillextract.market.demand import ASKING_ORDER, Demand
from skillextract.market.evidence import Choice, EvidenceChooser, TextReader, quote_choices

FEWER = 3
"""Sentences for a number that is a part of another one: a segment, a way of asking, a period, a pair."""

EVIDENCE_COLUMNS = (
    "in_table", "in_row", "in_column", "order", "posting_id", "url", "company", "title", "skill", "requirement",
    "sentence", "start", "end", "mark_start", "mark_end", "of_employer",
)  # fmt: skip

_NUMBER = ("in_table", "in_row", "in_column")
_PLACE = ("posting", "start", "end")


def join_key(*parts: object) -> str:
    """What tells a row apart in its table, in the form of `evidence.in_row`.

    Example:
        >>> join_key("country", "DE", "python")
        'country / DE / python'
    """
    return " / ".join(map(str, parts))


class Quotes:
    """Choices by the number that they stand behind."""

    def __init__(self, demand: Demand, chooser: EvidenceChooser, fewer: int) -> None:
        self.demand = demand
        self.chooser = chooser
        self.fewer = fewer
        self.numbers = {skill: number for number, skill in enumerate(demand.skills)}
        self._chosen: dict[tuple[str, str, str], list[Choice]] = {}

    def add(self, table: str, key: str, column: str, choices: Sequence[Choice]) -> None:
        """Keep what is shown for a number."""
        if choices:
            self._chosen[table, key, column] = list(choices)

    def add_employers(self, table: str, key: str, postings: npt.NDArray[np.integer[Any]]) -> None:
        """Keep the employers behind a number of employers: those of some postings, each given once."""
        self.add(table, key, "companies", self.chooser.list_employers(postings))

    def add_postings(self, table: str, key: str, among: npt.NDArray[np.bool_]) -> None:
        """Keep some postings of a part of the role's, for the number of them, and where a share of it is zero."""
        postings = np.flatnonzero(among)
        chosen = postings[self.chooser.vary(postings, limit=self.fewer)]
        self.add(table, key, "role_postings", [Choice(posting=int(posting), sentence="") for posting in chosen])

    def add_rows(self, table: str, key: str, rows: pd.DataFrame) -> None:
        """Keep the sentences and employers behind numbers that were counted from `rows`; see `choose_rows`."""
        self.add(table, key, "postings", self.choose_rows(rows))
        self.add_employers(table, key, np.unique(rows["posting"].to_numpy(dtype=np.int64)))

    def choose_rows(self, rows: pd.DataFrame, *, limit: int | None = None) -> list[Choice]:
        """What is shown of rows with `posting`, `start` and `end`, each posting once."""
        return self.choose_places(*(rows[name].to_numpy(dtype=np.int64) for name in _PLACE), limit=limit)

    def choose_places(
        self,
        posting: npt.NDArray[np.integer[Any]],
        start: npt.NDArray[np.integer[Any]],
        end: npt.NDArray[np.integer[Any]],
        *,
        limit: int | None = None,
    ) -> list[Choice]:
        """What is shown of places in postings, each posting once."""
        return [
            Choice(posting=int(posting[row]), start=int(start[row]), end=int(end[row]))
            for row in self.chooser.vary(posting, limit=limit)
        ]

    def finish(self, mentions: pa.Table | None, read_texts: TextReader) -> pd.DataFrame:
        """The table of all that was kept."""
        found = _find_places(self.demand, self._chosen.values(), mentions)
        settled = {
            number: kept
            for number, choices in self._chosen.items()
            if (kept := [found.get(choice, choice) for choice in choices if choice.start >= 0 or choice in found])
        }
        quoted = quote_choices(self.demand, list(settled.values()), read_texts=read_texts)
        # Column by column: a row of its own for each sentence would take several times the memory.
        sizes = [len(entries) for entries in quoted]
        columns: dict[str, list[object]] = {
            name: [part for part, size in zip(parts, sizes, strict=True) for _ in range(size)]
            for name, parts in zip(_NUMBER, zip(*settled, strict=True) if settled else ((), (), ()), strict=True)
        }
        columns["order"] = [order for size in sizes for order in range(1, size + 1)]
        for name in EVIDENCE_COLUMNS[len(columns) : -1]:
            columns[name] = [getattr(entry, name) for entries in quoted for entry in entries]
        # Where employers are shown, each stands in one row.
        counts = [
            choices[place].of_employer if choices[0].of_employer is not None else None
            for choices, size in zip(settled.values(), sizes, strict=True)
            for place in range(size)
        ]
        del quoted, settled
        table = {name: pd.Series(columns.pop(name)) for name in EVIDENCE_COLUMNS[:-1]}
        return pd.DataFrame({**table, "of_employer": pd.array(counts, dtype="Int64")}, copy=False)


def _find_places(demand: Demand, chosen: Any, mentions: pa.Table | None) -> dict[Choice, Choice]:
    """Where postings ask in a way that is not their strongest: the first such mention of each."""
    open_ = [choice for choices in chosen for choice in choices if choice.start < 0]
    if not open_ or mentions is None:
        return {}
    ids = demand.postings["id"].iloc[[choice.posting for choice in open_]].astype(object).tolist()
    wanted = mentions.select(["posting_id", "skill", "requirement", "start", "end"]).filter(
        pc.and_(
            pc.is_in(mentions["posting_id"], pa.array(sorted(set(ids)), pa.string())),
            pc.is_in(mentions["requirement"], pa.array(ASKING_ORDER)),
        )
    )
    places: dict[tuple[str, str, str], tuple[int, int]] = {}
    for posting, skill, requirement, start, end in zip(
        *(wanted[name].to_pylist() for name in wanted.column_names), strict=True
    ):
        key = posting, skill, requirement
        places[key] = min(places.get(key, (start, end)), (start, end))
    found = {}
    for choice, posting in zip(open_, ids, strict=True):
        place = places.get((posting, choice.skill or "", choice.requirement or ""))
        if place is not None:
            found[choice] = dataclasses.replace(choice, start=place[0], end=place[1])
    return found
