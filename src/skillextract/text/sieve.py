r"""Which of many regular expressions can match a text, told in one pass over it.

Python's engine tries one expression after another, at every place of the text. RE2 runs any number of them as a single
automaton, at a cost that hardly grows with their number, but it has no look-around and means other things by `\w` and
`\s`. So each expression is put to RE2 in a wider form, which matches wherever the expression does and now and then
elsewhere. What the sieve lets through is then read with the expression itself: the result is what it would be without
the sieve, only sooner.

An automaton has a state for each way in which a text may have begun to match, and a gap that may hold anything
("strong", some words, "experience") multiplies them: texts that are all new would go on building states for ever. So of
an expression with gaps the sieve looks for the parts between them, each for itself: the two that tell most.

An automaton over bytes is small and soon built, one over the letters of Unicode is neither. So texts are read in
Latin-1, where every character beyond it is a `?`; each expression takes a `?` for whatever it takes beyond Latin-1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import re2

_ANY = "(?s:.)"
_BEYOND = "?"
_CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d", op.CATEGORY_NOT_DIGIT: r"\D", op.CATEGORY_SPACE: r"\s", op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w", op.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip
_MEMORY = 1 << 28
"""Bytes that the automaton may grow to before it is begun anew; rules like ours take a few million."""
_LONGEST_GAP = 3
"""Repetitions of anything but one sign, blanks and digits beyond which a part of an expression is a gap."""
_TELLING = 4
"""Characters that a part without gaps must spell out to stand for its expression, lest too much is let through."""
_PARTS = 2
"""Parts of an expression that are looked for at most; more would multiply what the automaton finds."""
_NARROW = frozenset({op.CATEGORY_SPACE, op.CATEGORY_DIGIT})
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_AT_END = (op.AT, op.AT_END_STRING)
# Python takes these for `i`, `k` and `s` where case does not count; in Latin-1 they would be lost.
_ODD_CASES = {0x130: "i", 0x131: "i", 0x17F: "s", 0x212A: "k"}


class Sieve:
    """Tells in one pass which of many regular expressions can match somewhere in a text, whatever its case.

    Args:
        expressions: as Python's `re` reads them, in its Unicode mode.
    """

    def __init__(self, expressions: Sequence[str]) -> None:
        options = re2.Options()
        options.never_capture = True
        options.max_mem = _MEMORY
        options.encoding = re2.Options.Encoding.LATIN1
        self._set = re2.Set.SearchSet(options) if expressions else None
        self._count = len(expressions)
        self._others: dict[int, int] = {}
        """Of expressions that are looked for by two parts: the number of the second in the automaton."""
        if self._set is not None:
            parts = [_cut(_parser.parse(expression)) for expression in expressions]
            second = [(number, each[1]) for number, each in enumerate(parts) if len(each) > 1]
            self._others = {number: self._count + place for place, (number, _) in enumerate(second)}
            for part in [*(each[0] for each in parts), *(each for _, each in second)]:
                self._set.Add(f"(?i){_widen_whole(part)}".encode("latin-1"))
            self._set.Compile()

    def sift(self, text: str) -> list[int]:
        """Return the numbers, in ascending order, of all expressions that match in a text, and of some that may not."""
        if self._set is None:
            return []
        if not text.isascii() and any(chr(code) in text for code in _ODD_CASES):
            text = text.translate(_ODD_CASES)
        found: list[int] | None = self._set.Match(text.encode("latin-1", "replace"))
        if not found:
            return []
        others = self._others
        if others:
            found = [
                number for number in found if number < self._count and (number not in others or others[number] in found)
            ]
        return sorted(found)


def widen(expression: str) -> str:
    r"""Return an expression for RE2 that matches in Latin-1 whatever the given one matches in Unicode.

    What is only looked at (`(?=…)`, `\b`, `$`) is taken as true, except for `^`, `\Z` and what stands at the end of the
    whole: there it may be read as well.

    Raises:
        re.error: it is no expression.
        ValueError: it refers back to a group, which RE2 cannot.

    Example:
        >>> widen(r"(?<!sql )clients?\b")
        'clients{0,1}'
        >>> widen(r"a plus(?=[.;])(?!\w)")
        'a\\x20plus[\\x2e\\x3b]'
    """
    return _widen_whole(_parser.parse(expression))


def _cut(parsed: Iterable[tuple[Any, Any]]) -> list[list[tuple[Any, Any]]]:
    """Return one or two parts of an expression that are all found wherever the whole is.

    They are those between its gaps that spell out most, the first of them foremost; of an expression without gaps it is
    the whole. Of a choice, each alternative is cut to one part by itself.
    """
    parts = list(_flatten(parsed))
    if len(parts) == 1 and parts[0][0] is op.BRANCH:
        return [[(op.BRANCH, (None, [_cut(each)[0] for each in parts[0][1][1]]))]]
    gaps = [*map(_has_gap, parts)]
    if not any(gaps):
        return [parts]
    runs: list[list[tuple[Any, Any]]] = [[]]
    for part, is_gap in zip(parts, gaps, strict=True):
        if not is_gap:
            runs[-1].append(part)
        elif part[0] is op.BRANCH:
            runs += [*_cut([part]), []]
        else:
            runs.append([])
    runs.sort(key=_count_spelt, reverse=True)
    telling = [run for run in runs[:_PARTS] if _count_spelt(run) >= _TELLING]
    return telling or [parts]


def _flatten(parsed: Iterable[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    """Yield the parts of an expression, those of a group that is no choice each for itself."""
    for code, value in parsed:
        if code is op.SUBPATTERN and not (len(value[3]) == 1 and value[3][0][0] is op.BRANCH):
            yield from _flatten(value[3])
        elif code is op.SUBPATTERN:
            yield value[3][0]
        else:
            yield code, value


def _has_gap(part: tuple[Any, Any]) -> bool:
    """Tell whether a part of an expression holds a repetition that may run over words."""
    code, value = part
    if code in _REPEATS:
        _, most, repeated = value
        return (_is_loose(repeated) and (most == op.MAXREPEAT or most > _LONGEST_GAP)) or any(map(_has_gap, repeated))
    return any(map(_has_gap, _list_inner(code, value)))


def _is_loose(parsed: Iterable[tuple[Any, Any]]) -> bool:
    """Tell whether a part of an expression may match any letter."""
    for code, value in parsed:
        if code in (op.ANY, op.NOT_LITERAL):
            return True
        if code is op.IN and any(
            kind is op.NEGATE or kind is op.RANGE or (kind is op.CATEGORY and what not in _NARROW)
            for kind, what in value
        ):
            return True
        if _is_loose(_list_inner(code, value)):
            return True
    return False


def _count_spelt(parsed: Iterable[tuple[Any, Any]]) -> int:
    """The least number of characters that a part of an expression spells out."""
    count = 0
    for code, value in parsed:
        if code is op.LITERAL:
            count += 1
        elif code is op.BRANCH:
            count += min(map(_count_spelt, value[1]))
        elif code in _REPEATS:
            count += value[0] * _count_spelt(value[2])
        else:
            count += _count_spelt(_list_inner(code, value))
    return count


def _list_inner(code: Any, value: Any) -> list[tuple[Any, Any]]:
    """Return the parts inside a part of an expression, those of all alternatives in a row."""
    if code is op.BRANCH:
        return [part for alternative in value[1] for part in alternative]
    if code is op.SUBPATTERN:
        return list(value[3])
    if code in _REPEATS:
        return list(value[2])
    return list(value) if code is op.ATOMIC_GROUP else []


def _widen_whole(parsed: Iterable[tuple[Any, Any]]) -> str:
    """Widen an expression behind which nothing is read: what it looks at there is read, the first that tells something.

    Another one would have to match at the same place, and RE2 can read only one of them.
    """
    parts = list(parsed)
    last = len(parts)
    while last and parts[last - 1][0] in (op.ASSERT, op.ASSERT_NOT, op.AT) and parts[last - 1] != _AT_END:
        last -= 1
    ending = next(filter(None, (_widen_ending(code, value) for code, value in parts[last:])), "")
    return _widen_all(parts[:last]) + ending


def _widen_ending(code: Any, value: Any) -> str:
    """Return what is looked at behind an expression as what may follow it; nothing where that is not told so."""
    direction, inner = value if code in (op.ASSERT, op.ASSERT_NOT) else (0, [])
    if direction < 1 or not len(inner):
        return ""
    if code is op.ASSERT:
        return _widen_all(_read_end(inner))
    kind, members = inner[0]
    if kind is not op.IN or len(inner) > 1 or members[0][0] is op.NEGATE:
        return ""
    return rf"(?:{_widen_class([(op.NEGATE, None), *members])}|\z)"


def _read_end(parsed: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Return an expression in which the `$` that ends it, or a choice of it, is the end of the text or of a line."""
    *parts, last = parsed
    if last == (op.AT, op.AT_END):
        last = (op.BRANCH, (None, [[_AT_END], [(op.LITERAL, ord("\n"))]]))
    elif last[0] is op.BRANCH:
        last = (op.BRANCH, (None, [_read_end(each) if each else each for each in last[1][1]]))
    return [*parts, last]


