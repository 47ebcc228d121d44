"""Folding keeps every offset and drops what people vary."""

import itertools
import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillextract.skills.folding import compose, fold_phrase, fold_phrases, fold_text, straighten


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("CI/CD", "ci cd"),
        ("scikit-learn", "scikit learn"),
        ("scikit\u2011learn", "scikit learn"),
        ("machine\xa0learning", "machine learning"),
        ("•Python", " python"),
        ("“Go”", " go "),
        ("C++, C# and .NET", "c++  c# and .net"),
        ("Node.js.", "node.js "),
        ("R&D", "r&d"),
        ("Ｇｏ", "go"),
        ("Café", "café"),
        ("etc...", "etc   "),
        ("see https://go.dev/doc (Go)", "see __________________  go "),
        ("mail go.team@acme.example now", "mail ____________________ now"),
        ("@go team", "@go team"),
    ],
)
def test_signs_between_words_become_blanks_and_signs_of_names_stay(text: str, folded: str) -> None:
    assert fold_text(text).decode("latin-1") == f" {folded} "


def test_a_phrase_is_folded_like_a_text() -> None:
    assert fold_phrase(" Scikit-Learn ") == b" scikit learn "


_ADDRESSES = st.sampled_from(["a@b.com", "@b.c", "x.io/y", "https://", "www.a", ".", "..", "+", "a+b", "\n", " \u0301"])


@given(st.lists(st.lists(st.text() | _ADDRESSES).map("".join)))
def test_many_phrases_are_folded_like_each(phrases: list[str]) -> None:
    assert fold_phrases(phrases) == {phrase: fold_phrase(phrase) for phrase in phrases}


@given(st.text())
def test_every_character_becomes_one_byte(text: str) -> None:
    assert len(fold_text(text)) == len(text) + 2


@given(st.text(alphabet=string.ascii_letters + string.digits + " #&_-/,;()"))
def test_letters_and_signs_of_names_keep_their_place(text: str) -> None:
    folded = fold_text(text)[1:-1].decode()
    kept = string.ascii_letters + string.digits + "#&_"
    assert [char.lower() if char in kept else " " for char in text] == list(folded)


@pytest.mark.parametrize(
    ("text", "folded"), [("TypeScript+React", "typescript react"), ("C++ / g++", "c++   g++"), ("5+years", "5 years")]
)
def test_a_plus_between_words_is_a_blank_and_one_behind_a_name_stays(text: str, folded: str) -> None:
    assert fold_text(text).decode("latin-1") == f" {folded} "


@given(st.text())
def test_straightening_keeps_every_offset(text: str) -> None:
    assert len(straighten(text)) == len(text)


def test_straightening_makes_typographic_signs_plain() -> None:
    assert straighten("“it’s” non\u2011breaking\xa0Ｇｏ") == '"it\'s" non-breaking Go'


def test_a_full_stop_between_two_glued_sentences_parts_their_words() -> None:
    assert fold_text("in Go.Strong SQL") == b" in go strong sql "
    assert fold_text("Rust (or Go).Familiarity") == b" rust  or go  familiarity "
    assert fold_text("Node.Js, E.Coli, Asp.Net") == b" node.js  e.coli  asp.net "
    assert fold_text("SQL.Strong, AI.Promote, ASP.Net") == b" sql strong  ai promote  asp.net "


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("acme.de/jobs/python", "___________________"),
        ("acme.co.uk/rust-kafka", "acme.________________"),
        ("bit.ly/kafka, Go", "____________  go"),
        ("acme.jobs/terraform", "___________________"),
        ("Acme.com/python", "_______________"),
        ("Node.js/Express", "node.js express"),
        ("next.js/react", "next.js react"),
        ("ASP.net/C#", "asp.net c#"),
        ("ASP.NET/MVC", "asp.net mvc"),
        (".Net/Rails", ".net rails"),
        ("socket.io/websockets", "socket.io websockets"),
        ("rust and.or/go", "rust and.or go"),
        ("B.Tech/M.Tech, b.tech/m.tech", "b.tech m.tech  b.tech m.tech"),
    ],
)
def test_an_address_without_a_scheme_is_hidden_and_a_tool_with_a_dot_before_a_slash_is_not(
    text: str, folded: str
) -> None:
    assert fold_text(text).decode("latin-1") == f" {folded} "


def test_letters_and_their_accents_become_one_character_whose_place_is_known() -> None:
    composed, places = compose("un Cafe\u0301, Go\u0308")
    assert (composed, places) == ("un Café, Gö", [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 13])
    assert compose("un Café, Gö") == ("un Café, Gö", None)


@given(st.text(alphabet="aeg \u0301é日"))
def test_what_stands_between_two_places_is_the_same_text(text: str) -> None:
    composed, places = compose(text)
    parts = [text[start:end] for start, end in itertools.pairwise(range(len(text) + 1) if places is None else places)]
    assert "".join(parts) == text
    assert [unicodedata.normalize("NFC", part) for part in parts] == list(composed)
