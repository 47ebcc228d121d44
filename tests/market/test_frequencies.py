"""Shares of skills: what is counted, by what it is divided, and when it is no number."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from market.builders import FLOOR, REGISTRY, Ask, make_demand
from skillextract.market.demand import Floor
from skillextract.market.frequencies import count_segments, count_skills
from skillextract.market.segments import NOT_STATED, divide_by, divide_by_month, divide_postings
from skillextract.roles.seniority import load_seniority
from skillextract.skills.pattern_files import find_patterns

EVENING = datetime(2026, 7, 31, 23, tzinfo=UTC)
COUNTS = ["skill", "rank", "postings", "companies", "mentions"]


def list_rows(table: pd.DataFrame, columns: list[str]) -> list[tuple[object, ...]]:
    return list(table[columns].itertuples(index=False, name=None))


def test_postings_are_counted_and_not_mentions() -> None:
    demand = make_demand(
        [
            Ask("a", "X", [("java", "required"), ("java", "duty"), ("kafka", "preferred")]),
            Ask("b", "X", [("java", "preferred")]),
            Ask("c", "Y", [("kafka", "required"), ("go", "context")]),
            Ask("d", "Z", []),
        ]
    )
    table = count_skills(demand, registry=REGISTRY, floor=FLOOR)
    assert list_rows(table, COUNTS) == [("kafka", 1, 2, 2, 2), ("java", 2, 2, 1, 3)]
    java = table.iloc[1]
    assert java[["role_postings", "role_postings_with_skills", "role_companies"]].tolist() == [4, 3, 3]
    assert (java["share"], java["share_with_skills"], java["share_companies"]) == (2 / 4, 2 / 3, 1 / 3)
    asking = ["postings_required", "postings_preferred", "postings_duty"]
    assert java[asking].tolist() == [1, 1, 1]
    assert java[["share_required", "share_preferred", "share_duty"]].tolist() == [0.25, 0.25, 0.25]


def test_ranks_have_no_ties_and_go_by_postings_employers_name() -> None:
    demand = make_demand(
        [
            Ask("a", "X", [("java", "duty"), ("go", "duty"), ("python", "duty")]),
            Ask("b", "X", [("java", "duty"), ("python", "duty")]),
            Ask("c", "Y", [("go", "duty"), ("cpp", "duty")]),
        ]
    )
    table = count_skills(demand, registry=REGISTRY, floor=FLOOR)
    assert list_rows(table, ["name", "rank"]) == [("Go", 1), ("Java", 2), ("Python", 3), ("C++", 4)]


@pytest.mark.parametrize("floor", [Floor(postings=3, companies=1), Floor(postings=1, companies=3)])
def test_below_the_floor_counts_stay_and_shares_are_missing(floor: Floor) -> None:
    demand = make_demand([Ask("a", "X", [("java", "required")]), Ask("b", "Y")])
    table = count_skills(demand, registry=REGISTRY, floor=floor)
    assert list_rows(table, [*COUNTS, "enough"]) == [("java", 1, 1, 1, 1, False)]
    shares = [name for name in table.columns if name.startswith("share") or name == "effective_n"]
    assert np.isnan(table[shares].to_numpy(dtype=float)).all()


def test_one_employer_with_many_openings_widens_the_interval() -> None:
    """The documented effect of clustering: ten openings of one employer tell less than ten of ten."""
    spread = [Ask(f"a{n}", f"X{n}", [("java", "required")] if n < 10 else []) for n in range(20)]
    crowded = [Ask(f"a{n}", "X" if n < 10 else f"X{n}", [("java", "required")] if n < 10 else []) for n in range(20)]
    wide, narrow = (
        count_skills(make_demand(asks), registry=REGISTRY, floor=FLOOR).iloc[0] for asks in (crowded, spread)
    )
    figures = ["share", "share_companies", "effective_n", "share_low", "share_high"]
    assert [round(float(narrow[name]), 3) for name in figures] == [0.5, 0.5, 20.0, 0.299, 0.701]
    assert [round(float(wide[name]), 3) for name in figures] == [0.5, 0.091, 1.284, 0.067, 0.933]


def test_folding_copies_takes_a_share_back_to_what_was_advertised_once() -> None:
    """The documented effect of folding: one opening in five cities is one posting."""
    once = [Ask("a0", "X", [("java", "required")]), *(Ask(f"b{n}", f"Y{n}") for n in range(4))]
    copies = [Ask(f"a{n}", "X", [("java", "required")], duplicate_of="a0") for n in range(1, 5)]
    unfolded = [Ask(copy.id, copy.company, copy.asks) for copy in copies]
    shares = [
        float(count_skills(make_demand(asks), registry=REGISTRY, floor=FLOOR)["share"].iloc[0])
        for asks in (once, [*once, *copies], [*once, *unfolded])
    ]
    assert shares == [1 / 5, 1 / 5, 5 / 9]


def test_each_segment_has_its_own_denominators_ranks_and_floor() -> None:
    demand = make_demand(
        [
            Ask("a", "X", [("java", "required")], country="DE"),
            Ask("b", "Y", [("java", "required"), ("go", "duty")], country="DE"),
            Ask("c", "X", [("go", "duty")], country="FR"),
            Ask("d", "Z", [], country=None),
        ]
    )
    table = count_segments(
        demand,
        [divide_by("country", demand.postings["country"])],
        registry=REGISTRY,
        floor=Floor(postings=2, companies=2),
    )
    columns = ["segment_kind", "segment", "skill", "rank", "postings", "role_postings", "role_companies", "enough"]
    assert list_rows(table, columns) == [
        ("country", "DE", "java", 1, 2, 2, 2, True),
        ("country", "DE", "go", 2, 1, 2, 2, True),
        ("country", "FR", "go", 1, 1, 1, 1, False),
    ]
    assert table["share"].tolist()[:2] == [1.0, 0.5]


def test_segments_by_requirement_keep_all_postings_as_denominator() -> None:
    demand = make_demand(
        [
            Ask("a", "X", [("java", "required"), ("go", "preferred")]),
            Ask("b", "Y", [("java", "preferred")]),
            Ask("c", "Z", [("go", "duty")]),
        ]
    )
    divisions = divide_postings(demand, seniority=load_seniority(find_patterns() / "seniority.jsonl"))
    table = count_segments(demand, divisions, registry=REGISTRY, floor=FLOOR)
    chosen = table[table["segment_kind"] == "requirement"]
    assert list_rows(chosen, ["segment", "skill", "postings", "share", "role_postings"]) == [
        ("required", "java", 1, 1 / 3, 3),
        ("preferred", "go", 1, 1 / 3, 3),
        ("preferred", "java", 1, 1 / 3, 3),
        ("duty", "go", 1, 1 / 3, 3),
    ]


def test_every_division_is_there_and_what_is_not_stated_has_a_segment() -> None:
    demand = make_demand(
        [
            Ask("a", "X", title="Senior ML Engineer", country="DE", remote="remote", posted_at=EVENING),
            Ask("b", "Y", source="ashby:y"),
        ]
    )
    divisions = divide_postings(demand, seniority=load_seniority(find_patterns() / "seniority.jsonl"))
    assert [(d.kind, d.names, d.codes.tolist()) for d in divisions] == [
        ("all", ("all",), [0, 0]),
        ("requirement", ("required",), [0, 0]),
        ("requirement", ("preferred",), [0, 0]),
        ("requirement", ("duty",), [0, 0]),
        ("seniority", (NOT_STATED, "senior"), [1, 0]),
        ("country", ("DE", NOT_STATED), [0, 1]),
        ("remote", (NOT_STATED, "remote"), [1, 0]),
        ("source", ("ashby:y", "files:a.jsonl"), [1, 0]),
        ("month", ("2026-07", NOT_STATED), [0, 1]),
    ]


def test_months_are_those_of_utc_and_december_is_not_the_next_year() -> None:
    moments = [datetime(2026, 12, 31, 23, 59, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC), None]
    demand = make_demand([Ask(str(n), "X", posted_at=moment) for n, moment in enumerate(moments)])
    division = divide_by_month(demand)
    assert (division.names, division.codes.tolist()) == (("2026-12", "2027-01"), [0, 1, -1])


def test_whole_and_segments_agree_where_the_segment_is_everything() -> None:
    rng = np.random.default_rng(3)
    asks = [
        Ask(str(n), f"X{n % 7}", [(skill, "required") for skill in ("java", "go", "kafka") if rng.random() < 0.4])
        for n in range(40)
    ]
    demand = make_demand(asks)
    whole = count_skills(demand, registry=REGISTRY, floor=FLOOR)
    by_source = count_segments(demand, [divide_by("source", demand.postings["source"])], registry=REGISTRY, floor=FLOOR)
    drop = ["segment_kind", "segment"]
    pd.testing.assert_frame_equal(whole.drop(columns=drop), by_source.drop(columns=drop))
