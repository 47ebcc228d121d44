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

    Each file that is missing, was changed, or lies in a snapshot's folder and is named by no manifest is told; what
    lies elsewhere in the lake is not looked at. Exit code 1 where there is one.

    Example: `skillextract lake check --lake lake-sample`
    """
    from skillextract import upkeep
    from skillextract.market.wording import count_noun

    with progress.count("files") as advance:
        checked = upkeep.check_lake(_open_lake(settings, lake), advance=advance)
    for fault in checked.faults:
        errors.print(f"{escape(fault.path)}: {escape(fault.message)}")
    for snapshot in checked.unfinished:
        errors.print(
            f"snapshot {snapshot} is not finished: its run is under way, has failed or was killed; the same run may "
            "go on with it for twelve hours, then `skillextract lake prune` removes it"
        )
    if checked.faults:
        raise typer.Exit(1)
    counts = f"{count_noun(checked.snapshots, 'snapshot')}, {count_noun(checked.files, 'file')}"
    typer.echo(f"{counts}: as {'its manifest says' if checked.snapshots == 1 else 'their manifests say'}")


@app.command("prune")
def prune_lake(
    keep: Annotated[int, typer.Option("--keep", min=1, help="How many snapshots of each role stay: the newest.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be deleted.")] = False,
    settings: SettingsOption = None,
    lake: LakeOption = None,
) -> None:
    """Delete all but the newest `--keep` snapshots of each role, and what killed runs have left.

    With a snapshot go its report, its postings and mentions, and its raw answers. Each role keeps its own: a run for
    one role never costs another role its report. Runs under way, and those that were killed in the last twelve hours
    and can be gone on with, are left alone.

    Example: `skillextract lake prune --keep 30 --dry-run`
    """
    from skillextract import upkeep
    from skillextract.market.wording import count_noun

    prune = upkeep.plan_prune if dry_run else upkeep.prune_lake
    opened = _open_lake(settings, lake)
    leaving = prune(opened, keep=keep)
    for each in leaving:
        of = each.role or "what a killed run has left"
        typer.echo(f"{'would delete' if dry_run else 'deleted'} {each.snapshot}  {of}")
    if not leaving:
        most = count_noun(keep, "snapshot")
        errors.print(f"nothing to delete: no role has more than {most} in the lake {escape(opened.describe_root())}")


def _open_lake(settings: Path | None, lake: str | None) -> Lake:
    from skillextract.lake import Lake
    from skillextract.settings import load_settings

    return Lake(lake if lake is not None else load_settings(settings).lake)
