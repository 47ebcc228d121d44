"""Years of experience in a line, and which of its skills they are asked for."""

import json
import re
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
        ("5+ years with a database, e.g. Postgres", ["Postgres"], [(5.0, ("Postgres",))]),
        ("5+ years with tools (etc. and so on) and Postgres", ["Postgres"], [(5.0, ("Postgres",))]),
        ("5+ years of Python; experience with Postgres", ["Python", "Postgres"], [(5.0, ("Python",))]),
    ],
)
def test_years_and_what_they_are_asked_for(
    rules: ExperienceRules, line: str, names: list[str], expected: list[tuple[float, tuple[str, ...]]]
) -> None:
    assert expected == read(rules, line, *names)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("Python (3+ years), ", 1),
        ("Python: 3 years, ", 1),
        ("3 years of Python ", 1),
        ("Python. ", 0),
        ("1 year. Go. ", 0),
    ],
)
def test_hostile_lines_take_no_time(rules: ExperienceRules, unit: str, expected: int) -> None:
    line = unit * (100_000 // len(unit))
    places = [found.span() for found in re.finditer("Python|Go", line)]
    found = rules.read_line(line, places)
    assert sum(len(each.mentions) for each in found) == expected * len(places)


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
    ("line", "degree", "fields"),
    [
        ("Ph.D. in Physics or Mathematics", "Ph.D", " in Physics or Mathematics"),
        ("Ph.D. in Physics or Mathematics", "Ph.D.", " in Physics or Mathematics"),
        ("An M.S. Computer Science. You know Go", "M.S", " Computer Science"),
        ("B.S. or M.S. in Statistics. Go", "B.S", " or M.S. in Statistics"),
        ("A B.Tech. (Physics) is a plus", "B.Tech", " (Physics) "),
        ("BSc. in Physics. Go", "BSc", ". in Physics"),
        ("You have a PhD. Physics is what we do", "PhD", ""),
        ("BSc in a field, e.g. Physics. Go", "BSc", " in a field, e.g. Physics"),
    ],
)
def test_a_full_stop_of_the_degree_ends_no_sentence(
    rules: ExperienceRules, line: str, degree: str, fields: str
) -> None:
    start, end = rules.find_fields(line, line.index(degree) + len(degree))
    assert line[start:end] == fields


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"part": "years"}', r"experience.jsonl:1: .*expected an object with the keys `part` and `expression`"),
        ('{"part": "other", "expression": "a"}', r":1: .*found part 'other', expected each of about, behind_all"),
        ('{"part": "years", "expression": "("}', r":1: .*mend or delete the line"),
        ('{"part": "years", "expression": "a"}', r": .*no line for about, behind_all, behind_one"),
        ("nonsense", r":1: "),
        ("[]", r":1: \[json\] found '\[\]', expected a JSON object"),
        ('{"part": ["years"], "expression": "a"}', r":1: .*found part \['years'\], expected a text"),
        ('{"part": "years", "expression": 5}', r":1: .*found expression 5, expected a text that is not empty"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "experience.jsonl"
    path.write_text(content)
    with pytest.raises(PatternError, match=message):
        load_experience_rules(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PatternError, match=r"experience.jsonl: \[unreadable\] .*expected UTF-8 text"):
        load_experience_rules(tmp_path / "experience.jsonl")


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("a", "the expressions do not go together: `years` has no group `low`"),
        ("(?i)(?P<low>a)", "the expressions do not go together: global flags not at the start"),
    ],
)
def test_expressions_that_do_not_go_together_are_refused(tmp_path: Path, expression: str, message: str) -> None:
    rows = [json.loads(line) for line in (find_patterns() / "experience.jsonl").read_text("utf-8").split("\n") if line]
    path = tmp_path / "experience.jsonl"
    rows = [{**row, "expression": expression} if row["part"] == "years" else row for row in rows]
    path.write_text("\n".join(map(json.dumps, rows)))
    with pytest.raises(PatternError, match=message):
        load_experience_rules(path)


def test_a_line_of_a_file_ends_at_no_other_sign_than_a_line_break(tmp_path: Path) -> None:
    content = (
        (find_patterns() / "experience.jsonl").read_text("utf-8").replace("|anniversary|", "|anniversary|\u2028|\x85|")
    )
    assert "\u2028" in content
    (tmp_path / "experience.jsonl").write_text(content, encoding="utf-8")
    load_experience_rules(tmp_path / "experience.jsonl")
