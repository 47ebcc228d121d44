"""What counts as demand, and what does not."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market.builders import REGISTRY, Ask, make_demand, make_tables
from skillextract.errors import LakeError
from skillextract.market.demand import ASKING_ORDER, Demand, Floor, gather_demand


def list_asks(demand: Demand) -> list[tuple[str, str, tuple[str, ...], int, int, int]]:
    """Every pair as skill, posting id, requirements, mentions, start and end, in the order in which it is kept."""
    asks = demand.asks
    ids = demand.postings["id"].tolist()
    return [
        (
            skill,
            ids[asks.posting[entry]],
            tuple(name for bit, name in enumerate(ASKING_ORDER) if asks.flags[entry] >> bit & 1),
            int(asks.mentions[entry]),
            int(asks.start[entry]),
            int(asks.find_ends(np.array([entry]))[0]),
        )
        for number, skill in enumerate(demand.skills)
        for entry in range(asks.of(number).start, asks.of(number).stop)
    ]


def test_a_posting_asks_once_for_a_skill_however_often_it_names_it() -> None:
    demand = make_demand([Ask("a", "X", [("java", "preferred"), ("java", "required"), ("java", "preferred")])])
    # "You know Java well.\n" is 20 characters: the required mention is the second.
    assert list_asks(demand) == [("java", "a", ("required", "preferred"), 3, 29, 33)]


def test_of_equal_mentions_the_first_in_the_text_is_kept() -> None:
    demand = make_demand([Ask("a", "X", [("java", "duty"), ("java", "duty")])])
    assert list_asks(demand) == [("java", "a", ("duty",), 2, 9, 13)]


@pytest.mark.parametrize("requirement", ["context", "negated"])
def test_what_is_only_context_or_negated_is_not_asked_for(requirement: str) -> None:
    demand = make_demand([Ask("a", "X", [("java", requirement)])])
    assert list_asks(demand) == []
    assert demand.with_skill_count == 0


def test_copies_and_other_roles_do_not_count() -> None:
    asked = [("java", "required")]
    demand = make_demand(
        [Ask("a", "X", asked), Ask("b", "X", asked, duplicate_of="a"), Ask("c", "Y", asked, is_role=False)]
    )
    assert (demand.posting_count, demand.company_count) == (1, 1)
    assert [row[1] for row in list_asks(demand)] == ["a"]


def test_spellings_of_an_employer_that_differ_in_case_and_space_are_one() -> None:
    demand = make_demand([Ask("a", "Big  Corp"), Ask("b", "BIG CORP "), Ask("c", "Bigcorp"), Ask("d", "Big")])
    assert demand.employer_sizes.tolist() == [1, 3]


@pytest.mark.parametrize("company", [None, "", "  "])
def test_a_posting_without_employer_is_an_employer_of_its_own(company: str | None) -> None:
    demand = make_demand([Ask("a", company), Ask("b", company), Ask("c", "X")])
    assert demand.employer_sizes.tolist() == [1, 1, 1]
    assert demand.company_count == 3


def test_postings_are_ordered_by_employer_then_id() -> None:
    demand = make_demand([Ask("c", "A"), Ask("a", "B"), Ask("b", "A"), Ask("d", None)])
    assert demand.postings["id"].tolist() == ["b", "c", "a", "d"]
    assert demand.employers.tolist() == [0, 0, 1, 2]


def test_the_order_of_the_input_changes_nothing() -> None:
    asks = [Ask(str(n), "ABC"[n % 3], [("java", "required"), ("go", "duty")]) for n in range(7)]
    assert list_asks(make_demand(asks)) == list_asks(make_demand(asks[::-1]))


def test_the_floor_wants_postings_and_employers() -> None:
    demand = make_demand([Ask("a", "X"), Ask("b", "X"), Ask("c", "Y")])
    floors = [Floor(postings=3, companies=2), Floor(postings=4, companies=1), Floor(postings=1, companies=3)]
    assert [demand.suffices(floor) for floor in floors] == [True, False, False]


def test_no_postings_at_all_are_an_empty_demand() -> None:
    demand = make_demand([])
    assert (demand.posting_count, demand.company_count, list_asks(demand)) == (0, 0, [])


def test_a_posting_that_stands_twice_is_refused() -> None:
    with pytest.raises(LakeError, match=r"postings: id 'a' stands twice; expected is every posting once"):
        make_demand([Ask("a", "X"), Ask("a", "Y")])


def test_a_skill_that_is_not_registered_is_refused() -> None:
    postings, mentions = make_tables([Ask("a", "X", [("java", "required")])])
    registry = {skill: entry for skill, entry in REGISTRY.items() if skill != "java"}
    with pytest.raises(LakeError, match=r"skill 'java' is not in the registry.*extract again"):
        gather_demand(postings, mentions, registry=registry)


def test_a_missing_column_is_named() -> None:
    postings, mentions = make_tables([Ask("a", "X")])
    with pytest.raises(LakeError, match=r"postings: the columns company, title are missing"):
        gather_demand(postings.drop_columns(["company", "title"]), mentions, registry=REGISTRY)


def test_a_missing_column_of_mentions_is_named() -> None:
    postings, mentions = make_tables([Ask("a", "X", [("java", "required")])])
    with pytest.raises(LakeError, match=r"mentions: the columns start are missing"):
        gather_demand(postings, mentions.drop_columns(["start"]), registry=REGISTRY)


ASKED = st.lists(
    st.tuples(
        st.sampled_from(["java", "go", "kafka"]),
        st.sampled_from(["required", "preferred", "duty", "context", "negated"]),
    ),
    max_size=5,
)


@settings(max_examples=60, deadline=None)
@given(asked=st.lists(st.tuples(st.sampled_from("XYZ"), ASKED), max_size=6), size=st.integers(1, 4))
def test_batches_of_any_size_give_what_one_table_gives(asked: list[tuple[str, Any]], size: int) -> None:
    postings, mentions = make_tables([Ask(str(n), company, lines) for n, (company, lines) in enumerate(asked)])
    whole = gather_demand(postings, mentions, registry=REGISTRY)
    parts = gather_demand(postings, iter(mentions.to_batches(max_chunksize=size)), registry=REGISTRY)
    assert list_asks(whole) == list_asks(parts)


@settings(max_examples=60, deadline=None)
@given(asked=st.lists(st.tuples(st.sampled_from("XYZ"), ASKED), min_size=1, max_size=6))
def test_a_group_is_asked_for_where_any_of_its_skills_is(asked: list[tuple[str, Any]]) -> None:
    asks = [Ask(str(n), company, lines) for n, (company, lines) in enumerate(asked)]
    demand = make_demand(asks)
    found = {
        (block.start + int(row.group), demand.postings["id"].iloc[int(row.posting)], int(row.flags), int(row.mentions))
        for block, rows in demand.select_groups([("java", "go"), ("kafka",), (), ("go", "go")])
        for row in rows.itertuples(index=False)
    }
    bits = {name: 1 << bit for bit, name in enumerate(ASKING_ORDER)}
    expected = set()
    for number, group in enumerate([("java", "go"), ("kafka",), (), ("go",)]):
        for ask in asks:
            met = [requirement for skill, requirement in ask.asks if skill in group and requirement in bits]
            if met:
                expected.add((number, ask.id, int(np.bitwise_or.reduce([bits[name] for name in met])), len(met)))
    assert expected == found


def test_groups_come_in_blocks_when_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skillextract.market.demand._BLOCK", 2)
    demand = make_demand([Ask(n, n, [("java", "required"), ("go", "duty")]) for n in "abc"])
    blocks = [
        (block, len(rows)) for block, rows in demand.select_groups([("java",), ("go",), ("kafka",), ("java", "go")])
    ]
    assert blocks == [(range(0, 1), 3), (range(1, 2), 3), (range(2, 3), 0), (range(3, 4), 3)]


def test_mentions_may_come_as_a_table_of_several_chunks() -> None:
    postings, mentions = make_tables([Ask("a", "X", [("java", "required")]), Ask("b", "Y", [("java", "required")])])
    chunked = pa.concat_tables([mentions.slice(0, 1), mentions.slice(1)])
    assert list_asks(gather_demand(postings, chunked, registry=REGISTRY)) == [
        ("java", "a", ("required",), 1, 9, 13),
        ("java", "b", ("required",), 1, 9, 13),
    ]
