"""`flows/serve.py`: what it brings up is found again, brought up once, and ended wholly."""

import importlib.util
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from conftest import REPOSITORY

SERVE = REPOSITORY / "flows" / "serve.py"


@pytest.fixture(scope="module")
def serve() -> ModuleType:
    spec = importlib.util.spec_from_file_location("serve_module", SERVE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def service(serve: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A service whose process is a plain Python program: `start` is given its text."""
    stand_in = tmp_path / "prefect.py"
    stand_in.write_text("import sys; exec(sys.argv[1])")
    made = serve.Service("thing", tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(serve, "GRACE", 3.0)
    yield made
    made.stop()


def wait_for(path: Path) -> str:
    latest = time.monotonic() + 60
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < latest, f"{path} was never written"
        time.sleep(0.05)
    return path.read_text()


def test_a_process_is_found_again_and_ended(serve: ModuleType, service: Any, tmp_path: Path) -> None:
    assert not service.is_running()
    service.start("import time; time.sleep(600)", env=os.environ)
    again = serve.Service("thing", tmp_path)
    assert again.is_running()
    with pytest.raises(serve.ServeError, match="runs already"):
        again.start("pass", env=os.environ)
    assert (again.stop(), again.stop(), service.is_running()) == (True, False, False)


def test_a_process_that_ended_by_itself_is_not_looked_for(service: Any, tmp_path: Path) -> None:
    """Its id may be somebody else's by now; no signal is sent to it."""
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    try:
        (tmp_path / "thing.pid").write_text(str(bystander.pid))
        assert (service.is_running(), service.stop(), bystander.poll()) == (False, False, None)
    finally:
        os.killpg(bystander.pid, signal.SIGKILL)
        bystander.wait()


def test_what_ignores_the_request_and_its_children_are_ended(service: Any, tmp_path: Path) -> None:
    note = tmp_path / "child"
    child = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(600)"
    service.start(
        "import pathlib, signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"child = subprocess.Popen([sys.executable, '-c', {child!r}], stdout=subprocess.PIPE); child.stdout.readline();"
        f"pathlib.Path({str(note)!r}).write_text(str(child.pid)); time.sleep(600)",
        env=os.environ,
    )
    pid = int(wait_for(note))
    assert service.stop() is True
    assert not is_alive(pid)


def is_alive(pid: int) -> bool:
    """Whether a process lives; one that has ended and that nobody asked about does not."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(done.stdout.strip()) and not done.stdout.strip().startswith("Z")


def test_a_port_that_is_taken_is_passed_over_unless_it_was_asked_for(serve: ModuleType) -> None:
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        assert serve._choose_port(None, taken) != taken
        with pytest.raises(serve.ServeError, match=f"port {taken} is taken by another program"):
            serve._choose_port(taken, taken)


def find_processes(home: Path) -> list[str]:
    """The command lines of all processes whose `PREFECT_HOME` is a folder."""
    wanted = f"PREFECT_HOME={home}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="asks /proc which processes are left")
def test_serving_twice_changes_nothing_and_stopping_leaves_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    env = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "SKILLEXTRACT_"))},
        "PREFECT_HOME": str(home),
        "PYTHONPATH": str(REPOSITORY / "src"),
    }

    def call(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, str(SERVE), *words], env=env, capture_output=True, text=True, timeout=600, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    try:
        said = call()
        assert re.match(r"The UI is at http://127\.0\.0\.1:\d+\.", said)
        served = {name: (home / "serve" / f"{name}.pid").read_text() for name in ("server", "worker")}
        assert call() == said
        assert {name: (home / "serve" / f"{name}.pid").read_text() for name in served} == served
        started = sorted(
            re.search(r"prefect (\w+) start", line)[1] for line in find_processes(home) if " start " in line
        )
        assert started == ["server", "worker"]
        assert call("--stop") == "ended: worker, server\n"
        assert find_processes(home) == []
        assert call("--stop") == "nothing was running\n"
    finally:
        call("--stop")
