from datetime import UTC, datetime

from collect.fixtures import FETCHED_AT, board_payload, example_source, show
from skillextract.collect.boards import pages
from skillextract.posting import PostingDraft


def test_parse_reads_the_posting_among_other_things_and_a_broken_block() -> None:
    source = example_source("pages")
    assert [show(item) for item in pages.parse(board_payload("pages"), source)] == [
        PostingDraft(
            id="pages:careers.example.org:careers/platform-engineer",
            source="pages:careers.example.org",
            title="Platform Engineer & Guide",
            url="https://board.example/careers/platform-engineer",
            company="Sedgeholm",
            location="Cork, Munster, Ireland",
            country="IE",
            remote="remote",
            posted_at=datetime(2026, 7, 10, 0, 0, tzinfo=UTC),
            employment_type="FULL_TIME, CONTRACTOR",
            salary_min=70000.0,
            salary_max=90000.0,
            salary_currency="EUR",
            salary_period="year",
            body=(
                "<p>Run clusters\n"
                "with Kubernetes.</p>\n"
                "<h3>Qualifications</h3>\n"
                "<p>Go or Rust</p>\n"
                "<h3>Skills</h3>\n"
                "<p>Terraform</p>\n"
                "<p>Kafka</p>"
            ),
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
    ]
