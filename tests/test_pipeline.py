"""The steps of a run as plain functions, without Prefect."""

import json
import logging
import os
import random
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from collect.board_server import Answer, BoardServer, as_json
from skillextract import pipeline
from skillextract.collect.files import read_files
from skillextract.collect.http import PoliteSession
from skillextract.collect.shipped_sample import fetch_sample, parse_sample
from skillextract.errors import LakeError, SettingsError, SourceUnavailable
from skillextract.lake import Lake
from skillextract.posting import Posting, PostingDraft
from skillextract.reuse import find_earlier, name_reader
from skillextract.settings import (
    AdzunaSource,
    AshbySource,
    FilesSource,
    GreenhouseSource,
    HackerNewsSource,
    LeverSource,
    SampleSource,
    Settings,
)
from skillextract.skills.matcher import SkillMatcher
from skillextract.skills.mention import Mention
from skillextract.text.render import render_posting

MOMENT = datetime(2026, 11, 24, 17, 5, 9, tzinfo=UTC)
SNAPSHOT = "2026-11-24T170509Z"


@pytest.fixture
def quick() -> Iterator[PoliteSession]:
    with PoliteSession(connect_timeout=5, read_timeout=5, attempts=2, backoff=0, spacing=0) as session:
        yield session


def write_postings(path: Path, count: int, *, text: str = "You know Kafka and Python.") -> FilesSource:
    rows = [
        {"id": str(n), "title": "Machine Learning Engineer", "company": f"Company {n}", "text": f"{text} Opening {n}."}
        for n in range(count)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return FilesSource(path=str(path))


def run(settings: Settings) -> pipeline.WrittenReports:
    snapshot = pipeline.begin_run(settings, now=MOMENT)
    fetched = [pipeline.fetch_source(source, settings=settings, snapshot=snapshot) for source in settings.sources]
    folded = pipeline.fold_postings(fetched, settings=settings, snapshot=snapshot)
    mentions = [pipeline.extract_part(part, settings=settings, snapshot=snapshot) for part in folded["parts"]]
    return pipeline.write_reports(
        settings=settings, snapshot=snapshot, fetched=fetched, folded=folded, mention_parts=mentions
    )


def test_a_run_begins_only_where_it_can_end(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    pipeline.check_run(Settings(lake=str(lake)))
    assert list(lake.iterdir()) == []  # trying whether it can be written leaves nothing
    assert pipeline.begin_run(Settings(lake=str(lake)), now=MOMENT) == SNAPSHOT
    with pytest.raises(SettingsError, match=r"role: found 'astronaut', expected one of .*machine-learning-engineer"):
        pipeline.begin_run(Settings(lake=str(lake), role="astronaut"))
    shutil.rmtree(lake)
    lake.write_text("a file, where a folder should be")
    with pytest.raises(LakeError, match=r"cannot be written .*make the folder writable"):
        pipeline.begin_run(Settings(lake=str(lake)))


def test_files_that_are_not_there_are_refused_at_once_where_nothing_else_is_read_and_else_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message has the whole path; no lake is left behind, and one missing file never stops other sources."""
    (tmp_path / "here").mkdir()
    (tmp_path / "own").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    write_postings(tmp_path / "own" / "a.jsonl", 1)
    missing = [FilesSource(path="a.jsonl"), FilesSource(path="b.jsonl")]
    here = tmp_path / "here"
    expected = [
        f"files:{name}: {name}: found nothing there (from the working directory: {here / name}), "
        "expected a file or folder; check its path"
        for name in ("a.jsonl", "b.jsonl")
    ]
    with pytest.raises(SettingsError) as refused:
        pipeline.begin_run(Settings(lake="lake", sources=missing))
    assert str(refused.value).splitlines() == [f"settings: sources: {fault}" for fault in expected]
    assert list(here.iterdir()) == []
    settings = Settings(lake="lake", sources=[*missing, SampleSource()])
    pipeline.check_run(settings)
    assert pipeline.find_missing_files(settings) == expected
    beside = (tmp_path / "own" / "a.jsonl").resolve()
    assert pipeline.find_missing_files(settings, settings_file=Path("../own/s.toml")) == [
        f"{expected[0]}: {beside} is there, so run from its folder, or give its whole path",
        expected[1],
    ]


def begin(settings: Settings) -> tuple[list[pipeline.FetchedSource], pipeline.FoldedPostings]:
    snapshot = pipeline.begin_run(settings, now=MOMENT)
    fetched = [pipeline.fetch_source(source, settings=settings, snapshot=snapshot) for source in settings.sources]
    return fetched, pipeline.fold_postings(fetched, settings=settings, snapshot=snapshot)


def test_a_part_that_was_deleted_by_hand_is_made_again_and_no_other(tmp_path: Path) -> None:
    settings = Settings(lake=str(tmp_path / "lake"), sources=[write_postings(tmp_path / "p.jsonl", 9)], shard_size=3)
    _, folded = begin(settings)
    for part in folded["parts"]:
        pipeline.extract_part(part, settings=settings, snapshot=SNAPSHOT)
    parts = [tmp_path / "lake" / part.replace("postings/", "mentions/") for part in folded["parts"]]
    before = [part.read_bytes() for part in parts]
    for part in parts:
        os.utime(part, (0, 0))
    parts[1].unlink()
    for part in folded["parts"]:
        pipeline.extract_part(part, settings=settings, snapshot=SNAPSHOT)
    assert [part.read_bytes() for part in parts] == before
    assert [number for number, part in enumerate(parts) if part.stat().st_mtime == 0] == [0, 2]


def test_a_file_that_changed_since_is_read_again_and_all_that_follows_from_it_is_made_anew(tmp_path: Path) -> None:
    settings = Settings(lake=str(tmp_path / "lake"), sources=[write_postings(tmp_path / "p.jsonl", 5)])
    fetched, folded = begin(settings)
    mentions = pipeline.extract_part(folded["parts"][0], settings=settings, snapshot=SNAPSHOT)
    rows = len(Lake(settings.lake).read_parquet([mentions]))
    write_postings(tmp_path / "p.jsonl", 4, text="You know Kafka, Terraform and Python.")
    fetched_again, folded = begin(settings)
    mentions = pipeline.extract_part(folded["parts"][0], settings=settings, snapshot=SNAPSHOT)
    assert (fetched[0]["postings"], fetched_again[0]["postings"]) == (5, 4)
    assert (rows, len(Lake(settings.lake).read_parquet([mentions]))) == (10, 12)


def test_a_run_with_other_settings_leaves_a_killed_run_alone(tmp_path: Path) -> None:
    settings = Settings(lake=str(tmp_path / "lake"), sources=[write_postings(tmp_path / "p.jsonl", 5)])
    begin(settings)
    other = settings.model_copy(update={"min_postings": 3})
    assert pipeline.begin_run(other, now=MOMENT) == "2026-11-24T170510Z"
    assert pipeline.begin_run(settings, now=MOMENT + timedelta(hours=1)) == SNAPSHOT
    # A day later the market is another one.
    assert pipeline.begin_run(settings, now=MOMENT + timedelta(hours=13)) == "2026-11-25T060509Z"


def test_a_program_that_reads_boards_in_another_way_leaves_a_killed_run_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(lake=str(tmp_path / "lake"), sources=[write_postings(tmp_path / "p.jsonl", 5)])
    begin(settings)
    with monkeypatch.context() as patch:
        patch.setattr("skillextract.pipeline.begin.name_parser", lambda: "other code of collect/")
        assert pipeline.begin_run(settings, now=MOMENT) == "2026-11-24T170510Z"
    assert pipeline.begin_run(settings, now=MOMENT + timedelta(hours=1)) == SNAPSHOT


def test_only_texts_that_no_earlier_run_has_read_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 40 postings 2 have changed, one only in its case, which moves no hash but may well move a mention."""
    source = write_postings(tmp_path / "p.jsonl", 40)
    settings = Settings(lake=str(tmp_path / "lake"), sources=[source], shard_size=12)
    run(settings)
    lines = (tmp_path / "p.jsonl").read_text().splitlines()
    lines[17] = lines[17].replace("Kafka", "Terraform")
    lines[31] = lines[31].replace("You know Kafka and Python.", "you  know kafka and python.")
    lines = [*lines[20:], *lines[:20]]  # and the order is another one
    (tmp_path / "p.jsonl").write_text("\n".join(lines))
    read: list[str] = []
    find_mentions = SkillMatcher.find_mentions

    def count(self: SkillMatcher, posting_id: str, *given: Any, **named: Any) -> list[Mention]:
        read.append(posting_id)
        return find_mentions(self, posting_id, *given, **named)

    monkeypatch.setattr(SkillMatcher, "find_mentions", count)
    second = run(settings)
    assert sorted(read) == ["files:p.jsonl:17", "files:p.jsonl:31"]
    fresh = run(settings.model_copy(update={"lake": str(tmp_path / "fresh")}))
    assert len(read) == 2 + 40
    for kind in ("mentions", "index"):
        found, expected = (
            [pq.read_table(path) for path in sorted((tmp_path / lake / kind / f"snapshot={snapshot}").iterdir())]
            for lake, snapshot in (("lake", second["snapshot"]), ("fresh", fresh["snapshot"]))
        )
        assert (len(found), found) == (4, expected)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_run_in_which_two_in_a_hundred_postings_changed_takes_a_tenth_of_the_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time is the processor's, so that other work on the machine does not count."""
    words = random.Random(1)
    sample = [
        render_posting(draft)
        for payload in fetch_sample(SampleSource())
        for draft in parse_sample(payload, SampleSource())
        if isinstance(draft, PostingDraft)
    ]
    rows = []
    for number in range(2_000):
        posting = sample[number % len(sample)]
        # Every line is new, so that the matcher's memory of lines takes no part.
        text = "\n".join(f"{line} {words.randrange(10**9)}" for line in posting.text.splitlines())
        rows.append({"id": str(number), "title": posting.title, "company": f"Company {number}", "text": text})
    read: list[str] = []
    find_mentions = SkillMatcher.find_mentions

    def count(self: SkillMatcher, posting_id: str, *given: Any, **named: Any) -> list[Mention]:
        read.append(posting_id)
        return find_mentions(self, posting_id, *given, **named)

    monkeypatch.setattr(SkillMatcher, "find_mentions", count)
    monkeypatch.setattr(pipeline.fold, "find_repeats", lambda *_, **__: {})
    file = tmp_path / "p.jsonl"
    settings = Settings(lake=str(tmp_path / "lake"), sources=[FilesSource(path=str(file))], shard_size=500)

    def measure(number: int) -> tuple[int, float]:
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
        snapshot = pipeline.begin_run(settings, now=MOMENT + timedelta(days=number))
        fetched = [pipeline.fetch_source(source, settings=settings, snapshot=snapshot) for source in settings.sources]
        folded = pipeline.fold_postings(fetched, settings=settings, snapshot=snapshot)
        read.clear()
        begin = time.process_time()
        mentions = [pipeline.extract_part(part, settings=settings, snapshot=snapshot) for part in folded["parts"]]
        seconds = time.process_time() - begin
        pipeline.write_reports(
            settings=settings, snapshot=snapshot, fetched=fetched, folded=folded, mention_parts=mentions
        )
        return len(read), seconds

    first = measure(0)
    for row in rows[::50]:
        row["text"] += "\nYou also know Terraform."
    second = measure(1)
    assert (first[0], second[0]) == (2_000, 40)
    assert second[1] <= 0.1 * first[1]


def test_a_killed_run_may_be_gone_on_with_by_another_runner(tmp_path: Path) -> None:
    settings = Settings(lake=str(tmp_path / "lake"), sources=[write_postings(tmp_path / "p.jsonl", 5)])
    begin(settings)
    other = settings.model_copy(update={"runner": "processes", "workers": 2})
    assert pipeline.begin_run(other, now=MOMENT + timedelta(hours=1)) == SNAPSHOT


def test_mentions_that_were_changed_or_made_by_another_program_are_not_used_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(lake=str(tmp_path / "lake"), sources=[write_postings(tmp_path / "p.jsonl", 3)])
    first = run(settings)
    [part] = (tmp_path / "lake" / "mentions").rglob("*.parquet")
    expected = pq.read_table(part)
    lake = Lake(settings.lake)
    path = part.relative_to(tmp_path / "lake").as_posix()
    lake.write_parquet(path, lake.read_parquet([path]).slice(0, 1))
    second = run(settings)
    assert pq.read_table(tmp_path / "lake" / path.replace(first["snapshot"], second["snapshot"])) == expected
    assert name_reader("one") != name_reader("another")
    assert len(find_earlier(lake, before="", reader=name_reader("another"))) == 0
    assert len(find_earlier(lake, before="", reader=lake.read_manifest(second["snapshot"])["reader"])) == 3


def test_sources_share_one_session_a_contact_so_that_no_host_is_asked_twice_at_once() -> None:
    assert pipeline.fetch.share_session(None, None) is pipeline.fetch.share_session(None, None)
    assert pipeline.fetch.share_session("https://example.org/about", None) is not pipeline.fetch.share_session(
        None, None
    )


@pytest.mark.parametrize("shard_size", [1, 3, 7, 1000])
def test_parts_are_filled_to_the_shards_size_whatever_the_sources_sizes(tmp_path: Path, shard_size: int) -> None:
    sources = [write_postings(tmp_path / f"{n}.jsonl", count) for n, count in enumerate((1, 5, 2, 4))]
    settings = Settings(lake=str(tmp_path / "lake"), sources=sources, shard_size=shard_size)
    fetched = [pipeline.fetch_source(source, settings=settings, snapshot=SNAPSHOT) for source in settings.sources]
    folded = pipeline.fold_postings(fetched, settings=settings, snapshot=SNAPSHOT)
    lake = Lake(settings.lake)
    ids = [lake.read_parquet([part], columns=["id"])["id"].to_pylist() for part in folded["parts"]]
    assert [len(part) for part in ids[:-1]] == [shard_size] * (len(ids) - 1)
    expected = [f"files:{n}.jsonl:{k}" for n, count in enumerate((1, 5, 2, 4)) for k in range(count)]
    assert [posting for part in ids for posting in part] == expected


def test_an_opening_of_the_role_counts_once_though_its_first_posting_is_not_called_so(tmp_path: Path) -> None:
    """An agency says what the employer does not, and a slip of the pen is mended: the role's posting stays."""
    text = " ".join(
        f"We build product number {n} with Python and Kafka for people of region {n * 7}." for n in range(30)
    )
    other = text.replace("product", "gadget").replace("region", "district").replace("people", "customers")
    rows = [
        {"id": "1", "title": "Engineer", "company": "Acme", "posted_at": "2026-01-01", "text": text},
        {
            "id": "2",
            "title": "Machine Learning Engineer",
            "company": "TalentCo",
            "posted_at": "2026-02-01",
            "text": text,
        },
        {"id": "3", "title": "Machine Lerning Engineer", "company": "Beta", "posted_at": "2026-01-01", "text": other},
        {"id": "4", "title": "Machine Learning Engineer", "company": "Beta", "posted_at": "2026-02-01", "text": other},
    ]
    (tmp_path / "p.jsonl").write_text("\n".join(map(json.dumps, rows)))
    written = run(Settings(lake=str(tmp_path / "lake"), sources=[FilesSource(path=str(tmp_path / "p.jsonl"))]))
    (part,) = (tmp_path / "lake" / "postings").rglob("*.parquet")
    marks = pd.read_parquet(part)["duplicate_of"].astype(object).where(lambda each: each.notna(), None)
    assert marks.tolist() == ["files:p.jsonl:2", None, "files:p.jsonl:4", None]
    (total,) = pd.read_parquet(written["tables"]["run_summary"]).query("level != 'source'").to_dict("records")
    assert (total["postings"], total["folded"], total["role_postings"]) == (4, 2, 2)


def test_copies_are_marked_across_sources_and_passed_over(tmp_path: Path) -> None:
    row = {"title": "Machine Learning Engineer", "company": "Acme", "text": "You know Kafka."}
    for name in ("a", "b"):
        lines = [json.dumps({**row, "id": f"{name}{n}", "location": f"City {n}"}) for n in range(2)]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines))
    sources = [FilesSource(path=str(tmp_path / f"{name}.jsonl")) for name in ("a", "b")]
    written = run(Settings(lake=str(tmp_path / "lake"), sources=sources))
    postings = pd.read_parquet(written["tables"]["postings"])
    summary = pd.read_parquet(written["tables"]["run_summary"]).set_index("source")
    assert postings["duplicate_of"].isna().sum() == 1
    assert (summary["folded"].tolist(), summary.loc["all sources", "role_postings"]) == ([1, 2, 3], 1)
    assert len(pd.read_parquet(written["tables"]["mentions"])) == 1


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    source = write_postings(tmp_path / "p.jsonl", 30)
    first, second = (run(Settings(lake=str(tmp_path / name), sources=[source])) for name in ("first", "second"))
    assert first["tables"].keys() == second["tables"].keys()
    different = [
        name
        for name, path in first["tables"].items()
        if Path(path).read_bytes() != Path(second["tables"][name]).read_bytes()
    ]
    assert different == []


