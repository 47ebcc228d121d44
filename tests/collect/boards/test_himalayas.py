from datetime import UTC, datetime

from collect.fixtures import FETCHED_AT, board_payload, example_source, show
from skillextract.collect.boards import himalayas
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
