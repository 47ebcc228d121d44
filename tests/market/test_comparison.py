"""Verdicts on the claims of a profile."""

import dataclasses
from typing import Any

import pandas as pd
import pytest

from market.builders import REGISTRY, Ask, make_demand, make_tables
from skillextract.market.agreement import measure_agreement
from skillextract.market.comparison import COMPARISON_COLUMNS, VerdictRules, compare_profile, find_others
from skillextract.market.demand import Floor
from skillextract.market.evidence import read_texts_from
from skillextract.market.frequencies import count_skills
from skillextract.roles.profile import ProfileItem, Qualifications, RoleProfile

PROFILE = RoleProfile(
    name="Tester",
    summary="s",
    source="s",
    items=(
        ProfileItem(number=1, name="A messaging system", skills=("kafka",), families=("messaging",)),
        ProfileItem(number=2, name="Java", skills=("java",)),
        ProfileItem(number=3, name="Leadership", skills=("leadership",)),
    ),
)
RULES = VerdictRules(floor=Floor(postings=10, companies=5))


def compare(asks: list[Ask], rules: VerdictRules = RULES, profile: RoleProfile = PROFILE) -> pd.DataFrame:
    postings, _ = make_tables(asks)
    demand = make_demand(asks)
    return compare_profile(
        demand,
        profile,
        frequencies=count_skills(demand, registry=REGISTRY, floor=rules.floor),
        registry=REGISTRY,
        read_texts=read_texts_from(postings),
        rules=rules,
        max_evidence=2,
    )


def make_market(shares: dict[str, int], postings: int = 40) -> list[Ask]:
    """Postings of as many employers, of which the first so many ask for each skill."""
    return [
        Ask(f"{n:03d}", f"X{n:03d}", [(skill, "required") for skill, count in shares.items() if n < count])
        for n in range(postings)
    ]


def list_verdicts(table: pd.DataFrame) -> list[tuple[Any, ...]]:
    columns = ["item_number", "level", "name", "verdict", "postings"]
    records = table[columns].astype(object).where(table[columns].notna(), None)
    return list(records.itertuples(index=False, name=None))


def test_every_item_has_rows_and_verdicts_and_what_is_missing_follows() -> None:
    table = compare(make_market({"rabbitmq": 20, "java": 3, "docker": 12, "go": 3}))
    assert tuple(table.columns) == COMPARISON_COLUMNS
    assert list_verdicts(table) == [
        (1, "item", "A messaging system", "confirmed", 20),
        (1, "skill", "Kafka", "not seen", 0),
        (1, "family", "Similar ones: RabbitMQ", "confirmed", 20),
        (2, "item", "Java", "weak", 3),
        (2, "skill", "Java", "weak", 3),
        (3, "item", "Leadership", "not seen", 0),
        (3, "skill", "Leadership", "not seen", 0),
        (None, "missing", "Docker", "missing from profile", 12),
    ]


NONE = (
    "None of 40 postings asks for it; up to 8.8% could without one showing here, were the postings of each employer "
    "all alike."
)


def test_reasons_say_the_numbers_that_decided() -> None:
    table = compare(make_market({"rabbitmq": 20, "java": 3, "docker": 12}))
    assert table["reason"].tolist() == [
        "20 postings of 40 from 20 employers: at least 35% of postings ask for it (5% confirms). It leans on similar "
        "skills: Kafka itself has 0%.",
        NONE,
        "20 postings of 40 from 20 employers: at least 35% of postings ask for it (5% confirms).",
        "3 postings of 40 from 3 employers: the share may be as low as 2.6% (5% confirms).",
        "3 postings of 40 from 3 employers: the share may be as low as 2.6% (5% confirms).",
        NONE,
        NONE,
        "12 postings of 40 from 12 employers ask for it, and the profile does not name it.",
    ]


def test_a_skill_below_the_threshold_or_known_from_few_employers_is_not_missing() -> None:
    crowded = [Ask(f"b{n}", "Crowd", [("docker", "required")]) for n in range(8)]
    table = compare([*make_market({"go": 3}, postings=30), *crowded])
    assert "missing" not in set(table["level"])


