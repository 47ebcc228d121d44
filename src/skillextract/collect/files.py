"""Postings from files: JSONL, CSV and Parquet with one row a posting, and folders of HTML pages."""

from __future__ import annotations

import csv
import html
import itertools
import json
import logging
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Literal
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq

from skillextract.collect.arrow_rows import read_batch
from skillextract.collect.countries import find_country, read_country
from skillextract.collect.markup import decode_page, is_html, parse_html
from skillextract.collect.record import (
    OddFields,
    Record,
    clean_text,
    leave_out_later,
    read_currency,
    read_period,
    read_remote,
)
from skillextract.collect.unpacking import decode_lines, find_ending, open_bytes, refuse_utf16, shorten_fault, unpack
from skillextract.errors import PostingError, SourceChanged, clean_message
from skillextract.posting import PostingDraft
from skillextract.settings import FILE_COLUMNS, FilesSource

logger = logging.getLogger(__name__)

# Files are read by runs with settings, and by commands with options.
_SAY_FORM = "say what it is: `format` in the settings, --format of `skillextract extract`"
_SAY_COLUMNS = "say which column is which: `columns` in the settings, --column of a command"

_ENDINGS = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv", ".parquet": "parquet", ".html": "html",
    ".htm": "html",
}  # fmt: skip
_ROW_LIMIT = 16 * 1024 * 1024
"""Characters of one row, and bytes of one HTML page, beyond which the file is taken for something else."""
_DELIMITERS = ",;\t|"
_STATED_DELIMITER = re.compile(r"sep=([,;\t|])\r?\n?")
_BATCH = 1000
_HEAD, _REPORT_MARK = 4096, b'<meta name="generator" content="skillextract">'
"""The first bytes of a page, and what the program's own reports have among them."""
Row = tuple[int, Mapping[str, object] | PostingError]
"""The number of a row, as people count it in that kind of file, and its values or what is wrong with it."""


def read_files(source: FilesSource) -> Iterator[PostingDraft | PostingError]:
    """The postings of a file or folder, row by row; the file is never held in memory as a whole.

    A row needs `title` and `text` or `html`. `text` is plain or Markdown, or HTML where `markup.is_html` says so; it
    goes before `html` where a row has both, but where the settings name the column of `html` alone. Without an `id` the
    row's number is taken: the line in JSONL and CSV, the row in Parquet, counted from 1; `row 3` where the file has ids
    for other rows, of which one may be 3. The other columns of `settings.FILE_COLUMNS` are taken where they are;
    further ones are named once in the log. `fetched_at` is when the file was last changed, so the same file gives the
    same postings.

    Raises:
        SourceChanged: the file is missing or is not what its ending says, from the line on that the message names;
            rows before that line have been yielded.
    """
    path = Path(source.path)
    kind = _kind_of(source, path)
    try:
        changed_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        if kind == "html":
            yield from _read_pages(source, path)
            return
        rows = {"jsonl": _read_jsonl, "csv": _read_csv, "parquet": _read_parquet}[kind](source, path)
        yield from _read_rows(source, rows, changed_at)
    except OSError as error:
        raise SourceChanged(
            source.name, source.path, f"cannot be read ({error.strerror or error}), expected a file; check its path"
        ) from error


def find_missing(source: FilesSource) -> SourceChanged | None:
    """Return the fault of a source whose file or folder is not there, as `read_files` raises it; else None."""
    path = Path(source.path)
    return None if path.exists() else SourceChanged(source.name, source.path, _tell_missing(path))


def _tell_missing(path: Path) -> str:
    meant = "" if path.is_absolute() else f" (from the working directory: {path.absolute()})"
    return f"found nothing there{meant}, expected a file or folder; check its path"


def tell_form(path: Path) -> str | None:
    """Return the form that the ending of a file tells (`jsonl`, `csv`, `parquet`, `html`), None for any other."""
    return _ENDINGS.get(find_ending(path))


