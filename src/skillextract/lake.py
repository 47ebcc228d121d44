"""The lake: where a run's files are kept, on disk or in an object store, whole or not at all.

- `raw/snapshot=…/`: payloads as they came
- `work/snapshot=…/`: the postings of a run under way, copies not yet marked; no part of the answer
- `postings/snapshot=…/part-*.parquet`: every posting, copies marked
- `mentions/snapshot=…/part-*.parquet`: mentions in the postings that count
- `reports/<role>/snapshot=…/`: tables and the page
- `snapshots/<snapshot>.json`: the manifest; a snapshot counts once this is there
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO, Any, cast

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq

from skillextract.errors import LakeError

_SNAPSHOT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}Z")


def name_snapshot(moment: datetime) -> str:
    """Return a snapshot's id, `YYYY-MM-DDTHHMMSSZ`, of a moment with a time zone; ids sort by time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H%M%SZ")


class Lake:
    """A folder or object store that holds snapshots.

    Every file is written beside its place and moved into it, so that no reader ever meets half a file. Paths are
    relative to the root, with `/`.

    Args:
        root: a folder, or any URL that fsspec knows (`s3://bucket/prefix`).
    """

    def __init__(self, root: str) -> None:
        self.root = root
        try:
            self._fs, self._base = fsspec.core.url_to_fs(root)
        except (ImportError, ValueError) as error:
            raise LakeError(f"lake {root!r}: {error}; give a folder, or install what fsspec needs for it") from error

    def locate(self, path: str) -> str:
        """Return the full path or URL of a file, as pandas and DuckDB take it."""
        full = f"{self._base.rstrip('/')}/{path}"
        return full if _is_local(self._fs) else str(self._fs.unstrip_protocol(full))

    @contextmanager
    def write(self, path: str) -> Iterator[IO[bytes]]:
        """Open a file for writing; it appears under its name when the block ends well, and not at all otherwise.

        Raises:
            LakeError: the place cannot be written to.
        """
        full = f"{self._base.rstrip('/')}/{path}"
        folder, _, name = full.rpartition("/")
        beside = f"{folder}/.{name}.{uuid.uuid4().hex}.tmp"
        try:
            self._fs.makedirs(folder, exist_ok=True)
            stream = self._fs.open(beside, "wb")
        except OSError as error:
            raise self._refuse(path, error) from error
        try:
            with stream:
                yield stream
            self._fs.mv(beside, full)
        except BaseException as error:
            if self._fs.exists(beside):
                self._fs.rm(beside)
            if isinstance(error, OSError):
                raise self._refuse(path, error) from error
            raise

    def check_writable(self) -> None:
        """Try whether a file can be written, and leave none.

        Raises:
            LakeError: it cannot.
        """
        path = f".write-test-{uuid.uuid4().hex}"
        self.write_bytes(path, b"")
        self._fs.rm(f"{self._base.rstrip('/')}/{path}")

    def write_bytes(self, path: str, content: bytes) -> str:
        """Write a small file and return its path."""
        with self.write(path) as stream:
            stream.write(content)
        return path

    def write_parquet(self, path: str, table: pa.Table) -> str:
        """Write a table as zstd parquet, the same bytes for the same table, and return its path."""
        with self.write(path) as stream:
            pq.write_table(table, stream, compression="zstd")
        return path

    def read_bytes(self, path: str) -> bytes:
        """Return a file's content.

        Raises:
            LakeError: it is not there or cannot be read.
        """
        try:
            return cast(bytes, self._fs.cat_file(f"{self._base.rstrip('/')}/{path}"))
        except OSError as error:
            raise LakeError(f"lake {self.root!r}: {path}: {error}; run the flow again to write it anew") from error

    def read_parquet(self, paths: Sequence[str], *, columns: Sequence[str] | None = None) -> pa.Table:
        """Return the rows of some parquet files, one after the other."""
        return pa.concat_tables(
            [table for path in paths for table in (self._read_table(path, columns),)], promote_options="none"
        )

    def read_batches(self, path: str, *, rows: int) -> Iterator[pa.RecordBatch]:
        """Yield a parquet file in batches of at most `rows` rows."""
        with self._open(path) as stream:
            yield from pq.ParquetFile(stream).iter_batches(batch_size=rows)

    def commit(self, snapshot: str, paths: Sequence[str], facts: Mapping[str, Any]) -> str:
        """Write the manifest that makes a snapshot count, and return its path.

        The manifest lists each file with its size and hash (BLAKE2b, 16 bytes) beside the facts of the run.
        """
        files = {}
        for path in sorted(set(paths)):
            content = self.read_bytes(path)
            files[path] = {"bytes": len(content), "blake2b": hashlib.blake2b(content, digest_size=16).hexdigest()}
        manifest = {"snapshot": snapshot, **facts, "files": files}
        return self.write_bytes(
            f"snapshots/{snapshot}.json", json.dumps(manifest, indent=1, sort_keys=True, default=str).encode()
        )

    def list_snapshots(self) -> list[str]:
        """Return the ids of the snapshots that count, the newest last."""
        folder = f"{self._base.rstrip('/')}/snapshots"
        if not self._fs.exists(folder):
            return []
        names = (str(path).rpartition("/")[2].removesuffix(".json") for path in self._fs.ls(folder, detail=False))
        return sorted(name for name in names if _SNAPSHOT.fullmatch(name))

    def read_manifest(self, snapshot: str) -> dict[str, Any]:
        """Return the manifest of a snapshot."""
        return cast(dict[str, Any], json.loads(self.read_bytes(f"snapshots/{snapshot}.json")))

    def choose_snapshot(self, now: datetime) -> str:
        """Return the id of a new snapshot: that of the moment, or the first later second that is not taken."""
        taken = set(self.list_snapshots())
        stamp = int(now.timestamp())
        while (name := name_snapshot(datetime.fromtimestamp(stamp, UTC))) in taken:
            stamp += 1
        return name

    def _open(self, path: str) -> IO[bytes]:
        try:
            return cast(IO[bytes], self._fs.open(f"{self._base.rstrip('/')}/{path}", "rb"))
        except OSError as error:
            raise LakeError(f"lake {self.root!r}: {path}: {error}; run the flow again to write it anew") from error

    def _read_table(self, path: str, columns: Sequence[str] | None) -> pa.Table:
        with self._open(path) as stream:
            return pq.read_table(stream, columns=None if columns is None else list(columns))

    def _refuse(self, path: str, error: OSError) -> LakeError:
        return LakeError(
            f"lake {self.root!r}: {path} cannot be written ({error.strerror or error}); "
            "make the folder writable, free some space, or set `lake` to another place"
        )


def _is_local(filesystem: Any) -> bool:
    protocol = filesystem.protocol
    return "file" in ((protocol,) if isinstance(protocol, str) else protocol)
