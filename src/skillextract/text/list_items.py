"""What a list speaks of where its heading does not tell: read from the words that its items begin with.

"5+ years …", "Experience with …", "Strong …" stand in lists of what is asked for, "Build …", "Own …", "Partner …" in
lists of what there is to do, whatever a company calls them. Below headings that are known, such words speak for
another section in one list of a hundred.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Mapping, Sequence

_FEWEST = 2
"""Items that must speak for a section, lest one line be taken for a list."""
_SHARE = 0.34
"""Share of a list's items that must speak for a section, and more than for any other."""
_REACH = 100
"""Characters of an item among which the words stand that tell it."""
_FIRST_WORD = re.compile(r"[\W_]*(?:(?:also|you|at least|an?) )*((?:\d+|[a-z])(?:[\w+'-]*\w\+?|\+)?)")
_TOPIC = re.compile(r"[^:.]{3,60}: +")
"""What an item may have before the words that tell it: "Pipelines: design and run …"."""
_NUMBERS = re.compile(r"\d+")
_SIGNS = str.maketrans({"’": "'", "–": "-", "—": " "})


class ItemRules:
    """The words of `patterns/sections.jsonl` that the items of a list begin with.

    Args:
        words: section of each first word: lower case, straight apostrophe, every number a `0` ("0+", "0-0").
    """

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = dict(words)
        self._tell = functools.lru_cache(maxsize=20_000)(self._tell_item)

    def tell(self, items: Sequence[str]) -> str | None:
        """Return the section that most items of a list speak for, None where too few do.

        Args:
            items: with their bullets or without.
        """
        spoken = [section for item in items if (section := self._tell(item[:_REACH])) is not None]
        if len(spoken) < max(_FEWEST, _SHARE * len(items)):
            return None
        section, number = Counter(spoken).most_common(1)[0]
        return section if number >= max(_FEWEST, _SHARE * len(items)) and number * 2 > len(spoken) else None

    def tell_item(self, item: str) -> str | None:
        """Return the section that an item speaks for, None where it speaks for none."""
        return self._tell(item[:_REACH])

    def _tell_item(self, item: str) -> str | None:
        section = self._words.get(read_first_word(item))
        topic = _TOPIC.match(item) if section is None else None
        return self._words.get(read_first_word(item[topic.end() :])) if topic else section


def read_first_word(item: str) -> str:
    """Return the word that an item begins with, as `ItemRules` writes it; nothing where it begins with none."""
    begin = item.lower()
    word = _FIRST_WORD.match(begin if begin.isascii() else begin.translate(_SIGNS))
    if word is None:
        return ""
    return word[1] if word[1].isalpha() else _NUMBERS.sub("0", word[1])
