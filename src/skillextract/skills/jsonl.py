"""Files of one JSON object a line, each line that is none named."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from skillextract.errors import PatternError


def read_jsonl(path: Path, faults: list[PatternError]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the numbered objects of a file; a line that is none is added to `faults` and passed over."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        faults.append(PatternError(str(path), 0, "unreadable", f"{error}; expected UTF-8 text, one JSON object a line"))
        return
    numbered = [(number, raw) for number, raw in enumerate(lines, 1) if raw and not raw.isspace()]
    at_once = _parse_at_once([raw for _, raw in numbered])
    if at_once is not None:
        yield from zip((number for number, _ in numbered), at_once, strict=True)
        return
    for number, raw in numbered:
        try:
            value = json.loads(raw)
        except json.JSONDecodeError as error:
            faults.append(
                PatternError(
                    str(path),
                    number,
                    "json",
                    f"found {raw[:60]!r}, expected a JSON object ({error.msg}); mend or delete it",
                )
            )
            continue
        if isinstance(value, dict):
            yield number, value
        else:
            faults.append(PatternError(str(path), number, "json", f"found {raw[:60]!r}, expected a JSON object"))


def _parse_at_once(lines: Sequence[str]) -> list[dict[str, Any]] | None:
    """Return the objects of all lines, in half the time that one after the other takes; None where a line holds none.

    Two faulty lines may make a good one together: each has to look like an object by itself.
    """
    if not all(raw.startswith("{") and raw.endswith("}") for raw in lines):
        return None
    try:
        values: list[Any] = json.loads(f"[{','.join(lines)}]")
    except json.JSONDecodeError:
        return None
    return values if len(values) == len(lines) and all(isinstance(value, dict) for value in values) else None
