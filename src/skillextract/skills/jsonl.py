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
    """Return the objects of all lines, in little more than half the time of `json.loads`; None where a line holds none.

    Each line is read by itself: of two faulty ones, put together, could come a rule that whoever reads lines overlooks.
    """
    decoder = json.JSONDecoder()
    values: list[dict[str, Any]] = []
    for raw in lines:
        try:
            value, end = decoder.raw_decode(raw)
        except json.JSONDecodeError:
            return None
        if end != len(raw) or not isinstance(value, dict):
            return None
        values.append(value)
    return values
