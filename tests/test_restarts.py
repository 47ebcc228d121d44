"""A run that is killed is gone on with by the next one, and nobody sees the difference in its files."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import REPOSITORY

DEATHS = 30


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_killed_run_is_finished_by_the_next_one_as_if_nothing_had_happened(tmp_path: Path) -> None:
    """SIGKILL at chosen events of every step and at random ones, at random times, and three times in a row."""
    driver = REPOSITORY / "tests" / "killing.py"
    done = subprocess.run(
        [sys.executable, str(driver), str(tmp_path), "25", str(DEATHS), "20261124"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "src")},
    )
    assert (done.returncode, done.stderr[-2000:] if done.returncode else "") == (0, "")
    first, *deaths = map(json.loads, done.stdout.splitlines())
    assert len(deaths) == DEATHS + 6
    assert sum(not each["committed"] for each in deaths) >= 20
    assert sum(each["finished"] > 0 for each in deaths) >= 10
    wrong = [
        each
        for each in deaths
        if each["exit code of the next run"] or each["different"] or each["written again"] or each["work left"]
    ]
    assert wrong == []
    assert first["files"] > 40
