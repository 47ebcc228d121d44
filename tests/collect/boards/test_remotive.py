from datetime import UTC, datetime

from collect.board_server import BoardServer
from collect.fixtures import FETCHED_AT, board_payload, example_source, play_board, show
from skillextract.collect.boards import remotive
from skillextract.collect.http import PoliteSession
from skillextract.posting import PostingDraft


def test_parse_reads_the_pay_that_is_stated_and_no_pay_on_target() -> None:
    source = example_source("remotive")
    assert [show(item) for item in remotive.parse(board_payload("remotive"), source)] == [
        PostingDraft(
            id="remotive:machine learning:2000001",
            source="remotive:machine learning",
            title="Backend Engineer",
            url="https://remotive.example/remote-jobs/2000001",
            company="Umberley",
            location="USA",
            country="US",
            remote="remote",
            posted_at=datetime(2026, 7, 9, 8, 1, 56, tzinfo=UTC),
            employment_type="full_time",
            department="Software Development",
            salary_min=45000.0,
            salary_max=50000.0,
            body=(
                "<p>Serve requests.</p> <img "
                'src="https://remotive.example/job/track/2000001/blank.gif?source=public_api" alt=""/>'
            ),
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        PostingDraft(
            id="remotive:machine learning:2000002",
            source="remotive:machine learning",
            title="Backend Engineer",
            url="https://remotive.example/remote-jobs/2000002",
            company="Umberley",
            location="Worldwide",
            remote="remote",
            posted_at=datetime(2026, 7, 9, 8, 1, 56, tzinfo=UTC),
            employment_type="full_time",
            department="Software Development",
            salary_min=14.0,
            salary_max=18.0,
            salary_currency="EUR",
            salary_period="hour",
            body=(
                "<p>Serve requests.</p> <img "
                'src="https://remotive.example/job/track/2000002/blank.gif?source=public_api" alt=""/>'
            ),
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        PostingDraft(
            id="remotive:machine learning:2000003",
            source="remotive:machine learning",
            title="Backend Engineer",
            url="https://remotive.example/remote-jobs/2000003",
            company="Umberley",
            remote="remote",
            posted_at=datetime(2026, 7, 9, 8, 1, 56, tzinfo=UTC),
            employment_type="full_time",
            department="Software Development",
            body=(
                "<p>Serve requests.</p> <img "
                'src="https://remotive.example/job/track/2000003/blank.gif?source=public_api" alt=""/>'
            ),
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        (
            "remotive:machine learning: posting 2000004: description: found no description, expected "
            "one; see the raw payload"
        ),
    ]


def test_fetch_lets_the_board_search(board_server: BoardServer, session: PoliteSession) -> None:
    assert len(list(remotive.fetch(session, play_board(board_server, "remotive")))) == 1
    assert [request.query for request in board_server.requests] == [{"search": "machine learning"}]
