"""The matcher as a spaCy component: `nlp.add_pipe("skill_matcher")` sets `doc.spans["skills"]`."""

# No `from __future__ import annotations`: spaCy 3.8 before its own pydantic reads the types of a factory as they stand.

from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Span

from skillextract.skills.matcher import SkillMatcher
from skillextract.skills.pattern_files import load_vocabulary


class SkillMatcherComponent:
    """Marks skills in a spaCy document.

    Each span of `doc.spans[spans_key]` carries the skill's kind as its label (`tool`, `concept` …) and the skill's id
    as its `id_`. A mention that begins or ends inside a token is widened to whole tokens.
    """

    def __init__(self, nlp: Language, name: str, *, patterns: str | None, spans_key: str) -> None:
        self.name = name
        self.spans_key = spans_key
        vocabulary = load_vocabulary(None if patterns is None else Path(patterns))
        self._matcher = SkillMatcher(vocabulary)

    def __call__(self, doc: Doc) -> Doc:
        """Set the document's spans and return it."""
        spans = []
        for mention in self._matcher.find_mentions("", "", doc.text):
            kind = self._matcher.vocabulary.skills[mention.skill_id].kind
            span = doc.char_span(mention.start, mention.end, label=kind, alignment_mode="expand")
            if span is not None:
                spans.append(Span(doc, span.start, span.end, label=kind, span_id=mention.skill_id))
        doc.spans[self.spans_key] = spans
        return doc


@Language.factory("skill_matcher", default_config={"patterns": None, "spans_key": "skills"})
def make_skill_matcher(nlp: Language, name: str, patterns: str | None, spans_key: str) -> SkillMatcherComponent:
    """Return the component; `patterns` names a folder of patterns, by default the package's own."""
    return SkillMatcherComponent(nlp, name, patterns=patterns, spans_key=spans_key)
