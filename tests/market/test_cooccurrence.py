"""Skills that are named together: the lift, its interval and its floor."""

import numpy as np
import pytest
from scipy import stats

from market.builders import FLOOR, REGISTRY, Ask, Skill, make_bare_demand, make_demand
from skillextract.market.cooccurrence import PAIR_COLUMNS, list_companions, pair_skills
from skillextract.market.demand import Floor


def test_the_lift_is_the_share_of_both_over_what_chance_would_give() -> None:
    asks = [Ask(f"{n}", f"X{n}", [("java", "required"), ("kafka", "duty")]) for n in range(4)]
    asks += [Ask(f"j{n}", f"J{n}", [("java", "required")]) for n in range(4)]
    asks += [Ask(f"k{n}", f"K{n}", [("kafka", "required")]) for n in range(1)]
    asks += [Ask(f"n{n}", f"N{n}") for n in range(11)]
    table = pair_skills(make_demand(asks), registry=REGISTRY, floor=FLOOR)
    assert tuple(table.columns) == PAIR_COLUMNS
    row = table.iloc[0]
    assert row[["skill", "other", "name", "other_name", "postings", "companies"]].tolist() == [
        "java", "kafka", "Java", "Kafka", 4, 4,
    ]  # fmt: skip
    assert row[["share", "share_of_skill", "share_of_other", "lift"]].tolist() == pytest.approx([0.2, 0.5, 0.8, 2.0])


def test_with_one_posting_an_employer_the_error_is_that_of_the_delta_method() -> None:
    """Independent postings: each adds its own square to the variance of the logarithm."""
    both, only_a, only_b, none = 6, 9, 4, 21
    n, a, b = 40, both + only_a, both + only_b
    asks = [Ask(f"b{i}", f"b{i}", [("java", "duty"), ("go", "duty")]) for i in range(both)]
    asks += [Ask(f"x{i}", f"x{i}", [("java", "duty")]) for i in range(only_a)]
    asks += [Ask(f"y{i}", f"y{i}", [("go", "duty")]) for i in range(only_b)]
    asks += [Ask(f"z{i}", f"z{i}") for i in range(none)]
    row = pair_skills(make_demand(asks), registry=REGISTRY, floor=FLOOR).iloc[0]
    z = np.array(
        [1 / both - 1 / a - 1 / b + 1 / n] * both
        + [-1 / a + 1 / n] * only_a
        + [-1 / b + 1 / n] * only_b
        + [1 / n] * none
    )
    error = np.sqrt(n / (n - 1) * (z**2).sum())

    half = stats.t.ppf(0.975, n - 1) * error
    assert row["lift"] == pytest.approx(n * both / (a * b))
    assert np.log(row["lift_high"] / row["lift"]) == pytest.approx(half)
    assert np.log(row["lift"] / row["lift_low"]) == pytest.approx(half)


@pytest.mark.parametrize("floor", [Floor(postings=5, companies=1), Floor(postings=1, companies=3)])
def test_pairs_below_the_floor_have_no_row(floor: Floor) -> None:
    asks = [Ask(f"{n}", f"X{n % 2}", [("java", "duty"), ("go", "duty")]) for n in range(4)]
    asks += [Ask(f"n{n}", f"N{n}") for n in range(6)]
    assert pair_skills(make_demand(asks), registry=REGISTRY, floor=floor).empty


def test_degrees_form_no_pairs_and_no_pair_stands_twice() -> None:
    asks = [Ask(f"{n}", f"X{n}", [(skill, "duty") for skill in ("java", "go", "kafka", "phd")]) for n in range(4)]
    table = pair_skills(make_demand(asks), registry=REGISTRY, floor=FLOOR)
    pairs = [frozenset(pair) for pair in zip(table["skill"], table["other"], strict=True)]
    assert sorted(map(sorted, pairs)) == [["go", "java"], ["go", "kafka"], ["java", "kafka"]]


def test_a_role_without_postings_has_no_pairs() -> None:
    table = pair_skills(make_demand([]), registry=REGISTRY, floor=FLOOR)
    assert (tuple(table.columns), len(table)) == (PAIR_COLUMNS, 0)


def test_the_interval_holds_no_lift_where_skills_are_independent() -> None:
    """Employers have tastes, but not for pairs: the interval of a lift of 1 holds 1 in 93 % to 98 % of pairs."""
    rng = np.random.default_rng(2)
    held = []
    for _ in range(6):
        sizes = np.maximum(1, rng.lognormal(1.0, 0.8, 120)).astype(int)
        employer = np.repeat(np.arange(120), sizes)
        taste = rng.beta(0.3 * 4, 0.7 * 4, (14, 120))
        demand = make_bare_demand(employer, rng.random((14, len(employer))) < taste[:, employer])
        registry = {skill: Skill(skill) for skill in demand.skills}
        table = pair_skills(demand, registry=registry, floor=FLOOR)
        held += ((table["lift_low"] <= 1) & (table["lift_high"] >= 1)).tolist()
    assert 0.93 <= np.mean(held) <= 0.98, f"{np.mean(held):.1%} of {len(held)} pairs"


def test_companions_are_those_whose_lift_is_surely_above_chance() -> None:
    asks = [Ask(f"{n}", f"X{n}", [("java", "duty"), ("go", "duty")]) for n in range(20)]
    asks += [Ask(f"k{n}", f"K{n}", [("kafka", "duty"), *([("java", "duty")] if n < 10 else [])]) for n in range(20)]
    pairs = pair_skills(make_demand(asks), registry=REGISTRY, floor=FLOOR)
    assert list_companions(pairs) == {
        "java": [{"skill": "go", "name": "Go", "postings": 20, "lift": 40 * 20 / (30 * 20)}],
        "go": [{"skill": "java", "name": "Java", "postings": 20, "lift": 40 * 20 / (30 * 20)}],
    }
