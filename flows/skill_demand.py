"""The flow `skill-demand`: fetch postings, find skills in them, compare the market with a role profile.

Run it as a script (`python flows/skill_demand.py`), from `make run`, or as a deployment of `prefect.yaml`. The work is
done by `skillextract.pipeline`; what of Prefect takes more than a decorator is beside this file, in `orchestration/`.
Here stand only the order of the steps and what is tried again.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import sys
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from typing import Any

from orchestration.artifacts import show_answer
from orchestration.forms import AskedSettings
from orchestration.logs import let_log_through
from orchestration.notices import tell_failure
from orchestration.runners import ProcessKilledError, choose_runner
from orchestration.secret_blocks import load_secrets
from orchestration.steps import begin, follow
from script import run_script

from prefect import flow, task
from prefect.client.schemas.objects import State, TaskRun
from prefect.context import FlowRunContext
from prefect.states import Completed
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.tasks import Task, exponential_backoff

from skillextract import pipeline
from skillextract.backfill import Past, find_sources
from skillextract.collect.secrets import lend_secrets
from skillextract.errors import SkillExtractError, SourceBusy, SourceUnavailable
from skillextract.roles.known import tell_unknown_role
from skillextract.settings import AnySource, Settings, load_market_settings, load_settings

logger = logging.getLogger("skillextract.flow")
let_log_through()


async def is_worth_retrying(task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:
    """Tell whether trying again soon may help: where a source did not answer, and did not ask to be left alone."""
    error = await state.aresult(raise_on_failure=False)
    return isinstance(error, SourceUnavailable) and not isinstance(error, SourceBusy)


@task(
    task_run_name="fetch {source.name}",
    retries=2,
    retry_delay_seconds=exponential_backoff(backoff_factor=10),
    retry_jitter_factor=0.5,
    retry_condition_fn=is_worth_retrying,
)
def fetch(source: AnySource, settings: Settings, snapshot: str) -> pipeline.FetchedSource:
    """Fetch one source into the lake; the settings need not name it."""
    with lend_secrets(load_secrets(source)):
        return pipeline.fetch_source(source, settings=settings, snapshot=snapshot)


@task(task_run_name="fold copies")
def fold(fetched: list[pipeline.FetchedSource], settings: Settings, snapshot: str) -> pipeline.FoldedPostings:
    """Mark the copies among all postings."""
    return pipeline.fold_postings(fetched, settings=settings, snapshot=snapshot)


@task(task_run_name="extract {part}")
def extract(part: str, settings: Settings, snapshot: str) -> str:
    """Find the skills in one part of the postings."""
    let_log_through()  # this may be another process
    return pipeline.extract_part(part, settings=settings, snapshot=snapshot)


@task(task_run_name="report")
def report(
    fetched: list[pipeline.FetchedSource],
    folded: pipeline.FoldedPostings,
    mention_parts: list[str],
    settings: Settings,
    snapshot: str,
) -> pipeline.WrittenReports:
    """Count, compare, and write tables and page."""
    return pipeline.write_reports(
        settings=settings, snapshot=snapshot, fetched=fetched, folded=folded, mention_parts=mention_parts
    )


@task(task_run_name="publish")
def publish(written: pipeline.WrittenReports, fetched: list[pipeline.FetchedSource], role: str) -> None:
    """Show the answer in Prefect's UI."""
    show_answer(written, fetched, role)


# Both entries are the same flow, begun in another way: they share its page in Prefect's UI.
as_flow = flow(
    name="skill-demand",
    task_runner=ThreadPoolTaskRunner(max_workers=8),  # type: ignore[arg-type]
    on_failure=[tell_failure],
    on_crashed=[tell_failure],
)


@as_flow
def skill_demand(settings: AskedSettings | None = None, settings_file: str | None = None) -> pipeline.WrittenReports:
    """Which skills the market asks for, compared with a role's reference profile.

    Args:
        settings: What to read and where to write. Left out, `settings_file`.
        settings_file: The settings file, relative to the working directory; it has to be there and to name sources.
            Left out, `skillextract.toml`; where there is none, the sample of invented postings that the package ships.
    """
    return take_steps(settings or load_market_settings(settings_file, tell_role=tell_unknown_role))


