"""The texts of a folder of patterns that say what is found: its examples and its baseline."""

import json
from pathlib import Path

import pytest

from skillextract.errors import PatternError
from skillextract.skills.examples import check_examples
from skillextract.skills.pattern_files import load_vocabulary


@pytest.fixture
def root(root: Path) -> Path:
    """A folder of patterns that knows one skill, with its example."""
    (root / "skills" / "messaging.jsonl").unlink()
    rows = {
        "registry": {"id": "parking", "name": "Parking", "family": "mobility", "kind": "concept"},
        "skills/mobility": {"label": "SKILL", "id": "parking", "pattern": "parking"},
        "examples/skills/mobility": {"id": "parking", "text": "You plan parking.", "surface": "parking"},
    }
    for name, row in rows.items():
        path = root / f"{name}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    return root


def write_baseline(root: Path, text: bytes) -> Path:
    path = root / "baseline" / "benefits.txt"
    path.parent.mkdir()
    path.write_bytes(text)
    return path


def test_a_folder_without_a_baseline_has_no_fault(root: Path) -> None:
    assert check_examples(load_vocabulary(root)) == []


def test_what_is_found_in_the_baseline_is_a_fault_with_its_line_and_its_pattern(root: Path) -> None:
    path = write_baseline(root, b"A pension\n\nParking is free\nFree lunch\n")
    assert [str(fault) for fault in check_examples(load_vocabulary(root))] == [
        f"{path}:3: [baseline] nothing may be found in 'Parking is free', but 'parking' is at 'Parking' by "
        f"{root}/skills/mobility.jsonl:1; give that pattern a `when`, `not_left` or `not_right`, or delete it"
    ]


def test_a_baseline_that_is_no_text_is_named(root: Path) -> None:
    path = write_baseline(root, b"\xff")
    with pytest.raises(PatternError, match=rf"{path}: \[unreadable\] .*; expected UTF-8 text"):
        check_examples(load_vocabulary(root))
