"""The matcher: screen the text, settle overlaps and ambiguous words by their line, say how each mention is meant."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterable, Iterator, Sequence, Set

from skillextract.posting import Posting
from skillextract.skills.clues import Clues, is_refused
from skillextract.skills.folding import straighten
from skillextract.skills.mention import Mention, Requirement
from skillextract.skills.passage import Passage, Span
from skillextract.skills.requirement import Scope
from skillextract.skills.screen import Hit, Screen
from skillextract.skills.tokens import TokenMatcher
from skillextract.skills.vocabulary import Pattern, Signal, Vocabulary
from skillextract.text.sections import ABOUT_OTHERS, Line

_SEPARATORS = re.compile(r"[^\w+#&.@]|_")
_IN_TITLES_TOO = frozenset({"degree", "language"})
"""Kinds that stay mentions beside the words of a job title ("German speakers", "PhD researchers")."""

_ASKED_FOR: frozenset[Signal] = frozenset({"in_list", "cue_left"})
"""What makes the employer's own product a skill of the hire ("experience with Docker, Kubernetes" at Docker)."""
_IN_OTHER_CASE = "listed"
"""The condition of a name that stands in another case than its pattern."""
_SHORTEST_IN_OTHER_CASE = 4
_REMEMBERED_LINES = 20_000

