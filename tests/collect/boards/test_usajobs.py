from datetime import UTC, datetime

from collect.fixtures import FETCHED_AT, board_payload, example_source, show
from skillextract.collect.boards import usajobs
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
