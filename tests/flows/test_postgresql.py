"""The deployments once more, with PostgreSQL as the database of Prefect's server."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from postgresql import find_programs, running_postgresql
from prefect_server import Prefect, serving

from collect.board_server import BoardServer

POSTING = {"id": "1", "title": "Machine Learning Engineer", "descriptionHtml": "<p>You know Python and Kafka.</p>"}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prefect]:
    programs = find_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server here; on Debian as root: apt-get install postgresql")
    with running_postgresql(programs) as database, serving(tmp_path_factory.mktemp("prefect"), database) as server:
        yield server


def test_the_servers_records_are_in_postgresql_and_the_cron_yields_scheduled_runs(prefect: Prefect) -> None:
    def find_scheduled() -> list[dict[str, Any]]:
        wanted = {
            "deployments": {"name": {"any_": ["scheduled"]}},
            "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
        }
        runs: list[dict[str, Any]] = prefect.post("/flow_runs/filter", wanted)
        return runs

    starts = [pd.Timestamp(run["expected_start_time"]) for run in prefect.wait("scheduled runs", find_scheduled)]
    assert {start.strftime("%H:%M %Z") for start in starts} == {"05:15 UTC"}
    assert list(prefect.home.glob("*.db")) == []


def test_an_adhoc_run_reads_the_board_and_writes_the_tables(
    prefect: Prefect, board_server: BoardServer, tmp_path: Path
) -> None:
    board_server.serve_ashby("tallowfield", [POSTING])
    settings = {
        "lake": str(tmp_path / "lake"),
        "sources": [{"board": "ashby", "token": "tallowfield", "base_url": board_server.url}],
    }
    prefect.do("deployment", "run", "skill-demand/adhoc", "--param", f"settings={json.dumps(settings)}", "--watch")
    [comparison] = (tmp_path / "lake" / "reports").rglob("profile_comparison.parquet")
    items = pd.read_parquet(comparison).query("level == 'item'").set_index("name")["postings"]
    assert (len(items), items["Python"], items["Messaging systems"], items["Leadership"]) == (11, 1, 1, 0)
    kinds = {each["key"].removeprefix("machine-learning-engineer-") for each in prefect.post("/artifacts/filter", {})}
    assert kinds == {"comparison", "sources", "page", "sources-read", "parts-searched"}
