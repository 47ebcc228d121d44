"""Shares that rise and then fall, and what is told of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from market.builders import Skill, make_bare_demand
from market.test_trends import draw_market, number_months
from skillextract.market.curves import assess_curves, assess_turns
from skillextract.market.demand import Demand, Floor
from skillextract.market.trends import follow

MONTHS = 24


def draw_story(shares: npt.NDArray[np.float64], *, skills: int = 20) -> tuple[Demand, npt.NDArray[np.int64]]:
    """A market of 200 employers in which every skill has these shares, month by month, 200 postings each."""
    rng = np.random.default_rng(3)
    n = 200 * len(shares)
    employer = np.unique(np.sort(rng.integers(0, 200, n)), return_inverse=True)[1]
    month = rng.integers(0, len(shares), n)
    return make_bare_demand(employer, rng.random((skills, n)) < shares[month]), month


def tell(shares: npt.NDArray[np.float64]) -> list[tuple[str, str | None]]:
    """The verdict and turn of each skill."""
    demand, month = draw_story(shares)
    registry = {skill: Skill(skill) for skill in demand.skills}
    table = follow(demand, number_months(month, len(shares)), registry=registry, floor=Floor(postings=10, companies=5))
    return list(zip(*(table.drop_duplicates("skill")[name] for name in ("verdict", "turned_at")), strict=True))


def test_the_test_is_that_of_leaving_out_each_employer() -> None:
    """Against numpy's least squares of a parabola."""
    demand, month = draw_market(np.random.default_rng(0), skills=2, a_month=20, employers=15)
    inside = np.ones(len(month), dtype=bool)
    found = assess_curves(demand, [("s0000",), ("s0001",)], month.astype(float), inside=inside)
    employers, count = demand.employers, demand.company_count
    spread = np.bincount(employers, weights=(month - month.mean()) ** 2)
    degrees = spread.sum() ** 2 / (spread**2).sum() - 1
    for skill in range(2):
        asking = np.zeros(len(month))
        asking[demand.asks.posting[demand.asks.of(skill)]] = 1
        whole = np.polyfit(month, asking, 2)[:2]
        apart = [np.polyfit(month[employers != k], asking[employers != k], 2)[:2] - whole for k in range(count)]
        variance = (count - 1) / count * np.sum([np.outer(each, each) for each in apart], axis=0)
        wald = whole @ np.linalg.inv(variance) @ whole
        expected = stats.f.sf(wald * (degrees - 1) / (2 * degrees), 2, degrees - 1)
        assert found.p_value[skill] == pytest.approx(expected, rel=1e-6)


def test_a_share_that_rose_and_fell_is_told_with_its_turn() -> None:
    up = np.linspace(0.1, 0.3, MONTHS // 2)
    told = tell(np.concatenate([up, up[::-1]]))
    assert {verdict for verdict, _ in told} == {"falls"}
    assert all(turn is not None and "2024-09" <= turn <= "2025-04" for _, turn in told)


def test_a_share_that_fell_and_rose_again_rises() -> None:
    down = np.linspace(0.3, 0.1, MONTHS // 2)
    assert {verdict for verdict, _ in tell(np.concatenate([down, down[::-1]]))} == {"rises"}


def test_a_share_that_moved_in_no_one_direction_is_not_steady() -> None:
    """A small rise and fall: surely no chance, but neither side alone is sure."""
    up = np.linspace(0.2, 0.26, MONTHS // 2)
    demand, month = draw_story(np.concatenate([up, up[::-1]]))
    registry = {skill: Skill(skill) for skill in demand.skills}
    table = follow(demand, number_months(month, MONTHS), registry=registry, floor=Floor(postings=10, companies=5))
    verdicts = table.drop_duplicates("skill")
    assert "changes" in set(verdicts["verdict"])
    assert (verdicts["verdict"].eq("steady") == verdicts["q_value"].gt(0.05)).all()


@pytest.mark.parametrize("power", [1, 4], ids=["evenly", "ever faster"])
def test_a_share_that_only_rises_does_not_turn(power: int) -> None:
    """The parabola through a late rise falls at first; the postings do not."""
    told = tell(0.02 + 0.3 * np.linspace(0, 1, MONTHS) ** power)
    assert {verdict for verdict, _ in told} == {"rises"}
    assert sum(turn is not None for _, turn in told) <= 1


def test_two_periods_have_no_curve() -> None:
    demand, month = draw_story(np.array([0.1, 0.3]))
    groups = [(skill,) for skill in demand.skills]
    found = assess_curves(demand, groups, month.astype(float), inside=np.ones(len(month), dtype=bool))
    assert np.isnan(found.p_value).all()


def test_what_was_before_and_since_a_turn_are_differences_of_shares() -> None:
    shares = np.array([0.1] * 4 + [0.4] * 16 + [0.2] * 4)
    demand, month = draw_story(shares, skills=1)
    inside = np.ones(len(month), dtype=bool)
    turns = assess_turns(demand, [("s0000",)], month.astype(float), np.array([0.5]), inside=inside)
    asking = np.zeros(len(month))
    asking[demand.asks.posting] = 1
    u = month / month.max()
    first, around, last = (asking[part].mean() for part in (u <= 1 / 6, np.abs(u - 0.5) <= 1 / 12, u >= 5 / 6))
    assert (turns.place[0], turns.share[0]) == (0.5, pytest.approx(around))
    assert turns.before.change[0] == pytest.approx(around - first)
    assert turns.since.change[0] == pytest.approx(last - around)
