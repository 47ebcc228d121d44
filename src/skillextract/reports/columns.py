"""What a table is made of: columns, and those that several tables share."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pyarrow as pa


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its Arrow type, what it holds, and whether a value may be missing."""

    name: str
    type: pa.DataType
    doc: str
    nullable: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """A table: its name (the file's is `<name>.parquet`), what one row is, and its columns in order."""

    name: str
    doc: str
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema, without metadata."""
        return pa.schema([pa.field(c.name, c.type, nullable=c.nullable) for c in self.columns])


def describe_fields(schema: pa.Schema, docs: Mapping[str, str]) -> tuple[Column, ...]:
    """The columns of a schema that is defined elsewhere, with what they hold."""
    return tuple(Column(field.name, field.type, docs[field.name], field.nullable) for field in schema)


TEXT, COUNT, SHARE, FLAG = pa.string(), pa.int32(), pa.float64(), pa.bool_()


def bound(name: str, how: str, *, nullable: bool = True) -> tuple[Column, Column]:
    """The columns `<name>_low` and `<name>_high` of a 95 % interval; the first says how it is made."""
    return (
        Column(f"{name}_low", SHARE, f"lower end of its 95 % interval ({how})", nullable),
        Column(f"{name}_high", SHARE, "upper end", nullable),
    )


DENOMINATORS = (
    Column("role_postings", COUNT, "distinct postings of the role (in the segment): the denominator of `share`"),
    Column("role_postings_with_skills", COUNT, "those that ask for at least one skill: of `share_with_skills`"),
    Column("role_companies", COUNT, "their employers: of `share_companies`; a posting that states none is its own"),
)

ESTIMATES = (
    Column("share", SHARE, "`postings` / `role_postings`, 0 to 1; missing where there are too few", nullable=True),
    *bound("share", "Korn–Graubard, by employer"),
    Column(
        "effective_n", SHARE, "independent postings that would tell as much, at most `role_postings`", nullable=True
    ),
    Column("share_with_skills", SHARE, "`postings` / `role_postings_with_skills`", nullable=True),
    Column("share_companies", SHARE, "`companies` / `role_companies`", nullable=True),
)

ASKS = {
    "required": "with a mention that requires it",
    "preferred": "with a mention as nice to have",
    "duty": "with a mention as what the person does or works with",
}

SENTENCE_COLUMNS = (
    Column("posting_id", TEXT, "`id` of the posting"),
    Column("url", TEXT, "its public page, as stated: check it before it becomes a link", nullable=True),
    Column("company", TEXT, "employer as stated", nullable=True),
    Column("title", TEXT, "title of the posting"),
    Column("skill", TEXT, "id of the skill that is named"),
    Column("requirement", TEXT, "`required`, `preferred` or `duty`"),
    Column("sentence", TEXT, "the line of the posting, cut to about 300 characters around the mention"),
    Column("start", COUNT, "first character of the mention in the posting's `text`"),
    Column("end", COUNT, "one past its last character"),
    Column("mark_start", COUNT, "first character of the mention in `sentence`"),
    Column("mark_end", COUNT, "one past its last character"),
)

SENTENCES = pa.list_(
    pa.struct([pa.field(column.name, column.type, nullable=column.nullable) for column in SENTENCE_COLUMNS])
)

CO_NAMED = pa.list_(
    pa.struct(
        [
            pa.field("skill", TEXT, nullable=False),
            pa.field("name", TEXT, nullable=False),
            pa.field("postings", COUNT, nullable=False),
            pa.field("lift", SHARE, nullable=False),
        ]
    )
)

QUOTES = pa.list_(
    pa.struct(
        [
            pa.field("posting_id", TEXT, nullable=False),
            pa.field("url", TEXT),
            pa.field("company", TEXT),
            pa.field("sentence", TEXT, nullable=False),
            pa.field("mark_start", COUNT, nullable=False),
            pa.field("mark_end", COUNT, nullable=False),
        ]
    )
)

SKILL_COLUMNS = (
    Column("skill", TEXT, "id of the skill in `patterns/registry.jsonl`"),
    Column("name", TEXT, "its name"),
    Column("kind", TEXT, "`tool`, `concept`, `soft`, `degree` or `language`"),
    Column("family", TEXT, "group of skills that it belongs to"),
)

ASK_COLUMNS = tuple(
    column
    for name, doc in ASKS.items()
    for column in (
        Column(f"postings_{name}", COUNT, f"postings {doc}; a posting can be in several of the three"),
        Column(f"share_{name}", SHARE, f"`postings_{name}` / `role_postings`", nullable=True),
    )
)

ENOUGH = Column(
    "enough",
    FLAG,
    "whether the postings and employers of the denominators reach the floor; if not, no share is stated",
)
