"""`skillextract evaluate`: found mentions against hand-labelled ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from skillextract import progress
from skillextract.commands.common import PatternsOption, errors
from skillextract.errors import SettingsError


def evaluate(
    gold: Annotated[Path, typer.Argument(help="JSONL: a posting a line, with id, title, text, company and mentions.")],
    errors_shown: Annotated[int, typer.Option("--errors", min=0, help="Show so many mistakes of each sort.")] = 0,
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
    the mentions found that overlap one of either annotator; `_strict` asks for the very same characters.
    `requirement_accuracy` is the part of the core mentions found whose requirement is the gold's, `asks_accuracy` the
    same for whether the posting asks for the skill or only names it. `share_error_mean` and `_worst` say how
    far the share of postings that ask for a skill is from that of the gold, over its skills (0.01 is one in a hundred).
    `in_title` counts the gold's words inside job titles, which are no skills, `in_title_hits` the mentions that were
    found there nevertheless; they count for no other figure.

    Exit code 1 where a figure misses its threshold.

    Example: `skillextract evaluate tests/data/gold/sample.jsonl --errors 5`
    """
    from skillextract.evaluation import check_thresholds, read_gold
    from skillextract.evaluation import evaluate as compare_with_gold
    from skillextract.skills.loading import load_matcher

    if format not in ("terminal", "json"):
        raise SettingsError(f"--format: found {format!r}, expected terminal or json")
    least = _read_thresholds(thresholds) if thresholds else {}
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
    misses = check_thresholds(result, least)
    for miss in misses:
        errors.print(f"[bold red]below the threshold:[/] {escape(miss)}")
    if misses:
        raise typer.Exit(1)


def _read_thresholds(path: Path) -> dict[str, float]:
    try:
        least = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): float(value) for name, value in least.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise SettingsError(
            f"--thresholds {path}: cannot be read ({reason}); expected a JSON object of figures, such as "
            '{"precision": 0.95}'
        ) from error
