"""Write the parts of the documents that are told by the code: commands, settings, sources, tables, dependencies.

How accurate it is, is told by `accuracy.md`.

    python docs/generate.py            writes them between their markers
    python docs/generate.py --picture  also draws docs/images/terminal.svg from the sample

`make docs` does both. A test fails where a part is stale.
"""

from __future__ import annotations

import argparse
import io
import itertools
import re
import tempfile
import textwrap
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import PydanticUndefined
from rich.console import Console
from typer.main import get_command

from skillextract import pipeline
from skillextract.cli import app
from skillextract.reports.stored import read_report
from skillextract.reports.tables import TABLES, describe_tables
from skillextract.reports.terminal import show
from skillextract.settings import Settings, Source

README = Path(__file__).parent.parent / "README.md"
ARCHITECTURE = Path(__file__).parent / "architecture.md"
PROJECT = Path(__file__).parent.parent / "pyproject.toml"
COLUMNS = Path(__file__).parent / "tables.md"
DEPENDENCIES = Path(__file__).parent / "dependencies.toml"
PICTURE = Path(__file__).parent / "images" / "terminal.svg"
_LONGEST_SENTENCE = 250
"""Characters about a table in the README."""
ACCURACY = Path(__file__).parent / "accuracy.md"


def describe_commands() -> str:
    """Every command with the first sentence of its help."""

    def walk(command: Any, *names: str) -> Iterator[str]:
        inner = getattr(command, "commands", {})
        if not inner:
            words = " ".join(_name_argument(p) for p in command.params if p.param_type_name == "argument")
            sentence = re.split(r"(?<=\.)\s", " ".join(command.help.split()))[0]
            yield f"| `{' '.join(filter(None, ('skillextract', *names, words)))}` | {sentence} |"
        for name, each in inner.items():
            yield from walk(each, *names, name)

    return "\n".join(["| command | what it does |", "| --- | --- |", *walk(get_command(app))]) + "\n"


