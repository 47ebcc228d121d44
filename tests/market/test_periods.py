"""Which periods a change over time is read from."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from market.builders import Ask, make_demand
from skillextract.market.demand import Demand, Floor
from skillextract.market.periods import LEAST_PERIODS, choose_periods

FLOOR = Floor(postings=12, companies=6)


def make_months(counts: dict[tuple[int, int], int], *, employers: int = 100) -> Demand:
    """So many postings in each year and month, and some without a date."""
    asks = [
        Ask(
            f"{year}-{month:02d}-{n:02d}",
            f"X{(n + 7 * month) % employers}",
            posted_at=datetime(year, month, 9, tzinfo=UTC),
        )
        for (year, month), count in counts.items()
        for n in range(count)
    ]
    return make_demand([*asks, *(Ask(f"undated-{n}", "Y") for n in range(50))])


@pytest.mark.parametrize(
    ("counts", "kind", "names"),
    [
        ({(2026, month): 12 for month in (1, 3, 4, 9)}, "month", ("2026-01", "2026-03", "2026-04", "2026-09")),
        (
            {(2025 + month // 12, month % 12 + 1): 5 for month in range(12, 24)},
            "quarter",
            ("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"),
        ),
        ({(year, 6): 12 for year in (2021, 2022, 2024, 2025)}, "month", ("2021-06", "2022-06", "2024-06", "2025-06")),
        (
            {(year, month): 2 for year in (2021, 2022, 2024, 2025) for month in range(1, 13)},
            "year",
            ("2021", "2022", "2024", "2025"),
        ),
        ({(2026, 1): 40, (2026, 2): 40, (2026, 3): 3}, "month", ("2026-01", "2026-02", "2026-03")),
        ({}, "month", ()),
    ],
    ids=["months", "quarters", "far apart", "years", "too few of any", "none dated"],
)
def test_the_finest_periods_of_which_four_reach_the_floor_are_taken(
    counts: dict[tuple[int, int], int], kind: str, names: tuple[str, ...]
) -> None:
    periods = choose_periods(make_months(counts), FLOOR)
    assert (periods.segments.kind, periods.segments.names, periods.least) == (kind, names, LEAST_PERIODS)


def test_quarters_are_taken_where_most_postings_stand_in_months_below_the_floor() -> None:
    """Four months reach the floor by a hair; twenty others, with most of the postings, would be lost."""
    counts = {(2024 + n // 12, n % 12 + 1): 12 if n % 6 == 0 else 11 for n in range(24)}
    periods = choose_periods(make_months(counts), FLOOR)
    assert (periods.segments.kind, len(periods.segments.names)) == ("quarter", 8)


def test_where_longer_periods_are_too_few_months_are_taken_that_hold_less() -> None:
    counts = {(2026, month): 12 if month > 8 else 11 for month in range(6, 13)}
    assert choose_periods(make_months(counts), FLOOR).segments.kind == "month"


def test_periods_of_few_employers_are_thin() -> None:
    demand = make_months({(2026, month): 20 for month in range(1, 13)}, employers=5)
    periods = choose_periods(demand, FLOOR)
    assert periods.find_usable(demand, FLOOR).tolist() == [False] * 12


def test_times_keep_their_distances_and_postings_of_thin_periods_are_left() -> None:
    demand = make_months({(2025, 11): 12, (2025, 12): 3, (2026, 1): 12, (2026, 5): 12, (2026, 6): 12})
    periods = choose_periods(demand, FLOOR)
    assert np.diff(periods.times).tolist() == [1, 1, 4, 1]
    codes = periods.leave_thin(demand, FLOOR).codes
    assert np.bincount(codes[codes >= 0]).tolist() == [12, 0, 12, 12, 12]
    assert (codes < 0).sum() == 53
