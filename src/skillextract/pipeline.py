"""The steps of a run, each a plain function over whole batches: fetch, fold, extract, report.

Steps hand each other paths in the lake and small dicts, never frames, so that a scheduler may run them in other
threads, processes or machines, keep their results, and repeat one without the others. Each writes into the run's
journal what it has done: a run that was killed is begun again with the same settings, and goes on where it stopped.
"""

from __future__ import annotations

import functools
import hashlib
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict, cast

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

import skillextract
from skillextract.collect.catalogue import describe_sources
from skillextract.collect.deduplicate import NEAR_COLUMNS, NearRow, find_repeats
from skillextract.collect.gather import attribute
from skillextract.collect.http import PoliteSession
from skillextract.collect.payload import Payload
from skillextract.company_text import (
    find_lines,
    locate_boilerplate,
    mark_mentions,
    read_boilerplate,
    write_boilerplate,
)
from skillextract.errors import LakeError, PostingError, SourceError, SourceUnavailable
from skillextract.journal import Journal, open_run
from skillextract.lake import Lake
from skillextract.market.comparison import VerdictRules
from skillextract.market.coverage import quote_coverage
from skillextract.market.demand import Floor, gather_demand
from skillextract.market.evidence import read_texts_from
from skillextract.market.measure import measure_market
from skillextract.market.neighbours import count_neighbours
from skillextract.market.qualifications import name_fields
from skillextract.market.quoting import FEWER
from skillextract.market.readings import PostingReader, Readings, join_readings
from skillextract.market.run_summary import RunFacts, SourceFacts, is_foreign, summarise_run
from skillextract.market.wording import count_noun
from skillextract.parsed import ParsedPayloads, read_source
from skillextract.posting import POSTING_SCHEMA, Posting, tabulate_postings
from skillextract.reports.page import render_page
from skillextract.reports.report import Frame
from skillextract.reports.tables import describe_run, write_table
from skillextract.reuse import find_earlier, join_mentions, key_text, name_reader, tabulate_index
from skillextract.roles.profile import RoleProfile, check_skills, load_profile
from skillextract.roles.seniority import load_seniority
from skillextract.roles.titles import hash_role, load_titles
from skillextract.settings import FilesSource, SampleSource, Settings, Source
from skillextract.sightings import follow_postings, read_sightings
from skillextract.skills.discovery import load_term_finder
from skillextract.skills.experience import load_experience_rules
from skillextract.skills.loading import load_matcher
from skillextract.skills.mention import Mention, tabulate_mentions
from skillextract.skills.vocabulary import Vocabulary, find_patterns

logger = logging.getLogger(__name__)

_REFUSED = "-refused.jsonl"

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


def check_run(settings: Settings, *, patterns: str | None = None) -> None:
    """Refuse what a run would be refused for, without the network, and leave no trace.

    Whoever waits an hour for the boards shall not learn then that the lake is read-only or the role misspelt.

    Raises:
        PatternError: a pattern or the role's file breaks a rule, or there is no such role.
        LakeError: the lake cannot be written to, or a newer version of the program has written to it.
    """
    vocabulary = load_matcher(patterns).vocabulary
    role_path = vocabulary.root / "roles" / f"{settings.role}.toml"
    load_titles(vocabulary.root, settings.role)
    families = {skill.family for skill in vocabulary.skills.values()}
    check_skills(load_profile(role_path), skills=vocabulary.skills, families=families, path=str(role_path))
    Lake(settings.lake).check_version()
    Lake(settings.lake).check_writable()


def begin_run(settings: Settings, *, patterns: str | None = None, now: datetime | None = None) -> str:
    """Return the id of the snapshot that the run makes, once all that needs no network is known to be right.

    It is that of a run that was killed, where there is one with the same settings, patterns and program from the last
    twelve hours; else a new one. It is this process's own until the snapshot is committed or the process ends: another
    run on the same lake makes one of its own.

    Raises:
        PatternError: a pattern or the role's file breaks a rule, or there is no such role.
        LakeError: the lake cannot be written to.
    """
    check_run(settings, patterns=patterns)
    vocabulary = load_matcher(patterns).vocabulary
    asked = {
        "settings": settings.model_dump(mode="json", exclude={"lake", "cache", "contact", "runner", "workers"}),
        "patterns": vocabulary.version,
        "reader": name_reader(vocabulary.version),
        "package": skillextract.__version__,
    }
    return open_run(Lake(settings.lake), asked=asked, now=now or datetime.now(UTC))


