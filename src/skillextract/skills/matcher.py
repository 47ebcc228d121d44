"""The matcher: screen the text, settle overlaps and ambiguous words by their line, say how each mention is meant."""

from __future__ import annotations

import bisect
import dataclasses
import functools
import re
from collections.abc import Iterable, Sequence

import spacy
from spacy.matcher import Matcher

from skillextract.posting import Posting
from skillextract.skills.folding import straighten
from skillextract.skills.mention import Mention
from skillextract.skills.screen import Hit, Screen
from skillextract.skills.vocabulary import Pattern, Signal, Vocabulary
from skillextract.text.sections import ABOUT_OTHERS, Line

_LIST_SIGNS = re.compile(r"[\s,/;|&+•·()\[\]:*\\-]*(?:(?:and|or|and/or|plus|&)[\s(]+)?(?:/\s*)?", re.IGNORECASE)
_MAX_LIST_GAP = 12
_SEPARATORS = re.compile(r"[^\w+#&.@]|_")
_ALONE = re.compile(r"[\s\-*•·▪◦‣●○∙–—+.,;:()\[\]]*")


@dataclasses.dataclass(frozen=True, slots=True)
class Span:
    """A place where a pattern matches: characters [start, end) of the text."""

    start: int
    end: int
    pattern: Pattern


@dataclasses.dataclass(frozen=True, slots=True)
class Reason:
    """Why a mention was taken, for people who ask.

    Attributes:
        mention: the mention.
        pattern: file and line of its pattern.
        signal: what its line showed where the pattern carries a condition, else None.
        heading_section: the section that headings alone give the line.
    """

    mention: Mention
    pattern: str
    signal: Signal | None
    heading_section: str