def test_a_skill_that_is_the_role_itself_is_neither_missing_nor_in_the_coverage_but_has_a_row() -> None:
    """Machine learning once led what the machine learning engineer's profile leaves out."""
    asks = make_market({"docker": 40, "go": 30, "java": 20})
    profile = dataclasses.replace(PROFILE, role_skills=("docker", "kafka"))
    table = compare(asks, profile=profile)
    assert [entry for entry in list_verdicts(table) if entry[0] is None] == [
        (None, "missing", "Go", "missing from profile", 30),
        (None, "role", "Docker", "the role itself", 40),
    ]
    role = table.iloc[-1]
    assert (role["share"], role["rank"], len(role["evidence"])) == (1.0, 1, 2)
    assert role["reason"] == (
        "40 postings of 40 from 40 employers name it: it is the role itself, neither missing nor in the coverage."
    )
    agreement = measure_agreement(make_demand(asks), profile, table, registry=REGISTRY, rules=RULES)
    assert agreement[["counted", "total"]].values.tolist()[0] == [20, 50]
    few = compare(asks[:9], profile=profile)
    assert "role" not in set(few["level"])


def test_a_skill_that_is_the_role_itself_meets_no_item_through_its_family() -> None:
    profile = dataclasses.replace(PROFILE, role_skills=("nats",))
    assert find_others(PROFILE.items[0], profile, REGISTRY) == ("rabbitmq",)


@pytest.mark.parametrize(
    ("shares", "named", "leaning"),
    [
        ({"kafka": 20, "rabbitmq": 25}, (0.5, "confirmed"), ""),
        ({"kafka": 9, "rabbitmq": 25}, (0.225, "confirmed"), " It leans on similar skills: Kafka itself has 22%."),
        ({"kafka": 3, "rabbitmq": 6}, (0.075, "weak"), " It leans on similar skills: Kafka itself has 7.5%."),
        ({"kafka": 2, "rabbitmq": 3}, (0.05, "weak"), ""),
    ],
    ids=["by itself", "less than half", "not by itself", "not confirmed"],
)
def test_an_item_that_similar_skills_confirm_says_what_it_names_has_alone(
    shares: dict[str, int], named: tuple[float, str], leaning: str
) -> None:
    """ "Programming language such as Java" was confirmed by C++, Rust and Go, and nothing said so."""
    row = compare(make_market(shares)).iloc[0]
    assert (row["share_named"], row["verdict_named"]) == named
    assert row["reason"].endswith(leaning or "(5% confirms).")


def test_an_item_that_only_what_it_names_can_meet_has_no_share_of_that_alone() -> None:
    table = compare(make_market({"java": 20}))
    assert table.loc[table["level"] != "item", "verdict_named"].isna().all()
    assert table.loc[table["name"] == "Java", "share_named"].isna().all()


def test_what_hangs_on_one_employer_is_told() -> None:
    crowded = [Ask(f"b{n}", "Crowd", [("java", "required")]) for n in range(6)]
    table = compare([*make_market({"java": 10}), *crowded])
    java = table[(table["name"] == "Java") & (table["level"] == "item")].iloc[0]
    assert java["reason"].endswith(" Crowd alone has 6 of the 16 (38%).")
    alone = compare(make_market({"java": 16}))
    assert "alone" not in alone.loc[alone["name"] == "Java", "reason"].iloc[0]


def test_degrees_are_never_missing() -> None:
    assert "missing" not in set(compare(make_market({"phd": 40}))["level"])


def test_a_field_of_study_that_the_profile_names_is_not_missing() -> None:
    named = Qualifications(typical_degrees=(), minimum_degrees=(), fields=("docker",), essential=())
    asks = make_market({"docker": 40, "go": 40})
    table = compare(asks, profile=dataclasses.replace(PROFILE, qualifications=named))
    assert table.loc[table["level"] == "missing", "skill"].tolist() == ["go"]