def test_pages_before_a_fault_count_and_the_source_is_reported_as_partial(
    board_server: BoardServer, quick: PoliteSession, tmp_path: Path
) -> None:
    page = [{"id": str(number), "text": "T", "description": "<p>x</p>"} for number in range(100)]
    board_server.on("/v0/postings/x", as_json(page), Answer(status=500))
    source = LeverSource(token="x", base_url=board_server.url)
    settings = Settings(lake=str(tmp_path), sources=[source])
    fetched = pipeline.fetch_source(source, settings=settings, snapshot=SNAPSHOT, session=quick)
    assert (fetched["status"], fetched["postings"], fetched["payloads"]) == ("partial", 100, 1)
    assert "found status 500 to the last attempt, expected 200; try again later" in fetched["message"]
    assert source.name not in fetched["message"]  # it stands beside its name everywhere


def test_an_answer_that_no_file_can_hold_is_told_and_the_other_sources_are_counted(
    board_server: BoardServer, tmp_path: Path
) -> None:
    """Its message stands in the report's own tables."""
    board_server.on("/v1/boards/x/jobs", Answer(body=b'{"\\ud800odd\\u001b[2J": 1}'))
    sources = [write_postings(tmp_path / "a.jsonl", 3), GreenhouseSource(token="x", base_url=board_server.url)]
    written = run(Settings(lake=str(tmp_path / "lake"), cache=None, sources=sources))
    [said] = [
        row["message"]
        for row in pq.read_table(written["tables"]["run_summary"]).to_pylist()
        if row["source"] == "greenhouse:x"
    ]
    assert "found an object with the fields \ufffdodd [2J, expected an object with a list `jobs`" in said


