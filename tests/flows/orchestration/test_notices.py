"""Who is told of a run that failed; `test_runs.py` has a notice that is really sent."""

from typing import Any

from orchestration.notices import NOTIFY, tell_failure

import pytest
from prefect.blocks.system import Secret

from skillextract.errors import SettingsError

NOTHING: Any = None
"""No run: what is asked here is refused before anything is told of one."""


def test_without_the_variable_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NOTIFY, raising=False)
    tell_failure(NOTHING, NOTHING, NOTHING)


def test_a_block_that_sends_no_notifications_is_refused(prefect_harness: None, monkeypatch: pytest.MonkeyPatch) -> None:
    Secret(value="x").save("no-notifications", overwrite=True)  # type: ignore[unused-coroutine]
    monkeypatch.setenv(NOTIFY, "secret/no-notifications")
    with pytest.raises(
        SettingsError, match=f"environment: {NOTIFY}: found 'secret/no-notifications', expected a notif"
    ):
        tell_failure(NOTHING, NOTHING, NOTHING)
