"""Change over time: what is called one, what is not, and what may be compared."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from scipy import stats

from market.builders import FLOOR, REGISTRY, Ask, Skill, make_bare_demand, make_demand, make_tables
from skillextract.errors import LakeError
from skillextract.market.changes import assess_changes
from skillextract.market.curves import assess_curves
from skillextract.market.demand import Demand, Floor
from skillextract.market.periods import LEAST_PERIODS, Periods
from skillextract.market.segments import NOT_STATED
from skillextract.market.tally import Segments
from skillextract.market.trends import (
    TREND_COLUMNS,
    Snapshot,
    follow,
    follow_months,
    follow_snapshots,
    pick_movers,
)

MONTHS = 12


def draw_market(
    rng: np.random.Generator,
    *,
    skills: int,
    months: int = MONTHS,
    a_month: int = 300,
    employers: int = 400,
    share: float = 0.2,
    correlation: float = 0.1,
    tail: float = 1.3,
    jump: float = 0.0,
) -> tuple[Demand, npt.NDArray[np.int64]]:
    """A market and the month of each of its postings.

    Employers differ in size (Pareto), half of an employer's postings stand around one month, and its taste for a skill
    lasts. In the second half of the time the share of every skill is higher by `jump`.
    """
    n = months * a_month
    weights = rng.pareto(tail, employers) + 0.1
    drawn = np.sort(rng.choice(employers, n, p=weights / weights.sum()))
    employer = np.unique(drawn, return_inverse=True)[1]
    home = rng.integers(0, months, employers)
    around = np.clip(home[employer] + rng.integers(-1, 2, n), 0, months - 1)
    month = np.where(rng.random(n) < 0.5, around, rng.integers(0, months, n))
    scale = 1 / correlation - 1
    taste = rng.beta(share * scale, (1 - share) * scale, (skills, employers))
    odds = np.clip(taste[:, employer] + jump * (month >= months / 2), 0, 1)
    return make_bare_demand(employer, rng.random((skills, n)) < odds), month


def number_months(month: npt.NDArray[np.int64], months: int = MONTHS) -> Periods:
    """The months of drawn postings as periods."""
    names = tuple(f"{2024 + n // 12}-{n % 12 + 1:02d}" for n in range(months))
    return Periods(Segments("month", names, month.astype(np.int32)), tuple(map(float, range(months))), LEAST_PERIODS)


def assess_all(demand: Demand, month: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """The p value of every skill."""
    groups = [(skill,) for skill in demand.skills]
    return assess_curves(demand, groups, month.astype(float), inside=np.ones(len(month), dtype=bool)).p_value


def test_the_slope_and_its_error_are_those_of_leaving_out_each_employer() -> None:
    """Against numpy's least squares, with one employer after the other left out."""
    rng = np.random.default_rng(0)
    demand, month = draw_market(rng, skills=3, a_month=20, employers=15)
    found = assess_changes(
        demand, [("s0000",), ("s0001", "s0002")], month.astype(float), inside=np.ones(len(month), dtype=bool)
    )
    asking = np.zeros((2, len(month)))
    for row, skills in enumerate([(0,), (1, 2)]):
        for skill in skills:
            asking[row, demand.asks.posting[demand.asks.of(skill)]] = 1
    employers = demand.employers
    for row in range(2):
        slope = np.polyfit(month, asking[row], 1)[0]
        without = [
            np.polyfit(month[employers != k], asking[row][employers != k], 1)[0] for k in range(demand.company_count)
        ]
        k = demand.company_count
        error = np.sqrt((k - 1) / k * np.sum((np.array(without) - slope) ** 2))
        spread = (month - month.mean()) ** 2
        weight = np.bincount(employers, weights=spread)
        degrees = weight.sum() ** 2 / (weight**2).sum() - 1
        half = stats.t.ppf(0.975, degrees) * error
        length = month.max() - month.min()
        assert found.change[row] == pytest.approx(slope * length)
        assert found.low[row] == pytest.approx((slope - half) * length)
        assert found.high[row] == pytest.approx((slope + half) * length)
        assert found.p_value[row] == pytest.approx(2 * stats.t.sf(abs(slope) / error, degrees))


