"""`skillextract show` on a lake that holds runs of several roles."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from skillextract import pipeline
from skillextract.cli import app
from skillextract.roles.titles import list_roles
from skillextract.settings import FilesSource, Settings
from skillextract.skills.pattern_files import find_patterns

ROLES = {"data-engineer": "Data Engineer", "machine-learning-engineer": "Machine Learning Engineer"}
"""The title of each role's postings, in the order of its run."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose lake has a run of the data engineer, and a later one of the machine learning engineer."""
    folder = tmp_path_factory.mktemp("roles")
    for day, (role, title) in enumerate(ROLES.items(), start=1):
        rows = [{"title": title, "company": f"X{n}", "text": f"Requirements\nPython and Kafka {n}"} for n in range(12)]
        (folder / f"{role}.jsonl").write_text("\n".join(map(json.dumps, rows)))
        source = FilesSource(path=str(folder / f"{role}.jsonl"))
        settings = Settings(lake=str(folder / "lake"), role=role, sources=[source])
        snapshot = f"2026-07-0{day}T000000Z"
        fetched = [pipeline.fetch_source(source, settings=settings, snapshot=snapshot)]
        folded = pipeline.fold_postings(fetched, settings=settings, snapshot=snapshot)
        mentions = [pipeline.extract_part(part, settings=settings, snapshot=snapshot) for part in folded["parts"]]
        pipeline.write_reports(
            settings=settings, snapshot=snapshot, fetched=fetched, folded=folded, mention_parts=mentions
        )
    return folder


@pytest.fixture(autouse=True)
def work_in_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SKILLEXTRACT_LAKE", "lake")


def show(*words: str) -> tuple[str, str]:
    """The role and snapshot that are told."""
    told = json.loads(CliRunner().invoke(app, ["show", "--format", "json", *words]).stdout)
    return told["role"], told["snapshot"]


OF_DATA = ("Data engineer", "2026-07-01T000000Z")
OF_LEARNING = ("Machine learning engineer", "2026-07-02T000000Z")


def test_the_newest_run_of_the_settings_role_is_shown_not_the_newest_of_all(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert show() == OF_LEARNING
    (folder / "data.toml").write_text('role = "data-engineer"\n')
    assert show("--settings", "data.toml") == OF_DATA
    monkeypatch.setenv("SKILLEXTRACT_ROLE", "data-engineer")
    assert show() == OF_DATA


def test_the_lake_of_the_option_goes_before_that_of_the_settings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILLEXTRACT_LAKE", "elsewhere")
    assert show("--lake", "lake") == OF_LEARNING
    report = next((folder / "lake" / "reports" / "data-engineer").iterdir())
    both = CliRunner().invoke(app, ["show", str(report), "--lake", "lake"])
    assert str(both.exception) == (
        f"--lake: found 'lake' beside the folder {report}, which is read as it is; leave one out"
    )


def test_the_role_of_the_option_goes_before_that_of_the_settings() -> None:
    assert show("--role", "data-engineer") == OF_DATA


def test_a_role_without_a_run_is_refused_with_those_that_have_one_and_not_told_to_give_what_was_given(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = (
        f"lake 'lake' ({folder / 'lake'}) holds no snapshot of the role 'backend-engineer', only of data-engineer, "
        "machine-learning-engineer; "
    )
    given = CliRunner().invoke(app, ["show", "--role", "backend-engineer"])
    assert (given.exit_code, str(given.exception)) == (1, f"{held}run the flow with this `role` in the settings")
    monkeypatch.setenv("SKILLEXTRACT_ROLE", "backend-engineer")
    of_settings = CliRunner().invoke(app, ["show"])
    assert (of_settings.exit_code, str(of_settings.exception)) == (1, f"{held}give --role, or run the flow for it")


@pytest.mark.parametrize("lake", ["lake", "no-lake"])
def test_a_role_that_no_run_can_be_of_is_told_as_that_with_the_roles_that_there_are(
    monkeypatch: pytest.MonkeyPatch, lake: str
) -> None:
    monkeypatch.setenv("SKILLEXTRACT_LAKE", lake)
    root = find_patterns()
    told = f": found 'nurse', expected one of {', '.join(list_roles(root))}, each a file of {root / 'roles'}; "
    given = CliRunner().invoke(app, ["show", "--role", "nurse"])
    assert (given.exit_code, str(given.exception)) == (1, f"--role{told}name one of them, or add its file")
    monkeypatch.setenv("SKILLEXTRACT_ROLE", "nurse")
    of_settings = CliRunner().invoke(app, ["show"])
    assert str(of_settings.exception) == f"environment: SKILLEXTRACT_ROLE: role{told}name one of them, or add its file"


def test_a_role_of_the_lake_is_shown_whether_or_not_its_file_is_still_there(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(folder / "lake", tmp_path / "lake")
    manifest = tmp_path / "lake/snapshots/2026-07-01T000000Z.json"
    manifest.write_text(manifest.read_text().replace('"role": "data-engineer"', '"role": "nurse"'))
    monkeypatch.setenv("SKILLEXTRACT_LAKE", str(tmp_path / "lake"))
    assert show("--role", "nurse") == OF_DATA


def test_a_folder_is_of_one_role_and_takes_no_other(folder: Path) -> None:
    place = str(folder / "lake/reports/data-engineer/snapshot=2026-07-01T000000Z")
    assert show(place) == OF_DATA
    done = CliRunner().invoke(app, ["show", place, "--role", "data-engineer"])
    assert (done.exit_code, "leave one of them out" in str(done.exception)) == (1, True)


def test_every_form_says_the_role_and_the_snapshot() -> None:
    told = {
        form: CliRunner().invoke(app, ["show", "--role", "data-engineer", "--format", form]).stdout
        for form in ("csv", "markdown", "terminal")
    }
    assert {(row["role"], row["snapshot"]) for row in csv.DictReader(io.StringIO(told["csv"]))} == {OF_DATA}
    assert "Data engineer" in told["markdown"]
    assert "Data engineer" in told["terminal"]
    assert "2026-07-01T000000Z" in told["markdown"]
    assert "2026-07-01T000000Z" in told["terminal"]


def test_a_lake_in_place_of_a_reports_folder_is_told_as_that(folder: Path) -> None:
    (folder / "no lake").mkdir()
    done = CliRunner().invoke(app, ["show", "lake"])
    assert (done.exit_code, str(done.exception)) == (
        1,
        f"{folder}/lake: found a lake, expected a report's folder in it; for the newest report of the lake give "
        "`--lake lake`",
    )
    other = CliRunner().invoke(app, ["show", "no lake"])
    assert str(other.exception).startswith(f"{folder}/no lake: no report found (")
