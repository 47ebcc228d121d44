"""Files of expressions, one for each part of something that is put together from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TypeVar

from skillextract.errors import PatternError
from skillextract.text.jsonl import find_misfit, read_jsonl

Whole = TypeVar("Whole")


def read_parts(path: Path, parts: Collection[str], build: Callable[[dict[str, str]], Whole]) -> Whole:
    """Read a file of one object a line with `part` and `expression`, and return what is built of the expressions.

    Args:
        path: the file; its name without `.jsonl` names the broken rule in messages.
        parts: those that must be there, each once.
        build: makes something of the expressions by part; it may raise `re.error` where they do not go together.

    Raises:
        PatternError: the file cannot be read, a line is no such object, a part is missing, unknown or given twice, or
            an expression is broken.
    """
    faults: list[PatternError] = []
    read: dict[str, str] = {}
    for number, row in read_jsonl(path, faults):
        problem = None
        if set(row) != {"part", "expression"}:
            problem = f"found keys {sorted(row)}, expected an object with the keys `part` and `expression`"
        elif (misfit := find_misfit(row, {})) is not None:
            problem = misfit[1]
        elif row["part"] not in parts or row["part"] in read:
            problem = f"found part {row['part']!r}, expected each of {', '.join(sorted(parts))} once"
        else:
            try:
                re.compile(row["expression"])
            except re.error as error:
                problem = f"no regular expression: {error}"
        if problem is not None:
            faults.append(PatternError(str(path), number, path.stem, f"{problem}; mend or delete the line"))
            continue
        read[row["part"]] = row["expression"]
    if faults:
        raise faults[0]
    if missing := set(parts) - set(read):
        raise PatternError(str(path), 0, path.stem, f"no line for {', '.join(sorted(missing))}; add one each")
    try:
        return build(read)
    except re.error as error:
        message = f"the expressions do not go together: {error}; give groups and flags to the part that needs them"
        raise PatternError(str(path), 0, path.stem, message) from error