def test_with_two_periods_the_change_is_the_difference_of_the_shares() -> None:
    demand = make_demand(
        [
            Ask(f"{period}{n}", f"X{n}", [("java", "required")] if n < asking else [])
            for period, asking in (("a", 2), ("b", 7))
            for n in range(10)
        ]
    )
    codes = np.array([int(id_.startswith("b")) for id_ in demand.postings["id"]], dtype=np.int32)
    table = follow(
        demand, Periods(Segments("snapshot", ("a", "b"), codes), (0.0, 30.0), 2), registry=REGISTRY, floor=FLOOR
    )
    assert table["share"].tolist() == [0.2, 0.7]
    assert table["change"].tolist() == pytest.approx([0.5, 0.5])


def test_unchanged_markets_raise_at_most_5_percent_false_alarms() -> None:
    """Each market is unequal and its employers keep their tastes, which is what misleads a test that ignores them."""
    rng = np.random.default_rng(5)
    ours, naive = [], []
    for employers, tail in ((60, 1.3), (400, 1.3), (400, 3.0)):
        for _ in range(4):
            demand, month = draw_market(rng, skills=60, a_month=100, employers=employers, tail=tail)
            ours.append(float((assess_all(demand, month) < 0.05).mean()))
            alone = make_bare_demand(np.arange(len(month)), _read_asking(demand))
            naive.append(float((assess_all(alone, month) < 0.05).mean()))
    shown = f"ours {np.round(ours, 3)}, each posting by itself {np.round(naive, 3)}"
    assert np.mean(ours) <= 0.05, shown
    assert np.mean(naive) > 0.08, shown


@pytest.mark.slow
def test_false_alarms_in_many_unchanged_markets() -> None:
    rng = np.random.default_rng(6)
    lines = []
    rates = []
    for employers in (30, 150, 600):
        for tail in (1.1, 1.3, 3.0):
            for correlation in (0.02, 0.1, 0.3):
                for share in (0.05, 0.3):
                    cell = [
                        float((assess_all(*draw_market(
                            rng, skills=100, a_month=100, employers=employers, tail=tail, correlation=correlation,
                            share=share,
                        )) < 0.05).mean())
                        for _ in range(8)
                    ]  # fmt: skip
                    rates.append(np.mean(cell))
                    lines.append(f"{employers} employers, tail {tail}, rho {correlation}, p {share}: {rates[-1]:.3f}")
    assert np.mean(rates) <= 0.05, "\n".join(lines)
    assert np.max(rates) <= 0.08, "\n".join(lines)


def _read_asking(demand: Demand) -> npt.NDArray[np.bool_]:
    asking = np.zeros((len(demand.skills), demand.posting_count), dtype=bool)
    for skill in range(len(demand.skills)):
        asking[skill, demand.asks.posting[demand.asks.of(skill)]] = True
    return asking


def test_a_change_of_10_points_is_found_with_300_postings_a_month() -> None:
    rng = np.random.default_rng(8)
    registry = {f"s{number:04d}": Skill(f"s{number}") for number in range(40)}
    found = []
    for _ in range(3):
        changed, month = draw_market(rng, skills=40, jump=0.1)
        table = follow(changed, number_months(month), registry=registry, floor=Floor(postings=10, companies=5))
        found += table.drop_duplicates("skill")["verdict"].tolist()
    assert found.count("rises") / len(found) >= 0.95
    assert "falls" not in found


def test_many_skills_tested_at_once_do_not_turn_chance_into_news() -> None:
    """Of 20 markets of 50 unchanged skills hardly one shows any change: Benjamini–Hochberg holds for all together."""
    rng = np.random.default_rng(11)
    registry = {f"s{number:04d}": Skill(f"s{number}") for number in range(50)}
    alarms = 0
    for _ in range(20):
        demand, month = draw_market(rng, skills=50, a_month=60, employers=150)
        table = follow(demand, number_months(month), registry=registry, floor=Floor(postings=10, companies=5))
        alarms += int(table["verdict"].isin(["rises", "falls"]).any())
    assert alarms <= 2


def ask_in(month: int, employer: int, skills: list[str]) -> Ask:
    return Ask(
        f"{month:02d}-{employer:02d}",
        f"X{employer}",
        [(skill, "required") for skill in skills],
        posted_at=datetime(2026, month, 15, tzinfo=UTC),
    )


