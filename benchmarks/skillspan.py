"""Compare the mentions with SkillSpan, postings that others annotated by other rules (docs/accuracy.md says which).

    python benchmarks/skillspan.py [PATH] [--top N]

PATH is SkillSpan's `train.json` (Zhang et al., NAACL 2022, https://github.com/kris927b/SkillSpan): one sentence a line,
with `tokens`, `source`, and the tags B, I and O of knowledge and of skills. Each distinct sentence of a source counts
once, as a text of its own.

Precision is the share of mentions that overlap a span, recall the share of spans that a mention overlaps, F1 their
harmonic mean. Mentions of tools, concepts, degrees and languages are held against knowledge, soft ones against skills.
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from skillextract.skills.loading import load_matcher
from skillextract.skills.matcher import SkillMatcher

DEFAULT = Path(__file__).resolve().parents[2] / "shared/data/gold/skillspan/train.json"
TAGS_OF = {"knowledge": "tags_knowledge", "skill": "tags_skill"}

Interval = tuple[int, int]


@dataclasses.dataclass
class Tally:
    """Counts of one source and one kind of span, and the words of what only one side has.

    Attributes:
        mentions: how many were found.
        right: how many of them overlap a span.
        spans: how many were marked.
        found: how many of them a mention overlaps.
        words: blank-separated words in all spans together.
        extras_in_other: mentions outside of these spans that overlap one of the other kind.
        extras_unmarked: mentions in sentences without a span of either kind.
        marked: the words of all spans, lower case.
        misses: spans that no mention overlaps, by their words.
        extras: mentions that overlap no span, by their words.
    """

    mentions: int = 0
    right: int = 0
    spans: int = 0
    found: int = 0
    words: int = 0
    extras_in_other: int = 0
    extras_unmarked: int = 0
    marked: set[str] = dataclasses.field(default_factory=set)
    misses: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    extras: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)

    def add(
        self, text: str, mentions: Sequence[Interval], spans: Sequence[Interval], others: Sequence[Interval]
    ) -> None:
        """Count the mentions and the spans of one sentence, beside its spans of the other kind."""
        self.mentions += len(mentions)
        self.spans += len(spans)
        for one in mentions:
            if any(overlaps(one, span) for span in spans):
                self.right += 1
            else:
                self.extras[text[slice(*one)].lower()] += 1
                self.extras_in_other += any(overlaps(one, span) for span in others)
                self.extras_unmarked += not spans and not others
        for span in spans:
            self.marked.add(text[slice(*span)].lower())
            self.words += len(text[slice(*span)].split())
            if any(overlaps(one, span) for one in mentions):
                self.found += 1
            else:
                self.misses[text[slice(*span)].lower()] += 1

    def measure(self) -> tuple[float, float, float]:
        """Return precision, recall and F1, 0 where nothing was there to measure."""
        precision = self.right / self.mentions if self.mentions else 0.0
        recall = self.found / self.spans if self.spans else 0.0
        both = precision + recall
        return precision, recall, 2 * precision * recall / both if both else 0.0


def overlaps(one: Interval, other: Interval) -> bool:
    """Return whether two half-open intervals share a character."""
    return one[0] < other[1] and other[0] < one[1]


def read_sentences(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the first of all rows with the same source and tokens."""
    seen = set()
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            key = row["source"], tuple(row["tokens"])
            if key not in seen:
                seen.add(key)
                yield row


def read_spans(tokens: Sequence[str], tags: Sequence[str]) -> list[Interval]:
    """Return the spans that tags mark, as characters of the tokens joined by blanks."""
    spans: list[Interval] = []
    at = 0
    inside = False
    for token, tag in zip(tokens, tags, strict=True):
        end = at + len(token)
        if tag == "I" and inside:
            spans[-1] = spans[-1][0], end
        elif tag in {"B", "I"}:
            spans.append((at, end))
        inside = tag != "O"
        at = end + 1
    return spans


def compare(path: Path, matcher: SkillMatcher) -> dict[tuple[str, str], Tally]:
    """Return the tally of each source and kind of span."""
    skills = matcher.vocabulary.skills
    tallies: dict[tuple[str, str], Tally] = collections.defaultdict(Tally)
    for row in read_sentences(path):
        text = " ".join(row["tokens"])
        mentions: dict[str, list[Interval]] = {kind: [] for kind in TAGS_OF}
        for mention in matcher.find_mentions("", "", text):
            kind = "skill" if skills[mention.skill_id].kind == "soft" else "knowledge"
            mentions[kind].append((mention.start, mention.end))
        spans = {kind: read_spans(row["tokens"], row[tags]) for kind, tags in TAGS_OF.items()}
        for kind, other in (("knowledge", "skill"), ("skill", "knowledge")):
            tallies[row["source"], kind].add(text, mentions[kind], spans[kind], spans[other])
    return tallies


def main() -> None:
    """Print the figures, then the most frequent misses and extras."""
    parser = argparse.ArgumentParser(description="Compare the mentions with SkillSpan.")
    parser.add_argument("path", nargs="?", type=Path, default=DEFAULT, help="SkillSpan's train.json")
    parser.add_argument("--top", type=int, default=15, help="misses and extras to list")
    options = parser.parse_args()
    if not options.path.is_file():
        sys.exit(
            f"{options.path}: no such file; give the path of SkillSpan's train.json (github.com/kris927b/SkillSpan)"
        )
    tallies = compare(options.path, load_matcher())
    console = Console(highlight=False)
    table = Table("source", "spans", title=f"SkillSpan, {options.path.name}, distinct sentences")
    for heading in ("marked", "mentions", "precision", "recall", "F1"):
        table.add_column(heading, justify="right")
    for (source, kind), tally in sorted(tallies.items()):
        figures = (f"{figure:.3f}" for figure in tally.measure())
        table.add_row(source, kind, str(tally.spans), str(tally.mentions), *figures)
    console.print(table)
    table = Table("source", "spans", title="Words of a span, and where the extras stand")
    for heading in ("words", "extras", "in a span of the other kind", "in unmarked sentences", "marked elsewhere"):
        table.add_column(heading, justify="right")
    for (source, kind), tally in sorted(tallies.items()):
        elsewhere = sum(count for words, count in tally.extras.items() if words in tally.marked)
        length = tally.words / tally.spans if tally.spans else 0.0
        counts = (tally.extras.total(), tally.extras_in_other, tally.extras_unmarked, elsewhere)
        table.add_row(source, kind, f"{length:.1f}", *map(str, counts))
    console.print(table)
    for (source, kind), tally in sorted(tallies.items()):
        for name, counter in (("misses", tally.misses), ("extras", tally.extras)):
            listed = ", ".join(f"{words} ({count})" for words, count in counter.most_common(options.top))
            console.print(f"{source}, {kind}, {name}: {listed}", markup=False, soft_wrap=True)


if __name__ == "__main__":
    main()
