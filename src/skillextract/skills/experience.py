"""Years of experience that a line asks for, with which of its skills, and where it names fields of study."""

from __future__ import annotations

import bisect
import dataclasses
import itertools
import re
from collections.abc import Sequence
from pathlib import Path

from skillextract.skills.part_files import read_parts
from skillextract.text.sentences import SENTENCE_END

_NUMBERS = {
    word: float(number)
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=1
    )
}
_OWN_STOP = re.compile(r"(?<=\.)[^\W\d_]{1,5}\Z")
"""The last letters of a degree that is written with full stops ("Ph.*D*"): the one behind them ends no sentence."""
_HINTS = ("year", "yr", "yoe", "jahr")
_PARTS = frozenset({"years", "not_left", "not_right", "about", "behind_one", "behind_all", "field_end"})

_LEAD_REACH = 100
"""Characters before a number of years in which stands what says that it speaks of mentions before it."""

MOST_YEARS = 20
"""A larger number speaks of something else: a company's age, a career as a whole."""


@dataclasses.dataclass(frozen=True, slots=True)
class YearsAsked:
    """A statement of years of experience.

    Attributes:
        start: first character in the line.
        end: one past its last.
        years: the least number: 3 of "3–5 years".
        mentions: indices of the mentions that it speaks of; empty where it speaks of experience as such.
    """

    start: int
    end: int
    years: float
    mentions: tuple[int, ...]


class ExperienceRules:
    """The expressions of `patterns/experience.jsonl` (any case).

    Attributes:
        years: a number of years, its least as the group `low`.
        not_left: what, directly before it, says that it is no experience ("the last 5 years").
        not_right: the same behind it ("18 years old").
        about: what its sentence must hold, unless it names a skill.
        behind_one: what, directly before it, says that it speaks of the one mention before it ("Python (3+ years)").
        behind_all: the same for all mentions before it ("Python and Go: 3 years").
        field_end: where, behind a degree, its fields of study end ("in mathematics or equivalent").
    """

    def __init__(
        self, *, years: str, not_left: str, not_right: str, about: str, behind_one: str, behind_all: str, field_end: str
    ) -> None:
        self._years = re.compile(rf"(?<![\w.,$€£-])(?:{years})", re.IGNORECASE)
        if "low" not in self._years.groupindex:
            raise re.error("`years` has no group `low`")
        self._not_left = re.compile(rf"\b(?:{not_left})", re.IGNORECASE)
        self._not_right = re.compile(not_right, re.IGNORECASE)
        self._about = re.compile(about, re.IGNORECASE)
        self._behind_one = re.compile(behind_one, re.IGNORECASE)
        self._behind_all = re.compile(behind_all, re.IGNORECASE)
        self._field_end = re.compile(field_end, re.IGNORECASE)

    def may_state(self, text: str) -> bool:
        """Whether a text could state years at all; quick, never wrongly False."""
        lower = text.lower()
        return any(hint in lower for hint in _HINTS)

    def read_line(self, line: str, mentions: Sequence[tuple[int, int]]) -> list[YearsAsked]:
        """The years that a line asks for, in their order.

        A statement speaks of the mentions that follow it in its sentence, up to the next statement; where it stands in
        brackets, of the one before them; behind a colon or dash, or where nothing follows it, of those before it, back
        to the statement before.

        Args:
            line: the line.
            mentions: start and end of each mention in it, half-open, in their order.
        """
        if not self.may_state(line):
            return []
        found: list[YearsAsked] = []
        bounds = [0, *(match.end() for match in SENTENCE_END.finditer(line)), len(line)]
        for first, last in itertools.pairwise(bounds):
            found += self._read_sentence(line, first, last, mentions)
        return found

    def find_fields(self, line: str, degree_end: int) -> tuple[int, int]:
        """The stretch of a line, half-open, behind a degree that ends at `degree_end`, that names its fields.

        The full stop that a degree itself ends with ("M.S.") may be before `degree_end` or behind it.
        """
        first = degree_end
        if line.startswith(".", first) and _OWN_STOP.search(line[:first]):
            first += 1
        sentence = SENTENCE_END.search(line, first)
        last = sentence.start() if sentence else len(line)
        end = self._field_end.search(line, first, last)
        return first, end.start() if end else last

    def _read_sentence(self, line: str, first: int, last: int, mentions: Sequence[tuple[int, int]]) -> list[YearsAsked]:
        statements = [match for match in self._years.finditer(line, first, last) if self._counts(line, match)]
        about = self._about.search(line, first, last) is not None
        found: list[YearsAsked] = []
        taken = first
        for number, match in enumerate(statements):
            stop = statements[number + 1].start() if number + 1 < len(statements) else last
            before, after = _find_between(mentions, taken, match.start()), _find_between(mentions, match.end(), stop)
            lead = line[max(first, match.start() - _LEAD_REACH) : match.start()]
            if before and self._behind_one.search(lead):
                meant = before[-1:]
            elif before and self._behind_all.search(lead):
                meant = before
            else:
                meant = after or before
            if meant or about:
                found.append(YearsAsked(match.start(), match.end(), _read_number(match["low"]), tuple(meant)))
            taken = stop if meant and meant == after else match.end()
        return found

    def _counts(self, line: str, match: re.Match[str]) -> bool:
        if not 0 < _read_number(match["low"]) <= MOST_YEARS:
            return False
        before = line[max(0, match.start() - 30) : match.start()]
        return not self._not_left.search(before) and not self._not_right.match(line, match.end())


def _find_between(mentions: Sequence[tuple[int, int]], first: int, last: int) -> list[int]:
    """The indices of the mentions that stand in [first, last): a line may hold thousands, with a number behind each."""
    begin, stop = (bisect.bisect_left(mentions, (place, 0)) for place in (first, last))
    return [index for index in range(begin, stop) if mentions[index][1] <= last]


def _read_number(text: str) -> float:
    return _NUMBERS[text.lower()] if text.lower() in _NUMBERS else float(text)


def load_experience_rules(path: Path) -> ExperienceRules:
    """Read `patterns/experience.jsonl`: one object a line with `part` and `expression`.

    Raises:
        PatternError: the file cannot be read, a line is no such object, a part is missing, unknown or given twice, or
            an expression is broken.
    """
    return read_parts(path, _PARTS, lambda parts: ExperienceRules(**parts))
