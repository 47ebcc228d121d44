"""The matcher: screen the text, settle overlaps and ambiguous words by their line, say how each mention is meant."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from skillextract.skills.abbreviations import Abbreviations, Words
from skillextract.skills.clues import Clues, is_refused
from skillextract.skills.company_names import CompanyNames
from skillextract.skills.folding import compose, straighten
from skillextract.skills.hints import HintReader
from skillextract.skills.job_titles import JobTitles
from skillextract.skills.lists import drop_fields_before
from skillextract.skills.mention import Mention, Requirement
from skillextract.skills.passage import Passage
from skillextract.skills.requirement import Scope
from skillextract.skills.screen import Screen
from skillextract.skills.spans import WHOLE_ITEM, Span, names_two, rank, take_longest
from skillextract.skills.thread_headers import ThreadHeaders
from skillextract.skills.token_patterns import is_word
from skillextract.skills.tokens import TokenMatcher
from skillextract.skills.vocabulary import Pattern, Signal, Vocabulary
from skillextract.text.sections import ABOUT_OTHERS, INTRO, Line

_SEPARATORS = re.compile(r"[^\w+#&.@]|_")
_IN_TITLES_TOO = frozenset({"degree", "language"})
"""Kinds that stay mentions beside the words of a job title ("German speakers", "PhD researchers")."""
_UNASKED = ABOUT_OTHERS | {INTRO}
"""Sections in which a line that asks for a skill is read as a requirement."""
_IN_OTHER_CASE = "listed"
"""The condition of a name that stands in another case than its pattern."""
_SHORTEST_IN_OTHER_CASE = 4
_LONGEST_TITLE = 100
_PARTED = re.compile(r"\||:|\s[–—-]\s")
"""What parts name, place and stack in the first line of a posting in a thread."""
_AROUND_TITLES = " \t:-–—*#|\u00a0"
_MOST_AROUND_TITLES = 12
"""Signs that a line may hold around the title that it repeats."""
_REMEMBERED_LINES = 20_000
LineKey = tuple[str, str, str | None]
"""What the mentions of a line depend on: its text, its section, the employer."""
Accepted = tuple[Span, Signal | None]


class Found(NamedTuple):
    """A mention as its line has it: offsets count from the line's beginning."""

    start: int
    end: int
    surface: str
    pattern: Pattern
    signal: Signal | None
    section: str
    requirement: Requirement


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

    The scan of `Screen` settles phrases by itself, and token patterns of one plain word. spaCy's tokenizer and
    `Matcher` run for the other token patterns only, and only on the lines in which one of their literals stands. What a
    line says depends on nothing but the line, its section and the employer, so lines that employers repeat from posting
    to posting are read once: up to 20,000 are remembered, and when they become more all but the new ones of the latest
    text are dropped. Loading takes a second; one matcher serves any number of texts and threads.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._screen = Screen(vocabulary.patterns)
        self._tokens = TokenMatcher()
        self._abbreviations = Abbreviations(vocabulary.patterns)
        self._companies = CompanyNames(vocabulary.companies)
        self._headers = ThreadHeaders(vocabulary.companies, vocabulary.job_titles)
        self._clues = clues = Clues(vocabulary.cues, vocabulary.companies.places)
        self._titles = JobTitles(vocabulary.cues, vocabulary.job_titles)
        self._hints = HintReader(
            vocabulary.requirement.expressions,
            vocabulary.sections.line_expressions,
            title=self._titles.expression,
            company_left=clues.company_left_expression,
            company_right=clues.company_right_expression,
        )
        # People who write in lower case list tools by the dozen: where its line lists it, a name may be in any case.
        lower = {each.literals for each in vocabulary.patterns if not each.exact or (each.phrase or "").islower()}
        self._listed = {
            pattern.place: dataclasses.replace(pattern, when=condition)
            for pattern in vocabulary.patterns
            if pattern.exact and pattern.skill.kind == "tool" and _is_long(pattern.phrase)
            if (condition := _IN_OTHER_CASE if pattern.when is None else WHOLE_ITEM) in vocabulary.conditions
            # A line for lower case says what it needs ("to *excel*").
            if pattern.literals not in lower or (pattern.phrase or "").islower()
        }
        # What asks for one word and nothing of it is found as a phrase is, without spaCy.
        self._words = {pattern.place for pattern in vocabulary.patterns if is_word(pattern.tokens)}
        self._remembered: dict[LineKey, Sequence[Found]] = {}

    def find_mentions(self, posting_id: str, title: str, text: str, *, company: str | None = None) -> list[Mention]:
        """Return the mentions in a text in the order of their starts; none of them overlap.

        Terms inside job titles and team names are no mentions, nor are the names of companies, the employer's own among
        them, unless its product is asked for like any other.

        Args:
            posting_id: taken over into each mention.
            title: the posting's title; a line that repeats it holds no mention.
            text: what offsets count in.
            company: the employer's name; where it is not known, the one that the text names at its beginning is taken.
        """
        composed, places = compose(text)
        mentions = [
            Mention(posting_id, pattern.skill.id, begin + start, begin + end, surface, section, requirement)
            for (begin, _, _), found in self._read(title, composed, company)
            for start, end, surface, pattern, _, section, requirement in found
        ]
        return mentions if places is None else [_move(each, text, places) for each in mentions]

    def explain_mentions(self, posting_id: str, title: str, text: str, *, company: str | None = None) -> list[Reason]:
        """Return the mentions of `find_mentions`, each with why it was taken."""
        mentions = iter(self.find_mentions(posting_id, title, text, company=company))
        return [
            Reason(next(mentions), each.pattern.place, each.signal, line.section)
            for line, found in self._read(title, compose(text)[0], company)
            for each in found
        ]

    def forget_lines(self) -> None:
        """Forget the lines that were read; results do not change, only their speed does."""
        self._remembered.clear()

    def _read(self, title: str, text: str, company: str | None) -> list[tuple[Line, Sequence[Found]]]:
        """Return the lines that hold mentions, each with its mentions."""
        lines = self.vocabulary.sections.divide(text)
        if title := _fold_title(title):
            longest = len(title) + _MOST_AROUND_TITLES
            lines = [line for line in lines if line.end - line.start > longest or not _repeats(text, line, title)]
        company = company or self._headers.find_employer(text)
        keys: list[LineKey] = [(text[start:end], section, company) for start, end, section in lines]
        # Threads share the memory and any of them may empty it: what this text needs is held here.
        remembered = self._remembered
        known = {key: remembered.get(key) for key in keys}
        unread = [key for key, found in known.items() if found is None]
        if unread:
            known |= (read := self._read_lines(unread))
            if len(remembered) + len(read) > _REMEMBERED_LINES:
                self._remembered = dict(read)
            else:
                remembered.update(read)
        told: list[tuple[Line, Sequence[Found]]] = [
            (line, found) for line, key in zip(lines, keys, strict=True) if (found := known[key])
        ]
        explained = self._abbreviations.find_explained(text)
        return self._drop_foreign(told, explained) if explained else told

    def _drop_foreign(
        self, told: Sequence[tuple[Line, Sequence[Found]]], explained: Mapping[str, Words]
    ) -> list[tuple[Line, Sequence[Found]]]:
        """Return what lines hold without the abbreviations that the posting explains as something else."""
        is_foreign = self._abbreviations.is_foreign
        kept: list[tuple[Line, Sequence[Found]]] = []
        for line, found in told:
            if any(each.surface in explained for each in found):
                found = [each for each in found if not is_foreign(each.surface, each.pattern.skill.id, explained)]
            if found:
                kept.append((line, found))
        return kept

    def _read_lines(self, keys: Sequence[LineKey]) -> dict[LineKey, Sequence[Found]]:
        """Return what some lines hold, all of them read in one scan."""
        read: dict[LineKey, Sequence[Found]] = dict.fromkeys(keys, ())
        text = "\n".join(key[0] for key in keys)
        folded, hits = self._screen.scan(text)
        count = len(hits)
        position = 0
        begin = 0
        speaking: list[tuple[LineKey, list[Span], bytes]] = []
        for key in keys:
            end = begin + len(key[0])
            first = position
            while position < count and hits[position][2] <= end + 2:
                position += 1
            if position > first and (spans := self._collect(key[0], hits[first:position], begin)):
                speaking.append((key, spans, folded[begin : end + 2]))
            begin = end + 1
        hints = self._hints.read([key[0] for key, _, _ in speaking])
        for (key, candidates, part), hint in zip(speaking, hints, strict=True):
            line, section, company = key
            passage = Passage(line, part, section, self._companies.squeeze(company), hint)
            read[key] = self._judge(self._settle(candidates, passage), passage)
        return read

    def _collect(self, line: str, hits: Sequence[tuple[int, int, int]], begin: int) -> list[Span]:
        """Return the spans of all patterns whose literals were hit and whose letters agree, leftmost longest first.

        Args:
            line: without its line break.
            hits: see `Screen.scan`.
            begin: where the line begins in the text that was scanned.
        """
        spans: list[Span] = []
        words: list[Span] = []
        by_tokens: dict[str, Pattern] = {}
        places: dict[str, list[int]] = {}
        patterns_of = self._screen.patterns
        is_plain = line.isascii()
        for literal, first, last in hits:
            start, end = first - begin, last - begin - 2
            if start < 0:  # it begins in the line before: no phrase goes over a line's end
                continue
            if not is_plain and _is_piece(line, start, end):
                continue
            for pattern in patterns_of[literal]:
                if not pattern.exact:
                    if pattern.phrase is not None:
                        spans.append(Span(start, end, pattern))
                    elif pattern.place in self._words:
                        words.append(Span(start, end, pattern))
                    else:
                        by_tokens[pattern.place] = pattern
                        places.setdefault(pattern.place, []).append(start)
                    continue
                surface = line[start:end]
                if surface == pattern.phrase or _same_letters(surface, pattern.phrase or ""):
                    spans.append(Span(start, end, pattern))
                elif (listed := self._listed.get(pattern.place)) is not None and _is_plain(surface):
                    spans.append(Span(start, end, listed))
        spans += words  # where both stand a phrase comes first: the sort is stable
        if by_tokens:
            # spaCy reads web addresses, too, in which nothing is to be found.
            spans.extend(
                span
                for span in self._tokens.match(line, by_tokens.values())
                if any(span.start <= place < span.end for place in places[span.pattern.place])
            )
        if len(spans) > 1:
            spans.sort(key=rank)
            if "/" in line:
                spans = [span for span in spans if not (span.pattern.is_parted and names_two(span, spans, line))]
        return spans

    def _settle(self, candidates: Sequence[Span], passage: Passage) -> list[Accepted]:
        """Return the spans that stand, leftmost and longest first; what is refused gives way to what it covered.

        A field that names a title or a team does not: no part of a team's name is a skill.
        """
        accepted: list[Accepted] = []
        outer: list[Span] = []
        clues, job_titles = self._clues, self._titles
        hints = passage.hints
        titles, companies = hints.title, hints.company
        header_end = self._headers.find_end(passage.text) if "|" in passage.text else 0
        employer = passage.may_name_employer()
        end = 0
        for span in candidates:
            if span.start < end:
                continue
            pattern = span.pattern
            if pattern.may_be_refused and is_refused(pattern, span, passage):
                continue
            if passage.text[span.start - 1 : span.start] == "-" and clues.is_prefixed(passage.text, span.start):
                continue
            kind = pattern.skill.kind
            if kind == "concept" and span.end <= header_end:
                end = span.end
                continue
            if titles and kind not in _IN_TITLES_TOO and job_titles.names(span, passage):
                end = span.end  # what is inside of a title's words names it, too ("*React* Native developer")
                if accepted and job_titles.is_field(span, passage):
                    drop_fields_before(span, accepted, passage.text)
                continue
            if kind == "tool" and (
                (companies and clues.is_company(span, passage))
                or (not span.start and clues.heads_posting(span, candidates, passage))
            ):
                end = span.end  # no part of a company's name is a skill
                continue
            signal = None
            wanted = None if pattern.when is None else self.vocabulary.conditions[pattern.when].signals
            if employer and passage.is_employer(span):
                if _names_product_line(passage.text, span.end):
                    continue
                outer = outer or take_longest(candidates)
                signal = clues.find_own_product(span, outer, passage)
                if signal is None:
                    continue
            elif wanted is not None:
                outer = outer or take_longest(candidates)
                signal = clues.find_signal(span, outer, wanted, passage)
                if signal is None:
                    continue
            accepted.append((span, signal))
            end = span.end
        return accepted

    def _judge(self, accepted: Sequence[Accepted], passage: Passage) -> Sequence[Found]:
        """Return the mentions of a line, each with its section and requirement."""
        if not accepted:
            return ()
        line = passage.text
        spans = [(span.start, span.end) for span, _ in accepted]
        return [
            Found(span.start, span.end, line[span.start : span.end], span.pattern, signal, section, requirement)
            for (span, signal), (section, requirement) in zip(accepted, self._read_spans(passage, spans), strict=True)
        ]

    def _read_spans(self, passage: Passage, spans: Sequence[Scope]) -> list[tuple[str, Requirement]]:
        """Return section and requirement of each span of a line."""
        rules, requirement = self.vocabulary.sections, self.vocabulary.requirement
        line, section, cues = passage.text, passage.section, passage.hints.cues
        own = rules.read_line(line, passage.hints.lines)
        if own in ABOUT_OTHERS or (own is not None and section in _UNASKED):
            return [(own, verdict) for verdict in requirement.judge(line, own, spans, cues=cues)]
        opened = rules.read_inline_headings(line, section)
        if all(part == section for part, _ in opened):
            return [(section, verdict) for verdict in requirement.judge(line, section, spans, cues=cues)]
        read: list[tuple[str, Requirement]] = []
        for (part, _), (_, end) in itertools.pairwise([(section, 0), *opened, (section, len(line))]):
            inside = [span for span in spans[len(read) :] if span[0] < end]
            read += [(part, verdict) for verdict in requirement.judge(line, part, inside, cues=cues)]
        return read


