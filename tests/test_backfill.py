"""Months and folders as the sources of one run."""

import re
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from skillextract.backfill import FilesFolder, HackerNewsMonths, Past, find_sources
from skillextract.errors import SettingsError
from skillextract.settings import FilesSource, HackerNewsSource

PAST: TypeAdapter[Past] = TypeAdapter(Past)


def test_every_month_of_a_range_is_a_source_oldest_first() -> None:
    past = HackerNewsMonths(first="2025-11", last="2026-02")
    assert find_sources(past) == [
        HackerNewsSource(thread=month) for month in ("2025-11", "2025-12", "2026-01", "2026-02")
    ]


def test_one_month_is_a_range() -> None:
    assert find_sources(HackerNewsMonths(first="2026-01", last="2026-01")) == [HackerNewsSource(thread="2026-01")]


def test_months_the_wrong_way_round_are_refused() -> None:
    message = "last: found '2025-01', expected '2025-02' (`first`) or later; exchange the two"
    with pytest.raises(ValidationError, match=re.escape(message)):
        HackerNewsMonths(first="2025-02", last="2025-01")


@pytest.mark.parametrize(
    "past",
    [
        {"first": "2025-13", "last": "2026-01"},
        {"first": "2025-01"},
        {"folder": ""},
        {"folder": "x", "first": "2025-01"},
        {},
    ],
)
def test_what_is_neither_a_range_nor_a_folder_is_refused(past: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        PAST.validate_python(past)


def test_every_file_of_a_folder_is_a_source_and_all_its_pages_are_one(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a.csv.gz", "c.parquet", "notes.txt", "below/one.html", "below/deep/two.htm.zst"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    columns = {"title": "Job Title"}
    assert find_sources(FilesFolder(folder=str(tmp_path), company="Acme", columns=columns)) == [
        *(
            FilesSource(path=str(tmp_path / name), company="Acme", columns=columns)
            for name in ("a.csv.gz", "b.jsonl", "c.parquet")
        ),
        FilesSource(path=str(tmp_path), company="Acme"),
    ]


def test_a_folder_with_nothing_to_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(SettingsError, match="found no file of postings, expected JSONL, CSV, Parquet or HTML"):
        find_sources(FilesFolder(folder=str(tmp_path)))


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot be read \(No such file or directory\), expected a folder"):
        find_sources(FilesFolder(folder=str(tmp_path / "gone")))
