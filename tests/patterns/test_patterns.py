"""The built-in patterns: lint, examples, carriers, baseline; each family is a case of its own.

The fifth layer, accuracy, is in `tests/test_evaluation.py`.
"""

from collections import defaultdict
from pathlib import Path

import pytest

from skillextract.skills.examples import Example, check_examples, read_examples, try_example
from skillextract.skills.matcher import SkillMatcher
from skillextract.skills.pattern_files import find_patterns, lint_vocabulary, load_vocabulary
from skillextract.skills.vocabulary import Pattern, Vocabulary

ROOT = find_patterns()
VOCABULARY: Vocabulary = load_vocabulary(ROOT)
EXAMPLES: dict[str, list[Example]] = defaultdict(list)
for example in read_examples(ROOT):
    EXAMPLES[example.skill_id].append(example)
PATTERNS: dict[str, list[Pattern]] = defaultdict(list)
for pattern in VOCABULARY.patterns:
    PATTERNS[pattern.skill.family].append(pattern)
FAMILIES = sorted({skill.family for skill in VOCABULARY.skills.values()})

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


def test_there_are_at_least_1800_skills_5000_forms_in_families_and_all_of_the_profile() -> None:
    assert len(VOCABULARY.skills) >= 1800
    assert len({pattern.literals[0] for pattern in VOCABULARY.patterns}) >= 5000
    assert set(VOCABULARY.skills) >= PROFILE_SKILLS


def test_every_skill_has_a_sentence_and_every_ambiguous_one_a_sentence_where_it_is_not() -> None:
    assert [str(fault) for fault in check_examples(VOCABULARY) if fault.rule_id != "example"] == []


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


@pytest.mark.parametrize("family", FAMILIES)
def test_examples(matcher: SkillMatcher, family: str) -> None:
    skills = [skill.id for skill in VOCABULARY.skills.values() if skill.family == family]
    faults = [try_example(example, matcher) for skill_id in skills for example in EXAMPLES[skill_id]]
    assert [skill_id for skill_id in skills if not EXAMPLES[skill_id]] == []
    assert [str(fault) for fault in faults if fault is not None] == []


def is_certain(pattern: Pattern) -> bool:
    return pattern.phrase is not None and pattern.when is None and not pattern.may_be_refused


def test_most_patterns_are_carried() -> None:
    """The carriers try certain phrases only; were that a few, they would prove nothing."""
    assert sum(map(is_certain, VOCABULARY.patterns)) > 25_000


@pytest.mark.parametrize("family", FAMILIES)
def test_carriers(matcher: SkillMatcher, family: str) -> None:
    lost = []
    for pattern in PATTERNS[family]:
        if pattern.phrase is None or not is_certain(pattern):
            continue
        for carrier in CARRIERS:
            shouted = pattern.phrase if pattern.exact else pattern.phrase.upper()
            text = carrier.format(s=pattern.phrase, S=shouted)
            found = {mention.skill_id for mention in matcher.find_mentions("", "", text)}
            if pattern.skill.id not in found:
                lost.append((pattern.place, text, found))
    assert lost == []


BASELINE = sorted((ROOT / "baseline").glob("*.txt"))


@pytest.mark.parametrize("path", BASELINE, ids=[path.stem for path in BASELINE])
def test_baseline(matcher: SkillMatcher, path: Path) -> None:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    found = {line: [m.surface for m in matcher.find_mentions("", "", line)] for line in lines}
    assert len(lines) >= 40
    assert {line: surfaces for line, surfaces in found.items() if surfaces} == {}
