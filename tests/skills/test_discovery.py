"""Unknown terms where skills stand."""

from pathlib import Path

import pytest

from skillextract.errors import PatternError
from skillextract.skills.discovery import TermFinder, load_term_finder
from skillextract.skills.matcher import SkillMatcher
from skillextract.skills.pattern_files import find_patterns


@pytest.fixture(scope="module")
def finder(matcher: SkillMatcher) -> TermFinder:
    return load_term_finder(find_patterns() / "discovery.jsonl", matcher.vocabulary)


def find(
    finder: TermFinder, matcher: SkillMatcher, text: str, company: str | None = None
) -> list[tuple[str, str, tuple[str, ...]]]:
    found = finder.find_terms(text, matcher.find_mentions("", "", text), company=company)
    for term in found:
        assert text[term.start : term.end] == term.term
    return [(term.term, term.slot, term.beside) for term in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Python, Zorblex, Kafka", [("Zorblex", "list", ("python", "kafka"))]),
        ("Tools: Python/Zorblex/Kafka.", [("Zorblex", "list", ("python", "kafka"))]),
        ("You use Kafka and Zorblex.", [("Zorblex", "list", ("kafka",))]),
        ("Kafka, Zorblex, Flumbar DB", [("Zorblex", "list", ("kafka",)), ("Flumbar DB", "list", ("kafka",))]),
        ("You know Kafka (or Zorblex)", [("Zorblex", "list", ("kafka",))]),
        ("Kafka, zorblex, Python", [("zorblex", "list", ("kafka", "python"))]),
        ("Databases such as Zorblex.js, Kafka", [("Zorblex.js", "list", ("kafka",))]),
        ("Zorblex and Kafka", [("Zorblex", "list", ("kafka",))]),
        ("• Zorblex or Kafka in daily work", [("Zorblex", "list", ("kafka",))]),
        ("Your tools are built with Zorblex and Kafka", [("Zorblex", "list", ("kafka",))]),
        ("You work on Flumbar Suite, Kafka and Python", [("Flumbar Suite", "list", ("kafka",))]),
        ("Experience with Zorblex is needed", [("Zorblex", "cue", ())]),
        ("Hands-on expertise in the Zorblex Suite", [("Zorblex Suite", "cue", ())]),
    ],
)  # fmt: skip
def test_terms_in_lists_and_slots_are_found(
    finder: TermFinder, matcher: SkillMatcher, text: str, expected: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    assert expected == find(finder, matcher, text)


@pytest.mark.parametrize(
    "text",
    [
        "Zorblex is where we work",
        "We met in Zorblex, Flumbar and Quux",
        "Kafka, etc.",
        "Kafka and more",
        "You run Kafka, zorblex",
        "Experience with Kafka and Python",
        "Experience with distributed systems",
        "Kafka, Monday, Python",
        "Build and run Kafka",
        "Languages: Python, Kafka",
        "Kafka, and a fair share of Zorblex",
        "We meet with Zorblex and talk about Kafka",
    ],
)
def test_ordinary_words_known_skills_and_lists_of_other_things_are_not(
    finder: TermFinder, matcher: SkillMatcher, text: str
) -> None:
    assert find(finder, matcher, text) == []


def test_the_employer_is_no_term(finder: TermFinder, matcher: SkillMatcher) -> None:
    assert find(finder, matcher, "Kafka, Zorblex, Python", company="zorblex") == []


def test_terms_stand_where_they_say_on_later_lines(finder: TermFinder, matcher: SkillMatcher) -> None:
    text = "Python first\n\n• Kafka, Zorblex\nExperience with Flumbar"
    assert [entry[0] for entry in find(finder, matcher, text)] == ["Zorblex", "Flumbar"]


def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, matcher: SkillMatcher) -> None:
    path = tmp_path / "discovery.jsonl"
    path.write_text('{"part": "term", "expression": "("}')
    with pytest.raises(PatternError, match=r"discovery.jsonl:1: \[discovery\].*mend or delete the line"):
        load_term_finder(path, matcher.vocabulary)
    path.write_text('{"part": "term", "expression": "a"}')
    with pytest.raises(PatternError, match=r": .*no line for conjunction, cue, lead_in, not_term, opening"):
        load_term_finder(path, matcher.vocabulary)