Accepted = tuple[Span, Signal | None]


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
        self._tokens = TokenMatcher()
        self._clues = Clues(vocabulary.cues, vocabulary.job_titles)
        # People who write in lower case list tools by the dozen: where its line lists it, a name may be in any case.
        self._listed = {
            pattern.place: dataclasses.replace(pattern, when=_IN_OTHER_CASE)
            for pattern in vocabulary.patterns
            if pattern.exact and pattern.when is None and pattern.skill.kind == "tool" and _is_long(pattern.phrase)
        }
        # Employers repeat whole lines from posting to posting; what a line says depends on nothing outside of it.
        self._read_lines: dict[tuple[str, str, tuple[Scope, ...]], list[tuple[str, Requirement]]] = {}

    def find_mentions(self, posting_id: str, title: str, text: str, *, company: str | None = None) -> list[Mention]:
        """Return the mentions in a text in the order of their starts; none of them overlap.

        Terms inside job titles and team names are no mentions, nor are the names of companies, the employer's own among
        them, unless its product is asked for like any other.

        Args:
            posting_id: taken over into each mention.
            title: the posting's title; what it names is no mention.
            text: what offsets count in.
            company: the employer's name, None where it is not known.
        """
        return [mention for mention, _, _ in self._find(posting_id, text, company)]

    def explain_mentions(self, posting_id: str, title: str, text: str, *, company: str | None = None) -> list[Reason]:
        """Return the mentions of `find_mentions`, each with why it was taken."""
        return [
            Reason(mention, span.pattern.place, signal, line.section)
            for mention, (span, signal), line in self._find(posting_id, text, company)
        ]

    def find_in_postings(self, postings: Iterable[Posting]) -> Iterator[list[Mention]]:
        """Yield the mentions of each posting, in the order of the postings."""
        for posting in postings:
            yield self.find_mentions(posting.id, posting.title, posting.text, company=posting.company)

    def _find(self, posting_id: str, text: str, company: str | None) -> list[tuple[Mention, Accepted, Line]]:
        folded, hits = self._screen.scan(text)
        candidates = self._collect(text, hits)
        if not candidates:
            return []
        passage = Passage(text, folded, self.vocabulary.sections.divide(text), company)
        return self._judge(posting_id, self._settle(candidates, passage), passage)

    def _collect(self, text: str, hits: Sequence[Hit]) -> list[Span]:
        """Return the spans of all patterns whose literals were hit and whose letters agree, leftmost longest first."""
        spans: list[Span] = []
        token_lines: dict[tuple[int, int], dict[str, Pattern]] = {}
        patterns_of = self._screen.patterns
        for literal, start, end in hits:
            surface = text[start:end]
            # A letter beyond Latin-1 was folded to a blank: the hit may be a piece of a longer word.
            before, after = text[start - 1 : start], text[end : end + 1]
            if (before > "ÿ" and before.isalnum()) or (after > "ÿ" and after.isalnum()):
                continue
            for pattern in patterns_of[literal]:
                if pattern.phrase is None:
                    line = text.rfind("\n", 0, start) + 1, text.find("\n", end)
                    token_lines.setdefault(line, {})[pattern.place] = pattern
                elif "\n" in surface:
                    continue
                elif not pattern.exact or surface == pattern.phrase or _same_letters(surface, pattern.phrase):
                    spans.append(Span(start, end, pattern))
                elif (listed := self._listed.get(pattern.place)) is not None and _is_plain(surface):
                    spans.append(Span(start, end, listed))
        for (first, last), patterns in token_lines.items():
            spans.extend(self._tokens.match(text, first, len(text) if last < 0 else last, patterns.values()))
        spans.sort(key=_rank)
        return spans

    def _settle(self, candidates: Sequence[Span], passage: Passage) -> list[Accepted]:
        """Return the spans that stand, leftmost and longest first; what is refused gives way to what it covered."""
        accepted: list[Accepted] = []
        outer: list[Span] = []
        end = 0
        for span in candidates:
            if span.start < end:
                continue
            pattern = span.pattern
            if pattern.may_be_refused and is_refused(pattern, span, passage):
                continue
            if pattern.skill.kind not in _IN_TITLES_TOO and self._clues.is_in_job_title(span, passage):
                continue
            if pattern.skill.kind == "tool" and self._clues.is_company(span, passage):
                continue
            signal = None
            wanted = None if pattern.when is None else self.vocabulary.conditions[pattern.when].signals
            if passage.is_employer(span):
                if passage.line_at(span.start).section in ABOUT_OTHERS:
                    continue
                wanted = _ASKED_FOR
            if wanted is not None:
                outer = outer or _take_longest(candidates)
                signal = self._clues.find_signal(span, outer, wanted, passage)
                if signal is None:
                    continue
            accepted.append((span, signal))
            end = span.end
        return accepted

    def _judge(
        self, posting_id: str, accepted: Sequence[Accepted], passage: Passage
    ) -> list[tuple[Mention, Accepted, Line]]:
        """Give each span its section and requirement, line by line."""
        found: list[tuple[Mention, Accepted, Line]] = []
        text = passage.text
        index = 0
        while index < len(accepted):
            line = passage.line_at(accepted[index][0].start)
            stop = index + 1
            while stop < len(accepted) and accepted[stop][0].start < line.end:
                stop += 1
            members = accepted[index:stop]
            first = line.start
            spans = tuple((span.start - first, span.end - first) for span, _ in members)
            body = text[first : line.end]
            verdicts = self._read_lines.get((body, line.section, spans))
            if verdicts is None:
                verdicts = self._read_line(body, line.section, spans, passage.words_of(line))
                if len(self._read_lines) >= _REMEMBERED_LINES:
                    self._read_lines.clear()
                self._read_lines[body, line.section, spans] = verdicts
            for each, (section, requirement) in zip(members, verdicts, strict=True):
                start, end, pattern = each[0]
                surface = text[start:end]
                mention = Mention(posting_id, pattern.skill.id, start, end, surface, section, requirement)
                found.append((mention, each, line))
            index = stop
        return found

    def _read_line(
        self, body: str, section: str, spans: tuple[Scope, ...], words: Set[bytes]
    ) -> list[tuple[str, Requirement]]:
        """Return section and requirement of each span of a line that stands in a section."""
        rules, requirement = self.vocabulary.sections, self.vocabulary.requirement
        own = rules.read_line(body, words)
        if own is not None:
            return [(own, verdict) for verdict in requirement.judge(body, own, spans, words=words)]
        inline = rules.read_inline_heading(body)
        if inline is None or inline[0] == section:
            return [(section, verdict) for verdict in requirement.judge(body, section, spans, words=words)]
        opened, begin = inline
        before = [span for span in spans if span[0] < begin]
        behind = spans[len(before) :]
        return [
            *((section, verdict) for verdict in requirement.judge(body, section, before, words=words)),
            *((opened, verdict) for verdict in requirement.judge(body, opened, behind, words=words)),
        ]


def _rank(span: Span) -> tuple[int, int, bool, bool]:
    """Leftmost, longest, certain before ambiguous, letter by letter before any case."""
    return span.start, -span.end, span.pattern.when is not None, not span.pattern.exact


def _is_plain(surface: str) -> bool:
    """Tell whether a name is in one of the cases that people give names which they do not look up."""
    return surface.islower() or surface.istitle() or surface.isupper()


def _is_long(phrase: str | None) -> bool:
    return phrase is not None and len(phrase) >= _SHORTEST_IN_OTHER_CASE


def _take_longest(candidates: Sequence[Span]) -> list[Span]:
    """Return the leftmost longest of spans sorted by start and falling length."""
    taken: list[Span] = []
    end = 0
    for span in candidates:
        if span.start >= end:
            taken.append(span)
            end = span.end
    return taken


@functools.lru_cache(maxsize=100_000)
def _same_letters(surface: str, phrase: str) -> bool:
    return _SEPARATORS.sub(" ", straighten(surface)) == _SEPARATORS.sub(" ", phrase)
