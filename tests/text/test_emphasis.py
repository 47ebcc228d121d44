"""Markdown's marks of emphasis are taken off, and nothing else is."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillextract.text.emphasis import strip_emphasis
from skillextract.text.inline_headings import SHORTEST


@pytest.mark.parametrize(
    ("text", "stripped"),
    [
        ("Experience with Scala is **not** required.", "Experience with Scala is not required."),
        ("Kafka is a *plus*, Go a __plus__, Rust is _optional_.", "Kafka is a plus, Go a plus, Rust is optional."),
        ("***not*** asked for", "not asked for"),
        ("**Kafka is *not* needed** (**nor** Go)", "Kafka is not needed (nor Go)"),
        ("***not* asked for** **or *needed***", "not asked for or needed"),
        ("_**both**_ and **_b_**", "both and b"),
        ("**C++**, **C#**, **.NET** and **5+** years", "C++, C#, .NET and 5+ years"),
        ("**must**-have, **must**/**can**", "must-have, must/can"),
        (
            "**Requirements:**\r\n* **Python**: 3 years\n* one *or* two",
            "Requirements:\r\n* Python: 3 years\n* one or two",
        ),
        ("**[Python](https://example.org/a_b_)**", "[Python](https://example.org/a_b_)"),
        ("_use snake_case here_", "use snake_case here"),
    ],
)
def test_marks_around_words_are_taken_off(text: str, stripped: str) -> None:
    assert strip_emphasis(text) == stripped


@pytest.mark.parametrize(
    "text",
    [
        "* Python\n* Go\n- * Rust",
        "2 * 3 * 4, 2*3*4, a ** b ** c",
        "C* and Scala, or C* alone",
        "*.py and *.js, src/**/test/**/*.go, *name*.txt, _site_/index",
        "a salary* and a bonus*\n* depends on experience",
        "__init__ and __main__, snake_case, _x_y_, __a_b__, *args, **kwargs",
        "`*args*` and `_x_` are code, https://example.org/_x_/ is an address",
        "Entwickler*innen (m*w*d), Kolleg*innen",
        "\\*not\\* emphasised",
        "Name: ______ (print) _____",
        "one **mark, another\nline** below",
        "**Java**Script",
    ],
)
def test_stars_and_underscores_that_are_no_emphasis_stay(text: str) -> None:
    assert strip_emphasis(text) == text


def test_marks_that_may_tell_a_heading_in_a_text_without_line_breaks_stay() -> None:
    filler = "We build things that people use every day. " * (SHORTEST // 40)
    text = f"{filler}**Your Role** Scala is **not** required."
    assert strip_emphasis(text) == f"{filler}**Your Role** Scala is not required."


@given(st.text(alphabet="*_ \n\\`ab.C(/:", max_size=60))
def test_only_stars_and_underscores_are_lost_and_of_each_an_even_number(text: str) -> None:
    stripped = strip_emphasis(text)
    for line, left in zip(text.split("\n"), stripped.split("\n"), strict=True):
        assert line.translate({42: None, 95: None}) == left.translate({42: None, 95: None})
        assert [(line.count(sign) - left.count(sign)) % 2 for sign in "*_"] == [0, 0]


@given(st.text())
def test_no_letter_is_lost(text: str) -> None:
    assert [each for each in strip_emphasis(text) if each not in "*_"] == [each for each in text if each not in "*_"]


@pytest.mark.parametrize("piece", ["*a ", "*a _b ", "**a* ", "`*a", "*a* ", "a* _b ", "`a` *b ", "*a:// "])
def test_a_line_of_nothing_but_marks_takes_no_square_of_its_length(piece: str) -> None:
    begun = time.perf_counter()
    strip_emphasis(piece * 20_000)
    assert time.perf_counter() - begun < 5
