from datetime import UTC, datetime

from collect.board_server import Answer, BoardServer, Made, Request, as_json
from collect.fixtures import FETCHED_AT, board_payload, example_source, show
from skillextract.collect.boards import themuse
from skillextract.collect.http import PoliteSession
from skillextract.posting import PostingDraft


def test_parse_takes_remote_only_where_no_place_stands_beside_it() -> None:
    source = example_source("themuse")
    assert [show(item) for item in themuse.parse(board_payload("themuse"), source)] == [
        PostingDraft(
            id="themuse:Data and Analytics:9001",
            source="themuse:Data and Analytics",
            title="Senior ML Engineer",
            url="https://www.themuse.example/jobs/9001",
            company="Brackenmoor",
            remote="remote",
            posted_at=datetime(2026, 7, 1, 12, 0, tzinfo=UTC),
            department="Data and Analytics",
            body="<p>Own the pipeline.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        PostingDraft(
            id="themuse:Data and Analytics:9002",
            source="themuse:Data and Analytics",
            title="Senior ML Engineer",
            url="https://www.themuse.example/jobs/9002",
            company="Brackenmoor",
            location="London, United Kingdom",
            country="GB",
            posted_at=datetime(2026, 7, 1, 12, 0, tzinfo=UTC),
            body="<p>Own the pipeline.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        ("themuse:Data and Analytics: posting 9003: contents: found no description, expected one; see the raw payload"),
    ]


def test_fetch_pages_to_the_last(board_server: BoardServer, session: PoliteSession) -> None:
    def page(request: Request) -> Answer:
        return as_json({"page": int(request.query["page"]), "page_count": 3, "results": [{"id": 1}]})

    board_server.on("/api/public/jobs", Made(page))
    list(themuse.fetch(session, example_source("themuse", base_url=board_server.url)))
    assert [request.query for request in board_server.requests] == [
        {"page": str(number), "category": "Data and Analytics"} for number in (1, 2, 3)
    ]
