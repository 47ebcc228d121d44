from datetime import UTC, datetime

from collect.fixtures import FETCHED_AT, board_payload, example_source, show
from skillextract.collect.boards import themuse
from skillextract.posting import PostingDraft


def test_parse_takes_remote_only_where_no_place_stands_beside_it() -> None:
    source = example_source("themuse")
    assert [show(item) for item in themuse.parse(board_payload("themuse"), source)] == [
        PostingDraft(
            id="themuse:Data and Analytics:9001",
            source="themuse:Data and Analytics",
            title="Senior ML Engineer",
            url="https://www.themuse.example/jobs/9001",
            company="Brackenmoor",
            remote="remote",
            posted_at=datetime(2026, 7, 1, 12, 0, tzinfo=UTC),
            department="Data and Analytics",
            body="<p>Own the pipeline.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        PostingDraft(
            id="themuse:Data and Analytics:9002",
            source="themuse:Data and Analytics",
            title="Senior ML Engineer",
            url="https://www.themuse.example/jobs/9002",
            company="Brackenmoor",
            location="London, United Kingdom",
            country="GB",
            posted_at=datetime(2026, 7, 1, 12, 0, tzinfo=UTC),
            body="<p>Own the pipeline.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        ("themuse:Data and Analytics: posting 9003: contents: found no description, expected one; see the raw payload"),
    ]
