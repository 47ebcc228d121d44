"""Mentions of an earlier snapshot, used again where text and reader are the same.

What is found in a posting depends on its title, its text, its employer, which lines are that employer's boilerplate,
and the reader: patterns, code and tokenizer. The hash of the first four stands in `index/`, that of the reader in the
manifest. `content_hash` is not enough: it overlooks case and white space, and the offsets of mentions do not.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from importlib import metadata, resources

import numpy as np
import pyarrow as pa

from skillextract.errors import LakeError
from skillextract.lake import Lake
from skillextract.skills.mention import MENTION_SCHEMA

Key = bytes
"""16 bytes that are the same for the same title, text, employer and boilerplate."""
Place = tuple[str, int, int]
"""Where the mentions of a text stand: path of a part of mentions, first row, number of rows."""

INDEX_SCHEMA = pa.schema(
    [
        pa.field("key", pa.binary(16), nullable=False),
        pa.field("first", pa.int32(), nullable=False),
        pa.field("count", pa.int32(), nullable=False),
    ]
)
"""One row a posting that was read, in the order of its part: its key, and its rows in the part of mentions."""


@functools.lru_cache(maxsize=4)
def name_reader(patterns_version: str) -> str:
    """Return 32 hexadecimal digits that change whenever something may be found in a text that was not found before.

    They cover the patterns, the code of `skills/` and `text/`, and the versions of spaCy and of the scanner.
    """
    return hash_program(
        ("skills", "text"),
        packages=("spacy", "ahocorasick-rs"),
        modules=("company_text",),
        seed=patterns_version,
    )


def hash_program(
    folders: Sequence[str], *, packages: Sequence[str], modules: Sequence[str] = (), seed: str = ""
) -> str:
    """Return 32 hexadecimal digits that change with a part of the program.

    Args:
        folders: folders of `skillextract`, such as `collect/boards`: the modules that stand directly in them.
        packages: distributions, by whose versions the digits change.
        modules: single modules of `skillextract`.
        seed: what else they change with.
    """
    content = hashlib.blake2b(seed.encode(), digest_size=16)
    for package in packages:
        content.update(f"{package} {metadata.version(package)}\n".encode())
    root = resources.files("skillextract")
    for name in folders:
        files = [each for each in root.joinpath(name).iterdir() if each.name.endswith(".py")]
        for file in sorted(files, key=lambda each: each.name):
            content.update(f"{name}/{file.name}\n".encode() + file.read_bytes())
    for name in modules:
        content.update(f"{name}\n".encode() + root.joinpath(f"{name}.py").read_bytes())
    return content.hexdigest()


def name_index(mentions: str) -> str:
    """Return the path of the index of a part's texts, from that of its mentions."""
    return mentions.replace("mentions/", "index/", 1)


def name_mentions(index: str) -> str:
    """Return the path of a part's mentions, from that of the index of its texts."""
    return index.replace("index/", "mentions/", 1)


def key_text(title: str, text: str, company: str | None, *, boilerplate: Sequence[bytes] = ()) -> Key:
    """Return the key of a posting's text.

    Args:
        title: as stated.
        text: plain.
        company: as stated.
        boilerplate: the keys of those lines of the text that are the company's boilerplate, in their order.
    """
    employer = "-" if company is None else f"{len(company)}:{company}"
    content = hashlib.blake2b(f"{employer}\n{len(title)}:{title}\n{text}".encode(), digest_size=16)
    if boilerplate:
        content.update(b"\0" + b"".join(boilerplate))
    return content.digest()


