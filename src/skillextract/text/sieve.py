r"""Which of many regular expressions can match a text, told in one pass over it by what they spell out.

Python's engine tries one expression after another, at every place of the text. So each expression is read once for its
needs: strings of which one stands in whatever it matches ("a plus", "bonus", …). One Aho–Corasick automaton finds the
strings of all expressions in a text, and an expression can match only where its own are found. What the sieve lets
through is then read with the expression itself: the result is what it would be without the sieve, only sooner.

Texts and strings are compared in a form of one byte a character: small letters, a zero for each digit, a blank for any
other sign and for whatever stands beyond Latin-1, with a blank before the text and behind it.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

import ahocorasick_rs

_CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d", op.CATEGORY_NOT_DIGIT: r"\D", op.CATEGORY_SPACE: r"\s", op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w", op.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_ENDS = (op.AT_END, op.AT_END_STRING)
_NO_WORD_SIGN = [(op.IN, [(op.CATEGORY, op.CATEGORY_WORD)])]
# Python takes these for `i`, `k` and `s` where case does not count; in Latin-1 they would be lost.
_ODD_CASES = {0x130: "i", 0x131: "i", 0x17F: "s", 0x212A: "k"}
_MOST_SPELLINGS = 400
"""Strings that a run of neighbouring parts may be spelt out in; beyond that it is cut in two."""
_MOST_SIGNS = 5
"""Signs of a class that are spelt out; a larger one is a gap."""
_MOST_REPEATED = 2
_MOST_WAYS = 300
"""Ways through an expression that are told apart; a choice that would make more of them is a gap."""
_TELLING = 5
"""Letters of a need's shortest string from which on no other need is looked for."""
_SHORTEST_BEGIN = 2
_SHORTEST_SECOND = 3
"""Letters of what is looked for as a beginning or as a second need, at least."""

Spellings = frozenset[bytes]
_BLANK: Spellings = frozenset([b" "])
_NOTHING: Spellings = frozenset([b""])


class _Gap(NamedTuple):
    """A part of an expression that is not spelt out, and of what one stands in it; nothing where that is not known."""

    need: Spellings = frozenset()


_Part = Spellings | _Gap
_Way = list[_Part]
"""One way through an expression: its parts in order, neighbours that are spelt out put together."""


class Way(NamedTuple):
    """What one way through an expression needs; nothing at all where nothing is known of it.

    Attributes:
        need: what tells most.
        second: what must stand in a match as well; empty where the first tells enough, or nothing else is known.
        begin: what a match begins with behind its boundary; empty where that is not told.
    """

    need: Spellings = frozenset()
    second: Spellings = frozenset()
    begin: Spellings = frozenset()


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
        # By string: the second needs that it meets, and the expressions that begin with it.
        self._met: list[list[int]] = []
        self._begun: list[list[int]] = []

        def number_of(string: bytes) -> int:
            number = strings.setdefault(string, len(strings))
            if number == len(self._met):
                for table in (self._spoken_for, self._met, self._begun):
                    table.append([])
            return number

        for number, expression in enumerate(expressions):
            ways = find_needs(expression)
            if not all(way.need for way in ways):
                self._always.append(number)
                continue
            for way in ways:
                second = seconds.setdefault(way.second, len(seconds)) if way.second else -1
                for string in way.need:
                    self._spoken_for[number_of(string)].append((number, second))
                for string in way.begin:
                    if number not in (begun := self._begun[number_of(string)]):
                        begun.append(number)
        for need, second in seconds.items():
            for string in need:
                self._met[number_of(string)].append(second)
        self._is_bounded = [string.startswith(b" ") for string in strings]
        self._automaton = ahocorasick_rs.BytesAhoCorasick(list(strings))

    def sift(self, lines: Sequence[str]) -> Iterator[dict[int, list[int] | None]]:
        """Yield for each line which expressions match in it, by number in ascending order, and some that may not.

        With each come the places, in order, at which it may begin: behind the boundary of one that begins with a
        boundary (`(?:^|\\W)`). They are None where they are not told, as with all that do not begin with words.

        Args:
            lines: without line breaks.
        """
        hits = self._automaton.find_matches_as_indexes(_fold("\n".join(lines)), overlapping=True)
        count, first, begin = len(hits), 0, 0
        for line in lines:
            end = begin + len(line) + 2
            last = first
            while last < count and hits[last][2] <= end:
                last += 1
            yield self._read([(string, start - begin) for string, start, _ in hits[first:last] if start >= begin])
            first, begin = last, end - 1

    def _read(self, hits: Sequence[tuple[int, int]]) -> dict[int, list[int] | None]:
        """Return what the hits in a line say: strings with the places in the line before which they begin."""
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
            for number in self._begun[string]:
                if number in found:
                    # A blank before words is the boundary; without one they begin behind the blank before the line.
                    place = start if self._is_bounded[string] else start - 1
                    starts = found[number]
                    if starts is None:
                        found[number] = [place]
                    else:
                        starts.append(place)
        return {number: (starts := found[number]) and sorted(set(starts)) for number in sorted(found)}


