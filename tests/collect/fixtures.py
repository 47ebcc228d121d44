"""Payloads of our own in the shapes of the boards, for the tests of several modules."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from skillextract.collect.boards import BOARDS
from skillextract.collect.payload import Payload
from skillextract.posting import PostingDraft
from skillextract.settings import AnySource

FOLDER = Path(__file__).parent.parent / "data" / "boards"
FETCHED_AT = datetime(2026, 8, 1, 6, 0, tzinfo=UTC)


def payload_of(content: bytes | object, *, source: str = "ashby:tallowfield", suffix: str = ".json") -> Payload:
    """A payload with these bytes, or with this value as JSON."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Payload(source=source, url="https://board.example/x", fetched_at=FETCHED_AT, content=body, suffix=suffix)


def board_file(board: str) -> Path:
    """tests/data/boards/<board>.json, .xml or .html."""
    (file,) = FOLDER.glob(f"{board}.*")
    return file


def board_payload(board: str) -> Payload:
    """The payload that this file holds."""
    file = board_file(board)
    return payload_of(file.read_bytes(), source=f"{board}:x", suffix=file.suffix)


def example_source(board: str, **fields: object) -> Any:
    """The source that the example of `skillextract sources list` describes."""
    return TypeAdapter(AnySource).validate_python(
        {"board": board, **tomllib.loads(BOARDS[board].about.example), **fields}
    )


def show(item: PostingDraft | Exception) -> PostingDraft | str:
    """A draft as it is, and an error by its message, so that both compare as values."""
    return item if isinstance(item, PostingDraft) else str(item)
