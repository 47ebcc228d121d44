"""The `skillextract` command: its groups of commands put together, and what it does with a refusal."""

from __future__ import annotations

import logging
import sys
from typing import Annotated

import typer
from rich.markup import escape

import skillextract
from skillextract.commands import accuracy, lake, patterns, postings, profile, reports, sources
from skillextract.commands.common import errors
from skillextract.errors import SkillExtractError

app = typer.Typer(
    name="skillextract",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="""Find the skills that job postings ask for, and compare them with a role profile.

    Begin with `skillextract explain "Go, Kafka and Terraform are a plus"` to see what is found and why.

    Exit codes: 0 done; 1 refused, with the reason on standard error; 2 the command was called wrongly; 3 done, but
    some postings were left out: they could not be read, or their id came before (each is named on standard error).

    The flow that fetches postings and compares them is run by `make run` or
    `python flows/skill_demand.py`; `skillextract show` prints what it found.""",
)


def main() -> None:
    """Run the command; refusals become one message and exit code 1, never a traceback."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s", stream=sys.stderr)
    try:
        app()
    except SkillExtractError as error:
        errors.print(f"[bold red]error:[/] {escape(str(error))}")
        sys.exit(1)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"skillextract {skillextract.__version__}")
        raise typer.Exit


@app.callback()
def _configure(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    pass


# In the order in which the help and the README list them.
app.command()(postings.extract)
app.command(context_settings={"ignore_unknown_options": True})(postings.explain)
app.command()(reports.show)
app.command()(reports.trends)
app.command()(accuracy.evaluate)
app.add_typer(patterns.app, name="patterns")
app.add_typer(sources.app, name="sources")
app.add_typer(profile.app, name="profile")
app.add_typer(lake.app, name="lake")
