"""A worker that is killed in mid-run costs only the part that it was at; of a pool of processes, those under way."""

import contextlib
import functools
import json
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from skillextract import pipeline
from skillextract.errors import SkillExtractError
from skillextract.lake import Lake
from skillextract.settings import FilesSource, Settings
from skillextract.upkeep import check_lake

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

SKILLS = ("Kafka", "RabbitMQ", "PostgreSQL", "Kubernetes", "Terraform", "PyTorch", "Spark", "Airflow")
PARTS, ROWS = 8, 150


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> FilesSource:
    """Parts that each take a second or so, so that there is a middle to be killed in."""
    path = tmp_path_factory.mktemp("postings") / "p.jsonl"
    with path.open("w") as stream:
        for number in range(PARTS * ROWS):
            lines = [
                f"- {3 + number % 5}+ years of {SKILLS[(number + line) % 8]} and {SKILLS[number % 7]}: {number}-{line}"
                for line in range(30)
            ]
            text = "Requirements\n" + "\n".join(lines)
            row = {"id": str(number), "title": "Machine Learning Engineer", "company": f"X{number}", "text": text}
            stream.write(json.dumps(row) + "\n")
    return FilesSource(path=str(path))


def choose(source: FilesSource, lake: Path, runner: str = "threads") -> Settings:
    return Settings(lake=str(lake), sources=[source], shard_size=ROWS, runner=runner)


@pytest.fixture(scope="module")
def undisturbed(
    flow_module: ModuleType, source: FilesSource, tmp_path_factory: pytest.TempPathFactory
) -> pipeline.WrittenReports:
    written: pipeline.WrittenReports = flow_module.skill_demand(
        choose(source, tmp_path_factory.mktemp("calm") / "lake")
    )
    return written


class Watcher(threading.Thread):
    """Looks at a lake's parts of mentions while a run goes on; kills once, and remembers each file that stood there."""

    def __init__(self, lake: Path, kill: Callable[[], bool]) -> None:
        super().__init__(daemon=True)
        self.lake, self.kill = lake, kill
        self.files: dict[str, set[tuple[int, int]]] = {}
        self.finished_before: set[str] = set()
        self.killed = False
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.is_set():
            self.look()
            if not self.killed and 2 <= len(self.files) < PARTS - 2 and self.kill():
                self.finished_before, self.killed = set(self.files), True
            time.sleep(0.005)

    def look(self) -> None:
        for path in self.lake.glob("mentions/*/part-*.parquet"):
            stat = path.stat()
            self.files.setdefault(path.name, set()).add((stat.st_ino, stat.st_mtime_ns))

    def stop(self) -> None:
        self._over.set()
        self.join()
        self.look()


def read_mentions(written: pipeline.WrittenReports) -> list[pd.DataFrame]:
    lake = Path(written["folder"]).parents[2]
    parts = sorted(lake.glob(f"mentions/snapshot={written['snapshot']}/*.parquet"))
    return [pq.read_table(path).to_pandas() for path in parts]


def assert_same(written: pipeline.WrittenReports, undisturbed: pipeline.WrittenReports) -> None:
    found, expected = read_mentions(written), read_mentions(undisturbed)
    assert len(found) == PARTS
    for ours, theirs in zip(found, expected, strict=True):
        pd.testing.assert_frame_equal(ours, theirs)
    for name in written["tables"]:
        if name not in ("run_summary", "postings"):  # they name the snapshot, and when the file was read
            ours, theirs = (pd.read_parquet(each["tables"][name]) for each in (written, undisturbed))
            pd.testing.assert_frame_equal(ours, theirs)
    assert check_lake(Lake(str(Path(written["folder"]).parents[2]))).faults == []


def list_done(lake: Path) -> set[str]:
    """The file names of the parts that the run has recorded as searched."""
    return {f"{path.stem.removeprefix('extract-')}.parquet" for path in lake.glob("work/*/done/extract-*.json")}


