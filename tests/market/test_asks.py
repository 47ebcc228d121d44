"""Which posting asks for which skill, put together from batches."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from skillextract.market import asks
from skillextract.market.asks import Asks, PostingNumbers, collect_asks, hash_ids

SKILLS = ("java", "kafka", "python")
MENTIONS = [
    ("b", 10, "java", "duty"),
    ("b", 40, "java", "required"),
    ("b", 20, "kafka", "preferred"),
    ("stranger", 0, "java", "required"),
    ("a", 5, "java", "preferred"),
    ("a", 9, "java", "context"),
    ("a", 70, "python", "required"),
    ("a", 30, "python", "required"),
]


def tabulate() -> pa.Table:
    rows = [
        {"posting_id": posting, "start": start, "end": start + 4, "skill": skill, "requirement": requirement}
        for posting, start, skill, requirement in MENTIONS
    ]
    return pa.Table.from_pylist(rows)


def show(found: Asks) -> dict[str, list[int]]:
    return {
        name: getattr(found, name).tolist() for name in ("first", "posting", "flags", "mentions", "start", "length")
    }


EXPECTED = {
    "first": [0, 2, 3, 4],
    "posting": [0, 1, 1, 0],
    "flags": [0b010, 0b101, 0b010, 0b001],
    "mentions": [1, 2, 1, 2],
    "start": [5, 40, 20, 30],
    "length": [4, 4, 4, 4],
}


@pytest.mark.parametrize("size", [1, 2, 3, 8])
@pytest.mark.parametrize("block", [1, 3, 100])
def test_it_does_not_matter_how_mentions_are_cut_into_batches_and_blocks(
    size: int, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asks, "_BLOCK", block)
    batches = tabulate().to_batches(max_chunksize=size)
    assert show(collect_asks(batches, numbers=PostingNumbers(pa.array(["a", "b"])), skills=SKILLS)) == EXPECTED


def test_batches_larger_than_what_is_worked_on_at_once_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asks, "_BATCH", 2)
    assert show(collect_asks(tabulate(), numbers=PostingNumbers(pa.array(["a", "b"])), skills=SKILLS)) == EXPECTED


def test_no_postings_and_no_mentions_are_no_asks() -> None:
    nothing = {name: [] for name in EXPECTED} | {"first": [0, 0, 0, 0]}
    assert show(collect_asks(tabulate(), numbers=PostingNumbers(pa.array([], pa.string())), skills=SKILLS)) == nothing
    assert show(collect_asks(tabulate().slice(0, 0), numbers=PostingNumbers(pa.array(["a"])), skills=SKILLS)) == nothing


def test_two_ids_of_one_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def hash_alike(values: np.ndarray, categorize: bool) -> np.ndarray:
        return np.full(len(values), 7, dtype=np.uint64)

    ids = pa.array(["x", "y", "z"])
    assert PostingNumbers(ids).find(pa.array(["z", "w", "x"])).to_pylist() == [2, None, 0]
    monkeypatch.setattr(pd.util, "hash_array", hash_alike)
    assert PostingNumbers(ids).find(pa.array(["z", "w", "x"])).to_pylist() == [2, None, 0]
    assert PostingNumbers(ids.slice(0, 1)).find(pa.array(["y", "x"])).to_pylist() == [None, 0]


def test_hashes_do_not_depend_on_how_many_ids_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = pa.array([f"board:{number}" for number in range(7)])
    expected = hash_ids(ids).tolist()
    monkeypatch.setattr(asks, "_BATCH", 3)
    assert hash_ids(ids).tolist() == expected
    assert len(set(expected)) == 7
