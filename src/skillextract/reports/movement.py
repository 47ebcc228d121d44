"""How a share changed over time, in words with its numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from skillextract.market.periods import LEAST_PERIODS
from skillextract.reports.rows import remove_controls, state_interval, state_share

EARLY = f"fewer than {LEAST_PERIODS} months, quarters or years have enough dated postings"
"""Why no change is told from the months of one run."""

SINGLE = 0.05
"""Of a change that is not told, whether it would have been, had no other skill been tested."""


def tell_points(change: float | None) -> str:
    """A difference of shares in percentage points, with its sign.

    Example:
        >>> [tell_points(change) for change in (0.0512, -0.3, None)]
        ['+5.1', '−30.0', '–']
    """
    return "–" if change is None else f"{change * 100:+.1f}".replace("-", "−")


def tell_change(row: Mapping[Any, Any]) -> str:
    """The two observed shares between which a skill moved, each with its 95 % interval and its time.

    Where the share turned, the first is that of its turn. No interval of the difference is told: the test is of all
    periods between, and the difference of the two ends alone may say less, or more, than it.

    Args:
        row: any row of the skill in `trends`.

    Returns:
        Empty where no change was tested.

    Example:
        >>> ends = {"first_period": "2025-03", "first_share": 0.2, "first_share_low": 0.12, "first_share_high": 0.31}
        >>> ends |= {"last_period": "2025-09", "last_share": 0.53, "last_share_low": 0.4, "last_share_high": 0.66}
        >>> print(tell_change(ends | {"turned_at": None}))
        20% (March 2025, 12–31%) → 53% (September 2025, 40–66%)
        >>> print(tell_change(ends | {"turned_at": "2025-06", "turn_share": 0.6}))
        60% (around June 2025) → 53% (September 2025, 40–66%)
    """
    if not isinstance(row["last_period"], str):
        return ""
    turned = isinstance(row["turned_at"], str)
    turn = f"{state_share(row['turn_share'])} (around {state_period(row['turned_at'])})" if turned else ""
    return f"{turn or _tell(row, 'first')} → {_tell(row, 'last')}"


def tell_ends(row: Mapping[Any, Any]) -> str:
    """The same shares without their times, for a chart that shows those."""
    if not isinstance(row["last_period"], str):
        return ""
    turned = isinstance(row["turned_at"], str)
    ends = [
        f"{state_share(row[f'{end}_share'])} ({state_interval(row[f'{end}_share_low'], row[f'{end}_share_high'])})"
        for end in ("first", "last")
    ]
    turn = [state_share(row["turn_share"])] if turned else []
    return " → ".join([ends[0], *turn, ends[1]])


def find_difference(row: Mapping[Any, Any]) -> float | None:
    """The last observed share less the first, or less that of the turn; None where no change was tested."""
    turned = isinstance(row["turned_at"], str)
    first, last = row["turn_share" if turned else "first_share"], row["last_share"]
    return None if first is None or last is None else float(last - first)


def tell_surest(row: Mapping[Any, Any], tested: int) -> str:
    """The change of a skill that is not told as one, and why it is not.

    Args:
        row: any row of the skill in `trends`.
        tested: how many skills were tested at once.

    Example:
        >>> ends = {"first_period": "2025-03", "first_share": 0.36, "first_share_low": 0.2, "first_share_high": 0.55}
        >>> ends |= {"last_period": "2025-09", "last_share": 0.07, "last_share_low": 0.02, "last_share_high": 0.2}
        >>> tell_surest(ends | {"turned_at": None, "p_value": 0.02, "q_value": 0.64}, 32).partition("; ")[2]
        'alone it would look like a change (p = 0.02), among 32 tested at once it is to be expected (q = 0.64)'
        >>> tell_surest(ends | {"turned_at": None, "p_value": 0.3, "q_value": 0.78}, 32).partition("; ")[2]
        'alone, too, that is within chance (p = 0.30)'
    """
    if row["p_value"] is None or row["q_value"] is None:
        return tell_change(row)
    if row["p_value"] > SINGLE:
        return f"{tell_change(row)}; alone, too, that is within chance (p = {row['p_value']:.2f})"
    alone = f"alone it would look like a change (p = {row['p_value']:.2g})"
    return f"{tell_change(row)}; {alone}, among {tested} tested at once it is to be expected (q = {row['q_value']:.2f})"


def warn_of_axis(axis: str) -> str:
    """What periods of one run are not: the market of their time. Empty for snapshots.

    Example:
        >>> warn_of_axis("month").partition(": ")[0]
        'A month holds only what was still listed when it was read'
    """
    if axis == "snapshot":
        return ""
    return (
        f"A {axis} holds only what was still listed when it was read: of boards that take postings down, what stayed "
        "open longest."
    )


def state_period(period: str) -> str:
    """A period, or the first and last of several, for a reader.

    Example:
        >>> [state_period(period) for period in ("2026-07", "2026-Q3", "2026", "2026-11-26T053349Z", "2026-01/2026-02")]
        ['July 2026', 'Q3 2026', '2026', '26 November 2026', 'January 2026 to February 2026']
    """
    if "/" in period:
        return " to ".join(map(state_period, period.split("/", 1)))
    moment = read_period(period)
    if moment is None:
        return remove_controls(period)
    if "Q" in period:
        return f"Q{(moment.month + 2) // 3} {moment.year}"
    if len(period) == 4:
        return period
    return f"{moment:%B %Y}" if len(period) == 7 else f"{moment.day} {moment:%B %Y}"


def read_period(period: str) -> datetime | None:
    """The beginning of a month, quarter or year, or the time of a snapshot; None where it is none of them."""
    quarter = re.fullmatch(r"(\d{4})-Q([1-4])", period)
    if quarter is not None:
        period = f"{quarter[1]}-{3 * int(quarter[2]) - 2:02d}"
    for form in ("%Y-%m", "%Y-%m-%dT%H%M%SZ", "%Y"):
        try:
            return datetime.strptime(period, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def _tell(row: Mapping[Any, Any], end: str) -> str:
    interval = state_interval(row[f"{end}_share_low"], row[f"{end}_share_high"])
    return f"{state_share(row[f'{end}_share'])} ({state_period(row[f'{end}_period'])}, {interval})"
