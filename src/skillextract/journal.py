"""The journal of a run: which steps are done, so that a run that was killed goes on where it stopped.

`work/snapshot=…/run.json` says what the run was asked for; `work/snapshot=…/done/<step>.json` stands there once a step
is done, with what it was given, what it returned, and the size and hash of each file it left. A step is done only while
its files are what it left: one that was deleted or changed since is made again. The folder goes with the commit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from skillextract.errors import LakeError
from skillextract.lake import Lake, name_snapshot, read_snapshot_name
from skillextract.schema import VERSIONS

RESUMED_WITHIN = timedelta(hours=12)
"""A younger run is gone on with, an older one is not: a daily run shall not take up yesterday's market."""
CLOCK_STEP = timedelta(hours=1)
"""How far the clock may stand behind the newest snapshot; snapshots are in the order of their ids, whatever it says."""


def open_run(lake: Lake, *, asked: Any, now: datetime) -> str:
    """Return the snapshot that a run makes: that of a killed run that was asked for the same, or else a new one.

    The snapshot is this process's own from then on (see `Lake.claim`): a run under way elsewhere is left alone,
    whatever it was asked for, and so is one that began too long ago (see `may_go_on`).

    Args:
        lake: where the run writes.
        asked: JSON of everything that the result depends on, the clock and the sources' answers aside.
        now: the moment of the run.

    Raises:
        LakeError: the lake cannot be written to, or the clock stands more than `CLOCK_STEP` behind its newest snapshot.
    """
    # A run of another version is not gone on with: its parts have other columns.
    identity = digest({"asked": asked, "versions": dict(VERSIONS)})
    finished = lake.list_snapshots()
    newest = read_snapshot_name(finished[-1]) if finished else now
    if newest - now > CLOCK_STEP:
        raise LakeError(
            f"lake {lake.root!r}: its newest snapshot is {finished[-1]}, and the clock says {name_snapshot(now)}; "
            f"set the clock right, or delete snapshots/{finished[-1]}.json where it was wrong then"
        )
    for snapshot in reversed(lake.list_unfinished()):
        if not may_go_on(snapshot, now=now) or _read_identity(lake, snapshot) != identity:
            continue
        if lake.claim_unfinished(snapshot):
            return snapshot
    stamp = int(max(now, newest).timestamp())
    while True:
        snapshot = name_snapshot(datetime.fromtimestamp(stamp, UTC))
        if snapshot not in finished and lake.claim_unfinished(snapshot):
            # A run that was killed before it wrote down what it was asked for has done nothing else either.
            if _read_identity(lake, snapshot) is None:
                break
            lake.release(snapshot)
        stamp += 1
    started = {"asked": identity, "schema_version": VERSIONS["journal"]}
    try:
        lake.write_bytes(f"work/snapshot={snapshot}/run.json", json.dumps(started).encode())
    except BaseException:
        lake.release(snapshot)
        raise
    return snapshot


def may_go_on(snapshot: str, *, now: datetime) -> bool:
    """Tell whether a killed run is young enough to be gone on with.

    One of a clock that was more than `CLOCK_STEP` ahead is not: once it is finished, `open_run` refuses the lake.
    """
    return -CLOCK_STEP <= now - read_snapshot_name(snapshot) <= RESUMED_WITHIN


class Journal:
    """What the steps of one run have done.

    Args:
        lake: where the run writes.
        snapshot: the snapshot that it makes.
    """

    def __init__(self, lake: Lake, snapshot: str) -> None:
        self.lake = lake
        self._folder = f"work/snapshot={snapshot}/done"

    def recall(self, step: str, *, given: Any) -> Any | None:
        """Return what a step returned, where it is done, was given the same, and its files are what it left; else None.

        An entry that is torn says nothing.

        Args:
            step: the step's name, unique within the run.
            given: JSON of what the step's result depends on.
        """
        path = f"{self._folder}/{step}.json"
        if not self.lake.exists(path):
            return None
        content = self.lake.read_bytes(path)
        try:
            entry = json.loads(content)
            if entry["schema_version"] != VERSIONS["journal"] or entry["given"] != digest(given):
                return None
            result, files = entry["result"], dict(entry["files"])
        except (ValueError, KeyError, TypeError):
            return None
        for name, left in files.items():
            if not self.lake.exists(name) or self.lake.describe_file(name) != left:
                return None
        return result

    def record(self, step: str, *, given: Any, result: Any, files: Iterable[str]) -> None:
        """Write down that a step is done; its files have to be in their places.

        Raises:
            LakeError: the lake cannot be written to, or a file is not there.
        """
        entry = {
            "schema_version": VERSIONS["journal"],
            "given": digest(given),
            "result": result,
            "files": {path: self.lake.describe_file(path) for path in sorted(set(files))},
        }
        self.lake.write_bytes(f"{self._folder}/{step}.json", json.dumps(entry, sort_keys=True).encode())


def digest(value: Any) -> str:
    """Return 32 hexadecimal digits of a JSON value; the order of keys does not matter."""
    return hashlib.blake2b(json.dumps(value, sort_keys=True).encode(), digest_size=16).hexdigest()


def _read_identity(lake: Lake, snapshot: str) -> str | None:
    path = f"work/snapshot={snapshot}/run.json"
    try:
        return str(json.loads(lake.read_bytes(path))["asked"]) if lake.exists(path) else None
    except (LakeError, ValueError, KeyError, TypeError):  # finished and swept by its owner, or not ours to understand
        return None
