"""What each part of the page shows: rows chosen and ordered, and the charts that stand above them."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from skillextract.market.comparison import VerdictRules
from skillextract.market.quoting import LEADING_SKILLS, QUOTED_PAIRS, QUOTED_STEADY
from skillextract.market.segments import pick_segments
from skillextract.market.wording import count_noun, tell_pay
from skillextract.reports.chart import Estimate, Line, draw_estimates, draw_series
from skillextract.reports.movement import read_period, state_period
from skillextract.reports.report import Report
from skillextract.reports.rows import (
    ComparisonRow,
    join_names,
    remove_controls,
    state_interval,
    state_money,
    state_share,
)

Chart = dict[str, Any]

CHARTED_MISSING = 15
"""How many missing skills are drawn; the table has all of them."""

CHARTED_REQUIREMENTS = 12
"""For how many skills it is drawn how they are asked for; the table of all skills has the numbers of each."""

CHARTED_PAIRS = 12
LISTED_PAIRS = QUOTED_PAIRS
"""How many pairs of skills are drawn and listed; the parquet file has all."""

CHARTED_TRENDS = 12
"""How many skills whose share changes are drawn; the table has all of them."""

CHARTED_STEADY = QUOTED_STEADY // 2
"""How many skills are drawn where none changes, given `FEWEST_PERIODS` with enough postings."""
FEWEST_PERIODS = 3

LISTED_SKILLS = 150
"""How many skills have a row of their own, beside those that another part of the page speaks of."""

LISTED_TERMS = 25
"""How many unknown terms are listed; the parquet file has all."""

QUOTED_SENTENCES = 3
"""How many sentences are shown for a skill that the profile does not turn on."""

QUOTED_PAY = 5
"""How many postings with stated pay are named for each currency."""

SEGMENT_KINDS = {
    "seniority": "Seniority, as the title says",
    "country": "Country",
    "remote": "Place of work",
    "source": "Source",
}

_REQUIREMENTS = (("required", "required"), ("preferred", "nice to have"), ("duty", "duty"))


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SkillEntry:
    """A skill in the table of all skills.

    Attributes:
        row: its row of `skill_frequencies`.
        claim: what the profile has to do with it: `named`, `missing from profile` or empty.
        evidence: its sentences; none where they stand elsewhere on the page.
    """

    row: Mapping[str, Any]
    claim: str
    evidence: Sequence[Mapping[str, Any]]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """How the share of a skill changed."""

    row: Mapping[str, Any]
    first: Mapping[str, Any]
    last: Mapping[str, Any]
    chart: Chart | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SegmentTable:
    """Shares of the skills that are asked for most, side by side for the parts that a market falls into."""

    kind: str
    title: str
    segments: Sequence[tuple[str, int]]
    rows: Sequence[tuple[Mapping[str, Any], Sequence[Mapping[str, Any] | None]]]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Salary:
    """The pay that postings state in one currency."""

    currency: str
    rows: Sequence[Mapping[str, Any]]
    chart: Chart | None
    postings: Sequence[Mapping[str, Any]]


def anchor(skill: str) -> str:
    """The id in the page of the place where a skill's sentences stand.

    Example:
        >>> anchor("c++ / cli")
        'skill-c-cli'
    """
    return "skill-" + re.sub(r"[^a-z0-9]+", "-", skill.lower()).strip("-")


def draw_comparison(rows: Sequence[ComparisonRow], *, limit: float, description: str) -> Chart:
    """The shares of rows of the comparison, with the share that decides about the verdict as a tick."""
    lines = [
        Line(
            label=f"{row.item_number}. {row.name}" if row.level == "item" else row.name,
            number=state_share(row.share),
            estimates=[
                Estimate(
                    kind=row.verdict,
                    value=row.share,
                    low=row.share_low,
                    high=row.share_high,
                    facts={"verdict": row.verdict, **_tell_share(dataclasses.asdict(row))},
                )
            ],
        )
        for row in rows
    ]
    return draw_estimates(lines, description=description, domain=(0, 1), limit=limit)


def list_market(report: Report) -> list[dict[str, Any]]:
    """The skills of the whole market, by rank."""
    return [row for row in report.read("skill_frequencies") if row["segment_kind"] in (None, "all")]


def list_unseen(report: Report) -> list[tuple[str, bool, str]]:
    """What no posting asks for, by item of the profile.

    Returns:
        The item's name, whether it is the item as a whole, and the skills of it that nobody asks for, in words; for an
        item that is one skill of the same name there is nothing more to say.
    """
    by_item: dict[str, tuple[bool, list[str]]] = {}
    for row in report.unseen:
        item = row.item or row.name
        _, names = by_item.setdefault(item, (row.level == "item", []))
        if row.level == "skill" and row.name != item:
            names.append(row.name)
    return [(item, whole, join_names(names, "or" if whole else "and")) for item, (whole, names) in by_item.items()]


def draw_requirements(report: Report) -> tuple[Chart | None, list[dict[str, Any]]]:
    """How the skills that are asked for most are asked for: a chart, and the skills' rows."""
    rows = [row for row in list_market(report) if row["kind"] != "degree" and row["share"] is not None]
    rows = rows[:CHARTED_REQUIREMENTS]
    if not rows:
        return None, []
    by_requirement = {
        (row["segment"], row["skill"]): row
        for row in report.read("skill_frequencies")
        if row["segment_kind"] == "requirement"
    }
    lines = []
    for row in rows:
        estimates = []
        for column, kind in _REQUIREMENTS:
            segment = by_requirement.get((column, row["skill"]), {})
            same = segment.get("role_postings") == row["role_postings"]
            low, high = (segment.get("share_low"), segment.get("share_high")) if same else (None, None)
            facts = {"asked for as": kind, "postings": f"{row[f'postings_{column}']:,}"}
            facts["share of postings"] = state_share(row[f"share_{column}"])
            if low is not None:
                facts["95% interval"] = state_interval(low, high)
            estimates.append(Estimate(kind=kind, value=row[f"share_{column}"], low=low, high=high, facts=facts))
        lines.append(Line(label=row["name"], number=state_share(row["share"]), estimates=estimates))
    top = max(row["share"] for row in rows)
    ends = [estimate.high for line in lines for estimate in line.estimates if estimate.high is not None]
    chart = draw_estimates(
        lines,
        description="For each skill the share of postings that require it, call it nice to have, or have it as duty.",
        domain=(0, min(1.0, math.ceil(max([top, *ends]) * 10) / 10)),
    )
    return chart, rows


