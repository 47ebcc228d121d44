"""Every role of a folder of patterns, tried as a run would read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from skillextract.errors import PatternError
from skillextract.roles.profile import ProfileItem, RoleProfile, check_skills, find_item_line, load_profile
from skillextract.roles.titles import find_unread_names, list_roles, load_titles

_WORD = re.compile(r"[\w+#&/.-]*[\w+#]")

_ENDS = re.compile(r"$|[^\w\s]|\s+(?:and|as|at|by|for|from|in|of|on|or|such|to|with)\b")
"""What a name is followed by where it is one: in "programming language" programming only says which language."""

_CASED = frozenset({"tool", "language"})
"""Kinds of skills whose names are also ordinary words (Processing, Go): in an item's name they count as written."""


class RegisteredSkill(Protocol):
    """A registered skill, as far as a profile asks for it."""

    @property
    def name(self) -> str:
        """As readers know it."""

    @property
    def kind(self) -> str:
        """`tool`, `concept`, `soft`, `degree` or `language`."""

    @property
    def family(self) -> str:
        """The group of skills that it belongs to."""


def lint_roles(root: Path, *, skills: Mapping[str, RegisteredSkill]) -> list[PatternError]:
    """Return the first fault of each role's titles, that of its profile, and all names and items that cannot be met.

    Args:
        root: a folder of patterns; one without roles has no fault.
        skills: the registered skills by id.
    """
    families = {skill.family for skill in skills.values()}
    faults: list[PatternError] = []
    items: dict[str, tuple[str, ProfileItem]] = {}
    for role in list_roles(root):
        path = root / "roles" / f"{role}.toml"
        try:
            load_titles(root, role)
            faults += find_unread_names(root, role)
        except PatternError as fault:
            faults.append(fault)
        try:
            profile = load_profile(path)
            check_skills(profile, skills=skills, families=families, path=str(path))
        except PatternError as fault:
            faults.append(fault)
            continue
        faults += find_unmet_names(profile, skills, path=str(path))
        for item in profile.items:
            other, same = items.setdefault(item.name, (role, item))
            differing = ", ".join(sorted(_list_met_by(same, skills) ^ _list_met_by(item, skills)))
            if differing:
                message = (
                    f"item {item.number} is called {item.name!r} as in {other}.toml, and not met by the "
                    f"same: {differing}; two items of one name ask for the same: add these, or rename one"
                )
                faults.append(PatternError(str(path), find_item_line(str(path), item.number), "same-name", message))
    # The grammar is shared: its fault is found once for each role.
    return list({str(fault): fault for fault in faults}.values())


def find_unmet_names(
    profile: RoleProfile, skills: Mapping[str, RegisteredSkill], *, path: str
) -> Iterator[PatternError]:
    """Find the items whose name holds that of a skill which does not meet them.

    A reader takes "Running distributed systems" to be met by postings that ask for distributed systems. Where it is met
    by three tools alone, its verdict is weak while distributed systems stand among what the profile leaves out.

    Args:
        profile: the profile.
        skills: the registered skills by id.
        path: the profile's file, for the message.
    """
    names = NamesInWords(skills)
    for item in profile.items:
        for skill in names.find_unmet(item):
            message = (
                f"item {item.number} is called {item.name!r} and not met by {skill!r}; "
                "add it to its skills or similar, or rename the item"
            )
            yield PatternError(path, find_item_line(path, item.number), "unmet-name", message)


class NamesInWords:
    """Finds the names of skills in what an item is called.

    Args:
        skills: the registered skills by id.
    """

    def __init__(self, skills: Mapping[str, RegisteredSkill]) -> None:
        self._skills = skills
        self._by_name: dict[str, list[str]] = {}
        for skill, entry in skills.items():
            self._by_name.setdefault(entry.name.casefold(), []).append(skill)

    def find_unmet(self, item: ProfileItem) -> list[str]:
        """The skills that an item is called after and that do not meet it, one for each name.

        A name within a longer one says nothing of its own: "Amazon Web Services" asks for no web services.
        """
        unmet: list[tuple[int, int, str]] = []
        longer = list(self._find_own(item))
        words = list(_WORD.finditer(item.name))
        for first, opening in enumerate(words):
            for closing in words[first:]:
                start, end = opening.start(), closing.end()
                found = item.name[start:end]
                named = self._by_name.get(found.casefold(), ())
                if any(_is_spelt(self._skills[skill], found) for skill in named):
                    longer.append((start, end))
                ids = [skill for skill in named if _is_named(self._skills[skill], found, start)]
                if ids and _ENDS.match(item.name, end) and not any(self._is_met(item, skill) for skill in ids):
                    unmet.append((start, end, ids[0]))
        return [
            skill
            for start, end, skill in unmet
            if not any(left <= start and end <= right and right - left > end - start for left, right in longer)
        ]

    def _find_own(self, item: ProfileItem) -> Iterator[tuple[int, int]]:
        """Where the names of the item's own skills stand, those with brackets in them, too."""
        for skill in (*item.skills, *item.similar):
            if skill in self._skills:
                name = re.escape(self._skills[skill].name)
                for found in re.finditer(rf"(?<!\w){name}(?!\w)", item.name, re.IGNORECASE):
                    yield found.span()

    def _is_met(self, item: ProfileItem, skill: str) -> bool:
        return _meets(item, skill, self._skills[skill].family)


def _is_spelt(skill: RegisteredSkill, found: str) -> bool:
    """Whether words are the skill's name wherever they stand, also at the beginning."""
    return skill.kind not in _CASED or skill.name == found


def _is_named(skill: RegisteredSkill, found: str, start: int) -> bool:
    """Whether words of an item's name are the skill's name; the first word has a capital whatever it is."""
    return _is_spelt(skill, found) and (skill.kind not in _CASED or start > 0)


def _meets(item: ProfileItem, skill: str, family: str) -> bool:
    return skill in item.skills or skill in item.similar or family in item.families


def _list_met_by(item: ProfileItem, skills: Mapping[str, RegisteredSkill]) -> set[str]:
    return {skill for skill, entry in skills.items() if _meets(item, skill, entry.family)}
