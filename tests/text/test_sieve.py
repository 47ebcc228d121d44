"""The sieve: it lets through whatever an expression matches, and little else."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillextract.skills.loading import load_matcher
from skillextract.skills.requirement import _search
from skillextract.text.expressions import compile_expression
from skillextract.text.sections import _end_of_bullet
from skillextract.text.sieve import Sieve, _cut, _parser, _widen_all, widen

EXPRESSIONS = [
    r"a+b", r"\w+ly\b", r"^we are", r"you(?:’ll|'ll) \w", r"(?<!sql )clients?", r"[^.;]{0,5}:", r"no(?= need)",
    r"\d+ ?years?", r"[\W_]x", r"\S+ — \S+", r"(?:^|\W)k\Z", r"[а-я]+", r"[à-ÿ]z", r"s\s+i",
    r"nobody .{0,60}i", r"bank.{0,9}lazy", r"(?:yell|book)(?: \w+){0,5} ?(?:(?:so )?sail|\W+lens)(?!\w)",
    r"^(?:\S+ ){0,6}kind|yes, \w+ (?:a|b)",
    r"(?:(?:bai|lazy)(?: \w+){4,})? ?sail(?:[ab]*o)", r"\w+\Z",
    r"so(?!\w)", r"no(?= *(?:[.,;]|$|an|))", r"no(?= *(?:[.,;]|$|an))(?!\w)", r"x(?=)", r"e(?![^s])", r"y(?=$)",
    r"e(?!x)(?![a-z])", r"e(?!\w\w)", r"l(?<!il)",
]  # fmt: skip
WORDS = ("bank", "lazy", "yell", "book", "sail", "lens", "nobody", "we are", "so", "need", "years")
ALPHABET = "aAbBkKsSiI lyzxXnoe_.,:;—’'éÀÿжЯ１٣\u212a\u0131\u0130\u017f\xa0\u2003😀\ud800 weyou'll5years"
SIEVE = Sieve(EXPRESSIONS)


@pytest.mark.parametrize(
    ("expression", "wide"),
    [
        (r"clients?\b", r"clients{0,1}"),
        (r"(?<!sql )go(?! on)", "go"),
        (r"^we\Z", r"\Awe\z"),
        (r"—", r"[\x3f]"),
        (r"(?:ab|cd)+?", "(?:(?:ab|cd)){1,}"),
        (r"(?=a)ab(?=c)de", "abde"),
        (r"plus(?= *(?:[.;]|$))(?!\w)", r"plus\x20{0,}(?:[\x2e\x3b]|(?:\z|\x0a))"),
        (r"plus(?![\D])", r"plus(?:[\x30\x31\x32\x33\x34\x35\x36\x37\x38\x39\x3f]|\z)"),
    ],
)
def test_what_is_only_looked_at_is_taken_as_true_but_at_the_end(expression: str, wide: str) -> None:
    assert widen(expression) == wide


@pytest.mark.parametrize(
    ("expression", "parts"),
    [
        (r"strong (?:\w+ ){0,5}experience", ["experience", "strong "]),
        (
            r"(?:seeking|hiring) [^.]{3,50}(?:(?:good )?experts?|staff)",
            ["(?:seeking|hiring) ", "(?:(?:good )?experts?|staff)"],
        ),
        (r"(?:(?:we are|our) .*|in \w+ for ever)", ["(?:(?:we are|our) |(?: for ever))"]),
        (r"(?:team|founders?) of [^.]{0,50}!", ["(?:team|founders{0,1}) of "]),
        (r"able .* which .* experience", [" experience", " which "]),
        (r"(?:^|\W)(?:need [^.]{0,50}need)(?!\w)", ["need", r"(?:^|\W)need "]),
        (r"no[^.;]{0,50}need", ["need"]),
        (r"no[^.;]{0,50}one", [r"no[^.;]{0,50}one"]),
        (r"\d+ ?years", [r"\d+ ?years"]),
    ],
)
def test_of_an_expression_with_gaps_the_two_parts_that_tell_most_are_looked_for(
    expression: str, parts: list[str]
) -> None:
    assert sorted(show_parts(expression)) == sorted(map(widen, parts))


def show_parts(expression: str) -> list[str]:
    return [_widen_all(part) for part in _cut(_parser.parse(expression))]


def test_an_expression_with_a_gap_is_let_through_where_both_of_its_parts_stand() -> None:
    sieve = Sieve([r"seeking [^.]{3,50}experts", "hiring", r"nobody .{0,60}knows"])
    texts = ["Seeking Go experts", "experts seeking Go", "seeking Go", "Go experts", "hiring experts", "nobody", "?"]
    assert [sieve.sift(text) for text in texts] == [[0], [0], [], [], [1], [], []]


def test_an_expression_that_refers_back_is_refused() -> None:
    with pytest.raises(ValueError, match="expected none that refers back to a group"):
        widen(r"(a)\1")


def test_what_no_expression_matches_is_held_back() -> None:
    sieve = Sieve(["nice to have", r"\d+ years", "^we are", "кот"])
    texts = ["Nice to have: Go", "5 YEARS of Go", "We are Acme", "What we are", "Кот", "Go"]
    assert [sieve.sift(text) for text in texts] == [[0], [1], [2], [], [3], []]
    assert Sieve([]).sift("Go") == []


@given(
    st.lists(st.sampled_from(WORDS) | st.text(st.sampled_from(ALPHABET) | st.characters(), max_size=9), max_size=6).map(
        " ".join
    )
)
def test_whatever_an_expression_matches_is_let_through(text: str) -> None:
    matching = {n for n, each in enumerate(EXPRESSIONS) if re.search(each, text, re.IGNORECASE)}
    assert matching - set(SIEVE.sift(text)) == set()


@pytest.fixture(scope="module")
def lines() -> set[str]:
    """The lines of the examples, in which every kind of rule speaks somewhere."""
    root = Path(load_matcher().vocabulary.root)
    return {
        line
        for path in sorted((root / "examples" / "skills").glob("*.jsonl"))
        for row in path.read_text(encoding="utf-8").splitlines()
        for line in json.loads(row)["text"].split("\n")
    }


@pytest.mark.slow
def test_whatever_a_cue_or_a_rule_of_lines_matches_is_let_through(lines: set[str]) -> None:
    """Compared with the expressions that are really tried, not with their forms for the sieve."""
    vocabulary = load_matcher().vocabulary
    requirement, sections = vocabulary.requirement, vocabulary.sections
    cues, rules = Sieve(requirement.expressions), Sieve(sections.line_expressions)
    spoken = set()
    for line in lines:
        matching = {n for n, each in enumerate(requirement._expressions) if any(_search(each, line.lower()))}
        assert matching - set(cues.sift(line)) == set(), line
        body = line[_end_of_bullet(line) :]
        opening = {
            n for n, (_, each) in enumerate(sections._lines) if compile_expression(each, re.IGNORECASE).match(body)
        }
        assert opening - set(rules.sift(line)) == set(), line
        spoken |= matching
    assert len(spoken) > len(requirement.expressions) // 2


@pytest.mark.slow
def test_whatever_a_heading_matches_is_let_through(lines: set[str]) -> None:
    sections = load_matcher().vocabulary.sections
    texts = [" ".join(re.findall(r"[\w&]+", line.lower())) for line in lines if len(line) <= 80]
    opened = 0
    for text in texts:
        matching = {n for n, (_, each) in enumerate(sections._headings) if compile_expression(each).fullmatch(text)}
        assert matching - set(sections._heading_sieve.sift(text)) == set(), text
        opened += bool(matching)
    assert opened >= 10


@pytest.mark.slow
def test_whatever_names_a_title_or_a_company_is_let_through(lines: set[str]) -> None:
    clues = load_matcher()._clues
    spoken = [0, 0, 0]
    sieve = Sieve([clues.title_expression, clues.company_left_expression, clues.company_right_expression])
    for line in lines:
        ends = [each.end() for each in re.finditer(r"\w+", line)]
        found = (
            any(clues._title_right.match(line, end) or clues._title_left.search(line[:end]) for end in ends)
            or any(clues._title_left.search(line[: end + 2]) for end in ends),
            any(clues._company_left.search(line[: each.start()]) for each in re.finditer(r"\w+", line)),
            any(clues._company_right.match(line, end) for end in ends),
        )
        for number, speaks in enumerate(found):
            if speaks:
                spoken[number] += 1
                assert number in sieve.sift(line), line
    assert min(spoken) >= 10, spoken
