"""The command line as a person meets it."""

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from conftest import REPOSITORY
from skillextract.cli import app, main

runner = CliRunner()


@dataclasses.dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command as its script runs it, in an empty folder, without the cost of a new process."""

    def run(*words: str) -> Done:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["skillextract", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        printed = capsys.readouterr()
        return Done(int(left.value.code or 0), printed.out, printed.err)

    return run


def list_commands(command: Any, *names: str) -> Iterator[tuple[str, ...]]:
    """Every command and group of commands, by its words."""
    yield names
    for name, inner in getattr(command, "commands", {}).items():
        yield from list_commands(inner, *names, name)


@pytest.mark.parametrize("command", list(list_commands(get_command(app))), ids=" ".join)
def test_help_teaches(command: tuple[str, ...]) -> None:
    result = runner.invoke(app, [*command, "--help"])
    assert result.exit_code == 0
    assert "Usage:" in result.output
    assert len(result.output) > 400
    assert "[bold]" not in result.output


@pytest.mark.parametrize("command", list(list_commands(get_command(app))), ids=" ".join)
def test_the_help_of_each_command_has_an_example_of_it(command: tuple[str, ...]) -> None:
    said = " ".join(runner.invoke(app, [*command, "--help"]).output.split())
    is_group = "COMMAND [ARGS]" in said
    assert is_group or f"Example: skillextract {' '.join(command)}" in said


def test_explain_shows_each_mention_and_why() -> None:
    result = runner.invoke(app, ["explain", "Requirements: Go, Rust. Kafka is a plus."])
    assert result.exit_code == 0
    rows = {line.split()[0]: line for line in result.output.splitlines() if "skills/" in line}
    assert set(rows) == {"Go", "Rust", "Kafka"}
    assert "in_list" in rows["Go"]
    assert "preferred" in rows["Kafka"]
    assert "skills/messaging.jsonl:" in rows["Kafka"]


@pytest.mark.parametrize("text", ["Kafka is a plus.", "Kafka is a **plus**.", "_Kafka_ is a *plus*."])
def test_explain_reads_through_emphasis_of_markdown(text: str) -> None:
    result = runner.invoke(app, ["explain", text])
    assert result.output == runner.invoke(app, ["explain", "Kafka is a plus."]).output
    assert "preferred" in result.output


def test_explain_reads_standard_input_and_says_where_nothing_is_found() -> None:
    result = runner.invoke(app, ["explain", "-"], input="go the extra mile")
    assert result.exit_code == 0
    assert "No skill found: " in result.output


def test_explain_prints_one_blank_line_below_what_is_piped() -> None:
    """Each line feed at the end of the pipe's text was one more blank line."""
    piped = runner.invoke(app, ["explain", "-"], input="  Requirements:\n\nGo, Kafka\n\n\n")
    given = runner.invoke(app, ["explain", "  Requirements:\n\nGo, Kafka"])
    assert piped.output == given.output
    assert piped.output.startswith("  Requirements:\n\nGo, Kafka\n\nsurface")


def test_explain_says_that_a_text_is_not_english(run: Run) -> None:
    text = "Wir suchen eine Entwicklerin mit Freude an Daten, die gern im Team arbeitet und Kafka kennt."
    done = run("explain", text)
    assert (done.returncode, "Apache Kafka" in done.stdout) == (0, True)
    assert done.stderr == (
        "warning: the text reads as another language than English (de); the patterns are written for English and find "
        "little in other languages: translate the text first, or take its English version\n"
    )
    assert run("explain", "You know Kafka.").stderr == ""


def test_explain_refuses_an_empty_text(run: Run) -> None:
    done = run("explain", " ")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: explain: found an empty text, expected that of a posting; ")


def test_extract_says_how_many_postings_are_not_english(run: Run, tmp_path: Path) -> None:
    german = "Wir suchen eine Entwicklerin mit Freude an Daten, die gern im Team arbeitet und Kafka kennt."
    rows = [{"id": str(n), "title": "T", "text": text} for n, text in enumerate([german, "You know Kafka", german])]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = run("extract", "in.jsonl", "-o", "out.jsonl")
    assert done.returncode == 0
    assert done.stderr.splitlines()[1].startswith("warning: 2 of 3 postings are not in English; ")


def test_explain_passes_no_escape_sequence_on() -> None:
    result = runner.invoke(app, ["explain", "Kafka \x1b[31m\x07 red"])
    assert "\x1b" not in result.output
    assert "\x07" not in result.output


