"""The next patterns to write, from a file."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from skillextract.cli import app
from skillextract.errors import SourceError
from skillextract.settings import FilesSource
from skillextract.suggestion import suggest_terms


def write(path: Path, texts: list[tuple[str, str]]) -> Path:
    rows = [{"id": str(n), "title": "T", "text": text, "company": company} for n, (company, text) in enumerate(texts)]
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


TEXTS = [
    ("X", "Python, Zorblex, Kafka"),
    ("Y", "Kafka, zorblex, Python"),
    ("Y", "Kafka, zorblex, Python"),
    ("Z", "Kafka, Flumbar"),
]


def test_terms_of_a_file_are_ranked_and_copies_are_folded(tmp_path: Path) -> None:
    table = suggest_terms(FilesSource(path=str(write(tmp_path / "postings.jsonl", TEXTS))), least=1).table
    assert table[["term", "postings", "companies", "in_lists"]].values.tolist() == [
        ["Zorblex", 2, 2, 2],
        ["Flumbar", 1, 1, 1],
    ]


def test_an_invented_tool_that_several_employers_name_in_sentences_is_found(tmp_path: Path) -> None:
    """As postings write it: in a list, behind a cue, with a kind before it, and with years; each in other words."""
    texts = [
        ("A", "You will run services in the cloud.\n- 3+ years of Zorblex in production\n- Docker"),
        ("B", "Requirements\n- Experience with orchestration tools such as Zorblex, and a calm mind"),
        ("C", "Our stack: Python, Zorblex and Postgres. We build and ship every day."),
        ("D", "Nice to have\n- Familiarity with Zorblex or Airflow"),
        ("E", "We build, train and ship models with Python. Build, train and ship!"),
    ]
    found = suggest_terms(FilesSource(path=str(write(tmp_path / "postings.jsonl", texts))))
    assert found.table[["term", "postings", "companies", "in_lists", "in_slots"]].values.tolist() == [
        ["Zorblex", 4, 4, 2, 2]
    ]


def test_it_is_told_how_many_terms_were_looked_at_and_why_the_others_fell(tmp_path: Path) -> None:
    plain = [(name, "- Quibble and Kafka\nYou quibble what we build, and quibble again") for name in "PQ"]
    plain += [(name, "You quibble what we build") for name in "RST"]
    path = write(tmp_path / "postings.jsonl", [*TEXTS, *plain])
    found = suggest_terms(FilesSource(path=str(path)))
    assert (found.looked_at, found.rare, found.ordinary, len(found.table)) == (3, 1, 1, 1)
    done = CliRunner().invoke(app, ["patterns", "suggest", str(path)])
    assert done.stderr.splitlines()[-1] == (
        "3 terms that no pattern knows stood where skills stand: 1 of fewer than 2 employers, 1 written in lower case "
        "elsewhere, as ordinary words are; 1 left"
    )


def test_columns_of_other_names_are_told_as_for_extract(tmp_path: Path) -> None:
    rows = ["Ref,Job Title,Text", *(f'{n},T,"Python, Zorblex, Kafka"' for n in range(2))]
    (tmp_path / "own.csv").write_text("\n".join(rows))
    given = ["patterns", "suggest", str(tmp_path / "own.csv"), "--companies", "1"]
    renamed = CliRunner().invoke(
        app, [*given, "--column", "id=Ref", "--column", "title=Job Title", "--column", "text=Text"]
    )
    assert (renamed.exit_code, "Zorblex" in renamed.stdout) == (0, True), renamed.output
    none = CliRunner().invoke(
        app, ["patterns", "suggest", str(write(tmp_path / "p.jsonl", [("X", "Python and Kafka")]))]
    )
    assert "No unknown term that 2 or more employers list" in none.stdout


def test_wrong_columns_point_to_the_option_that_this_command_has_too(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("Ref,Job Title,Text\n1,T,Python")
    done = CliRunner().invoke(app, ["patterns", "suggest", str(tmp_path / "own.csv")])
    assert done.exit_code == 1
    assert str(done.exception).endswith(
        "found the columns Ref, Job Title, Text, expected `title` and one of `html`, `text`; say which column is "
        "which: `columns` in the settings, --column of a command"
    )


def test_a_file_without_postings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"found no posting that can be read|no posting|empty"):
        suggest_terms(FilesSource(path=str(write(tmp_path / "postings.jsonl", []))))


def test_postings_that_are_left_out_are_named_and_the_exit_code_is_3(tmp_path: Path) -> None:
    path = write(tmp_path / "postings.jsonl", [*TEXTS, ("V", "")])
    repeated = {"id": "0", "title": "T", "text": "Python, Zorblex, Kafka", "company": "W"}
    path.write_text(f"{path.read_text()}\n{json.dumps(repeated)}")
    done = CliRunner().invoke(app, ["patterns", "suggest", str(path), "--format", "csv"])
    assert (done.exit_code, done.stdout) == (
        3,
        "term,postings,companies,in_lists,in_slots,beside\nZorblex,2,2,2,0,kafka python\n",
    )
    assert done.stderr.splitlines()[:2] == [
        f"refused: files:postings.jsonl: posting {path}:5: text: found no text, expected `text` or `html`; fill it, or "
        "say which column is which: `columns` in the settings, --column of a command",
        f"left out: files:postings.jsonl: posting 0: id: came before in this source: {path}:6 repeats that of "
        f"{path}:1; give each its own",
    ]


def test_where_no_posting_can_be_read_it_is_said_why(tmp_path: Path) -> None:
    path = tmp_path / "postings.jsonl"
    path.write_text('{"title": "T", "text": ""}\n')
    with pytest.raises(SourceError) as caught:
        suggest_terms(FilesSource(path=str(path)))
    assert str(caught.value) == (
        f"files:postings.jsonl: {path}: found no posting that can be read (first: posting {path}:1: text: found no "
        "text, expected `text` or `html`; fill it, or say which column is which: `columns` in the settings, --column "
        "of a command), expected rows with a title, and text or html"
    )


def test_the_command_names_terms_for_pipes_and_people(tmp_path: Path) -> None:
    path = str(write(tmp_path / "postings.jsonl", TEXTS))
    found = CliRunner().invoke(app, ["patterns", "suggest", path, "--format", "csv"])
    assert (found.exit_code, found.stdout) == (
        0,
        "term,postings,companies,in_lists,in_slots,beside\nZorblex,2,2,2,0,kafka python\n",
    )
    shown = CliRunner().invoke(app, ["patterns", "suggest", path])
    assert "Zorblex" in shown.stdout
    records = json.loads(CliRunner().invoke(app, ["patterns", "suggest", path, "--format", "json"]).stdout)
    assert [record["evidence"][0]["sentence"] for record in records] == ["Python, Zorblex, Kafka"]
