"""The postings behind the counts of a run: of each source, and of each near role."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from skillextract.market.asks import hash_ids
from skillextract.market.demand import Demand
from skillextract.market.evidence import SHOWN_EMPLOYERS
from skillextract.market.quotes import EVIDENCE_COLUMNS, FEWER, join_key
from skillextract.market.run_summary import ALL_SOURCES, is_foreign
from skillextract.posting import key_company

_FACTS = ("id", "url", "company", "title")

Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


def quote_coverage(
    facts: pa.Table, demand: Demand, *, set_apart: pa.Table | None = None, limit: int = FEWER
) -> pd.DataFrame:
    """Postings and employers behind the counts of `run_summary` and `neighbours`, as rows of `evidence`.

    Employers come in turn, and within a turn the order is that of a hash of the posting's id, as for sentences. Behind
    a number of employers stand those with the most postings.

    Args:
        facts: every posting of the run, copies included: `_FACTS`, `source`, `language`, `duplicate_of`, `is_role`,
            `neighbour`.
        demand: the role's distinct postings.
        set_apart: distinct postings of the role that are in no count for their language; see `summarise_run`.
        limit: postings for a number, at most.

    Returns:
        `quotes.EVIDENCE_COLUMNS`; `sentence` is empty, places are 0.
    """
    if limit == 0 or not len(facts):
        return pd.DataFrame(columns=list(EVIDENCE_COLUMNS))
    of_role = pc.and_(pc.fill_null(facts["is_role"], False), pc.is_null(facts["duplicate_of"]))
    silent = demand.postings.loc[~demand.postings["has_skill"].astype(bool), "id"].tolist()
    counted = {
        "postings": pa.array([True] * len(facts)),
        "folded": pc.is_valid(facts["duplicate_of"]),
        "role_postings": of_role,
        "role_without_skill": pc.is_in(facts["id"], pa.array(silent, pa.string())),
        "role_not_english": pc.and_(of_role, is_foreign(facts)),
        "set_apart": pc.is_in(facts["id"], pa.array([] if set_apart is None else set_apart["id"], pa.string())),
    }
    groups = _Groups(facts, _shuffle(facts))
    parts = []
    for column, chosen in counted.items():
        parts.append(groups.take(_mask(chosen), "run_summary", column, "source", limit))
        parts.append(groups.take(_mask(chosen), "run_summary", column, None, limit))
    near = _mask(pc.and_(facts["neighbour"].is_valid(), facts["duplicate_of"].is_null()))
    parts.append(groups.take(near, "neighbours", "postings", "neighbour", limit))
    parts.append(groups.take_employers(near, "neighbours", "companies", "neighbour"))
    parts.append(groups.take_employers(_mask(of_role), "run_summary", "role_companies", None))
    table = pd.concat([part for part in parts if len(part)], ignore_index=True)
    table = table.assign(skill=None, requirement=None, sentence="", start=0, end=0, mark_start=0, mark_end=0)
    table["of_employer"] = table["of_employer"].astype("Int64")
    return table.loc[:, list(EVIDENCE_COLUMNS)]


def _shuffle(facts: pa.Table) -> Numbers:
    return np.argsort(hash_ids(facts["id"].combine_chunks()), kind="stable")


class _Groups:
    """The postings of a run in groups, employers in turn within each; by numbers, for there may be a million.

    Args:
        facts: see `quote_coverage`.
        order: the order in which an employer's postings come.
    """

    def __init__(self, facts: pa.Table, order: Numbers) -> None:
        self._facts = facts
        self._order = order
        self._employers = _number_employers(facts)

    def take(self, chosen: Mask, table: str, column: str, by: str | None, limit: int) -> pd.DataFrame:
        """The first postings of each group among the chosen ones, employers in turn."""
        frame = self._group(chosen, by).sort_values("turn", kind="stable")
        return self._list(frame.groupby("group", sort=False).head(limit), table, column, by)

    def take_employers(self, chosen: Mask, table: str, column: str, by: str | None) -> pd.DataFrame:
        """The employers with the most of the chosen postings of each group, each with its first posting."""
        frame = self._group(chosen, by)
        frame["of_employer"] = frame.groupby(["group", "employer"], sort=False)["turn"].transform("size")
        frame = frame[frame["turn"] == 0].sort_values("of_employer", ascending=False, kind="stable")
        return self._list(frame.groupby("group", sort=False).head(SHOWN_EMPLOYERS), table, column, by)

    def _group(self, chosen: Mask, by: str | None) -> pd.DataFrame:
        """The rows of the chosen postings with their `group`, `employer`, and `turn`, how many of it came before."""
        rows = self._order[chosen[self._order]]
        groups = np.zeros(len(rows), dtype=np.int64) if by is None else _number(self._facts[by])[0][rows]
        frame = pd.DataFrame({"row": rows, "group": groups, "employer": self._employers[rows]})
        frame["turn"] = frame.groupby(["group", "employer"], sort=False).cumcount()
        return frame

    def _list(self, frame: pd.DataFrame, table: str, column: str, by: str | None) -> pd.DataFrame:
        facts = self._facts.select([*_FACTS, *([by] if by else [])]).take(pa.array(frame["row"])).to_pandas()
        facts.index = frame.index
        listed = facts[list(_FACTS)].assign(group=facts[by].astype(object) if by else ALL_SOURCES)
        if "of_employer" in frame:
            listed["of_employer"] = frame["of_employer"]
        return _list_rows(listed.sort_values("group", kind="stable"), table, column)


def _mask(chosen: pa.Array | pa.ChunkedArray) -> Mask:
    values = chosen.to_numpy(zero_copy_only=False) if isinstance(chosen, pa.Array) else chosen.to_numpy()
    return np.asarray(values, dtype=np.bool_)


def _number(column: pa.ChunkedArray) -> tuple[Numbers, list[str]]:
    """The place of each value of a column among its values, -1 where it has none, and these."""
    coded = pa.chunked_array([column.combine_chunks()]).dictionary_encode().combine_chunks()
    coded = coded.chunk(0) if isinstance(coded, pa.ChunkedArray) else coded
    return pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64), coded.dictionary.to_pylist()


def _number_employers(facts: pa.Table) -> Numbers:
    """A number for each posting that those of one employer share; a posting that states none is its own."""
    places, names = _number(facts["company"])
    numbers: dict[str, int] = {"": -1}
    keyed = np.array([numbers.setdefault(key_company(name), len(numbers)) for name in names] + [-1], dtype=np.int64)
    employers = keyed[places]
    alone = employers == -1
    employers[alone] = len(numbers) + np.flatnonzero(alone)
    return employers


def _list_rows(frame: pd.DataFrame, table: str, column: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "in_table": table,
            "in_row": [join_key(group) for group in frame["group"]],
            "in_column": column,
            "order": frame.groupby("group", sort=False).cumcount().to_numpy() + 1,
            "posting_id": frame["id"].to_numpy(dtype=object),
            "of_employer": frame["of_employer"].to_numpy() if "of_employer" in frame else None,
            **{
                name: frame[name].astype(object).where(frame[name].notna(), None).to_numpy(dtype=object)
                for name in ("url", "company", "title")
            },
        }
    )
