"""Headings and bullets in the middle of a line: postings whose line breaks were lost on their way.

Such a posting is a line of two thousand characters: "… at scale. Responsibilities Lead the design … Preferred
Qualifications: • Python • Go". Its headings are found by the words that end them, its items by their bullets, and each
becomes a part of its own, so that what is told of lines holds for it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Collection, Iterator, Sequence

from skillextract.text.bullets import DOTS, SIGNS
from skillextract.text.sieve import Sieve, find_at

SHORTEST = 300
"""Characters from which on a line may hold a heading: a paragraph that somebody set as one is seldom longer."""
_FEWEST_BULLETS = 3
_ITEM_LENGTH = 20
"""Characters that the items of a line have on average, lest "Python • Go • Rust" be taken apart."""
_BULLET_PLACE = re.compile(rf"[{DOTS}](?=\s*\w)")
_WORDS_BEFORE = re.compile(r"[A-Z][\w/’'-]*,? +(?:(?:[A-Z][\w/’'-]*,?|and|&|or|of) +){0,4}\Z")
_GLUED = re.compile(
    r"[A-Z](?:(?<=[a-z.)\]%+][a-z.)\]%+].)[a-z]+(?:['’]s)?(?= [a-zA-Z0-9(])|(?<=[a-z][A-Z]{2}.)[a-z]{4,}(?= [a-z]))"
)
"""The first word of an item that may be glued to the one before ("… in PythonExperience with").

What stands before it is looked at behind its first letter: capitals are few, and the engine leaps to them.
"""
_WORDS_SEEN, _OPENING_SEEN = range(2)
_NOTHING = r"[^\x00-\xff]"
_NAME_END = re.compile(r"\b[A-Z][a-z]*\Z")
_REACH = 60
_WORD = re.compile(r"\S+ +")
_MORE = re.compile(
    r"(?: ?(?:and|&|/|,|or) ?(?:and |& )?[A-Z][\w-]+){0,3}(?: (?:[Rr]equired|[Pp]referred|[Nn]eeded|[Dd]esired))?"
)
_AFTER = re.compile(rf" ?(?::|\(?[{SIGNS}]| *[A-Z0-9\"“])|\s*\Z")
_AFTER_MARKED = re.compile(rf" ?(?::|[{DOTS}*])|[A-Z][a-z]|\s*\Z")
_SENTENCE_END = frozenset(".!?:;)]*|")
_SENTENCE_BREAK = re.compile(r"[.!?*)](?: +|(?=[A-Z]))|  +|(?<=[a-z])(?=[A-Z][a-z]+ (?:is|are)\b)")
_JOINING = frozenset({
    "the", "your", "our", "of", "with", "and", "&", "these", "those", "any", "all", "for", "to",
    "meet", "or", "no", "in", "a", "an", "this", "its", "their", "as", "by",
})  # fmt: skip
"""Words that join a heading's words to a sentence ("meet all *Requirements*")."""


