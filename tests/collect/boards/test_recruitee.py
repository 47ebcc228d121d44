from datetime import UTC, datetime

from collect.fixtures import FETCHED_AT, board_payload, example_source, show
from skillextract.collect.boards import recruitee
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
