"""The lake: files appear whole, snapshots count once they are committed."""

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from skillextract.errors import LakeError
from skillextract.lake import Lake, name_snapshot

MOMENT = datetime(2026, 11, 24, 17, 5, 9, tzinfo=UTC)
TABLE = pa.table({"id": ["a", "b"], "n": [1, 2]})


def list_files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_a_file_appears_under_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    with lake.write("raw/a.json") as stream:
        stream.write(b"{}")
        stream.flush()
        assert not (tmp_path / "raw" / "a.json").exists()
    assert list_files(tmp_path) == ["raw/a.json"]


def test_a_write_that_fails_leaves_nothing_and_keeps_the_old_file(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    lake.write_bytes("raw/a.json", b"old")

    def write_half() -> None:
        with lake.write("raw/a.json") as stream:
            stream.write(b"new, half of i")
            raise RuntimeError("mid-way")

    with pytest.raises(RuntimeError, match="mid-way"):
        write_half()
    assert list_files(tmp_path) == ["raw/a.json"]
    assert lake.read_bytes("raw/a.json") == b"old"


def test_the_same_table_gives_the_same_bytes(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    lake.write_parquet("postings/one.parquet", TABLE)
    lake.write_parquet("postings/two.parquet", TABLE)
    assert lake.read_bytes("postings/one.parquet") == lake.read_bytes("postings/two.parquet")
    assert lake.read_parquet(["postings/one.parquet", "postings/two.parquet"], columns=["id"]).to_pydict() == {
        "id": ["a", "b", "a", "b"]
    }


def test_a_snapshot_counts_once_its_manifest_is_there(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    path = lake.write_bytes("raw/a.json", b"{}")
    assert lake.list_snapshots() == []
    snapshot = name_snapshot(MOMENT)
    lake.commit(snapshot, [path], {"role": "x"})
    assert lake.list_snapshots() == ["2026-11-24T170509Z"]
    manifest = lake.read_manifest(snapshot)
    assert manifest["files"] == {"raw/a.json": {"bytes": 2, "blake2b": manifest["files"]["raw/a.json"]["blake2b"]}}
    assert (manifest["role"], manifest["snapshot"]) == ("x", snapshot)


def test_a_snapshot_holds_what_its_manifest_names_and_no_more(tmp_path: Path) -> None:
    """What a killed run left is gone; what the boards answered is kept."""
    lake, snapshot = Lake(str(tmp_path)), name_snapshot(MOMENT)
    kept = lake.write_bytes(f"postings/snapshot={snapshot}/part-0.parquet", b"kept")
    torn = "part-0.parquet.0123456789abcdef0123456789abcdef.tmp"
    for path in (
        f"postings/snapshot={snapshot}/part-1.parquet",
        f"mentions/snapshot={snapshot}/.{torn}",
        f"reports/x/snapshot={snapshot}/old.parquet",
        f"raw/snapshot={snapshot}/.{torn}",
        f"raw/snapshot={snapshot}/earlier-answer.json",
        f"work/snapshot={snapshot}/run.json",
        f"snapshots/.{snapshot}.json.0123456789abcdef0123456789abcdef.tmp",
    ):
        lake.write_bytes(path, b"left by a run that was killed")
    lake.commit(snapshot, [kept], {})
    assert list_files(tmp_path) == [kept, f"raw/snapshot={snapshot}/earlier-answer.json", f"snapshots/{snapshot}.json"]


def test_a_snapshot_is_committed_once(tmp_path: Path) -> None:
    lake, snapshot = Lake(str(tmp_path)), name_snapshot(MOMENT)
    path = lake.write_bytes("raw/a.json", b"{}")
    lake.commit(snapshot, [path], {"role": "x"})
    lake.commit(snapshot, [path], {"role": "x"})  # the step was tried again: nothing is different
    lake.write_bytes("raw/a.json", b"{ }")
    with pytest.raises(LakeError, match=r"snapshots/2026-11-24T170509Z.json: another run has finished .*run the flow"):
        lake.commit(snapshot, [path], {"role": "x"})


def test_a_claim_is_one_processs_own_and_ends_with_it(tmp_path: Path) -> None:
    lake, snapshot = Lake(str(tmp_path)), name_snapshot(MOMENT)
    code = f"from skillextract.lake import Lake; print(Lake({str(tmp_path)!r}).claim({snapshot!r}))"

    def claim_elsewhere() -> str:
        return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()

    assert claim_elsewhere() == "True"
    assert (lake.claim(snapshot), lake.claim(snapshot)) == (True, True)
    assert claim_elsewhere() == "False"
    lake.release(snapshot)
    assert claim_elsewhere() == "True"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "lake").write_text("a file, where a folder should be")
    with pytest.raises(LakeError, match=r"raw/a.json cannot be written .*make the folder writable"):
        Lake(str(tmp_path / "lake")).write_bytes("raw/a.json", b"{}")


def test_a_read_only_folder_is_named() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o555)
        user = os.geteuid()
        try:
            if user == 0:  # root may write everywhere
                os.seteuid(65534)
            with pytest.raises(LakeError, match=r"cannot be written \(Permission denied\); make the folder writable"):
                Lake(folder).check_writable()
            with pytest.raises(LakeError, match=r"cannot be written \(Permission denied\); make the folder writable"):
                Lake(folder).claim(name_snapshot(MOMENT))
        finally:
            os.seteuid(user)
            os.chmod(folder, 0o755)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match=r"mentions/part-0.parquet: .*run the flow again"):
        Lake(str(tmp_path)).read_parquet(["mentions/part-0.parquet"])


