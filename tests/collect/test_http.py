import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from collect.board_server import Answer, BoardServer, as_gzip, as_json
from skillextract.collect.http import BoardNotFound, PoliteSession, describe_agent, redact_url
from skillextract.collect.payload import read_json
from skillextract.errors import SourceChanged, SourceUnavailable

GOOD = as_json({"jobs": []})


def get(session: PoliteSession, url: str, **params: str) -> Any:
    return read_json(session.get(url, source="board:x", params=params))


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(Answer(status=500), id="500"),
        pytest.param(Answer(status=503), id="503"),
        pytest.param(Answer(status=429, headers={"Retry-After": "0"}), id="429 with seconds"),
        pytest.param(
            Answer(status=429, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}),
            id="429 with a date in the past",
        ),
        pytest.param(Answer(status=429, headers={"Retry-After": "soon"}), id="429 with nonsense"),
        pytest.param(Answer(status=429), id="429 without a wait"),
        pytest.param(Answer(fault="silent"), id="silence"),
        pytest.param(Answer(fault="reset"), id="reset"),
        pytest.param(Answer(GOOD.body, fault="half"), id="a body cut in half"),
        pytest.param(Answer(GOOD.body, fault="trickle"), id="a body that falls silent"),
    ],
)
def test_passing_faults_are_tried_again(board_server: BoardServer, session: PoliteSession, first: Answer) -> None:
    url = board_server.on("/board", first, GOOD)
    assert (get(session, url), len(board_server.requests)) == ({"jobs": []}, 2)


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_the_wait_that_is_asked_for_is_kept(board_server: BoardServer, session: PoliteSession, form: str) -> None:
    # A date has whole seconds: two ahead is at least one.
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    url = board_server.on(
        "/board", Answer(status=429, headers={"Retry-After": "1" if form == "seconds" else date}), GOOD
    )
    before = time.monotonic()
    assert get(session, url) == {"jobs": []}
    assert 0.9 < time.monotonic() - before < 3.5


@pytest.mark.parametrize(
    ("answer", "times", "message"),
    [
        (Answer(status=500), 3, "found status 500 to the last attempt, expected 200; try again later"),
        (Answer(status=429), 3, "found status 429 to the last attempt, expected 200; ask less often"),
        (
            Answer(status=429, headers={"Retry-After": "7200"}),
            1,
            "was asked to wait 7200 s, expected at most 2 s; try again later",
        ),
        (Answer(fault="silent"), 3, "found no answer within 0.2 s in 3 attempts, expected one; try again later"),
        (Answer(fault="reset"), 3, "found the connection cut in 3 attempts, expected an answer; try again later"),
        (
            Answer(GOOD.body, fault="half"),
            3,
            "found a body that broke off (the connection was cut) in each of 3 attempts, expected the whole of it; try "
            "again later",
        ),
        (
            Answer(GOOD.body, fault="trickle"),
            3,
            "found a body that broke off (the host fell silent) in each of 3 attempts, expected the whole of it; try "
            "again "
            "later",
        ),
    ],
)
def test_lasting_faults_are_unavailable(
    board_server: BoardServer, session: PoliteSession, answer: Answer, times: int, message: str
) -> None:
    url = board_server.on("/board", answer)
    with pytest.raises(SourceUnavailable) as caught:
        get(session, url, token="secret")
    where, _, said = str(caught.value).removeprefix("board:x: ").partition(": ")
    assert (where.removesuffix("?token=…"), said) == (url, message)
    assert len(board_server.requests) == times


@pytest.mark.parametrize(
    ("status", "kind", "found"),
    [
        (404, BoardNotFound, "found no board by this name (status 404)"),
        (410, BoardNotFound, "found no board by this name (status 410)"),
        (401, SourceChanged, "found a private board (status 401)"),
        (403, SourceChanged, "was refused (status 403)"),
        (400, SourceChanged, "found status 400, expected 200"),
        (204, SourceChanged, "found status 204, expected 200"),
    ],
)
def test_other_statuses_are_never_tried_again(
    board_server: BoardServer, session: PoliteSession, status: int, kind: type[Exception], found: str
) -> None:
    url = board_server.on("/board", Answer(status=status))
    with pytest.raises(kind) as caught:
        get(session, url)
    assert (found in str(caught.value), len(board_server.requests)) == (True, 1)


def test_a_redirect_to_the_same_host_is_followed(board_server: BoardServer, session: PoliteSession) -> None:
    url = board_server.on("/old", Answer(status=301, headers={"Location": "/new?page=1"}))
    board_server.on("/new", GOOD)
    assert session.get(url, source="board:x").url == f"{board_server.url}/new?page=…"


def test_a_redirect_to_another_host_is_refused(board_server: BoardServer, session: PoliteSession) -> None:
    url = board_server.on("/board", Answer(status=307, headers={"Location": "https://www.example.com/jobs?ref=secret"}))
    with pytest.raises(SourceChanged) as caught:
        get(session, url)
    assert str(caught.value) == (
        f"board:x: {url}: was sent on to https://www.example.com/jobs?ref=…, expected an answer of 127.0.0.1 itself; "
        "boards do so for names they do not know: check the name of the board"
    )


