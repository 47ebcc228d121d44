"""Whose a snapshot under way is: a lock on a disk, and in an object store a file that only one can write.

A lock of the operating system's ends with its process, however that ends. A file does not: the claim of a run that was
killed is taken over once nothing has been written for `SILENT_AFTER`, and again only one can do so.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import os
import threading
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import IO, Any

from skillextract.errors import LakeError
from skillextract.store import is_local, tell_time

SILENT_AFTER = timedelta(hours=1)
"""In an object store a run that has written nothing for so long is taken for dead."""

_claims: dict[str, Callable[[], None]] = {}
"""How the claims of this process are given up, by the folder that is claimed."""
_claiming = threading.Lock()


def take_claim(filesystem: Any, folder: str, list_places: Callable[[], Sequence[str]]) -> bool:
    """Make a folder this process's own; False where another process has it.

    Args:
        filesystem: where it is.
        folder: its full path; it is made where it is missing.
        list_places: the other folders that its owner writes into, whose files say that it is alive.

    Raises:
        OSError: the disk cannot be written to.
        LakeError: the store cannot.
    """
    with _claiming:
        if folder in _claims:
            return True
        filesystem.makedirs(folder, exist_ok=True)
        give_up = _lock(f"{folder}/lock") if is_local(filesystem) else _write_claim(filesystem, folder, list_places)
        if give_up is None:
            return False
        _claims[folder] = give_up
        return True


def give_claim_up(folder: str) -> None:
    """Give a claim up, where this process has it; in a store that does not answer it stays until it is silent."""
    with _claiming:
        give_up = _claims.pop(folder, None)
        if give_up is not None:
            with contextlib.suppress(LakeError):
                give_up()


def _lock(path: str) -> Callable[[], None] | None:
    """Lock a file, and return how that ends; None where another process has it, or removes it with its folder."""
    try:
        stream: IO[Any] = open(path, "ab")  # noqa: SIM115
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Whoever had it may have removed it with the run that it had finished: then it locks nothing any more.
        current = os.path.samestat(os.stat(path), os.fstat(stream.fileno()))
    except (BlockingIOError, FileNotFoundError):
        current = False
    if not current:
        stream.close()
        return None
    return stream.close


def _write_claim(filesystem: Any, folder: str, list_places: Callable[[], Sequence[str]]) -> Callable[[], None] | None:
    seen = _list_claims(filesystem, folder)
    if seen and not _is_silent(filesystem, [folder, *list_places()]):
        return None
    number = int(seen[-1].removeprefix("claim-")) + 1 if seen else 0
    own, token = f"claim-{number:04d}", uuid.uuid4().hex.encode()
    try:
        filesystem.pipe_file(f"{folder}/{own}", token, mode="create")
    except FileExistsError:
        return None
    if _list_claims(filesystem, folder) != [*seen, own]:
        # The one that seemed dead has just given up, and somebody else may have begun anew.
        filesystem.rm(f"{folder}/{own}")
        return None
    return functools.partial(_remove_claims, filesystem, folder, [*seen, own], token)


def _list_claims(filesystem: Any, folder: str) -> list[str]:
    filesystem.invalidate_cache()
    names = (str(path).rpartition("/")[2] for path in filesystem.find(folder))
    return sorted(name for name in names if name.startswith("claim-"))


def _remove_claims(filesystem: Any, folder: str, names: Sequence[str], token: bytes) -> None:
    """Remove a claim and those that it took over, unless it was itself taken over and is somebody else's by now."""
    with contextlib.suppress(FileNotFoundError):  # it went with the run that was finished
        if filesystem.cat_file(f"{folder}/{names[-1]}") != token:
            return
        for name in names:  # our own goes last: until then the number is not given again
            with contextlib.suppress(FileNotFoundError):
                filesystem.rm(f"{folder}/{name}")


def _is_silent(filesystem: Any, places: Sequence[str]) -> bool:
    """Tell whether nothing in some folders was written for `SILENT_AFTER`, by the store's own clock."""
    now = tell_time(filesystem, places[0])
    filesystem.invalidate_cache()
    try:
        return all(
            now - filesystem.modified(path) > SILENT_AFTER for place in places for path in filesystem.find(place)
        )
    except FileNotFoundError:  # somebody has just removed it
        return False
