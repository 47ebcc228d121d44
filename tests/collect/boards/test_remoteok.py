import dataclasses
import json
from datetime import UTC, datetime

import pytest

from collect.board_server import Answer, BoardServer
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


_TAIL = "when applying (#RMTky). Companies can find applicants that read this and see they"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            'Mail us. Please mention the word hello and tag "us".',
            'Mail us. Please mention the word hello and tag "us".',
        ),
        ('Mail us. Please mention the word hello and tag x" here.', 'Mail us." here.'),
        ("A path C:\\nPlease mention the word hello and tag RMTky", "A path C:\\n"),
        ("Python.\n\nPlease mention the word **HI** and tag RMTky \u2013 " + _TAIL + "\u2019re human.", "Python."),
        ("Python.<br/>Please mention the word **HI** and tag RMT/x\\ \n" + _TAIL + "'re human.", "Python."),
    ],
)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_fetch_leaves_json_whole_whatever_a_posting_says_of_words_and_tags(
    board_server: BoardServer, session: PoliteSession, text: str, kept: str, ascii_only: bool
) -> None:
    body = json.dumps([{"description": text}, {"id": "2"}], ensure_ascii=ascii_only)
    (payload,) = remoteok.fetch(session, play_board(board_server, "remoteok", Answer(body.encode())))
    assert json.loads(payload.content) == [{"description": kept}, {"id": "2"}]
