"""Ctrl-C and SIGTERM end the script at once, with one line, and with none of its processes left behind."""

import contextlib
import contextvars
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from conftest import REPOSITORY
from scripts import load_script
from skillextract.lake import Lake

LINE = "interrupted; what is finished stays in the lake: run it again, and it goes on from there"
# The first of a session that opens a terminal gets it as its own: what is typed there reaches it as signals. Where the
# tests are run in the background of a shell without job control, Ctrl-C is ignored by them, and would be by the script.
OPEN_TERMINAL = (
    "import os, signal, sys; os.close(os.open(os.ttyname(0), os.O_RDWR)); "
    "signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
)


class Script:
    """The script in a terminal of its own, with all that it has said."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.said = ""
        self._terminal, inside = os.openpty()
        environment = {key: value for key, value in os.environ.items() if key != "PREFECT_API_URL"}
        script = [sys.executable, str(REPOSITORY / "flows" / "skill_demand.py"), *words]
        self.process = subprocess.Popen(
            [sys.executable, "-c", OPEN_TERMINAL, *script],
            cwd=folder,
            env={**environment, "PREFECT_HOME": str(folder / "prefect"), "COLUMNS": "150", "NO_COLOR": "1"},
            stdin=inside,
            stdout=inside,
            stderr=inside,
            start_new_session=True,
        )
        os.close(inside)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        while True:
            try:
                self.said += os.read(self._terminal, 65536).decode(errors="replace")
            except OSError:  # the last that had the terminal open has ended
                return

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        latest = time.monotonic() + 200
        while not is_so():
            assert (self.process.poll(), time.monotonic() < latest) == (None, True), self.said
            time.sleep(0.02)

    def press_ctrl_c(self) -> None:
        os.write(self._terminal, b"\x03")

    def list_processes(self) -> list[Any]:
        import psutil

        return psutil.Process(self.process.pid).children(recursive=True)

    def count_processes(self, word: str) -> int:
        """How many of its processes have a word in their command."""
        import psutil

        commands = []
        for process in self.list_processes():
            with contextlib.suppress(psutil.Error):  # it has ended meanwhile
                commands.append(" ".join(process.cmdline()))
        return sum(word in command for command in commands)

    def hear_out(self) -> tuple[int, list[str]]:
        """The exit code, and the lines from the one on that says that it was interrupted."""
        code = self.process.wait(20)
        # It ends once no process has the terminal open any more.
        self._listener.join(20)
        assert not self._listener.is_alive(), self.said
        lines = self.said.replace("^C", "").splitlines()
        return code, lines[lines.index(LINE) :] if LINE in lines else lines

    def close(self) -> None:
        import psutil

        if self.process.poll() is None:
            for process in [*self.list_processes(), psutil.Process(self.process.pid)]:
                process.kill()
            self.process.wait()
        self._listener.join(20)
        os.close(self._terminal)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Script]]:
    scripts: list[Script] = []

    def start(*words: str) -> Script:
        scripts.append(Script(tmp_path, *words))
        return scripts[-1]

    yield start
    for script in scripts:
        script.close()


@pytest.fixture
def interrupts(flow_module: ModuleType) -> ModuleType:
    return load_script(REPOSITORY / "flows" / "interrupts.py", "interrupts_module")


def find_survivors(processes: list[Any]) -> list[str]:
    """What is left of some processes, once Python's helper has seen that nobody needs it any more."""
    import psutil

    _, alive = psutil.wait_procs(processes, timeout=10)
    return [" ".join(process.cmdline()) for process in alive]


def interrupt_by_ctrl_c(script: Script) -> None:
    script.press_ctrl_c()


def interrupt_by_sigterm(script: Script) -> None:
    script.process.send_signal(signal.SIGTERM)


def copy_database(home: Path) -> None:
    """Give the script a home that Prefect has used before: making the tables of a new one takes its server a while."""
    from prefect.settings import PREFECT_API_DATABASE_CONNECTION_URL

    used = str(PREFECT_API_DATABASE_CONNECTION_URL.value()).partition(":///")[2]
    home.mkdir()
    with (
        contextlib.closing(sqlite3.connect(f"file:{used}?mode=ro", uri=True)) as source,
        contextlib.closing(sqlite3.connect(home / "prefect.db")) as copy,
    ):
        source.backup(copy)


@pytest.mark.parametrize(
    ("interrupt", "code", "is_new"),
    [
        pytest.param(interrupt_by_ctrl_c, 130, False, id="Ctrl-C in a terminal"),
        pytest.param(interrupt_by_sigterm, 143, True, id="SIGTERM to the script alone", marks=pytest.mark.slow),
    ],
)
def test_an_interrupted_script_says_one_line_and_leaves_no_process(
    start: Callable[..., Script],
    prefect_harness: None,
    tmp_path: Path,
    interrupt: Callable[[Script], None],
    code: int,
    is_new: bool,
) -> None:
    if not is_new:
        copy_database(tmp_path / "prefect")
    script = start()
    script.wait_until(lambda: "Beginning flow run" in script.said)
    processes = script.list_processes()
    assert script.count_processes("uvicorn") == 1
    interrupt(script)
    assert script.hear_out() == (code, [LINE])
    assert "Traceback" not in script.said
    assert find_survivors(processes) == []
    assert Lake(str(tmp_path / "lake-sample")).list_snapshots() == []


