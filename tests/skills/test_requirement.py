"""How cues inside a line, and the section around it, decide what a mention means."""

import pytest
from skillextract.errors import PatternError
from skillextract.skills.requirement import RequirementRules, load_requirement_rules
from skillextract.skills.vocabulary import find_patterns


@pytest.fixture(scope="module")
def rules() -> RequirementRules:
    return load_requirement_rules(find_patterns() / "requirement.jsonl")


def judge(rules: RequirementRules, line: str, section: str, *words: str) -> list[str]:
    spans = [(line.index(word), line.index(word) + len(word)) for word in words]
    return list(rules.judge(line, section, spans))


@pytest.mark.parametrize(
    ("line", "section", "words", "expected"),
    [
        ("Python and Go", "requirements", ["Python", "Go"], ["required", "required"]),
        ("Kafka is a plus", "requirements", ["Kafka"], ["preferred"]),
        ("Docker, ECS, Kubernetes a plus", "requirements", ["Docker", "ECS", "Kubernetes"], ["preferred"] * 3),
        ("Strong Python; Go is a plus", "requirements", ["Python", "Go"], ["required", "preferred"]),
        ("Strong Python, experience with Go preferred.", "requirements", ["Python", "Go"], ["required", "preferred"]),
        ("Go or Rust (both preferred)", "requirements", ["Go", "Rust"], ["preferred", "preferred"]),
        ("Python, Kafka (a plus)", "requirements", ["Python", "Kafka"], ["required", "preferred"]),
        ("Python (experience with Rust is a plus) and SQL", "requirements", ["Python", "Rust", "SQL"],
         ["required", "preferred", "required"]),
        ("Linux, preferably Ubuntu", "requirements", ["Linux", "Ubuntu"], ["required", "preferred"]),
        ("Ideally you know Scala", "requirements", ["Scala"], ["preferred"]),
        ("Bonus points for Rust", "requirements", ["Rust"], ["preferred"]),
        ("No prior Kubernetes experience required", "requirements", ["Kubernetes"], ["negated"]),
        ("A PhD is not required", "requirements", ["PhD"], ["negated"]),
        ("Rust is a plus but not required", "requirements", ["Rust"], ["preferred"]),
        ("We don't use Scala", "undivided", ["Scala"], ["negated"]),
        ("You will run Kafka", "duties", ["Kafka"], ["duty"]),
        ("You must know Kafka", "duties", ["Kafka"], ["required"]),
        ("We built Atlas on Kafka", "company", ["Kafka"], ["context"]),
        ("Python courses", "benefits", ["Python"], ["context"]),
        ("We use Django", "undivided", ["Django"], ["duty"]),
        ("5+ years of Java", "undivided", ["Java"], ["required"]),
        ("Maps in Rust", "intro", ["Rust"], ["context"]),
        ("You'll build models in Python", "intro", ["Python"], ["duty"]),
        ("Kafka", "preferred", ["Kafka"], ["preferred"]),
    ],
)  # fmt: skip
def test_a_line_says_how_its_mentions_are_meant(
    rules: RequirementRules, line: str, section: str, words: list[str], expected: list[str]
) -> None:
    assert judge(rules, line, section, *words) == expected


def test_hints_only_save_time(rules: RequirementRules) -> None:
    """Whatever an expression matches holds one of its hints: else the hint would lose it."""
    lines = [
        "Go is a plus", "nice to have: Go", "Go is not required", "5 yrs Go", "You'll Go", "bonus if Go", "no need for Go",
        "Go preferred.", "ideally Go", "strong knowledge of Go", "degree in Go", "hiring Go people", "without Go needed",
    ]  # fmt: skip
    for hints, expression in rules._cues.values():
        for line in lines:
            if expression.search(line):
                assert [hint for hint in hints if hint in line.lower()] != [], (line, expression.pattern[:80])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[]", r"requirement.jsonl:1: \[rule\]"),
        ('{"cue": "x"}', r"found keys \['cue'\], expected `requirement, scope, cue, hints`"),
        ('{"requirement": "maybe", "scope": "line", "cue": "x", "hints": ["x"]}', "unknown requirement 'maybe'"),
    ],
)
def test_a_broken_rule_is_named_with_file_and_line(tmp_path, line: str, message: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "requirement.jsonl"
    path.write_text(line)
    with pytest.raises(PatternError, match=message):
        load_requirement_rules(path)
