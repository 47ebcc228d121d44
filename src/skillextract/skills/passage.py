"""A line that is being searched, with what is asked of it again and again: its folded form and its words."""

from __future__ import annotations

import functools

from skillextract.skills.folding import fold_text
from skillextract.skills.hints import Hints
from skillextract.skills.vocabulary import Pattern

_WORD_REACH = 16
"""Characters in which a word and the blank before it stand, on average of a phrase."""
_FIRST_WORD_REACH = 24
"""Characters more, so that one long word is not cut."""
_NAME_BEGINNING = 3
"""Letters with which an employer's name begins in a text, however it is set."""
_NAME_REACH = 24
"""Blanks and signs that an employer's name may hold in a text beyond its letters."""
_LEGAL_FORMS = frozenset(b"inc incorporated llc llp ltd limited corp corporation co gmbh plc ag sa bv ab oy".split())
_KINDS_OF_FIRMS = frozenset(
    b"technologies technology labs lab systems software solutions group computing analytics networks health healthcare "
    b"company holdings studio studios design insurance security robotics sciences data global".split()
)
_SHORTEST_OF_TOKEN = 4
"""Letters that must be left of a token such as `ansiblehealth`."""


class Span:
    """A place where a pattern matches: characters [start, end) of a line."""

    __slots__ = ("end", "pattern", "start")

    def __init__(self, start: int, end: int, pattern: Pattern) -> None:
        self.start = start
        self.end = end
        self.pattern = pattern


class Passage:
    """A line of a posting.

    Attributes:
        text: the line as it came, without its line break.
        folded: see `fold_text`; byte `i + 1` stands for `text[i]`.
        section: what the line belongs to, see `SectionRules`.
        company: the employer's name in the form of `squeeze_name`; empty where it is not known.
        short_company: it without what says only that it is a firm ("Gecko *Robotics*"); the same where nothing does.
        hints: what can speak in the line.
        lists: see `clues.find_lists`; None before they were looked for.
    """

    __slots__ = ("company", "folded", "hints", "lists", "section", "short_company", "text")

    def __init__(self, text: str, folded: bytes, section: str, company: str | None, hints: Hints) -> None:
        self.text = text
        self.folded = folded
        self.section = section
        self.company, self.short_company = squeeze_name(company)
        self.hints = hints
        self.lists: dict[int, list[Span]] | None = None

    def word_after(self, position: int) -> bytes:
        """Return the folded word behind a position, empty at the end of the line."""
        rest = self.folded[position + 1 : position + _FIRST_WORD_REACH + _WORD_REACH].split(None, 1)
        return rest[0] if rest else b""

    def words_after(self, position: int, count: int) -> list[bytes]:
        """Return at most `count` folded words behind a position."""
        stop = position + _FIRST_WORD_REACH + count * _WORD_REACH
        return self.folded[position + 1 : stop].split(None, count)[:count]

    def words_before(self, position: int, count: int) -> list[bytes]:
        """Return at most `count` folded words before a position."""
        first = max(0, position - _FIRST_WORD_REACH - count * _WORD_REACH)
        return self.folded[first : position + 1].split()[-count:]

    def may_name_employer(self) -> bool:
        """Tell whether the employer's name can stand in the line; where not, `is_employer` is false for all of it."""
        return self.company[:_NAME_BEGINNING] in self.folded if self.company else False

    def is_employer(self, span: Span) -> bool:
        """Tell whether a span is the employer's own name, or part of it ("Gecko *Robotics*", "*Gecko* Robotics").

        Case, blanks and signs are passed over, since boards name employers by tokens such as `gecko-robotics`.
        """
        company = self.company
        name = _strip_domain(self.folded[span.start + 1 : span.end + 1].replace(b" ", b""))
        if name not in company:
            return False
        if name in (company, self.short_company):
            return True
        if len(name) * 4 < len(company) or len(name) < 3:
            return False
        room = len(company) - len(name)
        before = self.folded[max(0, span.start + 1 - room - _NAME_REACH) : span.start + 1].replace(b" ", b"")
        after = self.folded[span.end + 1 : span.end + 1 + room + _NAME_REACH].replace(b" ", b"")
        return company in before[max(0, len(before) - room) :] + name + after[:room]


@functools.lru_cache(maxsize=10_000)
def squeeze_name(company: str | None) -> tuple[bytes, bytes]:
    """Return a company's name folded, without blanks, whole and short.

    The whole name lacks what the law adds ("Inc."), what stands in brackets or on further lines, and the end of a web
    address, which boards put into tokens; the short one also the words that only say what kind of firm it is: "okta" of
    "Okta, Inc.", "ansible" of "ansiblehealth".
    """
    if company is None:
        return b"", b""
    first_line = company.strip().partition("\n")[0]
    words = fold_text(first_line.partition(" (")[0]).replace(b",", b" ").split()
    while len(words) > 1 and words[-1].strip(b".") in _LEGAL_FORMS:
        del words[-1]
    whole = _strip_domain(b"".join(words))
    while len(words) > 1 and words[-1] in _KINDS_OF_FIRMS:
        del words[-1]
    short = _strip_domain(b"".join(words))
    if len(words) == 1:  # a board's token
        kind = next((kind for kind in _KINDS_OF_FIRMS if len(kind) > 3 and short.endswith(kind)), b"")
        if kind and len(short) - len(kind) >= _SHORTEST_OF_TOKEN:
            short = short[: -len(kind)]
    return whole, short


def _strip_domain(name: bytes) -> bytes:
    host, _, _ = name.partition(b".")
    return host if len(host) >= _NAME_BEGINNING else name