def list_trends(report: Report) -> dict[str, dict[str, Any]]:
    """The skills whose share changed, by axis (`month`, `snapshot`), the surest change first.

    Returns:
        For each axis with rows: `periods` (their names in order), `stated` (how many of them have enough postings),
        `changed` (`Trend`, all skills that rise or fall), `drawn` (`Trend` with its chart: the first of those, or where
        none changed the skills that are asked for most), `surest` (the `Trend` that is least likely to be chance),
        `steady` (how many skills do not change), `few` (how many are too rare to tell) and `left_out` (sources).
    """
    found: dict[str, dict[str, Any]] = {}
    rows = report.read("trends")
    for axis in ("month", "snapshot"):
        series: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            if row["axis"] == axis:
                series.setdefault(row["skill"], []).append(row)
        if not series:
            continue
        verdicts = [points[0]["verdict"] for points in series.values()]
        changed = [points for points in series.values() if points[0]["verdict"] in {"rises", "falls"}]
        stated = len({row["period"] for points in series.values() for row in points if row["enough"]})
        if changed:
            drawn = changed[:CHARTED_TRENDS]
        else:
            steady = [points for points in series.values() if points[0]["verdict"] == "steady"]
            steady.sort(key=lambda points: -sum(row["postings"] for row in points))
            drawn = steady[:CHARTED_STEADY] if stated >= FEWEST_PERIODS else []
        found[axis] = {
            "periods": sorted({row["period"] for points in series.values() for row in points}),
            "stated": stated,
            "drawn": [_follow(points, drawn=True) for points in drawn],
            "changed": [_follow(points, drawn=False) for points in changed],
            "surest": _follow(next(iter(series.values())), drawn=False),
            "steady": verdicts.count("steady"),
            "few": verdicts.count("too few postings"),
            "left_out": next(iter(series.values()))[0]["left_out"],
        }
    return found