def find_needs(expression: str) -> list[Way]:
    r"""Return what each way through an expression needs.

    A need is strings of which one stands in whatever is matched on that way. Of neighbouring parts all spellings are
    put together, as long as they are not too many; a part that may be anything is a gap between two needs. What is only
    looked at (`\b`, `(?!…)`) is taken as true, except that a blank stands before what begins a text or a word and
    behind what ends one, and that what must follow (`(?=…)`) does.

    Raises:
        re.error: it is no expression.
        ValueError: it refers back to a group.

    Example:
        >>> [sorted(way.begin) for way in find_needs(r"(?:^|\W)(?:a )?(?:big )?plus(?!\w)")]
        [[b' a big plus ', b' a plus ', b' big plus ', b' plus ']]
        >>> [(sorted(way.need), sorted(way.second)) for way in find_needs(r"no .{0,9}needed|zero [a-z]+")]
        [([b'needed'], []), ([b'zero '], [])]
    """
    ways = _read(_parser.parse(expression), [[]], is_first=True, is_last=True)
    is_located = all(way and not isinstance(way[0], _Gap) and _is_beginning(way[0]) for way in ways)
    return [_choose(way, is_located=is_located) for way in ways]


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


def _is_beginning(need: Spellings) -> bool:
    """Tell whether a need is words, all of them behind a boundary or none, that are not too common to be looked for."""
    return _measure(need)[0] >= _SHORTEST_BEGIN and len({each.startswith(b" ") for each in need}) == 1


def _fold(text: str) -> bytes:
    if not text.isascii() and any(chr(code) in text for code in _ODD_CASES):
        text = text.translate(_ODD_CASES)
    return b" " + text.encode("latin-1", "replace").translate(_TABLE) + b" "


def _fold_byte(code: int) -> int:
    char = chr(code)
    if char.isalpha():
        lower = char.lower()
        return ord(lower) if len(lower) == 1 and ord(lower) < 0x100 else code
    return ord("0") if "0" <= char <= "9" else ord(" ")


_TABLE = bytes(_fold_byte(code) for code in range(0x100))


def _choose(way: _Way, *, is_located: bool = False) -> Way:
    """Return what a way needs.

    Args:
        way: its parts.
        is_located: it begins with words behind a boundary, and so does any other way of its expression.
    """
    needs = [_drop_longer(part.need if isinstance(part, _Gap) else part) for part in way]
    begin = needs[0] if is_located else frozenset[bytes]()
    if is_located and _measure(begin)[0] >= _TELLING:
        return Way(begin, begin=begin)
    ordered = sorted((need for need in needs if _measure(need)[0]), key=_measure, reverse=True)
    if not ordered:
        return Way()
    first = ordered[0]
    second = begin if is_located and begin is not first else next(iter(ordered[1:]), frozenset[bytes]())
    is_needed = is_located or (_measure(first)[0] < _TELLING and _measure(second)[0] >= _SHORTEST_SECOND)
    return Way(first, second if is_needed and second is not first else frozenset(), begin)


def _measure(need: Spellings) -> tuple[int, int]:
    """Return how much a need tells: the letters of its shortest string, then the fewer strings the more.

    Nothing that is written has three blanks in a row but what stands beyond Latin-1.
    """
    return min((len(each.strip()) or int(len(each) > 2) for each in need), default=0), -len(need)


def _drop_longer(need: Spellings) -> Spellings:
    """Return a need without the strings that begin with another of them."""
    kept: list[bytes] = []
    for string in sorted(need):
        if not kept or not string.startswith(kept[-1]):
            kept.append(string)
    return frozenset(kept)


def _add(way: _Way, part: _Part) -> _Way:
    """Return a way with a part more, put together with the last one where both are spelt out."""
    before = way[-1] if way else None
    if isinstance(part, _Gap) or before is None or isinstance(before, _Gap):
        return [*way, part]
    if len(before) * len(part) <= _MOST_SPELLINGS:
        return [*way[:-1], frozenset(first + second for first in before for second in part)]
    last = {each[-1:] for each in before}
    return [*way, frozenset(sign + each for sign in last for each in part) if len(last) == 1 else part]


def _read(
    parsed: Iterable[tuple[Any, Any]], ways: list[_Way], *, is_first: bool = False, is_last: bool = False
) -> list[_Way]:
    """Return the ways through an expression, each behind each of those before it.

    Args:
        parsed: as Python parses it.
        ways: the ways through what directly precedes it.
        is_first: nothing stands before it in the whole expression.
        is_last: nothing stands behind it.
    """
    pairs = list(_join_letters(parsed))
    for place, (code, value) in enumerate(pairs):
        edges = {"is_first": is_first and not place, "is_last": is_last and place == len(pairs) - 1}
        if code is op.BRANCH:
            ways = _read_choice(value[1], ways, **edges)
        elif code is op.SUBPATTERN:
            ways = _read(value[3], ways, **edges)
        elif code is op.ATOMIC_GROUP:
            ways = _read(value, ways, **edges)
        elif code is op.ASSERT and value[0] > 0:
            ways = [[*way, _Gap()] for way in _read(value[1], ways)]
        else:
            parts = _read_repetition(*value) if code in _REPEATS else [_read_sign(code, value, **edges)]
            for part in parts:
                ways = [_add(way, part) for way in ways]
    return ways


