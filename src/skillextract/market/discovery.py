"""Unknown terms that stand where skills stand, ranked: the next patterns to write."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from ahocorasick_rs import AhoCorasick

from skillextract.market.demand import Demand
from skillextract.market.evidence import TextReader, cut_sentence, read_facts
from skillextract.market.experience import find_postings
from skillextract.market.readings import Readings

MOST_TERMS = 300
LEAST_COMPANIES = 2
"""A term that only one employer uses is often a name of its own."""

SHOWN_SENTENCES = 3
SHOWN_BESIDE = 5

SAMPLED_TEXTS = 2_000
"""In so many postings, drawn by lot, it is looked up how terms are written elsewhere."""

DISCOVERY_COLUMNS = ("term", "postings", "companies", "in_lists", "in_slots", "beside", "evidence")


@dataclasses.dataclass(frozen=True, slots=True)
class RankedTerms:
    """The unknown terms that stand where skills stand, and what became of the others that do.

    Attributes:
        table: `DISCOVERY_COLUMNS`, documented in `reports.tables`: by companies, postings, then the term.
        looked_at: distinct terms, whatever their case, that stand in a list beside a skill or behind a cue.
        rare: of these, how many are used by too few employers.
        ordinary: of the others, how many postings write as ordinary words.
    """

    table: pd.DataFrame
    looked_at: int
    rare: int
    ordinary: int


def rank_terms(
    demand: Demand, readings: Readings, *, read_texts: TextReader, most: int = MOST_TERMS, least: int = LEAST_COMPANIES
) -> pd.DataFrame:
    """The table of `weigh_terms`."""
    return weigh_terms(demand, readings, read_texts=read_texts, most=most, least=least).table


def weigh_terms(
    demand: Demand, readings: Readings, *, read_texts: TextReader, most: int = MOST_TERMS, least: int = LEAST_COMPANIES
) -> RankedTerms:
    """The unknown terms of a role's postings, the most widely used first, and why the others are none.

    Spellings that differ only in case are one term, called as most postings write it. What postings write in lower case
    in running text is an ordinary word, however often a list begins with it ("Build and run Kafka"), and no term: names
    are seldom written so. That needs no dictionary, which would not know "NoSQL" and would know "spark".

    Args:
        demand: the role's postings.
        readings: of the same postings.
        read_texts: gives the texts that sentences are quoted from; asked once, for the quoted postings only.
        most: how many terms, at most.
        least: from so many employers on.
    """
    uses = _order_uses(demand, readings)
    first = np.flatnonzero(np.diff(uses.term, prepend=-1))
    postings = np.diff(np.append(first, len(uses.term)))
    listed = np.add.reduceat(uses.listed.astype(np.int64), first) if len(first) else postings
    employer = demand.employers[uses.posting]
    pairs = np.unique(uses.term.astype(np.int64) * max(demand.company_count, 1) + employer)
    companies = np.bincount(pairs // max(demand.company_count, 1), minlength=len(uses.terms))[uses.term[first]]
    ranked = np.lexsort((uses.terms[uses.term[first]], -postings, -companies))
    ranked = ranked[companies[ranked] >= least]
    ordinary = _find_ordinary(demand, uses, first, ranked, read_texts)
    order = [int(number) for number in ranked[~ordinary][:most]]
    rows = {number: slice(int(first[number]), int(first[number] + postings[number])) for number in order}
    shown = {number: _choose_rows(employer[part]) + part.start for number, part in rows.items()}
    facts = read_facts(demand, sorted({int(uses.posting[row]) for chosen in shown.values() for row in chosen}))
    texts = read_texts({record["id"] for record in facts.values()}) if facts else {}
    # One column after the other, each in one piece: taking a few rows out of many pieces is slow.
    starts, ends = readings.terms["start"].to_numpy(), readings.terms["end"].to_numpy()
    spelt = readings.terms["term"].combine_chunks()
    spellings = {number: _choose_common(spelt.take(pa.array(uses.row[part])))[0] for number, part in rows.items()}
    beside = readings.terms["beside"].combine_chunks()
    known = {number: _choose_common(beside.take(pa.array(uses.row[part])).flatten()) for number, part in rows.items()}
    table = []
    for number in order:
        table.append(
            {
                "term": spellings[number],
                "postings": int(postings[number]),
                "companies": int(companies[number]),
                "in_lists": int(listed[number]),
                "in_slots": int(postings[number] - listed[number]),
                "beside": known[number][:SHOWN_BESIDE],
                "evidence": [
                    _quote(int(starts[use]), int(ends[use]), facts[int(uses.posting[row])], texts)
                    for use, row in zip(uses.row[shown[number]], shown[number], strict=True)
                ],
            }
        )
    return RankedTerms(
        pd.DataFrame(table, columns=list(DISCOVERY_COLUMNS)),
        looked_at=len(first),
        rare=len(first) - len(ranked),
        ordinary=int(ordinary.sum()),
    )


@dataclasses.dataclass(frozen=True, slots=True)
class _Uses:
    """Where terms stand, each pair of term and posting once, ordered by term and posting.

    Attributes:
        terms: the terms in lower case; their index is their number.
        term: number of the term.
        posting: number of the posting.
        listed: whether it stands in a list, and not only in a slot.
        row: row in `Readings.terms`.
    """

    terms: npt.NDArray[np.str_]
    term: npt.NDArray[np.int64]
    posting: npt.NDArray[np.int32]
    listed: npt.NDArray[np.bool_]
    row: npt.NDArray[np.int64]


def _order_uses(demand: Demand, readings: Readings) -> _Uses:
    found = readings.terms
    posting = find_postings(demand, found["posting_id"])
    encoded = pc.utf8_lower(found["term"]).combine_chunks().dictionary_encode()
    term = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    listed = pc.equal(found["slot"], "list").to_numpy(zero_copy_only=False).astype(bool)
    start = found["start"].to_numpy()
    # A posting that writes a term in two ways has it once: in a list rather than in a slot.
    order = np.lexsort((start, ~listed, posting, term))
    order = order[posting[order] >= 0]
    key = term[order] * max(demand.posting_count, 1) + posting[order]
    order = order[np.flatnonzero(np.diff(key, prepend=-1))]
    return _Uses(np.array(encoded.dictionary.to_pylist(), dtype=str), term[order], posting[order], listed[order], order)


def _find_ordinary(
    demand: Demand,
    uses: _Uses,
    first: npt.NDArray[np.int64],
    ranked: npt.NDArray[np.int64],
    read_texts: TextReader,
) -> npt.NDArray[np.bool_]:
    """Of each ranked term whether postings write it as an ordinary word.

    Counted are, among `SAMPLED_TEXTS`, the postings that hold it in lower case and in which it was not found; it is
    ordinary where they are more than those in which it was.
    """
    if not len(ranked):
        return np.zeros(0, dtype=bool)
    sampled = np.sort(np.argsort(demand.numbers.list_hashes(), kind="stable")[:SAMPLED_TEXTS])
    ids = dict(zip(sampled.tolist(), demand.postings["id"].iloc[sampled].astype(str), strict=True))
    terms = [str(uses.terms[uses.term[first[number]]]) for number in ranked]
    automaton = AhoCorasick(terms)
    place = {int(uses.term[first[number]]): position for position, number in enumerate(ranked)}
    listed: dict[int, set[int]] = {}
    inside = np.isin(uses.posting, sampled)
    for term, posting in zip(uses.term[inside], uses.posting[inside], strict=True):
        if int(term) in place:
            listed.setdefault(int(posting), set()).add(place[int(term)])
    found, elsewhere = (np.zeros(len(ranked), dtype=np.int64) for _ in range(2))
    texts = read_texts(set(ids.values()))
    for posting, id_ in ids.items():
        own = listed.get(posting, set())
        text = texts.get(id_, "")
        written = {
            position
            for position, start, end in automaton.find_matches_as_indexes(text, overlapping=True)
            if _stands_alone(text, start, end)
        }
        found[list(own)] += 1
        elsewhere[list(written - own)] += 1
    return elsewhere > found


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a stretch is a word or words of its own, and no part of a longer one."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() or after.isalnum() or before in {"_", "/", "."} or after == "_")


def _choose_rows(employers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The first rows of a few different employers, in their order."""
    return np.sort(np.unique(employers, return_index=True)[1])[:SHOWN_SENTENCES]


def _quote(start: int, end: int, facts: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    sentence, first, last = cut_sentence(texts[facts["id"]], start, end)
    place = {"sentence": sentence, "mark_start": first, "mark_end": last}
    return {"posting_id": facts["id"], "url": facts["url"], "company": facts["company"], **place}


def _choose_common(values: pa.Array) -> list[str]:
    """Distinct values, the commonest first."""
    counts = {row["values"]: row["counts"] for row in pc.value_counts(values).to_pylist()}
    return sorted(counts, key=lambda value: (-counts[value], value))
