"""A line that is being searched, with what is asked of it again and again: its folded form and its words."""

from __future__ import annotations

from collections.abc import Set

from skillextract.skills.company_names import NAME_BEGINNING, CompanyName, strip_domain
from skillextract.skills.hints import Hints
from skillextract.skills.spans import Span

_WORD_REACH = 16
"""Characters in which a word and the blank before it stand, on average of a phrase."""
_FIRST_WORD_REACH = 24
"""Characters more, so that one long word is not cut."""
_NAME_REACH = 24
"""Blanks and signs that an employer's name may hold in a text beyond its letters."""
_GOES_ON = frozenset({"/", "-"})
"""Signs behind a word by which it belongs to what follows ("Gecko *AI*/ML roadmap")."""


class Passage:
    """A line of a posting.

    Attributes:
        text: the line as it came, without its line break.
        folded: see `fold_text`; byte `i + 1` stands for `text[i]`.
        section: what the line belongs to, see `SectionRules`.
        company: the employer's name.
        hints: what can speak in the line.
        lists: see `lists.find_lists`; None before they were looked for.
        companions: see `lists.find_companions`; None before they were looked for.
        certain: see `lists.find_certain`; None before they were looked for.
    """

    __slots__ = ("certain", "companions", "company", "folded", "hints", "lists", "section", "text")

    def __init__(self, text: str, folded: bytes, section: str, company: CompanyName, hints: Hints) -> None:
        self.text = text
        self.folded = folded
        self.section = section
        self.company = company
        self.hints = hints
        self.lists: dict[int, list[Span]] | None = None
        self.companions: dict[int, Set[str]] | None = None
        self.certain: dict[str, tuple[int, int]] | None = None

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
        return any(beginning in self.folded for beginning in self.company.beginnings)

    def is_employer(self, span: Span) -> bool:
        """Tell whether a span is the employer's own name, or part of it ("Gecko *Robotics*", "*Gecko* Robotics").

        Case, blanks and signs are passed over, since boards name employers by tokens such as `gecko-robotics`. What
        says only what kind of firm it is belongs to the name though the board leaves it out.
        """
        company = self.company.whole
        name = strip_domain(self.folded[span.start + 1 : span.end + 1].replace(b" ", b""))
        if name not in company:
            return self._goes_on_behind_employer(span) or self._says_kind_of_employer(span)
        if name in (company, self.company.short):
            return True
        room = len(company) - len(name)
        before = self.folded[max(0, span.start + 1 - room - _NAME_REACH) : span.start + 1].replace(b" ", b"")
        if company.endswith(name) and before.endswith(company[:room]):
            return True
        if len(name) * 4 < len(company) or len(name) < 3:
            return False
        after = self.folded[span.end + 1 : span.end + 1 + room + _NAME_REACH].replace(b" ", b"")
        return company in before[max(0, len(before) - room) :] + name + after[:room]

    def _goes_on_behind_employer(self, span: Span) -> bool:
        """Tell whether a span begins in the last word of the employer's name: "Beta *Alpha Research*" at Beta Alpha."""
        company = self.company.whole
        head, blank, _ = self.folded[span.start + 1 : span.end + 1].partition(b" ")
        if not blank or len(head) < NAME_BEGINNING or head == company or not company.endswith(head):
            return False
        first = company[: -len(head)]
        before = self.folded[max(0, span.start + 1 - len(first) - _NAME_REACH) : span.start + 1].replace(b" ", b"")
        return before.endswith(first)

    def _says_kind_of_employer(self, span: Span) -> bool:
        """Tell whether a span is the capitalised kind of firm behind the name of the employer: "Gecko *AI*"."""
        start, end = span.start, span.end
        if self.folded[start + 1 : end + 1] not in self.company.kinds or not self.text[start].isupper():
            return False
        if self.text[start - 1 : start] != " " or self.text[end : end + 1] in _GOES_ON:
            return False
        company = self.company.whole
        before = self.folded[max(0, start - len(company) - _NAME_REACH) : start + 1].replace(b" ", b"")
        return before.endswith(company)
