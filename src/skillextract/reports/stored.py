"""Read the tables of a finished run back."""

from __future__ import annotations

import pandas as pd

from skillextract.errors import LakeError
from skillextract.reports.report import LARGE_TABLES, REQUIRED_TABLES, Frame, Report
from skillextract.reports.tables import TABLES


def read_report(folder: str) -> Report:
    """Return the report in a snapshot's report folder, a path or any URL that fsspec knows.

    Mentions and postings are left where they are; tables that a run of an older version did not write are left out.

    Raises:
        LakeError: the folder does not hold a report.
    """
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
