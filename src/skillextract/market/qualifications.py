"""Degrees, fields of study and years of experience that postings ask for, against what the profile says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from skillextract.market.comparison import VerdictRules, explain_verdict, judge_claim
from skillextract.market.demand import ASKING_ORDER, Demand, Floor, Registry
from skillextract.market.experience import number_readings
from skillextract.market.readings import Readings
from skillextract.market.tally import keep_together, measure_groups, tally_rows
from skillextract.roles.profile import RoleProfile

BANDS: tuple[tuple[str, float, float], ...] = (
    ("up to 2 years", 0.0, 3.0),
    ("3–4 years", 3.0, 5.0),
    ("5–7 years", 5.0, 8.0),
    ("8 years and more", 8.0, np.inf),
)
"""Bands of years with their ends, the upper one excluded."""


def name_fields(profile: RoleProfile, registry: Registry) -> dict[str, str]:
    """The fields of study that a profile names: its words by the id of the skill of that name, or by themselves."""
    if profile.qualifications is None:
        return {}
    by_name = {entry.name.casefold(): skill for skill, entry in registry.items()}
    return {by_name.get(field.casefold(), field): field for field in profile.qualifications.fields}


def compare_qualifications(
    demand: Demand, profile: RoleProfile, readings: Readings, *, registry: Registry, rules: VerdictRules
) -> pd.DataFrame:
    """What postings ask for in education and experience.

    What the profile calls essential is words, not a claim that could be counted, and has no row.

    Args:
        demand: the role's postings and mentions.
        profile: the claims.
        readings: of the same postings.
        registry: where names and kinds stand.
        rules: when a verdict is given; see `comparison`.

    Returns:
        The columns of `reports.tables.QUALIFICATIONS`. Degrees come first, then fields, each by postings; then the
        bands and the row `years`.
    """
    claims = profile.qualifications
    degrees = {skill for skill, entry in registry.items() if entry.kind == "degree"}
    found = {demand.skills[number] for number in np.flatnonzero(np.diff(demand.asks.first))}
    stated = {} if claims is None else dict.fromkeys(claims.minimum_degrees, "minimum")
    stated |= {} if claims is None else dict.fromkeys(claims.typical_degrees, "typical")
    listed = sorted((degrees & found) | set(stated))
    table = measure_groups(demand, [(skill,) for skill in listed], floor=rules.floor)
    parts = [_label(table, "degree", listed, registry, stated)]
    parts.append(_measure_fields(demand, readings, name_fields(profile, registry), registry, rules.floor))
    parts.append(_measure_years(demand, readings, rules.floor))
    merged = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return _judge_rows(merged, demand, rules)


def _label(
    table: pd.DataFrame, kind: str, ids: Sequence[str], registry: Registry, claims: dict[str, str]
) -> pd.DataFrame:
    """Rows with what they are about, by postings."""
    table = table.assign(
        kind=kind,
        skill=pd.Series([id_ if id_ in registry else None for id_ in ids], dtype=object),
        name=pd.Series([registry[id_].name if id_ in registry else id_ for id_ in ids], dtype=object),
        claim=pd.Series([claims.get(id_) for id_ in ids], dtype=object),
    )
    return table.sort_values(["postings", "companies", "name"], ascending=[False, False, True], ignore_index=True)


def _measure_fields(
    demand: Demand, readings: Readings, claims: dict[str, str], registry: Registry, floor: Floor
) -> pd.DataFrame:
    stated = number_readings(demand, readings.fields)
    ids = sorted(set(stated["field"]) | set(claims))
    numbers = {id_: number for number, id_ in enumerate(ids)}
    bits = {name: 1 << bit for bit, name in enumerate(ASKING_ORDER)}
    rows = pd.DataFrame(
        {
            "group": np.array([numbers[id_] for id_ in stated["field"]], dtype=np.int64),
            "posting": stated["posting"].to_numpy(dtype=np.int64),
            "flags": np.array([bits[name] for name in stated["requirement"]], dtype=np.uint8),
            "mentions": np.ones(len(stated), dtype=np.int64),
        }
    )
    (tally,) = tally_rows(demand, rows, groups=len(ids), divisions=[keep_together(demand)])
    table = tally.to_frame(floor=floor)
    return _label(table, "field", ids, registry, dict.fromkeys(claims, "field"))


def _measure_years(demand: Demand, readings: Readings, floor: Floor) -> pd.DataFrame:
    stated = number_readings(demand, readings.years)
    stated = stated[stated["skill"].isna()]
    years = stated["years"].to_numpy(dtype=np.float64)
    band = np.searchsorted([low for _, low, _ in BANDS], years, side="right") - 1
    posting = stated["posting"].to_numpy(dtype=np.int64)
    rows = pd.DataFrame(
        {
            "group": np.concatenate([band, np.full(len(years), len(BANDS))]),
            "posting": np.concatenate([posting, posting]),
            "flags": np.zeros(2 * len(years), dtype=np.uint8),
            "mentions": np.ones(2 * len(years), dtype=np.int64),
        }
    )
    (tally,) = tally_rows(demand, rows, groups=len(BANDS) + 1, divisions=[keep_together(demand)])
    table = tally.to_frame(floor=floor)
    for name in ASKING_ORDER:  # years have no requirement of their own
        table[f"postings_{name}"] = pd.array([None] * len(table), dtype="Int64")
        table[f"share_{name}"] = np.nan
    table["kind"] = ["band"] * len(BANDS) + ["years"]
    table["name"] = [*(name for name, _, _ in BANDS), "Years of experience"]
    table["skill"] = table["claim"] = pd.Series([None] * len(table), dtype=object)
    quartiles = np.quantile(years, (0.25, 0.5, 0.75)) if len(years) else (np.nan,) * 3
    for column, value in zip(("years_low", "years_median", "years_high"), quartiles, strict=True):
        table[column] = [np.nan] * len(BANDS) + [value]
    return table


def _judge_rows(table: pd.DataFrame, demand: Demand, rules: VerdictRules) -> pd.DataFrame:
    verdicts: list[Any] = []
    reasons: list[Any] = []
    for row in table.to_dict("records"):
        verdict = None
        if isinstance(row["claim"], str):
            verdict = judge_claim(row, demand, rules)
        elif (
            row["kind"] in ("degree", "field")
            and row["share"] >= rules.missing_share
            and row["share_low"] >= rules.confirmed_share
        ):
            verdict = "missing from profile"
        verdicts.append(verdict)
        reasons.append(None if verdict is None else explain_verdict(verdict, row, rules))
    for column in ("years_low", "years_median", "years_high"):
        if column not in table:
            table[column] = np.nan
    return table.assign(verdict=pd.Series(verdicts, dtype=object), reason=pd.Series(reasons, dtype=object))
