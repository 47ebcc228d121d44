"""The picture of trends."""

from __future__ import annotations

import re

import pandas as pd
import pytest
import vl_convert

from skillextract.reports.trends import draw_trends, tell_trends

MONTHS = [f"2025-{month:02d}" for month in range(1, 13)]


def trace(axis: str, shares: dict[str, float | None], *, skill: str = "go") -> pd.DataFrame:
    """Rows of `trends` of one skill, with intervals of ten points to both sides."""
    return pd.DataFrame(
        {
            "axis": axis, "skill": skill, "name": skill.title(), "verdict": "steady", "last_period": None,
            "period": period, "share": share,
            "share_low": None if share is None else share - 0.1, "share_high": None if share is None else share + 0.1,
        }
        for period, share in shares.items()
    )  # fmt: skip


def read_words(trends: pd.DataFrame) -> list[str]:
    """What stands in the picture, but for shares."""
    drawn = vl_convert.vegalite_to_svg(draw_trends(trends, ["go"], title="T"))
    words = [re.sub("<[^>]*>", "", text) for text in re.findall("<text[^>]*>.*?</text>", drawn)]
    return [word for word in words if "%" not in word and word not in {"T", "Go →", ""}]


@pytest.mark.parametrize(
    ("axis", "periods", "labels"),
    [
        ("month", MONTHS[:1], ["Jan 2025"]),
        ("month", MONTHS[:2], ["Jan 2025", "Feb 2025"]),
        ("month", MONTHS, ["Jan 2025", "Apr 2025", "Jul 2025", "Oct 2025"]),
        ("quarter", ["2025-Q4", "2026-Q1"], ["Oct 2025", "Jan 2026"]),
        ("year", [str(year) for year in range(2011, 2018)], [str(year) for year in range(2011, 2018)]),
        ("snapshot", ["2026-07-01T080000Z", "2026-07-08T170500Z"], ["01 Jul 2026", "08 Jul 2026"]),
        ("snapshot", ["2026-07-01T080000Z", "2026-07-01T170500Z"], ["01 Jul 08:00", "01 Jul 17:05"]),
    ],
)
def test_times_below_a_chart_tell_its_periods_apart(axis: str, periods: list[str], labels: list[str]) -> None:
    """Every month once had its year alone, and two runs of a day had one place."""
    assert read_words(trace(axis, dict.fromkeys(periods, 0.5))) == labels


def test_line_and_band_break_at_periods_with_too_few_postings_and_begin_at_the_first_with_enough() -> None:
    shares = [None, 0.2, 0.3, None, 0.4, None, 0.5, 0.6, None]
    drawing = draw_trends(trace("month", dict(zip(MONTHS, shares, strict=False))), ["go"], title="T")
    values = drawing["data"]["values"]
    assert [value["share"] for value in values] == shares[1:-1]
    assert [value["low"] is None for value in values] == [share is None for share in shares[1:-1]]
    assert [value["share"] for value in values if value["share"] and value["alone"]] == [0.4]
    svg = vl_convert.vegalite_to_svg(drawing)
    [line] = re.findall(r'class="mark-line[^>]*>(.*?)</g>', svg)
    [path] = re.findall(r' d="([^"]*)"', line)
    assert path.count("M") == 3
    assert len(re.findall("<path", re.findall(r'class="mark-symbol[^>]*>(.*?)</g>', svg)[-1])) == 5


@pytest.mark.parametrize(
    ("axis", "shares", "told"),
    [
        ("month", [None, 0.2, None, 0.4, None, None, 0.5, None], ["Gaps: 3 of 6 months have too few postings"]),
        ("quarter", [0.2, None, 0.4], ["Gaps: 1 of 3 quarters has too few postings"]),
        ("month", [None, 0.2, 0.3], []),
    ],
)
def test_the_picture_says_why_its_lines_break(axis: str, shares: list[float | None], told: list[str]) -> None:
    names = MONTHS if axis == "month" else [f"2025-Q{number}" for number in range(1, 5)]
    drawing = draw_trends(trace(axis, dict(zip(names, shares, strict=False))), ["go"], title="T")
    first = "Share of postings that ask for it, with 95% intervals by employer"
    assert drawing["title"]["subtitle"] == [first, *told]


@pytest.mark.parametrize(
    ("thin", "told"),
    [
        ([], None),
        (["2025-02"], "2025-02"),
        (["2025-02", "2025-03", "2025-05"], "2025-02, 2025-03, 2025-05"),
        (["2025-01", "2025-02", "2025-03", "2025-11", "2025-12"], "2025-01 to 2025-03, 2025-11, 2025-12"),
    ],
)
def test_the_periods_without_a_share_are_named(thin: list[str], told: str | None) -> None:
    rows = trace("month", dict.fromkeys(MONTHS, 0.5))
    columns = ("turned_at", "since_turn_low", "since_turn_high", "change_low", "change_high", "q_value")
    rows = rows.assign(enough=~rows["period"].isin(thin), left_out="", **dict.fromkeys(columns))
    lines = [line for line in tell_trends(rows).splitlines() if line.startswith("too few postings")]
    assert lines == ([] if told is None else [f"too few postings to state a share: {told}"])


def test_many_periods_without_a_share_are_named_in_part() -> None:
    months = [f"{year}-{month:02d}" for year in (2023, 2024, 2025) for month in range(1, 13)]
    rows = trace("month", dict.fromkeys(months, 0.5))
    columns = ("turned_at", "since_turn_low", "since_turn_high", "change_low", "change_high", "q_value")
    rows = rows.assign(enough=[number % 2 for number in range(36)], left_out="", **dict.fromkeys(columns))
    told = ", ".join(months[:24:2])
    assert f"too few postings to state a share: {told} and 6 more" in tell_trends(rows).splitlines()


def test_charts_of_one_picture_show_the_same_time() -> None:
    early, late = trace("month", {"2025-01": 0.2, "2025-02": 0.3}), trace("month", {"2025-05": 0.2}, skill="c")
    drawing = draw_trends(pd.concat([early, late]), ["go", "c"], title="T")
    domains = re.findall(r"'domain': \[(\d+), (\d+)\], 'type': 'utc'", str(drawing))
    assert set(domains) == {("1735689600000", "1746057600000")}


def test_without_a_share_nothing_is_drawn() -> None:
    assert draw_trends(trace("month", {"2025-01": None}), ["go"], title="T")["vconcat"] == []
