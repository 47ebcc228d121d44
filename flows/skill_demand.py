"""The flow `skill-demand`: fetch postings, find skills in them, compare the market with a role profile.

Run it as a script (`python flows/skill_demand.py`), from `make run`, or as a deployment of `prefect.yaml`. The work is
done by `skillextract.pipeline`; here stand only the order of the steps, what is tried again, and what Prefect shows.
"""

from __future__ import annotations

import argparse
import functools
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

# Read when prefect is imported: no call home from a machine that may have no way out, our log lines in Prefect's UI,
# and patience with the temporary server, which on a busy machine has taken most of a minute to come up.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("PREFECT_LOGGING_EXTRA_LOGGERS", "skillextract")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "300")

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.client.schemas.objects import State, TaskRun
from prefect.context import TaskRunContext
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.tasks import Task, exponential_backoff

from skillextract import pipeline
from skillextract.errors import SkillExtractError, SourceBusy, SourceUnavailable
from skillextract.reports.markdown import render_markdown
from skillextract.reports.stored import read_report
from skillextract.reports.terminal import show
from skillextract.settings import AnySource, Settings, load_settings

logger = logging.getLogger("skillextract.flow")

PARTLY = 3
"""The exit code of a run whose report lacks a source; that of `skillextract extract` means the same."""

Given = ParamSpec("Given")
Result = TypeVar("Result")


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
    """Fetch one source into the lake."""
    return pipeline.fetch_source(source, settings=settings, snapshot=snapshot)


@task(task_run_name="fold copies")
def fold(fetched: list[pipeline.FetchedSource], settings: Settings, snapshot: str) -> pipeline.FoldedPostings:
    """Mark the copies among all postings."""
    return pipeline.fold_postings(fetched, settings=settings, snapshot=snapshot)


@task(task_run_name="extract {part}")
def extract(part: str, settings: Settings, snapshot: str) -> str:
    """Find the skills in one part of the postings."""
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
    """Show the answer in Prefect's UI: the comparison as Markdown, the sources as a table."""
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
            "message": each["message"],
        }
        for each in fetched
    ]
    create_table_artifact(key=f"{role}-sources", table=rows, description="What each source gave")


@flow(name="skill-demand", task_runner=ThreadPoolTaskRunner(max_workers=8))  # type: ignore[arg-type]
def skill_demand(settings: Settings | None = None) -> pipeline.WrittenReports:
    """Which skills the market asks for, compared with a role's reference profile.

    Args:
        settings: what to read and where to write; left out, the file `skillextract.toml` of the working directory, or,
            where there is none, the sample of invented postings that the package ships.
    """
    settings = settings or load_settings()
    snapshot = pipeline.begin_run(settings)

    runs = [(source, begin(fetch, source, settings, snapshot)) for source in settings.sources]
    fetched = []
    for source, wait in runs:
        try:
            fetched.append(wait())
        except SourceUnavailable as error:
            fetched.append(pipeline.describe_failure(source, error))
    folded = fold(fetched, settings, snapshot)
    waits = [begin(extract, part, settings, snapshot) for part in folded["parts"]]
    written = report(fetched, folded, [wait() for wait in waits], settings, snapshot)
    publish(written, fetched, settings.role)
    if written["missing_sources"]:
        logger.warning("The report lacks part of the market: %s", ", ".join(written["missing_sources"]))
    return written


def begin(step: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> Callable[[], Result]:
    """Begin a step beside others; return the call that waits for its result.

    A task goes to the flow's task runner. A plain function does its work when it is waited for: without Prefect's
    decorators the flow is the same program, one step after the other.
    """
    return step.submit(*given, **named).result if isinstance(step, Task) else functools.partial(step, *given, **named)


def main() -> int:
    """Run the flow here and now, and print what it found.

    Returns:
        The exit code: 0 done, 1 refused, 3 done but the report lacks a source.
    """
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog="Exit codes: 0 done; 1 refused, with the reason on standard error; 2 called wrongly; 3 done, but a "
        "source failed and the report says which part of the market is missing.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--settings", type=Path, help="a settings file (default: skillextract.toml, else the sample)")
    arguments = parser.parse_args()
    try:
        settings = load_settings(arguments.settings)
        pipeline.check_run(settings)  # what is refused here is told at once and plainly, before Prefect has started
        written = skill_demand(settings)
    except SkillExtractError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 1
    show(read_report(written["folder"]))
    print("", *written["tables"].values(), written["page"], sep="\n")  # noqa: T201
    for source in written["missing_sources"]:
        print(f"missing: {source}: see run_summary.parquet for the reason", file=sys.stderr)  # noqa: T201
    return PARTLY if written["missing_sources"] else 0


if __name__ == "__main__":
    sys.exit(main())
