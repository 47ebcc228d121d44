"""The next patterns to write, from a file of postings: what `skillextract patterns suggest` does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from skillextract.collect.deduplicate import NEAR_COLUMNS, find_repeats
from skillextract.collect.files import read_files
from skillextract.collect.gather import refuse_repeated
from skillextract.errors import PostingError, SourceError, leave_source
from skillextract.market.demand import gather_demand
from skillextract.market.discovery import RankedTerms, weigh_terms
from skillextract.market.evidence import read_texts_from
from skillextract.market.readings import TERMS_SCHEMA, Readings, join_readings
from skillextract.posting import POSTING_SCHEMA, PostingDraft
from skillextract.settings import FilesSource
from skillextract.skills.discovery import load_term_finder
from skillextract.skills.loading import find_rules, load_matcher
from skillextract.skills.mention import MENTION_SCHEMA
from skillextract.text.render import render_posting


def suggest_terms(
    source: FilesSource,
    *,
    patterns: Path | None = None,
    most: int = 50,
    least: int = 2,
    advance: Callable[[int], None] = lambda _: None,
    refuse: Callable[[PostingError], None] = lambda _: None,
) -> RankedTerms:
    """Unknown terms that stand where skills stand, the most widely used first, and what became of the others.

    Copies among the postings are folded; those that cannot be read, or whose id came before, are left out.

    Args:
        source: a file of postings; see `collect.files`.
        patterns: a folder of patterns, by default the package's own.
        most: how many terms, at most.
        least: from so many employers on.
        advance: told how many more postings are done.
        refuse: told each posting that is left out, and why.

    Raises:
        SourceError: the input cannot be read or holds no posting that can.
    """
    matcher = load_matcher(None if patterns is None else str(patterns))
    finder = load_term_finder(find_rules(matcher.vocabulary, "discovery.jsonl"), matcher.vocabulary)
    postings: list[dict[str, Any]] = []
    terms: list[dict[str, Any]] = []
    first_fault: PostingError | None = None
    for draft in refuse_repeated(read_files(source), file=source.path):
        if not isinstance(draft, PostingDraft):
            first_fault = first_fault or draft
            refuse(draft)
            continue
        posting = render_posting(draft)
        postings.append({name: getattr(posting, name) for name in POSTING_SCHEMA.names})
        mentions = matcher.find_mentions(posting.id, posting.title, posting.text, company=posting.company)
        for term in finder.find_terms(posting.text, mentions, company=posting.company):
            place = {"start": term.start, "end": term.end, "slot": term.slot, "beside": list(term.beside)}
            terms.append({"posting_id": posting.id, "term": term.term, **place})
        advance(1)
    if not postings:
        reason = f" (first: {leave_source(first_fault)})" if first_fault else ""
        raise SourceError(
            source.name,
            source.path,
            f"found no posting that can be read{reason}, expected rows with a title, and text or html",
        )
    repeats = find_repeats(tuple(row[name] for name in NEAR_COLUMNS) for row in postings)
    for row in postings:
        row["duplicate_of"], row["duplicate_reason"] = repeats.get(row["id"], (None, None))
    table = pa.Table.from_pylist(postings, schema=POSTING_SCHEMA)
    table = table.append_column("is_role", pa.array([True] * len(table), pa.bool_()))
    demand = gather_demand(table, MENTION_SCHEMA.empty_table(), registry=matcher.vocabulary.skills)
    empty = join_readings([])
    readings = Readings(empty.years, empty.fields, pa.Table.from_pylist(terms, schema=TERMS_SCHEMA))
    return weigh_terms(demand, readings, read_texts=read_texts_from(table), most=most, least=least)
