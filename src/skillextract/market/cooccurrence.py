"""Skills that are named together more often, or less, than by chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse, stats

from skillextract.market.demand import Demand, Floor, Registry
from skillextract.memory import give_back

MOST_SKILLS = 200
"""Pairs are counted among so many skills, those that most postings ask for."""

PAIR_COLUMNS = (
    "skill",
    "other",
    "name",
    "other_name",
    "postings",
    "companies",
    "share",
    "share_of_skill",
    "share_of_other",
    "lift",
    "lift_low",
    "lift_high",
    "role_postings",
    "role_postings_with_skills",
    "role_companies",
)


def pair_skills(demand: Demand, *, registry: Registry, floor: Floor, most: int = MOST_SKILLS) -> pd.DataFrame:
    """How often two skills are asked for together, against chance.

    The lift is `n n_ab / (n_a n_b)`: how many times more postings ask for both than would if neither had to do with the
    other. Its interval is that of its logarithm, linearised over the employers: with `a_k`, `b_k`, `c_k` the postings
    of employer k that ask for the one, the other and both, and `m_k` all of its postings,

        z_k = c_k / n_ab - a_k / n_a - b_k / n_b + m_k / n,    v = K / (K - 1) * sum_k z_k^2

    and the limits are `lift * exp(± t(df) sqrt(v))` with Kish's degrees of freedom as in `intervals`. (Linearisation of
    a function of totals: K. M. Wolter, 2007, Introduction to Variance Estimation, 2nd ed., ch. 6.)

    Args:
        demand: the role's postings and mentions.
        registry: where names stand; degrees form no pairs.
        floor: a pair has a row from so many postings and employers on; none where the role is below it.
        most: among how many skills.

    Returns:
        `PAIR_COLUMNS`, documented in `reports.tables`, by `lift_low` from the highest on, then the ids.
    """
    chosen = _choose_skills(demand, registry, most)
    if len(chosen) < 2 or not demand.suffices(floor) or demand.company_count < 2:
        return pd.DataFrame({name: [] for name in PAIR_COLUMNS})
    asks = _make_matrix(demand, chosen)
    give_back()
    sizes = demand.employer_sizes.astype(np.float64)
    n, employers = float(demand.posting_count), len(sizes)
    numbers = {skill: number for number, skill in enumerate(demand.skills)}
    by_employer = _count_by_employer(demand, [numbers[skill] for skill in chosen])
    totals = np.diff(demand.asks.first)[[numbers[skill] for skill in chosen]].astype(np.float64)
    with_sizes = by_employer.T @ sizes
    products = by_employer.T @ by_employer
    squares = float((sizes**2).sum())
    quantile = float(stats.t.ppf(0.975, n * n / squares - 1))
    parts = []
    for a in range(len(chosen) - 1):
        postings = demand.asks.posting[demand.asks.of(numbers[chosen[a]])]
        joint = _sum_by_employer(demand, asks, postings).tocoo()
        later = joint.col > a
        who, other, count = joint.row[later], joint.col[later], joint.data[later].astype(np.float64)
        both = np.bincount(other, weights=count, minlength=len(chosen))
        companies = np.bincount(other, minlength=len(chosen))
        others = np.flatnonzero((both >= floor.postings) & (companies >= floor.companies))
        if not len(others):
            continue
        own, with_a, with_b, with_m = (
            np.bincount(other, weights=count * factor, minlength=len(chosen))[others]
            for factor in (count, by_employer[who, a], by_employer[who, other], sizes[who])
        )
        both, companies = both[others], companies[others]
        wc, wa, wb, wm = 1 / both, 1 / totals[a], 1 / totals[others], 1 / n
        variance = (
            wc**2 * own
            + wa**2 * products[a, a]
            + wb**2 * products[others, others]
            + wm**2 * squares
            - 2 * wc * (wa * with_a + wb * with_b - wm * with_m)
            + 2 * wa * wb * products[a, others]
            - 2 * wm * (wa * with_sizes[a] + wb * with_sizes[others])
        )
        error = quantile * np.sqrt(np.maximum(variance, 0.0) * employers / (employers - 1))
        lift = n * both / (totals[a] * totals[others])
        parts.append(
            pd.DataFrame(
                {
                    "skill": np.full(len(others), chosen[a], dtype=object),
                    "other": np.array(chosen, dtype=object)[others],
                    "postings": both.astype(np.int64),
                    "companies": companies,
                    "share": both / n,
                    "share_of_skill": both / totals[a],
                    "share_of_other": both / totals[others],
                    "lift": lift,
                    "lift_low": lift * np.exp(-error),
                    "lift_high": lift * np.exp(error),
                }
            )
        )
    if not parts:
        return pd.DataFrame({name: [] for name in PAIR_COLUMNS})
    table = pd.concat(parts, ignore_index=True)
    table["name"] = [registry[skill].name for skill in table["skill"]]
    table["other_name"] = [registry[skill].name for skill in table["other"]]
    table["role_postings"] = demand.posting_count
    table["role_postings_with_skills"] = demand.with_skill_count
    table["role_companies"] = demand.company_count
    order = ["lift_low", "skill", "other"]
    return table.sort_values(order, ascending=[False, True, True], ignore_index=True)[list(PAIR_COLUMNS)]


def list_companions(pairs: pd.DataFrame, *, most: int = 5) -> dict[str, list[dict[str, object]]]:
    """For each skill those that are named with it more often than by chance: their lift's interval lies above 1.

    Returns:
        By skill, entries with `skill`, `name`, `postings` and `lift`, the highest lower limits first.
    """
    above = pairs[pairs["lift_low"] > 1]
    companions: dict[str, list[dict[str, object]]] = {}
    for row in above.itertuples(index=False):
        for skill, other, name in (
            (row.skill, row.other, row.other_name),
            (row.other, row.skill, row.name),
        ):
            entries = companions.setdefault(str(skill), [])
            if len(entries) < most:
                entries.append({"skill": other, "name": name, "postings": row.postings, "lift": row.lift})
    return companions


def _choose_skills(demand: Demand, registry: Registry, most: int) -> list[str]:
    """The skills that most postings ask for, degrees left out, the most asked for first."""
    counts = np.diff(demand.asks.first)
    order = sorted(np.flatnonzero(counts), key=lambda number: (-counts[number], demand.skills[number]))
    return [demand.skills[number] for number in order if registry[demand.skills[number]].kind != "degree"][:most]


def _count_by_employer(demand: Demand, skills: Sequence[int]) -> npt.NDArray[np.float64]:
    """Employers (rows) by skills (columns): how many of an employer's postings ask for each."""
    employers = demand.employers
    counts = np.empty((demand.company_count, len(skills)))
    for column, skill in enumerate(skills):
        asking = employers[demand.asks.posting[demand.asks.of(skill)]]
        counts[:, column] = np.bincount(asking, minlength=demand.company_count)
    return counts


def _sum_by_employer(
    demand: Demand, asks: sparse.csr_matrix, postings: npt.NDArray[np.integer[Any]]
) -> sparse.csr_matrix:
    """Employers (rows) by skills (columns): how many of some postings, given in their order, ask for each."""
    bounds = np.searchsorted(demand.employers[postings], np.arange(demand.company_count + 1))
    gather = sparse.csr_matrix(
        (np.ones(len(postings), dtype=np.float32), np.arange(len(postings)), bounds),
        shape=(demand.company_count, len(postings)),
    )
    return gather @ asks[postings]


def _make_matrix(demand: Demand, skills: list[str]) -> sparse.csr_matrix:
    """Postings (rows) by skills (columns), 1 where a posting asks for a skill."""
    numbers = {skill: number for number, skill in enumerate(demand.skills)}
    parts: list[npt.NDArray[np.int32]] = [demand.asks.posting[demand.asks.of(numbers[skill])] for skill in skills]
    first = np.concatenate([[0], np.cumsum([len(part) for part in parts])])
    rows = np.concatenate(parts)
    matrix = sparse.csc_matrix(
        (np.ones(len(rows), dtype=np.uint8), rows, first), shape=(demand.posting_count, len(skills))
    )
    return matrix.tocsr()
