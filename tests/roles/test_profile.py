"""The reference profiles, and what their files may hold."""

from pathlib import Path

import pytest

from skillextract.errors import PatternError
from skillextract.roles.profile import (
    ProfileItem,
    Qualifications,
    RoleProfile,
    SalaryClaim,
    check_skills,
    load_profile,
)
from skillextract.roles.titles import list_roles
from skillextract.skills.pattern_files import find_patterns
from skillextract.skills.vocabulary import Vocabulary

WHOLE = """
[titles]
named = ["nurse"]

[profile]
name = "Nurse"
summary = "Cares."
source = "Invented"

[[profile.items]]
number = 1
name = "Messaging"
skills = ["kafka"]
similar = ["nats"]
families = ["messaging"]

[profile.qualifications]
typical_degrees = ["phd"]
minimum_degrees = []
fields = ["nursing"]
essential = []

[profile.salary]
currency = "EUR"
period = "year"
start = 40_000
experienced = 60_000
senior_max = 90_000
"""


@pytest.mark.parametrize("role", list_roles(find_patterns()))
def test_every_role_has_a_profile_whose_skills_are_registered(role: str, vocabulary: Vocabulary) -> None:
    path = find_patterns() / "roles" / f"{role}.toml"
    profile = load_profile(path)
    families = {skill.family for skill in vocabulary.skills.values()}
    check_skills(profile, skills=vocabulary.skills, families=families, path=str(path))
    assert len(profile.items) >= 10
    assert profile.qualifications is not None
    degrees = (*profile.qualifications.typical_degrees, *profile.qualifications.minimum_degrees)
    assert [degree for degree in degrees if vocabulary.skills[degree].kind != "degree"] == []


def test_at_least_five_roles_have_a_profile() -> None:
    assert len(list_roles(find_patterns())) >= 5


def write(folder: Path, text: str) -> Path:
    path = folder / "nurse.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_profile_is_read_whole(tmp_path: Path) -> None:
    assert load_profile(write(tmp_path, WHOLE)) == RoleProfile(
        name="Nurse",
        summary="Cares.",
        source="Invented",
        items=(ProfileItem(number=1, name="Messaging", skills=("kafka",), similar=("nats",), families=("messaging",)),),
        qualifications=Qualifications(typical_degrees=("phd",), minimum_degrees=(), fields=("nursing",), essential=()),
        salary=SalaryClaim(currency="EUR", period="year", start=40_000, experienced=60_000, senior_max=90_000),
    )


def test_qualifications_and_salary_may_be_left_out(tmp_path: Path) -> None:
    profile = load_profile(write(tmp_path, WHOLE[: WHOLE.index("[profile.qualifications]")]))
    assert (profile.qualifications, profile.salary) == (None, None)
    assert (profile.named_skills, profile.named_families) == ({"kafka", "nats"}, {"messaging"})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[profile]", "[profil", "is not TOML in UTF-8"),
        ('summary = "Cares."', "", "profile.summary is missing"),
        ('name = "Nurse"', 'name = ""', "profile.name is ''; expected a text that is not empty"),
        ('source = "Invented"', 'source = "I"\nsauce = "x"', "profile.sauce is not a key; expected are items, name"),
        ("number = 1", "number = 2", r"item 1: number is 2; expected 1: count from 1"),
        ('skills = ["kafka"]', "skills = []", r"item 1: skills is empty"),
        ('similar = ["nats"]', 'similar = ["kafka"]', "similar repeats kafka of its skills; name each once"),
        ('similar = ["nats"]', 'similar = ["a", "a"]', "similar names one value twice: a, a"),
        ('similar = ["nats"]', "similar = [1]", r"similar is \[1\]; expected a list of texts"),
        ("start = 40_000", "start = -1", "profile.salary.start is -1; expected a whole number above 0"),
        ('period = "year"', 'period = "week"', "profile.salary.period is 'week'; expected year or month"),
        ("[[profile.items]]", "[profile.items]", "profile.items is no list of tables"),
        (
            'source = "Invented"',
            'source = "I"\nrole_skills = "x"',
            "profile.role_skills is 'x'; expected a list",
        ),
        ("[titles]", "[title]", "title is not a key"),
    ],
)
def test_a_broken_profile_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in WHOLE
    with pytest.raises(PatternError, match=rf"nurse\.toml.*{message}"):
        load_profile(write(tmp_path, WHOLE.replace(old, new, 1)))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PatternError, match=r"nurse\.toml.*cannot be read"):
        load_profile(tmp_path / "nurse.toml")


@pytest.mark.parametrize(
    ("skills", "families", "message"),
    [
        ({"kafka"}, {"messaging"}, r"item 1: similar names 'nats', not in registry.jsonl"),
        ({"kafka", "nats"}, {"messaging"}, r"qualifications\.typical_degrees names 'phd', not in registry.jsonl"),
        ({"kafka", "nats"}, {"cloud"}, r"item 1: families names 'messaging', not in registry.jsonl"),
    ],
)
def test_an_unregistered_skill_or_family_is_named(
    tmp_path: Path, skills: set[str], families: set[str], message: str
) -> None:
    profile = load_profile(write(tmp_path, WHOLE))
    with pytest.raises(PatternError, match=message):
        check_skills(profile, skills=skills, families=families, path="nurse.toml")


@pytest.mark.parametrize(
    ("role_skills", "message"),
    [
        (("coffee",), "profile.role_skills names 'coffee', not in registry.jsonl"),
        (("kafka", "nats"), "profile.role_skills names 'nats', and so does an item; keep one of the two"),
    ],
)
def test_what_is_the_role_itself_is_registered_and_in_no_item(role_skills: tuple[str, ...], message: str) -> None:
    item = ProfileItem(number=1, name="Messaging", skills=("rabbitmq",), similar=("nats",))
    profile = RoleProfile(name="N", summary="s", source="s", items=(item,), role_skills=role_skills)
    with pytest.raises(PatternError, match=message):
        check_skills(profile, skills={"kafka", "nats", "rabbitmq"}, families=set(), path="n.toml")
