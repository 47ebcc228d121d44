"""What holds for every module of the package, and for whoever imports it."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import REPOSITORY

FLOWS = REPOSITORY / "flows"
MODULES = sorted(FLOWS.rglob("*.py"))
BESIDE = {path.stem for path in FLOWS.glob("*.py")}


def read_imports(path: Path) -> list[str]:
    """The packages that a module imports as it is loaded, in their order."""
    found: list[str] = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            found += [alias.name.partition(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.module or "").partition(".")[0])
    return found


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(FLOWS)) for path in MODULES])
def test_what_prefect_reads_when_it_is_imported_is_set_before(path: Path) -> None:
    imports = read_imports(path)
    if "prefect" in imports and path.parent == FLOWS:
        assert "orchestration" in imports[: imports.index("prefect")]


@pytest.mark.parametrize("path", [path for path in MODULES if path.parent != FLOWS], ids=lambda path: path.stem)
def test_the_package_knows_no_flow(path: Path) -> None:
    assert BESIDE & set(read_imports(path)) == set()


def test_it_sets_what_nobody_has_chosen_and_imports_nothing_that_reads_it(tmp_path: Path) -> None:
    code = (
        "import os, sys, orchestration\n"
        "print('prefect' in sys.modules, *(os.environ[name] for name in ('DO_NOT_TRACK', "
        "'PREFECT_SERVER_ANALYTICS_ENABLED', 'PREFECT_LOGGING_EXTRA_LOGGERS', "
        "'PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS')))"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "DO_NOT"))}
    for chosen, tracked in (({}, "1"), ({"DO_NOT_TRACK": "0"}, "0")):
        environment = {**clean, "PYTHONPATH": str(FLOWS), **chosen}
        words = [sys.executable, "-c", code]
        done = subprocess.run(words, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
        assert done.stdout.split() == ["False", tracked, "false", "skillextract", "300"]
