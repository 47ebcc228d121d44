"""Reading `patterns/requirement.jsonl`: every line that is no rule is named."""

from pathlib import Path

import pytest

from skillextract.errors import PatternError
from skillextract.skills.pattern_files import find_patterns
from skillextract.skills.requirement import Cue
from skillextract.skills.requirement_files import load_requirement_rules


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[]", r"requirement.jsonl:1: \[json\] found '\[\]', expected a JSON object"),
        ('{"cue": "x"}', r"found keys \['cue'\], expected `requirement, scope, cue`"),
        ('{"requirement": "maybe", "scope": "line", "cue": "x"}', "found 'maybe', expected one of required, preferred"),
        ('{"requirement": "duty", "scope": "word", "cue": "x"}', "found 'word', expected one of line, forward, back"),
        ('{"requirement": "duty", "scope": "line", "cue": "("}', "no regular expression: missing \\)"),
        ('{"requirement": "duty", "scope": "line", "cue": "(?i)x"}', "no regular expression: sets flags for more than"),
        ('{"requirement": "duty", "scope": "line", "cue": 5}', "found cue 5, expected a text that is not empty"),
        ('{"requirement": "duty", "scope": "line", "cue": "x", "strong": "no"}', "found strong 'no', expected true or"),
        ('{"bound": "clause", "expression": ["x"]}', r"found expression \['x'\], expected a text"),
        ('{"bound": "line", "expression": "x"}', "found 'line', expected one of clause, phrase, statement, aside"),
        ('{"bound": "turn", "expression": "("}', "no regular expression: missing \\)"),
        ('{"section": "bogus", "default": "duty", "may_become": []}', "found 'bogus', expected one of benefits, comp"),
        ('{"section": "duties", "default": "bogus", "may_become": []}', "found 'bogus', expected one of required"),
        ('{"section": "duties", "default": "duty", "may_become": ["bogus"]}', "found 'bogus', expected one of requi"),
        ('{"section": "duties", "default": "duty", "may_become": "duty"}', "found may_become 'duty', expected a list"),
        (
            '{"section": "duties", "default": "duty", "may_become": [], "takes_over": ["required"]}',
            "found 'required', expected one of duty, context",
        ),
        ('{"section": "duties", "default": "duty", "may_become": []}', "no line says what a mention is in benefits,"),
    ],
)
def test_a_broken_rule_is_named_with_file_and_line(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "requirement.jsonl"
    path.write_text(line)
    with pytest.raises(PatternError, match=message):
        load_requirement_rules(path)


def test_a_section_has_one_policy(tmp_path: Path) -> None:
    policy = '{"section": "duties", "default": "duty", "may_become": []}\n'
    path = tmp_path / "requirement.jsonl"
    path.write_text(policy * 2)
    with pytest.raises(PatternError, match=r":2: \[rule\] section 'duties' has two lines; make them one"):
        load_requirement_rules(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PatternError, match=r"requirement.jsonl: \[unreadable\] .*expected UTF-8 text"):
        load_requirement_rules(tmp_path / "requirement.jsonl")


def test_a_line_of_the_file_ends_at_no_other_sign_than_a_line_break(tmp_path: Path) -> None:
    path = tmp_path / "requirement.jsonl"
    cue = '{"requirement": "duty", "scope": "line", "cue": "one\u2028two\x85three"}\n'
    path.write_text(cue + (find_patterns() / "requirement.jsonl").read_text(encoding="utf-8"), encoding="utf-8")
    assert load_requirement_rules(path).cues[0] == Cue("duty", "line", "one\u2028two\x85three")
