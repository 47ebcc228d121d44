"""What only texts tell, and how it is counted."""

from __future__ import annotations

import dataclasses

import pyarrow as pa
import pytest

from market.builders import FLOOR, Ask, Skill, make_demand
from skillextract.market.comparison import VerdictRules
from skillextract.market.demand import Demand, Floor, gather_demand
from skillextract.market.discovery import DISCOVERY_COLUMNS, rank_terms
from skillextract.market.evidence import read_texts_from
from skillextract.market.experience import add_years
from skillextract.market.frequencies import count_segments
from skillextract.market.qualifications import compare_qualifications, name_fields
from skillextract.market.readings import PostingReader, Readings, join_readings
from skillextract.market.segments import divide_by
from skillextract.market.tally import Segments, keep_together
from skillextract.posting import POSTING_SCHEMA
from skillextract.roles.profile import ProfileItem, Qualifications, RoleProfile
from skillextract.skills.discovery import load_term_finder
from skillextract.skills.experience import load_experience_rules
from skillextract.skills.matcher import SkillMatcher
from skillextract.skills.mention import tabulate_mentions
from skillextract.skills.pattern_files import find_patterns

PROFILE = RoleProfile(
    name="T",
    summary="s",
    source="s",
    items=(ProfileItem(number=1, name="Java", skills=("java",)),),
    qualifications=Qualifications(
        typical_degrees=("masters-degree",),
        minimum_degrees=("bachelors-degree",),
        fields=("mathematics", "basketry"),
        essential=(),
    ),
)

TEXTS = {
    "a": (
        "Requirements\nBachelor's degree in mathematics or basketry.\n3+ years with Python and Zorblex.\n"
        "Kafka, Zorblex, Go"
    ),
    "b": "Requirements\nMaster's degree in computer science\nPython, 5 years of it\nKafka (2+ years)",
    "c": "Requirements\nSQL, ZORBLEX, Kafka\n4 years of professional experience",
    "d": "About us\nFor 12 years our experience with Python has grown.\nRequirements\nPython",
    "e": "Wir suchen eine Person, die mit uns Datenstrecken mit Python baut und betreibt. " * 5,
}


class Market:
    """The postings above, each of an employer of its own, with their mentions and readings."""

    def __init__(self, matcher: SkillMatcher) -> None:
        rows = [
            dict.fromkeys(POSTING_SCHEMA.names)
            | {"id": id_, "source": "s", "title": "T", "company": f"X {id_}", "text": text, "content_hash": id_}
            | {"fetched_at": 0, "country": "DE" if id_ in "ab" else "FR"}
            for id_, text in TEXTS.items()
        ]
        self.postings = pa.Table.from_pylist(rows, schema=POSTING_SCHEMA).append_column("is_role", pa.array([True] * 5))
        self.registry = matcher.vocabulary.skills
        found = [mention for id_, text in TEXTS.items() for mention in matcher.find_mentions(id_, "T", text)]
        self.mentions = tabulate_mentions(found, matcher.vocabulary.skills)
        self.demand: Demand = gather_demand(self.postings, self.mentions, registry=self.registry)
        reader = PostingReader(
            registry=self.registry,
            sections=matcher.vocabulary.sections,
            experience=load_experience_rules(find_patterns() / "experience.jsonl"),
            terms=load_term_finder(find_patterns() / "discovery.jsonl", matcher.vocabulary),
            fields=["basketry"],
        )
        self.readings: Readings = join_readings(
            reader.read(self.postings.slice(first, 2), self.mentions) for first in range(0, 5, 2)
        )


@pytest.fixture(scope="module")
def market(matcher: SkillMatcher) -> Market:
    return Market(matcher)


def test_years_are_read_by_skill_and_for_the_posting_as_a_whole(market: Market) -> None:
    rows = {(row["posting_id"], row["skill"], row["years"]) for row in market.readings.years.to_pylist()}
    assert rows == {
        ("a", "python", 3.0), ("a", None, 3.0),
        ("b", "python", 5.0), ("b", "kafka", 2.0), ("b", None, 5.0),
        ("c", None, 4.0),
    }  # fmt: skip


def test_fields_are_read_behind_degrees(market: Market) -> None:
    rows = {(row["posting_id"], row["field"], row["requirement"]) for row in market.readings.fields.to_pylist()}
    assert rows == {
        ("a", "mathematics", "required"),
        ("a", "basketry", "required"),
        ("b", "computer-science", "required"),
    }


def test_terms_are_ranked_by_employers_with_sentences(market: Market) -> None:
    table = rank_terms(market.demand, market.readings, read_texts=read_texts_from(market.postings))
    assert tuple(table.columns) == DISCOVERY_COLUMNS
    row = table.iloc[0].to_dict()
    assert [entry["sentence"] for entry in row.pop("evidence")] == [
        "3+ years with Python and Zorblex.",
        "SQL, ZORBLEX, Kafka",
    ]
    assert row == {
        "term": "ZORBLEX", "postings": 2, "companies": 2, "in_lists": 2, "in_slots": 0,
        "beside": ["kafka", "python", "sql"],
    }  # fmt: skip
    assert len(table) == 1


