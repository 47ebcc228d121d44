"""What commands have in common: standard error, options that several of them take, and the form of tables."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from skillextract.errors import PostingError
    from skillextract.settings import Settings

PARTLY = 3
"""The exit code of what was done, but not wholly."""
PIPE_WIDTH = 160
"""How wide tables are where no terminal says it: wide enough to cut nothing."""

errors = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)
"""Standard error, for people: what was refused, and what was done."""


Choice = TypeVar("Choice", bound=enum.StrEnum)


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
POSTING_COLUMNS = (
    "with the columns title, and text or html; id and company are used where they are there (else the id is the "
    "number of the line, behind the word row where other lines have ids)"
)
"""What a file of postings has to hold, for the help of the commands that read one."""
LakeOption = Annotated[
    str | None,
    typer.Option("--lake", help="The lake, in place of the one that the settings name.", show_default=False),
]


def tell_left_out(faults: Iterable[PostingError]) -> None:
    """Name each posting that is left out on standard error: one that cannot be read, or whose id came before."""
    from skillextract.errors import RepeatedPosting

    for fault in faults:
        label = "left out" if isinstance(fault, RepeatedPosting) else "refused"
        errors.print(f"[bold yellow]{label}:[/] {escape(str(fault))}")


def choose_settings(path: Path | None, lake: str | None) -> Settings:
    """The settings of a file, with the lake of `--lake` in place of theirs where one is given."""
    from skillextract.settings import load_settings

    chosen = load_settings(path)
    return chosen if lake is None else chosen.model_copy(update={"lake": lake})


def list_choices(choices: type[enum.StrEnum]) -> str:
    """What an option takes, as the help shows it."""
    return f"<{'|'.join(choices)}>"


def read_choice(choices: type[Choice], option: str) -> Callable[[str], Choice]:
    """What reads an option that takes one of a few words, in any case; typer's own says it in a validator's words.

    Raises (what is returned):
        BadParameter: it is none of them.
    """

    def read(text: str) -> Choice:
        found = next((choice for choice in choices if choice == text.lower()), None)
        if found is None:
            *others, last = choices
            raise typer.BadParameter(f"found {text!r}, expected {', '.join(others)} or {last}", param_hint=option)
        return found

    return read


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
