from datetime import UTC, datetime

import pytest

from collect.board_server import Answer, BoardServer, as_json
from collect.fixtures import FETCHED_AT, board_payload, example_source, show
from skillextract.collect.boards import adzuna
from skillextract.collect.http import PoliteSession
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


def test_fetch_sends_the_key_and_pages_to_the_end(
    board_server: BoardServer, session: PoliteSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADZUNA_APP_ID", "an-app-id")
    monkeypatch.setenv("ADZUNA_APP_KEY", "a-key-of-ours")
    board_server.on("/v1/api/jobs/gb/search/1", as_json({"results": [{"redirect_url": "?utm_source=an-app-id"}] * 50}))
    board_server.on("/v1/api/jobs/gb/search/2", Answer(b'{"results": []}'))
    payloads = list(adzuna.fetch(session, example_source("adzuna", base_url=board_server.url)))
    assert [(request.query["app_id"], request.query["app_key"]) for request in board_server.requests] == [
        ("an-app-id", "a-key-of-ours")
    ] * 2
    kept = b"".join(payload.content + payload.url.encode() for payload in payloads)
    assert (b"an-app-id" in kept, b"a-key-of-ours" in kept, b"utm_source=REDACTED" in kept) == (False, False, True)
