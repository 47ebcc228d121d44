"""The flow `skill-demand`: fetch postings, find skills in them, compare the market with a role profile.

Run it as a script (`python flows/skill_demand.py`), from `make run`, or as a deployment of `prefect.yaml`. The work is
done by `skillextract.pipeline`; here stand only the order of the steps, what is tried again, and what Prefect shows.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeAlias, TypeVar

# Read when prefect is imported: no call home from a machine that may have no way out, our log lines in Prefect's UI,
# and patience with the temporary server, which on a busy machine has taken most of a minute to come up.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("PREFECT_LOGGING_EXTRA_LOGGERS", "skillextract")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "300")

import cloudpickle
from prefect import flow, task
from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.blocks.abstract import NotificationBlock
from prefect.blocks.core import Block
from prefect.blocks.system import Secret
from prefect.client.schemas.objects import FlowRun, State, TaskRun
from prefect.context import FlowRunContext, TaskRunContext
from prefect.flows import Flow
from prefect.settings import PREFECT_API_URL, PREFECT_LOGGING_LEVEL
from prefect.states import Completed
from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner, ThreadPoolTaskRunner
from prefect.tasks import Task, exponential_backoff
from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from skillextract import pipeline
from skillextract.backfill import Past, find_sources
from skillextract.collect.secrets import lend_secrets, list_variables, name_block, read_variable
from skillextract.errors import SettingsError, SkillExtractError, SourceBusy, SourceUnavailable
from skillextract.reports.markdown import render_markdown
from skillextract.reports.rows import remove_controls
from skillextract.reports.stored import read_report
from skillextract.reports.terminal import show
from skillextract.roles.titles import list_roles
from skillextract.settings import AnySource, Settings, load_market_settings, load_settings
from skillextract.skills.pattern_files import find_patterns

logger = logging.getLogger("skillextract.flow")

PARTLY = 3
"""The exit code of a run whose report lacks a source, or any posting of the role; that of `skillextract extract` means
that something is left out, too."""

NOTIFY = "SKILLEXTRACT_NOTIFY"
"""The environment variable that names the block to which a failed run is told, such as `slack-webhook/ops`."""

POOLS = 3
"""How many pools of processes a run gets in all: where one of its processes is killed, a whole pool is lost."""

Given = ParamSpec("Given")
Result = TypeVar("Result")


class ProcessKilledError(SkillExtractError):
    """A process of the pool that searches parts was ended from outside, and the pool with it."""


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


def load_secrets(source: AnySource) -> dict[str, str]:
    """Load the keys of a source that the environment lacks from Prefect's Secret blocks, by the variables' names.

    They are loaded where they are used, and are no parameter or result of a task: Prefect would store them.
    """
    if TaskRunContext.get() is None:  # called as a plain function: there is no Prefect to ask
        return {}
    found = {}
    for variable in list_variables(source):
        if read_variable(variable) is None:
            with contextlib.suppress(ValueError):  # there is no such block; the board says that its key is missing
                block: Any = Secret.load(name_block(variable), _sync=True)  # type: ignore[call-arg]
                found[variable] = str(block.get())
    return found


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
    """Show the answer in Prefect's UI: the comparison as Markdown, the sources as a table, a link to the page."""
    if TaskRunContext.get() is None:  # called as a plain function: there is no run to show it in
        return
    answer = render_markdown(read_report(written["folder"]), page=written["page"])
    create_markdown_artifact(
        key=f"{role}-comparison",
        markdown=answer,
        description=f"Profile and market, snapshot {written['snapshot']}",
    )
    rows = [
        {
            "source": each["source"],
            "status": each["status"],
            "postings": each["postings"],
            "refused": each["refused"],
            "repeated": each["repeated"],
            "message": each["message"],
        }
        for each in fetched
    ]
    create_table_artifact(key=f"{role}-sources", table=rows, description="What each source gave")
    page = written["page"] if "://" in written["page"] else Path(written["page"]).absolute().as_uri()
    create_link_artifact(
        key=f"{role}-page", link=page, link_text="report.html", description="The page; a file of the lake"
    )


