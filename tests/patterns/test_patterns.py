"""The built-in patterns: lint, examples, carriers, baseline; each skill is a case of its own.

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
from skillextract.skills.pattern_files import find_patterns, lint_vocabulary, load_vocabulary
from skillextract.skills.vocabulary import Pattern, Vocabulary

ROOT = find_patterns()
VOCABULARY: Vocabulary = load_vocabulary(ROOT)
EXAMPLES: dict[str, list[Example]] = defaultdict(list)
for example in read_examples(ROOT):
    EXAMPLES[example.skill_id].append(example)
CERTAIN: dict[str, list[Pattern]] = defaultdict(list)
"""The certain phrases of each skill: what stands beside them decides nothing."""
for pattern in VOCABULARY.patterns:
    if pattern.phrase is not None and pattern.when is None and not pattern.may_be_refused:
        CERTAIN[pattern.skill.id].append(pattern)

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


def test_lint_finds_no_fault() -> None:
    assert [str(fault) for fault in lint_vocabulary(ROOT)] == []


def test_there_are_at_least_13000_skills_55000_forms_and_all_of_the_profile() -> None:
    """A little below what there is, so that a family that is lost, with its examples, is seen."""
    assert len(VOCABULARY.skills) >= 13_000
    assert len({pattern.literals[0] for pattern in VOCABULARY.patterns}) >= 55_000
    assert set(VOCABULARY.skills) >= PROFILE_SKILLS


def test_every_skill_has_a_sentence_and_every_ambiguous_one_a_sentence_where_it_is_not() -> None:
    examples = [each for several in EXAMPLES.values() for each in several]
    assert [str(fault) for fault in find_gaps(VOCABULARY, examples)] == []


def test_a_service_of_a_cloud_and_its_initials_are_one_skill() -> None:
    """Two ids for one thing halve its share: "AWS FIS" was not "AWS Fault Injection Simulator"."""
    vendors = ("aws ", "amazon ", "azure ", "google cloud ", "gcp ", "nvidia ")
    words: dict[str, set[str]] = defaultdict(set)
    short: dict[str, str] = {}
    for pattern in VOCABULARY.patterns:
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


def test_most_patterns_are_carried() -> None:
    """The carriers try certain phrases only; were that a few, they would prove nothing."""
    assert sum(map(len, CERTAIN.values())) > 25_000


def find_lost(matcher: SkillMatcher, patterns: Sequence[Pattern]) -> list[tuple[str, str, set[str]]]:
    """Where certain phrases of a skill are not found in their carriers: a pattern's place, the line, what was found.

    All of them are the lines of one text, for a text takes longer than a line; a line decides by itself.
    """
    carried = [
        (pattern, carrier.format(s=pattern.phrase, S=pattern.phrase if pattern.exact else str(pattern.phrase).upper()))
        for pattern in patterns
        for carrier in CARRIERS
    ]
    begins = list(itertools.accumulate((len(line) + 1 for _, line in carried), initial=0))
    found: list[set[str]] = [set() for _ in carried]
    for mention in matcher.find_mentions("", "", "\n".join(line for _, line in carried)):
        found[bisect.bisect_right(begins, mention.start) - 1].add(mention.skill_id)
    return [
        (pattern.place, line, others)
        for (pattern, line), others in zip(carried, found, strict=True)
        if pattern.skill.id not in others
    ]


# Both layers in one case: a case of each would make this file's run longer by half.
@pytest.mark.parametrize("skill_id", VOCABULARY.skills)
def test_examples_and_carriers(matcher: SkillMatcher, skill_id: str) -> None:
    faults = [try_example(example, matcher) for example in EXAMPLES[skill_id]]
    lost = find_lost(matcher, CERTAIN[skill_id])
    assert EXAMPLES[skill_id] != []
    assert {"examples": [str(fault) for fault in faults if fault is not None], "carriers": lost} == {
        "examples": [],
        "carriers": [],
    }


BASELINE = sorted((ROOT / "baseline").glob("*.txt"))


@pytest.mark.parametrize("path", BASELINE, ids=[path.stem for path in BASELINE])
def test_baseline(matcher: SkillMatcher, path: Path) -> None:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    found = {line: [m.surface for m in matcher.find_mentions("", "", line)] for line in lines}
    assert len(lines) >= 40
    assert {line: surfaces for line, surfaces in found.items() if surfaces} == {}
