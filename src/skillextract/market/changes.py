"""Whether shares changed with time: along a straight line, or from one part of the time to another."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
from scipy import stats

from skillextract.market.demand import Demand

Floats = npt.NDArray[np.float64]


@dataclasses.dataclass(frozen=True, slots=True)
class Changes:
    """Changes of shares along a straight line, one element a group; NaN where the test says nothing.

    Attributes:
        change: the line's value at the end of the time less that at its beginning.
        low: lower end of its 95 % interval.
        high: upper end.
        p_value: of the two-sided test that the line is level.
    """

    change: Floats
    low: Floats
    high: Floats
    p_value: Floats


def assess_changes(
    demand: Demand, groups: Sequence[Collection[str]], times: Floats, *, inside: npt.NDArray[np.bool_]
) -> Changes:
    """Whether the share of postings that ask for each group changed with time.

    The share is fitted by a straight line over the postings, each at its time, by least squares: with two periods that
    is the difference of their shares. Postings of an employer hang together whenever they were posted, so the variance
    of the slope is that of leaving out one of the K employers after the other (the jackknife, "CV3"),

        v = (K - 1) / K * sum_k (b_(-k) - b)^2

    with `b_(-k)` the slope without the postings of employer k. The test is Student's with the degrees of freedom that
    equally weighty employers would have: `S^2 / sum_k S_k^2 - 1`, where `S_k` is what employer k adds to the spread of
    the times, `S = sum_i (t_i - t)^2`; few employers with most of the weight are few, however many others there are.
    The usual sandwich variance is too small where employers are very unequal; with this one a test at 5 % raises at
    most 5 % false alarms (`tests/market/test_trends.py`).

    Sources: J. G. MacKinnon, M. Ø. Nielsen and M. D. Webb (2023), Fast and reliable jackknife and bootstrap methods for
    cluster-robust inference, Journal of Applied Econometrics 38(5), 671–694. A. V. Carter, K. T. Schnepel and D. G.
    Steigerwald (2017), Asymptotic behavior of a t-test robust to cluster heterogeneity, Review of Economics and
    Statistics 99(4), 698–709.

    Args:
        demand: the role's postings and mentions.
        groups: the skill ids of each group.
        times: of each posting.
        inside: which postings count.

    Returns:
        One element a group; NaN throughout where all postings are of one time or one employer.
    """
    employers = demand.employers
    counted = np.flatnonzero(inside)
    unknown = np.full(len(groups), np.nan)
    if not len(counted) or np.ptp(times[counted]) == 0:
        return Changes(unknown, unknown, unknown, unknown)
    width = demand.company_count
    # In parts of the whole time: seconds since 1970 would leave an error of rounding that looks like a change.
    u = (times - times[counted].min()) / np.ptp(times[counted])
    t = np.where(inside, u - u[counted].mean(), 0.0)
    spread = float((t**2).sum())
    n = len(counted)
    here = employers[counted]
    own_n = np.bincount(here, minlength=width).astype(np.float64)
    own_t = np.bincount(here, weights=t[counted], minlength=width)
    own_s = np.bincount(here, weights=t[counted] ** 2, minlength=width)
    clusters = int(np.count_nonzero(own_n))
    degrees = spread**2 / float((own_s**2).sum()) - 1
    rest = n - own_n
    with np.errstate(divide="ignore", invalid="ignore"):
        left = spread - own_s - own_t**2 / rest  # the spread of the times without the employer
    if clusters < 2 or degrees <= 0 or not (left > 1e-9 * spread).all():
        return Changes(unknown, unknown, unknown, unknown)
    # Without employer k the slope is (U - u_k) a_k + (Y - y_k) b_k, where Y counts the postings that ask and U sums
    # their times. So its distance from the whole slope U / S is linear in u_k and y_k, and employers that never ask for
    # a skill need no term of their own.
    by_u, by_y = 1 / left, own_t / (rest * left)
    shift = by_u - 1 / spread
    asked, cross, square, with_shift, with_y = (np.zeros(len(groups)) for _ in range(5))
    for block, asks in demand.select_groups(groups):
        posting, group = asks["posting"].to_numpy(), asks["group"].to_numpy(dtype=np.int64)
        chosen = inside[posting]
        posting, group = posting[chosen], group[chosen]
        size, rows = len(block), slice(block.start, block.stop)
        asked[rows] = np.bincount(group, minlength=size)
        cross[rows] = np.bincount(group, weights=t[posting], minlength=size)
        # Postings are ordered by employer, and asks by group and posting: what belongs together stands together.
        key = group * width + employers[posting]
        starts = np.flatnonzero(np.diff(key, prepend=-1))
        if not len(starts):
            continue
        of, who = group[starts], employers[posting[starts]]
        sums = np.add.reduceat(t[posting], starts)
        counts = np.diff(np.append(starts, len(key)))
        moved = by_u[who] * sums + by_y[who] * counts
        square[rows] = np.bincount(of, weights=moved**2, minlength=size)
        with_shift[rows] = np.bincount(of, weights=moved * shift[who], minlength=size)
        with_y[rows] = np.bincount(of, weights=moved * by_y[who], minlength=size)
    slope = cross / spread
    distances = (
        cross**2 * (shift**2).sum()
        + asked**2 * (by_y**2).sum()
        + 2 * cross * asked * (shift * by_y).sum()
        + square
        - 2 * cross * with_shift
        - 2 * asked * with_y
    )
    error = np.sqrt((clusters - 1) / clusters * np.maximum(distances, 0.0))
    # Employers that all stay, or all move, as one leave no error but that of rounding.
    still = np.abs(slope) < 1e-9
    with np.errstate(divide="ignore", invalid="ignore"):
        p_value = np.where(still, 1.0, 2 * stats.t.sf(np.abs(slope) / error, degrees))
    p_value[asked == 0] = np.nan
    half = float(stats.t.ppf(0.975, degrees)) * error
    return Changes(slope, slope - half, slope + half, p_value)


def compare_parts(
    demand: Demand,
    groups: Sequence[Collection[str]],
    *,
    early: npt.NDArray[np.bool_],
    late: npt.NDArray[np.bool_],
) -> Changes:
    """The change of the share of each group from the postings of one part of the time to those of a later one."""
    return assess_changes(demand, groups, np.where(late, 1.0, 0.0), inside=early | late)
