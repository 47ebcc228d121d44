"""The comparison as one page that needs nothing but itself."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import vl_convert
from jinja2 import Environment, StrictUndefined

from skillextract.market.comparison import VerdictRules
from skillextract.market.run_summary import RunFacts
from skillextract.market.wording import format_threshold
from skillextract.reports.answer import SAMPLE_LABEL, SAMPLE_NOTICE, answer_in_sentences
from skillextract.reports.chart import STATIC_WIDTH, draw_shares
from skillextract.reports.rows import (
    ComparisonRow,
    read_comparison,
    read_summary,
    remove_controls,
    state_interval,
    state_share,
)
from skillextract.roles.profile import RoleProfile

CHARTED_MISSING = 15
"""How many missing skills are drawn; the table has all of them."""

REQUIREMENT_NAMES = {"required": "required", "preferred": "nice to have", "duty": "duty"}

_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def write_page(path: Path | str, **parts: Any) -> None:
    """Write the page of a comparison to a file; for `parts` see `render_page`."""
    Path(path).write_text(render_page(**parts), encoding="utf-8", newline="\n")


def render_page(
    *, comparison: pd.DataFrame, summary: pd.DataFrame, profile: RoleProfile, run: RunFacts, rules: VerdictRules
) -> str:
    """The comparison as an HTML page with everything inside: styles, scripts, charts, evidence.

    Whatever comes from a posting or a board is data: it is escaped, loses its control characters, and becomes a link
    only where it is an http or https URL. A content security policy in the page lets only the page's own scripts run,
    each named by its hash, and no request leave it.

    Args:
        comparison: `market.comparison.compare_profile`, or the parquet file read back.
        summary: `market.run_summary.summarise_run`, or the parquet file read back.
        profile: the profile that was compared.
        run: the facts of the run.
        rules: the rules that the verdicts were given by.
    """
    rows = read_comparison(comparison)
    items = [row for row in rows if row.level == "item"]
    missing = [row for row in rows if row.level == "missing"]
    sources, total = read_summary(summary)
    charts = {
        "profile-chart": draw_shares(
            items,
            threshold=rules.confirmed_share,
            description=f"Share of postings that ask for each of the {len(items)} items of the profile, with 95% intervals.",
        )
    }
    if missing:
        charts["missing-chart"] = draw_shares(
            missing[:CHARTED_MISSING],
            threshold=rules.missing_share,
            description="Share of postings that ask for each skill that the profile does not name, with 95% intervals.",
        )
    style, script = _read_asset("page.css"), _read_asset("page.js")
    bundle = vl_convert.javascript_bundle()
    scripts = [_close_safely(bundle), _close_safely(script)]
    return (
        _environment()
        .from_string(_read_asset("page.html.jinja"))
        .render(
            role=profile.name,
            profile=profile,
            run=run,
            rules=rules,
            answer=answer_in_sentences(rows, role=profile.name),
            sample_label=SAMPLE_LABEL,
            sample_notice=SAMPLE_NOTICE,
            items=[_gather_item(row, rows) for row in items],
            missing=missing,
            unseen=[row for row in rows if row.verdict == "not seen" and row.level in {"item", "skill"}],
            enough=all(row.verdict != "too few postings" for row in items),
            charted_missing=CHARTED_MISSING,
            charts={name: _embed_json(chart) for name, chart in charts.items()},
            drawings={name: _draw_still(chart) for name, chart in charts.items()},
            sources=sources,
            troubled=[source for source in sources if source["status"] != "ok" or source["refused"]],
            total=total,
            style=style,
            scripts=scripts,
            policy=_write_policy(scripts=scripts),
        )
    )


def check_link(url: str | None) -> str | None:
    """The URL where it is safe to link to: http or https, with a host, and nothing that could hide its target.

    Example:
        >>> [check_link(url) for url in ("https://a.example/1", "javascript:alert(1)", "//a.example", None)]
        ['https://a.example/1', None, None, None]
    """
    if url is None or any(character.isspace() or not character.isprintable() or character == "\\" for character in url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        return None
    return url


def split_at_mark(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    """The sentence of an evidence before, at and behind its mention, each without control characters."""
    sentence, start, end = entry["sentence"], entry["mark_start"], entry["mark_end"]
    before, mark, after = (remove_controls(part) for part in (sentence[:start], sentence[start:end], sentence[end:]))
    return before, mark, after


def _gather_item(item: ComparisonRow, rows: Sequence[ComparisonRow]) -> dict[str, Any]:
    parts = [row for row in rows if row.item_number == item.item_number and row.level in {"skill", "family"}]
    # The one skill of an item that has no other says what the item says.
    return {"row": item, "parts": parts if len(parts) > 1 else []}


def _embed_json(value: object) -> str:
    """JSON that can stand in a script element whatever its strings hold."""
    return "".join(_ESCAPES.get(character, character) for character in json.dumps(value, ensure_ascii=False))


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
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _environment() -> Environment:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["share"] = state_share
    environment.filters["threshold"] = format_threshold
    environment.filters["plain"] = lambda text: "" if text is None else remove_controls(text)
    environment.filters["link"] = check_link
    environment.filters["split_at_mark"] = split_at_mark
    environment.filters["requirement"] = lambda name: REQUIREMENT_NAMES.get(name, name)
    environment.globals["interval"] = state_interval
    return environment
