"""A PostgreSQL of the tests' own: a fresh cluster on loopback, of a user without rights, gone with the block."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 60.0
"""Seconds after which the server is given up."""


def find_programs() -> Path | None:
    """The folder with `initdb` and `postgres`, None where PostgreSQL's server is not installed.

    Debian keeps them out of the PATH, one folder for each version.
    """
    places = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    if (found := shutil.which("initdb")) is not None:
        places.append(Path(found).resolve().parent)
    return next((place for place in places if (place / "initdb").exists() and (place / "postgres").exists()), None)


def choose_user() -> int | None:
    """The id of the user that the server runs as: never root, for PostgreSQL refuses that; None for ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    raise LookupError("found neither a user `postgres` nor `nobody`, expected one of them to run PostgreSQL as")


@contextmanager
def running_postgresql(programs: Path) -> Iterator[str]:
    """Start a fresh cluster; yields the URL of its database, as SQLAlchemy's asyncpg driver takes it."""
    user = choose_user()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    password = secrets.token_hex(16)
    # Not below pytest's folder, which no other user may enter.
    folder = Path(tempfile.mkdtemp(prefix="skillextract-postgresql-"))
    server: subprocess.Popen[bytes] | None = None
    try:
        (folder / "password").write_text(password)
        if user is not None:
            for path in (folder, folder / "password"):
                os.chown(path, user, -1)
        made = subprocess.run(
            [programs / "initdb", "--pgdata", folder / "data", "--username", "prefect", "--encoding", "UTF8",
             "--locale", "C", "--auth", "scram-sha-256", "--pwfile", folder / "password", "--no-sync"],
            user=user, capture_output=True, text=True, cwd=folder, check=False,
        )  # fmt: skip
        assert made.returncode == 0, made.stdout + made.stderr
        with (folder / "server.log").open("wb") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", folder / "data", "-p", str(port), "-k", folder, "-h", "127.0.0.1",
                 "-c", "fsync=off"],
                user=user, stdout=log, stderr=subprocess.STDOUT, cwd=folder, start_new_session=True,
            )  # fmt: skip
        latest = time.monotonic() + PATIENCE
        while True:
            assert server.poll() is None, (folder / "server.log").read_text()
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert time.monotonic() < latest, (folder / "server.log").read_text()
            time.sleep(0.1)
        yield f"postgresql+asyncpg://prefect:{password}@127.0.0.1:{port}/postgres"
    finally:
        if server is not None and server.poll() is None:
            server.send_signal(signal.SIGQUIT)  # at once: nothing in it is kept
            server.wait(PATIENCE)
        shutil.rmtree(folder, ignore_errors=True)
