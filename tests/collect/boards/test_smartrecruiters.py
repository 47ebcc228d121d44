from datetime import UTC, datetime

from collect.fixtures import FETCHED_AT, board_payload, example_source, show
from skillextract.collect.boards import smartrecruiters
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
