"""Whether a text is in English, which the patterns are written for."""

from __future__ import annotations

import re

# Common function words of English that are no common words of German, French, Spanish, Dutch, Italian or Portuguese.
_FUNCTION_WORDS = frozenset(
    {"the", "and", "to", "with", "our", "you", "your", "for", "are", "that", "this", "be", "have", "by", "from", "or"}
    | {"who", "what", "their", "they", "it", "at", "can", "about", "how", "other", "more", "all"}
)
_WORD = re.compile(r"[^\W\d_]+")

_READ = 1_500
"""Characters that are looked at, from the middle of the text: its ends are often legal boilerplate in English."""
LEAST_WORDS = 30
"""A text with fewer words is too short to tell and counts as English."""
LEAST_SHARE = 0.05
"""Of the words, at least so many are function words. Measured on 5,197 real postings: those in English have 7 % and
more, those in other languages 3 % and less."""


def is_english(text: str) -> bool:
    """Whether a text reads as English; a text that is too short to tell does.

    Example:
        >>> is_english("Wir suchen eine Entwicklerin mit Freude an Daten. " * 8)
        False
    """
    first = max(0, (len(text) - _READ) // 2)
    words = _WORD.findall(text[first : first + _READ].lower())
    if len(words) < LEAST_WORDS:
        return True
    return sum(word in _FUNCTION_WORDS for word in words) >= LEAST_SHARE * len(words)
