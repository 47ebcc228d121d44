"""The tables that a run writes: every column documented in one place, and parquet files that are the same each time."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from skillextract.market.run_summary import RunFacts
from skillextract.reports.columns import Table
from skillextract.reports.market_tables import (
    COOCCURRENCE,
    DISCOVERY,
    EVIDENCE,
    PROFILE_AGREEMENT,
    PROFILE_COMPARISON,
    QUALIFICATIONS,
    SALARY,
    SKILL_FREQUENCIES,
    TRENDS,
)
from skillextract.reports.run_tables import MENTIONS, NEIGHBOURS, POSTINGS, RUN_SUMMARY
from skillextract.reports.version import SCHEMA_VERSION

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        PROFILE_COMPARISON,
        PROFILE_AGREEMENT,
        SKILL_FREQUENCIES,
        QUALIFICATIONS,
        SALARY,
        COOCCURRENCE,
        TRENDS,
        DISCOVERY,
        EVIDENCE,
        MENTIONS,
        POSTINGS,
        NEIGHBOURS,
        RUN_SUMMARY,
    )
}
"""The tables by name, in the order in which they are read about."""


def describe_run(run: RunFacts) -> dict[str, str]:
    """What every file of a run carries in its parquet metadata.

    Returns:
        `skillextract.schema_version`, `.patterns_version`, `.role_version`, `.package_version`, `.snapshot`, `.role`,
        `.is_sample` (`true` or `false`) and `.sources`: a JSON list of what each source gave.
    """
    values = {
        "schema_version": str(SCHEMA_VERSION),
        "patterns_version": run.patterns_version,
        "role_version": run.role_version,
        "package_version": run.package_version,
        "snapshot": run.snapshot,
        "role": run.role,
        "is_sample": json.dumps(run.is_sample),
        "sources": json.dumps([dataclasses.asdict(source) for source in run.sources], ensure_ascii=False),
    }
    return {f"skillextract.{key}": value for key, value in values.items()}


def write_table(
    frame: pd.DataFrame | pa.Table, path: Path | str | IO[bytes], *, table: str, metadata: Mapping[str, str]
) -> None:
    """Write a frame as the parquet file of a table; the same rows and metadata give the same bytes.

    Rows keep their order. Columns that the table does not know are left out.

    Args:
        frame: its columns, in any order.
        path: the file, or one that is open for writing.
        table: a name in `TABLES`.
        metadata: see `describe_run`.

    Raises:
        ValueError: a column is missing, or a value does not fit its type.
    """
    described = TABLES[table]
    names = [column.name for column in described.columns]
    found = set(frame.column_names if isinstance(frame, pa.Table) else frame.columns)
    missing = [name for name in names if name not in found]
    if missing:
        raise ValueError(f"{table}: the columns {', '.join(missing)} are missing; expected are {', '.join(names)}")
    if isinstance(frame, pa.Table):
        rows = frame.select(names).cast(described.schema)
    else:
        try:
            rows = pa.Table.from_pandas(frame[names], schema=described.schema, preserve_index=False)
        except (pa.ArrowInvalid, pa.ArrowTypeError, ValueError) as error:
            raise ValueError(f"{table}: {error}; expected are values as the table's columns describe them") from error
    # Only ours: the metadata that pandas adds names its version, and the bytes would change with it.
    rows = rows.replace_schema_metadata(dict(sorted(metadata.items())))
    pq.write_table(rows.combine_chunks(), path, compression="zstd")


def describe_tables() -> str:
    """Every table and column in Markdown, for `docs/tables.md`."""
    return "\n".join(describe_table(table) for table in TABLES.values())


def describe_table(table: Table) -> str:
    """One table and its columns in Markdown."""
    lines = [f"### `{table.name}.parquet`", "", table.doc, ""]
    lines += ["| column | type | what it holds |", "| --- | --- | --- |"]
    for column in table.columns:
        optional = ", may be missing" if column.nullable else ""
        lines.append(f"| `{column.name}` | {_name_type(column.type)}{optional} | {column.doc} |")
    return "\n".join(lines) + "\n"


def _name_type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return "list of texts" if pa.types.is_string(kind.value_type) else "list of structs"
    if pa.types.is_timestamp(kind):
        return "timestamp (UTC)"
    return {"string": "text", "bool": "boolean", "double": "number"}.get(str(kind), "whole number")
