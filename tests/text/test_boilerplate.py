"""Which lines stand on most postings of a company."""

import random

import pytest

from skillextract.text.boilerplate import LEAST_CHARACTERS, LineCounts, key_lines

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
