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
        low: lower end of the two-sided interval, 0 to 1; NaN where the share is.
        high: upper end.
        effective_n: how many independent postings would tell as much as these do; at most the number of postings.
    """

    share: Floats
    low: Floats
    high: Floats
    effective_n: Floats


@dataclasses.dataclass(frozen=True, slots=True)
class Clusters:
    """The postings of a denominator as their employers cluster them; scalars, or arrays of one shape with the shares.

    Attributes:
        postings: n, how many there are.
        employers: K, how many employers they come from.
        squares: the sum over employers of the square of their postings.
    """

    postings: Floats | np.float64
    employers: Floats | np.float64
    squares: Floats | np.float64

    @property
    def kish(self) -> Floats | np.float64:
        """How many equally large employers would be as concentrated, `n^2 / sum_k m_k^2`; NaN for no postings."""
        with np.errstate(invalid="ignore"):
            kish: Floats = np.square(self.postings) / np.where(self.squares > 0, self.squares, np.nan)
            return kish


def measure_clusters(sizes: Integers) -> Clusters:
    """The clusters of one denominator, from the number of postings of each employer."""
    squares = np.square(sizes, dtype=np.float64).sum()
    return Clusters(np.float64(sizes.sum()), np.float64(np.count_nonzero(sizes)), squares)


def fit_intervals(
    *, hits: Floats, own: Floats, cross: Floats, clusters: Clusters, confidence: float = 0.95
) -> ShareIntervals:
    """Korn–Graubard intervals of shares of postings, clustered by employer, with Wilson's limits.

    A share `p = y / n` is a ratio of two totals over the K employers: employer k has `m_k` postings, `y_k` of them in
    the group. Its variance is linearised (Taylor) over employers as if they were drawn with replacement,

        v = K / (K - 1) * sum_k (y_k - p * m_k)^2 / n^2

    and set against that of n independent postings, `p (1 - p) / (n - 1)`, which gives the design effect `deff` and

        n_eff = min(n, n / deff * (t(n - 1) / t(df))^2)

    with t the upper `1 - alpha / 2` quantile of Student's distribution. The limits are Wilson's for `p` of `n_eff`,
    with z the quantile of the normal distribution:

        (p + z^2 / 2 n_eff ± z sqrt(p (1 - p) / n_eff + z^2 / 4 n_eff^2)) / (1 + z^2 / n_eff)

    Three things the formula leaves open:

    - The limits. Korn and Graubard take Clopper and Pearson's. `tests/market/test_intervals.py` holds both against
      known shares: theirs cover 98 % where there are fifteen employers, Wilson's stay near the 95 % that they claim and
      are a tenth narrower; comparisons for clustered surveys say the same (Dean and Pagano; Franco et al.).
    - `df` is nominally K - 1. One employer with fifty openings beside forty with one each carries most of the variance,
      and K - 1 then promises far more than the data know. We take the number of equally large employers that would have
      the same concentration, `df = n^2 / sum_k m_k^2 - 1` (Kish's effective number), which is K - 1 where all are
      equal.
    - Where no posting or every posting is in the group, v is 0 and says nothing, and with one employer v is undefined.
      Then the worst case is taken, that all postings of an employer go one way: `n_eff = n^2 / sum_k m_k^2`.

    Sources: E. L. Korn and B. I. Graubard (1998), Confidence intervals for proportions with small expected number of
    positive counts estimated from survey data, Survey Methodology 24(2), 193–201. E. B. Wilson (1927), Probable
    inference, the law of succession, and statistical inference, JASA 22, 209–212. L. Kish (1965), Survey Sampling, ch.
    5 and 8. N. Dean and M. Pagano (2015), Evaluating confidence interval methods for binomial proportions in clustered
    surveys, Journal of Survey Statistics and Methodology 3(4), 484–503. C. Franco, R. J. A. Little, T. A. Louis and
    E. V. Slud (2019), Comparative study of confidence intervals for proportions in complex sample surveys, ibid. 7(3),
    334–364.

    Args:
        hits: y, postings in the group.
        own: the sum over employers of `y_k^2`.
        cross: the sum over employers of `y_k m_k`.
        clusters: the denominators, each a scalar or of the same shape.
        confidence: the two-sided level.

    Returns:
        Arrays of the shape of `hits`; NaN where there are no postings.
    """
    n = np.broadcast_to(np.asarray(clusters.postings, dtype=np.float64), hits.shape)
    employers = np.broadcast_to(np.asarray(clusters.employers, dtype=np.float64), hits.shape)
    squares = np.broadcast_to(np.asarray(clusters.squares, dtype=np.float64), hits.shape)
    kish = np.broadcast_to(np.asarray(clusters.kish, dtype=np.float64), hits.shape)
    upper = (1 + confidence) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(n > 0, hits / n, np.nan)
        # sum (y - p m)^2 = sum y^2 - 2 p sum y m + p^2 sum m^2: employers that do not ask add only to the last, so the
        # sparse pairs are enough.
        residuals = np.maximum(own - 2 * share * cross + share**2 * squares, 0.0)
        variance = employers / (employers - 1) * residuals / n**2
        independent = share * (1 - share) / (n - 1)
        shrink = (_quantile(upper, n - 1) / _quantile(upper, kish - 1)) ** 2
        # Employers that agree to the digit have variance 0: capped at n.
        estimated = np.minimum(n, n * independent / variance * shrink)
    mixed = (hits > 0) & (hits < n) & (employers > 1)
    # Two employers of which one has nearly all postings know next to nothing, but never less than nothing.
    effective = np.where(mixed, np.maximum(estimated, 1e-6), kish)
    low, high = _limit_wilson(share, effective, confidence=confidence)
    return ShareIntervals(share, low, high, effective)


def estimate_intervals(
    *, group: Integers, employer: Integers, count: Integers, groups: int, sizes: Integers, confidence: float = 0.95
) -> ShareIntervals:
    """The intervals of `fit_intervals` from counts by group and employer.

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
        [0.5, 0.15, 0.85, 4.0]
    """
    counts = count.astype(np.float64)
    return fit_intervals(
        hits=np.bincount(group, weights=counts, minlength=groups).astype(np.float64),
        own=np.bincount(group, weights=counts**2, minlength=groups).astype(np.float64),
        cross=np.bincount(group, weights=counts * sizes[employer], minlength=groups).astype(np.float64),
        clusters=measure_clusters(sizes),
        confidence=confidence,
    )


def _quantile(upper: float, degrees: Floats) -> Floats:
    """Student's quantile; the same denominators come again and again, and the quantile is dear."""
    values, place = np.unique(degrees, return_inverse=True)
    quantiles: Floats = np.asarray(stats.t.ppf(upper, values), dtype=np.float64)[place].reshape(degrees.shape)
    return quantiles


def _limit_wilson(share: Floats, n: Floats, *, confidence: float) -> tuple[Floats, Floats]:
    """Wilson's interval for a share of `n`, which need not be a whole number."""
    z2 = float(stats.norm.ppf((1 + confidence) / 2)) ** 2
    with np.errstate(invalid="ignore"):
        middle = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = np.sqrt(z2 * share * (1 - share) / n + z2**2 / (4 * n**2)) / (1 + z2 / n)
    # At a share of 0 or 1 one limit is the share itself, which rounding may miss by a digit.
    return np.where(share > 0, np.maximum(middle - half, 0.0), share), np.where(
        share < 1, np.minimum(middle + half, 1.0), share
    )
