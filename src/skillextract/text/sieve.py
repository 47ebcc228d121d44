"""Which of many regular expressions can match a line, and where, told in one pass by what they spell out.

Python's engine tries one expression after another, at every place of a text. So each expression is read once for its
needs (see `needs`). One Aho–Corasick automaton finds their strings in a text, and an expression can match only where
its own are found. What the sieve lets through is then read with the expression itself: the result is what it would be
without the sieve, only sooner.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import ahocorasick_rs

from skillextract.text.needs import Spellings, find_needs, fold


class _Told(NamedTuple):
    """What a string tells where it is found.

    Attributes:
        speaks_for: expressions that need it, each with the second need that must be met, -1 for none.
        meets: the second needs that it meets.
        begins: expressions that it begins, each with the characters between it and their place.
    """

    speaks_for: list[tuple[int, int]]
    meets: list[int]
    begins: list[tuple[int, int]]


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
        self._told: list[_Told] = []

        def told_by(string: bytes) -> _Told:
            number = strings.setdefault(string, len(strings))
            if number == len(self._told):
                self._told.append(_Told([], [], []))
            return self._told[number]

        for number, expression in enumerate(expressions):
            ways, is_bounded = find_needs(expression)
            if not all(way.need for way in ways):
                self._always.append(number)
                continue
            for way in ways:
                second = seconds.setdefault(way.second, len(seconds)) if way.second else -1
                for string in way.need:
                    told_by(string).speaks_for.append((number, second))
                for string in way.begin:
                    told_by(string).begins.append((number, int(is_bounded)))
        for need, second in seconds.items():
            for string in need:
                told_by(string).meets.append(second)
        self._automaton = ahocorasick_rs.BytesAhoCorasick(list(strings))

    def sift(self, lines: Sequence[str]) -> Iterator[dict[int, list[int] | None]]:
        """Yield for each line which expressions match in it, by number in ascending order, and some that may not.

        With each come the places, in order, at which it may begin, behind its boundary where it has one. They are None
        where they are not told, as with all that do not begin with words.

        Args:
            lines: without line breaks.
        """
        hits = self._automaton.find_matches_as_indexes(fold("\n".join(lines)), overlapping=True)
        told, count, position, begin = self._told, len(hits), 0, 0
        for line in lines:
            end = begin + len(line) + 2
            found: dict[int, list[int] | None] = dict.fromkeys(self._always)
            waiting: list[tuple[int, int]] = []
            met: set[int] = set()
            starts: list[tuple[int, int]] = []
            while position < count and (hit := hits[position])[2] <= end:
                position += 1
                if hit[1] < begin:  # over the end of the line before
                    continue
                speaks_for, meets, begins = told[hit[0]]
                for each in speaks_for:
                    if each[1] < 0:
                        found[each[0]] = None
                    else:
                        waiting.append(each)
                if meets:
                    met.update(meets)
                for number, behind in begins:
                    starts.append((number, hit[1] - begin - 1 + behind))
            for number, second in waiting:
                if second in met:
                    found[number] = None
            for number, start in starts:
                if number not in found:
                    continue
                if (places := found[number]) is None:
                    found[number] = [start]
                else:
                    places.append(start)
            yield {
                number: places if places is None or len(places) == 1 else sorted(set(places))
                for number, places in sorted(found.items())
            }
            begin = end - 1


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
