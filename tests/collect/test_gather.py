import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from collect.board_server import JSON, Answer, BoardServer, as_gzip, as_json, running_board_server
from collect.fixtures import FETCHED_AT, board_payload, payload_of, play_board
from skillextract.collect.boards import BOARDS
from skillextract.collect.gather import collect_source, parse_payload
from skillextract.collect.http import PoliteSession
from skillextract.collect.payload import Payload
from skillextract.errors import PostingError, SourceChanged
from skillextract.posting import PostingDraft
from skillextract.settings import (
    AshbySource,
    FilesSource,
    LeverSource,
    SampleSource,
)


class Kept:
    """Keeps payloads in memory, as the lake does on disk."""

    def __init__(self) -> None:
        self.payloads: list[Payload] = []

    def __call__(self, payload: Payload) -> str:
        self.payloads.append(payload)
        return f"raw/{len(self.payloads)}{payload.suffix}"


@pytest.fixture
def keep() -> Kept:
    return Kept()


def job(number: int, **fields: object) -> dict[str, object]:
    return {"id": str(number), "title": "T", "descriptionHtml": "<p>x</p>", **fields}


def ids(drafts: list[PostingDraft]) -> list[str]:
    return [draft.id for draft in drafts]


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key for the boards that need one; `play_board` names these variables."""
    for variable in ("USAJOBS_BOARD_KEY", "ADZUNA_BOARD_KEY"):
        monkeypatch.setenv(variable, "a-key-of-ours")


@pytest.mark.parametrize("board", BOARDS)
def test_every_board_is_collected_and_read_again_from_what_was_kept(
    board_server: BoardServer, session: PoliteSession, keep: Kept, board: str
) -> None:
    source = play_board(board_server, board)
    collected = collect_source(source, session=session, keep=keep)
    assert (collected.status, collected.error) == ("complete", None)
    assert len(collected.raw_paths) == len(keep.payloads)
    read = [item for item in parse_payload(board_payload(board), source) if isinstance(item, PostingDraft)]
    assert ids(collected.drafts) == ids(read) != []
    again = [item for payload in keep.payloads for item in parse_payload(payload, source)]
    assert [item for item in again if isinstance(item, PostingDraft)] == collected.drafts


def test_an_empty_board_is_told_from_a_missing_one(
    board_server: BoardServer, session: PoliteSession, keep: Kept
) -> None:
    board_server.serve_ashby("empty", [])
    empty = collect_source(AshbySource(token="empty", base_url=board_server.url), session=session, keep=keep)
    gone = collect_source(AshbySource(token="gone", base_url=board_server.url), session=session, keep=keep)
    assert (empty.status, empty.error, empty.raw_paths) == ("empty", None, ["raw/1.json"])
    assert (gone.status, gone.drafts, gone.raw_paths) == ("missing", [], [])
    assert str(gone.error) == (
        f"ashby:gone: {board_server.url}/posting-api/job-board/gone?includeCompensation=…: found no board by this name "
        "(status 404), expected its postings; check the name in the public URL of the board, or remove the source"
    )


@pytest.mark.parametrize(
    ("answer", "suffix", "found"),
    [
        (Answer(b"<html>sign in</html>", content_type="text/html"), ".html", "found an HTML page, expected JSON"),
        (Answer(b'{"jobs": [{"id": "1"'), ".json", "found JSON that is cut off"),
        (as_json({"error": "moved"}), ".json", "found an object with the fields error"),
    ],
)
def test_what_cannot_be_read_is_kept_all_the_same(
    board_server: BoardServer, session: PoliteSession, keep: Kept, answer: Answer, suffix: str, found: str
) -> None:
    board_server.on("/posting-api/job-board/x", answer)
    collected = collect_source(AshbySource(token="x", base_url=board_server.url), session=session, keep=keep)
    assert (collected.status, collected.drafts, collected.raw_paths) == ("missing", [], [f"raw/1{suffix}"])
    assert [payload.content for payload in keep.payloads] == [answer.body]
    assert found in str(collected.error)


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(Answer(status=500), id="the page is down"),
        pytest.param(Answer(b"<html>"), id="the page is no JSON"),
    ],
)
def test_the_pages_before_a_fault_are_kept_as_a_part(
    board_server: BoardServer, session: PoliteSession, keep: Kept, second: Answer
) -> None:
    page = [{"id": str(number), "text": "T", "description": "<p>x</p>"} for number in range(100)]
    board_server.on("/v0/postings/x", as_json(page), second)
    collected = collect_source(LeverSource(token="x", base_url=board_server.url), session=session, keep=keep)
    assert (collected.status, len(collected.drafts), type(collected.error) is type(None)) == ("partial", 100, False)


def test_an_id_that_comes_again_is_refused(board_server: BoardServer, session: PoliteSession, keep: Kept) -> None:
    board_server.serve_ashby("x", [job(1), job(2), job(1)])
    collected = collect_source(AshbySource(token="x", base_url=board_server.url), session=session, keep=keep)
    assert ids(collected.drafts) == ["ashby:x:1", "ashby:x:2"]
    assert [str(error) for error in collected.refused] == [
        "ashby:x: posting 1: id: came before in this source; give each its own"
    ]


def test_an_id_that_comes_again_in_a_file_is_named_by_both_rows(
    tmp_path: Path, session: PoliteSession, keep: Kept
) -> None:
    path = tmp_path / "p.csv"
    path.write_text('id,title,text\n7,T,"one\nline"\n8,T,two\n\n7,T,three\n7,T,four\n')
    collected = collect_source(FilesSource(path=str(path)), session=session, keep=keep)
    assert [str(error) for error in collected.refused] == [
        f"files:p.csv: posting 7: id: came before in this source: {path}:{line} repeats that of {path}:2; give each "
        "its own"
        for line in (6, 7)
    ]


def test_files_are_read_in_place(tmp_path: Path, session: PoliteSession, keep: Kept) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text('{"title": "T", "text": "x"}\n{"title": "T"}\n')
    collected = collect_source(FilesSource(path=str(path)), session=session, keep=keep)
    assert (collected.status, ids(collected.drafts), len(collected.refused)) == ("complete", ["files:p.jsonl:1"], 1)
    assert keep.payloads == []
    with pytest.raises(ValueError, match="files have no payloads"):
        parse_payload(payload_of([]), FilesSource(path="p.jsonl"))


def test_the_sample_is_collected_without_the_network(session: PoliteSession, keep: Kept) -> None:
    first = collect_source(SampleSource(), session=session, keep=keep)
    again = collect_source(SampleSource(), session=session, keep=keep)
    assert (first.status, first.error) == ("complete", None)
    assert first.drafts == again.drafts
    assert {draft.source for draft in first.drafts} == {"sample"}
    assert {draft.id.split(":")[0] for draft in first.drafts} == {"sample"}
    dates = [date for draft in first.drafts for date in (draft.posted_at, draft.updated_at) if date]
    assert max(dates) <= first.drafts[0].fetched_at


def test_a_session_is_not_asked_for_a_sample_or_a_time_that_changes(keep: Kept) -> None:
    collected = collect_source(SampleSource(), session=None, keep=keep)  # type: ignore[arg-type]
    assert {draft.fetched_at for draft in collected.drafts} != {FETCHED_AT}


GOOD = as_json({"jobs": [job(1)]})
PROMISED = {"json": "expected JSON", "xml": "expected XML"}
FAULTS: dict[str, tuple[Answer, str, str]] = {
    # what the board does: its answer, how many payloads are kept of it, and what the user is told
    "429 with seconds": (Answer(status=429, headers={"Retry-After": "1"}), "none", "found status 429 to the last"),
    "429 with a date": (
        Answer(status=429, headers={"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"}), "none", "was asked to wait",
    ),
    "500": (Answer(status=500), "none", "found status 500 to the last attempt"),
    "silence": (Answer(fault="silent"), "none", "found no answer within 0.2 s"),
    "a reset": (Answer(fault="reset"), "none", "found the connection cut"),
    "a reset in mid-body": (Answer(b"x" * 9000, fault="half"), "none", "found a body that broke off"),
    "a slow body": (Answer(b"x" * 1000, fault="drip"), "none", "found no end of the answer after 0.5 s"),
    "a gzip bomb": (as_gzip(b"[" + b" " * 50_000_000 + b"]"), "none", "found a body of more than 100000 bytes"),
    "no gzip": (Answer(b"[]", headers={"Content-Encoding": "gzip"}), "none", "found a body that cannot be decompr"),
    "20 MB": (Answer(b"[" + b"1," * 10_000_000 + b"1]"), "none", "found a body of more than 100000 bytes"),
    "endless redirects": (Answer(status=302, headers={"Location": "?again"}), "none", "found more than 3 redirects"),
    "a redirect to another host": (
        Answer(status=302, headers={"Location": "https://www.example.com/"}), "none", "was sent on to https://www.",
    ),
    "a vanished board": (Answer(status=404), "none", "found no board by this name (status 404)"),
    "a private board": (Answer(status=401), "none", "found a private board (status 401)"),
    "a refusal": (Answer(status=403), "none", "was refused (status 403)"),
    "reserved": (Answer(b"[]", headers={"tdm-reservation": "1"}), "none", "is reserved by its owner"),
    "an empty body": (Answer(b""), "one", "found an empty body"),
    "a page in place of data": (Answer(b"<!doctype html>", content_type="text/html"), "one", "found an HTML page"),
    "a changed schema": (as_json({"version": 2, "items": []}), "one", "changed its answers"),
    "deep JSON": (Answer(b"[" * 40_000), "one", "found JSON"),
    "cut off": (Answer(b'{"jobs": [{"id"'), "one", "found JSON that is cut off"),
    "no UTF-8": (Answer(b'{"jobs": "\xff"}', content_type=JSON), "one", "is not UTF-8"),
    "an empty board": (GOOD, "one", ""),
}  # fmt: skip


@pytest.fixture
def quick_session() -> Iterator[PoliteSession]:
    with PoliteSession(
        connect_timeout=1, read_timeout=0.2, deadline=0.5, attempts=2, backoff=0, longest_wait=1, size_limit=100_000
    ) as session:
        yield session


@pytest.mark.parametrize("fault", [name for name in FAULTS if name != "an empty board"])
def test_a_fault_is_told_its_payload_kept_and_every_other_source_is_there(
    board_server: BoardServer, quick_session: PoliteSession, keep: Kept, fault: str
) -> None:
    answer, kept, told = FAULTS[fault]
    sources = [play_board(board_server, board) for board in BOARDS if board != "recruitee"]
    broken = play_board(board_server, "recruitee", answer)
    found = {source.name: collect_source(source, session=quick_session, keep=keep) for source in [broken, *sources]}
    of_broken = found.pop(broken.name)
    assert (of_broken.status, of_broken.drafts, told in str(of_broken.error)) == ("missing", [], True)
    assert len(of_broken.raw_paths) == (kept == "one")
    assert [payload.content for payload in keep.payloads[: len(of_broken.raw_paths)]] == [answer.body][: kept == "one"]
    assert {each.status for each in found.values()} == {"complete"}
    assert str(of_broken.error).startswith(f"recruitee:acme: {board_server.url}/api/offers/")


@pytest.mark.parametrize("board", BOARDS)
@pytest.mark.parametrize("fault", ["500", "a reset in mid-body", "a redirect to another host", "an empty body",
                                   "a changed schema", "a page in place of data", "deep JSON", "no UTF-8"])  # fmt: skip
def test_no_board_gives_postings_or_anything_but_an_explanation_where_its_answer_is_bad(
    board_server: BoardServer, quick_session: PoliteSession, keep: Kept, board: str, fault: str
) -> None:
    answer, kept, _ = FAULTS[fault]
    collected = collect_source(play_board(board_server, board, answer), session=quick_session, keep=keep)
    assert collected.drafts == []
    reasons = [str(collected.error)] if collected.error else [str(each) for each in collected.refused]
    assert len(reasons) == 1
    assert (answer.body in [payload.content for payload in keep.payloads]) == (kept == "one")


@pytest.mark.parametrize("board", ["personio", "teamtailor", "feed"])
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss>&b;</rss>', "entities"),
        (b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss>&a;</rss>', "entities"),
        (b"<rss>" + b"<channel>" * 5000, "found"),
    ],
    ids=["entities", "an entity of a file", "deep XML"],
)
def test_hostile_xml_is_kept_and_refused(
    board_server: BoardServer, session: PoliteSession, keep: Kept, board: str, content: bytes, told: str
) -> None:
    source = play_board(board_server, board, Answer(content, content_type="application/xml"))
    collected = collect_source(source, session=session, keep=keep)
    assert (collected.status, [payload.content for payload in keep.payloads]) == ("missing", [content])
    assert told in str(collected.error)


EMPTY = {
    "lever": b"[]", "remoteok": b'[{"legal": "x"}]', "recruitee": b'{"offers": []}', "arbeitnow": b'{"data": []}',
    "themuse": b'{"results": []}', "adzuna": b'{"results": []}', "personio": b"<workzag-jobs></workzag-jobs>",
    "usajobs": b'{"SearchResult": {"SearchResultItems": []}}', "hackernews": b'{"id": 50000001, "children": []}',
    "teamtailor": b'<rss version="2.0"><channel/></rss>',
    "feed": b'<rss version="2.0"><channel><title>x</title></channel></rss>',
}  # fmt: skip


@pytest.mark.parametrize("board", [board for board in BOARDS if board not in ("smartrecruiters", "pages")])
def test_an_empty_board_is_no_fault(board_server: BoardServer, session: PoliteSession, keep: Kept, board: str) -> None:
    answer = Answer(EMPTY.get(board, b'{"jobs": []}'), content_type="")
    collected = collect_source(play_board(board_server, board, answer), session=session, keep=keep)
    assert (collected.status, collected.error, collected.refused, len(keep.payloads)) == ("empty", None, [], 1)


def test_several_faults_of_a_source_are_one_message_with_their_number(
    board_server: BoardServer, session: PoliteSession, keep: Kept
) -> None:
    source = play_board(board_server, "smartrecruiters")
    board_server.on("/v1/companies/AcmeInc/postings", as_json({"content": [{"id": str(n)} for n in range(744, 748)]}))
    board_server.on("/v1/companies/AcmeInc/postings/744", Answer(board_payload("smartrecruiters").content))
    board_server.on("/v1/companies/AcmeInc/postings/745", Answer(status=403))
    board_server.on("/v1/companies/AcmeInc/postings/746", Answer(status=500))
    # 747 is gone since the list was made, which is no fault.
    collected = collect_source(source, session=session, keep=keep)
    assert (collected.status, len(collected.drafts), len(keep.payloads)) == ("partial", 1, 2)
    assert str(collected.error) == (
        f"smartrecruiters:AcmeInc: {board_server.url}/v1/companies/AcmeInc/postings/745: was refused (status 403), "
        "expected the postings, which may still be there; do not ask again soon, and set `contact` in the settings so "
        "that the board can reach you (further faults in this source: 1)"
    )


def test_a_fault_says_where_the_payload_is_kept_that_it_says_to_look_at(
    board_server: BoardServer, session: PoliteSession, keep: Kept
) -> None:
    page = [{"id": str(number), "text": "T", "description": "<p>x</p>"} for number in range(99)]
    board_server.on("/v0/postings/x", as_json([*page, {"id": "99", "text": "T"}]), as_json({"error": "moved"}))
    collected = collect_source(LeverSource(token="x", base_url=board_server.url), session=session, keep=keep)
    [refused] = collected.refused
    assert (str(refused), str(collected.error).partition(", expected ")[2]) == (
        "lever:x: posting 99: description: found no description, expected one; see the raw payload (raw/1.json)",
        "a list of postings; the board has changed its answers: the raw payload (raw/2.json) shows how",
    )
    assert (type(refused), type(collected.error)) == (PostingError, SourceChanged)


def test_a_board_that_falls_silent_among_many_requests_is_given_up(
    board_server: BoardServer, session: PoliteSession, keep: Kept
) -> None:
    source = play_board(board_server, "smartrecruiters")
    board_server.on("/v1/companies/AcmeInc/postings", as_json({"content": [{"id": str(n)} for n in range(60)]}))
    for number in range(60):
        board_server.on(f"/v1/companies/AcmeInc/postings/{number}", Answer(status=503))
    collected = collect_source(source, session=session, keep=keep)
    assert (collected.status, len(keep.payloads), len(board_server.requests)) == ("missing", 1, 1 + 5 * 3)


def test_a_board_of_20_megabytes_is_read(board_server: BoardServer, keep: Kept) -> None:
    jobs = [job(number, descriptionHtml="<p>" + "word " * 2000 + "</p>") for number in range(2_000)]
    board_server.serve_ashby("large", jobs)
    with PoliteSession() as session:
        source = AshbySource(token="large", base_url=board_server.url)
        collected = collect_source(source, session=session, keep=keep)
    assert (collected.status, len(collected.drafts)) == ("complete", 2_000)
    assert len(keep.payloads[0].content) > 20_000_000


def test_a_second_run_over_unchanged_boards_is_sent_nothing(
    board_server: BoardServer, keep: Kept, tmp_path: Path
) -> None:
    sources = [play_board(board_server, board) for board in BOARDS]
    for answers in board_server.answers.values():
        answers[:] = [
            Answer(answer.body, content_type=answer.content_type, headers={"ETag": '"1"'}) for answer in answers
        ]
    runs = []
    for _ in range(2):
        with PoliteSession(cache=tmp_path) as session:
            found = [collect_source(source, session=session, keep=keep) for source in sources]
        runs.append([ids(each.drafts) for each in found])
    assert runs[0] == runs[1]
    half = len(keep.payloads) // 2
    assert {payload.unchanged for payload in keep.payloads[:half]} == {False}
    assert {payload.unchanged for payload in keep.payloads[half:]} == {True}
    assert [payload.content for payload in keep.payloads[:half]] == [
        payload.content for payload in keep.payloads[half:]
    ]


def test_sources_in_several_threads_share_a_session_and_its_cache(board_server: BoardServer, tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        servers = [board_server, *(stack.enter_context(running_board_server()) for _ in range(3))]
        sources = [play_board(server, board) for server in servers for board in BOARDS]
        session = stack.enter_context(PoliteSession(cache=tmp_path))
        pool = stack.enter_context(ThreadPoolExecutor(8))
        found = list(pool.map(lambda source: collect_source(source, session=session, keep=Kept()), sources * 2))
    assert {each.status for each in found} == {"complete"}
    assert len(found) == 2 * 4 * len(BOARDS)
