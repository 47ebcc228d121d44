"""Everything that a schedule needs, on this one machine: Prefect's server, work pool, worker and deployments.

    python flows/serve.py         brings up what is not up yet, and says where the UI is (`make serve`)
    python flows/serve.py --stop  ends what it started, and nothing else (`make stop`)

Both may be called again at any time. All that is written lies in `PREFECT_HOME`, by default `.prefect` beside the
repository's other files: the database, and in `serve/` the logs and what is known of each process.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

REPOSITORY = Path(__file__).resolve().parent.parent
POOL = "local-process"
"""The work pool that `prefect.yaml` names."""
PORT = 4200
"""The port that is tried first; where it is taken, the system chooses one."""
SETTINGS = "skillextract.toml"
"""The settings file that the deployment `scheduled` reads."""
SERVER_AUTH = "PREFECT_SERVER_API_AUTH_STRING"
"""The variable with the `user:password` that the server asks for."""
CLIENT_AUTH = "PREFECT_API_AUTH_STRING"
"""The variable with the one that everybody else sends it: worker, flow runs, Prefect's command line."""
PATIENCE = 300.0
"""Seconds after which a server that does not answer is given up; on a busy machine it has needed a minute."""
GRACE = 30.0
"""Seconds that a process has to end by itself."""


class ServeError(Exception):
    """Something did not come up or go down; the message says what to look at."""


@dataclass(frozen=True)
class Service:
    """A process that outlives the command which started it.

    A process id alone proves nothing: it may long belong to somebody else's process. So the process inherits a lock on
    a file from us and holds it until it ends: where the lock is held, the process of the noted id is ours.
    """

    name: str
    folder: Path

    @property
    def home(self) -> Path:
        """Prefect's folder."""
        return self.folder.parent

    @property
    def log(self) -> Path:
        """Where it writes."""
        return self.folder / f"{self.name}.log"

    def is_running(self) -> bool:
        """Whether the process lives."""
        with self._open_note() as note:
            return not _try_lock(note)

    def start(self, *words: str, env: Mapping[str, str]) -> None:
        """Start `prefect …`, to be looked for and ended by later commands."""
        with self._open_note() as note, self.log.open("ab") as log:
            if not _try_lock(note):
                raise ServeError(f"{self.name}: runs already, started by another command; stop it first")
            # Flow runs of one that was killed may go on: the next `stop` shall end them, too.
            left = [group for group in _read_groups(note) if _find_members(group, self.home)]
            # No old id may stand as that of the process that holds the lock, should we be killed here.
            _write_note(note, "", left)
            process = subprocess.Popen(  # noqa: S603 - the words are ours
                [sys.executable, "-m", "prefect", *words],
                env=env,
                cwd=REPOSITORY,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ended as a group with its flow runs; not with the terminal that it was started from.
                start_new_session=True,
                pass_fds=[note.fileno()],
            )
            _write_note(note, str(process.pid), left)

    def stop(self) -> bool:
        """End the process and all that it started; returns whether there was any of it.

        Raises:
            ServeError: it does not end, or the note does not say which process it is.
        """
        with self._open_note() as note:
            left = _read_groups(note)
            if _try_lock(note):
                # Whoever led them was killed; what it had started, flow runs above all, may go on.
                ended = [group for group in left if _end_members(group, self.home)]
                _write_note(note, "", [])
                return bool(ended)
            group = _read_leader(note)
        if group is None:
            raise ServeError(
                f"{self.name}: runs, and {note.name} does not say as which process, for `make serve` was killed while "
                f"it started it; find `prefect {self.name} start` with `fuser {note.name}` or `ps -ef`, end it with "
                "`kill`, and call this again"
            )
        _signal_group(group, signal.SIGTERM)
        if not _wait(lambda: not self.is_running(), GRACE):
            _signal_group(group, signal.SIGKILL)
            if not _wait(lambda: not self.is_running(), GRACE):
                raise ServeError(f"{self.name}: process {group} does not end; look at it with `ps -p {group}`")
        # What it had started, flow runs above all, had as long as it to end, and a little longer.
        if not _wait(lambda: not _signal_group(group, 0), GRACE / 6):
            _signal_group(group, signal.SIGKILL)
        for earlier in left:
            if earlier != group:
                _end_members(earlier, self.home)
        return True

    def _open_note(self) -> IO[str]:
        return (self.folder / f"{self.name}.pid").open("a+")


def _write_note(note: IO[str], leader: str, left: list[int]) -> None:
    """Note a process that was started, and below it the groups that earlier ones have left."""
    note.truncate(0)
    note.write("\n".join([leader, *map(str, left)]))
    note.flush()


