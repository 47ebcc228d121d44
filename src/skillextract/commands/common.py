"""What commands have in common: standard error, options that several of them take, and the form of tables."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

PARTLY = 3
"""The exit code of what was done, but not wholly."""
PIPE_WIDTH = 160
"""How wide tables are where no terminal says it: wide enough to cut nothing."""

errors = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)
"""Standard error, for people: what was refused, and what was done."""


class Format(enum.StrEnum):
    """The forms of a file of postings, as in the settings."""

    AUTO = "auto"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    HTML = "html"


ColumnOption = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="OURS=THEIRS",
        help='Which column holds what, for example --column title="Job Title"; may be given several times.',
        show_default=False,
    ),
]
PatternsOption = Annotated[
    Path | None,
    typer.Option(
        "--patterns",
        help="A folder of patterns of your own in place of the one that is built in.",
        show_default=False,
    ),
]
SettingsOption = Annotated[
    Path | None, typer.Option("--settings", help="The settings file that names the lake.", show_default=False)
]
LakeOption = Annotated[
    str | None,
    typer.Option("--lake", help="The lake, in place of the one that the settings name.", show_default=False),
]


def read_columns(pairs: list[str]) -> dict[str, str]:
    """What `--column` says, as the settings have it.

    Raises:
        BadParameter: a pair names no column of ours.
    """
    from skillextract.settings import FILE_COLUMNS

    columns = {}
    for pair in pairs:
        ours, equals, theirs = pair.partition("=")
        if ours not in FILE_COLUMNS or not equals or not theirs:
            raise typer.BadParameter(
                f"found {pair!r}, expected OURS=THEIRS with OURS one of {', '.join(FILE_COLUMNS)}",
                param_hint="--column",
            )
        columns[ours] = theirs
    return columns
