"""The comparison as one page that needs nothing but itself."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from typing import Any

import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined

from skillextract.market.comparison import VerdictRules
from skillextract.market.run_summary import RunFacts
from skillextract.market.wording import count_noun, format_threshold
from skillextract.reports import contents, contents_of_conditions, contents_of_trends, wording
from skillextract.reports.answer import (
    SAMPLE_LABEL,
    SAMPLE_NOTICE,
    answer_in_parts,
    tell_largest_employers,
    tell_unnamed,
    warn_of_unnamed,
)
from skillextract.reports.behind import REQUIREMENT_NAMES, NumberIndex, check_link, split_at_mark
from skillextract.reports.chart import STATIC_WIDTH, Chart
from skillextract.reports.lookup import FORMS, group_skills
from skillextract.reports.movement import state_period, tell_change, tell_points, tell_surest, warn_of_axis
from skillextract.reports.numbers import HOW, PageNumbers, anchor, find_home
from skillextract.reports.report import Frame, Report
from skillextract.reports.rows import ComparisonRow, remove_controls, state_interval, state_money, state_share
from skillextract.roles.profile import RoleProfile

PARTS = (
    ("profile", "Profile"),
    ("missing", "Missing from it"),
    ("unseen", "Not asked for"),
    ("requirement", "Required or nice to have"),
    ("trends", "Trends"),
    ("together", "Together"),
    ("qualifications", "Qualifications"),
    ("salary", "Salary"),
    ("segments", "Differences"),
    ("skills", "Every skill"),
    ("discovery", "Unknown terms"),
    ("coverage", "Coverage and caveats"),
)
"""The parts of the page in their order: the name of the template, and what the reader clicks on."""

_SCRIPTS = ("charts.js", "search.js", "tables.js", "save.js", "grid.js", "numbers.js")

_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def render_page(tables: Mapping[str, Frame], *, profile: RoleProfile, run: RunFacts, rules: VerdictRules) -> str:
    """The comparison as an HTML page with everything inside: styles, scripts, charts, evidence.

    Whatever comes from a posting or a board is data: it is escaped, loses its control characters, and becomes a link
    only where it is an http or https URL. A content security policy in the page lets only the page's own scripts run,
    each named by its hash, and no request leave it.

    Args:
        tables: the run's tables by name, just made or read back; `profile_comparison` and `run_summary` at least. The
            part of the page whose table is not there says so.
        profile: the profile that was compared.
        run: the facts of the run.
        rules: the rules that the verdicts were given by.
    """
    report = Report(tables)
    numbers = NumberIndex(report)
    opens = PageNumbers(numbers, group_skills(report, profile))
    charts, shown = _compose(report, rules, opens)
    # vl-convert's bundle defines `window.vegaEmbed`; ours uses it.
    bundle = vl_convert.javascript_bundle()  # type: ignore[call-arg]  # its stubs lack the default
    scripts = [_close_safely(bundle), _close_safely("\n".join(map(_read_asset, _SCRIPTS)))]
    return (
        _environment()
        .get_template("page.html.jinja")
        .render(
            role=profile.name,
            profile=profile,
            run=run,
            rules=rules,
            report=report,
            total=report.total,
            agreement=report.read_agreement(),
            neighbours=report.read("neighbours"),
            answer=answer_in_parts(report.rows, role=profile.name),
            largest=tell_largest_employers(report),
            unnamed=tell_unnamed(report),
            warning=warn_of_unnamed(report),
            opens=opens,
            embed_numbers=lambda: _embed_json({**numbers.list_embedded(), "how": HOW, "forms": FORMS}),
            most_evidence=report.most_evidence,
            sample_label=SAMPLE_LABEL,
            sample_notice=SAMPLE_NOTICE,
            parts=PARTS,
            troubled=[
                source
                for source in report.sources
                if source["status"] != "ok" or source["refused"] or source["repeated"]
            ],
            credits=[split_credit(text) for text in sorted({s.attribution for s in run.sources if s.attribution})],
            charts={name: _embed_json(chart) for name, chart in charts.items()},
            drawings={name: _draw_still(chart) for name, chart in charts.items()},
            style=_read_asset("page.css"),
            scripts=scripts,
            policy=_write_policy(scripts=scripts),
            **shown,
        )
    )


def split_credit(attribution: str) -> tuple[str, str | None]:
    """What the terms of a board ask a report to say, and the address in it that is linked to, where there is one.

    Example:
        >>> split_credit("Postings from Acme Board (https://board.example)")
        ('Postings from Acme Board', 'https://board.example')
    """
    text, _, address = attribution.rpartition(" (")
    link = check_link(address.removesuffix(")"))
    return (attribution, None) if link is None or not text else (text, link)


def _compose(report: Report, rules: VerdictRules, opens: PageNumbers) -> tuple[dict[str, Chart], dict[str, Any]]:
    """The charts of the page by their place, and what the templates of its parts show."""
    charts: dict[str, Chart] = {}
    if report.enough:
        charts["profile-chart"] = contents.draw_comparison(
            report.items,
            opens,
            limit=rules.confirmed_share,
            description=(
                f"Share of postings that ask for each of the {len(report.items)} items of the profile, with intervals."
            ),
        )
    if report.missing:
        charts["missing-chart"] = contents.draw_comparison(
            report.missing[: contents.CHARTED_MISSING],
            opens,
            limit=rules.missing_share,
            description="Share of postings that ask for each skill that the profile does not name, with 95% intervals.",
        )
    required_chart, required = contents.draw_requirements(report, opens)
    if required_chart is not None:
        charts["requirement-chart"] = required_chart
    pair_chart, pairs, pair_count = contents.draw_pairs(report, opens)
    if pair_chart is not None:
        charts["together-chart"] = pair_chart
    qualification_charts, qualifications = contents_of_conditions.draw_qualifications(report, rules, opens)
    charts |= {f"qualifications-{kind}": chart for kind, chart in qualification_charts.items()}
    trends = contents_of_trends.list_trends(report, opens)
    for axis, found in trends.items():
        charts |= {f"trend-{axis}-{place}": trend.chart for place, trend in enumerate(found["drawn"], start=1)}
    salaries = contents_of_conditions.list_salaries(report, opens)
    charts |= {f"salary-{salary.currency}": salary.chart for salary in salaries if salary.chart is not None}
    segments = contents.list_segments(report)
    referred = {row.skill for row in report.rows if row.skill is not None}
    referred |= {row["skill"] for row in required}
    referred |= {skill for row in pairs for skill in (row["skill"], row["other"])}
    referred |= {row["skill"] for rows in qualifications.values() for row in rows if row["skill"]}
    referred |= {trend.row["skill"] for found in trends.values() for trend in (*found["listed"], *found["drawn"])}
    skills, skill_count = contents.list_skills(report, referred=referred)
    discovered = report.read("discovery")
    homes = {f"item-{row.item_number}" for row in report.items if row.evidence}
    homes |= {anchor(row.skill) for row in report.missing if row.skill is not None and row.evidence}
    homes |= {anchor(entry.row["skill"]) for entry in skills if entry.evidence}
    homes |= {f"term-{place}" for place, row in enumerate(discovered, start=1) if row["evidence"]}
    return charts, {
        "items": [_gather_item(row, report.rows) for row in report.items],
        "telling": contents.pick_telling(report.items) if report.enough else frozenset(),
        "charted_missing": contents.CHARTED_MISSING,
        "unseen": contents.list_unseen(report),
        "required": required,
        "required_intervals": any(row["segment_kind"] == "requirement" for row in report.read("skill_frequencies")),
        "trends": trends,
        "pairs": pairs,
        "pair_count": pair_count,
        "qualifications": qualifications,
        "salaries": salaries,
        "segments": segments,
        "skills": skills,
        "skill_count": skill_count,
        "rarer": (rarer := contents.list_rarer(report, shown=skills)),
        "rarer_data": _embed_json(rarer),
        "discovered": discovered[: contents.LISTED_TERMS],
        "discovery_count": len(discovered),
        "skill_names": {row["skill"]: row["name"] for row in contents.list_market(report)},
        "homes": homes,
        "titles": (titles := report.read_titles())[: contents.LISTED_TITLES],
        "title_count": len(titles),
    }


def _gather_item(item: ComparisonRow, rows: Sequence[ComparisonRow]) -> dict[str, Any]:
    parts = [row for row in rows if row.item_number == item.item_number and row.level in {"skill", "family"}]
    # The one skill of an item that has no other says what the item says.
    return {"row": item, "parts": parts if len(parts) > 1 else []}


def _embed_json(value: object) -> str:
    """JSON that can stand in a script element whatever its strings hold."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return "".join(_ESCAPES.get(character, character) for character in text)


