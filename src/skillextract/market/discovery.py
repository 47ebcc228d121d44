"""Unknown terms that stand where skills stand, ranked: the next patterns to write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from skillextract.market.demand import Demand
from skillextract.market.evidence import TextReader, cut_sentence, read_facts
from skillextract.market.experience import number_readings
from skillextract.market.readings import Readings

MOST_TERMS = 300
LEAST_COMPANIES = 2
"""A term that only one employer uses is often a name of its own."""

SHOWN_SENTENCES = 3
SHOWN_BESIDE = 5

DISCOVERY_COLUMNS = ("term", "postings", "companies", "in_lists", "in_slots", "beside", "evidence")


def rank_terms(
    demand: Demand, readings: Readings, *, read_texts: TextReader, most: int = MOST_TERMS, least: int = LEAST_COMPANIES
) -> pd.DataFrame:
    """The unknown terms of a role's postings, the most widely used first.

    Spellings that differ only in case are one term, called as most postings write it.

    Args:
        demand: the role's postings.
        readings: of the same postings.
        read_texts: gives the texts that sentences are quoted from; asked once, for the quoted postings only.
        most: how many terms, at most.
        least: from so many employers on.

    Returns:
        `DISCOVERY_COLUMNS`, documented in `reports.tables`: by companies, postings, then the term.
    """
    found = number_readings(demand, readings.terms)
    found["key"] = found["term"].str.lower()
    found["employer"] = demand.employers[found["posting"].to_numpy()]
    # A posting that writes a term in two ways has it once: in a list rather than in a slot.
    found["listed"] = (found["slot"] == "list").astype(np.int64)
    found = found.sort_values(["key", "posting", "listed", "start"], ascending=[True, True, False, True])
    once = found.drop_duplicates(["key", "posting"])
    ranked = once.groupby("key").agg(
        postings=("posting", "size"), companies=("employer", "nunique"), in_lists=("listed", "sum")
    )
    ranked = ranked[ranked["companies"] >= least].reset_index()
    ranked = ranked.sort_values(["companies", "postings", "key"], ascending=[False, False, True]).head(most)
    uses = {str(key): rows.to_dict("records") for key, rows in once[once["key"].isin(ranked["key"])].groupby("key")}
    shown = {key: _choose_uses(rows) for key, rows in uses.items()}
    postings = {posting for rows in shown.values() for posting in (int(row["posting"]) for row in rows)}
    facts = read_facts(demand, sorted(postings))
    texts = read_texts({record["id"] for record in facts.values()}) if facts else {}
    rows = [
        {
            "term": _choose_common(str(use["term"]) for use in uses[entry["key"]])[0],
            "postings": entry["postings"],
            "companies": entry["companies"],
            "in_lists": entry["in_lists"],
            "in_slots": entry["postings"] - entry["in_lists"],
            "beside": _choose_common(skill for use in uses[entry["key"]] for skill in use["beside"])[:SHOWN_BESIDE],
            "evidence": [_quote(use, facts[int(use["posting"])], texts) for use in shown[entry["key"]]],
        }
        for entry in ranked.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=list(DISCOVERY_COLUMNS))


def _choose_uses(uses: Sequence[Mapping[Hashable, Any]]) -> list[Mapping[Hashable, Any]]:
    """A few uses of a term, from different employers."""
    by_employer: dict[int, Mapping[Hashable, Any]] = {}
    for use in uses:
        by_employer.setdefault(use["employer"], use)
    return list(by_employer.values())[:SHOWN_SENTENCES]


def _quote(use: Mapping[Hashable, Any], facts: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    sentence, first, last = cut_sentence(texts[facts["id"]], int(use["start"]), int(use["end"]))
    place = {"sentence": sentence, "mark_start": first, "mark_end": last}
    return {"posting_id": facts["id"], "url": facts["url"], "company": facts["company"], **place}


def _choose_common(values: Iterable[str]) -> list[str]:
    """Distinct values, the commonest first."""
    counts = Counter(values)
    return sorted(counts, key=lambda value: (-counts[value], value))
