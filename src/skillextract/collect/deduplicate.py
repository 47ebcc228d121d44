"""Count once: which postings repeat another one, and in what."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from difflib import SequenceMatcher
from functools import lru_cache
from hashlib import blake2b
from itertools import count, islice
from typing import Literal, NamedTuple

import numpy as np

from skillextract.collect.near_text import NearTexts, Sketches
from skillextract.collect.role_list import LEVELS, share_roles, split_roles
from skillextract.collect.role_name import CommentRoles, RoleName, name_role, read_comment
from skillextract.posting import Posting, key_company

DedupRow = tuple[str, str | None, str, datetime | None]
"""What it takes to find repeats of the same text: id, company, content_hash, posted_at."""

NEAR_COLUMNS = ("id", "company", "content_hash", "posted_at", "title", "location", "text")
"""What it takes to find repeats of nearly the same text, by the names of the lake's columns."""
NearRow = tuple[str, str | None, str, datetime | None, str, str | None, str]
"""A row of `NEAR_COLUMNS`."""

DuplicateReason = Literal["same text", "near text", "other company name"]


class Repeat(NamedTuple):
    """That a posting repeats another one.

    Attributes:
        of: the id of the posting that stays.
        reason: `same text` (title, text and company are equal but for case and white space), `near text` (one role, a
            text that is nearly the same, the same company or none named), or `other company name` (that, under another
            company's name, as on the boards of agencies and after a company was renamed).
    """

    of: str
    reason: DuplicateReason


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
    least_words: int = 100


_RULES = NearRules()
_NO_DATE = datetime.max.replace(tzinfo=UTC)
_SKETCHED_AT_ONCE = 200
_LEAST_ALIKE = 0.25
"""Texts that have less in common are not looked at: a text that stands in another is a quarter of it or more."""


def mark_duplicates(postings: Iterable[Posting]) -> list[Posting]:
    """The postings in their order, each repeat with the id of the posting that it repeats and the reason.

    See `find_repeats` for what is the same. An earlier `duplicate_of` is replaced.
    """
    kept = list(postings)
    repeats = find_repeats(
        (each.id, each.company, each.content_hash, each.posted_at, each.title, each.location, each.text)
        for each in kept
    )
    nothing = (None, None)
    marks = [repeats.get(each.id, nothing) for each in kept]
    return [
        dataclasses.replace(each, duplicate_of=of, duplicate_reason=reason)
        for each, (of, reason) in zip(kept, marks, strict=True)
    ]


def find_duplicates(rows: Iterable[DedupRow]) -> dict[str, str]:
    """The id of each posting of the same text as another one, with the id of the posting that it repeats.

    Two texts are the same when their `content_hash` is equal (title and text, without regard to case and white space)
    and their company is equal without regard to case and white space, or neither names a company. Place, date, board
    and URL do not matter.

    The posting of the earliest `posted_at` stays, one without a date after all others, then the smallest id; the
    result does not depend on the order.

    It reads the rows once and keeps no text, so a million postings of the lake fit: pass
    `zip(*(table[name].to_pylist() for name in ("id", "company", "content_hash", "posted_at")))`, or yield the rows of
    one record batch after the other.

    Args:
        rows: (id, company, content_hash, posted_at); `posted_at` with a time zone, or None.
    """
    first: dict[str, tuple[datetime, str]] = {}
    repeated: dict[str, list[str]] = {}
    for posting_id, company, content_hash, posted_at in rows:
        key = f"{content_hash} {key_company(company)}"
        rank = (posted_at or _NO_DATE, posting_id)
        earlier = first.setdefault(key, rank)
        if earlier is not rank:
            repeated.setdefault(key, []).append(max(earlier, rank)[1])
            first[key] = min(earlier, rank)
    return {
        posting_id: first[key][1]
        for key, posting_ids in repeated.items()
        for posting_id in posting_ids
        if posting_id != first[key][1]
    }


def find_repeats(rows: Iterable[NearRow], *, rules: NearRules = _RULES) -> dict[str, Repeat]:
    """The id of each posting that repeats another one, with the posting that it repeats and the reason.

    Repeats are postings of the same text, see `find_duplicates`, and postings of nearly the same text for the same
    role: the same opening in another city, on another board, or posted again with a changed line. Two titles name the
    same role when they differ in no more than place, work model, numbers, case and order; "Senior Engineer" never
    repeats "Engineer", nor does "Engineer, Search" repeat "Engineer, Ads", however alike their texts are. Under another
    company's name the places must have a word in common, where both are stated.

    Postings are looked at from the earliest `posted_at` on, those without a date last, then by id; each repeats the
    earliest one that stays and that it is like. So a repeat is always like the posting that it names, no chain of small
    changes joins two that are not alike, and the order of the rows does not matter.

    It reads the rows once and keeps no text but for two hundred at a time; about XX kB a distinct posting stay.

    Args:
        rows: see `NEAR_COLUMNS`; `posted_at` with a time zone, or None.
        rules: how alike texts have to be.
    """
    distinct, sketches = _gather(rows)
    distinct.sort(key=_rank)
    near = NearTexts(sketches, np.fromiter((each.sketch for each in distinct), np.int64, len(distinct)))
    repeats: dict[str, Repeat] = {}
    for number, posting in enumerate(distinct):
        found = _find_first(number, distinct, near, sketches, rules)
        if found is None:
            found = Repeat(posting.id, "same text")
        else:
            near.leave_out(number)
            repeats[posting.id] = found
        repeats.update(dict.fromkeys(posting.copies, found))
    return repeats


