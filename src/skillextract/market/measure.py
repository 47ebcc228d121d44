"""Every table that a run's postings and mentions give, from one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

from skillextract.market.agreement import measure_agreement
from skillextract.market.comparison import VerdictRules, compare_profile
from skillextract.market.cooccurrence import list_companions, pair_skills
from skillextract.market.demand import Demand, Registry
from skillextract.market.discovery import rank_terms
from skillextract.market.evidence import TextReader
from skillextract.market.experience import add_years
from skillextract.market.frequencies import count_segments
from skillextract.market.periods import choose_periods
from skillextract.market.qualifications import compare_qualifications
from skillextract.market.quoting import Counted, quote_numbers
from skillextract.market.readings import Readings
from skillextract.market.salary import compare_salaries
from skillextract.market.segments import divide_postings
from skillextract.market.trends import follow_months
from skillextract.memory import give_back
from skillextract.roles.profile import RoleProfile
from skillextract.roles.seniority import SeniorityRules


def measure_market(
    demand: Demand,
    profile: RoleProfile,
    readings: Readings,
    *,
    registry: Registry,
    seniority: SeniorityRules,
    rules: VerdictRules,
    read_texts: TextReader,
    mentions: pa.Table | None = None,
    max_evidence: int = 5,
    rates: Mapping[str, float] | None = None,
    step: Callable[[str], None] = lambda _: None,
) -> dict[str, pd.DataFrame]:
    """The tables of a role's market by name, as `reports.tables` documents them.

    Args:
        demand: the role's postings and mentions.
        profile: what they are compared with.
        readings: what was read in their texts.
        registry: where names, kinds and families of skills stand.
        seniority: how titles state it.
        rules: when which verdict is given; its floor is that of every share.
        read_texts: gives the texts that sentences are quoted from.
        mentions: every mention of the postings; see `quoting.quote_numbers`.
        max_evidence: sentences for a number, at most.
        rates: what a unit of each currency is worth, for salaries; None keeps currencies apart.
        step: told which part is done.
    """

    def end(part: str) -> None:
        give_back()
        step(part)

    divisions = divide_postings(demand, seniority=seniority)
    by_seniority = next(division for division in divisions if division.kind == "seniority")
    # First, for it needs the most memory of what needs no other table.
    terms = rank_terms(demand, readings, read_texts=read_texts)
    end("discovery")
    frequencies = count_segments(demand, divisions, registry=registry, floor=rules.floor)
    end("shares by segment")
    frequencies = add_years(frequencies, demand, readings, divisions)
    end("years of experience")
    pairs = pair_skills(demand, registry=registry, floor=rules.floor)
    end("pairs")
    frequencies = _name_companions(frequencies, pairs)
    whole = frequencies[frequencies["segment_kind"] == "all"].reset_index(drop=True)
    comparison = compare_profile(
        demand,
        profile,
        frequencies=whole,
        registry=registry,
        read_texts=read_texts,
        rules=rules,
        max_evidence=max_evidence,
    )
    end("comparison")
    agreement = measure_agreement(demand, profile, comparison, registry=registry, rules=rules)
    end("agreement")
    qualifications = compare_qualifications(demand, profile, readings, registry=registry, rules=rules)
    salary = compare_salaries(demand, profile, seniority=by_seniority, floor=rules.floor, rates=rates)
    end("qualifications and salary")
    periods = choose_periods(demand, rules.floor)
    trends = follow_months(demand, registry=registry, floor=rules.floor, periods=periods)
    end("trends")
    evidence = quote_numbers(
        demand,
        profile,
        readings,
        Counted(
            frequencies=frequencies,
            comparison=comparison,
            qualifications=qualifications,
            salary=salary,
            pairs=pairs,
            trends=trends,
            divisions=divisions,
            periods=periods.leave_thin(demand, rules.floor),
        ),
        registry=registry,
        read_texts=read_texts,
        mentions=mentions,
        rates=rates,
        limit=max_evidence,
    )
    end("evidence")
    return {
        "profile_comparison": comparison,
        "profile_agreement": agreement,
        "skill_frequencies": frequencies,
        "qualifications": qualifications,
        "salary": salary,
        "cooccurrence": pairs,
        "trends": trends,
        "discovery": terms,
        "evidence": evidence,
    }


def _name_companions(frequencies: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """The frequencies with `co_named`, which only the rows of all postings have."""
    companions = list_companions(pairs)
    whole = frequencies["segment_kind"].to_numpy() == "all"
    named = np.empty(len(frequencies), dtype=object)
    named.fill([])
    rows = np.flatnonzero(whole)
    for row, skill in zip(rows, frequencies["skill"].iloc[rows], strict=True):
        named[row] = companions.get(str(skill), [])
    return frequencies.assign(co_named=pd.Series(named, dtype=object))
