"""What is found in a text, what is not, and how it is meant."""

import itertools

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from skillextract.skills.folding import fold_text
from skillextract.skills.matcher import SkillMatcher
from skillextract.skills.mention import Mention
from skillextract.skills.vocabulary import fold_variants

POSTING = """Acme builds maps with Rust for millions of people.

What you'll do
- Run Kafka and RabbitMQ clusters
- Work with our data scientists and the DevOps team

What you bring
• Strong Python; C/C++ or Go (both preferred)
- You go the extra mile and excel at what you do
- Terraform or CloudFormation is a plus
- No prior Kubernetes experience required

Benefits
- Unlimited Python courses
"""


def list_found(mentions: list[Mention]) -> list[tuple[str, str, str]]:
    return [(mention.surface, mention.skill_id, mention.requirement) for mention in mentions]


def test_a_posting_is_read_as_a_person_reads_it(matcher: SkillMatcher) -> None:
    mentions = matcher.find_mentions("p1", "Platform Engineer", POSTING)
    tools = [m for m in mentions if matcher.vocabulary.skills[m.skill_id].kind == "tool"]
    assert list_found(tools) == [
        ("Rust", "rust", "context"),
        ("Kafka", "kafka", "duty"),
        ("RabbitMQ", "rabbitmq", "duty"),
        ("Python", "python", "required"),
        ("C", "c", "preferred"),
        ("C++", "cpp", "preferred"),
        ("Go", "go", "preferred"),
        ("Terraform", "terraform", "preferred"),
        ("CloudFormation", "cloudformation", "preferred"),
        ("Kubernetes", "kubernetes", "negated"),
        ("Python", "python", "context"),
    ]


def test_offsets_point_at_the_surface_and_mentions_never_overlap(matcher: SkillMatcher) -> None:
    mentions = matcher.find_mentions("p1", "", POSTING)
    assert [POSTING[m.start : m.end] for m in mentions] == [m.surface for m in mentions]
    assert all(left.end <= right.start for left, right in itertools.pairwise(mentions))


@pytest.mark.parametrize(
    "text",
    [
        "You will go the extra mile for our customers.",
        "We act swiftly and react quickly to what people need.",
        "Sparks joy. Excel at what you do, and rest well.",
        "Machine Learning Engineer",
        "Work closely with data scientists, ML engineers and the DevOps team.",
        "Write to kafka@python.example or see https://www.terraform.example/docs/go",
        "Head of Machine Learning",
    ],
)
def test_nothing_is_found_where_no_skill_is_named(matcher: SkillMatcher, text: str) -> None:
    assert list_found(matcher.find_mentions("p", "", text)) == []


def test_the_employers_own_name_is_no_skill_unless_it_is_asked_for_like_any_other(matcher: SkillMatcher) -> None:
    text = "At Snowflake we store data. Snowflake grows.\nRequirements\nExperience with Snowflake and PostgreSQL."
    found = matcher.find_mentions("p", "", text, company="Snowflake")
    assert [(m.surface, text.count("\n", 0, m.start)) for m in found] == [("Snowflake", 2), ("PostgreSQL", 2)]


def test_a_skill_inside_the_employers_name_is_none(matcher: SkillMatcher) -> None:
    text = "Gecko Robotics climbs walls. You know robotics."
    found = matcher.find_mentions("p", "", text, company="gecko-robotics")
    assert [(m.surface, m.start) for m in found] == [("robotics", 38)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("We are backed by the founders of Stripe, Okta and Figma.", []),
        ("Companies like Heap, Snowflake and Shopify use our product.", []),
        ("Datadog was founded in 2010.", []),
        ("Tools like Snowflake, Datadog and Figma are part of the day.", ["Snowflake", "Datadog", "Figma"]),
        ("Built in TypeScript+React; 5+years of C++/Go.", ["TypeScript", "React", "C++", "Go"]),
    ],
)
def test_names_of_companies_are_no_tools(matcher: SkillMatcher, line: str, expected: list[str]) -> None:
    assert [m.surface for m in matcher.find_mentions("p", "", line) if m.surface != "product"] == expected


