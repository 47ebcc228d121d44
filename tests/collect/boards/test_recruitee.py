from datetime import UTC, datetime

from collect.board_server import BoardServer
from collect.fixtures import FETCHED_AT, board_payload, example_source, play_board, show
from skillextract.collect.boards import recruitee
from skillextract.collect.http import PoliteSession
from skillextract.posting import PostingDraft


def test_parse_reads_description_and_requirements_and_drops_what_is_not_published() -> None:
    source = example_source("recruitee")
    assert [show(item) for item in recruitee.parse(board_payload("recruitee"), source)] == [
        PostingDraft(
            id="recruitee:acme:2700001",
            source="recruitee:acme",
            title="Data Engineer",
            url="https://jobs.fennick.example/o/data-engineer",
            company="Fennick",
            location="Berlin, Germany; Hamburg, Germany",
            country="DE",
            remote="hybrid",
            posted_at=datetime(2026, 8, 5, 10, 10, 39, tzinfo=UTC),
            updated_at=datetime(2026, 8, 5, 11, 45, 30, tzinfo=UTC),
            employment_type="fulltime_permanent",
            department="Data",
            salary_min=60000.0,
            salary_max=75000.0,
            salary_currency="EUR",
            salary_period="year",
            body="<p>You move data.</p>\n<h3>Requirements</h3>\n<ul><li>Airflow</li></ul>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        PostingDraft(
            id="recruitee:acme:2700002",
            source="recruitee:acme",
            title="Field Technician",
            url="https://jobs.fennick.example/o/field-technician",
            company="Fennick",
            location="Remote job",
            country="US",
            posted_at=datetime(2026, 8, 6, 9, 0, tzinfo=UTC),
            employment_type="parttime_fixed_term",
            body="<h3>Requirements</h3>\n<p>A driving licence.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        ("recruitee:acme: posting 2700004: description: found no description, expected one; see the raw payload"),
    ]


def test_fetch_asks_the_host_of_the_company(board_server: BoardServer, session: PoliteSession) -> None:
    source = play_board(board_server, "recruitee")
    assert [payload.content for payload in recruitee.fetch(session, source)] == [board_payload("recruitee").content]


def test_fetch_asks_nobody_but_the_board() -> None:
    asked = []

    class Session:
        def get(self, url: str, *, source: str) -> None:
            asked.append(url)

    list(recruitee.fetch(Session(), example_source("recruitee", token="Fennick")))  # type: ignore[arg-type]
    assert asked == ["https://fennick.recruitee.com/api/offers/"]
