"""Rows of tables as plain values, and how numbers and strings are put into words."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.builders import ITEMS, MISSING, fill, make_tables, tabulate
from skillextract.reports.rows import (
    join_names,
    read_comparison,
    read_rows,
    read_summary,
    remove_controls,
    state_interval,
    state_money,
    state_share,
)
from skillextract.reports.tables import TABLES, write_table


@pytest.mark.parametrize("table", sorted(set(TABLES) - {"mentions", "postings"}))
def test_rows_are_the_same_from_arrow_and_read_back_from_parquet(table: str, tmp_path: Path) -> None:
    rows = tabulate(table, [{}, {}])
    write_table(rows, tmp_path / "table.parquet", table=table, metadata={})
    expected = [fill(table), fill(table)]
    assert read_rows(rows, table=table) == expected
    assert read_rows(pd.read_parquet(tmp_path / "table.parquet"), table=table) == expected


def test_a_column_that_an_older_version_did_not_write_is_none() -> None:
    older = make_tables()["run_summary"].drop_columns(["role_not_english"])
    assert [row["role_not_english"] for row in read_rows(older, table="run_summary")] == [None, None]


def test_a_comparison_has_its_rows_with_evidence() -> None:
    rows = read_comparison(make_tables()["profile_comparison"])
    assert [(row.level, row.name, row.rank) for row in rows] == [
        ("item", "Python", 1),
        ("item", "Messaging systems", 2),
        ("item", "Attention to detail", None),
        ("missing", "Docker", 4),
    ]
    assert [list(row.evidence) for row in rows] == [
        ITEMS[0]["evidence"], ITEMS[1]["evidence"], [], MISSING[0]["evidence"],
    ]  # fmt: skip


def test_a_summary_falls_into_sources_and_total() -> None:
    sources, total = read_summary(make_tables()["run_summary"])
    assert [row["source"] for row in sources] == ["files:a.jsonl"]
    assert (total["source"], total["role_postings"]) == ("all sources", 60)


@given(st.text())
def test_what_is_left_of_a_text_turns_nothing_around_and_rings_no_bell(text: str) -> None:
    left = remove_controls(text)
    assert not set(left) & set("\x00\x07\x1b\x7f\x85\u061c\u200e\u200f\u2028\u202a\u202e\u2066\u2069\ufeff")
    assert remove_controls(left) == left
    assert [character for character in text if character.isalnum()] == [each for each in left if each.isalnum()]


def test_numbers_in_words() -> None:
    assert [state_share(share) for share in (None, 0.0, 0.061, 0.5)] == ["too few", "0%", "6.1%", "50%"]
    assert [state_interval(*ends) for ends in ((None, None), (0.031, 0.12))] == ["", "3.1–12%"]
    assert [state_money(amount, "EUR") for amount in (None, 61_250.4)] == ["too few", "EUR 61,250"]


@pytest.mark.parametrize(
    ("names", "sentence"), [([], ""), (["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c")]
)
def test_names_in_a_sentence(names: list[str], sentence: str) -> None:
    assert join_names(names, "or") == sentence


def test_a_value_that_does_not_fit_its_column_is_refused() -> None:
    frame = pd.DataFrame([fill("salary", currency="EUR")]).assign(postings="many")
    with pytest.raises(pa.ArrowInvalid, match="many"):
        read_rows(frame, table="salary")
