"""What is wrong with settings, in a line each: where it stands, what was found, what was expected, what to do."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from skillextract.settings.model import Settings
from skillextract.settings.sources import SOURCE_MODELS
from skillextract.settings.values import CURRENCY_FORM, FILE_COLUMNS, ROLE_FORM, UnshownError, name_nearest


def describe_fault(name: str, exported: Mapping[str, Any], fault: ErrorDetails) -> str:
    """One fault as `file: key: found …, expected …; do …`."""
    loc = list(fault["loc"])
    from_environment = bool(loc) and str(loc[0]) in exported
    if from_environment:
        name = f"environment: SKILLEXTRACT_{str(loc[0]).upper()}"
    # The discriminator stands in the location as if it were a key: ("sources", 0, "ashby", "token").
    model = SOURCE_MODELS.get(str(loc[2])) if len(loc) > 2 and loc[0] == "sources" else None
    shown = loc[:2] + loc[3:] if model else loc
    # So pydantic says that the fault is of a table's key, not of its value.
    shown = shown[:-1] if shown[-1:] == ["[key]"] else shown
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in shown).lstrip(".") or "settings"
    known = list((model or Settings).model_fields)
    found = _shorten(fault["input"])
    match fault["type"]:
        case "extra_forbidden":
            last = str(loc[-1])
            return f"{name}: {key}: found an unknown key{name_nearest(last, known)}"
        case "missing":
            return f"{name}: {key}: found nothing, expected a value; add `{loc[-1]} = …`"
        case "union_tag_invalid":
            tag = str(fault["ctx"]["tag"])
            return f"{name}: {key}.board: found {tag!r}{name_nearest(tag, SOURCE_MODELS)}"
        case "union_tag_not_found":
            boards = ", ".join(SOURCE_MODELS)
            return f"{name}: {key}: found no `board`, expected one of {boards}; add `board = …`"
        case "value_error":
            error = fault["ctx"]["error"] if "ctx" in fault else fault["msg"]
            message = str(error)
            hidden = isinstance(fault["input"], dict | BaseModel) or isinstance(error, UnshownError)
            where = "" if hidden else f"found {found}, "
            return f"{name}: {key}: {where}{message}; change it"
        case "list_type" if shown == ["sources"] and isinstance(fault["input"], dict) and not from_environment:
            return f"{name}: {key}: found one table, expected a list of tables; write [[sources]] above each of them"
        case _:
            return f"{name}: {key}: found {found}, expected {_say_expected(fault)}; change it"


_LINE = re.compile(r"\(at line (\d+), ")
_KEY = re.compile(r"""([\w-]+)["']?\s*=""")
_BARE = re.compile(r"""([\w-]+)\s*=\s*[^\s"'\[{]""")
"""A key with a value that begins with neither quotes nor brackets."""
_SECRETS = re.compile(r"[@?#]|_variable\b")
"""What a line has that may hold a secret: the user or query of a URL, or the name of a key's variable, in whose place
some write the key itself."""
_LONGEST_LINE = 80


def describe_broken_toml(name: str, text: str, error: tomllib.TOMLDecodeError) -> str:
    """Why a file is no TOML, with its line where that can be shown; most often text stands in no quotes."""
    place = _LINE.search(str(error))
    line = text.split("\n")[int(place[1]) - 1].strip() if place else ""
    shown = f", found `{_hide_value(line)}`" if line else ""
    bare = _BARE.match(line)
    quotes = f'; text stands in quotes ({bare[1]} = "…")' if bare else ""
    return f"{name}: no TOML: {error}{shown}{quotes}; mend that line"


def _hide_value(line: str) -> str:
    """The line of a settings file as far as it can be shown: the value only where no secret is looked for in it."""
    of_sources = (key for model in SOURCE_MODELS.values() for key in model.model_fields)
    known = {*Settings.model_fields, *of_sources, *FILE_COLUMNS}
    keys = _KEY.findall(line)
    is_heading = line.startswith("[") and "=" not in line
    if (is_heading or (keys and known.issuperset(keys))) and line.isprintable() and not _SECRETS.search(line):
        return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…"
    return f"{keys[0]} = …" if keys and _KEY.match(line) else "…"


_EXPECTED = {
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "float_type": "a number",
    "finite_number": "a number",
    "string_type": "text",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a table",
    "greater_than": "more than {gt}",
    "greater_than_equal": "{ge} or more",
    "less_than_equal": "{le} or less",
    "string_too_short": "a text of {min_length} or more characters",
    "string_too_long": "a text of {max_length} or fewer characters",
    "too_short": "{min_length} or more entries",
    "literal_error": "{expected}",
    "string_pattern_mismatch": "a text of the form {pattern}",
}
"""What was expected, by the type of pydantic's fault, with the values of its context."""

_FORMS = {
    CURRENCY_FORM: "a currency as the three capital letters of ISO 4217, such as EUR",
    ROLE_FORM: "the id of a role, in lower case with hyphens, such as data-engineer",
}
"""What was expected, by the expression that a text did not fit."""


def _say_expected(fault: ErrorDetails) -> str:
    """What was expected, in our words where there are any, else in pydantic's."""
    form = _FORMS.get(fault.get("ctx", {}).get("pattern", "")) or _EXPECTED.get(fault["type"])
    return fault["msg"] if form is None else form.format(**fault.get("ctx", {}))


def _shorten(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
