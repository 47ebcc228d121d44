"""Keys of boards: from the environment, or lent by whoever runs the program, such as a flow that has a vault."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from contextvars import ContextVar

from skillextract.errors import SourceChanged
from skillextract.settings import Source

_lent: ContextVar[Mapping[str, str] | None] = ContextVar("_lent", default=None)
"""Keys by the names of the variables that they stand in for; of this thread only, and only for a while."""


def list_variables(source: Source) -> list[str]:
    """The names of the variables that hold a source's keys; none for most sources."""
    fields = type(source).model_fields
    return [str(getattr(source, field)) for field in fields if field.endswith("_variable")]


def read_variable(variable: str) -> str | None:
    """The key that an environment variable holds, None where it is not set or blank."""
    return os.environ.get(variable, "").strip() or None


@contextlib.contextmanager
def lend_secrets(secrets: Mapping[str, str]) -> Iterator[None]:
    """Within the block, in this thread, take these keys where the environment has none; they are kept nowhere."""
    token = _lent.set(secrets)
    try:
        yield
    finally:
        _lent.reset(token)


def name_block(variable: str) -> str:
    """The name of the Prefect Secret block that may hold a key: `USAJOBS_KEY` is `usajobs-key`."""
    return variable.lower().replace("_", "-")


def read_secret(variable: str, *, source: str, home: str) -> str:
    """The key that an environment variable holds, or that was lent in its place.

    Raises:
        SourceChanged: there is none.
    """
    value = read_variable(variable) or (_lent.get() or {}).get(variable, "").strip()
    if not value:
        raise SourceChanged(
            source,
            home,
            f"found nothing in the environment variable {variable}, expected a key; get one at {home} and export it "
            f"(or, for flows, save it in Prefect's Secret block {name_block(variable)}), or remove the source",
        )
    return value
