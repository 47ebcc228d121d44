"""Places of a line where patterns match, and how they stand to each other."""

from __future__ import annotations

import bisect
import operator
from collections.abc import Sequence

from skillextract.skills.vocabulary import Pattern

_LENGTH_BITS = 20
"""Bits that the length of a surface form takes, of a line at the most."""
WHOLE_ITEM = "item"
"""The condition of ambiguous names in another case than their patterns: of lists they are no members."""
_START_OF = operator.attrgetter("start")


class Span:
    """A place where a pattern matches: characters [start, end) of a line."""

    __slots__ = ("end", "pattern", "start")

    def __init__(self, start: int, end: int, pattern: Pattern) -> None:
        self.start = start
        self.end = end
        self.pattern = pattern


def rank(span: Span) -> int:
    """Leftmost, longest, certain before ambiguous, letter by letter before any case: all in one number.

    Last of all what stands in another case than its pattern (`WHOLE_ITEM`).
    """
    pattern = span.pattern
    when = pattern.when
    place = (span.start << _LENGTH_BITS) - (span.end - span.start)
    return place << 3 | (when == WHOLE_ITEM) << 2 | (when is not None) << 1 | (not pattern.exact)


def take_longest(candidates: Sequence[Span]) -> list[Span]:
    """Return the leftmost longest of spans sorted by start and falling length."""
    taken: list[Span] = []
    end = 0
    for span in candidates:
        if span.start >= end:
            taken.append(span)
            end = span.end
    return taken


def names_two(span: Span, candidates: Sequence[Span], line: str) -> bool:
    """Tell whether a slash makes two skills of the words of a phrase ("Elixir/Phoenix", "Hadoop/Spark")."""
    slash = line.find("/", span.start, span.end)
    if slash < 0:
        return False
    # The candidates are sorted by their start: only neighbours can stand inside of a span.
    begin = bisect.bisect_left(candidates, span.start, key=_START_OF)
    end = bisect.bisect_left(candidates, span.end, begin, key=_START_OF)
    parts = [each for each in candidates[begin:end] if each.end <= span.end and each is not span]
    first = next((each for each in parts if each.start == span.start and line[each.end : slash].strip() == ""), None)
    if first is None:
        return False
    return any(
        each.end == span.end
        and not line[slash + 1 : each.start].strip()
        and each.pattern.skill is not first.pattern.skill
        for each in parts
    )
