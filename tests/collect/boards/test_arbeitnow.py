from datetime import UTC, datetime

import pytest

from collect.board_server import Answer, BoardServer, Made, Request, as_json
from collect.fixtures import FETCHED_AT, board_payload, example_source, show
from skillextract.collect.boards import arbeitnow
from skillextract.collect.http import PoliteSession
from skillextract.posting import PostingDraft


def test_parse_cuts_the_footer_and_undoes_a_second_escaping() -> None:
    source = example_source("arbeitnow")
    assert [show(item) for item in arbeitnow.parse(board_payload("arbeitnow"), source)] == [
        PostingDraft(
            id="arbeitnow:data-scientist-jena-1",
            source="arbeitnow",
            title="Data Scientist",
            url="https://www.arbeitnow.example/jobs/1",
            company="Saalequell GmbH",
            location="Jena",
            posted_at=datetime(2026, 8, 3, 21, 30, 34, tzinfo=UTC),
            employment_type="professional / experienced, Vollzeit",
            department="Data Scientist",
            body="<p>Du sagst Pegel voraus.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        PostingDraft(
            id="arbeitnow:ml-berlin-2",
            source="arbeitnow",
            title="ML Engineer",
            url="https://www.arbeitnow.example/jobs/2",
            company="Saalequell GmbH",
            location="Berlin, Germany",
            country="DE",
            remote="remote",
            posted_at=datetime(2026, 8, 3, 21, 30, 35, tzinfo=UTC),
            body="<p>You forecast &amp; alert.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        ("arbeitnow: posting empty-3: description: found no description, expected one; see the raw payload"),
    ]


@pytest.mark.parametrize(("count", "limit", "pages"), [(0, 5, 1), (99, 5, 2), (250, 5, 3), (1000, 2, 2)])
def test_fetch_pages_to_the_end_or_the_limit(
    board_server: BoardServer, session: PoliteSession, count: int, limit: int, pages: int
) -> None:
    def page(request: Request) -> Answer:
        first = 100 * (int(request.query["page"]) - 1)
        return as_json({"data": [{"slug": str(number)} for number in range(first, min(first + 100, count))]})

    board_server.on("/api/job-board-api", Made(page))
    source = example_source("arbeitnow", pages=limit, base_url=board_server.url)
    assert len(list(arbeitnow.fetch(session, source))) == pages
