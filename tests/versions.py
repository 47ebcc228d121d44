"""Installs the project from nothing, at the lowest or the newest versions that `pyproject.toml` allows, and tests it.

    python tests/versions.py lowest
    python tests/versions.py newest

A fresh virtual environment gets the package as its users get it, with the extras `dask` and `s3`; in `lowest` each
package that the project itself asks for is held at its lower bound. What was installed is told, and a telling part of
the tests is run in it. The environment is deleted afterwards.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
EXTRAS = ("dask", "s3")
TOOLS = ("pytest", "pytest-timeout", "hypothesis")
TESTS = (
    *("tests/skills/test_matcher.py", "tests/skills/test_component.py", "tests/skills/test_pattern_files.py"),
    *("tests/collect/boards", "tests/collect/test_files.py", "tests/roles/test_titles.py", "tests/market"),
    *("tests/reports/test_page.py", "tests/reports/test_tables.py", "tests/reports/test_terminal.py"),
    *("tests/test_lake.py", "tests/test_schema.py", "tests/test_settings.py", "tests/flows/test_skill_demand.py"),
)
"""Matching, parsing, counting, reports, the lake, and the flow."""
LONGER = (
    "tests/flows/test_runs.py::test_a_dask_cluster_finds_what_threads_find_and_loads_the_patterns_once_a_process",
)
"""Of those that are marked `slow`: the extra `dask`."""


def list_requirements() -> list[str]:
    """What the package and the extras ask for, as it stands in `pyproject.toml`."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    return [*project["dependencies"], *(each for extra in EXTRAS for each in extras[extra])]


def name_package(requirement: str) -> str:
    """The name in a requirement such as `spacy>=3.8.2,<4`."""
    return re.split(r"[\[<>=!~;, ]", requirement, maxsplit=1)[0]


def find_floors(requirements: list[str]) -> dict[str, str]:
    """The lower bound of each package that has one."""
    bounds = ((name_package(each), re.search(r">=\s*([0-9][^,; ]*)", each)) for each in requirements)
    return {name: bound[1] for name, bound in bounds if bound is not None}


def main() -> int:
    """Install, tell, test; returns 0, or the exit code of what failed."""
    if sys.argv[1:] not in (["lowest"], ["newest"]):
        print(__doc__, file=sys.stderr)
        return 2
    [which] = sys.argv[1:]
    requirements = list_requirements()
    with tempfile.TemporaryDirectory(prefix=f"skillextract-{which}-") as folder:
        place = Path(folder)
        subprocess.run([sys.executable, "-m", "venv", place / "venv"], check=True)
        floors = find_floors(requirements) if which == "lowest" else {}
        (place / "bounds.txt").write_text("".join(f"{name}=={bound}\n" for name, bound in floors.items()))
        python = str(place / "venv" / "bin" / "python")
        pip = [python, "-m", "pip", "--disable-pip-version-check"]
        print(f"installing the {which} versions", flush=True)
        asked = [f"{REPOSITORY}[{','.join(EXTRAS)}]", *TOOLS]
        done = subprocess.run([*pip, "install", "--quiet", "--constraint", place / "bounds.txt", *asked], check=False)
        if done.returncode:
            return done.returncode
        named = sorted({name_package(each).lower() for each in requirements})
        tell = (
            "import sys; from importlib import metadata; print(*(f'{n}=={metadata.version(n)}' for n in sys.argv[1:]))"
        )
        subprocess.run([python, "-c", tell, *named], check=True)
        subprocess.run([*pip, "check"], check=True)
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        words = ["-q", "-p", "no:cacheprovider", "--rootdir", REPOSITORY, "-c", REPOSITORY / "pyproject.toml"]
        for marked, paths in (("not slow", TESTS), ("slow", LONGER)):
            # Not in the repository's folder: what is tested is the installed package.
            done = subprocess.run(
                [python, "-m", "pytest", *words, "-m", marked, *(REPOSITORY / path for path in paths)],
                env={**environment, "PREFECT_HOME": str(place / "prefect")},
                cwd=place,
                check=False,
            )
            if done.returncode:
                return done.returncode
        return 0


if __name__ == "__main__":
    sys.exit(main())
