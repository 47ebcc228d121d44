"""How many postings stand near the role."""

import io

import pyarrow as pa
import pyarrow.parquet as pq

from skillextract.market.neighbours import NEIGHBOUR_COLUMNS, count_neighbours
from skillextract.reports.tables import TABLES, write_table


def make_postings(*rows: tuple[str, str, str | None, str | None, str | None]) -> pa.Table:
    names = ("id", "title", "company", "duplicate_of", "neighbour")
    schema = pa.schema([(name, pa.string()) for name in names])
    return pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], schema=schema)


def test_distinct_postings_and_their_employers_are_counted_by_near_role() -> None:
    table = count_neighbours(
        make_postings(
            ("1", "AI Engineer", "Nimbrel", None, "AI engineer"),
            ("2", "Lead AI Engineer", " nim brel ", None, "AI engineer"),
            ("3", "AI Engineer", None, None, "AI engineer"),
            ("4", "AI Engineer", None, None, "AI engineer"),
            ("5", "AI Engineer", "Copied", "1", "AI engineer"),
            ("6", "Data Scientist", "Nimbrel", None, "Data scientist"),
            ("7", "ML Engineer", "Nimbrel", None, None),
        )
    )
    assert table.to_dict("records") == [
        {"neighbour": "AI engineer", "postings": 4, "companies": 3, "titles": ["AI Engineer", "Lead AI Engineer"]},
        {"neighbour": "Data scientist", "postings": 1, "companies": 1, "titles": ["Data Scientist"]},
    ]


def test_without_neighbours_the_table_is_empty_and_has_its_columns() -> None:
    table = count_neighbours(make_postings(("1", "ML Engineer", None, None, None)))
    assert (list(table.columns), len(table)) == (list(NEIGHBOUR_COLUMNS), 0)


def test_the_counts_fit_the_table_that_is_written() -> None:
    rows = count_neighbours(make_postings(("1", "AI Engineer", None, None, "AI engineer")))
    for frame in (rows, rows.head(0)):
        stream = io.BytesIO()
        write_table(frame, stream, table="neighbours", metadata={"skillextract.snapshot": "s"})
        stored = pq.read_table(io.BytesIO(stream.getvalue()))
        assert stored.to_pylist() == frame.to_dict("records")
    assert stored.schema.remove_metadata() == TABLES["neighbours"].schema
