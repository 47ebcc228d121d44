"""The tables of a run, whatever of them is there, and read back from where they are stored."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from reports.builders import ITEMS, behind, make_full_tables, make_tables, quote
from skillextract.errors import LakeError
from skillextract.reports.report import Report
from skillextract.reports.stored import read_report
from skillextract.reports.tables import TABLES, write_table


def test_a_report_needs_comparison_and_summary() -> None:
    tables = make_tables()
    del tables["run_summary"]
    with pytest.raises(ValueError, match="missing: run_summary"):
        Report(tables)


def test_a_table_that_is_not_there_has_no_rows() -> None:
    report = Report(make_tables())
    assert (report.has("trends"), report.read("trends"), report.read_agreement()) == (False, [], {})
    assert report.read_stated_pay() == []


def test_large_tables_are_not_read_as_a_whole() -> None:
    with pytest.raises(ValueError, match="postings is too large"):
        Report(make_full_tables()).read("postings")


def test_evidence_is_that_of_the_comparison_until_the_table_has_better() -> None:
    own = quote("You ship Docker images.", "Docker", skill="docker")
    other = quote("Docker, then.", "Docker", skill="docker")
    assert Report(make_tables()).read_evidence() == {"docker": [own]}
    rows = behind("all / all / docker", other, own)
    elsewhere = behind("country / DE / docker", own)
    found = Report(make_tables(evidence=[*reversed(rows), *elsewhere])).read_evidence()
    assert found == {"docker": [row | {"of_employer": None} for row in rows]}


def test_an_older_run_has_sentences_of_skills_only() -> None:
    own = quote("You ship Docker images.", "Docker", skill="docker")
    older = make_tables()
    older["evidence"] = pa.Table.from_pylist([{"order": 1, **own}])
    assert list(Report(older).read_evidence()) == ["docker"]


def test_stated_pay_is_of_distinct_postings_of_the_role_the_newest_first() -> None:
    base = {"salary_min": 1.0, "salary_currency": "EUR", "salary_period": "year", "is_role": True}
    moments = {"fetched_at": datetime(2026, 7, 1, tzinfo=UTC)}
    postings = [
        {"id": "undated", **base, **moments},
        {"id": "old", **base, **moments, "posted_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"id": "new", **base, **moments, "posted_at": datetime(2026, 6, 1, tzinfo=UTC)},
        {"id": "copy", **base, **moments, "duplicate_of": "old"},
        {"id": "other role", **base, **moments, "is_role": False},
        {"id": "no period", **base, **moments, "salary_period": None},
        {"id": "no amount", **base, **moments, "salary_min": None},
    ]
    report = Report(make_tables(postings=postings))
    assert [row["id"] for row in report.read_stated_pay()] == ["new", "old", "undated"]


def test_a_stored_report_reads_back_the_same(tmp_path: Path) -> None:
    tables = make_full_tables()
    for name, table in tables.items():
        write_table(table, tmp_path / f"{name}.parquet", table=name, metadata={})
    made, stored = Report(tables), read_report(str(tmp_path))
    assert stored.rows == made.rows
    names = sorted(set(TABLES) - {"mentions", "postings"})
    assert {name: stored.read(name) for name in names} == {name: made.read(name) for name in names}


def test_a_folder_without_a_report_is_refused_with_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match=r"no report found .*expected a folder `<lake>/reports/<role>/snapshot=…`"):
        read_report(str(tmp_path))
    with pytest.raises(LakeError, match="no report found"):
        read_report("nosuch://bucket/report")


def flip_the_middle(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes(byte ^ 0xFF for byte in content[middle:])


@pytest.mark.parametrize("name", ["salary", "profile_comparison", "run_summary"])
@pytest.mark.parametrize("spoil", [lambda content: content + b"xx", lambda _: b"", flip_the_middle])
def test_a_damaged_table_is_named_and_not_told_as_a_report_that_is_missing(
    tmp_path: Path, name: str, spoil: Callable[[bytes], bytes]
) -> None:
    folder = tmp_path / "my lake/reports/data-engineer/snapshot=2026-07-01T000000Z"
    folder.mkdir(parents=True)
    for table, rows in make_full_tables().items():
        write_table(rows, folder / f"{table}.parquet", table=table, metadata={})
    path = folder / f"{name}.parquet"
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(LakeError) as caught:
        read_report(str(folder))
    opening, reason, rest = re.fullmatch(r"(.*): damaged \((.*)\), (.*)", str(caught.value), re.DOTALL).groups()  # type: ignore[union-attr]
    assert (opening, bool(reason), str(path) in reason) == (str(path), True, False)
    assert rest == (
        "expected the table as the run wrote it; restore it from a copy, or run the flow again (`skillextract lake "
        f"check --lake '{tmp_path}/my lake'` names every file that was changed)"
    )


def test_unseen_are_items_and_skills_but_no_family() -> None:
    rows = [row | {"level": level} for level, row in zip(("item", "skill", "family"), [ITEMS[2]] * 3, strict=True)]
    assert [row.level for row in Report(make_tables(rows)).unseen] == ["item", "skill"]
