"""The example sentences of the patterns, and the baseline: what must be found in them, and what must not."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
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


def try_baseline(root: Path, matcher: SkillMatcher) -> Iterator[PatternError]:
    """Yield a fault for each skill that is found in `baseline/*.txt`, in which there is none.

    Raises:
        PatternError: a file is not UTF-8.
    """
    for path in sorted((root / "baseline").glob("*.txt")):
        try:
            lines = path.read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise PatternError(str(path), 0, "unreadable", f"{error}; expected UTF-8 text") from error
        for number, line in enumerate(lines, 1):
            # Each by itself: a heading above would decide for those below it.
            for reason in matcher.explain_mentions("", "", line):
                message = (
                    f"nothing may be found in {line!r}, but {reason.mention.skill_id!r} is at "
                    f"{reason.mention.surface!r} by {root / reason.pattern}; give that pattern a `when`, `not_left` or "
                    "`not_right`, or delete it"
                )
                yield PatternError(str(path), number, "baseline", message)


def check_examples(vocabulary: Vocabulary) -> list[PatternError]:
    """Return every example that fails, what is found in the baseline, and what `find_gaps` finds."""
    matcher = SkillMatcher(vocabulary)
    examples = list(read_examples(vocabulary.root))
    known = (each for each in examples if each.skill_id in vocabulary.skills)
    failed = [fault for each in known if (fault := try_example(each, matcher)) is not None]
    return [*failed, *try_baseline(vocabulary.root, matcher), *find_gaps(vocabulary, examples)]


def find_gaps(vocabulary: Vocabulary, examples: Sequence[Example]) -> list[PatternError]:
    """Return every sentence of no skill, every skill without one, and every ambiguous one without a negative."""
    faults = [
        PatternError(each.path, each.line, "unregistered-id", f"unknown id {each.skill_id!r}")
        for each in examples
        if each.skill_id not in vocabulary.skills
    ]
    folder = vocabulary.root / "examples" / "skills"
    positive = {each.skill_id for each in examples if each.surface is not None}
    negative = {each.skill_id for each in examples if each.surface is None}
    unrefuted = {pattern.skill.id for pattern in vocabulary.patterns if pattern.when} - negative
    for skill in vocabulary.skills.values():
        path = str(folder / f"{skill.family}.jsonl")
        if skill.id not in positive:
            message = f"{skill.id!r} has no sentence in which it is found; add one"
            faults.append(PatternError(path, 0, "no-example", message))
        if skill.id in unrefuted:
            message = f"{skill.id!r} is ambiguous and has no sentence in which it is not; add one"
            faults.append(PatternError(path, 0, "no-negative", message))
    return faults
