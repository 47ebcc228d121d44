"""The rules of `patterns/requirement.jsonl`, read and checked line by line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

from skillextract.errors import PatternError
from skillextract.skills.mention import Requirement
from skillextract.skills.requirement import BOUNDS, Cue, RequirementRules, SectionPolicy
from skillextract.text.expressions import check_syntax
from skillextract.text.jsonl import Shape, find_misfit, read_jsonl, read_strictly
from skillextract.text.sections import SECTIONS

_SCOPES = ("line", "forward", "backward", "phrase", "statement", "previous")
_SHAPES: dict[str, Shape] = {
    "strong": "flag", "certain": "flag", "parts": "flag", "strong_only": "flag", "may_become": "texts",
    "takes_over": "texts",
}  # fmt: skip
"""What is no text in a line."""


def load_requirement_rules(path: Path) -> RequirementRules:
    """Read `patterns/requirement.jsonl`.

    Raises:
        PatternError: the file cannot be read, a line is no cue, no bound and no policy, or holds a broken expression,
            or a section has no policy or two.
    """
    return read_strictly(path, read_requirement_rules)


def read_requirement_rules(path: Path, faults: list[PatternError]) -> RequirementRules:
    """Return the rules of a file; a line that is none is added to `faults` and passed over."""
    cues: list[Cue] = []
    bounds: dict[str, list[str]] = {}
    policies: dict[str, SectionPolicy] = {}
    before = len(faults)
    for number, rule in read_jsonl(path, faults):
        problem = _find_fault(rule)
        if problem is None and rule.get("section") in policies:
            problem = f"section {rule['section']!r} has two lines; make them one"
        if problem is not None:
            faults.append(PatternError(str(path), number, "rule", problem))
        elif "cue" in rule:
            cues.append(Cue(**rule))
        elif "bound" in rule:
            bounds.setdefault(rule["bound"], []).append(rule["expression"])
        else:
            heard = frozenset(rule["may_become"])
            takes_over = frozenset(rule.get("takes_over", ()))
            policies[rule["section"]] = SectionPolicy(
                rule["default"], heard, rule.get("strong_only", False), takes_over
            )
    if len(faults) == before and (missing := SECTIONS - set(policies)):
        message = f"no line says what a mention is in {', '.join(sorted(missing))}; write one for each"
        faults.append(PatternError(str(path), 0, "rule", message))
    return RequirementRules(cues, bounds, policies)


def _find_fault(rule: dict[str, Any]) -> str | None:
    """Return what is wrong with a line, None where it is a cue, a bound or a policy."""
    keys = set(rule)
    if not (
        keys - {"strong", "certain", "parts"} == {"requirement", "scope", "cue"}
        or keys == {"bound", "expression"}
        or keys - {"strong_only", "takes_over"} == {"section", "default", "may_become"}
    ):
        return (
            f"found keys {sorted(keys)}, expected `requirement, scope, cue`, `bound, expression` or "
            "`section, default, may_become`"
        )
    if (misfit := find_misfit(rule, _SHAPES)) is not None:
        return misfit[1]
    for known, values in (
        (get_args(Requirement), [rule[key] for key in ("requirement", "default") if key in rule]),
        (get_args(Requirement), rule.get("may_become", ())),
        (("duty", "context"), rule.get("takes_over", ())),
        (_SCOPES, [rule["scope"]] if "scope" in rule else ()),
        (BOUNDS, [rule["bound"]] if "bound" in rule else ()),
        (sorted(SECTIONS), [rule["section"]] if "section" in rule else ()),
    ):
        if (unknown := next((value for value in values if value not in known), None)) is not None:
            return f"found {unknown!r}, expected one of {', '.join(known)}"
    try:
        check_syntax(rule.get("cue") or rule.get("expression", ""))
    except re.error as error:
        return f"no regular expression: {error}"
    return None
