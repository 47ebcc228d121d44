"""The sentences behind a number: which mentions are shown, and the line of the posting that each stands in."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from skillextract.errors import LakeError
from skillextract.market.asks import hash_ids
from skillextract.market.demand import ASKING_ORDER, Demand

SENTENCE_LENGTH = 300
"""A sentence is cut to about so many characters around its mention."""

TextReader = Callable[[Collection[str]], Mapping[str, str]]
"""Gives the texts of the postings with these ids, by id."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A mention in the sentence that it was found in.

    Attributes:
        posting_id: the posting's `id`.
        url: its public page, as stated; it may be anything and is checked before it becomes a link.
        company: the employer as stated.
        title: the posting's title.
        skill: the skill's id.
        requirement: `required`, `preferred` or `duty`.
        sentence: the line of `Posting.text` that holds the mention, cut to about `SENTENCE_LENGTH` characters ("…").
        start: first character of the mention in `Posting.text`.
        end: one past its last.
        mark_start: first character of the mention in `sentence`.
        mark_end: one past its last.
    """

    posting_id: str
    url: str | None
    company: str | None
    title: str
    skill: str
    requirement: str
    sentence: str
    start: int
    end: int
    mark_start: int
    mark_end: int


_EVIDENCE_FIELDS = tuple(field.name for field in dataclasses.fields(Evidence))


def read_texts_from(postings: pa.Table) -> TextReader:
    """A reader of texts out of a table of postings with `id` and `text`."""

    def read(ids: Collection[str]) -> dict[str, str]:
        wanted = postings.select(["id", "text"]).filter(pc.is_in(postings["id"], pa.array(sorted(ids), pa.string())))
        return dict(zip(wanted["id"].to_pylist(), wanted["text"].to_pylist(), strict=True))

    return read


def collect_evidence(
    demand: Demand, groups: Sequence[Collection[str]], *, read_texts: TextReader, limit: int
) -> list[list[Evidence]]:
    """Up to `limit` mentions for each group of skills, as sentences.

    Of a posting its strongest mention (required, preferred, duty) is shown, the first in the text where several are
    equal. Each employer comes once before any comes twice. Within that the strongest come first, and then the order is
    that of a hash of the posting's id, so that no board and no letter of the alphabet is favoured and every run shows
    the same.

    Raises:
        LakeError: a text is missing, or shorter than a mention's place in it.
    """
    postings = demand.postings
    if limit == 0 or postings.empty:
        return [[] for _ in groups]
    # Two bits less: room for the requirement in front of them.
    shuffled = hash_ids(pa.array(postings["id"]).cast(pa.string())) >> np.uint64(2)
    employers = demand.employers
    numbers = {skill: number for number, skill in enumerate(demand.skills)}
    chosen = [
        _choose_asks(demand, sorted(numbers[skill] for skill in skills if skill in numbers), shuffled, employers, limit)
        for skills in groups
    ]
    wanted = sorted({choice.posting for choices in chosen for choice in choices})
    facts = read_facts(demand, wanted)
    texts = read_texts({record["id"] for record in facts.values()}) if wanted else {}
    return [
        [_quote(facts[choice.posting], demand.skills[choice.skill], choice, texts) for choice in choices]
        for choices in chosen
    ]


def read_facts(demand: Demand, numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
    """`id`, `url`, `company` and `title` of some postings by their number; None where one is not stated."""
    frame = demand.postings[["id", "url", "company", "title"]].iloc[list(numbers)].astype(object)
    records = frame.where(frame.notna(), None).to_dict("records")
    return {
        number: {str(key): value for key, value in record.items()}
        for number, record in zip(numbers, records, strict=True)
    }


def list_evidence(demand: Demand, skills: Sequence[str], *, read_texts: TextReader, limit: int) -> pd.DataFrame:
    """Up to `limit` sentences for each skill, one row a sentence: the columns of `reports.tables.EVIDENCE`."""
    found = collect_evidence(demand, [(skill,) for skill in skills], read_texts=read_texts, limit=limit)
    rows = [{"order": order, **entry} for entries in found for order, entry in enumerate(to_records(entries), start=1)]
    return pd.DataFrame(rows, columns=["order", *_EVIDENCE_FIELDS])


@dataclasses.dataclass(frozen=True, slots=True)
class _Choice:
    """A pair of skill and posting that is shown, by their numbers; see `demand.Asks`."""

    skill: int
    posting: int
    requirement: int
    start: int
    end: int


def _choose_asks(
    demand: Demand,
    skills: Sequence[int],
    shuffled: npt.NDArray[np.uint64],
    employers: npt.NDArray[np.int64],
    limit: int,
) -> list[_Choice]:
    """The pairs that are shown for some skills, in their order."""
    asks = demand.asks
    slices = [asks.of(skill) for skill in skills]
    empty = np.zeros(0, dtype=np.int64)
    skill = np.concatenate([empty, *(np.full(s.stop - s.start, k) for k, s in zip(skills, slices, strict=True))])
    entry = np.concatenate([empty, *(np.arange(s.start, s.stop) for s in slices)])
    requirement = _FIRST_BIT[asks.flags[entry]]
    # Of very many only the first are sorted: they are enough where they come from as many employers as are shown.
    if len(entry) > 2 * _ENOUGH_TO_SORT:
        rank = requirement.astype(np.uint64) << np.uint64(62) | shuffled[asks.posting[entry]]
        first = np.argpartition(rank, _ENOUGH_TO_SORT)[:_ENOUGH_TO_SORT]
        if len(np.unique(employers[asks.posting[entry[first]]])) >= limit:
            skill, entry, requirement = skill[first], entry[first], requirement[first]
    posting = asks.posting[entry]
    order = np.lexsort((skill, asks.start[entry], posting, shuffled[posting], requirement))
    # Each posting once, with its strongest mention, in the same order.
    order = order[np.sort(np.unique(posting[order], return_index=True)[1])]
    employer = employers[posting[order]]
    grouped = np.argsort(employer, kind="stable")
    firsts = np.searchsorted(employer[grouped], employer[grouped])
    turn = np.empty(len(order), dtype=np.int64)
    turn[grouped] = np.arange(len(order)) - firsts
    chosen = order[np.argsort(turn, kind="stable")][:limit]
    return [
        _Choice(int(skill[i]), int(posting[i]), int(requirement[i]), int(asks.start[entry[i]]), int(asks.end[entry[i]]))
        for i in chosen
    ]


_ENOUGH_TO_SORT = 1_000

_FIRST_BIT = np.array([0, 0, 1, 0, 2, 0, 1, 0], dtype=np.int8)
"""The number of the strongest requirement in a set of flags."""


def cut_sentence(text: str, start: int, end: int, *, length: int = SENTENCE_LENGTH) -> tuple[str, int, int]:
    r"""The line of a text around `[start, end)`, and where that stretch stands in it.

    A line longer than `length` is cut at spaces on both sides of the stretch, and `…` says where. A mention that runs
    over a line's end is shown with both lines, joined by a space.

    Example:
        >>> cut_sentence("About you\nYou know Kafka well.", 19, 24)
        ('You know Kafka well.', 9, 14)
    """
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    before = after = ""
    if last - first > length:
        room = max(length - (end - start), 0) // 2
        # What one side does not need goes to the other.
        spare_left, spare_right = max(room - (start - first), 0), max(room - (last - end), 0)
        left, right = start - room - spare_right, end + room + spare_left
        if left > first:
            space = text.find(" ", left, start)
            first, before = (space + 1 if space >= 0 else left), "… "
        if right < last:
            space = text.rfind(" ", end, right)
            last, after = (space if space >= 0 else right), " …"
    sentence = before + text[first:last].replace("\n", " ") + after
    mark = len(before) + start - first
    return sentence, mark, mark + end - start


def to_records(evidence: Iterable[Evidence]) -> list[dict[str, object]]:
    """The evidence as plain values, for a column of structs."""
    return [{name: getattr(entry, name) for name in _EVIDENCE_FIELDS} for entry in evidence]


def _quote(posting: Mapping[str, Any], skill: str, choice: _Choice, texts: Mapping[str, str]) -> Evidence:
    start, end = choice.start, choice.end
    text = texts.get(posting["id"])
    if text is None or not 0 <= start < end <= len(text):
        found = "is missing" if text is None else f"has {len(text)} characters"
        raise LakeError(
            f"postings: the text of {posting['id']} {found}, but a mention stands at {start} to {end}: "
            "postings and mentions are of different runs; extract again"
        )
    sentence, mark_start, mark_end = cut_sentence(text, start, end)
    return Evidence(
        posting_id=posting["id"],
        url=posting["url"],
        company=posting["company"],
        title=posting["title"],
        skill=skill,
        requirement=ASKING_ORDER[choice.requirement],
        sentence=sentence,
        start=start,
        end=end,
        mark_start=mark_start,
        mark_end=mark_end,
    )
