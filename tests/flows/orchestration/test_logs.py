"""What stands in a run's log."""

import logging
import sys
from collections.abc import Iterator

from orchestration.logs import let_log_through, tell_plainly

import cloudpickle
import pytest

from skillextract.errors import LakeError


def record(error: Exception, name: str = "prefect.flow_runs") -> logging.LogRecord:
    try:
        raise error
    except Exception:
        return logging.LogRecord(name, logging.ERROR, __file__, 1, "Encountered %s", ("it",), sys.exc_info())


def test_an_error_that_says_what_to_do_is_one_line_and_its_traceback_is_for_debugging(
    caplog: pytest.LogCaptureFixture,
) -> None:
    refused = LakeError("the disk is full; make room")
    line = record(refused)
    with caplog.at_level(logging.DEBUG, logger="skillextract.flow"):
        assert tell_plainly(line)
    assert (line.getMessage(), line.exc_info) == ("the disk is full; make room", None)
    [kept] = caplog.records
    assert (kept.levelname, kept.exc_info and kept.exc_info[1]) == ("DEBUG", refused)


def test_any_other_error_keeps_its_traceback() -> None:
    line = record(KeyError("x"))
    assert tell_plainly(line)
    assert (line.getMessage(), line.exc_info is None) == ("Encountered it", False)


@pytest.mark.parametrize(("name", "told"), [("prefect.task_runs", False), ("prefect.flow_runs", True)])
def test_a_failed_task_is_not_told_a_second_time_as_its_state(name: str, told: bool) -> None:
    line = logging.LogRecord(name, logging.ERROR, __file__, 1, "Finished in state Failed('x')", (), None)
    assert tell_plainly(line) is told


def test_a_worker_filters_its_log_once_however_many_tasks_bring_the_filter(library: logging.Logger) -> None:
    module = sys.modules[let_log_through.__module__]
    cloudpickle.register_pickle_by_value(module)
    try:
        task = cloudpickle.dumps(let_log_through)
    finally:
        cloudpickle.unregister_pickle_by_value(module)
    log = logging.getLogger("prefect.task_runs")
    before = list(log.filters)
    try:
        log.filters = []
        for _ in range(3):
            cloudpickle.loads(task)()
        assert [each.__name__ for each in log.filters] == ["tell_plainly"]  # type: ignore[union-attr]
    finally:
        log.filters = before


@pytest.fixture
def library() -> Iterator[logging.Logger]:
    logger = logging.getLogger("skillextract")
    level = logger.level
    yield logger
    logger.setLevel(level)


@pytest.mark.parametrize(("chosen", "expected"), [(logging.NOTSET, logging.INFO), (logging.WARNING, logging.WARNING)])
def test_the_librarys_lines_go_through_unless_somebody_chose_a_level(
    library: logging.Logger, chosen: int, expected: int
) -> None:
    library.setLevel(chosen)
    let_log_through()
    assert library.level == expected