def let_log_through() -> None:
    """Let the library's log lines of level INFO reach Prefect's UI: Prefect adds its handler, and leaves the level.

    With `PREFECT_LOGGING_LEVEL=DEBUG` those of that level, too.
    """
    library = logging.getLogger("skillextract")
    if library.level == logging.NOTSET:
        library.setLevel(logging.DEBUG if PREFECT_LOGGING_LEVEL.value() == "DEBUG" else logging.INFO)
    for name in ("prefect.task_runs", "prefect.flow_runs", "prefect.engine"):
        logging.getLogger(name).addFilter(tell_plainly)


def tell_plainly(record: logging.LogRecord) -> bool:
    """Make one line of what Prefect logs of an error that says itself what to do; the traceback is logged at DEBUG."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, SkillExtractError):
        logger.debug("the traceback of what was refused", exc_info=error)
        record.msg, record.args, record.exc_info, record.exc_text = str(error), (), None, None
    # Prefect says it a second time, as the state in which the task ends.
    return not (record.name == "prefect.task_runs" and record.getMessage().startswith("Finished in state Failed("))


let_log_through()


def tell_failure(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Send what went wrong to the notification block that `SKILLEXTRACT_NOTIFY` names; the log has it anyhow."""
    if not (name := os.environ.get(NOTIFY)):
        return
    block: Any = Block.load(name, _sync=True)  # type: ignore[call-arg]
    if not isinstance(block, NotificationBlock):
        raise SettingsError(f"environment: {NOTIFY}: found {name!r}, expected a notification block; change it")
    send: Any = block.notify
    send(state.message or "no reason was given", subject=f"{flow.name} {flow_run.name}: {state.name}")


# Both entries are the same flow, begun in another way: they share its page in Prefect's UI.
as_flow = flow(
    name="skill-demand",
    task_runner=ThreadPoolTaskRunner(max_workers=8),  # type: ignore[arg-type]
    on_failure=[tell_failure],
    on_crashed=[tell_failure],
)


