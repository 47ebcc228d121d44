"""`skillextract patterns …`: lint, and the next patterns to write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from skillextract import progress
from skillextract.commands.common import (
    PARTLY,
    POSTING_COLUMNS,
    ColumnOption,
    PatternsOption,
    errors,
    read_columns,
    tell_left_out,
)
from skillextract.errors import PatternError, PostingError, SettingsError

if TYPE_CHECKING:
    from skillextract.market.discovery import RankedTerms
    from skillextract.skills.vocabulary import Vocabulary

app = typer.Typer(no_args_is_help=True, help="Look after the patterns: what the program knows about skills.")


@app.command("check")
def check_patterns(
    root: Annotated[Path | None, typer.Argument(help="A folder of patterns; left out, the built-in one.")] = None,
) -> None:
    """Lint the patterns and roles, and try every example sentence; each fault is named with file and line.

    Nothing may be found in the texts of its folder `baseline`, either.

    Exit code 1 where there is a fault.

    Example: `skillextract patterns check my-patterns`
    """
    with progress.tell("trying every example sentence"):
        from skillextract.roles.lint import lint_roles
        from skillextract.skills.examples import check_examples
        from skillextract.skills.pattern_files import find_patterns, lint_vocabulary, load_vocabulary
        from skillextract.skills.token_patterns import lint_tokens
        from skillextract.text.expressions import lint_expressions

        root = find_patterns() if root is None else root
        if not root.is_dir():
            found = "a file" if root.exists() else "nothing there"
            raise SettingsError(f"{root.absolute()}: found {found}, expected a folder of patterns; check its path")
        faults: list[PatternError] = lint_vocabulary(root)
        if not faults:
            vocabulary = load_vocabulary(root)
            # Before any example is tried: what could hold up a posting could hold up an example, too.
            faults = lint_tokens(vocabulary) + lint_expressions(root) + lint_other_rules(vocabulary)
            if not faults:
                faults = check_examples(vocabulary) + lint_roles(root, skills=vocabulary.skills)
    for fault in faults:
        errors.print(escape(str(fault)))
    if faults:
        noun = "fault" if len(faults) == 1 else "faults"
        errors.print(f"[bold red]{len(faults):,} {noun}[/]; mend the lines above and run this again")
        raise typer.Exit(1)
    counts = f"{len(vocabulary.skills):,} skills, {len(vocabulary.patterns):,} patterns"
    typer.echo(f"{counts}, version {vocabulary.version}: no fault")


def lint_other_rules(vocabulary: Vocabulary) -> list[PatternError]:
    """Return the first fault of each file of rules that the matcher does not read, but reports and `suggest` do."""
    from skillextract.roles.seniority import load_seniority
    from skillextract.skills.discovery import load_term_finder
    from skillextract.skills.experience import load_experience_rules
    from skillextract.skills.loading import find_rules

    loaders: dict[str, Callable[[Path], object]] = {
        "discovery.jsonl": lambda path: load_term_finder(path, vocabulary),
        "experience.jsonl": load_experience_rules,
        "seniority.jsonl": load_seniority,
    }
    faults = []
    for name, load in loaders.items():
        try:
            load(find_rules(vocabulary, name))
        except PatternError as fault:
            faults.append(fault)
    return faults


@app.command("suggest")
def suggest_patterns(
    source: Annotated[Path, typer.Argument(metavar="INPUT", help=f"JSONL, CSV or Parquet {POSTING_COLUMNS}.")],
    most: Annotated[int, typer.Option("--most", min=1, help="How many terms are shown, at most.")] = 50,
    least: Annotated[int, typer.Option("--companies", min=1, help="From so many employers on.")] = 2,
    column: ColumnOption = None,
    format: Annotated[str, typer.Option("--format", help="terminal, csv or json.")] = "terminal",
    patterns: PatternsOption = None,
) -> None:
    """Name the terms that stand where skills stand and that no pattern knows: the next patterns to write.

    A term counts where it stands in a list beside a known skill, or directly behind a cue of know-how ("experience
    with …"). Those that most employers use come first, each with a sentence. Left out are terms of fewer than
    `--companies` employers, and words that postings write in lower case elsewhere, as names seldom are; how many of
    each is told on standard error. Exit code 3 where a posting could not be read.

    Example: `skillextract patterns suggest postings.jsonl --most 20`
    """
    from skillextract.settings import FilesSource
    from skillextract.suggestion import suggest_terms

    if format not in ("terminal", "csv", "json"):
        raise SettingsError(f"--format: found {format!r}, expected terminal, csv or json")
    refused: list[PostingError] = []
    with progress.count("postings") as advance:
        postings = FilesSource(path=str(source), columns=read_columns(column or []))
        weighed = suggest_terms(
            postings, patterns=patterns, most=most, least=least, advance=advance, refuse=refused.append
        )
    tell_left_out(refused)
    _show_terms(weighed, least=least, format=format)
    if refused:
        raise typer.Exit(PARTLY)


def _show_terms(weighed: RankedTerms, *, least: int, format: str) -> None:
    from skillextract.market.wording import count_noun

    found = weighed.table
    left = weighed.looked_at - weighed.rare - weighed.ordinary
    errors.print(
        f"{count_noun(weighed.looked_at, 'term')} that no pattern knows stood where skills stand: {weighed.rare:,} of "
        f"fewer than {count_noun(least, 'employer')}, {weighed.ordinary:,} written in lower case elsewhere, as "
        f"ordinary words are; {left:,} left{f', of which {len(found):,} are shown' if left > len(found) else ''}"
    )
    if format == "json":
        typer.echo(found.to_json(orient="records", force_ascii=False, indent=1))
        return
    if format == "csv":
        flat = found.drop(columns="evidence").assign(beside=found["beside"].str.join(" "))
        typer.echo(flat.to_csv(index=False), nl=False)
        return
    if found.empty:
        typer.echo(
            f"No unknown term that {least} or more employers list beside a skill or ask know-how of; for fewer "
            "employers give --companies"
        )
        return
    table = Table("term", "employers", "postings", "beside", "for example", box=None, pad_edge=False)
    for row in found.to_dict("records"):
        quote = row["evidence"][0]
        sentence = Text(progress.strip_controls(quote["sentence"]), overflow="ellipsis", no_wrap=True)
        term = Text(progress.strip_controls(row["term"]), "bold")
        table.add_row(term, f"{row['companies']:,}", f"{row['postings']:,}", ", ".join(row["beside"][:3]), sentence)
    Console(highlight=False).print(table)
