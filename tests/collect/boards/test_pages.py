import gzip
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from collect.board_server import Answer, BoardServer
from collect.fixtures import FETCHED_AT, board_payload, example_source, payload_of, show
from skillextract.collect.boards import pages
from skillextract.collect.http import BoardNotFound, MiningReserved, PoliteSession
from skillextract.errors import SourceChanged, SourceError, SourceUnavailable
from skillextract.posting import PostingDraft


def test_parse_reads_the_posting_among_other_things_and_a_broken_block() -> None:
    source = example_source("pages")
    assert [show(item) for item in pages.parse(board_payload("pages"), source)] == [
        PostingDraft(
            id="pages:careers.example.org:careers/platform-engineer",
            source="pages:careers.example.org",
            title="Platform Engineer & Guide",
            url="https://board.example/careers/platform-engineer",
            company="Sedgeholm",
            location="Cork, Munster, Ireland",
            country="IE",
            remote="remote",
            posted_at=datetime(2026, 7, 10, 0, 0, tzinfo=UTC),
            employment_type="FULL_TIME, CONTRACTOR",
            salary_min=70000.0,
            salary_max=90000.0,
            salary_currency="EUR",
            salary_period="year",
            body=(
                "<p>Run clusters\n"
                "with Kubernetes.</p>\n"
                "<h3>Qualifications</h3>\n"
                "<p>Go or Rust</p>\n"
                "<h3>Skills</h3>\n"
                "<p>Terraform</p>\n"
                "<p>Kafka</p>"
            ),
            body_format="html",
            fetched_at=FETCHED_AT,
        ),
    ]


SOURCE = example_source("pages")


def page_of(*blocks: object, head: str = "") -> bytes:
    """A page with these blocks of JSON-LD, each a value or text as it stands."""
    texts = [block if isinstance(block, str) else json.dumps(block) for block in blocks]
    scripts = "".join(f'<script type="application/ld+json">{text}</script>' for text in texts)
    return f"<!doctype html><head>{head}{scripts}</head><body></body>".encode()


def posting(**fields: object) -> dict[str, object]:
    return {"@type": "JobPosting", "title": "T", "description": "<p>x</p>", **fields}


def read(*blocks: object, head: str = "") -> list[PostingDraft]:
    items = list(pages.parse(payload_of(page_of(*blocks, head=head), suffix=".html"), SOURCE))
    assert [item for item in items if not isinstance(item, PostingDraft)] == []
    return [item for item in items if isinstance(item, PostingDraft)]


@pytest.mark.parametrize(
    "block",
    [
        pytest.param([{"@type": "Organization"}, posting()], id="a list"),
        pytest.param({"@graph": [posting()]}, id="a graph"),
        pytest.param({"@type": "WebPage", "mainEntity": posting()}, id="inside another thing"),
        pytest.param({**posting(), "@type": ["Thing", "JobPosting"]}, id="several types"),
        pytest.param({**posting(), "@type": "https://schema.org/JobPosting"}, id="the type as an address"),
        pytest.param({"@type": "JobPosting", "Title": "T", "Description": "<p>x</p>"}, id="capital letters"),
        pytest.param('{"@type": "JobPosting", "title": "T", "description": "a\nb"}', id="a line break in a string"),
        pytest.param("//<![CDATA[\n" + json.dumps(posting()) + "\n//]]>", id="guards"),
        pytest.param("<!--\n" + json.dumps(posting()) + "\n-->", id="a comment around it"),
        pytest.param(json.dumps(posting()).replace('"', "&quot;"), id="escaped as a whole"),
        pytest.param(json.dumps(posting()) + ";", id="a semicolon"),
    ],
)
def test_the_posting_is_found_however_the_block_is_built(block: object) -> None:
    assert [draft.title for draft in read("{broken", block)] == ["T"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"jobLocation": {"address": "Austin, TX"}}, ("Austin, TX", None, None)),
        ({"jobLocation": "Lyon, France"}, ("Lyon, France", "FR", None)),
        ({"jobLocation": [{"address": {"addressLocality": "Graz", "addressCountry": "AT"}},
                          {"address": {"addressLocality": "Linz", "addressCountry": {"name": "Austria"}}}]},
         ("Graz, AT; Linz, Austria", "AT", None)),
        ({"jobLocation": [{"address": {"addressCountry": "AT"}}, {"address": {"addressCountry": "DE"}}]},
         ("AT; DE", None, None)),
        ({"jobLocationType": "TELECOMMUTE", "applicantLocationRequirements": {"@type": "Country", "name": "USA"}},
         ("USA", "US", "remote")),
        ({"jobLocation": {"address": []}}, (None, None, None)),
    ],
)  # fmt: skip
def test_places_are_read_in_every_form(fields: dict[str, Any], expected: tuple[str | None, ...]) -> None:
    (draft,) = read(posting(**fields))
    assert (draft.location, draft.country, draft.remote) == expected


