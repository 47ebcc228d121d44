import dataclasses
from datetime import UTC, datetime

from collect.board_server import BoardServer
from collect.fixtures import FETCHED_AT, board_payload, example_source, play_board, show
from skillextract.collect.boards import remoteok
from skillextract.collect.http import PoliteSession
from skillextract.posting import PostingDraft


def test_parse_leaves_out_the_terms_and_the_line_with_our_address() -> None:
    source = example_source("remoteok")
    assert [show(item) for item in remoteok.parse(board_payload("remoteok"), source)] == [
        PostingDraft(
            id="remoteok:1100001",
            source="remoteok",
            title="ML Engineer",
            url="https://remoteOK.example/1100001",
            company="Thistlegate",
            location="Oslo",
            remote="remote",
            posted_at=datetime(2026, 8, 14, 17, 36, 11, tzinfo=UTC),
            body="<p>You won’t idle.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        PostingDraft(
            id="remoteok:1100002",
            source="remoteok",
            title="ML Engineer",
            url="https://remoteOK.example/1100002",
            company="Thistlegate",
            location="Worldwide",
            remote="remote",
            posted_at=datetime(2026, 8, 14, 17, 36, 11, tzinfo=UTC),
            salary_min=60000.0,
            salary_max=90000.0,
            body="Plain text.",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        ("remoteok: posting 1100003: description: found no description, expected one; see the raw payload"),
    ]


def test_fetch_keeps_nothing_of_our_address(board_server: BoardServer, session: PoliteSession) -> None:
    (payload,) = remoteok.fetch(session, play_board(board_server, "remoteok"))
    assert b"RMTkyLjAuMi4x" in board_payload("remoteok").content
    assert (b"RMTky" in payload.content, b"mention the word" in payload.content) == (False, False)
    source = example_source("remoteok")
    assert [show(item) for item in remoteok.parse(payload, source)] == [
        dataclasses.replace(item, fetched_at=payload.fetched_at) if isinstance(item, PostingDraft) else show(item)
        for item in remoteok.parse(board_payload("remoteok"), source)
    ]
