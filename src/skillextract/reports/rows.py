"""The comparison as plain rows, and how its numbers and strings are put into words."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from skillextract.market.wording import format_share
from skillextract.reports.tables import TABLES

# Control characters, and those that turn the direction of the text around them.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonRow:
    """A row of `profile_comparison`; missing values are None."""

    item_number: int | None
    item: str | None
    level: str
    skill: str | None
    name: str
    kind: str | None
    family: str | None
    verdict: str
    reason: str
    share_named: float | None = None
    verdict_named: str | None = None
    rank: int | None
    postings: int
    companies: int
    share: float | None
    share_low: float | None
    share_high: float | None
    effective_n: float | None
    share_with_skills: float | None
    share_companies: float | None
    share_required: float | None
    share_preferred: float | None
    share_duty: float | None
    role_postings: int
    role_postings_with_skills: int
    role_companies: int
    evidence: Sequence[dict[str, Any]]


def read_rows(frame: pd.DataFrame | pa.Table, *, table: str) -> list[dict[str, Any]]:
    """The rows of a table as plain values, whether just made or read back from parquet.

    Returns:
        One dict a row with a key for each column in `reports.tables`. Missing values are None, and so is the whole
        column where a run of an older version did not write it.
    """
    columns = TABLES[table].columns
    found = set(frame.column_names if isinstance(frame, pa.Table) else frame.columns)
    schema = pa.schema([pa.field(column.name, column.type) for column in columns if column.name in found])
    if isinstance(frame, pa.Table):
        rows = frame.select(schema.names).cast(schema)
    else:
        rows = pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False)
    empty = dict.fromkeys(column.name for column in columns)
    return [{**empty, **record} for record in rows.to_pylist()]


def read_comparison(comparison: pd.DataFrame | pa.Table) -> list[ComparisonRow]:
    """The rows of a comparison, whether just made or read back from parquet."""
    return [ComparisonRow(**record) for record in read_rows(comparison, table="profile_comparison")]


def read_summary(summary: pd.DataFrame | pa.Table) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The sources of a run summary, and its total."""
    records = read_rows(summary, table="run_summary")
    return [row for row in records if row["level"] == "source"], next(row for row in records if row["level"] == "total")


def remove_controls(text: str) -> str:
    r"""A text without control characters and without those that reorder what stands around them.

    Example:
        >>> remove_controls("a\x1b[31mb")
        'a[31mb'
    """
    return _UNPRINTABLE.sub("", text)


def state_share(share: float | None) -> str:
    """A share as a percentage; "too few" where there are too few postings to state it.

    Example:
        >>> [state_share(share) for share in (None, 0.061)]
        ['too few', '6.1%']
    """
    return "too few" if share is None else format_share(share)


def state_interval(low: float | None, high: float | None) -> str:
    """An interval as a range of percentages; empty where it is not stated.

    Example:
        >>> state_interval(0.031, 0.12)
        '3.1–12%'
    """
    if low is None or high is None:
        return ""
    return f"{format_share(low).removesuffix('%')}–{format_share(high)}"


def state_money(amount: float | None, currency: str) -> str:
    """An amount of money with its currency; "too few" where there are too few postings to state it.

    Example:
        >>> [state_money(amount, "EUR") for amount in (61_250.4, None)]
        ['EUR 61,250', 'too few']
    """
    return "too few" if amount is None else f"{currency} {amount:,.0f}"


def join_names(names: Sequence[str], word: str = "and") -> str:
    """Names as a list in a sentence; empty where there are none.

    Example:
        >>> join_names(["Python", "Java", "Linux"])
        'Python, Java and Linux'
    """
    return f" {word} ".join([*([", ".join(names[:-1])] if len(names) > 1 else []), *names[-1:]])
