"""The journal of a run: what is gone on with, and what a torn entry says."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from skillextract import claims
from skillextract.errors import LakeError
from skillextract.journal import Journal, open_run
from skillextract.lake import Lake, name_snapshot

MOMENT = datetime(2026, 11, 24, 17, 5, 9, tzinfo=UTC)
SNAPSHOT = name_snapshot(MOMENT)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path))


@pytest.mark.parametrize(
    "torn",
    [
        b"",
        b'{"given": "',
        b"[]",
        b"null",
        b'{"schema_version": 1}',
        b'{"schema_version": 1, "given": "2"}',
        b"\x80",
    ],
)
def test_an_entry_that_is_torn_says_nothing(lake: Lake, torn: bytes) -> None:
    journal = Journal(lake, SNAPSHOT)
    left = lake.write_bytes(f"postings/snapshot={SNAPSHOT}/part", b"x")
    journal.record("fold", given=1, result="done", files=[left])
    assert journal.recall("fold", given=1) == "done"
    lake.write_bytes(f"work/snapshot={SNAPSHOT}/done/fold.json", torn)
    assert journal.recall("fold", given=1) is None


@pytest.mark.parametrize("files", ["3", '["abc"]', "null"])
def test_an_entry_whose_files_are_no_files_says_nothing(lake: Lake, files: str) -> None:
    journal = Journal(lake, SNAPSHOT)
    journal.record("fold", given=1, result="done", files=[])
    path = f"work/snapshot={SNAPSHOT}/done/fold.json"
    lake.write_bytes(path, lake.read_bytes(path).replace(b'"files": {}', f'"files": {files}'.encode()))
    assert journal.recall("fold", given=1) is None


def test_a_killed_run_of_a_clock_that_was_ahead_is_not_gone_on_with(lake: Lake) -> None:
    """Once finished it would be the newest snapshot, and every run until then would be refused."""
    ahead = open_run(lake, asked="x", now=MOMENT + timedelta(hours=2))
    lake.release(ahead)
    assert open_run(lake, asked="x", now=MOMENT) == SNAPSHOT
    assert lake.list_unfinished() == [SNAPSHOT, ahead]
    lake.commit(SNAPSHOT, [], {})
    lake.release(ahead)
    assert open_run(lake, asked="x", now=MOMENT + timedelta(hours=1)) == ahead


def test_a_run_that_was_finished_between_the_look_and_the_claim_is_left_as_it_is(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_run(lake, asked="x", now=MOMENT)
    lake.release(first)
    claim = Lake.claim

    def commit_first(self: Lake, snapshot: str) -> bool:
        if snapshot == first:
            lake.commit(first, [], {})
        return claim(self, snapshot)

    monkeypatch.setattr(Lake, "claim", commit_first)
    assert open_run(lake, asked="x", now=MOMENT) == "2026-11-24T170510Z"
    assert sorted(path.name for path in (tmp_path / "work").iterdir()) == ["snapshot=2026-11-24T170510Z"]


def test_a_run_whose_folder_goes_while_it_is_claimed_is_left_alone(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process finishes the run of the same second, and its folder goes with it."""
    is_local = claims.is_local

    def remove_first(filesystem: Any) -> bool:
        shutil.rmtree(tmp_path / "work" / f"snapshot={SNAPSHOT}", ignore_errors=True)
        return is_local(filesystem)

    monkeypatch.setattr(claims, "is_local", remove_first)
    assert open_run(lake, asked="x", now=MOMENT) == "2026-11-24T170510Z"


def test_a_run_that_cannot_write_down_what_it_was_asked_for_is_nobodys(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = []
    monkeypatch.setattr(Lake, "release", lambda self, snapshot: released.append(snapshot))

    def refuse(self: Lake, path: str, content: bytes) -> str:
        raise LakeError("no space")

    with monkeypatch.context() as patch:
        patch.setattr(Lake, "write_bytes", refuse)
        with pytest.raises(LakeError, match="no space"):
            open_run(lake, asked="x", now=MOMENT)
    assert released == [SNAPSHOT]
