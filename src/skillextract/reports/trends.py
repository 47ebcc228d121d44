"""Trends as a chart and as lines of text."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import vl_convert

from skillextract.errors import SettingsError
from skillextract.market.run_summary import RunFacts
from skillextract.market.trends import MOVING, pick_movers
from skillextract.market.wording import count_noun
from skillextract.reports.answer import SAMPLE_LABEL, SAMPLE_NOTICE
from skillextract.reports.movement import EARLY, read_period, tell_change, tell_ends, warn_of_axis
from skillextract.reports.rows import remove_controls

_COLOURS = {
    "rises": "#1b8a5a",
    "falls": "#c2452d",
    "changes": "#6b7280",
    "steady": "#6b7280",
    "too few postings": "#6b7280",
}
_WIDTH, _HEIGHT, _COLUMNS = 230, 130, 3
_BELOW_HEADING = 14
"""Pixels between what all charts are of and the first of them, which has a heading of its own."""
_MOST_LABELS = 4
"""Times with month and year below a chart, as many as there is room for."""
_MOST_THIN = 12
"""So many periods without a share, or stretches of them, are named."""
_YEARS_FROM = timedelta(days=6 * 365)
"""A span from which on the years alone tell the ticks apart, and are what the eye looks for."""


def draw_trends(trends: pd.DataFrame, skills: Sequence[str], *, title: str) -> dict[str, Any]:
    """A Vega-Lite specification: a small chart a skill, its share as a line through points in the band of its interval.

    The interval is that of 95 %. Line and band break at periods with too few postings, which the subtitle counts; all
    charts show the same time, from the first period with enough of them to the last.

    Args:
        trends: `trends` of `reports.tables`.
        skills: ids of the skills in the order in which they are drawn.
        title: stands above the charts.
    """
    chosen = trends[trends["skill"].isin(list(skills))]
    stated = chosen[chosen["share"].notna()]
    charts, subtitle = [], ["Share of postings that ask for it, with 95% intervals by employer"]
    if len(stated):
        within = chosen[chosen["period"].between(stated["period"].min(), stated["period"].max())]
        subtitle += _tell_gaps(within)
        x, top = _draw_times(within), float(stated["share_high"].max())
        drawn = [skill for skill in skills if (stated["skill"] == skill).any()]
        charts = [_draw_skill(within[within["skill"] == skill], x, top) for skill in drawn]
    rows = [alt.hconcat(*charts[first : first + _COLUMNS]) for first in range(0, len(charts), _COLUMNS)]
    heading = alt.TitleParams(text=title, subtitle=subtitle, offset=_BELOW_HEADING)
    drawing: dict[str, Any] = alt.vconcat(*rows, title=heading).configure_view(strokeWidth=0).to_dict()
    return drawing


def _tell_gaps(within: pd.DataFrame) -> list[str]:
    """Why line and band break, in a line where they do."""
    periods = int(within["period"].nunique())
    thin = int(within.loc[within["share"].isna(), "period"].nunique())
    noun = "run" if _is_of_runs(within) else str(within["axis"].iloc[0])
    verb = "has" if thin == 1 else "have"
    return [f"Gaps: {thin} of {count_noun(periods, noun)} {verb} too few postings"] if thin else []


def check_picture(path: Path) -> None:
    """Refuse a picture of another kind than can be drawn, before anything is counted for it.

    Raises:
        SettingsError: the ending is neither `.svg` nor `.png`.
    """
    if path.suffix not in (".svg", ".png"):
        raise SettingsError(f"--picture {path}: found the ending {path.suffix!r}, expected .svg or .png; rename it")


def save_drawing(drawing: dict[str, Any], path: Path) -> None:
    """Write a drawing as `.svg` or `.png`.

    Raises:
        SettingsError: the ending is another one.
    """
    check_picture(path)
    is_svg = path.suffix == ".svg"
    content = vl_convert.vegalite_to_svg(drawing).encode() if is_svg else vl_convert.vegalite_to_png(drawing, scale=2)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def head_trends(trends: pd.DataFrame, run: RunFacts) -> str:
    """What was compared: the role, the periods and their postings, how many reach the floor, and the skills tested.

    Args:
        trends: `trends` of `reports.tables`.
        run: the newest of the runs.
    """
    periods = trends.drop_duplicates("period").sort_values("period")
    axis = str(periods["axis"].iloc[0]) if len(periods) else "month"
    noun = "run" if axis == "snapshot" else axis
    told = [count_noun(len(periods), noun)]
    if len(periods):
        told[0] += f", {periods['period'].iloc[0]} to {periods['period'].iloc[-1]}"
        told.append(f"{int(periods['enough'].sum()):,} of them with enough postings")
        counts = [int(count) for count in periods["period_postings"]]
        told.append(tell_postings(counts) if axis == "snapshot" else count_noun(sum(counts), "posting"))
    tested = int(trends.loc[trends["q_value"].notna(), "skill"].nunique())
    told.append(f"{count_noun(tested, 'skill')} tested at once")
    of_run = "" if axis == "snapshot" else f" of the run {run.snapshot}"
    sample = f"{SAMPLE_LABEL}: {SAMPLE_NOTICE}\n" if run.is_sample else ""
    return f"{sample}{remove_controls(run.role)}{of_run}: {'; '.join(told)}"


def tell_postings(counts: Sequence[int]) -> str:
    """How many postings runs have, never their sum: a posting that stays listed is in each of them."""
    least, most = min(counts), max(counts)
    if len(counts) == 2:
        return f"{counts[0]:,} and {count_noun(counts[1], 'posting')}"
    if least == most:
        return f"{count_noun(most, 'posting')} each"
    return f"{least:,} to {count_noun(most, 'posting')} each"


def tell_trends(trends: pd.DataFrame, *, most: int = 10) -> str:
    """The skills that rise and fall most, a line each.

    It says the observed share in the first and in the last sixth of the periods that reach the floor, with 95 %
    intervals, or, where a share turned, that of its turn and the last.
    """
    once = trends.drop_duplicates("skill").set_index("skill")
    movers = pick_movers(trends, most=most)
    lines = []
    if len(once) and once["last_period"].isna().all():
        lines.append(f"no change was tested: {'the runs have too few postings' if _is_of_runs(trends) else EARLY}")
    for verdict in MOVING if not lines else ():
        if verdict == "changes" and not movers[verdict]:
            continue
        opening = "moves up and down" if verdict == "changes" else verdict
        lines.append(f"{opening}:" if movers[verdict] else f"{opening}: nothing, as far as these postings can tell")
        for skill in movers[verdict]:
            row = once.loc[skill]
            lines.append(f"  {remove_controls(str(row['name'])):<28} {tell_change(row.to_dict())}")
    if thin := _list_thin(trends):
        lines.append(f"too few postings to state a share: {thin}")
    if len(once) and not _is_of_runs(trends):
        lines.append(warn_of_axis(str(once["axis"].iloc[0])))
    left_out = once["left_out"].iloc[0] if len(once) else ""
    if left_out:
        lines.append(f"left out of every period, because they were missing in one: {remove_controls(str(left_out))}")
    return "\n".join(lines)


def _list_thin(trends: pd.DataFrame) -> str:
    """The periods below the floor by name, those that follow each other as `2025-03 to 2025-06`."""
    periods = trends.drop_duplicates("period").sort_values("period")
    stretches = [
        [str(name) for name, enough in stretch if not enough]
        for _, stretch in itertools.groupby(
            zip(periods["period"], periods["enough"].astype(bool), strict=True), key=lambda period: period[1]
        )
    ]
    told = [each for names in stretches for each in ([f"{names[0]} to {names[-1]}"] if len(names) > 2 else names)]
    more = len(told) - _MOST_THIN
    return ", ".join(told[:_MOST_THIN]) + (f" and {more} more" if more > 0 else "")


def _is_of_runs(trends: pd.DataFrame) -> bool:
    return str(trends["axis"].iloc[0]) == "snapshot"


def _draw_times(trends: pd.DataFrame) -> alt.X:
    """The axis of time: years where it is long, else some of the periods themselves, told by what tells them apart."""
    moments = [moment for moment in map(read_period, sorted(trends["period"].unique())) if moment is not None]
    look: dict[str, Any] = {"title": None, "grid": False, "labelOverlap": True, "labelFlush": False}
    span = moments[-1] - moments[0]
    if span >= _YEARS_FROM:
        axis = alt.Axis(format="%Y", tickCount=6, **look)
    else:
        step = math.ceil(len(moments) / _MOST_LABELS)
        axis = alt.Axis(format=_choose_format(trends, moments), values=[*map(_stamp, moments[::step])], **look)
    # One moment alone is no stretch of time, on which it could have a place.
    margin = timedelta(0) if span else timedelta(days=1)
    domain = [_stamp(moments[0] - margin), _stamp(moments[-1] + margin)]
    return alt.X("period:T", axis=axis, scale=alt.Scale(type="utc", domain=domain))


def _choose_format(trends: pd.DataFrame, moments: Sequence[datetime]) -> str:
    if not _is_of_runs(trends):
        return "%b %Y"
    days = {moment.date() for moment in moments}
    return "%d %b %Y" if len(days) == len(moments) else "%d %b %H:%M"


def _stamp(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _draw_skill(series: pd.DataFrame, x: alt.X, top: float) -> Any:
    # A share that is not stated is null: at it line and band break.
    values: list[dict[str, Any]] = [
        {
            "period": _stamp(moment),
            **{name: None if pd.isna(row[column]) else row[column] for name, column in _DRAWN.items()},
        }
        for row in series.sort_values("period").to_dict("records")
        if (moment := read_period(row["period"])) is not None
    ]
    shares = [None, *(value["share"] for value in values), None]
    for value, before, after in zip(values, shares, shares[2:], strict=False):
        value["alone"] = before is None and after is None
    colour = _COLOURS[series["verdict"].iloc[0]]
    scale = alt.Scale(domain=[0, top], nice=True)
    y_axis = alt.Axis(format="%", title=None, tickCount=4, domain=False, ticks=False)
    data = alt.Data(values=values)  # type: ignore[no-untyped-call]
    base = alt.Chart()
    band = base.mark_area(opacity=0.22, color=colour).encode(
        x=x, y=alt.Y("low:Q", axis=y_axis, scale=scale), y2="high:Q"
    )
    # Between two gaps a band has no width.
    rule = (
        base.mark_rule(opacity=0.3, strokeWidth=3, color=colour)
        .encode(x=x, y=alt.Y("low:Q", axis=y_axis, scale=scale), y2="high:Q")
        .transform_filter("datum.alone")
    )
    y = alt.Y("share:Q", axis=y_axis, scale=scale)
    line = base.mark_line(color=colour, strokeWidth=1.6).encode(x=x, y=y)
    point = base.mark_point(color=colour, filled=True, size=16, opacity=1).encode(x=x, y=y)
    heading = alt.TitleParams(
        text=f"{remove_controls(str(series['name'].iloc[0]))} {_ARROWS[series['verdict'].iloc[0]]}",
        subtitle=tell_ends(series.iloc[0].to_dict()),
        anchor="start",
    )
    layers = alt.layer(band, rule, line, point, data=data)
    return layers.properties(width=_WIDTH, height=_HEIGHT, title=heading)


_DRAWN = {"share": "share", "low": "share_low", "high": "share_high"}
"""Names in the drawing, and the columns of `trends` that they come from."""

_ARROWS = {"rises": "↑", "falls": "↓", "changes": "↕", "steady": "→", "too few postings": ""}
"""The verdict for who sees no colours."""
