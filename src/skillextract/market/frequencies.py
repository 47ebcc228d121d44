"""How often the market asks for each skill, as a whole and by segment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from skillextract.market.demand import Demand, Floor, Registry
from skillextract.market.tally import Segments, Tally, keep_together, tally_groups
from skillextract.memory import give_back

FREQUENCY_COLUMNS = (
    "segment_kind",
    "segment",
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
    return count_segments(demand, [keep_together(demand)], registry=registry, floor=floor)


def count_segments(demand: Demand, divisions: Sequence[Segments], *, registry: Registry, floor: Floor) -> pd.DataFrame:
    """How much each skill is asked for in the segments of each division; `count_skills` is that of one segment.

    Returns:
        `FREQUENCY_COLUMNS`, ordered by division, segment and rank; index 0 to n - 1. The denominators are those of the
        segment, and so is the floor.
    """
    found = [demand.skills[number] for number in np.flatnonzero(np.diff(demand.asks.first))]
    groups = [(skill,) for skill in found]
    # The asks are gone through once for all divisions; the rows, of which there may be a million, are made one division
    # after the other, and put together one column after the other.
    tallies = tally_groups(demand, groups, divisions)[::-1]
    parts = []
    while tallies:
        parts += [_list_skills(part, found, registry=registry, floor=floor) for part in tallies.pop().split()]
    give_back()
    columns = {name: np.concatenate([part.pop(name) for part in parts]) for name in FREQUENCY_COLUMNS}
    return pd.DataFrame(columns, copy=False)


def _list_skills(
    tally: Tally, skills: Sequence[str], *, registry: Registry, floor: Floor
) -> dict[str, npt.NDArray[Any]]:
    """`FREQUENCY_COLUMNS` of one division, from a tally whose group i is `skills[i]` alone."""
    table = tally.to_columns(floor=floor, cells=tally.postings > 0)
    names = [registry[skill].name for skill in skills]
    alphabet = np.empty(len(skills), dtype=np.int64)
    alphabet[sorted(range(len(skills)), key=lambda group: (names[group], skills[group]))] = np.arange(len(skills))
    group = table["group"]
    order = np.lexsort((alphabet[group], -table["companies"], -table["postings"], table["segment"]))
    table = {name: table.pop(name)[order] for name in list(table)}
    group, segment = table["group"], table["segment"]
    firsts = np.searchsorted(segment, np.arange(len(tally.segments.names)))
    table["rank"] = np.arange(1, len(group) + 1) - firsts[segment]
    table["segment_kind"] = np.full(len(group), tally.segments.kind, dtype=object)
    table["segment"] = np.array(tally.segments.names, dtype=object)[segment]
    for column, values in (
        ("skill", list(skills)),
        ("name", names),
        ("kind", [registry[skill].kind for skill in skills]),
        ("family", [registry[skill].family for skill in skills]),
    ):
        table[column] = np.array(values, dtype=object)[group]
    return {name: table[name] for name in FREQUENCY_COLUMNS}
