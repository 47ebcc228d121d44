"""The steps of a run, each a plain function over whole batches: fetch, fold, extract, report.

Steps hand each other paths in the lake and small dicts, never frames, so that a scheduler may run them in other
threads, processes or machines, keep their results, and repeat one without the others.
"""

from __future__ import annotations

import functools
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypedDict

import pyarrow as pa
import pyarrow.compute as pc

import skillextract
from skillextract.collect.deduplicate import find_duplicates
from skillextract.collect.gather import attribute, stream_source
from skillextract.collect.http import PoliteSession
from skillextract.collect.payload import Payload
from skillextract.errors import LakeError, PostingError, SourceError, SourceUnavailable
from skillextract.lake import Lake
from skillextract.market.comparison import VerdictRules, compare_profile
from skillextract.market.demand import Floor, gather_demand
from skillextract.market.evidence import read_texts_from
from skillextract.market.frequencies import count_skills
from skillextract.market.neighbours import count_neighbours
from skillextract.market.run_summary import RunFacts, SourceFacts, summarise_run
from skillextract.posting import POSTING_SCHEMA, Posting, PostingDraft
from skillextract.reports.page import render_page
from skillextract.reports.tables import describe_run, write_table
from skillextract.roles.profile import check_skills, load_profile
from skillextract.roles.titles import load_titles
from skillextract.settings import SampleSource, Settings, Source
from skillextract.skills.matcher import SkillMatcher
from skillextract.skills.mention import MENTION_SCHEMA, Mention
from skillextract.skills.vocabulary import Vocabulary, find_patterns, load_vocabulary
from skillextract.text.render import render_posting

logger = logging.getLogger(__name__)

Advance = Callable[[int], None]
"""Told how many more postings are done; for progress bars."""


class FetchedSource(TypedDict):
    """What fetching a source left in the lake.

    Attributes:
        source: the source's name.
        status: `ok`, `partial` (some answers failed), `empty` (answered without postings) or `failed`.
        message: what was wrong and what to do; empty where nothing was.
        raw: paths of the payloads, and of the list of refused postings where there are any.
        payloads: how many answers or files were kept.
        parts: paths of the postings' parts, copies not yet marked.
        postings: how many postings they hold.
        refused: how many postings could not be read.
        attribution: what a report of the postings has to say by the terms of the board; empty where nothing.
    """

    source: str
    status: str
    message: str
    raw: list[str]
    payloads: int
    parts: list[str]
    postings: int
    refused: int
    attribution: str


class FoldedPostings(TypedDict):
    """Parts of postings with their copies marked, and the number of copies by source."""

    parts: list[str]
    folded: dict[str, int]


class WrittenReports(TypedDict):
    """What a run wrote: paths in the lake, and where a person finds them."""

    snapshot: str
    folder: str
    page: str
    tables: dict[str, str]
    missing_sources: list[str]


def fetch_source(
    source: Source, *, settings: Settings, snapshot: str, session: PoliteSession | None = None
) -> FetchedSource:
    """Fetch a source, keep its payloads, and write its postings in parts of `settings.shard_size`.

    A source that fails is no error here: its status and message say so, and what came before the fault stands.

    Raises:
        SourceUnavailable: the source did not answer, so that trying again may help.
        LakeError: the lake cannot be written to.
    """
    lake = Lake(settings.lake)
    raw: list[str] = []
    refused: list[PostingError] = []
    parts: list[str] = []
    count = 0
    fault: SourceError | None = None

    def keep(payload: Payload) -> str:
        path = f"raw/snapshot={snapshot}/{payload.file_name}"
        raw.append(lake.write_bytes(path, payload.content))
        return path

    def write_part(postings: Sequence[Posting]) -> None:
        path = f"work/snapshot={snapshot}/fetched/{_slug(source.name)}-{len(parts):05d}.parquet"
        parts.append(lake.write_parquet(path, _tabulate_postings(postings)))

    batch: list[Posting] = []
    session = session or PoliteSession(contact=settings.contact, cache=settings.cache_folder)
    try:
        for item in stream_source(source, session=session, keep=keep):
            if not isinstance(item, PostingDraft):
                refused.append(item)
                continue
            batch.append(render_posting(item))
            count += 1
            if len(batch) >= settings.shard_size:
                write_part(batch)
                batch = []
    except SourceError as error:
        fault = error
    if batch:
        write_part(batch)
    payloads = len(raw)
    if refused:
        logger.warning("%s: %d postings could not be read; the first: %s", source.name, len(refused), refused[0])
        lines = [json.dumps({"posting": e.posting_id, "field": e.field, "message": str(e)}) for e in refused]
        path = f"raw/snapshot={snapshot}/{_slug(source.name)}-refused.jsonl"
        raw.append(lake.write_bytes(path, ("\n".join(lines) + "\n").encode()))
    if fault is not None:
        logger.warning("%s", fault)
        if isinstance(fault, SourceUnavailable) and not count:
            raise fault
    status = ("partial" if count else "failed") if fault else ("ok" if count else "empty")
    message = str(fault) if fault else "" if count else f"{source.name}: answered with no postings; is the name right?"
    return FetchedSource(
        source=source.name,
        status=status,
        message=message,
        raw=raw,
        payloads=payloads,
        parts=parts,
        postings=count,
        refused=len(refused),
        attribution=attribute(source) if count else "",
    )


