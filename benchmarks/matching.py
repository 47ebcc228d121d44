"""How fast skills are found, beside what one would use instead: all in one run, on one core, on the same texts.

    python benchmarks/matching.py [--postings 400] [--rounds 5] [--memory]

The texts are the postings of ../shared where they are there, else the sample that the package ships: once drawn at
random, a few of each employer, and once board by board, as a run reads them, where employers repeat whole paragraphs
from posting to posting. Each method goes over the same texts in turn, round by round; the tables show the median round,
and the median of the rounds' ratios to ours with the least and the largest of them. The matcher's memory of lines is
emptied before each round; the tokenizer keeps the words that it has seen. `EntityRuler` and SkillNER read four texts in
the last round, for they take seconds a posting.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import gc
import gzip
import io
import json
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import ahocorasick_rs
import spacy
from flashtext import KeywordProcessor
from rich.console import Console
from rich.table import Table
from spacy.matcher import PhraseMatcher

from skillextract.collect.shipped_sample import fetch_sample, parse_sample
from skillextract.posting import PostingDraft
from skillextract.settings import SampleSource
from skillextract.skills.loading import load_matcher
from skillextract.skills.matcher import SkillMatcher
from skillextract.text.html import extract_text
from skillextract.text.render import render_posting

SHARED = Path(__file__).parent.parent.parent / "shared" / "data"


@dataclasses.dataclass(frozen=True, slots=True)
class Text:
    """A posting's text with what the matcher is told beside it."""

    title: str
    company: str | None
    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class Method:
    """A way to look for skills: its name, and what it does to a batch of texts.

    A slow one has a limit: how many texts it reads, in the last round only.
    """

    name: str
    run: Callable[[Sequence[Text]], int]
    limit: int | None = None


