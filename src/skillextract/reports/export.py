"""The comparison for other programs: CSV and JSON on standard output."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from typing import Any

from skillextract.reports.answer import SAMPLE_NOTICE, answer_in_sentences, tell_basis, tell_more, warn_of_unnamed
from skillextract.reports.market_tables import PROFILE_COMPARISON
from skillextract.reports.report import LARGE_TABLES, Report
from skillextract.reports.rows import read_rows
from skillextract.reports.tables import TABLES

JSON_TABLES = tuple(name for name in TABLES if name not in LARGE_TABLES)
"""The tables in the JSON, under their names; those that the run did not write are left out.

So are mentions and postings, with the postings' texts: they stand in files of their own beside the page."""

# A spreadsheet takes a cell that begins so for a formula, and may run it.
_FORMULA = re.compile(r"^[=+\-@\t\r]")
_INVISIBLE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def render_csv(report: Report) -> str:
    """The table `profile_comparison` without its evidence, a row a line, with a line of column names.

    `role` and `snapshot` stand before its columns, so that files of several roles and runs can be put together.

    Returns:
        CSV (RFC 4180) with line feeds; missing values are empty. A text that a spreadsheet would take for a formula has
        an apostrophe before it.
    """
    names = [column.name for column in PROFILE_COMPARISON.columns if column.name != "evidence"]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["role", "snapshot", *names])
    run = [_guard(report.total[name]) for name in ("role", "snapshot")]
    for row in read_rows(report.comparison, table="profile_comparison"):
        writer.writerow([*run, *(_guard(row[name]) for name in names)])
    return stream.getvalue()


def render_json(report: Report, *, page: str | None = None) -> str:
    """The answer and the tables behind it as one JSON object: what `markdown.render_markdown` tells, and every row.

    Args:
        report: the tables of a run.
        page: path or URL of the page.

    Returns:
        `role`, `snapshot`, `is_sample`, `notice` (of a sample, else null), `answer` (the three sentences), `more` (what
        else was found, a list of sentences), `basis` (what it was counted from, a sentence), `warning` (where most
        postings state no employer, else null), `page`, and each of `JSON_TABLES` that the run wrote as a list of
        objects with the columns of `reports.tables`; missing values are null. Invisible characters are written as
        escapes.
    """
    total = report.total
    document: dict[str, Any] = {
        "role": total["role"],
        "snapshot": total["snapshot"],
        "is_sample": total["is_sample"],
        "notice": SAMPLE_NOTICE if total["is_sample"] else None,
        "answer": answer_in_sentences(report.rows, role=total["role"]),
        "more": tell_more(report),
        "basis": tell_basis(report),
        "warning": warn_of_unnamed(report) or None,
        "page": page,
    }
    document |= {name: report.read(name) for name in JSON_TABLES if report.has(name)}
    text = json.dumps(document, ensure_ascii=False, indent=1, default=_state)
    return _INVISIBLE.sub(lambda found: f"\\u{ord(found.group()):04x}", text) + "\n"


def _guard(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def _state(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")
