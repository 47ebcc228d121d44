"""A draft of a reference profile: what the market asks for, put into items by family, each with its evidence."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from skillextract.errors import LakeError
from skillextract.market.comparison import CONFIRMED_SHARE, MISSING_SHARE
from skillextract.market.demand import Demand, Floor, Registry
from skillextract.market.evidence import Evidence, TextReader, collect_evidence
from skillextract.market.frequencies import count_skills
from skillextract.market.tally import measure_groups
from skillextract.market.wording import count_noun
from skillextract.roles.lint import NamesInWords
from skillextract.roles.profile import ProfileItem, Qualifications

SIMILAR_FACTOR = 0.25
"""A skill of an item's family is similar to those that the item names from this part of their share on."""


NAMED_IN_ITEM = 3
"""So many of an item's skills stand in its name."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DraftRules:
    """Which skills a draft names.

    Attributes:
        floor: below it nothing is drafted.
        share: a skill is named from this share of the role's postings on.
        share_low: the lower end of the share's 95 % interval has to reach this, too.
    """

    floor: Floor
    share: float = MISSING_SHARE
    share_low: float = CONFIRMED_SHARE


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DraftedClaim:
    """What a claim of the draft rests on.

    Attributes:
        name: the skill's name, or what the item is called.
        postings: distinct postings that ask.
        companies: their employers.
        share: `postings` of all the role's postings.
        share_low: lower end of its 95 % interval.
        share_high: upper end.
        evidence: a sentence that asks; None where several skills together are measured.
    """

    name: str
    postings: int
    companies: int
    share: float
    share_low: float
    share_high: float
    evidence: Evidence | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DraftedItem:
    """An item of the draft: the skills of a family that are asked for often enough.

    Attributes:
        item: as a profile holds it.
        basis: how often any of its skills is asked for.
        skills: the same for each skill that it names, in the item's order.
    """

    item: ProfileItem
    basis: DraftedClaim
    skills: tuple[DraftedClaim, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ProfileDraft:
    """A draft, and what it was made from.

    Attributes:
        items: the most asked for first.
        qualifications: None where no degree is asked for often enough.
        degrees: what the degrees rest on, in the order of `qualifications.typical_degrees`.
        postings: distinct postings of the role.
        companies: their employers.
        rules: which skills it names.
    """

    items: tuple[DraftedItem, ...]
    qualifications: Qualifications | None
    degrees: tuple[DraftedClaim, ...]
    postings: int
    companies: int
    rules: DraftRules


def draft_profile(demand: Demand, *, registry: Registry, read_texts: TextReader, rules: DraftRules) -> ProfileDraft:
    """The profile that the market would write: one item for each family with a skill that is asked for often enough.

    Skills of the family that are asked for a quarter as often, and whose interval is above the same part of the rules,
    are listed as similar. Not drafted are salaries, fields of study and essential experience, which no mention holds;
    human languages, which depend on the place; and what only few ask for.

    Args:
        demand: the role's postings and mentions.
        registry: where names, kinds and families stand.
        read_texts: gives the texts that evidence is quoted from.
        rules: which skills are named.

    Raises:
        LakeError: the role has too few postings or employers, or no skill is asked for often enough.
    """
    found = f"{count_noun(demand.posting_count, 'posting')} of {count_noun(demand.company_count, 'employer')}"
    if not demand.suffices(rules.floor):
        needed = f"{rules.floor.postings} of {rules.floor.companies}"
        raise LakeError(
            f"the role has {found}, expected at least {needed}; fetch more boards, or lower min_postings and "
            "min_companies in the settings"
        )
    frequencies = count_skills(demand, registry=registry, floor=rules.floor)
    named = frequencies[(frequencies["share"] >= rules.share) & (frequencies["share_low"] >= rules.share_low)]
    skills = named[~named["kind"].isin(["degree", "language"])]
    if skills.empty:
        raise LakeError(f"the role has {found}, and no skill is asked for by {rules.share:.0%}; lower market_threshold")
    degrees = named[named["kind"] == "degree"]
    evidence = collect_evidence(
        demand,
        [(skill,) for skill in (*skills["skill"], *degrees["skill"])],
        read_texts=read_texts,
        limit=1,
    )
    quoted = [entries[0] if entries else None for entries in evidence]
    claims = dict(zip(skills["skill"], map(_claim, skills.to_dict("records"), quoted), strict=True))
    drafted = _group_by_family(skills, frequencies, claims, demand, rules, NamesInWords(registry))
    return ProfileDraft(
        items=tuple(drafted),
        qualifications=Qualifications(
            typical_degrees=tuple(degrees["skill"]), minimum_degrees=(), fields=(), essential=()
        )
        if len(degrees)
        else None,
        degrees=tuple(map(_claim, degrees.to_dict("records"), quoted[len(skills) :])),
        postings=demand.posting_count,
        companies=demand.company_count,
        rules=rules,
    )


def _group_by_family(
    skills: pd.DataFrame,
    frequencies: pd.DataFrame,
    claims: Mapping[str, DraftedClaim],
    demand: Demand,
    rules: DraftRules,
    names: NamesInWords,
) -> Iterable[DraftedItem]:
    families = list(dict.fromkeys(skills["family"]))
    groups: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    for family in families:
        ours = skills[skills["family"] == family]
        others = frequencies[
            (frequencies["family"] == family)
            & ~frequencies["skill"].isin(list(ours["skill"]))
            & (frequencies["share"] >= SIMILAR_FACTOR * rules.share)
            & (frequencies["share_low"] >= SIMILAR_FACTOR * rules.share_low)
        ]
        groups.append((tuple(ours["skill"]), tuple(sorted(others["skill"]))))
    measured = measure_groups(demand, [(*named, *similar) for named, similar in groups], floor=rules.floor)
    measured["name"] = [
        _name_item(family, [claims[skill].name for skill in named])
        for family, (named, _) in zip(families, groups, strict=True)
    ]
    order = measured.sort_values(["postings", "name"], ascending=[False, True]).index
    for number, place in enumerate(order, start=1):
        named, similar = groups[place]
        basis = _claim(measured.loc[place].to_dict(), None)
        item = ProfileItem(number=number, name=basis.name, skills=named, similar=similar)
        if names.find_unmet(item):
            # The words for the family are a skill's name, too, and that skill is not among those asked for.
            basis = dataclasses.replace(basis, name=_list_names([claims[skill].name for skill in named]))
            item = dataclasses.replace(item, name=basis.name)
        yield DraftedItem(item=item, basis=basis, skills=tuple(claims[skill] for skill in named))


def _claim(row: Mapping[Any, Any], evidence: Evidence | None) -> DraftedClaim:
    return DraftedClaim(
        name=str(row["name"]),
        postings=int(row["postings"]),
        companies=int(row["companies"]),
        share=float(row["share"]),
        share_low=float(row["share_low"]),
        share_high=float(row["share_high"]),
        evidence=evidence,
    )


_FAMILY_WORDS = {
    "analytics-bi": "Analytics and business intelligence",
    "ci-cd": "CI/CD",
    "cloud-aws": "Amazon Web Services",
    "cloud-azure": "Microsoft Azure",
    "cloud-gcp": "Google Cloud Platform",
    "cloud-other": "Cloud services",
    "concepts-data": "Data work",
    "concepts-finance-legal-people": "Finance, law and people",
    "concepts-hardware-science": "Engineering and science",
    "concepts-health-other": "Health and other fields",
    "concepts-mathematics-statistics": "Mathematics and statistics",
    "concepts-operations": "Operations",
    "concepts-product-design": "Product and design",
    "concepts-sales-marketing": "Sales and marketing",
    "concepts-software": "Software engineering",
    "crm-marketing": "CRM and marketing tools",
    "data-warehouses-lakes": "Data warehouses and lakes",
    "desktop": "Desktop development",
    "erp-finance-hr": "ERP, finance and HR tools",
    "geospatial": "Geospatial tools",
    "health-science-tools": "Health and science tools",
    "llm-tooling": "LLM tooling",
    "messaging": "Messaging systems",
    "mlops": "MLOps tools",
    "mobile": "Mobile development",
    "observability": "Observability tools",
    "office-collaboration": "Office and collaboration tools",
    "web-backend": "Backend development",
    "web-frontend": "Frontend development",
}
"""How a family is called where its id does not read well."""


def _name_item(family: str, names: Sequence[str]) -> str:
    """A name for an editor to better: the family in words, with the skills that are asked for most.

    A skill that the words name already is not named again.

    Example:
        >>> _name_item("concepts-machine-learning", ["Machine learning", "Deep learning", "RAG"])
        'Machine learning such as Deep learning and RAG'
        >>> _name_item("databases", ["PostgreSQL"])
        'PostgreSQL'
    """
    if len(names) == 1:
        return names[0]
    plain = family.removeprefix("concepts-").replace("-", " ")
    words = _FAMILY_WORDS.get(family, f"{plain[:1].upper()}{plain[1:]}")
    said = f" {words.casefold()} "
    shown = [name for name in names if f" {name.casefold()} " not in said]
    return f"{words} such as {_list_names(shown)}" if shown else words


def _list_names(names: Sequence[str]) -> str:
    """The first of the names, as a sentence lists them.

    Example:
        >>> _list_names(["Deep learning", "RAG"])
        'Deep learning and RAG'
    """
    *others, last = names[:NAMED_IN_ITEM]
    return f"{', '.join(others)} and {last}" if others else last
