"""The file system that a lake lies in: a disk or whatever fsspec knows, all of whose faults the lake can tell."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

import fsspec

from skillextract.errors import LakeError
from skillextract.settings.values import UnshownError, check_lake_url


def open_store(root: str) -> tuple[Any, str]:
    """Return the file system of a folder or URL, and the path of its root in it.

    Of a store that is not a disk, every fault but a missing or an existing file is a `LakeError`: what botocore and its
    likes raise is no `OSError`, and they are installed only where they are wanted.

    Raises:
        LakeError: there is no such kind of store, it cannot be reached, or the URL holds a password.
    """
    try:
        check_lake_url(root)
        filesystem, base = fsspec.core.url_to_fs(root)
    except UnshownError as error:
        raise LakeError(f"lake: {error}") from error
    except (ImportError, ValueError) as error:
        raise LakeError(f"lake {root!r}: {error}; give a folder, or install what fsspec needs for it") from error
    except Exception as error:
        raise _tell(root, error) from error
    return filesystem if is_local(filesystem) else _Told(filesystem, root), base


def is_local(filesystem: Any) -> bool:
    """Tell whether a file system is this machine's own."""
    protocol = filesystem.protocol
    return "file" in ((protocol,) if isinstance(protocol, str) else protocol)


def tell_time(filesystem: Any, folder: str) -> datetime:
    """Return the moment by the clock that dates the files of a folder; in a store it is not this machine's."""
    if is_local(filesystem):
        return datetime.now(UTC)
    probe = f"{folder}/probe-{uuid.uuid4().hex}"
    filesystem.pipe_file(probe, b"")
    now = filesystem.modified(probe)
    filesystem.rm(probe)
    return cast(datetime, now)


class _Told:
    """A file system, or a file of it, whose faults are those that a lake tells."""

    def __init__(self, target: Any, root: str) -> None:
        self._target, self._root = target, root

    def __getattr__(self, name: str) -> Any:
        if name in ("_target", "_root"):  # not there yet while it is copied
            raise AttributeError(name)
        found = getattr(self._target, name)
        return self._tell_faults(found, is_open=name == "open") if callable(found) else found

    def __enter__(self) -> _Told:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _tell_faults(self, call: Callable[..., Any], *, is_open: bool) -> Callable[..., Any]:
        def told(*given: Any, **named: Any) -> Any:
            try:
                result = call(*given, **named)
            except (FileNotFoundError, FileExistsError, LakeError):
                raise
            except Exception as error:
                raise _tell(self._root, error) from error
            return _Told(result, self._root) if is_open else result

        return told


def _tell(root: str, error: Exception) -> LakeError:
    return LakeError(
        f"lake {root!r}: the store gave no answer that can be used ({type(error).__name__}: {error}); check the "
        "address, the network, and the credentials and their rights, then run it again"
    )
