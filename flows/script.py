"""The flow as a script: its arguments, what it prints, and with which code it ends.

Only `python flows/skill_demand.py` uses this; of a deployment's run all is told by Prefect.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import orchestration  # noqa: F401 - sets what Prefect reads when it is imported

from prefect.settings import PREFECT_API_URL

from skillextract.errors import SkillExtractError
from skillextract.pipeline import WrittenReports, check_run, find_missing_files
from skillextract.reports.rows import remove_controls
from skillextract.reports.stored import read_report
from skillextract.reports.terminal import show
from skillextract.roles.known import tell_unknown_role
from skillextract.settings import Settings, load_settings

PARTLY = 3
"""The exit code of a run whose report lacks a source, or any posting of the role; that of `skillextract extract` means
that something is left out, too."""


def run_script(run: Callable[[Settings], WrittenReports], *, description: str | None) -> int:
    """Read the arguments and the settings, run a flow here and now, and print what it found.

    Args:
        run: the flow.
        description: what `--help` says of it.

    Returns:
        The exit code: 0 done, 1 refused, 3 done but the report lacks a source, or any posting of the role.
    """
    settings_file = read_arguments(description)
    try:
        settings = load_settings(settings_file, tell_role=tell_unknown_role)
        # What is refused here is told at once and plainly, before Prefect has started.
        check_run(settings, settings_file=settings_file)
        for fault in find_missing_files(settings, settings_file=settings_file):
            print(f"warning: {fault}; the other sources are read", file=sys.stderr)  # noqa: T201
        written = run(settings)
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
    return print_answer(written)


def read_arguments(description: str | None) -> Path | None:
    """Return the settings file that the command line names; `--help` and what cannot be read end the process."""
    parser = argparse.ArgumentParser(
        description=description,
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
    settings_file: Path | None = parser.parse_args().settings
    return settings_file


def print_answer(written: WrittenReports) -> int:
    """Print what a run found and where it lies, and on standard error what the report lacks; returns the exit code."""
    report = read_report(written["folder"])
    show(report)
    print("", *written["tables"].values(), written["page"], sep="\n")  # noqa: T201
    reasons = {row["source"]: row["message"] for row in report.read("run_summary")}
    for source in written["missing_sources"]:
        print(f"missing: {source}: {remove_controls(reasons[source])}", file=sys.stderr)  # noqa: T201
    if written["absence"]:
        print(f"empty: {remove_controls(written['absence'])}", file=sys.stderr)  # noqa: T201
    return PARTLY if written["missing_sources"] or written["absence"] else 0