def test_what_others_write_in_lower_case_is_an_ordinary_word() -> None:
    """Two lists begin with "Build", three postings build something; nobody writes the name Zorblex in lower case."""
    lists = ["Build, Python, Kafka, Zorblex", "Build, Kafka, Python, Zorblex"]
    texts = [*lists, "You build things.", "We build.", "Let us build it."]
    postings = pa.table({"id": [str(n) for n in range(5)], "text": texts})
    uses = [
        {"posting_id": str(n), "term": term, "slot": "list", "beside": ["kafka"], "start": text.index(term),
         "end": text.index(term) + len(term)}
        for n, text in enumerate(lists) for term in ("Build", "Zorblex")
    ]  # fmt: skip
    empty = join_readings([])
    readings = dataclasses.replace(empty, terms=pa.Table.from_pylist(uses, schema=empty.terms.schema))
    demand = make_demand([Ask(str(n), f"X{n}") for n in range(5)])
    table = rank_terms(demand, readings, read_texts=read_texts_from(postings))
    assert table["term"].tolist() == ["Zorblex"]
    fewer = make_demand([Ask(str(n), f"X{n}") for n in range(2)])
    assert len(rank_terms(fewer, readings, read_texts=read_texts_from(postings))) == 2


def test_a_term_of_one_employer_is_left_out_unless_wanted(market: Market) -> None:
    texts = read_texts_from(market.postings)
    assert len(rank_terms(market.demand, market.readings, read_texts=texts, least=3)) == 0


def test_years_are_counted_by_skill_and_segment(market: Market) -> None:
    divisions = [keep_together(market.demand), divide_by("country", market.demand.postings["country"])]
    table = add_years(
        count_segments(market.demand, divisions, registry=market.registry, floor=FLOOR),
        market.demand,
        market.readings,
        divisions,
    )
    python = table[table["skill"] == "python"]
    rows = python[["segment", "postings", "years_postings", "years_median"]].astype(object).fillna(-1).values.tolist()
    assert rows == [["all", 4, 2, 4.0], ["DE", 2, 2, 4.0], ["FR", 2, 0, -1]]


def test_years_of_a_requirement_are_those_of_postings_that_ask_so(market: Market) -> None:
    divisions = [
        Segments("requirement", (name,), keep_together(market.demand).codes, requirement=number)
        for number, name in enumerate(("required", "preferred", "duty"))
    ]
    table = add_years(
        count_segments(market.demand, divisions, registry=market.registry, floor=FLOOR),
        market.demand,
        market.readings,
        divisions,
    )
    kafka = table[(table["skill"] == "kafka") & (table["segment"] == "required")]
    assert kafka[["years_postings", "years_median"]].values.tolist() == [[1, 2.0]]


def test_a_field_of_the_profile_is_the_skill_of_that_name_or_itself() -> None:
    registry = {"mathematics": Skill("Mathematics", kind="concept")}
    assert name_fields(PROFILE, registry) == {"mathematics": "mathematics", "basketry": "basketry"}


def test_degrees_fields_and_years_stand_against_the_profile(market: Market) -> None:
    rules = VerdictRules(floor=Floor(postings=5, companies=5), confirmed_share=0.03)
    table = compare_qualifications(market.demand, PROFILE, market.readings, registry=market.registry, rules=rules)
    shown = table[["kind", "name", "claim", "verdict", "postings"]].astype(object)
    assert shown.where(shown.notna(), None).values.tolist() == [
        ["degree", "Bachelor's degree", "minimum", "confirmed", 1],
        ["degree", "Master's degree", "typical", "confirmed", 1],
        ["field", "Computer science", None, "missing from profile", 1],
        ["field", "Mathematics", "field", "confirmed", 1],
        ["field", "basketry", "field", "confirmed", 1],
        ["band", "up to 2 years", None, None, 0],
        ["band", "3–4 years", None, None, 2],
        ["band", "5–7 years", None, None, 1],
        ["band", "8 years and more", None, None, 0],
        ["years", "Years of experience", None, None, 3],
    ]
    last = table.iloc[-1]
    assert last[["years_low", "years_median", "years_high"]].tolist() == [3.5, 4.0, 4.5]
    assert last["share"] == 3 / 5


def test_a_profile_without_qualifications_gives_no_verdicts_but_what_is_missing(market: Market) -> None:
    profile = RoleProfile(name="T", summary="s", source="s", items=PROFILE.items)
    rules = VerdictRules(floor=Floor(postings=50, companies=5))
    table = compare_qualifications(market.demand, profile, market.readings, registry=market.registry, rules=rules)
    assert set(table["verdict"].dropna()) == set()
    assert table["share"].isna().all()
