"""Memory that is no longer used goes back to the system between the steps of a run.

Allocators keep what was freed for whatever comes next. What folding needed, and what counting needs, come one after the
other and in other sizes, so that a run's process would hold both.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc

import pyarrow as pa


def give_back_memory() -> None:
    """Give what Arrow and the C library keep, and nobody uses, back to the system; where they cannot, do nothing."""
    gc.collect()
    pa.default_memory_pool().release_unused()
    # Only the GNU C library has it; of others, none is known to keep as much.
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