def _read_leader(note: IO[str]) -> int | None:
    """The process that was started last; None where its id was not written any more."""
    note.seek(0)
    first = note.readline().strip()
    return int(first) if first.isdecimal() else None


def _read_groups(note: IO[str]) -> list[int]:
    """The groups of the process that was started last and of those before it that left something."""
    note.seek(0)
    return [int(line) for line in note.read().split() if line.isdecimal()]


def _find_members(group: int, home: Path) -> list[int]:
    """The processes of a session or group that serve this folder, whoever led it.

    A group's number alone proves nothing once its leader is gone; their environment does. It stands in Linux's /proc;
    elsewhere none is found.
    """
    wanted, found = f"PREFECT_HOME={home}".encode(), []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):  # it has ended, or is somebody else's
            # Behind the name, which is in brackets and may hold anything: state, parent, group, session.
            numbers = (folder / "stat").read_bytes().rpartition(b")")[2].split()[2:4]
            if str(group).encode() in numbers and wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found


def _end_members(group: int, home: Path) -> bool:
    """End what a leader that is gone has left; returns whether there was any."""
    if not _find_members(group, home):
        return False
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in _find_members(group, home):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        if _wait(lambda: not _find_members(group, home), GRACE):
            return True
    raise ServeError(f"processes of the group {group} do not end; look at them with `ps -eo pid,pgid,args`")


