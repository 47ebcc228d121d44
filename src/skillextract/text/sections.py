"""Which kind of part of the posting each line belongs to: requirements, duties, benefits, about the company …"""

from __future__ import annotations

import dataclasses
import functools
import json
import re
from collections.abc import Sequence
from pathlib import Path

from skillextract.errors import PatternError

INTRO = "intro"
"""The lines above the first heading."""
UNDIVIDED = "undivided"
"""Every line of a posting without any known heading."""

SECTIONS = frozenset(
    {"requirements", "preferred", "duties", "stack", "not_asked", "company", "benefits", "process", "legal"}
    | {INTRO, UNDIVIDED}
)
ABOUT_OTHERS = frozenset({"company", "benefits", "process", "legal"})
"""Sections that speak of the employer, the offer or the law, not of the hire."""

_MAX_HEADING = 80
_BULLET = re.compile(r"\s*(?:[-*•·▪◦‣●○∙–—+>]|\(?\d{1,2}[.)]|[a-z]\))\s+\S")
_SIGNS = re.compile(r"[^\w&]+|_")
_LINE_START = re.compile(r"\s*(?:[-*•·▪◦‣●○∙–—]\s*)?")


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A line of a text.

    Attributes:
        start: first character in the text.
        end: one past the last character, the line break not included.
        section: an id of `SECTIONS`.
    """

    start: int
    end: int
    section: str


class SectionRules:
    """The headings of `patterns/sections.jsonl`, and the lines that speak for themselves.

    Args:
        headings: section and regular expression, in the order in which they are tried. The expression must match the
            whole heading, lower-cased, without apostrophes, every other sign but `&` turned into a space.
        lines: section and regular expression that the beginning of a line (without its bullet, any case) must match;
            the line then belongs to that section whatever heading it stands under.
    """

    def __init__(self, headings: Sequence[tuple[str, str]], lines: Sequence[tuple[str, str]]) -> None:
        self._headings = [(section, re.compile(expression)) for section, expression in _merge(headings)]
        self._lines = [(section, re.compile(expression, re.IGNORECASE)) for section, expression in _merge(lines)]
        self._classify = functools.lru_cache(maxsize=50_000)(self._classify_heading)

    def read_heading(self, line: str) -> str | None:
        """Return the section that a line opens as its heading, None where it is no known heading."""
        if len(line) > _MAX_HEADING or _BULLET.match(line):
            return None
        return self._classify(line)

    def _classify_heading(self, line: str) -> str | None:
        stripped = line.strip().rstrip(":").removesuffix("...")
        if stripped.endswith((".", ",", ";", "!")) and len(stripped.split()) > 4:
            return None
        words = _SIGNS.sub(" ", stripped.lower().replace("'", "").replace("’", "")).strip()
        if not words:
            return None
        for section, expression in self._headings:
            if expression.fullmatch(words):
                return section
        return None

    def read_inline_heading(self, line: str) -> tuple[str, int] | None:
        """Return the section that `Requirements: Python, Go` names for itself, and where its content starts."""
        body = _LINE_START.match(line)
        start = body.end() if body else 0
        colon = line.find(":", start, start + 60)
        if colon < 0 or colon + 1 >= len(line) or line[colon + 1 : colon + 3] == "//":
            return None
        head = line[start:colon]
        if "," in head or len(head) < 3:
            return None
        section = self._classify(head)
        return None if section is None else (section, colon + 1)

    def read_line(self, line: str) -> str | None:
        """Return the section of a line that speaks for itself ("We are an equal opportunity employer …")."""
        body = _LINE_START.match(line)
        start = body.end() if body else 0
        for section, expression in self._lines:
            if expression.match(line, start):
                return section
        return None

    def divide(self, text: str) -> list[Line]:
        """Return the lines of a text in order, each with its section; blank lines are left out.

        A heading opens a section that lasts until the next known heading. Lines above the first heading are `intro`;
        where no line is a known heading all are `undivided`. A heading line belongs to the section that it opens.
        """
        lines: list[Line] = []
        section = INTRO
        position = 0
        for raw in text.split("\n"):
            start, end = position, position + len(raw)
            position = end + 1
            if not raw or raw.isspace():
                continue
            opened = self.read_heading(raw)
            if opened is not None:
                section = opened
            lines.append(Line(start, end, section))
        if section == INTRO:
            return [Line(line.start, line.end, UNDIVIDED) for line in lines]
        return lines


def load_section_rules(path: Path) -> SectionRules:
    """Read `patterns/sections.jsonl`.

    Raises:
        PatternError: a line is no JSON object, has other keys, names an unknown section or holds a broken expression.
    """
    headings: list[tuple[str, str]] = []
    lines: list[tuple[str, str]] = []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not raw.strip():
            continue
        rule = _read_rule(path, number, raw)
        (headings if "heading" in rule else lines).append((rule["section"], rule.get("heading") or rule["line"]))
    return SectionRules(headings, lines)


def _read_rule(path: Path, number: int, raw: str) -> dict[str, str]:
    try:
        rule = json.loads(raw)
    except json.JSONDecodeError as error:
        raise PatternError(str(path), number, "json", f"not a JSON object ({error.msg}); mend or delete it") from error
    keys = set(rule) if isinstance(rule, dict) else set()
    if keys not in ({"section", "heading"}, {"section", "line"}):
        raise PatternError(
            str(path), number, "keys", f"found keys {sorted(keys)}, expected `section` and one of `heading`, `line`"
        )
    if rule["section"] not in SECTIONS:
        raise PatternError(
            str(path), number, "section", f"unknown section {rule['section']!r}; known: {', '.join(sorted(SECTIONS))}"
        )
    try:
        re.compile(rule.get("heading") or rule["line"])
    except re.error as error:
        raise PatternError(str(path), number, "expression", f"no regular expression: {error}") from error
    return dict(rule)


def _merge(rules: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Join neighbouring rules of one section into one expression, so that a line is tried against fewer of them."""
    merged: list[tuple[str, str]] = []
    for section, expression in rules:
        if merged and merged[-1][0] == section:
            merged[-1] = (section, f"{merged[-1][1]}|(?:{expression})")
        else:
            merged.append((section, f"(?:{expression})"))
    return merged
