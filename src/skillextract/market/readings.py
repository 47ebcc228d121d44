"""What only the texts of postings tell: years of experience, fields of study, and unknown terms.

Texts are read once, in batches; what is counted later are small tables.
"""

from __future__ import annotations

import bisect
import dataclasses
import operator
import re
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from skillextract.market.demand import ASKING_ORDER, Registry
from skillextract.skills.discovery import TermFinder
from skillextract.skills.experience import ExperienceRules
from skillextract.skills.mention import Mention
from skillextract.text.sections import ABOUT_OTHERS, SectionRules

YEARS_SCHEMA = pa.schema(
    [
        pa.field("posting_id", pa.string(), nullable=False),
        pa.field("skill", pa.string()),  # null: of experience as a whole
        pa.field("years", pa.float64(), nullable=False),
        pa.field("start", pa.int32(), nullable=False),
        pa.field("end", pa.int32(), nullable=False),
    ]
)
FIELDS_SCHEMA = pa.schema(
    [
        pa.field("posting_id", pa.string(), nullable=False),
        pa.field("field", pa.string(), nullable=False),  # the id of a skill, or a field of the profile in its words
        pa.field("requirement", pa.string(), nullable=False),
        pa.field("start", pa.int32(), nullable=False),
        pa.field("end", pa.int32(), nullable=False),
    ]
)
TERMS_SCHEMA = pa.schema(
    [
        pa.field("posting_id", pa.string(), nullable=False),
        pa.field("term", pa.string(), nullable=False),
        pa.field("slot", pa.string(), nullable=False),
        pa.field("beside", pa.list_(pa.string()), nullable=False),
        pa.field("start", pa.int32(), nullable=False),
        pa.field("end", pa.int32(), nullable=False),
    ]
)


@dataclasses.dataclass(frozen=True, slots=True)
class Readings:
    """What was read in texts; each posting at most once a table and subject.

    Attributes:
        years: `posting_id`, `skill`, `years`, `start`, `end`: the most years that a posting asks for at least, with a
            skill, or (skill missing) with whatever, and where its text says so.
        fields: `posting_id`, `field`, `requirement`, `start`, `end`: fields of study named behind a degree, with the
            degree's requirement, the strongest first, and where.
        terms: `posting_id`, `term`, `slot`, `beside`, `start`, `end`: see `skills.discovery.FoundTerm`.
    """

    years: pa.Table
    fields: pa.Table
    terms: pa.Table


def join_readings(parts: Iterable[Readings]) -> Readings:
    """The readings of several batches as one."""
    parts = list(parts)
    return Readings(
        pa.concat_tables([YEARS_SCHEMA.empty_table(), *(part.years for part in parts)]),
        pa.concat_tables([FIELDS_SCHEMA.empty_table(), *(part.fields for part in parts)]),
        pa.concat_tables([TERMS_SCHEMA.empty_table(), *(part.terms for part in parts)]),
    )


