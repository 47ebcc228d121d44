"""The comparison as plain rows, and how its numbers and strings are put into words."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from skillextract.market.wording import format_share
from skillextract.reports.tables import PROFILE_COMPARISON, RUN_SUMMARY

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


def read_comparison(comparison: pd.DataFrame) -> list[ComparisonRow]:
    """The rows of a comparison, whether just made or read back from parquet."""
    names = [column.name for column in PROFILE_COMPARISON.columns]
    table = pa.Table.from_pandas(comparison[names], schema=PROFILE_COMPARISON.schema, preserve_index=False)
    return [ComparisonRow(**record) for record in table.to_pylist()]


def read_summary(summary: pd.DataFrame) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The sources of a run summary, and its total."""
    names = [column.name for column in RUN_SUMMARY.columns]
    records = pa.Table.from_pandas(summary[names], schema=RUN_SUMMARY.schema, preserve_index=False).to_pylist()
    return [row for row in records if row["level"] == "source"], next(row for row in records if row["level"] == "total")


def remove_controls(text: str) -> str:
    """A text without control characters and without those that reorder what stands around them.

    Example:
        >>> remove_controls("a\\x1b[31mb")
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


def join_names(names: Sequence[str]) -> str:
    """Names as a list in a sentence.

    Example:
        >>> join_names(["Python", "Java", "Linux"])
        'Python, Java and Linux'
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
