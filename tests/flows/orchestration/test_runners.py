"""Where parts are searched: which runner a setting means, and what becomes of a pool whose process was killed."""

import functools
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from orchestration import runners
from orchestration.runners import ProcessKilledError, choose_runner, extract_in_pools

import cloudpickle
import pytest
from prefect.task_runners import ThreadPoolTaskRunner

from conftest import REPOSITORY
from skillextract.errors import SettingsError
from skillextract.settings import Settings


def search(parts: list[str], settings: Settings, snapshot: str) -> list[str]:
    return [f"{snapshot}/{part}" for part in parts]


@pytest.fixture
def within_a_flow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runners.FlowRunContext, "get", lambda: object())


@pytest.mark.parametrize("runner", ["threads", "processes", "dask", "tcp://host:8786"])
def test_outside_of_a_flow_parts_are_searched_here(runner: str) -> None:
    assert choose_runner(search, runner) is search


def test_in_the_flows_own_threads_the_search_is_a_plain_call(within_a_flow: None) -> None:
    assert choose_runner(search, "threads", 3) is search


def test_the_number_of_processes_is_a_setting(within_a_flow: None, monkeypatch: pytest.MonkeyPatch) -> None:
    prefect_dask = pytest.importorskip("prefect_dask", reason="the extra `dask` is not installed")
    chosen: list[Any] = []
    monkeypatch.setattr(runners, "run_on", lambda runner, search: chosen.append(runner))
    for runner, workers in (("processes", 3), ("processes", None), ("dask", 3), ("dask", None)):
        choose_runner(search, runner, workers)
    cores = os.cpu_count()
    assert [runner._max_workers for runner in chosen[:2]] == [3, cores]
    assert isinstance(chosen[2], prefect_dask.DaskTaskRunner)
    assert [runner.cluster_kwargs["n_workers"] for runner in chosen[2:]] == [3, cores]


def test_where_dask_is_not_installed_the_extra_is_named(within_a_flow: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "prefect_dask", None)
    with pytest.raises(SettingsError, match=r"prefect-dask is not installed; run `pip install 'skillextract\[dask\]'`"):
        choose_runner(search, "dask")


def test_what_runs_elsewhere_is_a_flow_whose_functions_need_no_module_there(
    prefect_harness: None, tmp_path: Path
) -> None:
    """A Dask worker of another machine has the library, and neither the flow's file nor what lies beside it."""
    elsewhere: Any = runners.run_on(ThreadPoolTaskRunner(), search)
    assert (elsewhere.name, elsewhere(["a"], Settings(), "s")) == ("extract", ["s/a"])
    sent = cloudpickle.dumps(functools.partial(extract_in_pools, search))
    code = (
        "import importlib.util, pickle, sys\n"
        "print(*map(importlib.util.find_spec, ('orchestration', 'test_runners')))\n"
        "print(pickle.load(sys.stdin.buffer)(['a'], None, 's'))\n"
    )
    there = {**os.environ, "PYTHONPATH": str(REPOSITORY / "src")}
    done = subprocess.run(
        [sys.executable, "-c", code], input=sent, capture_output=True, cwd=tmp_path, env=there, check=True
    )
    assert done.stdout.decode().splitlines() == ["None None", "['s/a']"]


@pytest.mark.parametrize("killed", [0, 1, 2])
def test_a_killed_process_costs_a_pool_and_the_next_one_goes_on_with_a_warning(
    caplog: pytest.LogCaptureFixture, killed: int
) -> None:
    asked: list[object] = []

    def search(*given: object) -> list[str]:
        asked.append(given)
        if len(asked) <= killed:
            raise ProcessKilledError("extract: killed")
        return ["mentions/a"]

    given = (["postings/a"], Settings(), "s")
    assert extract_in_pools(search, *given) == ["mentions/a"]
    assert asked == [given] * (killed + 1)
    said = [(record.levelname, record.getMessage().split(" may follow")[0]) for record in caplog.records]
    assert said == [
        (
            "WARNING",
            "extract: killed; going on with a fresh pool without the parts that are finished, " + f"{left} more",
        )
        for left in (1, 0)[:killed]
    ]


def test_where_every_pool_is_killed_the_run_fails_and_says_what_to_do() -> None:
    asked: list[object] = []

    def search(*given: object) -> list[str]:
        asked.append(given)
        raise ProcessKilledError("extract: killed")

    with pytest.raises(ProcessKilledError) as refused:
        extract_in_pools(search, ["postings/a"], Settings(), "s")
    assert (len(asked), str(refused.value)) == (
        3,
        "extract: killed, in each of 3 pools; if memory is short, set fewer `workers`, a smaller `shard_size`, or "
        "`runner` to threads; then run the flow again: with the same `shard_size` it goes on where it stopped",
    )
