"""What the page shows of changes over time: which skills, in which order, and their charts."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from skillextract.market.quoting import QUOTED_MOVED, QUOTED_STEADY
from skillextract.market.trends import MOVING
from skillextract.reports.chart import Chart, draw_series
from skillextract.reports.movement import find_difference, read_period, state_period
from skillextract.reports.numbers import PageNumbers
from skillextract.reports.report import Report
from skillextract.reports.rows import remove_controls
from skillextract.reports.wording import list_facts

CHARTED_TRENDS = 12
"""How many skills whose share changes are drawn; the table has all of them."""

CHARTED_STEADY = QUOTED_STEADY // 2
"""How many skills are drawn where none changes."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """How the share of a skill changed.

    Attributes:
        row: its first row in `trends`.
        first: the first observed share as a row of its own: `skill`, `name`, `period`, `postings`, `companies`, `share`
            and its interval; None throughout where no change was tested.
        last: the last.
        change: the difference that is told, 0 to 1; see `movement.find_difference`.
        chart: its periods.
    """

    row: Mapping[str, Any]
    first: Mapping[str, Any]
    last: Mapping[str, Any]
    change: float | None
    chart: Chart | None


def list_trends(report: Report, opens: PageNumbers) -> dict[str, dict[str, Any]]:
    """The skills whose share changed, by axis (`month`, `quarter`, `year`, `snapshot`), the surest change first.

    Returns:
        For each axis with rows: `periods` (their names in order), `stated` (how many of them have enough postings),
        `changed` (`Trend`, all skills that rise, fall or move in no one direction), `listed` (the first of them, whose
        sentences are kept), `drawn` (`Trend` with its chart: the first of those, or where none changed the skills that
        are asked for most), `surest` (the `Trend` that is least likely to be chance), `tested` (how many skills were),
        `steady` (how many of them do not change), `few` (how many are too rare to tell) and `left_out` (sources).
    """
    found: dict[str, dict[str, Any]] = {}
    rows = report.read("trends")
    for axis in ("month", "quarter", "year", "snapshot"):
        series: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            if row["axis"] == axis:
                series.setdefault(row["skill"], []).append(row)
        if not series:
            continue
        verdicts = [points[0]["verdict"] for points in series.values()]
        changed = [points for points in series.values() if points[0]["verdict"] in MOVING]
        stated = len({row["period"] for points in series.values() for row in points if row["enough"]})
        if changed:
            drawn = changed[:CHARTED_TRENDS]
        else:
            steady = [points for points in series.values() if points[0]["verdict"] == "steady"]
            steady.sort(key=lambda points: -sum(row["postings"] for row in points))
            drawn = steady[:CHARTED_STEADY]
        found[axis] = {
            "periods": sorted({row["period"] for points in series.values() for row in points}),
            "stated": stated,
            "drawn": [_follow(points, drawn=True, opens=opens.change(axis, points[0])) for points in drawn],
            "changed": (moved := [_follow(points) for points in changed]),
            "listed": moved[:QUOTED_MOVED],
            "surest": _follow(next(iter(series.values()))),
            "tested": len(verdicts) - verdicts.count("too few postings"),
            "steady": verdicts.count("steady"),
            "few": verdicts.count("too few postings"),
            "left_out": next(iter(series.values()))[0]["left_out"],
        }
    return found


def _follow(points: Sequence[Mapping[str, Any]], *, drawn: bool = False, opens: int | None = None) -> Trend:
    points = sorted(points, key=lambda row: row["period"])
    first, last = (
        {
            "skill": points[0]["skill"],
            "name": points[0]["name"],
            **{fact: points[0][f"{end}_{fact}"] for fact in _FACTS},
        }
        for end in ("first", "last")
    )
    chart = None
    if drawn:
        chart = draw_series(
            [
                {
                    "time": (read_period(row["period"]) or datetime(1970, 1, 1, tzinfo=UTC)).isoformat(),
                    "share": row["share"],
                    "low": row["share_low"],
                    "high": row["share_high"],
                    "opens": opens,
                    "facts": {"period": state_period(row["period"]), **list_facts(row)},
                }
                for row in points
            ],
            kind={"rises": "confirmed", "falls": "weak"}.get(points[0]["verdict"], "plain"),
            description=f"Share of postings that ask for {remove_controls(points[0]['name'])}, by time.",
        )
    return Trend(row=points[0], first=first, last=last, change=find_difference(points[0]), chart=chart)


_FACTS = ("period", "postings", "companies", "share", "share_low", "share_high")
