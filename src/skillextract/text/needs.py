"""What a regular expression needs: strings of which one stands in whatever it matches.

Texts and strings are compared in a form of one byte a character, see `fold`: small letters, a zero for each digit, a
blank for any other sign and for whatever stands beyond Latin-1, with a blank before the text and behind it.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

_CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d", op.CATEGORY_NOT_DIGIT: r"\D", op.CATEGORY_SPACE: r"\s", op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w", op.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_BEGINNINGS = (op.AT_BEGINNING, op.AT_BEGINNING_STRING)
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
        begin: what a match begins with; empty where that is not told.
    """

    need: Spellings = frozenset()
    second: Spellings = frozenset()
    begin: Spellings = frozenset()


class Needs(NamedTuple):
    r"""What an expression needs.

    Attributes:
        ways: for each way through it.
        is_bounded: it begins with a boundary (`^`, `(?:^|\W)`, `(?<!\w)`): a blank stands for it in each `begin`.
    """

    ways: list[Way]
    is_bounded: bool


def find_needs(expression: str) -> Needs:
    r"""Return what each way through an expression needs.

    A need is strings of which one stands in whatever is matched on that way. Of neighbouring parts all spellings are
    put together, as long as they are not too many; a part that may be anything is a gap between two needs. What is only
    looked at (`\b`, `(?!…)`) is taken as true, except that a blank stands before what begins a text or a word and
    behind what ends one, and that what must follow (`(?=…)`) does.

    Raises:
        re.error: it is no expression.
        ValueError: it refers back to a group.

    Example:
        >>> [sorted(way.begin) for way in find_needs(r"(?:^|\W)(?:a )?(?:big )?plus(?!\w)").ways]
        [[b' a big plus ', b' a plus ', b' big plus ', b' plus ']]
        >>> [(sorted(way.need), sorted(way.second)) for way in find_needs(r"no .{0,9}needed|zero [a-z]+").ways]
        [([b'needed'], [b'no ']), ([b'zero '], [])]
    """
    parsed = list(_parser.parse(expression))
    ways = _read(parsed, [[]], is_first=True, is_last=True)
    is_bounded = _is_bounded(parsed)
    is_located = all(way and _may_begin(way[0], is_bounded=is_bounded) for way in ways)
    return Needs([_choose(way, is_located=is_located) for way in ways], is_bounded)


def fold(text: str) -> bytes:
    """Return the form in which texts are compared: byte `i + 1` stands for `text[i]`."""
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


def _may_begin(part: _Part, *, is_bounded: bool) -> bool:
    """Tell whether a part is words by which the beginning of a match is found, and the blank before them a boundary."""
    if isinstance(part, _Gap) or _measure(part)[0] < _SHORTEST_BEGIN:
        return False
    return is_bounded or not any(each.startswith(b" ") for each in part)


def _is_bounded(parsed: Sequence[tuple[Any, Any]]) -> bool:
    """Tell whether an expression begins with a boundary, alone or as a choice between boundaries and signs."""
    if not parsed:
        return False
    code, value = parsed[0]
    if code is op.SUBPATTERN:
        return _is_bounded(list(value[3]))
    if code is op.BRANCH:
        alternatives = [list(each) for each in value[1]]
        spelt = _spell_out(_read(each, [[]], is_first=True) for each in alternatives)
        return spelt == _BLANK and any(map(_is_bounded, alternatives))
    if code is op.AT:
        return value in _BEGINNINGS
    return code is op.ASSERT_NOT and value[0] < 0 and list(value[1]) == _NO_WORD_SIGN


def _choose(way: _Way, *, is_located: bool = False) -> Way:
    """Return what a way needs.

    Args:
        way: its parts.
        is_located: it begins with words, and so does any other way of its expression.
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
    if len(last) > 1:
        return [*way, part]
    # The last sign of what is cut stands in both: the gap says that they are no neighbours, to be put together later.
    return [*way, _Gap(), frozenset(sign + each for sign in last for each in part)]


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
    """Yield the parts of an expression, with letters and signs of ASCII that stand side by side as one part."""
    for is_plain, run in itertools.groupby(parsed, _is_plain):
        if is_plain:
            yield op.LITERAL, bytes(code for _, code in run)
        else:
            yield from run


def _is_plain(part: tuple[Any, Any]) -> bool:
    return part[0] is op.LITERAL and part[1] < 0x80


def _read_choice(alternatives: Sequence[Any], ways: list[_Way], *, is_first: bool, is_last: bool) -> list[_Way]:
    """Return the ways through a choice: one where all of it is spelt out, else one and more for each alternative."""
    read = [_read(each, [[]], is_first=is_first, is_last=is_last) for each in alternatives]
    if (spelt := _spell_out(read)) is not None:
        return [_add(way, spelt) for way in ways]
    if len(ways) * sum(map(len, read)) <= _MOST_WAYS:
        return [functools.reduce(_add, end, way) for way in ways for end in itertools.chain.from_iterable(read)]
    gap = _Gap(_need_one([way for each in read for way in each]))
    return [[*way, gap] for way in ways]


def _need_one(ways: Iterable[_Way]) -> Spellings:
    """Return the strings of which one stands in whatever some ways match; none where that is not known."""
    needs = [_choose(way).need for way in ways]
    return frozenset[bytes]().union(*needs) if all(needs) else frozenset()


def _spell_out(alternatives: Iterable[list[_Way]]) -> Spellings | None:
    """Return what all of some alternatives are spelt in, None where one of them holds a gap or is too much."""
    spelt: set[bytes] = set()
    for way in itertools.chain.from_iterable(alternatives):
        part = way[0] if way else _NOTHING
        if len(way) > 1 or isinstance(part, _Gap):
            return None
        spelt.update(part)
    return frozenset(spelt) if len(spelt) <= _MOST_SPELLINGS else None


def _read_repetition(least: int, most: int, repeated: Iterable[tuple[Any, Any]]) -> _Way:
    """Return a repetition as what it is spelt in, if that is not much, or as a gap behind what it begins with."""
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
        begins = is_first and value in _BEGINNINGS
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
