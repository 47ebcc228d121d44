"""Token patterns: what phrases cannot say is matched by spaCy, on the lines that the screen names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import spacy
from spacy.language import Language
from spacy.matcher import Matcher

from skillextract.skills.folding import straighten
from skillextract.skills.passage import Span
from skillextract.skills.vocabulary import Pattern


class TokenMatcher:
    """spaCy's tokenizer and a `Matcher` for each pattern, made when they are first needed."""

    def __init__(self) -> None:
        self._nlp: Language | None = None
        self._matchers: dict[str, Matcher] = {}

    def match(self, line: str, patterns: Iterable[Pattern]) -> Iterator[Span]:
        """Yield where some token patterns match in a line."""
        nlp = self._nlp = self._nlp or spacy.blank("en")
        doc = nlp.make_doc(straighten(line))
        for pattern in patterns:
            matcher = self._matchers.get(pattern.place)
            if matcher is None:
                matcher = self._matchers[pattern.place] = Matcher(nlp.vocab)
                matcher.add(pattern.skill.id, [[dict(token) for token in pattern.tokens]])
            for _, begin, end in matcher(doc):
                found = doc[begin:end]
                yield Span(found.start_char, found.end_char, pattern)
