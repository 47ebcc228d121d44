"""Prefect's real server and worker, for tests: without the internet, and with nothing left behind."""

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
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from conftest import REPOSITORY

PATIENCE = 300.0
"""Seconds after which a server, a worker or a run is given up; a busy machine with two cores has needed a minute."""


class Prefect:
    """Prefect's command line against a server of our own; everything that it writes is under one folder."""

    def __init__(self, home: Path, database: str | None = None) -> None:
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
            **({} if database is None else {"PREFECT_API_DATABASE_CONNECTION_URL": database}),
        }
        self.started: list[tuple[str, subprocess.Popen[bytes]]] = []
        self._port = port

    def bring_up(self) -> None:
        """Start server and worker, and deploy what prefect.yaml names."""
        self.start("server", "server", "start", "--host", "127.0.0.1", "--port", str(self._port))
        self.wait("the server", lambda: self.get("/health") is True)
        self.do("work-pool", "create", "local-process", "--type", "process", "--overwrite")
        # Where it is set, Prefect puts it into the deployments; they shall run wherever their worker has its checkout.
        home = self.env.pop("SKILLEXTRACT_HOME")
        self.do("--no-prompt", "deploy", "--all")
        self.env["SKILLEXTRACT_HOME"] = home
        self.start("worker", "worker", "start", "--pool", "local-process", "--install-policy", "never")

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

    def count_runs(self, deployment: str) -> int:
        """Count the runs of one deployment; the scheduler adds runs of others at any time."""
        return int(self.post("/flow_runs/count", {"deployments": {"name": {"any_": [deployment]}}}))

    def wait_for_logs(self, run: str, logger: str) -> list[str]:
        """Return what a logger said in a run, once it has: logs are sent after the state of a run, in batches."""
        of_run = {"logs": {"flow_run_id": {"any_": [run]}}}

        def read() -> list[str]:
            return [log["message"] for log in self.post("/logs/filter", of_run) if log["name"] == logger]

        said: list[str] = self.wait(f"logs of {logger}", read)
        return said

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
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())


@contextmanager
def serving(home: Path, database: str | None = None) -> Iterator[Prefect]:
    """A server with all deployments and a worker; everything is ended with the block.

    Args:
        home: a fresh folder.
        database: the URL of the server's database; without it, SQLite in the folder.
    """
    server = Prefect(home, database)
    try:
        server.bring_up()
        yield server
    finally:
        server.stop()
