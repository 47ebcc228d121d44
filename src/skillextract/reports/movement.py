"""How a share changed over time, in words with its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from skillextract.reports.rows import remove_controls


def tell_points(change: float | None) -> str:
    """A difference of shares in percentage points, with its sign.

    Example:
        >>> [tell_points(change) for change in (0.0512, -0.3, None)]
        ['+5.1', '−30.0', '–']
    """
    return "–" if change is None else f"{change * 100:+.1f}".replace("-", "−")


def tell_change(row: Mapping[Any, Any]) -> str:
    """What the test of change found, in a few words: since its turn, where it turned, else over the whole time.

    Args:
        row: any row of the skill in `trends`.

    Example:
        >>> change = {"change": 0.5, "change_low": 0.4, "change_high": 0.6, "turned_at": None}
        >>> turn = {"turned_at": "2013-12", "since_turn": -0.025, "since_turn_low": -0.04, "since_turn_high": -0.01}
        >>> print(tell_change(change), tell_change(change | turn), sep=" | ")
        +50.0 points (+40.0 to +60.0) | −2.5 points (−4.0 to −1.0) since December 2013
    """
    if not isinstance(row["turned_at"], str):
        ends = f"{tell_points(row['change_low'])} to {tell_points(row['change_high'])}"
        return f"{tell_points(row['change'])} points ({ends})"
    ends = f"{tell_points(row['since_turn_low'])} to {tell_points(row['since_turn_high'])}"
    return f"{tell_points(row['since_turn'])} points ({ends}) since {state_period(row['turned_at'])}"


def tell_surest(row: Mapping[Any, Any]) -> str:
    """The change of a skill that is not told as one, with the q value that says how likely such news would be chance.

    Example:
        >>> tell_surest({"change": 0.1, "change_low": 0.01, "change_high": 0.2, "turned_at": None, "q_value": 0.4})
        '+10.0 points (+1.0 to +20.0; q = 0.40, and 0.05 would tell)'
    """
    chance = "" if row["q_value"] is None else f"; q = {row['q_value']:.2f}, and 0.05 would tell"
    return f"{tell_change(row).removesuffix(')')}{chance})"


def state_period(period: str) -> str:
    """A month or snapshot for a reader.

    Example:
        >>> [state_period(period) for period in ("2026-07", "2026-11-26T053349Z")]
        ['July 2026', '26 November 2026']
    """
    moment = read_period(period)
    if moment is None:
        return remove_controls(period)
    return f"{moment:%B %Y}" if len(period) == 7 else f"{moment.day} {moment:%B %Y}"


def read_period(period: str) -> datetime | None:
    """The beginning of a month or the time of a snapshot; None where it is neither."""
    for form in ("%Y-%m", "%Y-%m-%dT%H%M%SZ"):
        try:
            return datetime.strptime(period, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