def describe_failure(source: Source, error: Exception) -> FetchedSource:
    """Return what stands in the report for a source that gave nothing even after every retry."""
    return FetchedSource(
        source=source.name, status="failed", message=str(error), raw=[], payloads=0, parts=[], postings=0, refused=0,
        attribution="",
    )  # fmt: skip


def fold_postings(fetched: Sequence[FetchedSource], *, settings: Settings, snapshot: str) -> FoldedPostings:
    """Mark the copies among all fetched postings and write them to the lake, part by part.

    Raises:
        LakeError: no source gave any posting; the message says what each source said.
    """
    lake = Lake(settings.lake)
    sources = [path for each in fetched for path in each["parts"]]
    if not sources:
        reasons = "\n  ".join(each["message"] for each in fetched)
        raise LakeError(f"no source gave a posting, so there is nothing to count:\n  {reasons}")
    copies = find_duplicates(_read_keys(lake, sources))
    parts: list[str] = []
    folded: dict[str, int] = {}
    for number, path in enumerate(sources):
        table = lake.read_parquet([path])
        marks = [copies.get(posting_id) for posting_id in table["id"].to_pylist()]
        position = table.schema.get_field_index("duplicate_of")
        table = table.set_column(position, POSTING_SCHEMA.field("duplicate_of"), pa.array(marks, pa.string()))
        for name, mark in zip(table["source"].to_pylist(), marks, strict=True):
            if mark is not None:
                folded[name] = folded.get(name, 0) + 1
        parts.append(lake.write_parquet(f"postings/snapshot={snapshot}/part-{number:05d}.parquet", table))
    return FoldedPostings(parts=parts, folded=folded)


def extract_part(
    part: str, *, settings: Settings, snapshot: str, patterns: str | None = None, advance: Advance | None = None
) -> str:
    """Find the skills in one part of the postings and return the path of its mentions.

    Copies are passed over. The patterns are loaded once a process.
    """
    lake = Lake(settings.lake)
    matcher = load_matcher(patterns)
    rows: list[Mention] = []
    for batch in lake.read_batches(part, rows=500):
        chosen = batch.filter(pc.is_null(batch["duplicate_of"])).select(["id", "title", "text", "company"])
        for row in chosen.to_pylist():
            rows.extend(matcher.find_mentions(row["id"], row["title"], row["text"], company=row["company"]))
        if advance is not None:
            advance(len(batch))
    path = part.replace("postings/", "mentions/", 1)
    return lake.write_parquet(path, tabulate_mentions(rows, matcher.vocabulary))


def write_reports(
    *,
    settings: Settings,
    snapshot: str,
    fetched: Sequence[FetchedSource],
    folded: FoldedPostings,
    mention_parts: Sequence[str],
    patterns: str | None = None,
) -> WrittenReports:
    """Count, compare with the role's profile, write tables and page, and commit the snapshot.

    Raises:
        LakeError: the lake cannot be read or written.
        PatternError: there is no such role, or its file breaks a rule.
    """
    lake = Lake(settings.lake)
    vocabulary = load_matcher(patterns).vocabulary
    role_path = vocabulary.root / "roles" / f"{settings.role}.toml"
    titles = load_titles(vocabulary.root, settings.role)
    profile = load_profile(role_path)
    families = {skill.family for skill in vocabulary.skills.values()}
    check_skills(profile, skills=vocabulary.skills, families=families, path=str(role_path))

    facts = lake.read_parquet(folded["parts"], columns=[name for name in POSTING_SCHEMA.names if name != "text"])
    is_role, neighbour = titles.classify(facts["title"].to_pylist())
    facts = facts.append_column("is_role", pa.array(is_role))
    facts = facts.append_column("neighbour", pa.array(neighbour, pa.string()))
    of_role = set(facts.filter(facts["is_role"])["id"].to_pylist())
    postings = _read_role(lake, folded["parts"], "id", of_role)
    postings = postings.append_column("is_role", pa.array([True] * len(postings), pa.bool_()))
    mentions = _read_role(lake, mention_parts, "posting_id", of_role)

    run = RunFacts(
        role=profile.name,
        snapshot=snapshot,
        is_sample=all(isinstance(source, SampleSource) for source in settings.sources),
        sources=tuple(_describe_source(each, folded["folded"]) for each in fetched),
        package_version=skillextract.__version__,
        patterns_version=vocabulary.version,
    )
    floor = Floor(postings=settings.min_postings, companies=settings.min_companies)
    rules = VerdictRules(floor=floor, missing_share=settings.market_threshold)
    demand = gather_demand(postings, mentions, registry=vocabulary.skills)
    frequencies = count_skills(demand, registry=vocabulary.skills, floor=floor)
    comparison = compare_profile(
        demand,
        profile,
        frequencies=frequencies,
        registry=vocabulary.skills,
        read_texts=read_texts_from(postings),
        rules=rules,
        max_evidence=settings.max_evidence,
    )
    summary = summarise_run(run, facts, demand)

    folder = f"reports/{settings.role}/snapshot={snapshot}"
    metadata = describe_run(run)
    tables: dict[str, str] = {}
    for name, frame in (
        ("skill_frequencies", frequencies),
        ("profile_comparison", comparison),
        ("mentions", mentions),
        ("postings", postings),
        ("neighbours", count_neighbours(facts)),
        ("run_summary", summary),
    ):
        path = f"{folder}/{name}.parquet"
        with lake.write(path) as stream:
            write_table(frame, stream, table=name, metadata=metadata)
        tables[name] = path
    page = lake.write_bytes(
        f"{folder}/report.html",
        render_page(comparison=comparison, summary=summary, profile=profile, run=run, rules=rules).encode(),
    )
    lake.commit(
        snapshot,
        [*folded["parts"], *mention_parts, *tables.values(), page, *(path for each in fetched for path in each["raw"])],
        {"run": run.to_dict(), "role": settings.role, "reports": {**tables, "page": page}},
    )
    return WrittenReports(
        snapshot=snapshot,
        folder=lake.locate(folder),
        page=lake.locate(page),
        tables={name: lake.locate(path) for name, path in tables.items()},
        missing_sources=[each["source"] for each in fetched if each["status"] != "ok"],
    )


