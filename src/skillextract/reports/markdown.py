"""The comparison as Markdown: for pipes, pull requests and Prefect's artifacts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from skillextract.reports.answer import (
    OWN_CODE,
    SAMPLE_LABEL,
    SAMPLE_NOTICE,
    answer_in_sentences,
    tell_basis,
    tell_more,
    warn_of_unnamed,
)
from skillextract.reports.report import Report
from skillextract.reports.rows import ComparisonRow, remove_controls, state_interval, state_share
from skillextract.reports.terminal import SHOWN_MISSING, title_missing

_SPECIAL = frozenset("\\`*_[]<>|#&~")
_OWN_CODE = re.compile(f"(`(?:{'|'.join(map(re.escape, sorted(OWN_CODE)))})`)")


def render_markdown(report: Report, *, page: str | None = None) -> str:
    """What `terminal.show` prints, as Markdown.

    Args:
        report: the tables of a run.
        page: path or URL of the page, which is linked to where it is given.

    Returns:
        Lines that end with a line feed; strings are escaped, so that none becomes a link, markup or HTML.
    """
    total = report.total
    sample = f" ({SAMPLE_LABEL})" if total["is_sample"] else ""
    lines = [f"## {escape_markdown(total['role'])}: profile and market{sample}", ""]
    if sample:
        lines += [f"**{SAMPLE_LABEL}.** {SAMPLE_NOTICE}", ""]
    for sentence in answer_in_sentences(report.rows, role=total["role"]):
        lines += [escape_sentence(sentence), ""]
    lines += [escape_sentence(" ".join((*tell_more(report), tell_basis(report)))), ""]
    if warning := warn_of_unnamed(report):
        lines += [f"**{escape_sentence(warning)}**", ""]
    if page is not None:
        lines += [_link_page(page), ""]
    lines += _write_table(f"What the profile says{sample}", report.items)
    if report.missing:
        lines += ["", *_write_table(f"{title_missing(len(report.missing))}{sample}", report.missing[:SHOWN_MISSING])]
    return "\n".join(lines) + "\n"


def escape_markdown(text: str) -> str:
    r"""A text on one line that Markdown shows as it is.

    Example:
        >>> print(escape_markdown("a *b* [c](d)"))
        a \*b\* \[c\](d)
    """
    return _escape(" ".join(remove_controls(text).split()))


def escape_sentence(text: str) -> str:
    """The same for a sentence of ours, in which our own code stays code; what is of postings is escaped."""
    parts = _OWN_CODE.split(" ".join(remove_controls(text).split()))
    return "".join(part if number % 2 else _escape(part) for number, part in enumerate(parts))


def _escape(plain: str) -> str:
    return "".join(f"\\{character}" if character in _SPECIAL else character for character in plain)


def _link_page(page: str) -> str:
    """A link to the page; a browser follows it where the page is on the web, and shows its place everywhere."""
    target = page if "://" in page else f"file://{page}"
    return f"[The page with charts and evidence](<{quote(target, safe='/:?&=%@+,;~')}>): `{page.replace('`', '')}`"


def _write_table(title: str, rows: Sequence[ComparisonRow]) -> list[str]:
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
