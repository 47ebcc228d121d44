"""The `skillextract` command."""

from __future__ import annotations

import enum
import json
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

import skillextract
from skillextract import progress
from skillextract.errors import PatternError, SettingsError, SkillExtractError

if TYPE_CHECKING:
    from skillextract.lake import Lake

PARTLY = 3
PIPE_WIDTH = 160
"""How wide tables are where no terminal says it: wide enough to cut nothing."""

app = typer.Typer(
    name="skillextract",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="""Find the skills that job postings ask for, and compare them with a role profile.

    Begin with `skillextract explain "Go, Kafka and Terraform are a plus"` to see what is found and why.

    Exit codes: 0 done; 1 refused, with the reason on standard error; 2 the command was called wrongly; 3 done, but
    some postings could not be read (each is named on standard error).

    The flow that fetches postings and compares them is run by `make run` or
    `python flows/skill_demand.py`; `skillextract show` prints what it found.""",
)
patterns_app = typer.Typer(no_args_is_help=True, help="Look after the patterns: what the program knows about skills.")
app.add_typer(patterns_app, name="patterns")
sources_app = typer.Typer(no_args_is_help=True, help="Look at the sources: the boards, feeds and files that are read.")
app.add_typer(sources_app, name="sources")
profile_app = typer.Typer(
    no_args_is_help=True, help="Draft a role's reference profile from the market, and compare profiles with each other."
)
app.add_typer(profile_app, name="profile")
lake_app = typer.Typer(no_args_is_help=True, help="Look after the lake: the folder or store that runs write into.")
app.add_typer(lake_app, name="lake")

errors = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)


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


class ShowFormat(enum.StrEnum):
    """How `show` writes what it found."""

    terminal = "terminal"
    markdown = "markdown"
    csv = "csv"
    json = "json"


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


@app.command()
def extract(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="INPUT",
            help="JSONL, CSV or Parquet with the columns id, title, and text or html; company is used where it is "
            "there. Or a folder of HTML pages.",
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where the mentions go: a file that ends in .jsonl or .parquet.")
    ],
    format: Annotated[
        Format, typer.Option("--format", help="The form of the input; `auto` goes by its ending.")
    ] = Format.AUTO,
    column: ColumnOption = None,
    patterns: PatternsOption = None,
) -> None:
    """Find the skills in a file of postings and write one mention a row.

    A row holds posting_id, start, end, surface, skill, name, kind, family, section, requirement. Offsets count the
    characters of the posting's text, half-open: `text[start:end]` is the surface. Where the input has text it is that
    text to the character; where it has html they count in the plain text that the html becomes. Terms inside job
    titles, and the employer's own name, are no mentions.

    Example: `skillextract extract postings.jsonl --output mentions.parquet`
    """
    with progress.count("postings") as advance:
        from skillextract.extraction import extract_file
        from skillextract.market.wording import count_noun
        from skillextract.settings import FilesSource

        postings = FilesSource(path=str(source), format=format.value, columns=_read_columns(column or []))
        result = extract_file(postings, output, patterns=patterns, advance=advance)
    for fault in result.refused:
        errors.print(f"[bold yellow]refused:[/] {escape(str(fault))}")
    found = f"{count_noun(result.mentions, 'mention')} of {count_noun(result.skills, 'skill')}"
    errors.print(f"{found} in {count_noun(result.postings, 'posting')} → {escape(str(output))}")
    if result.refused:
        raise typer.Exit(PARTLY)


def _read_columns(pairs: list[str]) -> dict[str, str]:
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


@app.command(context_settings={"ignore_unknown_options": True})
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
    text = sys.stdin.read() if text == "-" else text
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


