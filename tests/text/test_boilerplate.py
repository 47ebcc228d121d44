"""Which lines stand on most postings of a company."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillextract.text.boilerplate import LEAST_CHARACTERS, LineCounts, head_line, key_lines

ABOUT = "Acme builds the cloud data platform that bakers trust, on Kafka."
SHARED = "You will write Python for our ovens and keep the recipes in Postgres."


def find(postings: list[tuple[str, str, str]]) -> dict[str, dict[bytes, float]]:
    counts = LineCounts()
    counts.add(postings)
    return counts.find()


def key(line: str) -> bytes:
    [(start, end, found)] = key_lines(line)
    assert (start, end) == (0, len(line))
    return found


def test_a_line_for_most_roles_is_boilerplate_whatever_its_case_and_white_space() -> None:
    postings = [("acme", f"role {n}", f"{ABOUT}\nOnly here, for opening {n}: a line of its own.") for n in range(3)]
    postings += [("acme", f"role {n}", f"- {n}\n\t{ABOUT.upper()}  \n") for n in range(3, 6)]
    postings += [("acme", f"role {n}", "Nothing") for n in range(6, 8)]
    assert find(postings) == {"acme": {key(ABOUT): 0.75}}


@pytest.mark.parametrize(("with_line", "of", "expected"), [(5, 5, True), (3, 5, True), (2, 5, False), (4, 4, False)])
def test_there_must_be_enough_roles_and_most_of_them_have_the_line(with_line: int, of: int, expected: bool) -> None:
    postings = [("acme", f"role {n}", ABOUT if n < with_line else "Nothing of it") for n in range(of)]
    assert bool(find(postings)) is expected


def test_one_role_posted_ten_times_is_no_boilerplate() -> None:
    postings = [("acme", "engineer", f"{SHARED}\nIn city {n}") for n in range(10)]
    postings += [("acme", f"role {n}", "Nothing of it") for n in range(5)]
    assert find(postings) == {}


def test_companies_do_not_share_their_lines() -> None:
    assert find([(f"company {n}", f"role {n}", ABOUT) for n in range(20)]) == {}


def test_a_line_twice_in_a_posting_counts_once() -> None:
    postings = [("acme", f"role {n}", f"{ABOUT}\n{ABOUT}" if n < 2 else "Nothing of it") for n in range(5)]
    assert find(postings) == {}


def test_short_lines_and_white_space_have_no_key() -> None:
    short = "x" * (LEAST_CHARACTERS - 1)
    assert list(key_lines(f"About us\n{short}\n{' ' * 90}\n- {short[:-4]} \n\n")) == []
    assert [(start, end) for start, end, _ in key_lines(f"\n{short}y\r\nz")] == [(1, LEAST_CHARACTERS + 2)]


def test_the_order_of_postings_does_not_matter() -> None:
    lines = [f"This is the line with the number {n} of our company." for n in range(30)]
    generator = random.Random(5)
    postings = [(f"c{n % 3}", f"role {n // 2}", "\n".join(generator.sample(lines, 20))) for n in range(60)]
    expected = find(postings)
    assert sum(map(len, expected.values())) > 20
    for _ in range(3):
        generator.shuffle(postings)
        assert find(postings) == expected


WORDS = st.text(
    st.sampled_from("aAßẞİıſKK’.-é1") | st.characters(exclude_categories=["Zs", "Zl", "Zp", "Cc"]), min_size=1
)
BLANKS = st.text(st.sampled_from(" \t\xa0\u2003\x1f"), min_size=1, max_size=3)


@given(st.lists(st.tuples(BLANKS, WORDS), min_size=1, max_size=12), st.lists(BLANKS, min_size=12, max_size=12))
def test_lines_of_one_key_have_one_head(words: list[tuple[str, str]], blanks: list[str]) -> None:
    line = "".join(blank + word for blank, word in words) + "x" * LEAST_CHARACTERS
    other = "".join(blank + word.casefold() for blank, (_, word) in zip(blanks, words, strict=False))
    other += "X" * LEAST_CHARACTERS
    keys = [key for each in (line, other) for _, _, key in key_lines(each)]
    assert keys[0] == keys[1]
    assert head_line(line) == head_line(other)


def test_of_other_lines_than_those_looked_for_no_key_is_worked_out() -> None:
    text = f"{ABOUT}\n{SHARED}\nYou  WILL be one of the many bakers of this town, and more."
    assert [text[a:b] for a, b, _ in key_lines(text, {"you will"})] == text.split("\n")[1:]
    assert list(key_lines(text, {"acme builds", "you will"})) == list(key_lines(text))
