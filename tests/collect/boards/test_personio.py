from datetime import UTC, datetime

from collect.fixtures import FETCHED_AT, board_payload, example_source, show
from skillextract.collect.boards import personio
from skillextract.posting import PostingDraft


def test_parse_reads_the_feed_and_takes_a_position_that_stands_twice_once() -> None:
    source = example_source("personio")
    assert [show(item) for item in personio.parse(board_payload("personio"), source)] == [
        PostingDraft(
            id="personio:acme:3100001",
            source="personio:acme",
            title="ML Engineer (all genders)",
            url="https://acme.jobs.personio.de/job/3100001",
            company="Birkenfeld Robotik GmbH & Co. KG",
            location="Leipzig, Germany; Remote",
            country="DE",
            posted_at=datetime(2026, 6, 1, 16, 22, 28, tzinfo=UTC),
            employment_type="full-time, permanent",
            department="Research & Data",
            salary_min=65000.0,
            salary_max=80000.0,
            salary_currency="EUR",
            salary_period="year",
            body=(
                "<h3>Your work &amp; team</h3>\n"
                "<ul><li>Train grippers with PyTorch</li></ul>\n"
                "<h3>You bring</h3>\n"
                "At least 2 and &lt;5 years of C++.<br>"
            ),
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        PostingDraft(
            id="personio:acme:3100002",
            source="personio:acme",
            title="Account Manager",
            url="https://acme.jobs.personio.de/job/3100002",
            company="acme",
            location="Remote",
            remote="remote",
            department="Sales",
            body="<p>Sell grippers.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        (
            "personio:acme: posting 3100003: jobDescriptions: found no description, expected one; the "
            "company may show it as a file"
        ),
    ]
