import logging
import socket
import sqlite3
import threading
import time
import traceback
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from collect.board_server import Answer, BoardServer, as_gzip, as_json
from skillextract.collect.http import (
    BoardNotFound,
    MiningReserved,
    PoliteSession,
    SentElsewhere,
    describe_agent,
    redact_url,
)
from skillextract.collect.payload import read_json
from skillextract.collect.transport import HostTurns, LastingError, check_address
from skillextract.errors import SourceBusy, SourceChanged, SourceError, SourceUnavailable

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
        pytest.param(Answer(GOOD.body, fault="half chunks"), id="a body of chunks that breaks off"),
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
    with pytest.raises(SentElsewhere) as caught:
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


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(b" " * 1000, fault="drip"), id="a body of one byte every 10 ms"),
        pytest.param(Answer(fault="silent"), id="no headers"),
    ],
)
def test_an_answer_that_takes_too_long_is_cut_off(board_server: BoardServer, answer: Answer) -> None:
    url = board_server.on("/board", answer)
    began = time.monotonic()
    with (
        PoliteSession(deadline=0.3, attempts=1, read_timeout=5) as session,
        pytest.raises(SourceUnavailable, match=r"found no end of the answer after 0\.3 s"),
    ):
        get(session, url)
    assert time.monotonic() - began < 3


def test_an_answer_that_takes_too_long_once_is_asked_for_again(board_server: BoardServer) -> None:
    url = board_server.on("/board", Answer(fault="silent"), GOOD)
    with PoliteSession(deadline=0.3, attempts=2, read_timeout=5, backoff=0) as session:
        assert get(session, url) == {"jobs": []}


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
    turns = HostTurns()
    for host in ("a.example", "a.example", "b.example", "127.0.0.1:1", "127.0.0.1:1"):
        with turns.turn(host, spacing=1.5):
            pass
    PoliteSession(turns=turns).space_requests("https://a.example/jobs", 0.25)
    for _ in range(2):
        with turns.turn("a.example", spacing=1.5):
            pass
    assert pauses == [0.0, 1.5, 0.0, 1.5, 0.25]


def test_a_host_gets_one_request_at_a_time(board_server: BoardServer) -> None:
    board_server.on("/board", GOOD)
    running, most = 0, 0
    lock, overlap = threading.Lock(), threading.Event()
    answer = board_server._answer

    def count(handler: Any) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
            if running > 1:
                overlap.set()
        # Whoever's turn comes next cannot ask before this answer is sent: until then only an overlap ends the wait.
        overlap.wait(0.05)
        with lock:
            running -= 1
        answer(handler)

    board_server._answer = count  # type: ignore[method-assign]
    # Each source of a flow has a session of its own; the turns are the process's.
    sessions = [PoliteSession() for _ in range(8)]
    threads = [threading.Thread(target=get, args=(session, f"{board_server.url}/board")) for session in sessions]
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


def asked_again(board_server: BoardServer, cache: Path, *answers: Answer) -> tuple[list[bytes], list[bool], list[int]]:
    """The bodies of three runs, whether each was said to be unchanged, and how many bytes the board sent for each."""
    url = board_server.on("/board", *answers)
    bodies, unchanged = [], []
    for _ in range(3):
        with PoliteSession(cache=cache, backoff=0) as session:
            payload = session.get(url, source="board:x")
            bodies.append(payload.content)
            unchanged.append(payload.unchanged)
    return bodies, unchanged, [len(board_server.requests)]


@pytest.mark.parametrize(
    "validator", [{"ETag": '"v1"'}, {"Last-Modified": "Wed, 01 Jul 2026 08:00:00 GMT"}], ids=["ETag", "Last-Modified"]
)
def test_an_unchanged_answer_is_not_sent_again(
    board_server: BoardServer, tmp_path: Path, validator: dict[str, str]
) -> None:
    bodies, unchanged, requests = asked_again(board_server, tmp_path, Answer(GOOD.body, headers=validator))
    assert (bodies, unchanged, requests) == ([GOOD.body] * 3, [False, True, True], [3])
    asked = "If-None-Match" if "ETag" in validator else "If-Modified-Since"
    assert [asked in request.headers for request in board_server.requests] == [False, True, True]