@app.command()
def show(
    path: Annotated[
        Path | None,
        typer.Argument(help="A snapshot's report folder; left out, the newest of the lake.", show_default=False),
    ] = None,
    settings: Annotated[
        Path | None, typer.Option("--settings", help="The settings file that names the lake.", show_default=False)
    ] = None,
    format: Annotated[
        ShowFormat,
        typer.Option("--format", help="How it is written; the last three are for pipes.", case_sensitive=False),
    ] = ShowFormat.terminal,
) -> None:
    """Print the newest comparison of the market with the role profile.

    Every item of the profile has a verdict, the share of postings that ask for it with its 95 % interval, and the
    number of employers; below stand the skills that the market asks for and the profile does not name. `csv` is the
    comparison row by row, `json` the answer and every table behind it but postings and mentions.

    Example: `skillextract show --format csv > comparison.csv`
    """
    from skillextract.lake import Lake
    from skillextract.reports.export import render_csv, render_json
    from skillextract.reports.markdown import render_markdown
    from skillextract.reports.stored import read_report
    from skillextract.reports.terminal import show as show_report
    from skillextract.settings import load_settings

    if path is None:
        lake = Lake(load_settings(settings).lake)
        snapshots = lake.list_snapshots()
        if not snapshots:
            raise SettingsError(
                f"lake {lake.root!r} holds no finished snapshot; run the flow first (python flows/skill_demand.py)"
            )
        page = lake.read_manifest(snapshots[-1])["reports"]["page"]
        folder = lake.locate(page.rpartition("/")[0])
    else:
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


@app.command()
def trends(
    by: Annotated[
        str, typer.Option("--by", help="snapshot compares stored runs; month divides the newest.")
    ] = "snapshot",
    last: Annotated[
        int | None, typer.Option(min=2, help="Of the runs only the newest so many.", show_default=False)
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="How many skills are shown each way.")] = 10,
    format: Annotated[str, typer.Option("--format", help="terminal, csv or json.")] = "terminal",
    picture: Annotated[
        Path | None, typer.Option(help="Also draw what is shown, as .svg or .png.", show_default=False)
    ] = None,
    settings: Annotated[
        Path | None, typer.Option("--settings", help="The settings file that names the lake.", show_default=False)
    ] = None,
) -> None:
    """Show which skills the market asks for more, or less, than before.

    A change is told where it is unlikely to be chance, with all skills tested at once and the postings of an employer
    counted as what they are: one voice. A source that was down in one of the runs is left out of all of them.

    Example: `skillextract trends --by month --picture trends.svg`
    """
    from skillextract.history import follow_lake
    from skillextract.market.trends import pick_movers
    from skillextract.reports.trends import draw_trends, save_drawing, tell_trends
    from skillextract.settings import load_settings

    if by not in ("snapshot", "month"):
        raise SettingsError(f"--by: found {by!r}, expected snapshot or month")
    if format not in ("terminal", "csv", "json"):
        raise SettingsError(f"--format: found {format!r}, expected terminal, csv or json")
    found = follow_lake(load_settings(settings), axis=by, last=last)
    if format == "csv":
        typer.echo(found.to_csv(index=False), nl=False)
    elif format == "json":
        typer.echo(found.to_json(orient="records", force_ascii=False))
    else:
        typer.echo(tell_trends(found, most=most))
    if picture is not None:
        movers = pick_movers(found, most=most)
        skills = [skill for moved in movers.values() for skill in moved] or found["skill"].drop_duplicates().head(
            6
        ).tolist()
        save_drawing(draw_trends(found, skills, title="What the market asks for"), picture)


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(help="JSONL: a posting a line, with id, title, text, company and mentions.")],
    errors_shown: Annotated[int, typer.Option("--errors", help="Show so many mistakes of each sort.")] = 0,
    thresholds: Annotated[
        Path | None,
        typer.Option("--thresholds", help="JSON: the least (for share errors: the largest) value of each figure."),
    ] = None,
    format: Annotated[str, typer.Option("--format", help="terminal or json.")] = "terminal",
    patterns: PatternsOption = None,
) -> None:
    """Measure how well mentions are found: recall, precision and requirement against hand-labelled postings.

    A gold mention has start, end, surface, canonical, kind (tool, concept, soft, degree, language, in_title),
    requirement and core (whether both annotators marked it). Recall counts core mentions that are overlapped, precision
    the mentions found that overlap one of either annotator.

    Exit code 1 where a figure misses its threshold.

    Example: `skillextract evaluate tests/data/gold/sample.jsonl --errors 5`
    """
    from skillextract.evaluation import check_thresholds, read_gold
    from skillextract.evaluation import evaluate as compare_with_gold
    from skillextract.skills.loading import load_matcher

    if format not in ("terminal", "json"):
        raise SettingsError(f"--format: found {format!r}, expected terminal or json")
    matcher = load_matcher(None if patterns is None else str(patterns))
    result = compare_with_gold(
        read_gold(gold),
        lambda posting: matcher.find_mentions(posting.id, posting.title, posting.text, company=posting.company),
    )
    if format == "json":
        typer.echo(json.dumps({**result.counts, **result.figures}))
    else:
        for name, value in {**result.counts, **result.figures}.items():
            typer.echo(f"{name:24} {'–' if value is None else value if isinstance(value, int) else f'{value:.4f}'}")
    shown: dict[str, int] = {}
    for mistake in result.mistakes:
        shown[mistake.sort] = shown.get(mistake.sort, 0) + 1
        if shown[mistake.sort] <= errors_shown:
            typer.echo(
                f"[{mistake.sort}] {mistake.surface!r} in … {progress.strip_controls(mistake.context)} … "
                f"({mistake.posting_id})"
            )
    misses = check_thresholds(result, json.loads(thresholds.read_text(encoding="utf-8"))) if thresholds else []
    for miss in misses:
        errors.print(f"[bold red]below the threshold:[/] {escape(miss)}")
    if misses:
        raise typer.Exit(1)


