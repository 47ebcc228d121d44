"""The roles that a folder of patterns knows, and which of them is meant by a name that is none of theirs."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from pathlib import Path

from skillextract.errors import SettingsError
from skillextract.roles.titles import list_roles
from skillextract.skills.pattern_files import find_patterns

_LIKE_WORD = 0.6
"""From this likeness on (difflib's ratio) a word is another one, misspelt; so "ios engineer" is no data engineer."""

_LIKE_NAME = 0.8
"""The same for the whole name, which may be parted otherwise ("dataengineer")."""

_CUT_SHORT = 3
"""A word may be cut short to so many letters ("data eng")."""


def find_near_role(root: Path, role: str) -> str | None:
    """The role of a folder of patterns that a name may mean; None where none is like it, or several are.

    A name is like a role's where it is misspelt, or gives initials in place of words ("ml-engineer", "MLE"), or leaves
    the last words out. That both end in "engineer" says nothing.
    """
    known = {each: _part_words(each) for each in list_roles(root)}
    asked = _part_words(role)
    spelt = {each: _measure_likeness(asked, words) for each, words in known.items() if _is_like(asked, words)}
    if spelt:
        return max(spelt, key=lambda each: spelt[each])
    short = [each for each, words in known.items() if asked and _is_short_for(asked, words)]
    return short[0] if len(short) == 1 else None


def _part_words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", name.lower())


def _measure_likeness(asked: Sequence[str], words: Sequence[str]) -> float:
    return difflib.SequenceMatcher(None, "".join(asked), "".join(words)).ratio()


def _is_like(asked: Sequence[str], words: Sequence[str]) -> bool:
    """Whether the words before a common last one are alike, each by itself or all without their blanks."""
    if asked[-1:] == words[-1:]:
        asked, words = asked[:-1], words[:-1]
    if _measure_likeness(asked, words) >= _LIKE_NAME:
        return True
    return len(asked) == len(words) and all(
        _measure_likeness([ours], [theirs]) >= _LIKE_WORD for ours, theirs in zip(asked, words, strict=True)
    )


def _is_short_for(asked: Sequence[str], words: Sequence[str]) -> bool:
    """Whether each asked word begins the next of the words, or is the initials of the next ones."""
    if not asked:
        return True
    if not words:
        return False
    first, rest = asked[0], asked[1:]
    whole = first == words[0] or (len(first) >= _CUT_SHORT and words[0].startswith(first))
    taken = [1] if whole else []
    taken += [n for n in range(2, len(words) + 1) if first == "".join(word[0] for word in words[:n])]
    return any(_is_short_for(rest, words[n:]) for n in taken)


def describe_unknown_role(root: Path, role: str, *, place: str) -> str | None:
    """What is wrong with a role that a folder of patterns does not know; None of one that it knows.

    Args:
        root: a folder of patterns.
        role: the role's id, the name of its file.
        place: where the role was named.
    """
    known = list_roles(root)
    if role in known:
        return None
    near = find_near_role(root, role)
    advice = f"did you mean {near}?" if near else "name one of them, or add its file"
    return (
        f"{place}: found {role!r}, expected one of {', '.join(known) or 'none'}, each a file of {root / 'roles'}; "
        f"{advice}"
    )


def tell_unknown_role(role: str, place: str) -> str | None:
    """The same by the built-in patterns, as `load_settings` asks for it."""
    return describe_unknown_role(find_patterns(), role, place=place)


def check_role(root: Path, role: str, *, place: str = "settings: role") -> None:
    """Refuse a role that a folder of patterns does not know.

    Args:
        root: a folder of patterns.
        role: the role's id, the name of its file.
        place: where the role was named, for the message.

    Raises:
        SettingsError: there is no such role; the message names those that there are, and where they are defined.
    """
    fault = describe_unknown_role(root, role, place=place)
    if fault is not None:
        raise SettingsError(fault)
