"""Intervals: their formula, their edges, and how often they hold the truth."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from skillextract.market.intervals import Clusters, estimate_intervals, fit_intervals, measure_clusters

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def fit(asking: list[int], sizes: list[int]) -> tuple[float, float, float, float]:
    """Share, limits and effective size of one group, from the postings that ask and all postings of each employer."""
    employer = np.flatnonzero(asking)
    found = estimate_intervals(
        group=np.zeros(len(employer), dtype=np.int64),
        employer=employer,
        count=np.array(asking)[employer],
        groups=1,
        sizes=np.array(sizes),
    )
    return float(found.share[0]), float(found.low[0]), float(found.high[0]), float(found.effective_n[0])


@pytest.mark.parametrize(("hits", "n"), [(0, 12), (1, 12), (6, 12), (12, 12), (3, 200), (180, 200)])
def test_with_one_posting_an_employer_it_is_wilsons_interval(hits: int, n: int) -> None:
    """Nothing is clustered: scipy's interval for independent trials is the same."""
    share, low, high, effective = fit([1] * hits + [0] * (n - hits), [1] * n)
    independent = stats.binomtest(hits, n).proportion_ci(method="wilson")
    assert (share, effective) == pytest.approx((hits / n, n))
    assert (low, high) == pytest.approx((independent.low, independent.high), abs=1e-12)


def test_the_effective_size_is_that_of_the_formula() -> None:
    """By hand: employers of 4, 2 and 2 postings, of which 4, 1 and 0 ask."""
    n, p, kish = 8, 5 / 8, 64 / 24
    variance = 3 / 2 * ((4 - p * 4) ** 2 + (1 - p * 2) ** 2 + (0 - p * 2) ** 2) / n**2
    shrink = (stats.t.ppf(0.975, n - 1) / stats.t.ppf(0.975, kish - 1)) ** 2
    share, _, _, effective = fit([4, 1, 0], [4, 2, 2])
    assert (share, effective) == pytest.approx((p, p * (1 - p) / (n - 1) * n / variance * shrink))


@pytest.mark.parametrize("asking", [[0, 0, 0], [4, 2, 2]])
def test_where_all_or_none_ask_each_employer_tells_as_one(asking: list[int]) -> None:
    _, _, _, effective = fit(asking, [4, 2, 2])
    assert effective == 64 / 24


def test_one_employer_tells_as_one_posting() -> None:
    share, low, high, effective = fit([3], [10])
    assert (share, effective) == (0.3, 1.0)
    assert (low, high) == pytest.approx((0.0207, 0.8966), abs=1e-4)


def test_no_postings_give_no_number() -> None:
    assert np.isnan(fit([], [])).all()


def test_employers_that_agree_tell_at_most_as_much_as_their_postings() -> None:
    assert fit([5, 5, 5, 5], [10, 10, 10, 10])[3] == 40.0


def test_groups_do_not_touch_each_other() -> None:
    together = estimate_intervals(
        group=np.array([0, 0, 1]),
        employer=np.array([0, 2, 1]),
        count=np.array([2, 1, 3]),
        groups=3,
        sizes=np.array([3, 4, 5]),
    )
    apart = [fit([2, 0, 1], [3, 4, 5]), fit([0, 3, 0], [3, 4, 5]), fit([0, 0, 0], [3, 4, 5])]
    assert list(zip(together.share, together.low, together.high, together.effective_n, strict=True)) == apart


EMPLOYERS = st.lists(
    st.integers(1, 60).flatmap(lambda size: st.tuples(st.integers(0, size), st.just(size))), min_size=1
)


@settings(deadline=None)
@given(EMPLOYERS)
def test_the_share_lies_in_its_interval_and_the_interval_in_0_to_1(employers: list[tuple[int, int]]) -> None:
    share, low, high, effective = fit([y for y, _ in employers], [m for _, m in employers])
    n = sum(m for _, m in employers)
    assert 0.0 <= low <= share <= high <= 1.0
    assert 0.0 < effective <= n
    assert (low == 0.0) >= (share == 0.0)
    assert (high == 1.0) >= (share == 1.0)


@settings(deadline=None)
@given(EMPLOYERS)
def test_what_does_not_ask_is_the_mirror_of_what_asks(employers: list[tuple[int, int]]) -> None:
    asks = fit([y for y, _ in employers], [m for _, m in employers])
    rest = fit([m - y for y, m in employers], [m for _, m in employers])
    assert (1 - asks[0], 1 - asks[2], 1 - asks[1]) == pytest.approx(rest[:3], abs=1e-9)


# How often the interval holds the truth. Employers are drawn with their sizes; employer k asks in Binomial(m_k, q_k)
# of its postings, q_k from a beta distribution with mean p and intra-class correlation rho.

Sizes = Callable[[np.random.Generator, int], Integers]
MIXTURES: dict[str, Sizes] = {
    "one each": lambda rng, k: np.ones(k, dtype=np.int64),
    "five each": lambda rng, k: np.full(k, 5),
    "lognormal": lambda rng, k: np.maximum(1, np.rint(rng.lognormal(0.7, 1.0, k))).astype(np.int64),
    "pareto": lambda rng, k: np.clip(np.rint(rng.pareto(1.3, k) + 0.5), 1, 200).astype(np.int64),
    "one giant": lambda rng, k: np.array([max(2, int(0.3 * k)), *[1] * (k - 1)]),
}


