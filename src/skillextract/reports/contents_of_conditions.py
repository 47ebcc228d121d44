"""What the page shows of the conditions of the work: degrees, fields and years that are asked for, and pay."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from skillextract.market.comparison import VerdictRules
from skillextract.reports.chart import Chart, Estimate, Line, draw_estimates
from skillextract.reports.numbers import PageNumbers
from skillextract.reports.report import Report
from skillextract.reports.rows import state_money, state_share
from skillextract.reports.wording import list_facts

QUOTED_PAY = 5
"""How many postings with stated pay are named for each currency."""
CHARTED_CONDITIONS = 15
"""How many degrees, and fields of study, are drawn; the table has all of them."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Salary:
    """The pay that postings state in one currency.

    `told` says whether there are enough for a figure, or the profile has one.
    """

    currency: str
    rows: Sequence[Mapping[str, Any]]
    chart: Chart | None
    postings: Sequence[Mapping[str, Any]]
    told: bool


def draw_qualifications(
    report: Report, rules: VerdictRules, opens: PageNumbers
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
                opens=opens.qualification(row),
                estimates=[
                    Estimate(
                        kind=row["verdict"] or "plain",
                        value=row["share"],
                        low=row["share_low"],
                        high=row["share_high"],
                        facts=({"the profile": row["claim"]} if row["claim"] else {}) | list_facts(row),
                    )
                ],
            )
            for row in stated[:CHARTED_CONDITIONS]
        ]
        charts[kind] = draw_estimates(
            lines,
            description=f"Share of postings that ask for each {told}, with 95% intervals.",
            domain=(0, 1),
            limit=None if kind == "band" else rules.confirmed_share,
        )
    return charts, rows


def list_salaries(report: Report, opens: PageNumbers) -> list[Salary]:
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
            chart=_draw_salary(currency, rows, opens),
            postings=_vary_employers(stated.get(currency, []))[:QUOTED_PAY],
            told=any(row["median"] is not None or row["claimed"] is not None for row in rows),
        )
        for currency, rows in sorted(by_currency.items(), key=lambda entry: (-size(entry[1]), entry[0]))
    ]


def _draw_salary(currency: str, rows: Sequence[Mapping[str, Any]], opens: PageNumbers) -> Chart | None:
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
                opens=opens.pay(row),
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
