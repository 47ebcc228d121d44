"""Count once: which postings repeat another one, and in what."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import count, islice
from typing import NamedTuple

import numpy as np

from skillextract.collect.near_text import NearTexts, Sketches
from skillextract.collect.role_name import CommentRoles, read_comment
from skillextract.collect.same_opening import DuplicateReason, Facts, NearRules, compare_postings, read_facts
from skillextract.posting import key_company

DedupRow = tuple[str, str | None, str, datetime | None]
"""What it takes to find repeats of the same text: id, company, content_hash, posted_at."""

NEAR_COLUMNS = ("id", "company", "content_hash", "posted_at", "title", "location", "text")
"""What it takes to find repeats of nearly the same text, by the names of the lake's columns."""
NearRow = tuple[str, str | None, str, datetime | None, str, str | None, str]
"""A row of `NEAR_COLUMNS`."""


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


_RULES = NearRules()
_NO_DATE = datetime.max.replace(tzinfo=UTC)
_SKETCHED_AT_ONCE = 200
_REPEAT = 1
"""Rank of a repeat among `NearTexts`: a later posting may be its copy."""
_COPY_OF_REPEAT = 2
"""Rank of such a copy: copies of copies would drift away."""
_LEAST_ALIKE = 0.25
"""Texts that have less in common are not looked at: a text that stands in another is a quarter of it or more."""


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


def find_repeats(
    rows: Iterable[NearRow], *, rules: NearRules = _RULES, is_role: Callable[[str], bool] | None = None
) -> dict[str, Repeat]:
    """The id of each posting that repeats another one, with the posting that it repeats and the reason.

    Repeats are postings of the same text, see `find_duplicates`, and postings of nearly the same text for the same
    role: the same opening in another city, on another board, or posted again with a changed line. Two titles name the
    same role when they differ in no more than place, work model, numbers, case and order; "Senior Engineer" never
    repeats "Engineer", nor does "Engineer, Search" repeat "Engineer, Ads", however alike their texts are. Under another
    company's name the places must have a word in common, where both are stated.

    Postings are looked at from the earliest `posted_at` on, those without a date last, then by id, and those of the
    role that is counted before all others; each repeats the first one that stays and that it is like. Where there is
    none, but it is all but the same as a repeat, it repeats what that does. So a repeat is like the posting that it
    names, or a copy of one that is: no chain of small changes joins what is not alike, and the order of the rows does
    not matter. Nor is a posting of the role ever folded under one that is not, where it would not count: which of the
    role stay does not depend on the other postings.

    It reads the rows once and keeps no text but for two hundred at a time; about 2 kB a distinct posting stay.

    Args:
        rows: see `NEAR_COLUMNS`; `posted_at` with a time zone, or None.
        rules: how alike texts have to be.
        is_role: whether a title is of the role that is counted; None where all are.
    """
    distinct, sketches = _gather(rows, is_role)
    distinct.sort(key=_rank)
    near = NearTexts(sketches, np.fromiter((each.sketch for each in distinct), np.int64, len(distinct)))
    repeats: dict[str, Repeat] = {}
    first: dict[int, int] = {}
    for number, posting in enumerate(distinct):
        found = _find_first(number, distinct, near, sketches, rules)
        rank = _REPEAT
        if found is None:
            found = _find_copied(number, first, distinct, near, sketches, rules)
            rank = _COPY_OF_REPEAT
        stays = Repeat(posting.id, "same text")
        if found is not None:
            first[number], reason = found
            near.put_back(number, rank)
            stays = repeats[posting.id] = Repeat(distinct[first[number]].id, reason)
        repeats.update(dict.fromkeys(posting.copies, stays))
    return repeats


@dataclasses.dataclass(slots=True)
class _Distinct:
    """The postings of one text and company: the first of them by rank, and the ids of its copies.

    It is small, for there are as many as postings: what is compared is read from it when it is, see `_read_facts`.

    Attributes:
        id: of the posting that stays.
        posted_at: when it was posted.
        other_role: whether it is not of the role that is counted.
        company: as stated.
        title: as stated.
        location: as stated.
        sketch: the number of its text's sketch.
        words: how many its text has.
        comment: what its text says of roles, where it is a comment: see `read_comment`.
        copies: ids of later postings of the same text.
    """

    id: str
    posted_at: datetime
    other_role: bool
    company: str | None
    title: str
    location: str | None
    sketch: int
    words: int
    comment: CommentRoles | None
    copies: Sequence[str] = ()


def _rank(posting: _Distinct) -> tuple[bool, datetime, str]:
    return posting.other_role, posting.posted_at, posting.id


def _gather(rows: Iterable[NearRow], is_role: Callable[[str], bool] | None) -> tuple[list[_Distinct], Sketches]:
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
            other_role = is_role is not None and not is_role(title)
            key = blake2b(f"{content_hash} {key_company(company)}".encode(), digest_size=16).digest()
            entry = known.get(key)
            if entry is None:
                entry = known[key] = _Distinct(posting_id, posted_at, other_role, company, title, location, -1, 0, None)
            elif _rank(entry) < (other_role, posted_at, posting_id):
                entry.copies = [*entry.copies, posting_id]
                continue
            else:
                entry.copies = [*entry.copies, entry.id]
                entry.id, entry.posted_at, entry.company = posting_id, posted_at, company
                entry.title, entry.location, entry.other_role = title, location, other_role
            unsketched[key] = entry, text
        first = len(sketches)
        counts = sketches.add([text for _, text in unsketched.values()])
        for sketch, words, (entry, text) in zip(count(first), counts, unsketched.values(), strict=False):
            entry.sketch, entry.words = sketch, words
            entry.comment = read_comment(entry.title, text=text, location=entry.location)
    return list(known.values()), sketches


def _read_facts(posting: _Distinct) -> Facts:
    return read_facts(posting.company, posting.title, posting.location, words=posting.words, comment=posting.comment)


def _find_first(
    number: int, distinct: Sequence[_Distinct], near: NearTexts, sketches: Sketches, rules: NearRules
) -> tuple[int, DuplicateReason] | None:
    """The first of the postings that stay which this one repeats, and why."""
    posting = distinct[number]
    facts = None
    for candidate in near.find(number):
        earlier = distinct[candidate]
        alike = sketches.compare(posting.sketch, earlier.sketch)
        if alike >= _LEAST_ALIKE:
            facts = facts or _read_facts(posting)
            reason = compare_postings(alike, facts, _read_facts(earlier), rules)
            if reason is not None:
                return candidate, reason
    return None


def _find_copied(
    number: int,
    first: Mapping[int, int],
    distinct: Sequence[_Distinct],
    near: NearTexts,
    sketches: Sketches,
    rules: NearRules,
) -> tuple[int, DuplicateReason] | None:
    """What the first repeat repeats that this posting is a copy of, and why.

    In all but its text it has to agree with what stays as well.
    """
    posting = distinct[number]
    for candidate in near.find(number, rank=_REPEAT):
        alike = sketches.compare(posting.sketch, distinct[candidate].sketch)
        if alike >= rules.copy_of_repeat:
            facts, stays = _read_facts(posting), first[candidate]
            reason = compare_postings(alike, facts, _read_facts(distinct[stays]), rules)
            if reason is not None and compare_postings(alike, facts, _read_facts(distinct[candidate]), rules):
                return stays, reason
    return None
