"""What stands above the sentences of a number: the number in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from skillextract.market.wording import count_noun, tell_pay
from skillextract.reports.rows import state_interval, state_money, state_share


def list_facts(row: Mapping[str, Any]) -> dict[str, str]:
    """A share with its interval and what it was counted from, for who points at its mark in a chart."""
    told = {"share of postings": state_share(row["share"])}
    if row["share_low"] is not None:
        told["95% interval"] = state_interval(row["share_low"], row["share_high"])
    return told | {"postings": f"{row['postings']:,}", "employers": f"{row['companies']:,}"}


def tell_agreement(row: Mapping[str, Any]) -> str:
    """What one of the two figures of the profile was counted from."""
    interval = state_interval(row["share_low"], row["share_high"])
    if row["figure"] == "confirmation":
        return f"{row['counted']} of {count_noun(row['total'], 'need')} of the profile (95% interval {interval})."
    counted = f"{row['counted']:,} of {row['total']:,} pairs of a posting and a skill that it asks for"
    return f"{state_share(row['share'])}: {counted} (95% interval {interval})."


def tell_years(row: Mapping[str, Any]) -> str:
    """The years of experience that postings ask for with a skill."""
    stating = f"{count_noun(row['years_postings'], 'posting')} {'states' if row['years_postings'] == 1 else 'state'}"
    return f"{stating} years of experience with it; the median is {row['years_median']:g}."


def tell_pair(row: Mapping[str, Any]) -> str:
    """How often a pair of skills is asked for together."""
    lift = f"{row['lift']:.1f} times as often as by chance (95% interval {row['lift_low']:.1f}–{row['lift_high']:.1f})"
    return f"{lift}: {count_noun(row['postings'], 'posting')} by {count_noun(row['companies'], 'employer')}."


def tell_median(row: Mapping[str, Any]) -> str:
    """The median of the pay with its interval and what it was counted from."""
    counted = f"{count_noun(row['postings'], 'posting')} by {count_noun(row['companies'], 'employer')}."
    if row["median"] is None:
        return f"Too few for a median: {counted}"
    interval = f"{state_money(row['median_low'], row['currency'])} to {row['median_high']:,.0f}"
    return f"Median {state_money(row['median'], row['currency'])} a year (95% interval {interval}): {counted}"


def state_pay(posting: Mapping[str, Any]) -> str:
    """The pay that a posting states, as it states it."""
    return tell_pay(*(posting[f"salary_{name}"] for name in ("min", "max", "currency", "period")))
