"""Memory goes back to the system."""

import sys

import numpy as np
import psutil
import pytest

from skillextract.market.memory import give_back


@pytest.mark.skipif(sys.platform != "linux", reason="only the C library of Linux has to be told")
def test_freed_arrays_between_kept_ones_are_given_back() -> None:
    process = psutil.Process()
    # Freeing one of 32 MB tells the allocator to keep smaller ones.
    del_me = np.ones(4_000_000)
    del del_me
    arrays = [np.ones(25_000) for _ in range(1_000)]
    kept = arrays[::2]
    del arrays
    before = process.memory_info().rss
    give_back()
    assert before - process.memory_info().rss > 50e6
    assert all(array[0] == 1 for array in kept)