class InlineHeadings:
    """Takes long lines apart.

    Args:
        firm: last words of headings that stand in no sentence ("Responsibilities"): what follows them must begin like a
            sentence or an item, what stands before them may be anything that is not joined to them.
        free: the same, but no name may stand before them ("Azure *Requirements* Documents").
        marked: those that are ordinary words too ("Skills", "Nice to have"): a sentence must end before their heading,
            and a colon or a bullet stand behind it.
        clear: words in lower case that items begin with and no name ends with: where an item is glued to the end of
            another ("… in PythonExperience with …"), they are parted.
        items: the same, of words that may end a name ("OneDrive").
        openings: words of sentences that begin a part without a heading ("is an equal opportunity employer").
        is_heading: tells a known heading.
    """

    def __init__(
        self,
        firm: Sequence[str],
        free: Sequence[str],
        marked: Sequence[str],
        openings: Sequence[str],
        clear: Sequence[str],
        *,
        items: Collection[str],
        is_heading: Callable[[str], bool],
    ) -> None:
        words = "|".join(map(_spell, sorted({*firm, *free, *marked}, key=len, reverse=True))) or _NOTHING
        opening = "|".join(map(re.escape, openings)) or _NOTHING
        self._words = re.compile(rf"(?:{words})(?![a-z])")
        self._openings = re.compile(opening, re.IGNORECASE)
        self._firm = frozenset(word.lower() for word in firm)
        self._free = frozenset(word.lower() for word in {*firm, *free})
        self._clear, self._items = frozenset(clear), frozenset(items)
        self._is_heading = is_heading
        # Most long lines hold nothing of the kind: one pass tells it, and where to look.
        self._sieve = Sieve([self._words.pattern, opening])

    def part(self, line: str) -> list[str]:
        """Return the parts of a line, which make it up without a gap; one below `SHORTEST` is its own only part."""
        if len(line) < SHORTEST:
            return [line]
        cuts = {0, len(line)}
        seen = next(self._sieve.sift([line]))
        if _WORDS_SEEN in seen:
            for start, end in self._find_headings(line, seen[_WORDS_SEEN]):
                cuts |= {start, end}
        if _OPENING_SEEN in seen:
            for match in find_at(self._openings, line, seen[_OPENING_SEEN]):
                cuts.update(_begin_sentence(line, match.start()))
        cuts.update(self._find_items(line))
        if not line.isascii() and any(bullet in line for bullet in DOTS):
            places = [match.start() for match in _BULLET_PLACE.finditer(line)]
            if len(places) >= _FEWEST_BULLETS and len(line) >= _ITEM_LENGTH * len(places):
                cuts.update(places)
        bounds = sorted(cuts)
        return [line[start:end] for start, end in itertools.pairwise(bounds)]

    def _find_items(self, line: str) -> Iterator[int]:
        """Yield where an item begins that is glued to the one before."""
        for match in _GLUED.finditer(line):
            word, place = match.group().lower().replace("’", "'"), match.start()
            # "MathWorks" and "OneDrive" are names.
            if word in self._clear or (
                word in self._items and not _NAME_END.search(line, max(0, place - _REACH), place)
            ):
                yield place

    def _find_headings(self, line: str, starts: Sequence[int] | None) -> Iterator[tuple[int, int]]:
        """Yield where the headings of a line stand, each with its colon; their last words may begin at some places."""
        done = 0
        for match in find_at(self._words, line, starts):
            if match.start() < done:
                continue
            found = self._find_heading(line, match.start(), match.end(), done)
            if found is not None:
                yield found
                done = found[1]

    def _find_heading(self, line: str, first: int, last: int, done: int) -> tuple[int, int] | None:
        """Return the longest known heading around its last word at [first, last), behind `done`."""
        word = line[first:last].lower()
        is_free, is_firm = word in self._free, word in self._firm
        begin = max(done, first - _REACH)
        before = _WORDS_BEFORE.search(line, begin, first)
        starts = [first]
        if before is not None:
            starts = [before.start(), *(part.end() for part in _WORD.finditer(line, before.start(), first))]
        more = _MORE.match(line, last)
        for end in dict.fromkeys([more.end() if more else last, last]):
            after = (_AFTER if is_free else _AFTER_MARKED).match(line, end)
            if after is None:
                continue
            for start in starts:
                colon = line.find(":", end, end + 2)
                # "Preferred Skills:" is a heading wherever it stands.
                is_clear = is_free or (colon >= 0 and len(line[start:end].split()) > 1)
                if _may_begin(line, start, is_free=is_clear, is_firm=is_firm) and self._is_heading(line[start:end]):
                    return start, colon + 1 if colon >= 0 else end
        return None


def _begin_sentence(line: str, place: int) -> list[int]:
    """Return where the sentence around a place begins, at most one; nothing where that is too far away.

    One that is glued to the sentence before it ("… of the job.Acme is an equal …") is found too.
    """
    breaks = _SENTENCE_BREAK.finditer(line, max(0, place - _REACH), place)
    return [match.end() for match in breaks][-1:]


def _may_begin(line: str, start: int, *, is_free: bool, is_firm: bool) -> bool:
    """Tell whether a heading may begin at a place: behind a sentence, glued to it, or where it is joined to nothing."""
    before = line[max(0, start - _REACH) : start].rstrip()
    if not before or before[-1] in _SENTENCE_END or before[-1] in DOTS:
        return True
    if not line[start - 1].isspace():  # "… and toolsResponsibilities"
        return before[-1].islower()
    word = before[before.rfind(" ") + 1 :]
    return is_free and word.lower() not in _JOINING and (is_firm or not word[0].isupper())


def _spell(word: str) -> str:
    """Return an expression for a word as headings set it: the first letter large, the others in any case."""
    return re.escape(word[0].upper()) + f"(?i:{re.escape(word[1:])})".replace("'", "['’]")
