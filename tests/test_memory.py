"""Memory that is no longer used goes back to the system."""

from __future__ import annotations

import ctypes
import platform

import psutil
import pyarrow as pa
import pytest

from skillextract import memory
from skillextract.memory import give_back_memory


def measure() -> float:
    """Megabytes that this process holds."""
    return psutil.Process().memory_info().rss / 1e6


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only the GNU C library can be told to give back")
def test_what_was_freed_between_what_is_still_used_goes_back():
    give_back_memory()
    blocks = [bytearray(8_000) for _ in range(20_000)]
    kept = blocks[::100]
    held = measure()
    del blocks
    give_back_memory()
    assert measure() < held - 100
    assert len(kept) == 200


def test_what_arrow_freed_goes_back():
    give_back_memory()
    arrays = [pa.array(range(100_000)) for _ in range(100)]
    held = measure()
    assert pa.total_allocated_bytes() >= 80e6
    del arrays
    give_back_memory()
    assert measure() < held - 60


def test_a_c_library_that_cannot_is_let_be(monkeypatch):
    asked = []

    def refuse(name):
        asked.append(name)
        raise OSError("no such library")

    monkeypatch.setattr(memory.ctypes, "CDLL", refuse)
    give_back_memory()
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: asked.append(name) or ctypes.pythonapi)
    give_back_memory()
    assert asked == [None, None]
