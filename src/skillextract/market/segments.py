"""What a role's postings are divided by: seniority, country, place of work, source, month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from skillextract.market.demand import ASKING_ORDER, Demand
from skillextract.market.tally import Segments, keep_together
from skillextract.roles.seniority import SeniorityRules

NOT_STATED = "not stated"
"""The segment of postings that do not say what they are divided by."""


SEGMENT_KINDS = ("seniority", "country", "remote", "source")
"""The divisions whose parts the page sets side by side."""

LARGEST_SEGMENTS = 8
"""So many parts of a division are set side by side."""


def pick_segments(sizes: Mapping[str, int], *, most: int = LARGEST_SEGMENTS) -> list[tuple[str, int]]:
    """The largest parts of a division with their postings, what is not stated last."""
    return sorted(sizes.items(), key=lambda entry: (entry[0] == NOT_STATED, -entry[1], entry[0]))[:most]


def divide_postings(demand: Demand, *, seniority: SeniorityRules) -> list[Segments]:
    """Every division of a role's postings that reports show, that into one segment first.

    `requirement` is no division of postings but of what they ask for: its segments have all postings as their
    denominator.
    """
    titles = pa.array(demand.postings["title"]).dictionary_encode()
    levels = [seniority.read_title(title) or NOT_STATED for title in titles.dictionary.to_pylist()]
    return [
        keep_together(demand),
        *(
            Segments("requirement", (name,), np.zeros(demand.posting_count, dtype=np.int32), requirement=number)
            for number, name in enumerate(ASKING_ORDER)
        ),
        divide_by("seniority", pa.array(levels, pa.string()).take(titles.indices)),
        divide_by("country", demand.postings["country"]),
        divide_by("remote", demand.postings["remote"]),
        divide_by("source", demand.postings["source"]),
        divide_by_month(demand, missing=NOT_STATED),
    ]


def divide_by(kind: str, values: pd.Series[str] | Sequence[str | None] | pa.Array) -> Segments:
    """A division by a value of each posting; a missing one is `not stated`."""
    encoded = pc.fill_null(pa.array(values, pa.string(), from_pandas=True), NOT_STATED).dictionary_encode()
    found = encoded.dictionary.to_pylist()
    order = sorted(range(len(found)), key=found.__getitem__)
    place = np.empty(len(found), dtype=np.int32)
    place[order] = np.arange(len(found), dtype=np.int32)
    return Segments(kind, tuple(found[number] for number in order), place[encoded.indices.to_numpy()])


def divide_by_month(demand: Demand, *, missing: str | None = None) -> Segments:
    """A division by month of `posted_at` (UTC, `2026-07`).

    Args:
        demand: the role's postings.
        missing: the segment of postings that state no date; None leaves them out.
    """
    posted = pd.to_datetime(demand.postings["posted_at"], utc=True)
    month = posted.dt.year.to_numpy(dtype=np.float64, na_value=np.nan) * 12 + posted.dt.month.to_numpy(
        dtype=np.float64, na_value=np.nan
    )
    codes, values = pd.factorize(month, sort=True)
    names = [f"{int(value - 1) // 12:04d}-{int(value - 1) % 12 + 1:02d}" for value in values]
    if missing is not None and (codes < 0).any():
        codes = np.where(codes < 0, len(names), codes)
        names.append(missing)
    return Segments("month", tuple(names), codes.astype(np.int32))
