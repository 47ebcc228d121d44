"""Change over time that need not go one way: a curve through a series, where it turns, and what it did since."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
from scipy import stats

from skillextract.market.changes import Changes, compare_parts
from skillextract.market.demand import Demand

Floats = npt.NDArray[np.float64]

SIDE = 1 / 6
"""A curve turns where its highest or lowest point lies at least this part of the time from both ends; nearer to one of
them there is too little beyond it to tell."""


@dataclasses.dataclass(frozen=True, slots=True)
class Curves:
    """Changes of shares along a parabola, one element a group; NaN where the test says nothing.

    Attributes:
        p_value: of the test that the share is the same all the time, against any parabola.
        turn: where the parabola turns, as a part of the time (0 to 1); NaN where that is nearer to an end than `SIDE`.
    """

    p_value: Floats
    turn: Floats


@dataclasses.dataclass(frozen=True, slots=True)
class Turns:
    """What shares did on both sides of a turn, one element a group; NaN where none is told.

    Attributes:
        place: where it turned, as a part of the time.
        share: the share around the turn.
        before: the change from the beginning to the turn.
        since: the change from the turn to the end.
    """

    place: Floats
    share: Floats
    before: Changes
    since: Changes


def assess_curves(
    demand: Demand, groups: Sequence[Collection[str]], times: Floats, *, inside: npt.NDArray[np.bool_]
) -> Curves:
    """Whether the share of postings that ask for each group changed with time, in whatever direction.

    A straight line sees nothing where a share rose and then fell. Here a parabola is fitted over the postings by least
    squares, `y = a + b_1 u + b_2 q(u)` with u the time from 0 to 1 and q orthogonal to it. The variance V of `(b_1,
    b_2)` is the jackknife over employers, as in `changes.assess_changes`, and the test is Hotelling's:

        F = b' V^-1 b (d - 1) / (2 d),    2 and d - 1 degrees of freedom,

    d those of `assess_changes`. It is against both directions and both bends at once, so nothing is chosen by looking.
    Sources: those of `assess_changes`. J. O. Rawlings, S. G. Pantula and D. A. Dickey (1998), Applied Regression
    Analysis, 2nd ed., ch. 8 (polynomial responses).

    Args:
        demand: the role's postings and mentions.
        groups: the skill ids of each group.
        times: of each posting.
        inside: which postings count.

    Returns:
        One element a group; NaN throughout where there are fewer than three times.
    """
    unknown = Curves(np.full(len(groups), np.nan), np.full(len(groups), np.nan))
    counted = np.flatnonzero(inside)
    if len(np.unique(times[counted])) < 3:
        return unknown
    first, length = times[counted].min(), np.ptp(times[counted])
    u = np.where(inside, (times - first) / length, 0.0)
    basis, part = _orthogonalise(u, counted)
    employers, width = demand.employers, demand.company_count
    gram = np.zeros((width, 3, 3))
    for i in range(3):
        for j in range(3):
            gram[:, i, j] = np.bincount(employers[counted], weights=(basis[i] * basis[j])[counted], minlength=width)
    whole = gram.sum(axis=0)
    spread = gram[:, 1, 1]
    degrees = whole[1, 1] ** 2 / float((spread**2).sum()) - 1
    rest = whole - gram
    if degrees <= 1 or np.linalg.cond(rest).max() > 1e9:
        return unknown
    # Without employer k the coefficients are M_k (v - v_k), so their distance from the whole is S_k v - M_k v_k.
    inverse = np.linalg.inv(whole)
    without = np.linalg.inv(rest)[:, 1:, :]
    shift = without - inverse[1:, :]
    quadratic = np.einsum("kia,kjb->iajb", shift, shift)
    sums = np.zeros((len(groups), 3))
    cross, square = np.zeros((len(groups), 2, 3, 2)), np.zeros((len(groups), 2, 2))
    for block, asks in demand.select_groups(groups):
        posting, group = asks["posting"].to_numpy(), asks["group"].to_numpy(dtype=np.int64)
        posting, group = posting[inside[posting]], group[inside[posting]]
        size, rows = len(block), slice(block.start, block.stop)
        # Postings are ordered by employer, and asks by group and posting: what belongs together stands together.
        starts = np.flatnonzero(np.diff(group * width + employers[posting], prepend=-1))
        if not len(starts):
            continue
        of, who = group[starts], employers[posting[starts]]
        own = np.stack([np.add.reduceat(part[posting], starts) for part in basis], axis=1)
        for i in range(3):
            sums[rows, i] = np.bincount(of, weights=own[:, i], minlength=size)
        moved = np.einsum("kia,ka->ki", without[who], own)
        for j in range(2):
            for i in range(2):
                square[rows, i, j] = np.bincount(of, weights=moved[:, i] * moved[:, j], minlength=size)
                for a in range(3):
                    cross[rows, i, a, j] = np.bincount(of, weights=shift[who, i, a] * moved[:, j], minlength=size)
    clusters = int(np.count_nonzero(gram[:, 0, 0]))
    mixed = np.einsum("giaj,ga->gij", cross, sums)
    variance = np.einsum("ga,iajb,gb->gij", sums, quadratic, sums) - mixed - mixed.transpose(0, 2, 1) + square
    variance *= (clusters - 1) / clusters
    slopes = sums @ inverse[1:, :].T
    with np.errstate(divide="ignore", invalid="ignore"):
        return _read_curves(slopes, variance, part, degrees, asked=sums[:, 0] > 0)


def _orthogonalise(u: Floats, counted: npt.NDArray[np.int64]) -> tuple[Floats, float]:
    """The columns 1, u and u² of each posting, each orthogonal to those before it, and the slopes taken out of u²."""
    line = u - u[counted].mean()
    part = float((u[counted] ** 2 * line[counted]).sum() / (line[counted] ** 2).sum())
    curve = u**2 - part * u
    curve = curve - curve[counted].mean()
    return np.stack([np.ones_like(u), line, curve]), part


def _read_curves(
    slopes: Floats, variance: Floats, part: float, degrees: float, *, asked: npt.NDArray[np.bool_]
) -> Curves:
    one, two = slopes[:, 0], slopes[:, 1]
    determinant = variance[:, 0, 0] * variance[:, 1, 1] - variance[:, 0, 1] ** 2
    wald = (one**2 * variance[:, 1, 1] - 2 * one * two * variance[:, 0, 1] + two**2 * variance[:, 0, 0]) / determinant
    # Employers that all stay, or all move, as one leave no error but that of rounding.
    still = (np.abs(one) < 1e-9) & (np.abs(two) < 1e-9)
    p_value = np.where(still, 1.0, stats.f.sf(wald * (degrees - 1) / (2 * degrees), 2, degrees - 1))
    p_value[~asked] = np.nan
    # The curve is one u + two (u² - part u) + a constant: it turns where one + two (2 u - part) = 0.
    turn = (part - one / two) / 2
    return Curves(p_value, np.where((turn >= SIDE) & (turn <= 1 - SIDE) & ~still, turn, np.nan))


def assess_turns(
    demand: Demand, groups: Sequence[Collection[str]], times: Floats, turn: Floats, *, inside: npt.NDArray[np.bool_]
) -> Turns:
    """What the share of each group did before and since the turn of its curve.

    A parabola bends also where a share only rises ever faster, so that its turn proves nothing. A turn is told only
    where the postings themselves show it: their share around the turn differs at 95 % both from that at the beginning
    and from that at the end, and in opposite directions. Each of the three is the share over a sixth of the time.
    (J. T. Lind and H. Mehlum, 2010, With or without U? The appropriate test for a U-shaped relationship, Oxford
    Bulletin of Economics and Statistics 72(1), 109–118, on why both sides have to be tested.)

    Args:
        demand: the role's postings and mentions.
        groups: the skill ids of each group.
        times: of each posting.
        turn: see `Curves`; rounded to a twelfth, so that many groups share their windows.
        inside: which postings count.
    """
    nothing = np.full(len(groups), np.nan)
    place, share = nothing.copy(), nothing.copy()
    sides = [Changes(*(nothing.copy() for _ in range(4))) for _ in range(2)]
    counted = np.flatnonzero(inside)
    if len(counted):
        first, length = times[counted].min(), float(np.ptp(times[counted])) or 1.0
        u = np.where(inside, (times - first) / length, -1.0)
        twelfths = np.rint(turn * 12)
        early, late = inside & (u <= SIDE), u >= 1 - SIDE
        for twelfth in np.unique(twelfths[~np.isnan(twelfths)]):
            members = np.flatnonzero(twelfths == twelfth)
            around = inside & (np.abs(u - twelfth / 12) <= SIDE / 2) & ~early & ~late
            chosen = [groups[int(number)] for number in members]
            before = compare_parts(demand, chosen, early=early, late=around)
            since = compare_parts(demand, chosen, early=around, late=late)
            with np.errstate(invalid="ignore"):
                surely = (np.sign(before.low) == np.sign(before.high)) & (np.sign(since.low) == np.sign(since.high))
                told = surely & (np.sign(before.change) == -np.sign(since.change)) & (since.change != 0)
            for side, found in zip(sides, (before, since), strict=True):
                for name in ("change", "low", "high", "p_value"):
                    getattr(side, name)[members[told]] = getattr(found, name)[told]
            place[members[told]] = twelfth / 12
            share[members[told]] = _measure_share(demand, chosen, around)[told]
    return Turns(place, share, *sides)


def _measure_share(demand: Demand, groups: Sequence[Collection[str]], among: npt.NDArray[np.bool_]) -> Floats:
    asking = np.zeros(len(groups))
    for block, asks in demand.select_groups(groups):
        posting, group = asks["posting"].to_numpy(), asks["group"].to_numpy(dtype=np.int64)
        asking[block.start : block.stop] = np.bincount(group[among[posting]], minlength=len(block))
    return asking / max(int(among.sum()), 1)
