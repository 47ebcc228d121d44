"""Shares with their intervals as a chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from skillextract.reports.rows import ComparisonRow, remove_controls, state_interval, state_share

# One colour and one shape a verdict: neither a reader who sees few colours nor a grey print loses the verdict. The
# colours have a contrast of 3:1 or more on both the light and the dark page.
VERDICT_MARKS = {
    "confirmed": ("#1b8a5a", "circle"),
    "weak": ("#c07a10", "triangle-up"),
    "not seen": ("#8b8f98", "cross"),
    "missing from profile": ("#4f7fd9", "diamond"),
    "too few postings": ("#8b8f98", "stroke"),
}

ROW_HEIGHT = 46
STATIC_WIDTH = 680


def draw_shares(rows: Sequence[ComparisonRow], *, threshold: float, description: str) -> dict[str, Any]:
    """A Vega-Lite specification: one line a row, its label above its share and interval.

    The labels stand above the marks and not beside them, so that the chart is as readable at the width of a phone.

    Args:
        rows: the rows in the order in which they are drawn.
        threshold: the share at which each row has an upright tick.
        description: what the chart shows, for who cannot see it.
    """
    data = alt.Data(values=[_describe_row(place, row, threshold) for place, row in enumerate(rows)])
    y = alt.Y("place:O", axis=None, scale=alt.Scale(paddingInner=0))
    x_axis = alt.Axis(format="%", title=None, tickCount=5, grid=True, domain=False, ticks=False, orient="bottom")
    x = alt.X("share:Q", axis=x_axis, scale=alt.Scale(domain=[0, 1]))
    verdicts = [name for name in VERDICT_MARKS if any(row.verdict == name for row in rows)]
    colour = alt.Color(
        "verdict:N", legend=None, scale=alt.Scale(domain=verdicts, range=[VERDICT_MARKS[v][0] for v in verdicts])
    )
    shape = alt.Shape(
        "verdict:N", legend=None, scale=alt.Scale(domain=verdicts, range=[VERDICT_MARKS[v][1] for v in verdicts])
    )
    tooltip = [
        alt.Tooltip("label:N", title="what"),
        alt.Tooltip("verdict:N"),
        alt.Tooltip("share_text:N", title="share of postings"),
        alt.Tooltip("interval:N", title="95% interval"),
        alt.Tooltip("postings:Q"),
        alt.Tooltip("employers:Q"),
    ]
    base = alt.Chart(data)
    line = base.mark_rule(strokeWidth=5, opacity=0.45, strokeCap="round", yOffset=9).encode(
        y=y, x=alt.X("low:Q", axis=x_axis, scale=alt.Scale(domain=[0, 1])), x2="high:Q", color=colour, tooltip=tooltip
    )
    point = base.mark_point(filled=True, size=110, opacity=1, yOffset=9).encode(
        y=y, x=x, color=colour, shape=shape, tooltip=tooltip
    )
    label = base.mark_text(align="left", baseline="middle", dy=-9, fontSize=14).encode(
        y=y, x=alt.value(0), text="label:N"
    )
    number = base.mark_text(align="right", baseline="middle", dy=-9, fontSize=13).encode(
        y=y, x=alt.value("width"), text="share_text:N"
    )
    # A tick a row and no line over the whole height, which would cross the labels.
    limit = base.mark_tick(orient="vertical", size=22, thickness=1.5, color="#8b8f98", yOffset=9).encode(
        y=y, x=alt.X("threshold:Q", axis=x_axis, scale=alt.Scale(domain=[0, 1]))
    )
    chart = (
        alt.layer(limit, line, point, label, number)
        .properties(
            width="container",
            height=ROW_HEIGHT * len(rows),
            description=description,
            background="transparent",
            autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
            padding={"left": 2, "right": 14, "top": 0, "bottom": 0},
        )
        .configure_view(strokeWidth=0)
        .configure(font="system-ui, -apple-system, 'Segoe UI', Roboto, Ubuntu, 'Helvetica Neue', Arial, sans-serif")
    )
    specification: dict[str, Any] = chart.to_dict()
    return specification


def _describe_row(place: int, row: ComparisonRow, threshold: float) -> dict[str, Any]:
    number = f"{row.item_number}. " if row.level == "item" else ""
    return {
        "place": place,
        "label": remove_controls(f"{number}{row.name}"),
        "verdict": row.verdict,
        "share": row.share,
        "threshold": threshold,
        "low": row.share_low,
        "high": row.share_high,
        "share_text": state_share(row.share),
        "interval": state_interval(row.share_low, row.share_high),
        "postings": row.postings,
        "employers": row.companies,
    }
