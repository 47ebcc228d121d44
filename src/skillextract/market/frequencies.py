"""How often the market asks for each skill."""

from __future__ import annotations

import numpy as np
import pandas as pd

from skillextract.market.demand import Demand, Floor, Registry, measure_groups

FREQUENCY_COLUMNS = (
    "skill",
    "name",
    "kind",
    "family",
    "rank",
    "postings",
    "companies",
    "mentions",
    "share",
    "share_low",
    "share_high",
    "effective_n",
    "share_with_skills",
    "share_companies",
    "postings_required",
    "share_required",
    "postings_preferred",
    "share_preferred",
    "postings_duty",
    "share_duty",
    "enough",
    "role_postings",
    "role_postings_with_skills",
    "role_companies",
)


def count_skills(demand: Demand, *, registry: Registry, floor: Floor) -> pd.DataFrame:
    """How much each skill is asked for, one row a skill that at least one distinct posting of the role asks for.

    A posting counts once for a skill however often it names it, and only where a mention is required, preferred or
    duty. Skills that are only named as context or negated have no row.

    Args:
        demand: the role's postings and mentions.
        registry: where names, kinds and families stand.
        floor: below it every share is missing.

    Returns:
        `FREQUENCY_COLUMNS`, ordered by `rank`; documented in `reports.tables`. Ranks run 1, 2, 3 … without ties or
        gaps: by postings, then companies, both descending, then name and id.
    """
    found = [demand.skills[number] for number in sorted(demand.mentions["skill"].unique())]
    table = measure_groups(demand, [(skill,) for skill in found], floor=floor)
    table.insert(0, "skill", pd.Series(found, dtype=object))
    for column in ("name", "kind", "family"):
        table[column] = pd.Series([getattr(registry[skill], column) for skill in found], dtype=object)
    table = table.sort_values(
        ["postings", "companies", "name", "skill"], ascending=[False, False, True, True], ignore_index=True
    )
    table["rank"] = np.arange(1, len(table) + 1)
    return table[list(FREQUENCY_COLUMNS)]