def make_story() -> list[Ask]:
    """Six months of thirty employers: Docker comes, Java goes, Python stays, Kafka is rare."""
    return [
        ask_in(month, employer, [
            *(["docker"] if employer < 4 * month else []),
            *(["java"] if employer < 28 - 4 * month else []),
            *(["python"] if employer % 3 == 0 else []),
            *(["kafka"] if employer == 1 and month < 3 else []),
        ])
        for month in range(1, 7) for employer in range(30)
    ]  # fmt: skip


def test_rises_and_falls_are_told_with_their_series() -> None:
    table = follow_months(make_demand(make_story()), registry=REGISTRY, floor=Floor(postings=10, companies=5))
    assert tuple(table.columns) == TREND_COLUMNS
    once = table.drop_duplicates("skill").set_index("skill")
    assert once["verdict"].to_dict() == {
        "docker": "rises",
        "java": "falls",
        "python": "steady",
        "kafka": "too few postings",
    }
    docker = table[table["skill"] == "docker"]
    assert docker["period"].tolist() == [f"2026-{month:02d}" for month in range(1, 7)]
    assert docker["postings"].tolist() == [4, 8, 12, 16, 20, 24]
    assert docker["share"].tolist() == [number / 30 for number in (4, 8, 12, 16, 20, 24)]
    assert docker["change"].iloc[0] == pytest.approx(20 / 30)
    assert (docker["change_low"] <= docker["change"]).all()
    kafka = once.loc["kafka", ["change", "p_value", "q_value"]]
    assert kafka.isna().all()
    assert pick_movers(table) == {"rises": ["docker"], "falls": ["java"], "changes": []}


def test_a_skill_that_was_not_tested_has_no_row_for_periods_in_which_nobody_asks_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def follow_story() -> pd.DataFrame:
        return follow_months(make_demand(make_story()), registry=REGISTRY, floor=Floor(postings=10, companies=5))

    whole = follow_story()
    monkeypatch.setattr("skillextract.market.trends.ALWAYS_WHOLE", 1)
    monkeypatch.setattr("skillextract.market.tally._CELLS", 1)
    short = follow_story()
    left_out = (whole["skill"] == "kafka") & (whole["postings"] == 0)
    assert whole.loc[left_out, "period"].tolist() == [f"2026-{month:02d}" for month in (3, 4, 5, 6)]
    pd.testing.assert_frame_equal(short, whole[~left_out].reset_index(drop=True))


def test_the_first_skills_have_every_period_tested_or_not() -> None:
    asks = [ask_in(month, month, ["kafka"] if month == 2 else []) for month in (1, 2, 3)]
    table = follow_months(make_demand(asks), registry=REGISTRY, floor=FLOOR)
    assert table[["period", "postings", "verdict"]].to_dict("list") == {
        "period": ["2026-01", "2026-02", "2026-03"],
        "postings": [0, 1, 0],
        "verdict": ["too few postings"] * 3,
    }


def test_postings_without_a_date_are_in_no_month() -> None:
    asks = [*make_story(), Ask("none", "X1", [("docker", "required")])]
    table = follow_months(make_demand(asks), registry=REGISTRY, floor=FLOOR)
    assert NOT_STATED not in set(table["period"])
    assert table[table["skill"] == "docker"]["postings"].sum() == 84


@pytest.mark.parametrize("months", [1, 2, 3])
def test_less_than_four_months_are_no_trend(months: int) -> None:
    """Two months of 36 and 7 % once gave a fall of 86 points."""
    table = follow_months(make_demand(make_story()[: 30 * months]), registry=REGISTRY, floor=FLOOR)
    assert set(table["verdict"]) == {"too few postings"}
    assert table["first_period"].isna().all()
    assert table[["change", "p_value", "first_share", "last_postings"]].isna().all(axis=None)


def list_uneven() -> tuple[list[Ask], list[Ask]]:
    """Four months of thirty postings, of which 40, 35, 20 and 53 % ask for Docker; thin months of the year before."""
    full = [
        ask_in(month, 30 * month + n, ["docker"] if n < 30 * share else [])
        for month, share in ((3, 0.4), (5, 0.35), (7, 0.2), (9, 0.53)) for n in range(30)
    ]  # fmt: skip
    thin = [
        Ask(f"thin-{month}-{n}", f"T{month}", [], posted_at=datetime(2025, month, 15, tzinfo=UTC))
        for month in range(1, 13) for n in range(1 + month % 5)
    ]  # fmt: skip
    return full, thin


