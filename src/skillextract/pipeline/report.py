"""Count, compare with the role's profile, write tables and page, and commit the snapshot."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

import skillextract
from skillextract.collect.catalogue import describe_sources
from skillextract.company_text import locate_boilerplate
from skillextract.lake import Lake
from skillextract.market.comparison import VerdictRules
from skillextract.market.coverage import quote_coverage
from skillextract.market.demand import Floor, gather_demand
from skillextract.market.evidence import read_texts_from
from skillextract.market.measure import measure_market
from skillextract.market.neighbours import count_neighbours
from skillextract.market.qualifications import name_fields
from skillextract.market.quotes import FEWER
from skillextract.market.readings import PostingReader, Readings, join_readings
from skillextract.market.run_summary import RunFacts, SourceFacts, is_foreign, summarise_run
from skillextract.memory import give_back
from skillextract.pipeline.begin import load_role
from skillextract.pipeline.fetch import REFUSED
from skillextract.pipeline.results import FetchedSource, FoldedPostings, WrittenReports
from skillextract.reports.answer import tell_absence
from skillextract.reports.page import render_page
from skillextract.reports.report import Frame, Report
from skillextract.reports.tables import describe_run, write_table
from skillextract.reuse import name_index, name_reader
from skillextract.roles.profile import RoleProfile
from skillextract.roles.seniority import load_seniority
from skillextract.roles.titles import RoleTitles, hash_role
from skillextract.settings import SampleSource, Settings
from skillextract.sightings import follow_postings, read_sightings
from skillextract.skills.discovery import load_term_finder
from skillextract.skills.experience import load_experience_rules
from skillextract.skills.loading import find_rules, load_matcher
from skillextract.skills.vocabulary import Vocabulary

_FACTS = ("id", "source", "fetched_at", "url", "title", "company", "language", "duplicate_of")
"""What is held of every posting: there may be a million, and few are of the role."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Market:
    """What a report is made of.

    Attributes:
        facts: of all postings `_FACTS`, `is_role` and `neighbour`.
        set_apart: those of the role that are not in English, where the settings set them apart.
        postings: those of the role, with their texts.
        mentions: those of the role's postings.
    """

    facts: pa.Table
    set_apart: pa.Table
    postings: pa.Table
    mentions: pa.Table


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
    titles, profile = load_role(vocabulary, settings.role)
    read = _read_market(lake, settings, titles, postings=folded["parts"], mentions=mention_parts)
    give_back()
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
    frames = _count(read, run, settings=settings, vocabulary=vocabulary, profile=profile, rules=rules)

    folder = f"reports/{settings.role}/snapshot={snapshot}"
    metadata = describe_run(run)
    tables: dict[str, str] = {}
    for name, frame in frames.items():
        path = f"{folder}/{name}.parquet"
        with lake.write(path) as stream:
            write_table(frame, stream, table=name, metadata=metadata)
        tables[name] = path
    drawn = render_page(frames, profile=profile, run=run, rules=rules)
    page = lake.write_bytes(f"{folder}/report.html", drawn.encode())
    give_back()
    sightings, covered = _follow_postings(lake, settings, snapshot=snapshot, fetched=fetched, seen=read.facts)
    lake.commit(
        snapshot,
        [
            *folded["parts"],
            *mention_parts,
            *map(name_index, mention_parts),
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
        absence=tell_absence(Report(frames)),
    )


def _read_market(
    lake: Lake, settings: Settings, titles: RoleTitles, *, postings: Sequence[str], mentions: Sequence[str]
) -> _Market:
    facts = lake.read_parquet(postings, columns=list(_FACTS))
    # Titles repeat in a market: each is read once.
    coded = facts["title"].combine_chunks().dictionary_encode()
    is_role, neighbour = titles.classify(coded.dictionary.to_pylist())
    counted = pa.array(is_role, pa.bool_()).take(coded.indices)
    apart = facts.slice(0, 0)
    if settings.not_english == "set apart":
        foreign = pc.and_(counted, is_foreign(facts))
        apart = facts.filter(pc.and_(foreign, pc.is_null(facts["duplicate_of"])))
        counted = pc.and_not(counted, foreign)
    facts = facts.append_column("is_role", counted)
    facts = facts.append_column("neighbour", pa.array(neighbour, pa.string()).take(coded.indices))
    of_role = set(facts.filter(facts["is_role"])["id"].to_pylist())
    chosen = _read_role(lake, postings, "id", of_role)
    chosen = chosen.append_column("is_role", pa.array([True] * len(chosen), pa.bool_()))
    return _Market(facts, apart, chosen, _read_role(lake, mentions, "posting_id", of_role))


def _count(
    read: _Market,
    run: RunFacts,
    *,
    settings: Settings,
    vocabulary: Vocabulary,
    profile: RoleProfile,
    rules: VerdictRules,
) -> dict[str, Frame]:
    """Return the tables of the report by name."""
    demand = gather_demand(read.postings, read.mentions, registry=vocabulary.skills)
    frames = measure_market(
        demand,
        profile,
        read_postings(read.postings, read.mentions, vocabulary=vocabulary, profile=profile),
        registry=vocabulary.skills,
        seniority=load_seniority(find_rules(vocabulary, "seniority.jsonl")),
        rules=rules,
        read_texts=read_texts_from(read.postings),
        mentions=read.mentions,
        max_evidence=settings.max_evidence,
        rates=settings.rates,
    )
    behind = quote_coverage(read.facts, demand, set_apart=read.set_apart, limit=min(settings.max_evidence, FEWER))
    frames["evidence"] = pd.concat([frames["evidence"], behind], ignore_index=True)
    return {
        **frames,
        "neighbours": count_neighbours(read.facts),
        "mentions": read.mentions,
        "postings": read.postings,
        "run_summary": summarise_run(run, read.facts, demand, set_apart=read.set_apart),
    }


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
    """The ids of a source's postings that were left out; None among them where one has none."""
    paths = (
        [path for path in fetched["raw"] if path.endswith(REFUSED)] if fetched["refused"] or fetched["repeated"] else []
    )
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
        repeated=fetched["repeated"],
        folded=folded.get(fetched["source"], 0),
        attribution=fetched["attribution"],
    )
