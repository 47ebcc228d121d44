from datetime import UTC, datetime

import pytest

from collect.board_server import Answer, BoardServer
from collect.fixtures import FETCHED_AT, board_payload, example_source, payload_of, show
from skillextract.collect.boards import feed
from skillextract.collect.http import PoliteSession
from skillextract.errors import SourceChanged
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


ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry>
<id>urn:1</id><title>Clerk</title><link href="https://valley.example/1"/><published>2026-07-01T08:00:00+02:00</published>
<updated>2026-07-02T08:00:00Z</updated><content type="html">&lt;p&gt;File.&lt;/p&gt;</content></entry></feed>"""


def test_parse_reads_atom() -> None:
    source = example_source("feed", label="valley", company="Valley")
    assert [show(item) for item in feed.parse(payload_of(ATOM.encode(), suffix=".xml"), source)] == [
        PostingDraft(
            id="feed:valley:urn:1",
            source="feed:valley",
            title="Clerk",
            url="https://valley.example/1",
            company="Valley",
            posted_at=datetime(2026, 7, 1, 6, tzinfo=UTC),
            updated_at=datetime(2026, 7, 2, 8, tzinfo=UTC),
            body="<p>File.</p>",
            body_format="html",
            fetched_at=FETCHED_AT,
        )
    ]


def test_bare_ampersands_and_control_characters_are_mended_outside_of_cdata() -> None:
    text = b"<description><![CDATA[<p>A&nbsp;& B</p>]]></description>"
    item = b"<item><title>R & D\x0c</title><guid>1</guid>" + text + b"</item>"
    content = b'<rss version="2.0"><channel>' + item + b"<item/>" * 10_000 + b"</channel></rss>"
    first = next(iter(feed.parse(payload_of(content), example_source("feed"))))
    assert isinstance(first, PostingDraft)
    assert (first.title, first.body) == ("R & D", "<p>A&nbsp;& B</p>")


def test_a_short_feed_with_a_mistake_is_read_all_the_same() -> None:
    content = b'<rss version="2.0"><channel><item><title>R & D</title><guid>1</guid><description>x</description></item>'
    assert [show(item).title for item in feed.parse(payload_of(content), example_source("feed"))] == ["R & D"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "found an empty body"),
        (b"<!doctype html><p>moved", "found an HTML page, expected a feed; the feed may have moved"),
        (b'<rss version="2.0"><channel>' + b"<item>R < D</item>" * 5000, "found no valid XML .* in .* bytes"),
        (b"<jobs/>", "found XML of another kind, expected RSS or Atom"),
        (b"no XML", "found no valid XML .*, expected RSS or Atom"),
    ],
)
def test_what_is_no_feed_is_told(content: bytes, message: str) -> None:
    with pytest.raises(SourceChanged, match=message):
        list(feed.parse(payload_of(content, suffix=".xml"), example_source("feed")))


def test_fetch_asks_for_a_feed(board_server: BoardServer, session: PoliteSession) -> None:
    url = board_server.on("/jobs.atom", Answer(ATOM.encode(), content_type="application/atom+xml"))
    (payload,) = feed.fetch(session, example_source("feed", url=url))
    assert (payload.suffix, board_server.requests[0].headers["Accept"].split(",")[0]) == (".xml", "application/rss+xml")