def read_one_and_fail(error: Exception) -> Any:
    def read_source(source: FilesSource, **_: object) -> Iterator[Posting]:
        yield render_posting(next(d for d in read_files(source) if isinstance(d, PostingDraft)))
        raise error

    return read_source


def test_what_nobody_foresaw_in_one_source_is_told_and_what_came_before_it_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A parser's own mistake, that is: no source is worth the whole run."""
    source = write_postings(tmp_path / "a.jsonl", 3)
    monkeypatch.setattr(pipeline.fetch, "read_source", read_one_and_fail(ValueError("Invalid\x1b IPv6\nURL")))
    settings = Settings(lake=str(tmp_path / "lake"), cache=None, sources=[source])
    fetched = pipeline.fetch_source(source, settings=settings, snapshot=SNAPSHOT)
    assert (fetched["status"], fetched["postings"], len(fetched["parts"])) == ("partial", 1, 1)
    assert fetched["message"] == (
        f"{source.path}: could not be read (ValueError: Invalid  IPv6), expected postings; see the file, and "
        "tell whoever keeps skillextract: the program should have said what is wrong"
    )
    assert caplog.messages == [f"{source.name}: {fetched['message']}"]


def test_what_nobody_foresaw_in_a_board_with_a_key_is_told_by_its_kind_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The text of an error of a request may hold the request's key."""

    def fail(source: AdzunaSource, **_: object) -> Iterator[Posting]:
        raise ValueError("https://api.example/?app_key=secret")
        yield

    source = AdzunaSource(country="gb", search="x")
    monkeypatch.setattr(pipeline.fetch, "read_source", fail)
    settings = Settings(lake=str(tmp_path / "lake"), cache=None, sources=[source])
    with caplog.at_level(logging.DEBUG):
        fetched = pipeline.fetch_source(source, settings=settings, snapshot=SNAPSHOT)
    assert fetched["status"] == "failed"
    assert fetched["message"].startswith("adzuna: could not be read (ValueError), expected postings; ")
    assert "secret" not in fetched["message"] + caplog.text


