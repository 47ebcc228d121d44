"""Memory that is no longer used goes back to the system."""

import sys

import numpy as np
import psutil
import pyarrow as pa
import pytest

from skillextract.memory import give_back


def measure() -> float:
    """Megabytes that this process holds."""
    return float(psutil.Process().memory_info().rss) / 1e6


@pytest.mark.skipif(sys.platform != "linux", reason="only the C library of Linux has to be told")
def test_freed_arrays_between_kept_ones_are_given_back() -> None:
    # Freeing one of 32 MB tells the allocator to keep smaller ones.
    del_me = np.ones(4_000_000)
    del del_me
    arrays = [np.ones(25_000) for _ in range(1_000)]
    kept = arrays[::2]
    del arrays
    before = measure()
    give_back()
    assert before - measure() > 50
    assert all(array[0] == 1 for array in kept)


@pytest.mark.skipif(sys.platform != "linux", reason="only the C library of Linux has to be told")
def test_small_things_freed_between_kept_ones_are_given_back() -> None:
    blocks = [bytearray(8_000) for _ in range(20_000)]
    kept = blocks[::100]
    before = measure()
    del blocks
    give_back()
    assert before - measure() > 100
    assert len(kept) == 200


def test_what_arrow_freed_is_given_back() -> None:
    give_back()
    arrays = [pa.array(range(100_000)) for _ in range(100)]
    before = measure()
    assert pa.total_allocated_bytes() >= 80e6
    del arrays
    give_back()
    assert before - measure() > 60
