"""Which periods a change over time is read from: months or, where they are thin, quarters or years."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from skillextract.market.demand import Demand, Floor
from skillextract.market.segments import divide_by_month
from skillextract.market.tally import Segments

LEAST_PERIODS = 4
"""So many months, quarters or years reach the floor before a change is tested: two differ by much else than time, and
three are what a parabola goes through whatever they are."""

LEAST_SNAPSHOTS = 2
"""Whole runs are compared from two on: each holds all that was open, and two of the same sources are what the command
is asked to compare."""

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
"""The periods, the finest first, each with its length in months."""


@dataclasses.dataclass(frozen=True, slots=True)
class Periods:
    """A division by time.

    Attributes:
        segments: the postings' periods, in the order of time.
        times: when each was, in any unit.
        least: how many of them have to reach the floor before a change is tested.
    """

    segments: Segments
    times: tuple[float, ...]
    least: int

    def find_usable(self, demand: Demand, floor: Floor) -> npt.NDArray[np.bool_]:
        """Which periods have enough postings and employers to state a share."""
        codes, width = self.segments.codes.astype(np.int64), len(self.segments.names)
        inside = codes >= 0
        pairs = np.unique(codes[inside] * max(demand.company_count, 1) + demand.employers[inside])
        employers = np.bincount(pairs // max(demand.company_count, 1), minlength=width)
        postings = np.bincount(codes[inside], minlength=width)
        usable: npt.NDArray[np.bool_] = (postings >= floor.postings) & (employers >= floor.companies)
        return usable

    def leave_thin(self, demand: Demand, floor: Floor) -> Segments:
        """The same division without the postings of periods below the floor."""
        codes = self.segments.codes
        usable = np.append(self.find_usable(demand, floor), False)
        return dataclasses.replace(self.segments, codes=np.where(usable[codes], codes, -1).astype(np.int32))


def choose_periods(demand: Demand, floor: Floor) -> Periods:
    """The finest of months, quarters and years of `posted_at` that a change can be read from.

    That is the finest of which at least `LEAST_PERIODS` reach the floor and hold more than half of the dated postings;
    where none does both, the finest of which so many reach it; where none does, months, which then tell no change. The
    choice looks at numbers of postings and employers alone, never at what they ask for, so it does not look for news.
    """
    months = divide_by_month(demand)
    choices = [_merge(months, kind, length) for kind, length in _MONTHS.items()]
    dated = int((months.codes >= 0).sum())
    fallback = None
    for periods in choices:
        if np.count_nonzero(periods.find_usable(demand, floor)) < LEAST_PERIODS:
            continue
        fallback = fallback or periods
        if 2 * np.count_nonzero(periods.leave_thin(demand, floor).codes >= 0) > dated:
            return periods
    return fallback or choices[0]


def _merge(months: Segments, kind: str, length: int) -> Periods:
    """Months put together to periods of so many of them, counted from January."""
    numbers = np.array([12 * int(name[:4]) + int(name[5:]) - 1 for name in months.names], dtype=np.int64) // length
    values, place = np.unique(numbers, return_inverse=True)
    codes = np.where(months.codes >= 0, np.append(place, -1)[months.codes], -1).astype(np.int32)
    names = tuple(_name(int(value) * length, kind) for value in values)
    return Periods(Segments(kind, names, codes), tuple(float(value) for value in values), LEAST_PERIODS)


def _name(month: int, kind: str) -> str:
    year, number = divmod(month, 12)
    return f"{year:04d}" + {"month": f"-{number + 1:02d}", "quarter": f"-Q{number // 3 + 1}", "year": ""}[kind]
