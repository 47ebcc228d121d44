"""Files as they are given, packed by gzip or zstd or not at all, and the lines of text in them."""

from __future__ import annotations

import codecs
import contextlib
import gzip
import io
import itertools
import re
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

import pyarrow as pa

from skillextract.errors import SourceChanged
from skillextract.settings import FilesSource

_PACKINGS = (".gz", ".zst")
_CHUNK = 1024 * 1024
_UNPACKED_LIMIT = 4 * 1024**3
"""Bytes that a packed Parquet file may unpack to; the other forms are read as they are unpacked."""
_EXPECTED = 'expected UTF-8; save the file as UTF-8 (Excel calls it "CSV UTF-8 (comma delimited)")'
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
"""What `surrogateescape` makes of a byte that is not UTF-8; no text in UTF-8 has one of these."""


@contextlib.contextmanager
def open_bytes(source: FilesSource, path: Path) -> Iterator[IO[bytes]]:
    """The bytes of a file, decompressed where it ends in `.gz` or `.zst`."""
    packing = path.suffix.casefold()
    try:
        if packing == ".gz":
            with gzip.open(path) as unpacked:
                yield cast(IO[bytes], unpacked)
        elif packing == ".zst":
            with _ZstdFile(path) as raw:
                yield cast(IO[bytes], io.BufferedReader(raw))
        else:
            with path.open("rb") as plain:
                yield plain
    except (gzip.BadGzipFile, EOFError, zlib.error, _BrokenZstdError) as error:
        packed_as = "zstd" if packing == ".zst" else "gzip"
        message = f"found {packed_as} that is broken or cut off ({shorten_fault(error)}), expected a whole file"
        raise SourceChanged(source.name, source.path, f"{message}; compress it anew") from error


class _BrokenZstdError(Exception):
    pass


class _ZstdFile(io.RawIOBase):
    """A zstd file as a stream; pyarrow's reader, unlike others, tells one that is cut off."""

    def __init__(self, path: Path) -> None:
        self._stream = pa.input_stream(str(path), compression="zstd")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            return cast(int, self._stream.readinto(buffer))
        except OSError as error:
            raise _BrokenZstdError(str(error)) from error

    def close(self) -> None:
        self._stream.close()
        super().close()


@contextlib.contextmanager
def unpack(source: FilesSource, path: Path) -> Iterator[Path]:
    """A file that can be read at any place: the file itself, or a copy that is decompressed and gone afterwards."""
    if path.suffix.casefold() not in _PACKINGS:
        yield path
        return
    with tempfile.NamedTemporaryFile(suffix=path.with_suffix("").suffix) as copy:
        with open_bytes(source, path) as stream:
            size = 0
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > _UNPACKED_LIMIT:
                    raise SourceChanged(
                        source.name,
                        source.path,
                        f"found more than {_UNPACKED_LIMIT} bytes when decompressed, expected less; unpack it yourself",
                    )
                copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def decode_lines(source: FilesSource, stream: IO[bytes], *, longest_first: int) -> Iterator[str]:
    """The lines of a file in UTF-8, each with its end; of the first at most so many characters at once.

    Raises:
        SourceChanged: a line is not UTF-8; it is named, and the lines before it have been yielded.
    """
    # A decoder that raises does so far ahead of the line that it is asked for, and cannot say which line it is.
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    first = text.readline(longest_first)
    refuse_utf16(source, first[:2].encode(errors="surrogateescape"))
    for number, line in enumerate(itertools.chain([first] if first else [], text), start=1):
        # All but a few lines of a file in English are ASCII, which a string knows of itself.
        if not line.isascii() and (odd := _NOT_UTF8.search(line)):
            [byte] = odd[0].encode(errors="surrogateescape")
            raise SourceChanged(
                source.name,
                f"{source.path}:{number}",
                f"found the byte 0x{byte:02x}, which is not UTF-8, {_EXPECTED}",
            )
        yield line


def refuse_utf16(source: FilesSource, head: bytes) -> None:
    """Refuse a file that begins with the mark of UTF-16, as Windows writes what it calls "Unicode text".

    Raises:
        SourceChanged: so it begins.
    """
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise SourceChanged(
            source.name, source.path, f"found UTF-16 (by the mark that the file begins with), {_EXPECTED}"
        )


def find_ending(path: Path) -> str:
    """The ending that tells the form, that of the packing not counted."""
    endings = [ending.casefold() for ending in path.suffixes]
    if endings[-1:] and endings[-1] in _PACKINGS:
        endings.pop()
    return endings[-1] if endings else ""


def shorten_fault(error: BaseException) -> str:
    """The first line of what a library says is wrong, at most 160 characters of it."""
    return (str(error) or type(error).__name__).splitlines()[0][:160]