def _widen_all(parsed: Iterable[tuple[Any, Any]]) -> str:
    return "".join(_widen(code, value) for code, value in parsed)


def _widen(code: Any, value: Any) -> str:
    if code is op.LITERAL:
        return _quote(value)
    if code is op.NOT_LITERAL:
        return _widen_class([(op.NEGATE, None), (op.LITERAL, value)])
    if code is op.ANY:
        return _ANY
    if code is op.IN:
        return _widen_class(value)
    if code is op.BRANCH:
        return f"(?:{'|'.join(map(_widen_all, value[1]))})"
    if code is op.SUBPATTERN:
        return f"(?:{_widen_all(value[3])})"
    if code is op.ATOMIC_GROUP:
        return f"(?:{_widen_all(value)})"
    if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        least, most, repeated = value
        inner = _widen_all(repeated)
        inner = inner if len(repeated) == 1 and repeated[0][0] in (op.LITERAL, op.IN, op.ANY) else f"(?:{inner})"
        return f"{inner}{{{least},{'' if most == op.MAXREPEAT else most}}}"
    if code is op.AT and value in (op.AT_BEGINNING, op.AT_BEGINNING_STRING):
        return r"\A"
    if code is op.AT and value is op.AT_END_STRING:
        return r"\z"
    if code in (op.ASSERT, op.ASSERT_NOT, op.AT):
        return ""
    raise ValueError(f"found {code} in an expression, expected none that refers back to a group")


def _widen_class(members: Sequence[tuple[Any, Any]]) -> str:
    """Return the class of the same characters of Latin-1 in either case, with a `?` where there are others in it."""
    is_negated = members[0][0] is op.NEGATE
    members = members[is_negated:]
    expression = re.compile(f"[{'^' if is_negated else ''}{''.join(_write(*each) for each in members)}]", re.IGNORECASE)
    taken = [code for code in range(0x100) if expression.match(chr(code))]
    # The other case of a letter beyond ASCII may stand beyond Latin-1 ("ÿ").
    if is_negated or any(
        kind is op.CATEGORY or max(value if kind is op.RANGE else (value,)) > 0x7F for kind, value in members
    ):
        taken.append(ord(_BEYOND))
    return f"[{''.join(map(_escape, taken))}]"


def _write(kind: Any, value: Any) -> str:
    """Return a member of a class as it is written."""
    if kind is op.LITERAL:
        return re.escape(chr(value))
    if kind is op.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    return _CATEGORIES[value]


def _quote(code: int) -> str:
    char = chr(code)
    if not char.isascii():
        return _widen_class([(op.LITERAL, code)])
    return char if char.isalnum() else _escape(code)


def _escape(code: int) -> str:
    return rf"\x{code:02x}"
