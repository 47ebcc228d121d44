"""Read the tables of a finished run back."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import fsspec
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

import skillextract
from skillextract.errors import LakeError, LakeVersionError
from skillextract.reports.report import LARGE_TABLES, REQUIRED_TABLES, Frame, Report
from skillextract.reports.tables import TABLES
from skillextract.reports.version import SCHEMA_VERSION


def read_report(folder: str) -> Report:
    """Return the report in a snapshot's report folder, a path or any URL that fsspec knows.

    Mentions and postings are left where they are; tables that a run of an older version did not write are left out.

    Raises:
        LakeError: the folder does not hold a report, or a table of it is damaged.
        LakeVersionError: the report was written by a newer version of the program.
    """
    _refuse_newer(folder)
    tables: dict[str, Frame] = {}
    for name in TABLES:
        if name in LARGE_TABLES:
            continue
        try:
            tables[name] = pd.read_parquet(f"{folder}/{name}.parquet")
        except (OSError, ValueError, pa.ArrowException) as error:
            if isinstance(error, FileNotFoundError) and name not in REQUIRED_TABLES:
                continue
            if _tells_damage(error):
                raise LakeError(_tell_damage(folder, name, error)) from error
            # A ValueError: the URL is of a kind that fsspec does not know.
            needed = " and ".join(f"{required}.parquet" for required in REQUIRED_TABLES)
            raise LakeError(
                f"{_tell_whole(folder)}: no report found ({error}); expected a folder "
                f"`<lake>/reports/<role>/snapshot=…` with {needed} in it"
            ) from error
    return Report(tables)


def _tell_whole(folder: str) -> str:
    """The whole of a folder's path, for cron has another working directory; a URL is whole as it is."""
    return folder if "://" in folder else str(Path(folder).absolute())


def _tells_damage(error: Exception) -> bool:
    """Whether a file is there and does not hold what was written; pyarrow's own errors of reading have no number."""
    return isinstance(error, pa.ArrowException | UnicodeDecodeError) or (type(error) is OSError and error.errno is None)


def _tell_damage(folder: str, name: str, error: Exception) -> str:
    lake = folder.rpartition("/reports/")[0]
    check = f"skillextract lake check --lake {shlex.quote(lake)}" if lake else "skillextract lake check"
    reason = re.sub(r"^Could not open Parquet input source '.*?': ", "", str(error)).partition(". ")[0].rstrip(".")
    return (
        f"{folder}/{name}.parquet: damaged ({reason}), expected the table as the run wrote it; restore it from a copy, "
        f"or run the flow again (`{check}` names every file that was changed)"
    )


def _refuse_newer(folder: str) -> None:
    """Refuse what this program might misread; all files of a run have the same version."""
    try:
        with fsspec.open(f"{folder}/{REQUIRED_TABLES[-1]}.parquet", "rb") as stream:
            metadata = pq.read_schema(stream).metadata or {}
    except (OSError, ValueError):  # said by whoever reads the rows
        return
    found = metadata.get(b"skillextract.schema_version", b"%d" % SCHEMA_VERSION).decode()
    if not found.isdecimal() or int(found) > SCHEMA_VERSION:
        raise LakeVersionError(
            f"{folder}: found a report of schema version {found}, expected at most {SCHEMA_VERSION}: it was written by "
            f"a newer version of skillextract than this one ({skillextract.__version__}); upgrade it"
        )
