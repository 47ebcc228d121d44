"""The comparison in a terminal, and as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from skillextract.market.wording import count_noun
from skillextract.reports.answer import SAMPLE_LABEL, SAMPLE_NOTICE, answer_in_sentences
from skillextract.reports.rows import (
    ComparisonRow,
    read_comparison,
    read_summary,
    remove_controls,
    state_interval,
    state_share,
)

SHOWN_MISSING = 10
"""How many missing skills are shown; the parquet file has all."""

BAR_WIDTH = 20
PIPE_WIDTH = 110
"""How wide lines are where no terminal says it."""

VERDICT_STYLES = {
    "confirmed": "bold green",
    "weak": "yellow",
    "not seen": "dim",
    "missing from profile": "bold blue",
    "too few postings": "dim",
}


def show(comparison: pd.DataFrame, summary: pd.DataFrame, *, console: Console | None = None) -> None:
    """Print the answer, every item of the profile, and the skills that it lacks.

    Coloured on a terminal, plain elsewhere. Strings are printed as they are, never as markup, without control
    characters.

    Args:
        comparison: `profile_comparison`.
        summary: `run_summary` of the same run; it says whose role it is, and whether it is the sample's.
        console: where to print; standard output where none is given.
    """
    console = console or Console(highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, PIPE_WIDTH)
    rows = read_comparison(comparison)
    _, total = read_summary(summary)
    missing = [row for row in rows if row.level == "missing"]
    is_sample = bool(total["is_sample"])
    if is_sample:
        console.print(Text.assemble((f" {SAMPLE_LABEL} ", "reverse bold magenta"), f" {SAMPLE_NOTICE}"))
        console.print()
    for sentence in answer_in_sentences(rows, role=total["role"]):
        console.print(Text(remove_controls(sentence)))
    console.print(Text(_tell_basis(total), style="dim"))
    console.print()
    items = [row for row in rows if row.level == "item"]
    console.print(_draw_table("What the profile says", items, console=console, is_sample=is_sample, numbered=True))
    if missing:
        console.print()
        title = _title_missing(missing)
        console.print(_draw_table(title, missing[:SHOWN_MISSING], console=console, is_sample=is_sample, numbered=False))


def render_markdown(comparison: pd.DataFrame, summary: pd.DataFrame) -> str:
    """What `show` prints, as Markdown.

    Returns:
        Lines that end with a line feed; strings are escaped, so that none becomes a link, markup or HTML.
    """
    rows = read_comparison(comparison)
    _, total = read_summary(summary)
    missing = [row for row in rows if row.level == "missing"]
    sample = f" ({SAMPLE_LABEL})" if total["is_sample"] else ""
    lines = [f"## {escape_markdown(total['role'])}: profile and market{sample}", ""]
    if sample:
        lines += [f"**{SAMPLE_LABEL}.** {SAMPLE_NOTICE}", ""]
    for sentence in answer_in_sentences(rows, role=total["role"]):
        lines += [escape_markdown(sentence), ""]
    lines += [escape_markdown(_tell_basis(total)), ""]
    lines += _write_markdown_table(f"What the profile says{sample}", [row for row in rows if row.level == "item"])
    if missing:
        lines += ["", *_write_markdown_table(f"{_title_missing(missing)}{sample}", missing[:SHOWN_MISSING])]
    return "\n".join(lines) + "\n"


def draw_interval(
    low: float | None, share: float | None, high: float | None, *, width: int = BAR_WIDTH, ascii_only: bool = False
) -> str:
    """An interval on a line from 0 to 100 %, with a dot at the share.

    Example:
        >>> draw_interval(0.2, 0.5, 0.7, width=10)
        '  ───●──  '
    """
    if low is None or share is None or high is None:
        return ""
    dash, dot = ("-", "o") if ascii_only else ("─", "●")
    first, place, last = (min(int(value * width), width - 1) for value in (low, share, high))
    return "".join(dot if cell == place else dash if first <= cell <= last else " " for cell in range(width))


def _draw_table(
    title: str, rows: Sequence[ComparisonRow], *, console: Console, is_sample: bool, numbered: bool
) -> Table:
    label = f" · {SAMPLE_LABEL}" if is_sample else ""
    table = Table(title=f"{title}{label}", title_justify="left", title_style="bold", pad_edge=False)
    table.add_column("#" if numbered else "Rank", justify="right")
    table.add_column("Item" if numbered else "Skill", overflow="fold", ratio=1 if console.is_terminal else None)
    table.add_column("Verdict", no_wrap=True)
    table.add_column("Share", justify="right", no_wrap=True)
    table.add_column("95% interval", justify="right", no_wrap=True)
    table.add_column("0% to 100%", no_wrap=True, min_width=BAR_WIDTH)
    table.add_column("Postings", justify="right", no_wrap=True)
    table.add_column("Employers", justify="right", no_wrap=True)
    ascii_only = not console.encoding.lower().startswith("utf")
    for row in rows:
        style = VERDICT_STYLES[row.verdict]
        bar = draw_interval(row.share_low, row.share, row.share_high, ascii_only=ascii_only)
        table.add_row(
            str(row.item_number if numbered else row.rank),
            Text(remove_controls(row.name)),
            Text(row.verdict, style=style),
            state_share(row.share),
            state_interval(row.share_low, row.share_high),
            Text(bar, style=style),
            f"{row.postings:,}",
            f"{row.companies:,}",
        )
    return table


def _title_missing(missing: Sequence[ComparisonRow]) -> str:
    count = f", the first {SHOWN_MISSING} of {len(missing)}" if len(missing) > SHOWN_MISSING else ""
    return f"What the profile leaves out{count}"


def _tell_basis(total: dict[str, Any]) -> str:
    postings = count_noun(total["role_postings"], "distinct posting")
    basis = (
        f"{postings} of the role by {count_noun(total['role_companies'], 'employer')}; snapshot {total['snapshot']}."
    )
    if total["status"] != "ok":
        basis += f" Part of the market is missing: {total['message']}."
    return remove_controls(basis)


def _write_markdown_table(title: str, rows: Sequence[ComparisonRow]) -> list[str]:
    lines = [f"### {title}", "", "| # | what | verdict | share | 95% interval | postings | employers |"]
    lines.append("| ---: | --- | --- | ---: | ---: | ---: | ---: |")
    for row in rows:
        number = row.item_number if row.level == "item" else row.rank
        interval = state_interval(row.share_low, row.share_high)
        lines.append(
            f"| {number} | {escape_markdown(row.name)} | {row.verdict} | {state_share(row.share)} | {interval} "
            f"| {row.postings:,} | {row.companies:,} |"
        )
    return lines


def escape_markdown(text: str) -> str:
    """A text on one line in which no sign is markup, a link or HTML."""
    plain = " ".join(remove_controls(text).split())
    return "".join(f"\\{character}" if character in "\\`*_[]<>|#&" else character for character in plain)