def _kind_of(source: FilesSource, path: Path) -> str:
    if not path.exists():
        raise SourceChanged(source.name, source.path, _tell_missing(path))
    if path.is_dir():
        if source.format not in ("auto", "html"):
            raise SourceChanged(
                source.name, source.path, f"found a folder, expected a {source.format} file; name the file itself"
            )
        return "html"
    if source.format != "auto":
        return source.format
    kind = tell_form(path)
    if kind is None:
        raise SourceChanged(
            source.name,
            source.path,
            f"found the ending {path.suffix or '(none)'!r}, expected one of {', '.join(_ENDINGS)}, each also with .gz "
            f"or .zst; rename the file or {_SAY_FORM}",
        )
    return kind


def _read_rows(source: FilesSource, rows: Iterator[Row], changed_at: datetime) -> Iterator[PostingDraft | PostingError]:
    odd = OddFields(source.name)
    told = with_ids = False
    try:
        for number, values in rows:
            if isinstance(values, PostingError):
                yield values
                continue
            if not told:
                told = True
                _tell_unknown(source, values)
            fields = {ours: values.get(source.columns.get(ours, ours)) for ours in FILE_COLUMNS}
            record = Record(
                fields, source=source.name, posting_id=f"{source.path}:{number}", odd=odd, advice="mend the row"
            )
            # A file with ids may state the number of any row as the id of another one.
            with_ids = with_ids or source.columns.get("id", "id") in values
            try:
                yield leave_out_later(_read_row(record, source, number, changed_at, with_ids=with_ids), odd)
            except PostingError as error:
                yield error
    finally:
        odd.tell()


def _read_row(
    record: Record, source: FilesSource, number: int, changed_at: datetime, *, with_ids: bool
) -> PostingDraft:
    body, body_format = _choose_body(record, source)
    if body is None:
        column = source.columns.get("text", "text")
        raise record.fault(column, f"found no text, expected `text` or `html`; fill it, or {_SAY_COLUMNS}")
    stated = record.fields.get("id")
    if stated is None or stated == "":
        native_id = f"row {number}" if with_ids else str(number)
    else:
        native_id = record.require_id("id")
    location = record.text("location")
    country = record.text("country")
    pay = record.salary(
        record.amount("salary_min"), record.amount("salary_max"),
        read_currency(record.text("salary_currency")), read_period(record.text("salary_period")),
    )  # fmt: skip
    return PostingDraft(
        id=f"{source.name}:{native_id}",
        source=source.name,
        url=record.text("url"),
        title=record.require_text("title"),
        company=record.text("company") or source.company,
        location=location,
        country=read_country(country) if country else find_country(location or ""),
        remote=read_remote(record.text("remote")),
        posted_at=record.instant("posted_at"),
        updated_at=record.instant("updated_at"),
        employment_type=record.text("employment_type"),
        department=record.text("department"),
        salary_min=pay.minimum,
        salary_max=pay.maximum,
        salary_currency=pay.currency,
        salary_period=pay.period,
        body=body,
        body_format=body_format,
        fetched_at=changed_at,
        row=number,
    )


def _choose_body(record: Record, source: FilesSource) -> tuple[str | None, Literal["text", "html"]]:
    """The description of a row, None where it has none, and its form."""
    text, markup = record.body("text"), record.body("html")
    # `html = "text"` says what the column `text` holds; that ours is called so, too, must not outweigh it.
    asked_for_html = "html" in source.columns and "text" not in source.columns
    if markup and (asked_for_html or not text):
        return markup, "html"
    return text, "html" if text and is_html(text) else "text"


def _tell_unknown(source: FilesSource, values: Mapping[str, object]) -> None:
    known = {source.columns.get(ours, ours) for ours in FILE_COLUMNS}
    unknown = sorted(str(name) for name in values if name not in known)
    if unknown:
        logger.info(
            "%s: %s: left out the columns %s; if one of them is one of %s, %s",
            source.name, source.path, clean_message(", ".join(unknown[:20])), ", ".join(FILE_COLUMNS), _SAY_COLUMNS,
        )  # fmt: skip