@pytest.mark.parametrize(
    ("pay", "expected"),
    [
        (
            {"currency": "USD", "value": {"minValue": 50, "maxValue": 62, "unitText": "HOUR"}},
            (50.0, 62.0, "USD", "hour"),
        ),
        ({"currency": "EUR", "value": {"value": "52000.00"}, "unitText": "YEAR"}, (52000.0, 52000.0, "EUR", "year")),
        ({"currency": "GBP", "value": 41000}, (41000.0, 41000.0, "GBP", None)),
        ({"minValue": 10, "maxValue": 5, "currency": "USD"}, (None, None, None, None)),
        ("a lot", (None, None, None, None)),
        ([], (None, None, None, None)),
    ],
)
def test_pay_is_read_in_every_form(pay: object, expected: tuple[object, ...]) -> None:
    (draft,) = read(posting(baseSalary=pay))
    assert (draft.salary_min, draft.salary_max, draft.salary_currency, draft.salary_period) == expected


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ({"description": "Line one\nLine <two"}, "<p>Line one</p>\n<p>Line &lt;two</p>"),
        ({"description": "&lt;p&gt;A &amp;amp; B&lt;/p&gt;"}, "<p>A &amp; B</p>"),
        ({"description": "\\n\\n<b>A</b>\\n<p>B</p>"}, "\n\n<b>A</b>\n<p>B</p>"),
        ({"description": "<p>Go, Rust</p>", "skills": "Go, Rust"}, "<p>Go, Rust</p>"),
        ({"description": None, "responsibilities": ["Build.", "Run."]},
         "<h3>Responsibilities</h3>\n<p>Build.</p>\n<p>Run.</p>"),
    ],
)  # fmt: skip
def test_the_text_is_put_together_once(fields: dict[str, Any], body: str) -> None:
    (draft,) = read(posting(**fields))
    assert draft.body == body


def test_each_posting_has_an_address_or_a_name_of_its_own() -> None:
    drafts = read(
        posting(url="/jobs/1?ref=a"), posting(url="https://other.example/x"), posting(identifier={"value": 7})
    )
    assert [(draft.id.removeprefix("pages:careers.example.org:"), draft.url) for draft in drafts] == [
        ("jobs/1?ref=a", "https://board.example/jobs/1?ref=a"),
        ("x", "https://other.example/x"),
        ("7", "https://board.example/x"),
    ]
    (by_text,) = read(posting(url="javascript:alert(1)"), head='<link rel="canonical" href="/jobs?id=…">')
    assert (len(by_text.id.rpartition(":")[2]), by_text.url) == (16, None)


def test_a_posting_that_is_over_is_refused() -> None:
    payload = payload_of(page_of(posting(validThrough="2026-07-31")), suffix=".html")
    assert [show(item) for item in pages.parse(payload, SOURCE)] == [
        "pages:careers.example.org: posting x: validThrough: found 2026-07-31, expected a later day; the posting is "
        "over"
    ]
    for later_or_never in ("2035-01-01", "9999-12-31", "0001-01-01T00:00:00"):
        assert len(read(posting(validThrough=later_or_never))) == 1


def test_a_page_without_a_posting_says_so() -> None:
    payload = payload_of(page_of({"@type": "WebSite"}, "{broken"), suffix=".html")
    assert [show(item) for item in pages.parse(payload, SOURCE)] == [
        "pages:careers.example.org: posting https://board.example/x: JobPosting: found no JobPosting in JSON-LD (1 of "
        "its blocks could not be read), expected one; the page may build it by script, or be no posting: set `only`"
    ]


def sitemap(*urls: str, kind: str = "urlset") -> bytes:
    entry = "sitemap" if kind == "sitemapindex" else "url"
    entries = "".join(f"<{entry}><loc>{url}</loc></{entry}>" for url in urls)
    return (
        f'<?xml version="1.0"?><{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{kind}>'.encode()
    )


@pytest.fixture
def site(board_server: BoardServer) -> BoardServer:
    """A site with two sitemaps, of which robots.txt names the index, and three pages with postings."""
    host = board_server.url
    board_server.on("/robots.txt", Answer(f"User-agent: *\nDisallow: /jobs/closed\nSitemap: {host}/index.xml".encode()))
    board_server.on("/index.xml", Answer(sitemap(f"{host}/a.xml", f"{host}/b.xml.gz", kind="sitemapindex")))
    board_server.on("/a.xml", Answer(sitemap(f"{host}/jobs/1", f"{host}/about", "https://elsewhere.example/jobs/2")))
    board_server.on(
        "/b.xml.gz", Answer(gzip.compress(sitemap(f"{host}/careers/3", f"{host}/jobs/closed/4", f"{host}/jobs/5")))
    )
    for path in ("/jobs/1", "/careers/3", "/jobs/5"):
        board_server.on(path, Answer(page_of(posting()), content_type="text/html"))
    return board_server


def asked(site: BoardServer, session: PoliteSession, path: str = "", **fields: object) -> list[str]:
    """The paths that are asked for."""
    for answer in pages.fetch(session, example_source("pages", **{"url": site.url + path, "only": None, **fields})):
        assert not isinstance(answer, SourceError)
    return [request.path for request in site.requests]