def draw_pairs(report: Report) -> tuple[Chart | None, list[dict[str, Any]], int]:
    """The pairs of skills that are asked for together: a chart, the rows that are listed, and how many there are."""
    pairs = [row for row in report.read("cooccurrence") if row["lift_low"] is not None and row["lift_low"] > 1]
    if not pairs:
        return None, [], 0
    lines = [
        Line(
            label=f"{row['name']} + {row['other_name']}",
            number=f"{row['lift']:.1f}×",
            estimates=[
                Estimate(
                    kind="plain",
                    value=row["lift"],
                    low=row["lift_low"],
                    high=row["lift_high"],
                    facts={
                        "times as often as by chance": f"{row['lift']:.1f}",
                        "95% interval": f"{row['lift_low']:.1f}–{row['lift_high']:.1f}",
                        "postings with both": f"{row['postings']:,}",
                        "employers": f"{row['companies']:,}",
                    },
                )
            ],
        )
        for row in pairs[:CHARTED_PAIRS]
    ]
    top = max(row["lift_high"] for row in pairs[:CHARTED_PAIRS])
    chart = draw_estimates(
        lines,
        description="For each pair how many times as often as by chance postings ask for both, with 95% intervals.",
        domain=(1, top * 1.05),
        axis_format="~r",
        logarithmic=True,
    )
    return chart, pairs[:LISTED_PAIRS], len(pairs)


def draw_qualifications(
    report: Report, rules: VerdictRules
) -> tuple[dict[str, Chart], dict[str, list[dict[str, Any]]]]:
    """Degrees, fields of study and years: a chart each of what has a share, and the rows by kind."""
    rows: dict[str, list[dict[str, Any]]] = {"degree": [], "field": [], "band": [], "years": []}
    for row in report.read("qualifications"):
        rows[row["kind"]].append(row)
    for kind in ("degree", "field"):
        rows[kind].sort(key=lambda row: -row["postings"])
    charts = {}
    for kind, told in (("degree", "degree"), ("field", "field of study"), ("band", "number of years")):
        stated = [row for row in rows[kind] if row["share"] is not None and (row["postings"] or row["claim"])]
        if not stated:
            continue
        lines = [
            Line(
                label=row["name"][:1].upper() + row["name"][1:],
                number=state_share(row["share"]),
                estimates=[
                    Estimate(
                        kind=row["verdict"] or "plain",
                        value=row["share"],
                        low=row["share_low"],
                        high=row["share_high"],
                        facts=({"the profile": row["claim"]} if row["claim"] else {}) | _tell_share(row),
                    )
                ],
            )
            for row in stated[:CHARTED_MISSING]
        ]
        charts[kind] = draw_estimates(
            lines,
            description=f"Share of postings that ask for each {told}, with 95% intervals.",
            domain=(0, 1),
            limit=None if kind == "band" else rules.confirmed_share,
        )
    return charts, rows


def list_salaries(report: Report) -> list[Salary]:
    """The pay by currency, the currency that most postings state first."""
    by_currency: dict[str, list[dict[str, Any]]] = {}
    for row in report.read("salary"):
        by_currency.setdefault(row["currency"], []).append(row)
    stated: dict[str, list[dict[str, Any]]] = {}
    for posting in report.read_stated_pay():
        stated.setdefault(posting["salary_currency"], []).append(posting)

    def size(rows: Sequence[Mapping[str, Any]]) -> int:
        return max(int(row["postings"]) for row in rows)

    return [
        Salary(
            currency=currency,
            rows=rows,
            chart=_draw_salary(currency, rows),
            postings=_vary_employers(stated.get(currency, []))[:QUOTED_PAY],
        )
        for currency, rows in sorted(by_currency.items(), key=lambda entry: (-size(entry[1]), entry[0]))
    ]


