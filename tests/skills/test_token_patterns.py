"""What a token pattern may hold: a closed list of keys, and no more open ends than a long line can bear."""

import json
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.matcher import Matcher
from typer.testing import CliRunner

from skillextract.cli import app
from skillextract.errors import PatternError
from skillextract.skills.pattern_files import lint_vocabulary, load_vocabulary
from skillextract.skills.token_patterns import find_token_fault, lint_tokens, may_be_missing
from skillextract.skills.vocabulary import Vocabulary
from small_patterns import PATTERN, write_jsonl

KNOWN = (
    "IS_ALPHA, IS_ASCII, IS_BRACKET, IS_CURRENCY, IS_DIGIT, IS_LEFT_PUNCT, IS_LOWER, IS_PUNCT, IS_QUOTE, "
    "IS_RIGHT_PUNCT, IS_SPACE, IS_STOP, IS_TITLE, IS_UPPER, LENGTH, LIKE_EMAIL, LIKE_NUM, LIKE_URL, LOWER, NORM, OP, "
    "ORTH, SHAPE, SPACY, TEXT"
)
WORD = "a word, or {…} with IN, NOT_IN (lists of words) or REGEX; a misspelling is a word of its own"
OPERATOR = "one of ! ? * + {n} {n,} {n,m} {,m}, n and m up to 20"
NUMBER = "a whole number, or {…} with IN, NOT_IN or a comparison such as >="
START, END = {"LOWER": "zzkafka"}, {"LOWER": "zzend"}
TWO_WAYS = "repeats a part that can match the same characters in more than one way"


@pytest.mark.parametrize(
    "token",
    [
        *({key: "Spark"} for key in ("ORTH", "TEXT", "NORM", "SHAPE")),
        {"LOWER": "spark"},
        *({key.strip(): True} for key in KNOWN.split(",") if "IS_" in key or "LIKE_" in key or "SPACY" in key),
        {"LOWER": {"IN": ["spark", "flink"]}},
        {"LOWER": {"NOT_IN": ["spark"], "REGEX": r"^s\S"}},
        {"TEXT": {"REGEX": r"^v\d+$"}},
        {"TEXT": {"REGEX": {"IN": ["^a", "b$"]}}},
        {"LENGTH": 3},
        {"LENGTH": {">=": 2, "<": 5}},
        {"LENGTH": {"IN": [2, 3]}},
        *({"OP": operator} for operator in ("!", "?", "*", "+", "{2}", "{2,}", "{0,8}", "{,8}")),
    ],
    ids=json.dumps,
)
def test_what_a_tokens_own_letters_tell_is_let_through_and_read_by_spacy(token: dict[str, Any]) -> None:
    assert find_token_fault([START, token]) is None
    matcher = Matcher(spacy.blank("en").vocab)
    matcher.add("x", [[START, token]])
    assert len(matcher) == 1


@pytest.mark.parametrize(
    ("token", "rule", "message"),
    [
        *(
            (
                token,
                "token-keys",
                f"a token cannot be told by {sorted(token)} where no model reads the text; known: {KNOWN}",
            )
            for token in ({"LEMMA": "go"}, {"POS": "NOUN"}, {"_": {"x": True}}, {"lower": "go"}, {"ENT_TYPE": "ORG"})
        ),
        *(
            ({"LOWER": value}, "token-value", f"found LOWER {value!r}, expected {WORD}")
            for value in (
                5,
                None,
                {},
                {"FUZZY": "kafka"},
                {"FUZZY2": "x"},
                {"IN": "kafka"},
                {"IN": [1]},
                {"regex": "x"},
            )
        ),
        *(
            ({"TEXT": value}, "token-value", f"found TEXT {value!r}, expected {WORD}")
            for value in ({"REGEX": {"FUZZY": "x"}}, {"REGEX": ["x"]}, {"REGEX": "x", "FUZZY": "x"}, {"REGEX": {}})
        ),
        *(
            ({"OP": value}, "token-value", f"found OP {value!r}, expected {OPERATOR}")
            for value in ("**", 1, "{3,2}", "{,}", "{1000000}", "{0,21}", "{21,}", "", "1")
        ),
        *(
            ({"LENGTH": value}, "token-value", f"found LENGTH {value!r}, expected {NUMBER}")
            for value in (True, "3", {}, {"REGEX": "3"}, {">=": "3"}, {"IN": 3})
        ),
        *(
            (
                {"LOWER": value},
                "token-value",
                "found LOWER 'Zephyrline', which holds capitals and matches no word; write it in small letters, or ask "
                "for its capitals by TEXT",
            )
            for value in ("Zephyrline", {"IN": ["zephyr", "Zephyrline"]}, {"NOT_IN": ["Zephyrline"]})
        ),
        ({"IS_ALPHA": 1}, "token-value", "found IS_ALPHA 1, expected true or false"),
        (
            {"TEXT": {"REGEX": {"IN": ["fine", "(a"]}}},
            "expression",
            "found '(a', no regular expression (missing ), unterminated subpattern at position 0); mend it",
        ),
    ],
    ids=str,
)
def test_a_token_that_is_none_is_named(token: dict[str, Any], rule: str, message: str) -> None:
    assert find_token_fault([START, token]) == (rule, message)


