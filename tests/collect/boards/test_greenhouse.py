from datetime import UTC, datetime
from typing import Any

import pytest

from collect.board_server import BoardServer
from collect.fixtures import FETCHED_AT, board_payload, payload_of, show
from skillextract.collect.boards import greenhouse
from skillextract.collect.http import BoardNotFound, PoliteSession
from skillextract.collect.payload import Payload
from skillextract.posting import PostingDraft
from skillextract.settings import GreenhouseSource

SOURCE = GreenhouseSource(token="ospreymill")


def test_parse_unescapes_once_and_goes_on_after_postings_at_fault() -> None:
    assert [show(item) for item in greenhouse.parse(board_payload("greenhouse"), SOURCE)] == [
        PostingDraft(
            id="greenhouse:ospreymill:4100001",
            source="greenhouse:ospreymill",
            url="https://boards.example/ospreymill/jobs/4100001",
            title="Senior ML Engineer",
            company="Osprey Mill",
            location="Remote, Italy",
            country="IT",
            remote="remote",
            posted_at=datetime(2026, 7, 1, 0, 15, tzinfo=UTC),
            updated_at=datetime(2026, 7, 20, 14, 0, tzinfo=UTC),
            department="Models",
            salary_min=55000.0,
            salary_max=75000.0,
            salary_currency="EUR",
            salary_period="year",
            body='<div class="content-intro"><p>We are Osprey Mill.</p></div>'
            "<ul><li>C++ &amp; Python, &lt;5 years is fine</li></ul>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        PostingDraft(
            id="greenhouse:ospreymill:4100002",
            source="greenhouse:ospreymill",
            url="https://boards.example/ospreymill/jobs/4100002",
            title="Recruiter",
            company="ospreymill",
            location="London, England, United Kingdom",
            country="GB",
            remote="hybrid",
            updated_at=datetime(2026, 7, 20, 14, 0, tzinfo=UTC),
            body="<p>Hire people.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        "greenhouse:ospreymill: posting 4100003: content: found no description, expected one; ask for the list with "
        "content=true",
        "greenhouse:ospreymill: posting row 4: posting: found 'not an object', expected an object; see the raw payload",
        "greenhouse:ospreymill: posting 4100005: title: found 7, expected text; see the raw payload",
    ]


@pytest.mark.parametrize(
    ("name", "location", "country", "remote"),
    [
        ("Austin | Chicago", "Austin; Chicago", None, None),
        ("Berlin, Germany; Munich, Germany", "Berlin, Germany; Munich, Germany", "DE", None),
        ("Berlin, Germany; Paris, France", "Berlin, Germany; Paris, France", None, None),
        ("Remote - US", "Remote - US", "US", "remote"),
        ("Remote; Berlin, Germany", "Berlin, Germany", "DE", None),
        ("Atlanta, Georgia", "Atlanta, Georgia", None, None),
        ("Remote", "Remote", None, "remote"),
        ("", None, None, None),
    ],
)
def test_places_are_taken_as_stated_and_nothing_is_guessed(
    name: str, location: str | None, country: str | None, remote: str | None
) -> None:
    job = {"id": 1, "title": "T", "content": "&lt;p&gt;x&lt;/p&gt;", "location": {"name": name}}
    (draft,) = greenhouse.parse(payload_of({"jobs": [job]}), SOURCE)
    assert isinstance(draft, PostingDraft)
    assert (draft.location, draft.country, draft.remote) == (location, country, remote)


def test_fetch_asks_for_the_descriptions(board_server: BoardServer, session: PoliteSession) -> None:
    board_server.serve_greenhouse("ospreymill", [])
    source = GreenhouseSource(token="ospreymill", base_url=board_server.url)
    (payload,) = greenhouse.fetch(session, source)
    assert list(greenhouse.parse(payload, source)) == []
    assert [request.query for request in board_server.requests] == [{"content": "true", "pay_transparency": "true"}]


def test_fetch_asks_the_european_host_for_a_board_that_the_first_does_not_know() -> None:
    asked = []

    class Session:
        def get(self, url: str, *, source: str, params: Any) -> Payload:
            asked.append(url)
            if url.startswith(greenhouse.HOST):
                raise BoardNotFound(source, url, "found no board")
            return payload_of({"jobs": []})

    assert list(greenhouse.fetch(Session(), SOURCE)) == [payload_of({"jobs": []})]  # type: ignore[arg-type]
    assert asked == [
        "https://boards-api.greenhouse.io/v1/boards/ospreymill/jobs",
        "https://boards-api.eu.greenhouse.io/v1/boards/ospreymill/jobs",
    ]
