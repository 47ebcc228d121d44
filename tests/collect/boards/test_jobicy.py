from datetime import UTC, datetime

from collect.board_server import BoardServer
from collect.fixtures import FETCHED_AT, board_payload, example_source, play_board, show
from skillextract.collect.boards import jobicy
from skillextract.collect.http import PoliteSession
from skillextract.posting import PostingDraft


def test_parse_undoes_the_escaping_of_titles() -> None:
    source = example_source("jobicy")
    assert [show(item) for item in jobicy.parse(board_payload("jobicy"), source)] == [
        PostingDraft(
            id="jobicy:machine learning:150001",
            source="jobicy:machine learning",
            title="Data & ML Engineer",
            url="https://jobicy.example/jobs/150001",
            company="Corrie & Sons",
            location="LATAM; Mexico",
            remote="remote",
            posted_at=datetime(2026, 8, 15, 15, 28, 49, tzinfo=UTC),
            employment_type="Full-Time",
            department="Data Science & Analytics",
            body="<p>Keep features fresh.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        PostingDraft(
            id="jobicy:machine learning:150002",
            source="jobicy:machine learning",
            title="Data & ML Engineer",
            url="https://jobicy.example/jobs/150002",
            company="Corrie & Sons",
            location="Germany",
            country="DE",
            remote="remote",
            posted_at=datetime(2026, 8, 15, 15, 28, 49, tzinfo=UTC),
            employment_type="Full-Time",
            department="Data Science & Analytics",
            salary_min=122600.0,
            salary_max=204400.0,
            salary_currency="USD",
            salary_period="year",
            body="<p>Keep features fresh.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        (
            "jobicy:machine learning: posting 150003: jobDescription: found no description, expected "
            "one; see the raw payload"
        ),
    ]


def test_fetch_lets_the_board_search(board_server: BoardServer, session: PoliteSession) -> None:
    assert len(list(jobicy.fetch(session, play_board(board_server, "jobicy")))) == 1
    assert [request.query for request in board_server.requests] == [{"count": "100", "tag": "machine learning"}]
