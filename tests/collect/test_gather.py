from pathlib import Path

import pytest

from collect.board_server import Answer, BoardServer, as_json
from collect.fixtures import FETCHED_AT, board_payload, payload_of
from skillextract.collect.boards import BOARDS
from skillextract.collect.gather import collect_source, parse_payload
from skillextract.collect.http import PoliteSession
from skillextract.collect.payload import Payload
from skillextract.posting import PostingDraft
from skillextract.settings import (
    AshbySource,
    FilesSource,
    GreenhouseSource,
    HackerNewsSource,
    LeverSource,
    SampleSource,
    Source,
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


@pytest.mark.parametrize("board", BOARDS)
def test_every_board_is_collected_and_read_again_from_what_was_kept(
    board_server: BoardServer, session: PoliteSession, keep: Kept, board: str
) -> None:
    content = Answer(board_payload(board).content)
    sources: dict[str, Source] = {
        "ashby": AshbySource(token="x", base_url=board_server.url),
        "greenhouse": GreenhouseSource(token="x", base_url=board_server.url),
        "lever": LeverSource(token="x", base_url=board_server.url),
        "hackernews": HackerNewsSource(thread=50000001, base_url=board_server.url),
    }
    for path in ("/posting-api/job-board/x", "/v1/boards/x/jobs", "/v0/postings/x", "/api/v1/items/50000001"):
        board_server.on(path, content)
    collected = collect_source(sources[board], session=session, keep=keep)
    assert (collected.status, collected.error, collected.raw_paths) == ("complete", None, ["raw/1.json"])
    assert len(collected.drafts) == 2
    again = [item for item in parse_payload(keep.payloads[0], sources[board]) if isinstance(item, PostingDraft)]
    assert again == collected.drafts


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
