"""The real postings of ../shared, read as the sources read them. Their texts stay there."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

from collect.fixtures import payload_of
from skillextract.collect.boards import BOARDS
from skillextract.collect.boards.hackernews import read_header
from skillextract.collect.files import read_files
from skillextract.posting import Posting, PostingDraft
from skillextract.settings import AshbySource, FilesSource
from skillextract.text.render import render_posting

_GLASSDOOR = {"title": "Job Title", "text": "Job Description", "company": "Company Name", "location": "Location"}
_LINKEDIN = {"title": "title", "text": "description", "company": "company", "location": "location", "id": "#"}
_COLUMNS = {
    "DataAnalyst": _LINKEDIN,
    "DataScientist": _LINKEDIN,
    "Uncleaned_DS_jobs": _GLASSDOOR,
    "glassdoor_jobs_2020": _GLASSDOOR,
    "cal_da_500": _LINKEDIN,
    "cal_ds_500": _LINKEDIN,
}
"""The messy CSVs; no id of theirs is read, so that each row goes by its number in the file."""


def read_real_postings(shared: Path, work: Path, ids: Collection[str]) -> Iterator[Posting]:
    """The postings of ../shared/data/postings with these ids; see `tests/data/duplicates/README.md` for the ids.

    Args:
        shared: the folder ../shared/data.
        work: a folder of the caller's, for what has to be unpacked.
        ids: only the files that hold them are read.
    """
    folder = shared / "postings"
    sources = {each.rpartition(":")[0] for each in ids}
    drafts: list[Iterator[object]] = []
    for path in sorted((folder / "ashby").glob("*.json.gz")):
        if f"ashby:{unquote(path.name.removesuffix('.json.gz'))}" in sources:
            drafts.append(_read_board(path))
    if "hackernews" in sources:
        drafts += [_read_thread(path, ids) for path in sorted((folder / "hn").glob("*.json.gz"))]
    for name, columns in _COLUMNS.items():
        if f"files:{name}" in sources:
            path = folder / "messy" / f"{name}.csv.gz"
            drafts.append(read_files(FilesSource(path=str(path), columns=columns, label=name)))
    if "files:indeed" in sources:
        with zipfile.ZipFile(folder / "html_job_postings.zip") as archive:
            archive.extractall(work)
        drafts.append(read_files(FilesSource(path=str(work / "html_job_postings"), label="indeed")))
    for each in drafts:
        for draft in each:
            if isinstance(draft, PostingDraft) and draft.id in ids:
                yield render_posting(draft)


def _read_board(path: Path) -> Iterator[object]:
    token = unquote(path.name.removesuffix(".json.gz"))
    source = AshbySource(token=token, company=token)
    yield from BOARDS["ashby"].parse(payload_of(gzip.decompress(path.read_bytes()), source=source.name), source)


def _read_thread(path: Path, ids: Collection[str]) -> Iterator[PostingDraft]:
    for comment in json.loads(gzip.decompress(path.read_bytes()))["comments"]:
        text = comment.get("text")
        if f"hackernews:{comment['id']}" not in ids or not text or comment.get("deleted") or comment.get("dead"):
            continue
        header = read_header(text)
        posted_at = datetime.fromtimestamp(comment["time"], UTC)
        yield PostingDraft(
            id=f"hackernews:{comment['id']}", source=f"hackernews:{path.name[:7]}", title=header.title or "?",
            company=header.company, location=header.location, posted_at=posted_at, fetched_at=posted_at, body=text,
            body_format="html",
        )  # fmt: skip