def fetch_source(
    source: Source, *, settings: Settings, snapshot: str, session: PoliteSession | None = None
) -> FetchedSource:
    """Fetch a source, keep its payloads, and write its postings in parts of `settings.shard_size`.

    A source that fails is no error here: its status and message say so, and what came before the fault stands. One that
    was fetched whole is not fetched again by the run that goes on after a kill; a file that has changed since is.

    Args:
        source: a board, a file, or the sample.
        settings: where the lake is, how large a part, and who asks.
        snapshot: the snapshot that the run makes.
        session: by default the process's own, so that two sources never ask one host at the same time.

    Raises:
        SourceUnavailable: the source did not answer, so that trying again may help.
        LakeError: the lake cannot be written to.
    """
    lake, journal = Lake(settings.lake), Journal(Lake(settings.lake), snapshot)
    step, given = f"fetch-{_slug(source.name)}", _describe_files(source)
    if (done := journal.recall(step, given=given)) is not None:
        return cast(FetchedSource, done)
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
        parts.append(lake.write_parquet(path, tabulate_postings(postings)))

    batch: list[Posting] = []
    session = session or share_session(settings.contact, settings.cache_folder)
    parsed = ParsedPayloads(settings.cache_folder and settings.cache_folder / "parsed")
    try:
        for item in read_source(source, session=session, keep=keep, parsed=parsed):
            if isinstance(item, PostingError):
                refused.append(item)
                continue
            batch.append(item)
            count += 1
            if len(batch) >= settings.shard_size:
                write_part(batch)
                batch = []
    except SourceError as error:
        fault = error
    if batch:
        write_part(batch)
    parsed.forget()
    payloads = len(raw)
    if refused:
        logger.warning("%s: %s", source.name, _tell_refused(refused))
        lines = [json.dumps({"posting": e.posting_id, "field": e.field, "message": str(e)}) for e in refused]
        path = f"raw/snapshot={snapshot}/{_slug(source.name)}{_REFUSED}"
        raw.append(lake.write_bytes(path, ("\n".join(lines) + "\n").encode()))
    if fault is not None:
        logger.warning("%s", fault)
        if isinstance(fault, SourceUnavailable) and not count:
            raise fault
    status = ("partial" if count else "failed") if fault else ("ok" if count else "empty")
    message = str(fault) if fault else _tell_refused(refused) if count else _tell_empty(source, refused)
    if status == "empty":
        logger.warning("%s", message)
    result = FetchedSource(
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
    if status == "ok":
        journal.record(step, given=given, result=result, files=[*raw, *parts])
    return result


def _tell_refused(refused: Sequence[PostingError]) -> str:
    if not refused:
        return ""
    return f"{count_noun(len(refused), 'posting')} could not be read; the first: {refused[0]}"


def describe_failure(source: Source, error: Exception) -> FetchedSource:
    """Return what stands in the report for a source that gave nothing even after every retry."""
    return FetchedSource(
        source=source.name, status="failed", message=str(error), raw=[], payloads=0, parts=[], postings=0, refused=0,
        attribution="",
    )  # fmt: skip


def fold_postings(fetched: Sequence[FetchedSource], *, settings: Settings, snapshot: str) -> FoldedPostings:
    """Mark the copies among all fetched postings and write them to the lake, part by part; see `find_repeats`.

    Then find the lines that stand on most postings of a company; see `company_text`.

    Raises:
        LakeError: no source gave any posting; the message says what each source said.
    """
    lake = Lake(settings.lake)
    sources = [path for each in fetched for path in each["parts"]]
    if not sources:
        reasons = "\n  ".join(each["message"] for each in fetched)
        raise LakeError(f"no source gave a posting, so there is nothing to count:\n  {reasons}")
    journal, given = Journal(lake, snapshot), [lake.describe_file(path) for path in sources]
    if (done := journal.recall("fold", given=given)) is not None:
        return cast(FoldedPostings, done)
    repeats = find_repeats(_read_comparable(lake, sources))
    parts: list[str] = []
    folded: dict[str, int] = {}
    # A thousand small boards shall not become a thousand tasks: parts are filled up to the shard's size.
    for table in _fill_shards(lake, sources, rows=settings.shard_size):
        found = [repeats.get(posting_id) for posting_id in table["id"].to_pylist()]
        marks = [repeat and repeat.of for repeat in found]
        for column, values in (("duplicate_of", marks), ("duplicate_reason", [each and each.reason for each in found])):
            position = table.schema.get_field_index(column)
            table = table.set_column(position, POSTING_SCHEMA.field(column), pa.array(values, pa.string()))
        for name, mark in zip(table["source"].to_pylist(), marks, strict=True):
            if mark is not None:
                folded[name] = folded.get(name, 0) + 1
        parts.append(lake.write_parquet(f"postings/snapshot={snapshot}/part-{len(parts):05d}.parquet", table))
    result = FoldedPostings(parts=parts, folded=folded)
    journal.record(
        "fold", given=given, result=result, files=[*parts, write_boilerplate(lake, parts, snapshot=snapshot)]
    )
    return result


def extract_part(
    part: str, *, settings: Settings, snapshot: str, patterns: str | None = None, advance: Advance | None = None
) -> str:
    """Find the skills in one part of the postings and return the path of its mentions.

    Copies are passed over. Texts that an earlier snapshot read with the same patterns and program are not read again:
    their mentions are taken over. The patterns are loaded once a process.

    Raises:
        LakeError: the lake cannot be read or written.
    """
    lake, journal = Lake(settings.lake), Journal(Lake(settings.lake), snapshot)
    matcher = load_matcher(patterns)
    reader = name_reader(matcher.vocabulary.version)
    stored = lake.describe_file(locate_boilerplate(snapshot))
    boilerplate = read_boilerplate(lake, snapshot, digest=stored["blake2b"])
    given = {"part": lake.describe_file(part), "reader": reader, "boilerplate": stored}
    step = f"extract-{Path(part).stem}"
    if (done := journal.recall(step, given=given)) is not None:
        if advance is not None:
            advance(lake.count_rows(part))
        return str(done)
    earlier = find_earlier(lake, before=snapshot, reader=reader)
    fresh: list[Mention] = []
    keys, places, read_again = [], [], 0
    taken: dict[str, pa.Table | None] = {}
    for batch in lake.read_batches(part, rows=500):
        chosen = batch.filter(pc.is_null(batch["duplicate_of"])).select(["id", "title", "text", "company"])
        rows = chosen.to_pylist()
        repeated = [find_lines(row["text"], row["company"], boilerplate) for row in rows]
        batch_keys = [
            key_text(row["title"], row["text"], row["company"], boilerplate=[key for *_, key in lines])
            for row, lines in zip(rows, repeated, strict=True)
        ]
        keys.extend(batch_keys)
        for row, lines, place in zip(rows, repeated, earlier.find(batch_keys), strict=True):
            if place is not None and place[0] not in taken:
                taken[place[0]] = earlier.read_part(place[0])
            if place is None or taken[place[0]] is None:
                found = matcher.find_mentions(row["id"], row["title"], row["text"], company=row["company"])
                place = ("", len(fresh), len(found))
                fresh.extend(mark_mentions(found, lines, matcher.vocabulary.skills) if lines else found)
                read_again += 1
            places.append((row["id"], place))
        if advance is not None:
            advance(len(batch))
    whole = {path: table for path, table in taken.items() if table is not None}
    mentions, spans = join_mentions(tabulate_mentions(fresh, matcher.vocabulary.skills), places, whole)
    made_by = {"patterns_version": matcher.vocabulary.version}
    path = lake.write_parquet(part.replace("postings/", "mentions/", 1), mentions, **made_by)
    index = lake.write_parquet(_index_of(path), tabulate_index(keys, spans), **made_by)
    logger.info("%s: %d of %d texts read, the others known from an earlier snapshot", part, read_again, len(keys))
    journal.record(step, given=given, result=path, files=[path, index])
    return path


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
    counted = pa.array(is_role)
    apart = facts.slice(0, 0)
    if settings.not_english == "set apart":
        foreign = pc.and_(counted, is_foreign(facts))
        apart = facts.filter(pc.and_(foreign, pc.is_null(facts["duplicate_of"])))
        counted = pc.and_not(counted, foreign)
    facts = facts.append_column("is_role", counted)
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
        role_version=hash_role(vocabulary.root, settings.role),
    )
    floor = Floor(postings=settings.min_postings, companies=settings.min_companies)
    rules = VerdictRules(floor=floor, missing_share=settings.market_threshold)
    demand = gather_demand(postings, mentions, registry=vocabulary.skills)
    readings = read_postings(postings, mentions, vocabulary=vocabulary, profile=profile)
    frames = measure_market(
        demand,
        profile,
        readings,
        registry=vocabulary.skills,
        seniority=load_seniority(find_rules(vocabulary, "seniority.jsonl")),
        rules=rules,
        read_texts=read_texts_from(postings),
        mentions=mentions,
        max_evidence=settings.max_evidence,
        rates=settings.rates,
    )
    summary = summarise_run(run, facts, demand, set_apart=apart)
    behind = quote_coverage(facts, demand, set_apart=apart, limit=min(settings.max_evidence, FEWER))
    frames["evidence"] = pd.concat([frames["evidence"], behind], ignore_index=True)

    folder = f"reports/{settings.role}/snapshot={snapshot}"
    metadata = describe_run(run)
    written: dict[str, Frame] = {
        **frames,
        "neighbours": count_neighbours(facts),
        "mentions": mentions,
        "postings": postings,
        "run_summary": summary,
    }
    tables: dict[str, str] = {}
    for name, frame in written.items():
        path = f"{folder}/{name}.parquet"
        with lake.write(path) as stream:
            write_table(frame, stream, table=name, metadata=metadata)
        tables[name] = path
    page = lake.write_bytes(
        f"{folder}/report.html",
        render_page(written, profile=profile, run=run, rules=rules).encode(),
    )
    sightings, covered = _follow_postings(lake, settings, snapshot=snapshot, fetched=fetched, seen=facts)
    lake.commit(
        snapshot,
        [
            *folded["parts"],
            *mention_parts,
            *map(_index_of, mention_parts),
            locate_boilerplate(snapshot),
            *tables.values(),
            page,
            sightings,
            *(path for each in fetched for path in each["raw"]),
        ],
        {
            "run": run.to_dict(),
            "role": settings.role,
            "reader": name_reader(vocabulary.version),
            "reports": {**tables, "page": page},
            "sightings": {"path": sightings, "covers": covered},
        },
    )
    return WrittenReports(
        snapshot=snapshot,
        folder=lake.locate(folder),
        page=lake.locate(page),
        tables={name: lake.locate(path) for name, path in tables.items()},
        missing_sources=[each["source"] for each in fetched if each["status"] != "ok"],
    )


