"""Terms that stand where skills stand and that no pattern knows: the next patterns to write."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from skillextract.skills.folding import fold_phrase
from skillextract.skills.mention import Mention
from skillextract.skills.part_files import read_parts
from skillextract.skills.vocabulary import Vocabulary
from skillextract.text.bullets import AROUND_ITEMS

Slot = Literal["list", "cue"]

_PARTS = frozenset({"separator", "conjunction", "term", "plain_term", "cue", "lead_in", "opening", "not_term"})
_LONGEST_LINE = 2_000
"""Longer lines are pages pasted into one; their lists say little and cost much."""


@dataclasses.dataclass(frozen=True, slots=True)
class FoundTerm:
    """A place where an unknown term stands.

    Attributes:
        term: the characters as they stand.
        start: first character in the text.
        end: one past its last.
        slot: `list`, beside a known skill; `cue`, directly behind a cue of know-how.
        beside: ids of the skills that stand next to it in its list.
    """

    term: str
    start: int
    end: int
    slot: Slot
    beside: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class _Cell:
    """A part of a line between two separators; `skill` where a mention ends or begins it, else a possible term.

    Attributes:
        leads: the mention begins it.
        begins: it begins its line, where every word has a capital.
        opens: a list begins with it: what stands before it in the line is of a sentence.
    """

    start: int
    end: int
    skill: str | None = None
    is_term: bool = False
    is_plain: bool = False
    leads: bool = False
    begins: bool = False
    opens: bool = False


class TermFinder:
    """Finds unknown terms by the expressions of `patterns/discovery.jsonl`.

    A line is cut at its separators. A cell that has the shape of a term and touches, through other such cells, one in
    which a tool or concept was found stands in a list beside it. A term directly behind a cue ("experience with …")
    stands in a slot. What some pattern names, with whatever condition, is no unknown term, nor are ordinary words and
    the employer's name.

    Args:
        vocabulary: what is known.
        parts: the expressions by part.
    """

    def __init__(self, vocabulary: Vocabulary, parts: dict[str, str]) -> None:
        self._kinds = {skill.id: skill.kind for skill in vocabulary.skills.values()}
        # The first literal of a phrase is its folded form.
        self._known = {p.literals[0].strip() for p in vocabulary.patterns if p.phrase is not None}
        self._separator = re.compile(parts["separator"])
        self._term = re.compile(parts["term"])
        self._plain = re.compile(parts["plain_term"])
        self._conjunction = re.compile(parts["conjunction"])
        self._opening = re.compile(rf"(?i:\b{parts['opening']}) (?P<term>{parts['term']})$")
        self._cue = re.compile(rf"(?i:\b{parts['cue']})(?P<term>{parts['term']})(?![\w-])")
        self._lead_in = re.compile(rf"(?:{parts['lead_in']}) ", re.IGNORECASE)
        self._not_term = re.compile(parts["not_term"], re.IGNORECASE)

    def find_terms(self, text: str, mentions: Sequence[Mention], *, company: str | None = None) -> list[FoundTerm]:
        """The unknown terms of a text in their order; each place once.

        Args:
            text: the posting's text.
            mentions: those of `SkillMatcher.find_mentions` in the same text.
            company: the employer's name, which is no term.
        """
        employer = None if company is None else company.casefold().strip()
        found: dict[int, FoundTerm] = {}
        position = index = 0
        for line in text.split("\n"):
            start, end = position, position + len(line)
            position = end + 1
            inside: list[Mention] = []
            while index < len(mentions) and mentions[index].start < end:
                inside.append(mentions[index])
                index += 1
            if not line or len(line) > _LONGEST_LINE:
                continue
            if any(self._kinds.get(mention.skill_id) in ("tool", "concept") for mention in inside):
                for term in self._read_list(text, start, end, inside):
                    found.setdefault(term.start, term)
            for match in self._cue.finditer(line):
                first, last = start + match.start("term"), start + match.end("term")
                if not any(mention.start < last and first < mention.end for mention in inside):
                    found.setdefault(first, FoundTerm(text[first:last], first, last, "cue", ()))
        return [
            term
            for _, term in sorted(found.items())
            if self._is_unknown(term.term) and term.term.casefold() != employer
        ]

    def _read_list(self, text: str, start: int, end: int, mentions: Sequence[Mention]) -> Iterator[FoundTerm]:
        cells = list(self._cut(text, start, end, mentions))
        run: list[_Cell] = []
        for cell in [*cells, None]:
            if cell is not None and not cell.opens and (cell.skill is not None or cell.is_term or cell.is_plain):
                run.append(cell)
                continue
            yield from self._read_run(text, run)
            run = [cell] if cell is not None and cell.opens else []

    def _read_run(self, text: str, run: Sequence[_Cell]) -> Iterator[FoundTerm]:
        if len(run) < 2 or not any(cell.skill for cell in run):
            return
        for number, cell in enumerate(run):
            if cell.skill is not None:
                continue
            sides = [run[other].skill for other in (number - 1, number + 1) if 0 <= other < len(run)]
            # An ordinary word is a term only where skills stand on both its sides, or where it begins its line and is
            # joined to one: "Zorblex and Kafka", but not "Build and run Kafka".
            joined = number == 0 and cell.begins and run[1].leads
            joined = joined and self._conjunction.fullmatch(text[cell.end : run[1].start].strip()) is not None
            if cell.opens and not run[1].leads:
                continue
            if cell.is_plain and not joined and (len(sides) < 2 or not all(sides)):
                continue
            beside = tuple(dict.fromkeys(skill for skill in sides if skill)) or (
                next(other.skill for other in run if other.skill),
            )
            yield FoundTerm(text[cell.start : cell.end], cell.start, cell.end, "list", beside)

    def _cut(self, text: str, start: int, end: int, mentions: Sequence[Mention]) -> Iterator[_Cell]:
        bounds = [start]
        for match in self._separator.finditer(text, start, end):
            # "CI/CD" and "Tivoli (TSM)" are one mention: what stands inside it separates nothing.
            if not any(mention.start < match.end() and match.start() < mention.end for mention in mentions):
                bounds += [match.start(), match.end()]
        bounds.append(end)
        for first, last in zip(bounds[::2], bounds[1::2], strict=True):
            while first < last and text[first] in AROUND_ITEMS:
                first += 1
            while (lead := self._lead_in.match(text, first, last)) is not None:
                first = lead.end()
            while last > first and text[last - 1].isspace():
                last -= 1
            if first >= last:
                continue
            touching = [m for m in mentions if m.start < last and first < m.end]
            edge = next((m for m in touching if m.end == last or m.start == first), None)
            if edge is not None and self._kinds.get(edge.skill_id) in ("tool", "concept"):
                yield _Cell(first, last, edge.skill_id, leads=edge.start == first)
            elif touching:
                yield _Cell(first, last)
            elif (opening := self._opening.search(text, first, last)) is not None:
                yield _Cell(opening.start("term"), last, is_term=True, opens=True)
            else:
                is_term = self._term.fullmatch(text, first, last) is not None
                # Every line begins with a capital ("Build and run …"): there a plain word in title case is plain.
                begins = is_term and not text[start:first].strip(AROUND_ITEMS) and text[first + 1 : last].islower()
                is_plain = begins or (not is_term and self._plain.fullmatch(text, first, last) is not None)
                yield _Cell(first, last, is_term=is_term and not begins, is_plain=is_plain, begins=begins)

    def _is_unknown(self, term: str) -> bool:
        return (
            len(term) > 1
            and not self._not_term.fullmatch(term)
            and not self._not_term.fullmatch(term.split(" ")[0])
            and fold_phrase(term).strip() not in self._known
        )


def load_term_finder(path: Path, vocabulary: Vocabulary) -> TermFinder:
    """Read `patterns/discovery.jsonl`: one object a line with `part` and `expression`.

    Raises:
        PatternError: the file cannot be read, a line is no such object, a part is missing, unknown or given twice, or
            an expression is broken.
    """
    return read_parts(path, _PARTS, lambda parts: TermFinder(vocabulary, parts))
