"""The screen loses nothing: what it lets through is what spaCy finds with every pattern on every line.

Phrases are looked for by spaCy's `PhraseMatcher` among the words of the folded line, token patterns by its `Matcher`
among its own tokens. Ours is better on purpose in one thing, which folding does before spaCy sees the line: a bullet,
bracket or slash glued to a word ("•Python", "Python/Go") is no part of it. What is compared is what `_read_lines` finds
in all lines of a text at once and deals out to them, before anything is refused. Folding itself is on both sides, so a
fault in it would not show here: `test_folding.py` and the carriers of `tests/patterns` look at that.
"""

from __future__ import annotations

import dataclasses
import gzip
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.matcher import Matcher, PhraseMatcher
from spacy.tokens import Doc

from skillextract.collect.shipped_sample import fetch_sample, parse_sample
from skillextract.posting import PostingDraft
from skillextract.settings import SampleSource
from skillextract.skills.folding import fold_text, straighten
from skillextract.skills.matcher import Accepted, SkillMatcher
from skillextract.skills.passage import Passage
from skillextract.skills.spans import Span
from skillextract.skills.vocabulary import Vocabulary
from skillextract.text.html import extract_text
from skillextract.text.render import render_posting
from skillextract.text.sections import UNDIVIDED

ASHBY = Path(__file__).parents[3] / "shared" / "data" / "postings" / "ashby"

Place = tuple[str, int, int, str]
"""A line, start and end in it, the pattern's file and line."""


class Recorder(SkillMatcher):
    """A matcher that keeps what its screen lets through, before any of it is refused, and goes no further."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__(vocabulary)
        self._kept: set[Place] = set()

    def list_screened(self, text: str) -> set[Place]:
        """What stands in the lines of a text, all of them read in one scan as a text's lines are."""
        self._kept = set()
        self._read_lines([(line, UNDIVIDED, None) for line in dict.fromkeys(text.split("\n"))])
        return self._kept

    def _settle(self, candidates: Sequence[Span], passage: Passage) -> list[Accepted]:
        self._kept |= {(passage.text, span.start, span.end, span.pattern.place) for span in candidates}
        return []


def split_words(nlp: spacy.Language, text: str) -> Doc:
    """Words between single blanks; a run of blanks is a token of its own, so that phrases keep their distance."""
    words = text.split(" ")
    return Doc(nlp.vocab, words=[word or "\u2423" for word in words], spaces=[True] * (len(words) - 1) + [False])


@pytest.fixture(scope="module")
def recorder(matcher: SkillMatcher) -> Recorder:
    """All patterns of the project, in any case and of one skill: nothing is left out for its letters or for a slash.

    There are two token patterns besides, for the project has hardly any of its own.
    """
    known = matcher.vocabulary.patterns[0]
    gap, either = (
        dataclasses.replace(known, phrase=None, tokens=tokens, literals=literals, place=f"skills/gap.jsonl:{number}")
        for number, (tokens, literals) in enumerate(
            [
                (({"LOWER": "mentor"}, {"IS_ALPHA": True, "OP": "*"}, {"LOWER": "engineers"}), (b" mentor ",)),
                (({"LOWER": {"IN": ["kafka", "go"]}}, {"IS_PUNCT": True, "OP": "?"}, {"TEXT": "R"}), (b" r ",)),
            ]
        )
    )
    patterns = [
        dataclasses.replace(pattern, exact=False, skill=known.skill)
        for pattern in (*matcher.vocabulary.patterns, gap, either)
    ]
    return Recorder(dataclasses.replace(matcher.vocabulary, patterns=tuple(patterns)))


def is_piece(line: str, start: int, end: int) -> bool:
    """Whether a letter beyond Latin-1, which folding makes a blank, goes on with the word: "Goж" is no Go."""
    return any(
        letter.isalnum() and ord(letter) > 255 for letter in line[max(0, start - 1) : start] + line[end : end + 1]
    )


@pytest.fixture(scope="module")
def find_with_spacy(recorder: Recorder) -> Callable[[str], set[Place]]:
    nlp = spacy.blank("en")
    phrases, tokens = PhraseMatcher(nlp.vocab), Matcher(nlp.vocab)
    for pattern in recorder.vocabulary.patterns:
        if pattern.phrase is None:
            tokens.add(pattern.place, [[dict(token) for token in pattern.tokens]])
        else:
            phrases.add(pattern.place, [split_words(nlp, form.decode("latin-1").strip()) for form in pattern.literals])

    def find(text: str) -> set[Place]:
        found = set()
        for line in text.split("\n"):
            folded = fold_text(line)[1:-1]
            doc = split_words(nlp, folded.decode("latin-1"))
            offsets, position = [], 0
            for token in doc:
                offsets.append(position)
                position += (0 if token.text == "\u2423" else len(token.text)) + 1
            for key, first, last in phrases(doc):
                start, end = offsets[first], offsets[last - 1] + len(doc[last - 1].text)
                if not is_piece(line, start, end):
                    found.add((line, start, end, nlp.vocab.strings[key]))
            own = nlp.make_doc(straighten(line))
            for key, first, last in tokens(own):
                span = own[first:last]
                if folded[span.start_char : span.end_char].strip(b"_"):  # no part of a web address
                    found.add((line, span.start_char, span.end_char, nlp.vocab.strings[key]))
        return found

    return find


def test_nothing_is_lost_in_the_sample(recorder: Recorder, find_with_spacy: Callable[[str], set[Place]]) -> None:
    source = SampleSource()
    drafts = [each for payload in fetch_sample(source) for each in parse_sample(payload, source)]
    texts = [render_posting(draft).text for draft in drafts if isinstance(draft, PostingDraft)]
    assert len(texts) >= 80
    lost = {text[:60]: find_with_spacy(text) ^ recorder.list_screened(text) for text in texts}
    assert {text: places for text, places in lost.items() if places} == {}


SURFACES = st.sampled_from(
    [
        "Go",
        "machine",
        "C++",
        "machine learning",
        "Kafka",
        "CI/CD",
        "R",
        "node.js",
        "the",
        "Learning",
        "k8s",
        "mentor",
        "engineers",
    ]
)
JOINTS = st.sampled_from(
    [" ", ", ", "/", "\n", " (", ") ", "-", ". ", "•", "\u2011", "\xa0", "", "  ", "+", "＋", "ж", "日", "é"]
)


@settings(max_examples=300)
@given(st.lists(st.tuples(SURFACES, JOINTS), max_size=12))
def test_nothing_is_lost_in_generated_texts(
    recorder: Recorder, find_with_spacy: Callable[[str], set[Place]], parts: list[tuple[str, str]]
) -> None:
    text = "".join(surface + joint for surface, joint in parts)
    assert recorder.list_screened(text) == find_with_spacy(text)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(not ASHBY.is_dir(), reason="the real postings of ../shared are not here")
def test_nothing_is_lost_in_a_thousand_real_postings(
    recorder: Recorder, find_with_spacy: Callable[[str], set[Place]]
) -> None:
    boards = [json.loads(gzip.decompress(path.read_bytes())) for path in sorted(ASHBY.glob("*.json.gz"))]
    texts = [extract_text(job.get("descriptionHtml") or "") for board in boards for job in board.get("jobs", ())]
    chosen = texts[:: max(1, len(texts) // 1000)][:1000]
    assert len(chosen) == 1000
    lost = {text[:60]: find_with_spacy(text) ^ recorder.list_screened(text) for text in chosen}
    assert {text: places for text, places in lost.items() if places} == {}