@pytest.mark.parametrize("error", [LakeError("no space"), SettingsError("no key"), OSError(27, "x"), MemoryError()])
def test_what_is_no_fault_of_the_source_ends_its_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    source = write_postings(tmp_path / "a.jsonl", 3)
    monkeypatch.setattr(pipeline.fetch, "read_source", read_one_and_fail(error))
    settings = Settings(lake=str(tmp_path / "lake"), cache=None, sources=[source])
    with pytest.raises(type(error)):
        pipeline.fetch_source(source, settings=settings, snapshot=SNAPSHOT)


def test_a_part_that_cannot_be_written_is_no_fault_of_the_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Lake, path: str, table: object) -> str:
        raise OverflowError("part")

    source = write_postings(tmp_path / "a.jsonl", 3)
    monkeypatch.setattr(Lake, "write_parquet", refuse)
    settings = Settings(lake=str(tmp_path / "lake"), cache=None, sources=[source], shard_size=1)
    with pytest.raises(OverflowError, match="part"):
        pipeline.fetch_source(source, settings=settings, snapshot=SNAPSHOT)


def test_a_source_that_may_answer_later_is_raised_for_whoever_retries(
    board_server: BoardServer, quick: PoliteSession, tmp_path: Path
) -> None:
    board_server.on("/posting-api/job-board/x", Answer(status=503))
    source = AshbySource(token="x", base_url=board_server.url)
    settings = Settings(lake=str(tmp_path), sources=[source])
    with pytest.raises(SourceUnavailable, match="found status 503"):
        pipeline.fetch_source(source, settings=settings, snapshot=SNAPSHOT, session=quick)


