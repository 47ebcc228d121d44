"""How alike two texts are, from sketches that are small enough to keep for every posting."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from rensa import RMinHash

_SLOTS = 256
_BANDS = 64
"""Bands of four slots: texts that share half of their shingles meet in one with 98 %, those that share 0.7 always."""
_SEED = 1
_SHINGLE = 3
_WORD = re.compile(r"[^\W_]+")
# Where scraping lost a line break: "years of experienceStrong skills".
_GLUED = re.compile(r"([a-z])([A-Z])")
_BLOCK = 4_096


class Sketches:
    """Sketches of texts, half a kilobyte each: MinHash over runs of three words, whatever their case, signs and space.

    `compare` estimates the share of the runs of either text that both have; its standard error is 0.03 or less with 256
    slots. Of each slot the lower half is kept: two slots that differ have the same one in 65,536 times. The same texts
    give the same sketches in every process.

    Source: A. Broder, On the resemblance and containment of documents (1997); slots are filled as in rensa 0.5; lower
    bits alone as in P. Li and A. König, b-bit minwise hashing (2010).
    """

    def __init__(self) -> None:
        # Blocks, so that the sketches are never copied to grow.
        self._blocks: list[npt.NDArray[np.uint16]] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, texts: Sequence[str]) -> list[int]:
        """Sketch some texts.

        Returns:
            The number of words of each. The sketches are numbered in the order in which texts are added.
        """
        words = [_WORD.findall(_GLUED.sub(r"\1 \2", text).casefold()) for text in texts]
        digests = RMinHash.digests_from_token_sets(list(map(_shingle, words)), num_perm=_SLOTS, seed=_SEED)
        rows = np.array(digests, dtype=np.uint32).reshape(-1, _SLOTS).astype(np.uint16)
        while len(rows):
            place = self._count % _BLOCK
            if place == 0:
                self._blocks.append(np.empty((_BLOCK, _SLOTS), dtype=np.uint16))
            taken = rows[: _BLOCK - place]
            self._blocks[-1][place : place + len(taken)] = taken
            self._count += len(taken)
            rows = rows[len(taken) :]
        return list(map(len, words))

    def compare(self, one: int, other: int) -> float:
        """The share of the shingles of either text that both have, 0 to 1, estimated."""
        mine, theirs = self._blocks[one // _BLOCK][one % _BLOCK], self._blocks[other // _BLOCK][other % _BLOCK]
        return int(np.count_nonzero(mine == theirs)) / _SLOTS

    def hash_band(self, band: int) -> npt.NDArray[np.uint32]:
        """A hash of four slots of each sketch.

        Two bands that are not equal have the same one in four thousand million times; `compare` tells them apart.
        """
        width = _SLOTS // _BANDS
        hashes = np.empty(len(self._blocks) * _BLOCK, dtype=np.uint32)
        for number, block in enumerate(self._blocks):
            slots = block[:, band * width : (band + 1) * width]
            hashes[number * _BLOCK : (number + 1) * _BLOCK] = _hash_slots(slots)
        return hashes[: self._count]


def _shingle(words: list[str]) -> list[str]:
    if len(words) < _SHINGLE:
        return [" ".join(words)]
    return list(map(" ".join, zip(*(words[first:] for first in range(_SHINGLE)), strict=False)))


def _hash_slots(slots: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint32]:
    mixed = np.zeros(slots.shape[:-1], dtype=np.uint64)
    for slot in range(slots.shape[-1]):
        mixed ^= slots[..., slot]
        mixed *= np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return (mixed >> np.uint64(32)).astype(np.uint32)


class NearTexts:
    """Finds, among sketches in an order, those before one that may be like it: they agree in a band of four slots.

    Of each band is kept which sketches share it with another one: 0.3 to 0.6 kB a sketch in all. It holds up to 67
    million sketches.

    Args:
        sketches: of the texts.
        order: the numbers of the sketches to look among; from here on, the number of one is its place in this order.
    """

    def __init__(self, sketches: Sketches, order: npt.NDArray[np.int64]) -> None:
        count = len(order)
        self._ranks = np.zeros(count, dtype=np.uint8)
        # The group of each sketch in each band, or -1 where it is alone.
        self._groups = np.full((count, _BANDS), -1, dtype=np.int32)
        # The members of all groups one after the other, each group in the order of its numbers, and where each begins.
        # Memory that is not written to is not taken.
        self._members = np.empty(count * _BANDS, dtype=np.int32)
        begins = [np.zeros(1, dtype=np.uint32)]
        groups = members = 0
        for band in range(_BANDS):
            keys = sketches.hash_band(band)[order]
            by_key = np.argsort(keys, kind="stable").astype(np.int32)
            edges = np.flatnonzero(np.diff(keys[by_key].astype(np.int64), prepend=-1))
            sizes = np.diff(np.append(edges, count))
            shared = by_key[np.repeat(sizes > 1, sizes)]
            sizes = sizes[sizes > 1]
            self._groups[shared, band] = np.repeat(np.arange(groups, groups + len(sizes)), sizes)
            self._members[members : members + len(shared)] = shared
            begins.append((members + np.cumsum(sizes)).astype(np.uint32))
            groups += len(sizes)
            members += len(shared)
        self._begins = np.concatenate(begins)

    def put_back(self, number: int, rank: int) -> None:
        """Find a sketch no more, but where those of its rank are asked for; all begin with rank 0."""
        self._ranks[number] = rank

    def find(self, number: int, *, rank: int = 0) -> list[int]:
        """The numbers of the sketches of a rank before this one that may be like it, in ascending order."""
        groups = self._groups[number]
        groups = groups[groups >= 0]
        if not len(groups):
            return []
        first = self._begins[groups].astype(np.int64)
        sizes = self._begins[groups + 1] - first
        # The places of all members of these groups: from the first of each, one after the other.
        places = np.arange(sizes.sum()) + np.repeat(first - np.cumsum(sizes) + sizes, sizes)
        found = self._members[places]
        found = found[found < number]
        numbers: list[int] = np.unique(found[self._ranks[found] == rank]).tolist()
        return numbers
