"""Keys of boards from Prefect's Secret blocks, where the environment lacks them."""

from __future__ import annotations

import contextlib
from typing import Any

from prefect.blocks.system import Secret
from prefect.context import TaskRunContext

from skillextract.collect.secrets import list_variables, name_block, read_variable
from skillextract.settings import Source


def load_secrets(source: Source) -> dict[str, str]:
    """Load the keys of a source that the environment lacks from Prefect's Secret blocks, by the variables' names.

    They are loaded where they are used, and are no parameter or result of a task: Prefect would store them.
    """
    if TaskRunContext.get() is None:  # called as a plain function: there is no Prefect to ask
        return {}
    found = {}
    for variable in list_variables(source):
        if read_variable(variable) is None:
            with contextlib.suppress(ValueError):  # there is no such block; the board says that its key is missing
                block: Any = Secret.load(name_block(variable), _sync=True)  # type: ignore[call-arg]
                found[variable] = str(block.get())
    return found
