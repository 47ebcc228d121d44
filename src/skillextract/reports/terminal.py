"""The comparison in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from skillextract.reports.answer import (
    SAMPLE_LABEL,
    SAMPLE_NOTICE,
    answer_in_sentences,
    tell_basis,
    tell_more,
    warn_of_unnamed,
)
from skillextract.reports.report import Report
from skillextract.reports.rows import ComparisonRow, remove_controls, state_interval, state_share

SHOWN_MISSING = 10
"""How many missing skills are shown; the parquet file has all."""

BAR_WIDTH = 20
PIPE_WIDTH = 120
"""How wide lines are where no terminal says it."""

NAME_WIDTH = 36
"""A column gives way rather than that names get less room than this, or than the longest of them needs."""

VERDICT_STYLES = {
    "confirmed": "bold green",
    "weak": "yellow",
    "not seen": "dim",
    "missing from profile": "bold blue",
    "too few postings": "dim",
}

# Columns that give way where there is no room, the first of them first. The interval never does.
_GIVING_WAY = ("bar", "employers", "postings")
_HEADS = {
    "verdict": "Verdict",
    "share": "Share",
    "interval": "95% interval",
    "bar": "0% to 100%",
    "postings": "Postings",
    "employers": "Employers",
}


def show(report: Report, *, console: Console | None = None) -> None:
    """Print the answer, every item of the profile, and the skills that it lacks.

    Coloured on a terminal, plain elsewhere. Strings are printed as they are, never as markup, without control
    characters. Where the terminal is narrow, columns give way: the bars first.

    Args:
        report: the tables of a run.
        console: where to print; standard output where none is given.
    """
    console = console or Console(highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, PIPE_WIDTH)
    is_sample = bool(report.total["is_sample"])
    if is_sample:
        console.print(Text.assemble((f" {SAMPLE_LABEL} ", "reverse bold magenta"), f" {SAMPLE_NOTICE}"))
        console.print()
    for sentence in answer_in_sentences(report.rows, role=report.total["role"]):
        console.print(Text(remove_controls(sentence)))
    for sentence in (*tell_more(report), tell_basis(report)):
        console.print(Text(remove_controls(sentence), style="dim"))
    if warning := warn_of_unnamed(report):
        console.print(Text(warning, style="bold yellow"))
    console.print()
    label = f" · {SAMPLE_LABEL}" if is_sample else ""
    console.print(_draw_table(f"What the profile says{label}", report.items, console=console))
    if report.missing:
        console.print()
        title = f"{title_missing(len(report.missing))}{label}"
        console.print(_draw_table(title, report.missing[:SHOWN_MISSING], console=console))


def title_missing(count: int) -> str:
    """What stands above the skills that the profile leaves out, of which the first `SHOWN_MISSING` are shown."""
    first = f", the first {SHOWN_MISSING} of {count}" if count > SHOWN_MISSING else ""
    return f"What the profile leaves out{first}"


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


def _draw_table(title: str, rows: Sequence[ComparisonRow], *, console: Console) -> Table:
    is_profile = rows[0].level == "item"
    columns = _choose_columns(rows, width=console.width, with_verdict=is_profile)
    ascii_only = not console.encoding.lower().startswith("utf")
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=box.ASCII2 if ascii_only else box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
    )
    table.add_column("#" if is_profile else "Rank", justify="right", no_wrap=True)
    table.add_column("Item" if is_profile else "Skill", overflow="fold", min_width=12)
    for column in columns:
        words = column in {"verdict", "bar"}
        table.add_column(_HEADS[column], justify="left" if words else "right", no_wrap=True)
    for row in rows:
        style = VERDICT_STYLES[row.verdict]
        bar = draw_interval(row.share_low, row.share, row.share_high, ascii_only=ascii_only)
        interval = state_interval(row.share_low, row.share_high)
        cells: dict[str, str | Text] = {
            "verdict": Text(row.verdict, style=style),
            "share": state_share(row.share),
            "interval": interval.replace("–", "-") if ascii_only else interval,
            "bar": Text(bar, style=style),
            "postings": f"{row.postings:,}",
            "employers": f"{row.companies:,}",
        }
        number = "" if (row.item_number if is_profile else row.rank) is None else str(row.item_number or row.rank)
        table.add_row(number, Text(remove_controls(row.name)), *(cells[column] for column in columns))
    return table


def _choose_columns(rows: Sequence[ComparisonRow], *, width: int, with_verdict: bool) -> list[str]:
    """The columns beside number and name for which there is room."""
    names = min(max(len(row.name) for row in rows), NAME_WIDTH)
    columns = [column for column in _HEADS if with_verdict or column != "verdict"]
    widths = {column: len(head) for column, head in _HEADS.items()}
    widths |= {"verdict": max(len(row.verdict) for row in rows), "bar": BAR_WIDTH}
    for column in _GIVING_WAY:
        if len("Rank") + names + sum(widths[each] for each in columns) + 3 * (len(columns) + 1) <= width:
            break
        columns.remove(column)
    return columns
