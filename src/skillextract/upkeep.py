"""Looking after a lake: whether every file is as its manifest says, and leaving old snapshots."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import UTC, datetime

from skillextract.errors import LakeError, LakeVersionError
from skillextract.journal import may_go_on
from skillextract.lake import Lake


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """A file of the lake that is not as its manifest says.

    Attributes:
        path: the file, relative to the lake's root.
        message: what was found, what was expected, and what to do.
    """

    path: str
    message: str


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    """What a check of a lake found.

    Attributes:
        snapshots: how many snapshots were checked.
        files: how many files their manifests name.
        unfinished: snapshots that do not count: their runs are under way, or were killed.
        faults: what is not as it should be, in the order of snapshots and paths.
    """

    snapshots: int
    files: int
    unfinished: list[str]
    faults: list[Fault]


def check_lake(lake: Lake, *, advance: Callable[[int], None] | None = None) -> Checked:
    """Compare every file of every snapshot that counts with its manifest, and look for files that none names.

    Args:
        lake: the lake.
        advance: told how many more files are checked.

    Raises:
        LakeError: there is no snapshot at all.
        LakeVersionError: a newer version of the program has written to the lake.
    """
    faults: list[Fault] = []
    files = 0
    snapshots, unfinished = lake.list_snapshots(), lake.list_unfinished()
    if not snapshots and not unfinished:
        raise LakeError(f"lake {lake.describe_root()} holds no snapshot; check its name, or run the flow first")
    for snapshot in snapshots:
        manifest = f"snapshots/{snapshot}.json"
        try:
            named = dict(lake.read_manifest(snapshot)["files"])
        except LakeVersionError:
            raise
        except LakeError as error:
            reason = error.__cause__ or error
            faults.append(Fault(manifest, f"is no manifest ({reason}); restore it from a copy, or delete it"))
            continue
        for path, expected in named.items():
            files += 1
            fault = _check_file(lake, path, expected, manifest)
            if fault is not None:
                faults.append(fault)
            if advance is not None:
                advance(1)
        for folder in lake.list_folders(snapshot):
            # An answer that a killed run had got is kept, though no manifest names it.
            strays = set(lake.list_files(folder)) - set(named) if not folder.startswith("raw/") else set()
            message = (
                f"is in no manifest, expected it in that of {snapshot}; delete it: whoever reads the folder counts it"
            )
            faults += [Fault(path, message) for path in sorted(strays)]
    return Checked(len(snapshots), files, unfinished, faults)


@dataclasses.dataclass(frozen=True, slots=True)
class Leaving:
    """A snapshot that a prune removes.

    Attributes:
        snapshot: its id, which is the moment of its run.
        role: the role that it is of; None for what a killed run, or a killed prune, has left.
    """

    snapshot: str
    role: str | None


def plan_prune(lake: Lake, *, keep: int, now: datetime | None = None) -> list[Leaving]:
    """Return what `prune_lake` would remove, the oldest first, and touch nothing.

    A killed run of old is named even where another process goes on with it; `prune_lake` leaves that one alone.

    Args:
        lake: the lake.
        keep: how many snapshots of each role, and of the sample of it, stay, at least 1.
        now: the moment; by default the clock's.

    Raises:
        LakeError: `keep` is too small, or a manifest cannot be read, so that nobody knows whose snapshot it is.
        LakeVersionError: a newer version of the program has written to the lake; it may keep files in other places.
    """
    _check_keep(lake, keep)
    return [leaving for leaving, _ in _plan(lake, keep=keep, now=now or datetime.now(UTC))]


def _plan(lake: Lake, *, keep: int, now: datetime) -> list[tuple[Leaving, bool]]:
    """What `plan_prune` returns, and of each snapshot whether it counts."""
    lake.check_version()
    of = {snapshot: _read_subject(lake, snapshot) for snapshot in lake.list_snapshots()}
    kept = {snapshot for each in set(of.values()) for snapshot in [s for s in of if of[s] == each][-keep:]}
    unfinished = set(lake.list_unfinished())
    return [
        (Leaving(snapshot, of[snapshot][0] if snapshot in of else None), snapshot in of)
        for snapshot in lake.list_started()
        if snapshot not in kept and not (snapshot in unfinished and may_go_on(snapshot, now=now))
    ]


def prune_lake(lake: Lake, *, keep: int, now: datetime | None = None) -> list[Leaving]:
    """Remove all but the newest snapshots of each role, and what killed runs have left; return what was removed.

    A snapshot stops to count before its first file goes: a prune that is killed leaves no half snapshot, and the next
    one removes the rest. Runs under way are left alone, and so is one that is finished meanwhile.

    Args:
        lake: the lake.
        keep: how many snapshots of each role, and of the sample of it, stay, at least 1.
        now: the moment; by default the clock's.

    Raises:
        LakeError: as `plan_prune`, or a file cannot be removed.
        LakeVersionError: a newer version of the program has written to the lake; it may keep files in other places.
    """
    _check_keep(lake, keep)
    removed = []
    for leaving, counts in _plan(lake, keep=keep, now=now or datetime.now(UTC)):
        snapshot = leaving.snapshot
        # What did not count when the plan was made may since have been finished by its run.
        if not counts and not lake.claim_unfinished(snapshot):
            continue
        lake.remove(f"snapshots/{snapshot}.json")
        for folder in (*lake.list_folders(snapshot), f"work/snapshot={snapshot}"):
            lake.remove(folder)
        lake.release(snapshot)
        removed.append(leaving)
    lake.remove_empty_roles()
    lake.sweep()
    return removed


def _check_keep(lake: Lake, keep: int) -> None:
    if keep < 1:
        raise LakeError(
            f"lake {lake.root!r}: found {keep} snapshots to keep, expected at least 1; for none delete the lake itself"
        )


def _read_subject(lake: Lake, snapshot: str) -> tuple[str | None, bool]:
    """Return the role that a snapshot is of, and whether it is of the sample, which never stands for a market."""
    try:
        manifest = lake.read_manifest(snapshot)
        role, is_sample = manifest.get("role"), bool(manifest.get("run", {}).get("is_sample"))
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise LakeError(
            f"lake {lake.root!r}: snapshots/{snapshot}.json: is no manifest ({error}), so nobody knows which role it "
            "is of; restore it from a copy, or delete it, then prune again"
        ) from error
    return None if role is None else str(role), is_sample


def _check_file(lake: Lake, path: str, expected: dict[str, object], manifest: str) -> Fault | None:
    if not lake.exists(path):
        return Fault(path, f"is missing; restore it from a copy, or delete {manifest} to leave the snapshot out")
    found = lake.describe_file(path)
    if found == expected:
        return None
    return Fault(
        path,
        f"found {json.dumps(found)}, expected {json.dumps(expected)}: it was changed after its run; restore it from a "
        f"copy, or delete {manifest} to leave the snapshot out",
    )