def read_postings(
    postings: pa.Table, mentions: pa.Table, *, vocabulary: Vocabulary, profile: RoleProfile, batch: int = 2_000
) -> Readings:
    """Read what only the texts of a role's postings tell; copies are passed over."""
    fields = [field for field, words in name_fields(profile, vocabulary.skills).items() if field == words]
    reader = PostingReader(
        registry=vocabulary.skills,
        sections=vocabulary.sections,
        experience=load_experience_rules(find_rules(vocabulary, "experience.jsonl")),
        terms=load_term_finder(find_rules(vocabulary, "discovery.jsonl"), vocabulary),
        fields=fields,
    )
    counted = postings.filter(pc.is_null(postings["duplicate_of"]))
    return join_readings(reader.read(counted.slice(first, batch), mentions) for first in range(0, len(counted), batch))


def find_rules(vocabulary: Vocabulary, name: str) -> Path:
    """Return a file of rules in the vocabulary's folder, or the package's own where that folder has none."""
    path = vocabulary.root / name
    return path if path.is_file() else find_patterns() / name


@functools.lru_cache(maxsize=2)
def share_session(contact: str | None, cache: Path | None) -> PoliteSession:
    """Return the process's one session of a contact and a cache: it is what keeps requests to a host apart."""
    return PoliteSession(contact=contact, cache=cache)


