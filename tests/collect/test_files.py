import gzip
import itertools
import json
import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from collect.fixtures import show
from reports.builders import make_full_tables, make_page
from skillextract.collect.files import read_files
from skillextract.errors import SourceChanged, SourceError
from skillextract.posting import PostingDraft
from skillextract.settings import FilesSource

CHANGED_AT = datetime(2026, 7, 5, tzinfo=UTC)
TEXT = "  We use C++ \r\nand\tGo.\n\n"


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Write a file of the working directory, as changed on a known day."""
    monkeypatch.chdir(tmp_path)

    def write(name: str, content: bytes | str) -> str:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        os.utime(path, (CHANGED_AT.timestamp(), CHANGED_AT.timestamp()))
        return name

    return write


def read(path: str, **options: Any) -> list[PostingDraft | str]:
    return [show(item) for item in read_files(FilesSource(path=path, **options))]


def draft(native_id: str, *, name: str, **facts: Any) -> PostingDraft:
    given: dict[str, Any] = {"title": "Engineer", "body": TEXT, "body_format": "text", **facts}
    return PostingDraft(id=f"files:{name}:{native_id}", source=f"files:{name}", fetched_at=CHANGED_AT, **given)


def jsonl(*rows: object) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


FULL = {
    "id": "p1", "title": " Engineer ", "text": TEXT, "html": "<p>left out</p>", "url": "https://a.example/1",
    "company": "Acme", "location": "Paris, France", "remote": "Hybrid",
    "posted_at": "2026-07-01", "updated_at": "2026-07-02T00:00:00Z",
    "employment_type": "full", "department": "R&D", "salary_min": 50000, "salary_max": 60000, "salary_currency": "eur",
    "salary_period": "year",
}  # fmt: skip
FULL_FACTS = {
    "url": "https://a.example/1", "company": "Acme", "location": "Paris, France", "country": "FR", "remote": "hybrid",
    "posted_at": datetime(2026, 7, 1, tzinfo=UTC), "updated_at": datetime(2026, 7, 2, tzinfo=UTC),
    "employment_type": "full", "department": "R&D",
    "salary_min": 50000.0, "salary_max": 60000.0, "salary_currency": "EUR", "salary_period": "year",
}  # fmt: skip


PACK = {"": bytes, ".gz": gzip.compress, ".zst": lambda content: pa.compress(content, codec="zstd", asbytes=True)}


def packed(name: str, content: bytes) -> bytes:
    """The content packed as the ending of the name says."""
    return PACK[Path(name).suffix if Path(name).suffix in PACK else ""](content)


def as_csv(rows: list[dict[str, Any]]) -> str:
    quoted = [[str(cell).replace('"', '""') for cell in (row.get(name, "") for name in FULL)] for row in rows]
    return ",".join(FULL) + "\n" + "".join(",".join(f'"{cell}"' for cell in cells) + "\n" for cells in quoted)


@pytest.mark.parametrize(
    "name", [f"p.{form}{packing}" for form in ("jsonl", "ndjson", "csv", "parquet") for packing in PACK]
)
def test_every_format_gives_the_same_postings_and_keeps_the_text_to_the_character(write: Any, name: str) -> None:
    rows: list[dict[str, Any]] = [FULL, {"title": "Engineer", "html": "<p>x</p>"}]
    if "parquet" in name:
        sink = pa.BufferOutputStream()
        pq.write_table(pa.Table.from_pylist(rows, schema=pa.Table.from_pylist([FULL]).schema), sink)
        content = sink.getvalue().to_pybytes()
    else:
        content = (as_csv(rows) if "csv" in name else jsonl(*rows)).encode()
    write(name, packed(name, content))
    # In a CSV the text of the first row takes four lines.
    second = "row 6" if "csv" in name else "row 2"
    assert read(name) == [
        draft("p1", name=name, **FULL_FACTS),
        draft(second, name=name, body="<p>x</p>", body_format="html"),
    ]


def test_the_number_of_a_row_without_an_id_is_not_taken_from_the_row_that_states_it(write: Any) -> None:
    rows = [{"title": "Engineer", "text": TEXT, **stated} for stated in ({"id": 3}, {}, {"id": ""}, {"id": 2})]
    write("p.jsonl", jsonl(*rows))
    write("p.csv", "id;title;text\n;Engineer;x\n2;Engineer;x\n")
    assert read("p.jsonl") == [draft(native_id, name="p.jsonl") for native_id in ("3", "row 2", "row 3", "2")]
    assert read("p.csv") == [draft(native_id, name="p.csv", body="x") for native_id in ("row 2", "2")]


def test_rows_of_a_file_without_ids_go_by_their_numbers(write: Any) -> None:
    write("p.jsonl", "\n" + jsonl(*[{"title": "Engineer", "text": TEXT}] * 2))
    assert read("p.jsonl") == [draft("2", name="p.jsonl"), draft("3", name="p.jsonl")]


def test_dates_that_mean_never_are_left_out_whatever_time_the_file_is_of(write: Any) -> None:
    """Unpacked files are often of 1970 or 1980: that says nothing of the dates in them."""
    write("p.jsonl", jsonl(*({"title": "Engineer", "text": TEXT, "posted_at": date} for date in NEVER)))
    os.utime("p.jsonl", (0, 0))
    assert [item.posted_at for item in read("p.jsonl")] == [None, None, datetime(2026, 7, 1, tzinfo=UTC)]


NEVER = ("0001-01-01T00:00:00", "9999-12-31", "2026-07-01")


def test_columns_company_and_label_are_as_configured(write: Any) -> None:
    write("data/p.jsonl", jsonl({"Job Title": "Engineer", "Job Description": TEXT, "id": 7}))
    columns = {"title": "Job Title", "text": "Job Description"}
    assert read("data/p.jsonl", columns=columns, company="Acme", label="old") == [
        draft("7", name="old", company="Acme")
    ]


HTML = "<h3>Requirements</h3><ul><li>Python</li><li>Go</li></ul>"


@pytest.mark.parametrize(
    ("body", "body_format"),
    [
        (HTML, "html"),
        ("<div>\n  <p>We build\n  things.</p>\n  <ul>\n    <li>Go</li>\n  </ul>\n</div>", "html"),
        ("We use<br>Python<BR />and Go", "html"),
        ("We use Python<br>and Go", "text"),
        ("You replace <b>jQuery</b> &amp; <i>Ember</i>, and vectors such as std::vector<int>.", "text"),
        ("# We use<br>\n- Python\n- Go\n- Rust\n\n<br>Apply.", "text"),
        ("You know what </p> and </li> end.\nYou know CSS.\nYou know Go.\nYou know Rust.", "text"),
    ],
)
def test_html_in_the_column_of_text_is_read_as_html_and_markdown_with_a_few_tags_is_not(
    write: Any, body: str, body_format: str
) -> None:
    """Its headings and items were once one line of plain text."""
    write("p.jsonl", jsonl({"title": "Engineer", "text": body}))
    assert read("p.jsonl") == [draft("1", name="p.jsonl", body=body, body_format=body_format)]


@pytest.mark.parametrize(
    ("columns", "body", "body_format"),
    [
        ({"html": "text"}, "C++ <b>Go</b>", "html"),
        ({"html": "page"}, "<i>Rust</i>", "html"),
        ({"html": "page", "text": "text"}, "C++ <b>Go</b>", "text"),
        ({"text": "page"}, "<i>Rust</i>", "text"),
    ],
)
def test_a_column_that_is_named_for_html_goes_before_the_one_that_is_called_text(
    write: Any, columns: dict[str, str], body: str, body_format: str
) -> None:
    write("p.jsonl", jsonl({"title": "Engineer", "text": "C++ <b>Go</b>", "page": "<i>Rust</i>"}))
    assert read("p.jsonl", columns=columns) == [draft("1", name="p.jsonl", body=body, body_format=body_format)]


def test_unknown_columns_are_told_once(write: Any, caplog: pytest.LogCaptureFixture) -> None:
    write("p.jsonl", jsonl(*[{"title": "Engineer", "text": "x", "rating": 5, "Size": 1}] * 3))
    with caplog.at_level(logging.INFO):
        assert len(read("p.jsonl")) == 3
    assert [message.split(";")[0] for message in caplog.messages] == [
        "files:p.jsonl: p.jsonl: left out the columns Size, rating"
    ]


def test_a_columns_name_that_holds_a_terminals_commands_is_told_without_them(
    write: Any, caplog: pytest.LogCaptureFixture
) -> None:
    write("p.jsonl", jsonl({"title": "Engineer", "text": "x", "a\x1b[2J\nWARNING forged\ud800": 1}))
    with caplog.at_level(logging.INFO):
        assert len(read("p.jsonl")) == 1
    assert [message.split(";")[0] for message in caplog.messages] == [
        "files:p.jsonl: p.jsonl: left out the columns a [2J WARNING forged\ufffd"
    ]


def test_rows_at_fault_are_named_by_file_and_line_and_the_others_go_on(write: Any) -> None:
    write(
        "p.jsonl",
        jsonl({"title": "Engineer", "text": TEXT})
        + '{"title": "cut off\n'
        + "[1]\n"
        + "\n"
        + jsonl({"title": "No text", "text": " ", "html": None}, {"text": "x"}, {"title": "T", "text": 5})
        + '{"title": "Engineer", "text": "last"}',
    )
    assert read("p.jsonl") == [
        draft("1", name="p.jsonl"),
        "files:p.jsonl: posting p.jsonl:2: row: found no JSON (Unterminated string starting at: line 1 column 11 (char "
        "10)), expected one object a line; mend the line",
        "files:p.jsonl: posting p.jsonl:3: row: found JSON that is no object, expected one object a line; mend the "
        "line",
        "files:p.jsonl: posting p.jsonl:5: text: found no text, expected `text` or `html`; fill it, or say "
        "which column is which: `columns` in the settings, --column of a command",
        "files:p.jsonl: posting p.jsonl:6: title: found nothing, expected text; mend the row",
        "files:p.jsonl: posting p.jsonl:7: text: found 5, expected the description; mend the row",
        draft("8", name="p.jsonl", body="last"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        "title;text\nEngineer;one, two\n",
        "\ufefftitle;text\r\nEngineer;one, two\r\n",
        "sep=;\r\ntitle;text\r\nEngineer;one, two\r\n",
        "sep=x\ttitle\ttext\n1\tEngineer\tone, two\n",
        "title\ttext\nEngineer\tone, two\n",
        "title|text\nEngineer|one, two\n",
        'title,text\nEngineer,"one, two"\n',
        '"title";"text"\n"Engineer";"one, two"\n',
        '"pay, in EUR; a year";title;text\n;Engineer;one, two\n',
    ],
    ids=[
        "semicolon",
        "Excel in German",
        "Excel's sep=",
        "a column called sep=x",
        "tab",
        "bar",
        "comma",
        "quotes",
        "both in a heading",
    ],
)
def test_what_parts_the_cells_of_a_csv_is_told_by_its_header(write: Any, content: str) -> None:
    write("p.csv", content)
    [found] = read("p.csv")
    assert (found.title, found.body) == ("Engineer", "one, two")


def test_a_file_of_nothing_but_a_stated_delimiter_is_told_as_any_without_columns(write: Any) -> None:
    write("p.csv", "sep=")
    with pytest.raises(SourceError, match=r"p\.csv"):
        read("p.csv")


def test_a_tsv_is_read_by_its_ending_and_columns_of_other_names_tell_the_delimiter(write: Any) -> None:
    write("p.tsv", "Job Title\tBody\nEngineer\tone; two\n")
    [found] = read("p.tsv", columns={"title": "Job Title", "text": "Body"})
    assert (found.title, found.body) == ("Engineer", "one; two")


def test_csv_rows_of_another_length_are_named_with_what_makes_a_row_too_long_and_what_too_short(write: Any) -> None:
    write("p.csv", "title,text\nEngineer,one\nEngineer,two, three\n\nEngineer,four\nfive\n")
    assert read("p.csv") == [
        draft("2", name="p.csv", body="one"),
        "files:p.csv: posting p.csv:3: row: found 3 cells, expected 2; put cells with ',' in quotes",
        draft("5", name="p.csv", body="four"),
        "files:p.csv: posting p.csv:6: row: found 1 cell, expected 2; add what is missing, or put a cell that has a "
        "line break in quotes",
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("p.jsonl", '[{"title": "T"}]', "p.jsonl:1: found JSON that is no object, expected one JSON object a line"),
        ("p.jsonl", "title,text\n", "p.jsonl:1: found no JSON (Expecting value"),
        ("p.csv", "name,body\n", "p.csv:1: found the columns name, body, expected `title` and one of `html`, `text`"),
        ("p.csv", "title,text,title\n", "p.csv:1: found two columns of one name"),
        ("p.csv", 'title,text\nT,"never ends\n', "p.csv:2: found no CSV (unexpected end of data)"),
        (
            "p.csv",
            b"title,text\nT,caf\xe9\n",
            "p.csv:2: found the byte 0xe9, which is not UTF-8, expected UTF-8; save the file as UTF-8 (Excel calls it "
            '"CSV UTF-8 (comma delimited)")',
        ),
        (
            "p.csv",
            "title,text\n".encode("utf-16"),
            "p.csv: found UTF-16 (by the mark that the file begins with), expected",
        ),
        ("p.csv", b"\xfe\xff" + "title,text\n".encode("utf-16-be"), "p.csv: found UTF-16 (by the mark that the file"),
        ("p.jsonl", jsonl({"title": "T"}).encode("utf-16"), "p.jsonl: found UTF-16 (by the mark that the file begins"),
        ("p.parquet", b"PAR1 no", "p.parquet: found no Parquet that can be read"),
        ("p.jsonl.gz", b"plain", "p.jsonl.gz: found gzip that is broken or cut off"),
        ("p.csv.zst", b"plain", "p.csv.zst: found zstd that is broken or cut off"),
        (
            "p.jsonl.zst",
            packed("p.zst", b'{"title": "T"}' * 999)[:-4],
            "p.jsonl.zst: found zstd that is broken or cut off",
        ),
        ("p.parquet.gz", gzip.compress(b"PAR1 no more", mtime=0), "p.parquet.gz: found no Parquet that can be read"),
        (
            "p.jsonl.gz",
            gzip.compress(b'{"title": "T"}', mtime=0)[:-9],
            "p.jsonl.gz: found gzip that is broken or cut off",
        ),
        ("p.xlsx", b"PK", "p.xlsx: found the ending '.xlsx', expected one of .jsonl, .ndjson, .csv"),
    ],
)
def test_a_file_that_is_something_else_is_named(write: Any, name: str, content: bytes | str, message: str) -> None:
    write(name, content)
    with pytest.raises(SourceChanged) as caught:
        read(name)
    assert str(caught.value).startswith(f"files:{name}: {message}")


def test_a_missing_file_and_a_folder_of_the_wrong_format_are_named(write: Any) -> None:
    with pytest.raises(
        SourceChanged,
        match=r"gone\.csv: found nothing there \(from the working directory: /.*/gone\.csv\), expected a file or",
    ):
        read("gone.csv")
    write("folder/a.html", "")
    with pytest.raises(SourceChanged, match="folder: found a folder, expected a csv file"):
        read("folder", format="csv")


def write_parquet(write: Any, **columns: Any) -> None:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), sink)
    write("p.parquet", sink.getvalue().to_pybytes())


@pytest.mark.parametrize(
    ("dates", "kind"),
    [
        (pa.array([10**15, 1782864000000], pa.timestamp("ms")), "timestamp[ms]"),
        (pa.array([10**8, 20635], pa.date32()), "date32[day]"),
    ],
)
def test_a_date_of_parquet_that_python_cannot_hold_is_left_out_and_told(
    write: Any, caplog: pytest.LogCaptureFixture, dates: pa.Array, kind: str
) -> None:
    write_parquet(write, id=["a", "b"], title=["Engineer"] * 2, text=[TEXT] * 2, posted_at=dates)
    assert read("p.parquet") == [
        draft("a", name="p.parquet"),
        draft("b", name="p.parquet", posted_at=datetime(2026, 7, 1, tzinfo=UTC)),
    ]
    assert caplog.messages == [
        "files:p.parquet: posted_at could not be read in 1 postings, which are kept without it "
        f"(first: posting p.parquet:1: found a {kind} that cannot be read, expected a date, 1990 or later)"
    ]


def test_a_time_zone_of_parquet_that_nobody_knows_costs_the_date_alone(write: Any) -> None:
    dates = pa.array([1782864000000], pa.timestamp("ms", tz="Mars/Base"))
    write_parquet(write, id=["a"], title=["Engineer"], text=[TEXT], posted_at=dates)
    assert read("p.parquet") == [draft("a", name="p.parquet")]


def test_a_text_of_parquet_that_is_not_utf8_costs_its_row_alone(write: Any) -> None:
    binary = pa.array([b"caf\xe9", TEXT.encode()], pa.binary())
    texts = pa.Array.from_buffers(pa.string(), 2, binary.buffers())
    write_parquet(write, id=["a", "b"], title=["Engineer"] * 2, text=texts)
    assert read("p.parquet") == [
        "files:p.parquet: posting p.parquet:1: text: found a string that cannot be read, expected the description; "
        "mend the row",
        draft("b", name="p.parquet"),
    ]


@pytest.mark.parametrize("name", ["p.jsonl", "p.csv"])
def test_an_empty_file_has_no_postings(write: Any, name: str) -> None:
    write(name, "")
    assert read(name) == []


def test_a_folder_of_pages_is_read_in_order(write: Any) -> None:
    write("pages/b.html", "<html><head><title> ML Engineer &amp;\n Co </title></head><body><p>Go.</p></body></html>")
    write("pages/a/x.HTM", '<meta charset="latin-1"><title>Café</title><p>naïve</p>'.encode("latin-1"))
    write("pages/c.html", "<title></title><p>x</p>")
    write("pages/d.html", "<title>T</title><body> </body>")
    write("pages/notes.txt", "no page")
    html = {"name": "pages", "body_format": "html"}
    assert read("pages") == [
        draft("a/x.HTM", title="Café", body="<body><p>naïve</p></body>", **html),
        draft("b.html", title="ML Engineer & Co", body="<body><p>Go.</p></body>", **html),
        "files:pages: posting c.html: title: pages/c.html: found no <title>, expected the title of the posting in "
        "it; add one",
        "files:pages: posting d.html: body: pages/d.html: found no text in <body>, expected the posting; remove the "
        "page",
    ]


def test_a_page_whose_name_is_not_utf8_gets_an_id_of_its_own(write: Any) -> None:
    """A file name of Linux is any bytes; those that are not UTF-8 no table can hold."""
    page = "<title>Engineer</title><p>Go</p>"
    try:
        write(os.fsdecode(b"pages/caf\xe9.html"), page)
    except OSError:
        pytest.skip("this disk has no such names")
    write("pages/caf%E9.html", page)
    write("pages/café.html", page)
    write(os.fsdecode(b"pages/caf\xe8.html"), "<title></title>")
    html = {"name": "pages", "title": "Engineer", "body": "<body><p>Go</p></body>", "body_format": "html"}
    assert read("pages") == [
        draft("caf%E9.html", **html),
        draft("café.html", **html),
        "files:pages: posting ./caf%E8.html: title: pages/caf\ufffd.html: found no <title>, expected the title of the "
        "posting in it; add one",
        draft("./caf%E9.html", **html),
    ]


def test_a_report_of_this_program_in_a_folder_is_no_posting_and_is_told(
    write: Any, caplog: pytest.LogCaptureFixture
) -> None:
    write("pages/lake/report.html", make_page(make_full_tables()))
    write("pages/a.html", "<title>Engineer</title><p>Python</p>")
    assert read("pages") == [
        draft("a.html", name="pages", body="<body><p>Python</p></body>", body_format="html"),
    ]
    assert caplog.messages == [
        "files:pages: left out 1 of 2 pages, which are reports of this program and no postings "
        "(first: pages/lake/report.html)"
    ]


def test_files_are_read_as_they_are_asked_for(write: Any) -> None:
    # The last line would raise; the first posting is there before it is read.
    write("p.csv", b"title,text\nEngineer,one\n" + b"Engineer,x\n" * 20_000 + b"T,caf\xe9\n")
    assert show(next(read_files(FilesSource(path="p.csv")))) == draft("2", name="p.csv", body="one")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["Linux", "Windows", "old Mac"])
def test_the_line_of_a_csv_that_is_not_utf8_is_named_exactly_and_all_before_it_are_read(write: Any, end: str) -> None:
    rows = [f'Engineer,"é one{end}two {number}"' for number in range(2_000)]
    lines = end.join(["title,text", *rows, 'Engineer,"one'])
    write("p.csv", b"\xef\xbb\xbf" + lines.encode() + f"{end}caf".encode() + b"\xe9" + f'"{end}'.encode())
    found = read_files(FilesSource(path="p.csv"))
    assert [item.id for item in itertools.islice(found, 2_000) if isinstance(item, PostingDraft)] == [
        f"files:p.csv:{2 * number + 2}" for number in range(2_000)
    ]
    with pytest.raises(SourceChanged, match=r"^files:p\.csv: p\.csv:4003: found the byte 0xe9, which is not UTF-8, "):
        next(found)


def test_packed_pages_of_a_folder_are_read_and_one_that_is_broken_is_named(write: Any) -> None:
    page = b"<title>Engineer</title><body>x</body>"
    for name in ("d/a.html", "d/b.html.gz", "d/c.htm.zst"):
        write(name, packed(name, page))
    write("d/e.html.zst", packed("e.zst", page * 999)[:-4])
    write("d/readme.txt.gz", b"no page")
    *drafts, broken = read("d")
    assert [item.id if isinstance(item, PostingDraft) else item for item in drafts] == [
        "files:d:a.html", "files:d:b.html.gz", "files:d:c.htm.zst",
    ]  # fmt: skip
    assert str(broken).startswith(
        "files:d: posting e.html.zst: body: d/e.html.zst: found zstd that is broken or cut off"
    )