def test_extract_writes_the_file_and_says_what_it_found(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": "1", "title": "T", "text": "You know Kafka"}\n')
    done = run("extract", "in.jsonl", "--output", "out.jsonl")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "1 mention of 1 skill in 1 posting → out.jsonl\n"
    assert json.loads((tmp_path / "out.jsonl").read_text())["skill"] == "kafka"


def test_extract_ends_with_3_when_some_postings_were_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": "1", "title": "T", "text": "Kafka"}\n{"id": "2", "title": "T"}\n')
    done = run("extract", "in.jsonl", "-o", "out.jsonl")
    assert done.returncode == 3
    assert "refused:" in done.stderr
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 1


def test_a_row_whose_id_came_before_is_told_as_left_out_not_as_unreadable(run: Run, tmp_path: Path) -> None:
    row = '{"id": "1", "title": "T", "text": "Kafka"}\n'
    (tmp_path / "in.jsonl").write_text(row * 2)
    done = run("extract", "in.jsonl", "-o", "out.jsonl")
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        3,
        "left out: files:in.jsonl: posting 1: id: came before in this source: in.jsonl:2 repeats that of in.jsonl:1; "
        "give each its own",
    )


def test_a_folder_of_pages_is_an_input_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.html").write_text("<title>Engineer</title><body><p>You know Kafka.</p></body>")
    done = run("extract", "pages", "-o", "out.jsonl")
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["posting_id"] for line in (tmp_path / "out.jsonl").read_text().splitlines()] == ["a.html"]


def test_columns_and_forms_of_other_names_can_be_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("Job Title,Body\nEngineer,You know Kafka\n")
    words = ("--format", "csv", "--column", "title=Job Title", "--column", "text=Body")
    done = run("extract", "in.txt", "-o", "out.jsonl", *words)
    assert (done.returncode, done.stderr) == (0, "1 mention of 1 skill in 1 posting → out.jsonl\n")
    done = run("extract", "in.txt", "-o", "out.jsonl", "--column", "titel=Job Title")
    assert done.returncode == 2
    assert "found 'titel=Job Title', expected OURS=THEIRS" in " ".join(done.stderr.replace("│", " ").split())


def test_help_shows_brackets_as_they_are() -> None:
    assert "text[start:end]" in runner.invoke(app, ["extract", "--help"]).output


def test_no_bar_and_no_colour_where_the_output_is_no_terminal(run: Run, tmp_path: Path) -> None:
    rows = [json.dumps({"id": str(n), "title": "T", "text": "You know Kafka"}) for n in range(600)]
    (tmp_path / "in.jsonl").write_text("\n".join(rows))
    done = run("extract", "in.jsonl", "-o", "out.jsonl")
    assert (done.stdout, done.stderr) == ("", "600 mentions of 1 skill in 600 postings → out.jsonl\n")


def test_a_reader_who_leaves_early_is_no_fault(tmp_path: Path) -> None:
    command = f"{sys.executable} -c 'from skillextract.cli import main; main()' explain Kafka | true"
    env = {**os.environ, "PYTHONPATH": str(REPOSITORY / "src")}
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=tmp_path, env=env, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_refusal_is_one_message_and_exit_code_1(run: Run, tmp_path: Path) -> None:
    done = run("extract", "missing.jsonl", "-o", "out.jsonl")
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert "missing.jsonl" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_call_ends_with_2(run: Run) -> None:
    assert run("extract").returncode == 2


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["show", "--format", "xml"], "terminal, markdown, csv or json"),
        (["extract", "in.jsonl", "-o", "out.jsonl", "--format", "xml"], "auto, jsonl, csv, parquet or html"),
    ],
    ids=["show", "extract"],
)
def test_a_format_that_is_none_is_told_in_one_sentence(run: Run, command: list[str], expected: str) -> None:
    done = run(*command)
    told = " ".join(done.stderr.replace("│", " ").split())
    assert (done.returncode, f"Invalid value for --format: found 'xml', expected {expected} ╰" in told) == (2, True)


@pytest.mark.parametrize(("command", "choices"), [("show", "terminal|markdown"), ("extract", "auto|jsonl")])
def test_the_help_lists_the_formats_and_the_default(command: str, choices: str) -> None:
    said = "".join(runner.invoke(app, [command, "--help"]).output.replace("│", " ").split())
    assert (f"<{choices}" in said, f"[default:{choices.partition('|')[0]}]" in said) == (True, True)


@pytest.mark.parametrize(("command", "choice"), [("show", "markdown"), ("extract", "parquet")])
def test_a_shell_completes_the_format(command: str, choice: str) -> None:
    env = {
        "_SKILLEXTRACT_COMPLETE": "complete_bash",
        "COMP_WORDS": f"skillextract {command} --format {choice[:2]}",
        "COMP_CWORD": "3",
    }
    assert runner.invoke(app, [], prog_name="skillextract", env=env).stdout.strip() == choice


