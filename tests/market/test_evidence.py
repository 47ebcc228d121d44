"""Which sentences stand behind a number."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.builders import Ask, make_demand, make_tables
from skillextract.errors import LakeError
from skillextract.market.demand import Demand
from skillextract.market.evidence import (
    Choice,
    Evidence,
    EvidenceChooser,
    collect_evidence,
    cut_sentence,
    quote_choices,
    read_texts_from,
)


def collect(asks: list[Ask], groups: list[tuple[str, ...]], limit: int = 5) -> list[list[Evidence]]:
    postings, _ = make_tables(asks)
    return collect_evidence(make_demand(asks), groups, read_texts=read_texts_from(postings), limit=limit)


def test_an_evidence_is_the_line_with_the_place_of_its_mention() -> None:
    ((found,),) = collect(
        [Ask("a", "X", [("go", "duty"), ("java", "required")], url="https://x.example/1")], [("java",)]
    )
    assert found == Evidence(
        posting_id="a",
        url="https://x.example/1",
        company="X",
        title="ML Engineer",
        skill="java",
        requirement="required",
        sentence="You know Java well.",
        start=27,
        end=31,
        mark_start=9,
        mark_end=13,
    )


def test_each_employer_comes_once_before_any_comes_twice() -> None:
    asks = [Ask(f"a{n}", "Crowd", [("java", "required")]) for n in range(5)] + [Ask("b", "Lone", [("java", "duty")])]
    ((*first, _),) = collect(asks, [("java",)], limit=3)
    assert sorted(str(entry.company) for entry in first) == ["Crowd", "Lone"]


def test_the_strongest_mention_of_a_posting_is_shown_and_the_strongest_postings_first() -> None:
    asks = [
        Ask("a", "X", [("java", "duty")]),
        Ask("b", "Y", [("java", "duty"), ("java", "required")]),
        Ask("c", "Z", [("java", "preferred")]),
    ]
    (found,) = collect(asks, [("java",)])
    assert [(entry.posting_id, entry.requirement, entry.start) for entry in found] == [
        ("b", "required", 29),
        ("c", "preferred", 9),
        ("a", "duty", 9),
    ]


def test_a_group_shows_each_posting_once() -> None:
    (found,) = collect([Ask("a", "X", [("java", "preferred"), ("go", "required")])], [("java", "go")])
    assert [(entry.posting_id, entry.skill) for entry in found] == [("a", "go")]


def test_postings_without_url_and_employer_are_quoted_too() -> None:
    (found,) = collect([Ask("a", None, [("java", "required")])], [("java",)])
    assert [(entry.url, entry.company) for entry in found] == [(None, None)]


def test_of_very_many_postings_the_same_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """The short cut for large slices changes nothing."""
    asks = [Ask(f"{n:03d}", f"X{n % 40}", [("java", "required" if n % 3 else "duty")]) for n in range(200)]
    slow = collect(asks, [("java",), ("java", "go")])
    monkeypatch.setattr("skillextract.market.evidence._ENOUGH_TO_SORT", 20)
    assert slow == collect(asks, [("java",), ("java", "go")])


def test_no_sentences_are_read_where_none_are_wanted() -> None:
    def refuse(_: object) -> dict[str, str]:
        raise AssertionError("texts were asked for")

    assert collect_evidence(
        make_demand([Ask("a", "X", [("java", "duty")])]), [("java",)], read_texts=refuse, limit=0
    ) == [[]]


def read_wrong_texts(demand: Demand, texts: dict[str, str]) -> None:
    collect_evidence(demand, [("java",)], read_texts=lambda _: texts, limit=1)


def test_texts_of_another_run_are_refused() -> None:
    demand = make_demand([Ask("a", "X", [("java", "required")])])
    with pytest.raises(LakeError, match=r"the text of a is missing, but a mention stands at 9 to 13"):
        read_wrong_texts(demand, {})
    with pytest.raises(LakeError, match=r"the text of a has 3 characters"):
        read_wrong_texts(demand, {"a": "abc"})


def test_only_postings_that_count_and_ask_in_the_way_wanted_are_chosen() -> None:
    """Of a posting that asks in a stronger way too, the place is not known; it comes behind those where it is."""
    asks = [
        Ask("a", "X", [("java", "required"), ("java", "preferred")]),
        Ask("b", "Y", [("java", "preferred")]),
        Ask("c", "Z", [("java", "preferred")]),
        Ask("d", "W", [("java", "required")]),
    ]
    chooser = EvidenceChooser(make_demand(asks), limit=5)
    ids = make_demand(asks).postings["id"].tolist()
    among = np.array([id_ != "c" for id_ in ids])
    chosen = chooser.choose(("java",), among=among, requirement=1)
    assert [(ids[choice.posting], choice.requirement, choice.start >= 0) for choice in chosen] == [
        ("b", "preferred", True),
        ("a", "preferred", False),
    ]


def test_two_places_on_a_line_are_one_sentence_and_else_two() -> None:
    demand = make_demand([Ask("a", "X", [("java", "required")])])
    for text, expected in (
        ("Java and Go", [("Java and Go", 0, 11)]),
        ("Java\nand Go", [("Java", 0, 4), ("and Go", 4, 6)]),
    ):
        choice = Choice(posting=0, start=0, end=4, also=(9, 11))
        ((*found,),) = quote_choices(demand, [[choice]], read_texts=lambda _, text=text: {"a": text})
        assert [(entry.sentence, entry.mark_start, entry.mark_end) for entry in found] == expected


def test_a_long_line_is_cut_at_spaces_around_its_mention() -> None:
    line = "one " * 100 + "Kafka " + "two " * 100
    sentence, start, end = cut_sentence(line, 400, 405, length=50)
    assert (sentence, sentence[start:end]) == ("… one one one one one Kafka two two two two two …", "Kafka")


@given(st.text(alphabet="ab \n", min_size=1, max_size=200), st.data())
def test_the_mention_stands_where_the_marks_say(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    sentence, first, last = cut_sentence(text, start, end, length=40)
    assert sentence[first:last] == text[start:end].replace("\n", " ")