def test_a_changed_answer_replaces_the_one_that_was_kept(board_server: BoardServer, tmp_path: Path) -> None:
    first, second = Answer(b"[1]", headers={"ETag": '"1"'}), Answer(b"[2]", headers={"ETag": '"2"'})
    bodies, unchanged, _ = asked_again(board_server, tmp_path, first, second)
    assert (bodies, unchanged) == ([b"[1]", b"[2]", b"[2]"], [False, False, True])


def test_without_a_validator_every_answer_is_sent(board_server: BoardServer, tmp_path: Path) -> None:
    assert asked_again(board_server, tmp_path, GOOD) == ([GOOD.body] * 3, [False] * 3, [3])


def test_a_failure_is_not_hidden_behind_what_was_kept(board_server: BoardServer, tmp_path: Path) -> None:
    url = board_server.on("/board", Answer(GOOD.body, headers={"ETag": '"1"'}), Answer(status=500))
    with PoliteSession(cache=tmp_path, backoff=0) as session:
        session.get(url, source="board:x")
        with pytest.raises(SourceUnavailable, match="found status 500"):
            session.get(url, source="board:x")


def test_what_is_fresh_is_not_asked_for_and_keeps_its_date(
    board_server: BoardServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("skillextract.collect.http.is_loopback", lambda host: host == "127.0.0.1" and not fresh)
    fresh: list[bool] = []
    monkeypatch.setattr("skillextract.collect.http._check_url", lambda url, *, source: None)
    url = board_server.on("/board", GOOD)
    fresh.append(True)
    with PoliteSession(cache=tmp_path) as session:
        first = session.keep_fresh(timedelta(hours=6)).get(url, source="board:x")
    with PoliteSession(cache=tmp_path) as session:
        again = session.keep_fresh(timedelta(hours=6)).get(url, source="board:x")
    assert (first.unchanged, again.unchanged, len(board_server.requests)) == (False, True, 1)
    assert abs(first.fetched_at - again.fetched_at) < timedelta(seconds=2)


@pytest.mark.parametrize("damage", ["no folder", "no database"])
def test_a_cache_that_cannot_be_used_is_told_and_done_without(
    board_server: BoardServer, tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    if damage == "no folder":
        (tmp_path / "cache").write_text("a file")
    else:
        (tmp_path / "cache").mkdir()
        (tmp_path / "cache" / "answers.sqlite").write_bytes(b"no database" * 1000)
    url = board_server.on("/board", GOOD)
    with PoliteSession(cache=tmp_path / "cache") as session:
        assert get(session, url) == {"jobs": []}
    assert "everything is asked for anew" in caplog.text


def test_a_secret_is_sent_and_stands_nowhere_else(
    board_server: BoardServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    key, token = "k3y+/of=adzuna", "t0ken-of-usajobs"
    link = b'{"url": "https://x.example/?utm_source=k3y%2B%2Fof%3Dadzuna", "said": "t0ken-of-usajobs k3y+/of=adzuna"}'
    url = board_server.on(
        "/board",
        Answer(fault="reset"),
        Answer(
            link,
            headers={
                "ETag": '"1"',
                "Link": f'<{board_server.url}/board?app_key=k3y%2B%2fof%3Dadzuna>; rel="next"',
                "X-Key": "k3y+/of=adzuna t0ken-of-usajobs",
                "Set-Cookie": "key=t0ken-of-usajobs",
            },
        ),
        Answer(status=500),
        Answer(fault="reset"),
    )
    said = []
    with (
        caplog.at_level(logging.DEBUG),
        PoliteSession(cache=tmp_path, backoff=0, attempts=2, read_timeout=1) as session,
    ):
        secrets: dict[str, Any] = {"secret_params": {"app_key": key}, "secret_headers": {"Authorization-Key": token}}
        payload = session.get(url, source="board:x", **secrets)
        for _ in range(2):
            with pytest.raises(SourceUnavailable) as caught:
                session.get(url, source="board:x", **secrets)
            said.append("".join(traceback.format_exception(caught.value)))
    assert {request.query["app_key"] for request in board_server.requests} == {key}
    assert {request.headers["Authorization-Key"] for request in board_server.requests} == {token}
    assert payload.content == b'{"url": "https://x.example/?utm_source=REDACTED", "said": "REDACTED REDACTED"}'
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"REDACTED" in kept
    everything = caplog.text + "".join(said) + str(payload) + kept.decode("utf-8", "replace")
    assert [form for form in (key, "k3y%2B%2Fof%3Dadzuna", "k3y%2B%2fof%3Dadzuna", token) if form in everything] == []


def test_a_redirect_that_holds_the_key_is_followed_with_it(board_server: BoardServer, tmp_path: Path) -> None:
    url = board_server.on("/old", Answer(status=307, headers={"Location": "/new?app_key=k3y%2Fof"}))
    board_server.on("/new", Answer(b'{"jobs": []}', headers={"ETag": '"1"'}))
    with PoliteSession(cache=tmp_path) as session:
        session.get(url, source="board:x", secret_params={"app_key": "k3y/of"})
    assert [request.query for request in board_server.requests] == [{"app_key": "k3y/of"}] * 2
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert (b"/new?app_key=REDACTED" in kept, b"k3y" in kept) == (True, False)


@pytest.mark.parametrize(
    ("address", "host", "allowed"),
    [
        ("93.184.215.14", "boards.example", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", "boards.example", True),
        ("127.0.0.1", "localhost", True),
        ("::1", "::1", True),
        ("127.0.0.1", "boards.example", False),
        ("10.1.2.3", "boards.example", False),
        ("192.168.0.1", "boards.example", False),
        ("169.254.169.254", "boards.example", False),
        ("100.64.0.1", "boards.example", False),
        ("0.0.0.0", "boards.example", False),
        ("224.0.0.1", "boards.example", False),
        ("::1", "boards.example", False),
        ("::ffff:10.1.2.3", "boards.example", False),
        ("fe80::1%eth0", "boards.example", False),
        ("fc00::1", "boards.example", False),
        ("93.184.215.14", "localhost", False),
        ("10.1.2.3", "127.0.0.1", False),
    ],
)
def test_no_name_leads_into_a_private_network(address: str, host: str, allowed: bool) -> None:
    refused = False
    try:
        check_address(address, host=host)
    except LastingError:
        refused = True
    assert refused is not allowed


def test_a_public_name_that_leads_to_this_machine_is_refused_before_anything_is_sent(
    board_server: BoardServer, session: PoliteSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = board_server.url.rpartition(":")[2]
    found = socket.getaddrinfo("127.0.0.1", int(port), type=socket.SOCK_STREAM)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(SourceChanged, match="found a name that leads into a private network"):
        get(session, f"https://boards.example:{port}/board")
    assert board_server.requests == []


def test_an_answer_that_is_reserved_against_mining_is_not_taken(
    board_server: BoardServer, session: PoliteSession
) -> None:
    url = board_server.on("/board", Answer(GOOD.body, headers={"TDM-Reservation": "1"}))
    with pytest.raises(MiningReserved, match="is reserved by its owner against text and data mining"):
        get(session, url)
    board_server.on("/board", Answer(GOOD.body, headers={"TDM-Reservation": "0"}))
    assert get(session, url) == {"jobs": []}


@pytest.mark.parametrize("location", ["//", "http://[", "", "javascript:alert(1)"])
def test_a_redirect_to_no_address_is_refused(board_server: BoardServer, session: PoliteSession, location: str) -> None:
    url = board_server.on("/board", Answer(status=302, headers={"Location": location}))
    with pytest.raises(SourceChanged):
        get(session, url)


def test_a_host_that_asks_for_a_long_wait_is_busy(board_server: BoardServer, session: PoliteSession) -> None:
    url = board_server.on("/board", Answer(status=503, headers={"Retry-After": "9" * 400}))
    with pytest.raises(SourceBusy, match="was asked to wait 1000000000 s, expected at most 2 s"):
        get(session, url)
    assert len(board_server.requests) == 1


def test_a_connection_is_used_again(board_server: BoardServer, session: PoliteSession) -> None:
    url = board_server.on(
        "/board", GOOD, Answer(GOOD.body, fault="chunks"), as_gzip(GOOD.body), Answer(status=404), GOOD
    )
    for _ in range(3):
        assert get(session, url) == {"jobs": []}
    with pytest.raises(BoardNotFound):
        get(session, url)
    assert get(session, url) == {"jobs": []}
    assert len(board_server.connections) == 1


def test_no_cookie_is_kept(board_server: BoardServer, session: PoliteSession) -> None:
    url = board_server.on("/board", Answer(GOOD.body, headers={"Set-Cookie": "id=1; Path=/"}))
    for _ in range(2):
        get(session, url)
    assert ["Cookie" in request.headers for request in board_server.requests] == [False, False]


def test_an_answer_is_told_apart_by_its_query_and_not_by_its_key(board_server: BoardServer, tmp_path: Path) -> None:
    board_server.on("/board", Answer(b"[1]", headers={"ETag": '"1"'}), Answer(b"[2]", headers={"ETag": '"2"'}))
    url = f"{board_server.url}/board"
    with PoliteSession(cache=tmp_path) as session:
        first = session.get(url, source="board:x", params={"page": 1}, secret_params={"key": "first-key"})
        second = session.get(url, source="board:x", params={"page": 2}, secret_params={"key": "first-key"})
        again = session.get(url, source="board:x", params={"page": 2}, secret_params={"key": "other-key"})
    assert (first.content, second.content, again.content) == (b"[1]", b"[2]", b"[2]")
    assert [payload.unchanged for payload in (first, second, again)] == [False, False, True]


def test_what_nobody_asks_for_any_more_is_forgotten(board_server: BoardServer, tmp_path: Path) -> None:
    for path in ("/old", "/new"):
        url = board_server.on(path, Answer(GOOD.body, headers={"ETag": '"1"'}))
        with PoliteSession(cache=tmp_path) as session:
            get(session, url)
    with sqlite3.connect(tmp_path / "answers.sqlite") as kept:
        assert kept.execute("SELECT count(*) FROM responses").fetchone() == (2,)
        first = kept.execute("SELECT key FROM responses ORDER BY expires LIMIT 1").fetchone()
        kept.execute("UPDATE responses SET expires = expires - 46 * 86400 WHERE key = ?", first)
    kept.close()
    with PoliteSession(cache=tmp_path) as session:
        payloads = [session.get(f"{board_server.url}{path}", source="board:x") for path in ("/old", "/new")]
    assert [payload.unchanged for payload in payloads] == [False, True]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(fault="silent"),
        Answer(fault="reset"),
        Answer(GOOD.body, fault="half"),
        Answer(status=302, headers={"Location": "//["}),
    ],
    ids=["silence", "reset", "half", "a redirect to nowhere"],
)
@pytest.mark.parametrize("deadline", [0.1, 5])
def test_no_fault_shows_a_secret_in_its_traceback(board_server: BoardServer, answer: Answer, deadline: float) -> None:
    url = board_server.on("/board", answer)
    key = "-".join(["a", "key", "of", "ours"])  # a traceback shows the lines of this test too
    with PoliteSession(deadline=deadline, read_timeout=0.3, attempts=1, backoff=0) as session:
        with pytest.raises(SourceError) as caught:
            session.get(url, source="board:x", secret_params={"app_key": key})
        assert key not in "".join(traceback.format_exception(caught.value))


def test_one_host_does_not_wait_for_another() -> None:
    turns = HostTurns()
    done = threading.Event()

    def ask_another() -> None:
        with turns.turn("b.example", spacing=60):
            done.set()

    with turns.turn("a.example", spacing=60):
        thread = threading.Thread(target=ask_another)
        thread.start()
        assert done.wait(5)
    thread.join()
