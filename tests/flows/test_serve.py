"""`flows/serve.py`: what it brings up is found again, brought up once, and ended wholly."""

import base64
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from conftest import REPOSITORY
from scripts import load_script

SERVE = REPOSITORY / "flows" / "serve.py"


@pytest.fixture(scope="module")
def serve() -> ModuleType:
    return load_script(SERVE, "serve_module")


@pytest.fixture
def service(serve: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A service whose process is a plain Python program: `start` is given its text."""
    stand_in = tmp_path / "prefect.py"
    stand_in.write_text("import sys; exec(sys.argv[1])")
    folder = tmp_path / "home" / "serve"
    folder.mkdir(parents=True)
    made = serve.Service("thing", folder)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(serve, "GRACE", 3.0)
    yield made
    made.stop()


def find_note(service: Any) -> Path:
    return Path(service.folder) / f"{service.name}.pid"


def wait_for(path: Path) -> str:
    latest = time.monotonic() + 60
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < latest, f"{path} was never written"
        time.sleep(0.05)
    return path.read_text()


def test_a_process_is_found_again_and_ended(serve: ModuleType, service: Any) -> None:
    assert not service.is_running()
    service.start("import time; time.sleep(600)", env=os.environ)
    again = serve.Service("thing", service.folder)
    assert again.is_running()
    with pytest.raises(serve.ServeError, match="runs already"):
        again.start("pass", env=os.environ)
    assert (again.stop(), again.stop(), service.is_running()) == (True, False, False)


def test_a_process_that_ended_by_itself_is_not_looked_for(service: Any) -> None:
    """Its id may be somebody else's by now; no signal is sent to it."""
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    try:
        find_note(service).write_text(str(bystander.pid))
        assert (service.is_running(), service.stop(), bystander.poll()) == (False, False, None)
    finally:
        os.killpg(bystander.pid, signal.SIGKILL)
        bystander.wait()


def test_what_ignores_the_request_and_its_children_are_ended(
    serve: ModuleType, service: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "GRACE", 0.5)  # all of it is waited for here
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


needs_proc = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="asks /proc which processes are left")


@pytest.fixture
def kill_leader(service: Any, tmp_path: Path) -> Callable[[], int]:
    """Start the service with a child, kill only the service itself, and return the child's id."""

    def kill() -> int:
        note = tmp_path / "child"
        note.unlink(missing_ok=True)
        child = "import time; time.sleep(600)"
        service.start(
            f"import pathlib, subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', {child!r}]);"
            f"pathlib.Path({str(note)!r}).write_text(str(child.pid)); time.sleep(600)",
            env={**os.environ, "PREFECT_HOME": str(service.home)},
        )
        pid = int(wait_for(note))
        os.kill(int(find_note(service).read_text().split()[0]), signal.SIGKILL)
        latest = time.monotonic() + 60
        while service.is_running():
            assert time.monotonic() < latest
            time.sleep(0.05)
        return pid

    return kill


@needs_proc
def test_what_a_killed_process_left_is_ended_and_nothing_else_of_its_folder(
    service: Any, kill_leader: Callable[[], int]
) -> None:
    bystander = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(600)"],
        env={**os.environ, "PREFECT_HOME": str(service.home)},
        start_new_session=True,
    )
    try:
        child = kill_leader()
        assert is_alive(child)
        assert (service.stop(), is_alive(child), bystander.poll(), service.stop()) == (True, False, None, False)
    finally:
        os.killpg(bystander.pid, signal.SIGKILL)
        bystander.wait()


@needs_proc
def test_what_a_killed_process_left_goes_on_when_it_is_started_anew_and_is_ended_with_it(
    service: Any, kill_leader: Callable[[], int]
) -> None:
    children = [kill_leader(), kill_leader()]
    service.start("import time; time.sleep(600)", env=os.environ)
    assert [is_alive(child) for child in children] == [True, True]
    assert (service.stop(), [is_alive(child) for child in children]) == (True, [False, False])


