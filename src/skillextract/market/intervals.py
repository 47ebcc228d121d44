"""Confidence intervals for shares of postings that come clustered by employer."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True, slots=True)
class ShareIntervals:
    """Shares with their intervals, one element a group.

    Attributes:
        share: postings of the group / all postings; NaN where there are no postings at all.
        low: lower end of the two-sided interval, 0 to 1.
        high: upper end.
        effective_n: how many independent postings would tell as much as these do; at most the number of postings.
    """

    share: Floats
    low: Floats
    high: Floats
    effective_n: Floats


def estimate_intervals(
    *, group: Integers, employer: Integers, count: Integers, groups: int, sizes: Integers, confidence: float = 0.95
) -> ShareIntervals:
    """Korn–Graubard intervals of the share of postings in each group, clustered by employer.

    A share `p = y / n` is a ratio of two totals over the K employers: employer k has `m_k` postings, `y_k` of them in
    the group. Its variance is linearised (Taylor) over employers as if they were drawn with replacement,

        v = K / (K - 1) * sum_k (y_k - p * m_k)^2 / n^2

    and set against that of n independent postings, `p (1 - p) / (n - 1)`, which gives the design effect `deff` and

        n_eff = min(n, n / deff * (t(n - 1) / t(df))^2)

    with t the upper `1 - alpha / 2` quantile of Student's distribution. The interval is Clopper and Pearson's exact one
    for `x = p * n_eff` of `n_eff`:

        low  = Beta(alpha / 2;     x,     n_eff - x + 1)
        high = Beta(1 - alpha / 2; x + 1, n_eff - x)

    Two things the formula leaves open:

    - `df` is nominally K - 1. One employer with fifty openings beside forty with one each carries most of the variance,
      and K - 1 then promises far more than the data know. We take the number of equally large employers that would have
      the same concentration, `df = n^2 / sum_k m_k^2 - 1` (Kish's effective number), which is K - 1 where all are
      equal.
    - Where no posting or every posting is in the group, v is 0 and says nothing, and with one employer v is undefined.
      Then the worst case is taken, that all postings of an employer go one way: `n_eff = n^2 / sum_k m_k^2`.

    Sources: E. L. Korn and B. I. Graubard (1998), Confidence intervals for proportions with small expected number of
    positive counts estimated from survey data, Survey Methodology 24(2), 193–201. C. J. Clopper and E. S. Pearson
    (1934), Biometrika 26(4), 404–413. L. Kish (1965), Survey Sampling, ch. 5 and 8.

    Args:
        group: the group's number, 0 to `groups` - 1, in entry i; a pair of group and employer stands at most once.
        employer: the employer's number, an index into `sizes`, in entry i.
        count: how many of the employer's postings are in the group; pairs left out count 0.
        groups: how many groups there are.
        sizes: postings of each employer, at least 1 each. A posting without a stated employer is its own.
        confidence: the two-sided level.

    Returns:
        Arrays of length `groups`; NaN throughout where `sizes` is empty.

    Example:
        >>> fit = estimate_intervals(
        ...     group=np.array([0, 0]), employer=np.array([0, 1]), count=np.array([1, 1]), groups=1,
        ...     sizes=np.array([1, 1, 1, 1]),
        ... )
        >>> [round(float(x[0]), 3) for x in (fit.share, fit.low, fit.high, fit.effective_n)]
        [0.5, 0.068, 0.932, 4.0]
    """
    n = float(sizes.sum())
    if n == 0:
        unknown = np.full(groups, np.nan)
        return ShareIntervals(unknown, unknown, unknown, unknown)
    squares = float(np.square(sizes, dtype=np.float64).sum())
    kish = n * n / squares
    hits = np.bincount(group, weights=count, minlength=groups)
    share = hits / n

    # sum (y - p m)^2 = sum y^2 - 2 p sum y m + p^2 sum m^2: employers that do not ask add only to the last, so the
    # sparse pairs are enough.
    own = np.bincount(group, weights=np.square(count, dtype=np.float64), minlength=groups)
    cross = np.bincount(group, weights=count.astype(np.float64) * sizes[employer], minlength=groups)
    residuals = np.maximum(own - 2 * share * cross + share**2 * squares, 0.0)

    employers = len(sizes)
    mixed = (hits > 0) & (hits < n)
    effective = np.full(groups, kish)
    if employers > 1 and mixed.any():
        p = share[mixed]
        variance = employers / (employers - 1) * residuals[mixed] / n**2
        independent = p * (1 - p) / (n - 1)
        upper = (1 + confidence) / 2
        shrink = float(stats.t.ppf(upper, n - 1) / stats.t.ppf(upper, kish - 1)) ** 2
        with np.errstate(divide="ignore"):  # employers that agree to the digit have variance 0: capped at n
            effective[mixed] = np.minimum(n, n * independent / variance * shrink)
    low, high = _clopper_pearson(share, effective, confidence=confidence)
    return ShareIntervals(share, low, high, effective)


def _clopper_pearson(share: Floats, n: Floats, *, confidence: float) -> tuple[Floats, Floats]:
    """The exact binomial interval for `share * n` of `n`, which need not be whole numbers."""
    tail = (1 - confidence) / 2
    hits = share * n
    with np.errstate(invalid="ignore"):
        low = np.where(hits > 0, stats.beta.ppf(tail, hits, n - hits + 1), 0.0)
        high = np.where(hits < n, stats.beta.ppf(1 - tail, hits + 1, n - hits), 1.0)
    return low, high
