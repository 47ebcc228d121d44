"""`skillextract extract` and `skillextract explain`: the skills of a file, and of a text."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from skillextract import progress
from skillextract.commands.common import (
    PARTLY,
    PIPE_WIDTH,
    POSTING_COLUMNS,
    ColumnOption,
    Format,
    PatternsOption,
    errors,
    list_choices,
    read_choice,
    read_columns,
    tell_left_out,
)
from skillextract.errors import SettingsError


def extract(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="INPUT",
            help=f"JSONL, CSV or Parquet {POSTING_COLUMNS}. Or a folder of HTML pages.",
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where the mentions go: a file that ends in .jsonl or .parquet.")
    ],
    format: Annotated[
        Format,
        typer.Option(
            "--format",
            help="The form of the input; `auto` goes by its ending.",
            metavar=list_choices(Format),
            parser=read_choice(Format, "--format"),
            autocompletion=lambda: list(Format),
        ),
    ] = Format.AUTO,
    column: ColumnOption = None,
    patterns: PatternsOption = None,
) -> None:
    """Find the skills in a file of postings and write one mention a row.

    A row holds posting_id, start, end, surface, skill, name, kind, family, section, requirement. Offsets count the
    characters of the posting's text, half-open: `text[start:end]` is the surface. Where the input has text (plain, or
    Markdown) it is that text, to the character but for the marks of emphasis (`is **not** required`), which are taken
    off; where it has html they count in the plain text that the html becomes. Terms inside job titles, and the
    employer's own name, are no mentions. A row whose id came before is left out: give each its own. Exit code 3 where
    a row was left out.

    Example: `skillextract extract postings.jsonl --output mentions.parquet`
    """
    with progress.count("postings") as advance:
        from skillextract.extraction import extract_file
        from skillextract.market.wording import count_noun
        from skillextract.settings import FilesSource

        postings = FilesSource(path=str(source), format=format.value, columns=read_columns(column or []))
        result = extract_file(postings, output, patterns=patterns, advance=advance)
    tell_left_out(result.refused)
    found = f"{count_noun(result.mentions, 'mention')} of {count_noun(result.skills, 'skill')}"
    errors.print(f"{found} in {count_noun(result.postings, 'posting')} → {escape(str(output))}")
    if result.foreign:
        _warn_of_language(f"{result.foreign:,} of {count_noun(result.postings, 'posting')} are not in English")
    if result.refused:
        raise typer.Exit(PARTLY)


def explain(
    text: Annotated[str, typer.Argument(help="The text; `-` reads it from standard input.")],
    title: Annotated[str, typer.Option(help="The posting's title.")] = "",
    company: Annotated[str | None, typer.Option(help="The employer's name, which is no skill.")] = None,
    patterns: PatternsOption = None,
) -> None:
    """Show a text with its skills marked, and why each was taken.

    For each mention: the skill, the line of the pattern that found it, what in its line made an ambiguous word the
    skill, the section that the line belongs to, and how the posting means it.

    Example: `skillextract explain "Requirements: Go or Rust. Kafka is a plus."`
    """
    from skillextract.text.emphasis import strip_emphasis
    from skillextract.text.language import find_language, is_english

    text = strip_emphasis(sys.stdin.read() if text == "-" else text)
    if not text.strip():
        raise SettingsError(
            "explain: found an empty text, expected that of a posting; give it in quotes, or `-` to pipe"
        )
    if not is_english(language := find_language(text)):
        _warn_of_language(f"the text reads as another language than English ({language})")
    with progress.tell("reading the patterns"):
        from skillextract.skills.loading import load_matcher

        matcher = load_matcher(None if patterns is None else str(patterns))
    reasons = matcher.explain_mentions("", title, text, company=company)
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, PIPE_WIDTH)
    marked = Text(progress.strip_controls(text))
    styles = {"required": "bold green", "preferred": "bold cyan", "duty": "bold blue", "negated": "strike red"}
    for reason in reasons:
        style = styles.get(reason.mention.requirement, "dim underline")
        marked.stylize(style, reason.mention.start, reason.mention.end)
    # What is piped ends its last line, and is mostly followed by more of them.
    marked.rstrip()
    console.print(marked)
    console.print()
    if not reasons:
        console.print("No skill found: the text names none, or no pattern knows it (patterns/README.md: add a skill).")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("surface", "skill", "kind", "requirement", "section", "because of", "pattern"):
        table.add_column(heading, overflow="fold")
    for reason in reasons:
        mention, skill = reason.mention, matcher.vocabulary.skills[reason.mention.skill_id]
        table.add_row(
            Text(progress.strip_controls(mention.surface)),
            skill.name,
            skill.kind,
            Text(mention.requirement, styles.get(mention.requirement, "dim")),
            mention.section,
            reason.signal or "its name",
            reason.pattern,
        )
    console.print(table)


def _warn_of_language(fact: str) -> None:
    errors.print(
        f"[bold yellow]warning:[/] {escape(fact)}; the patterns are written for English and find little in other "
        "languages: translate the text first, or take its English version"
    )