@pytest.mark.slow
def test_ctrl_c_ends_a_script_whose_server_is_not_up_yet(start: Callable[..., Script]) -> None:
    script = start()
    script.wait_until(lambda: "Starting temporary server" in script.said)
    script.wait_until(lambda: script.count_processes("uvicorn") == 1)
    processes = script.list_processes()
    script.press_ctrl_c()
    assert script.hear_out() == (130, [LINE])
    assert find_survivors(processes) == []


@pytest.mark.slow
def test_ctrl_c_ends_the_processes_of_a_pool_without_a_word_of_theirs(
    start: Callable[..., Script], tmp_path: Path
) -> None:
    text = "Requirements\n" + "\n".join(f"- {number}+ years of Kafka and PyTorch" for number in range(30))
    rows = [
        {"id": str(number), "title": "Machine Learning Engineer", "company": f"X{number}", "text": f"{text}\n{number}"}
        for number in range(3000)
    ]
    (tmp_path / "p.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (tmp_path / "skillextract.toml").write_text(
        'runner = "processes"\nworkers = 2\nshard_size = 150\n[[sources]]\nboard = "files"\npath = "p.jsonl"\n'
    )
    script = start()
    script.wait_until(lambda: any((tmp_path / "lake").glob("work/*/done/extract-*.json")))
    processes = script.list_processes()
    assert script.count_processes("spawn_main") == 2
    script.press_ctrl_c()
    assert script.hear_out() == (130, [LINE])
    assert "Traceback" not in script.said
    assert find_survivors(processes) == []
    assert Lake(str(tmp_path / "lake")).list_snapshots() == []


def test_a_script_that_is_left_alone_ends_with_the_code_of_its_work(
    interrupts: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared: list[int] = []
    # In this process the signals stay as they are.
    monkeypatch.setattr(interrupts.signal, "signal", lambda number, act: prepared.append(number))
    assert interrupts.run_until_signal(lambda: 3, tell=lambda flow_run, state: None) == 3
    assert set(prepared) <= {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


def test_the_server_notes_an_ended_run_and_the_one_around_it_as_crashed(interrupts: ModuleType) -> None:
    from prefect import flow
    from prefect.client.orchestration import get_client
    from prefect.context import FlowRunContext

    seen: dict[str, Any] = {}
    told: list[tuple[str, str | None]] = []

    def tell(flow_run: Any, state: Any) -> None:
        told.append((flow_run.name, state.message))

    def read_states() -> dict[str, tuple[str, str | None]]:
        with get_client(sync_client=True) as client:
            states = {name: client.read_flow_run(number).state for name, number in seen.items()}
        return {name: (state.name, state.message) for name, state in states.items() if state is not None}

    def note(name: str) -> None:
        context = FlowRunContext.get()
        assert context is not None
        assert context.flow_run is not None
        seen[name] = context.flow_run.id

    found: dict[str, tuple[str, str | None]] = {}

    @flow(flow_run_name="inner")
    def search() -> None:
        note("inner")
        interrupts.mark_crashed(contextvars.copy_context(), signal.SIGTERM, tell)
        found.update(read_states())

    @flow(flow_run_name="outer")
    def whole() -> None:
        note("outer")
        search(return_state=True)

    whole(return_state=True)
    message = "The script was ended by SIGTERM."
    assert found == {"outer": ("Crashed", message), "inner": ("Crashed", message)}
    assert told == [("outer", message)]


def test_before_the_flow_has_begun_there_is_nothing_to_note(interrupts: ModuleType) -> None:
    told: list[Any] = []
    interrupts.mark_crashed(contextvars.Context(), signal.SIGINT, lambda *given: told.append(given))
    assert told == []


@pytest.mark.parametrize("way", ["as the system tells it", "by ps, where there is no /proc"])
def test_processes_of_processes_are_found(
    interrupts: ModuleType, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if way.startswith("by"):
        if shutil.which("ps") is None:
            pytest.skip("there is no ps here")
        monkeypatch.setattr(interrupts, "PROCESSES", tmp_path)
    code = (
        "import subprocess, sys; child = subprocess.Popen(['sleep', '60']); print(child.pid, flush=True); child.wait()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        grandchild = int(process.stdout.readline())
        found = interrupts.list_descendants()
        for each in (process.pid, grandchild):
            os.kill(each, signal.SIGKILL)
    assert {process.pid, grandchild} <= set(found)
    assert os.getpid() not in found
