"""The flow `skill-demand`: fetch postings, find skills in them, compare the market with a role profile.

Run it as a script (`python flows/skill_demand.py`), from `make run`, or as a deployment of `prefect.yaml`. The work is
done by `skillextract.pipeline`; here stand only the order of the steps, what is tried again, and what Prefect shows.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

# Read when prefect is imported. No call home from a machine that may have no way out, and our log lines in Prefect's UI.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("PREFECT_LOGGING_EXTRA_LOGGERS", "skillextract")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "60")

from prefect import flow, get_run_logger, task  # noqa: E402
from prefect.artifacts import create_markdown_artifact, create_table_artifact  # noqa: E402
from prefect.client.schemas.objects import TaskRun  # noqa: E402
from prefect.states import State  # noqa: E402
from prefect.task_runners import ThreadPoolTaskRunner  # noqa: E402
from prefect.tasks import Task, exponential_backoff  # noqa: E402

from skillextract import pipeline  # noqa: E402
from skillextract.errors import SkillExtractError, SourceUnavailable  # noqa: E402
from skillextract.reports.markdown import render_markdown  # noqa: E402
from skillextract.reports.stored import read_report  # noqa: E402
from skillextract.reports.terminal import show  # noqa: E402
from skillextract.settings import AnySource, Settings, load_settings  # noqa: E402


async def is_worth_retrying(task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:
    """Tell whether trying again may help: only where a source did not answer."""
    error = await state.aresult(raise_on_failure=False)
    return isinstance(error, SourceUnavailable)


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


@task
def fold(fetched: list[pipeline.FetchedSource], settings: Settings, snapshot: str) -> pipeline.FoldedPostings:
    """Mark the copies among all postings."""
    return pipeline.fold_postings(fetched, settings=settings, snapshot=snapshot)


@task(task_run_name="extract {part}")
def extract(part: str, settings: Settings, snapshot: str) -> str:
    """Find the skills in one part of the postings."""
    return pipeline.extract_part(part, settings=settings, snapshot=snapshot)


@task
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


@task
def publish(written: pipeline.WrittenReports, fetched: list[pipeline.FetchedSource], role: str) -> None:
    """Show the answer in Prefect's UI: the comparison as Markdown, the sources as a table."""
    answer = render_markdown(read_report(written["folder"]), page=written["page"])
    create_markdown_artifact(
        key=f"{role}-comparison",
        markdown=answer,
        description=f"Profile and market, snapshot {written['snapshot']}",
    )
    rows = [
        {key: each[key] for key in ("source", "status", "postings", "refused", "message")}  # type: ignore[literal-required]
        for each in fetched
    ]
    create_table_artifact(key=f"{role}-sources", table=rows, description="What each source gave")


@flow(name="skill-demand", task_runner=ThreadPoolTaskRunner(max_workers=8))
def skill_demand(settings: Settings | None = None) -> pipeline.WrittenReports:
    """Which skills the market asks for, compared with a role's reference profile.

    Args:
        settings: what to read and where to write; left out, the file `skillextract.toml` of the working directory, or,
            where there is none, the sample of invented postings that the package ships.
    """
    settings = settings or load_settings()
    snapshot = pipeline.choose_snapshot(settings)
    logger = get_run_logger()

    runs = [(source, fetch.submit(source, settings, snapshot)) for source in settings.sources]
    fetched = []
    for source, run in runs:
        try:
            fetched.append(run.result())
        except SourceUnavailable as error:
            fetched.append(pipeline.describe_failure(source, error))
    for each in fetched:
        if each["status"] != "ok":
            logger.warning("%s: %s: %s", each["source"], each["status"], each["message"])

    folded = fold(fetched, settings, snapshot)
    mentions = [extract.submit(part, settings, snapshot) for part in folded["parts"]]
    written = report(fetched, folded, [run.result() for run in mentions], settings, snapshot)
    publish(written, fetched, settings.role)
    if written["missing_sources"]:
        logger.warning("The report lacks part of the market: %s", ", ".join(written["missing_sources"]))
    return written


def main() -> int:
    """Run the flow here and now, and print what it found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--settings", type=Path, help="a settings file (default: skillextract.toml, else the sample)")
    arguments = parser.parse_args()
    try:
        written = skill_demand(load_settings(arguments.settings))
    except SkillExtractError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    show(read_report(written["folder"]))
    print()
    for path in (*written["tables"].values(), written["page"]):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