@patterns_app.command("check")
def check_patterns(
    root: Annotated[Path | None, typer.Argument(help="A folder of patterns; left out, the built-in one.")] = None,
) -> None:
    """Lint the patterns and roles, and try every example sentence; each fault is named with file and line.

    Exit code 1 where there is a fault.
    """
    with progress.tell("trying every example sentence"):
        from skillextract.roles.lint import lint_roles
        from skillextract.skills.examples import check_examples
        from skillextract.skills.vocabulary import find_patterns, lint_vocabulary, load_vocabulary
        from skillextract.text.expressions import lint_expressions

        root = find_patterns() if root is None else root
        faults: list[PatternError] = lint_vocabulary(root)
        if not faults:
            vocabulary = load_vocabulary(root)
            faults = check_examples(vocabulary) + lint_roles(root, skills=vocabulary.skills) + lint_expressions(root)
    for fault in faults:
        errors.print(escape(str(fault)))
    if faults:
        noun = "fault" if len(faults) == 1 else "faults"
        errors.print(f"[bold red]{len(faults):,} {noun}[/]; mend the lines above and run this again")
        raise typer.Exit(1)
    counts = f"{len(vocabulary.skills):,} skills, {len(vocabulary.patterns):,} patterns"
    typer.echo(f"{counts}, version {vocabulary.version}: no fault")


@patterns_app.command("suggest")
def suggest_patterns(
    source: Annotated[
        Path, typer.Argument(metavar="INPUT", help="JSONL, CSV or Parquet with the columns id, title, text or html.")
    ],
    most: Annotated[int, typer.Option("--most", min=1, help="How many terms are shown, at most.")] = 50,
    least: Annotated[int, typer.Option("--companies", min=1, help="From so many employers on.")] = 2,
    column: ColumnOption = None,
    format: Annotated[str, typer.Option("--format", help="terminal, csv or json.")] = "terminal",
    patterns: PatternsOption = None,
) -> None:
    """Name the terms that stand where skills stand and that no pattern knows: the next patterns to write.

    A term counts where it stands in a list beside a known skill, or directly behind a cue of know-how ("experience
    with …"). Those that most employers use come first, each with a sentence.

    Example: `skillextract patterns suggest postings.jsonl --most 20`
    """
    from skillextract.settings import FilesSource
    from skillextract.suggestion import suggest_terms

    if format not in ("terminal", "csv", "json"):
        raise SettingsError(f"--format: found {format!r}, expected terminal, csv or json")
    with progress.count("postings") as advance:
        postings = FilesSource(path=str(source), columns=_read_columns(column or []))
        found = suggest_terms(postings, patterns=patterns, most=most, least=least, advance=advance)
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


