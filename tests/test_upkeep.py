"""Checking and pruning a lake."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from skillextract.cli import app
from skillextract.errors import LakeError
from skillextract.lake import Lake, name_snapshot
from skillextract.upkeep import Checked, Fault, Leaving, check_lake, plan_prune, prune_lake

MOMENT = datetime(2026, 11, 24, 17, 5, 9, tzinfo=UTC)
DAYS = [name_snapshot(MOMENT + timedelta(days=day)) for day in range(3)]


def list_files(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def list_paths(snapshot: str) -> list[str]:
    kinds = ("raw", "postings", "mentions", "index", "reports/baker", "reports/cook")
    return [f"{kind}/snapshot={snapshot}/part-0" for kind in kinds]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Three finished snapshots of one role."""
    lake = Lake(str(tmp_path))
    for snapshot in DAYS:
        commit(lake, snapshot, "baker")
    return lake


def commit(lake: Lake, snapshot: str, role: str, *, is_sample: bool = False) -> None:
    paths = [lake.write_bytes(path, path.encode()) for path in list_paths(snapshot)]
    lake.commit(snapshot, paths, {"role": role, "run": {"is_sample": is_sample}})


def name_removed(removed: list[Leaving]) -> list[str]:
    return [leaving.snapshot for leaving in removed]


@pytest.fixture
def run_elsewhere(tmp_path: Path) -> Iterator[None]:
    """Another process that has claimed the snapshot `2026-11-20T170509Z` and goes on."""
    code = (
        "import sys; from skillextract.lake import Lake; "
        f"print(Lake({str(tmp_path)!r}).claim('2026-11-20T170509Z'), flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        yield
        process.communicate("")


def test_a_lake_that_is_as_its_manifests_say_has_no_fault(lake: Lake) -> None:
    seen: list[int] = []
    lake.write_bytes(f"raw/snapshot={DAYS[0]}/an answer of a killed run", b"")
    assert check_lake(lake, advance=seen.append) == Checked(snapshots=3, files=18, unfinished=[], faults=[])
    assert sum(seen) == 18


def test_what_is_missing_changed_or_in_no_manifest_is_named(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / f"mentions/snapshot={DAYS[0]}/part-0").unlink()
    path = tmp_path / f"postings/snapshot={DAYS[1]}/part-0"
    path.write_bytes(path.read_bytes().swapcase())
    lake.write_bytes(f"reports/baker/snapshot={DAYS[1]}/part-1", b"copied here")
    lake.write_bytes(f"snapshots/{DAYS[2]}.json", b'{"snapshot": ')
    faults = check_lake(lake).faults
    assert [fault.path for fault in faults] == [
        f"mentions/snapshot={DAYS[0]}/part-0",
        f"postings/snapshot={DAYS[1]}/part-0",
        f"reports/baker/snapshot={DAYS[1]}/part-1",
        f"snapshots/{DAYS[2]}.json",
    ]
    assert faults[0].message == (
        f"is missing; restore it from a copy, or delete snapshots/{DAYS[0]}.json to leave the snapshot out"
    )
    named = lake.read_manifest(DAYS[1])["files"][faults[1].path]
    found = json.dumps(lake.describe_file(faults[1].path))
    assert faults[1] == Fault(
        faults[1].path,
        f"found {found}, expected {json.dumps(named)}: it was changed after its run; restore it from a copy, or delete "
        f"snapshots/{DAYS[1]}.json to leave the snapshot out",
    )
    assert faults[2].message.startswith(f"is in no manifest, expected it in that of {DAYS[1]}; delete it")
    assert faults[3].message.startswith("is no manifest (")


def test_a_lake_without_any_snapshot_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match="holds no snapshot; check its name"):
        check_lake(Lake(str(tmp_path / "lkae")))


def test_the_newest_snapshots_stay_whole_and_of_the_others_nothing(lake: Lake, tmp_path: Path) -> None:
    assert prune_lake(lake, keep=2, now=MOMENT) == [Leaving(DAYS[0], "baker")]
    expected = [path for snapshot in DAYS[1:] for path in [*list_paths(snapshot), f"snapshots/{snapshot}.json"]]
    assert list_files(tmp_path) == sorted(expected)
    assert prune_lake(lake, keep=2, now=MOMENT) == []
    assert check_lake(lake).faults == []
    with pytest.raises(LakeError, match="found 0 snapshots to keep, expected at least 1"):
        prune_lake(lake, keep=0)


def test_each_role_keeps_its_newest_snapshots_whatever_was_run_after_it(tmp_path: Path) -> None:
    """A run for one role never costs another role its report."""
    lake = Lake(str(tmp_path))
    for snapshot, role in zip(DAYS, ("cook", "baker", "baker"), strict=True):
        commit(lake, snapshot, role)
    assert prune_lake(lake, keep=1, now=MOMENT) == [Leaving(DAYS[1], "baker")]
    assert lake.list_snapshots() == [DAYS[0], DAYS[2]]
    assert check_lake(lake).faults == []


