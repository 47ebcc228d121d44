from datetime import UTC, datetime

from collect.board_server import Answer, BoardServer, Made, Request, as_json
from collect.fixtures import FETCHED_AT, board_payload, example_source, payload_of, show
from skillextract.collect.boards import smartrecruiters
from skillextract.collect.http import PoliteSession
from skillextract.collect.payload import Payload
from skillextract.errors import SourceError
from skillextract.posting import PostingDraft


def test_parse_puts_the_sections_together_with_the_company_last() -> None:
    source = example_source("smartrecruiters")
    assert [show(item) for item in smartrecruiters.parse(board_payload("smartrecruiters"), source)] == [
        PostingDraft(
            id="smartrecruiters:AcmeInc:744000100000001",
            source="smartrecruiters:AcmeInc",
            title="Machine Learning Engineer, Routing",
            url="https://jobs.smartrecruiters.example/Quillmarsh1/744000100000001-ml-engineer",
            company="Quillmarsh",
            location="Utrecht, Utrecht, Netherlands",
            country="NL",
            remote="hybrid",
            posted_at=datetime(2026, 7, 20, 20, 54, 18, 136000, tzinfo=UTC),
            employment_type="Full-time",
            department="Data",
            body=(
                "<h3>Job Description</h3>\n"
                "<p>You rank routes with Python.</p>\n"
                "<h3>Qualifications</h3>\n"
                "<ul><li>Kafka</li></ul>\n"
                "<h3>Company Description</h3>\n"
                "<p>Quillmarsh plans routes.</p>"
            ),
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
    ]


def serve(board_server: BoardServer, count: int) -> None:
    """A company that heeds `offset` and `limit`, and has so many postings."""

    def page(request: Request) -> Answer:
        first = int(request.query["offset"])
        ids = range(first, min(first + int(request.query["limit"]), count))
        return as_json({"totalFound": count, "content": [{"id": f"7{number}"} for number in ids]})

    board_server.on("/v1/companies/AcmeInc/postings", Made(page))
    for number in range(count):
        board_server.on(f"/v1/companies/AcmeInc/postings/7{number}", as_json({"id": f"7{number}", "jobAd": {}}))


def asked(board_server: BoardServer, session: PoliteSession, **fields: object) -> list[str]:
    """What is asked of the company, as offsets of the list and numbers of postings."""
    source = example_source("smartrecruiters", base_url=board_server.url, **fields)
    answers = list(smartrecruiters.fetch(session, source))
    assert [each for each in answers if isinstance(each, SourceError)] == []
    return [
        f"offset {request.query['offset']}" if request.query else request.path.rpartition("/")[2]
        for request in board_server.requests
    ]


def test_fetch_asks_for_each_posting_of_each_page(board_server: BoardServer, session: PoliteSession) -> None:
    serve(board_server, 102)
    first, second = [f"7{number}" for number in range(100)], ["7100", "7101"]
    assert asked(board_server, session) == ["offset 0", *first, "offset 100", *second]


def test_fetch_asks_for_no_more_than_the_limit(board_server: BoardServer, session: PoliteSession) -> None:
    serve(board_server, 102)
    assert asked(board_server, session, limit=2) == ["offset 0", "70", "71"]


def test_fetch_lets_the_board_search(board_server: BoardServer, session: PoliteSession) -> None:
    serve(board_server, 0)
    asked(board_server, session, search="machine learning")
    assert board_server.requests[0].query["q"] == "machine learning"


def test_the_pages_of_the_list_hold_no_postings_and_a_posting_that_is_not_active_is_none() -> None:
    source = example_source("smartrecruiters")
    payloads: list[Payload] = [
        payload_of({"content": [{"id": "1"}]}),
        payload_of({"id": "1", "active": False, "jobAd": {}}),
    ]
    assert [list(smartrecruiters.parse(payload, source)) for payload in payloads] == [[], []]
