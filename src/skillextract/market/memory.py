"""Giving memory back to the system."""

from __future__ import annotations

import ctypes
import sys

import pyarrow as pa


def give_back() -> None:
    """Give back what the allocators keep of what was freed: between two steps that may be hundreds of megabytes.

    Arrow's pool has a call for it. The C library of Linux keeps freed arrays of up to 32 MB in pieces between those
    that are still needed, and gives them back when it is told to; elsewhere nothing more is done.
    """
    pa.default_memory_pool().release_unused()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl has not
        if trim is not None:
            trim(0)