def describe_settings() -> str:
    """Every key of `skillextract.toml` with its default."""
    lines = ["| key | default | what it says |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True)
        shown = "the sample" if name == "sources" else _write_value(default)
        lines.append(f"| `{name}` | {shown} | {_one_line(field.description)} |")
    return "\n".join(lines) + "\n"


def describe_sources() -> str:
    """Every kind of source with the keys that it takes; those that must be given are bold."""
    lines = ["| `board =` | what it reads | keys |", "| --- | --- | --- |"]
    for model in get_args(Source):
        keys = [
            f"**`{name}`**" if field.is_required() else f"`{name}`"
            for name, field in model.model_fields.items()
            if name not in ("board", "base_url")
        ]
        lines.append(
            f'| `"{model.model_fields["board"].default}"` | {_one_line(model.__doc__)} | {", ".join(keys) or "none"} |'
        )
    return "\n".join(lines) + "\n"


def describe_accuracy() -> str:
    """How accurate it is: the worst and the best round of unseen postings, then what the rules were written by."""
    text = ACCURACY.read_text(encoding="utf-8")
    rounds = _read_numbers(text, "round")
    tools, concepts, precision, asks = (
        f"{min(row[name] for row in rounds):.0%} to {max(row[name] for row in rounds):.0%}"
        for name in ("tools", "concepts", "precision", "asks")
    )
    labels = ("tools found", "concepts found", "precision", "asks or not right")
    kept = [f"{row['72 real postings']:.0%}" for name in labels for row in _read_numbers(text, "figure", label=name)]
    told = (
        f"On {sum(row['postings'] for row in rounds):.0f} real postings that nobody had looked at, read in "
        f"{len(rounds)} rounds, it finds {tools} of the tools and {concepts} of the concepts that they name (the worst "
        f"and the best round); {precision} of what it finds is right, and whether a posting asks for a skill or only "
        f"mentions it is right in {asks} of cases. After a round its mistakes were read, and rules mended. On 72 real "
        f"postings that two people labelled, and by which the rules were written, it is {', '.join(kept[:-1])} and "
        f"{kept[-1]}: expect less elsewhere."
    )
    # A number and its sign stay on one line.
    lines = textwrap.fill(told.replace("%", "\u00a0%"), 120, break_on_hyphens=False)
    return lines.replace("\u00a0", " ")


def _read_numbers(text: str, head: str, *, label: str | None = None) -> list[dict[str, float]]:
    """The rows of the table in a Markdown text whose first column has this head; of all, or of one label."""
    lines = iter(text[text.index(f"| {head} |") :].splitlines())
    names = [cell.strip() for cell in next(lines).strip("|").split("|")]
    next(lines)
    rows = []
    for line in itertools.takewhile(lambda line: line.startswith("|"), lines):
        first, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        if label is None or first == label:
            rows.append({name: float(cell.replace(",", "")) for name, cell in zip(names[1:], cells, strict=True)})
    return rows


def list_tables() -> str:
    """Every table of a report with the first sentence about it, and where its columns are told."""
    lines = ["| table | what it holds |", "| --- | --- |"]
    for table in TABLES.values():
        file = f"{table.name}.parquet"
        # As GitHub makes an anchor of a heading.
        anchor = file.replace(".", "")
        sentence = re.split(r"(?<=\.)\s", table.doc)[0]
        short = sentence if len(sentence) <= _LONGEST_SENTENCE else f"{sentence.partition(':')[0]}."
        lines.append(f"| [`{file}`](docs/tables.md#{anchor}) | {short} |")
    return "\n".join(lines) + "\n"


def list_dependencies() -> list[str]:
    """The names of all packages that `pyproject.toml` asks for, the extras' last."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(each for extra in project["optional-dependencies"].values() for each in extra)]
    return list(dict.fromkeys(re.split(r"[^\w.-]", each)[0] for each in asked))


def describe_dependency(name: str) -> str:
    """The row of a package: its licence as the installed package states it, and why it is needed.

    Raises:
        KeyError: `docs/dependencies.toml` has no reason for it, or neither the package nor that file has a licence.
        PackageNotFoundError: it is not installed.
    """
    known = tomllib.loads(DEPENDENCIES.read_text(encoding="utf-8"))
    stated = metadata.metadata(name)
    classifiers = [each.rpartition(" :: ")[2] for each in stated.get_all("Classifier") or [] if " :: OSI" in each]
    # Some put the licence's whole text where its name belongs.
    lines = (stated.get("License") or "").splitlines()
    short = lines[0] if len(lines) == 1 else None
    licence = stated.get("License-Expression") or next(iter(classifiers), short) or known["licences"][name]
    return f"| {name} | {licence} | {known['reasons'][name]} |"


def describe_dependencies() -> str:
    """Every dependency with its licence and reason; all extras must be installed."""
    return "\n".join(
        ["| package | licence | reason |", "| --- | --- | --- |", *map(describe_dependency, list_dependencies())]
    )


PARTS: dict[str, Callable[[], str]] = {
    "accuracy": describe_accuracy,
    "commands": describe_commands,
    "settings": describe_settings,
    "sources": describe_sources,
    "tables": list_tables,
}
"""The README's parts by the name in their markers, `<!-- begin NAME … -->` and `<!-- end NAME -->`."""


COLUMNS_PARTS: dict[str, Callable[[], str]] = {"columns": lambda: describe_tables().replace("### ", "## ")}
"""What the code tells of `tables.md`."""


def fill_in(text: str, parts: Mapping[str, Callable[[], str]] = PARTS) -> str:
    """Return a text with every part written anew between its markers.

    Raises:
        ValueError: a part has no markers.
    """
    for name, describe in parts.items():
        marked = re.compile(rf"(<!-- begin {name}\b[^>]*-->\n).*?(<!-- end {name} -->)", re.DOTALL)
        if not marked.search(text):
            raise ValueError(f"found no markers `<!-- begin {name} -->` and `<!-- end {name} -->`; add them")
        written = describe().strip("\n")
        text = marked.sub(lambda match, written=written: f"{match[1]}\n{written}\n\n{match[2]}", text)
    return text


def draw_terminal() -> str:
    """Return what `make run` prints at its end, as SVG, from the sample."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(lake=folder)
        snapshot = pipeline.begin_run(settings, now=datetime(2026, 11, 24, tzinfo=UTC))
        fetched = [pipeline.fetch_source(source, settings=settings, snapshot=snapshot) for source in settings.sources]
        folded = pipeline.fold_postings(fetched, settings=settings, snapshot=snapshot)
        mentions = [pipeline.extract_part(part, settings=settings, snapshot=snapshot) for part in folded["parts"]]
        written = pipeline.write_reports(
            settings=settings, snapshot=snapshot, fetched=fetched, folded=folded, mention_parts=mentions
        )
        report = read_report(written["folder"])
        console = Console(
            file=io.StringIO(), record=True, width=100, force_terminal=True, color_system="truecolor", highlight=False
        )
        show(report, console=console)
    drawn = console.export_svg(title="make run (SAMPLE)", unique_id="skillextract")
    # Its fonts would be fetched from a host; every machine has one of its own.
    return re.sub(r"@font-face\s*\{[^}]*\}\s*", "", drawn)


def _name_argument(argument: Any) -> str:
    name = argument.metavar or argument.name.upper()
    return name if argument.required else f"[{name}]"


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")


def _write_value(value: object) -> str:
    if value is None or value is PydanticUndefined:
        return "none"
    if isinstance(value, BaseModel):
        return "see below"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def main() -> None:
    """Write the documents, and with `--picture` the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--picture", action="store_true", help="also draw docs/images/terminal.svg")
    if parser.parse_args().picture:
        PICTURE.write_text(draw_terminal(), encoding="utf-8")
    README.write_text(fill_in(README.read_text(encoding="utf-8")), encoding="utf-8")
    for path, parts in ((COLUMNS, COLUMNS_PARTS), (ARCHITECTURE, {"dependencies": describe_dependencies})):
        path.write_text(fill_in(path.read_text(encoding="utf-8"), parts), encoding="utf-8")


if __name__ == "__main__":
    main()