@sources_app.command("list")
def list_sources() -> None:
    """Explain each source: what it gives, whether it needs a key, its terms, and the lines of the settings for it."""
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


@sources_app.command("check")
def check_configured_sources(
    settings: Annotated[
        Path | None, typer.Option("--settings", help="The settings file that names the sources.", show_default=False)
    ] = None,
) -> None:
    """Try the sources of the settings, and say what each gave.

    Each is asked for a few postings only; nothing is written but the cache. Exit code 3 where a source gave none.
    """
    from skillextract.collect.catalogue import ENOUGH, check_sources
    from skillextract.collect.http import PoliteSession
    from skillextract.market.wording import count_noun
    from skillextract.settings import load_settings

    loaded = load_settings(settings)
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
            facts += [f"{checked.refused} refused"] if checked.refused else []
            console.print(f"[{style}]{checked.status:8}[/][bold]{escape(checked.source)}[/]  {', '.join(facts)}")
            if checked.title:
                console.print(f"        first: {escape(progress.strip_controls(checked.title))}")
            if checked.message:
                console.print(f"        {escape(progress.strip_controls(checked.message))}")
    if silent:
        raise typer.Exit(PARTLY)


@profile_app.command("draft")
def draft_profile(
    role: Annotated[str, typer.Argument(help="A role of patterns/roles, or a new name together with --title.")],
    title: Annotated[
        list[str] | None,
        typer.Option(help="How titles of a new role end, as a regular expression in lower case; may be repeated."),
    ] = None,
    settings: Annotated[
        Path | None, typer.Option("--settings", help="The settings file that names the lake.", show_default=False)
    ] = None,
    lake: Annotated[str | None, typer.Option(help="The lake, in place of the one that the settings name.")] = None,
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

    Example: `skillextract profile draft "iOS engineer" --title "ios (engineer|developer)" -o ios.toml`
    """
    from skillextract.profiles import draft_from_market
    from skillextract.settings import load_settings
    from skillextract.skills.vocabulary import find_patterns

    if output is not None and output.exists():
        raise SettingsError(f"--output: {output} is there already, and may have been edited; give another name")
    chosen = load_settings(settings)
    if lake is not None:
        chosen = chosen.model_copy(update={"lake": lake})
    with progress.tell("reading the market"):
        draft = draft_from_market(
            role, root=patterns or find_patterns(), settings=chosen, titles=title or (), reports=reports
        )
    if output is None:
        typer.echo(draft, nl=False)
        return
    output.write_text(draft, encoding="utf-8")
    errors.print(f"{escape(str(output))}: a draft; read its first lines")


@profile_app.command("compare")
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
    from skillextract.skills.vocabulary import find_patterns, load_vocabulary

    if format not in ("terminal", "markdown", "json"):
        raise SettingsError(f"--format: found {format!r}, expected terminal, markdown or json")
    root = patterns or find_patterns()
    skills = load_vocabulary(root).skills
    difference = compare_by_name(first, second, root=root)

    def name_skill(skill_id: str) -> str:
        return skills[skill_id].name if skill_id in skills else skill_id

    if format == "json":
        typer.echo(render_difference_json(difference), nl=False)
    elif format == "markdown":
        typer.echo(render_difference_markdown(difference, name_skill=name_skill), nl=False)
    else:
        show_difference(difference, name_skill=name_skill)


@lake_app.command("check")
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


@lake_app.command("prune")
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
