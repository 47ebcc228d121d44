"""The sieve: it lets through whatever an expression matches, and little else, and tells where that may begin."""

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
from skillextract.text.sieve import Sieve, find_at

EXPRESSIONS = [
    r"a+b", r"\w+ly\b", r"^we are", r"you(?:’ll|'ll) \w", r"(?<!sql )clients?", r"[^.;]{0,5}:", r"no(?= need)",
    r"\d+ ?years?", r"[\W_]x", r"\S+ — \S+", r"(?:^|\W)k\Z", r"[а-я]+", r"[à-ÿ]z", r"s\s+i",
    r"nobody .{0,60}i", r"bank.{0,9}lazy", r"(?:yell|book)(?: \w+){0,5} ?(?:(?:so )?sail|\W+lens)(?!\w)",
    r"^(?:\S+ ){0,6}kind|yes, \w+ (?:a|b)",
    r"(?:(?:bai|lazy)(?: \w+){4,})? ?sail(?:[ab]*o)", r"\w+\Z",
    r"so(?!\w)", r"no(?= *(?:[.,;]|$|an|))", r"no(?= *(?:[.,;]|$|an))(?!\w)", r"x(?=)", r"e(?![^s])", r"y(?=$)",
    r"e(?!x)(?![a-z])", r"e(?!\w\w)", r"l(?<!il)", r"bank|lazy", r"(?<!\w)sail .*need", r"(?:^|\W)so(?: we are)?",
    r"(?:we |nobody )?(?:need|yell)(?!\w)", r"^(?:\s*- )?(?:lens|years) .{0,20}", r"(?:ba|la)(?:nk|zy)+",
]  # fmt: skip
WORDS = ("bank", "lazy", "yell", "book", "sail", "lens", "nobody", "we are", "so", "need", "years")
ALPHABET = "aAbBkKsSiI lyzxXnoe_.,:;—’'éÀÿжЯ１٣\u212a\u0131\u0130\u017f\xa0\u2003😀\ud800 weyou'll5years"
SIEVE = Sieve(EXPRESSIONS)


@pytest.mark.parametrize(
    ("expression", "text", "places"),
    [
        (r"(?:^|\W|_)nice(?!\w)", "nice, so nice; nicest", [0, 9]),
        (r"nice", "nice, so nice; nicest", [0, 9, 15]),
        (r"(?<!\w)nice .* bonus", "a nice big bonus is nice", [2, 20]),
        (r"^(?:our |the )team", "our team or the team", [0, 12]),
        (r"(?:^|\W)(?:good|\w+ly) done", "well done, so good done", None),
        (r"^good|well", "good well", None),
        # More spellings than are put together, inside a choice: their last blank once stood there twice.
        (
            r"(?:(?:résumé|vita|c ?v|my letter) ?(?:,|and/or|or|&) (?:your |a |the )?(?:links? to |linkedin|github)|x)",
            "your vita or github",
            None,
        ),
        (r" done", "well done", None),
    ],
)
def test_where_a_match_begins_with_words_the_places_are_told_at_which_it_may(
    expression: str, text: str, places: list[int] | None
) -> None:
    assert list(Sieve([expression]).sift(["…", text, "done"]))[1] == {0: places}


def test_an_expression_that_needs_two_things_is_let_through_where_both_stand() -> None:
    sieve = Sieve([r"team [^.]{3,50}works", "hiring"])
    lines = ["The team here works", "It works, the team", "the team", "all works", "hiring teams", "?"]
    assert list(sieve.sift(lines)) == [{0: [4]}, {0: [14]}, {}, {}, {1: [0]}, {}]


def test_what_no_expression_matches_is_held_back_and_what_needs_nothing_is_not() -> None:
    sieve = Sieve(["nice to have", r"\d+ years", "^we are", "кот", r"\W"])
    lines = ["Nice to have: Go", "5 YEARS of Go", "We are Acme", "What we are", "Кот", "Go"]
    always = {4: None}
    assert list(sieve.sift(lines)) == [
        {0: [0], **always}, {1: None, **always}, {2: [0], **always}, {2: [5], **always}, {3: None, **always}, always,
    ]  # fmt: skip
    assert list(Sieve([]).sift(["Go", ""])) == [{}, {}]


def test_what_stands_over_the_end_of_a_line_is_in_neither() -> None:
    assert list(Sieve(["nice to", "nice .* have"]).sift(["It is nice", "to have it", "nice to have"])) == [
        {}, {}, {0: [0], 1: [0]},
    ]  # fmt: skip


def test_matches_are_found_where_they_may_begin_as_they_are_found_everywhere() -> None:
    expression, text = re.compile(r"an?(?:na)*"), "banana, an anna"
    everywhere = [match.span() for match in find_at(expression, text, None)]
    assert everywhere == [(1, 3), (3, 5), (5, 6), (8, 10), (11, 15)]
    assert [match.span() for match in find_at(expression, text, [1, 3, 5, 8, 11, 12, 14])] == everywhere


