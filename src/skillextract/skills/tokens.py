"""Token patterns: what phrases cannot say is matched by spaCy, on the lines that the screen names."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterable, Iterator

import spacy
from spacy.language import Language
from spacy.matcher import Matcher

from skillextract.skills.folding import straighten
from skillextract.skills.spans import Span
from skillextract.skills.vocabulary import Pattern

_SIGNS = re.compile(r"(?:[^\w\s]|_){20,}")
_RUNS = re.compile(r"\S{200,}")
"""What the tokenizer is spared: it takes sign after sign off the ends of what stands between two blanks, and reads all
that is left anew each time. 4,000 brackets took five seconds. No term of several words stands in such a run.
"""
_SURROGATES = re.compile(r"[\ud800-\udfff]")
"""Halves of a character, which cannot be written as UTF-8: spaCy fails at them. Files of JSON can hold one."""


class TokenMatcher:
    """spaCy's tokenizer and a `Matcher` for each pattern, made when they are first needed."""

    def __init__(self) -> None:
        self._nlp: Language | None = None
        self._matchers: dict[str, Matcher] = {}
        self._making = threading.Lock()

    def match(self, line: str, patterns: Iterable[Pattern]) -> Iterator[Span]:
        """Yield where some token patterns match in a line."""
        nlp = self._nlp or self._make_nlp()
        doc = nlp.make_doc(_make_readable(straighten(line)))
        for pattern in patterns:
            matcher = self._matchers.get(pattern.place) or self._make_matcher(pattern, nlp)
            for _, begin, end in matcher(doc):
                found = doc[begin:end]
                yield Span(found.start_char, found.end_char, pattern)

    def _make_nlp(self) -> Language:
        """Return the tokenizer, made once: a matcher reads only documents of the vocabulary that it was made with."""
        with self._making:
            if self._nlp is None:
                nlp = spacy.blank("en")
                # The limit of a million characters is for models, of which there is none here.
                nlp.max_length = sys.maxsize
                self._nlp = nlp
            return self._nlp

    def _make_matcher(self, pattern: Pattern, nlp: Language) -> Matcher:
        """Return the matcher of a pattern.

        Other threads see it when it is ready: one without its rule finds nothing. Two may make it both, to no harm.
        """
        matcher = Matcher(nlp.vocab)
        matcher.add(pattern.skill.id, [[dict(token) for token in pattern.tokens]])
        self._matchers[pattern.place] = matcher
        return matcher


def _make_readable(line: str) -> str:
    """Return a line as the tokenizer can read it at once, character for character: offsets stay what they were."""
    # So many blanks make a token of their own: words before and behind them do not become neighbours. Signs go first:
    # else a word that they stand beside went with them.
    for spared in (_SIGNS, _RUNS):
        line = spared.sub(lambda match: " " * len(match.group()), line)
    return _SURROGATES.sub("\ufffd", line)
