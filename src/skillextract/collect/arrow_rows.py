"""Rows of Parquet as Python has them, also where it cannot hold one of their values."""

from __future__ import annotations

import pyarrow as pa

_REFUSALS = (OverflowError, ValueError, LookupError)
"""What a value raises that Python cannot hold: a far date, text that is not UTF-8, a time zone that nobody knows."""


class Unreadable:
    """Stands for a value that Python cannot hold; no reading of a field takes it, and messages show its kind."""

    def __init__(self, kind: pa.DataType) -> None:
        self._kind = kind

    def __repr__(self) -> str:
        return f"a {self._kind} that cannot be read"


def read_batch(batch: pa.RecordBatch) -> list[dict[str, object]]:
    """The rows of a batch, with `Unreadable` in the place of each value that Python cannot hold."""
    try:
        rows: list[dict[str, object]] = batch.to_pylist()
    except _REFUSALS:
        columns = [[_read_value(value) for value in column] for column in batch.columns]
        rows = [dict(zip(batch.schema.names, values, strict=True)) for values in zip(*columns, strict=True)]
    return rows


def _read_value(value: pa.Scalar) -> object:
    try:
        return value.as_py()
    except _REFUSALS:
        return Unreadable(value.type)