@pytest.mark.parametrize(
    ("line", "surface", "skill_id"),
    [
        ("•Kubernetes", "Kubernetes", "kubernetes"),
        ("Experience with k8s.", "k8s", "kubernetes"),
        ("Apache\xa0Kafka", "Apache\xa0Kafka", "kafka"),
        ("scikit\u2011learn", "scikit\u2011learn", "scikit-learn"),
        ("You script in R.", "R", "r"),
        ("Python/Go", "Go", "go"),
        ("node.js, React", "node.js", "nodejs"),
        ("(AWS)", "AWS", "aws"),
        ("CI / CD, Docker", "CI / CD", "ci-cd"),
    ],
)
def test_spellings_of_real_postings_are_found(matcher: SkillMatcher, line: str, surface: str, skill_id: str) -> None:
    assert (surface, skill_id) in [(m.surface, m.skill_id) for m in matcher.find_mentions("p", "", line)]


def test_why_a_mention_was_taken_is_told(matcher: SkillMatcher) -> None:
    [reason] = [r for r in matcher.explain_mentions("p", "", "Go, Kafka") if r.mention.skill_id == "go"]
    path, line = reason.pattern.split(":")
    pattern = (matcher.vocabulary.root / path).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert (reason.signal, '"id": "go"' in pattern) == ("in_list", True)


def split_words(nlp: spacy.Language, text: str) -> Doc:
    """Words between single blanks; a run of blanks is a token of its own, so that phrases keep their distance."""
    words = text.split(" ")
    return Doc(nlp.vocab, words=[word or "\u2423" for word in words], spaces=[True] * (len(words) - 1) + [False])


@pytest.fixture(scope="module")
def every_phrase(matcher: SkillMatcher):  # type: ignore[no-untyped-def]
    nlp = spacy.blank("en")
    phrases = PhraseMatcher(nlp.vocab)
    for pattern in matcher.vocabulary.patterns:
        if pattern.phrase is not None:
            docs = [split_words(nlp, variant.decode("latin-1").strip()) for variant in fold_variants(pattern.phrase)]
            phrases.add(pattern.place, docs)

    def find(text: str) -> set[tuple[int, int, str]]:
        found = set()
        start = 0
        for line in text.split("\n"):
            folded = fold_text(line)[1:-1].decode("latin-1")
            doc = split_words(nlp, folded)
            offsets, position = [], 0
            for token in doc:
                offsets.append(position)
                position += (0 if token.text == "\u2423" else len(token.text)) + 1
            for key, first, last in phrases(doc):
                end = offsets[last - 1] + len(doc[last - 1].text)
                found.add((start + offsets[first], start + end, nlp.vocab.strings[key]))
            start += len(line) + 1
        return found

    return find


def list_candidates(matcher: SkillMatcher, text: str) -> set[tuple[int, int, str]]:
    """What the screen lets through, before letters' case and conditions are looked at."""
    _, hits = matcher._screen.scan(text)
    return {
        (start, end, pattern.place)
        for literal, start, end in hits
        if "\n" not in text[start:end]
        for pattern in matcher._screen.patterns[literal]
        if pattern.phrase is not None
    }


def test_the_screen_loses_nothing_that_every_pattern_over_every_line_finds(matcher: SkillMatcher, every_phrase) -> None:  # type: ignore[no-untyped-def]
    assert list_candidates(matcher, POSTING) == every_phrase(POSTING)


SURFACES = st.sampled_from(
    ["Go", "C++", "machine learning", "Kafka", "CI/CD", "R", "node.js", "the", "Learning", "k8s"]
)
JOINTS = st.sampled_from([" ", ", ", "/", "\n", " (", ") ", "-", ". ", "•", "\u2011", "\xa0", "", "  "])


@settings(max_examples=300)
@given(st.lists(st.tuples(SURFACES, JOINTS), max_size=12))
def test_the_screen_loses_nothing_in_generated_texts(matcher: SkillMatcher, every_phrase, parts) -> None:  # type: ignore[no-untyped-def]
    text = "".join(surface + joint for surface, joint in parts)
    assert list_candidates(matcher, text) == every_phrase(text)


@given(st.text())
def test_no_text_breaks_the_matcher(matcher: SkillMatcher, text: str) -> None:
    mentions = matcher.find_mentions("p", "", text)
    assert [text[m.start : m.end] for m in mentions] == [m.surface for m in mentions]
