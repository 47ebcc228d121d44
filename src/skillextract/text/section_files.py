"""The rules of `patterns/sections.jsonl`, read and checked line by line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from skillextract.errors import PatternError
from skillextract.text.expressions import check_syntax
from skillextract.text.sections import SECTIONS, WITHIN, Heading, SectionRules

_OTHER_KEYS = ({"section", "line"}, {"section", "bullet"}, {"section", "items"}, {"within", "words"})
"""Keys of the rules that are no headings."""


def load_section_rules(path: Path) -> SectionRules:
    """Read `patterns/sections.jsonl`.

    Raises:
        PatternError: a line is no JSON object, has other keys, names an unknown section or holds a broken expression.
    """
    headings: list[tuple[Heading, str]] = []
    lines: list[tuple[str, str]] = []
    bullets: list[tuple[str, str]] = []
    items: dict[str, str] = {}
    within: dict[str, list[str]] = {}
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not raw.strip():
            continue
        rule = _read_rule(path, number, raw)
        if "heading" in rule:
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


def _read_rule(path: Path, number: int, raw: str) -> dict[str, Any]:
    try:
        rule = json.loads(raw)
    except json.JSONDecodeError as error:
        raise PatternError(str(path), number, "json", f"not a JSON object ({error.msg}); mend or delete it") from error
    keys = set(rule) if isinstance(rule, dict) else set()
    if keys - {"keeps", "certain"} != {"section", "heading"} and keys not in _OTHER_KEYS:
        raise PatternError(
            str(path),
            number,
            "keys",
            f"found keys {sorted(keys)}, expected `section` and one of `heading`, `line`, `bullet`, `items`, "
            "or `within` and `words`",
        )
    if "within" in rule:
        if rule["within"] not in WITHIN:
            raise PatternError(
                str(path), number, "within", f"found {rule['within']!r}, expected one of {', '.join(WITHIN)}"
            )
        return dict(rule)
    if rule["section"] not in SECTIONS:
        raise PatternError(
            str(path), number, "section", f"unknown section {rule['section']!r}; known: {', '.join(sorted(SECTIONS))}"
        )
    try:
        check_syntax(rule.get("heading") or rule.get("line") or rule.get("bullet", ""))
    except re.error as error:
        raise PatternError(str(path), number, "expression", f"no regular expression: {error}") from error
    return dict(rule)
