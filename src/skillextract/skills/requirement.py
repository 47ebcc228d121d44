"""How a posting means a mention: required, preferred, a duty, context, or not needed."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import cast, get_args

from skillextract.errors import PatternError
from skillextract.skills.mention import Requirement

_SCOPES = ("line", "forward", "backward")
_SENTENCE_END = re.compile(r"[.!?;](?=\s|$)")
_ALL_OF_THEM = re.compile(r"(?:both|all|either)\b", re.IGNORECASE)


@dataclasses.dataclass(frozen=True, slots=True)
class SectionPolicy:
    """What a mention is by its section alone, and which cues of its sentence may say otherwise."""

    default: Requirement
    may_become: frozenset[Requirement]


@dataclasses.dataclass(frozen=True, slots=True)
class Cue:
    """A regular expression (any case) that speaks for a requirement.

    Attributes:
        requirement: what it says.
        scope: which part of its sentence it speaks for, see `RequirementRules`.
        cue: the expression.
        hints: lower-case pieces, one of which stands in every line that it matches; lines without are not searched.
    """

    requirement: Requirement
    scope: str
    cue: str
    hints: tuple[str, ...]


class RequirementRules:
    """The cues of `patterns/requirement.jsonl` and the policy of each section.

    A cue speaks for a part of its sentence: `forward` for what follows it, `backward` for what stands before it up to
    the beginning of the clause, `line` for the whole sentence. A cue inside brackets that hold a mention speaks for
    the brackets only; one alone in its brackets ("Go or Rust (both preferred)") speaks for what stands before them:
    the last item, or the whole clause where it says `both`, `all` or `either`.
    """

    def __init__(self, cues: Sequence[Cue], breaks: Sequence[str], policies: dict[str, SectionPolicy]) -> None:
        groups: dict[tuple[Requirement, str], list[Cue]] = {}
        for cue in cues:
            groups.setdefault((cue.requirement, cue.scope), []).append(cue)
        self._cues = {
            key: (
                tuple(dict.fromkeys(hint for cue in members for hint in cue.hints)),
                re.compile(rf"(?<!\w)(?:{'|'.join(f'(?:{cue.cue})' for cue in members)})(?!\w)", re.IGNORECASE),
            )
            for key, members in groups.items()
        }
        self._break = re.compile("|".join(breaks), re.IGNORECASE) if breaks else None
        self._policies = policies

    def judge(self, line: str, section: str, spans: Sequence[tuple[int, int]]) -> list[Requirement]:
        """Return the requirement of each span (start, end: characters in the line, half-open) of one line.

        Preferred comes before negated ("a plus, but not required" is preferred), both before the section's policy.
        """
        policy = self._policies[section]
        lower = line.lower()
        sentences = _split_sentences(line)
        verdicts: list[Requirement] = []
        preferred = self._find_scopes("preferred", line, lower, sentences, spans)
        negated = self._find_scopes("negated", line, lower, sentences, spans)
        others = {name: self._find_scopes(name, line, lower, sentences, spans) for name in policy.may_become}
        for start, end in spans:
            verdict = policy.default
            if _is_inside(start, end, preferred) and (verdict != "context"):
                verdict = "preferred"
            elif _is_inside(start, end, negated):
                verdict = "negated"
            else:
                for name in ("required", "duty"):
                    if _is_inside(start, end, others.get(name, ())):
                        verdict = name
                        break
            verdicts.append(verdict)
        return verdicts

    def _find_scopes(
        self,
        requirement: Requirement,
        line: str,
        lower: str,
        sentences: Sequence[tuple[int, int]],
        spans: Sequence[tuple[int, int]],
    ) -> list[tuple[int, int]]:
        scopes: list[tuple[int, int]] = []
        for scope in _SCOPES:
            hints, expression = self._cues.get((requirement, scope), ((), None))
            if expression is None or not any(hint in lower for hint in hints):
                continue
            for cue in expression.finditer(line):
                if cue.end() == cue.start():
                    continue
                sentence = next(((s, e) for s, e in sentences if s <= cue.start() < e), (0, len(line)))
                scopes.append(self._limit(scope, cue.start(), cue.end(), line, sentence, spans))
        return scopes

    def _limit(
        self,
        scope: str,
        start: int,
        end: int,
        line: str,
        sentence: tuple[int, int],
        spans: Sequence[tuple[int, int]],
    ) -> tuple[int, int]:
        """Return the part of the line (half-open) that a cue at [start, end) speaks for."""
        first, last = sentence
        if scope == "line":
            return first, last
        opened, closed = line.rfind("(", first, start), line.find(")", end, last)
        bracketed = opened >= 0 and line.find(")", opened, start) < 0
        if bracketed and closed >= 0 and any(opened < s and e <= closed for s, e in spans):
            return (end, closed) if scope == "forward" else (opened, start)
        if scope == "forward":
            return end, last
        if bracketed:
            before = line[first:opened]
            if _ALL_OF_THEM.match(line[start:end].lstrip()):
                return first + self._find_break(before), opened
            return first + max(before.rfind(","), before.rfind("/"), self._find_break(before) - 1) + 1, opened
        return first + self._find_break(line[first:start]), start

    def _find_break(self, clause: str) -> int:
        """Return where the last clause of a text begins."""
        begin = 0
        if self._break is not None:
            for match in self._break.finditer(clause):
                begin = match.end()
        return begin


def _is_inside(start: int, end: int, scopes: Sequence[tuple[int, int]]) -> bool:
    return any(first <= start and end <= last for first, last in scopes)


def _split_sentences(line: str) -> list[tuple[int, int]]:
    bounds = [0, *(match.end() for match in _SENTENCE_END.finditer(line)), len(line)]
    return [(a, b) for a, b in zip(bounds, bounds[1:], strict=False) if a < b]


def load_requirement_rules(path: Path) -> RequirementRules:
    """Read `patterns/requirement.jsonl`.

    Raises:
        PatternError: a line is no cue, no break and no policy, or holds a broken expression.
    """
    cues: list[Cue] = []
    breaks: list[str] = []
    policies: dict[str, SectionPolicy] = {}
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not raw.strip():
            continue
        try:
            rule = json.loads(raw)
            if set(rule) == {"requirement", "scope", "cue", "hints"}:
                if rule["requirement"] not in get_args(Requirement) or rule["scope"] not in _SCOPES:
                    raise ValueError(f"unknown requirement {rule['requirement']!r} or scope {rule['scope']!r}")
                re.compile(rule["cue"])
                cues.append(Cue(rule["requirement"], rule["scope"], rule["cue"], tuple(rule["hints"])))
            elif set(rule) == {"break"}:
                re.compile(rule["break"])
                breaks.append(rule["break"])
            elif set(rule) == {"section", "default", "may_become"}:
                policies[rule["section"]] = SectionPolicy(
                    cast(Requirement, rule["default"]), frozenset(rule["may_become"])
                )
            else:
                raise ValueError(
                    f"found keys {sorted(rule)}, expected `requirement, scope, cue, hints`, `break` or `section, default, may_become`"
                )
        except (ValueError, TypeError, re.error) as error:
            raise PatternError(str(path), number, "rule", str(error)) from error
    return RequirementRules(cues, breaks, policies)
