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
    order = _shuffle(facts)
    parts = []
    for column, chosen in counted.items():
        mask = np.asarray(chosen.to_numpy(zero_copy_only=False) if isinstance(chosen, pa.Array) else chosen.to_numpy())
        rows = order[mask[order].astype(bool)]
        parts.append(_take(facts, rows, "run_summary", column, "source", limit))
        parts.append(_take(facts, rows, "run_summary", column, None, limit))
    near = facts["neighbour"].is_valid().to_numpy() & facts["duplicate_of"].is_null().to_numpy()
    near_rows = order[near[order].astype(bool)]
    parts.append(_take(facts, near_rows, "neighbours", "postings", "neighbour", limit))
    parts.append(_take_employers(facts, near_rows, "neighbours", "companies", "neighbour"))
    counted_rows = order[np.asarray(of_role.to_numpy()).astype(bool)[order]]
    parts.append(_take_employers(facts, counted_rows, "run_summary", "role_companies", None))
    table = pd.concat([part for part in parts if len(part)], ignore_index=True)
    table = table.assign(skill=None, requirement=None, sentence="", start=0, end=0, mark_start=0, mark_end=0)
    table["of_employer"] = table["of_employer"].astype("Int64")
    return table.loc[:, list(EVIDENCE_COLUMNS)]


def _shuffle(facts: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.argsort(hash_ids(facts["id"].combine_chunks()), kind="stable")


def _take(
    facts: pa.Table,
    rows: np.ndarray[tuple[int], np.dtype[np.int64]],
    table: str,
    column: str,
    by: str | None,
    limit: int,
) -> pd.DataFrame:
    """The first postings of each group among some ordered rows, employers in turn."""
    frame = _group(facts, rows, by)
    frame = frame.sort_values("turn", kind="stable").groupby("group", sort=False).head(limit)
    return _list_rows(frame.sort_values("group", kind="stable"), table, column)


def _take_employers(
    facts: pa.Table, rows: np.ndarray[tuple[int], np.dtype[np.int64]], table: str, column: str, by: str | None
) -> pd.DataFrame:
    """The employers with the most postings of each group among some ordered rows, each with its first posting."""
    frame = _group(facts, rows, by)
    frame["of_employer"] = frame.groupby(["group", "employer"], sort=False)["turn"].transform("size")
    frame = frame[frame["turn"] == 0].sort_values("of_employer", ascending=False, kind="stable")
    frame = frame.groupby("group", sort=False).head(SHOWN_EMPLOYERS)
    return _list_rows(frame.sort_values("group", kind="stable"), table, column)


def _group(facts: pa.Table, rows: np.ndarray[tuple[int], np.dtype[np.int64]], by: str | None) -> pd.DataFrame:
    """The facts of some rows with their `group`, `employer`, and the how many-th of its employer in it each is."""
    names = [*_FACTS, *([by] if by else [])]
    frame: pd.DataFrame = facts.select([name for name in names if name != "id"]).take(pa.array(rows)).to_pandas()
    frame["id"] = facts["id"].take(pa.array(rows)).to_pandas()
    frame["group"] = frame[by].astype(object) if by else ALL_SOURCES
    # A posting that states no employer is its own.
    companies = zip(frame["company"].astype(object).where(frame["company"].notna(), None), frame["id"], strict=True)
    frame["employer"] = [key_company(company) or f"\0{id_}" for company, id_ in companies]
    frame["turn"] = frame.groupby(["group", "employer"], sort=False).cumcount()
    return frame


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