def _read_comparable(lake: Lake, paths: Sequence[str]) -> Iterator[NearRow]:
    for path in paths:
        for batch in lake.read_batches(path, rows=1_000):
            yield from zip(*(batch[name].to_pylist() for name in NEAR_COLUMNS), strict=True)


def _fill_shards(lake: Lake, paths: Sequence[str], *, rows: int) -> Iterator[pa.Table]:
    """Yield the postings of some parts, in their order, in tables of `rows` rows; the last one may be shorter."""
    waiting: list[pa.Table] = []
    count = 0
    for path in paths:
        table = lake.read_parquet([path])
        while table.num_rows:
            taken = table.slice(0, rows - count)
            waiting.append(taken)
            count += taken.num_rows
            table = table.slice(taken.num_rows)
            if count == rows:
                yield pa.concat_tables(waiting).combine_chunks()
                waiting, count = [], 0
    if waiting:
        yield pa.concat_tables(waiting).combine_chunks()


def _read_role(lake: Lake, paths: Sequence[str], column: str, ids: set[str]) -> pa.Table:
    """Return the rows of some parts whose id is among `ids`; parts are read one at a time."""
    wanted = pa.array(sorted(ids), pa.string())
    tables = []
    for path in paths:
        table = lake.read_parquet([path])
        tables.append(table.filter(pc.is_in(table[column], wanted)))
    return pa.concat_tables(tables)


