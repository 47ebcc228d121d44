"""The past, read in one run: a range of Hacker News months, or a folder of files, as sources."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from skillextract.collect.files import tell_form
from skillextract.errors import SettingsError
from skillextract.settings import BaseUrl, FilesSource, HackerNewsSource, Source

# As a pattern of the JSON schema, so that Prefect refuses anything else before a run exists.
Month = Annotated[str, Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$", examples=["2026-01"])]
"""A month as "2026-07"."""


class _Past(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, str_strip_whitespace=True)


class HackerNewsMonths(_Past):
    """The threads "Ask HN: Who is hiring?" of all months from `first` to `last`."""

    first: Month
    """The first month, such as "2025-01"; there are threads from "2011-04" on."""
    last: Month
    """The last month; it is read too."""
    base_url: BaseUrl | None = Field(
        default=None,
        description="Where to ask instead of Hacker News: an https URL, or http on this machine (for tests).",
    )

    @model_validator(mode="after")
    def _check_order(self) -> HackerNewsMonths:
        if self.last < self.first:
            raise ValueError(f"last: found {self.last!r}, expected {self.first!r} (`first`) or later; exchange the two")
        return self


class FilesFolder(_Past):
    """A folder of postings in files: JSONL, CSV and Parquet that lie in it, and HTML also in folders below."""

    folder: str = Field(min_length=1)
    """The folder, as the worker sees it: an absolute path, or one relative to the checkout."""
    company: str | None = None
    """The employer's name, where a file does not state it."""
    columns: dict[str, str] = Field(default_factory=dict)
    """Which column of the files holds what, as {our name: name in the files}, for example {"title": "Job Title"}."""


Past = HackerNewsMonths | FilesFolder
"""What a backfill reads."""


def find_sources(past: Past) -> list[Source]:
    """Return the sources of a backfill: one a month, oldest first; or one a file by name, then one for all HTML.

    Files of other kinds are passed over.

    Raises:
        SettingsError: there is no such folder, or nothing in it that can be read.
    """
    if isinstance(past, HackerNewsMonths):
        return [HackerNewsSource(thread=month, base_url=past.base_url) for month in _list_months(past.first, past.last)]
    folder = Path(past.folder)
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as error:
        raise SettingsError(
            f"folder {past.folder!r}: cannot be read ({error.strerror}), expected a folder; check the path, as the "
            "worker sees it"
        ) from error
    sources: list[Source] = [
        FilesSource(path=str(path), company=past.company, columns=past.columns)
        for path in files
        if tell_form(path) not in (None, "html")
    ]
    if any(tell_form(path) == "html" for path in folder.rglob("*")):
        sources.append(FilesSource(path=str(folder), company=past.company))
    if not sources:
        raise SettingsError(
            f"folder {past.folder!r}: found no file of postings, expected JSONL, CSV, Parquet or HTML; check the path"
        )
    return sources


def _list_months(first: str, last: str) -> list[str]:
    start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    return [f"{number // 12}-{number % 12 + 1:02}" for number in range(start, end + 1)]
