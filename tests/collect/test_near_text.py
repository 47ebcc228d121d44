"""Which texts may be alike, from their sketches."""

import random

import numpy as np
import pytest
from rensa import RMinHash, RMinHashLSH

from skillextract.collect.near_text import NearTexts, Sketches


def write_texts() -> list[str]:
    """Ten texts, each ten times, with more and more words changed."""
    dice = random.Random(1)
    words = [f"word{number}" for number in range(2_000)]
    texts = []
    for _ in range(10):
        text = dice.choices(words, k=300)
        for _ in range(10):
            text = [dice.choice(words) if dice.random() < 0.03 else word for word in text]
            texts.append(" ".join(text))
    return texts


def sketch(texts: list[str]) -> Sketches:
    sketches = Sketches()
    sketches.add(texts)
    return sketches


@pytest.mark.parametrize("turned", [False, True])
def test_the_same_candidates_are_found_as_by_the_maps_of_rensa_and_in_order(turned: bool) -> None:
    texts = write_texts()
    order = np.arange(len(texts))[:: -1 if turned else 1]
    near = NearTexts(sketch(texts), order)
    bands = RMinHashLSH(threshold=0.5, num_perm=256, num_bands=64)
    words = [texts[number].split() for number in order]
    shingles = [list(map(" ".join, zip(w, w[1:], w[2:], strict=False))) for w in words]
    candidates = 0
    for number, each in enumerate(RMinHash.from_token_sets(shingles, num_perm=256, seed=1)):
        expected = sorted(bands.query(each))
        assert near.find(number) == expected
        candidates += len(expected)
        if number % 7 == 3:
            near.put_back(number, 1)
        else:
            bands.insert(number, each)
    assert candidates > 200


def test_likeness_is_that_of_rensa() -> None:
    texts = ["you know kafka and python well", "You know Kafka, and Python  well!", "you know kafka and java well", ""]
    sketches = sketch(texts)
    words = [text.lower().replace(",", "").replace("!", "").split() for text in texts]
    shingles = [list(map(" ".join, zip(w, w[1:], w[2:], strict=False))) or [""] for w in words]
    theirs = RMinHash.from_token_sets(shingles, num_perm=256, seed=1)
    for one in range(4):
        for other in range(4):
            assert sketches.compare(one, other) == theirs[one].jaccard(theirs[other])
    assert sketches.compare(0, 1) == 1.0


def test_words_are_counted_where_scraping_glued_them() -> None:
    assert Sketches().add(["years of experienceStrong skills, C++", "", "a_b"]) == [6, 0, 2]


def test_sketches_are_the_same_in_whatever_portions_they_are_added() -> None:
    texts = [f"posting {number} asks for kafka and for python {number % 7}" for number in range(5_000)]
    at_once, in_parts = sketch(texts), Sketches()
    for first in range(0, len(texts), 999):
        in_parts.add(texts[first : first + 999])
    assert len(at_once) == len(in_parts) == 5_000
    assert all(np.array_equal(at_once.hash_band(band), in_parts.hash_band(band)) for band in (0, 63))
    assert [in_parts.compare(7, number) for number in (7, 14, 4_998)] == [
        at_once.compare(7, number) for number in (7, 14, 4_998)
    ]


def test_no_sketches_are_no_trouble() -> None:
    empty = sketch([])
    assert len(empty) == 0
    NearTexts(empty, np.arange(0))
    assert NearTexts(sketch(["one"]), np.arange(1)).find(0) == []
