"""Steps beside each other: begun, waited for in their order, and counted in Prefect's UI."""

from collections.abc import Callable
from typing import Any

from orchestration.steps import begin, follow

import pytest
from prefect import flow, task
from prefect.artifacts import Artifact


def double(number: int) -> int:
    return 2 * number


def test_a_plain_function_does_its_work_when_it_is_waited_for() -> None:
    done: list[int] = []
    wait = begin(done.append, 1)
    assert done == []
    wait()
    assert done == [1]


def test_results_come_in_the_order_of_their_steps_and_the_ui_shows_how_many_are_there(prefect_harness: None) -> None:
    shown: list[float] = []

    def look(number: int) -> int:
        artifact = Artifact.get("steps-of-the-test")
        assert artifact is not None
        shown.append(float(str(artifact.data)))
        return number

    @flow
    def whole() -> list[int]:
        waits: list[Callable[[], int]] = [begin(task(double), number) for number in range(3)]
        waits.insert(1, lambda: look(7))
        return list(follow([*waits, lambda: look(8)], key="steps-of-the-test", description="Steps"))

    assert whole() == [0, 7, 2, 4, 8]
    assert look(9) == 9
    # Before the second and the last of five, and at the end.
    assert shown == [20.0, 80.0, 100.0]


def fail() -> int:
    raise ValueError("the disk is full")


def test_within_a_flow_the_others_are_waited_for_where_one_fails(prefect_harness: None) -> None:
    waited: list[str] = []

    def wait(name: str) -> int:
        waited.append(name)
        raise ValueError("this one, too")

    def go() -> list[int]:
        waits = [lambda: 1, fail, lambda: wait("third"), lambda: wait("fourth")]
        return list(follow(waits, key="steps-that-fail", description="Steps"))

    with pytest.raises(ValueError, match="the disk is full"):
        flow(go)()
    assert waited == ["third", "fourth"]


def test_outside_of_a_flow_nothing_is_begun_behind_a_step_that_fails() -> None:
    waited: list[Any] = []
    with pytest.raises(ValueError, match="the disk is full"):
        list(follow([fail, lambda: waited.append(1)], key="steps", description="Steps"))
    assert waited == []
