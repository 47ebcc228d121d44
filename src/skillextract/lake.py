"""The lake: where a run's files are kept, on disk or in an object store, whole or not at all.

- `raw/snapshot=…/`: payloads as they came
- `work/snapshot=…/`: a run under way: its journal, and its postings before copies are marked; gone once it is committed
- `postings/snapshot=…/part-*.parquet`: every posting, copies marked
- `boilerplate/snapshot=…/`: lines that stand on most postings of a company
- `mentions/snapshot=…/part-*.parquet`: mentions in the postings that count
- `index/snapshot=…/part-*.parquet`: which of them were found in which text, for later runs to use again
- `sightings/snapshot=…/`: when each posting was first and last seen, and whether it is closed
- `reports/<role>/snapshot=…/`: tables and the page
- `snapshots/<snapshot>.json`: the manifest; a snapshot counts once this is there
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import IO, Any, cast

import pyarrow as pa
import pyarrow.parquet as pq

from skillextract.claims import give_claim_up, take_claim
from skillextract.errors import LakeError
from skillextract.schema import VERSIONS, bring_up, bring_up_manifest, mark, name_dataset, read_version
from skillextract.store import is_local, open_store, tell_time

_SNAPSHOT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}Z")
_UNFINISHED = re.compile(r"\.[^/]+\.[0-9a-f]{32}\.tmp")
"""A file that was being written when its writer was killed; see `Lake.write`."""
KINDS = ("raw", "postings", "boilerplate", "mentions", "index", "sightings")
"""The folders of a lake that hold a folder for each snapshot; `reports` has one for each role in between."""
_WRITE_TEST = re.compile(r"\.write-test-[0-9a-f]{32}|\.\.write-test-[0-9a-f]{32}\.[0-9a-f]{32}\.tmp")
_LEFT_AFTER = timedelta(days=1)
"""A file of a write that is older than this was left by a process that was killed."""
_CHUNK = 1 << 20


def read_snapshot_name(snapshot: str) -> datetime:
    """Return the moment that a snapshot's id names."""
    return datetime.strptime(snapshot, "%Y-%m-%dT%H%M%SZ").replace(tzinfo=UTC)


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
        self._fs, self._base = open_store(root)

    def describe_root(self) -> str:
        """Return where the lake is, for messages: as it was given and, of a relative folder, what that means here."""
        full = self._base if is_local(self._fs) else self.root
        return repr(self.root) if full.rstrip("/") == self.root.rstrip("/") else f"{self.root!r} ({full})"

    def locate(self, path: str) -> str:
        """Return the full path or URL of a file, as pandas and DuckDB take it."""
        full = self._full(path)
        return full if is_local(self._fs) else str(self._fs.unstrip_protocol(full))

    @contextmanager
    def write(self, path: str) -> Iterator[IO[bytes]]:
        """Open a file for writing; it appears under its name when the block ends well, and not at all otherwise.

        Raises:
            LakeError: the place cannot be written to.
        """
        full = self._full(path)
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
                if is_local(self._fs):
                    # Else a power cut may leave the name of the file without its content.
                    stream.flush()
                    os.fsync(stream.fileno())
            self._fs.mv(beside, full)
        except BaseException as error:
            with contextlib.suppress(OSError, LakeError):  # the fault itself is to be told
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
        self.remove(path)

    def write_bytes(self, path: str, content: bytes) -> str:
        """Write a small file and return its path."""
        with self.write(path) as stream:
            stream.write(content)
        return path

    def write_parquet(self, path: str, table: pa.Table, **facts: str) -> str:
        """Write a table as zstd parquet, marked with its version and some facts (`schema.mark`), and return its path.

        The same table at the same path gives the same bytes.
        """
        with self.write(path) as stream:
            pq.write_table(mark(table, path, **facts), stream, compression="zstd")
        return path

    def read_bytes(self, path: str) -> bytes:
        """Return a file's content.

        Raises:
            LakeError: it is not there or cannot be read.
        """
        try:
            return cast(bytes, self._fs.cat_file(self._full(path)))
        except OSError as error:
            raise LakeError(
                f"lake {self.root!r}: {path}: {error}; restore it from a copy, or run the flow again"
            ) from error

    def read_parquet(self, paths: Sequence[str], *, columns: Sequence[str] | None = None) -> pa.Table:
        """Return the rows of some parquet files, one after the other; those of an older version as of today's.

        Raises:
            LakeError: a file is not there or cannot be read.
            LakeVersionError: a file is of a newer version.
        """
        return pa.concat_tables(
            [table for path in paths for table in (self._read_table(path, columns),)], promote_options="none"
        )

    def read_batches(self, path: str, *, rows: int, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Yield a parquet file in batches of at most `rows` rows; those of an older version as of today's."""
        with self._open(path) as stream, self._tell_damage(path):
            file, version = self._read_head(stream, path)
            chosen = None if columns is None else list(columns)
            if version == VERSIONS[name_dataset(path)]:
                yield from file.iter_batches(batch_size=rows, columns=chosen)
                return
            for batch in file.iter_batches(batch_size=rows):
                table = bring_up(pa.Table.from_batches([batch]), version=version, path=path)
                yield from (table if chosen is None else table.select(chosen)).to_batches()

    def exists(self, path: str) -> bool:
        """Tell whether a file is there."""
        self._fs.invalidate_cache()
        return bool(self._fs.isfile(self._full(path)))

    def describe_file(self, path: str) -> dict[str, Any]:
        """Return a file's size (`bytes`) and hash (`blake2b`, 16 bytes in hexadecimal digits).

        Raises:
            LakeError: it is not there or cannot be read.
        """
        size, content = 0, hashlib.blake2b(digest_size=16)
        with self._open(path) as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                content.update(chunk)
        return {"bytes": size, "blake2b": content.hexdigest()}

    def list_files(self, folder: str) -> list[str]:
        """Return the paths of all files in a folder and below it, sorted; none where there is no such folder."""
        self._fs.invalidate_cache()
        root = self._fs.info(self._base)["name"].rstrip("/") if self._fs.exists(self._base) else self._base
        found = self._fs.find(self._full(folder)) if self._fs.exists(self._full(folder)) else ()
        return sorted(str(path)[len(root) + 1 :] for path in found)

    def remove(self, path: str) -> None:
        """Remove a file, or a folder with everything in it, where it is there.

        Raises:
            LakeError: it cannot be removed.
        """
        try:
            with contextlib.suppress(FileNotFoundError):
                self._fs.rm(self._full(path), recursive=True)
        except OSError as error:
            raise LakeError(
                f"lake {self.root!r}: {path} cannot be removed ({error.strerror or error}); make the folder writable"
            ) from error

    def remove_empty_roles(self) -> None:
        """Remove the folders of roles whose last report is gone; an object store has no folders to be left."""
        if not is_local(self._fs):
            return
        for folder in self._list_names("reports", "reports/{}"):
            # Not recursive: what a run is just writing keeps its folder.
            with contextlib.suppress(OSError):
                self._fs.rmdir(self._full(folder))

    def count_rows(self, path: str) -> int:
        """Return the number of rows of a parquet file."""
        with self._open(path) as stream:
            return int(self._read_head(stream, path)[0].metadata.num_rows)

    def commit(self, snapshot: str, paths: Sequence[str], facts: Mapping[str, Any]) -> str:
        """Write the manifest that makes a snapshot count, and return its path.

        The manifest lists each file with its size and hash (see `describe_file`) beside the facts of the run. What the
        run left besides, because it was killed in between, goes: the snapshot's folders hold what the manifest names.

        Raises:
            LakeError: a file is not there, or the snapshot was committed before with other content.
        """
        files = {path: self.describe_file(path) for path in sorted(set(paths))}
        content = json.dumps(
            {"snapshot": snapshot, "schema_version": VERSIONS["manifest"], **facts, "files": files},
            indent=1,
            sort_keys=True,
            default=str,
        ).encode()
        path = f"snapshots/{snapshot}.json"
        if self.exists(path) and self.read_bytes(path) != content:
            raise LakeError(
                f"lake {self.root!r}: {path}: another run has finished this snapshot meanwhile, with other content; "
                "run the flow again, it will make a snapshot of its own"
            )
        for folder in self.list_folders(snapshot):
            for name in self.list_files(folder):
                if name not in files and (not folder.startswith("raw/") or _UNFINISHED.search(name)):
                    self.remove(name)
        for name in self.list_files("snapshots"):
            if name.startswith(f"snapshots/.{snapshot}.json.") and _UNFINISHED.search(name):
                self.remove(name)
        self.write_bytes(path, content)
        self.remove(f"work/snapshot={snapshot}")
        self.release(snapshot)
        return path

    def list_folders(self, snapshot: str) -> list[str]:
        """Return the folders that hold the files of a snapshot, the one of its run under way left out."""
        places = [f"{kind}/snapshot={snapshot}" for kind in KINDS]
        places += [f"{role}/snapshot={snapshot}" for role in self._list_names("reports", "reports/{}")]
        return [place for place in places if self._fs.exists(self._full(place))]

    def list_started(self) -> list[str]:
        """Return the ids of all snapshots that have left a trace, whether they count or not, the newest last."""
        self._fs.invalidate_cache()
        kinds = [*KINDS, "work", *self._list_names("reports", "reports/{}")]
        found = {name for kind in kinds for name in self._list_names(kind) if name.startswith("snapshot=")}
        names = {name.removeprefix("snapshot=") for name in found} | set(self.list_snapshots())
        return sorted(name for name in names if _SNAPSHOT.fullmatch(name))

    def list_unfinished(self) -> list[str]:
        """Return the ids of the snapshots that do not count yet and whose runs can be gone on with, the newest last."""
        self._fs.invalidate_cache()
        names = {name.removeprefix("snapshot=") for name in self._list_names("work")} - set(self.list_snapshots())
        return sorted(name for name in names if _SNAPSHOT.fullmatch(name))

    def claim(self, snapshot: str) -> bool:
        """Make a snapshot that is not finished this process's own; False where another process has it (see `claims`).

        Raises:
            LakeError: the lake cannot be written to.
        """
        folder = f"work/snapshot={snapshot}"
        try:
            return take_claim(
                self._fs, self._full(folder), lambda: [self._full(place) for place in self.list_folders(snapshot)]
            )
        except OSError as error:
            raise self._refuse(folder, error) from error

    def claim_unfinished(self, snapshot: str) -> bool:
        """Claim a snapshot, unless another process has it, or has finished it since it was looked for."""
        if not self.claim(snapshot):
            return False
        if snapshot not in self.list_snapshots():
            return True
        self.remove(f"work/snapshot={snapshot}")
        self.release(snapshot)
        return False

    def release(self, snapshot: str) -> None:
        """Give a claim up, where this process has it: from then on another one can go on with the run."""
        give_claim_up(self._full(f"work/snapshot={snapshot}"))

    def sweep(self) -> None:
        """Remove what killed processes have left beside the manifests and at the root, once it is a day old.

        Raises:
            LakeError: it cannot be removed.
        """
        self._fs.invalidate_cache()
        left = [f"snapshots/{name}" for name in self._list_names("snapshots") if _UNFINISHED.fullmatch(name)]
        left += [name for name in self._list_names("") if _WRITE_TEST.fullmatch(name)]
        now = tell_time(self._fs, self._full("snapshots")) if left else None
        for path in left:
            with contextlib.suppress(FileNotFoundError):  # its writer was alive
                if now is not None and now - self._fs.modified(self._full(path)) > _LEFT_AFTER:
                    self.remove(path)

    def _list_names(self, folder: str, form: str = "{}") -> list[str]:
        full = self._full(folder)
        if not self._fs.isdir(full):
            return []
        names = (str(path).rstrip("/").rpartition("/")[2] for path in self._fs.ls(full, detail=False))
        return [form.format(name) for name in names]

    def _full(self, path: str) -> str:
        return f"{self._base.rstrip('/')}/{path}"

    def list_snapshots(self) -> list[str]:
        """Return the ids of the snapshots that count, the newest last."""
        self._fs.invalidate_cache()
        names = (name.removesuffix(".json") for name in self._list_names("snapshots"))
        return sorted(name for name in names if _SNAPSHOT.fullmatch(name))

    def read_manifest(self, snapshot: str) -> dict[str, Any]:
        """Return the manifest of a snapshot; one of an older version as one of today's.

        Raises:
            LakeError: it is not there, cannot be read, or is no manifest.
            LakeVersionError: it is of a newer version.
        """
        path = f"snapshots/{snapshot}.json"
        content = self.read_bytes(path)
        try:
            found = json.loads(content)
            if not isinstance(found, dict):
                raise TypeError(f"found {type(found).__name__}, expected an object")
            manifest = bring_up_manifest(found, path=path, root=self.root)
            if not isinstance(manifest.get("files"), dict):
                raise TypeError("found no object `files`")
        except (ValueError, TypeError, RecursionError) as error:
            raise LakeError(
                f"lake {self.root!r}: {path}: is no manifest ({error}); restore it from a copy, or delete it to leave "
                "that snapshot out"
            ) from error
        return manifest

    def check_version(self) -> None:
        """Refuse a lake whose newest snapshot was made by a newer version of skillextract.

        Raises:
            LakeError: its manifest cannot be read.
            LakeVersionError: it was.
        """
        for snapshot in self.list_snapshots()[-1:]:
            self.read_manifest(snapshot)

    def _open(self, path: str) -> IO[bytes]:
        try:
            return cast(IO[bytes], self._fs.open(self._full(path), "rb"))
        except OSError as error:
            raise LakeError(
                f"lake {self.root!r}: {path}: {error}; restore it from a copy, or run the flow again"
            ) from error

    def _read_table(self, path: str, columns: Sequence[str] | None) -> pa.Table:
        with self._open(path) as stream, self._tell_damage(path):
            file, version = self._read_head(stream, path)
            if version == VERSIONS[name_dataset(path)]:
                return file.read(columns=None if columns is None else list(columns))
            table = bring_up(file.read(), version=version, path=path)
            return table if columns is None else table.select(list(columns))

    def _read_head(self, stream: IO[bytes], path: str) -> tuple[pq.ParquetFile, int]:
        with self._tell_damage(path):
            file = pq.ParquetFile(stream)
        return file, read_version(file.schema_arrow.metadata, path=path, root=self.root)

    @contextmanager
    def _tell_damage(self, path: str) -> Iterator[None]:
        """Tell what pyarrow says of a file that is torn or damaged; of a broken page it is an `OSError`."""
        try:
            yield
        except (pa.ArrowException, OSError) as error:
            raise LakeError(
                f"lake {self.root!r}: {path}: is no parquet file ({error}); restore it from a copy, "
                "or run the flow again"
            ) from error

    def _refuse(self, path: str, error: OSError) -> LakeError:
        return LakeError(
            f"lake {self.root!r}: {path} cannot be written ({error.strerror or error}); "
            "make the folder writable, free some space, or set `lake` to another place"
        )
