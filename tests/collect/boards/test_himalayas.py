from datetime import UTC, datetime

from collect.board_server import Answer, BoardServer, Made, Request, as_json
from collect.fixtures import FETCHED_AT, board_payload, example_source, show
from skillextract.collect.boards import himalayas
from skillextract.collect.http import PoliteSession
from skillextract.posting import PostingDraft


def test_parse_reads_seconds_and_milliseconds_and_a_company_that_is_a_placeholder() -> None:
    source = example_source("himalayas")
    assert [show(item) for item in himalayas.parse(board_payload("himalayas"), source)] == [
        PostingDraft(
            id="himalayas:machine learning:companies/larkspur-freight/jobs/ml-engineer",
            source="himalayas:machine learning",
            title="Machine Learning Engineer",
            url="https://himalayas.app/companies/larkspur-freight/jobs/ml-engineer",
            company="Larkspur Freight",
            location="United States",
            country="US",
            remote="remote",
            posted_at=datetime(2026, 7, 11, 0, 58, 52, tzinfo=UTC),
            employment_type="Full Time",
            department="Data Science",
            salary_min=90000.0,
            salary_max=120000.0,
            salary_currency="USD",
            salary_period="year",
            body="<h3>Work</h3><p>Forecast freight.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        PostingDraft(
            id="himalayas:machine learning:companies/larkspur-freight/jobs/annotator",
            source="himalayas:machine learning",
            title="Machine Learning Engineer",
            url="https://himalayas.app/companies/larkspur-freight/jobs/annotator",
            company="Larkspur Freight",
            remote="remote",
            posted_at=datetime(2026, 7, 11, 0, 58, 52, tzinfo=UTC),
            employment_type="Full Time",
            salary_min=20.0,
            salary_max=30.0,
            salary_currency="USD",
            salary_period="hour",
            body="<h3>Work</h3><p>Forecast freight.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        (
            "himalayas:machine learning: posting companies/larkspur-freight/jobs/nothing: description: "
            "found no description, expected one; see the raw payload"
        ),
    ]


def serve(board_server: BoardServer, count: int) -> None:
    def page(request: Request) -> Answer:
        first = int(request.query.get("offset", 20 * (int(request.query.get("page", 1)) - 1)))
        return as_json({"jobs": [{"guid": str(number)} for number in range(first, min(first + 20, count))]})

    board_server.on("/jobs/api", Made(page))
    board_server.on("/jobs/api/search", Made(page))


def test_fetch_pages_to_the_end(board_server: BoardServer, session: PoliteSession) -> None:
    serve(board_server, 30)
    payloads = list(himalayas.fetch(session, example_source("himalayas", search=None, base_url=board_server.url)))
    assert [request.query["offset"] for request in board_server.requests] == ["0", "20", "40"]
    assert len(payloads) == 3


def test_fetch_searches_as_many_pages_as_it_is_told(board_server: BoardServer, session: PoliteSession) -> None:
    serve(board_server, 1000)
    list(himalayas.fetch(session, example_source("himalayas", pages=2, base_url=board_server.url)))
    assert [request.query for request in board_server.requests] == [
        {"q": "machine learning", "sort": "recent", "page": "1"},
        {"q": "machine learning", "sort": "recent", "page": "2"},
    ]
