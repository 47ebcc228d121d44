"""Count once: which postings repeat another one, and in what."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import islice
from typing import Literal, NamedTuple

from skillextract.collect.near_text import NearTexts, Sketch, compare_sketches, sketch_texts
from skillextract.collect.role_list import share_roles, split_roles
from skillextract.collect.role_name import RoleName, name_role
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
        no_roles_in_text: a title names no role, and neither does one of the texts.
        for_other_roles: a title names no role, and the texts name different ones: the shares that are missing, of roles
            and, times this, of runs.
        shared_roles: the share of the roles of the longer list from which on two texts name the same ones.
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
    no_roles_in_text: float = 0.8
    for_other_roles: float = 0.3
    shared_roles: float = 0.75
    same_header: float = 0.8
    least_words: int = 100


_RULES = NearRules()
_NO_DATE = datetime.max.replace(tzinfo=UTC)
_SKETCHED_AT_ONCE = 1_000


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

    It reads the rows once and keeps no text but for a thousand at a time; about 8 kB a distinct posting stay.

    Args:
        rows: see `NEAR_COLUMNS`; `posted_at` with a time zone, or None.
        rules: how alike texts have to be.
    """
    distinct = sorted(_gather(rows), key=lambda each: each.rank)
    near = NearTexts([each.sketch for each in distinct])
    repeats: dict[str, Repeat] = {}
    for number, posting in enumerate(distinct):
        found = _find_first(number, distinct, near, rules)
        if found is None:
            found = Repeat(posting.id, "same text")
        else:
            near.leave_out(number)
            repeats[posting.id] = found
        repeats.update(dict.fromkeys(posting.copies, found))
    return repeats


class _Facts(NamedTuple):
    """What is compared beside the text."""

    company: frozenset[str]
    places: frozenset[str]
    role: RoleName
    words: int


@dataclasses.dataclass(slots=True)
class _Distinct:
    """The postings of one text and company: the first of them by rank, and the ids of its copies."""

    rank: tuple[datetime, str]
    facts: _Facts
    sketch: Sketch = dataclasses.field(init=False)
    copies: list[str] = dataclasses.field(default_factory=list)

    @property
    def id(self) -> str:
        return self.rank[1]


def _gather(rows: Iterable[NearRow]) -> list[_Distinct]:
    """The distinct postings of the rows, sketched; of those with the same text only who comes first is."""
    known: dict[str, _Distinct] = {}
    iterator = iter(rows)
    while batch := list(islice(iterator, _SKETCHED_AT_ONCE)):
        unsketched: dict[str, str] = {}
        for posting_id, company, content_hash, posted_at, title, location, text in batch:
            key = f"{content_hash} {key_company(company)}"
            rank = (posted_at or _NO_DATE, posting_id)
            entry = known.get(key)
            if entry is not None and entry.rank < rank:
                entry.copies.append(posting_id)
                continue
            facts = _read_facts(company, title, location, text)
            if entry is None:
                known[key] = _Distinct(rank, facts)
            else:
                entry.copies.append(entry.id)
                entry.rank, entry.facts = rank, facts
            unsketched[key] = text
        for key, sketch in zip(unsketched, sketch_texts(list(unsketched.values())), strict=True):
            known[key].sketch = sketch
    return list(known.values())


def _read_facts(company: str | None, title: str, location: str | None, text: str) -> _Facts:
    role = name_role(title, text=text, location=location)
    return _Facts(
        company=_company_words(company),
        places=_share(frozenset(_WORD.findall((location or "").casefold()))),
        role=role._replace(in_text=_share(role.in_text), header=_share(role.header)),
        words=len(text.split()),
    )


@lru_cache(maxsize=65536)
def _share(words: frozenset[str]) -> frozenset[str]:
    """The same set for the same words: thousands of postings name the same places and professions."""
    return words


def _find_first(number: int, distinct: Sequence[_Distinct], near: NearTexts, rules: NearRules) -> Repeat | None:
    """The first of the postings that stay which this one repeats."""
    for candidate in near.find(number):
        earlier = distinct[candidate]
        reason = _compare(distinct[number], earlier, rules)
        if reason is not None:
            return Repeat(earlier.id, reason)
    return None


def _compare(one: _Distinct, other: _Distinct, rules: NearRules) -> DuplicateReason | None:
    """Why two postings are the same, None where they are not."""
    a, b = one.facts, other.facts
    known = bool(a.company and b.company)
    same_company = _is_same_company(a, b, rules)
    elsewhere = bool(a.places and b.places and a.places.isdisjoint(b.places))
    if known and not same_company and (elsewhere or min(a.words, b.words) < rules.least_words):
        return None
    if a.role.words and b.role.words:
        least = _compare_titles(a, b, rules, known=known, same_company=same_company, elsewhere=elsewhere)
    else:
        least = _compare_roles_in_text(a, b, rules, known=known, same_company=same_company)
    alike = compare_sketches(one.sketch, other.sketch)
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
    if same_company and _list_several(a.role, b.role, beside):
        return _Least(_need_by_roles(a.role, b.role, rules), contained if mine == theirs else _NEVER)
    if mine != theirs and not _is_misspelt(mine ^ theirs):
        says_more = known and not same_company and (mine <= theirs or theirs <= mine)
        return _Least(rules.other_title if says_more else _NEVER, _NEVER)
    if (a.role.places - b.role.places - b.places) or (b.role.places - a.role.places - a.places):
        return _Least(max(least, rules.other_place), rules.wholly_contained if known else _NEVER)
    return _Least(rules.other_city if same_company and elsewhere else least, contained)


def _list_several(one: RoleName, other: RoleName, beside: frozenset[str]) -> bool:
    """Whether two comments have lists of roles for titles, and say the same beside them: "senior", a product."""
    if not (one.header and other.header and one.in_title and other.in_title):
        return False
    rest, others = (each.words - beside - split_roles(each.in_title) for each in (one, other))
    return rest == others


def _need_by_roles(one: RoleName, other: RoleName, rules: NearRules) -> float:
    """How alike two texts have to be by the roles that they name, those in their titles counted twice."""
    in_titles = share_roles(one.in_title, other.in_title)
    shared = share_roles(one.in_text or one.in_title, other.in_text or other.in_title)
    if shared is None:
        return rules.no_roles_in_text
    if in_titles is not None and max(len(one.in_title), len(other.in_title)) > 1:
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
    }
)


@lru_cache(maxsize=65536)
def _company_words(company: str | None) -> frozenset[str]:
    """The words of a company's name without its legal form; empty where none is named."""
    if company is None:
        return frozenset()
    words = _WORD.findall(_BESIDE_NAME.sub(" ", company).casefold())
    return frozenset(word for word in words if word not in _LEGAL_FORMS) or frozenset(words)
