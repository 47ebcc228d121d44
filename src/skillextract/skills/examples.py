"""The example sentences of the patterns: what must be found in them, and what must not."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from skillextract.errors import PatternError
from skillextract.skills.matcher import SkillMatcher
from skillextract.skills.vocabulary import Vocabulary
from skillextract.text.jsonl import read_jsonl


@dataclasses.dataclass(frozen=True, slots=True)
class Example:
    """A sentence and what the whole rule set makes of it.

    Attributes:
        skill_id: the skill that it is an example of.
        text: the sentence, or several lines.
        surface: where the skill must be found; None where it must not be found at all.
        path: the file, as text.
        line: the line in it, counted from 1.
    """

    skill_id: str
    text: str
    surface: str | None
    path: str
    line: int


def read_examples(root: Path) -> Iterator[Example]:
    """Yield the examples of `examples/skills/*.jsonl`.

    Raises:
        PatternError: a line is no JSON object or has other keys.
    """
    faults: list[PatternError] = []
    for path in sorted((root / "examples" / "skills").glob("*.jsonl")):
        for number, row in read_jsonl(path, faults):
            if set(row) != {"id", "text", "surface"}:
                faults.append(
                    PatternError(str(path), number, "keys", f"found {sorted(row)}, expected id, surface and text")
                )
                continue
            yield Example(row["id"], row["text"], row["surface"], str(path), number)
    if faults:
        raise faults[0]


def try_example(example: Example, matcher: SkillMatcher) -> PatternError | None:
    """Return what is wrong with an example, None where the rule set does what it says."""
    found = matcher.find_mentions("", "", example.text)
    surfaces = [mention.surface for mention in found if mention.skill_id == example.skill_id]
    if example.surface is None and surfaces:
        message = f"{example.skill_id!r} must not be found in {example.text!r}, but is at {surfaces[0]!r}"
    elif example.surface is not None and example.surface not in surfaces:
        others = ", ".join(f"{mention.surface!r} ({mention.skill_id})" for mention in found) or "nothing"
        message = f"{example.skill_id!r} must be found at {example.surface!r} in {example.text!r}; found: {others}"
    else:
        return None
    return PatternError(example.path, example.line, "example", message)


def check_examples(vocabulary: Vocabulary) -> list[PatternError]:
    """Return every example that fails, every skill without a sentence, and every ambiguous one without a negative."""
    matcher = SkillMatcher(vocabulary)
    faults: list[PatternError] = []
    positive: set[str] = set()
    negative: set[str] = set()
    for example in read_examples(vocabulary.root):
        (negative if example.surface is None else positive).add(example.skill_id)
        if example.skill_id not in vocabulary.skills:
            faults.append(
                PatternError(example.path, example.line, "unregistered-id", f"unknown id {example.skill_id!r}")
            )
        elif (fault := try_example(example, matcher)) is not None:
            faults.append(fault)
    for skill in vocabulary.skills.values():
        path = str(vocabulary.root / "examples" / "skills" / f"{skill.family}.jsonl")
        if skill.id not in positive:
            faults.append(
                PatternError(path, 0, "no-example", f"{skill.id!r} has no sentence in which it is found; add one")
            )
    for skill_id in sorted({p.skill.id for p in vocabulary.patterns if p.when} - negative):
        path = str(vocabulary.root / "examples" / "skills" / f"{vocabulary.skills[skill_id].family}.jsonl")
        faults.append(
            PatternError(
                path, 0, "no-negative", f"{skill_id!r} is ambiguous and has no sentence in which it is not; add one"
            )
        )
    return faults