def list_segments(report: Report) -> list[SegmentTable]:
    """Where the market differs: for each way to divide it, the shares of the leading skills in its parts.

    Parts below the floor are left out, and a division with fewer than two parts above it as a whole.
    """
    leading = [row for row in list_market(report) if row["kind"] != "degree"][:LEADING_SKILLS]
    tables = []
    for kind, title in SEGMENT_KINDS.items():
        rows = [row for row in report.read("skill_frequencies") if row["segment_kind"] == kind and row["enough"]]
        sizes = {row["segment"]: row["role_postings"] for row in rows}
        segments = pick_segments(sizes)
        if len(segments) < 2:
            continue
        cells = {(row["segment"], row["skill"]): row for row in rows}
        tables.append(
            SegmentTable(
                kind=kind,
                title=title,
                segments=segments,
                rows=[(row, [cells.get((name, row["skill"])) for name, _ in segments]) for row in leading],
            )
        )
    return tables


def list_skills(report: Report, *, referred: Iterable[str]) -> tuple[list[SkillEntry], int]:
    """The skills that have a row in the table of all skills, and how many there are in the parquet file.

    Args:
        report: the tables.
        referred: skills that another part of the page speaks of; they have a row however rare they are.
    """
    rows = list_market(report)
    wanted = {row["skill"] for row in rows[:LISTED_SKILLS]} | set(referred)
    named = {row.skill for row in report.rows if row.level == "skill"}
    missing = {row.skill: row for row in report.missing}
    evidence = report.read_evidence()
    entries = []
    for row in rows:
        skill = row["skill"]
        if skill not in wanted:
            continue
        claim = "missing from profile" if skill in missing else "named" if skill in named else ""
        elsewhere = skill in missing and missing[skill].evidence
        quoted = () if elsewhere else evidence.get(skill, [])[: None if skill in named else QUOTED_SENTENCES]
        entries.append(SkillEntry(row=row, claim=claim, evidence=quoted))
    return entries, len(rows)


def state_pay(posting: Mapping[str, Any]) -> str:
    """The pay that a posting states, as it states it."""
    return tell_pay(*(posting[f"salary_{name}"] for name in ("min", "max", "currency", "period")))


def tell_agreement(row: Mapping[str, Any]) -> str:
    """What one of the two figures of the profile was counted from."""
    interval = state_interval(row["share_low"], row["share_high"])
    if row["figure"] == "confirmation":
        return f"{row['counted']} of {count_noun(row['total'], 'need')} of the profile (95% interval {interval})."
    counted = f"{row['counted']:,} of {row['total']:,} pairs of a posting and a skill that it asks for"
    return f"{state_share(row['share'])}: {counted} (95% interval {interval})."


def tell_companions(entry: SkillEntry) -> str:
    """The skills that are named with a skill, in words; empty where there are none."""
    named = [f"{other['name']} ({other['lift']:.1f}×)" for other in entry.row["co_named"] or ()]
    return f"Named with it more often than by chance: {', '.join(named)}." if named else ""


def tell_years(row: Mapping[str, Any]) -> str:
    """The years of experience that postings ask for with a skill."""
    stating = f"{count_noun(row['years_postings'], 'posting')} {'states' if row['years_postings'] == 1 else 'state'}"
    return f"{stating} years of experience with it; the median is {row['years_median']:g}."


def tell_pair(row: Mapping[str, Any]) -> str:
    """How often a pair of skills is asked for together."""
    lift = f"{row['lift']:.1f} times as often as by chance (95% interval {row['lift_low']:.1f}–{row['lift_high']:.1f})"
    return f"{lift}: {count_noun(row['postings'], 'posting')} by {count_noun(row['companies'], 'employer')}."