@dataclasses.dataclass(frozen=True)
class Cell:
    """A population, and the part of its samples whose interval holds its true share."""

    mixture: str
    employers: int
    share: float
    correlation: float
    ours: float
    clopper_pearson: float
    naive: float

    def __str__(self) -> str:
        return (
            f"{self.mixture:>9} of {self.employers:>3}, p {self.share:.2f}, rho {self.correlation:.1f}: "
            f"{self.ours:.1%} (Clopper–Pearson {self.clopper_pearson:.1%}, naive Wilson {self.naive:.1%})"
        )


def simulate(samples: int, *, employers: tuple[int, ...], seed: int) -> list[Cell]:
    rng = np.random.default_rng(seed)
    cells = []
    for mixture, draw_sizes in MIXTURES.items():
        for count in employers:
            sizes = draw_sizes(rng, count)
            for share in (0.05, 0.2, 0.5):
                for correlation in (0.0,) if mixture == "one each" else (0.0, 0.1, 0.3):
                    cells.append(_try_cell(rng, mixture, sizes, share, correlation, samples))
    return cells


def _try_cell(
    rng: np.random.Generator, mixture: str, sizes: Integers, share: float, correlation: float, samples: int
) -> Cell:
    shape = (samples, len(sizes))
    scale = 1 / correlation - 1 if correlation else 0.0
    own = rng.beta(share * scale, (1 - share) * scale, shape) if correlation else np.full(shape, share)
    asking = rng.binomial(sizes, own).astype(np.float64)
    found = fit_intervals(
        hits=asking.sum(axis=1),
        own=(asking**2).sum(axis=1),
        cross=(asking * sizes).sum(axis=1),
        clusters=measure_clusters(sizes),
    )
    n = float(sizes.sum())
    naive = fit_intervals(  # as if every posting had an employer of its own
        hits=asking.sum(axis=1),
        own=asking.sum(axis=1),
        cross=asking.sum(axis=1),
        clusters=Clusters(np.float64(n), np.float64(n), np.float64(n)),
    )
    hits, size = found.share * found.effective_n, found.effective_n
    with np.errstate(invalid="ignore"):
        low = np.where(hits > 0, stats.beta.ppf(0.025, hits, size - hits + 1), 0.0)
        high = np.where(hits < size, stats.beta.ppf(0.975, hits + 1, size - hits), 1.0)
    held = [((lower <= share) & (share <= upper)).mean() for lower, upper in (
        (found.low, found.high), (low, high), (naive.low, naive.high),
    )]  # fmt: skip
    return Cell(mixture, len(sizes), share, correlation, *(float(part) for part in held))


def _average(cells: list[Cell]) -> tuple[float, float, float]:
    ours, exact, naive = np.mean([(cell.ours, cell.clopper_pearson, cell.naive) for cell in cells], axis=0)
    return float(ours), float(exact), float(naive)


@pytest.mark.parametrize("employers", [12, 40, 150])
def test_a_95_percent_interval_holds_the_truth_in_93_to_97_of_100(employers: int) -> None:
    cells = simulate(600, employers=(employers,), seed=employers)
    ours, exact, naive = _average(cells)
    shown = "\n".join(map(str, cells))
    summary = f"ours {ours:.1%}, Clopper–Pearson {exact:.1%}, naive Wilson {naive:.1%} on average:\n{shown}"
    assert 0.93 <= ours <= 0.97, summary
    assert naive < ours - 0.03, summary


@pytest.mark.slow
def test_coverage_over_many_populations_and_its_worst_cell() -> None:
    """Averages over each number of employers and each mixture lie within 93 % and 97 %; no cell is far below.

    The worst cells are rare skills (5 %) among very unequal employers that go one way: the variance is estimated from a
    handful of employers there, and any interval that knows no more falls short.
    """
    cells = simulate(4_000, employers=(12, 25, 40, 80, 150, 400), seed=7)
    shown = "\n".join(map(str, cells))
    for name, key in (("employers", "employers"), ("mixture", "mixture"), ("share", "share")):
        for value in sorted({getattr(cell, key) for cell in cells}):
            ours, exact, naive = _average([cell for cell in cells if getattr(cell, key) == value])
            line = f"{name} {value}: ours {ours:.1%}, Clopper–Pearson {exact:.1%}, naive Wilson {naive:.1%}"
            assert 0.93 <= ours <= 0.97, f"{line}\n{shown}"
    assert min(cell.ours for cell in cells) > 0.86, shown
    assert _average(cells)[2] < 0.88, shown


def test_clopper_and_pearsons_limits_hold_it_too_often_where_employers_are_few() -> None:
    """Why the limits are Wilson's."""
    cells = simulate(1_000, employers=(12,), seed=1)
    ours, exact, _ = _average(cells)
    assert exact > 0.97 > ours, "\n".join(map(str, cells))