def _join_letters(parsed: Iterable[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    """Yield the parts of an expression, with letters and signs of ASCII that stand side by side as one of many codes."""
    for is_plain, run in itertools.groupby(parsed, _is_plain):
        yield from [(op.LITERAL, bytes(code for _, code in run))] if is_plain else run


def _is_plain(part: tuple[Any, Any]) -> bool:
    return part[0] is op.LITERAL and part[1] < 0x80


def _read_choice(alternatives: Sequence[Any], ways: list[_Way], *, is_first: bool, is_last: bool) -> list[_Way]:
    """Return the ways through a choice: one where all of it is spelt out, else one and more for each alternative."""
    read = [_read(each, [[]], is_first=is_first, is_last=is_last) for each in alternatives]
    if (spelt := _spell_out(read)) is not None:
        return [_add(way, spelt) for way in ways]
    if len(ways) * sum(map(len, read)) <= _MOST_WAYS:
        return [way for each in alternatives for way in _read(each, ways, is_first=is_first, is_last=is_last)]
    gap = _Gap(_need_one([way for each in read for way in each]))
    return [[*way, gap] for way in ways]


def _need_one(ways: Iterable[_Way]) -> Spellings:
    """Return the strings of which one stands in whatever is matched on any of some ways; none where that is not known."""
    needs = [_choose(way).need for way in ways]
    return frozenset[bytes]().union(*needs) if all(needs) else frozenset()


def _spell_out(alternatives: Iterable[list[_Way]]) -> Spellings | None:
    """Return what all of some alternatives are spelt in, None where one of them holds a gap or is too much."""
    spelt: set[bytes] = set()
    for ways in alternatives:
        for way in ways:
            if len(way) > 1 or (way and isinstance(way[0], _Gap)):
                return None
            spelt.update(way[0] if way else _NOTHING)
    return frozenset(spelt) if len(spelt) <= _MOST_SPELLINGS else None


def _read_repetition(least: int, most: int, repeated: Iterable[tuple[Any, Any]]) -> _Way:
    """Return a repetition as what it is spelt in, if that is not much, or as a gap behind what stands at its beginning."""
    ways = _read(repeated, [[]])
    once = _spell_out([ways])
    if once is None:
        return [_Gap(_need_one(ways) if least else frozenset())]
    if most <= _MOST_REPEATED and len(once) ** most <= _MOST_SPELLINGS:
        return [frozenset[bytes]().union(*(_spell_repeated(once, count) for count in range(least, most + 1)))]
    return [once, _Gap()] if least else [_Gap()]


def _spell_repeated(once: Spellings, count: int) -> Spellings:
    return frozenset(map(b"".join, itertools.product(once, repeat=count)))


def _read_sign(code: Any, value: Any, *, is_first: bool, is_last: bool) -> _Part:
    """Return a part that takes one sign, some letters or nothing."""
    if code is op.LITERAL:
        return frozenset([value.translate(_TABLE)]) if isinstance(value, bytes) else _spell_class(((code, value),))
    if code is op.IN:
        signs = _spell_class(tuple(value))
        return signs if len(signs) <= _MOST_SIGNS else _Gap()
    if code in (op.ANY, op.NOT_LITERAL):
        return _Gap()
    if code is op.AT:
        begins = is_first and value in (op.AT_BEGINNING, op.AT_BEGINNING_STRING)
        return _BLANK if begins or (is_last and value in _ENDS) else _NOTHING
    if code in (op.ASSERT, op.ASSERT_NOT):
        direction, looked_at = value
        is_edge = is_first if direction < 0 else is_last
        return _BLANK if is_edge and code is op.ASSERT_NOT and list(looked_at) == _NO_WORD_SIGN else _NOTHING
    raise ValueError(f"found {code} in an expression, expected none that refers back to a group")


@functools.cache
def _spell_class(members: tuple[tuple[Any, Any], ...]) -> Spellings:
    """Return the folded signs of a class in either case, with a blank where it takes any beyond Latin-1."""
    is_negated = members[0][0] is op.NEGATE
    members = members[is_negated:]
    expression = re.compile(f"[{'^' if is_negated else ''}{''.join(_write(*each) for each in members)}]", re.IGNORECASE)
    signs = {_TABLE[code] for code in range(0x100) if expression.match(chr(code))}
    # The other case of a letter beyond ASCII may stand beyond Latin-1 ("ÿ").
    if is_negated or any(
        kind is op.CATEGORY or max(value if kind is op.RANGE else (value,)) > 0x7F for kind, value in members
    ):
        signs.add(ord(" "))
    return frozenset(bytes([sign]) for sign in signs)


def _write(kind: Any, value: Any) -> str:
    """Return a member of a class as it is written."""
    if kind is op.LITERAL:
        return re.escape(chr(value))
    if kind is op.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    return _CATEGORIES[value]
