"""A folder of patterns that is read in no time, for tests of what is done with any folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from skillextract.skills.pattern_files import find_patterns

SKILL = {"id": "rabbitmq", "name": "RabbitMQ", "family": "messaging", "kind": "tool"}
PATTERN = {"label": "SKILL", "id": "rabbitmq", "pattern": "RabbitMQ"}


def write_jsonl(path: Path, *rows: Any) -> None:
    path.write_text(
        "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), encoding="utf-8"
    )


def read_rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def write_small_patterns(root: Path) -> None:
    """Write a folder that knows one skill. Its rules are the built-in ones, of expressions one line of each sort.

    All of them take a second to read; `tests/patterns` does.
    """
    (root / "skills").mkdir(parents=True)
    for path in find_patterns().glob("*.jsonl"):
        shutil.copy(path, root)
    for name in ("cues.jsonl", "sections.jsonl", "requirement.jsonl"):
        rows = read_rows(root / name)
        kept = {tuple(row) if "default" not in row else row["section"]: row for row in rows}
        write_jsonl(root / name, *kept.values())
    write_jsonl(root / "registry.jsonl", SKILL)
    write_jsonl(root / "skills" / "messaging.jsonl", PATTERN)