def test_a_long_value_is_not_repeated_whole() -> None:
    _, message = find_token_fault([{"LOWER": {"FUZZY": "x" * 500}}]) or ("", "")
    assert message == f"found LOWER {{'FUZZY': '{'x' * 48}…, expected {WORD}"


@pytest.mark.parametrize("operator", ["*", "+", "{3,}"])
def test_two_open_ends_are_let_through_and_three_are_not(operator: str) -> None:
    gap = {"OP": operator}
    assert find_token_fault([START, gap, gap, END]) is None
    assert find_token_fault([START, gap, gap, gap, END]) == (
        "operators",
        "found 3 tokens that take any number of words (*, + or {n,}), expected 2 at most: a long line could be matched "
        "in too many ways; say how many, as in {0,3}, or make two patterns of it",
    )


@pytest.mark.parametrize(
    "gap", [[{"OP": "?"}] * 9, [{"OP": "{0,9}"}], [{"OP": "{,9}"}], [{"OP": "{3,7}"}, {"OP": "{,5}"}]], ids=json.dumps
)
def test_more_than_eight_words_that_may_be_missing_are_refused(gap: list[dict[str, Any]]) -> None:
    assert find_token_fault([START, *gap, END]) == (
        "operators",
        "found 9 words that may be missing (? or {n,m}), expected 8 at most, for each doubles the ways to match a "
        "line; shorten the gap, or make two patterns of it",
    )


@pytest.mark.parametrize(
    ("operator", "missing"),
    [
        ("!", True),
        ("?", True),
        ("*", True),
        ("{0}", True),
        ("{0,}", True),
        ("{,2}", True),
        ("+", False),
        ("{1,}", False),
    ],
)
def test_what_may_be_missing_is_no_word_to_screen_by(operator: str, missing: bool) -> None:
    token = {"LOWER": "kafka", "OP": operator}
    assert may_be_missing(token) is missing
    assert not may_be_missing({"LOWER": "kafka"})


def write_pattern(root: Path, tokens: list[dict[str, Any]]) -> Path:
    path = root / "skills" / "messaging.jsonl"
    write_jsonl(path, PATTERN, {**PATTERN, "pattern": tokens})
    return path


def test_an_expression_that_could_be_held_up_is_refused_before_any_example_is_tried(root: Path) -> None:
    path = write_pattern(root, [START, {"TEXT": {"REGEX": "^(?:a|a)*$"}}])
    examples = root / "examples" / "skills" / "messaging.jsonl"
    examples.parent.mkdir(parents=True)
    # Searched, it takes 2**40 steps.
    examples.write_text(json.dumps({"id": "rabbitmq", "text": f"zzkafka {'a' * 40}b", "surface": None}) + "\n")
    fault = f"{path}:2: [backtracking] '^(?:a|a)*$' {TWO_WAYS}; rewrite it"
    assert [str(each) for each in lint_tokens(load_vocabulary(root))] == [fault]
    done = CliRunner().invoke(app, ["patterns", "check", str(root)])
    told = "".join(done.output.split())
    assert (done.exit_code, "".join(fault.split()) in told, "1fault;" in told) == (1, True, True)


def test_a_pattern_of_many_open_ends_is_refused_by_the_lint_and_on_loading(root: Path) -> None:
    path = write_pattern(root, [START, *[{"OP": "*"}] * 12, END])
    assert [(each.rule_id, each.line) for each in lint_vocabulary(root)] == [("operators", 2)]
    with pytest.raises(PatternError, match=f"{path}:2: .operators. found 12 tokens that take any number of words"):
        load_vocabulary(root)


def test_no_token_pattern_of_ours_can_be_held_up(vocabulary: Vocabulary) -> None:
    assert lint_tokens(vocabulary) == []
