from datetime import UTC, datetime

from collect.fixtures import FETCHED_AT, board_payload, example_source, show
from skillextract.collect.boards import feed
from skillextract.posting import PostingDraft


def test_parse_takes_the_longest_text_and_the_company_out_of_the_title() -> None:
    source = example_source("feed")
    assert [show(item) for item in feed.parse(board_payload("feed"), source)] == [
        PostingDraft(
            id="feed:example.org:valley-1",
            source="feed:example.org",
            title="Data Engineer",
            url="https://valley.example/jobs/1",
            company="Withywind",
            location="Wales, United Kingdom",
            country="GB",
            posted_at=datetime(2026, 7, 15, 8, 0, tzinfo=UTC),
            employment_type="Full-Time",
            department="Data",
            body="<p>You build pipelines with Spark &amp; Airflow.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        PostingDraft(
            id="feed:example.org:https://valley.example/jobs/2",
            source="feed:example.org",
            title="Gardener",
            url="https://valley.example/jobs/2",
            body="<p>Grow leeks.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        (
            "feed:example.org: posting valley-3: body: found no text, expected a description or "
            "content; see the raw payload"
        ),
    ]
