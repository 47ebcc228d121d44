"""The skills of `patterns/registry.jsonl`, read and checked line by line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import cast, get_args

from skillextract.errors import PatternError
from skillextract.skills.vocabulary import Kind, Skill
from skillextract.text.jsonl import Shape, find_misfit, read_jsonl, read_strictly

_NEEDED = frozenset({"id", "name", "family", "kind"})
_KEYS = frozenset({*_NEEDED, "broader", "esco", "onet", "wikidata"})
_KINDS = get_args(Kind)
_SHAPES: dict[str, Shape] = {"broader": "texts"}
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def load_registry(root: Path) -> dict[str, Skill]:
    """Read the skills of a folder of patterns by id, without the patterns, which take ten times as long.

    Raises:
        PatternError: the registry cannot be read, or the first of its lines that breaks a rule.
    """
    return read_strictly(root / "registry.jsonl", read_registry)


def read_registry(path: Path, faults: list[PatternError]) -> dict[str, Skill]:
    """Return the skills of a file by id; a line that breaks a rule is added to `faults`."""
    skills: dict[str, Skill] = {}
    previous = ""
    for number, row in read_jsonl(path, faults):

        def fault(rule: str, message: str, number: int = number) -> None:
            faults.append(PatternError(str(path), number, rule, message))

        keys = row.keys()
        if not keys <= _KEYS:
            fault("keys", f"unknown keys {sorted(keys - _KEYS)}; known: {', '.join(sorted(_KEYS))}")
            continue
        if not keys >= _NEEDED:
            fault("keys", f"keys {sorted(_NEEDED - keys)} are missing; add them")
            continue
        if (misfit := find_misfit(row, _SHAPES)) is not None:
            fault(*misfit)
            continue
        if not _ID.fullmatch(row["id"]):
            fault("id", f"found id {row['id']!r}, expected lower-case letters and digits joined by `-`")
        if row["kind"] not in _KINDS:
            fault("kind", f"found kind {row['kind']!r}, expected one of {', '.join(_KINDS)}")
        if row["id"] in skills:
            fault("unique", f"id {row['id']!r} is registered twice; keep one line")
        if row["id"] < previous:
            fault("sorted", f"id {row['id']!r} stands behind {previous!r}; sort the file by id")
        previous = row["id"]
        links = {key: row[key] for key in ("esco", "onet", "wikidata") if key in row}
        skills[row["id"]] = Skill(
            row["id"], row["name"], row["family"], cast(Kind, row["kind"]), tuple(row.get("broader", ())), **links
        )
    for skill in skills.values():
        for broader in skill.broader:
            if broader not in skills:
                faults.append(
                    PatternError(str(path), 0, "broader", f"{skill.id!r} names {broader!r}, which is not registered")
                )
    return skills