class Earlier:
    """Where the mentions of an earlier snapshot's texts stand; `len` is the number of its texts.

    Args:
        lake: holds the snapshot.
        manifest: that of the snapshot; None for a lake in which nothing can be used again.
    """

    def __init__(self, lake: Lake, manifest: dict[str, object] | None = None) -> None:
        self._lake = lake
        files = {} if manifest is None else manifest["files"]
        self._files: dict[str, dict[str, object]] = dict(files)  # type: ignore[call-overload]
        indexes = [path for path in self._files if path.startswith("index/")]
        self._parts = [name_mentions(path) for path in indexes]
        tables = [lake.read_parquet([path]) for path in indexes if self._is_whole(path)]
        if len(tables) < len(indexes):
            tables, self._parts = [], []
        numbers = np.repeat(np.arange(len(tables), dtype=np.int32), [len(table) for table in tables])
        table = pa.concat_tables(tables) if tables else INDEX_SCHEMA.empty_table()
        keys = np.frombuffer(b"".join(table["key"].to_pylist()), dtype="V16")
        # Numpy orders no raw bytes; two whole numbers stand for them. Equal keys have equal mentions: any will do.
        halves = keys.view(np.uint64).reshape(-1, 2)
        order = np.argsort(halves[:, 0], kind="stable")
        self._high, self._low = halves[order, 0], halves[order, 1]
        self._part_numbers = numbers[order]
        self._firsts = table["first"].to_numpy()[order]
        self._counts = table["count"].to_numpy()[order]

    def __len__(self) -> int:
        return len(self._high)

    def find(self, keys: Sequence[Key]) -> list[Place | None]:
        """Return for each text where its mentions stand, None where it was not read."""
        if not len(self) or not keys:
            return [None] * len(keys)
        halves = np.frombuffer(b"".join(keys), np.uint64).reshape(-1, 2)
        # Of two texts that agree in the first half of their keys, one chance in 10^19 a pair, one is read anew.
        at = np.minimum(np.searchsorted(self._high, halves[:, 0]), len(self) - 1)
        known = (self._high[at] == halves[:, 0]) & (self._low[at] == halves[:, 1])
        columns = (known, self._part_numbers[at], self._firsts[at], self._counts[at])
        return [
            (self._parts[number], first, count) if is_known else None
            for is_known, number, first, count in zip(*(column.tolist() for column in columns), strict=True)
        ]

    def read_part(self, path: str) -> pa.Table | None:
        """Return a part of mentions, None where it is not what the manifest says."""
        return self._lake.read_parquet([path]) if self._is_whole(path) else None

    def _is_whole(self, path: str) -> bool:
        try:
            return self._lake.describe_file(path) == self._files.get(path)
        except LakeError:
            return False


def find_earlier(lake: Lake, *, before: str, reader: str) -> Earlier:
    """Return the newest snapshot whose mentions were found by this reader, or an empty one.

    A file of it that is missing or was changed is not used; the texts are read anew.

    Args:
        lake: where to look.
        before: the snapshot under way, which is left out.
        reader: see `name_reader`.
    """
    return _find(lake.root, tuple(name for name in lake.list_snapshots() if name != before), reader)


@functools.lru_cache(maxsize=2)
def _find(root: str, snapshots: Sequence[str], reader: str) -> Earlier:
    lake = Lake(root)
    for name in reversed(snapshots):
        try:
            manifest = lake.read_manifest(name)
            if manifest["reader"] == reader:
                return Earlier(lake, manifest)
        except LakeError:  # pruned meanwhile
            continue
    return Earlier(lake)


def join_mentions(
    fresh: pa.Table, places: Sequence[tuple[str, Place]], parts: dict[str, pa.Table]
) -> tuple[pa.Table, list[tuple[int, int]]]:
    """Return the mentions of a part's postings in their order, and the first row and number of rows of each.

    Args:
        fresh: the mentions that were found now.
        places: for each posting its id and where its mentions stand; the path of those in `fresh` is `""`.
        parts: the earlier parts by their paths.
    """
    tables = {"": fresh, **parts}
    begins = dict(zip(tables, np.cumsum([0, *(len(table) for table in tables.values())]).tolist(), strict=False))
    counts = np.array([count for _, (_, _, count) in places], dtype=np.int64)
    starts = np.array([begins[path] + first for _, (path, first, _) in places], dtype=np.int64)
    firsts = np.cumsum(counts) - counts
    rows = np.repeat(starts - firsts, counts) + np.arange(counts.sum())
    joined = pa.concat_tables(list(tables.values())).combine_chunks().take(pa.array(rows)).combine_chunks()
    # The same text may be another posting's by now.
    ids = pa.array([posting_id for posting_id, _ in places], pa.string()).take(
        pa.array(np.repeat(np.arange(len(places)), counts))
    )
    joined = joined.set_column(0, MENTION_SCHEMA.field("posting_id"), ids)
    return joined, list(zip(firsts.tolist(), counts.tolist(), strict=True))


def tabulate_index(keys: Sequence[Key], rows: Sequence[tuple[int, int]]) -> pa.Table:
    """Return the index of a part: `INDEX_SCHEMA`."""
    return pa.table(
        {"key": list(keys), "first": [first for first, _ in rows], "count": [count for _, count in rows]},
        schema=INDEX_SCHEMA,
    )
