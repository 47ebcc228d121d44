"""When each posting was first and last seen, and whether its board has closed it.

`sightings/snapshot=…/part-00000.parquet` has one row for each posting that any run on the lake has seen, and goes from
snapshot to snapshot. A posting is closed only by a board whose answer names every open posting, which came whole, and
in which it stands no more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from skillextract.errors import LakeError
from skillextract.lake import Lake

_ROWS_AT_ONCE = 100_000
_TIMESTAMP = pa.timestamp("us", tz="UTC")

SIGHTINGS_SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("first_seen", _TIMESTAMP, nullable=False),
        pa.field("last_seen", _TIMESTAMP, nullable=False),
        pa.field("closed", _TIMESTAMP),
    ]
)
"""One row a posting, copies among them, ordered by `id`: the moments (UTC) of the first and the last answer that listed
it, and of the first whole answer that no longer did; `closed` is missing while nothing says that it is closed."""


def follow_postings(
    earlier: pa.Table, seen: pa.Table, *, whole: Collection[str], unread: Collection[str] = ()
) -> pa.Table:
    """Return what is known of all postings after a run, as rows of `SIGHTINGS_SCHEMA`.

    An answer that is older than what is known, because it came from the cache or a clock was set back, neither closes a
    posting nor opens it again. A closed posting that is listed again is open.

    Args:
        earlier: what was known before.
        seen: `id`, `source` and `fetched_at` of the run's postings.
        whole: sources that answered whole and name every open posting; only they close any.
        unread: ids of postings that are listed but could not be read: they are not closed.
    """
    newest = seen.select(["source", "fetched_at"]).group_by("source").aggregate([("fetched_at", "max")]).to_pandas()
    answered = newest.set_index("source")["fetched_at_max"]
    earlier, seen = earlier.sort_by("id"), seen.select(["id", "source", "fetched_at"]).sort_by("id")
    ends = sorted({id_ for table in (earlier, seen) for id_ in _list_ends(table["id"])})
    pieces = [
        _follow(before, now, answered, whole=whole, unread=unread)
        for before, now in zip(_cut(earlier, ends), _cut(seen, ends), strict=True)
    ]
    return pa.concat_tables([SIGHTINGS_SCHEMA.empty_table(), *pieces])


def _list_ends(ids: pa.ChunkedArray) -> list[str]:
    """The ids that part a table into pieces: a million postings at once would take half a gigabyte."""
    ends: list[str] = ids.take(pa.array(range(_ROWS_AT_ONCE, len(ids), _ROWS_AT_ONCE), pa.int64())).to_pylist()
    return ends


def _cut(table: pa.Table, ends: Sequence[str]) -> Iterator[pa.Table]:
    """Yield a table ordered by `id` in pieces, each up to the row before one of some ids, and what is left."""
    first = 0
    for end in ends:
        below = pc.sum(pc.less(table["id"], end)).as_py() or 0
        yield table.slice(first, below - first)
        first = below
    yield table.slice(first)


def _follow(
    earlier: pa.Table, seen: pa.Table, answered: pd.Series, *, whole: Collection[str], unread: Collection[str]
) -> pa.Table:
    """What `follow_postings` returns, for some of the postings; `answered` is when each source last answered."""
    before = earlier.to_pandas().set_index("id")
    now = seen.to_pandas()
    now = now.sort_values("fetched_at", kind="stable").drop_duplicates("id", keep="last").set_index("id")
    known = before.reindex(before.index.union(now.index).sort_values())
    fetched = now["fetched_at"].reindex(known.index)
    known["source"] = now["source"].reindex(known.index).fillna(known["source"])

    listed = fetched.notna()
    answer = known["source"].map(answered)
    gone = ~listed & known["closed"].isna() & known["source"].isin(list(whole)) & ~known.index.isin(list(unread))
    gone &= answer > known["last_seen"]
    again = listed & (fetched > known["closed"])
    known["closed"] = known["closed"].mask(again).mask(gone, answer)
    known["first_seen"] = pd.concat([known["first_seen"], fetched], axis=1).min(axis=1)
    known["last_seen"] = pd.concat([known["last_seen"], fetched], axis=1).max(axis=1)
    return pa.Table.from_pandas(
        known.rename_axis("id").reset_index(), schema=SIGHTINGS_SCHEMA, preserve_index=False
    ).replace_schema_metadata(None)


def read_sightings(lake: Lake, *, before: str) -> tuple[pa.Table, list[str]]:
    """Return what the finished snapshots know, as rows of `SIGHTINGS_SCHEMA`, and the ids of those that it covers.

    That is what the newest one knows, and what runs beside it knew that it had not yet seen.

    Args:
        lake: where the snapshots are.
        before: the snapshot under way, which is left out.

    Raises:
        LakeError: a manifest cannot be read, or a file that it names is missing or was changed.
    """
    covered: set[str] = set()
    tables = []
    for snapshot in reversed(lake.list_snapshots()):
        if snapshot == before or snapshot in covered:
            continue
        covered.add(snapshot)
        named = _find_named(lake, snapshot)
        if named is None:  # written before postings were followed
            continue
        path, expected, covers = named
        if not lake.exists(path) or lake.describe_file(path) != expected:
            raise LakeError(
                f"lake {lake.root!r}: {path}: is not as its manifest says; restore it from a copy, or delete "
                f"snapshots/{snapshot}.json to leave that snapshot out"
            )
        tables.append(lake.read_parquet([path]))
        covered.update(covers)
    return merge_sightings(tables), sorted(covered)


def _find_named(lake: Lake, snapshot: str) -> tuple[str, Any, list[str]] | None:
    """Return the file of sightings that a manifest names, what it says of it, and the snapshots that it covers."""
    manifest = lake.read_manifest(snapshot)
    try:
        named = manifest["sightings"]
        if named is None:
            return None
        path = str(named["path"])
        return path, manifest["files"][path], [str(covered) for covered in named["covers"]]
    except (KeyError, TypeError) as error:
        raise LakeError(
            f"lake {lake.root!r}: snapshots/{snapshot}.json: does not say which sightings are of it ({error!r}); "
            "restore it from a copy, or delete it to leave that snapshot out"
        ) from error


def merge_sightings(tables: Sequence[pa.Table]) -> pa.Table:
    """Return what several tables of `SIGHTINGS_SCHEMA` know together; whether one is closed says the latest of them."""
    if len(tables) == 1:
        return tables[0]
    rows = pa.concat_tables([SIGHTINGS_SCHEMA.empty_table(), *tables]).to_pandas()
    rows["latest"] = rows[["last_seen", "closed"]].max(axis=1)
    rows = rows.sort_values(["id", "latest"], kind="stable")
    ends = rows.groupby("id", sort=True).agg({"first_seen": "min", "last_seen": "max"})
    latest = rows.drop_duplicates("id", keep="last").set_index("id")
    latest[["first_seen", "last_seen"]] = ends
    return pa.Table.from_pandas(
        latest.drop(columns="latest").reset_index(), schema=SIGHTINGS_SCHEMA, preserve_index=False
    ).replace_schema_metadata(None)
