"""What each number of the page opens, by what the number is: a claim, a skill, a pair, a period, pay, a source."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import Any

from skillextract.market.quotes import join_key
from skillextract.market.run_summary import ALL_SOURCES
from skillextract.market.wording import count_noun
from skillextract.reports import wording
from skillextract.reports.behind import ROLE, NumberIndex, tell_share
from skillextract.reports.lookup import Lookup, look_for_skill, look_in_segment
from skillextract.reports.movement import state_period, tell_change
from skillextract.reports.rows import ComparisonRow, remove_controls, state_share

Row = Mapping[str, Any]

HOW = {
    "share": "A share is of distinct postings of the role. The interval allows for employers with many openings.",
    "rank": "The rank is the place among all skills that were found, by postings that ask; several skills together "
    "take the place that their postings would have.",
    "apart": "Each of these is of another employer.",
    "unseen": "Were the share any higher, so many postings without a single case would be unlikely: the upper end of "
    "the 95% interval. Without a case nothing tells how alike the postings of an employer are, so they are taken to be "
    "all alike; where a few ask, that can be seen, and the interval may end lower.",
    "part": "The share below the number is of the postings that ask for the skill in whatever way.",
    "either": "Of the postings that ask for the one, the part that asks for the other too.",
    "lift": "How many times as often as two skills would be named together that have nothing to do with each other: "
    "the share of postings that ask for both, over the product of the shares of each.",
    "half": "A quarter of the postings that state it lie below the middle half, and a quarter above it.",
    "q": "q is the p-value of the test that nothing changed, corrected for all skills that were tested at once "
    "(Benjamini–Hochberg).",
}
"""How numbers are reckoned that are not counted but follow from counts; the key is the `data-how` of their element."""


_NO_WORD = re.compile("[^a-z0-9]+")


class PageNumbers:
    """Finds the place of what a number opens, in the page's index; None where nothing is kept.

    Args:
        index: takes up what was asked for.
        groups: the skills that meet each item; see `lookup.group_skills`.
    """

    def __init__(self, index: NumberIndex, groups: Mapping[tuple[int, str], Sequence[str]] | None = None) -> None:
        self._index = index
        self._groups = groups or {}

    # What the profile claims, and what it lacks

    def claim(self, row: ComparisonRow) -> int | None:
        """A row of the comparison: its share, and the postings that it was counted from."""
        key = (row.skill,) if row.item_number is None else (row.item_number, *_part_of(row))
        found = dataclasses.asdict(row)
        return self._index.find(
            "profile_comparison", *key, name=row.name, told=tell_share(found), home=find_home(row),
            none_of=None if row.postings else ROLE, look=self._look_for_claim(row),
        )  # fmt: skip

    def claim_employers(self, row: ComparisonRow) -> int | None:
        """The employers of such a row."""
        if row.skill is not None:
            return self.skill_employers(dataclasses.asdict(row))
        key = (row.item_number, *_part_of(row))
        return self._employers(
            "profile_comparison", *key, row=dataclasses.asdict(row), home=find_home(row), look=self._look_for_claim(row)
        )

    def claim_way(self, row: ComparisonRow, way: str, told: str) -> int | None:
        """The part of the postings that asks for an item in one way, given in words."""
        share = getattr(row, f"share_{way}")
        return self._index.find(
            "profile_comparison", row.item_number, column=f"share_{way}", name=f"{row.name}, {told}",
            told=f"{state_share(share)} of postings.", none_of=None if share else ROLE,
            look=self._look_for_claim(row, way),
        )  # fmt: skip

    def figure(self, row: Row, told: str) -> int | None:
        """One of the two figures of the profile as a whole."""
        name = told[:1].upper() + told[1:]
        told = wording.tell_agreement(row)
        return self._index.find(
            "profile_agreement", row["figure"], column="counted", name=name, told=told, home="profile",
            none_of=None if row["counted"] else ROLE,
        )  # fmt: skip

    # Skills

    def skill(self, row: Row, note: str = "") -> int | None:
        """A skill in the whole market."""
        return self._index.find(
            "skill_frequencies", "all", "all", row["skill"], name=row["name"], told=tell_share(row), note=note,
            home=anchor(row["skill"]), look=look_for_skill(row["skill"], row["postings"]),
        )  # fmt: skip

    def skill_employers(self, row: Row) -> int | None:
        """The employers that ask for a skill."""
        return self._employers(
            "skill_frequencies", "all", "all", row["skill"], row=row, home=anchor(row["skill"]),
            look=look_for_skill(row["skill"], row["postings"]),
        )  # fmt: skip

    def named(self, skill: str, name: str) -> int | None:
        """A skill of which only id and name are at hand."""
        return self._index.find("skill_frequencies", "all", "all", skill, name=name, home=anchor(skill))

    def way(self, row: Row | ComparisonRow, way: str, told: str) -> int | None:
        """The postings that ask for a skill in one way, given in words."""
        found = dataclasses.asdict(row) if isinstance(row, ComparisonRow) else row
        share = found[f"share_{way}"]
        return self._index.find(
            "skill_frequencies", "requirement", way, found["skill"], name=f"{found['name']}, {told}",
            told=f"{state_share(share)} of postings." if share is not None else "", home=anchor(found["skill"]),
            none_of=ROLE if share == 0 else None, look=_look_for_way([found["skill"]], found, way),
        )  # fmt: skip

    def years(self, row: Row) -> int | None:
        """The years of experience that are asked for with a skill."""
        if row["years_median"] is None:
            return None
        return self._index.find(
            "skill_frequencies", "all", "all", row["skill"], column="years_median", name=f"{row['name']}, years",
            told=wording.tell_years(row), home=anchor(row["skill"]),
            look=Lookup(row["years_postings"], "asks", ([row["skill"]],), exact=False),
        )  # fmt: skip

    def cell(self, row: Row, kind: str, segment: str, cell: Row | None) -> int | None:
        """A skill in a part of the market; None as the cell where no posting of the part asks for it."""
        of = ("skill_frequencies", join_key(kind, segment), "role_postings")
        told = tell_share(cell) if cell is not None else "0% of these postings."
        name = f"{row['name']} ({'place of work' if kind == 'remote' else kind}: {segment})"
        return self._index.find(
            "skill_frequencies", kind, segment, row["skill"], name=name, told=told, home=anchor(row["skill"]),
            none_of=of if cell is None else None,
            look=look_in_segment(kind, segment, cell["postings"], skill=row["skill"]) if cell is not None else None,
        )  # fmt: skip

    def part(self, kind: str, segment: str, postings: int) -> int | None:
        """The postings of a part of the market."""
        if segment == "all":
            return self.role()
        name = f"{'Place of work' if kind == 'remote' else kind.capitalize()}: {segment}"
        told = f"{count_noun(postings, 'posting')} of the role."
        return self._index.find(
            "skill_frequencies", kind, segment, column="role_postings", name=name, told=told,
            none_of=None if postings else ROLE, look=look_in_segment(kind, segment, postings),
        )  # fmt: skip

    def pair(self, row: Row) -> int | None:
        """Two skills that are asked for together."""
        name = f"{row['name']} and {row['other_name']}"
        return self._index.find(
            "cooccurrence", row["skill"], row["other"], name=name, told=wording.tell_pair(row),
            look=Lookup(row["postings"], "pair", ([row["skill"], row["other"]],)),
        )  # fmt: skip

    def pair_employers(self, row: Row) -> int | None:
        """The employers that ask for both."""
        about = {**row, "name": f"{row['name']} and {row['other_name']}"}
        return self._employers("cooccurrence", row["skill"], row["other"], row=about)

    def term(self, row: Row, home: str) -> int | None:
        """A term that no pattern knows."""
        look = Lookup(row["postings"], "postings with", (remove_controls(row["term"]),), exact=False)
        return self._index.find(
            "discovery", row["term"], name=row["term"], told=_tell_counts(row), home=home, look=look
        )

    # Time

    def point(self, axis: str, row: Row) -> int | None:
        """The share of a skill in a period."""
        of = ("trends", join_key(axis, row["period"]), "role_postings")
        return self._index.find(
            "trends", axis, row["skill"], row["period"], name=f"{row['name']}, {state_period(row['period'])}",
            told=tell_share(row), home=anchor(row["skill"]), none_of=None if row["postings"] else of,
            look=look_in_segment(axis, row["period"], row["postings"], skill=row["skill"]) if axis == "month" else None,
        )  # fmt: skip

    def change(self, axis: str, row: Row) -> int | None:
        """How the share of a skill changed: sentences of two periods."""
        ends = f"{'its turn' if row['turned_at'] is not None else 'first'} and last"
        return self._index.find(
            "trends", axis, row["skill"], column="change", name=f"{row['name']}, {ends}",
            told=f"{tell_change(row)}.", home=anchor(row["skill"]),
        )  # fmt: skip

    # Conditions

    def qualification(self, row: Row) -> int | None:
        """A degree, a field of study, a band of years, or years as a whole."""
        return self._index.find(
            "qualifications", row["kind"], _name_qualification(row), name=row["name"], told=tell_share(row),
            none_of=None if row["postings"] else ROLE, look=_look_for_qualification(row),
        )  # fmt: skip

    def qualification_employers(self, row: Row) -> int | None:
        """The employers that ask for it."""
        return self._employers("qualifications", row["kind"], _name_qualification(row), row=row)

    def qualification_required(self, row: Row) -> int | None:
        """The postings that require it."""
        required = row["postings_required"]
        told = f"{count_noun(required or 0, 'posting')} {'requires' if required == 1 else 'require'} it."
        return self._index.find(
            "qualifications", row["kind"], _name_qualification(row), column="postings_required",
            name=f"{row['name']}, required", told=told,
            none_of=ROLE if required == 0 else None, look=_look_for_qualification(row, "required"),
        )  # fmt: skip

    def pay(self, row: Row) -> int | None:
        """The pay in a currency, by seniority."""
        return self._index.find(
            "salary", row["currency"], row["seniority"], name=_name_pay(row), told=wording.tell_median(row),
            none_of=None if row["postings"] else ROLE,
            look=Lookup(row["postings"], "postings where", ("salary_currency", row["currency"]), exact=False),
        )  # fmt: skip

    def pay_employers(self, row: Row) -> int | None:
        """The employers that state it."""
        return self._employers("salary", row["currency"], row["seniority"], row={**row, "name": _name_pay(row)})

    # What was read

    def role(self) -> int | None:
        """The postings of the role."""
        return self._index.find(*ROLE[:2], column=ROLE[2], name="Postings of the role")

    def role_employers(self, count: int | None) -> int | None:
        """Their employers."""
        return self._index.find(
            "run_summary", ALL_SOURCES, column="role_companies", name="Employers of the role’s postings",
            told=f"{count_noun(count or 0, 'employer')}.", employers=count or 0,
        )  # fmt: skip

    def coverage(self, row: Row, column: str, told: str) -> int | None:
        """A count of a source, or of all of them, given in words."""
        name = told if row["level"] == "total" else f"{row['source']}, {told}"
        return self._index.find(
            "run_summary", row["source"], column=column, name=name[:1].upper() + name[1:],
            told=f"{count_noun(row[column], 'posting')}.",
            none_of=None if row[column] else ("run_summary", row["source"], "postings"),
            look=_look_for_coverage(row, column),
        )  # fmt: skip

    def neighbour(self, row: Row) -> int | None:
        """The postings of a near role."""
        name = row["neighbour"]
        return self._index.find(
            "neighbours", name, name=name[:1].upper() + name[1:], told=_tell_counts(row),
            look=Lookup(row["postings"], "lake", ()),
        )  # fmt: skip

    def neighbour_employers(self, row: Row) -> int | None:
        """Their employers."""
        return self._employers("neighbours", row["neighbour"], row={**row, "name": row["neighbour"]})

    def _look_for_claim(self, row: ComparisonRow, way: str | None = None) -> Lookup | None:
        if row.skill is not None:
            skills: Sequence[str] | None = [row.skill]
        else:
            skills = self._groups.get((row.item_number or 0, row.level))
        if skills is None:
            return None
        if way is not None:
            return _look_for_way(skills, dataclasses.asdict(row), way)
        return Lookup(row.postings, "asks", (list(skills),))

    def _employers(self, table: str, *key: object, row: Row, home: str = "", look: Lookup | None = None) -> int | None:
        name = f"{row['name'][:1].upper()}{row['name'][1:]}: employers"
        return self._index.find(
            table, *key, column="companies", name=name, told=_tell_counts(row), home=home,
            none_of=None if row["companies"] else ROLE, employers=row["companies"], look=look,
        )  # fmt: skip


def find_home(row: ComparisonRow) -> str:
    """The id of the row of the page that a row of the comparison has its sentences in."""
    if row.level == "item":
        return f"item-{row.item_number}"
    return anchor(row.skill) if row.skill is not None else ""


def anchor(skill: str) -> str:
    """The id in the page of the place where a skill's sentences stand.

    Example:
        >>> anchor("c++ / cli")
        'skill-c-cli'
    """
    return "skill-" + _NO_WORD.sub("-", skill.lower()).strip("-")


def _look_for_way(skills: Sequence[str], row: Row, way: str) -> Lookup | None:
    share = row[f"share_{way}"]
    return None if share is None else Lookup(round(share * row["role_postings"]), "way", (list(skills), way))


def _look_for_qualification(row: Row, way: str | None = None) -> Lookup:
    postings = row["postings"] if way is None else row["postings_required"] or 0
    if row["kind"] != "degree":  # read in the texts
        return Lookup(postings, "postings", (), exact=False)
    return Lookup(postings, "asks" if way is None else "way", ([row["skill"]], *([] if way is None else [way])))


def _look_for_coverage(row: Row, column: str) -> Lookup:
    if column != "role_postings":  # postings of all roles, or in another language
        return Lookup(row[column] or 0, "lake", ())
    if row["level"] == "total":
        return Lookup(row[column], "postings", ())
    return Lookup(row[column], "postings where", ("source", row["source"]))


def _part_of(row: ComparisonRow) -> tuple[str, ...]:
    return () if row.level == "item" else (row.skill or row.level,)


def _tell_counts(row: Row) -> str:
    return f"{count_noun(row['postings'], 'posting')} by {count_noun(row['companies'], 'employer')}."


def _name_qualification(row: Row) -> str:
    return str(row["name"] if row["kind"] == "band" else row["skill"] or row["name"])


def _name_pay(row: Row) -> str:
    return f"Pay in {row['currency']}, {'all postings' if row['seniority'] == 'all' else row['seniority']}"
