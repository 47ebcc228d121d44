"""A run that is killed is gone on with by the next one, and nobody sees the difference in its files."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from conftest import REPOSITORY
from skillextract import pipeline
from skillextract.errors import LakeError
from skillextract.lake import Lake
from skillextract.settings import FilesSource, Settings
from skillextract.text.language import find_language
from skillextract.upkeep import check_lake

MOMENT = datetime(2026, 11, 24, 17, 5, 9, tzinfo=UTC)
DEATHS = 30


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Thirty postings in three parts, and a page that costs nothing."""
    find_language("What tells languages is unpacked into a temporary file, which is none of the lake's.")
    monkeypatch.setattr(pipeline.report, "render_page", lambda *_, **__: "the page")
    rows = [{"id": str(n), "title": "Machine Learning Engineer", "text": f"You know Kafka. {n}"} for n in range(30)]
    (tmp_path / "p.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    sources = [FilesSource(path=str(tmp_path / "p.jsonl"))]
    return Settings(lake=str(tmp_path / "lake"), sources=sources, shard_size=10)


def run(settings: Settings, *, now: datetime = MOMENT) -> pipeline.WrittenReports:
    snapshot = pipeline.begin_run(settings, now=now)
    fetched = [pipeline.fetch_source(source, settings=settings, snapshot=snapshot) for source in settings.sources]
    folded = pipeline.fold_postings(fetched, settings=settings, snapshot=snapshot)
    mentions = [pipeline.extract_part(part, settings=settings, snapshot=snapshot) for part in folded["parts"]]
    return pipeline.write_reports(
        settings=settings, snapshot=snapshot, fetched=fetched, folded=folded, mention_parts=mentions
    )


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """What a full disk or a quota does: a write that goes beyond fails in the middle."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [100, 1_500, 6_000])
def test_a_full_disk_is_named_and_the_next_run_goes_on(settings: Settings, size: int) -> None:
    with (
        no_file_larger_than(size),
        pytest.raises(LakeError, match=r"cannot be written \(File too large\); .*free some"),
    ):
        run(settings)
    lake = Lake(settings.lake)
    assert lake.list_snapshots() == []
    assert [path for path in lake.list_files("") if path.endswith(".tmp")] == []
    written = run(settings)
    assert (written["snapshot"], check_lake(lake).faults) == ("2026-11-24T170509Z", [])
    assert sum(pq.read_metadata(file).num_rows for file in Path(settings.lake).glob("postings/*/*.parquet")) == 30


@pytest.mark.slow
def test_two_runs_at_once_make_a_snapshot_each_and_both_are_right(settings: Settings) -> None:
    """The other one has begun, and is killed before its end; ours does not touch it; then it is gone on with."""
    code = f"""if True:
        import sys
        from datetime import datetime
        from skillextract import pipeline
        from skillextract.settings import Settings
        settings = Settings.model_validate_json({settings.model_dump_json()!r})
        snapshot = pipeline.begin_run(settings, now=datetime.fromisoformat({MOMENT.isoformat()!r}))
        fetched = [pipeline.fetch_source(settings.sources[0], settings=settings, snapshot=snapshot)]
        pipeline.fold_postings(fetched, settings=settings, snapshot=snapshot)
        print(snapshot, flush=True)
        sys.stdin.read()
    """
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "src")}
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as other:
        assert other.stdout is not None
        theirs = other.stdout.readline().strip()
        ours = run(settings)["snapshot"]
        lake = Lake(settings.lake)
        assert (theirs, ours) == ("2026-11-24T170509Z", "2026-11-24T170510Z")
        assert (lake.list_snapshots(), lake.list_unfinished()) == ([ours], [theirs])
        other.kill()
    assert run(settings, now=MOMENT + timedelta(minutes=5))["snapshot"] == theirs
    assert (lake.list_snapshots(), lake.list_unfinished(), check_lake(lake).faults) == ([theirs, ours], [], [])
    first, second = (
        [pq.read_table(path) for path in sorted(Path(settings.lake).glob(f"{kind}/snapshot={snapshot}/*"))]
        for kind in ("mentions",)
        for snapshot in (theirs, ours)
    )
    assert (len(first), first) == (3, second)


def test_a_clock_that_was_set_back_a_little_leaves_the_order_of_snapshots_and_a_lot_is_refused(
    settings: Settings,
) -> None:
    lake = Lake(settings.lake)
    lake.commit("2026-11-24T170509Z", [], {})
    assert pipeline.begin_run(settings, now=MOMENT - timedelta(minutes=59)) == "2026-11-24T170510Z"
    with pytest.raises(
        LakeError, match=r"newest snapshot is 2026-11-24T170509Z, and the clock says 2026-11-24T150509Z"
    ):
        pipeline.begin_run(settings, now=MOMENT - timedelta(hours=2))


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_killed_run_is_finished_by_the_next_one_as_if_nothing_had_happened(tmp_path: Path) -> None:
    """SIGKILL at chosen events of every step and at random ones, at random times, and three times in a row."""
    driver = REPOSITORY / "tests" / "killing.py"
    done = subprocess.run(
        [sys.executable, str(driver), str(tmp_path), "25", str(DEATHS), "20261124"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "src")},
    )
    assert (done.returncode, done.stderr[-2000:] if done.returncode else "") == (0, "")
    first, *deaths = map(json.loads, done.stdout.splitlines())
    assert len(deaths) == DEATHS + 6
    assert sum(not each["committed"] for each in deaths) >= 20
    assert sum(each["finished"] > 0 for each in deaths) >= 10
    assert sum(each["page"] and not each["committed"] for each in deaths) >= 3  # byte-identical with its charts, too
    wrong = [
        each
        for each in deaths
        if each["exit code of the next run"] or each["different"] or each["written again"] or each["work left"]
    ]
    assert wrong == []
    assert first["files"] > 40
