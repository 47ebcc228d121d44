"""The steps of a run as plain functions, without Prefect."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from collect.board_server import Answer, BoardServer, as_json
from skillextract import pipeline
from skillextract.collect.http import PoliteSession
from skillextract.errors import LakeError, PatternError, SourceUnavailable
from skillextract.lake import Lake
from skillextract.settings import AshbySource, FilesSource, HackerNewsSource, LeverSource, Settings

MOMENT = datetime(2026, 11, 24, 17, 5, 9, tzinfo=UTC)
SNAPSHOT = "2026-11-24T170509Z"


@pytest.fixture
def quick() -> Iterator[PoliteSession]:
    with PoliteSession(connect_timeout=5, read_timeout=5, attempts=2, backoff=0, spacing=0) as session:
        yield session


def write_postings(path: Path, count: int, *, text: str = "You know Kafka and Python.") -> FilesSource:
    rows = [
        {"id": str(n), "title": "Machine Learning Engineer", "company": f"Company {n}", "text": f"{text} Opening {n}."}
        for n in range(count)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return FilesSource(path=str(path))


def run(settings: Settings) -> pipeline.WrittenReports:
    snapshot = pipeline.begin_run(settings, now=MOMENT)
    fetched = [pipeline.fetch_source(source, settings=settings, snapshot=snapshot) for source in settings.sources]
    folded = pipeline.fold_postings(fetched, settings=settings, snapshot=snapshot)
    mentions = [pipeline.extract_part(part, settings=settings, snapshot=snapshot) for part in folded["parts"]]
    return pipeline.write_reports(
        settings=settings, snapshot=snapshot, fetched=fetched, folded=folded, mention_parts=mentions
    )


def test_a_run_begins_only_where_it_can_end(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    assert pipeline.begin_run(Settings(lake=str(lake)), now=MOMENT) == SNAPSHOT
    assert list(lake.iterdir()) == []  # trying whether it can be written leaves nothing
    with pytest.raises(PatternError, match=r"no such role; known roles: .*machine-learning-engineer"):
        pipeline.begin_run(Settings(lake=str(lake), role="astronaut"))
    lake.rmdir()
    lake.write_text("a file, where a folder should be")
    with pytest.raises(LakeError, match=r"cannot be written .*make the folder writable"):
        pipeline.begin_run(Settings(lake=str(lake)))


def test_sources_share_one_session_a_contact_so_that_no_host_is_asked_twice_at_once() -> None:
    assert pipeline.share_session(None, None) is pipeline.share_session(None, None)
    assert pipeline.share_session("https://example.org/about", None) is not pipeline.share_session(None, None)


@pytest.mark.parametrize("shard_size", [1, 3, 7, 1000])
def test_parts_are_filled_to_the_shards_size_whatever_the_sources_sizes(tmp_path: Path, shard_size: int) -> None:
    sources = [write_postings(tmp_path / f"{n}.jsonl", count) for n, count in enumerate((1, 5, 2, 4))]
    settings = Settings(lake=str(tmp_path / "lake"), sources=sources, shard_size=shard_size)
    fetched = [pipeline.fetch_source(source, settings=settings, snapshot=SNAPSHOT) for source in settings.sources]
    folded = pipeline.fold_postings(fetched, settings=settings, snapshot=SNAPSHOT)
    lake = Lake(settings.lake)
    ids = [lake.read_parquet([part], columns=["id"])["id"].to_pylist() for part in folded["parts"]]
    assert [len(part) for part in ids[:-1]] == [shard_size] * (len(ids) - 1)
    expected = [f"files:{n}.jsonl:{k}" for n, count in enumerate((1, 5, 2, 4)) for k in range(count)]
    assert [posting for part in ids for posting in part] == expected


def test_copies_are_marked_across_sources_and_passed_over(tmp_path: Path) -> None:
    row = {"title": "Machine Learning Engineer", "company": "Acme", "text": "You know Kafka."}
    for name in ("a", "b"):
        lines = [json.dumps({**row, "id": f"{name}{n}", "location": f"City {n}"}) for n in range(2)]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines))
    sources = [FilesSource(path=str(tmp_path / f"{name}.jsonl")) for name in ("a", "b")]
    written = run(Settings(lake=str(tmp_path / "lake"), sources=sources))
    postings = pd.read_parquet(written["tables"]["postings"])
    summary = pd.read_parquet(written["tables"]["run_summary"]).set_index("source")
    assert postings["duplicate_of"].isna().sum() == 1
    assert (summary["folded"].tolist(), summary.loc["all sources", "role_postings"]) == ([1, 2, 3], 1)
    assert len(pd.read_parquet(written["tables"]["mentions"])) == 1


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    source = write_postings(tmp_path / "p.jsonl", 30)
    first, second = (run(Settings(lake=str(tmp_path / name), sources=[source])) for name in ("first", "second"))
    assert first["tables"].keys() == second["tables"].keys()
    different = [
        name
        for name, path in first["tables"].items()
        if Path(path).read_bytes() != Path(second["tables"][name]).read_bytes()
    ]
    assert different == []


def test_pages_before_a_fault_count_and_the_source_is_reported_as_partial(
    board_server: BoardServer, quick: PoliteSession, tmp_path: Path
) -> None:
    page = [{"id": str(number), "text": "T", "description": "<p>x</p>"} for number in range(100)]
    board_server.on("/v0/postings/x", as_json(page), Answer(status=500))
    source = LeverSource(token="x", base_url=board_server.url)
    settings = Settings(lake=str(tmp_path), sources=[source])
    fetched = pipeline.fetch_source(source, settings=settings, snapshot=SNAPSHOT, session=quick)
    assert (fetched["status"], fetched["postings"], fetched["payloads"]) == ("partial", 100, 1)
    assert "found status 500 to the last attempt, expected 200; try again later" in fetched["message"]


def test_a_source_that_may_answer_later_is_raised_for_whoever_retries(
    board_server: BoardServer, quick: PoliteSession, tmp_path: Path
) -> None:
    board_server.on("/posting-api/job-board/x", Answer(status=503))
    source = AshbySource(token="x", base_url=board_server.url)
    settings = Settings(lake=str(tmp_path), sources=[source])
    with pytest.raises(SourceUnavailable, match="found status 503"):
        pipeline.fetch_source(source, settings=settings, snapshot=SNAPSHOT, session=quick)


def test_what_came_before_a_source_fell_silent_is_kept(
    board_server: BoardServer, quick: PoliteSession, tmp_path: Path
) -> None:
    """The search for the thread answers, the thread does not."""
    thread = {"id": 1, "title": "Ask HN: Who is hiring? (July 2026)", "created_at": "2026-07-01T15:00:00Z"}
    board_server.serve_hackernews([thread])
    board_server.on("/api/v1/items/1", Answer(status=503))
    source = HackerNewsSource(base_url=board_server.url)
    settings = Settings(lake=str(tmp_path), sources=[source])
    with pytest.raises(SourceUnavailable):
        pipeline.fetch_source(source, settings=settings, snapshot=SNAPSHOT, session=quick)
    [kept] = (tmp_path / "raw").rglob("*.json")
    assert json.loads(kept.read_bytes())["hits"][0]["title"] == thread["title"]


def test_a_run_without_any_posting_says_what_each_source_said(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("")
    settings = Settings(lake=str(tmp_path / "lake"), sources=[FilesSource(path=str(tmp_path / "empty.jsonl"))])
    with pytest.raises(LakeError) as caught:
        run(settings)
    assert str(caught.value) == (
        "no source gave a posting, so there is nothing to count:\n"
        "  files:empty.jsonl: found no postings, expected at least one; check its name or path, or remove the source "
        "while it has none"
    )
    assert Lake(settings.lake).list_snapshots() == []


def test_too_few_postings_are_told_and_not_turned_into_shares(tmp_path: Path) -> None:
    source = write_postings(tmp_path / "p.jsonl", 3)
    written = run(Settings(lake=str(tmp_path / "lake"), sources=[source]))
    comparison = pd.read_parquet(written["tables"]["profile_comparison"])
    assert set(comparison["verdict"]) == {"too few postings"}
    assert comparison["share"].isna().all()


def test_postings_of_other_roles_alone_give_a_report_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "p.jsonl").write_text('{"id": "1", "title": "Baker", "text": "You bake at night."}\n')
    source = FilesSource(path=str(tmp_path / "p.jsonl"))
    written = run(Settings(lake=str(tmp_path / "lake"), sources=[source]))
    total = pd.read_parquet(written["tables"]["run_summary"]).iloc[-1]
    assert (total["postings"], total["role_postings"]) == (1, 0)
    assert set(pd.read_parquet(written["tables"]["profile_comparison"])["verdict"]) == {"too few postings"}


def test_the_manifest_names_every_file_of_the_snapshot(tmp_path: Path) -> None:
    source = write_postings(tmp_path / "p.jsonl", 12)
    settings = Settings(lake=str(tmp_path / "lake"), sources=[source])
    written = run(settings)
    manifest = Lake(settings.lake).read_manifest(written["snapshot"])
    on_disk = {
        path.relative_to(settings.lake).as_posix()
        for path in Path(settings.lake).rglob("*")
        if path.is_file() and path.relative_to(settings.lake).parts[0] not in ("snapshots", "work")
    }
    assert set(manifest["files"]) == on_disk
    assert manifest["run"]["sources"][0]["name"] == "files:p.jsonl"


def test_any_store_that_fsspec_knows_holds_a_lake(tmp_path: Path) -> None:
    source = write_postings(tmp_path / "p.jsonl", 12)
    written = run(Settings(lake="memory://pipeline-test", sources=[source]))
    comparison = pd.read_parquet(written["tables"]["profile_comparison"])
    assert (written["page"].startswith("memory://"), len(comparison.query("level == 'item'"))) == (True, 11)
