from datetime import UTC, datetime

from collect.fixtures import FETCHED_AT, board_payload, example_source, show
from skillextract.collect.boards import adzuna
from skillextract.posting import PostingDraft


def test_parse_reads_excerpts_and_no_pay_that_was_estimated() -> None:
    source = example_source("adzuna")
    assert [show(item) for item in adzuna.parse(board_payload("adzuna"), source)] == [
        PostingDraft(
            id="adzuna:gb:machine learning engineer:4900001",
            source="adzuna:gb:machine learning engineer",
            title="Machine Learning Engineer",
            url="https://www.adzuna.example/land/ad/4900001?se=1&utm_source=an-app-id",
            company="Gorseland",
            location="Truro, Cornwall",
            country="GB",
            posted_at=datetime(2026, 3, 5, 9, 0, tzinfo=UTC),
            employment_type="full_time, permanent",
            department="IT Jobs",
            salary_min=55000.0,
            salary_max=75000.0,
            salary_currency="GBP",
            salary_period="year",
            body="We seek a <strong>machine learning</strong> engineer with Python…",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        PostingDraft(
            id="adzuna:gb:machine learning engineer:4900002",
            source="adzuna:gb:machine learning engineer",
            title="Machine Learning Engineer",
            url="https://www.adzuna.example/land/ad/4900002?se=1&utm_source=an-app-id",
            company="Gorseland",
            location="Truro, Cornwall",
            country="GB",
            posted_at=datetime(2026, 3, 5, 9, 0, tzinfo=UTC),
            employment_type="full_time",
            department="IT Jobs",
            body="We seek a <strong>machine learning</strong> engineer with Python…",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        (
            "adzuna:gb:machine learning engineer: posting 4900003: description: found no excerpt, "
            "expected one; see the raw payload"
        ),
    ]
