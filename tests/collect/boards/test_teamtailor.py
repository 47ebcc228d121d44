from datetime import UTC, datetime

from collect.fixtures import FETCHED_AT, board_payload, example_source, show
from skillextract.collect.boards import teamtailor
from skillextract.posting import PostingDraft


def test_parse_reads_places_and_undoes_a_second_escaping() -> None:
    source = example_source("teamtailor")
    assert [show(item) for item in teamtailor.parse(board_payload("teamtailor"), source)] == [
        PostingDraft(
            id="teamtailor:acme:71001",
            source="teamtailor:acme",
            title="ML Engineer",
            url="https://hazelwick.teamtailor.example/jobs/71001-ml-engineer",
            company="acme",
            location="Malmö, Sweden; Lund, Sweden",
            country="SE",
            remote="remote",
            posted_at=datetime(2026, 4, 23, 10, 41, 59, tzinfo=UTC),
            department="Engineering",
            body="<p>Build &amp; ship in Rust.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        PostingDraft(
            id="teamtailor:acme:fb63bcb7-0001",
            source="teamtailor:acme",
            title="Cook",
            url="https://hazelwick.teamtailor.example/cook",
            company="acme",
            body="<p>Cook lunch.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
        ("teamtailor:acme: posting 71003: description: found no description, expected one; see the raw payload"),
    ]
