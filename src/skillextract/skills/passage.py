"""A text with what is asked of it again and again: its folded form, its lines, and the employer's name in it."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from typing import NamedTuple

from skillextract.skills.folding import fold_text
from skillextract.skills.vocabulary import Pattern
from skillextract.text.sections import Line

_WORD_REACH = 16
"""Characters in which a word and the blank before it stand, on average of a phrase."""
_FIRST_WORD_REACH = 24
"""Characters more, so that one long word is not cut."""
_NAME_REACH = 24
"""Blanks and signs that an employer's name may hold in a text beyond its letters."""


class Span(NamedTuple):
    """A place where a pattern matches: characters [start, end) of the text."""

    start: int
    end: int
    pattern: Pattern


class Passage:
    """A text that is being searched.

    Attributes:
        text: as it came.
        folded: see `fold_text`; byte `i + 1` stands for `text[i]`.
        lines: its lines in order, blank ones left out.
    """

    __slots__ = ("_company", "_starts", "_words", "folded", "lines", "text")

    def __init__(self, text: str, folded: bytes, lines: Sequence[Line], company: str | None) -> None:
        self.text = text
        self.folded = folded
        self.lines = lines
        self._starts = [line.start for line in lines]
        self._words: dict[int, frozenset[bytes]] = {}
        self._company = _squeeze_name(fold_text(company)) if company else b""

    def line_number(self, position: int) -> int:
        """Return the index in `lines` of the line that a character stands in."""
        return bisect.bisect_right(self._starts, position) - 1

    def line_at(self, position: int) -> Line:
        """Return the line that a character stands in."""
        return self.lines[bisect.bisect_right(self._starts, position) - 1]

    def words_of(self, line: Line) -> frozenset[bytes]:
        """Return the folded words of a line."""
        words = self._words.get(line.start)
        if words is None:
            words = self._words[line.start] = frozenset(self.folded[line.start + 1 : line.end + 1].split())
        return words

    def words_after(self, position: int, count: int) -> list[bytes]:
        """Return at most `count` folded words behind a position, to the end of its line."""
        stop = position + _FIRST_WORD_REACH + count * _WORD_REACH
        last = self.text.find("\n", position, stop)
        return self.folded[position + 1 : (stop if last < 0 else last) + 1].split(None, count)[:count]

    def words_before(self, position: int, count: int) -> list[bytes]:
        """Return at most `count` folded words before a position, from the beginning of its line."""
        first = max(0, position - _FIRST_WORD_REACH - count * _WORD_REACH)
        first = max(first, self.text.rfind("\n", first, position) + 1)
        return self.folded[first + 1 : position + 1].split()[-count:]

    def is_employer(self, span: Span) -> bool:
        """Tell whether a span is the employer's own name, or part of it ("Gecko *Robotics*").

        Case, blanks and signs are passed over, since boards name employers by tokens such as `gecko-robotics`.
        """
        company = self._company
        name = self.folded[span.start + 1 : span.end + 1].replace(b" ", b"")
        if name not in company:
            return False
        if name == company:
            return True
        if len(name) * 4 < len(company) or len(name) < 3:
            return False
        room = len(company) - len(name)
        before = _squeeze(self.folded[max(0, span.start + 1 - room - _NAME_REACH) : span.start + 1])
        after = _squeeze(self.folded[span.end + 1 : span.end + 1 + room + _NAME_REACH])
        return company in before[max(0, len(before) - room) :] + name + after[:room]


def _squeeze(folded: bytes) -> bytes:
    return folded.replace(b" ", b"")


def _squeeze_name(folded: bytes) -> bytes:
    """A company's name without blanks and the end of a web address, which boards put into their tokens."""
    return _squeeze(folded).removesuffix(b".com").removesuffix(b".ai").removesuffix(b".io")