def test_a_site_is_read_by_its_sitemaps_and_no_further_than_it_allows(
    site: BoardServer, session: PoliteSession, caplog: pytest.LogCaptureFixture
) -> None:
    assert asked(site, session) == [
        "/robots.txt", "/index.xml", "/a.xml", "/b.xml.gz", "/jobs/1", "/careers/3", "/jobs/5",
    ]  # fmt: skip
    assert "left out 2 pages of other hosts, or closed to us by robots.txt" in caplog.text


def test_only_the_wanted_pages_are_asked_for(site: BoardServer, session: PoliteSession) -> None:
    site.on("/about", Answer(page_of(posting()), content_type="text/html"))
    assert asked(site, session, "/a.xml", only="/about") == ["/robots.txt", "/a.xml", "/about"]


def test_no_more_pages_are_asked_for_than_the_limit(
    site: BoardServer, session: PoliteSession, caplog: pytest.LogCaptureFixture
) -> None:
    assert asked(site, session, "/index.xml", limit=1)[-1] == "/jobs/1"
    assert "found 3 pages and asks for 1; raise `limit`" in caplog.text


def test_without_a_named_sitemap_the_usual_names_are_tried(site: BoardServer, session: PoliteSession) -> None:
    site.on("/robots.txt", Answer(status=404))
    site.on("/sitemap_index.xml", Answer(sitemap(f"{site.url}/jobs/1")))
    assert asked(site, session, "/") == ["/robots.txt", "/sitemap.xml", "/sitemap_index.xml", "/jobs/1"]


def test_a_sitemap_whose_address_is_none_is_passed_over(site: BoardServer, session: PoliteSession) -> None:
    site.on("/robots.txt", Answer(f"Sitemap: http://[bad/sitemap.xml\nSitemap: {site.url}/a.xml".encode()))
    assert asked(site, session) == ["/robots.txt", "/a.xml", "/jobs/1"]


def test_a_site_without_a_sitemap_is_told(site: BoardServer, session: PoliteSession) -> None:
    site.on("/robots.txt", Answer(status=404))
    with pytest.raises(BoardNotFound):
        asked(site, session)


@pytest.mark.parametrize(
    ("robots", "kind", "told"),
    [
        (Answer(b"User-agent: skillextract\nDisallow: /"), SourceChanged, "is closed to us by robots.txt"),
        (Answer(status=500), SourceUnavailable, "robots.txt: found status 500, so that no page may be asked for"),
        (Answer(fault="reset"), SourceUnavailable, "robots.txt: could not be had, so that no page may be asked for"),
        (Answer(b"User-agent: *\nCrawl-delay: 3600"), SourceChanged, "asks for 3600 s between two requests"),
        (
            Answer(status=301, headers={"Location": "https://www.example.com/robots.txt"}),
            SourceChanged,
            "is sent on to another host",
        ),
    ],
    ids=["closed", "500", "no answer", "a long delay", "sent on"],
)
def test_where_robots_txt_closes_the_site_nothing_is_asked(
    site: BoardServer, session: PoliteSession, robots: Answer, kind: type[SourceError], told: str
) -> None:
    site.on("/robots.txt", robots)
    with pytest.raises(kind, match=told):
        asked(site, session, "/jobs/1")
    assert {request.path for request in site.requests} == {"/robots.txt"}


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_where_there_is_no_robots_txt_everything_is_open(
    site: BoardServer, session: PoliteSession, status: int
) -> None:
    site.on("/robots.txt", Answer(status=status))
    assert asked(site, session, "/jobs/1") == ["/robots.txt", "/jobs/1"]


def test_a_page_that_is_reserved_against_mining_is_not_kept(site: BoardServer, session: PoliteSession) -> None:
    reserved = page_of(posting(), head='<meta name="TDM-Reservation" content="1">')
    site.on("/jobs/1", Answer(reserved, content_type="text/html"))
    answers = list(pages.fetch(session, example_source("pages", url=f"{site.url}/index.xml", only="jobs")))
    assert [type(answer) for answer in answers if isinstance(answer, SourceError)] == [MiningReserved]
    assert reserved not in [getattr(answer, "content", b"") for answer in answers]
    with pytest.raises(MiningReserved):
        asked(site, session, "/jobs/1")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (gzip.compress(b" " * 100_000_000, mtime=0), "found more than 67108864 bytes unpacked"),
        (gzip.compress(sitemap("https://x.example/"), mtime=0)[:40], "found gzip that is cut off"),
        (b"\x1f\x8bnot gzip", "found gzip that is broken"),
        (b"<urlset><url></urlset>", "found no valid XML"),
    ],
    ids=["a bomb", "cut off", "no gzip", "no XML"],
)
def test_a_sitemap_that_cannot_be_read_is_told(content: bytes, told: str) -> None:
    with pytest.raises(SourceChanged, match=told):
        list(pages.parse(payload_of(content, suffix=".xml"), SOURCE))