def _draw_still(chart: Mapping[str, Any]) -> str:
    """The chart as SVG: what stands there before, or without, any script."""
    drawing: str = vl_convert.vegalite_to_svg({**chart, "width": STATIC_WIDTH})
    return drawing


def _close_safely(script: str) -> str:
    """A script that cannot end its element early."""
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _write_policy(*, scripts: Sequence[str]) -> str:
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts)
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _read_asset(name: str) -> str:
    return resources.files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("skillextract.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Callable[..., Any]] = {
        "anchor": anchor,
        "count": lambda number: "–" if number is None else f"{number:,}",
        "division": lambda kind: "place of work" if kind == "remote" else kind,
        "home": find_home,
        "link": check_link,
        "moment": contents.state_moment,
        "money": _state_amount,
        "noun": count_noun,
        "pay": wording.state_pay,
        "period": state_period,
        "plain": lambda text: "" if text is None else remove_controls(text),
        "points": tell_points,
        "requirement": lambda name: REQUIREMENT_NAMES.get(name, name),
        "tell_change": tell_change,
        "tell_companions": contents.tell_companions,
        "tell_surest": tell_surest,
        "warn_of_axis": warn_of_axis,
        "tell_years": wording.tell_years,
        "sentence": lambda text: text[:1].upper() + text[1:],
        "share": state_share,
        "split_at_mark": split_at_mark,
        "threshold": format_threshold,
    }
    environment.filters.update(filters)
    environment.globals["interval"] = state_interval
    return environment


def _state_amount(amount: float | None, currency: str | None = None) -> str:
    return state_money(amount, currency) if currency else f"{amount:,.0f}"
