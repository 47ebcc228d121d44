"""A disk that is full or read-only, and files of finished snapshots that were deleted by hand, in a whole run."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from skillextract import pipeline
from skillextract.errors import LakeError
from skillextract.history import follow_lake
from skillextract.lake import Lake
from skillextract.settings import FilesSource, Settings
from skillextract.upkeep import check_lake

MOMENT = datetime(2026, 11, 24, 17, 5, 9, tzinfo=UTC)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FilesSource:
    """Sixty postings, and a page that costs nothing."""
    monkeypatch.setattr(pipeline.report, "render_page", lambda *_, **__: "the page")
    rows = [
        {
            "id": str(n),
            "title": "Machine Learning Engineer",
            "company": f"X{n}",
            "text": f"You know Kafka{' and Docker' if n % 3 else ''}. {n}",
        }
        for n in range(60)
    ]
    (tmp_path / "p.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return FilesSource(path=str(tmp_path / "p.jsonl"))


def run(settings: Settings, *, now: datetime = MOMENT) -> pipeline.WrittenReports:
    snapshot = pipeline.begin_run(settings, now=now)
    fetched = [pipeline.fetch_source(source, settings=settings, snapshot=snapshot) for source in settings.sources]
    folded = pipeline.fold_postings(fetched, settings=settings, snapshot=snapshot)
    mentions = [pipeline.extract_part(part, settings=settings, snapshot=snapshot) for part in folded["parts"]]
    return pipeline.write_reports(
        settings=settings, snapshot=snapshot, fetched=fetched, folded=folded, mention_parts=mentions
    )


def read_numbers(written: pipeline.WrittenReports) -> pd.DataFrame:
    return pd.read_parquet(written["tables"]["skill_frequencies"])


class Disk:
    """A real file system of its own, small enough to fill."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def mount(self, options: str) -> None:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "skillextract-test", self.place], capture_output=True, text=True
        )
        if done.returncode:
            pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")

    def unmount(self) -> None:
        subprocess.run(["umount", self.place], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small file system to fill it")
    (tmp_path / "disk").mkdir()
    disk = Disk(tmp_path / "disk")
    disk.mount("size=64m")
    try:
        yield disk
    finally:
        disk.unmount()


@pytest.mark.parametrize(
    "kilobytes", [8, 48, pytest.param(120, marks=pytest.mark.slow), pytest.param(200, marks=pytest.mark.slow)]
)
def test_a_full_disk_is_named_and_the_run_goes_on_once_there_is_space(
    disk: Disk, source: FilesSource, tmp_path: Path, kilobytes: int
) -> None:
    disk.mount(f"remount,size={kilobytes}k")
    settings = Settings(lake=str(disk.place / "lake"), sources=[source], shard_size=10)
    with pytest.raises(LakeError, match=r"cannot be written \(No space left on device\); .*free some space"):
        run(settings)
    lake = Lake(settings.lake)
    assert lake.list_snapshots() == []
    assert [path for path in lake.list_files("") if path.endswith(".tmp")] == []
    disk.mount("remount,size=64m")
    written = run(settings)
    assert (lake.list_snapshots(), check_lake(lake).faults) == ([written["snapshot"]], [])
    calm = run(settings.model_copy(update={"lake": str(tmp_path / "calm")}))
    pd.testing.assert_frame_equal(read_numbers(written), read_numbers(calm))


def test_a_disk_that_becomes_read_only_is_named(disk: Disk, source: FilesSource) -> None:
    settings = Settings(lake=str(disk.place / "lake"), sources=[source])
    run(settings)
    disk.mount("remount,ro")
    with pytest.raises(LakeError, match=r"cannot be written \(Read-only file system\); make the folder writable"):
        run(settings, now=MOMENT + timedelta(days=1))
    disk.mount("remount,rw")
    assert check_lake(Lake(settings.lake)).faults == []


@pytest.mark.parametrize("kind", ["postings", "mentions", "index"])
def test_a_part_of_a_finished_snapshot_that_was_deleted_is_not_missed_by_the_next_run(
    source: FilesSource, tmp_path: Path, kind: str
) -> None:
    settings = Settings(lake=str(tmp_path / "lake"), sources=[source], shard_size=30)
    first = run(settings)
    gone = min((tmp_path / "lake" / kind).rglob("*.*"))
    gone.unlink()
    [fault] = check_lake(Lake(settings.lake)).faults
    assert (fault.path, fault.message.partition(";")[0]) == (str(gone.relative_to(tmp_path / "lake")), "is missing")
    second = run(settings, now=MOMENT + timedelta(days=1))
    pd.testing.assert_frame_equal(read_numbers(second), read_numbers(first))


def test_what_a_next_run_cannot_do_without_is_named(source: FilesSource, tmp_path: Path) -> None:
    """Without the sightings it would say of every posting that it was first seen today."""
    settings = Settings(lake=str(tmp_path / "lake"), sources=[source])
    first = run(settings)
    next((tmp_path / "lake" / "sightings").rglob("*.parquet")).unlink()
    with pytest.raises(LakeError, match=r"sightings/.*is not as its manifest says; restore it from a copy, or delete"):
        run(settings, now=MOMENT + timedelta(days=1))
    (tmp_path / "lake" / "snapshots" / f"{first['snapshot']}.json").unlink()
    assert run(settings, now=MOMENT + timedelta(days=1))["snapshot"] == "2026-11-25T170509Z"


def test_trends_name_a_stored_table_that_was_deleted(source: FilesSource, tmp_path: Path) -> None:
    settings = Settings(lake=str(tmp_path / "lake"), sources=[source])
    Path(run(settings)["tables"]["mentions"]).unlink()
    run(settings, now=MOMENT + timedelta(days=1))
    with pytest.raises(LakeError, match=r"mentions\.parquet: .*restore it from a copy, or run the flow again"):
        follow_lake(settings)
