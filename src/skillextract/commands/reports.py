"""`skillextract show` and `skillextract trends`: what runs have found."""

from __future__ import annotations

import enum
import shlex
from pathlib import Path
from typing import Annotated

import typer

from skillextract.commands.common import LakeOption, SettingsOption, choose_settings, errors, list_choices, read_choice
from skillextract.errors import SettingsError


class ShowFormat(enum.StrEnum):
    """How `show` writes what it found."""

    terminal = "terminal"
    markdown = "markdown"
    csv = "csv"
    json = "json"


RoleOption = Annotated[
    str | None,
    typer.Option("--role", help="The role, in place of the one that the settings name.", show_default=False),
]


def show(
    path: Annotated[
        Path | None,
        typer.Argument(help="A snapshot's report folder; left out, the newest of the lake.", show_default=False),
    ] = None,
    settings: SettingsOption = None,
    lake: LakeOption = None,
    role: RoleOption = None,
    format: Annotated[
        ShowFormat,
        typer.Option(
            "--format",
            help="How it is written; the last three are for pipes.",
            metavar=list_choices(ShowFormat),
            parser=read_choice(ShowFormat, "--format"),
            autocompletion=lambda: list(ShowFormat),
        ),
    ] = ShowFormat.terminal,
) -> None:
    """Print the newest comparison of the market with the role profile.

    It is the newest of the role that the settings name; a lake may hold several. Every item of the profile has a
    verdict, the share of postings that ask for it with its 95 % interval, and the number of employers; below stand the
    skills that the market asks for and the profile does not name. `csv` is the comparison row by row, `json` the
    answer and every table behind it but postings and mentions.

    Example: `skillextract show --role data-engineer --format csv > comparison.csv`
    """
    from skillextract.reports.export import render_csv, render_json
    from skillextract.reports.markdown import render_markdown
    from skillextract.reports.stored import read_report
    from skillextract.reports.terminal import show as show_report
    from skillextract.settings import place_key

    if path is None:
        chosen = choose_settings(settings, lake)
        place = "--role" if role is not None else place_key("role", settings)
        folder = _find_newest(chosen.lake, chosen.role if role is None else role, place=place)
    elif role is not None:
        raise SettingsError(
            f"--role: found {role!r} beside the folder {path}, which is of one role; leave one of them out"
        )
    elif lake is not None:
        raise SettingsError(f"--lake: found {lake!r} beside the folder {path}, which is read as it is; leave one out")
    else:
        _refuse_lake(path)
        folder = str(path)
    report = read_report(folder)
    page = f"{folder}/report.html"
    match format:
        case ShowFormat.markdown:
            typer.echo(render_markdown(report, page=page), nl=False)
        case ShowFormat.csv:
            typer.echo(render_csv(report), nl=False)
        case ShowFormat.json:
            typer.echo(render_json(report, page=page), nl=False)
        case ShowFormat.terminal:
            show_report(report)
            typer.echo(f"\n{page}")


def _refuse_lake(path: Path) -> None:
    """Refuse a lake where a report's folder was meant to be given."""
    if any((path / folder).is_dir() for folder in ("snapshots", "reports")):
        raise SettingsError(
            f"{path.absolute()}: found a lake, expected a report's folder in it; for the newest report of the lake "
            f"give `--lake {shlex.quote(str(path))}`"
        )


def _find_newest(root: str, role: str, *, place: str) -> str:
    """Return the folder of the newest report of a role, named at a place: `--role`, or that in the settings."""
    from skillextract.lake import Lake
    from skillextract.roles.known import check_role
    from skillextract.skills.pattern_files import find_patterns

    lake = Lake(root)
    held = f"lake {lake.describe_root()}"
    others = set()
    for snapshot in reversed(lake.list_snapshots()):
        manifest = lake.read_manifest(snapshot)
        if manifest["role"] == role:
            return lake.locate(manifest["reports"]["page"].rpartition("/")[0])
        others.add(manifest["role"])
    # Only now: a lake may hold a role whose file is no longer there. One that no run can be of is told as that first.
    check_role(find_patterns(), role, place=place)
    if not others:
        raise SettingsError(
            f"{held} holds no finished snapshot; run the flow first (python flows/skill_demand.py), or name the lake "
            "in the settings or with --lake"
        )
    advice = "give --role, or run the flow for it"
    if place == "--role":
        advice = "run the flow with this `role` in the settings"
    raise SettingsError(f"{held} holds no snapshot of the role {role!r}, only of {', '.join(sorted(others))}; {advice}")


def trends(
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            help="snapshot compares stored runs; month divides the newest by month, or by quarter or year where months "
            "are thin. Left out, snapshot from two runs on.",
            show_default=False,
        ),
    ] = None,
    last: Annotated[
        int | None, typer.Option(min=2, help="Of the runs only the newest so many.", show_default=False)
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="How many skills are shown each way.")] = 10,
    format: Annotated[str, typer.Option("--format", help="terminal, csv or json.")] = "terminal",
    picture: Annotated[
        Path | None, typer.Option(help="Also draw what is shown, as .svg or .png.", show_default=False)
    ] = None,
    settings: SettingsOption = None,
    lake: LakeOption = None,
    role: RoleOption = None,
) -> None:
    """Show which skills the market asks for more, or less, than before.

    A change is told where it is unlikely to be chance, with all skills tested at once and the postings of an employer
    counted as what they are: one voice. A source that was down in one of the runs is left out of all of them. The
    first line says what was compared: the role, the periods, their postings, and how many skills were tested.

    Example: `skillextract trends --by month --picture trends.svg`
    """
    from skillextract.history import follow_lake, list_runs
    from skillextract.market.run_summary import RunFacts
    from skillextract.market.trends import pick_movers
    from skillextract.reports.answer import SAMPLE_LABEL
    from skillextract.reports.trends import check_picture, draw_trends, head_trends, save_drawing, tell_trends
    from skillextract.settings import place_key

    if by not in (None, "snapshot", "month"):
        raise SettingsError(f"--by: found {by!r}, expected snapshot or month")
    if format not in ("terminal", "csv", "json"):
        raise SettingsError(f"--format: found {format!r}, expected terminal, csv or json")
    if picture is not None:
        check_picture(picture)
    chosen = choose_settings(settings, lake)
    place = place_key("role", settings)
    if role is not None:
        chosen, place = chosen.model_copy(update={"role": role}), "--role"
    runs = list_runs(chosen, place=place)
    if by is None and len(runs) < 2:
        errors.print("there is one run of the role so far: it is divided by time of posting; two runs can be compared")
    axis = by or ("snapshot" if len(runs) >= 2 else "month")
    found = follow_lake(chosen, axis=axis, last=last, runs=runs)
    run = RunFacts.from_dict(runs[-1]["run"])
    rows = found.assign(role=run.role, is_sample=run.is_sample)
    if format == "csv":
        typer.echo(rows.to_csv(index=False), nl=False)
    elif format == "json":
        typer.echo(rows.to_json(orient="records", force_ascii=False))
    else:
        typer.echo(head_trends(found, run))
        typer.echo(tell_trends(found, most=most))
    if picture is not None:
        movers = pick_movers(found, most=most)
        skills = [skill for moved in movers.values() for skill in moved] or found["skill"].drop_duplicates().head(
            6
        ).tolist()
        label = f"{SAMPLE_LABEL}: " if run.is_sample else ""
        save_drawing(draw_trends(found, skills, title=f"{label}What the market asks for"), picture)
