"""`benchmarks/scale.py` goes from payloads, and from postings that are there already, to reports."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent


@pytest.mark.slow
@pytest.mark.parametrize("extra", [[], ["--only-search"]], ids=["from payloads", "only the search"])
def test_the_benchmark_of_scale_measures_every_step(shared: Path, tmp_path: Path, extra: list[str]) -> None:
    command = [
        sys.executable,
        str(REPOSITORY / "benchmarks" / "scale.py"),
        "--postings",
        "300",
        "--runs",
        "plain",
        *extra,
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert re.search(
        r"^plain +\d+ s +\d+ postings/s  \[fetch \d+ .* fold \d+ .* extract \d+ .* report \d+", done.stdout, re.M
    )
    assert re.search(r"of the role \d+, \d+ mentions", done.stdout)
