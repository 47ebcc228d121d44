"""Payloads of our own in the shapes of the boards, for the tests of several modules."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from collect.board_server import JSON, Answer, BoardServer, as_json
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


def play_board(server: BoardServer, board: str, *answers: Answer) -> Any:
    """Let the server play a board with its file, or with other answers, and return the source that reads it there."""
    answers = answers or (Answer(board_payload(board).content, content_type=_CONTENT_TYPES[board_file(board).suffix]),)
    path = _PATHS[board]
    fields: dict[str, object] = {"base_url": server.url}
    match board:
        case "smartrecruiters":
            server.on(path, as_json({"totalFound": 1, "content": [{"id": "744000100000001"}]}))
            path += "/744000100000001"
        case "feed" | "pages":
            fields = {"url": server.url + path, "label": "x"}
        case "himalayas":
            fields |= {"search": None}
        case "hackernews":
            fields |= {"thread": 50000001}
        case "usajobs" | "adzuna":
            key = f"{board.upper()}_BOARD_KEY"
            fields |= {"key_variable": key} | ({"id_variable": key} if board == "adzuna" else {})
    server.on(path, *answers)
    if "pages" in BOARDS[board].source.model_fields:
        fields |= {"pages": 1}
    return example_source(board, **fields)


_CONTENT_TYPES = {".json": JSON, ".xml": "application/xml; charset=utf-8", ".html": "text/html; charset=utf-8"}
_PATHS = {
    "adzuna": "/v1/api/jobs/gb/search/1",
    "arbeitnow": "/api/job-board-api",
    "ashby": "/posting-api/job-board/acme",
    "feed": "/feed.rss",
    "greenhouse": "/v1/boards/acme/jobs",
    "hackernews": "/api/v1/items/50000001",
    "himalayas": "/jobs/api",
    "jobicy": "/api/v2/remote-jobs",
    "lever": "/v0/postings/acme",
    "pages": "/careers/platform-engineer",
    "personio": "/xml",
    "recruitee": "/api/offers/",
    "remoteok": "/api",
    "remotive": "/api/remote-jobs",
    "smartrecruiters": "/v1/companies/AcmeInc/postings",
    "teamtailor": "/jobs.rss",
    "themuse": "/api/public/jobs",
    "usajobs": "/api/Search",
    "workable": "/api/v1/widget/accounts/acme",
}


def show(item: PostingDraft | Exception) -> PostingDraft | str:
    """A draft as it is, and an error by its message, so that both compare as values."""
    return item if isinstance(item, PostingDraft) else str(item)