def _try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _signal_group(group: int, number: int) -> bool:
    """Send a signal to a group of processes; returns whether there is any."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True


def _wait(happened: Callable[[], bool], seconds: float) -> bool:
    latest = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > latest:
            return False
        time.sleep(0.2)
    return True


@contextlib.contextmanager
def open_folder(home: Path) -> Iterator[Path]:
    """The folder of logs and notes, for one command at a time: a second one waits for the first."""
    folder = home / "serve"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def serve(home: Path, *, port: int | None = None) -> str:
    """Bring up what is not up yet and return the address of the UI.

    Args:
        home: Prefect's folder.
        port: where the server listens; left out, where it listened last, else 4200, else any that is free.

    Raises:
        ServeError: something does not come up, or the port is taken.
    """
    with open_folder(home) as folder:
        server, worker = Service("server", folder), Service("worker", folder)
        noted = folder / "port"
        if server.is_running():
            running = int(noted.read_text())
            if port not in (None, running):
                raise ServeError(f"server: runs on port {running}, not on {port}; `make stop` first, or leave PORT out")
            port = running
        else:
            port = _choose_port(port, int(noted.read_text()) if noted.exists() else PORT)
            noted.write_text(str(port))
            # A worker without its server is of no use, and would speak to the old address.
            worker.stop()
        address = f"http://127.0.0.1:{port}"
        env = make_environment(home, address)
        if not server.is_running():
            server.start("server", "start", "--host", "127.0.0.1", "--port", str(port), env=env)
        _wait_for_server(server, address, env)
        _check_password(address, env)
        _run("work-pool", "create", POOL, "--type", "process", "--overwrite", env=env)
        # Where the folder is known, Prefect puts it into the deployments: then no other worker could run them.
        _run("--no-prompt", "deploy", "--all", env={key: env[key] for key in env if key != "SKILLEXTRACT_HOME"})
        if not worker.is_running():
            worker.start("worker", "start", "--pool", POOL, "--install-policy", "never", env=env)
        _wait_for_worker(worker, address, env)
    return address


def stop(home: Path) -> list[str]:
    """End what `serve` started and return the names of what was running."""
    with open_folder(home) as folder:
        # The worker first: it has something to tell the server.
        return [name for name in ("worker", "server") if Service(name, folder).stop()]


def make_environment(home: Path, address: str) -> dict[str, str]:
    """The environment of server and worker: ours, with this folder, this server, and calls to nobody else.

    Raises:
        ServeError: the password is one that Prefect cannot compare.
    """
    # The server knows its own variable, whoever asks it the other one.
    secret = os.environ.get(CLIENT_AUTH) or os.environ.get(SERVER_AUTH)
    for name in (CLIENT_AUTH, SERVER_AUTH):
        if not os.environ.get(name, "").isascii():
            raise ServeError(
                f"environment: {name}: found other characters than ASCII, at which Prefect fails; choose others"
            )
    return {
        **os.environ,
        **({CLIENT_AUTH: secret} if secret else {}),
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"{address}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        # On a busy machine SQLite's writers have waited longer than the 5 and 10 seconds that Prefect allows.
        "PREFECT_SERVER_DATABASE_CONNECTION_TIMEOUT": "60",
        "PREFECT_SERVER_DATABASE_TIMEOUT": "60",
        "PREFECT_WORKER_QUERY_SECONDS": "5",
        # The deployments run in this folder, whatever it is called here.
        "SKILLEXTRACT_HOME": str(REPOSITORY),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
    }


def _choose_port(asked: int | None, usual: int) -> int:
    for port in (asked,) if asked else (usual, PORT, 0):
        with socket.socket() as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                free.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(free.getsockname()[1])
    raise ServeError(f"server: port {asked} is taken by another program; choose another, or leave it out")


def _run(*words: str, env: Mapping[str, str]) -> None:
    done = subprocess.run(  # noqa: S603 - the words are ours
        [sys.executable, "-m", "prefect", *words], env=env, cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ServeError(f"prefect {' '.join(words)}: ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def _wait_for_server(server: Service, address: str, env: Mapping[str, str]) -> None:
    if not _wait(lambda: not server.is_running() or _ask(f"{address}/api/health", env=env) is True, PATIENCE):
        raise ServeError(f"server: no answer from {address} in {PATIENCE:.0f} s; see {server.log}")
    if not server.is_running():
        raise ServeError(f"server: has ended; see {server.log}")


def _check_password(address: str, env: Mapping[str, str]) -> None:
    """Refuse a server that does not take our credentials, or that asks nobody for those that it was meant to ask for.

    Its health is told to everybody, so that it answers says nothing.
    """
    url = f"{address}/api/admin/version"
    _ask(url, env=env)
    if not env.get(SERVER_AUTH):
        return
    try:
        answer = _ask(url, env={})
    except ServeError:
        return
    if answer is not None:
        raise ServeError(f"server: was started without {SERVER_AUTH} and asks for no password; `make stop` first")


def _wait_for_worker(worker: Service, address: str, env: Mapping[str, str]) -> None:
    def is_online() -> bool:
        workers = _ask(f"{address}/api/work_pools/{POOL}/workers/filter", {}, env=env)
        return isinstance(workers, list) and any(each["status"] == "ONLINE" for each in workers)

    if not _wait(lambda: not worker.is_running() or is_online(), PATIENCE):
        raise ServeError(f"worker: not seen by the server in {PATIENCE:.0f} s; see {worker.log}")
    if not worker.is_running():
        raise ServeError(f"worker: has ended; see {worker.log}")


def _ask(url: str, body: object = None, *, env: Mapping[str, str]) -> object:
    """The server's answer, read from JSON; None where there is none.

    Raises:
        ServeError: the server refuses the credentials of the environment, or misses them.
    """
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    if secret := env.get(CLIENT_AUTH):
        headers["Authorization"] = f"Basic {base64.b64encode(secret.encode()).decode()}"
    request = urllib.request.Request(url, data, headers)  # noqa: S310 - http://127.0.0.1
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        if error.code != 401:
            return None
        found = f"refuses what {CLIENT_AUTH} or {SERVER_AUTH} says" if secret else "asks for a password"
        raise ServeError(
            f"server: {url} {found} (status 401); set {SERVER_AUTH} to the user:password that it was started with and, "
            f"where {CLIENT_AUTH} is set, that to the same; or `make stop` first, and start it with the new one"
        ) from error
    except (OSError, ValueError):
        return None


def tell(home: Path, address: str) -> str:
    """What to say once all is up: where it is, how to use it, and what a scheduled run will lack."""
    exported = f"PREFECT_HOME={home} PREFECT_API_URL={address}/api"
    if os.environ.get(SERVER_AUTH) and not os.environ.get(CLIENT_AUTH):
        exported += f' {CLIENT_AUTH}="${SERVER_AUTH}"'
    lines = [
        f"The UI is at {address}. To run a deployment from here:",
        f"  export {exported}",
        "  .venv/bin/prefect deployment run skill-demand/adhoc --watch",
        f"Logs are in {home / 'serve'}; `make stop` ends it all.",
    ]
    if not (REPOSITORY / SETTINGS).exists():
        lines.append(f"There is no {SETTINGS} here yet: until you write it, the daily run is refused and says so.")
    return "\n".join(lines)


def main() -> int:
    """Serve or stop, and say so; returns 0, or 1 with the reason on standard error."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stop", action="store_true", help="end what was started")
    parser.add_argument("--port", type=int, help=f"where the server listens (default: {PORT}, or any that is free)")
    arguments = parser.parse_args()
    home = Path(os.environ.get("PREFECT_HOME", REPOSITORY / ".prefect")).absolute()
    try:
        if arguments.stop:
            ended = stop(home)
            print(f"ended: {', '.join(ended)}" if ended else "nothing was running")  # noqa: T201
            return 0
        address = serve(home, port=arguments.port)
    except ServeError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return 1
    print(tell(home, address))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