def tell_median(row: Mapping[str, Any]) -> str:
    """The median of the pay with its interval and what it was counted from."""
    counted = f"{count_noun(row['postings'], 'posting')} by {count_noun(row['companies'], 'employer')}."
    if row["median"] is None:
        return f"Too few for a median: {counted}"
    interval = f"{state_money(row['median_low'], row['currency'])} to {row['median_high']:,.0f}"
    return f"Median {state_money(row['median'], row['currency'])} a year (95% interval {interval}): {counted}"


def state_moment(snapshot: str) -> str:
    """The time of a snapshot for a reader; the id itself where it is none.

    Example:
        >>> state_moment("2026-11-26T053349Z")
        '26 November 2026, 05:33 UTC'
    """
    try:
        moment = datetime.strptime(snapshot, "%Y-%m-%dT%H%M%SZ")
    except ValueError:
        return remove_controls(snapshot)
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def _follow(points: Sequence[Mapping[str, Any]], *, drawn: bool) -> Trend:
    points = sorted(points, key=lambda row: row["period"])
    stated = [row for row in points if row["share"] is not None] or points
    chart = None
    if drawn:
        chart = draw_series(
            [
                {
                    "time": (read_period(row["period"]) or datetime(1970, 1, 1, tzinfo=UTC)).isoformat(),
                    "share": row["share"],
                    "low": row["share_low"],
                    "high": row["share_high"],
                    "facts": {"period": state_period(row["period"]), **_tell_share(row)},
                }
                for row in points
            ],
            kind={"rises": "confirmed", "falls": "weak"}.get(points[0]["verdict"], "plain"),
            description=f"Share of postings that ask for {remove_controls(points[0]['name'])}, by time.",
        )
    return Trend(row=points[0], first=stated[0], last=stated[-1], chart=chart)


def _draw_salary(currency: str, rows: Sequence[Mapping[str, Any]]) -> Chart | None:
    shown = [row for row in rows if row["median"] is not None]
    if not shown:
        return None
    lines = []
    for row in shown:
        facts = {
            "median": state_money(row["median"], currency),
            "95% interval": f"{state_money(row['median_low'], currency)}–{state_money(row['median_high'], currency)}",
            "middle half": f"{state_money(row['low'], currency)}–{state_money(row['high'], currency)}",
            "postings": f"{row['postings']:,}",
            "employers": f"{row['companies']:,}",
        }
        if row["claimed"] is not None:
            facts["the profile says"] = state_money(row["claimed"], currency)
        lines.append(
            Line(
                label="All postings" if row["seniority"] == "all" else row["seniority"].capitalize(),
                number=state_money(row["median"], currency),
                estimates=[
                    Estimate(
                        kind="plain",
                        value=row["median"],
                        low=row["median_low"],
                        high=row["median_high"],
                        outer_low=row["low"],
                        outer_high=row["high"],
                        claimed=row["claimed"],
                        facts=facts,
                    )
                ],
            )
        )
    names = ("median_high", "high", "claimed")
    top = max(row[name] for row in shown for name in names if row[name] is not None)
    return draw_estimates(
        lines,
        description=f"Yearly pay in {currency} by seniority: median with 95% interval, and the middle half.",
        domain=(0, top * 1.05),
        axis_format="~s",
    )


def _vary_employers(postings: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Postings in their order, each employer once before any comes twice."""
    turns: dict[object, int] = {}
    keyed = []
    for place, posting in enumerate(postings):
        employer = posting["company"] or posting["id"]
        turns[employer] = turns.get(employer, 0) + 1
        keyed.append((turns[employer], place, posting))
    return [posting for _, _, posting in sorted(keyed, key=lambda entry: entry[:2])]


def _tell_share(row: Mapping[str, Any]) -> dict[str, str]:
    told = {"share of postings": state_share(row["share"])}
    if row["share_low"] is not None:
        told["95% interval"] = state_interval(row["share_low"], row["share_high"])
    return told | {"postings": f"{row['postings']:,}", "employers": f"{row['companies']:,}"}
