"""Unknown terms that stand where skills stand, ranked: the next patterns to write."""

from __future__ import annotations

import pandas as pd

from skillextract.market.demand import Demand
from skillextract.market.evidence import TextReader, cut_sentence
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
    found["key"] = found["term"].str.casefold() if hasattr(found["term"].str, "casefold") else found["term"].str.lower()
    found["employer"] = demand.employers[found["posting"].to_numpy()]
    # A posting that writes a term in two ways has it once: in a list rather than in a slot.
    found["weight"] = (found["slot"] == "list").astype(int)
    found = found.sort_values(["key", "posting", "weight", "start"], ascending=[True, True, False, True])
    once = found.drop_duplicates(["key", "posting"])
    ranked = once.groupby("key").agg(
        postings=("posting", "size"), companies=("employer", "nunique"), in_lists=("weight", "sum")
    )
    ranked = ranked[ranked["companies"] >= least].reset_index()
    ranked = ranked.sort_values(["companies", "postings", "key"], ascending=[False, False, True]).head(most)
    once = once[once["key"].isin(ranked["key"])]
    by_key = dict(tuple(once.groupby("key")))
    shown = {key: rows.drop_duplicates("employer").head(SHOWN_SENTENCES) for key, rows in by_key.items()}
    wanted = sorted({int(number) for rows in shown.values() for number in rows["posting"]})
    facts = demand.postings[["id", "url", "company"]].iloc[wanted].astype(object)
    records = dict(zip(wanted, facts.where(facts.notna(), None).to_dict("records"), strict=True))
    texts = read_texts({record["id"] for record in records.values()}) if wanted else {}
    rows = []
    for entry in ranked.itertuples(index=False):
        uses = by_key[entry.key]
        quotes = []
        for use in shown[entry.key].itertuples(index=False):
            record = records[int(use.posting)]
            sentence, first, last = cut_sentence(texts[record["id"]], int(use.start), int(use.end))
            quotes.append(
                {
                    "posting_id": record["id"],
                    "url": record["url"],
                    "company": record["company"],
                    "sentence": sentence,
                    "mark_start": first,
                    "mark_end": last,
                }
            )
        neighbours = uses["beside"].explode().dropna().value_counts()
        rows.append(
            {
                "term": _name_term(uses["term"]),
                "postings": int(entry.postings),
                "companies": int(entry.companies),
                "in_lists": int(entry.in_lists),
                "in_slots": int(entry.postings - entry.in_lists),
                "beside": sorted(neighbours.index, key=lambda skill, n=neighbours: (-n[skill], skill))[:SHOWN_BESIDE],
                "evidence": quotes,
            }
        )
    return pd.DataFrame(rows, columns=list(DISCOVERY_COLUMNS))


def _name_term(spellings: pd.Series[str]) -> str:
    counts = spellings.value_counts()
    return str(min(counts.index, key=lambda spelling: (-counts[spelling], spelling)))
