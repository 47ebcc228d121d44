"""The command line as a person meets it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from skillextract.cli import app

runner = CliRunner()


def run(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    code = "from skillextract.cli import main; main()"
    return subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, cwd=cwd, check=False)


@pytest.mark.parametrize(
    "command",
    [[], ["extract"], ["explain"], ["show"], ["patterns", "check"], ["profile", "draft"], ["profile", "compare"]],
)
def test_help_teaches(command: list[str]) -> None:
    result = runner.invoke(app, [*command, "--help"])
    assert result.exit_code == 0
    assert "Usage:" in result.output
    assert len(result.output) > 400


def test_explain_shows_each_mention_and_why() -> None:
    result = runner.invoke(app, ["explain", "Requirements: Go, Rust. Kafka is a plus."])
    assert result.exit_code == 0
    rows = {line.split()[0]: line for line in result.output.splitlines() if "skills/" in line}
    assert set(rows) == {"Go", "Rust", "Kafka"}
    assert "in_list" in rows["Go"]
    assert "preferred" in rows["Kafka"]
    assert "skills/messaging.jsonl:" in rows["Kafka"]


def test_explain_reads_standard_input_and_says_where_nothing_is_found() -> None:
    result = runner.invoke(app, ["explain", "-"], input="go the extra mile")
    assert result.exit_code == 0
    assert "No skill found." in result.output


def test_explain_passes_no_escape_sequence_on() -> None:
    result = runner.invoke(app, ["explain", "Kafka \x1b[31m\x07 red"])
    assert "\x1b" not in result.output
    assert "\x07" not in result.output


def test_extract_writes_the_file_and_says_what_it_found(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": "1", "title": "T", "text": "You know Kafka"}\n')
    done = run("extract", "in.jsonl", "--output", "out.jsonl", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "1 mentions of 1 skills in 1 postings → out.jsonl\n"
    assert json.loads((tmp_path / "out.jsonl").read_text())["skill"] == "kafka"


def test_extract_ends_with_3_when_some_postings_were_refused(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": "1", "title": "T", "text": "Kafka"}\n{"id": "2", "title": "T"}\n')
    done = run("extract", "in.jsonl", "-o", "out.jsonl", cwd=tmp_path)
    assert done.returncode == 3
    assert "refused:" in done.stderr
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 1


def test_a_refusal_is_one_message_and_exit_code_1(tmp_path: Path) -> None:
    done = run("extract", "missing.jsonl", "-o", "out.jsonl", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert "missing.jsonl" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_call_ends_with_2() -> None:
    assert run("extract").returncode == 2


def test_show_says_what_to_do_where_there_is_no_report(tmp_path: Path) -> None:
    done = run("show", cwd=tmp_path)
    assert done.returncode == 1
    assert "holds no finished snapshot; run the flow first" in done.stderr
    done = run("show", "nowhere", cwd=tmp_path)
    assert done.returncode == 1
    assert "no report found" in done.stderr


def test_an_unknown_key_in_the_settings_is_named(tmp_path: Path) -> None:
    (tmp_path / "skillextract.toml").write_text('leak = "x"\n')
    done = run("show", cwd=tmp_path)
    assert done.returncode == 1
    assert "skillextract.toml: leak: found an unknown key" in done.stderr
    assert "did you mean lake" in done.stderr


def test_patterns_check_names_faults_and_ends_with_1(tmp_path: Path) -> None:
    done = run("patterns", "check", str(tmp_path))
    assert done.returncode == 1
    assert "no folder `skills` in it" in done.stderr


def test_patterns_check_passes_on_the_built_in_patterns() -> None:
    result = runner.invoke(app, ["patterns", "check"])
    assert (result.exit_code, "no fault" in result.output) == (0, True), result.output
