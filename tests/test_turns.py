"""One thread computes at a time."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from skillextract import turns
from skillextract.turns import take_turn


def test_no_two_threads_have_the_turn() -> None:
    inside, most = [], []

    def work(number: int) -> None:
        with take_turn():
            inside.append(number)
            most.append(len(inside))
            time.sleep(0.001)
            inside.remove(number)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(40)))
    assert most == [1] * 40


def test_where_threads_compute_together_none_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_THREADS_COMPUTE_TOGETHER", True)
    met = threading.Barrier(2, timeout=60)

    def meet() -> int:
        with take_turn():
            return met.wait()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(each.result() for each in [pool.submit(meet), pool.submit(meet)]) == [0, 1]