@as_flow
def backfill(past: Past, settings: AskedSettings | None = None) -> pipeline.WrittenReports:
    """The same for the past: a range of Hacker News months, or a folder of files, in one snapshot.

    Args:
        past: What to read in place of the settings' sources: the first and last month of Hacker News threads, or a
            folder.
        settings: Where to write, and all else. Left out, the file `skillextract.toml` of the working directory.
    """
    settings = settings or load_settings(tell_role=tell_unknown_role)
    return take_steps(Settings(**{**settings.model_dump(exclude_unset=True), "sources": find_sources(past)}))


def take_steps(settings: Settings) -> pipeline.WrittenReports:
    """Fetch, fold, extract, report, publish.

    Returns:
        What was written; within Prefect, where a source or any posting of the role is missing, wrapped in a state that
        says so.
    """
    snapshot = pipeline.begin_run(settings)
    # Prefect looks through whatever it hands to a task: a thousand sources in each of a thousand tasks are a minute.
    # The lake is named: without sources, settings that leave it out mean the sample's.
    apart = settings.model_copy(update={"sources": [], "lake": settings.lake})
    runs = [functools.partial(settle, source, begin(fetch, source, apart, snapshot)) for source in settings.sources]
    try:
        fetched = list(follow(runs, key=f"{settings.role}-sources-read", description="Sources that were read"))
        folded = fold(fetched, apart, snapshot)
        search = choose_runner(extract_parts, settings.runner, settings.workers)
        mention_parts = search(folded["parts"], apart, snapshot)
        written = report(fetched, folded, mention_parts, settings, snapshot)
    except Exception:
        # None of its steps is at work any more (`follow` saw to that): the next run may go on at once.
        with contextlib.suppress(SkillExtractError):
            pipeline.give_up_run(settings, snapshot)
        raise
    publish(written, fetched, settings.role)
    return conclude(written)


def settle(source: AnySource, wait: Callable[[], pipeline.FetchedSource]) -> pipeline.FetchedSource:
    """Wait for a source; one that is down even after every retry is described, and does not stop the others."""
    try:
        return wait()
    except SourceUnavailable as error:
        return pipeline.describe_failure(source, error)


def extract_parts(parts: list[str], settings: Settings, snapshot: str) -> list[str]:
    """Find the skills in all parts, beside each other.

    Raises:
        ProcessKilledError: a process of the pool was killed; Dask gives its part to another one instead.
    """
    waits = [begin(extract, part, settings, snapshot) for part in parts]
    try:
        return list(follow(waits, key=f"{settings.role}-parts-searched", description="Parts searched for skills"))
    except BrokenExecutor as error:
        raise ProcessKilledError(
            "extract: a process was ended from outside, as a system does that runs out of memory"
        ) from error


def conclude(written: pipeline.WrittenReports) -> pipeline.WrittenReports:
    """Return what was written; within Prefect, where the report lacks something, as the data of a state named Partial.

    The run is completed, and its state in the UI, not only its log, says what the report lacks: sources, or any posting
    of the role.
    """
    if not written["missing_sources"] and not written["absence"]:
        return written
    missing = ", ".join(written["missing_sources"])
    market = f"The report lacks part of the market: {missing}" if missing else ""
    message = ". ".join(filter(None, (market, written["absence"])))
    logger.warning("%s", message)
    if FlowRunContext.get() is None:
        return written
    partial: Any = Completed(name="Partial", message=message, data=written)
    return partial  # type: ignore[no-any-return]


def main() -> int:
    """Run the flow here and now, print what it found, and return the exit code."""
    return run_script(skill_demand, description=__doc__)


if __name__ == "__main__":
    from interrupts import run_until_signal  # only beside the script; a deployment's run is ended by its worker

    sys.exit(run_until_signal(main, tell=functools.partial(tell_failure, skill_demand)))
