"""Read the tables of a finished run back."""

from __future__ import annotations

import dataclasses

import pandas as pd

from skillextract.errors import LakeError


@dataclasses.dataclass(frozen=True, slots=True)
class StoredReport:
    """The tables that an answer is given from; columns as documented in `reports.tables`."""

    comparison: pd.DataFrame
    summary: pd.DataFrame


def read_report(folder: str) -> StoredReport:
    """Return the comparison and the summary in a snapshot's report folder, a path or any URL that fsspec knows.

    Raises:
        LakeError: the folder does not hold them.
    """
    try:
        comparison = pd.read_parquet(f"{folder}/profile_comparison.parquet")
        summary = pd.read_parquet(f"{folder}/run_summary.parquet")
    except OSError as error:
        raise LakeError(
            f"{folder}: no report found ({error}); expected a folder `<lake>/reports/<role>/snapshot=…` "
            "with profile_comparison.parquet and run_summary.parquet in it"
        ) from error
    return StoredReport(comparison, summary)
