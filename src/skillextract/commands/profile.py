"""`skillextract profile …`: drafts of reference profiles, and two of them compared."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from skillextract import progress
from skillextract.commands.common import LakeOption, PatternsOption, SettingsOption, choose_settings, errors
from skillextract.errors import SettingsError

app = typer.Typer(
    no_args_is_help=True, help="Draft a role's reference profile from the market, and compare profiles with each other."
)


@app.command("draft")
def draft_profile(
    role: Annotated[str, typer.Argument(help="A role of patterns/roles, or a new name together with --title.")],
    title: Annotated[
        list[str] | None,
        typer.Option(
            help="How titles of a new role end, as a regular expression; capitals do not matter; may be repeated."
        ),
    ] = None,
    settings: SettingsOption = None,
    lake: LakeOption = None,
    reports: Annotated[
        str | None, typer.Option(help="A snapshot's report folder of the role, in place of a lake.", show_default=False)
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write; left out, standard output.")
    ] = None,
    patterns: PatternsOption = None,
) -> None:
    """Write a draft of a reference profile from the postings of the newest snapshot.

    Skills that enough postings ask for become items, grouped by family. Comments show what each rests on: its share
    with the 95 % interval, postings, employers, and a sentence with its URL. Edit the draft, then put it into
    patterns/roles.

    The newest snapshot has to hold ten postings of five employers with such titles (`min_postings`, `min_companies`).

    Example: `skillextract profile draft "iOS engineer" --title "ios (?:engineer|developer)" --output ios-engineer.toml`
    """
    from skillextract.profiles import draft_from_market
    from skillextract.skills.pattern_files import find_patterns

    if output is not None and output.exists():
        raise SettingsError(f"--output: {output} is there already, and may have been edited; give another name")
    chosen = choose_settings(settings, lake)
    with progress.tell("reading the market"):
        draft = draft_from_market(
            role, root=patterns or find_patterns(), settings=chosen, titles=title or (), reports=reports
        )
    if output is None:
        typer.echo(draft, nl=False)
        return
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(draft, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"--output {output}: cannot be written ({error.strerror}); choose another place") from error
    errors.print(f"{escape(str(output))}: a draft; read its first lines")


@app.command("compare")
def compare_two_profiles(
    first: Annotated[str, typer.Argument(help="A role of patterns/roles, or a profile's .toml file.")],
    second: Annotated[str, typer.Argument(help="The other one.")],
    format: Annotated[str, typer.Option("--format", help="terminal, markdown or json.")] = "terminal",
    patterns: PatternsOption = None,
) -> None:
    """Show what two reference profiles have in common, and what only one of them asks for.

    Items that a skill meets in both profiles stand beside each other; below stand the skills that both name, and those
    that only one does.

    Example: `skillextract profile compare machine-learning-engineer data-scientist`
    """
    from skillextract.profiles import compare_by_name
    from skillextract.reports.profiles import render_difference_json, render_difference_markdown, show_difference
    from skillextract.skills.pattern_files import find_patterns
    from skillextract.skills.registry import load_registry

    if format not in ("terminal", "markdown", "json"):
        raise SettingsError(f"--format: found {format!r}, expected terminal, markdown or json")
    root = patterns or find_patterns()
    skills = load_registry(root)
    difference = compare_by_name(first, second, root=root)

    def name_skill(skill_id: str) -> str:
        return skills[skill_id].name if skill_id in skills else skill_id

    if format == "json":
        typer.echo(render_difference_json(difference), nl=False)
    elif format == "markdown":
        typer.echo(render_difference_markdown(difference, name_skill=name_skill), nl=False)
    else:
        show_difference(difference, name_skill=name_skill)
