"""The screen: one scan that finds every place where a pattern could match, at a cost that no pattern adds to."""

from __future__ import annotations

from collections.abc import Sequence

import ahocorasick_rs

from skillextract.skills.folding import fold_text
from skillextract.skills.vocabulary import Pattern


class Screen:
    """An automaton over the folded literals of all patterns.

    Every pattern yields literals of which one stands in any text that it matches (`Pattern.literals`), whole words
    between blanks of the folded text; hence a text without a hit of a pattern holds no match of it.

    Attributes:
        patterns: for each literal, the patterns that it stands for.
    """

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        by_literal: dict[bytes, list[Pattern]] = {}
        for pattern in patterns:
            for literal in pattern.literals:
                by_literal.setdefault(literal, []).append(pattern)
        self.patterns: list[list[Pattern]] = list(by_literal.values())
        self._automaton = ahocorasick_rs.BytesAhoCorasick(list(by_literal))

    def scan(self, text: str) -> tuple[bytes, list[tuple[int, int, int]]]:
        """Return the folded text and its hits, overlapping ones too, in the order of their ends.

        A hit is the index of a literal with its bytes in the folded text, half-open: the blanks around its words are
        among them, so that it stands for the characters [start, end - 2) of the text.
        """
        folded = fold_text(text)
        return folded, self._automaton.find_matches_as_indexes(folded, overlapping=True)
