"""What stands in the log of a run in Prefect's UI: the library's lines, and errors in one line each."""

from __future__ import annotations

import logging

from prefect.settings import PREFECT_LOGGING_LEVEL

from skillextract.errors import SkillExtractError

logger = logging.getLogger("skillextract.flow")


def let_log_through() -> None:
    """Let the library's log lines of level INFO reach Prefect's UI: Prefect adds its handler, and leaves the level.

    With `PREFECT_LOGGING_LEVEL=DEBUG` those of that level, too.
    """
    library = logging.getLogger("skillextract")
    if library.level == logging.NOTSET:
        library.setLevel(logging.DEBUG if PREFECT_LOGGING_LEVEL.value() == "DEBUG" else logging.INFO)
    for name in ("prefect.task_runs", "prefect.flow_runs", "prefect.engine"):
        log = logging.getLogger(name)
        # To a Dask worker the filter travels with each task, and is another object each time.
        if all(getattr(each, "__qualname__", "") != tell_plainly.__qualname__ for each in log.filters):
            log.addFilter(tell_plainly)


def tell_plainly(record: logging.LogRecord) -> bool:
    """Make one line of what Prefect logs of an error that says itself what to do; the traceback is logged at DEBUG."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, SkillExtractError):
        logger.debug("the traceback of what was refused", exc_info=error)
        record.msg, record.args, record.exc_info, record.exc_text = str(error), (), None, None
    # Prefect says it a second time, as the state in which the task ends.
    return not (record.name == "prefect.task_runs" and record.getMessage().startswith("Finished in state Failed("))
