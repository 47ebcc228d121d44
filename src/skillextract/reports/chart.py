"""Estimates with their intervals as charts: Vega-Lite specifications, made with Altair."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import altair as alt

from skillextract.reports.rows import remove_controls

# One colour and one shape a kind of mark: neither a reader who sees few colours nor a grey print loses it. The colours
# have a contrast of 3:1 or more on both the light and the dark page.
MARKS = {
    "confirmed": ("#1b8a5a", "circle"),
    "weak": ("#c07a10", "triangle-up"),
    "not seen": ("#8b8f98", "cross"),
    "missing from profile": ("#4f7fd9", "diamond"),
    "too few postings": ("#8b8f98", "stroke"),
    "required": ("#1b8a5a", "circle"),
    "nice to have": ("#4f7fd9", "diamond"),
    "duty": ("#c07a10", "triangle-up"),
    "plain": ("#4f7fd9", "circle"),
}
CLAIM_COLOUR = "#c2417c"

STATIC_WIDTH = 680
"""Width in pixels of the drawings that stand in the page before, or without, any script."""

_QUIET = "#8b8f98"
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, Ubuntu, 'Helvetica Neue', Arial, sans-serif"
_FIELDS = ("kind", "value", "low", "high", "outer_low", "outer_high", "claimed")
_LABEL_ROOM = 26
_LINE_ROOM = 14


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A value with its interval.

    Attributes:
        kind: a key of `MARKS`.
        value: the mark; None where there is none.
        low: lower end of the interval; None draws none.
        high: upper end.
        outer_low: lower end of a thin line behind the interval, such as a quartile.
        outer_high: its upper end.
        claimed: a value to compare with, drawn as a hollow diamond.
        facts: what the pointer shows, by what it is called.
    """

    kind: str
    value: float | None
    low: float | None = None
    high: float | None = None
    outer_low: float | None = None
    outer_high: float | None = None
    claimed: float | None = None
    facts: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of a chart: a label, a number in words at the other end, and one or several estimates below them."""

    label: str
    number: str
    estimates: Sequence[Estimate]


def draw_estimates(
    lines: Sequence[Line],
    *,
    description: str,
    domain: tuple[float, float],
    axis_format: str = "%",
    limit: float | None = None,
    logarithmic: bool = False,
) -> dict[str, Any]:
    """A Vega-Lite specification: one row a line, its label above its estimates.

    The labels stand above the marks and not beside them, so that the chart is as readable at the width of a phone.

    Args:
        lines: the rows in the order in which they are drawn.
        description: what the chart shows, for who cannot see it.
        domain: the ends of the axis.
        axis_format: of the axis' numbers, as d3 writes it.
        limit: a value at which each row has an upright tick.
        logarithmic: whether the axis is logarithmic, for ratios.
    """
    deepest = max((len(line.estimates) for line in lines), default=1)
    height = _LABEL_ROOM + _LINE_ROOM * deepest + 6
    scale = alt.Scale(domain=list(domain), type="log" if logarithmic else "linear", nice=False, clamp=True)
    axis = alt.Axis(format=axis_format, title=None, tickCount=5, domain=False, ticks=False, orient="bottom", offset=2)
    y = alt.Y("place:O", axis=None, scale=alt.Scale(paddingInner=0))

    def across(field: str) -> alt.X:
        return alt.X(f"{field}:Q", axis=axis, scale=scale)

    drawn = {estimate.kind for line in lines for estimate in line.estimates}
    kinds = [kind for kind in MARKS if kind in drawn]
    layers = []
    labels = alt.Chart(
        alt.Data(
            values=[
                {"place": place, "label": remove_controls(line.label), "number": line.number, "limit": limit}
                for place, line in enumerate(lines)
            ]
        )
    )
    middle = (_LABEL_ROOM - 6) / 2 + _LINE_ROOM * (deepest - 1) / 2
    if limit is not None:
        # A tick a row and no line over the whole height, which would cross the labels.
        layers.append(
            labels.mark_tick(
                orient="vertical", size=_LINE_ROOM * deepest + 6, thickness=1.5, color=_QUIET, yOffset=_LABEL_ROOM / 2 - 3
            ).encode(y=y, x=across("limit"))
        )
    for depth in range(deepest):
        offset = _LABEL_ROOM / 2 - 3 + _LINE_ROOM * (depth - (deepest - 1) / 2)
        estimates = [
            (place, line.label, line.estimates[depth])
            for place, line in enumerate(lines)
            if depth < len(line.estimates)
        ]
        layers += _draw_depth(estimates, kinds=kinds, y=y, across=across, offset=offset)
    layers.append(
        labels.mark_text(align="left", baseline="middle", dy=-middle, fontSize=14).encode(
            y=y, x=alt.value(0), text="label:N"
        )
    )
    layers.append(
        labels.mark_text(align="right", baseline="middle", dy=-middle, fontSize=13).encode(
            y=y, x=alt.value("width"), text="number:N"
        )
    )
    return _finish(alt.layer(*layers), height=height * len(lines), description=description)


def draw_series(
    points: Sequence[Mapping[str, Any]], *, description: str, kind: str = "plain", height: int = 110
) -> dict[str, Any]:
    """A Vega-Lite specification: shares over time as a line through points with a band of intervals.

    Args:
        points: `time` (ISO), `share`, `low`, `high` and `facts`; None where a period has too few postings.
        description: what the chart shows, for who cannot see it.
        kind: a key of `MARKS`, which gives the colour.
        height: of the drawing, in pixels.
    """
    colour = MARKS[kind][0]
    top = max((point["high"] or point["share"] or 0 for point in points), default=0) or 1
    values = [{key: value for key, value in point.items() if key != "facts"} | dict(point["facts"]) for point in points]
    tooltip = [alt.Tooltip(f"{name}:N") for name in (points[0]["facts"] if points else ())]
    base = alt.Chart(alt.Data(values=values))
    x_axis = alt.Axis(title=None, tickCount=3, format="%b %Y", grid=False, domain=False, ticks=False, labelFlush=True)
    x = alt.X("time:T", axis=x_axis, scale=alt.Scale(type="utc"))
    y_axis = alt.Axis(format="%", title=None, tickCount=3, domain=False, ticks=False)
    scale = alt.Scale(domain=[0, min(top * 1.05, 1)], nice=False)
    y = alt.Y("share:Q", axis=y_axis, scale=scale)
    band = base.mark_area(opacity=0.25, color=colour).encode(
        x=x, y=alt.Y("low:Q", axis=y_axis, scale=scale), y2="high:Q"
    )
    line = base.mark_line(color=colour, strokeWidth=2).encode(x=x, y=y)
    point = base.mark_point(color=colour, filled=True, size=36, opacity=1).encode(x=x, y=y, tooltip=tooltip)
    return _finish(alt.layer(band, line, point), height=height, description=description)


def _draw_depth(
    estimates: Sequence[tuple[int, str, Estimate]],
    *,
    kinds: Sequence[str],
    y: alt.Y,
    across: Callable[[str], alt.X],
    offset: float,
) -> list[alt.Chart]:
    # All layers of a chart share these scales, so each has to name every kind that any of them draws.
    colours, shapes = [MARKS[kind][0] for kind in kinds], [MARKS[kind][1] for kind in kinds]
    colour = alt.Color("kind:N", legend=None, scale=alt.Scale(domain=list(kinds), range=colours))
    shape = alt.Shape("kind:N", legend=None, scale=alt.Scale(domain=list(kinds), range=shapes))
    names = list(dict.fromkeys(name for _, _, estimate in estimates for name in estimate.facts))
    tooltip = [alt.Tooltip("label:N", title="what"), *(alt.Tooltip(f"{name}:N") for name in names)]
    values = [
        {
            "place": place,
            "label": remove_controls(label),
            **{field: getattr(estimate, field) for field in _FIELDS if getattr(estimate, field) is not None},
            **estimate.facts,
        }
        for place, label, estimate in estimates
    ]

    def base(field: str) -> alt.Chart | None:
        chosen = [value for value in values if field in value]
        return alt.Chart(alt.Data(values=chosen)) if chosen else None

    layers = []
    if (outer := base("outer_low")) is not None:
        layers.append(
            outer.mark_rule(strokeWidth=1.5, opacity=0.8, yOffset=offset).encode(
                y=y, x=across("outer_low"), x2="outer_high:Q", color=colour, tooltip=tooltip
            )
        )
    if (interval := base("low")) is not None:
        layers.append(
            interval.mark_rule(strokeWidth=5, opacity=0.45, strokeCap="round", yOffset=offset).encode(
                y=y, x=across("low"), x2="high:Q", color=colour, tooltip=tooltip
            )
        )
    if (mark := base("value")) is not None:
        layers.append(
            mark.mark_point(filled=True, size=100, opacity=1, yOffset=offset).encode(
                y=y, x=across("value"), color=colour, shape=shape, tooltip=tooltip
            )
        )
    if (claim := base("claimed")) is not None:
        layers.append(
            claim.mark_point(filled=False, shape="diamond", size=120, opacity=1, color=CLAIM_COLOUR, yOffset=offset).encode(
                y=y, x=across("claimed"), tooltip=tooltip
            )
        )
    return layers


def _finish(chart: alt.LayerChart, *, height: int, description: str) -> dict[str, Any]:
    finished = (
        chart.properties(
            width="container",
            height=height,
            description=description,
            background="transparent",
            autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
            padding={"left": 2, "right": 14, "top": 2, "bottom": 0},
        )
        .configure_view(strokeWidth=0)
        .configure(font=_FONT)
    )
    specification: dict[str, Any] = finished.to_dict()
    return specification