def test_an_unknown_kind_of_store_is_named() -> None:
    with pytest.raises(LakeError, match="lake 'nowhere://x'"):
        Lake("nowhere://x")


def test_any_store_that_fsspec_knows_will_do() -> None:
    lake = Lake("memory://lake-test")
    lake.write_parquet("postings/one.parquet", TABLE)
    assert lake.read_parquet(["postings/one.parquet"]) == TABLE
    assert lake.locate("postings/one.parquet") == "memory:///lake-test/postings/one.parquet"


@pytest.mark.parametrize("content", [b"", b"[]", b'{"files": 1}', b'{"snapshot": "20', b"\x80"])
def test_what_is_no_manifest_is_named(tmp_path: Path, content: bytes) -> None:
    lake, snapshot = Lake(str(tmp_path)), name_snapshot(MOMENT)
    lake.write_bytes(f"snapshots/{snapshot}.json", content)
    for read in (lake.check_version, lambda: lake.read_manifest(snapshot)):
        with pytest.raises(LakeError, match=rf"snapshots/{snapshot}.json: is no manifest \(.*restore it from a copy"):
            read()


def test_a_damaged_parquet_file_is_named_wherever_the_damage_is(tmp_path: Path) -> None:
    """Of a footer pyarrow says it in one way, of a page in another."""
    lake = Lake(str(tmp_path))
    path = lake.write_parquet("postings/one.parquet", pa.table({"id": ["a", "b"] * 1000, "n": list(range(2000))}))
    whole = lake.read_bytes(path)
    footer = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
    for damaged in (
        b"",
        whole[: len(whole) // 2],
        whole[:footer] + b"\xff" * (len(whole) - footer - 8) + whole[-8:],
        b"PAR1" + b"\xff" * (footer - 4) + whole[footer:],
    ):
        lake.write_bytes(path, damaged)
        for read in (lambda: lake.read_parquet([path]), lambda: list(lake.read_batches(path, rows=10))):
            with pytest.raises(LakeError, match=r"postings/one.parquet: is no parquet file \("):
                read()
    lake.write_bytes(path, b"")
    with pytest.raises(LakeError, match=r"postings/one.parquet: is no parquet file \("):
        lake.count_rows(path)


def test_a_file_is_on_the_disk_before_it_gets_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[tuple[bytes, list[str]]] = []

    def note(number: int) -> None:
        (beside,) = tmp_path.joinpath("raw").iterdir()
        assert os.path.samestat(os.fstat(number), beside.stat())
        synced.append((beside.read_bytes(), [path.suffix for path in tmp_path.joinpath("raw").iterdir()]))

    monkeypatch.setattr(os, "fsync", note)
    Lake(str(tmp_path)).write_bytes("raw/a.json", b"{}")
    assert synced == [(b"{}", [".tmp"])]
    assert list_files(tmp_path) == ["raw/a.json"]


@pytest.mark.parametrize(
    "root",
    [
        "sftp://joe:hunter2@host/lake",
        "sftp://joe:hunter/2@host/lake",
        "simplecache::sftp://joe:hunter2@host:22/lake",
        "sftp://:hunter2@host",
    ],
)
def test_a_password_in_the_lakes_url_is_refused_and_not_repeated(root: str) -> None:
    with pytest.raises(LakeError, match="lake: expected a URL without password; put it where") as caught:
        Lake(root)
    assert "hunter" not in str(caught.value)


def test_what_a_store_raises_that_is_no_error_of_a_file_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    lake = Lake("memory://lake-faults")
    path = lake.write_bytes("raw/a.json", b"{}")

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the vendor's own")

    store = type(lake._fs._target)
    for name, ask in (
        ("ls", lake.list_snapshots),
        ("cat_file", lambda: lake.read_bytes(path)),
        ("open", lambda: lake.describe_file(path)),
        ("open", lambda: lake.write_bytes(path, b"{}")),
        ("mv", lambda: lake.write_bytes(path, b"{}")),
        ("rm", lambda: lake.remove(path)),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(store, name, fail)
            # An empty store has no folder to be listed.
            patch.setattr(store, "isdir", lambda *_: True)
            with pytest.raises(LakeError, match=r"'memory://lake-faults': .*\(RuntimeError: the vendor's own\); check"):
                ask()
    assert lake.read_bytes(path) == b"{}"


def test_a_file_of_a_store_tells_its_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    """S3 sends a file when it is closed."""
    lake = Lake("memory://lake-faults")

    def fail(*_: object) -> None:
        raise RuntimeError("sent in vain")

    def write() -> None:
        with lake.write("raw/b.json") as stream:
            monkeypatch.setattr(type(stream._target), "close", fail)  # type: ignore[attr-defined]
            stream.write(b"{}")

    with pytest.raises(LakeError, match="RuntimeError: sent in vain"):
        write()
    monkeypatch.undo()
    assert not lake.exists("raw/b.json")
