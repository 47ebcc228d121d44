"""The built-in patterns: lint, examples, carriers, baseline; each family is a case of its own, and names every fault.

The fifth layer, accuracy, is in `tests/test_evaluation.py`.
"""

import bisect
import itertools
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest

from skillextract.skills.examples import Example, find_gaps, read_examples, try_example
from skillextract.skills.matcher import SkillMatcher
from skillextract.skills.pattern_files import find_patterns, lint_vocabulary
from skillextract.skills.vocabulary import Pattern, Vocabulary

ROOT = find_patterns()
# By the names of files: whoever runs other tests shall not wait until 60,000 patterns are read.
FAMILIES = sorted(path.stem for path in (ROOT / "skills").glob("*.jsonl"))

PROFILE_SKILLS = {
    "mathematics", "java", "python", "leadership", "attention-to-detail", "large-scale-data", "cpp", "linux", "kafka",
    "rabbitmq", "zeromq", "etcd", "zookeeper", "consul", "terraform", "cloudformation",
}  # fmt: skip

# How people set a word: each must leave it to be found. Certain surface forms only; the ambiguous ones have examples.
CARRIERS = (
    "({s})",
    "{s}.",
    "•{s}",
    "Quorvane/{s}",
    "{s}-based",
    "Python, {s} or Java",
    "{s}:",
    "“{s}”",
    "\u2022\xa0{s}",
    "[{s}];",
    "{S}",
)


@pytest.fixture(scope="module")
def examples() -> dict[str, list[Example]]:
    """The examples of each skill."""
    read: dict[str, list[Example]] = defaultdict(list)
    for example in read_examples(ROOT):
        read[example.skill_id].append(example)
    return read


@pytest.fixture(scope="module")
def certain(vocabulary: Vocabulary) -> dict[str, list[Pattern]]:
    """The certain phrases of each skill: what stands beside them decides nothing."""
    phrases: dict[str, list[Pattern]] = defaultdict(list)
    for pattern in vocabulary.patterns:
        if pattern.phrase is not None and pattern.when is None and not pattern.may_be_refused:
            phrases[pattern.skill.id].append(pattern)
    return phrases


def test_lint_finds_no_fault() -> None:
    assert [str(fault) for fault in lint_vocabulary(ROOT)] == []


def test_there_are_at_least_13000_skills_55000_forms_and_all_of_the_profile(vocabulary: Vocabulary) -> None:
    """A little below what there is, so that a family that is lost, with its examples, is seen."""
    assert vocabulary.root == ROOT
    assert len(vocabulary.skills) >= 13_000
    assert len({pattern.literals[0] for pattern in vocabulary.patterns}) >= 55_000
    assert set(vocabulary.skills) >= PROFILE_SKILLS


def test_every_skill_is_of_a_family_that_is_a_case_below(vocabulary: Vocabulary) -> None:
    assert sorted({skill.family for skill in vocabulary.skills.values()}) == FAMILIES


def test_every_skill_has_a_sentence_and_every_ambiguous_one_a_sentence_where_it_is_not(
    vocabulary: Vocabulary, examples: dict[str, list[Example]]
) -> None:
    every = [each for several in examples.values() for each in several]
    assert [str(fault) for fault in find_gaps(vocabulary, every)] == []


def test_a_service_of_a_cloud_and_its_initials_are_one_skill(vocabulary: Vocabulary) -> None:
    """Two ids for one thing halve its share: "AWS FIS" was not "AWS Fault Injection Simulator"."""
    vendors = ("aws ", "amazon ", "azure ", "google cloud ", "gcp ", "nvidia ")
    words: dict[str, set[str]] = defaultdict(set)
    short: dict[str, str] = {}
    for pattern in vocabulary.patterns:
        phrase = (pattern.phrase or "").lower()
        vendor = next((each for each in vendors if phrase.startswith(each)), None)
        if vendor is not None:
            first, *rest = phrase.removeprefix(vendor).replace("-", " ").split()
            if rest:
                words[vendor + "".join(word[0] for word in (first, *rest))].add(pattern.skill.id)
            elif len(first) > 2:
                short[phrase] = pattern.skill.id
    several = {phrase: words[phrase] | {skill} for phrase, skill in short.items() if words[phrase] - {skill}}
    # Two things whose initials are the same.
    assert set(several) == {"aws waf", "azure apim"}, several


def test_most_patterns_are_carried(certain: dict[str, list[Pattern]]) -> None:
    """The carriers try certain phrases only; were that a few, they would prove nothing."""
    assert sum(map(len, certain.values())) > 25_000


def find_lost(matcher: SkillMatcher, patterns: Sequence[Pattern]) -> list[str]:
    """Where certain phrases of a skill are not found in their carriers: the pattern's place, the line, what was found.

    All of them are the lines of one text, for a text takes longer than a line; a line decides by itself.
    """
    carried = [
        (pattern, carrier.format(s=pattern.phrase, S=pattern.phrase if pattern.exact else str(pattern.phrase).upper()))
        for pattern in patterns
        for carrier in CARRIERS
    ]
    begins = list(itertools.accumulate((len(line) + 1 for _, line in carried), initial=0))
    found: list[set[str]] = [set() for _ in carried]
    # With an employer: else a text that begins with a name, and names its address, would be taken for a posting of it.
    for mention in matcher.find_mentions("", "", "\n".join(line for _, line in carried), company="Northwind"):
        found[bisect.bisect_right(begins, mention.start) - 1].add(mention.skill_id)
    return [
        f"{pattern.place}: {pattern.skill.id!r} must be found in {line!r}; found: {sorted(others)}"
        for (pattern, line), others in zip(carried, found, strict=True)
        if pattern.skill.id not in others
    ]


# A case of each skill would take three times as long: what pytest does around 13,000 cases is most of it.
@pytest.mark.parametrize("family", FAMILIES)
def test_examples_and_carriers(
    matcher: SkillMatcher, examples: dict[str, list[Example]], certain: dict[str, list[Pattern]], family: str
) -> None:
    faults: list[str] = []
    for skill in matcher.vocabulary.skills.values():
        if skill.family == family:
            if not examples[skill.id]:
                faults.append(f"{skill.id!r} has no example")
            faults += [str(fault) for each in examples[skill.id] if (fault := try_example(each, matcher)) is not None]
            faults += find_lost(matcher, certain[skill.id])
    # As the message, too: of a comparison pytest shows the first lines only.
    assert faults == [], "\n".join(faults)


BASELINE = sorted((ROOT / "baseline").glob("*.txt"))


@pytest.mark.parametrize("path", BASELINE, ids=[path.stem for path in BASELINE])
def test_baseline(matcher: SkillMatcher, path: Path) -> None:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    found = {line: [m.surface for m in matcher.find_mentions("", "", line)] for line in lines}
    assert len(lines) >= 40
    assert {line: surfaces for line, surfaces in found.items() if surfaces} == {}
