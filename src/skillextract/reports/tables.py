"""The tables that a run writes: every column documented in one place, and parquet files that are the same each time."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from skillextract.market.run_summary import RunFacts
from skillextract.posting import POSTING_SCHEMA
from skillextract.skills.mention import MENTION_SCHEMA

SCHEMA_VERSION = "1"
"""Raised whenever a column is renamed, removed or means something else; a new column does not raise it."""


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


def _describe_fields(schema: pa.Schema, docs: Mapping[str, str]) -> tuple[Column, ...]:
    """The columns of a schema that is defined elsewhere, with what they hold."""
    return tuple(Column(field.name, field.type, docs[field.name], field.nullable) for field in schema)


_TEXT, _COUNT, _SHARE, _FLAG = pa.string(), pa.int32(), pa.float64(), pa.bool_()

_POSTING_DOCS = {
    "id": "`source:native_id`, unique",
    "source": "name of the source in the settings",
    "url": "public page of the posting, as stated",
    "title": "title as stated",
    "company": "employer as stated, or as configured where the board never names it",
    "location": "places as stated, several joined by `; `",
    "country": "ISO 3166-1 alpha-2",
    "remote": "`remote`, `hybrid` or `onsite`",
    "posted_at": "first publication, UTC",
    "updated_at": "last change, UTC",
    "fetched_at": "when the payload came in, UTC",
    "employment_type": "as stated",
    "department": "as stated",
    "salary_min": "lower end of the stated pay, in `salary_currency` for each `salary_period`; never guessed",
    "salary_max": "upper end; equal to `salary_min` where one number is stated",
    "salary_currency": "ISO 4217",
    "salary_period": "`year`, `month`, `week`, `day` or `hour`",
    "text": "plain text, one line for each paragraph, list item, heading or table row",
    "content_hash": "32 hexadecimal digits over title and text, the same for re-posts",
    "duplicate_of": "`id` of the posting that this one repeats; missing for a posting that counts",
}

_MENTION_DOCS = {
    "posting_id": "`id` of the posting",
    "start": "first character of the mention in the posting's `text`, counted from 0",
    "end": "one past its last character: `text[start:end] == surface`",
    "surface": "the characters as they stand",
    "skill": "id of the skill in `patterns/registry.jsonl`",
    "name": "the skill's name",
    "kind": "`tool`, `concept`, `soft`, `degree` or `language`",
    "family": "group of skills that it belongs to",
    "section": "kind of part of the posting that the line belongs to, an id of `patterns/sections.jsonl`",
    "requirement": "`required`, `preferred` and `duty` ask for the skill; `context` and `negated` never count",
}

_DENOMINATORS = (
    Column("role_postings", _COUNT, "distinct postings of the role: the denominator of `share`"),
    Column("role_postings_with_skills", _COUNT, "those that ask for at least one skill: of `share_with_skills`"),
    Column("role_companies", _COUNT, "their employers: of `share_companies`; a posting that states none is its own"),
)

_ESTIMATES = (
    Column("share", _SHARE, "`postings` / `role_postings`, 0 to 1; missing where there are too few", nullable=True),
    Column("share_low", _SHARE, "lower end of its 95 % interval (Korn–Graubard, by employer)", nullable=True),
    Column("share_high", _SHARE, "upper end", nullable=True),
    Column(
        "effective_n", _SHARE, "independent postings that would tell as much, at most `role_postings`", nullable=True
    ),
    Column("share_with_skills", _SHARE, "`postings` / `role_postings_with_skills`", nullable=True),
    Column("share_companies", _SHARE, "`companies` / `role_companies`", nullable=True),
)

_ASKS = {
    "required": "with a mention that requires it",
    "preferred": "with a mention as nice to have",
    "duty": "with a mention as what the person does or works with",
}

_EVIDENCE = pa.list_(
    pa.struct(
        [
            pa.field("posting_id", _TEXT, nullable=False),
            pa.field("url", _TEXT),
            pa.field("company", _TEXT),
            pa.field("title", _TEXT, nullable=False),
            pa.field("skill", _TEXT, nullable=False),
            pa.field("requirement", _TEXT, nullable=False),
            pa.field("sentence", _TEXT, nullable=False),
            pa.field("start", _COUNT, nullable=False),
            pa.field("end", _COUNT, nullable=False),
            pa.field("mark_start", _COUNT, nullable=False),
            pa.field("mark_end", _COUNT, nullable=False),
        ]
    )
)

POSTINGS = Table(
    "postings",
    "One row a posting that could be read, copies included.",
    (
        *_describe_fields(POSTING_SCHEMA, _POSTING_DOCS),
        Column("is_role", _FLAG, "whether the title is the role's; only these count in the other tables"),
    ),
)

MENTIONS = Table(
    "mentions",
    "One row a mention of a skill, ordered by posting and start; only postings that are no copies.",
    _describe_fields(MENTION_SCHEMA, _MENTION_DOCS),
)

SKILL_FREQUENCIES = Table(
    "skill_frequencies",
    "One row a skill that at least one distinct posting of the role asks for, ordered by rank. "
    "Skills named only as context or negated have none.",
    (
        Column("skill", _TEXT, "id of the skill in `patterns/registry.jsonl`"),
        Column("name", _TEXT, "its name"),
        Column("kind", _TEXT, "`tool`, `concept`, `soft`, `degree` or `language`"),
        Column("family", _TEXT, "group of skills that it belongs to"),
        Column("rank", _COUNT, "1, 2, 3 … without ties: by postings, then companies, then name"),
        Column("postings", _COUNT, "distinct postings that ask for it; each counts once however often it names it"),
        Column("companies", _COUNT, "their employers"),
        Column("mentions", _COUNT, "mentions that ask, in these postings"),
        *_ESTIMATES,
        *(
            column
            for name, doc in _ASKS.items()
            for column in (
                Column(f"postings_{name}", _COUNT, f"postings {doc}; a posting can be in several of the three"),
                Column(f"share_{name}", _SHARE, f"`postings_{name}` / `role_postings`", nullable=True),
            )
        ),
        Column(
            "enough", _FLAG, "whether the role's postings and employers reach the floor; if not, no share is stated"
        ),
        *_DENOMINATORS,
    ),
)

PROFILE_COMPARISON = Table(
    "profile_comparison",
    "One row an item of the profile, one a skill of the item, one for the skills similar to them, in the profile's "
    "order; then one a skill that the market asks for and the profile does not name.",
    (
        Column("item_number", pa.int16(), "place in the profile, from 1; missing at level `missing`", nullable=True),
        Column("item", _TEXT, "what the item asks for; missing at level `missing`", nullable=True),
        Column(
            "level",
            _TEXT,
            "`item`: met by any of its skills or similar ones; `skill`: one of its skills; `family`: all similar ones "
            "together; `missing`: not in the profile",
        ),
        Column("skill", _TEXT, "id of the skill; missing at levels `item` and `family`", nullable=True),
        Column("name", _TEXT, "name of what the row is about"),
        Column("kind", _TEXT, "kind of the skill; missing at levels `item` and `family`", nullable=True),
        Column("family", _TEXT, "family of the skill; missing at levels `item` and `family`", nullable=True),
        Column("verdict", _TEXT, "`confirmed`, `weak`, `not seen`, `missing from profile` or `too few postings`"),
        Column("reason", _TEXT, "why, in a sentence"),
        Column(
            "rank",
            _COUNT,
            "rank of the skill in `skill_frequencies`; for several together the place that their postings would take",
            nullable=True,
        ),
        Column("postings", _COUNT, "distinct postings that ask for any of the row's skills"),
        Column("companies", _COUNT, "their employers"),
        *_ESTIMATES,
        *(
            Column(f"share_{name}", _SHARE, f"share of `role_postings` {doc}", nullable=True)
            for name, doc in _ASKS.items()
        ),
        *_DENOMINATORS,
        Column(
            "evidence",
            _EVIDENCE,
            "sentences from different employers first: posting, URL, employer, title, skill, requirement, sentence; "
            "`start` and `end` of the mention in the posting's `text`, `mark_start` and `mark_end` in the sentence",
        ),
    ),
)

NEIGHBOURS = Table(
    "neighbours",
    "One row a near role, told by the title and not counted as the role, the most frequent first.",
    (
        Column("neighbour", _TEXT, "name of the near role; a title that names several counts for one"),
        Column("postings", _COUNT, "distinct postings of it; none of them is the role's"),
        Column("companies", _COUNT, "their employers; a posting that states none is its own"),
        Column("titles", pa.list_(_TEXT), "up to three of their titles, the most frequent first"),
    ),
)

RUN_SUMMARY = Table(
    "run_summary",
    "One row a source of the run, and one row `total` below them.",
    (
        Column("level", _TEXT, "`source` or `total`"),
        Column("source", _TEXT, "name of the source in the settings; `all sources` in the total"),
        Column("status", _TEXT, "`ok`, `failed` or `empty`; the total is `ok` or `partial`"),
        Column("message", _TEXT, "what was wrong and what to do; empty where nothing was"),
        Column("payloads", _COUNT, "answers or files that were kept"),
        Column("postings", _COUNT, "postings that could be read, copies included"),
        Column("refused", _COUNT, "postings that could not be read"),
        Column("folded", _COUNT, "postings that repeat another and are not counted"),
        Column("role_postings", _COUNT, "distinct postings of the role"),
        Column("role_without_skill", _COUNT, "of these, how many ask for no skill that is known: missing data"),
        Column("role_companies", _COUNT, "employers of the role's postings; only in the total", nullable=True),
        Column("role", _TEXT, "name of the role"),
        Column("snapshot", _TEXT, "id of the snapshot, its time in UTC"),
        Column("is_sample", _FLAG, "whether the postings are the project's sample, which says nothing about a market"),
        Column("package_version", _TEXT, "version of skillextract"),
        Column("patterns_version", _TEXT, "hash of the patterns"),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table for table in (SKILL_FREQUENCIES, PROFILE_COMPARISON, MENTIONS, POSTINGS, NEIGHBOURS, RUN_SUMMARY)
}
"""The tables by name, in the order in which they are read about."""


def describe_run(run: RunFacts) -> dict[str, str]:
    """What every file of a run carries in its parquet metadata.

    Returns:
        `skillextract.schema_version`, `.patterns_version`, `.package_version`, `.snapshot`, `.role`, `.is_sample`
        (`true` or `false`) and `.sources`: a JSON list of what each source gave.
    """
    values = {
        "schema_version": SCHEMA_VERSION,
        "patterns_version": run.patterns_version,
        "package_version": run.package_version,
        "snapshot": run.snapshot,
        "role": run.role,
        "is_sample": json.dumps(run.is_sample),
        "sources": json.dumps([dataclasses.asdict(source) for source in run.sources], ensure_ascii=False),
    }
    return {f"skillextract.{key}": value for key, value in values.items()}


def write_table(
    frame: pd.DataFrame | pa.Table, path: Path | str | BinaryIO, *, table: str, metadata: Mapping[str, str]
) -> None:
    """Write a frame as the parquet file of a table; the same rows and metadata give the same bytes.

    Rows keep their order. Columns that the table does not know are left out.

    Args:
        frame: its columns, in any order.
        path: the file, or one that is open for writing.
        table: a name in `TABLES`.
        metadata: see `describe_run`.

    Raises:
        ValueError: a column is missing, or a value does not fit its type.
    """
    described = TABLES[table]
    names = [column.name for column in described.columns]
    found = set(frame.column_names if isinstance(frame, pa.Table) else frame.columns)
    missing = [name for name in names if name not in found]
    if missing:
        raise ValueError(f"{table}: the columns {', '.join(missing)} are missing; expected are {', '.join(names)}")
    if isinstance(frame, pa.Table):
        rows = frame.select(names).cast(described.schema)
    else:
        rows = pa.Table.from_pandas(frame[names], schema=described.schema, preserve_index=False)
    # Only ours: the metadata that pandas adds names its version, and the bytes would change with it.
    rows = rows.replace_schema_metadata(dict(sorted(metadata.items())))
    pq.write_table(rows.combine_chunks(), path, compression="zstd")


def describe_tables() -> str:
    """Every table and column in Markdown, for the README."""
    return "\n".join(describe_table(table) for table in TABLES.values())


def describe_table(table: Table) -> str:
    """One table and its columns in Markdown."""
    lines = [f"### `{table.name}.parquet`", "", table.doc, ""]
    lines += ["| column | type | what it holds |", "| --- | --- | --- |"]
    for column in table.columns:
        optional = ", may be missing" if column.nullable else ""
        lines.append(f"| `{column.name}` | {_name_type(column.type)}{optional} | {column.doc} |")
    return "\n".join(lines) + "\n"


def _name_type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return "list of structs" if pa.types.is_struct(kind.value_type) else "list of texts"
    if pa.types.is_timestamp(kind):
        return "timestamp (UTC)"
    return {"string": "text", "bool": "boolean", "double": "number"}.get(str(kind), "whole number")
