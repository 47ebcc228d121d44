"""An unchanged payload is read once."""

import dataclasses
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collect.board_server import Answer, BoardServer, Made, Request, as_json
from collect.fixtures import board_file, board_payload, example_source, payload_of, play_board
from skillextract import parsed, pipeline
from skillextract.collect.boards import BOARDS
from skillextract.collect.http import PoliteSession
from skillextract.errors import PostingError, SourceChanged
from skillextract.lake import Lake
from skillextract.parsed import ParsedPayloads
from skillextract.posting import Posting
from skillextract.settings import AshbySource, LeverSource, SampleSource, Settings

MOMENT = datetime(2026, 11, 24, 17, 5, 9, tzinfo=UTC)


class Parser:
    """Counts the payloads that reach the real parsers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.urls: list[str] = []
        parse = parsed.parse_payload

        def count(payload: Any, source: Any) -> Any:
            self.urls.append(payload.url)
            return parse(payload, source)

        monkeypatch.setattr(parsed, "parse_payload", count)


@pytest.fixture
def parser(monkeypatch: pytest.MonkeyPatch) -> Parser:
    return Parser(monkeypatch)


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("USAJOBS_BOARD_KEY", "ADZUNA_BOARD_KEY"):
        monkeypatch.setenv(variable, "a-key-of-ours")


def show(items: Iterator[Posting | PostingError]) -> list[Posting | str]:
    return [str(item) if isinstance(item, PostingError) else item for item in items]


@pytest.mark.parametrize("board", BOARDS)
def test_every_board_reads_the_same_from_what_was_kept(board: str, tmp_path: Path, parser: Parser) -> None:
    payload, source = board_payload(board), example_source(board)
    expected = show(ParsedPayloads(None).read(payload, source))
    first = show(ParsedPayloads(tmp_path).read(payload, source))
    second = show(ParsedPayloads(tmp_path).read(payload, source))
    assert (first, second, len(parser.urls)) == (expected, expected, 2)


def test_postings_of_a_kept_payload_are_as_old_as_the_payload(tmp_path: Path) -> None:
    source, payload = AshbySource(token="x"), board_payload("ashby")
    list(ParsedPayloads(tmp_path).read(payload, source))
    later = dataclasses.replace(payload, fetched_at=payload.fetched_at + timedelta(days=3))
    found = [item for item in ParsedPayloads(tmp_path).read(later, source) if isinstance(item, Posting)]
    assert {posting.fetched_at for posting in found} == {later.fetched_at}


def test_another_payload_another_source_and_another_program_are_read_anew(
    tmp_path: Path, parser: Parser, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, payload = AshbySource(token="x"), board_payload("ashby")
    changed = dataclasses.replace(payload, content=payload.content + b"\n")
    named = AshbySource(token="x", company="Tallowfield")
    for each, asked in [(payload, source), (changed, source), (payload, named)] * 2:
        list(ParsedPayloads(tmp_path).read(each, asked))
    assert len(parser.urls) == 3
    monkeypatch.setattr(parsed, "name_parser", lambda: "another program")
    list(ParsedPayloads(tmp_path).read(payload, source))
    assert len(parser.urls) == 4


def test_where_postings_say_when_they_end_another_day_is_another_reading(tmp_path: Path) -> None:
    posting = {"@type": "JobPosting", "title": "T", "description": "<p>x</p>", "validThrough": "2026-08-03"}
    page = f'<script type="application/ld+json">{json.dumps(posting)}</script>'.encode()
    source, payload = example_source("pages"), payload_of(page, source="pages:x", suffix=".html")
    counts = []
    for days in (0, 0, 5):
        read = ParsedPayloads(tmp_path).read(
            dataclasses.replace(payload, fetched_at=payload.fetched_at + timedelta(days=days)), source
        )
        counts.append([type(item) for item in read])
    assert counts == [[Posting], [Posting], [PostingError]]


def test_a_payload_at_fault_is_told_each_time(tmp_path: Path, parser: Parser) -> None:
    for _ in range(2):
        with pytest.raises(SourceChanged, match="found a single value"):
            list(ParsedPayloads(tmp_path).read(payload_of(b"1"), AshbySource(token="x")))
    assert (len(parser.urls), list(tmp_path.iterdir())) == (2, [])


def test_a_torn_file_costs_a_second_reading_and_no_posting(
    tmp_path: Path, parser: Parser, caplog: pytest.LogCaptureFixture
) -> None:
    source, payload = AshbySource(token="x"), board_payload("ashby")
    expected = show(ParsedPayloads(tmp_path).read(payload, source))
    [file] = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:100])
    assert show(ParsedPayloads(tmp_path).read(payload, source)) == expected
    assert "its payload is parsed anew" in caplog.text
    assert show(ParsedPayloads(tmp_path).read(payload, source)) == expected
    assert len(parser.urls) == 2


def test_fields_that_could_not_be_read_are_told_each_time(
    tmp_path: Path, parser: Parser, caplog: pytest.LogCaptureFixture
) -> None:
    answer = json.loads(board_payload("ashby").content)
    answer["jobs"][0]["department"] = 7
    payload, source = payload_of(answer), AshbySource(token="x")
    told = []
    for _ in range(2):
        caplog.clear()
        list(ParsedPayloads(tmp_path).read(payload, source))
        told.append(caplog.messages)
    assert len(parser.urls) == 1
    assert told[0] == told[1]
    assert [message.partition(" in 1 posting")[0] for message in told[0]] == ["ashby:x: department could not be read"]


def test_what_no_run_has_read_for_long_is_forgotten(tmp_path: Path) -> None:
    for token in ("old", "new"):
        list(ParsedPayloads(tmp_path).read(board_payload("ashby"), AshbySource(token=token)))
    old, new = sorted(tmp_path.iterdir())
    os.utime(old, (0, 0))
    ParsedPayloads(tmp_path).forget()
    assert list(tmp_path.iterdir()) == [new]
    ParsedPayloads(tmp_path / "none").forget()


def test_the_sample_leaves_no_cache_behind(tmp_path: Path) -> None:
    settings = Settings(lake=str(tmp_path / "lake"), cache=str(tmp_path / "cache"), sources=[SampleSource()])
    pipeline.fetch_source(settings.sources[0], settings=settings, snapshot="2026-11-24T170509Z")
    assert not (tmp_path / "cache").exists()


def test_a_second_run_over_unchanged_boards_transfers_next_to_nothing_and_parses_nothing(
    board_server: BoardServer, tmp_path: Path, parser: Parser
) -> None:
    """Every board answers 304; one that knows no ETag sends its body again, which is not parsed again either."""
    tagged = {
        board: play_board(
            board_server,
            board,
            Answer(
                board_payload(board).content,
                content_type={".json": "application/json", ".xml": "application/xml", ".html": "text/html"}[
                    board_file(board).suffix
                ],
                headers={"ETag": f'"{board}"'},
            ),
        )
        for board in ("ashby", "greenhouse", "personio", "pages", "remotive")
    }
    sent: list[tuple[str, int, int]] = []

    def send(path: str, answer: Answer) -> Made:
        def make(request: Request) -> Answer:
            given = Answer.for_request(answer, request)
            sent.append((path, given.status, len(given.body)))
            return given

        return Made(make)

    board_server.on("/robots.txt", Answer(b"", content_type="text/plain", headers={"ETag": '"robots"'}))
    for path in list(board_server.answers):
        board_server.on(path, send(path, board_server.answers[path][0]))
    board_server.on(
        "/v0/postings/plain", send("/v0/postings/plain", as_json(json.loads(board_payload("lever").content)))
    )
    plain = LeverSource(token="plain", base_url=board_server.url)
    settings = Settings(
        lake=str(tmp_path / "lake"), cache=str(tmp_path / "cache"), sources=[*tagged.values(), plain], min_postings=1
    )
    runs = []
    for day in range(2):
        sent.clear()
        parser.urls.clear()
        snapshot = pipeline.begin_run(settings, now=MOMENT + timedelta(days=day))
        with PoliteSession(cache=settings.cache_folder, spacing=0) as session:
            fetched = [
                pipeline.fetch_source(source, settings=settings, snapshot=snapshot, session=session)
                for source in settings.sources
            ]
        postings = Lake(settings.lake).read_parquet([part for each in fetched for part in each["parts"]])
        rows = postings.drop_columns(["fetched_at"]).to_pylist()
        counts = [(each["status"], each["postings"], each["refused"]) for each in fetched]
        runs.append((list(sent), list(parser.urls), rows, counts))
        Lake(settings.lake).release(snapshot)
    (first, parsed_first, rows_first, counts_first), (second, parsed_second, rows_second, counts_second) = runs
    assert len(parsed_first) == 6
    assert parsed_second == []
    assert (rows_second, counts_second) == (rows_first, counts_first)
    assert len(rows_first) > 6
    assert [path for path, *_ in second] == [path for path, *_ in first]
    assert {(path, status, size) for path, status, size in second if size} == {
        (path, 200, size) for path, _, size in first if path == "/v0/postings/plain"
    }
    assert {status for path, status, _ in second if path != "/v0/postings/plain"} == {304}
