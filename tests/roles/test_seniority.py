"""How far along in a career a title looks for someone."""

from pathlib import Path

import pytest

from skillextract.errors import PatternError
from skillextract.roles.seniority import SeniorityRules, load_seniority
from skillextract.skills.pattern_files import find_patterns


@pytest.fixture(scope="module")
def rules() -> SeniorityRules:
    return load_seniority(find_patterns() / "seniority.jsonl")


@pytest.mark.parametrize(
    ("title", "seniority"),
    [
        ("Machine Learning Engineer", None),
        ("Senior Machine Learning Engineer (m/f/d)", "senior"),
        ("Sr. Data Scientist", "senior"),
        ("Software Engineer III", "senior"),
        ("Software Engineer II, Ads", "mid"),
        ("Software Engineer I", "junior"),
        ("Mid-level Backend Developer", "mid"),
        ("Junior ML Engineer", "junior"),
        ("New Grad Software Engineer", "junior"),
        ("Associate Data Engineer", "junior"),
        ("Staff Software Engineer", "lead"),
        ("Senior Staff Engineer", "lead"),
        ("Principal Scientist", "lead"),
        ("Tech Lead, Platform", "lead"),
        ("Engineering Manager, Machine Learning", "manager"),
        ("Head of Data", "manager"),
        ("Director of Engineering", "manager"),
        ("Machine Learning Engineering Intern", "intern"),
        ("Werkstudent Data Science", "intern"),
        ("Senior Product Manager", "senior"),
        ("Account Manager", None),
        ("Chief of Staff", "lead"),
        ("Leadership Trainer", None),
    ],
)
def test_titles_state_their_seniority(rules: SeniorityRules, title: str, seniority: str | None) -> None:
    assert rules.read_title(title) == seniority


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"seniority": "boss", "title": "a"}', r"seniority.jsonl:1: .*found seniority 'boss', expected one of intern"),
        ('{"seniority": "lead"}', r":1: .*expected an object with the keys `seniority` and `title`"),
        ('{"seniority": "lead", "title": "("}', r":1: .*mend or delete the line"),
        ('{"seniority": "lead", "title": 5}', r":1: .*found title 5, expected a text"),
    ],
)
def test_a_broken_line_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "seniority.jsonl"
    path.write_text(content)
    with pytest.raises(PatternError, match=message):
        load_seniority(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PatternError, match=r"none.jsonl: \[unreadable\] .*expected UTF-8 text"):
        load_seniority(tmp_path / "none.jsonl")
