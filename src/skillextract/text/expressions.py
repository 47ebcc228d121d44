r"""Regular expressions of rule files that a hostile text could hold up for hours, found before any text is read.

Python's engine tries every way in which an expression can match. Where a repeated part can match the same characters
in two ways, as in `(?:\w+\s?)*`, each repetition doubles the ways, and thirty words take years. An expression is read
here as an automaton of its characters (Glushkov 1961); it is exponentially ambiguous if and only if one of its states
has two different ways back to itself over the same text (Weber and Seidl 1991, "On the degree of ambiguity of finite
automata", https://doi.org/10.1016/0304-3975(91)90381-B).

Not looked for: expressions that take a time with the square or the cube of a line's length.
"""

from __future__ import annotations

import functools
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from skillextract.errors import PatternError

_KEYS = {
    "cues.jsonl": ("cue",),
    "discovery.jsonl": ("expression",),
    "experience.jsonl": ("expression",),
    "requirement.jsonl": ("cue", "expression"),
    "sections.jsonl": ("heading", "line", "bullet"),
    "seniority.jsonl": ("title",),
}
"""The files of lines that hold expressions, and the keys that do; for tokens see `skills.token_patterns`."""

_CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d", op.CATEGORY_NOT_DIGIT: r"\D", op.CATEGORY_SPACE: r"\s", op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w", op.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip
_LETTERS = [*map(chr, range(256)), "–", "—", "’", "“", "•", "\u2003", "Ж", "ж", "日", "\u0661"]
"""A sign of every kind that a category tells from another, besides those that an expression names."""

_MOST_LETTERS = 4
"""A place that takes more letters than these (`[ae]` takes two) spells out no word."""

_MOST_STEPS = 10_000
"""Enough for some hundred words; ten places that take two letters each spell out a thousand."""


@functools.cache
def compile_expression(expression: str, flags: int = 0) -> re.Pattern[str]:
    """Return an expression compiled, the first time that it is asked for: no posting makes use of them all.

    `re` itself remembers fewer than there are.
    """
    return re.compile(expression, flags)


