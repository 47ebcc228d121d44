"""What the package is when it is installed from a wheel, away from the checkout."""

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import REPOSITORY

Run = Callable[..., subprocess.CompletedProcess[str]]


def build(source: Path, target: str, folder: Path) -> Path:
    """Build with the backend of pyproject.toml as it is installed: nothing is fetched."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True, text=True)
    [built] = folder.glob("*.whl" if target == "wheel" else "*.tar.gz")
    return built


def build_from_source(folder: Path) -> Path:
    """Build the wheel from the source distribution, as an installer would, in an empty folder."""
    with tarfile.open(build(REPOSITORY, "sdist", folder)) as archive:
        archive.extractall(folder, filter="data")
    [source] = [path for path in folder.iterdir() if path.is_dir()]
    return build(source, "wheel", folder)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_from_source(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def run(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run a command of the installed wheel in an empty folder; its dependencies are those of the tests."""
    site = tmp_path_factory.mktemp("site")
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(site)]
    subprocess.run([*command, str(wheel)], check=True, capture_output=True, text=True)

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PYTHONPATH": str(site), "COLUMNS": "200"}
        return subprocess.run(
            [sys.executable, *words], cwd=elsewhere, env=env, capture_output=True, text=True, check=False
        )

    found = run("-c", "import skillextract; print(skillextract.__file__)")
    assert found.stdout == f"{site}/skillextract/__init__.py\n", found.stderr
    run_path = site / "bin" / "skillextract"

    return lambda *words: run(str(run_path), *words)


def test_it_holds_every_pattern_and_every_posting_of_the_sample_and_no_test(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}

    def list_files(folder: Path, place: str) -> set[str]:
        files = [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
        return {f"{place}/{path.relative_to(folder).as_posix()}" for path in files}

    package = list_files(REPOSITORY / "src" / "skillextract", "skillextract")
    assert names == package | list_files(REPOSITORY / "patterns", "skillextract/patterns")
    assert "skillextract/py.typed" in names


@pytest.mark.slow
def test_its_patterns_are_sound_where_it_is_installed(run: Run) -> None:
    checked = run("patterns", "check")
    assert (checked.returncode, "no fault" in checked.stdout) == (0, True), checked.stderr


def test_it_explains_a_text(run: Run) -> None:
    explained = run("explain", "Requirements: Go or Rust. Kafka is a plus.")
    skills = {line.split()[0] for line in explained.stdout.splitlines() if "skills/" in line}
    assert (explained.returncode, skills) == (0, {"Go", "Rust", "Kafka"}), explained.stderr


@pytest.mark.slow
def test_it_extracts_from_a_file(run: Run, tmp_path: Path) -> None:
    posting = {"id": "1", "title": "Engineer", "text": "You know Terraform."}
    (tmp_path / "in.jsonl").write_text(json.dumps(posting) + "\n")
    done = run("extract", str(tmp_path / "in.jsonl"), "--output", str(tmp_path / "out.jsonl"))
    assert done.returncode == 0, done.stderr
    [mention] = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert (mention["skill"], posting["text"][mention["start"] : mention["end"]]) == ("terraform", "Terraform")
