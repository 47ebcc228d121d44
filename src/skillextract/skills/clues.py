"""What stands around a surface form: is it the skill that it looks like, or a company's name?"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence, Set

from skillextract.skills.lists import LISTED, find_certain, find_companions, find_fellows, find_lists, is_listed
from skillextract.skills.passage import Passage
from skillextract.skills.spans import Span
from skillextract.skills.vocabulary import Cue, Pattern, Signal, join_cues
from skillextract.text.bullets import SIGNS
from skillextract.text.expressions import join_words
from skillextract.text.sections import ABOUT_HIRE, ABOUT_OTHERS, INTRO, UNDIVIDED

_UNHEADED = frozenset({INTRO, UNDIVIDED, *ABOUT_OTHERS})
_SAYING_LITTLE = ABOUT_OTHERS - {"company"}
"""Sections that say nothing of any field: benefits, the application, the law."""
_TOOLS = frozenset({"tool"})
_NO_TOOLS: Set[str] = frozenset()
_BESIDE = rf"[\s+.,、;:()\[\]\"“”\u2190-\u2bff\ufe0f\U0001f000-\U0001faff{SIGNS}]*"
"""What may stand in a line beside what is alone in it: bullets, signs and pictures."""
_MOST_SIGNS = 200
"""Characters that these may be: a line of dashes is not read again for each of its words."""
_HEADS = re.compile(r"\s?:\s|\s[–—-]\s")
"""What follows the quality or field that heads a line ("*Trustworthy*: you keep your word", "*Testing*: …")."""
_ITEM_BEGINNING = re.compile(
    r"(?:^|[,/;|&+•·、(\[:]|(?<!\w)(?:and|or|with|using|use|like|as|including|of|in))[\s*•·–-]*$", re.IGNORECASE
)
_ITEM_END = re.compile(r"\s*(?:[,/;|&+•·、)\]]|\.(?!\w)|(?:and|or|etc)\b|$)", re.IGNORECASE)
"""Between the two stands a word that is all that its item of a list says ("docker, *chef* and nginx")."""
_ITEM_REACH = 16
_CUE_REACH = 80
_PREFIX_REACH = 12
"""Characters that a prefix has with its hyphen, and the one before it, at the most."""
_COMPANY_REACH = 160
_NAME = r"[A-Z0-9][\w.'’+-]*(?:\s[A-Z0-9][\w.'’+-]*){0,3}"
_POSSESSIVES = frozenset({"'s", "’s", "' ", "’ "})
# From cheap to dear: the first that is given is enough.
_SIGNAL_ORDER: tuple[Signal, ...] = (
    "telling_section",
    "asking_section",
    "hire_section",
    "in_list",
    "whole_item",
    "alone",
    "tool_in_line",
    "cue_right",
    "cue_left",
)


class Clues:
    """Reads the surroundings of a span.

    Args:
        cues: the expressions of `patterns/cues.jsonl`.
        places: see `CompanyWords`.

    Attributes:
        company_left_expression: for a `Sieve`: matches in every line that holds a cue of a company before names.
        company_right_expression: the same for those that stand behind a name.
    """

    def __init__(self, cues: Sequence[Cue], places: Sequence[str]) -> None:
        self._left = [
            (cue.words, re.compile(rf"(?:^|(?<!\w))(?:{cue.expression})[\s:(\[\"'“‘-]*$", re.IGNORECASE))
            for cue in cues
            if cue.place == "cue_left"
        ]
        self._right = re.compile(rf"[\s)\]\"'’”-]*(?:{join_cues(cues, 'cue_right')})", re.IGNORECASE)
        # A number may stand before the signs, too, and how the skill is asked for between them.
        wish = join_cues(cues, "wish")
        self._alone = re.compile(rf"\s*(?:\(?\d{{1,2}}[.)])?{_BESIDE}(?:(?:{wish}){_BESIDE})?", re.IGNORECASE)
        self._product_left = re.compile(rf"(?<!\w)(?:{join_cues(cues, 'product_left')})[\s:(\"“]*$", re.IGNORECASE)
        self._own_left = re.compile(rf"(?<!\w)(?:{join_cues(cues, 'own_left')})[\s:(\"“]*$", re.IGNORECASE)
        self._own_right = re.compile(rf"[\s\"”]*(?:{join_cues(cues, 'own_right')})", re.IGNORECASE)
        self._prefix = re.compile(rf"(?<![\w-])(?:{join_cues(cues, 'prefix')})-$", re.IGNORECASE)
        # A blank before "and": else "Aor" were a name, and an "A" with its "or", and a line of them took years.
        names = rf"(?:{_NAME}(?:\s*[,/&]|\s+(?:and|or)\b)\s*(?:and |or |& )?)*$"
        before_company, behind_company = join_cues(cues, "company_left"), join_cues(cues, "company_right")
        self._company_left = re.compile(rf"(?<!\w)(?i:{before_company})[\s:(]*(?:the likes of )?{names}")
        self._company_right = re.compile(rf"\s?(?:{behind_company})", re.IGNORECASE)
        # How a posting goes on behind its employer's name at the beginning of a line ("*Hotjar* | Developer | Remote").
        self._behind_employer = re.compile(
            r"\s*(?:\([^()]{1,60}\)\s*)?(?:\|+|│|•|-{1,2}|–|—|//|https?:)(?=.{0,150}?(?:"
            r"(?i:\bremote\b|\bon-?site\b|full[- ]?time|\bintern\b|\bvisa\b|https?:|\bwww\.|\.com\b)"
            rf"|\b[A-Z][a-z]+, ?[A-Z][\w.]+|\b(?:{join_words(places) or '(?!)'})\b))"
        )
        self.company_left_expression = rf"(?:^|\W)(?:{before_company})"
        self.company_right_expression = f"(?:{behind_company})"

    def find_signal(self, span: Span, outer: Sequence[Span], wanted: Set[Signal], passage: Passage) -> Signal | None:
        """Return the first of the wanted signals that the line of a span gives, None where it gives none.

        Args:
            span: the span in question.
            outer: all spans of the line, leftmost longest, in order.
            wanted: the signals of which one is enough.
            passage: the line.
        """
        for signal in _SIGNAL_ORDER:
            if signal in wanted and self._shows(signal, span, outer, passage):
                return signal
        return None

    def find_own_product(self, span: Span, outer: Sequence[Span], passage: Passage) -> Signal | None:
        """Return what asks for the employer's own product like for any other, None where only the employer is named.

        "Experience with Docker" and "Docker, Kubernetes" at Docker do, "our customers use Docker" does not. Where the
        company tells of itself, only what it has made is a product: "we are the company behind *Astro*".
        """
        if passage.text[span.end : span.end + 2] in _POSSESSIVES:
            return None
        if self._product_left.search(passage.text[max(0, span.start - _CUE_REACH) : span.start]):
            return "cue_left"
        if passage.section in ABOUT_OTHERS:
            return None
        if self._has_companions(span, outer, passage):
            return "in_list"
        first = self._find_list(span, outer, passage)[0].start
        if self._own_left.search(passage.text[max(0, first - _CUE_REACH) : first]):
            return "cue_left"
        return "cue_right" if self._own_right.match(passage.text, span.end) else None

    def is_prefixed(self, line: str, start: int) -> bool:
        """Tell whether a word begins with a prefix before a place, and is another ("re-*engineering hiring*")."""
        return self._prefix.search(line, max(0, start - _PREFIX_REACH), start) is not None

    def heads_posting(self, span: Span, candidates: Sequence[Span], passage: Passage) -> bool:
        """Tell whether a name at a line's beginning is the employer's, as in "*Hotjar* | Developer | Remote".

        A line of tools ("React | Node | AWS, remote") is none.
        """
        if passage.section not in _UNHEADED:
            return False
        header = self._behind_employer.match(passage.text, span.end)
        return header is not None and not any(
            header.end() <= each.start <= header.end() + 1 and each.pattern.skill.kind in LISTED for each in candidates
        )

    def is_company(self, span: Span, passage: Passage) -> bool:
        """Tell whether a product's name stands for its maker ("backed by *Stripe*", "firms like Uber and *Stripe*")."""
        text = passage.text
        if passage.hints.company_right and self._company_right.match(text, span.end):
            return True
        starts = passage.hints.company_left
        first, last = max(0, span.start - _COMPANY_REACH), span.start
        if starts is None:
            return self._company_left.search(text[first:last]) is not None
        near = starts[bisect.bisect_left(starts, first) : bisect.bisect_left(starts, last)]
        return any(self._company_left.match(text, start, last) for start in near)

    def _shows(self, signal: Signal, span: Span, outer: Sequence[Span], passage: Passage) -> bool:
        if signal == "in_list":
            members = self._find_list(span, outer, passage)
            fellows = find_fellows(span.pattern.skill.kind)
            return is_listed(members, span) or (len(members) > 1 and self._names_certain(span, outer, fellows, passage))
        if signal == "whole_item":
            return (
                _ITEM_END.match(passage.text, span.end) is not None
                and _ITEM_BEGINNING.search(passage.text[max(0, span.start - _ITEM_REACH) : span.start]) is not None
                and self._has_companions(span, outer, passage)
            )
        if signal == "asking_section":
            return passage.section not in ABOUT_OTHERS
        if signal == "hire_section":
            return passage.section in ABOUT_HIRE
        if signal == "telling_section":
            return passage.section not in _SAYING_LITTLE
        if signal == "cue_left":
            # A cue speaks for the whole list that it stands before.
            return self._has_cue_left(self._find_list(span, outer, passage)[0], passage)
        if signal == "cue_right":
            return self._right.match(passage.text, span.end) is not None
        if signal == "alone":
            if passage.section in _SAYING_LITTLE:  # "Dental", "Vision"
                return False
            members = self._find_list(span, outer, passage)
            before, behind = passage.text[: members[0].start], passage.text[members[-1].end :]
            if span.pattern.skill.kind != "tool" and passage.section not in ABOUT_OTHERS and _HEADS.match(behind):
                behind = ""
            return len(before) + len(behind) <= _MOST_SIGNS and self._alone.fullmatch(before + behind) is not None
        return self._names_certain(span, outer, _TOOLS, passage)

    def _find_list(self, span: Span, outer: Sequence[Span], passage: Passage) -> list[Span]:
        """Return the list that a span is part of; the lists of a line are found once."""
        if passage.lists is None:
            passage.lists = find_lists(outer, passage.text)
        return passage.lists.get(span.start) or [span]

    def _has_companions(self, span: Span, outer: Sequence[Span], passage: Passage) -> bool:
        """Tell whether the list that a span is part of names another tool, one that needs no condition."""
        if passage.companions is None:
            passage.companions = find_companions(outer, passage.text)
        return not passage.companions.get(span.start, _NO_TOOLS) <= {span.pattern.skill.id}

    def _names_certain(self, span: Span, outer: Sequence[Span], kinds: Set[str], passage: Passage) -> bool:
        """Tell whether a line names, beside the span, a skill of some kinds that needs no condition."""
        if passage.certain is None:
            passage.certain = find_certain(outer)
        return any(start != span.start for kind in kinds for start in passage.certain.get(kind, ()))

    def _has_cue_left(self, span: Span, passage: Passage) -> bool:
        last = passage.words_before(span.start, 1)
        if not last:
            return False
        before = passage.text[max(0, span.start - _CUE_REACH) : span.start]
        return any(last[0] in words and expression.search(before) for words, expression in self._left)


def is_refused(pattern: Pattern, span: Span, passage: Passage) -> bool:
    """Tell whether one of the pattern's refusing phrases stands directly before or behind the span."""
    refusals = pattern.not_right
    if refusals.longest and passage.word_after(span.end) in refusals.ends:
        after = passage.words_after(span.end, refusals.longest)
        if any(b" ".join(after[:count]) in refusals.phrases for count in range(1, len(after) + 1)):
            return True
    refusals = pattern.not_left
    if refusals.longest and (before := passage.words_before(span.start, 1)) and before[-1] in refusals.ends:
        before = passage.words_before(span.start, refusals.longest)
        return any(b" ".join(before[-count:]) in refusals.phrases for count in range(1, len(before) + 1))
    return False