def _follow_postings(
    lake: Lake, settings: Settings, *, snapshot: str, fetched: Sequence[FetchedSource], seen: pa.Table
) -> tuple[str, list[str]]:
    """Write which postings were seen when, and which are closed; return the path and the snapshots that it covers."""
    about = dict(describe_sources())
    boards = {source.name: source.board for source in settings.sources}
    whole, unread = set(), set()
    for each in fetched:
        refused = _list_refused(lake, each)
        # A posting without an id may be any of those that are missed.
        if each["status"] == "ok" and about[boards[each["source"]]].lists_all and None not in refused:
            whole.add(each["source"])
        unread |= {f"{each['source']}:{native_id}" for native_id in refused}
    earlier, covered = read_sightings(lake, before=snapshot)
    path = f"sightings/snapshot={snapshot}/part-00000.parquet"
    return lake.write_parquet(path, follow_postings(earlier, seen, whole=whole, unread=unread)), covered


def _list_refused(lake: Lake, fetched: FetchedSource) -> set[str | None]:
    """The ids of a source's postings that could not be read; None among them where one has none."""
    paths = [path for path in fetched["raw"] if path.endswith(_REFUSED)] if fetched["refused"] else []
    ids = [json.loads(line)["posting"] for path in paths for line in lake.read_bytes(path).splitlines()]
    return {None if str(posting_id).startswith("row ") else str(posting_id) for posting_id in ids}


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


def _tell_empty(source: Source, refused: Sequence[PostingError]) -> str:
    if refused:
        return (
            f"{source.name}: none of its {len(refused)} postings could be read, expected at least one; "
            f"the first: {refused[0]}"
        )
    return (
        f"{source.name}: found no postings, expected at least one; check its name or path, or remove the source while "
        "it has none"
    )


def _describe_files(source: Source) -> list[list[str | int]]:
    """What tells whether a source's files have changed: path, size and time of change of each; none for boards."""
    if not isinstance(source, FilesSource):
        return []
    place = Path(source.path)
    files = [place, *place.rglob("*")] if place.is_dir() else [place]
    stats = [(str(file), file.stat()) for file in sorted(files) if file.exists()]
    return [[name, stat.st_size, stat.st_mtime_ns] for name, stat in stats]


def _index_of(mentions: str) -> str:
    return mentions.replace("mentions/", "index/", 1)


def _slug(name: str) -> str:
    """Return a name that can stand in a path; names that look alike without their signs stay apart."""
    plain = "".join(char if char.isalnum() or char in "._-" else "-" for char in name)
    return f"{plain}-{hashlib.blake2b(name.encode(), digest_size=4).hexdigest()}"
