"""What the market asks for over time, and whether it changed."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy import stats

from skillextract.errors import LakeError
from skillextract.market.changes import assess_changes
from skillextract.market.curves import SIDE, assess_curves, assess_turns
from skillextract.market.demand import Demand, Floor, Registry, gather_demand
from skillextract.market.periods import LEAST_SNAPSHOTS, Periods, choose_periods
from skillextract.market.tally import Segments, Tally, tally_groups
from skillextract.market.wording import count_noun
from skillextract.posting import key_company

Floats = npt.NDArray[np.float64]

SIGNIFICANT = 0.05
"""A change is stated where its q value is at most this: of all changes that are stated, one in twenty may be chance."""

LEAST_SHARE = 0.005
"""Share of the postings in all periods together below which a skill is not tested.

Rare skills move by tenths of a point, of which nobody can make use, and each that is tested hides larger changes of
others. How common a skill is over all the time says nothing of whether its share changed, so that leaving the rare ones
out raises no false alarms (R. Bourgon, R. Gentleman and W. Huber, 2010, Independent filtering increases detection power
for high-throughput experiments, PNAS 107, 9546–9551).
"""

MOVING = ("rises", "falls", "changes")
"""The verdicts of skills whose share changed."""

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
    *(
        f"{end}_{fact}"
        for end in ("first", "last")
        for fact in ("period", "postings", "companies", "share", "share_low", "share_high")
    ),
    "change",
    "change_low",
    "change_high",
    "turned_at",
    "turn_share",
    "since_turn",
    "since_turn_low",
    "since_turn_high",
    "p_value",
    "q_value",
    "verdict",
    "left_out",
)


ALWAYS_WHOLE = 12
"""The first so many skills have a row for every period, tested or not: they are drawn where none moves."""

_COUNTED = (
    *("postings", "companies", "share", "share_low", "share_high", "effective_n", "enough"),
    *("role_postings", "role_companies"),
)
"""The columns of a tally that a trend tells."""


def follow_months(demand: Demand, *, registry: Registry, floor: Floor, periods: Periods | None = None) -> pd.DataFrame:
    """How much each skill is asked for by time of `posted_at`; postings that state no date are left out.

    Args:
        demand: the role's postings and mentions.
        registry: where names stand.
        floor: below it, in a period, its shares are missing.
        periods: months, quarters or years; None takes what `periods.choose_periods` chooses.

    Returns:
        `TREND_COLUMNS`, documented in `reports.tables`; see `follow`.
    """
    return follow(demand, periods or choose_periods(demand, floor), registry=registry, floor=floor)


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
    it, because all postings of an employer are one cluster, and so is a posting that states none, by its id.

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
            f"no source is complete in all of the {len(snapshots)} snapshots (a run on the sample shares none with "
            "yours); compare fewer (--last), name another lake, or run the flow again"
        )
    snapshots = [hand_over(snapshot, kept) for snapshot in snapshots]
    postings = pa.concat_tables(
        [_mark(_key_unnamed(s.postings), s.id, "id", kept) for s in snapshots], promote_options="default"
    )
    mentions = pa.concat_tables([_mark(s.mentions, s.id, "posting_id", None) for s in snapshots])
    demand = gather_demand(postings, mentions, registry=registry)
    names = tuple(snapshot.id for snapshot in snapshots)
    numbers = {name: number for number, name in enumerate(names)}
    ids = demand.postings["id"].astype(object)
    codes = np.array([numbers[id_.partition(" ")[0]] for id_ in ids], dtype=np.int32)
    times = tuple(datetime.strptime(name, "%Y-%m-%dT%H%M%SZ").timestamp() / 86_400 for name in names)
    periods = Periods(Segments("snapshot", names, codes), times, LEAST_SNAPSHOTS)
    return follow(demand, periods, registry=registry, floor=floor, left_out=sorted(left_out))


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


def _key_unnamed(postings: pa.Table) -> pa.Table:
    """The postings, of which those that state no employer have their id in its place.

    They are told apart by it alone (`posting.key_company`), and nothing shows it: a posting that is open in two
    snapshots would be two employers without it, and their shares would seem to have been drawn independently.
    """
    rows = zip(postings["id"].to_pylist(), postings["company"].to_pylist(), strict=True)
    # In hexadecimal digits, because case and white space tell no employers apart, but ids.
    keys = [company if key_company(company) else f"\0{posting.encode().hex()}" for posting, company in rows]
    return postings.set_column(postings.schema.get_field_index("company"), "company", pa.array(keys, pa.string()))


def _mark(table: pa.Table, snapshot: str, column: str, sources: Collection[str] | None) -> pa.Table:
    """The rows of some sources, with the snapshot before each id."""
    if sources is not None:
        table = table.filter(pc.is_in(table["source"], pa.array(sorted(sources), pa.string())))
    ids = pc.binary_join_element_wise(pa.scalar(snapshot), table[column], " ")
    return table.set_column(table.schema.get_field_index(column), column, ids)


def follow(
    demand: Demand, periods: Periods, *, registry: Registry, floor: Floor, left_out: Iterable[str] = ()
) -> pd.DataFrame:
    """The share of each skill in each period, and a test of change over those that reach the floor.

    Postings of a period below the floor are in no test: a month with three postings has no share to state, and none to
    draw a line through. The test is that of `curves.assess_curves`: it finds a share that rose and then fell as well as
    one that only rises. The verdict says where the share is going: since its turn, where it turned
    (`curves.assess_turns`), else along the straight line through the postings, where the shares observed at the two
    ends go the same way. A share of which neither can be told `changes`: it moved by more than chance explains, and not
    in one direction. What is told of a change are those observed shares, each over a sixth of the time: the first and
    the last period where there are up to six.

    A skill is tested where at least the floor's number of postings and employers and `LEAST_SHARE` of the postings ask
    for it in those periods, and at least `Periods.least` of them reach the floor. All skills that are tested, are
    tested at once: `q_value` is the p value adjusted for that (Y. Benjamini and Y. Hochberg, 1995, Controlling the
    false discovery rate, JRSS B 57, 289–300).

    Args:
        demand: the role's postings and mentions.
        periods: the division by time.
        registry: where names stand.
        floor: below it, in a period, its shares are missing.
        left_out: sources that are in no period.

    Returns:
        `TREND_COLUMNS`: the tested skills by p value, then the others by postings; within a skill by time. Skills that
        were not tested have rows only for the periods in which a posting asks for them, but for the first
        `ALWAYS_WHOLE` skills.
    """
    segments, times = periods.segments, np.array(periods.times)
    skills = [demand.skills[number] for number in np.flatnonzero(np.diff(demand.asks.first))]
    groups = [(skill,) for skill in skills]
    usable = periods.find_usable(demand, floor)
    inside = periods.leave_thin(demand, floor).codes >= 0
    ends = _divide_ends(segments, times, usable)
    together = Segments("all", ("all",), np.where(inside, 0, -1).astype(np.int32))
    tally, usably, at_ends = tally_groups(demand, groups, [segments, together, ends])
    asked = tally.postings.sum(axis=1)
    enough = (usably.postings[:, 0] >= floor.postings) & (usably.companies[:, 0] >= floor.companies)
    common = usably.postings[:, 0] >= LEAST_SHARE * np.count_nonzero(inside)
    tested = enough & common & (np.count_nonzero(usable) >= periods.least)
    moments = np.append(times, 0.0)[segments.codes]
    changes = assess_changes(demand, groups, moments, inside=inside)
    curves = assess_curves(demand, groups, moments, inside=inside)
    # With two periods there is only a line.
    p_value = np.where(tested, np.where(np.isnan(curves.p_value), changes.p_value, curves.p_value), np.nan)
    q_value = np.full(len(skills), np.nan)
    known = ~np.isnan(p_value)
    if known.any():
        q_value[known] = stats.false_discovery_control(p_value[known], method="bh")
    seen = _list_ends(at_ends, known, floor)
    with np.errstate(invalid="ignore"):
        changed = q_value <= SIGNIFICANT
        turns = assess_turns(demand, groups, moments, np.where(changed, curves.turn, np.nan), inside=inside)
        turned = ~np.isnan(turns.place)
        going = np.where(turned, turns.since.change, changes.change)
        straight = (np.sign(changes.low) == np.sign(changes.high)) & (
            np.sign(seen["last_share"] - seen["first_share"]) == np.sign(changes.change)
        )
        moved = np.where(
            changed, np.where(~(turned | straight), "changes", np.where(going > 0, "rises", "falls")), "steady"
        )
    verdict = np.where(known, moved, "too few postings").astype(object)
    turning = _name_turns(turns.place, times[usable], [segments.names[number] for number in np.flatnonzero(usable)])
    order = np.lexsort((np.array(skills, dtype=str), -asked, np.where(known, p_value, 2.0)))
    place = np.empty(len(skills), dtype=np.int64)
    place[order] = np.arange(len(skills))

    told = (tally.postings > 0) | known[:, np.newaxis]
    told[order[:ALWAYS_WHOLE]] = True
    told[asked == 0] = False
    table = _list_cells(tally, told, floor)
    rows = np.lexsort((table["segment"], place[table["group"]]))
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
        "axis": np.full(len(group), segments.kind, dtype=object),
        "period": np.array(segments.names, dtype=object)[segment],
        "period_postings": table["role_postings"],
        "period_companies": table["role_companies"],
        **{name: values[group] for name, values in seen.items()},
        "change": np.where(known, changes.change, np.nan)[group],
        "change_low": np.where(known, np.maximum(changes.low, -1.0), np.nan)[group],
        "change_high": np.where(known, np.minimum(changes.high, 1.0), np.nan)[group],
        "turned_at": turning[group],
        "turn_share": turns.share[group],
        "since_turn": turns.since.change[group],
        "since_turn_low": np.maximum(turns.since.low, -1.0)[group],
        "since_turn_high": np.minimum(turns.since.high, 1.0)[group],
        "p_value": p_value[group],
        "q_value": q_value[group],
        "verdict": verdict[group],
        "left_out": np.full(len(group), "; ".join(left_out), dtype=object),
        **{name: np.array(values, dtype=object)[group] for name, values in of_skills.items()},
    }
    # Of an array that holds None pandas would make one of NaN.
    kinds = dict.fromkeys(("first_period", "last_period", "turned_at"), "object") | dict.fromkeys(
        (f"{end}_{count}" for end in ("first", "last") for count in ("postings", "companies")), "Int32"
    )
    return pd.DataFrame(
        {name: pd.Series(table[name], dtype=kinds.get(name)) for name in TREND_COLUMNS},
        copy=False,
    )


def _list_cells(tally: Tally, told: npt.NDArray[np.bool_], floor: Floor) -> dict[str, npt.NDArray[Any]]:
    """The counted columns of the chosen pairs of skill and period, some periods at a time."""
    wanted = ("group", "segment", *_COUNTED)
    parts, first = [], 0
    for part in tally.split():
        last = first + len(part.segments.names)
        columns = part.to_columns(floor=floor, cells=told[:, first:last])
        columns["segment"] = columns["segment"] + first
        parts.append({name: columns[name] for name in wanted})
        first = last
    return {name: np.concatenate([part.pop(name) for part in parts]) for name in wanted}


def _divide_ends(periods: Segments, times: Floats, usable: npt.NDArray[np.bool_]) -> Segments:
    """The first and the last sixth of the time from the first usable period to the last, of usable periods alone.

    A sixth that holds several periods is called `2011-01/2012-02`.
    """
    numbers = np.flatnonzero(usable)
    if len(numbers) < 2:
        return Segments("ends", ("", ""), np.full(len(periods.codes), -1, dtype=np.int32))
    u = (times[numbers] - times[numbers[0]]) / (times[numbers[-1]] - times[numbers[0]])
    place = np.full(len(periods.names) + 1, -1, dtype=np.int32)
    names = []
    for end, chosen in enumerate((numbers[u <= SIDE], numbers[u >= 1 - SIDE])):
        place[chosen] = end
        names.append("/".join(dict.fromkeys((periods.names[chosen[0]], periods.names[chosen[-1]]))))
    return Segments("ends", tuple(names), place[periods.codes])


def _list_ends(tally: Tally, known: npt.NDArray[np.bool_], floor: Floor) -> dict[str, npt.NDArray[Any]]:
    """The columns `first_…` and `last_…`, one element a skill; missing for those that were not tested."""
    table = tally.to_columns(floor=floor)
    columns: dict[str, npt.NDArray[Any]] = {}
    for number, end in enumerate(("first", "last")):
        rows = np.flatnonzero(table["segment"] == number)
        rows = rows[np.argsort(table["group"][rows])]
        names = np.full(len(known), None, dtype=object)
        names[known] = tally.segments.names[number]
        columns[f"{end}_period"] = names
        for fact in ("postings", "companies", "share", "share_low", "share_high"):
            columns[f"{end}_{fact}"] = np.where(known, table[fact][rows], np.nan)
    return columns


def _name_turns(place: Floats, times: Floats, names: Sequence[str]) -> npt.NDArray[np.object_]:
    """The period that is nearest to each place in the time; None for none."""
    found = np.full(len(place), None, dtype=object)
    for number in np.flatnonzero(~np.isnan(place)):
        moment = times[0] + place[number] * (times[-1] - times[0])
        found[number] = names[int(np.argmin(np.abs(times - moment)))]
    return found


def pick_movers(trends: pd.DataFrame, *, most: int = 10) -> Mapping[str, list[str]]:
    """The ids of the skills that moved most, by verdict (`MOVING`).

    Those that rise and fall by the end of the interval that is nearer to no change, the others by q value.
    """
    once = trends.drop_duplicates("skill")
    turned = once["turned_at"].notna()
    once = once.assign(
        low=once["since_turn_low"].where(turned, once["change_low"]),
        high=once["since_turn_high"].where(turned, once["change_high"]),
    )
    rising = once[once["verdict"] == "rises"].sort_values(["low", "skill"], ascending=[False, True])
    falling = once[once["verdict"] == "falls"].sort_values(["high", "skill"])
    changing = once[once["verdict"] == "changes"].sort_values(["q_value", "skill"])
    found = dict(zip(MOVING, (rising, falling, changing), strict=True))
    return {verdict: rows["skill"].head(most).tolist() for verdict, rows in found.items()}