def test_months_below_the_floor_decide_nothing() -> None:
    """A line through all months once rose by 63 points, because none of the thin ones asks for it."""
    full, thin = list_uneven()
    floor = Floor(postings=10, companies=5)
    table = follow_months(make_demand([*full, *thin]), registry=REGISTRY, floor=floor)
    alone = follow_months(make_demand(full), registry=REGISTRY, floor=floor)
    assert len(table) == 16
    pd.testing.assert_frame_equal(table[table["enough"]].reset_index(drop=True), alone)
    row = table.iloc[0]
    told = ["verdict", "first_period", "first_postings", "first_companies", "last_period", "last_postings"]
    assert row[told].tolist() == ["steady", "2026-03", 12, 12, "2026-09", 16]
    assert (row["first_share"], row["last_share"]) == (0.4, pytest.approx(16 / 30))
    months = table[table["enough"]]
    for end, place in (("first", 0), ("last", -1)):
        for fact in ("share", "share_low", "share_high"):
            assert row[f"{end}_{fact}"] == pytest.approx(months[fact].iloc[place])


def test_what_is_told_to_rise_was_seen_to_rise() -> None:
    """The line and the observed ends go the same way, wherever a direction is told without a turn."""
    rng = np.random.default_rng(2)
    registry = {f"s{number:04d}": Skill(f"s{number}") for number in range(60)}
    for jump in (0.0, 0.05, -0.05):
        demand, month = draw_market(rng, skills=60, a_month=100, jump=jump)
        table = follow(demand, number_months(month), registry=registry, floor=Floor(postings=10, companies=5))
        once = table.drop_duplicates("skill")
        straight = once[once["verdict"].isin(["rises", "falls"]) & once["turned_at"].isna()]
        seen = np.sign((straight["last_share"] - straight["first_share"]).to_numpy(dtype=float))
        assert (seen == np.where(straight["verdict"] == "rises", 1.0, -1.0)).all()