class OfferRoles:
    """Marks settings as a flow's parameter: its form offers the roles that there are, and Prefect refuses any other."""

    def __get_pydantic_json_schema__(self, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Return the schema of the settings with the roles listed."""
        schema = handler(core_schema)
        role = handler.resolve_ref_schema(schema)["properties"]["role"]
        role.pop("pattern", None)
        role["enum"] = list_roles(find_patterns())
        return schema


AskedSettings: TypeAlias = Annotated[Settings, OfferRoles()]
SearchParts: TypeAlias = Callable[[list[str], Settings, str], list[str]]


@as_flow
def skill_demand(settings: AskedSettings | None = None, settings_file: str | None = None) -> pipeline.WrittenReports:
    """Which skills the market asks for, compared with a role's reference profile.

    Args:
        settings: What to read and where to write. Left out, `settings_file`.
        settings_file: The settings file, relative to the working directory; it has to be there and to name sources.
            Left out, `skillextract.toml`; where there is none, the sample of invented postings that the package ships.
    """
    return take_steps(settings or load_market_settings(settings_file))


@as_flow
def backfill(past: Past, settings: AskedSettings | None = None) -> pipeline.WrittenReports:
    """The same for the past: a range of Hacker News months, or a folder of files, in one snapshot.

    Args:
        past: What to read in place of the settings' sources: the first and last month of Hacker News threads, or a
            folder.
        settings: Where to write, and all else. Left out, the file `skillextract.toml` of the working directory.
    """
    settings = settings or load_settings()
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
        mention_parts = choose_runner(settings.runner, settings.workers)(folded["parts"], apart, snapshot)
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


def extract_in_pools(search: SearchParts, parts: list[str], settings: Settings, snapshot: str) -> list[str]:
    """Find the skills in all parts, and go on with a fresh pool where a process was killed, until `POOLS` are spent.

    The journal knows the parts that were finished: they are not searched again.

    Args:
        search: `extract_parts`, with a pool of its own for each call.
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


def choose_runner(runner: str, workers: int | None = None) -> SearchParts:
    """Return `extract_parts` as it runs where the settings say.

    Only this step leaves the process: sources are asked from one, for its session keeps requests to a host apart.
    In the flow's own threads it is a plain call; elsewhere it is a flow of its own, with a task runner of that kind.

    Raises:
        SettingsError: a Dask cluster is asked for, and prefect-dask is not installed.
    """
    if runner == "threads" or FlowRunContext.get() is None:
        return extract_parts
    if runner == "processes":
        return functools.partial(extract_in_pools, run_on(ProcessPoolTaskRunner(max_workers=workers)))
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
        return run_on(DaskTaskRunner(cluster_kwargs=cluster))
    return run_on(DaskTaskRunner(address=runner))


def run_on(task_runner: TaskRunner[Any]) -> SearchParts:
    """Return `extract_parts` as a flow of its own, whose tasks go to a task runner."""
    # Prefect loads this file under a name that no other process can import: its functions travel whole.
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    elsewhere: Any = flow(name="extract", task_runner=task_runner)(extract_parts)
    return elsewhere  # type: ignore[no-any-return]


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


def follow(waits: Sequence[Callable[[], Result]], *, key: str, description: str) -> Iterator[Result]:
    """Yield the results of steps in their order, and show in Prefect's UI how many are there.

    Where one fails, the others are waited for: whoever is told of it may begin anew.
    """
    shown: Any = create_progress_artifact(0.0, key=key, description=description) if FlowRunContext.get() else None
    percent = 0
    for number, wait in enumerate(waits, start=1):
        try:
            result = wait()
        except Exception:
            for other in waits[number:] if shown is not None else ():
                with contextlib.suppress(Exception):
                    other()
            raise
        yield result
        # A thousand boards are a hundred updates.
        if shown is not None and (reached := 100 * number // len(waits)) > percent:
            percent = reached
            update_progress_artifact(shown, float(percent))


def begin(step: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> Callable[[], Result]:
    """Begin a step beside others; return the call that waits for its result.

    A task goes to the flow's task runner. A plain function does its work when it is waited for: without Prefect's
    decorators the flow is the same program, one step after the other.
    """
    return step.submit(*given, **named).result if isinstance(step, Task) else functools.partial(step, *given, **named)


def main() -> int:
    """Run the flow here and now, and print what it found.

    Returns:
        The exit code: 0 done, 1 refused, 3 done but the report lacks a source, or any posting of the role.
    """
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog="Exit codes: 0 done; 1 refused, with the reason on standard error; 2 called wrongly; 3 done, but a "
        "source failed and the report says which part of the market is missing, or no posting was of the role; 130 "
        "interrupted with Ctrl-C (143: ended by SIGTERM); what is finished stays, the next run goes on from there.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--settings",
        type=Path,
        help="a settings file (default: skillextract.toml, else the sample); paths in it are relative to the working "
        "directory, not to the file",
    )
    arguments = parser.parse_args()
    try:
        settings = load_settings(arguments.settings)
        # What is refused here is told at once and plainly, before Prefect has started.
        pipeline.check_run(settings, settings_file=arguments.settings)
        for fault in pipeline.find_missing_files(settings, settings_file=arguments.settings):
            print(f"warning: {fault}; the other sources are read", file=sys.stderr)  # noqa: T201
        written = skill_demand(settings)
    except SkillExtractError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 1
    except RuntimeError as error:
        if "Failed to reach API" not in str(error):
            raise
        print(  # noqa: T201
            f"error: PREFECT_API_URL: found {PREFECT_API_URL.value()!r}, where nothing answers, expected a Prefect "
            "server; bring it up (`make serve`), or run without one (`unset PREFECT_API_URL`)",
            file=sys.stderr,
        )
        return 1
    report = read_report(written["folder"])
    show(report)
    print("", *written["tables"].values(), written["page"], sep="\n")  # noqa: T201
    reasons = {row["source"]: row["message"] for row in report.read("run_summary")}
    for source in written["missing_sources"]:
        print(f"missing: {source}: {remove_controls(reasons[source])}", file=sys.stderr)  # noqa: T201
    if written["absence"]:
        print(f"empty: {remove_controls(written['absence'])}", file=sys.stderr)  # noqa: T201
    return PARTLY if written["missing_sources"] or written["absence"] else 0


if __name__ == "__main__":
    from interrupts import run_until_signal  # only beside the script; a deployment's run is ended by its worker

    sys.exit(run_until_signal(main, tell=functools.partial(tell_failure, skill_demand)))