def test_a_run_on_the_sample_costs_no_market_its_report(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    for snapshot, is_sample in zip(DAYS, (False, False, True), strict=True):
        commit(lake, snapshot, "baker", is_sample=is_sample)
    assert name_removed(prune_lake(lake, keep=1, now=MOMENT)) == [DAYS[0]]
    assert lake.list_snapshots() == DAYS[1:]


def test_a_role_whose_last_report_goes_leaves_no_empty_folder(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "reports/cook-of-old").mkdir()
    lake.write_bytes(f"reports/waiter/snapshot={name_snapshot(MOMENT - timedelta(days=1))}/page", b"of a killed run")
    prune_lake(lake, keep=3, now=MOMENT)
    assert sorted(path.name for path in (tmp_path / "reports").iterdir()) == ["baker", "cook"]


def test_a_plan_names_what_would_go_and_touches_nothing(lake: Lake, tmp_path: Path) -> None:
    old = name_snapshot(MOMENT - timedelta(hours=13))
    lake.write_bytes(f"work/snapshot={old}/run.json", b"{}")
    before = sorted(tmp_path.rglob("*"))
    assert plan_prune(lake, keep=2, now=MOMENT) == [Leaving(old, None), Leaving(DAYS[0], "baker")]
    done = CliRunner().invoke(app, ["lake", "prune", "--keep", "2", "--dry-run", "--lake", str(tmp_path)])
    assert (done.exit_code, f"would delete {DAYS[0]}  baker\n" in done.stdout) == (0, True)
    assert sorted(tmp_path.rglob("*")) == before
    assert [leaving.snapshot for leaving in prune_lake(lake, keep=2, now=MOMENT)] == [old, DAYS[0]]


def test_nothing_is_pruned_while_a_manifest_cannot_be_read(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / f"snapshots/{DAYS[0]}.json").write_text("{")
    with pytest.raises(LakeError, match=rf"{DAYS[0]}.json: is no manifest .* restore it from a copy, or delete it"):
        prune_lake(lake, keep=1, now=MOMENT)
    assert lake.list_snapshots() == DAYS


def test_what_a_killed_prune_has_left_goes_with_the_next(lake: Lake, tmp_path: Path) -> None:
    """The manifest goes first: from then on the rest is nobody's."""
    (tmp_path / f"snapshots/{DAYS[0]}.json").unlink()
    (tmp_path / f"raw/snapshot={DAYS[0]}/part-0").unlink()
    assert prune_lake(lake, keep=2, now=MOMENT) == [Leaving(DAYS[0], None)]
    assert check_lake(lake) == Checked(snapshots=2, files=12, unfinished=[], faults=[])


def test_a_killed_run_stays_while_it_can_be_gone_on_with(lake: Lake) -> None:
    young, old = (name_snapshot(MOMENT - timedelta(hours=hours)) for hours in (11, 13))
    for snapshot in (young, old):
        lake.write_bytes(f"work/snapshot={snapshot}/run.json", b"{}")
        lake.write_bytes(f"raw/snapshot={snapshot}/a.json", b"{}")
    assert check_lake(lake).unfinished == [old, young]
    assert name_removed(prune_lake(lake, keep=3, now=MOMENT)) == [old]
    assert check_lake(lake).unfinished == [young]


def test_a_run_under_way_is_left_alone_however_long_it_takes(lake: Lake, run_elsewhere: None) -> None:
    lake.write_bytes("raw/snapshot=2026-11-20T170509Z/a.json", b"{}")
    assert name_removed(prune_lake(lake, keep=1, now=MOMENT)) == DAYS[:2]
    assert lake.exists("raw/snapshot=2026-11-20T170509Z/a.json")


def test_the_commands_check_and_prune(lake: Lake, tmp_path: Path) -> None:
    runner = CliRunner()
    done = runner.invoke(app, ["lake", "check", "--lake", str(tmp_path)])
    assert (done.exit_code, done.stdout) == (0, "3 snapshots, 18 files: as their manifests say\n")
    (tmp_path / f"mentions/snapshot={DAYS[2]}/part-0").unlink()
    done = runner.invoke(app, ["lake", "check", "--lake", str(tmp_path)])
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"mentions/snapshot={DAYS[2]}/part-0: is missing" in done.stderr
    done = runner.invoke(app, ["lake", "prune", "--keep", "1", "--lake", str(tmp_path)])
    assert (done.exit_code, done.stdout) == (0, f"deleted {DAYS[0]}  baker\ndeleted {DAYS[1]}  baker\n")
    done = runner.invoke(app, ["lake", "prune", "--keep", "1", "--lake", str(tmp_path)])
    assert (done.exit_code, done.stdout) == (0, "")
    assert "nothing to delete: no role has more than 1 snapshot" in done.stderr
    assert runner.invoke(app, ["lake", "prune", "--lake", str(tmp_path)]).exit_code == 2


@pytest.fixture
def unfinished(lake: Lake) -> str:
    """An old run that is under way elsewhere, in the moment before its commit."""
    snapshot = name_snapshot(MOMENT - timedelta(hours=13))
    lake.write_bytes(f"work/snapshot={snapshot}/run.json", b"{}")
    return snapshot


def test_a_run_that_commits_between_the_plan_and_the_claim_keeps_its_snapshot(
    lake: Lake, tmp_path: Path, unfinished: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = Lake.claim

    def commit_first(self: Lake, snapshot: str) -> bool:
        commit(lake, snapshot, "baker")
        return claim(self, snapshot)

    monkeypatch.setattr(Lake, "claim", commit_first)
    check_that_it_is_kept(lake, unfinished, tmp_path)


@pytest.mark.parametrize("look", ["list_unfinished", "list_started"])
def test_a_run_that_commits_while_the_plan_is_made_keeps_its_snapshot(
    lake: Lake, tmp_path: Path, unfinished: str, monkeypatch: pytest.MonkeyPatch, look: str
) -> None:
    found = getattr(Lake, look)

    def commit_around(self: Lake) -> list[str]:
        before = found(self)
        commit(lake, unfinished, "baker")
        return list({"list_unfinished": found(self), "list_started": before}[look])

    monkeypatch.setattr(Lake, look, commit_around)
    check_that_it_is_kept(lake, unfinished, tmp_path)


def check_that_it_is_kept(lake: Lake, snapshot: str, root: Path) -> None:
    assert prune_lake(lake, keep=3, now=MOMENT) == []
    assert lake.list_snapshots() == sorted([snapshot, *DAYS])
    assert check_lake(lake) == Checked(snapshots=4, files=24, unfinished=[], faults=[])
    assert list((root / "work").iterdir()) == []


def test_a_killed_run_of_a_clock_that_was_ahead_goes(lake: Lake) -> None:
    """It is never gone on with: see `journal.may_go_on`."""
    near, far = (name_snapshot(MOMENT + timedelta(minutes=minutes)) for minutes in (59, 61))
    for snapshot in (near, far):
        lake.write_bytes(f"work/snapshot={snapshot}/run.json", b"{}")
    assert prune_lake(lake, keep=3, now=MOMENT) == [Leaving(far, None)]
    assert check_lake(lake).unfinished == [near]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"files": []}', "\udc80", "[" * 100_000])
def test_what_is_no_manifest_is_told_by_plan_prune_and_check(lake: Lake, tmp_path: Path, content: str) -> None:
    manifest = tmp_path / f"snapshots/{DAYS[2]}.json"
    manifest.write_text(content, errors="surrogateescape")
    for prune in (plan_prune, prune_lake):
        with pytest.raises(LakeError, match=rf"{DAYS[2]}.json: is no manifest \(.*restore it from a copy, or delete"):
            prune(lake, keep=1, now=MOMENT)
    done = CliRunner().invoke(app, ["lake", "prune", "--keep", "1", "--lake", str(tmp_path)])
    assert isinstance(done.exception, LakeError)
    (fault,) = check_lake(lake).faults
    assert fault.path == f"snapshots/{DAYS[2]}.json"
    assert (fault.message.count("is no manifest"), fault.message.count("restore it")) == (1, 1)
    assert list_files(tmp_path / "raw") == sorted(f"snapshot={snapshot}/part-0" for snapshot in DAYS)


def test_what_killed_writers_have_left_goes_once_it_is_a_day_old(lake: Lake, tmp_path: Path) -> None:
    before = list_files(tmp_path)
    digits = "0123456789abcdef0123456789abcdef"
    for age, first in ((timedelta(days=2), "a"), (timedelta(hours=1), "b")):
        hexed = first + digits[1:]
        for name in (
            f"snapshots/.{DAYS[0]}.json.{hexed}.tmp",
            f".write-test-{hexed}",
            f"..write-test-{hexed}.{hexed}.tmp",
        ):
            path = tmp_path / name
            path.write_bytes(b"")
            stamp = (datetime.now(UTC) - age).timestamp()
            os.utime(path, (stamp, stamp))
    assert prune_lake(lake, keep=3, now=MOMENT) == []
    young = "b" + digits[1:]
    left = [f"snapshots/.{DAYS[0]}.json.{young}.tmp", f".write-test-{young}", f"..write-test-{young}.{young}.tmp"]
    assert list_files(tmp_path) == sorted([*before, *left])


def test_one_snapshot_is_told_as_one(lake: Lake, tmp_path: Path) -> None:
    prune_lake(lake, keep=1, now=MOMENT)
    done = CliRunner().invoke(app, ["lake", "check", "--lake", str(tmp_path)])
    assert (done.exit_code, done.stdout) == (0, "1 snapshot, 6 files: as its manifest says\n")
