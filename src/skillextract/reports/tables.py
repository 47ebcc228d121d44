"""The tables that a run writes: every column documented in one place, and parquet files that are the same each time."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import IO

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
    "language": "ISO 639-1, as the text reads; `en` also where only a part of it is; missing where it cannot be told",
    "duplicate_of": "`id` of the posting that this one repeats; missing for a posting that counts",
    "duplicate_reason": "`same text`, `near text` (the same role and company or none named), or `other company name` "
    "(near text under another name); missing for a posting that counts",
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
    "section": "kind of part of the posting that the line belongs to: an id of `patterns/sections.jsonl`, or "
    "`boilerplate`, what the company writes on most of its postings",
    "requirement": "`required`, `preferred` and `duty` ask for the skill; `context` and `negated` never count",
}

_DENOMINATORS = (
    Column("role_postings", _COUNT, "distinct postings of the role (in the segment): the denominator of `share`"),
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

_SENTENCE_COLUMNS = (
    Column("posting_id", _TEXT, "`id` of the posting"),
    Column("url", _TEXT, "its public page, as stated: check it before it becomes a link", nullable=True),
    Column("company", _TEXT, "employer as stated", nullable=True),
    Column("title", _TEXT, "title of the posting"),
    Column("skill", _TEXT, "id of the skill that is named"),
    Column("requirement", _TEXT, "`required`, `preferred` or `duty`"),
    Column("sentence", _TEXT, "the line of the posting, cut to about 300 characters around the mention"),
    Column("start", _COUNT, "first character of the mention in the posting's `text`"),
    Column("end", _COUNT, "one past its last character"),
    Column("mark_start", _COUNT, "first character of the mention in `sentence`"),
    Column("mark_end", _COUNT, "one past its last character"),
)

_EVIDENCE = pa.list_(
    pa.struct([pa.field(column.name, column.type, nullable=column.nullable) for column in _SENTENCE_COLUMNS])
)

_CO_NAMED = pa.list_(
    pa.struct(
        [
            pa.field("skill", _TEXT, nullable=False),
            pa.field("name", _TEXT, nullable=False),
            pa.field("postings", _COUNT, nullable=False),
            pa.field("lift", _SHARE, nullable=False),
        ]
    )
)

_QUOTES = pa.list_(
    pa.struct(
        [
            pa.field("posting_id", _TEXT, nullable=False),
            pa.field("url", _TEXT),
            pa.field("company", _TEXT),
            pa.field("sentence", _TEXT, nullable=False),
            pa.field("mark_start", _COUNT, nullable=False),
            pa.field("mark_end", _COUNT, nullable=False),
        ]
    )
)

_SKILL_COLUMNS = (
    Column("skill", _TEXT, "id of the skill in `patterns/registry.jsonl`"),
    Column("name", _TEXT, "its name"),
    Column("kind", _TEXT, "`tool`, `concept`, `soft`, `degree` or `language`"),
    Column("family", _TEXT, "group of skills that it belongs to"),
)

_ASK_COLUMNS = tuple(
    column
    for name, doc in _ASKS.items()
    for column in (
        Column(f"postings_{name}", _COUNT, f"postings {doc}; a posting can be in several of the three"),
        Column(f"share_{name}", _SHARE, f"`postings_{name}` / `role_postings`", nullable=True),
    )
)

_ENOUGH = Column(
    "enough",
    _FLAG,
    "whether the postings and employers of the denominators reach the floor; if not, no share is stated",
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
    "One row a segment of the role's postings and a skill that at least one distinct posting of the segment asks for, "
    "ordered by segment and rank. The rows of `segment_kind` `all` are the market as a whole. "
    "Skills named only as context or negated have none.",
    (
        Column(
            "segment_kind",
            _TEXT,
            "what the postings are divided by: `all` (not at all), `requirement`, `seniority` (as the title says), "
            "`country`, `remote`, `source`, `month` (of `posted_at`)",
        ),
        Column(
            "segment",
            _TEXT,
            "the value: `all`; `required`, `preferred`, `duty`; `intern` …; `DE` …; `remote`, `hybrid`, `onsite`; "
            "the source's name; `2026-07` …; `not stated` where the posting does not say it",
        ),
        *_SKILL_COLUMNS,
        Column("rank", _COUNT, "1, 2, 3 … without ties in its segment: by postings, then companies, then name"),
        Column("postings", _COUNT, "distinct postings that ask for it; each counts once however often it names it"),
        Column("companies", _COUNT, "their employers"),
        Column("mentions", _COUNT, "mentions that ask, in these postings"),
        *_ESTIMATES,
        *_ASK_COLUMNS,
        Column("years_postings", _COUNT, "postings that state years of experience with the skill"),
        Column("years_median", _SHARE, "median of the years that they ask for at least", nullable=True),
        Column(
            "co_named",
            _CO_NAMED,
            "up to five skills that are named with it more often than by chance (`cooccurrence`), the highest lift "
            "first; only in rows of `all`, else empty",
        ),
        _ENOUGH,
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

PROFILE_AGREEMENT = Table(
    "profile_agreement",
    "Two rows: how much of the market's demand the profile covers, and how much of the profile the market confirms.",
    (
        Column(
            "figure",
            _TEXT,
            "`coverage`: of all that postings ask for (each a pair of posting and skill; degrees left out), the part "
            "that the profile names or counts through a family. `confirmation`: of the profile's items, the part "
            "that the market confirms",
        ),
        Column("counted", _COUNT, "pairs that the profile covers; items that are confirmed"),
        Column("total", _COUNT, "pairs; items"),
        Column("share", _SHARE, "`counted` / `total`; missing where there are too few postings", nullable=True),
        Column(
            "share_low",
            _SHARE,
            "lower end of its 95 % interval over employers: for `coverage` by linearisation, for `confirmation` from "
            "leaving out employers at random (bootstrap)",
            nullable=True,
        ),
        Column("share_high", _SHARE, "upper end", nullable=True),
        _ENOUGH,
        *_DENOMINATORS,
    ),
)

QUALIFICATIONS = Table(
    "qualifications",
    "What postings ask for in education and experience, and what the profile says of it: one row a degree, a field of "
    "study, and a band of years; last a row for years as a whole. Claims of the profile that no posting asks for have "
    "rows too.",
    (
        Column(
            "kind",
            _TEXT,
            "`degree`; `field`: a field named on the line of a degree; `band`: years of experience that the posting "
            "asks for at least, in whatever; `years`: any number of years",
        ),
        Column("skill", _TEXT, "id of the degree or field, where it is a registered skill", nullable=True),
        Column("name", _TEXT, "the degree, the field, or the band (`3–4 years`)"),
        Column(
            "claim",
            _TEXT,
            "what the profile says of it: `typical`, `minimum` (degrees), `field`; missing where it says nothing",
            nullable=True,
        ),
        Column(
            "verdict",
            _TEXT,
            "as in `profile_comparison` where the profile has a claim, `missing from profile` by the same rule; "
            "missing where neither applies",
            nullable=True,
        ),
        Column("reason", _TEXT, "why, in a sentence; missing where there is no verdict", nullable=True),
        Column("postings", _COUNT, "distinct postings that ask for it"),
        Column("companies", _COUNT, "their employers"),
        *_ESTIMATES,
        *(
            dataclasses.replace(column, nullable=True, doc=f"{column.doc}; missing for years, which carry none")
            for column in _ASK_COLUMNS
        ),
        Column("years_low", _SHARE, "lower quartile of the years, only in the row `years`", nullable=True),
        Column("years_median", _SHARE, "median", nullable=True),
        Column("years_high", _SHARE, "upper quartile", nullable=True),
        _ENOUGH,
        *_DENOMINATORS,
    ),
)

SALARY = Table(
    "salary",
    "One row a currency and seniority, and one a currency for all of them. A posting counts where it states amount, "
    "currency and period; its figure is the middle of its range, for a year.",
    (
        Column("currency", _TEXT, "ISO 4217; that of the settings' rate table for all that it converts"),
        Column("seniority", _TEXT, "as the title states it; `not stated`; `all`"),
        Column("postings", _COUNT, "distinct postings of the role that state it"),
        Column("companies", _COUNT, "their employers"),
        Column("converted", _COUNT, "postings that were converted from other currencies by the settings' rates"),
        Column("low", _SHARE, "lower quartile of the figures; missing below the floor", nullable=True),
        Column("median", _SHARE, "their median", nullable=True),
        Column("median_low", _SHARE, "lower end of its 95 % interval (Woodruff, by employer)", nullable=True),
        Column("median_high", _SHARE, "upper end", nullable=True),
        Column("high", _SHARE, "upper quartile", nullable=True),
        Column("range_low", _SHARE, "median of the lower ends that the postings state", nullable=True),
        Column("range_high", _SHARE, "median of the upper ends", nullable=True),
        Column(
            "claim",
            _TEXT,
            "the profile's figure that the row answers: `start`, `experienced`, `senior_max`; missing for none",
            nullable=True,
        ),
        Column("claimed", _SHARE, "that figure, for a year", nullable=True),
        Column(
            "verdict",
            _TEXT,
            "`higher`, `lower`: the market pays more or less than the profile says, and the interval excludes its "
            "figure; `agrees`; `too few postings`; missing without a claim",
            nullable=True,
        ),
        Column("reason", _TEXT, "why, in a sentence", nullable=True),
        _ENOUGH,
        Column("role_postings", _COUNT, "distinct postings of the role, in the row's seniority"),
        Column("without_period", _COUNT, "of these, how many state an amount without period or currency: not counted"),
    ),
)

COOCCURRENCE = Table(
    "cooccurrence",
    "One row a pair of skills that at least the floor's number of postings and employers ask for together, ordered by "
    "the lower end of the lift. Among the 200 skills that are asked for most.",
    (
        Column("skill", _TEXT, "id of the skill that more postings ask for"),
        Column("other", _TEXT, "id of the other"),
        Column("name", _TEXT, "name of the first"),
        Column("other_name", _TEXT, "name of the other"),
        Column("postings", _COUNT, "distinct postings that ask for both"),
        Column("companies", _COUNT, "their employers"),
        Column("share", _SHARE, "`postings` / `role_postings`"),
        Column("share_of_skill", _SHARE, "of the postings that ask for `skill`, the part that asks for `other` too"),
        Column("share_of_other", _SHARE, "the same the other way round"),
        Column("lift", _SHARE, "`share` / what it would be if the two had nothing to do with each other; 1 is chance"),
        Column("lift_low", _SHARE, "lower end of its 95 % interval (linearised logarithm, by employer)"),
        Column("lift_high", _SHARE, "upper end"),
        *_DENOMINATORS,
    ),
)

TRENDS = Table(
    "trends",
    "One row a skill and period, the skills that changed most surely first. The test of change is of the whole series "
    "of a skill and stands in each of its rows.",
    (
        Column("axis", _TEXT, "`month`: by month of `posted_at`; `snapshot`: by stored snapshot"),
        *_SKILL_COLUMNS,
        Column("period", _TEXT, "`2026-07`, or the snapshot's id; in the order of time"),
        Column("postings", _COUNT, "distinct postings of the period that ask for it"),
        Column("companies", _COUNT, "their employers"),
        Column("share", _SHARE, "`postings` / `period_postings`; missing below the floor", nullable=True),
        Column("share_low", _SHARE, "lower end of its 95 % interval (as in `skill_frequencies`)", nullable=True),
        Column("share_high", _SHARE, "upper end", nullable=True),
        Column("effective_n", _SHARE, "as in `skill_frequencies`", nullable=True),
        Column("enough", _FLAG, "whether the period reaches the floor"),
        Column("period_postings", _COUNT, "distinct postings of the role in the period"),
        Column("period_companies", _COUNT, "their employers"),
        Column(
            "change", _SHARE, "last share less first on the straight line through the series, −1 to 1", nullable=True
        ),
        Column("change_low", _SHARE, "lower end of its 95 % interval, by employer", nullable=True),
        Column("change_high", _SHARE, "upper end", nullable=True),
        Column("p_value", _SHARE, "of the test that nothing changed, for this skill alone", nullable=True),
        Column("q_value", _SHARE, "the same with all skills tested at once (Benjamini–Hochberg)", nullable=True),
        Column("verdict", _TEXT, "`rises` or `falls` where `q_value` is at most 0.05; `steady`; `too few postings`"),
        Column("left_out", _TEXT, "sources that are in no period because they were missing in one; `; ` between them"),
    ),
)

DISCOVERY = Table(
    "discovery",
    "One row a term that stands where skills stand and that no pattern knows: the next patterns to write. Ordered by "
    "companies, then postings.",
    (
        Column("term", _TEXT, "as most postings write it"),
        Column("postings", _COUNT, "distinct postings in which it stands so"),
        Column("companies", _COUNT, "their employers"),
        Column("in_lists", _COUNT, "postings in which it stands in a list beside a known skill"),
        Column("in_slots", _COUNT, "postings in which it stands directly behind a cue of know-how"),
        Column("beside", pa.list_(_TEXT), "ids of up to five skills that it is listed with most"),
        Column("evidence", _QUOTES, "up to three sentences from different employers"),
    ),
)

EVIDENCE = Table(
    "evidence",
    "One row a sentence that asks for a skill: up to the settings' `max_evidence` for each skill of "
    "`skill_frequencies`, from different employers first.",
    (Column("order", _COUNT, "1, 2, 3 … within the skill"), *_SENTENCE_COLUMNS),
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
        Column(
            "status",
            _TEXT,
            "`ok`, `partial` (some answers failed), `failed` or `empty`; the total is `ok` or `partial`",
        ),
        Column("message", _TEXT, "what was wrong and what to do; empty where nothing was"),
        Column("payloads", _COUNT, "answers or files that were kept"),
        Column("postings", _COUNT, "postings that could be read, copies included"),
        Column("refused", _COUNT, "postings that could not be read"),
        Column("folded", _COUNT, "postings that repeat another and are not counted"),
        Column("role_postings", _COUNT, "distinct postings of the role"),
        Column("role_without_skill", _COUNT, "of these, how many ask for no skill that is known: missing data"),
        Column("role_not_english", _COUNT, "of these, how many are not in English, where the patterns find less"),
        Column("set_apart", _COUNT, "further distinct postings of the role: not in English, and in no other count"),
        Column("role_companies", _COUNT, "employers of the role's postings; only in the total", nullable=True),
        Column("role", _TEXT, "name of the role"),
        Column("snapshot", _TEXT, "id of the snapshot, its time in UTC"),
        Column("is_sample", _FLAG, "whether the postings are the project's sample, which says nothing about a market"),
        Column("package_version", _TEXT, "version of skillextract"),
        Column("patterns_version", _TEXT, "hash of the patterns"),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        PROFILE_COMPARISON,
        PROFILE_AGREEMENT,
        SKILL_FREQUENCIES,
        QUALIFICATIONS,
        SALARY,
        COOCCURRENCE,
        TRENDS,
        DISCOVERY,
        EVIDENCE,
        MENTIONS,
        POSTINGS,
        NEIGHBOURS,
        RUN_SUMMARY,
    )
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
    frame: pd.DataFrame | pa.Table, path: Path | str | IO[bytes], *, table: str, metadata: Mapping[str, str]
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
        try:
            rows = pa.Table.from_pandas(frame[names], schema=described.schema, preserve_index=False)
        except (pa.ArrowInvalid, pa.ArrowTypeError, ValueError) as error:
            raise ValueError(f"{table}: {error}; expected are values as the table's columns describe them") from error
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
        return "list of texts" if pa.types.is_string(kind.value_type) else "list of structs"
    if pa.types.is_timestamp(kind):
        return "timestamp (UTC)"
    return {"string": "text", "bool": "boolean", "double": "number"}.get(str(kind), "whole number")