def _read_jsonl(source: FilesSource, path: Path) -> Iterator[Row]:
    with open_bytes(source, path) as stream:
        objects = 0
        for number, line in enumerate(_lines(source, path, stream), start=1):
            if number == 1:
                refuse_utf16(source, line)
                line = line.removeprefix(b"\xef\xbb\xbf")
            if not line.strip():
                continue
            try:
                value = json.loads(line.rstrip(b"\r\n").decode())
            except (ValueError, RecursionError) as error:
                value, message = None, f"found no JSON ({shorten_fault(error)})"
            else:
                message = "found JSON that is no object"
            if isinstance(value, dict):
                objects += 1
                yield number, value
            elif objects:
                yield number, _row_fault(source, number, f"{message}, expected one object a line; mend the line")
            else:
                # No line was right yet: this is another kind of file.
                raise SourceChanged(
                    source.name,
                    f"{source.path}:{number}",
                    f"{message}, expected one JSON object a line; write one posting a line (`jq -c '.[]'` does it for "
                    f"a list), or {_SAY_FORM}",
                )


def _read_csv(source: FilesSource, path: Path) -> Iterator[Row]:
    # The limit is the csv module's own and can only be set for the whole process; a description may exceed its 128 KiB.
    csv.field_size_limit(max(csv.field_size_limit(), _ROW_LIMIT))
    with open_bytes(source, path) as stream:
        lines = decode_lines(source, stream, longest_first=_ROW_LIMIT)
        first, delimiter = "", ","
        reader = csv.reader(lines)
        try:
            first = next(lines, "")
            delimiter = _find_delimiter(source, first)
            reader = csv.reader(itertools.chain([first] if first else [], lines), strict=True, delimiter=delimiter)
            if _STATED_DELIMITER.fullmatch(first):
                next(reader)
            header = next(reader, None)
            if header is None:
                return
            _check_header(source, header)
            while True:
                number = reader.line_num + 1
                cells = next(reader, None)
                if cells is None:
                    return
                if not cells:
                    continue
                if len(cells) != len(header):
                    message = _tell_length(len(cells), len(header), delimiter)
                    yield number, _row_fault(source, number, message)
                    continue
                # An empty cell is how CSV writes that there is nothing.
                yield number, {name: cell or None for name, cell in zip(header, cells, strict=True)}
        except csv.Error as error:
            raise SourceChanged(
                source.name,
                f"{source.path}:{reader.line_num}",
                f"found no CSV ({error}), expected cells parted by {delimiter!r} and in double quotes; a quote may be "
                "missing before",
            ) from error


def _tell_length(found: int, expected: int, delimiter: str) -> str:
    """What is wrong with a row of too many or too few cells, and what mostly made it so."""
    advice = (
        f"put cells with {delimiter!r} in quotes"
        if found > expected
        else "add what is missing, or put a cell that has a line break in quotes"
    )
    return f"found {found} {'cell' if found == 1 else 'cells'}, expected {expected}; {advice}"


def _find_delimiter(source: FilesSource, line: str) -> str:
    """What parts the cells of a CSV file, told by its first line; a comma where that does not tell it.

    Excel writes semicolons where commas are decimal, and sometimes `sep=;` before the header. `csv.Sniffer` counts
    characters; we know which columns a header has to name, so the delimiter that yields most of them is the right one.
    """
    stated = _STATED_DELIMITER.fullmatch(line)
    if stated:
        return stated[1]
    known = {source.columns.get(ours, ours) for ours in FILE_COLUMNS}

    def weigh(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([line], delimiter=delimiter), [])
        return len(known.intersection(cells)), len(cells)

    return max(_DELIMITERS, key=weigh)


def _check_header(source: FilesSource, header: list[str]) -> None:
    text_columns = {source.columns.get(name, name) for name in ("text", "html")}
    title = source.columns.get("title", "title")
    missing = [] if title in header else [f"`{title}`"]
    missing += [] if text_columns & set(header) else [f"one of `{'`, `'.join(sorted(text_columns))}`"]
    if missing:
        raise SourceChanged(
            source.name,
            f"{source.path}:1",
            f"found the columns {', '.join(header[:20])[:300]}, expected {' and '.join(missing)}; {_SAY_COLUMNS}",
        )
    if len(set(header)) < len(header):
        raise SourceChanged(
            source.name, f"{source.path}:1", "found two columns of one name, expected each once; rename one of them"
        )


