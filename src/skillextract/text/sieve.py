"""Which of many regular expressions can match a line, and where, told in one pass by what they spell out.

Python's engine tries one expression after another, at every place of a text. So each expression is read once for its
needs (see `needs`). One Aho–Corasick automaton finds their strings in a text, and an expression can match only where
its own are found. What the sieve lets through is then read with the expression itself: the result is what it would be
without the sieve, only sooner.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import ahocorasick_rs

from skillextract.text.needs import Spellings, find_needs, fold


class Sieve:
    """Tells in one pass which of many regular expressions can match somewhere in a text, whatever its case, and where.

    Args:
        expressions: as Python's `re` reads them, in its Unicode mode.

    Raises:
        re.error: one is no expression.
        ValueError: one refers back to a group.
    """

    def __init__(self, expressions: Sequence[str]) -> None:
        strings: dict[bytes, int] = {}
        seconds: dict[Spellings, int] = {}
        self._always: list[int] = []
        # By string: the expressions that it speaks for, each with the second need that must be met, -1 for none.
        self._spoken_for: list[list[tuple[int, int]]] = []
        # By string: the second needs that it meets, and the expressions that begin with it, so many characters behind
        # the one before it.
        self._met: list[list[int]] = []
        self._begun: list[list[tuple[int, int]]] = []

        def number_of(string: bytes) -> int:
            number = strings.setdefault(string, len(strings))
            if number == len(self._met):
                for table in (self._spoken_for, self._met, self._begun):
                    table.append([])
            return number

        for number, expression in enumerate(expressions):
            ways, is_bounded = find_needs(expression)
            if not all(way.need for way in ways):
                self._always.append(number)
                continue
            for way in ways:
                second = seconds.setdefault(way.second, len(seconds)) if way.second else -1
                for string in way.need:
                    self._spoken_for[number_of(string)].append((number, second))
                for string in way.begin:
                    self._begun[number_of(string)].append((number, int(is_bounded)))
        for need, second in seconds.items():
            for string in need:
                self._met[number_of(string)].append(second)
        self._automaton = ahocorasick_rs.BytesAhoCorasick(list(strings))

    def sift(self, lines: Sequence[str]) -> Iterator[dict[int, list[int] | None]]:
        """Yield for each line which expressions match in it, by number in ascending order, and some that may not.

        With each come the places, in order, at which it may begin, behind its boundary where it has one. They are None
        where they are not told, as with all that do not begin with words.

        Args:
            lines: without line breaks.
        """
        hits = self._automaton.find_matches_as_indexes(fold("\n".join(lines)), overlapping=True)
        count, first, begin = len(hits), 0, 0
        for line in lines:
            end = begin + len(line) + 2
            last = first
            while last < count and hits[last][2] <= end:
                last += 1
            yield self._read([(string, start - begin) for string, start, _ in hits[first:last] if start >= begin])
            first, begin = last, end - 1

    def _read(self, hits: Sequence[tuple[int, int]]) -> dict[int, list[int] | None]:
        """Return what the hits in a line say: strings, each with how many characters are before it with their blank."""
        found: dict[int, list[int] | None] = dict.fromkeys(self._always)
        met: set[int] | None = None
        for string, _ in hits:
            for number, second in self._spoken_for[string]:
                if number in found:
                    continue
                if second >= 0:
                    if met is None:
                        met = {each for other, _ in hits for each in self._met[other]}
                    if second not in met:
                        continue
                found[number] = None
        for string, start in hits:
            for number, behind in self._begun[string]:
                if number in found:
                    found[number] = [*(found[number] or ()), start - 1 + behind]
        return {number: (starts := found[number]) and sorted(set(starts)) for number in sorted(found)}


def find_at(expression: re.Pattern[str], text: str, starts: Iterable[int] | None) -> Iterator[re.Match[str]]:
    """Yield the matches of an expression that do not overlap, from left to right.

    Args:
        expression: a regular expression.
        text: what it is to match in.
        starts: the places, in order, at which it may match; all where they are not known.
    """
    if starts is None:
        yield from expression.finditer(text)
        return
    done = 0
    for start in starts:
        if start >= done and (match := expression.match(text, start)):
            yield match
            done = match.end()
