from datetime import UTC, datetime

import pytest

from collect.board_server import BoardServer
from collect.fixtures import FETCHED_AT, board_payload, payload_of, show
from skillextract.collect.boards import ashby
from skillextract.collect.http import PoliteSession
from skillextract.errors import SourceChanged
from skillextract.posting import PostingDraft
from skillextract.settings import AshbySource

SOURCE = AshbySource(token="tallowfield", company="Tallowfield Ltd")


def test_parse_reads_listed_postings_and_names_the_one_without_a_description() -> None:
    assert [show(item) for item in ashby.parse(board_payload("ashby"), SOURCE)] == [
        PostingDraft(
            id="ashby:tallowfield:0b1f5a52-0001",
            source="ashby:tallowfield",
            url="https://jobs.example/tallowfield/0b1f5a52-0001",
            title="Machine Learning Engineer",
            company="Tallowfield Ltd",
            location="Leeds; Dublin",
            country="GB",
            remote="hybrid",
            posted_at=datetime(2026, 7, 2, 9, 30, 0, 250_000, tzinfo=UTC),
            employment_type="FullTime",
            department="Research",
            salary_min=70000.0,
            salary_max=90000.0,
            salary_currency="GBP",
            salary_period="year",
            body="<p>You train rankers in <b>Python</b>.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        PostingDraft(
            id="ashby:tallowfield:0b1f5a52-0002",
            source="ashby:tallowfield",
            url="https://jobs.example/tallowfield/0b1f5a52-0002",
            title="Data Engineer",
            company="Tallowfield Ltd",
            location="Remote",
            posted_at=datetime(2026, 7, 3, tzinfo=UTC),
            employment_type="Contract",
            salary_min=60.0,
            salary_max=95.0,
            salary_currency="USD",
            salary_period="hour",
            body="Airflow\nand Kafka.",
            body_format="text",
            fetched_at=FETCHED_AT,
        ),
        "ashby:tallowfield: posting 0b1f5a52-0004: descriptionHtml: found no description, expected one; see the raw "
        "payload",
    ]


def test_company_is_the_boards_name_where_none_is_configured() -> None:
    drafts = list(ashby.parse(board_payload("ashby"), AshbySource(token="tallowfield")))
    assert [draft.company for draft in drafts[:2] if isinstance(draft, PostingDraft)] == ["tallowfield", "tallowfield"]


@pytest.mark.parametrize(
    ("components", "expected"),
    [
        pytest.param([("USD", "1 YEAR"), ("GBP", "1 YEAR")], None, id="two currencies"),
        pytest.param([("USD", "1 YEAR"), ("USD", "1 HOUR")], None, id="two periods"),
        pytest.param([("USD", "1 YEAR"), ("USD", "1 YEAR")], 1000.0, id="one of each"),
    ],
)
def test_salaries_of_several_currencies_or_periods_are_left_out(
    components: list[tuple[str, str]], expected: float | None
) -> None:
    parts = [
        {
            "compensationType": "Salary",
            "currencyCode": currency,
            "interval": interval,
            "minValue": 1000,
            "maxValue": 2000,
        }
        for currency, interval in components
    ]
    job = {"id": "1", "title": "T", "descriptionHtml": "<p>x</p>", "compensation": {"summaryComponents": parts}}
    (draft,) = ashby.parse(payload_of({"jobs": [job]}), SOURCE)
    assert isinstance(draft, PostingDraft)
    assert draft.salary_min == expected


def test_a_changed_answer_says_what_was_found_and_expected() -> None:
    with pytest.raises(SourceChanged) as caught:
        list(ashby.parse(payload_of({"postings": [], "apiVersion": "2"}), SOURCE))
    assert str(caught.value) == (
        "ashby:tallowfield: https://board.example/x: found an object with the fields apiVersion, postings, expected an "
        "object with a list `jobs`; the board has changed its answers: the raw payload shows how"
    )


def test_fetch_asks_the_board_for_its_pay(board_server: BoardServer, session: PoliteSession) -> None:
    board_server.serve_ashby("Iodine%20Software", [])
    source = AshbySource(token="Iodine Software", base_url=board_server.url)
    (payload,) = ashby.fetch(session, source)
    assert list(ashby.parse(payload, source)) == []
    (request,) = board_server.requests
    assert (request.path, request.query) == (
        "/posting-api/job-board/Iodine%20Software",
        {"includeCompensation": "true"},
    )
