"""Everything in ../shared/data/postings through parsing, folding and the detector of languages: a row a file.

    python benchmarks/real_postings.py [SHARED]      # a table as CSV on standard output, the total last

Columns: file, rows in, parsed, refused and why (the first reason of each field), copies folded (among all files), in
another language than English, seconds of processor time for reading, rendering and telling the language.
"""

from __future__ import annotations

import collections
import csv
import gzip
import json
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from collect.real_postings import _COLUMNS, _read_board, _read_thread
from skillextract.collect.deduplicate import NearRow, find_repeats
from skillextract.collect.files import read_files
from skillextract.posting import PostingDraft
from skillextract.settings import FilesSource
from skillextract.text.language import find_language, is_english
from skillextract.text.render import render_posting


class _Every:
    def __contains__(self, posting_id: object) -> bool:
        return True


def list_files(folder: Path, work: Path) -> Iterator[tuple[str, Iterator[object]]]:
    for path in sorted((folder / "ashby").glob("*.json.gz")):
        yield f"ashby/{path.name}", _read_board(path)
    for path in sorted((folder / "hn").glob("*.json.gz")):
        yield f"hn/{path.name}", _read_comments(path)
    for name, columns in _COLUMNS.items():
        path = folder / "messy" / f"{name}.csv.gz"
        yield f"messy/{path.name}", read_files(FilesSource(path=str(path), columns=columns, label=name))
    with zipfile.ZipFile(folder / "html_job_postings.zip") as archive:
        archive.extractall(work)
    # One array of records; files are read line by line, so it becomes one first.
    path = folder / "microsoft_careers_sample.json.gz"
    lines = [json.dumps(record) for record in json.loads(gzip.decompress(path.read_bytes()))]
    (work / "microsoft.jsonl").write_text("\n".join(lines), encoding="utf-8")
    source = FilesSource(path=str(work / "microsoft.jsonl"), company="Microsoft", columns={"text": "description"})
    yield path.name, read_files(source)
    yield "html_job_postings.zip", read_files(FilesSource(path=str(work / "html_job_postings"), label="indeed"))


def _read_comments(path: Path) -> Iterator[object]:
    """The postings of a thread, and None for each comment that is deleted or empty."""
    found = list(_read_thread(path, _Every()))  # type: ignore[arg-type]
    yield from found
    yield from [None] * (len(json.loads(gzip.decompress(path.read_bytes()))["comments"]) - len(found))


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data") / "postings"
    rows: list[dict[str, object]] = []
    comparable: list[NearRow] = []
    file_of: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as work:
        for number, (name, items) in enumerate(list_files(folder, Path(work))):
            start = time.process_time()
            parsed = foreign = count = 0
            refused: collections.Counter[str] = collections.Counter()
            for item in items:
                count += 1
                if not isinstance(item, PostingDraft):
                    refused["deleted or empty" if item is None else getattr(item, "field", "?")] += 1
                    continue
                each = render_posting(item)
                parsed += 1
                foreign += not is_english(find_language(each.text))
                # A comment may stand in two files, a row's number in every one.
                key = f"{number}:{each.id}"
                file_of[key] = number
                comparable.append(
                    (key, each.company, each.content_hash, each.posted_at, each.title, each.location, each.text)
                )
            why = "; ".join(f"{field}: {times}" for field, times in sorted(refused.items()))
            seconds = round(time.process_time() - start, 2)
            rows.append(
                {"file": name, "rows": count, "parsed": parsed, "refused": refused.total(), "why": why, "folded": 0}
                | {"not English": foreign, "seconds": seconds}
            )
    start = time.process_time()
    folded = collections.Counter(file_of[key] for key in find_repeats(comparable))
    for number, row in enumerate(rows):
        row["folded"] = folded[number]
    total = {name: sum(row[name] for row in rows) for name in rows[0] if name not in ("file", "why")}  # type: ignore[misc]
    writer = csv.DictWriter(sys.stdout, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows([*rows, {"file": "all", "why": "", **total}])
    print(f"folding: {time.process_time() - start:.0f} s of processor time", file=sys.stderr)


if __name__ == "__main__":
    main()
