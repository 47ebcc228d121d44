"""Estimates with their intervals as charts: Vega-Lite specifications, made with Altair."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

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

LABEL_LENGTH = 64
"""A longer label is cut: measuring a word of 100,000 letters takes minutes. Where a chart is narrow it cuts more."""

Chart: TypeAlias = dict[str, Any]
"""A Vega-Lite specification."""

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
        opens: the number in the page's index that a click on the mark opens; None takes its line's.
    """

    kind: str
    value: float | None
    low: float | None = None
    high: float | None = None
    outer_low: float | None = None
    outer_high: float | None = None
    claimed: float | None = None
    facts: Mapping[str, str] = dataclasses.field(default_factory=dict)
    opens: int | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of a chart: a label, a number in words at the other end, and one or several estimates below them.

    `opens` is the number in the page's index that a click on the number opens.
    """

    label: str
    number: str
    estimates: Sequence[Estimate]
    opens: int | None = None


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
    axis = alt.Axis(format=axis_format, title=None, tickCount=5, domain=False, ticks=False, orient="bottom")
    y = alt.Y("place:O", axis=None, scale=alt.Scale(type="band", paddingInner=0))

    def across(field: str) -> alt.X:
        return alt.X(f"{field}:Q", axis=axis, scale=scale)

    drawn = {estimate.kind for line in lines for estimate in line.estimates}
    kinds = [kind for kind in MARKS if kind in drawn]
    layers = []
    datasets: dict[str, list[dict[str, Any]]] = {
        "lines": [
            {"place": place, "label": _shorten(line.label), "number": line.number, "limit": limit, "opens": line.opens}
            for place, line in enumerate(lines)
        ]
    }
    labels = alt.Chart(alt.NamedData("lines"))
    room = 14 + 8 * max((len(line.number) for line in lines), default=0)
    middle = (_LABEL_ROOM - 6) / 2 + _LINE_ROOM * (deepest - 1) / 2
    if limit is not None:
        # A tick a row and no line over the whole height, which would cross the labels.
        layers.append(
            labels.mark_tick(
                orient="vertical",
                size=_LINE_ROOM * deepest + 6,
                thickness=1.5,
                color=_QUIET,
                yOffset=_LABEL_ROOM / 2 - 3,
            ).encode(y=y, x=across("limit"))
        )
    for depth in range(deepest):
        offset = _LABEL_ROOM / 2 - 3 + _LINE_ROOM * (depth - (deepest - 1) / 2)
        name = f"estimates-{depth}"
        datasets[name] = [
            {"place": place, "label": _shorten(line.label), **_describe_estimate(line.estimates[depth], line)}
            for place, line in enumerate(lines)
            if depth < len(line.estimates)
        ]
        facts = [fact for line in lines for estimate in line.estimates[depth : depth + 1] for fact in estimate.facts]
        tooltip = [alt.Tooltip("label:N", title="what"), *(alt.Tooltip(f"{fact}:N") for fact in dict.fromkeys(facts))]
        layers += _draw_depth(name, datasets[name], kinds=kinds, tooltip=tooltip, y=y, across=across, offset=offset)
    layers.append(
        labels.mark_text(
            align="left", baseline="middle", dy=-middle, fontSize=14, limit=alt.ExprRef(f"width - {room}")
        ).encode(y=y, x=alt.value(0), text="label:N")
    )
    layers.append(
        labels.mark_text(align="right", baseline="middle", dy=-middle, fontSize=13, cursor="pointer").encode(
            y=y, x=alt.value("width"), text="number:N"
        )
    )
    return _finish(alt.layer(*layers), datasets, height=height * len(lines), description=description)


def draw_series(
    points: Sequence[Mapping[str, Any]], *, description: str, kind: str = "plain", height: int = 110
) -> dict[str, Any]:
    """A Vega-Lite specification: shares over time as a line through points with a band of intervals.

    Args:
        points: `time` (ISO), `share`, `low`, `high`, `facts`, and `opens`, the number in the page's index that a click
            opens; None where a period has too few postings.
        description: what the chart shows, for who cannot see it.
        kind: a key of `MARKS`, which gives the colour.
        height: of the drawing, in pixels.
    """
    colour = MARKS[kind][0]
    top = max((point["high"] or point["share"] or 0 for point in points), default=0) or 1
    values = [{key: value for key, value in point.items() if key != "facts"} | dict(point["facts"]) for point in points]
    tooltip = [alt.Tooltip(f"{name}:N") for name in (points[0]["facts"] if points else ())]
    base = alt.Chart(alt.NamedData("points"))
    x_axis = alt.Axis(title=None, tickCount=3, format="%b %Y", grid=False, domain=False, ticks=False, labelPadding=6)
    x = alt.X("time:T", axis=x_axis, scale=alt.Scale(type="utc"))
    y_axis = alt.Axis(format="%", title=None, tickCount=3, domain=False, ticks=False, labelPadding=6)
    scale = alt.Scale(domain=[0, min(top * 1.05, 1)], nice=False)
    y = alt.Y("share:Q", axis=y_axis, scale=scale)
    band = base.mark_area(opacity=0.25, color=colour).encode(
        x=x, y=alt.Y("low:Q", axis=y_axis, scale=scale), y2="high:Q"
    )
    line = base.mark_line(color=colour, strokeWidth=2).encode(x=x, y=y)
    point = base.mark_point(color=colour, filled=True, size=36, opacity=1, cursor="pointer").encode(
        x=x, y=y, tooltip=tooltip
    )
    return _finish(alt.layer(band, line, point), {"points": values}, height=height, description=description)


def _draw_depth(
    name: str,
    values: Sequence[Mapping[str, Any]],
    *,
    kinds: Sequence[str],
    tooltip: Sequence[alt.Tooltip],
    y: alt.Y,
    across: Callable[[str], alt.X],
    offset: float,
) -> list[alt.Chart]:
    # All layers of a chart share these scales, so each has to name every kind that any of them draws.
    colours, shapes = [MARKS[kind][0] for kind in kinds], [MARKS[kind][1] for kind in kinds]
    colour = alt.Color("kind:N", legend=None, scale=alt.Scale(domain=list(kinds), range=colours))
    shape = alt.Shape("kind:N", legend=None, scale=alt.Scale(domain=list(kinds), range=shapes))

    def base(field: str) -> alt.Chart | None:
        stated = sum(field in value for value in values)
        if not stated:
            return None
        chart = alt.Chart(alt.NamedData(name))
        return chart if stated == len(values) else chart.transform_filter(f"isValid(datum.{field})")

    layers = []
    if (outer := base("outer_low")) is not None:
        layers.append(
            outer.mark_rule(strokeWidth=1.5, opacity=0.8, yOffset=offset, cursor="pointer").encode(
                y=y, x=across("outer_low"), x2="outer_high:Q", color=colour, tooltip=tooltip
            )
        )
    if (interval := base("low")) is not None:
        layers.append(
            interval.mark_rule(strokeWidth=5, opacity=0.45, strokeCap="round", yOffset=offset, cursor="pointer").encode(
                y=y, x=across("low"), x2="high:Q", color=colour, tooltip=tooltip
            )
        )
    if (mark := base("value")) is not None:
        layers.append(
            mark.mark_point(filled=True, size=100, opacity=1, yOffset=offset, cursor="pointer").encode(
                y=y, x=across("value"), color=colour, shape=shape, tooltip=tooltip
            )
        )
    if (claim := base("claimed")) is not None:
        layers.append(
            claim.mark_point(
                filled=False, shape="diamond", size=120, opacity=1, color=CLAIM_COLOUR, yOffset=offset
            ).encode(y=y, x=across("claimed"), tooltip=tooltip)
        )
    return layers


def _shorten(label: str) -> str:
    label = " ".join(remove_controls(label).split())
    return label if len(label) <= LABEL_LENGTH else f"{label[: LABEL_LENGTH - 1].rstrip()}…"


def _describe_estimate(estimate: Estimate, line: Line) -> dict[str, Any]:
    stated = {field: getattr(estimate, field) for field in _FIELDS if getattr(estimate, field) is not None}
    opens = line.opens if estimate.opens is None else estimate.opens
    return {**stated, **estimate.facts, "opens": opens}


def _finish(
    chart: alt.LayerChart | alt.FacetChart,
    datasets: Mapping[str, Sequence[Mapping[str, Any]]],
    *,
    height: int,
    description: str,
) -> dict[str, Any]:
    finished = chart.properties(
        width="container",
        height=height,
        description=description,
        background="transparent",
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        padding={"left": 2, "right": 14, "top": 2, "bottom": 0},
    ).configure(font=_FONT, view=alt.ViewConfig(stroke=None))
    # The data is not given to Altair, which would copy it for each layer. Nor is the whole validated at every run: each
    # piece was when it was made, and the tests draw every chart in a browser and hear its warnings.
    specification: dict[str, Any] = finished.to_dict(validate=False)
    return {**specification, "datasets": dict(datasets)}