@pytest.mark.parametrize(("postings", "companies"), [(9, 9), (12, 4)])
def test_below_the_floor_every_verdict_is_too_few(postings: int, companies: int) -> None:
    asks = [Ask(str(n), f"X{n % companies}", [("java", "required"), ("docker", "required")]) for n in range(postings)]
    table = compare(asks)
    assert set(table["verdict"]) == {"too few postings"}
    assert table["reason"].iloc[0] == (
        f"The role has {postings} postings from {companies} employers; a share is stated from 10 postings from 5 "
        "employers on."
    )
    assert table["share"].isna().all()


def test_ranks_are_those_of_the_skill_or_the_place_of_several_together() -> None:
    table = compare(make_market({"java": 30, "kafka": 12, "rabbitmq": 20, "docker": 25}))
    ranks = [None if pd.isna(rank) else int(rank) for rank in table["rank"]]
    assert list(zip(table["name"], ranks, strict=True)) == [
        ("A messaging system", 3),
        ("Kafka", 4),
        ("Similar ones: RabbitMQ", 3),
        ("Java", 1),
        ("Java", 1),
        ("Leadership", None),
        ("Leadership", None),
        ("Docker", 2),
    ]


def test_others_of_a_family_are_those_that_no_item_names() -> None:
    assert find_others(PROFILE.items[0], PROFILE, REGISTRY) == ("nats", "rabbitmq")


def test_every_row_has_its_sentences() -> None:
    table = compare(make_market({"rabbitmq": 3, "java": 1}, postings=12))
    evidence = {
        (row.level, row.name): [entry["sentence"] for entry in row.evidence] for row in table.itertuples(index=False)
    }
    assert evidence == {
        ("item", "A messaging system"): ["You know RabbitMQ well."] * 2,
        ("skill", "Kafka"): [],
        ("family", "Similar ones: RabbitMQ"): ["You know RabbitMQ well."] * 2,
        ("item", "Java"): ["You know Java well."],
        ("skill", "Java"): ["You know Java well."],
        ("item", "Leadership"): [],
        ("skill", "Leadership"): [],
    }


def measure(asks: list[Ask], rules: VerdictRules = RULES) -> pd.DataFrame:
    return measure_agreement(make_demand(asks), PROFILE, compare(asks, rules), registry=REGISTRY, rules=rules)


def test_coverage_counts_pairs_and_confirmation_counts_items() -> None:
    # Asked: rabbitmq 20 (by its family), java 30, docker 25, go 5 and a degree, which does not count.
    table = measure(make_market({"rabbitmq": 20, "java": 30, "docker": 25, "go": 5, "phd": 40}))
    assert table[["figure", "counted", "total", "share"]].values.tolist() == [
        ["coverage", 50, 80, 50 / 80],
        ["confirmation", 2, 3, 2 / 3],
    ]
    assert (table["share_low"] <= table["share"]).all()
    assert (table["share_high"] >= table["share"]).all()


def test_a_field_of_study_that_the_profile_names_is_covered() -> None:
    named = Qualifications(typical_degrees=(), minimum_degrees=(), fields=("Docker",), essential=())
    profile = dataclasses.replace(PROFILE, qualifications=named)
    asks = make_market({"java": 30, "docker": 25, "go": 5})
    table = measure_agreement(
        make_demand(asks), profile, compare(asks, profile=profile), registry=REGISTRY, rules=RULES
    )
    assert table[["counted", "total"]].values.tolist()[0] == [55, 60]


def test_the_confirmation_is_certain_where_no_item_is_near_its_threshold() -> None:
    table = measure(make_market({"rabbitmq": 100, "java": 120}, postings=200))
    assert table.iloc[1][["share_low", "share_high"]].tolist() == [2 / 3, 2 / 3]


def test_the_two_figures_are_missing_below_the_floor() -> None:
    table = measure(make_market({"java": 5}, postings=9))
    assert table[["share", "share_low", "share_high"]].isna().all(axis=None)
    assert table["enough"].tolist() == [False, False]
