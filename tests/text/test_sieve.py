"""The sieve: it lets through whatever an expression matches, and little else."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillextract.skills.loading import load_matcher
from skillextract.text.sieve import Sieve, widen

EXPRESSIONS = [
    r"a+b", r"\w+ly\b", r"^we are", r"you(?:’ll|'ll) \w", r"(?<!sql )clients?", r"[^.;]{0,5}:", r"no(?= need)",
    r"\d+ ?years?", r"[\W_]x", r"\S+ — \S+", r"(?:^|\W)k\Z", r"[а-я]+", r"[à-ÿ]z", r"s\s+i",
]  # fmt: skip
ALPHABET = "aAbBkKsSiI lyzxXnoe_.,:;—’'éÀÿжЯ１٣\u212a\u0131\u0130\u017f\xa0\u2003😀\ud800 weyou'll5years"
SIEVE = Sieve(EXPRESSIONS)


def list_expressions() -> list[str]:
    vocabulary = load_matcher().vocabulary
    return [*vocabulary.requirement.expressions, *vocabulary.sections.line_expressions]


@pytest.mark.parametrize(
    ("expression", "wide"),
    [
        (r"clients?\b", r"clients{0,1}"),
        (r"(?<!sql )go(?! on)", "go"),
        (r"^we\Z", r"\Awe\z"),
        (r"—", r"[\x3f]"),
        (r"(?:ab|cd)+?", "(?:(?:ab|cd)){1,}"),
    ],
)
def test_what_is_only_looked_at_is_taken_as_true(expression: str, wide: str) -> None:
    assert widen(expression) == wide


def test_an_expression_that_refers_back_is_refused() -> None:
    with pytest.raises(ValueError, match="expected none that refers back to a group"):
        widen(r"(a)\1")


def test_what_no_expression_matches_is_held_back() -> None:
    sieve = Sieve(["nice to have", r"\d+ years", "^we are", "кот"])
    texts = ["Nice to have: Go", "5 YEARS of Go", "We are Acme", "What we are", "Кот", "Go"]
    assert [sieve.sift(text) for text in texts] == [[0], [1], [2], [], [3], []]
    assert Sieve([]).sift("Go") == []


@given(st.text(st.sampled_from(ALPHABET) | st.characters(), max_size=30))
def test_whatever_an_expression_matches_is_let_through(text: str) -> None:
    matching = {n for n, each in enumerate(EXPRESSIONS) if re.search(each, text, re.IGNORECASE)}
    assert matching - set(SIEVE.sift(text)) == set()


def test_whatever_a_rule_of_the_project_matches_is_let_through() -> None:
    """Over the sentences of the examples, in which every cue speaks somewhere."""
    expressions = list_expressions()
    sieve = Sieve(expressions)
    compiled = [re.compile(each, re.IGNORECASE) for each in expressions]
    root = Path(load_matcher().vocabulary.root)
    lines = {
        line
        for path in sorted((root / "examples" / "skills").glob("*.jsonl"))
        for row in path.read_text(encoding="utf-8").splitlines()
        for line in json.loads(row)["text"].split("\n")
    }
    matching = {(line, n) for line in lines for n, each in enumerate(compiled) if each.search(line)}
    assert len({n for _, n in matching}) > len(expressions) // 2
    assert {(line, n) for line, n in matching if n not in sieve.sift(line)} == set()