def _fold_title(title: str) -> str:
    """Return a title in small letters; nothing where it is the first line of a posting in a thread.

    That may tell the stack, or all that there is to say.
    """
    folded = title.strip().casefold()
    return "" if len(folded) > _LONGEST_TITLE or _PARTED.search(folded) else folded


def _repeats(text: str, line: Line, title: str) -> bool:
    """Tell whether a line of a text says no more than a folded title."""
    return text[line.start : line.end].strip(_AROUND_TITLES).casefold() == title


def _move(mention: Mention, text: str, places: Sequence[int]) -> Mention:
    """Return a mention of the composed text as it stands in the given one: see `compose`."""
    start, end = places[mention.start], places[mention.end]
    return mention._replace(start=start, end=end, surface=text[start:end])


def _names_product_line(line: str, end: int) -> bool:
    """Tell whether a name in capitals goes on behind the employer's: "product lines like *Docker* Insights"."""
    return line[end : end + 1] == " " and line[end + 1 : end + 2].isupper()


def _is_piece(line: str, start: int, end: int) -> bool:
    """Tell whether a hit is a piece of a longer word: what is beside it was folded to a blank, and is none.

    That is a letter beyond Latin-1, or an accent of its own ("Go\u0308ttingen").
    """
    before, after = line[start - 1 : start], line[end : end + 1]
    return (before > "ÿ" and _goes_on(before)) or (after > "ÿ" and _goes_on(after))


def _goes_on(char: str) -> bool:
    return char.isalnum() or unicodedata.combining(char) != 0


def _is_plain(surface: str) -> bool:
    """Tell whether a name is in one of the cases that people give names which they do not look up."""
    return surface.islower() or surface.istitle() or surface.isupper()


def _is_long(phrase: str | None) -> bool:
    return phrase is not None and len(phrase) >= _SHORTEST_IN_OTHER_CASE


@functools.lru_cache(maxsize=100_000)
def _same_letters(surface: str, phrase: str) -> bool:
    return _SEPARATORS.sub(" ", straighten(surface)) == _SEPARATORS.sub(" ", phrase)