class SkillMatcher:
    """Finds the skills of a vocabulary in texts.

    The scan of `Screen` settles phrases by itself. spaCy's tokenizer and `Matcher` run for token patterns only, and
    only on the lines in which one of their literals stands. Loading takes a second; one matcher serves any number of
    texts, one after the other.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._screen = Screen(vocabulary.patterns)
        self._nlp = spacy.blank("en")
        self._matchers: dict[str, Matcher] = {}
        self._left = re.compile(rf"(?:^|(?<!\w))(?:{vocabulary.cues['cue_left']})[\s:(\[\"'“‘-]*$", re.IGNORECASE)
        self._right = re.compile(rf"[\s)\]\"'’”-]*(?:{vocabulary.cues['cue_right']})", re.IGNORECASE)
        words = vocabulary.job_titles
        self._title_right = re.compile(
            rf"(?:[\s/&-]+(?:{words.between})(?!\w))*[\s/-]+(?:{words.right})(?!\w)(?!-)", re.IGNORECASE
        )
        self._title_left = re.compile(rf"(?:^|(?<!\w))(?:{words.left})\s*$", re.IGNORECASE)

    def find_mentions(self, posting_id: str, title: str, text: str, *, company: str | None = None) -> list[Mention]:
        """Return the mentions in a text in the order of their starts; none of them overlap.

        Terms inside job titles and team names are no mentions, nor is the employer's own name.

        Args:
            posting_id: taken over into each mention.
            title: the posting's title; what it names is no mention, but a line of the text that repeats it is known by it.
            text: what offsets count in.
            company: the employer's name, None where it is not known.
        """
        return [reason.mention for reason in self._find(posting_id, title, text, company)]

    def explain_mentions(
        self, posting_id: str, title: str, text: str, *, company: str | None = None
    ) -> list[Reason]:
        """Return the mentions of `find_mentions`, each with why it was taken."""
        return self._find(posting_id, title, text, company)

    def find_in_postings(self, postings: Iterable[Posting]) -> Iterable[list[Mention]]:
        """Yield the mentions of each posting, in the order of the postings."""
        for posting in postings:
            yield self.find_mentions(posting.id, posting.title, posting.text, company=posting.company)

    def _find(self, posting_id: str, title: str, text: str, company: str | None) -> list[Reason]:
        folded, hits = self._screen.scan(text)
        if not hits:
            return []
        candidates = self._collect(text, hits)
        if not candidates:
            return []
        context = _Context(text, folded, title, company, self.vocabulary.sections.divide(text))
        accepted = self._settle(candidates, context)
        return self._judge(posting_id, accepted, context)

    def _collect(self, text: str, hits: Sequence[Hit]) -> list[Span]:
        """Return the spans of all patterns whose literals were hit and whose letters agree."""
        spans: list[Span] = []
        token_lines: dict[tuple[int, int], dict[str, Pattern]] = {}
        plain = text.isascii()
        for literal, start, end in hits:
            if not plain and not _stands_alone(text, start, end):
                continue
            surface = text[start:end]
            several_words = " " in surface or "\n" in surface
            for pattern in self._screen.patterns[literal]:
                if pattern.phrase is None:
                    line = text.rfind("\n", 0, start) + 1, text.find("\n", end)
                    token_lines.setdefault(line, {})[pattern.place] = pattern
                elif several_words and "\n" in surface:
                    continue
                elif not pattern.exact or surface == pattern.phrase or _same_letters(surface, pattern.phrase):
                    spans.append(Span(start, end, pattern))
        for (first, last), patterns in token_lines.items():
            spans.extend(self._match_tokens(text, first, len(text) if last < 0 else last, patterns.values()))
        return spans

    def _match_tokens(self, text: str, first: int, last: int, patterns: Iterable[Pattern]) -> Iterable[Span]:
        """Yield what spaCy's matcher finds of some token patterns in one line."""
        doc = self._nlp.make_doc(straighten(text[first:last]))
        for pattern in patterns:
            matcher = self._matchers.get(pattern.place)
            if matcher is None:
                matcher = self._matchers[pattern.place] = Matcher(self._nlp.vocab)
                matcher.add(pattern.skill.id, [[dict(token) for token in pattern.tokens]])
            for _, begin, end in matcher(doc):
                span = doc[begin:end]
                yield Span(first + span.start_char, first + span.end_char, pattern)

    def _settle(self, candidates: list[Span], context: _Context) -> list[tuple[Span, Signal | None]]:
        """Return the spans that stand, leftmost and longest first; what is refused gives way to what it covered."""
        candidates.sort(key=lambda span: (span.start, -span.end, not span.pattern.exact))
        accepted: list[tuple[Span, Signal | None]] = []
        outer = _take_longest(candidates)
        end = 0
        for span in candidates:
            if span.start < end:
                continue
            verdict = self._accept(span, outer, context)
            if verdict is not False:
                accepted.append((span, verdict))
                end = span.end
        return accepted

    def _accept(self, span: Span, outer: Sequence[Span], context: _Context) -> Signal | None | bool:
        """Return the signal that makes an ambiguous word the skill, None where it needs none, False where refused."""
        pattern = span.pattern
        if (pattern.not_left or pattern.not_right) and _is_refused(pattern, span, context.folded):
            return False
        if context.is_employer(span):
            return False
        if pattern.skill.kind not in ("degree", "language") and self._in_job_title(span, context):
            return False
        if pattern.when is None:
            return None
        wanted = self.vocabulary.conditions[pattern.when].signals
        for signal in _SIGNAL_ORDER:
            if signal in wanted and self._shows(signal, span, outer, context):
                return signal
        return False

    def _shows(self, signal: Signal, span: Span, outer: Sequence[Span], context: _Context) -> bool:
        if signal == "asking_section":
            return context.section_at(span.start) not in ABOUT_OTHERS
        if signal == "in_list":
            return _is_listed(span, outer, context.text)
        line = context.line_at(span.start)
        if signal == "cue_left":
            return self._left.search(context.text[max(line.start, span.start - 80) : span.start]) is not None
        if signal == "cue_right":
            return self._right.match(context.text, span.end, line.end) is not None
        if signal == "alone":
            rest = context.text[line.start : span.start] + context.text[span.end : line.end]
            return _ALONE.fullmatch(rest) is not None
        return any(
            other.pattern.when is None and other.pattern.skill.kind == "tool"
            for other in outer
            if line.start <= other.start < line.end and other.start != span.start
        )

    def _in_job_title(self, span: Span, context: _Context) -> bool:
        line = context.line_at(span.start)
        if self._title_right.match(context.text, span.end, line.end):
            return True
        if not context.text[span.start].isupper():
            return False
        left = self._title_left.search(context.text[max(line.start, span.start - 40) : span.start])
        return left is not None and left.group().lstrip()[:1].isupper()

    def _judge(self, posting_id: str, accepted: list[tuple[Span, Signal | None]], context: _Context) -> list[Reason]:
        """Give each span its section and requirement, line by line."""
        rules = self.vocabulary.sections
        reasons: list[Reason] = []
        index = 0
        while index < len(accepted):
            line = context.line_at(accepted[index][0].start)
            stop = index
            while stop < len(accepted) and accepted[stop][0].start < line.end:
                stop += 1
            stop = max(stop, index + 1)
            body = context.text[line.start : line.end]
            own = rules.read_line(body)
            inline = rules.read_inline_heading(body)
            groups: dict[str, list[tuple[Span, Signal | None]]] = {}
            for span, signal in accepted[index:stop]:
                section = line.section
                if own is not None:
                    section = own
                elif inline is not None and span.start - line.start >= inline[1]:
                    section = inline[0]
                groups.setdefault(section, []).append((span, signal))
            for section, members in groups.items():
                spans = [(span.start - line.start, span.end - line.start) for span, _ in members]
                verdicts = self.vocabulary.requirement.judge(body, section, spans)
                for (span, signal), requirement in zip(members, verdicts, strict=True):
                    mention = Mention(
                        posting_id,
                        span.pattern.skill.id,
                        span.start,
                        span.end,
                        context.text[span.start : span.end],
                        section,
                        requirement,
                    )
                    reasons.append(Reason(mention, span.pattern.place, signal, line.section))
            index = stop
        reasons.sort(key=lambda reason: reason.mention.start)
        return reasons