def test_a_format_in_capitals_is_taken(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("title,text\nEngineer,You know Kafka\n")
    done = run("extract", "in.txt", "-o", "out.jsonl", "--format", "CSV")
    assert (done.returncode, done.stderr) == (0, "1 mention of 1 skill in 1 posting → out.jsonl\n")


def test_show_says_what_to_do_where_there_is_no_report(run: Run, tmp_path: Path) -> None:
    done = run("show")
    assert done.returncode == 1
    assert "holds no finished snapshot; run the flow first" in done.stderr
    done = run("show", "nowhere")
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {tmp_path}/nowhere: no report found (")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["lake", "check", "--lake", "x"], "lake 'x' ({folder}/x) holds no snapshot; check its name"),
        (["profile", "draft", "data-engineer", "--lake", "x"], "lake 'x' ({folder}/x) holds no finished snapshot; "),
        (["patterns", "check", "x"], "{folder}/x: found nothing there, expected a folder of patterns; check its path"),
        (["explain", "Go", "--patterns", "x"], "{folder}/x: [missing] no folder `skills` in it; "),
        (["sources", "check", "--settings", "x.toml"], "{folder}/x.toml: no such file; write it, or leave it out"),
        (["profile", "compare", "data-engineer", "x.toml"], "{folder}/x.toml: [unreadable-role] cannot be read"),
    ],
)
def test_a_relative_path_that_is_not_there_is_told_whole(run: Run, tmp_path: Path, words: list[str], told: str) -> None:
    """Cron has another working directory than whoever wrote the line."""
    done = run(*words)
    assert (done.returncode, done.stderr.startswith(f"error: {told.format(folder=tmp_path)}")) == (1, True), done.stderr


def test_an_unknown_key_in_the_settings_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "skillextract.toml").write_text('leak = "x"\n')
    done = run("show")
    assert done.returncode == 1
    assert "skillextract.toml: leak: found an unknown key" in done.stderr
    assert "did you mean lake" in done.stderr


def test_patterns_check_names_faults_and_ends_with_1(run: Run, tmp_path: Path) -> None:
    done = run("patterns", "check", str(tmp_path))
    assert done.returncode == 1
    assert "no folder `skills` in it" in done.stderr


@pytest.mark.parametrize(("name", "found"), [("nope", "nothing there"), ("file", "a file")])
def test_patterns_check_says_that_a_folder_does_not_exist(run: Run, tmp_path: Path, name: str, found: str) -> None:
    (tmp_path / "file").touch()
    done = run("patterns", "check", name)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"error: {tmp_path}/{name}: found {found}, expected a folder of patterns; check its path\n"


@pytest.mark.parametrize("command", [["extract"], ["patterns", "suggest"]])
def test_the_help_says_that_no_id_is_needed(command: list[str]) -> None:
    said = " ".join(runner.invoke(app, [*command, "--help"]).output.replace("│", " ").split())
    assert "columns title, and text or html; id and company are used where they are there (else the id is" in said


def test_evaluate_takes_no_negative_number_of_errors_and_explains_its_figures(run: Run) -> None:
    assert run("evaluate", "gold.jsonl", "--errors", "-3").returncode == 2
    said = runner.invoke(app, ["evaluate", "--help"]).output
    assert [name for name in ("asks_accuracy", "share_error_mean", "in_title_hits") if name not in said] == []


def test_patterns_check_reads_the_rules_of_reports_too(run: Run, root: Path) -> None:
    """They are tried before the examples, which take longest: that there is none is not told."""
    (root / "discovery.jsonl").write_text('{"part": "term"}\n')
    (root / "seniority.jsonl").write_text('{"seniority": "boss", "title": "a"}\n')
    (root / "experience.jsonl").unlink()  # the built-in one is read
    done = run("patterns", "check", str(root))
    assert done.returncode == 1
    faults = [line for line in done.stderr.splitlines() if str(root) in line]
    assert [line.partition("]")[0] for line in faults] == [
        f"{root}/discovery.jsonl:1: [discovery",
        f"{root}/seniority.jsonl:1: [seniority",
    ]


@pytest.mark.slow
def test_patterns_check_passes_on_the_built_in_patterns() -> None:
    result = runner.invoke(app, ["patterns", "check"])
    assert (result.exit_code, "no fault" in result.output) == (0, True), result.output


@pytest.mark.parametrize("content", [None, "{", "[0.9]", '{"precision": "high"}'])
def test_thresholds_that_cannot_be_read_are_refused_before_anything_is_measured(
    tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "thresholds.json"
    if content is not None:
        path.write_text(content)
    done = runner.invoke(app, ["evaluate", str(tmp_path / "no gold.jsonl"), "--thresholds", str(path)])
    assert done.exit_code == 1
    assert f"--thresholds {path}: cannot be read" in str(done.exception)
    assert "[Errno" not in str(done.exception)
    assert "expected a JSON object of figures" in str(done.exception)