def choose_snapshot(settings: Settings, now: datetime | None = None) -> str:
    """Return the id of a new snapshot of the settings' lake."""
    return Lake(settings.lake).choose_snapshot(now or datetime.now(UTC))


def load_matcher(patterns: str | None = None) -> SkillMatcher:
    """Return the matcher of a folder of patterns, by default the package's own; loaded once a process and version."""
    return _load_matcher(str(find_patterns() if patterns is None else Path(patterns)))


@functools.lru_cache(maxsize=2)
def _load_matcher(root: str) -> SkillMatcher:
    return SkillMatcher(load_vocabulary(Path(root)))


def tabulate_mentions(mentions: Sequence[Mention], vocabulary: Vocabulary) -> pa.Table:
    """Return mentions as rows of `MENTION_SCHEMA`, in their order."""
    skills = [vocabulary.skills[mention.skill_id] for mention in mentions]
    columns: dict[str, list[Any]] = {
        "posting_id": [mention.posting_id for mention in mentions],
        "start": [mention.start for mention in mentions],
        "end": [mention.end for mention in mentions],
        "surface": [mention.surface for mention in mentions],
        "skill": [mention.skill_id for mention in mentions],
        "name": [skill.name for skill in skills],
        "kind": [skill.kind for skill in skills],
        "family": [skill.family for skill in skills],
        "section": [mention.section for mention in mentions],
        "requirement": [mention.requirement for mention in mentions],
    }
    return pa.table(columns, schema=MENTION_SCHEMA)


def _tabulate_postings(postings: Sequence[Posting]) -> pa.Table:
    return pa.table(
        {name: [getattr(posting, name) for posting in postings] for name in POSTING_SCHEMA.names}, schema=POSTING_SCHEMA
    )


def _read_keys(lake: Lake, paths: Sequence[str]) -> Iterator[tuple[str, str | None, str, datetime | None]]:
    names = ("id", "company", "content_hash", "posted_at")
    for path in paths:
        table = lake.read_parquet([path], columns=names)
        yield from zip(*(table[name].to_pylist() for name in names), strict=True)


def _read_role(lake: Lake, paths: Sequence[str], column: str, ids: set[str]) -> pa.Table:
    """Return the rows of some parts whose id is among `ids`; parts are read one at a time."""
    wanted = pa.array(sorted(ids), pa.string())
    tables = []
    for path in paths:
        table = lake.read_parquet([path])
        tables.append(table.filter(pc.is_in(table[column], wanted)))
    return pa.concat_tables(tables)


def _describe_source(fetched: FetchedSource, folded: dict[str, int]) -> SourceFacts:
    status = fetched["status"]
    return SourceFacts(
        name=fetched["source"],
        status=status,  # type: ignore[arg-type]
        message=fetched["message"],
        payloads=fetched["payloads"],
        postings=fetched["postings"],
        refused=fetched["refused"],
        folded=folded.get(fetched["source"], 0),
        attribution=fetched["attribution"],
    )


def _slug(name: str) -> str:
    return "".join(char if char.isalnum() or char in "._-" else "-" for char in name)
