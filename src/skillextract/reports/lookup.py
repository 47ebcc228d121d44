"""Where all of what a number was counted from stands: lines of pandas over the files beside the page."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from skillextract.market.comparison import choose_others
from skillextract.market.demand import ASKING_ORDER
from skillextract.market.segments import NOT_STATED
from skillextract.reports.report import Report
from skillextract.roles.profile import RoleProfile

_ASKS = f"""\
import pandas as pd

postings, mentions = (pd.read_parquet(f"{{name}}.parquet") for name in ("postings", "mentions"))
asks = mentions[mentions.requirement.isin({json.dumps(list(ASKING_ORDER))})]
asks = asks.merge(postings, left_on="posting_id", right_on="id")
"""
_SENTENCES = """
lines = [text[text.rfind("\\n", 0, at) + 1 :].split("\\n")[0] for text, at in zip(found.text, found.start)]
found.assign(line=lines)[["company", "title", "url", "requirement", "surface", "line"]]"""
_POSTINGS = """\
import pandas as pd

postings = pd.read_parquet("postings.parquet")
postings = postings[postings.duplicate_of.isna()]
"""
_TITLES = '\nfound[["company", "title", "url", "text"]]'

FORMS: Mapping[str, str] = {
    "asks": _ASKS + "found = asks[asks.skill.isin({0})]" + _SENTENCES,
    "way": _ASKS + "found = asks[asks.skill.isin({0}) & (asks.requirement == {1})]" + _SENTENCES,
    "pair": (
        _ASKS
        + "first, second = (set(asks.posting_id[asks.skill == skill]) for skill in {0})\n"
        + "found = asks[asks.posting_id.isin(first & second) & asks.skill.isin({0})]"
        + _SENTENCES
    ),
    "asks where": _ASKS + "found = asks[asks.skill.isin({0}) & (asks[{1}] == {2})]" + _SENTENCES,
    "asks unstated": _ASKS + "found = asks[asks.skill.isin({0}) & asks[{1}].isna()]" + _SENTENCES,
    "asks in": (
        _ASKS + 'found = asks[asks.skill.isin({0}) & (asks.posted_at.dt.strftime("%Y-%m") == {1})]' + _SENTENCES
    ),
    "asks between": (
        _ASKS
        + 'found = asks[asks.skill.isin({0}) & asks.posted_at.dt.strftime("%Y-%m").between({1}, {2})]'
        + _SENTENCES
    ),
    "postings": _POSTINGS + "found = postings" + _TITLES,
    "postings where": _POSTINGS + "found = postings[postings[{0}] == {1}]" + _TITLES,
    "postings unstated": _POSTINGS + "found = postings[postings[{0}].isna()]" + _TITLES,
    "postings in": _POSTINGS + 'found = postings[postings.posted_at.dt.strftime("%Y-%m") == {0}]' + _TITLES,
    "postings between": (
        _POSTINGS + 'found = postings[postings.posted_at.dt.strftime("%Y-%m").between({0}, {1})]' + _TITLES
    ),
    "lake": "",
    "postings with": _POSTINGS + "found = postings[postings.text.str.contains({0}, case=False, regex=False)]" + _TITLES,
}
"""Lines of pandas that find all of what a number was counted from; `{0}` and so on stand for its own values.

The page's script puts them in as JSON, whose texts and lists are Python's too. What is of other roles stands in
the lake: no lines find it in the files beside the page.
"""

_COLUMNS = frozenset({"country", "remote", "source"})
"""Divisions that are columns of `postings`; others are read in titles and texts."""


@dataclasses.dataclass(frozen=True, slots=True)
class Lookup:
    """Where all postings behind a number are found.

    Attributes:
        postings: how many the number counts.
        form: a key of `FORMS`.
        values: what is put into it.
        exact: whether these are all of them and nothing else; if not, they are among what is found.
    """

    postings: int
    form: str
    values: tuple[object, ...]
    exact: bool = True


def look_for_skill(skill: str, postings: int) -> Lookup:
    """The postings that ask for a skill."""
    return Lookup(postings, "asks", ([skill],))


def look_in_segment(kind: str, segment: str, postings: int, *, skill: str | None = None) -> Lookup:
    """The postings of a part of the market, or those of them that ask for a skill.

    Months may be several, `2025-03/2025-06`: those of them below the floor are found, too, and not counted.
    """
    form, first = ("postings", ()) if skill is None else ("asks", ([skill],))
    if kind == "month" and "/" in segment:
        return Lookup(postings, f"{form} between", (*first, *segment.split("/")), exact=False)
    if kind == "month" and segment != NOT_STATED:
        return Lookup(postings, f"{form} in", (*first, segment))
    if kind not in _COLUMNS:
        return Lookup(postings, form, first, exact=False)
    if segment == NOT_STATED:
        return Lookup(postings, f"{form} unstated", (*first, kind))
    return Lookup(postings, f"{form} where", (*first, kind, segment))


def group_skills(report: Report, profile: RoleProfile) -> dict[tuple[int, str], list[str]]:
    """The skills that were found and meet an item of the profile.

    Returns:
        By the item's number, and `item` (all of them) or `family` (those that it does not name itself).
    """
    families: dict[str, str] = {
        row["skill"]: row["family"] for row in report.read("skill_frequencies") if row["segment_kind"] in (None, "all")
    }
    groups: dict[tuple[int, str], list[str]] = {}
    for item in profile.items:
        others = choose_others(item, profile, families)
        groups[item.number, "family"] = [*others]
        groups[item.number, "item"] = [*item.skills, *others]
    return groups


def embed_lookup(lookup: Lookup) -> list[Any]:
    """A lookup as the page's script reads it: how many postings, whether exactly, the form and its values."""
    return [lookup.postings, int(lookup.exact), lookup.form, *lookup.values]
