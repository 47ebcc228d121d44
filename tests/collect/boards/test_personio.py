from datetime import UTC, datetime

import pytest

from collect.fixtures import FETCHED_AT, board_payload, example_source, payload_of, show
from skillextract.collect.boards import personio
from skillextract.collect.http import SentElsewhere
from skillextract.collect.payload import Payload
from skillextract.errors import SourceChanged
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


class TwoDomains:
    """A session for which one of the two domains knows the company; the other sends on to the board's own site."""

    def __init__(self, domain: str) -> None:
        self.domain, self.asked = domain, list[str]()

    def get(self, url: str, *, source: str, params: dict[str, str], accept: str) -> Payload:
        self.asked.append(f"{url}?language={params['language']}")
        if self.domain not in url:
            raise SentElsewhere(source, url, "was sent on")
        return payload_of(b"<workzag-jobs/>")


def test_fetch_finds_the_domain_of_a_company() -> None:
    session = TwoDomains(".com/")
    assert len(list(personio.fetch(session, example_source("personio", language="de")))) == 1  # type: ignore[arg-type]
    assert session.asked == [
        "https://acme.jobs.personio.de/xml?language=de",
        "https://acme.jobs.personio.com/xml?language=de",
    ]


def test_a_company_that_neither_domain_knows_is_told() -> None:
    with pytest.raises(SentElsewhere):
        list(personio.fetch(TwoDomains("nowhere"), example_source("personio")))  # type: ignore[arg-type]


def test_xml_of_another_kind_is_told() -> None:
    with pytest.raises(SourceChanged, match="found XML that begins with <jobs>, expected <workzag-jobs>"):
        list(personio.parse(payload_of(b"<jobs/>"), example_source("personio")))