@pytest.mark.parametrize(
    ("a_month", "months", "kind"), [(60, 4, "month"), (12, 36, "quarter")], ids=["four months", "thin months"]
)
def test_few_or_thin_months_raise_at_most_5_percent_false_alarms(a_month: int, months: int, kind: str) -> None:
    rng = np.random.default_rng(12)
    registry = {f"s{number:04d}": Skill(f"s{number}") for number in range(60)}
    floor = Floor(postings=30, companies=10)
    rates, told, kinds = [], 0, set()
    for _ in range(12):
        demand, month = draw_market(rng, skills=60, a_month=a_month, months=months, employers=150, tail=3.0)
        posted = [datetime(2024 + n // 12, n % 12 + 1, 15, tzinfo=UTC) for n in month.tolist()]
        dated = dataclasses.replace(demand, postings=demand.postings.assign(posted_at=posted))
        table = follow_months(dated, registry=registry, floor=floor)
        kinds |= set(table["axis"])
        once = table.drop_duplicates("skill")
        rates.append(float((once["p_value"] < 0.05).mean()))
        told += int(once["verdict"].isin(["rises", "falls", "changes"]).any())
    assert kinds == {kind}
    assert np.mean(rates) <= 0.05, rates
    assert told <= 1


def test_months_below_the_floor_show_no_share_but_stay() -> None:
    asks = [*make_story()[:60], ask_in(9, 3, ["docker"])]
    table = follow_months(make_demand(asks), registry=REGISTRY, floor=Floor(postings=5, companies=5))
    docker = table[table["skill"] == "docker"]
    assert docker[["period", "enough"]].values.tolist() == [["2026-01", True], ["2026-02", True], ["2026-09", False]]
    assert docker["share"].isna().tolist() == [False, False, True]


def make_snapshot(day: int, asking: dict[str, int], *, down: tuple[str, ...] = ()) -> Snapshot:
    """A snapshot of two boards with thirty employers each; so many of each board ask for Docker."""
    asks = [
        Ask(f"{board}:{n}", f"{board}{n}", [("docker", "required")] if n < count else [], source=board)
        for board, count in asking.items()
        if board not in down
        for n in range(30)
    ]
    postings, mentions = make_tables(asks)
    return Snapshot(
        id=f"2026-07-{day:02d}T000000Z",
        postings=postings,
        mentions=mentions,
        complete=frozenset(asking) - frozenset(down),
        missing=frozenset(down),
    )


def test_a_copy_takes_the_place_of_the_posting_whose_source_is_left_out() -> None:
    """Board b was down in the second run: what it had first, and a has too, is counted for a in both."""
    ask = [("docker", "required")]
    originals = [Ask(f"b:{n}", f"X{n}", ask, source="b") for n in range(20)]
    copies = [Ask(f"a:{n}", f"X{n}", [], source="a", duplicate_of=f"b:{n}") for n in range(20)]
    alone = [Ask(f"a:{n}", f"X{n}", ask, source="a") for n in range(20)]
    postings, mentions = make_tables([*originals, *copies])
    first = Snapshot("2026-07-01T000000Z", postings, mentions, frozenset({"a", "b"}), frozenset())
    postings, mentions = make_tables(alone)
    second = Snapshot("2026-07-08T000000Z", postings, mentions, frozenset({"a"}), frozenset({"b"}))
    table = follow_snapshots([first, second], registry=REGISTRY, floor=FLOOR)
    assert table[["period_postings", "postings", "verdict"]].values.tolist() == [[20, 20, "steady"]] * 2


def test_a_source_that_was_down_is_taken_out_of_both_sides_and_named() -> None:
    """Board b asks for Docker everywhere: without it the share would seem to fall."""
    first = make_snapshot(1, {"a": 9, "b": 30})
    second = make_snapshot(8, {"a": 9, "b": 30}, down=("b",))
    table = follow_snapshots([second, first], registry=REGISTRY, floor=FLOOR)
    assert table[["period", "postings", "period_postings", "share", "verdict", "left_out"]].values.tolist() == [
        ["2026-07-01T000000Z", 9, 30, 0.3, "steady", "b"],
        ["2026-07-08T000000Z", 9, 30, 0.3, "steady", "b"],
    ]


def test_a_source_that_was_not_asked_in_one_snapshot_is_left_out_too() -> None:
    table = follow_snapshots(
        [make_snapshot(1, {"a": 9}), make_snapshot(8, {"a": 9, "c": 30})], registry=REGISTRY, floor=FLOOR
    )
    assert set(table["left_out"]) == {"c"}
    assert table["period_postings"].tolist() == [30, 30]


def test_a_posting_that_is_open_in_both_snapshots_counts_in_both() -> None:
    table = follow_snapshots(
        [make_snapshot(1, {"a": 3, "b": 3}), make_snapshot(8, {"a": 25, "b": 25})], registry=REGISTRY, floor=FLOOR
    )
    assert table[["postings", "companies", "verdict"]].values.tolist() == [[6, 6, "rises"], [50, 50, "rises"]]


@pytest.mark.parametrize("company", [None, " "])
def test_a_posting_without_an_employer_is_one_cluster_over_snapshots_as_one_with_an_employer_is(
    company: str | None,
) -> None:
    """Nine of sixty postings ask for Docker in the second run and did not in the first."""

    # Of each two ids but the case differs.
    ids = [f"a:{'xX'[n % 2]}{n // 2}" for n in range(60)]

    def follow_runs(companies: list[str | None]) -> pd.DataFrame:
        runs = []
        for day, count in ((1, 15), (8, 24)):
            ask = [("docker", "required")]
            asks = [Ask(ids[n], companies[n], ask if n < count else [], source="a") for n in range(60)]
            runs.append(Snapshot(f"2026-07-{day:02d}T000000Z", *make_tables(asks), frozenset({"a"}), frozenset()))
        return follow_snapshots(runs, registry=REGISTRY, floor=FLOOR)

    unnamed = follow_runs([company] * 60)
    assert unnamed[["companies", "period_companies", "verdict"]].values.tolist() == [
        [15, 60, "rises"],
        [24, 60, "rises"],
    ]
    pd.testing.assert_frame_equal(unnamed, follow_runs([f"X{n}" for n in range(60)]))


def test_one_snapshot_is_refused() -> None:
    with pytest.raises(LakeError, match=r"found 1 snapshot of the role, expected at least two; run the flow again"):
        follow_snapshots([make_snapshot(1, {"a": 9})], registry=REGISTRY, floor=FLOOR)


def test_snapshots_without_a_common_source_are_refused() -> None:
    snapshots = [make_snapshot(1, {"a": 9}), make_snapshot(8, {"b": 9})]
    with pytest.raises(LakeError, match=r"no source is complete in all of the 2 snapshots"):
        follow_snapshots(snapshots, registry=REGISTRY, floor=FLOOR)
