"""Two figures for a profile as a whole: how much of the demand it covers, and how much of it the market confirms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from skillextract.market.comparison import VerdictRules, cover_skills, find_others
from skillextract.market.demand import Demand, Registry
from skillextract.market.intervals import Clusters, Floats, fit_intervals
from skillextract.roles.profile import RoleProfile

RESAMPLES = 400
"""How many times the employers are drawn again for the interval of the confirmation."""

_CHUNK = 20


def measure_agreement(
    demand: Demand, profile: RoleProfile, comparison: pd.DataFrame, *, registry: Registry, rules: VerdictRules
) -> pd.DataFrame:
    """How much of the market's demand the profile covers, and how much of the profile the market confirms.

    `coverage`: all that postings ask for are pairs of a posting and a skill, degrees and the role itself
    (`RoleProfile.role_skills`) left out. Counted are the pairs
    whose skill an item of the profile names or lists as similar, or whose family meets it, and those whose skill is a
    field of study that the profile names (`comparison.cover_skills`). The interval is that of
    `intervals.fit_intervals` with pairs in place of postings.

    `confirmation`: of the items, those with the verdict `confirmed`. Its interval is a percentile bootstrap: the
    employers are drawn again (Poisson weights), and every item is judged anew. (B. Efron and R. J. Tibshirani, 1993, An
    Introduction to the Bootstrap, ch. 13.) Verdicts change in steps, so the interval does too.

    Args:
        demand: the role's postings and mentions.
        profile: the claims.
        comparison: `comparison.compare_profile` of the same.
        registry: where kinds and families stand.
        rules: when a claim is confirmed.

    Returns:
        The columns of `reports.tables.PROFILE_AGREEMENT`, two rows.
    """
    enough = demand.suffices(rules.floor)
    covered, total, low, high = _measure_coverage(demand, profile, registry)
    items = comparison[comparison["level"] == "item"]
    confirmed = int((items["verdict"] == "confirmed").sum())
    groups = [(*item.skills, *find_others(item, profile, registry)) for item in profile.items]
    first, last = _resample_confirmation(demand, groups, rules) if enough else (np.nan, np.nan)
    frame = pd.DataFrame(
        {
            "figure": ["coverage", "confirmation"],
            "counted": [covered, confirmed],
            "total": [total, len(items)],
            "share": [covered / total if total else np.nan, confirmed / len(items)],
            "share_low": [low, first],
            "share_high": [high, last],
        }
    )
    if not enough:
        frame[["share", "share_low", "share_high"]] = np.nan
    return frame.assign(
        profile_source=profile.source,
        enough=enough,
        role_postings=demand.posting_count,
        role_postings_with_skills=demand.with_skill_count,
        role_companies=demand.company_count,
    )


def _measure_coverage(demand: Demand, profile: RoleProfile, registry: Registry) -> tuple[int, int, float, float]:
    employers, width = demand.employers, demand.company_count
    every, counted = np.zeros(width), np.zeros(width)
    covered = cover_skills(profile, registry)
    for number in np.flatnonzero(np.diff(demand.asks.first)):
        skill = demand.skills[number]
        if registry[skill].kind == "degree" or skill in profile.role_skills:
            continue
        pairs = np.bincount(employers[demand.asks.posting[demand.asks.of(int(number))]], minlength=width)
        every += pairs
        if skill in covered:
            counted += pairs
    asking = every > 0
    clusters = Clusters(every.sum(), np.float64(asking.sum()), (every**2).sum())
    fit = fit_intervals(
        hits=np.array([counted.sum()]),
        own=np.array([(counted**2).sum()]),
        cross=np.array([(counted * every).sum()]),
        clusters=clusters,
    )
    return int(counted.sum()), int(every.sum()), float(fit.low[0]), float(fit.high[0])


def _resample_confirmation(demand: Demand, groups: Sequence[Sequence[str]], rules: VerdictRules) -> tuple[float, float]:
    sizes = demand.employer_sizes.astype(np.float64)
    hits = np.zeros((len(sizes), len(groups)))
    for block, asks in demand.select_groups(groups):
        employer = demand.employers[asks["posting"].to_numpy()]
        np.add.at(hits, (employer, asks["group"].to_numpy() + block.start), 1)
    random = np.random.default_rng(0)
    confirmed = np.concatenate(
        [
            _confirm(random.poisson(1.0, (_CHUNK, len(sizes))).astype(np.float64), hits, sizes, rules)
            for _ in range(RESAMPLES // _CHUNK)
        ]
    )
    low, high = np.quantile(confirmed / len(groups), (0.025, 0.975))
    return float(low), float(high)


def _confirm(
    weights: Floats,
    hits: Floats,
    sizes: Floats,
    rules: VerdictRules,
) -> npt.NDArray[np.int64]:
    """The number of items that each resample confirms; an employer drawn twice counts as two."""
    clusters = Clusters(*((weights @ values)[:, None] for values in (sizes, np.ones_like(sizes), sizes**2)))
    fit = fit_intervals(
        hits=weights @ hits, own=weights @ hits**2, cross=weights @ (hits * sizes[:, None]), clusters=clusters
    )
    with np.errstate(invalid="ignore"):
        confirmed: npt.NDArray[np.int64] = (fit.low >= rules.confirmed_share).sum(axis=1)
    return confirmed
