"""The sentences behind a number: which mentions are shown, and the line of the posting that each stands in."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from skillextract.errors import LakeError
from skillextract.market.demand import ASKING_ORDER, Demand

SENTENCE_LENGTH = 300
"""A sentence is cut to about so many characters around its mention."""

SHOWN_EMPLOYERS = 8
"""So many of the employers behind a number are shown, those with the most of its postings."""

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
        skill: the skill's id; None where what is marked is no skill.
        requirement: `required`, `preferred` or `duty`; None where nothing is asked for.
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
    skill: str | None
    requirement: str | None
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
    chooser = EvidenceChooser(demand, limit=limit)
    return quote_choices(demand, [chooser.choose(skills) for skills in groups], read_texts=read_texts)


def quote_choices(
    demand: Demand, chosen: Sequence[Sequence[Choice]], *, read_texts: TextReader
) -> list[list[Evidence]]:
    """The sentences of some choices; the texts are asked for once.

    Raises:
        LakeError: a text is missing, or shorter than a mention's place in it.
    """
    facts = read_facts(demand, sorted({choice.posting for choices in chosen for choice in choices}))
    # A choice without a place in the text says by itself what is shown.
    wanted = {choice.posting for choices in chosen for choice in choices if choice.sentence is None}
    texts = read_texts({facts[posting]["id"] for posting in wanted}) if wanted else {}
    return [
        [_quote(facts[part.posting], part, texts) for choice in choices for part in _part(choice, facts, texts)]
        for choices in chosen
    ]


def read_facts(demand: Demand, numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
    """`id`, `url`, `company` and `title` of some postings by their number; None where one is not stated."""
    names = ("id", "url", "company", "title")
    # Column by column: of a hundred thousand rows a frame of objects and its records would be two copies more.
    columns = [pa.array(demand.postings[name].iloc[list(numbers)]).to_pylist() for name in names]
    return {number: dict(zip(names, facts, strict=True)) for number, *facts in zip(numbers, *columns, strict=True)}


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    """A place in a posting that is shown.

    Attributes:
        posting: its number.
        start: first character in its text.
        end: one past its last.
        skill: id of the skill that stands there; None where it is something else.
        requirement: how it is asked for; None where that is not what the number counts.
        sentence: what is shown in place of the text's line, for what stands only in the board's own fields.
        also: a second place, behind the first, that is shown with it: in one sentence where both stand on a line and
            near each other, else in a sentence of its own.
        of_employer: how many of the postings behind the number its employer has, where employers are shown.
    """

    posting: int
    start: int = 0
    end: int = 0
    skill: str | None = None
    requirement: str | None = None
    sentence: str | None = None
    also: tuple[int, int] | None = None
    of_employer: int | None = None


class EvidenceChooser:
    """Chooses which of the postings behind a number are shown, by the rule of `collect_evidence`.

    Args:
        demand: the role's postings and mentions.
        limit: how many are chosen, at most.
    """

    def __init__(self, demand: Demand, *, limit: int) -> None:
        self._demand = demand
        self._limit = limit
        self._employers = demand.employers
        # Two bits less: room for the requirement in front of them.
        self._shuffled = demand.numbers.list_hashes() >> np.uint64(2)
        self._numbers = {skill: number for number, skill in enumerate(demand.skills)}

    def vary(self, postings: npt.NDArray[np.integer[Any]], *, limit: int | None = None) -> npt.NDArray[np.int64]:
        """Which of some postings are shown, as indices: the rule where all mentions are equally strong."""
        order = np.argsort(self._shuffled[postings], kind="stable")
        return order[self._take_turns(postings[order], self._limit if limit is None else limit)]

    def find_postings(self, skills: Collection[str]) -> npt.NDArray[np.integer[Any]]:
        """The numbers of the postings that ask for any of some skills, each once."""
        asks = self._demand.asks
        numbers = [self._numbers[skill] for skill in skills if skill in self._numbers]
        if len(numbers) == 1:
            return asks.posting[asks.of(numbers[0])]
        asked = np.zeros(self._demand.posting_count, dtype=bool)
        for number in numbers:
            asked[asks.posting[asks.of(number)]] = True
        return np.flatnonzero(asked)

    def list_employers(self, postings: npt.NDArray[np.integer[Any]], *, limit: int = SHOWN_EMPLOYERS) -> list[Choice]:
        """The employers that have most of some postings, each with how many and one of them.

        Equals come in the order of their first posting, in that of the hashes of ids.

        Args:
            postings: their numbers, each once.
            limit: how many employers, at most.
        """
        if not len(postings):
            return []
        sizes = np.bincount(self._employers[postings])
        # Only the postings of who may be shown are put in order: of a million most are not.
        least = np.partition(sizes, -limit)[-limit] if len(sizes) > limit else 0
        ordered = postings[sizes[self._employers[postings]] >= max(least, 1)]
        ordered = ordered[np.argsort(self._shuffled[ordered], kind="stable")]
        employers, first = np.unique(self._employers[ordered], return_index=True)
        shown = np.lexsort((first, -sizes[employers]))[:limit]
        return [
            Choice(posting=int(ordered[first[place]]), sentence="", of_employer=int(sizes[employers[place]]))
            for place in shown
        ]

    def choose(
        self,
        skills: Collection[str],
        *,
        among: npt.NDArray[np.bool_] | None = None,
        requirement: int | None = None,
        limit: int | None = None,
    ) -> list[Choice]:
        """The mentions that are shown for some skills, in their order.

        Args:
            skills: their ids; any of them counts.
            among: of each posting, whether it counts; None takes all.
            requirement: only postings that ask in this way count, a number in `ASKING_ORDER`. Those whose strongest
                mention is so come first: of the others the place of that mention is not known, and `start` is -1.
            limit: how many, where not as many as for others.
        """
        limit = self._limit if limit is None else limit
        asks = self._demand.asks
        numbers = sorted(self._numbers[skill] for skill in skills if skill in self._numbers)
        if limit == 0 or not numbers:
            return []
        slices = [asks.of(number) for number in numbers]
        skill = np.concatenate([np.full(s.stop - s.start, k) for k, s in zip(numbers, slices, strict=True)])
        entry = np.concatenate([np.arange(s.start, s.stop) for s in slices])
        keep = None if among is None else among[asks.posting[entry]]
        if requirement is not None:
            asked = (asks.flags[entry] >> requirement & 1).astype(bool)
            keep = asked if keep is None else keep & asked
        if keep is not None:
            skill, entry = skill[keep], entry[keep]
        strongest = _FIRST_BIT[asks.flags[entry]]
        rank = strongest if requirement is None else (strongest != requirement).astype(np.int8)
        # Of very many only the first are sorted: they are enough where they come from as many employers as are shown.
        if len(entry) > 2 * _ENOUGH_TO_SORT:
            key = rank.astype(np.uint64) << np.uint64(62) | self._shuffled[asks.posting[entry]]
            first = np.argpartition(key, _ENOUGH_TO_SORT)[:_ENOUGH_TO_SORT]
            if len(np.unique(self._employers[asks.posting[entry[first]]])) >= limit:
                skill, entry, strongest, rank = skill[first], entry[first], strongest[first], rank[first]
        posting = asks.posting[entry]
        order = np.lexsort((skill, asks.start[entry], posting, self._shuffled[posting], rank))
        # Each posting once, with its strongest mention, in the same order.
        order = order[np.sort(np.unique(posting[order], return_index=True)[1])]
        chosen = order[self._take_turns(posting[order], limit)]
        ends = asks.find_ends(entry[chosen])
        return [
            Choice(
                posting=int(posting[i]),
                start=int(asks.start[entry[i]]) if requirement in (None, strongest[i]) else -1,
                end=int(end),
                skill=self._demand.skills[int(skill[i])],
                requirement=ASKING_ORDER[int(strongest[i]) if requirement is None else requirement],
            )
            for i, end in zip(chosen, ends, strict=True)
        ]

    def _take_turns(self, postings: npt.NDArray[np.integer[Any]], limit: int) -> npt.NDArray[np.int64]:
        """The first of some ordered postings, as indices: each employer once before any comes twice."""
        employer = self._employers[postings]
        grouped = np.argsort(employer, kind="stable")
        firsts = np.searchsorted(employer[grouped], employer[grouped])
        turn = np.empty(len(postings), dtype=np.int64)
        turn[grouped] = np.arange(len(postings)) - firsts
        return np.argsort(turn, kind="stable")[:limit]


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


def _part(choice: Choice, facts: Mapping[int, Mapping[str, Any]], texts: Mapping[str, str]) -> Iterator[Choice]:
    """A choice of two places as one stretch, or as two choices where they stand apart."""
    if choice.also is None:
        yield choice
        return
    first, last = choice.also
    text = texts.get(facts[choice.posting]["id"], "")
    if last - choice.start <= SENTENCE_LENGTH and "\n" not in text[choice.start : last]:
        yield dataclasses.replace(choice, end=last, also=None)
    else:
        yield dataclasses.replace(choice, also=None)
        yield dataclasses.replace(choice, start=first, end=last, also=None)


def _quote(posting: Mapping[str, Any], choice: Choice, texts: Mapping[str, str]) -> Evidence:
    start, end = choice.start, choice.end
    if choice.sentence is not None:
        sentence, mark_start, mark_end = choice.sentence, 0, 0
    else:
        text = texts.get(posting["id"])
        if text is None or not 0 <= start <= end <= len(text):
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
        skill=choice.skill,
        requirement=choice.requirement,
        sentence=sentence,
        start=start,
        end=end,
        mark_start=mark_start,
        mark_end=mark_end,
    )
