"""Which texts may be alike, from their sketches."""

import random

import numpy as np
from rensa import RMinHash, RMinHashLSH

from skillextract.collect.near_text import NearTexts, compare_sketches, sketch_texts


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


def test_the_same_candidates_are_found_as_by_the_maps_of_rensa_and_in_order() -> None:
    texts = write_texts()
    near = NearTexts(sketch_texts(texts))
    bands = RMinHashLSH(threshold=0.5, num_perm=256, num_bands=64)
    shingles = [list(map(" ".join, zip(w, w[1:], w[2:], strict=False))) for w in (text.split() for text in texts)]
    candidates = 0
    for number, sketch in enumerate(RMinHash.from_token_sets(shingles, num_perm=256, seed=1)):
        expected = sorted(bands.query(sketch))
        assert near.find(number) == expected
        candidates += len(expected)
        if number % 7 == 3:
            near.leave_out(number)
        else:
            bands.insert(number, sketch)
    assert candidates > 200


def test_likeness_is_that_of_rensa() -> None:
    texts = ["you know kafka and python well", "You know Kafka, and Python  well!", "you know kafka and java well", ""]
    sketches = sketch_texts(texts)
    assert [each.dtype for each in sketches] == [np.dtype(np.uint32)] * 4
    words = [text.lower().replace(",", "").replace("!", "").split() for text in texts]
    shingles = [list(map(" ".join, zip(w, w[1:], w[2:], strict=False))) or [""] for w in words]
    theirs = RMinHash.from_token_sets(shingles, num_perm=256, seed=1)
    for one in range(4):
        for other in range(4):
            expected = theirs[one].jaccard(theirs[other])
            assert compare_sketches(sketches[one], sketches[other]) == expected
    assert compare_sketches(sketches[0], sketches[1]) == 1.0


def test_no_sketches_are_no_trouble() -> None:
    assert sketch_texts([]) == []
    NearTexts([])
    assert NearTexts(sketch_texts(["one"])).find(0) == []
