"""How a title is read: the roles that it names, each as a noun phrase with what qualifies it.

Titles are no sentences. "Senior ML/Data Engineer (m/f/d) - Search" names two roles, "Machine Learning Recruiter" none
of machine learning, and "Backend, Frontend & Data Engineers" three with one noun. So a title is taken apart at its
separators; each part that holds a noun for a role ("engineer") becomes a reading, and the others qualify it or share
its noun. What the words are stands in `patterns/titles.toml`.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from skillextract.errors import PatternError

_GENDER = re.compile(r"\(\s*(?:[mwfdxihn]\s*[/|,*]\s*)+[mwfdxihn*]+\s*\)|\ball genders?\b|[*:_/](?:in|innen)\b")
_WORD = re.compile(r"[\w.+#&'’]+")
_NO_BLANKS = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
"""Kana, Han and Hangul: no blank need stand between their words."""

_KINDS = ("role", "list", "alternative", "aside", "of", "with")
"""What a separator can mean, the one that parts most first."""

_LISTS = frozenset({"role", "list", "alternative"})
"""The kinds before a part that stands beside the one before it, and does not explain it."""

_ENUMERATION = 3
"""So many fields without a noun, at the beginning of a title, are roles of their own ("Rails, iOS, Data, Testers")."""


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """A role that a title names.

    Attributes:
        phrase: in lower case, its noun last, without words of seniority ("machine learning engineer"); only a field
            ("machine learning") where `bare`.
        qualifiers: what else the title says of it ("search", "backend").
        bare: the title names a field and no noun.
    """

    phrase: str
    qualifiers: tuple[str, ...] = ()
    bare: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class _Part:
    """What stands between two separators: the kind of the one before it, the words up to its noun, and the others."""

    kind: str
    phrase: tuple[str, ...]
    rest: str


@dataclasses.dataclass(frozen=True)
class TitleGrammar:
    """What titles are taken apart with: the tables of `patterns/titles.toml` but `near`.

    Attributes:
        spellings: finds every other spelling of a term; the group that matched is the term's place in `terms`.
        unspaced: the same for spellings in scripts without blanks between words.
        terms: what is put in the place of such a spelling.
        nouns: the words that make a part a role.
        compounds: the words that belong to the noun behind them ("platform engineer") and are shared with it.
        exclusive: the nouns that, where they come first, leave no other role behind them.
        ignored: finds the words that change nothing about the role.
        separators: finds what stands between two parts; its groups are named by the kinds.
    """

    spellings: re.Pattern[str]
    unspaced: re.Pattern[str]
    terms: tuple[str, ...]
    nouns: frozenset[str]
    compounds: frozenset[str]
    exclusive: frozenset[str]
    ignored: re.Pattern[str]
    separators: re.Pattern[str]

    def read(self, title: str) -> list[Reading]:
        """Return the roles that a title names, in its order; a noun that several share is repeated for each."""
        text = _GENDER.sub(" ", unicodedata.normalize("NFKC", title).lower())
        if _NO_BLANKS.search(text):
            text = self._spell(self.unspaced, text)
        # Twice: a spelling may hold another ("ML engineers" has the field's and the noun's).
        text = self._spell(self.spellings, self._spell(self.spellings, text))
        return [reading for parts in self._take_apart(f" {text} ") for reading in self._read_parts(parts)]

    def _spell(self, spellings: re.Pattern[str], text: str) -> str:
        def place_term(match: re.Match[str]) -> str:
            # Scripts without blanks run into the next word.
            left = " " if text[match.start() - 1 : match.start()].isalnum() else ""
            right = " " if text[match.end() : match.end() + 1].isalnum() else ""
            return f"{left}{self.terms[(match.lastindex or 1) - 1]}{right}"

        return spellings.sub(place_term, text)

    def _take_apart(self, text: str) -> Iterator[list[_Part]]:
        """The parts of a title; a list for each stretch between separators of the kind `role`."""
        parts: list[_Part] = []
        # Of separators with nothing between them the one that parts most counts; brackets are those that are open.
        kind, start = "role", 0
        brackets, counted = 0, 0
        for match in (*self.separators.finditer(text), None):
            part = self._read_part(text[start : match.start() if match else len(text)], kind)
            if part is not None and kind != "with":
                if part.kind == "role" and parts:
                    yield parts
                    parts = []
                parts.append(part)
            if match is not None:
                brackets += text.count("(", counted, match.start()) - text.count(")", counted, match.start())
                counted, start = match.start(), match.end()
                found = _name_separator(match, inside=brackets > 0)
                kind = found if part is not None else min(kind, found, key=_KINDS.index)
        if parts:
            yield parts

    def _read_part(self, text: str, kind: str) -> _Part | None:
        words = [word.strip(".'’&") for word in _WORD.findall(self.ignored.sub(" ", text.replace("-", " ")))]
        words = [word for word in words if word]
        if not words:
            return None
        last = max((place for place, word in enumerate(words) if word in self.nouns), default=-1)
        if kind == "of" or last < 0:
            return _Part(kind, (), " ".join(words))
        return _Part(kind, tuple(words[: last + 1]), " ".join(words[last + 1 :]))

    def _read_parts(self, parts: Sequence[_Part]) -> list[Reading]:
        heads = [place for place, part in enumerate(parts) if part.phrase]
        if not heads:
            rests = [part.rest for part in parts]
            return [
                Reading(part.rest, tuple(rests[place + 1 :]), bare=True)
                for place, part in enumerate(parts)
                if part.kind != "of"
            ]
        if parts[heads[0]].phrase[-1] in self.exclusive:
            return [Reading(" ".join(parts[heads[0]].phrase))]
        readings = [Reading(field, bare=True) for field in _find_enumerated(parts)]
        for number, place in enumerate(heads):
            part = parts[place]
            before = parts[heads[number - 1] + 1 if number else 0 : place]
            behind = parts[place + 1 : heads[number + 1] if number + 1 < len(heads) else len(parts)]
            others = [
                part.rest,
                *(other.rest for other in behind),
                *(() if number else (other.rest for other in before)),
            ]
            qualifiers = tuple(other for other in others if other)
            readings += [Reading(phrase, qualifiers) for phrase in self._share_noun(before, part, first=number == 0)]
            readings.append(Reading(" ".join(part.phrase), qualifiers))
            if number and part.kind == "alternative" and len(part.phrase) == 1 and not before:
                # "Data Scientist/Engineer": a noun alone takes the words of the noun that it follows.
                phrase = " ".join((*parts[place - 1].phrase[:-1], *part.phrase))
                readings.append(Reading(phrase, qualifiers))
        return readings

    def _share_noun(self, before: Sequence[_Part], head: _Part, *, first: bool) -> Iterator[str]:
        """The phrases that fields make with the noun of the head behind them.

        In a list each takes the noun ("Data, Backend and Frontend Engineers") and what is compounded with it ("Data &
        Analytics Platform Engineer"). At the beginning of a title what stands before a dash or in brackets takes the
        whole phrase ("Backend - Software Engineer", "Machine Learning (ML) Engineer").
        """
        shared = head.phrase[-1:]
        if len(head.phrase) > 2 and head.phrase[-2] in self.compounds:
            shared = head.phrase[-2:]
        listed = head.kind in _LISTS
        for part in reversed(before):
            if part.kind == "of" or (part.kind == "aside" and not first):
                return
            if listed or first:
                yield " ".join((part.rest, *(shared if listed else head.phrase)))
            listed = listed and part.kind in _LISTS


def _name_separator(match: re.Match[str], *, inside: bool) -> str:
    """The kind of a separator; inside brackets nothing sets roles apart ("Developer (Go | Rust)")."""
    kind = str(match.lastgroup)
    return "list" if kind == "role" and inside else kind


def _find_enumerated(parts: Sequence[_Part]) -> list[str]:
    """The fields without a noun with which a title begins, where they are at least `_ENUMERATION` in a row."""
    row = list(itertools.takewhile(lambda part: not part.phrase and part.kind in _LISTS, parts))
    return [part.rest for part in row] if len(row) >= _ENUMERATION else []


def parse_grammar(document: Mapping[str, Any], path: Path) -> TitleGrammar:
    """Return the grammar in the parsed `patterns/titles.toml`.

    Args:
        document: the parsed file.
        path: where it was read, for messages.

    Raises:
        PatternError: a table is missing, or an expression is broken; names the table.
    """
    read = functools.partial(_read_lists, document, path=path)
    nouns, separators, words = read("nouns"), read("separators"), read("words")
    if set(separators) != set(_KINDS):
        raise _fail(path, f"[separators] has {', '.join(separators)}; expected {', '.join(_KINDS)}")
    expected = ("compounds", "exclusive", "ignored")
    if set(words) != set(expected):
        raise _fail(path, f"[words] has {', '.join(words)}; expected {', '.join(expected)}")
    unknown = sorted(set(words["exclusive"]) - nouns.keys())
    if unknown:
        raise _fail(path, f"words.exclusive names {', '.join(unknown)}; expected keys of [nouns]")
    spellings = {**read("spellings"), **nouns}
    spaced, unspaced = (
        [[spelling for spelling in term if bool(_NO_BLANKS.search(spelling)) is glued] for term in spellings.values()]
        for glued in (False, True)
    )
    finder = _compile(path, "spellings", _bound(_join_terms(spaced)))
    if finder.groups != len(spellings):
        raise _fail(path, "[nouns] or [spellings] has an expression with a group that counts; write (?:…)")
    # Read from the last kind on: "w/" has to be tried before "/".
    kinds = "|".join(f"(?P<{kind}>{'|'.join(separators[kind])})" for kind in reversed(_KINDS))
    return TitleGrammar(
        spellings=finder,
        unspaced=_compile(path, "spellings", _join_terms(unspaced)),
        terms=tuple(spellings),
        nouns=frozenset(nouns),
        compounds=frozenset(words["compounds"]),
        exclusive=frozenset(words["exclusive"]),
        ignored=_compile(path, "words", _bound("|".join(words["ignored"]))),
        separators=_compile(path, "separators", kinds),
    )


def _join_terms(terms: Sequence[Sequence[str]]) -> str:
    """One expression with a group for each term, which never matches where the term has no spelling."""
    return "|".join(f"({'|'.join(term)})" if term else "((?!))" for term in terms)


def _bound(expression: str) -> str:
    return rf"(?<![\w+#&])(?:{expression})(?![\w+#&])"


def _read_lists(document: Mapping[str, Any], key: str, *, path: Path) -> dict[str, list[str]]:
    table = document.get(key)
    if not isinstance(table, dict):
        raise _fail(path, f"has no table [{key}]; expected lists of expressions by name")
    for name, value in table.items():
        if not isinstance(value, list) or not value or not all(isinstance(item, str) and item for item in value):
            raise _fail(path, f"{key}.{name} is {value!r}; expected a list of expressions")
    return table


def _compile(path: Path, key: str, expression: str) -> re.Pattern[str]:
    try:
        return re.compile(expression)
    except re.error as error:
        raise _fail(path, f"[{key}]: no regular expression: {error}") from error


def _fail(path: Path, message: str) -> PatternError:
    return PatternError(str(path), 0, "titles", message)