def test_what_came_before_a_source_fell_silent_is_kept(
    board_server: BoardServer, quick: PoliteSession, tmp_path: Path
) -> None:
    """The search for the thread answers, the thread does not."""
    thread = {"id": 1, "title": "Ask HN: Who is hiring? (July 2026)", "created_at": "2026-07-01T15:00:00Z"}
    board_server.serve_hackernews([thread])
    board_server.on("/api/v1/items/1", Answer(status=503))
    source = HackerNewsSource(base_url=board_server.url)
    settings = Settings(lake=str(tmp_path), sources=[source])
    with pytest.raises(SourceUnavailable):
        pipeline.fetch_source(source, settings=settings, snapshot=SNAPSHOT, session=quick)
    [kept] = (tmp_path / "raw").rglob("*.json")
    assert json.loads(kept.read_bytes())["hits"][0]["title"] == thread["title"]


def test_a_run_without_any_posting_says_what_each_source_said(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("")
    settings = Settings(lake=str(tmp_path / "lake"), sources=[FilesSource(path=str(tmp_path / "empty.jsonl"))])
    with pytest.raises(LakeError) as caught:
        run(settings)
    assert str(caught.value) == (
        "no source gave a posting, so there is nothing to count:\n"
        "  files:empty.jsonl: found no postings, expected at least one; check its name or path, or remove the source "
        "while it has none"
    )
    assert Lake(settings.lake).list_snapshots() == []


def test_too_few_postings_are_told_and_not_turned_into_shares(tmp_path: Path) -> None:
    source = write_postings(tmp_path / "p.jsonl", 3)
    written = run(Settings(lake=str(tmp_path / "lake"), sources=[source]))
    comparison = pd.read_parquet(written["tables"]["profile_comparison"])
    assert set(comparison["verdict"]) == {"too few postings"}
    assert comparison["share"].isna().all()


def test_postings_of_other_roles_alone_give_a_report_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "p.jsonl").write_text('{"id": "1", "title": "Baker", "text": "You bake at night."}\n')
    source = FilesSource(path=str(tmp_path / "p.jsonl"))
    written = run(Settings(lake=str(tmp_path / "lake"), sources=[source]))
    total = pd.read_parquet(written["tables"]["run_summary"]).iloc[-1]
    assert (total["postings"], total["role_postings"]) == (1, 0)
    assert set(pd.read_parquet(written["tables"]["profile_comparison"])["verdict"]) == {"too few postings"}


