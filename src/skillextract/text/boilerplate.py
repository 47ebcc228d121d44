"""The text of a company that stands on most of its postings: what it says of itself, not of one opening."""

from __future__ import annotations

import array
import functools
import hashlib
import itertools
import re
from collections.abc import Container, Iterable, Iterator

import numpy as np

LEAST_ROLES = 5
"""A company with postings for fewer roles has no boilerplate: what two openings share may be what both ask for."""
LEAST_SHARE = 0.6
"""On the postings for so many of a company's roles, at least, a line stands that is its boilerplate."""
LEAST_CHARACTERS = 40
"""Shorter lines are headings, places, single tools."""

_REMEMBERED_LINES = 20_000
"""What a company repeats it repeats letter by letter, for the most part."""

LineKey = bytes
"""8 bytes that are the same for the same line, case and white space aside."""

_LINE = re.compile(r"[^\n]+")


def key_lines(text: str, heads: Container[str] | None = None) -> Iterator[tuple[int, int, LineKey]]:
    """The lines of a text that may be boilerplate: first character, one past the last, and key.

    Args:
        text: the text.
        heads: of the lines that are looked for (see `head_line`); the keys of others are not worked out. None: all.
    """
    for match in _LINE.finditer(text):
        if match.end() - match.start() >= LEAST_CHARACTERS:
            line = match.group()
            if heads is not None and head_line(line) not in heads:
                continue
            key = _key_line(line)
            if key is not None:
                yield match.start(), match.end(), key


@functools.lru_cache(maxsize=_REMEMBERED_LINES)
def _key_line(line: str) -> LineKey | None:
    words = " ".join(line.casefold().split())
    return _hash(words) if len(words) >= LEAST_CHARACTERS else None


def head_line(line: str) -> str:
    """The first two words of a line, case aside: lines of one key have the same, and it costs a tenth of the key."""
    return " ".join(line.split(None, 2)[:2]).casefold()


class LineCounts:
    """Counts for how many of each company's roles each line stands in a posting.

    No text is kept: 12 bytes stay for each line of a posting.
    """

    def __init__(self) -> None:
        self._companies: dict[str, _Company] = {}

    def add(self, postings: Iterable[tuple[str, str, str]]) -> None:
        """Count some postings, none of them a copy of another: company, role, text."""
        for name, role, text in postings:
            company = self._companies.get(name) or self._companies.setdefault(name, _Company())
            number = company.roles.setdefault(_hash(role), len(company.roles))
            lines = {int.from_bytes(line, "little") for _, _, line in key_lines(text)}
            company.lines.extend(lines)
            company.role_of_line.extend(itertools.repeat(number, len(lines)))

    def find(self) -> dict[str, dict[LineKey, float]]:
        """The boilerplate of each company that has any: each line with the share of roles that it stands for."""
        found = {name: company.find() for name, company in self._companies.items()}
        return {name: lines for name, lines in found.items() if lines}


class _Company:
    """The lines of a company's postings, each with the number of its posting's role."""

    __slots__ = ("lines", "role_of_line", "roles")

    def __init__(self) -> None:
        self.roles: dict[bytes, int] = {}
        self.lines = array.array("Q")
        self.role_of_line = array.array("I")

    def find(self) -> dict[LineKey, float]:
        if len(self.roles) < LEAST_ROLES:
            return {}
        lines = np.frombuffer(self.lines, dtype=np.uint64)
        roles = np.frombuffer(self.role_of_line, dtype=np.uint32)
        order = np.lexsort((roles, lines))
        lines, roles = lines[order], roles[order]
        begins_line = np.concatenate([[True], lines[1:] != lines[:-1]])[: len(lines)]
        begins_pair = begins_line | np.concatenate([[True], roles[1:] != roles[:-1]])[: len(lines)]
        begins = np.flatnonzero(begins_line)
        counts = np.add.reduceat(begins_pair, begins, dtype=np.int64) if len(begins) else np.zeros(0, np.int64)
        chosen = counts >= LEAST_SHARE * len(self.roles)
        shares = counts[chosen] / len(self.roles)
        return {
            line.to_bytes(8, "little"): share
            for line, share in zip(lines[begins][chosen].tolist(), shares.tolist(), strict=True)
        }


def _hash(words: str) -> bytes:
    return hashlib.blake2b(words.encode(errors="replace"), digest_size=8).digest()
