"""Lakes of older versions are read as what they meant, those of newer ones are refused; none is misread."""

import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from skillextract import pipeline
from skillextract.company_text import BOILERPLATE_SCHEMA
from skillextract.errors import LakeError, LakeVersionError
from skillextract.history import follow_lake
from skillextract.journal import Journal, open_run
from skillextract.lake import Lake
from skillextract.posting import POSTING_SCHEMA
from skillextract.profiles import draft_from_market
from skillextract.reports.stored import read_report
from skillextract.reuse import INDEX_SCHEMA
from skillextract.schema import VERSIONS, name_dataset
from skillextract.settings import FilesSource, Settings
from skillextract.sightings import SIGHTINGS_SCHEMA, read_sightings
from skillextract.skills.mention import MENTION_SCHEMA
from skillextract.skills.pattern_files import find_patterns
from skillextract.upkeep import check_lake, prune_lake

OLD, NEW = "2026-07-01T000000Z", "2026-07-08T000000Z"
_TEXT, _MOMENT = pa.string(), pa.timestamp("us", tz="UTC")
OLD_POSTINGS = pa.schema(
    [
        *(pa.field(name, _TEXT) for name in ("id", "source", "url", "title", "company")),
        *(pa.field(name, _TEXT) for name in ("location", "country", "remote")),
        *(pa.field(name, _MOMENT) for name in ("posted_at", "updated_at", "fetched_at")),
        *(pa.field(name, _TEXT) for name in ("employment_type", "department")),
        *(pa.field(name, pa.float64()) for name in ("salary_min", "salary_max")),
        *(pa.field(name, _TEXT) for name in ("salary_currency", "salary_period", "text", "content_hash")),
        pa.field("duplicate_of", _TEXT),
    ]
)  # fmt: skip
"""The columns of a posting before near-duplicates were folded."""
COLUMNS = {
    ("postings", 3): (POSTING_SCHEMA, "e243f1d7"),
    ("mentions", 1): (MENTION_SCHEMA, "0bd7df2e"),
    ("index", 1): (INDEX_SCHEMA, "935cb2e5"),
    ("sightings", 1): (SIGHTINGS_SCHEMA, "c8d42063"),
    ("boilerplate", 1): (BOILERPLATE_SCHEMA, "4c6d6d82"),
}


