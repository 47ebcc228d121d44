"""Where parts are searched: in the flow's own threads, in processes of this machine, or on a Dask cluster."""

from __future__ import annotations

import functools
import logging
import os
import sys
from collections.abc import Callable
from typing import Any, TypeAlias

import cloudpickle
from prefect import flow
from prefect.context import FlowRunContext
from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner

from skillextract.errors import SettingsError, SkillExtractError
from skillextract.settings import Settings

logger = logging.getLogger("skillextract.flow")

POOLS = 3
"""How many pools of processes a run gets in all: where one of its processes is killed, a whole pool is lost."""

SearchParts: TypeAlias = Callable[[list[str], Settings, str], list[str]]
"""What finds the skills in all parts, beside each other: paths of the parts, settings, snapshot; paths of mentions."""


class ProcessKilledError(SkillExtractError):
    """A process of the pool that searches parts was ended from outside, and the pool with it."""


def choose_runner(search: SearchParts, runner: str, workers: int | None = None) -> SearchParts:
    """Return a search as it runs where the settings say.

    Only this step leaves the process: sources are asked from one, for its session keeps requests to a host apart.
    In the flow's own threads it is a plain call; elsewhere it is a flow of its own, with a task runner of that kind.

    Raises:
        SettingsError: a Dask cluster is asked for, and prefect-dask is not installed.
    """
    if runner == "threads" or FlowRunContext.get() is None:
        return search
    if runner == "processes":
        return functools.partial(extract_in_pools, run_on(ProcessPoolTaskRunner(max_workers=workers), search))
    try:
        from prefect_dask import DaskTaskRunner  # type: ignore[attr-defined]
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"settings: runner: found {runner!r}, and prefect-dask is not installed; run `pip install "
            "'skillextract[dask]'`, or choose threads or processes"
        ) from error
    if runner == "dask":
        # Python searches one part at a time in a process, so a second thread there would only wait for the first.
        cluster = {"n_workers": workers or os.cpu_count(), "threads_per_worker": 1, "dashboard_address": None}
        return run_on(DaskTaskRunner(cluster_kwargs=cluster), search)
    return run_on(DaskTaskRunner(address=runner), search)


def run_on(task_runner: TaskRunner[Any], search: SearchParts) -> SearchParts:
    """Return a search as a flow of its own, whose tasks go to a task runner."""
    # Prefect loads a flow's file under a name that no other process can import, and this package lies beside it, where
    # a Dask worker of another machine has nothing: the functions of both travel whole.
    for name in (search.__module__, __package__):
        cloudpickle.register_pickle_by_value(sys.modules[name])
    elsewhere: Any = flow(name="extract", task_runner=task_runner)(search)
    return elsewhere  # type: ignore[no-any-return]


def extract_in_pools(search: SearchParts, parts: list[str], settings: Settings, snapshot: str) -> list[str]:
    """Find the skills in all parts, and go on with a fresh pool where a process was killed, until `POOLS` are spent.

    The journal knows the parts that were finished: they are not searched again.

    Args:
        search: with a pool of its own for each call.
        parts: the paths of the parts.
        settings: those of the run.
        snapshot: the one that it makes.

    Raises:
        ProcessKilledError: a process of every pool was killed.
    """
    for left in reversed(range(POOLS)):
        try:
            return search(parts, settings, snapshot)
        except ProcessKilledError as error:
            mend = "set fewer `workers`, a smaller `shard_size`, or `runner` to threads"
            if not left:
                raise ProcessKilledError(
                    f"{error}, in each of {POOLS} pools; if memory is short, {mend}; then run the flow again: with the "
                    "same `shard_size` it goes on where it stopped"
                ) from error
            logger.warning(
                "%s; going on with a fresh pool without the parts that are finished, %d more may follow; if it happens "
                "again, memory may be short: %s",
                error,
                left - 1,
                mend,
            )
    raise AssertionError("the last pool returns or raises")
