"""Read the tables of a finished run back."""

from __future__ import annotations

import fsspec
import pandas as pd
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
        LakeError: the folder does not hold a report.
        LakeVersionError: the report was written by a newer version of the program.
    """
    _refuse_newer(folder)
    tables: dict[str, Frame] = {}
    for name in TABLES:
        if name in LARGE_TABLES:
            continue
        try:
            tables[name] = pd.read_parquet(f"{folder}/{name}.parquet")
        except (OSError, ValueError) as error:
            # ValueError: what lies there is no parquet file, or the URL is of a kind that fsspec does not know.
            if isinstance(error, FileNotFoundError) and name not in REQUIRED_TABLES:
                continue
            raise LakeError(
                f"{folder}: no report found ({error}); expected a folder `<lake>/reports/<role>/snapshot=…` "
                f"with {' and '.join(f'{required}.parquet' for required in REQUIRED_TABLES)} in it"
            ) from error
    return Report(tables)


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