def _read_parquet(source: FilesSource, path: Path) -> Iterator[Row]:
    try:
        with unpack(source, path) as plain, pq.ParquetFile(plain) as file:
            header = file.schema_arrow.names
            _check_header(source, header)
            known = {source.columns.get(ours, ours) for ours in FILE_COLUMNS}
            _tell_unknown(source, dict.fromkeys(header))
            number = 0
            for batch in file.iter_batches(_BATCH, columns=[name for name in header if name in known]):
                for values in read_batch(batch):
                    number += 1
                    yield number, values
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
        raise SourceChanged(
            source.name,
            source.path,
            f"found no Parquet that can be read ({shorten_fault(error)}), expected a whole file; write it anew",
        ) from error


def _read_pages(source: FilesSource, path: Path) -> Iterator[PostingDraft | PostingError]:
    pages = sorted(_pages_of(path), key=lambda page: page.as_posix()) if path.is_dir() else [path]
    reports: list[Path] = []
    for page in pages:
        native_id = _name_page(page.relative_to(path).as_posix() if path.is_dir() else page.name)
        try:
            draft = _read_page(source, page, native_id)
            if draft is None:
                reports.append(page)
            else:
                yield draft
        except PostingError as error:
            yield error
        except (SourceChanged, OSError) as error:
            # One page of a folder that cannot be unpacked or opened is no reason to lose the others.
            message = str(error).removeprefix(clean_message(f"{source.name}: {source.path}: "))
            yield PostingError(source.name, native_id, "body", f"{page}: {message}")
    if reports:
        logger.warning(
            "%s: left out %d of %d pages, which are reports of this program and no postings (first: %s)",
            source.name, len(reports), len(pages), clean_message(str(reports[0])),
        )  # fmt: skip


def _name_page(name: str) -> str:
    """The id of a page: its name, and where that is not UTF-8 its bytes in percents behind `./`, as no name begins."""
    return name if clean_text(name) == name else f"./{quote(os.fsencode(name))}"


def _pages_of(folder: Path) -> Iterable[Path]:
    return (page for page in folder.rglob("*") if tell_form(page) == "html" and page.is_file())


def _read_page(source: FilesSource, page: Path, native_id: str) -> PostingDraft | None:
    """The posting of a page; None where the page is a report of this program."""

    def fault(field: str, message: str) -> PostingError:
        return PostingError(source.name, native_id, field, f"{page}: {message}")

    with open_bytes(source, page) as stream:
        content = stream.read(_HEAD)
        if _REPORT_MARK in content:
            return None
        content += stream.read(_ROW_LIMIT + 1 - len(content))
    if len(content) > _ROW_LIMIT:
        raise fault("body", f"found more than {_ROW_LIMIT} bytes, expected the page of one posting; split or remove it")
    tree = parse_html(decode_page(content))
    title, body = tree.css_first("title"), tree.body
    stated = " ".join(html.unescape(title.text()).split()) if title else ""
    if not stated:
        raise fault("title", "found no <title>, expected the title of the posting in it; add one")
    if body is None or not body.text().strip():
        raise fault("body", "found no text in <body>, expected the posting; remove the page")
    return PostingDraft(
        id=f"{source.name}:{native_id}",
        source=source.name,
        title=clean_text(stated),
        company=source.company,
        body=clean_text(body.html or ""),
        body_format="html",
        fetched_at=datetime.fromtimestamp(page.stat().st_mtime, UTC),
    )


def _lines(source: FilesSource, path: Path, stream: IO[bytes]) -> Iterator[bytes]:
    number = 0
    while line := stream.readline(_ROW_LIMIT):
        number += 1
        if len(line) == _ROW_LIMIT:
            raise SourceChanged(
                source.name,
                f"{source.path}:{number}",
                f"found a line of {_ROW_LIMIT} bytes or more, expected one posting a line, or {_SAY_FORM}",
            )
        yield line


def _row_fault(source: FilesSource, number: int, message: str) -> PostingError:
    return PostingError(source.name, f"{source.path}:{number}", "row", message)
