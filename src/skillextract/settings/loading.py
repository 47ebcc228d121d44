"""Reading the settings: the file, and the environment that goes before it."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import EnvSettingsSource
from pydantic_settings import SettingsError as _EnvironmentError

from skillextract.errors import SettingsError
from skillextract.settings.faults import describe_broken_toml, describe_fault
from skillextract.settings.model import PREFIX, Settings
from skillextract.settings.values import name_nearest

DEFAULT_FILE = "skillextract.toml"
"""The settings file that is looked for in the working directory when none is named."""

OTHER_VARIABLES = frozenset({"HOME", "NOTIFY"})
"""Variables of that prefix that are no settings: the checkout that a worker runs in, and the block that is notified."""


TellRole = Callable[[str, str], str | None]
"""Says what is wrong with a role, given it and the place where it is named; None of one that there is."""


def load_settings(path: str | Path | None = None, *, tell_role: TellRole | None = None) -> Settings:
    """The settings of a TOML file, with `SKILLEXTRACT_<KEY>` of the environment before it.

    Args:
        path: the file; without it `skillextract.toml` of the working directory, or the defaults where there is none.
        tell_role: with it a role that there is not is told with all other faults.

    Raises:
        SettingsError: the file is missing or no TOML, or a key or value is not known; the message names the file, the
            key, what was found, what was expected and what to do.
    """
    name = _name_file(path)
    written = dict[str, Any]() if name is None else _read_toml(Path(name))
    _refuse_unknown_variables()
    try:
        exported = EnvSettingsSource(Settings)()
    except _EnvironmentError as error:
        raise SettingsError(f"environment: {error}; give a list or table as JSON, or unset the variable") from error
    values = {**written, **exported}
    role = values.get("role")
    told = tell_role(role, place_key("role", path)) if tell_role is not None and isinstance(role, str) else None
    faults = []
    try:
        settings = Settings(**values)
    except ValidationError as error:
        faults = [
            describe_fault(name or "(no settings file)", exported, fault)
            for fault in error.errors(include_url=False)
            if told is None or fault["loc"] != ("role",)
        ]
    if told is not None:
        faults.append(told)
    if faults:
        raise SettingsError("\n".join(faults))
    return settings


def place_key(key: str, path: str | Path | None = None) -> str:
    """Where a key of the settings was read, for messages: `skillextract.toml: role`.

    Args:
        key: the key.
        path: the settings file, as `load_settings` takes it.
    """
    variable = f"{PREFIX}{key.upper()}"
    if any(name.upper() == variable and value for name, value in os.environ.items()):
        return f"environment: {variable}: {key}"
    return f"{_name_file(path) or 'settings'}: {key}"


def _name_file(path: str | Path | None) -> str | None:
    """The settings file that is read, as it was given; None where there is none."""
    if path is None and not Path(DEFAULT_FILE).exists():
        return None
    return str(path if path is not None else DEFAULT_FILE)


def load_market_settings(settings_file: str | None, *, tell_role: TellRole | None = None) -> Settings:
    """The settings of a file that has to be there and to name sources; where none is given, those of `load_settings`.

    So nothing that runs by itself ends up on the sample without being asked to.

    Args:
        settings_file: the file.
        tell_role: as in `load_settings`.

    Raises:
        SettingsError: the named file is not there, names no source, or is refused.
    """
    if settings_file is not None and not Path(settings_file).exists():
        raise SettingsError(
            f"{Path(settings_file).absolute()}: no such settings file; write it, with [[sources]], as the README shows"
        )
    settings = load_settings(settings_file, tell_role=tell_role)
    if settings_file is not None and "sources" not in settings.model_fields_set:
        raise SettingsError(
            f"{settings_file}: sources: found none, expected at least one; add [[sources]], as the README shows, or "
            'for the sample of invented postings [[sources]] with board = "sample"'
        )
    return settings


def _refuse_unknown_variables() -> None:
    """Refuse `SKILLEXTRACT_LAEK`: a misspelt variable would be passed over, and the run would go elsewhere."""
    known = {key.upper() for key in Settings.model_fields} | OTHER_VARIABLES
    for variable in sorted(os.environ):
        key = variable.upper().removeprefix(PREFIX)
        if variable.upper().startswith(PREFIX) and key not in known:
            hint = name_nearest(key, sorted(known), prefix=PREFIX)
            raise SettingsError(f"environment: {variable}: found an unknown variable{hint}")


def _read_toml(path: Path) -> dict[str, Any]:
    text = ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return tomllib.loads(text)
    except FileNotFoundError as error:
        raise SettingsError(
            f"{path.absolute()}: no such file; write it, or leave it out to run on the sample"
        ) from error
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}); expected a TOML file") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(describe_broken_toml(str(path), text, error)) from error
