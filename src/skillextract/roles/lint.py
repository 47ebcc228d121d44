"""Every role of a folder of patterns, tried as a run would read it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from skillextract.errors import PatternError
from skillextract.roles.profile import check_skills, load_profile
from skillextract.roles.titles import list_roles, load_titles


class InFamily(Protocol):
    """A registered skill, as far as a profile asks for it."""

    @property
    def family(self) -> str:
        """The group of skills that it belongs to."""


def lint_roles(root: Path, *, skills: Mapping[str, InFamily]) -> list[PatternError]:
    """Return the first fault of each role's titles and of its profile, by role; none where all is sound.

    Args:
        root: a folder of patterns; one without roles has no fault.
        skills: the registered skills by id.
    """
    families = {skill.family for skill in skills.values()}
    faults: list[PatternError] = []
    for role in list_roles(root):
        path = root / "roles" / f"{role}.toml"
        try:
            load_titles(root, role)
        except PatternError as fault:
            faults.append(fault)
        try:
            check_skills(load_profile(path), skills=skills, families=families, path=str(path))
        except PatternError as fault:
            faults.append(fault)
    # The grammar is shared: its fault is found once for each role.
    return list({str(fault): fault for fault in faults}.values())
