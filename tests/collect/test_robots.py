import pytest

from collect.board_server import Answer, BoardServer
from skillextract.collect.http import PoliteSession
from skillextract.collect.robots import Robots
from skillextract.collect.transport import HostTurns

RULES = b"""
User-agent: *
Disallow: /

User-agent: SkillExtract
Disallow: /jobs
Allow: /jobs/open
Disallow: /*.pdf$
Crawl-delay: 2
Sitemap: https://x.example/sitemap.xml
"""


@pytest.fixture
def robots(board_server: BoardServer, session: PoliteSession) -> Robots:
    board_server.on("/robots.txt", Answer(RULES, content_type="text/plain"))
    return Robots(session, f"{board_server.url}/jobs", source="pages:x")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/", True), ("/jobs/1", False), ("/jobs/open/1", True), ("/a.pdf", False), ("/a.pdf?page=1", True)],
)
def test_the_group_for_us_and_the_longest_rule_count(
    board_server: BoardServer, robots: Robots, path: str, allowed: bool
) -> None:
    assert robots.allows(board_server.url + path) is allowed


def test_the_file_is_read_once_and_names_the_sitemaps(board_server: BoardServer, robots: Robots) -> None:
    assert [robots.allows(f"{board_server.url}/{number}") for number in range(3)] == [True] * 3
    assert robots.sitemaps == ["https://x.example/sitemap.xml"]
    assert [request.path for request in board_server.requests] == ["/robots.txt"]


def test_the_delay_that_is_asked_for_is_kept(board_server: BoardServer, monkeypatch: pytest.MonkeyPatch) -> None:
    board_server.on("/robots.txt", Answer(RULES))
    kept = []
    turns = HostTurns()
    monkeypatch.setattr(turns, "space", lambda host, seconds: kept.append((host, seconds)))
    with PoliteSession(turns=turns) as session:
        Robots(session, board_server.url, source="pages:x").allows(f"{board_server.url}/")
    assert kept == [(board_server.url.removeprefix("http://"), 2.0)]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"<!doctype html><p>Not found", b"", b"Disallow /\n\x00" * 50])
def test_what_is_no_robots_txt_closes_nothing(
    board_server: BoardServer, session: PoliteSession, content: bytes
) -> None:
    board_server.on("/robots.txt", Answer(content))
    assert Robots(session, board_server.url, source="pages:x").allows(f"{board_server.url}/jobs")
