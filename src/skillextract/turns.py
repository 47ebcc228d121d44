"""Turns: what keeps Python's interpreter busy is done by one thread at a time.

The interpreter is one thread's at a time anyhow, and goes to another every few milliseconds. Where eight threads
computed, the same work took a third to a half more of the processor, since each found its caches full of another's.
What waits for a board or a disk is done outside of a turn.
"""

from __future__ import annotations

import contextlib
import sys
import threading

_TURN = threading.Lock()
_THREADS_COMPUTE_TOGETHER = not getattr(sys, "_is_gil_enabled", lambda: True)()
"""Whether this is a Python in which they do."""


def take_turn() -> contextlib.AbstractContextManager[object]:
    """Return what holds the turn of the calling thread; it cannot be taken a second time within."""
    return contextlib.nullcontext() if _THREADS_COMPUTE_TOGETHER else _TURN
