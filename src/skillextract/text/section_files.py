"""The rules of `patterns/sections.jsonl`, read and checked line by line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from skillextract.errors import PatternError
from skillextract.text.expressions import check_syntax
from skillextract.text.jsonl import Shape, find_misfit, read_jsonl, read_strictly
from skillextract.text.sections import SECTIONS, WITHIN, Heading, SectionRules

_OTHER_KEYS = ({"section", "line"}, {"section", "bullet"}, {"section", "items"}, {"within", "words"})
"""Keys of the rules that are no headings."""
_SHAPES: dict[str, Shape] = {"certain": "flag", "keeps": "texts", "words": "texts"}
"""What is no text."""


def load_section_rules(path: Path) -> SectionRules:
    """Read `patterns/sections.jsonl`.

    Raises:
        PatternError: the file cannot be read, or a line is no JSON object, has other keys or values, names an unknown
            section or holds a broken expression.
    """
    return read_strictly(path, read_section_rules)


def read_section_rules(path: Path, faults: list[PatternError]) -> SectionRules:
    """Return the rules of a file; a line that is none is added to `faults` and passed over."""
    headings: list[tuple[Heading, str]] = []
    lines: list[tuple[str, str]] = []
    bullets: list[tuple[str, str]] = []
    items: dict[str, str] = {}
    within: dict[str, list[str]] = {}
    for number, rule in read_jsonl(path, faults):
        if (problem := _find_fault(rule)) is not None:
            faults.append(PatternError(str(path), number, *problem))
        elif "heading" in rule:
            heading = Heading(rule["section"], tuple(rule.get("keeps", ())), rule.get("certain", False))
            headings.append((heading, rule["heading"]))
        elif "bullet" in rule:
            bullets.append((rule["section"], rule["bullet"]))
        elif "within" in rule:
            within.setdefault(rule["within"], []).extend(rule["words"])
        elif "items" in rule:
            items.update(dict.fromkeys(rule["items"].split(), rule["section"]))
        else:
            lines.append((rule["section"], rule["line"]))
    return SectionRules(headings, lines, bullets, items, within)


def _find_fault(rule: dict[str, Any]) -> tuple[str, str] | None:
    """Return rule and message of the first rule that a line breaks, None where it breaks none."""
    keys = set(rule)
    if keys - {"keeps", "certain"} != {"section", "heading"} and keys not in _OTHER_KEYS:
        return "keys", (
            f"found keys {sorted(keys)}, expected `section` and one of `heading`, `line`, `bullet`, `items`, "
            "or `within` and `words`"
        )
    if (misfit := find_misfit(rule, _SHAPES)) is not None:
        return misfit
    if "within" in rule:
        known = rule["within"] in WITHIN
        return None if known else ("within", f"found {rule['within']!r}, expected one of {', '.join(WITHIN)}")
    for section in (rule["section"], *rule.get("keeps", ())):
        if section not in SECTIONS:
            return "section", f"unknown section {section!r}; known: {', '.join(sorted(SECTIONS))}"
    try:
        check_syntax(rule.get("heading") or rule.get("line") or rule.get("bullet", ""))
    except re.error as error:
        return "expression", f"no regular expression: {error}"
    return None
