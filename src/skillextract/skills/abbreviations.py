"""Abbreviations that a posting explains for itself: "our Corporate Risk Management (CRM) group … CRM"."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence

from skillextract.skills.vocabulary import Pattern

_BRACKETED = re.compile(r" \(([A-Z][A-Za-z]{0,5}[A-Z])s?\)")
_WORD = re.compile(r"[A-Za-z][A-Za-z’']*")
_SMALL_WORDS = frozenset({"and", "of", "the", "for", "in", "on", "to", "a", "an"})
_REACH = 100
"""Characters before the brackets in which the words stand that they abbreviate."""
_PREFIX = 4
"""Letters by which a word is the same as another ("Relations", "relationship")."""

Words = tuple[str, ...]


class Abbreviations:
    """Tells which abbreviations of a posting stand for something else than the skill that they look like.

    Args:
        patterns: all patterns; those of several words are what their skill is spelled out as.
    """

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = patterns

    def find_explained(self, text: str) -> Mapping[str, Words]:
        """Return the abbreviations that stand in brackets behind what they abbreviate, with its words in lower case.

        Each word gives one capital ("Social Security Administration (SSA)"); small ones such as "of" may give none. So
        do their plurals ("CRMs").
        """
        explained: dict[str, Words] = {}
        if " (" not in text:
            return explained
        for match in _BRACKETED.finditer(text):
            first = max(0, match.start() - _REACH)
            begin = max(text.rfind("\n", first, match.start()) + 1, first)
            words = _take_words(_WORD.findall(text, begin, match.start()), match[1].lower())
            if words is not None:
                explained.setdefault(match[1], words)
                explained.setdefault(f"{match[1]}s", words)
        return explained

    def is_foreign(self, surface: str, skill: str, explained: Mapping[str, Words]) -> bool:
        """Tell whether a posting explains a surface form as something else than what a skill is spelled out as.

        Where no pattern of the skill spells it out letter by letter nobody can tell, and the posting is believed to
        mean the skill; so it is where most of the words agree ("Customer Relations Management").
        """
        words = explained.get(surface)
        if words is None:
            return False
        letters = "".join(word[0] for word in words)
        spelled = [taken for each in self._spelled.get(skill, ()) if (taken := _take_words(each, letters)) is not None]
        return bool(spelled) and not any(_agree(words, each) for each in spelled)

    @functools.cached_property
    def _spelled(self) -> dict[str, list[Words]]:
        """The words of the patterns of several words, by skill; few runs need it, and there are 60,000."""
        spelled: dict[str, list[Words]] = {}
        for pattern in self._patterns:
            if pattern.phrase is not None and " " in pattern.phrase:
                spelled.setdefault(pattern.skill.id, []).append(tuple(_WORD.findall(pattern.phrase.lower())))
        return spelled


def _take_words(words: Sequence[str], letters: str) -> Words | None:
    """Return the last words whose first letters are those of an abbreviation in lower case, None where they are not."""
    taken: list[str] = []
    left = len(letters)
    for word in reversed(words):
        if not left:
            break
        lower = word.lower()
        if lower[0] == letters[left - 1]:
            taken.append(lower)
            left -= 1
        elif lower not in _SMALL_WORDS:
            return None
    return None if left else tuple(reversed(taken))


def _agree(words: Words, spelled: Words) -> bool:
    """Tell whether most of some words, or one of two, begin as those do that spell a skill out."""
    ours, theirs = ([word[:_PREFIX] for word in each if word not in _SMALL_WORDS] for each in (words, spelled))
    same = sum(word == other for word, other in zip(ours, theirs, strict=False))
    return 2 * same > len(ours) or same == 1 == len(ours) - 1
