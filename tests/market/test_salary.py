"""Salaries: which count, for what period, and what they say of the profile's figures."""

from typing import Any

import pandas as pd
import pytest

from market.builders import Ask, make_demand
from skillextract.market.demand import Floor
from skillextract.market.salary import compare_salaries
from skillextract.market.segments import divide_by
from skillextract.roles.profile import ProfileItem, RoleProfile, SalaryClaim

CLAIM = SalaryClaim(currency="EUR", period="year", start=40_000, experienced=60_000, senior_max=190_000)
FLOOR = Floor(postings=2, companies=2)


def compare(
    asks: list[Ask],
    levels: list[str] | None = None,
    *,
    rates: dict[str, float] | None = None,
    claim: SalaryClaim | None = CLAIM,
) -> pd.DataFrame:
    profile = RoleProfile(
        name="T", summary="s", source="s", items=(ProfileItem(number=1, name="J", skills=("java",)),), salary=claim
    )
    demand = make_demand(asks)
    by_id = dict(zip((ask.id for ask in asks), levels or ["not stated"] * len(asks), strict=True))
    seniority = divide_by("seniority", [by_id[id_] for id_ in demand.postings["id"]])
    return compare_salaries(demand, profile, seniority=seniority, floor=FLOOR, rates=rates)


def pay(*salaries: tuple[float | None, float | None, str | None, str | None]) -> list[Ask]:
    return [Ask(str(n), f"X{n}", salary=salary) for n, salary in enumerate(salaries)]


def read_row(table: pd.DataFrame, currency: str, seniority: str) -> dict[str, Any]:
    return table[(table["currency"] == currency) & (table["seniority"] == seniority)].iloc[0].to_dict()


@pytest.mark.parametrize(
    ("period", "amount"),
    [("year", 104_000), ("month", 104_000 / 12), ("week", 2_000), ("day", 400), ("hour", 50)],
)
def test_every_stated_period_becomes_a_year(period: str, amount: float) -> None:
    table = compare(pay((amount, amount, "USD", period), (104_000, 104_000, "USD", "year")))
    assert read_row(table, "USD", "all")["median"] == pytest.approx(104_000)


@pytest.mark.parametrize("salary", [(90_000, 95_000, "USD", None), (90_000, 95_000, None, "year")])
def test_an_amount_without_period_or_currency_is_not_guessed_but_told(salary: tuple[Any, ...]) -> None:
    row = read_row(compare(pay(salary, (1, 2, "USD", "year"), (None, None, "USD", "year"))), "USD", "all")
    assert (row["postings"], row["without_period"], row["role_postings"]) == (1, 1, 3)


def test_the_figure_is_the_middle_of_the_range_and_quartiles_are_of_figures() -> None:
    row = read_row(compare(pay(*((n * 10_000, n * 10_000 + 8_000, "USD", "year") for n in range(1, 6)))), "USD", "all")
    assert (row["low"], row["median"], row["high"]) == (24_000, 34_000, 44_000)
    assert (row["range_low"], row["range_high"]) == (30_000, 38_000)
    assert row["median_low"] <= row["median"] <= row["median_high"]


def test_one_end_of_a_range_counts_as_both() -> None:
    table = compare(pay((50_000, None, "USD", "year"), (None, 70_000, "USD", "year")))
    assert read_row(table, "USD", "all")["median"] == 60_000


def test_currencies_are_kept_apart_without_rates() -> None:
    table = compare(pay((1, 1, "USD", "year"), (2, 2, "GBP", "year"), (3, 3, "USD", "year")), claim=None)
    assert table[["currency", "seniority", "postings"]].values.tolist() == [
        ["USD", "all", 2],
        ["USD", "not stated", 2],
        ["GBP", "all", 1],
        ["GBP", "not stated", 1],
    ]


def test_rates_convert_into_the_profiles_currency_and_say_how_many() -> None:
    table = compare(
        pay((100_000, 100_000, "USD", "year"), (60_000, 60_000, "EUR", "year"), (5, 5, "JPY", "year")),
        rates={"EUR": 2.0, "USD": 1.0},
    )
    row = read_row(table, "EUR", "all")
    assert (row["postings"], row["converted"], row["median"]) == (2, 1, 55_000)
    assert table["currency"].unique().tolist() == ["EUR", "JPY"]


def judge(level: str, amounts: list[int]) -> tuple[Any, ...]:
    asks = pay(*((amount, amount, "EUR", "year") for amount in amounts))
    row = read_row(compare(asks, [level] * len(asks)), "EUR", level)
    return row["claim"], row["claimed"], row["verdict"]


def test_each_seniority_answers_its_figure_of_the_profile() -> None:
    assert judge("junior", [70_000] * 9) == ("start", 40_000, "higher")
    assert judge("junior", [30_000] * 9) == ("start", 40_000, "lower")
    assert judge("senior", [58_000, 59_000, 60_000, 61_000, 62_000]) == ("experienced", 60_000, "agrees")
    assert judge("lead", [90_000] * 9) == ("senior_max", 190_000, "agrees")
    assert judge("lead", [250_000] * 9) == ("senior_max", 190_000, "higher")
    assert judge("senior", [60_000]) == ("experienced", 60_000, "too few postings")
    assert judge("mid", [60_000] * 9)[0] is None


def test_a_verdict_says_its_numbers() -> None:
    asks = pay(*[(70_000, 70_000, "EUR", "year")] * 9)
    row = read_row(compare(asks, ["junior"] * 9), "EUR", "junior")
    assert row["reason"] == (
        "9 postings from 9 employers: the median is 70,000 EUR (70,000 to 70,000), above the profile's 40,000."
    )


def test_a_monthly_claim_is_compared_for_a_year() -> None:
    claim = SalaryClaim(currency="EUR", period="month", start=4_000, experienced=5_000, senior_max=9_000)
    table = compare(pay((48_000, 48_000, "EUR", "year")), ["junior"], claim=claim)
    assert read_row(table, "EUR", "junior")["claimed"] == 48_000


def test_claims_without_any_salary_in_the_market_have_rows() -> None:
    table = compare([Ask("a", "X"), Ask("b", "Y")], ["junior", "senior"])
    assert table[["currency", "seniority", "verdict"]].values.tolist() == [
        ["EUR", "junior", "too few postings"],
        ["EUR", "senior", "too few postings"],
    ]


def test_one_employer_with_many_openings_widens_the_interval_of_the_median() -> None:
    figures = [(40_000 + 2_000 * n, 40_000 + 2_000 * n, "USD", "year") for n in range(20)]
    spread = compare([Ask(str(n), f"X{n}", salary=figure) for n, figure in enumerate(figures)])
    crowded = compare([Ask(str(n), "X" if n < 10 else f"X{n}", salary=figure) for n, figure in enumerate(figures)])
    widths = [row["median_high"] - row["median_low"] for row in (read_row(t, "USD", "all") for t in (spread, crowded))]
    assert widths[1] > 1.5 * widths[0]