_SIGNAL_ORDER: tuple[Signal, ...] = ("asking_section", "in_list", "cue_left", "cue_right", "alone", "tool_in_line")


class _Context:
    """A text with what is asked of it again and again: its lines, sections, and the employer's name."""

    def __init__(self, text: str, folded: bytes, title: str, company: str | None, lines: list[Line]) -> None:
        self.text = text
        self.folded = folded
        self.title = title
        self._lines = lines
        self._starts = [line.start for line in lines]
        self._company = " ".join(_SEPARATORS.sub(" ", company.casefold()).split()) if company else None

    def line_at(self, position: int) -> Line:
        return self._lines[bisect.bisect_right(self._starts, position) - 1]

    def section_at(self, position: int) -> str:
        return self.line_at(position).section

    def is_employer(self, span: Span) -> bool:
        if self._company is None or span.end - span.start > len(self._company):
            return False
        return " ".join(_SEPARATORS.sub(" ", self.text[span.start : span.end].casefold()).split()) == self._company


def _take_longest(candidates: Sequence[Span]) -> list[Span]:
    """Return the leftmost longest of spans sorted by start and falling length."""
    taken: list[Span] = []
    end = 0
    for span in candidates:
        if span.start >= end:
            taken.append(span)
            end = span.end
    return taken


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Tell whether no letter beyond Latin-1, which folding turned into a blank, touches the span."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before > "ÿ" and before.isalnum()) and not (after > "ÿ" and after.isalnum())


@functools.lru_cache(maxsize=100_000)
def _same_letters(surface: str, phrase: str) -> bool:
    return _SEPARATORS.sub(" ", straighten(surface)) == _SEPARATORS.sub(" ", phrase)


def _is_refused(pattern: Pattern, span: Span, folded: bytes) -> bool:
    """Tell whether one of the pattern's refusing words stands directly before or behind the span."""
    if pattern.not_right:
        after = b" ".join(folded[span.end + 1 : span.end + 61].split()) + b" "
        if any(after.startswith(words + b" ") for words in pattern.not_right):
            return True
    if pattern.not_left:
        before = b" " + b" ".join(folded[max(0, span.start - 60) : span.start + 1].split())
        return any(before.endswith(b" " + words) for words in pattern.not_left)
    return False


def _is_listed(span: Span, outer: Sequence[Span], text: str) -> bool:
    """Tell whether only list signs (`,` `/` `and` …) part the span from another tool or concept on its line."""
    index = bisect.bisect_left(outer, span.start, key=lambda other: other.start)
    for other in (outer[index - 1] if index else None, *outer[index : index + 2]):
        if other is None or other.start == span.start or other.pattern.skill.kind not in ("tool", "concept"):
            continue
        first, last = (other.end, span.start) if other.start < span.start else (span.end, other.start)
        if 0 < last - first <= _MAX_LIST_GAP:
            gap = text[first:last]
            if "\n" not in gap and gap.strip() and _LIST_SIGNS.fullmatch(gap):
                return True
    return False