class PostingReader:
    """Reads the texts of a role's postings.

    Args:
        registry: where the kinds of skills stand.
        sections: which lines speak of the employer and not of the hire.
        experience: see `ExperienceRules`.
        terms: see `TermFinder`.
        fields: fields of study that the profile names and no skill is registered for, in its words.
    """

    def __init__(
        self,
        *,
        registry: Registry,
        sections: SectionRules,
        experience: ExperienceRules,
        terms: TermFinder,
        fields: Sequence[str] = (),
    ) -> None:
        self._registry = registry
        self._sections = sections
        self._experience = experience
        self._terms = terms
        self._fields = [(field, re.compile(rf"\b{re.escape(field)}\b", re.IGNORECASE)) for field in fields]

    def read(self, postings: pa.Table, mentions: pa.Table) -> Readings:
        """Read a batch.

        Args:
            postings: `id`, `text`, `company`; those that count only.
            mentions: `MENTION_SCHEMA`, of these postings at least; ordered by posting and start.
        """
        wanted = mentions.filter(pc.is_in(mentions["posting_id"], postings["id"]))
        by_posting: dict[str, list[Mention]] = {}
        names = ("posting_id", "skill", "start", "end", "surface", "section", "requirement")
        for values in zip(*(wanted[name].to_pylist() for name in names), strict=True):
            by_posting.setdefault(values[0], []).append(Mention(*values))
        rows: tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]] = ([], [], [])
        for id_, text, company in zip(*(postings[name].to_pylist() for name in ("id", "text", "company")), strict=True):
            found = by_posting.get(id_, [])
            for target, read in zip(
                rows,
                (self.read_years(text, found), self.read_fields(text, found), self.read_terms(text, found, company)),
                strict=True,
            ):
                target.extend({"posting_id": id_, **row} for row in read)
        years, fields, terms = (
            pa.Table.from_pylist(values, schema=schema)
            for values, schema in zip(rows, (YEARS_SCHEMA, FIELDS_SCHEMA, TERMS_SCHEMA), strict=True)
        )
        return Readings(years, fields, terms)

    def read_years(self, text: str, mentions: Sequence[Mention]) -> list[dict[str, Any]]:
        """The years that a posting asks for: `skill` (None for experience as a whole), `years`, `start`, `end`."""
        if not self._experience.may_state(text):
            return []
        asked: dict[str | None, tuple[float, int, int]] = {}
        counted = sorted(
            (
                mention
                for mention in mentions
                if mention.requirement in ASKING_ORDER and self._registry[mention.skill_id].kind != "degree"
            ),
            key=operator.attrgetter("start"),
        )
        starts = [mention.start for mention in counted]
        for line in self._sections.divide(text):
            body = text[line.start : line.end]
            if line.section in ABOUT_OTHERS or not self._experience.may_state(body):
                continue
            inside = counted[bisect.bisect_left(starts, line.start) : bisect.bisect_left(starts, line.end)]
            places = [(mention.start - line.start, mention.end - line.start) for mention in inside]
            for statement in self._experience.read_line(body, places):
                stated = statement.years, line.start + statement.start, line.start + statement.end
                for skill in (None, *(inside[index].skill_id for index in statement.mentions)):
                    if skill not in asked or asked[skill][0] < statement.years:
                        asked[skill] = stated
        return [
            {"skill": skill, "years": years, "start": start, "end": end} for skill, (years, start, end) in asked.items()
        ]

    def read_fields(self, text: str, mentions: Sequence[Mention]) -> list[dict[str, Any]]:
        """The fields of study behind the degrees that a posting asks for: `field`, `requirement`, `start`, `end`."""
        found: dict[str, dict[str, Any]] = {}
        for degree in mentions:
            if degree.requirement not in ASKING_ORDER or self._registry[degree.skill_id].kind != "degree":
                continue
            first = text.rfind("\n", 0, degree.start) + 1
            last = text.find("\n", degree.end)
            line = text[first : len(text) if last < 0 else last]
            start, end = (first + place for place in self._experience.find_fields(line, degree.end - first))
            named = [
                (mention.skill_id, mention.start, mention.end)
                for mention in mentions
                if start <= mention.start and mention.end <= end and self._registry[mention.skill_id].kind == "concept"
            ]
            for field, expression in self._fields:
                if (match := expression.search(text, start, end)) is not None:
                    named.append((field, match.start(), match.end()))
            for field, here, there in named:
                known = found.get(field)
                if known is None or ASKING_ORDER.index(degree.requirement) < ASKING_ORDER.index(known["requirement"]):
                    place = {"requirement": degree.requirement, "start": here, "end": there}
                    found[field] = {"field": field, **place}
        return list(found.values())

    def read_terms(self, text: str, mentions: Sequence[Mention], company: str | None) -> list[dict[str, Any]]:
        """The unknown terms of a posting, each at its first place."""
        rows: dict[str, dict[str, Any]] = {}
        for term in self._terms.find_terms(text, mentions, company=company):
            rows.setdefault(term.term, {**dataclasses.asdict(term), "beside": list(term.beside)})
        return list(rows.values())