def write_rows(lake: Path, asking: int) -> Settings:
    """Thirty postings of as many employers, of which so many ask for Docker."""
    rows = [
        {
            "id": str(n),
            "title": "Machine Learning Engineer",
            "company": f"X{n}",
            "text": f"Requirements\nPython{' and Docker' if n < asking else ''}",
        }
        for n in range(30)
    ]
    (lake.parent / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return Settings(lake=str(lake), sources=[FilesSource(path=str(lake.parent / "a.jsonl"))])


def run(settings: Settings, snapshot: str) -> pipeline.WrittenReports:
    fetched = [pipeline.fetch_source(source, settings=settings, snapshot=snapshot) for source in settings.sources]
    folded = pipeline.fold_postings(fetched, settings=settings, snapshot=snapshot)
    mentions = [pipeline.extract_part(part, settings=settings, snapshot=snapshot) for part in folded["parts"]]
    return pipeline.write_reports(
        settings=settings, snapshot=snapshot, fetched=fetched, folded=folded, mention_parts=mentions
    )


def write_old_lake(root: Path) -> None:
    """A lake as the first version wrote it, by hand: no version anywhere, no index, no sightings, no reader.

    Thirty postings of as many employers, three of which ask for Docker, and one that repeats the first.
    """
    moment = datetime(2026, 7, 1, tzinfo=UTC)
    ids = [f"files:a.jsonl:{n}" for n in range(31)]
    texts = [f"Requirements\nPython{' and Docker' if n in (0, 1, 2, 30) else ''}" for n in range(31)]
    postings = pa.table(
        {
            **{name: [None] * 31 for name in OLD_POSTINGS.names},
            "id": ids,
            "source": ["files:a.jsonl"] * 31,
            "title": ["Machine Learning Engineer"] * 31,
            "company": [f"X{n % 30}" for n in range(31)],
            "fetched_at": [moment] * 31,
            "text": texts,
            "content_hash": [hashlib.blake2b(text.encode(), digest_size=16).hexdigest() for text in texts],
            "duplicate_of": [None] * 30 + [ids[0]],
        },
        schema=OLD_POSTINGS,
    )
    found = [(n, 13, "Python", "python", "languages") for n in range(30)]
    found += [(n, 24, "Docker", "docker", "containers") for n in range(3)]
    rows = [
        {
            "posting_id": ids[n], "start": start, "end": start + 6, "surface": name, "skill": skill, "name": name,
            "kind": "tool", "family": family, "section": "requirements", "requirement": "required",
        }
        for n, start, name, skill, family in sorted(found)
    ]  # fmt: skip
    mentions = pa.Table.from_pylist(rows, schema=MENTION_SCHEMA)
    folder = f"reports/machine-learning-engineer/snapshot={OLD}"
    files = {
        f"postings/snapshot={OLD}/part-00000.parquet": postings,
        f"mentions/snapshot={OLD}/part-00000.parquet": mentions,
        f"{folder}/postings.parquet": postings.append_column("is_role", pa.array([True] * 31)),
        f"{folder}/mentions.parquet": mentions,
    }
    described = {}
    for path, table in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        facts = {"skillextract.schema_version": "1", "skillextract.snapshot": OLD} if "reports/" in path else None
        pq.write_table(table.replace_schema_metadata(facts), root / path, compression="zstd")
        content = (root / path).read_bytes()
        described[path] = {"bytes": len(content), "blake2b": hashlib.blake2b(content, digest_size=16).hexdigest()}
    source = {"name": "files:a.jsonl", "status": "ok", "message": "", "payloads": 1, "postings": 31, "refused": 0}
    manifest = {
        "files": described,
        "reports": {name: f"{folder}/{name}.parquet" for name in ("postings", "mentions")},
        "role": "machine-learning-engineer",
        "run": {
            "role": "Machine learning engineer", "snapshot": OLD, "is_sample": False, "package_version": "0.1.0",
            "patterns_version": "0" * 32, "sources": [{**source, "folded": 1}],
        },
        "snapshot": OLD,
    }  # fmt: skip
    (root / "snapshots").mkdir()
    (root / "snapshots" / f"{OLD}.json").write_text(json.dumps(manifest, indent=1, sort_keys=True))


@pytest.fixture(scope="module")
def written_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake of today with one run."""
    lake = tmp_path_factory.mktemp("today") / "lake"
    run(write_rows(lake, asking=3), NEW)
    return lake


@pytest.fixture
def today(written_once: Path, tmp_path: Path) -> Path:
    """A copy of that lake, to be changed."""
    return shutil.copytree(written_once, tmp_path / "lake")


@pytest.fixture
def old(tmp_path: Path) -> Lake:
    write_old_lake(tmp_path / "lake")
    return Lake(str(tmp_path / "lake"))


def test_old_postings_are_read_with_the_columns_of_today_and_say_why_they_were_folded(old: Lake) -> None:
    path = f"postings/snapshot={OLD}/part-00000.parquet"
    [*batches] = old.read_batches(path, rows=10)
    for table in (old.read_parquet([path]), pa.Table.from_batches(batches)):
        assert table.schema.names == POSTING_SCHEMA.names
        assert table["duplicate_reason"].to_pylist() == [None] * 30 + ["same text"]
    chosen = old.read_parquet([path], columns=["id", "duplicate_reason"])
    assert (chosen.schema.names, len(chosen)) == (["id", "duplicate_reason"], 31)


def test_an_old_lake_is_gone_on_with_and_both_runs_are_compared(old: Lake, tmp_path: Path) -> None:
    settings = write_rows(tmp_path / "lake", asking=27)
    assert pipeline.begin_run(settings) > OLD
    run(settings, NEW)
    assert (old.list_snapshots(), check_lake(old).faults) == ([OLD, NEW], [])
    table = follow_lake(settings)
    docker = table[table["skill"] == "docker"]
    assert docker[["period", "postings", "period_postings", "verdict"]].values.tolist() == [
        [OLD, 3, 30, "rises"],
        [NEW, 27, 30, "rises"],
    ]
    sightings, covered = read_sightings(old, before="")
    assert (len(sightings), covered) == (30, [OLD, NEW])
    assert [old.read_manifest(snapshot)["reader"] is None for snapshot in (OLD, NEW)] == [True, False]


def test_a_profile_is_drafted_from_an_old_lake(old: Lake) -> None:
    drafted = draft_from_market("machine-learning-engineer", root=find_patterns(), settings=Settings(lake=old.root))
    assert "30 distinct postings of 30 employers" in drafted
    assert '"python"' in drafted


def test_an_old_lake_is_checked_and_pruned(old: Lake) -> None:
    assert check_lake(old).faults == []
    run_later = old.commit(NEW, [], {"role": "machine-learning-engineer"})
    assert [leaving.snapshot for leaving in prune_lake(old, keep=1)] == [OLD]
    assert old.list_files("") == [run_later]


def raise_manifest(lake: Path, version: Any) -> None:
    [path] = (lake / "snapshots").glob("*.json")
    path.write_text(json.dumps({**json.loads(path.read_text()), "schema_version": version}))


REFUSE = "found schema version 3 of manifest, expected at most 2: it was written by a newer version of skillextract"


@pytest.mark.parametrize(
    "use",
    [
        pipeline.check_run,
        lambda settings: check_lake(Lake(settings.lake)),
        lambda settings: prune_lake(Lake(settings.lake), keep=1),
        follow_lake,
        lambda settings: draft_from_market("data-engineer", root=find_patterns(), settings=settings),
        lambda settings: read_sightings(Lake(settings.lake), before=""),
    ],
    ids=["run", "check", "prune", "trends", "draft", "sightings"],
)
def test_a_lake_of_a_newer_version_is_refused(old: Lake, tmp_path: Path, use: Callable[[Settings], Any]) -> None:
    raise_manifest(tmp_path / "lake", 3)
    before = old.list_files("")
    with pytest.raises(LakeVersionError, match=f"{REFUSE} .*upgrade, or name another lake"):
        use(Settings(lake=old.root))
    assert old.list_files("") == before


@pytest.mark.parametrize("version", ["two", 0, 1.5, True])
def test_a_version_that_is_none_is_refused(old: Lake, tmp_path: Path, version: Any) -> None:
    raise_manifest(tmp_path / "lake", version)
    with pytest.raises(LakeVersionError, match=f"found schema version {version} of manifest"):
        old.check_version()


@pytest.mark.parametrize("kind", ["postings", "mentions", "index", "sightings"])
def test_a_file_of_a_newer_version_is_refused_and_one_of_today_is_marked(today: Path, kind: str) -> None:
    [file] = (today / kind).rglob("*.parquet")
    path = file.relative_to(today).as_posix()
    table = pq.read_table(file)
    marks = {key.decode().removeprefix("skillextract."): value.decode() for key, value in table.schema.metadata.items()}
    assert (marks["schema_version"], marks["snapshot"]) == (str(VERSIONS[kind]), NEW)
    assert {"package_version"} <= marks.keys()
    assert ("patterns_version" in marks) == (kind in ("mentions", "index"))
    newer = {**table.schema.metadata, b"skillextract.schema_version": b"9"}
    pq.write_table(table.replace_schema_metadata(newer), file)
    lake = Lake(str(today))
    for read in (lambda: lake.read_parquet([path]), lambda: list(lake.read_batches(path, rows=10))):
        with pytest.raises(LakeVersionError, match=rf"{kind}/.*found schema version 9 of {kind}, expected at most"):
            read()


def test_a_report_of_a_newer_version_is_refused(today: Path) -> None:
    [path] = (today / "reports").rglob("run_summary.parquet")
    folder = str(path.parent)
    assert len(read_report(folder).items) == 11
    # Before version 23 pyarrow takes the folder `snapshot=…` for a second column of that name.
    table = pq.read_table(path, partitioning=None)
    newer = {**table.schema.metadata, b"skillextract.schema_version": b"3"}
    pq.write_table(table.replace_schema_metadata(newer), path)
    with pytest.raises(LakeVersionError, match="found a report of schema version 3, expected at most 2"):
        read_report(folder)


def test_a_step_of_another_version_is_done_again_and_its_run_is_not_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, moment = Lake(str(tmp_path)), datetime(2026, 7, 8, tzinfo=UTC)
    assert open_run(lake, asked="x", now=moment) == NEW
    journal = Journal(lake, NEW)
    journal.record("fold", given=1, result="done", files=[])
    assert journal.recall("fold", given=1) == "done"
    lake.release(NEW)
    monkeypatch.setattr("skillextract.journal.VERSIONS", {**VERSIONS, "journal": 2})
    assert journal.recall("fold", given=1) is None
    assert open_run(lake, asked="x", now=moment) == "2026-07-08T000001Z"


def test_a_file_that_is_no_parquet_is_named(old: Lake, tmp_path: Path) -> None:
    path = f"mentions/snapshot={OLD}/part-00000.parquet"
    (tmp_path / "lake" / path).write_bytes(b"half of it")
    with pytest.raises(
        LakeError, match=r"mentions/.*is no parquet file .*restore it from a copy, or run the flow again"
    ):
        old.read_parquet([path])


def test_each_file_of_a_lake_has_a_dataset() -> None:
    assert {name_dataset(f"{folder}/snapshot={NEW}/part-00000.parquet") for folder in VERSIONS} == set(VERSIONS)
    assert name_dataset(f"work/snapshot={NEW}/fetched/ashby-00000.parquet") == "postings"
    assert name_dataset("postings.parquet") == "reports"


@pytest.mark.parametrize("dataset", ["postings", "mentions", "index", "sightings", "boilerplate"])
def test_columns_change_only_with_the_version(dataset: str) -> None:
    """Fails where columns were changed: raise the version, say in `schema._STEPS` how old rows become new."""
    schema, expected = COLUMNS[dataset, VERSIONS[dataset]]
    columns = "\n".join(f"{field.name} {field.type} {field.nullable}" for field in schema)
    assert hashlib.blake2b(columns.encode(), digest_size=4).hexdigest() == expected
