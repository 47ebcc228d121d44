"""The deployments of prefect.yaml, on a real Prefect server with a real process worker, without the internet."""

import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from collect.board_server import BoardServer
from conftest import REPOSITORY

DEPLOYMENTS = yaml.safe_load((REPOSITORY / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
PATIENCE = 300.0
"""Seconds after which a server, a worker or a run is given up; a busy machine with two cores has needed a minute."""
GIVEN = {"backfill": {"past": {"first": "2025-01", "last": "2025-03"}}}
"""What a deployment's parameters leave to whoever runs it."""
POSTING = {"id": "1", "title": "Machine Learning Engineer", "descriptionHtml": "<p>You know Python and Kafka.</p>"}


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=[each["name"] for each in DEPLOYMENTS])
def test_every_entrypoint_imports_and_is_a_flow(deployment: dict[str, Any], prefect_harness: None) -> None:
    """`prefect deploy` succeeds even where the file cannot be imported."""
    from prefect import Flow

    path, _, name = deployment["entrypoint"].partition(":")
    spec = importlib.util.spec_from_file_location(f"entrypoint_{deployment['name']}", REPOSITORY / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    flow = getattr(module, name)
    assert isinstance(flow, Flow)
    assert flow.name == "skill-demand"
    flow.validate_parameters({**GIVEN.get(deployment["name"], {}), **deployment["parameters"]})


@pytest.mark.parametrize("entry", ["skill_demand", "backfill"])
def test_the_form_of_the_parameters_explains_itself(flow_module: Any, entry: str) -> None:
    schema = getattr(flow_module, entry).parameters.model_dump()
    forms = {"": schema, **schema["definitions"]}
    fields = {f"{form}.{name}": field for form, each in forms.items() for name, field in each["properties"].items()}
    # The kind of a source is chosen, not filled in.
    wanting = [name for name, field in fields.items() if not field.get("description") and not name.endswith(".board")]
    assert (wanting, len(fields) > 30) == ([], True)


class Prefect:
    """Prefect's command line against a server of our own; everything that it writes is under one folder."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.home = home
        self.api = f"http://127.0.0.1:{port}/api"
        self.env = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "SKILLEXTRACT_"))},
            "PREFECT_HOME": str(home),
            "PREFECT_API_URL": self.api,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            "PREFECT_WORKER_QUERY_SECONDS": "2",
            # On a busy machine SQLite's writers have waited longer than the 5 and 10 seconds that Prefect allows.
            "PREFECT_SERVER_DATABASE_CONNECTION_TIMEOUT": "60",
            "PREFECT_SERVER_DATABASE_TIMEOUT": "60",
            "PYTHONPATH": str(REPOSITORY / "src"),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "SKILLEXTRACT_HOME": str(REPOSITORY),
            "COLUMNS": "200",
        }
        self.started: list[tuple[str, subprocess.Popen[bytes]]] = []
        self.start("server", "server", "start", "--host", "127.0.0.1", "--port", str(port))
        self.wait("the server", lambda: self.get("/health") is True)

    def start(self, name: str, *words: str) -> None:
        log = (self.home / f"{name}.log").open("wb")
        # A session of its own: it is ended with all its children, and gets no signal of the terminal.
        process = subprocess.Popen(
            [sys.executable, "-m", "prefect", *words],
            env=self.env,
            cwd=self.home,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.started.append((name, process))

    def stop(self) -> None:
        for _, process in reversed(self.started):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(20)

    def run(self, *words: str, timeout: float = PATIENCE) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "prefect", *words],
            env=self.env,
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def do(self, *words: str) -> str:
        done = self.run(*words)
        assert done.returncode == 0, f"prefect {' '.join(words)}\n{done.stdout}{done.stderr}"
        return done.stdout

    def get(self, path: str) -> Any:
        return self._ask(urllib.request.Request(self.api + path))

    def post(self, path: str, body: Any) -> Any:
        data = json.dumps(body).encode()
        return self._ask(urllib.request.Request(self.api + path, data, {"Content-Type": "application/json"}))

    def wait(self, what: str, happened: Callable[[], Any]) -> Any:
        """Poll until something has happened, and return it; fail with the logs where it does not."""
        latest = time.monotonic() + PATIENCE
        while time.monotonic() < latest:
            try:
                if result := happened():
                    return result
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                pass
            for name, process in self.started:
                assert process.poll() is None, f"{name} has ended:\n{self.read_logs()}"
            time.sleep(0.5)
        raise AssertionError(f"waited {PATIENCE:.0f} s in vain for {what}:\n{self.read_logs()}")

    def read_logs(self) -> str:
        return "\n".join(f"== {path.name}\n{path.read_text()[-3000:]}" for path in sorted(self.home.glob("*.log")))

    def _ask(self, request: urllib.request.Request) -> Any:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prefect]:
    """A server on a fresh home, all deployments, and a worker."""
    server = Prefect(tmp_path_factory.mktemp("prefect"))
    try:
        server.do("work-pool", "create", "local-process", "--type", "process", "--overwrite")
        server.do("--no-prompt", "deploy", "--all")
        server.start("worker", "worker", "start", "--pool", "local-process", "--install-policy", "never")
        yield server
    finally:
        server.stop()


@pytest.mark.slow
@pytest.mark.timeout(1200)
class TestOnARealServer:
    def test_the_daily_cron_yields_scheduled_runs(self, prefect: Prefect) -> None:
        """SQLAlchemy 2.1 let everything else work, and no schedule ever yielded a run."""

        def find_scheduled() -> list[dict[str, Any]]:
            wanted = {
                "deployments": {"name": {"any_": ["scheduled"]}},
                "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
                "sort": "EXPECTED_START_TIME_ASC",
            }
            runs: list[dict[str, Any]] = prefect.post("/flow_runs/filter", wanted)
            return runs

        runs = prefect.wait("scheduled runs", find_scheduled)
        starts = [pd.Timestamp(run["expected_start_time"]) for run in runs]
        assert {start.strftime("%H:%M %Z") for start in starts} == {"05:15 UTC"}
        assert len({start.date() for start in starts}) == len(starts)

    def test_an_adhoc_run_reads_the_board_and_writes_the_tables(
        self, prefect: Prefect, board_server: BoardServer, tmp_path: Path
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
        assert [request.path for request in board_server.requests] == ["/posting-api/job-board/tallowfield"]

    def test_a_run_whose_every_source_is_missing_ends_with_1(
        self, prefect: Prefect, board_server: BoardServer, tmp_path: Path
    ) -> None:
        settings = {
            "lake": str(tmp_path / "lake"),
            "sources": [{"board": "ashby", "token": "gone", "base_url": board_server.url}],
        }
        done = prefect.run(
            "deployment", "run", "skill-demand/adhoc", "--param", f"settings={json.dumps(settings)}", "--watch"
        )
        assert done.returncode == 1, done.stdout + done.stderr
        said = [log for log in prefect.post("/logs/filter", {}) if log["name"] == "skillextract.pipeline"]
        assert [log["message"].split(":")[:2] for log in said] == [["ashby", "gone"]]

    def test_a_backfill_reads_every_file_of_its_folder(self, prefect: Prefect, tmp_path: Path) -> None:
        postings = [{"title": "Machine Learning Engineer", "text": f"You know {skill}."} for skill in ("Go", "Kafka")]
        (tmp_path / "past").mkdir()
        for name, posting in zip(("a", "b"), postings, strict=True):
            (tmp_path / "past" / f"{name}.jsonl").write_text(json.dumps(posting) + "\n")
        parameters = {"past": {"folder": str(tmp_path / "past")}, "settings": {"lake": str(tmp_path / "lake")}}
        words = [word for name, value in parameters.items() for word in ("--param", f"{name}={json.dumps(value)}")]
        prefect.do("deployment", "run", "skill-demand/backfill", *words, "--watch")
        [summary] = (tmp_path / "lake" / "reports").rglob("run_summary.parquet")
        assert pd.read_parquet(summary)[["source", "postings"]].values.tolist() == [
            ["files:a.jsonl", 1],
            ["files:b.jsonl", 1],
            ["all sources", 2],
        ]

    @pytest.mark.parametrize("past", ['{"first": "2025-13", "last": "2026-01"}', '{"first": "2025-01"}', "{}"])
    def test_a_backfill_of_nothing_is_refused_before_a_run_exists(self, prefect: Prefect, past: str) -> None:
        before = prefect.post("/flow_runs/count", {})
        done = prefect.run("deployment", "run", "skill-demand/backfill", "--param", f"past={past}")
        assert (done.returncode, prefect.post("/flow_runs/count", {})) == (1, before), done.stdout + done.stderr

    def test_the_example_of_an_automation_is_taken(self, prefect: Prefect) -> None:
        prefect.do("automation", "create", "--from-file", str(REPOSITORY / "docs" / "automation.yaml"))
        [automation] = prefect.post("/automations/filter", {})
        assert (automation["name"], automation["enabled"]) == ("Tell of runs without a whole report", True)

    @pytest.mark.parametrize(
        "parameter",
        ['settings={"leke": "x"}', 'settings={"sources": [{"board": "ashbi", "token": "x"}]}', "setings={}"],
        ids=["unknown key", "unknown board", "unknown parameter"],
    )
    def test_refused_parameters_are_refused_before_a_run_exists(self, prefect: Prefect, parameter: str) -> None:
        def count_adhoc() -> int:
            return int(prefect.post("/flow_runs/count", {"deployments": {"name": {"any_": ["adhoc"]}}}))

        before = count_adhoc()
        done = prefect.run("deployment", "run", "skill-demand/adhoc", "--param", parameter)
        assert (done.returncode, count_adhoc()) == (1, before), done.stdout + done.stderr
