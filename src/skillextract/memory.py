"""Giving memory back to the system."""

from __future__ import annotations

import ctypes
import functools
import sys
from typing import Any

import pyarrow as pa

_MMAP_THRESHOLD = -3
"""What glibc's `mallopt` calls the size from which on a block is asked of the system, and given back when freed."""
_LARGE = 1 << 20


def give_back() -> None:
    """Give back what the allocators keep of what was freed: between two steps that may be hundreds of megabytes.

    Arrow's pool has a call for it. The C library of Linux puts arrays of up to 32 MB between each other, and keeps what
    is freed in between: it is told to give that back, and from now on to keep arrays of a megabyte and more apart.
    Elsewhere nothing more is done.
    """
    pa.default_memory_pool().release_unused()
    library = _find_glibc()
    if library is not None:
        library.malloc_trim(0)


@functools.lru_cache(maxsize=1)
def _find_glibc() -> Any | None:
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    if not hasattr(library, "malloc_trim"):  # musl has none
        return None
    library.mallopt(_MMAP_THRESHOLD, _LARGE)
    return library
