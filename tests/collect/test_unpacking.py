import gzip
from pathlib import Path

import pyarrow as pa
import pytest

from skillextract.collect import unpacking
from skillextract.collect.unpacking import find_ending, open_bytes, shorten_fault, unpack
from skillextract.errors import SourceChanged
from skillextract.settings import FilesSource

CONTENT = b"PAR1 and more" * 99


def write(folder: Path, name: str, content: bytes) -> tuple[FilesSource, Path]:
    path = folder / name
    path.write_bytes(content)
    return FilesSource(path=str(path)), path


def pack(name: str) -> bytes:
    if name.endswith(".gz"):
        return gzip.compress(CONTENT)
    return pa.compress(CONTENT, codec="zstd", asbytes=True) if name.endswith(".zst") else CONTENT


@pytest.mark.parametrize(
    ("name", "ending"),
    [("p.jsonl", ".jsonl"), ("p.CSV.GZ", ".csv"), ("p.v2.html.zst", ".html"), ("p.gz", ""), ("p", "")],
)
def test_the_ending_is_that_of_the_form_and_not_of_the_packing(name: str, ending: str) -> None:
    assert find_ending(Path(name)) == ending


@pytest.mark.parametrize("name", ["p.parquet", "p.parquet.gz", "p.parquet.ZST"])
def test_bytes_are_those_that_were_packed(name: str, tmp_path: Path) -> None:
    source, path = write(tmp_path, name, pack(name.casefold()))
    with open_bytes(source, path) as stream:
        assert stream.read() == CONTENT


def test_a_plain_file_is_read_where_it_is(tmp_path: Path) -> None:
    source, path = write(tmp_path, "p.parquet", CONTENT)
    with unpack(source, path) as plain:
        assert plain == path


def test_a_packed_file_is_unpacked_into_a_copy_that_is_gone_afterwards(tmp_path: Path) -> None:
    source, path = write(tmp_path, "p.parquet.zst", pack("p.zst"))
    with unpack(source, path) as copy:
        assert (copy.suffix, copy.read_bytes()) == (".parquet", CONTENT)
    assert not copy.exists()


def test_a_packed_file_that_unpacks_to_more_than_the_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "_UNPACKED_LIMIT", 100)
    source, path = write(tmp_path, "p.parquet.gz", pack("p.gz"))
    with pytest.raises(SourceChanged, match="found more than 100 bytes when decompressed"), unpack(source, path):
        pass


@pytest.mark.parametrize("name", ["p.csv.gz", "p.csv.zst"])
def test_a_file_that_is_cut_off_is_named_with_what_packed_it(name: str, tmp_path: Path) -> None:
    source, path = write(tmp_path, name, pack(name)[:-9])
    kind = "gzip" if name.endswith(".gz") else "zstd"
    with pytest.raises(SourceChanged, match=f"found {kind} that is broken or cut off"), open_bytes(source, path) as cut:
        cut.read()


def test_a_fault_is_its_first_line_or_else_its_kind() -> None:
    assert [shorten_fault(ValueError(said)) for said in ("one\ntwo", "", "x" * 999)] == ["one", "ValueError", "x" * 160]