def test_a_killed_dask_worker_costs_only_the_part_that_it_was_at(
    flow_module: ModuleType, source: FilesSource, undisturbed: pipeline.WrittenReports, tmp_path: Path
) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra `dask` is not installed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        done: set[str] = set()

        def kill_a_busy_one() -> bool:
            busy = [address for address, keys in client.processing().items() if keys]
            if len(busy) < 2:
                return False
            [pid] = client.run(os.getpid, workers=[busy[0]]).values()
            done.update(list_done(tmp_path / "lake"))
            os.kill(pid, signal.SIGKILL)
            return True

        watcher = Watcher(tmp_path / "lake", kill_a_busy_one)
        watcher.start()
        written = flow_module.skill_demand(choose(source, tmp_path / "lake", cluster.scheduler_address))
        watcher.stop()
    assert watcher.killed
    assert (len(watcher.finished_before) >= 2, len(watcher.files)) == (True, PARTS)
    # Those that were done before and those of the other worker were not done again. The killed one's part may stand
    # there without being recorded as done: then it is no finished one, and is written anew.
    again = {name for name, files in watcher.files.items() if len(files) > 1}
    assert (again & done, len(again) <= 1) == (set(), True), (again, done)
    assert_same(written, undisturbed)


def find_pool_processes(before: set[int]) -> list[Any]:
    """The processes of a pool that this process has started since."""
    import psutil

    found = []
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):  # it has ended meanwhile
            if child.pid not in before and "spawn_main" in " ".join(child.cmdline()):
                found.append(child)
    return found


def list_children() -> set[int]:
    import psutil

    return {child.pid for child in psutil.Process().children(recursive=True)}


def test_a_killed_process_costs_only_the_parts_that_were_under_way(
    flow_module: ModuleType,
    source: FilesSource,
    undisturbed: pipeline.WrittenReports,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    before, done = list_children(), set[str]()

    def kill_one() -> bool:
        if workers := find_pool_processes(before):
            # A part that stands there but is not recorded as done is no finished one: it is written anew, the same.
            done.update(list_done(tmp_path / "lake"))
            workers[0].kill()
        return bool(workers)

    watcher = Watcher(tmp_path / "lake", kill_one)
    watcher.start()
    written = flow_module.skill_demand(choose(source, tmp_path / "lake", "processes"))
    watcher.stop()
    assert (watcher.killed, len(watcher.files), len(done) >= 1) == (True, PARTS, True)
    assert {name: len(watcher.files[name]) for name in done if len(watcher.files[name]) > 1} == {}
    assert_same(written, undisturbed)
    said = [record.getMessage() for record in caplog.records if record.name == "skillextract.flow"]
    assert said == [
        "extract: a process was ended from outside, as a system does that runs out of memory; going on with a fresh "
        "pool without the parts that are finished, 1 more may follow; if it happens again, memory may be short: set "
        "fewer `workers`, a smaller `shard_size`, or `runner` to threads"
    ]


def test_processes_that_are_killed_every_time_fail_the_run_and_the_next_one_goes_on_where_it_stopped(
    flow_module: ModuleType,
    source: FilesSource,
    undisturbed: pipeline.WrittenReports,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, pools = list_children(), list[int]()
    search = flow_module.extract_parts

    @functools.wraps(search)  # a flow elsewhere is sent with the module that its function is of
    def search_and_be_killed(parts: list[str], settings: Settings, snapshot: str) -> list[str]:
        """As `extract_parts`, in a pool of which a process is killed once there is one more part than before."""
        known, over = len(list_done(tmp_path / "lake")), threading.Event()

        def kill() -> None:
            while not over.wait(0.005):
                if len(list_done(tmp_path / "lake")) > known and (workers := find_pool_processes(before)):
                    workers[0].kill()
                    return

        killer = threading.Thread(target=kill, daemon=True)
        killer.start()
        try:
            found: list[str] = search(parts, settings, snapshot)
            return found
        finally:
            over.set()
            killer.join()
            pools.append(len(list_done(tmp_path / "lake")))

    settings = choose(source, tmp_path / "lake", "processes").model_copy(update={"workers": 1})
    watcher = Watcher(tmp_path / "lake", lambda: False)
    watcher.start()
    monkeypatch.setattr(flow_module, "extract_parts", search_and_be_killed)
    with pytest.raises(SkillExtractError, match=r"ended from outside.*in each of 3 pools.*it goes on where it stopped"):
        flow_module.skill_demand(settings)
    monkeypatch.undo()
    assert (len(pools), pools, pools[-1] < PARTS) == (3, sorted(set(pools)), True)
    assert Lake(settings.lake).list_snapshots() == []
    done = list_done(tmp_path / "lake")
    written = flow_module.skill_demand(settings)
    watcher.stop()
    assert {name: len(watcher.files[name]) for name in done if len(watcher.files[name]) > 1} == {}
    assert_same(written, undisturbed)
