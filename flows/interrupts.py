"""How the script ends when it is interrupted: at once, with one line, and with none of its processes left behind.

Left to itself a Ctrl-C reaches the temporary Prefect server and the processes of a pool, too: they die of it with a
traceback each, and Prefect asks the dead server for minutes. So the work is done by a thread that passes a blocked
SIGINT on to whatever it starts, and the main thread does nothing but wait for it or for a signal. Only the script uses
this: a deployment's run is ended by its worker.
"""

from __future__ import annotations

import contextlib
import contextvars
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import resource_tracker
from pathlib import Path
from types import FrameType
from typing import Any, TypeAlias

import orchestration  # noqa: F401 - sets what Prefect reads when it is imported

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun, State
from prefect.context import FlowRunContext
from prefect.states import Crashed

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C; `kill` and whatever stops a service; the terminal that is closed."""
PROCESSES = Path("/proc")
"""Where Linux tells of its processes."""
GRACE = 2.0
"""Seconds that a server has to take note that the run has ended, and then the temporary one to end by itself."""


Told: TypeAlias = Callable[[FlowRun, State[Any]], None]


def run_until_signal(work: Callable[[], int], *, tell: Told) -> int:
    """Do the work and return its exit code; where a signal comes first, leave with 128 and its number.

    A second signal leaves without waiting for anything. What is finished is in the lake and in its journal, so that
    nothing has to be put right on the way out.

    Args:
        work: what the script does; it runs in a thread.
        tell: what else to do with a flow run that was ended, as its own hook would.
    """
    context = contextvars.copy_context()
    signals: list[int] = []

    def leave(number: int, _: FrameType | None) -> None:
        signals.append(number)
        if len(signals) == 1:
            server = _find_server()
            # A pool's processes would go on, and say so.
            _send_to_descendants(signal.SIGSTOP, but=server.pid if server else None)
            _say_last("interrupted; what is finished stays in the lake: run it again, and it goes on from there")
            telling = threading.Thread(target=mark_crashed, args=(context, number, tell), daemon=True)
            telling.start()
            telling.join(GRACE)
            if server:
                _end_server(server)
        # The processes of a pool have servers of their own. What is stopped starts nothing between the two looks.
        _send_to_descendants(signal.SIGSTOP)
        _send_to_descendants(signal.SIGKILL)
        os._exit(128 + number)

    for number in ENDING:
        # What is ignored from the start stays so: `nohup`, and the background of a shell without job control.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, leave)
    with ThreadPoolExecutor(max_workers=1, initializer=_block_interrupts) as threads:
        return threads.submit(context.run, work).result()


def _block_interrupts() -> None:
    """Keep SIGINT from this thread and from all that it starts; SIGTERM still ends them."""
    # Where Python starts this helper of its pools by itself, it takes the block off the thread again.
    resource_tracker.ensure_running()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def _say_last(line: str) -> None:
    """Say a line on standard error, after which this process says nothing any more."""
    with contextlib.suppress(OSError):  # the terminal is gone
        os.write(2, f"{line}\n".encode())
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)


def mark_crashed(context: contextvars.Context, number: int, tell: Told) -> None:
    """Have the server note the flow run of a context as crashed: it would be shown as running for ever.

    Args:
        context: that of the thread in which the flow runs.
        number: the signal by which it is ended.
        tell: called with the flow run, once the server knows.
    """
    # The other thread is in the context: only a copy can be looked into.
    current = context.copy().run(FlowRunContext.get)
    if current is None or current.flow_run is None:
        return
    state: State[Any] = Crashed(message=f"The script was ended by {signal.Signals(number).name}.")
    with get_client(sync_client=True) as client:
        run = current.flow_run
        client.set_flow_run_state(run.id, state, force=True)
        # The search in a pool is a flow within the flow.
        while run.parent_task_run_id and (outer := client.read_task_run(run.parent_task_run_id).flow_run_id):
            run = client.read_flow_run(outer)
            client.set_flow_run_state(run.id, state, force=True)
    tell(run, state)


def _find_server() -> subprocess.Popen[bytes] | None:
    """The temporary server, where Prefect has started one."""
    module = sys.modules.get("prefect.server.api.server")
    return None if module is None else module.SubprocessASGIServer().server_process


def _end_server(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(GRACE)


def _send_to_descendants(number: signal.Signals, *, but: int | None = None) -> None:
    for process in list_descendants():
        if process != but:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process, number)


def list_descendants() -> list[int]:
    """The processes that this one has started, and those that they have."""
    children: dict[int, list[int]] = {}
    for process, parent in _list_parents():
        children.setdefault(parent, []).append(process)
    found = [os.getpid()]
    for process in found:  # it grows meanwhile
        found += children.get(process, [])
    return found[1:]


def _list_parents() -> list[tuple[int, int]]:
    """All processes with their parents: from /proc, which Linux has where it has no `ps`, else from `ps`."""
    pairs = []
    for stat in PROCESSES.glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            # The name, in brackets, may hold anything.
            parent = stat.read_text(errors="replace").rpartition(")")[2].split()[1]
            pairs.append((int(stat.parent.name), int(parent)))
    if pairs:
        return pairs
    command = ["ps", "-A", "-o", "pid=,ppid="]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603
    return [(int(pid), int(parent)) for pid, parent in map(str.split, listed.splitlines()) if int(pid) != os.getpid()]
