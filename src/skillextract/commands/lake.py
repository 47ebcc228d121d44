"""`skillextract lake …`: files against their manifests, and leaving old snapshots."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from skillextract import progress
from skillextract.commands.common import LakeOption, SettingsOption, errors

if TYPE_CHECKING:
    from skillextract.lake import Lake


app = typer.Typer(no_args_is_help=True, help="Look after the lake: the folder or store that runs write into.")


@app.command("check")
def check_lake(
    settings: SettingsOption = None,
    lake: LakeOption = None,
) -> None:
    """Compare every file of the lake with the manifest of its snapshot: size and hash.

    Each file that is missing, was changed, or is named by no manifest is told. Exit code 1 where there is one.
    """
    from skillextract import upkeep

    with progress.count("files") as advance:
        checked = upkeep.check_lake(_open_lake(settings, lake), advance=advance)
    for fault in checked.faults:
        errors.print(f"{escape(fault.path)}: {escape(fault.message)}")
    for snapshot in checked.unfinished:
        errors.print(f"snapshot {snapshot} is not finished: its run is under way, or was killed and can be run again")
    if checked.faults:
        raise typer.Exit(1)
    typer.echo(f"{checked.snapshots:,} snapshots, {checked.files:,} files: as their manifests say")


@app.command("prune")
def prune_lake(
    keep: Annotated[int, typer.Option("--keep", min=1, help="How many snapshots stay: the newest.")],
    settings: SettingsOption = None,
    lake: LakeOption = None,
) -> None:
    """Delete all but the newest `--keep` snapshots, their raw answers with them, and what killed runs have left.

    Runs under way, and those that were killed in the last twelve hours and can be gone on with, are left alone.

    Example: `skillextract lake prune --keep 30`
    """
    from skillextract import upkeep

    for snapshot in upkeep.prune_lake(_open_lake(settings, lake), keep=keep):
        typer.echo(f"deleted {snapshot}")


def _open_lake(settings: Path | None, lake: str | None) -> Lake:
    from skillextract.lake import Lake
    from skillextract.settings import load_settings

    return Lake(lake if lake is not None else load_settings(settings).lake)
