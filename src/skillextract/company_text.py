"""The boilerplate of companies in a lake: found among all postings of a run, told apart in each of them.

The rules of what is boilerplate are those of `text.boilerplate`; why they are so is told in
`docs/decisions/0009-company-boilerplate.md`.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa

from skillextract.collect.role_name import name_role
from skillextract.lake import Lake
from skillextract.posting import key_company
from skillextract.skills.mention import Mention
from skillextract.skills.vocabulary import Skill
from skillextract.text.boilerplate import LEAST_ROLES, LineCounts, LineKey, head_line, key_lines
from skillextract.text.sections import INTRO, UNDIVIDED

BOILERPLATE = "boilerplate"
"""The `section` of mentions in lines that are boilerplate."""
OPEN_SECTIONS = frozenset({INTRO, UNDIVIDED, "company"})
"""Where a line that a company repeats is about the company. Below a heading that opens requirements, duties or the
stack it is what the company asks of everybody: "Our stack: Python, Go"."""
_OF_PERSONS = frozenset({"soft", "language"})
"""Kinds of skills that a company may ask of everybody whom it hires, whatever the role."""

BOILERPLATE_SCHEMA = pa.schema(
    [
        pa.field("company", pa.string(), nullable=False),
        pa.field("line", pa.string(), nullable=False),
        pa.field("share", pa.float64(), nullable=False),
    ]
)
"""One row a line that is boilerplate, ordered by company and line: the company's name without case and white space, the
line as it stands in one of its postings, and the share of the company's roles in whose postings it stands."""


class Lines(NamedTuple):
    """The lines that are boilerplate of a company: their keys, and their heads (see `head_line`)."""

    keys: frozenset[LineKey]
    heads: frozenset[str]


_COLUMNS = ("company", "title", "location", "duplicate_of", "text")


class _Row(NamedTuple):
    company: str
    role: str
    text: str


def locate_boilerplate(snapshot: str) -> str:
    """The path in the lake of the boilerplate that a run found."""
    return f"boilerplate/snapshot={snapshot}/part-00000.parquet"


def write_boilerplate(lake: Lake, parts: Sequence[str], *, snapshot: str) -> str:
    """Find the boilerplate among postings whose copies are marked, write it to the lake, and return its path.

    The postings are read three times, a batch at a time: for who has enough roles, for the lines of these, and for how
    the lines found are written.
    """
    roles: dict[str, set[int]] = {}
    for row in _read_rows(lake, parts, columns=_COLUMNS[:-1]):
        roles.setdefault(row.company, set()).add(hash(row.role))
    large = {company for company, found in roles.items() if len(found) >= LEAST_ROLES}
    counts = LineCounts()
    counts.add(row for row in _read_rows(lake, parts, among=large))
    found = counts.find()
    del counts  # 12 bytes a line
    lines: dict[tuple[str, LineKey], str] = {}
    for row in _read_rows(lake, parts, among=found):
        for start, end, key in key_lines(row.text):
            if key in found[row.company]:
                line = row.text[start:end]
                lines[row.company, key] = min(line, lines.get((row.company, key), line))
    ordered = sorted((company, line, found[company][key]) for (company, key), line in lines.items())
    columns = zip(BOILERPLATE_SCHEMA, zip(*ordered, strict=True) if ordered else ((), (), ()), strict=True)
    table = pa.table([pa.array(list(values), field.type) for field, values in columns], schema=BOILERPLATE_SCHEMA)
    return lake.write_parquet(locate_boilerplate(snapshot), table)


def read_boilerplate(lake: Lake, snapshot: str, *, digest: str) -> Mapping[str, Lines]:
    """The lines that are boilerplate, by company; see `key_company`.

    Args:
        lake: where the run writes.
        snapshot: the snapshot that it makes.
        digest: the file's hash (`Lake.describe_file`): while it is the same, a process reads the file once.
    """
    return _read_boilerplate(lake.root, locate_boilerplate(snapshot), digest)


@functools.lru_cache(maxsize=2)
def _read_boilerplate(root: str, path: str, digest: str) -> Mapping[str, Lines]:
    found: dict[str, list[str]] = {}
    table = Lake(root).read_parquet([path], columns=["company", "line"])
    for company, line in zip(table["company"].to_pylist(), table["line"].to_pylist(), strict=True):
        found.setdefault(company, []).append(line)
    return {
        company: Lines(
            frozenset(key for line in lines for _, _, key in key_lines(line)), frozenset(map(head_line, lines))
        )
        for company, lines in found.items()
    }


def find_lines(text: str, company: str | None, boilerplate: Mapping[str, Lines]) -> list[tuple[int, int, LineKey]]:
    """The lines of a posting's text that are its company's boilerplate: first character, one past the last, key."""
    lines = boilerplate.get(key_company(company)) if company else None
    return [line for line in key_lines(text, lines.heads) if line[2] in lines.keys] if lines else []


def mark_mentions(
    mentions: Sequence[Mention], lines: Sequence[tuple[int, int, LineKey]], skills: Mapping[str, Skill]
) -> list[Mention]:
    """Mentions with those in boilerplate as context, their section `BOILERPLATE`.

    As they are stay: mentions below a heading that says what its lines are (see `OPEN_SECTIONS`), what is said not to
    be needed, and soft skills and languages, which are asked of everybody ("English is essential, whatever your role").
    """
    return [
        mention._replace(section=BOILERPLATE, requirement="context")
        if mention.section in OPEN_SECTIONS
        and mention.requirement != "negated"
        and skills[mention.skill_id].kind not in _OF_PERSONS
        and any(start <= mention.start < end for start, end, _ in lines)
        else mention
        for mention in mentions
    ]


def _read_rows(
    lake: Lake, parts: Sequence[str], *, columns: Sequence[str] = _COLUMNS, among: Collection[str] | None = None
) -> Iterator[_Row]:
    """The postings that are no copies and name a company, of some companies or all; without `text` it is empty."""
    for part in parts:
        for batch in lake.read_batches(part, rows=1_000, columns=columns):
            for row in batch.to_pylist():
                company = key_company(row["company"])
                if company and row["duplicate_of"] is None and (among is None or company in among):
                    role = name_role(row["title"], location=row["location"])
                    # A title too long to name a role is its own.
                    named = " ".join(sorted(role.words)) or row["title"].casefold()
                    yield _Row(company, named, row.get("text", ""))
