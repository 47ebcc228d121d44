"""Files of one JSON object a line: each line that is none is named, and each value of another shape."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeGuard, TypeVar

from skillextract.errors import PatternError

Result = TypeVar("Result")
Shape = Literal["text", "flag", "texts"]
"""What a value may be: a text that is not empty, true or false, or a list of such texts."""

_EXPECTED: dict[Shape, str] = {
    "text": "a text that is not empty",
    "flag": "true or false",
    "texts": "a list of texts, none of them empty",
}


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


def read_strictly(path: Path, read: Callable[[Path, list[PatternError]], Result]) -> Result:
    """Return what a reader makes of a file.

    Raises:
        PatternError: the first of the faults that the reader adds to its list.
    """
    faults: list[PatternError] = []
    result = read(path, faults)
    if faults:
        raise faults[0]
    return result


def find_misfit(row: Mapping[str, Any], shapes: Mapping[str, Shape]) -> tuple[str, str] | None:
    """Return rule and message of the first value of an object that has not its shape, None where each has.

    Args:
        row: the object.
        shapes: those of the keys whose values are no mere text.
    """
    for key, value in row.items():
        shape = shapes.get(key, "text")
        if not _has_shape(value, shape):
            return "value", f"found {key} {value!r:.60}, expected {_EXPECTED[shape]}"
    return None


def is_list_of_texts(value: Any) -> TypeGuard[list[str]]:
    """Whether a value is a list of texts, none of them empty."""
    return isinstance(value, list) and all(isinstance(text, str) and text.strip() for text in value)


def _has_shape(value: Any, shape: Shape) -> bool:
    if shape == "text":
        return isinstance(value, str) and bool(value.strip())
    return isinstance(value, bool) if shape == "flag" else is_list_of_texts(value)


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
