from datetime import UTC, datetime

import pytest

from collect.board_server import Answer, BoardServer, Made, Request, as_json
from collect.fixtures import FETCHED_AT, board_payload, example_source, show
from skillextract.collect.boards import usajobs
from skillextract.collect.http import PoliteSession
from skillextract.errors import SourceChanged
from skillextract.posting import PostingDraft


def test_parse_puts_the_pieces_under_the_headings_of_the_board() -> None:
    source = example_source("usajobs")
    assert [show(item) for item in usajobs.parse(board_payload("usajobs"), source)] == [
        PostingDraft(
            id="usajobs:data scientist:700001",
            source="usajobs:data scientist",
            title="IT Specialist (Data)",
            url="https://www.usajobs.example/job/700001",
            company="Bureau of Maps",
            location="Denver, Colorado; Reno, Nevada",
            country="US",
            posted_at=datetime(2026, 7, 10, 0, 0, tzinfo=UTC),
            employment_type="Full-time",
            department="Information Technology Management",
            salary_min=99200.0,
            salary_max=153354.0,
            salary_currency="USD",
            salary_period="year",
            body=(
                "<h3>Summary</h3>\n"
                "<p>You map data &amp; draw.</p>\n"
                "<h3>Duties</h3>\n"
                "<p>Write SQL.</p>\n"
                "<p>Review &lt; 5 maps.</p>\n"
                "<h3>Qualifications</h3>\n"
                "<p>Two years of R.</p>\n"
                "<h3>Education</h3>\n"
                "<p>A degree.</p>"
            ),
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        PostingDraft(
            id="usajobs:data scientist:700002",
            source="usajobs:data scientist",
            title="IT Specialist (Data)",
            url="https://www.usajobs.example/job/700002",
            company="Bureau of Maps",
            location="Multiple Locations",
            remote="remote",
            posted_at=datetime(2026, 7, 10, 0, 0, tzinfo=UTC),
            employment_type="Full-time",
            department="Information Technology Management",
            salary_min=20.0,
            salary_max=25.0,
            salary_currency="USD",
            salary_period="hour",
            body="<h3>Summary</h3>\n<p>You fly.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        (
            "usajobs:data scientist: posting 700003: MatchedObjectDescriptor.UserArea: found no "
            "description, expected a summary or duties; see the raw payload"
        ),
    ]


def test_fetch_sends_the_key_and_pages_to_the_end(
    board_server: BoardServer, session: PoliteSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def page(request: Request) -> Answer:
        first = 250 * (int(request.query["Page"]) - 1)
        return as_json({"SearchResult": {"SearchResultItems": [{}] * len(range(first, min(first + 250, 300)))}})

    monkeypatch.setenv("USAJOBS_KEY", "a-key-of-ours")
    board_server.on("/api/Search", Made(page))
    assert len(list(usajobs.fetch(session, example_source("usajobs", base_url=board_server.url)))) == 2
    assert [
        (request.headers["Authorization-Key"], request.headers["User-Agent"]) for request in board_server.requests
    ] == [("a-key-of-ours", "you@example.org")] * 2
    assert board_server.requests[1].query == {"Keyword": "data scientist", "ResultsPerPage": "250", "Page": "2"}


def test_a_missing_key_is_told_and_nobody_asked(session: PoliteSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("USAJOBS_KEY", raising=False)
    with pytest.raises(SourceChanged) as caught:
        list(usajobs.fetch(session, example_source("usajobs")))
    assert str(caught.value) == (
        "usajobs:data scientist: https://developer.usajobs.gov: found nothing in the environment variable USAJOBS_KEY, "
        "expected a key; get one at https://developer.usajobs.gov and export it (or, for flows, save it in "
        "Prefect's Secret block usajobs-key), or remove the source"
    )
