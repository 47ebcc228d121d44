"""Whether two postings are for the same opening: by company, role, place, and how alike their texts are."""

from __future__ import annotations

import dataclasses
import re
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal, NamedTuple

from skillextract.collect.role_list import LEVELS, share_roles, split_roles
from skillextract.collect.role_name import CommentRoles, RoleName, name_role

DuplicateReason = Literal["same text", "near text", "other company name"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class NearRules:
    """From which share of equal three-word runs on two texts are nearly the same.

    Chosen on the labelled pairs of `tests/data/duplicates`; see `docs/decisions/0008-near-duplicates.md`.

    Attributes:
        same_role: both titles name the same role, and both postings the same company.
        contained: or so much of the shorter text stands in the longer one.
        other_city: the same role and company in places that have no word in common: once per city, with other benefits.
        wholly_contained: or so much, though the company's name is another or the titles name different places.
        other_place: the titles name different places.
        unknown_company: one posting or both do not name a company.
        other_company: the companies' names differ.
        other_title: they do, and one title says more than the other.
        same_roles_in_text: a title names no role, and the texts name the same ones.
        same_roles_in_title: the titles of two comments do, and so do their texts.
        no_roles_in_text: a title names no role, and neither does one of the texts.
        for_other_roles: a title names no role, and the texts name different ones: the shares that are missing, of roles
            and, times this, of runs.
        shared_roles: the share of the roles of the longer list from which on two texts name the same ones.
        other_words: the titles of two comments name the same roles, and differ in words that are not of these.
        same_header: the share of equal words from which on the first lines of two comments name the same company.
        copy_of_repeat: by so much a posting repeats what another repeat of it does, though it is not like that itself.
        least_words: shorter texts of different companies are never the same.
    """

    same_role: float = 0.7
    contained: float = 0.95
    other_city: float = 0.57
    wholly_contained: float = 0.97
    other_place: float = 0.88
    unknown_company: float = 0.8
    other_company: float = 0.7
    other_title: float = 0.9
    same_roles_in_text: float = 0.6
    same_roles_in_title: float = 0.55
    no_roles_in_text: float = 0.8
    for_other_roles: float = 0.3
    shared_roles: float = 0.75
    other_words: float = 0.85
    same_header: float = 0.8
    copy_of_repeat: float = 0.9
    least_words: int = 100


class Facts(NamedTuple):
    """What is compared beside the text."""

    company: frozenset[str]
    places: frozenset[str]
    role: RoleName
    words: int


def read_facts(
    company: str | None, title: str, location: str | None, *, words: int, comment: CommentRoles | None
) -> Facts:
    """What is compared of a posting.

    Args:
        company: as stated.
        title: as stated.
        location: as stated.
        words: how many its text has.
        comment: what its text says of its roles, see `read_comment`.
    """
    return Facts(
        company=_company_words(company),
        places=_place_words(location),
        role=name_role(title, location=location, comment=comment),
        words=words,
    )


@lru_cache(maxsize=8192)
def _place_words(location: str | None) -> frozenset[str]:
    return frozenset(_WORD.findall((location or "").casefold()))


def compare_postings(alike: float, a: Facts, b: Facts, rules: NearRules) -> DuplicateReason | None:
    """Why two postings are the same, None where they are not.

    Args:
        alike: the share of the runs of either text that both have, 0 to 1.
        a: one of them.
        b: the other one; which is which does not matter.
        rules: how alike they have to be.
    """
    known = bool(a.company and b.company)
    same_company = _is_same_company(a, b, rules)
    elsewhere = bool(a.places and b.places and a.places.isdisjoint(b.places))
    if known and not same_company and (elsewhere or min(a.words, b.words) < rules.least_words):
        return None
    if a.role.words and b.role.words:
        least = _compare_titles(a, b, rules, known=known, same_company=same_company, elsewhere=elsewhere)
    else:
        least = _compare_roles_in_text(a, b, rules, known=known, same_company=same_company)
    if alike >= least.alike or _contains(alike, a, b) >= least.contained:
        return "near text" if same_company or not known else "other company name"
    return None


def _is_same_company(a: Facts, b: Facts, rules: NearRules) -> bool:
    """Whether two postings name the same company; of comments, where not in a field, in their first lines."""
    if a.company and b.company:
        return a.company <= b.company or b.company <= a.company
    mine, theirs = a.role.header, b.role.header
    either = len(mine | theirs)
    return either >= _SAYS_WHO and len(mine & theirs) >= rules.same_header * either


_SAYS_WHO = 4
"""A first line of fewer words does not say which company it is."""


class _Least(NamedTuple):
    """How much of two texts has to be the same: of both, or of the shorter one; `_NEVER` where that is no evidence."""

    alike: float
    contained: float


_NEVER = 2.0


def _compare_titles(
    a: Facts, b: Facts, rules: NearRules, *, known: bool, same_company: bool, elsewhere: bool
) -> _Least:
    """What two postings need whose titles both name a role."""
    beside = a.company | b.company | a.places | b.places
    mine, theirs = a.role.words - beside, b.role.words - beside
    least = rules.same_role if same_company else rules.other_company if known else rules.unknown_company
    contained = rules.contained if same_company else rules.wholly_contained if known else _NEVER
    # Of one role each, another level is another role: "Data Scientist Intern" is no list of two.
    is_list = max(len(a.role.in_title), len(b.role.in_title)) > 1
    if same_company and a.role.header and b.role.header and (is_list or LEVELS.isdisjoint(mine ^ theirs)):
        beside_roles = (mine - split_roles(a.role.in_title)) ^ (theirs - split_roles(b.role.in_title))
        # Where equal titles leave a rest, their roles were not read as the list that they are.
        if beside_roles.isdisjoint(LEVELS) and (known and mine != theirs if beside_roles else True):
            least = max(_need_by_roles(a.role, b.role, rules), rules.other_words if beside_roles else 0)
            return _Least(least, contained if mine == theirs else _NEVER)
    if mine != theirs and not _is_misspelt(mine ^ theirs):
        says_more = known and not same_company and (mine <= theirs or theirs <= mine)
        return _Least(rules.other_title if says_more else _NEVER, _NEVER)
    if (a.role.places - b.role.places - b.places) or (b.role.places - a.role.places - a.places):
        return _Least(max(least, rules.other_place), rules.wholly_contained if known else _NEVER)
    return _Least(rules.other_city if same_company and elsewhere else least, contained)


def _need_by_roles(one: RoleName, other: RoleName, rules: NearRules) -> float:
    """How alike two texts have to be by the roles that they name, those in their titles counted twice."""
    in_titles = share_roles(one.in_title, other.in_title)
    shared = share_roles(one.in_text or one.in_title, other.in_text or other.in_title)
    if shared is None:
        return rules.no_roles_in_text
    if in_titles is not None and min(shared, in_titles) >= rules.shared_roles:
        return rules.same_roles_in_title
    if in_titles is not None:
        shared = (shared + in_titles) / 2
    return rules.same_roles_in_text if shared >= rules.shared_roles else 1 - rules.for_other_roles * shared


def _compare_roles_in_text(a: Facts, b: Facts, rules: NearRules, *, known: bool, same_company: bool) -> _Least:
    """What two postings need of which one title or both name no role."""
    least = _need_by_roles(a.role, b.role, rules)
    return _Least(max(least, rules.other_company) if known and not same_company else least, _NEVER)


def _is_misspelt(words: frozenset[str]) -> bool:
    """Whether two words are one with a slip of the pen: "engeneer" and "engineer"."""
    if len(words) != 2:
        return False
    one, other = sorted(words)
    return min(len(one), len(other)) >= 7 and SequenceMatcher(None, one, other).ratio() >= 0.85


def _contains(alike: float, a: Facts, b: Facts) -> float:
    """How much of the shorter text stands in the longer one, from the share that both have of either."""
    return alike * (a.words + b.words) / ((1 + alike) * max(1, min(a.words, b.words)))


_WORD = re.compile(r"[^\W_]+")
# A rating glued on by scraping, an aside, and what comes after a dash or a colon.
_BESIDE_NAME = re.compile(r"\n.*|\(.*?\)|\s[-–—|].*", re.DOTALL)
_LEGAL_FORMS = frozenset(
    {"inc", "incorporated", "llc", "ltd", "limited", "gmbh", "ag", "se", "sa", "sas", "sarl", "bv", "nv", "ab", "oy"}
    | {
        "plc",
        "corp",
        "corporation",
        "co",
        "company",
        "the",
        "pte",
        "pty",
        "lp",
        "llp",
        "group",
        "holdings",
        "com",
        "io",
        "org",
    }
)


# "Relativity (formerly Acme)": a company that has been renamed goes by both.
_FORMERLY = re.compile(r"\((?:formerly|previously|fka|ex-|was)\b(.*?)\)", re.IGNORECASE)


@lru_cache(maxsize=8192)
def _company_words(company: str | None) -> frozenset[str]:
    """The words of a company's name, and of its former one, without their legal forms; empty where none is named."""
    if company is None:
        return frozenset()
    words = _WORD.findall(_BESIDE_NAME.sub(" ", _FORMERLY.sub(r" \1 ", company)).casefold())
    return frozenset(word for word in words if word not in _LEGAL_FORMS) or frozenset(words)
