from datetime import UTC, datetime

import pytest

from collect.board_server import Answer, BoardServer, Made, Request
from collect.fixtures import FETCHED_AT, board_payload, example_source, show
from skillextract.collect.boards import teamtailor
from skillextract.collect.http import PoliteSession
from skillextract.posting import PostingDraft


def test_parse_reads_places_and_undoes_a_second_escaping() -> None:
    source = example_source("teamtailor")
    assert [show(item) for item in teamtailor.parse(board_payload("teamtailor"), source)] == [
        PostingDraft(
            id="teamtailor:acme:71001",
            source="teamtailor:acme",
            title="ML Engineer",
            url="https://hazelwick.teamtailor.example/jobs/71001-ml-engineer",
            company="acme",
            location="Malmö, Sweden; Lund, Sweden",
            country="SE",
            remote="remote",
            posted_at=datetime(2026, 4, 23, 10, 41, 59, tzinfo=UTC),
            department="Engineering",
            body="<p>Build &amp; ship in Rust.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        PostingDraft(
            id="teamtailor:acme:fb63bcb7-0001",
            source="teamtailor:acme",
            title="Cook",
            url="https://hazelwick.teamtailor.example/cook",
            company="acme",
            body="<p>Cook lunch.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        ("teamtailor:acme: posting 71003: description: found no description, expected one; see the raw payload"),
    ]


def feed(numbers: range) -> bytes:
    items = "".join(f"<item><link>https://x.example/jobs/{number}</link></item>" for number in numbers)
    return f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()


@pytest.mark.parametrize(
    ("heeds", "count", "pages"),
    [(True, 250, 3), (True, 0, 1), (False, 250, 1)],
    ids=["pages", "no postings", "a site that does not heed the page"],
)
def test_fetch_pages_until_nothing_is_new(
    board_server: BoardServer, session: PoliteSession, heeds: bool, count: int, pages: int
) -> None:
    def page(request: Request) -> Answer:
        first = int(request.query["offset"]) if heeds else 0
        return Answer(feed(range(first, min(first + 100, count))), content_type="application/rss+xml")

    board_server.on("/jobs.rss", Made(page))
    source = example_source("teamtailor", base_url=board_server.url)
    assert len(list(teamtailor.fetch(session, source))) == pages