@given(
    st.lists(st.sampled_from(WORDS) | st.text(st.sampled_from(ALPHABET) | st.characters(), max_size=9), max_size=6).map(
        " ".join
    )
)
def test_whatever_an_expression_matches_is_let_through(text: str) -> None:
    line = text.replace("\n", " ")
    [found] = SIEVE.sift([line])
    for number, expression in enumerate(EXPRESSIONS):
        compiled = re.compile(expression, re.IGNORECASE)
        matches = [match.span() for match in compiled.finditer(line)]
        assert number in found or not matches, (expression, line)
        if number in found and (places := found[number]) is not None and not expression.startswith("(?:^|"):
            assert [match.span() for match in find_at(compiled, line, places)] == matches, (expression, line)


@pytest.fixture(scope="module")
def lines() -> set[str]:
    """The lines of the examples and of our postings, in which every kind of rule speaks somewhere."""
    root = Path(load_matcher().vocabulary.root)
    gold = Path(__file__).parent.parent / "data" / "gold" / "sample.jsonl"
    return {
        line
        for path in (*sorted((root / "examples" / "skills").glob("*.jsonl")), gold)
        for row in path.read_text(encoding="utf-8").splitlines()
        for line in json.loads(row)["text"].split("\n")
    } | {
        "Our founders have sold two shops. Over the past year, our API has grown, and banks use our app.",
        "Want to build maps in Go? We have some code in Perl, our apps are in Kotlin, and we're AWS hosted.",
        "We're looking mainly for people with Go; as a bonus, Kafka would be hugely helpful.",
        "All we care about is whether you know Go, and most of our positions require English.",
        "Skills needed are Go and SQL. It's okay if you don't know Rust. You possess a good understanding of Go.",
        "A great fit for us would be someone kind. Our app is driven by Django. Link to your GitHub profile.",
        "We'd like to find a curious developer, an expert in Go or someone into Rust, Zig.",
    }


@pytest.mark.slow
def test_whatever_a_cue_or_a_rule_of_lines_matches_is_let_through(lines: set[str]) -> None:
    """Compared with the expressions that are really tried, not with their forms for the sieve."""
    vocabulary = load_matcher().vocabulary
    requirement, sections = vocabulary.requirement, vocabulary.sections
    cues, rules = Sieve(requirement.expressions), Sieve(sections.line_expressions)
    spoken = set()
    ordered = sorted(lines)
    for line, may_speak, may_open in zip(ordered, cues.sift(ordered), rules.sift(ordered), strict=True):
        lower = line.lower()
        matching = {n: found for n, each in enumerate(requirement._expressions) if (found := [*_search(each, lower)])}
        assert matching.keys() - may_speak.keys() == set(), line
        for n, found in matching.items():
            assert [*_search(requirement._expressions[n], lower, may_speak[n])] == found, line
        body = line[_end_of_bullet(line) :]
        opening = {
            n for n, (_, each) in enumerate(sections._lines) if compile_expression(each, re.IGNORECASE).match(body)
        }
        assert opening - may_open.keys() == set(), line
        spoken |= matching.keys()
    assert len(spoken) > len(requirement.expressions) // 2


@pytest.mark.slow
def test_whatever_a_heading_matches_is_let_through(lines: set[str]) -> None:
    sections = load_matcher().vocabulary.sections
    texts = [" ".join(re.findall(r"[\w&]+", line.lower())) for line in lines if len(line) <= 80]
    opened = 0
    for text in texts:
        matching = {n for n, (_, each) in enumerate(sections._headings) if compile_expression(each).fullmatch(text)}
        assert matching - next(sections._heading_sieve.sift([text])).keys() == set(), text
        opened += bool(matching)
    assert opened >= 10


@pytest.mark.slow
def test_whatever_names_a_title_or_a_company_is_let_through(lines: set[str]) -> None:
    clues, titles = load_matcher()._clues, load_matcher()._titles
    spoken = [0, 0, 0]
    sieve = Sieve([titles.expression, clues.company_left_expression, clues.company_right_expression])
    for line in lines:
        ends = [each.end() for each in re.finditer(r"\w+", line)]
        found = (
            any(titles._right.match(line, end) or titles._left.search(line[:end]) for end in ends)
            or any(titles._left.search(line[: end + 2]) for end in ends),
            any(clues._company_left.search(line[: each.start()]) for each in re.finditer(r"\w+", line)),
            any(clues._company_right.match(line, end) for end in ends),
        )
        let_through = next(sieve.sift([line]))
        for number, speaks in enumerate(found):
            if speaks:
                spoken[number] += 1
                assert number in let_through, line
        if found[1]:
            places = let_through[1] or ()
            names = [
                each.start() for each in re.finditer(r"\w+", line) if clues._company_left.search(line[: each.start()])
            ]
            assert all(any(clues._company_left.match(line, at, name) for at in places) for name in names), line
    assert min(spoken) >= 10, spoken
