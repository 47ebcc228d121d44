"""Which expressions are refused, and that every one of ours is let through."""

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import skillextract
from skillextract.skills.matcher import SkillMatcher
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


def test_case_is_regarded_where_an_expression_is_compiled_for_it() -> None:
    expression = r"(?: and [A-Z]\w*| [A-Z]\w*)*end"
    assert (find_fault(expression), find_fault(expression, ignores_case=False)) == (TWO_WAYS, None)
    assert find_fault(f"(?i:{expression})", ignores_case=False) == TWO_WAYS
    assert find_fault(f"(?-i:{expression})") is None
    assert find_fault(r"x(?=(?i:(?:AB|ab)*)y)", ignores_case=False) == TWO_WAYS


def test_no_expression_that_is_written_in_code_or_put_together_there_can_be_held_up(matcher: SkillMatcher) -> None:
    seen = {id(matcher.vocabulary.patterns)}  # those of the pattern files are tried above
    matcher.forget_lines()  # other tests left thousands of lines, in which there is no expression
    named = dict(_walk_expressions("matcher", matcher, seen))
    for module in pkgutil.walk_packages(skillextract.__path__, "skillextract."):
        if not module.name.endswith("__main__"):
            named |= _walk_expressions(module.name, vars(importlib.import_module(module.name)), seen)
    found = {
        name: expression.pattern
        for name, expression in named.items()
        if isinstance(expression.pattern, str)
        and find_fault(expression.pattern, ignores_case=bool(expression.flags & re.IGNORECASE))
    }
    assert {"matcher._titles._right", "matcher._clues._company_left"} <= set(named)
    # It is matched up to three times, and nothing behind it can fail: no other way is ever tried.
    assert set(found) == {"skillextract.text.inline_headings._MORE"}


def _walk_expressions(name: str, value: object, seen: set[int]) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Yield the compiled expressions that a module or an object of ours holds, each with its name."""
    if isinstance(value, re.Pattern):
        yield name, value
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, dict):
        parts = {f"{name}.{key}": each for key, each in value.items()}
    elif isinstance(value, list | tuple | set | frozenset):
        parts = {f"{name}[{number}]": each for number, each in enumerate(value)}
    elif type(value).__module__.startswith("skillextract"):
        slots = {key: getattr(value, key) for key in getattr(type(value), "__slots__", ()) if hasattr(value, key)}
        parts = {f"{name}.{key}": each for key, each in {**getattr(value, "__dict__", {}), **slots}.items()}
    else:
        return
    for key, each in parts.items():
        yield from _walk_expressions(key, each, seen)


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