def join_words(words: Iterable[str]) -> str:
    """Return one expression that matches any of some words, the longest that stands at a place; empty for none."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def check_syntax(expression: str) -> None:
    """Raise `re.error` where a text is no regular expression that can be a part of a larger one.

    Mostly that takes half the time of compiling it.
    """
    try:
        if "(?<" in expression:  # whether a look-behind is of one width is seen by the compiler only
            compiled = compile_expression(expression)
            flags, names = compiled.flags, compiled.groupindex
        else:
            state = _parser.parse(expression).state
            flags, names = state.flags, state.groupdict
    except (OverflowError, RecursionError) as error:
        raise re.error(f"too large or nested too deeply ({error})") from error
    if flags != re.UNICODE:
        raise re.error("sets flags for more than itself; write `(?i:…)` around what they are for")
    if names:
        raise re.error(f"names a group {min(names)!r}, which nobody asks for; write `(?:…)`")


def lint_expressions(root: Path) -> list[PatternError]:
    """Return a fault for each expression of a folder of patterns that a text could hold up, by file and line.

    What is no expression at all is the business of whoever reads the file, and passed over.
    """
    return name_faults(_read_expressions(root))


def name_faults(expressions: Iterable[tuple[Path, int, str]]) -> list[PatternError]:
    """Return a fault for each of some expressions, each with its file and line, that a text could hold up."""
    return [
        PatternError(
            str(path),
            line,
            "backtracking",
            f"{expression if len(expression) <= 60 else expression[:59] + '…'!r} {fault}; rewrite it",
        )
        for path, line, expression in expressions
        if (fault := find_fault(expression)) is not None
    ]


def find_fault(expression: str, *, ignores_case: bool = True) -> str | None:
    r"""Return why an expression can hold up a text, None where it cannot.

    What is only looked at (`(?=…)`, `\b`) is taken as always true: a few expressions are refused that would do, none
    is let through that would not.

    Args:
        expression: as it is given to `re.compile`.
        ignores_case: it is compiled with `re.IGNORECASE`; where not, parts of it may be by `(?i:…)`.

    >>> find_fault(r"(?:\w+ )*end")
    >>> find_fault(r"(?:\w+ ?)*end")
    'repeats a part that can match the same characters in more than one way'
    >>> find_fault(r"(?: and [A-Z]\w*| [A-Z]\w*)*end", ignores_case=False)
    """
    automaton = _Automaton(ignores_case)
    try:
        automaton.read(_parser.parse(expression))
        while automaton.looked_at:
            looked_at, automaton.ignores_case = automaton.looked_at.pop()
            automaton.read(looked_at)
    except (re.error, OverflowError):
        return None
    except RecursionError:
        return "is nested too deeply to be checked"
    if automaton.has_backreference:
        return "refers back to a group, which no rule needs and which cannot be checked"
    if automaton.is_ambiguous():
        return "repeats a part that can match the same characters in more than one way"
    return None


def may_end_in(expression: str, word: str) -> bool:
    r"""Return whether the last word that an expression matches can be a given one.

    What is only looked at is taken as always true, so that `False` is sure and `True` is not.

    >>> may_end_in(r"careers? (?:\w+ )?(?:advisor|consultant)", "consultant")
    True
    >>> may_end_in(r"careers? (?:\w+ )?(?:advisor|consultant)", "engineer")
    False
    """
    automaton = _Automaton(ignores_case=False)
    whole = automaton.read(_parser.parse(expression))
    if whole.empty or automaton.has_backreference:
        return True
    before = automaton.list_places_before()
    ends, places = set(whole.last), set[int]()
    for letter in reversed(word):
        places = {place for place in ends if automaton.takes(place, letter)}
        ends = {each for place in places for each in before.get(place, ())}
    return any(place in whole.first for place in places) or any(automaton.takes(place, " ") for place in ends)


def list_endings(expression: str) -> frozenset[str]:
    r"""Return the last words that an expression spells out; those that it leaves open (`\w+`) are not among them.

    >>> sorted(list_endings(r"careers? (?:advis[eo]r|consultant|\w+ist)"))
    ['adviser', 'advisor', 'consultant']
    """
    automaton = _Automaton(ignores_case=False)
    whole = automaton.read(_parser.parse(expression))
    before = automaton.list_places_before()
    endings: set[str] = set()
    waiting = [(place, "", frozenset[int]()) for place in whole.last]
    for _ in range(_MOST_STEPS):
        if not waiting:
            break
        place, rest, passed = waiting.pop()
        signs = automaton.signs[place]
        if rest and " " in signs:
            endings.add(rest)
        letters = [sign for sign in signs if not sign.isspace()]
        # What is repeated could be repeated without end: it is spelled out once.
        if len(letters) > _MOST_LETTERS or place in passed:
            continue
        for word in (letter + rest for letter in letters):
            if place in whole.first:
                endings.add(word)
            waiting.extend((each, word, passed | {place}) for each in before.get(place, ()))
    return frozenset(endings)


def _read_expressions(root: Path) -> Iterator[tuple[Path, int, str]]:
    for name, keys in _KEYS.items():
        for number, rule in _read_rules(root / name):
            yield from ((root / name, number, rule[key]) for key in keys if isinstance(rule.get(key), str))
    for path in [root / "titles.toml", *sorted((root / "roles").glob("*.toml"))]:
        try:
            document = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        # A role's profile is prose; its titles are expressions, and all of `titles.toml` is read as some.
        chosen = document if path.name == "titles.toml" else document.get("titles", {})
        yield from ((path, 0, expression) for expression in _strings_in(chosen))


def _read_rules(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        try:
            rule = json.loads(line)
        except ValueError:
            continue
        if isinstance(rule, dict):
            yield number, rule


def _strings_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings_in(each)


class _Part(NamedTuple):
    """A part: in how many ways it can match nothing (2 for more), and where a match begins and ends, in how many."""

    empty: int
    first: Counter[int]
    last: Counter[int]


def _nothing() -> _Part:
    return _Part(1, Counter(), Counter())


class _Automaton:
    """The places of an expression, each with the signs that it takes, and how often one can follow another."""

    def __init__(self, ignores_case: bool) -> None:
        self.ignores_case = ignores_case
        self.signs: list[frozenset[str]] = []
        self.follows: Counter[tuple[int, int]] = Counter()
        self.looked_at: list[tuple[Any, bool]] = []
        self.has_backreference = False

    def read(self, parsed: Iterable[tuple[Any, Any]]) -> _Part:
        whole = _nothing()
        for code, value in parsed:
            part = self._read_one(code, value)
            self._join(whole.last, part.first)
            whole = _Part(
                min(whole.empty * part.empty, 2),
                whole.first + _times(part.first, whole.empty),
                part.last + _times(whole.last, part.empty),
            )
        return whole

    def _read_one(self, code: Any, value: Any) -> _Part:
        if code in (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN):
            self.signs.append(_signs_of(code, value, self.ignores_case))
            place = len(self.signs) - 1
            return _Part(0, Counter([place]), Counter([place]))
        if code is op.BRANCH:
            parts = [self.read(branch) for branch in value[1]]
            first = sum((part.first for part in parts), Counter[int]())
            last = sum((part.last for part in parts), Counter[int]())
            return _Part(min(sum(part.empty for part in parts), 2), first, last)
        if code is op.SUBPATTERN:
            _, added, removed, inner = value
            outside = self.ignores_case
            self.ignores_case = bool((outside or added & re.IGNORECASE) and not removed & re.IGNORECASE)
            part = self.read(inner)
            self.ignores_case = outside
            return part
        if code is op.ATOMIC_GROUP:
            return self.read(value)
        if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            least, most, repeated = value
            part = self.read(repeated)
            # A few repetitions are taken as many: on a long line the fourth power is as bad.
            if most > 1:
                self._join(part.last, part.first)
            return part._replace(empty=min(part.empty + (least == 0), 2))
        if code in (op.ASSERT, op.ASSERT_NOT):
            self.looked_at.append((value[1], self.ignores_case))
        elif code in (op.GROUPREF, op.GROUPREF_EXISTS):
            self.has_backreference = True
        return _nothing()

    def _join(self, last: Counter[int], first: Counter[int]) -> None:
        for place, ways in last.items():
            for following, more in first.items():
                self.follows[place, following] += ways * more

    def takes(self, place: int, letter: str) -> bool:
        """Whether a place can be a letter; one of another script is taken where any letter of its kind is."""
        signs = self.signs[place]
        return letter in signs or (letter not in _LETTERS and "ж" in signs)

    def list_places_before(self) -> dict[int, list[int]]:
        """The places that can stand before each."""
        before: dict[int, list[int]] = {}
        for place, following in self.follows:
            before.setdefault(following, []).append(place)
        return before

    def is_ambiguous(self) -> bool:
        """Whether a place can be come back to over one text in two ways."""
        next_places: dict[int, list[int]] = {}
        for place, following in self.follows:
            next_places.setdefault(place, []).append(following)
        reached = {place: _reach([place], next_places) for place in next_places}
        loops = {
            place: [each for each in following if place in reached.get(each, ())]
            for place, following in next_places.items()
            if place in reached[place]
        }
        if any(self.follows[place, each] > 1 for place, following in loops.items() for each in following):
            return True
        # Two walks over the same text that part and meet again.
        pairs: dict[tuple[int, int], list[tuple[int, int]]] = {}
        waiting = [(place, place) for place in loops]
        while waiting:
            pair = waiting.pop()
            if pair in pairs:
                continue
            pairs[pair] = [
                (one, other)
                for one in loops[pair[0]]
                for other in loops[pair[1]]
                if self.signs[one] & self.signs[other]
            ]
            waiting.extend(pairs[pair])
        back: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for pair, next_pairs in pairs.items():
            for reached_pair in next_pairs:
                back.setdefault(reached_pair, []).append(pair)
        met = _reach([pair for pair in pairs if pair[0] == pair[1]], back)
        return any(one != other for one, other in met)


def _times(ways: Counter[int], times: int) -> Counter[int]:
    return Counter({place: count * times for place, count in ways.items() if times})


def _reach(starts: Iterable[Any], following: dict[Any, list[Any]]) -> set[Any]:
    """What can be come to from some nodes in one step or more."""
    reached: set[Any] = set()
    waiting = [each for start in starts for each in following.get(start, ())]
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached.add(node)
            waiting.extend(following.get(node, ()))
    return reached


def _signs_of(code: Any, value: Any, ignores_case: bool) -> frozenset[str]:
    spell = _any_case if ignores_case else frozenset[str]
    if code is op.ANY:
        return frozenset(_LETTERS)
    if code is op.LITERAL:
        return spell([chr(value)])
    if code is op.NOT_LITERAL:
        return frozenset(_LETTERS) - {chr(value)}
    taken: set[str] = set()
    is_negated = False
    for kind, each in value:
        if kind is op.NEGATE:
            is_negated = True
        elif kind is op.LITERAL:
            taken.add(chr(each))
        elif kind is op.RANGE:
            taken.update((chr(each[0]), chr(each[1])))
            taken.update(letter for letter in _LETTERS if each[0] <= ord(letter) <= each[1])
        else:
            taken.update(letter for letter in _LETTERS if re.match(_CATEGORIES[each], letter))
    return frozenset(_LETTERS) - taken if is_negated else spell(taken)


def _any_case(letters: Iterable[str]) -> frozenset[str]:
    return frozenset(form for letter in letters for form in (letter, letter.lower(), letter.upper()))