def test_a_process_that_was_started_and_never_noted_is_told_and_no_older_id_is_taken_for_its(
    serve: ModuleType, service: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when `make serve` is killed in just that moment."""
    popen, started = subprocess.Popen, list[Any]()
    bystander = popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    find_note(service).write_text(str(bystander.pid))

    def start_and_be_killed(*words: Any, **named: Any) -> None:
        started.append(popen(*words, **named))
        raise KeyboardInterrupt

    try:
        with monkeypatch.context() as patch:
            patch.setattr(subprocess, "Popen", start_and_be_killed)
            with pytest.raises(KeyboardInterrupt):
                service.start("import time; time.sleep(600)", env=os.environ)
        assert service.is_running()
        with pytest.raises(serve.ServeError) as refused:
            service.stop()
        assert str(refused.value) == (
            f"thing: runs, and {find_note(service)} does not say as which process, for `make serve` was killed while "
            f"it started it; find `prefect thing start` with `fuser {find_note(service)}` or `ps -ef`, end it with "
            "`kill`, and call this again"
        )
        assert [each.poll() for each in (bystander, *started)] == [None, None]
    finally:
        for process in (bystander, *started):
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    assert service.stop() is False


class Guarded(BaseHTTPRequestHandler):
    """Answers as Prefect's server that asks for a password, or for none."""

    expected: str | None = None

    def do_GET(self) -> None:
        self.answer("3.0")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer([{"status": "ONLINE"}])

    def answer(self, value: object) -> None:
        allowed = self.expected is None or self.headers["Authorization"] == self.expected
        body = json.dumps(value if allowed else {"exception_message": "Unauthorized"}).encode()
        self.send_response(200 if allowed else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextlib.contextmanager
def guard(expected: str | None) -> Iterator[str]:
    """The address of a server that asks for this header."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Asking", (Guarded,), {"expected": expected}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


PASSWORD = f"Basic {base64.b64encode(b'user:p*').decode()}"


def choose_passwords(monkeypatch: pytest.MonkeyPatch, server: str, client: str) -> None:
    for name, value in (("PREFECT_SERVER_API_AUTH_STRING", server), ("PREFECT_API_AUTH_STRING", client)):
        monkeypatch.delenv(name, raising=False)
        if value:
            monkeypatch.setenv(name, value)


@pytest.mark.parametrize(("server", "client"), [("user:p*", ""), ("", "user:p*"), ("user:p*", "user:p*")])
def test_a_server_that_asks_for_a_password_gets_that_of_either_variable(
    serve: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: str, client: str
) -> None:
    choose_passwords(monkeypatch, server, client)
    running = SimpleNamespace(is_running=lambda: True, log="worker.log")
    monkeypatch.setattr(serve, "PATIENCE", 1.0)
    with guard(PASSWORD) as address:
        env = serve.make_environment(tmp_path, address)
        serve._check_password(address, env)
        serve._wait_for_worker(running, address, env)
    handed = [env.get(name, "") for name in ("PREFECT_SERVER_API_AUTH_STRING", "PREFECT_API_AUTH_STRING")]
    assert handed == [server, "user:p*"]


@pytest.mark.parametrize("name", ["PREFECT_SERVER_API_AUTH_STRING", "PREFECT_API_AUTH_STRING"])
def test_a_password_that_prefect_cannot_compare_is_refused_and_not_told(
    serve: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Its server answers every request with status 500."""
    choose_passwords(monkeypatch, "", "")
    monkeypatch.setenv(name, "user:p☃")
    with pytest.raises(serve.ServeError) as refused:
        serve.make_environment(tmp_path, "http://127.0.0.1:4200")
    assert str(refused.value) == (
        f"environment: {name}: found other characters than ASCII, at which Prefect fails; choose others"
    )


@pytest.mark.parametrize(
    ("server", "client", "found"),
    [
        ("", "", "asks for a password"),
        ("user:p*", "user:other", "refuses what PREFECT_API_AUTH_STRING or PREFECT_SERVER_API_AUTH_STRING says"),
    ],
)
def test_a_server_that_refuses_the_password_is_told_at_once(
    serve: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: str, client: str, found: str
) -> None:
    choose_passwords(monkeypatch, server, client)
    running = SimpleNamespace(is_running=lambda: True, log="worker.log")
    with guard(PASSWORD) as address:
        env = serve.make_environment(tmp_path, address)
        for ask, path in (
            (lambda: serve._check_password(address, env), "admin/version"),
            (lambda: serve._wait_for_worker(running, address, env), "work_pools/local-process/workers/filter"),
        ):
            with pytest.raises(serve.ServeError) as refused:
                ask()
            assert str(refused.value) == (
                f"server: {address}/api/{path} {found} (status 401); set PREFECT_SERVER_API_AUTH_STRING to the "
                "user:password that it was started with and, where PREFECT_API_AUTH_STRING is set, that to the same; "
                "or `make stop` first, and start it with the new one"
            )


def test_a_server_that_was_started_without_the_password_is_not_passed_off_as_guarded(
    serve: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with guard(None) as address:
        choose_passwords(monkeypatch, "", "")
        serve._check_password(address, serve.make_environment(tmp_path, address))
        choose_passwords(monkeypatch, "user:p*", "")
        with pytest.raises(serve.ServeError, match="asks for no password; `make stop` first"):
            serve._check_password(address, serve.make_environment(tmp_path, address))


def test_what_is_said_at_the_end_has_no_password_and_names_a_settings_file_that_is_not_there(
    serve: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "REPOSITORY", tmp_path)
    choose_passwords(monkeypatch, "user:secret", "")
    said = serve.tell(Path("/home"), "http://127.0.0.1:4200").splitlines()
    assert said == [
        "The UI is at http://127.0.0.1:4200. To run a deployment from here:",
        "  export PREFECT_HOME=/home PREFECT_API_URL=http://127.0.0.1:4200/api "
        'PREFECT_API_AUTH_STRING="$PREFECT_SERVER_API_AUTH_STRING"',
        "  .venv/bin/prefect deployment run skill-demand/adhoc --watch",
        "Logs are in /home/serve; `make stop` ends it all.",
        "There is no skillextract.toml here yet: until you write it, the daily run is refused and says so.",
    ]
    (tmp_path / "skillextract.toml").touch()
    choose_passwords(monkeypatch, "", "")
    assert serve.tell(Path("/home"), "http://127.0.0.1:4200").splitlines() == [
        said[0],
        said[1].rpartition(" ")[0],
        *said[2:4],
    ]


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


def ask(address: str, header: str) -> int:
    """The status that a request with this `Authorization` gets."""
    request = urllib.request.Request(
        f"{address}/api/admin/version", headers={"Authorization": header} if header else {}
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.slow
@pytest.mark.timeout(900)
@needs_proc
@pytest.mark.parametrize("password", ["", "user:p*"], ids=["open", "with a password"])
def test_serving_twice_changes_nothing_and_stopping_leaves_nothing(tmp_path: Path, password: str) -> None:
    home = tmp_path / "home"
    env = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "SKILLEXTRACT_"))},
        "PREFECT_HOME": str(home),
        "PYTHONPATH": str(REPOSITORY / "src"),
        **({"PREFECT_SERVER_API_AUTH_STRING": password} if password else {}),
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
        address = said.split()[4].rstrip(".")
        assert [ask(address, header) for header in ("", PASSWORD)] == [401 if password else 200, 200]
        assert call("--stop") == "ended: worker, server\n"
        assert find_processes(home) == []
        assert call("--stop") == "nothing was running\n"
    finally:
        call("--stop")