def read_texts(count: int, *, by_board: bool = False) -> list[Text]:
    """Return real postings, or the sample's again and again: drawn at random, or all of a board and then of the next.

    The boards themselves come in random order.
    """
    folder = SHARED / "postings" / "ashby"
    boards = [
        [
            Text(job["title"], path.name.removesuffix(".json.gz"), extract_text(job.get("descriptionHtml") or ""))
            for job in json.loads(gzip.decompress(path.read_bytes())).get("jobs", ())
        ]
        for path in sorted(folder.glob("*.json.gz"))
    ]
    if not boards:
        source = SampleSource()
        drafts = [
            d for payload in fetch_sample(source) for d in parse_sample(payload, source) if isinstance(d, PostingDraft)
        ]
        boards = [[Text(p.title, p.company, p.text)] for p in map(render_posting, drafts)]
    dice = random.Random(7)
    if by_board:
        dice.shuffle(boards)
    texts = [text for board in boards for text in board]
    if not by_board:
        dice.shuffle(texts)
    return (texts * (count // len(texts) + 1))[:count]


def list_methods(matcher: SkillMatcher) -> Iterator[Method]:
    """Yield the methods, ours first."""
    surfaces = sorted({p.phrase.lower() for p in matcher.vocabulary.patterns if p.phrase})

    def find(texts: Sequence[Text]) -> int:
        matcher.forget_lines()
        return sum(len(matcher.find_mentions("", t.title, t.text, company=t.company)) for t in texts)

    yield Method("skillextract: mentions, sections, requirement", find)

    automaton = ahocorasick_rs.AhoCorasick(surfaces)

    def scan(texts: Sequence[Text]) -> int:
        found = 0
        for text in texts:
            lower = text.text.lower()
            for _, start, end in automaton.find_matches_as_indexes(lower, overlapping=True):
                found += not (lower[start - 1 : start].isalnum() or lower[end : end + 1].isalnum())
        return found

    yield Method("bare Aho–Corasick scan with word boundaries", scan)

    # One of its own: a tokenizer remembers ten thousand words and then no more, and the surface forms below are more.
    alone = spacy.blank("en")
    yield Method("spaCy tokenizer alone", lambda texts: sum(len(alone.make_doc(t.text)) for t in texts))

    nlp = spacy.blank("en")
    phrases = PhraseMatcher(nlp.vocab, attr="LOWER")
    phrases.add("SKILL", list(nlp.tokenizer.pipe(surfaces)))
    yield Method(
        "spaCy PhraseMatcher, same surface forms",
        lambda texts: sum(len(phrases(nlp.make_doc(t.text))) for t in texts),
    )

    ruled = spacy.blank("en")
    ruler = ruled.add_pipe("entity_ruler")
    ruler.add_patterns(  # type: ignore[attr-defined]
        [
            {"label": "SKILL", "pattern": [{"LOWER": word.text} for word in nlp.make_doc(surface)]}
            for surface in surfaces
        ]
    )
    yield Method(
        "spaCy EntityRuler, same surface forms as token patterns",
        lambda texts: sum(len(ruled(t.text).ents) for t in texts),
        4,
    )

    keywords = KeywordProcessor()
    keywords.add_keywords_from_list(surfaces)
    yield Method(
        "FlashText, same surface forms", lambda texts: sum(len(keywords.extract_keywords(t.text)) for t in texts)
    )

    extractor = load_skillner(surfaces)

    def annotate(texts: Sequence[Text]) -> int:
        found = 0
        for text in texts:
            results = extractor.annotate(text.text)["results"]
            found += len(results["full_matches"]) + len(results["ngram_scored"])
        return found

    yield Method("SkillNER, same surface forms", annotate, 4)


def load_skillner(surfaces: Sequence[str]) -> Any:
    """Return SkillNER over a table of the same names.

    It fetches its own table when it is imported, unless it finds one in the working directory: so it is given ours.
    """
    table = {
        str(number): {
            "skill_len": len(surface.split()),
            "high_surfce_forms": {"full": surface},
            "low_surface_forms": [],
            "match_on_tokens": False,
        }
        for number, surface in enumerate(surfaces)
    }
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        Path(folder, "skill_db_relax_20.json").write_text(json.dumps(table))
        Path(folder, "token_dist.json").write_text("{}")
        os.chdir(folder)
        try:
            from skillNer.skill_extractor_class import SkillExtractor
        finally:
            os.chdir(before)
        return SkillExtractor(spacy.blank("en"), table, PhraseMatcher)


def measure(methods: Sequence[Method], texts: Sequence[Text], rounds: int, title: str) -> Table:
    """Return a table of the methods' medians, each with the median of its ratios to the first, round by round.

    Machines change their speed by half and more from one minute to the next: a ratio is of two times of one round.
    """
    table = Table("method", "postings/s", "µs a posting", "times ours", "of", "found a posting", "texts × rounds")
    table.title = title
    spans: list[list[float]] = [[] for _ in methods]
    found = [method.run(texts[:2]) and 0 for method in methods]
    gc.collect()
    gc.freeze()
    for turn in range(rounds):
        for number, method in enumerate(methods):
            if method.limit and turn < rounds - 1:
                continue
            batch = texts[: method.limit or len(texts)]
            begun = time.process_time()
            found[number] = method.run(batch)
            spans[number].append((time.process_time() - begun) / len(batch))
    gc.unfreeze()
    for method, times, count in zip(methods, spans, found, strict=True):
        span = statistics.median(times)
        ratios = sorted(mine / ours for mine, ours in zip(times, spans[0][-len(times) :], strict=True))
        size = method.limit or len(texts)
        table.add_row(
            method.name, f"{1 / span:,.1f}", f"{span * 1e6:,.0f}", f"{statistics.median(ratios):,.2f}",
            f"{ratios[0]:,.2f}–{ratios[-1]:,.2f}", f"{count / size:.1f}", f"{size} × {len(times)}",
        )  # fmt: skip
    return table


def measure_growth(matcher: SkillMatcher, texts: Sequence[Text], rounds: int) -> Table:
    """Return how the cost depends on the number of patterns: 500 that are found, padded with names that are not."""
    seen = {m.skill_id for t in texts[:150] for m in matcher.find_mentions("", t.title, t.text)}
    patterns = [p for p in matcher.vocabulary.patterns if p.skill.id in seen and p.when is None][:500]
    names = _read_names()
    table = Table("patterns", "postings/s", "µs a posting", "found a posting")
    for size in (500, 2_000, 8_000, 24_000):
        padding = [
            dataclasses.replace(patterns[0], phrase=name, exact=True, literals=(b" " + name.encode() + b" ",))
            for name in names[: size - len(patterns)]
        ]
        grown = SkillMatcher(dataclasses.replace(matcher.vocabulary, patterns=(*patterns, *padding)))
        spans, found = [], 0
        for _ in range(rounds):
            grown.forget_lines()
            begun = time.process_time()
            found = sum(len(grown.find_mentions("", t.title, t.text, company=t.company)) for t in texts)
            spans.append((time.process_time() - begun) / len(texts))
        span = statistics.median(spans)
        table.add_row(f"{size:,}", f"{1 / span:,.0f}", f"{span * 1e6:,.0f}", f"{found / len(texts):.1f}")
    return table


def _read_names() -> list[str]:
    """Return names of O*NET and ESCO, or made-up ones, folded and with a mark so that none is found."""
    path = SHARED / "vocab" / "esco" / "skills_en_label_v1.1.0.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    onet = SHARED / "vocab" / "onet" / "Technology Skills.txt"
    lines += (
        [line.split("\t")[1] for line in onet.read_text(encoding="utf-8").splitlines()[1:]] if onet.exists() else []
    )
    names = sorted({" ".join("".join(c if c.isalnum() else " " for c in line.lower()).split()) for line in lines})
    names = [f"{name} zq" for name in names if name.isascii() and 3 < len(name) < 60]
    return names + [f"made up {n} zq" for n in range(max(0, 24_000 - len(names)))]


def measure_memory(matcher: SkillMatcher, texts: Sequence[Text], count: int = 100_000) -> str:
    """Stream postings through the matcher, every line with a number so that none is remembered, and tell the peak."""
    mentions = 0
    for number in range(count):
        text = texts[number % len(texts)]
        varied = "\n".join(f"{line} {number}" for line in text.text.split("\n"))
        mentions += len(matcher.find_mentions(str(number), text.title, varied, company=text.company))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{count:,} postings streamed, {mentions:,} mentions: peak {peak:,.0f} MB"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postings", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--memory", action="store_true", help="only stream 100,000 postings and say how much memory it took"
    )
    arguments = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    console = Console(width=130 if not sys.stdout.isatty() else None)
    begun = time.process_time()
    matcher = load_matcher()
    loaded = time.process_time() - begun
    texts = read_texts(arguments.postings)
    vocabulary = matcher.vocabulary
    size = sum(len(t.text) for t in texts) / len(texts)
    console.print(
        f"{len(vocabulary.skills):,} skills, {len(vocabulary.patterns):,} patterns, loaded in {loaded:.2f} s; "
        f"{len(texts):,} texts of {size:,.0f} characters, one core"
    )
    if arguments.memory:
        console.print(measure_memory(matcher, texts))
        return
    methods = list(list_methods(matcher))
    console.print(measure(methods, texts, arguments.rounds, "postings drawn at random"))
    whole = read_texts(arguments.postings, by_board=True)
    quick = [method for method in methods if method.limit is None]
    console.print(measure(quick, whole, arguments.rounds, "board by board"))
    console.print(measure_growth(matcher, texts[:300], 3))


if __name__ == "__main__":
    main()
