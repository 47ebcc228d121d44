"""Runs of the flow: in threads, in processes, on Dask; how they end, and who is told."""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from orchestration import runners
from orchestration.notices import NOTIFY

import pandas as pd
import pytest
from prefect.task_runners import ThreadPoolTaskRunner

from collect.board_server import Answer, BoardServer
from skillextract import pipeline
from skillextract.collect.http import PoliteSession
from skillextract.errors import LakeError, SettingsError
from skillextract.settings import AshbySource, FilesSource, Settings
from skillextract.skills import loading

POSTING = {"id": "1", "title": "Machine Learning Engineer", "descriptionHtml": "<p>You know Python and Kafka.</p>"}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with PoliteSession(connect_timeout=5, read_timeout=5, attempts=1, backoff=0, spacing=0) as session:
        monkeypatch.setattr(pipeline.fetch, "share_session", lambda contact, cache: session)
        yield


def run_sample(module: ModuleType, folder: Path, runner: str) -> pipeline.WrittenReports:
    written: pipeline.WrittenReports = module.skill_demand(
        Settings(lake=str(folder / "lake"), runner=runner, shard_size=30)
    )
    return written


def read_answer(written: pipeline.WrittenReports) -> pd.DataFrame:
    return pd.read_parquet(written["tables"]["mentions"])


@pytest.fixture(scope="module")
def expected(flow_module: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """What threads find in the sample."""
    return read_answer(run_sample(flow_module, tmp_path_factory.mktemp("threads"), "threads"))


def test_processes_write_into_the_lake_of_a_market_that_the_settings_do_not_name(
    flow_module: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "p.jsonl").write_text(
        '{"id": "1", "title": "Machine Learning Engineer", "text": "You know Python and Kafka."}\n'
    )
    monkeypatch.chdir(tmp_path)
    # A flow of its own, as with processes, whose parameters Prefect checks anew.
    monkeypatch.setattr(runners, "ProcessPoolTaskRunner", ThreadPoolTaskRunner)
    written: pipeline.WrittenReports = flow_module.skill_demand(
        Settings(sources=[FilesSource(path="p.jsonl")], runner="processes")
    )
    assert written["folder"] == f"{tmp_path}/lake/reports/machine-learning-engineer/snapshot={written['snapshot']}"
    assert sorted(path.name for path in tmp_path.glob("lake*")) == ["lake"]
    assert sorted(read_answer(written)["skill"]) == ["kafka", "python"]


def test_a_missing_source_ends_the_run_as_completed_and_the_state_says_so(
    flow_module: ModuleType, quick: None, board_server: BoardServer, tmp_path: Path
) -> None:
    board_server.serve_ashby("good", [POSTING])
    sources = [AshbySource(token=token, base_url=board_server.url) for token in ("good", "gone")]
    settings = Settings(lake=str(tmp_path / "lake"), sources=sources)
    state = flow_module.skill_demand(settings, return_state=True)
    assert (state.type.value, state.name, state.message) == (
        "COMPLETED",
        "Partial",
        "The report lacks part of the market: ashby:gone",
    )
    assert state.result()["missing_sources"] == ["ashby:gone"]


def test_a_run_without_any_source_fails_and_is_told_to_the_block_of_notifications(
    flow_module: ModuleType, quick: None, board_server: BoardServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.blocks.notifications import CustomWebhookNotificationBlock

    board_server.on("/hook", Answer(b"{}"))
    hook = f"{board_server.url}/hook"
    told = {"body": "{{body}}", "subject": "{{subject}}"}
    block = CustomWebhookNotificationBlock(name="tests", url=hook, method="GET", params=told)
    block.save("tests", overwrite=True)
    monkeypatch.setenv(NOTIFY, "custom-webhook/tests")
    source = AshbySource(token="gone", base_url=board_server.url)
    with pytest.raises(LakeError, match="no source gave a posting"):
        flow_module.skill_demand(Settings(lake=str(tmp_path / "lake"), sources=[source]))
    [sent] = [request for request in board_server.requests if request.path == "/hook"]
    assert sent.query["subject"].startswith("skill-demand ")
    assert "no source gave a posting, so there is nothing to count" in sent.query["body"]


def test_a_run_that_failed_is_given_up_once_none_of_its_steps_is_at_work_any_more(
    flow_module: ModuleType, board_server: BoardServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed, ended, given_up = threading.Event(), list[str](), list[list[str]]()

    def fetch(source: AshbySource, **named: Any) -> pipeline.FetchedSource:
        if source.token == "broken":
            failed.set()
            raise LakeError("the disk is full")
        assert failed.wait(60)
        ended.append(source.token)
        raise LakeError("this one, too")

    monkeypatch.setattr(pipeline, "fetch_source", fetch)
    monkeypatch.setattr(pipeline, "give_up_run", lambda settings, snapshot: given_up.append([snapshot, *ended]))
    sources = [AshbySource(token=token, base_url=board_server.url) for token in ("broken", "slow", "slower")]
    with pytest.raises(LakeError, match="the disk is full"):
        flow_module.skill_demand(Settings(lake=str(tmp_path / "lake"), sources=sources))
    [[snapshot, *others]] = given_up
    assert sorted(others) == ["slow", "slower"]
    assert (tmp_path / "lake" / "work" / f"snapshot={snapshot}").is_dir()


@pytest.mark.parametrize("runner", ["thread", "tcp://", "http://10.0.0.5:8786", "tcp://host"])
def test_an_unknown_runner_is_refused(runner: str) -> None:
    with pytest.raises(ValueError, match="expected threads, processes, dask or a Dask scheduler's address"):
        Settings(runner=runner)


def test_a_missing_extra_is_named(flow_module: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "prefect_dask", None)
    with pytest.raises(SettingsError, match=r"prefect-dask is not installed; run `pip install 'skillextract\[dask\]'`"):
        run_sample(flow_module, tmp_path, "dask")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_processes_find_what_threads_find(flow_module: ModuleType, expected: pd.DataFrame, tmp_path: Path) -> None:
    pd.testing.assert_frame_equal(read_answer(run_sample(flow_module, tmp_path, "processes")), expected)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_dask_cluster_finds_what_threads_find_and_loads_the_patterns_once_a_process(
    flow_module: ModuleType, expected: pd.DataFrame, tmp_path: Path
) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra `dask` is not installed")
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        written = run_sample(flow_module, tmp_path, cluster.scheduler_address)
        [loaded] = client.run(lambda: loading._load.cache_info()).values()
    pd.testing.assert_frame_equal(read_answer(written), expected)
    parts = list((tmp_path / "lake" / "mentions").rglob("*.parquet"))
    assert len(parts) > 1
    assert (loaded.misses, loaded.hits) == (1, len(parts) - 1)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_cluster_of_its_own_is_brought_up_and_taken_down(
    flow_module: ModuleType, expected: pd.DataFrame, tmp_path: Path
) -> None:
    pytest.importorskip("distributed", reason="the extra `dask` is not installed")
    import psutil

    before = {child.pid for child in psutil.Process().children(recursive=True)}
    pd.testing.assert_frame_equal(read_answer(run_sample(flow_module, tmp_path, "dask")), expected)
    workers = [
        child
        for child in psutil.Process().children(recursive=True)
        if child.pid not in before and "spawn_main" in " ".join(child.cmdline())
    ]
    assert workers == []
