"""The versions of what a lake holds: an older file is brought up when it is read, a newer one is refused.

A dataset's version is raised by any change of its columns or of what they mean, and `_STEPS` then says how rows of the
version before become rows of the new one. Files from before versions were written down have version 1.

| dataset | version | what changed |
| --- | --- | --- |
| postings | 2 | `duplicate_reason`; before, only the same text was folded |
| postings | 3 | `language`; of older ones it is not known |
| reports | 2 | `evidence` of every number; that of version 1 is of skills, and `reports.report` reads it so |
| manifest | 2 | `reader` and `sightings`; without them nothing is used again and no sighting is known |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

import skillextract
from skillextract.errors import LakeVersionError
from skillextract.reports.version import SCHEMA_VERSION

VERSIONS: Mapping[str, int] = {
    "postings": 3,
    "mentions": 1,
    "index": 1,
    "sightings": 1,
    "boilerplate": 1,
    "reports": SCHEMA_VERSION,  # new columns do not raise it: they are read by name
    "manifest": 2,
    "journal": 1,
}
"""The version that this program writes of each dataset."""

_KEY = "schema_version"
_PREFIX = "skillextract."


def name_dataset(path: str) -> str:
    """Return the dataset that a file of the lake belongs to; parts of a run under way are postings."""
    folder, divided, _ = path.partition("/")
    if not divided:  # a folder of reports, opened as a lake of its own
        return "reports"
    return folder if folder in VERSIONS else "postings"


def mark(table: pa.Table, path: str, **facts: str) -> pa.Table:
    """Return a table whose metadata says what its file is: schema version, package version, snapshot, and `facts`."""
    facts = {**facts, _KEY: str(VERSIONS[name_dataset(path)]), "package_version": skillextract.__version__}
    snapshot = next((step.removeprefix("snapshot=") for step in path.split("/") if step.startswith("snapshot=")), None)
    if snapshot is not None:
        facts["snapshot"] = snapshot
    marked = {f"{_PREFIX}{key}".encode(): value.encode() for key, value in facts.items()}
    return table.replace_schema_metadata(dict(sorted({**(table.schema.metadata or {}), **marked}.items())))


def read_version(metadata: Mapping[bytes, bytes] | None, *, path: str, root: str) -> int:
    """Return the schema version of a parquet file, from its metadata.

    Raises:
        LakeVersionError: it was written by a newer program.
    """
    found = (metadata or {}).get(f"{_PREFIX}{_KEY}".encode(), b"1").decode()
    return check_version(found, dataset=name_dataset(path), path=path, root=root)


def check_version(found: Any, *, dataset: str, path: str, root: str) -> int:
    """Return a version that this program can read.

    Args:
        found: the version as it stands in the file; None where none does.
        dataset: a key of `VERSIONS`.
        path: the file, for the message.
        root: the lake, for the message.

    Raises:
        LakeVersionError: it is that of a newer program, or no version at all.
    """
    known = VERSIONS[dataset]
    text = "1" if found is None else str(found)
    if text.isdecimal() and 1 <= int(text) <= known:
        return int(text)
    raise LakeVersionError(
        f"lake {root!r}: {path}: found schema version {text} of {dataset}, expected at most {known}: it was written by "
        f"a newer version of skillextract than this one ({skillextract.__version__}); upgrade, or name another lake"
    )


def bring_up(table: pa.Table, *, version: int, path: str) -> pa.Table:
    """Return the rows of an older file as those of the version of today."""
    dataset = name_dataset(path)
    for older in range(version, VERSIONS[dataset]):
        table = _STEPS[dataset, older](table)
    return table


def bring_up_manifest(manifest: dict[str, Any], *, path: str, root: str) -> dict[str, Any]:
    """Return a manifest as one of the version of today.

    Raises:
        LakeVersionError: it was written by a newer program.
    """
    version = check_version(manifest.get(_KEY), dataset="manifest", path=path, root=root)
    return {"reader": None, "sightings": None, **manifest} if version == 1 else manifest


def _tell_reasons(postings: pa.Table) -> pa.Table:
    if "duplicate_reason" in postings.column_names:  # written in the hours between the column and the version
        return postings
    same = pc.if_else(pc.is_valid(postings["duplicate_of"]), pa.scalar("same text"), pa.scalar(None, pa.string()))
    return postings.append_column(pa.field("duplicate_reason", pa.string()), same)


def _leave_language_open(postings: pa.Table) -> pa.Table:
    if "language" in postings.column_names:
        return postings
    place = postings.column_names.index("duplicate_of")
    return postings.add_column(place, pa.field("language", pa.string()), pa.nulls(len(postings), pa.string()))


_STEPS: Mapping[tuple[str, int], Callable[[pa.Table], pa.Table]] = {
    ("postings", 1): _tell_reasons,
    ("postings", 2): _leave_language_open,
    ("reports", 1): lambda table: table,
}
"""How rows of a dataset's version become rows of the next one."""
