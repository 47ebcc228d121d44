"""The tables of a run: its postings and their mentions, its sources, and the roles that were told apart."""

from __future__ import annotations

import pyarrow as pa

from skillextract.posting import POSTING_SCHEMA
from skillextract.reports.columns import (
    COUNT,
    FLAG,
    TEXT,
    Column,
    Table,
    describe_fields,
)
from skillextract.skills.mention import MENTION_SCHEMA

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
    "text": "plain text, one line for each paragraph, list item, heading or table row; of a file's `text` "
    "its own lines, without Markdown's marks of emphasis",
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

POSTINGS = Table(
    "postings",
    "One row a posting of the role, copies included; those of other roles are in the lake, under `postings/`.",
    (
        *describe_fields(POSTING_SCHEMA, _POSTING_DOCS),
        Column(
            "is_role", FLAG, "whether the title is the role's: true in every row, those of other roles are in the lake"
        ),
    ),
)

MENTIONS = Table(
    "mentions",
    "One row a mention of a skill, ordered by posting and start; only postings that are no copies.",
    describe_fields(MENTION_SCHEMA, _MENTION_DOCS),
)

NEIGHBOURS = Table(
    "neighbours",
    "One row a near role, told by the title and not counted as the role, the most frequent first.",
    (
        Column("neighbour", TEXT, "name of the near role; a title that names several counts for one"),
        Column("postings", COUNT, "distinct postings of it; none of them is the role's"),
        Column("companies", COUNT, "their employers; a posting that states none is its own"),
        Column("titles", pa.list_(TEXT), "up to three of their titles, the most frequent first"),
    ),
)

RUN_SUMMARY = Table(
    "run_summary",
    "One row a source of the run, and one row `total` below them.",
    (
        Column("level", TEXT, "`source` or `total`"),
        Column("source", TEXT, "name of the source in the settings; `all sources` in the total"),
        Column(
            "status",
            TEXT,
            "`ok`, `partial` (some answers failed), `failed` or `empty`; the total is `ok` or `partial`",
        ),
        Column(
            "message",
            TEXT,
            "what was wrong and what to do; of postings that were left out how many, the first, and "
            "where all are; else empty",
        ),
        Column("payloads", COUNT, "answers that were kept in `raw`; files are read where they lie, and have none"),
        Column("postings", COUNT, "postings that could be read, copies included"),
        Column("refused", COUNT, "postings that could not be read"),
        Column(
            "repeated",
            COUNT,
            "postings that could be read and are left out: their id came before in the same source",
            nullable=True,
        ),
        Column("folded", COUNT, "postings that repeat another and are not counted"),
        Column("role_postings", COUNT, "distinct postings of the role"),
        Column("role_without_skill", COUNT, "of these, how many ask for no skill that is known: missing data"),
        Column(
            "role_unnamed",
            COUNT,
            "of these, how many state no employer: each counts as an employer of its own",
            nullable=True,
        ),
        Column("role_not_english", COUNT, "of these, how many are not in English, where the patterns find less"),
        Column("set_apart", COUNT, "further distinct postings of the role: not in English, and in no other count"),
        Column("role_companies", COUNT, "employers of the role's postings; only in the total", nullable=True),
        Column("role", TEXT, "name of the role"),
        Column("snapshot", TEXT, "id of the snapshot, its time in UTC"),
        Column("is_sample", FLAG, "whether the postings are the project's sample, which says nothing about a market"),
        Column("package_version", TEXT, "version of skillextract"),
        Column("patterns_version", TEXT, "hash of the patterns that decide what is found in a text"),
        Column("role_version", TEXT, "hash of the files that decide which postings are the role, and of its profile"),
    ),
)
