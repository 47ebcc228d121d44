"""Mention: one place in a posting's text where a skill is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import pyarrow as pa

if TYPE_CHECKING:
    from skillextract.skills.vocabulary import Skill

Requirement = Literal["required", "preferred", "duty", "context", "negated"]
ASKING: frozenset[str] = frozenset({"required", "preferred", "duty"})
"""The requirements with which a posting asks for a skill; `context` and `negated` never count."""


class Mention(NamedTuple):
    """A skill named in a text.

    Attributes:
        posting_id: the posting's `id`.
        skill_id: the skill's id in `patterns/registry.jsonl`.
        start: first character in `Posting.text`, counted from 0.
        end: one past the last character (half-open), so that `text[start:end] == surface`.
        surface: the characters as they stand.
        section: what kind of part of the posting the line belongs to, an id of `patterns/sections.jsonl`.
        requirement: how the posting means it; see `Requirement`.
    """

    posting_id: str
    skill_id: str
    start: int
    end: int
    surface: str
    section: str
    requirement: Requirement


MENTION_SCHEMA = pa.schema(
    [
        pa.field("posting_id", pa.string(), nullable=False),
        pa.field("start", pa.int32(), nullable=False),
        pa.field("end", pa.int32(), nullable=False),
        pa.field("surface", pa.string(), nullable=False),
        pa.field("skill", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("family", pa.string(), nullable=False),
        pa.field("section", pa.string(), nullable=False),
        pa.field("requirement", pa.string(), nullable=False),
    ]
)
"""One row a mention, ordered by posting and start."""


def tabulate_mentions(mentions: Sequence[Mention], skills: Mapping[str, Skill]) -> pa.Table:
    """Return mentions as rows of `MENTION_SCHEMA`, in their order.

    Args:
        mentions: the mentions.
        skills: the registry that their ids are of.
    """
    named = [skills[mention.skill_id] for mention in mentions]
    columns: dict[str, list[Any]] = {
        "posting_id": [mention.posting_id for mention in mentions],
        "start": [mention.start for mention in mentions],
        "end": [mention.end for mention in mentions],
        "surface": [mention.surface for mention in mentions],
        "skill": [mention.skill_id for mention in mentions],
        "name": [skill.name for skill in named],
        "kind": [skill.kind for skill in named],
        "family": [skill.family for skill in named],
        "section": [mention.section for mention in mentions],
        "requirement": [mention.requirement for mention in mentions],
    }
    return pa.table(columns, schema=MENTION_SCHEMA)
