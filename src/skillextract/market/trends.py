"""What the market asks for over time, and whether it changed."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy import stats

from skillextract.errors import LakeError
from skillextract.market.demand import Demand, Floor, Registry, gather_demand
from skillextract.market.segments import divide_by_month
from skillextract.market.tally import Segments, tally_groups
from skillextract.market.wording import count_noun

Floats = npt.NDArray[np.float64]

SIGNIFICANT = 0.05
"""A change is stated where its q value is at most this: of all changes that are stated, one in twenty may be chance."""

TREND_COLUMNS = (
    "axis",
    "skill",
    "name",
    "kind",
    "family",
    "period",
    "postings",
    "companies",
    "share",
    "share_low",
    "share_high",
    "effective_n",
    "enough",
    "period_postings",
    "period_companies",
    "change",
    "change_low",
    "change_high",
    "p_value",
    "q_value",
    "verdict",
    "left_out",
)


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


def follow_months(demand: Demand, *, registry: Registry, floor: Floor) -> pd.DataFrame:
    """How much each skill is asked for by month of `posted_at`; postings that state no date are left out.

    Returns:
        `TREND_COLUMNS`, documented in `reports.tables`; see `follow`.
    """
    months = divide_by_month(demand)
    times = [12.0 * int(name[:4]) + int(name[5:]) for name in months.names]
    return follow(demand, months, times, registry=registry, floor=floor)


@dataclasses.dataclass(frozen=True, slots=True)
class Snapshot:
    """A stored run, as far as time is concerned.

    Attributes:
        id: the snapshot's id, `YYYY-MM-DDTHHMMSSZ`.
        postings: the postings of the role, copies included, as `demand.gather_demand` takes them.
        mentions: their mentions.
        complete: names of the sources that gave everything they had.
        missing: names of the sources that failed, gave only a part, or nothing.
    """

    id: str
    postings: pa.Table
    mentions: pa.Table
    complete: frozenset[str]
    missing: frozenset[str]


def follow_snapshots(snapshots: Sequence[Snapshot], *, registry: Registry, floor: Floor) -> pd.DataFrame:
    """How much each skill is asked for by stored snapshot.

    A source that is not complete in one of the snapshots, or was not asked, is left out of all of them: else what it
    asks for would seem to come or go. A posting that is open in several snapshots counts in each; the test allows for
    it, because all postings of an employer are one cluster.

    Returns:
        `TREND_COLUMNS`, documented in `reports.tables`; see `follow`.

    Raises:
        LakeError: there are fewer than two snapshots, or no source is complete in all of them.
    """
    if len(snapshots) < 2:
        raise LakeError(
            f"found {count_noun(len(snapshots), 'snapshot')} of the role, expected at least two; run the flow again "
            "later, or divide the newest by month (--by month)"
        )
    snapshots = sorted(snapshots, key=lambda snapshot: snapshot.id)
    kept, left_out = compare_sources(snapshots)
    if not kept:
        raise LakeError(
            f"no source is complete in all of the {len(snapshots)} snapshots; compare fewer, or run the flow again"
        )
    snapshots = [hand_over(snapshot, kept) for snapshot in snapshots]
    postings = pa.concat_tables([_mark(s.postings, s.id, "id", kept) for s in snapshots], promote_options="default")
    mentions = pa.concat_tables([_mark(s.mentions, s.id, "posting_id", None) for s in snapshots])
    demand = gather_demand(postings, mentions, registry=registry)
    names = tuple(snapshot.id for snapshot in snapshots)
    numbers = {name: number for number, name in enumerate(names)}
    ids = demand.postings["id"].astype(object)
    codes = np.array([numbers[id_.partition(" ")[0]] for id_ in ids], dtype=np.int32)
    times = [datetime.strptime(name, "%Y-%m-%dT%H%M%SZ").timestamp() / 86_400 for name in names]
    return follow(
        demand, Segments("snapshot", names, codes), times, registry=registry, floor=floor, left_out=sorted(left_out)
    )


def compare_sources(snapshots: Sequence[Snapshot]) -> tuple[frozenset[str], frozenset[str]]:
    """The sources that are complete in all snapshots, and those that are left out because they are not."""
    asked = frozenset().union(*(snapshot.complete | snapshot.missing for snapshot in snapshots))
    kept = asked.intersection(*(snapshot.complete for snapshot in snapshots))
    return kept, asked - kept


def hand_over(snapshot: Snapshot, kept: Collection[str]) -> Snapshot:
    """Return a snapshot in which no posting is lost with the source of the one that it repeats.

    Copies are folded over all sources, and only the posting that stays is read. Where that one stands in a source that
    is left out, its first copy (by id) in a source that is kept takes its place, with its mentions.
    """
    postings = snapshot.postings
    rows = list(zip(*(postings[name].to_pylist() for name in ("id", "source", "duplicate_of")), strict=True))
    left = {posting for posting, source, original in rows if original is None and source not in kept}
    heirs: dict[str, str] = {}
    for posting, source, original in sorted(rows, key=lambda row: row[0]):
        if original in left and source in kept:
            heirs.setdefault(original, posting)
    if not heirs:
        return snapshot
    takers = set(heirs.values())
    marks = [None if posting in takers else heirs.get(original, original) for posting, _, original in rows]
    place = postings.schema.get_field_index("duplicate_of")
    ids = snapshot.mentions["posting_id"].to_pylist()
    renamed = pa.array([heirs.get(posting, posting) for posting in ids], pa.string())
    mentions = snapshot.mentions.set_column(
        snapshot.mentions.schema.get_field_index("posting_id"), "posting_id", renamed
    )
    return dataclasses.replace(
        snapshot,
        postings=postings.set_column(place, "duplicate_of", pa.array(marks, pa.string())),
        mentions=mentions,
    )


def _mark(table: pa.Table, snapshot: str, column: str, sources: Collection[str] | None) -> pa.Table:
    """The rows of some sources, with the snapshot before each id."""
    if sources is not None:
        table = table.filter(pc.is_in(table["source"], pa.array(sorted(sources), pa.string())))
    ids = pc.binary_join_element_wise(pa.scalar(snapshot), table[column], " ")
    return table.set_column(table.schema.get_field_index(column), column, ids)


def follow(
    demand: Demand,
    periods: Segments,
    times: Sequence[float],
    *,
    registry: Registry,
    floor: Floor,
    left_out: Iterable[str] = (),
) -> pd.DataFrame:
    """The share of each skill in each period, and a test of change over all of them.

    A skill is tested where at least the floor's number of postings and employers ask for it, and at least two periods
    reach the floor. All skills that are tested, are tested at once: `q_value` is the p value adjusted for that
    (Y. Benjamini and Y. Hochberg, 1995, Controlling the false discovery rate, JRSS B 57, 289–300).

    Args:
        demand: the role's postings and mentions.
        periods: the postings' periods, in the order of time.
        times: when each period was, in any unit.
        registry: where names stand.
        floor: below it, in a period, its shares are missing.
        left_out: sources that are in no period.

    Returns:
        `TREND_COLUMNS`: the tested skills by p value, then the others by postings; within a skill by time.
    """
    skills = [demand.skills[number] for number in np.flatnonzero(np.diff(demand.asks.first))]
    groups = [(skill,) for skill in skills]
    (tally,) = tally_groups(demand, groups, [periods])
    asked = tally.postings.sum(axis=1)
    employers = _count_companies(demand, groups, periods)
    reached = (tally.clusters.postings >= floor.postings) & (tally.clusters.employers >= floor.companies)
    tested = (asked >= floor.postings) & (employers >= floor.companies) & (reached.sum() >= 2)
    changes = assess_changes(demand, groups, np.array([*times, 0.0])[periods.codes], inside=periods.codes >= 0)
    p_value = np.where(tested, changes.p_value, np.nan)
    q_value = np.full(len(skills), np.nan)
    known = ~np.isnan(p_value)
    if known.any():
        q_value[known] = stats.false_discovery_control(p_value[known], method="bh")
    with np.errstate(invalid="ignore"):
        moved = np.where(q_value <= SIGNIFICANT, np.where(changes.change > 0, "rises", "falls"), "steady")
    verdict = np.where(known, moved, "too few postings").astype(object)
    order = np.lexsort((np.array(skills, dtype=str), -asked, np.where(known, p_value, 2.0)))
    place = np.empty(len(skills), dtype=np.int64)
    place[order] = np.arange(len(skills))

    table = tally.to_columns(floor=floor, asked_only=False)
    rows = np.lexsort((table["segment"], place[table["group"]]))
    rows = rows[asked[table["group"][rows]] > 0]
    # Column by column: there may be half a million rows.
    table = {name: table.pop(name)[rows] for name in list(table)}
    group, segment = table["group"], table["segment"]
    of_skills: dict[str, Sequence[str]] = {
        "skill": skills,
        "name": [registry[skill].name for skill in skills],
        "kind": [registry[skill].kind for skill in skills],
        "family": [registry[skill].family for skill in skills],
    }
    table |= {
        "axis": np.full(len(group), periods.kind, dtype=object),
        "period": np.array(periods.names, dtype=object)[segment],
        "period_postings": table["role_postings"],
        "period_companies": table["role_companies"],
        "change": np.where(known, changes.change, np.nan)[group],
        "change_low": np.where(known, changes.low, np.nan)[group],
        "change_high": np.where(known, changes.high, np.nan)[group],
        "p_value": p_value[group],
        "q_value": q_value[group],
        "verdict": verdict[group],
        "left_out": np.full(len(group), "; ".join(left_out), dtype=object),
        **{name: np.array(values, dtype=object)[group] for name, values in of_skills.items()},
    }
    return pd.DataFrame({name: table[name] for name in TREND_COLUMNS}, copy=False)


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
    t = np.where(inside, times - times[counted].mean(), 0.0)
    t[~inside] = 0.0
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
    length = float(np.ptp(times[counted]))
    # Employers that all stay, or all move, as one leave no error but that of rounding.
    still = np.abs(slope) * length < 1e-9
    with np.errstate(divide="ignore", invalid="ignore"):
        p_value = np.where(still, 1.0, 2 * stats.t.sf(np.abs(slope) / error, degrees))
    p_value[asked == 0] = np.nan
    half = float(stats.t.ppf(0.975, degrees)) * error
    return Changes(slope * length, (slope - half) * length, (slope + half) * length, p_value)


def _count_companies(demand: Demand, groups: Sequence[Collection[str]], periods: Segments) -> npt.NDArray[np.int64]:
    """Employers that ask for each group in any of the periods."""
    together = Segments("all", ("all",), np.where(periods.codes >= 0, 0, -1).astype(np.int32))
    (tally,) = tally_groups(demand, groups, [together])
    return tally.companies[:, 0]


def pick_movers(trends: pd.DataFrame, *, most: int = 10) -> Mapping[str, list[str]]:
    """The ids of the skills that rise and fall most, by the end of the interval that is nearer to no change."""
    once = trends.drop_duplicates("skill")
    rising = once[once["verdict"] == "rises"].sort_values(["change_low", "skill"], ascending=[False, True])
    falling = once[once["verdict"] == "falls"].sort_values(["change_high", "skill"])
    return {"rises": rising["skill"].head(most).tolist(), "falls": falling["skill"].head(most).tolist()}
