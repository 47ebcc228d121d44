"""`skillextract sources …`: what can be read from, and what the configured sources say."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from skillextract import progress
from skillextract.commands.common import PARTLY

app = typer.Typer(no_args_is_help=True, help="Look at the sources: the boards, feeds and files that are read.")


@app.command("list")
def list_sources() -> None:
    """Explain each source: what it gives, whether it needs a key, its terms, and the lines of the settings for it.

    Example: `skillextract sources list | less`
    """
    from skillextract.collect.catalogue import FORBIDDEN, describe_sources

    console = Console(highlight=False, soft_wrap=True, emoji=False)
    for name, about in describe_sources():
        console.print(f"[bold]{name}[/]  {escape(about.title)}" + (f"  {escape(about.home)}" if about.home else ""))
        text = "excerpts only: most skills cannot be found in them" if about.text == "snippet" else "full text"
        hours = about.fresh_for.total_seconds() / 3600
        console.print(f"  gives  {escape(about.gives)}; {text}")
        console.print(f"  key    {escape(about.key or 'none')}")
        console.print(f"  terms  {escape(about.terms)}")
        if about.attribution:
            console.print(f"  report says “{escape(about.attribution)}”")
        if hours:
            console.print(f"  asked again after {hours:g} h at the earliest")
        example = ["[[sources]]", f'board = "{name}"', *about.example.splitlines()]
        console.print("".join(f"    {escape(line)}\n" for line in example))
    console.print(FORBIDDEN)


@app.command("check")
def check_configured_sources(
    settings: Annotated[
        Path | None, typer.Option("--settings", help="The settings file that names the sources.", show_default=False)
    ] = None,
) -> None:
    """Try the sources of the settings, and say what each gave.

    Each is asked for a few postings only; nothing is written but the cache. A role that no run
    can be of is refused, as the flow does. Exit code 3 where a source gave none.

    Example: `skillextract sources check --settings skillextract.toml`
    """
    from skillextract.collect.catalogue import ENOUGH, check_sources
    from skillextract.collect.http import PoliteSession
    from skillextract.market.wording import count_noun
    from skillextract.roles.known import tell_unknown_role
    from skillextract.settings import load_settings

    # What the flow would refuse is told before any board is asked.
    loaded = load_settings(settings, tell_role=tell_unknown_role)
    # Names of sources hold colons, which rich would read as pictures (`usajobs:x:`).
    console = Console(highlight=False, soft_wrap=True, emoji=False)
    silent = 0
    with PoliteSession(contact=loaded.contact, cache=loaded.cache_folder) as session:
        for checked in check_sources(loaded.sources, session=session):
            silent += not checked.postings
            style = {"ok": "green", "partial": "yellow", "empty": "yellow", "failed": "red"}[checked.status]
            facts = [count_noun(checked.postings, "posting") + (" or more" if checked.postings >= ENOUGH else "")]
            facts += [count_noun(checked.payloads, "answer")] if checked.payloads else []
            facts += [f"{checked.unchanged} of them unchanged"] if checked.unchanged else []
            facts += [f"{checked.refused} left out"] if checked.refused else []
            console.print(f"[{style}]{checked.status:8}[/][bold]{escape(checked.source)}[/]  {', '.join(facts)}")
            if checked.title:
                console.print(f"        first: {escape(progress.strip_controls(checked.title))}")
            if checked.message:
                console.print(f"        {escape(progress.strip_controls(checked.message))}")
    if silent:
        raise typer.Exit(PARTLY)