def test_a_redirect_in_a_circle_ends(board_server: BoardServer, session: PoliteSession) -> None:
    url = board_server.on("/board", Answer(status=302, headers={"Location": "/board"}))
    with pytest.raises(SourceChanged, match="found more than 3 redirects"):
        get(session, url)
    assert len(board_server.requests) == 4


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(b"[" + b" " * 200_000 + b"]"), id="plain"),
        pytest.param(as_gzip(b"[" + b" " * 50_000_000 + b"]"), id="gzip bomb"),
    ],
)
def test_a_body_beyond_the_limit_is_refused(board_server: BoardServer, session: PoliteSession, answer: Answer) -> None:
    url = board_server.on("/board", answer)
    # On the wire the bomb is within the limit: what counts is what comes out of it.
    assert (len(answer.body) < 100_000) == bool(answer.headers)
    with pytest.raises(SourceChanged, match="found a body of more than 100000 bytes when decompressed"):
        get(session, url)
    assert len(board_server.requests) == 1


def test_a_compressed_body_is_read(board_server: BoardServer, session: PoliteSession) -> None:
    assert get(session, board_server.on("/board", as_gzip(GOOD.body))) == {"jobs": []}


def test_a_body_that_is_no_gzip_is_refused(board_server: BoardServer, session: PoliteSession) -> None:
    url = board_server.on("/board", Answer(b"plain", headers={"Content-Encoding": "gzip"}))
    with pytest.raises(SourceChanged, match="found a body that cannot be decompressed"):
        get(session, url)


@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "application/json"])
def test_html_where_json_was_promised_is_kept_and_then_named(
    board_server: BoardServer, session: PoliteSession, content_type: str
) -> None:
    url = board_server.on("/board", Answer(b"<!doctype html><title>Jobs</title>", content_type=content_type))
    payload = session.get(url, source="board:x")
    assert (payload.content, payload.suffix) == (
        b"<!doctype html><title>Jobs</title>",
        ".html" if "html" in content_type else ".json",
    )
    with pytest.raises(SourceChanged, match="found an HTML page, expected JSON"):
        read_json(payload)


def test_a_body_that_never_ends_meets_the_deadline(board_server: BoardServer) -> None:
    url = board_server.on("/board", Answer(b"[" + b" " * 300_000 + b"]"))
    with (
        PoliteSession(deadline=0, backoff=0) as session,
        pytest.raises(SourceUnavailable, match="after 0 s and no end"),
    ):
        get(session, url)


def test_a_host_that_is_not_there_is_unavailable(session: PoliteSession) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(SourceUnavailable, match="found nothing that could be reached in 3 attempts"):
        get(session, f"http://127.0.0.1:{port}/board")


@pytest.mark.parametrize("url", ["http://boards.example/x", "ftp://boards.example/x", "file:///etc/passwd"])
def test_only_https_is_asked(session: PoliteSession, url: str) -> None:
    with pytest.raises(SourceChanged, match="expected https"):
        get(session, url)


def test_requests_say_who_asks_and_send_no_credentials(
    board_server: BoardServer, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with PoliteSession(contact="https://example.org/bot") as session:
        get(session, board_server.on("/board", GOOD))
    (request,) = board_server.requests
    assert request.headers["User-Agent"] == describe_agent("https://example.org/bot")
    assert describe_agent("me@example.org").endswith(" (+me@example.org)")
    assert "Authorization" not in request.headers


def test_requests_to_a_host_are_spaced_and_those_to_this_machine_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    monkeypatch.setattr(time, "monotonic", lambda: 100.0)
    session = PoliteSession(spacing=1.5)
    monkeypatch.setattr(session, "_follow", lambda url, **_: FakeResponse(url))
    for url in (
        "https://a.example/1",
        "https://a.example/2",
        "https://b.example/1",
        "http://127.0.0.1:1/",
        "http://127.0.0.1:1/",
    ):
        session.get(url, source="board:x")
    assert pauses == [0.0, 1.5, 0.0]


class FakeResponse:
    status_code = 200
    headers: dict[str, str] = {}  # noqa: RUF012

    def __init__(self, url: str) -> None:
        self.url = url

    def __enter__(self) -> "FakeResponse":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def iter_content(self, size: int) -> Iterator[bytes]:
        yield b"{}"


def test_a_host_gets_one_request_at_a_time(board_server: BoardServer) -> None:
    board_server.on("/board", GOOD)
    running, most = 0, 0
    lock = threading.Lock()
    answer = board_server._answer

    def count(handler: Any) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        answer(handler)
        with lock:
            running -= 1

    board_server._answer = count  # type: ignore[method-assign]
    with PoliteSession() as session:
        threads = [threading.Thread(target=get, args=(session, f"{board_server.url}/board")) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (most, len(board_server.requests)) == (1, 8)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://user:secret@a.example:8443/p?key=secret&page=2#part", "https://a.example:8443/p?key=…&page=…"),
        ("https://a.example/p", "https://a.example/p"),
        ("http://[::1]:80/p?x", "http://[::1]:80/p?x=…"),
        ("https://a.example:port/p?secret=1", "(an address that is no URL)"),
    ],
)
def test_redact_url_keeps_no_secret(url: str, expected: str) -> None:
    assert redact_url(url) == expected
