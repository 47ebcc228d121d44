"""The market against a reference profile: what it confirms, what nobody asks for, what the profile lacks."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from skillextract.market.demand import Demand, Floor, Registry
from skillextract.market.employers import find_largest, tell_largest
from skillextract.market.evidence import TextReader, collect_evidence, to_records
from skillextract.market.tally import measure_groups
from skillextract.market.wording import count_noun, format_share, format_threshold
from skillextract.roles.profile import ProfileItem, RoleProfile

Verdict = Literal["confirmed", "weak", "not seen", "missing from profile", "the role itself", "too few postings"]
Level = Literal["item", "skill", "family", "missing", "role"]

CONFIRMED_SHARE = 0.05
"""The market confirms a claim when the lower end of its share's 95 % interval reaches this: one posting in twenty at
least, whatever chance and a few large employers may have added."""

MISSING_SHARE = 0.10
"""A skill is missing from the profile when its share reaches this and the market would confirm it as a claim."""

UNCOMPARED_KINDS = frozenset({"degree"})
"""Kinds of skills that are never missing: a profile states degrees among its qualifications."""

COMPARISON_COLUMNS = (
    "item_number",
    "item",
    "level",
    "skill",
    "name",
    "kind",
    "family",
    "verdict",
    "reason",
    "share_named",
    "verdict_named",
    "rank",
    "postings",
    "companies",
    "share",
    "share_low",
    "share_high",
    "effective_n",
    "share_with_skills",
    "share_companies",
    "share_required",
    "share_preferred",
    "share_duty",
    "role_postings",
    "role_postings_with_skills",
    "role_companies",
    "evidence",
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class VerdictRules:
    """When which verdict is given.

    In this order, the first that applies:

    1. `too few postings`: the role's postings or their employers are below the floor.
    2. `not seen`: no posting asks for it.
    3. `confirmed`: the lower end of the share's interval is at least `confirmed_share`.
    4. `weak`: everything else.

    A skill that the profile does not name is `missing from profile` when its share is at least `missing_share` and rule
    3 would confirm it.

    Attributes:
        floor: below it there is no verdict.
        confirmed_share: see `CONFIRMED_SHARE`.
        missing_share: see `MISSING_SHARE`.
    """

    floor: Floor
    confirmed_share: float = CONFIRMED_SHARE
    missing_share: float = MISSING_SHARE


@dataclasses.dataclass(frozen=True, slots=True)
class _Row:
    """What a row of the comparison is about: the skills that it is met by."""

    level: Level
    skills: tuple[str, ...]
    name: str
    item: ProfileItem | None = None
    skill: str | None = None
    named: tuple[str, ...] = ()
    """Of an item that others meet too: what it names."""


_FIXED: Mapping[Level, Verdict] = {"missing": "missing from profile", "role": "the role itself"}
"""The verdict of the levels that are no claim."""


def compare_profile(
    demand: Demand,
    profile: RoleProfile,
    *,
    frequencies: pd.DataFrame,
    registry: Registry,
    read_texts: TextReader,
    rules: VerdictRules,
    max_evidence: int = 5,
) -> pd.DataFrame:
    """The market's verdict on every claim of a profile, and the skills that the profile lacks.

    Each item of the profile has a row (`item`), followed by one for each skill that it names (`skill`) and, where
    others meet it too ("or similar"), one for all of those together (`family`). An item is asked for by a posting that
    asks for any of them. Others of a family are its skills that no item names. The skills that the profile does not
    name and the market asks for (`missing`) follow by rank, and last those that are the role itself (`role`).

    Args:
        demand: the role's postings and mentions.
        profile: the claims.
        frequencies: `count_skills` of the same demand.
        registry: where names, kinds and families stand.
        read_texts: gives the texts that evidence is quoted from; asked once, for the quoted postings only.
        rules: when a verdict is given.
        max_evidence: sentences a row, at most.

    Returns:
        `COMPARISON_COLUMNS`, documented in `reports.tables`.
    """
    rows = [row for item in profile.items for row in _rows_of_item(item, profile, registry, frequencies)]
    rows += _missing_rows(profile, frequencies, registry, rules)
    if demand.suffices(rules.floor):
        rows += _role_rows(profile, frequencies)
    measured_rows = measure_groups(
        demand, [row.skills for row in rows] + [row.named for row in rows], floor=rules.floor
    )
    table, named = measured_rows.iloc[: len(rows)].copy(), measured_rows.iloc[len(rows) :].to_dict("records")
    verdicts: list[Verdict] = [
        _FIXED.get(row.level) or judge_claim(measured, demand, rules)
        for row, measured in zip(rows, table.to_dict("records"), strict=True)
    ]
    table["item_number"] = pd.array([row.item.number if row.item else None for row in rows], dtype="Int16")
    table["verdict"] = verdicts
    table["share_named"] = [alone["share"] if row.named else np.nan for row, alone in zip(rows, named, strict=True)]
    named_verdicts = [
        judge_claim(alone, demand, rules) if row.named else None for row, alone in zip(rows, named, strict=True)
    ]
    table["verdict_named"] = pd.Series(named_verdicts, dtype=object)
    table["reason"] = [
        explain_verdict(verdict, measured, rules)
        + (tell_named([registry[skill].name for skill in row.named], alone["share"]) if leaning else "")
        + ("" if verdict == "too few postings" else tell_largest(employer[0], employer[1], int(measured["postings"])))
        for verdict, measured, row, alone, leaning, employer in zip(
            verdicts,
            table.to_dict("records"),
            rows,
            named,
            map(leans_on_others, verdicts, table["share"], named_verdicts, table["share_named"]),
            find_largest(demand, [row.skills for row in rows]),
            strict=True,
        )
    ]
    ranks = [_rank(row, int(postings), frequencies) for row, postings in zip(rows, table["postings"], strict=True)]
    table["rank"] = pd.array(ranks, dtype="Int32")
    evidence = collect_evidence(demand, [row.skills for row in rows], read_texts=read_texts, limit=max_evidence)
    for column, values in (
        ("item", [row.item.name if row.item else None for row in rows]),
        ("level", [row.level for row in rows]),
        ("skill", [row.skill for row in rows]),
        ("name", [row.name for row in rows]),
        ("kind", [registry[row.skill].kind if row.skill else None for row in rows]),
        ("family", [registry[row.skill].family if row.skill else None for row in rows]),
        ("evidence", [to_records(entries) for entries in evidence]),
    ):
        table[column] = pd.Series(values, dtype=object)
    return table[list(COMPARISON_COLUMNS)]


def leans_on_others(verdict: str, share: float | None, verdict_named: str | None, share_named: float | None) -> bool:
    """Whether an item is confirmed by other skills than those that it names.

    That is so where these alone would not be confirmed, or have less than half of its share: a reader takes "a language
    such as Java" to speak of Java.
    """
    if verdict != "confirmed" or verdict_named is None or share is None or share_named is None:
        return False
    return verdict_named != "confirmed" or share_named < share / 2


def tell_named(names: Sequence[str], share: float) -> str:
    """What the skills that an item names have alone, as a sentence behind another.

    Example:
        >>> tell_named(["etcd", "Consul"], 0.058)
        ' It leans on similar skills: etcd and Consul themselves have 5.8%.'
    """
    listed = " and ".join([*([", ".join(names[:-1])] if len(names) > 1 else []), names[-1]])
    alone = f"{listed} {'itself has' if len(names) == 1 else 'themselves have'} {format_share(share)}"
    return f" It leans on similar skills: {alone}."


def find_others(item: ProfileItem, profile: RoleProfile, registry: Registry) -> tuple[str, ...]:
    """The further skills that meet an item: its `similar` ones, and those of its families that no item names.

    Returns:
        Sorted ids.
    """
    return choose_others(item, profile, {skill: entry.family for skill, entry in registry.items()})


def choose_others(item: ProfileItem, profile: RoleProfile, families: Mapping[str, str]) -> tuple[str, ...]:
    """The same of some skills, given by id with their family."""
    left = profile.named_skills | frozenset(profile.role_skills)
    related = {skill for skill, family in families.items() if family in item.families and skill not in left}
    return tuple(sorted((related | set(item.similar)) - set(item.skills)))


def cover_skills(profile: RoleProfile, registry: Registry) -> frozenset[str]:
    """The skills that a profile speaks of: named, similar, of a family that meets an item, or a field of study.

    A field of study that the profile names is compared among its qualifications. Those that are the role itself
    (`RoleProfile.role_skills`) are not among them.
    """
    fields = {field.casefold() for field in profile.qualifications.fields} if profile.qualifications else set()
    related = {
        skill
        for skill, entry in registry.items()
        if entry.family in profile.named_families or entry.name.casefold() in fields
    }
    return (profile.named_skills | related).difference(profile.role_skills)


def _rows_of_item(item: ProfileItem, profile: RoleProfile, registry: Registry, frequencies: pd.DataFrame) -> list[_Row]:
    others = find_others(item, profile, registry)
    rows = [_Row("item", (*item.skills, *others), item.name, item, named=item.skills if others else ())]
    rows += [_Row("skill", (skill,), registry[skill].name, item, skill) for skill in item.skills]
    if others:
        rows.append(_Row("family", others, _name_others(others, frequencies), item))
    return rows


def _name_others(others: Collection[str], frequencies: pd.DataFrame) -> str:
    """A name for other skills of an item: the three that are asked for most."""
    asked = frequencies.loc[frequencies["skill"].isin(list(others)), "name"].tolist()
    if not asked:
        return "Similar ones"
    return f"Similar ones: {', '.join(asked[:3])}{' …' if len(asked) > 3 else ''}"


def _missing_rows(
    profile: RoleProfile, frequencies: pd.DataFrame, registry: Registry, rules: VerdictRules
) -> list[_Row]:
    covered = cover_skills(profile, registry)
    asked = frequencies[
        (frequencies["share"] >= rules.missing_share)
        & (frequencies["share_low"] >= rules.confirmed_share)
        & ~frequencies["skill"].isin([*covered, *profile.role_skills])
        & ~frequencies["kind"].isin(list(UNCOMPARED_KINDS))
    ]
    return [
        _Row("missing", (skill,), name, None, skill) for skill, name in zip(asked["skill"], asked["name"], strict=True)
    ]


def _role_rows(profile: RoleProfile, frequencies: pd.DataFrame) -> list[_Row]:
    asked = frequencies[frequencies["skill"].isin(profile.role_skills)]
    return [
        _Row("role", (skill,), name, None, skill) for skill, name in zip(asked["skill"], asked["name"], strict=True)
    ]


def judge_claim(measured: Mapping[Hashable, Any], demand: Demand, rules: VerdictRules) -> Verdict:
    """The verdict on a claim of the profile, from its row of `tally.measure_groups`; none of `_FIXED`."""
    if not demand.suffices(rules.floor):
        return "too few postings"
    if measured["postings"] == 0:
        return "not seen"
    if measured["share_low"] >= rules.confirmed_share:
        return "confirmed"
    return "weak"


def explain_verdict(verdict: Verdict, measured: Mapping[Hashable, Any], rules: VerdictRules) -> str:
    """Why the verdict is what it is, as one sentence with its numbers."""
    postings = count_noun(int(measured["postings"]), "posting")
    total = int(measured["role_postings"])
    companies = count_noun(int(measured["companies"]), "employer")
    threshold = format_threshold(rules.confirmed_share)
    match verdict:
        case "too few postings":
            found = f"{count_noun(total, 'posting')} from {count_noun(int(measured['role_companies']), 'employer')}"
            needed = (
                f"{count_noun(rules.floor.postings, 'posting')} from {count_noun(rules.floor.companies, 'employer')}"
            )
            return f"The role has {found}; a share is stated from {needed} on."
        case "not seen":
            bound = format_share(measured["share_high"])
            missed = f"up to {bound} could without one showing here, were the postings of each employer all alike"
            return f"None of {count_noun(total, 'posting')} asks for it; {missed}."
        case "confirmed":
            low = format_share(measured["share_low"])
            found = f"{postings} of {total} from {companies}"
            return f"{found}: at least {low} of postings ask for it ({threshold} confirms)."
        case "weak":
            low = format_share(measured["share_low"])
            return f"{postings} of {total} from {companies}: the share may be as low as {low} ({threshold} confirms)."
        case "missing from profile":
            return f"{postings} of {total} from {companies} ask for it, and the profile does not name it."
        case "the role itself":
            asked = f"{postings} of {total} from {companies} name it"
            return f"{asked}: it is the role itself, neither missing nor in the coverage."


def _rank(row: _Row, postings: int, frequencies: pd.DataFrame) -> int | None:
    """The rank of a skill, or the place that the postings of several together would take among all skills."""
    if postings == 0:
        return None
    if row.skill is not None:
        return int(frequencies.loc[frequencies["skill"] == row.skill, "rank"].iloc[0])
    return int(np.count_nonzero(frequencies["postings"] > postings)) + 1
