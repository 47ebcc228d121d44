"""Years of experience in a line, and which of its skills they are asked for."""

from pathlib import Path

import pytest

from skillextract.errors import PatternError
from skillextract.skills.experience import ExperienceRules, load_experience_rules
from skillextract.skills.pattern_files import find_patterns


@pytest.fixture(scope="module")
def rules() -> ExperienceRules:
    return load_experience_rules(find_patterns() / "experience.jsonl")


def read(rules: ExperienceRules, line: str, *names: str) -> list[tuple[float, tuple[str, ...]]]:
    places = [(line.index(name), line.index(name) + len(name)) for name in names]
    return [(found.years, tuple(names[index] for index in found.mentions)) for found in rules.read_line(line, places)]


@pytest.mark.parametrize(
    ("line", "names", "expected"),
    [
        ("5+ years of experience in Python and Go", ["Python", "Go"], [(5.0, ("Python", "Go"))]),
        ("3-5 years experience with Kafka", ["Kafka"], [(3.0, ("Kafka",))]),
        ("Between 2 to 4 yrs working with SQL", ["SQL"], [(2.0, ("SQL",))]),
        ("At least three years of Java", ["Java"], [(3.0, ("Java",))]),
        ("Minimum of five (5) years' professional experience", [], [(5.0, ())]),
        ("Python (5+ years), Go (2 years)", ["Python", "Go"], [(5.0, ("Python",)), (2.0, ("Go",))]),
        ("Python, Go and Rust: 3 years", ["Python", "Go", "Rust"], [(3.0, ("Python", "Go", "Rust"))]),
        ("3+ years Python, 1+ year of Rust", ["Python", "Rust"], [(3.0, ("Python",)), (1.0, ("Rust",))]),
        ("You know Kafka. 4 years with Spark.", ["Kafka", "Spark"], [(4.0, ("Spark",))]),
        ("Python, with 6 years behind you", ["Python"], [(6.0, ("Python",))]),
        ("3 Jahre Erfahrung mit Docker", ["Docker"], [(3.0, ("Docker",))]),
        ("10 YOE", [], [(10.0, ())]),
        ("1.5 years of Terraform", ["Terraform"], [(1.5, ("Terraform",))]),
    ],
)
def test_years_and_what_they_are_asked_for(
    rules: ExperienceRules, line: str, names: list[str], expected: list[tuple[float, tuple[str, ...]]]
) -> None:
    assert expected == read(rules, line, *names)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Over the last 10 years we built our platform on Kafka", ["Kafka"]),
        ("You are at least 18 years old", []),
        ("A 4 year degree", []),
        ("4 years vesting with a one year cliff", []),
        ("In the next 5 years Python will grow", ["Python"]),
        ("Experience with a 50 years old codebase in Java", ["Java"]),
        ("We celebrate our 3 year anniversary", []),
        ("$5 years of Python", ["Python"]),
        ("A company of 200 years and much experience", []),
    ],
)
def test_years_of_something_else_are_no_experience(rules: ExperienceRules, line: str, names: list[str]) -> None:
    assert read(rules, line, *names) == []


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("BSc in mathematics or physics with good marks", " in mathematics or physics "),
        ("BSc in mathematics. Python", " in mathematics"),
        ("BSc, or equivalent experience", ", or "),
        ("BSc in statistics", " in statistics"),
    ],
)
def test_fields_of_study_stand_behind_a_degree(rules: ExperienceRules, line: str, fields: str) -> None:
    start, end = rules.find_fields(line, 3)
    assert line[start:end] == fields


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"part": "years"}', r"experience.jsonl:1: .*expected an object with the keys `part` and `expression`"),
        ('{"part": "other", "expression": "a"}', r":1: .*found part 'other', expected each of about, behind_all"),
        ('{"part": "years", "expression": "("}', r":1: .*mend or delete the line"),
        ('{"part": "years", "expression": "a"}', r": .*no line for about, behind_all, behind_one"),
        ("nonsense", r":1: "),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "experience.jsonl"
    path.write_text(content)
    with pytest.raises(PatternError, match=message):
        load_experience_rules(path)
