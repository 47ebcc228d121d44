from datetime import UTC, datetime
from typing import Any

import pytest

from collect.board_server import BoardServer
from collect.fixtures import FETCHED_AT, board_payload, payload_of, show
from skillextract.collect.boards import hackernews
from skillextract.collect.boards.hackernews import Header, read_header
from skillextract.collect.http import PoliteSession
from skillextract.collect.record import Salary
from skillextract.errors import SourceChanged
from skillextract.posting import PostingDraft
from skillextract.settings import HackerNewsSource

SOURCE = HackerNewsSource()


def test_parse_takes_comments_on_the_thread_and_nothing_else() -> None:
    assert [show(item) for item in hackernews.parse(board_payload("hackernews"), SOURCE)] == [
        PostingDraft(
            id="hackernews:50000011",
            source="hackernews",
            url="https://news.ycombinator.com/item?id=50000011",
            title="ML Engineer, Data Engineer",
            company="Harrowgate",
            location="Berlin, Germany",
            country="DE",
            remote="hybrid",
            posted_at=datetime(2026, 7, 1, 15, 10, tzinfo=UTC),
            employment_type="full-time",
            salary_min=70000.0,
            salary_max=90000.0,
            salary_currency="EUR",
            salary_period="year",
            body='Harrowgate (<a href="https:&#x2F;&#x2F;harrowgate.example" rel="nofollow">'
            "https:&#x2F;&#x2F;harrowgate.example</a>) | ML Engineer, Data Engineer | Berlin, Germany | HYBRID | "
            "Full-time | "
            "€70k–€90k &#x2F; year<p>We&#x27;re building maps with PyTorch.",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        PostingDraft(
            id="hackernews:50000012",
            source="hackernews",
            url="https://news.ycombinator.com/item?id=50000012",
            title="We are looking for people who like Go. Mail us.",
            posted_at=datetime(2026, 7, 1, 15, 11, tzinfo=UTC),
            body="We are looking for people who like Go. Mail us.<p>Remote is fine.",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Acme | Senior SWE | SF or REMOTE (US) | $160-180k",
            Header("Senior SWE", "Acme", "SF or REMOTE (US)", "US", "remote", None, Salary(160e3, 180e3)),
            id="a k behind the second number counts for both",
        ),
        pytest.param(
            "Acme (YC S21) | Data Scientist | New York, NY | Onsite or Remote | USD $50 - $60 / hr",
            Header(
                "Data Scientist", "Acme (YC S21)", "New York, NY", None, None, None, Salary(50.0, 60.0, "USD", "hour")
            ),
            id="a choice of models is none",
        ),
        pytest.param(
            "C++ Engineer | St Neots, UK | No remote, on-site<p>Acme builds.",
            Header("C++ Engineer", None, "St Neots, UK", "GB", "onsite", None, Salary()),
            id="the role comes first and the company is not named",
        ),
        pytest.param(
            "Acme | ONSITE, FULL-TIME | Engineer, Designer (part-time)",
            Header("Engineer, Designer (part-time)", "Acme", None, None, "onsite", "full-time, part-time", Salary()),
            id="words of the model and the contract are no place",
        ),
        pytest.param(
            "Acme Tools (YC S21) - San Francisco, CA - Full-time<p>We build.",
            Header(
                "Acme Tools (YC S21) - San Francisco, CA - Full-time",
                "Acme Tools",
                None,
                None,
                None,
                "full-time",
                Salary(),
            ),
            id="a dash parts the company from the rest too",
        ),
        pytest.param(
            "Python Developer - London, UK",
            Header("Python Developer - London, UK", None, None, "GB", None, None, Salary()),
            id="a role before a dash is no company",
        ),
        pytest.param(
            "San Francisco - Acme",
            Header("San Francisco - Acme", None, None, None, None, None, Salary()),
            id="a place before a dash is no company",
        ),
        pytest.param(
            "<p>=====<p>Acme is hiring!",
            Header("Acme is hiring!", None, None, None, None, None, Salary()),
            id="a rule is no header",
        ),
        pytest.param(
            "Acme | Engineer | €40-65,000",
            Header("Engineer", "Acme", None, None, None, None, Salary()),
            id="a span that cannot be is left out",
        ),
    ],
)
def test_headers_are_read_defensively(text: str, expected: Header) -> None:
    assert read_header(text) == expected


def thread(number: int, title: str, created_at: str) -> dict[str, Any]:
    comment = {
        "id": number + 1,
        "author": "a",
        "text": "Acme | Engineer",
        "parent_id": number,
        "created_at": created_at,
    }
    return {"id": number, "title": title, "created_at": created_at, "children": [comment]}


THREADS = [
    thread(900, "Ask HN: Who wants to be hired? (August 2026)", "2026-08-03T15:00:01Z"),
    thread(700, "Ask HN: Who is hiring? (July 2026)", "2026-07-01T15:00:00Z"),
    thread(800, "Ask HN: Who is hiring? (August 2026)", "2026-08-03T15:00:00Z"),
]


@pytest.mark.parametrize(
    ("named", "found", "paths"),
    [
        (None, ["hackernews:801"], ["/api/v1/search_by_date", "/api/v1/items/800"]),
        ("2026-07", ["hackernews:701"], ["/api/v1/search_by_date", "/api/v1/items/700"]),
        (700, ["hackernews:701"], ["/api/v1/items/700"]),
    ],
)
def test_fetch_finds_the_thread(
    board_server: BoardServer, session: PoliteSession, named: int | str | None, found: list[str], paths: list[str]
) -> None:
    board_server.serve_hackernews(THREADS)
    source = HackerNewsSource(thread=named, base_url=board_server.url)
    items = [item for payload in hackernews.fetch(session, source) for item in hackernews.parse(payload, source)]
    assert [item.id for item in items if isinstance(item, PostingDraft)] == found
    assert [request.path for request in board_server.requests] == paths


def test_a_month_without_a_thread_says_what_to_do(board_server: BoardServer, session: PoliteSession) -> None:
    board_server.serve_hackernews(THREADS)
    source = HackerNewsSource(thread="2026-01", base_url=board_server.url)
    with pytest.raises(SourceChanged, match=r'no thread "Ask HN: Who is hiring\?" of 2026-01.*give its id'):
        list(hackernews.fetch(session, source))


def test_comments_of_a_search_are_postings_too() -> None:
    hits = [
        {"objectID": "11", "author": "a", "comment_text": "Acme | Engineer", "parent_id": 1, "story_id": 1},
        {"objectID": "12", "author": "b", "comment_text": "@a remote?", "parent_id": 11, "story_id": 1},
    ]
    items = list(hackernews.parse(payload_of({"story_id": 1, "hits": hits}), SOURCE))
    assert [item.id for item in items if isinstance(item, PostingDraft)] == ["hackernews:11"]
