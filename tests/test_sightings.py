"""A posting's first and last sighting, and what closes it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from collect.board_server import Answer, BoardServer, as_json
from skillextract import pipeline, sightings
from skillextract.collect.http import PoliteSession
from skillextract.errors import LakeError
from skillextract.lake import Lake
from skillextract.settings import AshbySource, FilesSource, Settings
from skillextract.sightings import SIGHTINGS_SCHEMA, follow_postings, merge_sightings

MOMENT = datetime(2026, 11, 24, tzinfo=UTC)
Row = tuple[str, int, int, int | None]
"""Id, and the days of the first sighting, the last one, and the close."""


def on(day: int | None) -> datetime | None:
    return None if day is None else MOMENT + timedelta(days=day)


def known(*rows: Row) -> pa.Table:
    names = SIGHTINGS_SCHEMA.names
    values = [(row[0], row[0].rpartition(":")[0], *map(on, row[1:])) for row in rows]
    return pa.table({name: [row[n] for row in values] for n, name in enumerate(names)}, schema=SIGHTINGS_SCHEMA)


def listed(day: int, *ids: str) -> pa.Table:
    return pa.table(
        {
            "id": pa.array(ids, pa.string()),
            "source": pa.array([each.rpartition(":")[0] for each in ids], pa.string()),
            "fetched_at": pa.array([on(day)] * len(ids), pa.timestamp("us", tz="UTC")),
        }
    )


NOTHING = SIGHTINGS_SCHEMA.empty_table()


@pytest.mark.parametrize(
    ("before", "seen", "whole", "expected"),
    [
        pytest.param((), (0, "a:1", "a:2"), {"a"}, [("a:1", 0, 0, None), ("a:2", 0, 0, None)], id="new"),
        pytest.param([("a:1", 0, 2, None)], (5, "a:1"), {"a"}, [("a:1", 0, 5, None)], id="seen again"),
        pytest.param(
            [("a:1", 0, 2, None)], (5, "a:2"), {"a"}, [("a:1", 0, 2, 5), ("a:2", 5, 5, None)], id="no longer listed"
        ),
        pytest.param([("a:1", 0, 2, 3)], (5, "a:2"), {"a"}, [("a:1", 0, 2, 3), ("a:2", 5, 5, None)], id="stays closed"),
        pytest.param([("a:1", 0, 2, 3)], (5, "a:1"), {"a"}, [("a:1", 0, 5, None)], id="listed again"),
        pytest.param(
            [("a:1", 0, 2, None)], (5, "a:2"), set(), [("a:1", 0, 2, None), ("a:2", 5, 5, None)], id="not whole"
        ),
        pytest.param(
            [("b:1", 0, 2, None)], (5, "a:2"), {"a", "b"}, [("a:2", 5, 5, None), ("b:1", 0, 2, None)], id="no answer"
        ),
        pytest.param(
            [("a:1", 0, 7, None)], (5, "a:2"), {"a"}, [("a:1", 0, 7, None), ("a:2", 5, 5, None)], id="older answer"
        ),
        pytest.param([("a:1", 0, 2, 7)], (5, "a:1"), {"a"}, [("a:1", 0, 5, 7)], id="older answer lists a closed one"),
        pytest.param([("a:1", 3, 4, None)], (1, "a:1"), {"a"}, [("a:1", 1, 4, None)], id="clock set back"),
    ],
)
def test_what_a_run_tells_of_a_posting(before: Any, seen: Any, whole: set[str], expected: list[Row]) -> None:
    assert follow_postings(known(*before), listed(*seen), whole=whole) == known(*expected)


@pytest.mark.parametrize("rows_at_once", [1, 2, 3, 100])
def test_postings_followed_in_pieces_are_what_they_are_all_at_once(
    rows_at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sightings, "_ROWS_AT_ONCE", rows_at_once)
    before = known(("a:1", 0, 2, None), ("a:2", 0, 2, None), ("b:1", 0, 2, None), ("c:7", 0, 2, None), ("c:8", 0, 2, 2))
    seen = pa.concat_tables([listed(5, "c:9", "c:8", "b:2", "a:2"), listed(6, "c:9", "a:0")])
    assert follow_postings(before, seen, whole={"a", "c"}) == known(
        ("a:0", 6, 6, None),
        ("a:1", 0, 2, 6),
        ("a:2", 0, 5, None),
        ("b:1", 0, 2, None),
        ("b:2", 5, 5, None),
        ("c:7", 0, 2, 6),
        ("c:8", 0, 5, None),
        ("c:9", 6, 6, None),
    )


def test_a_posting_that_is_listed_but_cannot_be_read_is_not_closed() -> None:
    before = known(("a:1", 0, 2, None), ("a:2", 0, 2, None))
    after = follow_postings(before, listed(5, "a:3"), whole={"a"}, unread={"a:1"})
    assert after == known(("a:1", 0, 2, None), ("a:2", 0, 2, 5), ("a:3", 5, 5, None))


def test_runs_beside_each_other_lose_nothing() -> None:
    ours = known(("a:1", 0, 2, None), ("a:2", 1, 2, 6))
    theirs = known(("a:1", 1, 4, None), ("a:2", 0, 3, None), ("b:1", 2, 2, None))
    merged = known(("a:1", 0, 4, None), ("a:2", 0, 3, 6), ("b:1", 2, 2, None))
    assert (merge_sightings([ours, theirs]), merge_sightings([theirs, ours])) == (merged, merged)
    assert (merge_sightings([]), merge_sightings([ours])) == (NOTHING, ours)


def run(settings: Settings, session: PoliteSession, day: int) -> dict[str, bool]:
    """Run, and return of each posting whether it is closed."""
    snapshot = pipeline.begin_run(settings, now=MOMENT + timedelta(days=day))
    fetched = [
        pipeline.fetch_source(source, settings=settings, snapshot=snapshot, session=session)
        for source in settings.sources
    ]
    folded = pipeline.fold_postings(fetched, settings=settings, snapshot=snapshot)
    mentions = [pipeline.extract_part(part, settings=settings, snapshot=snapshot) for part in folded["parts"]]
    pipeline.write_reports(settings=settings, snapshot=snapshot, fetched=fetched, folded=folded, mention_parts=mentions)
    lake = Lake(settings.lake)
    rows = lake.read_parquet([lake.read_manifest(snapshot)["sightings"]["path"]]).to_pylist()
    return {row["id"].rpartition(":")[2]: row["closed"] is not None for row in rows}


def test_a_board_closes_what_it_lists_no_more_and_a_broken_answer_closes_nothing(
    board_server: BoardServer, session: PoliteSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline.report, "render_page", lambda *_, **__: "")
    (tmp_path / "p.jsonl").write_text('{"id": "f", "title": "Baker", "text": "You bake."}\n')

    def answer(*ids: str, broken: str | None = None) -> Answer:
        jobs = [{"id": each, "title": "Baker", "descriptionHtml": f"<p>You bake {each}.</p>"} for each in ids]
        return as_json({"jobs": jobs + ([{"id": broken, "title": "Baker"}] if broken else [])})

    board_server.on(
        "/posting-api/job-board/x",
        answer("1", "2", "3"),
        answer("1", broken="2"),
        Answer(b'{"jobs": [{"id": "1", "ti'),
        answer("1"),
    )
    sources = [AshbySource(token="x", base_url=board_server.url), FilesSource(path=str(tmp_path / "p.jsonl"))]
    settings = Settings(lake=str(tmp_path / "lake"), sources=sources, min_postings=1)
    states = [run(settings, session, day) for day in range(4)]
    assert states == [
        {"1": False, "2": False, "3": False, "f": False},
        {"1": False, "2": False, "3": True, "f": False},
        {"1": False, "2": False, "3": True, "f": False},
        {"1": False, "2": True, "3": True, "f": False},
    ]
    lake = Lake(settings.lake)
    newest = lake.list_snapshots()[-1]
    manifest = json.loads(lake.read_bytes(f"snapshots/{newest}.json"))
    assert manifest["sightings"]["covers"] == lake.list_snapshots()[:-1]
    lake.write_parquet(manifest["sightings"]["path"], NOTHING)
    with pytest.raises(LakeError, match="is not as its manifest says; restore it"):
        run(settings, session, 5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("", r"is no manifest \("),
        ("[]", r"is no manifest \("),
        ({"sightings": 3}, "does not say which sightings are of it"),
        ({"sightings": {"path": "x", "covers": []}}, "does not say which sightings are of it"),
        ({"sightings": {"path": "x"}, "files": {"x": {}}}, "does not say which sightings are of it"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_named(tmp_path: Path, change: Any, message: str) -> None:
    lake, snapshot = Lake(str(tmp_path)), "2026-11-24T000000Z"
    lake.commit(snapshot, [], {"sightings": None})
    manifest = lake.read_manifest(snapshot)
    assert sightings.read_sightings(lake, before="2026-11-25T000000Z") == (NOTHING, [snapshot])
    content = change if isinstance(change, str) else json.dumps({**manifest, **change})
    lake.write_bytes(f"snapshots/{snapshot}.json", content.encode())
    with pytest.raises(LakeError, match=rf"snapshots/{snapshot}.json: {message}.*restore it from a copy, or delete it"):
        sightings.read_sightings(lake, before="2026-11-25T000000Z")
