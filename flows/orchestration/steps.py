"""Steps beside each other: begin them, wait for them in order, and show in Prefect's UI how many are done."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ParamSpec, TypeVar

from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.context import FlowRunContext
from prefect.tasks import Task

Given = ParamSpec("Given")
Result = TypeVar("Result")


def begin(step: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> Callable[[], Result]:
    """Begin a step beside others; return the call that waits for its result.

    A task goes to the flow's task runner. A plain function does its work when it is waited for: without Prefect's
    decorators the flow is the same program, one step after the other.
    """
    return step.submit(*given, **named).result if isinstance(step, Task) else functools.partial(step, *given, **named)


def follow(waits: Sequence[Callable[[], Result]], *, key: str, description: str) -> Iterator[Result]:
    """Yield the results of steps in their order, and show in Prefect's UI how many are there.

    Where one fails, the others are waited for: whoever is told of it may begin anew.
    """
    shown: Any = create_progress_artifact(0.0, key=key, description=description) if FlowRunContext.get() else None
    percent = 0
    for number, wait in enumerate(waits, start=1):
        try:
            result = wait()
        except Exception:
            for other in waits[number:] if shown is not None else ():
                with contextlib.suppress(Exception):
                    other()
            raise
        yield result
        # A thousand boards are a hundred updates.
        if shown is not None and (reached := 100 * number // len(waits)) > percent:
            percent = reached
            update_progress_artifact(shown, float(percent))