@dataclasses.dataclass(slots=True)
class _Distinct:
    """The postings of one text and company: the first of them by rank, and the ids of its copies.

    It is small, for there are as many as postings: what is compared is read from it when it is, see `_read_facts`.

    Attributes:
        id: of the posting that stays.
        posted_at: when it was posted.
        company: as stated.
        title: as stated.
        location: as stated.
        sketch: the number of its text's sketch.
        words: how many its text has.
        comment: what its text says of roles, where it starts with its title as a comment does.
        copies: ids of later postings of the same text.
    """

    id: str
    posted_at: datetime
    company: str | None
    title: str
    location: str | None
    sketch: int
    words: int
    comment: CommentRoles | None
    copies: Sequence[str] = ()


def _rank(posting: _Distinct) -> tuple[datetime, str]:
    return posting.posted_at, posting.id


def _gather(rows: Iterable[NearRow]) -> tuple[list[_Distinct], Sketches]:
    """The distinct postings of the rows, sketched; of those with the same text only who comes first is."""
    known: dict[bytes, _Distinct] = {}
    sketches = Sketches()
    shared: dict[str, str] = {}
    iterator = iter(rows)
    while batch := list(islice(iterator, _SKETCHED_AT_ONCE)):
        unsketched: dict[bytes, tuple[_Distinct, str]] = {}
        for posting_id, company, content_hash, posted_at, title, location, text in batch:
            # Names and places are the same in many postings: one string each.
            company = None if company is None else shared.setdefault(company, company)
            location = None if location is None else shared.setdefault(location, location)
            posted_at = posted_at or _NO_DATE
            key = blake2b(f"{content_hash} {key_company(company)}".encode(), digest_size=16).digest()
            entry = known.get(key)
            if entry is None:
                entry = known[key] = _Distinct(posting_id, posted_at, company, title, location, -1, 0, None)
            elif (entry.posted_at, entry.id) < (posted_at, posting_id):
                entry.copies = [*entry.copies, posting_id]
                continue
            else:
                entry.copies = [*entry.copies, entry.id]
                entry.id, entry.posted_at, entry.company = posting_id, posted_at, company
                entry.title, entry.location = title, location
            unsketched[key] = entry, text
        first = len(sketches)
        counts = sketches.add([text for _, text in unsketched.values()])
        for sketch, words, (entry, text) in zip(count(first), counts, unsketched.values(), strict=False):
            entry.sketch, entry.words = sketch, words
            entry.comment = read_comment(entry.title, text=text, location=entry.location)
    return list(known.values()), sketches


class _Facts(NamedTuple):
    """What is compared beside the text."""

    company: frozenset[str]
    places: frozenset[str]
    role: RoleName
    words: int


def _read_facts(posting: _Distinct) -> _Facts:
    return _Facts(
        company=_company_words(posting.company),
        places=_place_words(posting.location),
        role=name_role(posting.title, location=posting.location, comment=posting.comment),
        words=posting.words,
    )


@lru_cache(maxsize=65536)
def _place_words(location: str | None) -> frozenset[str]:
    return frozenset(_WORD.findall((location or "").casefold()))


def _find_first(
    number: int, distinct: Sequence[_Distinct], near: NearTexts, sketches: Sketches, rules: NearRules
) -> Repeat | None:
    """The first of the postings that stay which this one repeats."""
    posting = distinct[number]
    facts = None
    for candidate in near.find(number):
        earlier = distinct[candidate]
        alike = sketches.compare(posting.sketch, earlier.sketch)
        if alike >= _LEAST_ALIKE:
            facts = facts or _read_facts(posting)
            reason = _compare(alike, facts, _read_facts(earlier), rules)
            if reason is not None:
                return Repeat(earlier.id, reason)
    return None


def _compare(alike: float, a: _Facts, b: _Facts, rules: NearRules) -> DuplicateReason | None:
    """Why two postings are the same, None where they are not."""
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


def _is_same_company(a: _Facts, b: _Facts, rules: NearRules) -> bool:
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
    a: _Facts, b: _Facts, rules: NearRules, *, known: bool, same_company: bool, elsewhere: bool
) -> _Least:
    """What two postings need whose titles both name a role."""
    beside = a.company | b.company | a.places | b.places
    mine, theirs = a.role.words - beside, b.role.words - beside
    least = rules.same_role if same_company else rules.other_company if known else rules.unknown_company
    contained = rules.contained if same_company else rules.wholly_contained if known else _NEVER
    if same_company and a.role.header and b.role.header:
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


def _compare_roles_in_text(a: _Facts, b: _Facts, rules: NearRules, *, known: bool, same_company: bool) -> _Least:
    """What two postings need of which one title or both name no role."""
    least = _need_by_roles(a.role, b.role, rules)
    return _Least(max(least, rules.other_company) if known and not same_company else least, _NEVER)


def _is_misspelt(words: frozenset[str]) -> bool:
    """Whether two words are one with a slip of the pen: "engeneer" and "engineer"."""
    if len(words) != 2:
        return False
    one, other = sorted(words)
    return min(len(one), len(other)) >= 7 and SequenceMatcher(None, one, other).ratio() >= 0.85


def _contains(alike: float, a: _Facts, b: _Facts) -> float:
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


@lru_cache(maxsize=65536)
def _company_words(company: str | None) -> frozenset[str]:
    """The words of a company's name, and of its former one, without their legal forms; empty where none is named."""
    if company is None:
        return frozenset()
    words = _WORD.findall(_BESIDE_NAME.sub(" ", _FORMERLY.sub(r" \1 ", company)).casefold())
    return frozenset(word for word in words if word not in _LEGAL_FORMS) or frozenset(words)
