"""Which expressions are refused, and that every one of ours is let through."""

import json
import re
from pathlib import Path

import pytest

from skillextract.skills.pattern_files import find_patterns
from skillextract.text.expressions import find_fault, lint_expressions

TWO_WAYS = "repeats a part that can match the same characters in more than one way"


@pytest.mark.parametrize(
    "expression",
    [
        r"(a+)+",
        r"(?:a*)*b",
        r"(?:\w+\s?)*end",
        r"(?:a|a)*",
        r"(?:ab|ab)*",
        r"(?:x(?:a?)?)*y",
        r"(?:ab|a|b)+c",
        r"(?:[a-z]b|\wb)*!",
        r"(?: (?:and|or|\w+))* ",
        r"(?:AB|ab)*",
        r"x(?=(?:\d+)*y)",
        r"(?:\w{1,3}){2,40}$",
        r"(?:a?b?)*c*(?:d*)*",
        r"(?:[^,]+,?)*;",
    ],
)
def test_a_repeated_part_with_two_ways_is_refused(expression: str) -> None:
    assert find_fault(expression) == TWO_WAYS


@pytest.mark.parametrize(
    "expression",
    [
        r"(?:\w+ )*end",
        r"(?:[\w-]+ ){0,4}(?:company|employer)",
        r"(?: for| if| experience| skills?)*",
        r"(?:ab|ac)*",
        r"\d{1,2}(?:\.\d)?\s*(?:\+|plus)?",
        r"(?:a?)*b",
        r".*x.*",
        "",
    ],
)
def test_what_can_be_read_in_one_way_is_let_through(expression: str) -> None:
    assert find_fault(expression) is None


def test_a_reference_back_is_refused() -> None:
    assert find_fault(r"(a)\1") == "refers back to a group, which no rule needs and which cannot be checked"


def test_what_is_nested_too_deeply_to_be_read_is_refused() -> None:
    assert find_fault("(a|" * 300 + "b" + ")" * 300) == "is nested too deeply to be checked"


@pytest.mark.parametrize(("repeated", "ending"), [(r"\w+\s?", "*!"), ("ab|a|b", "+!")])
def test_what_is_refused_has_twice_as_many_ways_with_each_step(repeated: str, ending: str) -> None:
    """A search that fails goes through all ways in which what is repeated can be put together; they are counted."""
    assert find_fault(f"(?:{repeated}){ending}") == TWO_WAYS
    text = "ab" * 20
    ways = [1]
    for end in range(1, len(text) + 1):
        ways.append(sum(ways[begin] for begin in range(end) if re.fullmatch(repeated, text[begin:end])))
    assert ways[-1] >= 2**20


def test_no_expression_of_ours_can_be_held_up() -> None:
    assert lint_expressions(find_patterns()) == []


def test_a_separator_of_lines_inside_of_a_rule_hides_no_expression(tmp_path: Path) -> None:
    rule = {"cue": "(?:a|a)*", "why": "one\u2028two"}
    (tmp_path / "requirement.jsonl").write_text(json.dumps(rule, ensure_ascii=False), encoding="utf-8")
    assert [(fault.rule_id, fault.line) for fault in lint_expressions(tmp_path)] == [("backtracking", 1)]


def test_a_fault_is_named_with_file_and_line(tmp_path: Path) -> None:
    rules = [{"cue": "fine"}, {"cue": r"(?:\w+\s?)*please"}]
    (tmp_path / "requirement.jsonl").write_text("\n".join(map(json.dumps, rules)) + "\nnot json\n")
    (tmp_path / "roles").mkdir()
    (tmp_path / "roles" / "chef.toml").write_text('name = "(a+)+"\n[titles]\nnamed = ["(?:xy|xy)*chef"]\n')
    assert [str(fault) for fault in lint_expressions(tmp_path)] == [
        rf"{tmp_path}/requirement.jsonl:2: [backtracking] '(?:\\w+\\s?)*please' {TWO_WAYS}; rewrite it",
        f"{tmp_path}/roles/chef.toml: [backtracking] '(?:xy|xy)*chef' {TWO_WAYS}; rewrite it",
    ]
