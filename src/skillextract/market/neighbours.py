"""Postings of roles near the one that is counted: how many there are beside it."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from skillextract.posting import key_company

NEIGHBOUR_COLUMNS = ("neighbour", "postings", "companies", "titles")

SHOWN_TITLES = 3
"""So many titles of a near role are shown, so that a reader can judge whether it is rightly apart."""


def count_neighbours(postings: pa.Table) -> pd.DataFrame:
    """How many distinct postings are of each near role.

    Copies of a posting are not counted, nor are postings of the role itself, or of roles that are near to nothing.

    Args:
        postings: at least `id`, `title`, `company`, `duplicate_of` and `neighbour`, the near role that the title names.

    Returns:
        `NEIGHBOUR_COLUMNS`, documented in `reports.tables`, the most frequent first, then by name; index 0 to n - 1.
    """
    counted = pc.and_(pc.is_valid(postings["neighbour"]), pc.is_null(postings["duplicate_of"]))
    chosen = postings.select(["id", "title", "company", "neighbour"]).filter(counted).to_pylist()
    found: dict[str, list[dict[str, str | None]]] = {}
    for row in chosen:
        found.setdefault(row["neighbour"], []).append(row)
    rows = [
        {
            "neighbour": name,
            "postings": len(group),
            "companies": len({_name_employer(row) for row in group}),
            "titles": _pick_titles([str(row["title"]) for row in group]),
        }
        for name, group in found.items()
    ]
    rows.sort(key=lambda row: (-int(str(row["postings"])), str(row["neighbour"])))
    return pd.DataFrame(rows, columns=list(NEIGHBOUR_COLUMNS))


def _name_employer(row: dict[str, str | None]) -> str:
    return key_company(row["company"]) or f"\0{row['id']}"


def _pick_titles(titles: list[str]) -> list[str]:
    counts: dict[str, int] = {}
    for title in titles:
        counts[title] = counts.get(title, 0) + 1
    return sorted(counts, key=lambda title: (-counts[title], title))[:SHOWN_TITLES]
