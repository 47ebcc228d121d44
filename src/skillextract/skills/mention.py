"""Mention: one place in a posting's text where a skill is named."""

from __future__ import annotations

from typing import Literal, NamedTuple

import pyarrow as pa

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