def test_the_manifest_names_every_file_of_the_snapshot(tmp_path: Path) -> None:
    source = write_postings(tmp_path / "p.jsonl", 12)
    settings = Settings(lake=str(tmp_path / "lake"), sources=[source])
    written = run(settings)
    manifest = Lake(settings.lake).read_manifest(written["snapshot"])
    on_disk = {
        path.relative_to(settings.lake).as_posix()
        for path in Path(settings.lake).rglob("*")
        if path.is_file() and path.relative_to(settings.lake).parts[0] not in ("snapshots", "work")
    }
    assert set(manifest["files"]) == on_disk
    assert manifest["run"]["sources"][0]["name"] == "files:p.jsonl"


def test_any_store_that_fsspec_knows_holds_a_lake(tmp_path: Path) -> None:
    source = write_postings(tmp_path / "p.jsonl", 12)
    written = run(Settings(lake="memory://pipeline-test", sources=[source]))
    comparison = pd.read_parquet(written["tables"]["profile_comparison"])
    assert (written["page"].startswith("memory://"), len(comparison.query("level == 'item'"))) == (True, 11)


def test_postings_in_another_language_are_told_and_set_apart_or_kept(tmp_path: Path) -> None:
    german = "Wir suchen eine Person, die mit uns Datenstrecken mit Python baut und für unsere Kunden betreibt. " * 5
    rows = [
        {"id": f"{n}", "title": "Machine Learning Engineer", "company": f"C{n}", "text": f"{text} {n}"}
        for n, text in enumerate([german, german + german, "You know Kafka and Python, and build what we need. " * 5])
    ]
    rows.append({"id": "other", "title": "Baker", "company": "C", "text": german})
    (tmp_path / "p.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    source = FilesSource(path=str(tmp_path / "p.jsonl"))
    found = {}
    for what in ("set apart", "keep"):
        settings = Settings(lake=str(tmp_path / what), sources=[source], not_english=what)  # type: ignore[arg-type]
        written = run(settings)
        total = pd.read_parquet(written["tables"]["run_summary"]).iloc[-1]
        counts = total[["postings", "role_postings", "role_not_english", "set_apart"]].tolist()
        reported = pd.read_parquet(written["tables"]["postings"])["language"].tolist()
        [part] = (tmp_path / what / "postings").rglob("*.parquet")
        found[what] = (counts, reported, pd.read_parquet(part)["language"].tolist())
    languages = ["de", "de", "en", "de"]
    assert found == {
        "set apart": ([4, 1, 0, 2], ["en"], languages),
        "keep": ([4, 3, 2, 0], ["de", "de", "en"], languages),
    }


def test_rows_whose_id_came_before_are_counted_apart_from_those_that_cannot_be_read(tmp_path: Path) -> None:
    source = write_postings(tmp_path / "p.jsonl", 3)
    with Path(source.path).open("a") as stream:
        stream.write('{"id": "9", "title": "T"}\n' + '{"id": "1", "title": "T", "text": "Kafka"}\n' * 2)
    settings = Settings(lake=str(tmp_path / "lake"), sources=[source])
    fetched = pipeline.fetch_source(source, settings=settings, snapshot=SNAPSHOT)
    assert (fetched["postings"], fetched["refused"], fetched["repeated"]) == (3, 1, 2)
    [path] = [path for path in fetched["raw"] if path.endswith("-refused.jsonl")]
    assert fetched["message"] == (
        f"1 posting could not be read; the first: posting {source.path}:4: text: found no text, "
        "expected `text` or `html`; fill it, or say which column is which: `columns` in the settings, --column of a "
        "command; 2 postings left out, for the id came before; the first: posting 1: "
        f"id: came before in this source: {source.path}:5 repeats that of {source.path}:2; give each its own; "
        f"all are listed in the lake: {path}"
    )
    assert len(Lake(settings.lake).read_bytes(path).splitlines()) == 3


def test_a_run_without_any_posting_of_the_role_says_which_roles_they_are_near(tmp_path: Path) -> None:
    source = write_postings(tmp_path / "p.jsonl", 3)
    path = Path(source.path)
    path.write_text(path.read_text().replace("Machine Learning Engineer", "Data Engineer"))
    written = run(Settings(lake=str(tmp_path / "lake"), sources=[source]))
    assert written["absence"] == (
        "3 postings read, none of them of the role by its title; near roles: Data engineer (3). Set `role` to the role "
        "of these postings, or add sources that have postings of this one."
    )
