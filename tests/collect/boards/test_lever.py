from datetime import UTC, datetime
from typing import Any

import pytest

from collect.board_server import BoardServer, as_json
from collect.fixtures import FETCHED_AT, board_payload, payload_of, show
from skillextract.collect.boards import lever
from skillextract.collect.http import BoardNotFound, PoliteSession
from skillextract.collect.payload import Payload
from skillextract.errors import SourceChanged
from skillextract.posting import PostingDraft
from skillextract.settings import LeverSource

SOURCE = LeverSource(token="fennbrook")


def test_parse_puts_the_parts_of_a_description_together() -> None:
    created = datetime(2026, 6, 29, 17, 15, 6, 506_000, tzinfo=UTC)
    assert [show(item) for item in lever.parse(board_payload("lever"), SOURCE)] == [
        PostingDraft(
            id="lever:fennbrook:77aa-01",
            source="lever:fennbrook",
            url="https://jobs.example/fennbrook/77aa-01",
            title="Machine Learning Engineer, Search",
            company="fennbrook",
            location="Berlin; Hamburg",
            country="DE",
            remote="onsite",
            posted_at=created,
            employment_type="Full-time",
            department="Engineering",
            salary_min=80000.0,
            salary_max=95000.0,
            salary_currency="EUR",
            salary_period="year",
            body="<div>We are Fennbrook.</div><div>You rank.</div>\n"
            "<h3>You bring</h3>\n<ul><li>Python</li><li>Kafka</li></ul>\n"
            "<h3>You may bring</h3>\n<ul><li>Rust</li></ul>\n"
            "<div>We give 30 days off.</div>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        PostingDraft(
            id="lever:fennbrook:77aa-02",
            source="lever:fennbrook",
            url="https://jobs.example/fennbrook/77aa-02",
            title="Clerk",
            company="fennbrook",
            location="Paris",
            posted_at=created,
            department="Office",
            body="<p>Keep books.</p>\n<p>A &lt; B &amp; C</p>\n<p>Soon.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        "lever:fennbrook: posting 77aa-03: description: found no description, expected one; see the raw payload",
    ]


def numbered(count: int) -> list[dict[str, str]]:
    return [{"id": str(number), "text": "T", "description": "<p>x</p>"} for number in range(count)]


@pytest.mark.parametrize(("count", "skips"), [(0, ["0"]), (99, ["0"]), (100, ["0", "100"]), (250, ["0", "100", "200"])])
def test_fetch_pages_to_the_end(
    board_server: BoardServer, session: PoliteSession, count: int, skips: list[str]
) -> None:
    board_server.serve_lever("fennbrook", numbered(count))
    source = LeverSource(token="fennbrook", base_url=board_server.url)
    items = [item for payload in lever.fetch(session, source) for item in lever.parse(payload, source)]
    assert [show(item).id for item in items] == [f"lever:fennbrook:{number}" for number in range(count)]  # type: ignore[union-attr]
    assert [request.query["skip"] for request in board_server.requests] == skips
    assert {(request.query["mode"], request.headers["Accept"]) for request in board_server.requests} == {
        ("json", "application/json")
    }


@pytest.mark.parametrize("count", [100, 150])
def test_fetch_takes_each_posting_once_from_a_site_that_does_not_heed_the_page(
    board_server: BoardServer, session: PoliteSession, count: int
) -> None:
    board_server.on("/v0/postings/fennbrook", as_json(numbered(count)))
    payloads = list(lever.fetch(session, LeverSource(token="fennbrook", base_url=board_server.url)))
    assert len(payloads) == 1


class OneRegion:
    """A session for which the site is in one region only."""

    def __init__(self, host: str | None) -> None:
        self.host, self.asked = host, list[str]()

    def get(self, url: str, *, source: str, params: Any) -> Payload:
        self.asked.append(url)
        if self.host is None or not url.startswith(self.host):
            raise BoardNotFound(source, url, "found no board")
        return payload_of([])


@pytest.mark.parametrize(
    ("region", "hosts"),
    [
        ("auto", ["https://api.lever.co", "https://api.eu.lever.co"]),
        ("eu", ["https://api.eu.lever.co"]),
    ],
)
def test_fetch_finds_the_region_of_a_site(region: Any, hosts: list[str]) -> None:
    session = OneRegion("https://api.eu.lever.co")
    assert list(lever.fetch(session, LeverSource(token="fennbrook", region=region))) == [payload_of([])]  # type: ignore[arg-type]
    assert session.asked == [f"{host}/v0/postings/fennbrook" for host in hosts]


def test_fetch_says_so_where_no_region_has_the_site() -> None:
    with pytest.raises(BoardNotFound):
        list(lever.fetch(OneRegion(None), SOURCE))  # type: ignore[arg-type]


def test_the_answer_of_an_unknown_site_is_no_list_of_postings() -> None:
    with pytest.raises(SourceChanged, match="found an object with the fields error, ok, expected a list of postings"):
        list(lever.parse(payload_of({"ok": False, "error": "Document not found"}), SOURCE))
