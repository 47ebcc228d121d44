"""Payloads of our own in the shapes of the boards, for the tests of several modules."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from skillextract.collect.payload import Payload
from skillextract.posting import PostingDraft

FOLDER = Path(__file__).parent.parent / "data" / "boards"
FETCHED_AT = datetime(2026, 8, 1, 6, 0, tzinfo=UTC)


def payload_of(content: bytes | object, *, source: str = "ashby:tallowfield", suffix: str = ".json") -> Payload:
    """A payload with these bytes, or with this value as JSON."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Payload(source=source, url="https://board.example/x", fetched_at=FETCHED_AT, content=body, suffix=suffix)


def board_payload(board: str) -> Payload:
    """The payload of tests/data/boards/<board>.json."""
    return payload_of((FOLDER / f"{board}.json").read_bytes(), source=f"{board}:x")


def show(item: PostingDraft | Exception) -> PostingDraft | str:
    """A draft as it is, and an error by its message, so that both compare as values."""
    return item if isinstance(item, PostingDraft) else str(item)
