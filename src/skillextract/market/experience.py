"""Years of experience that postings ask for, by skill and segment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from skillextract.market.demand import Demand
from skillextract.market.readings import Readings
from skillextract.market.tally import Segments
from skillextract.memory import give_back


def add_years(
    frequencies: pd.DataFrame, demand: Demand, readings: Readings, divisions: Sequence[Segments]
) -> pd.DataFrame:
    """The frequencies with `years_postings` and `years_median`: years asked for at least, with the skill of the row.

    A posting counts where it asks for the skill (in the row's segment) and states years of it.

    Args:
        frequencies: `frequencies.count_segments` of the same demand and divisions.
        demand: the role's postings.
        readings: of the same postings.
        divisions: the segments.
    """
    stated = number_readings(demand, readings.years)
    skill = pc.index_in(pa.array(stated["skill"], pa.string()), value_set=pa.array(demand.skills, pa.string()))
    stated["number"] = skill.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    stated = stated.drop(columns="skill")[stated["number"] >= 0]
    flags = find_flags(demand, stated["number"].to_numpy(), stated["posting"].to_numpy())
    stated = stated.assign(flags=flags)[flags > 0]
    give_back()
    frames = []
    for division in divisions:
        rows = stated
        if division.requirement is not None:
            rows = rows[(rows["flags"].to_numpy() >> division.requirement & 1).astype(bool)]
        segment = division.codes[rows["posting"].to_numpy()]
        rows = rows.assign(segment=segment)[segment >= 0]
        grouped = rows.groupby(["segment", "number"], sort=True)["years"]
        summary = grouped.agg(years_postings="size", years_median="median").reset_index()
        frames.append(
            pd.DataFrame(
                {
                    "segment_kind": np.full(len(summary), division.kind, dtype=object),
                    "segment": np.array([*division.names, ""], dtype=object)[
                        summary["segment"].to_numpy(dtype=np.int64)
                    ],
                    "skill": np.array([*demand.skills, ""], dtype=object)[summary["number"].to_numpy(dtype=np.int64)],
                    "years_postings": summary["years_postings"],
                    "years_median": summary["years_median"],
                }
            )
        )
    years = pd.concat(frames, ignore_index=True)
    # By number and not by `merge`, which would copy every column of what may be a million rows.
    asked, stated_of = (np.zeros(len(table), dtype=np.int64) for table in (frequencies, years))
    for column in ("segment_kind", "segment", "skill"):
        codes, found_values = pd.factorize(frequencies[column])
        values = pd.Index(found_values)
        asked = asked * (len(values) + 1) + codes.astype(np.int64)
        stated_of = stated_of * (len(values) + 1) + values.get_indexer(years[column])
    found = years[["years_postings", "years_median"]].set_index(pd.Index(stated_of)).reindex(asked)
    return frequencies.assign(
        years_postings=found["years_postings"].fillna(0).to_numpy(dtype=np.int64),
        years_median=found["years_median"].to_numpy(dtype=np.float64),
    )


def find_postings(demand: Demand, ids: pa.ChunkedArray) -> npt.NDArray[np.int32]:
    """The number of the posting with each id, -1 where the demand has none."""
    found = np.empty(len(ids), np.int32)
    first = 0
    for part in ids.chunks:
        # Those of one posting stand together: each is looked up once.
        named = pc.dictionary_encode(part)
        known = demand.numbers.find(named.dictionary).take(named.indices)
        found[first : first + len(part)] = pc.fill_null(known, -1).to_numpy()
        first += len(part)
    return found


def number_readings(demand: Demand, table: pa.Table) -> pd.DataFrame:
    """A table of readings with `posting`, the posting's number, in place of its id, without those of other postings."""
    posting = find_postings(demand, table["posting_id"])
    known = pa.array(posting >= 0)
    frame: pd.DataFrame = table.drop_columns(["posting_id"]).filter(known).to_pandas(types_mapper=pd.ArrowDtype)
    frame["posting"] = posting[posting >= 0]
    for name in frame.columns:
        if pd.api.types.is_float_dtype(frame[name]):
            frame[name] = frame[name].to_numpy(dtype=np.float64)
    return frame


def find_flags(
    demand: Demand, skill: npt.NDArray[np.integer[Any]], posting: npt.NDArray[np.integer[Any]]
) -> npt.NDArray[np.uint8]:
    """The flags of each pair of skill and posting in the asks; 0 where the posting does not ask for the skill."""
    flags = np.zeros(len(skill), dtype=np.uint8)
    order = np.argsort(skill, kind="stable")
    bounds = np.searchsorted(skill[order], np.arange(len(demand.skills) + 1))
    for number in np.unique(skill):
        part = demand.asks.of(int(number))
        rows = order[bounds[number] : bounds[number + 1]]
        asked = demand.asks.posting[part]
        if not len(asked):
            continue
        place = np.minimum(np.searchsorted(asked, posting[rows]), len(asked) - 1)
        flags[rows] = np.where(asked[place] == posting[rows], demand.asks.flags[part][place], 0)
    return flags
