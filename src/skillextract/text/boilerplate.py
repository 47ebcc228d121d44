"""The text of a company that stands on most of its postings: what it says of itself, not of one opening."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

LEAST_ROLES = 5
"""A company with postings for fewer roles has no boilerplate: what two openings share may be what both ask for."""
LEAST_SHARE = 0.6
"""On the postings for so many of a company's roles, at least, a line stands that is its boilerplate."""
LEAST_CHARACTERS = 40
"""Shorter lines are headings, places, single tools."""

LineKey = bytes
"""8 bytes that are the same for the same line, case and white space aside."""

_AT_ONCE = 100_000
_LINE = re.compile(r"[^\n]+")


def key_lines(text: str) -> Iterator[tuple[int, int, LineKey]]:
    """The lines of a text that may be boilerplate: first character, one past the last, and key."""
    for match in _LINE.finditer(text):
        if match.end() - match.start() >= LEAST_CHARACTERS:
            words = " ".join(match.group().casefold().split())
            if len(words) >= LEAST_CHARACTERS:
                yield match.start(), match.end(), _hash(words)


class LineCounts:
    """Counts for how many of each company's roles each line stands in a posting.

    No text is kept: 20 bytes stay for each line of a posting, and as much again is needed while they are ordered.
    """

    def __init__(self) -> None:
        self._companies: dict[str, int] = {}
        self._parts: list[npt.NDArray[np.void]] = []

    def add(self, postings: Iterable[tuple[str, str, str]]) -> None:
        """Count some postings, none of them a copy of another: company, role, text."""
        rows: set[tuple[int, int, int]] = set()
        for company, role, text in postings:
            number, role_number = self._companies.setdefault(company, len(self._companies)), _number(_hash(role))
            rows.update((number, _number(line), role_number) for _, _, line in key_lines(text))
            rows.add((number, _NO_LINE, role_number))
            if len(rows) >= _AT_ONCE:
                self._store(rows)
        self._store(rows)

    def _store(self, rows: set[tuple[int, int, int]]) -> None:
        self._parts.append(np.array(list(rows), dtype=_ROW))
        rows.clear()

    def find(self) -> dict[str, dict[LineKey, float]]:
        """The boilerplate of each company that has any: each line with the share of roles that it stands for."""
        rows = np.unique(np.concatenate([np.zeros(0, _ROW), *self._parts]))
        begins = np.flatnonzero(
            (np.diff(rows["company"], prepend=-1) != 0) | (np.diff(rows["line"].view(np.int64), prepend=0) != 0)
        )
        counts = np.diff(begins, append=len(rows))
        companies, lines = rows["company"][begins], rows["line"][begins]
        roles = np.zeros(len(self._companies), dtype=np.int64)
        whole = lines == _NO_LINE
        roles[companies[whole]] = counts[whole]
        total = roles[companies]
        chosen = ~whole & (total >= LEAST_ROLES) & (counts >= LEAST_SHARE * total)
        names = list(self._companies)
        found: dict[str, dict[LineKey, float]] = {}
        for company, line, share in zip(
            companies[chosen].tolist(),
            lines[chosen].tolist(),
            (counts / np.maximum(total, 1))[chosen].tolist(),
            strict=True,
        ):
            found.setdefault(names[company], {})[line.to_bytes(8, "little")] = share
        return found


_ROW = np.dtype([("company", np.int32), ("line", np.uint64), ("role", np.uint64)])
_NO_LINE = 0
"""Stands for the posting as a whole; that a line has this hash has a chance of one in 10^19."""


def _hash(words: str) -> bytes:
    return hashlib.blake2b(words.encode(errors="replace"), digest_size=8).digest()


def _number(digest: bytes) -> int:
    return int.from_bytes(digest, "little")
