"""What each part of the page shows: rows chosen and ordered, and the charts that stand above them."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from skillextract.market.quoting import LEADING_SKILLS, QUOTED_PAIRS
from skillextract.market.segments import pick_segments
from skillextract.reports.chart import Chart, Estimate, Line, draw_estimates
from skillextract.reports.numbers import PageNumbers
from skillextract.reports.report import Report
from skillextract.reports.rows import (
    ComparisonRow,
    join_names,
    remove_controls,
    state_interval,
    state_share,
)
from skillextract.reports.wording import list_facts

CHARTED_MISSING = 15
"""How many missing skills are drawn; the table has all of them."""

CHARTED_REQUIREMENTS = 12
"""For how many skills it is drawn how they are asked for; the table of all skills has the numbers of each."""

CHARTED_PAIRS = 12
LISTED_PAIRS = QUOTED_PAIRS
"""How many pairs of skills are drawn and listed; the parquet file has all."""

LISTED_SKILLS = 150
"""How many skills have a row of their own, beside those that another part of the page speaks of."""

TELLING_ITEMS = 3
"""How many items of the profile a narrow screen begins with."""

LISTED_TERMS = 25
"""How many unknown terms are listed; the parquet file has all."""

LISTED_TITLES = 100
"""How many titles that were taken as the role are listed; the parquet file has all."""

QUOTED_SENTENCES = 3
"""How many sentences are shown for a skill that the profile does not turn on."""

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
class SegmentTable:
    """Shares of the skills that are asked for most, side by side for the parts that a market falls into."""

    kind: str
    title: str
    segments: Sequence[tuple[str, int]]
    rows: Sequence[tuple[Mapping[str, Any], Sequence[Mapping[str, Any] | None]]]


def draw_comparison(rows: Sequence[ComparisonRow], opens: PageNumbers, *, limit: float, description: str) -> Chart:
    """The shares of rows of the comparison, with the share that decides about the verdict as a tick."""
    lines = [
        Line(
            label=f"{row.item_number}. {row.name}" if row.level == "item" else row.name,
            number=state_share(row.share),
            opens=opens.claim(row),
            estimates=[
                Estimate(
                    kind=row.verdict,
                    value=row.share,
                    low=row.share_low,
                    high=row.share_high,
                    facts={"verdict": row.verdict, **list_facts(dataclasses.asdict(row))},
                )
            ],
        )
        for row in rows
    ]
    return draw_estimates(lines, description=description, domain=(0, 1), limit=limit)


def list_market(report: Report) -> list[dict[str, Any]]:
    """The skills of the whole market, by rank."""
    return [row for row in report.read("skill_frequencies") if row["segment_kind"] in (None, "all")]


def pick_telling(items: Sequence[ComparisonRow]) -> frozenset[int]:
    """The numbers of the items that a narrow screen begins with: those that the market bears out least.

    What no posting asks for comes first, then the smallest shares; equals in the order of the profile.
    """
    ordered = sorted(items, key=lambda row: (row.verdict == "confirmed", row.share or 0.0, row.item_number or 0))
    return frozenset(row.item_number or 0 for row in ordered[:TELLING_ITEMS])


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


def draw_requirements(report: Report, opens: PageNumbers) -> tuple[Chart | None, list[dict[str, Any]]]:
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
            way = opens.way(row, column, kind)
            estimates.append(
                Estimate(kind=kind, value=row[f"share_{column}"], low=low, high=high, facts=facts, opens=way)
            )
        lines.append(
            Line(label=row["name"], number=state_share(row["share"]), estimates=estimates, opens=opens.skill(row))
        )
    top = max(row["share"] for row in rows)
    ends = [estimate.high for line in lines for estimate in line.estimates if estimate.high is not None]
    chart = draw_estimates(
        lines,
        description="For each skill the share of postings that require it, call it nice to have, or have it as duty.",
        domain=(0, min(1.0, math.ceil(max([top, *ends]) * 10) / 10)),
    )
    return chart, rows


def draw_pairs(report: Report, opens: PageNumbers) -> tuple[Chart | None, list[dict[str, Any]], int]:
    """The pairs of skills that are asked for together: a chart, the rows that are listed, and how many there are."""
    pairs = [row for row in report.read("cooccurrence") if row["lift_low"] is not None and row["lift_low"] > 1]
    if not pairs:
        return None, [], 0
    lines = [
        Line(
            label=f"{row['name']} + {row['other_name']}",
            number=f"{row['lift']:.1f}×",
            opens=opens.pair(row),
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
    # Degrees and fields of study are no items: what the profile says of them stands among the qualifications.
    named |= {row["skill"] for row in report.read("qualifications") if row["skill"] and row["claim"]}
    missing = {row.skill: row for row in report.missing}
    itself = {row.skill: row.verdict for row in report.rows if row.level == "role"}
    evidence = report.read_evidence()
    entries = []
    for row in rows:
        skill = row["skill"]
        if skill not in wanted:
            continue
        claim = "missing from profile" if skill in missing else "named" if skill in named else itself.get(skill, "")
        elsewhere = skill in missing and missing[skill].evidence
        quoted = () if elsewhere else evidence.get(skill, [])[: None if skill in named else QUOTED_SENTENCES]
        entries.append(SkillEntry(row=row, claim=claim, evidence=quoted))
    return entries, len(rows)


def list_rarer(report: Report, *, shown: Sequence[SkillEntry]) -> list[list[Any]]:
    """The skills without a row in the table of all skills, by rank, for the page's search.

    Returns:
        Of each its id, name, kind, share and interval in words, employers and postings.
    """
    has_row = {entry.row["skill"] for entry in shown}
    return [
        [
            row["skill"],
            remove_controls(row["name"]),
            row["kind"],
            state_share(row["share"]),
            state_interval(row["share_low"], row["share_high"]),
            row["companies"],
            row["postings"],
        ]
        for row in list_market(report)
        if row["skill"] not in has_row
    ]


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


def tell_companions(entry: SkillEntry) -> str:
    """The skills that are named with a skill, in words; empty where there are none."""
    named = [f"{other['name']} ({other['lift']:.1f}×)" for other in entry.row["co_named"] or ()]
    return f"Named with it more often than by chance: {', '.join(named)}." if named else ""
