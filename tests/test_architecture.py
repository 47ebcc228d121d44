"""The house's walls: who may import whom."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "skillextract"
ORDER = ("collect", "text", "skills", "roles", "market", "reports")
COMMON = frozenset({"posting", "errors", "settings", "memory"})
# What ties the packages together stands to the right of them all, in this order.
ON_TOP = (
    *(
        "turns",
        "schema",
        "store",
        "claims",
        "lake",
        "journal",
        "reuse",
        "parsed",
        "company_text",
        "sightings",
        "upkeep",
        "progress",
    ),
    *("backfill", "evaluation"),
    *("pipeline", "profiles", "extraction", "suggestion", "history", "commands", "cli"),
)
MODULES = sorted(SOURCE.rglob("*.py"))


def read_imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: import absolutely"
            assert node.module is not None
            if node.module == "skillextract":
                yield from ((node.lineno, f"skillextract.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, node.module


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def find_offences(path: Path) -> list[str]:
    room = room_of(path)
    allowed = set(COMMON)
    if room in ORDER:
        allowed |= set(ORDER[: ORDER.index(room) + 1])
    elif room in ON_TOP:
        allowed |= set(ORDER) | set(ON_TOP[: ON_TOP.index(room) + 1]) | {"__version__"}
    offences = []
    for line, name in read_imports(path):
        head, *rest = name.split(".")
        if head == "skillextract" and rest and rest[0] not in allowed:
            offences.append(f"{path.name}:{line}: {room} imports {rest[0]}")
        if head == "prefect":
            offences.append(f"{path.name}:{line}: nothing in src imports prefect")
        if head == "orchestration":
            offences.append(f"{path.name}:{line}: only flows import orchestration")
        if head == "spacy" and room != "skills" and path.name != "titles.py":
            offences.append(f"{path.name}:{line}: spaCy belongs to skills/ and roles/titles.py")
        if head == "pandas" and room not in ("market", "reports", *ON_TOP):
            offences.append(f"{path.name}:{line}: pandas starts at market/")
        if head in ("requests", "urllib3", "socket", "http") and room != "collect":
            offences.append(f"{path.name}:{line}: only collect/ touches the network")
    return offences


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(SOURCE)) for path in MODULES])
def test_a_module_imports_only_from_its_left(path: Path) -> None:
    assert find_offences(path) == []


def test_an_import_against_the_direction_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "SOURCE", tmp_path)
    (tmp_path / "text").mkdir()
    module = tmp_path / "text" / "html.py"
    module.write_text("import prefect\nimport pandas\nfrom skillextract.skills import mention\nimport orchestration\n")
    assert find_offences(module) == [
        "html.py:1: nothing in src imports prefect",
        "html.py:2: pandas starts at market/",
        "html.py:3: text imports skills",
        "html.py:4: only flows import orchestration",
    ]


def test_importing_the_package_opens_no_file_and_no_socket_of_its_own() -> None:
    """Beyond Python's own reading of modules, `import skillextract` has no effect."""
    code = (
        "import sys, logging\n"
        "seen = []\n"
        "watched = ('open', 'socket.connect')\n"
        "sys.addaudithook(lambda event, args: seen.append((event, args[0])) if event in watched else None)\n"
        "import skillextract\n"
        "print([str(name) for event, name in seen if event != 'open' or not str(name).endswith(('.py', '.pyc'))])\n"
        "print(logging.getLogger().handlers)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n[]\n"
