from datetime import UTC, datetime

from collect.board_server import BoardServer
from collect.fixtures import FETCHED_AT, board_payload, example_source, play_board, show
from skillextract.collect.boards import workable
from skillextract.collect.http import PoliteSession
from skillextract.posting import PostingDraft


def test_parse_reads_a_posting_that_is_listed_for_each_place_once() -> None:
    source = example_source("workable")
    assert [show(item) for item in workable.parse(board_payload("workable"), source)] == [
        PostingDraft(
            id="workable:acme:1A2B3C",
            source="workable:acme",
            title="MLOps Engineer",
            url="https://apply.workable.example/j/1A2B3C",
            company="Oxlip Labs",
            location="Recife, Pernambuco, Brazil",
            country="BR",
            remote="remote",
            posted_at=datetime(2026, 6, 30, 0, 0, tzinfo=UTC),
            employment_type="Full-time",
            department="Data",
            body="<p>Serve models.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        PostingDraft(
            id="workable:acme:4D5E6F",
            source="workable:acme",
            title="Data Analyst",
            url="https://apply.workable.example/j/4D5E6F",
            company="Oxlip Labs",
            location="Recife, Pernambuco, Brazil; Porto, Portugal",
            posted_at=datetime(2026, 6, 30, 0, 0, tzinfo=UTC),
            employment_type="Full-time",
            department="Data",
            body="<p>Serve models.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        (
            "workable:acme: posting 7G8H9I: description: found no description, expected one; ask for "
            "the list with details=true"
        ),
    ]


def test_fetch_asks_for_the_texts(board_server: BoardServer, session: PoliteSession) -> None:
    source = play_board(board_server, "workable")
    assert len(list(workable.fetch(session, source))) == 1
    assert [request.query for request in board_server.requests] == [{"details": "true"}]
