"""A lake in an object store: a real server that speaks S3, on this machine (moto's)."""

import json
import re
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import fsspec
import pandas as pd
import pytest

from skillextract import claims, pipeline
from skillextract.errors import LakeError
from skillextract.lake import Lake
from skillextract.settings import FilesSource, Settings
from skillextract.upkeep import check_lake, prune_lake

moto_server = pytest.importorskip("moto.server", reason="moto is not installed")
pytest.importorskip("s3fs", reason="s3fs is not installed: pip install 'skillextract[s3]'")

MOMENT = datetime(2026, 11, 24, 17, 5, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def endpoint(no_network: None) -> Iterator[str]:
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        fsspec.filesystem("s3").mkdir("skills")
        yield f"http://{host}:{port}"
        fsspec.filesystem("s3").clear_instance_cache()
    server.stop()


@pytest.fixture
def root(endpoint: str, request: pytest.FixtureRequest) -> str:
    """A place of the test's own in the store."""
    return "s3://skills/" + re.sub(r"\W+", "-", request.node.name)


@pytest.fixture
def died(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this process has claimed so far is the claim of another one."""
    monkeypatch.setattr(claims, "_claims", {})


def run(settings: Settings) -> pipeline.WrittenReports:
    snapshot = pipeline.begin_run(settings, now=MOMENT)
    fetched = [pipeline.fetch_source(source, settings=settings, snapshot=snapshot) for source in settings.sources]
    folded = pipeline.fold_postings(fetched, settings=settings, snapshot=snapshot)
    mentions = [pipeline.extract_part(part, settings=settings, snapshot=snapshot) for part in folded["parts"]]
    return pipeline.write_reports(
        settings=settings, snapshot=snapshot, fetched=fetched, folded=folded, mention_parts=mentions
    )


@pytest.mark.slow
def test_a_run_writes_there_what_it_writes_on_disk(root: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline.report, "render_page", lambda *_, **__: "the page")
    rows = [{"id": str(n), "title": "Machine Learning Engineer", "text": f"You know Kafka. {n}"} for n in range(30)]
    (tmp_path / "p.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    sources = [FilesSource(path=str(tmp_path / "p.jsonl"))]
    on_disk = str(tmp_path / "lake")
    there, here = (run(Settings(lake=place, shard_size=20, sources=sources)) for place in (root, on_disk))
    store, disk = Lake(root), Lake(on_disk)
    assert there["snapshot"] == here["snapshot"]
    assert store.read_manifest(there["snapshot"]) == disk.read_manifest(here["snapshot"])
    assert store.list_files("") == disk.list_files("")
    assert check_lake(store) == check_lake(disk)
    assert check_lake(store).faults == []
    pd.testing.assert_frame_equal(
        pd.read_parquet(there["tables"]["skill_frequencies"]), pd.read_parquet(here["tables"]["skill_frequencies"])
    )
    second = run(Settings(lake=root, shard_size=20, sources=sources))
    assert [leaving.snapshot for leaving in prune_lake(store, keep=1, now=MOMENT)] == [there["snapshot"]]
    assert store.list_snapshots() == [second["snapshot"]]
    assert check_lake(store).faults == []


def test_a_run_that_may_be_alive_is_left_alone_and_a_silent_one_is_gone_on_with(
    root: str, died: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(lake=root)
    first = pipeline.begin_run(settings, now=MOMENT)
    assert pipeline.begin_run(settings, now=MOMENT) == first  # ours
    monkeypatch.setattr(claims, "_claims", {})
    second = pipeline.begin_run(settings, now=MOMENT)
    assert (first, second) == ("2026-11-24T170509Z", "2026-11-24T170510Z")
    # By the store's clock nothing was written there for longer than this.
    monkeypatch.setattr(claims, "_claims", {})
    monkeypatch.setattr(claims, "SILENT_AFTER", timedelta(seconds=-1))
    assert pipeline.begin_run(settings, now=MOMENT) == second
    written = [path for path in Lake(root).list_files(f"work/snapshot={second}") if "/claim-" in path]
    assert written == [f"work/snapshot={second}/claim-0000", f"work/snapshot={second}/claim-0001"]


def test_of_two_that_claim_at_once_one_gets_it(root: str, died: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one looked before the first had written."""
    lake, snapshot = Lake(root), "2026-11-24T170509Z"
    assert lake.claim(snapshot)
    monkeypatch.setattr(claims, "_claims", {})
    monkeypatch.setattr(claims, "_list_claims", lambda *_: [])
    assert not lake.claim(snapshot)


def test_what_breaks_off_in_mid_write_leaves_nothing(root: str) -> None:
    lake = Lake(root)
    lake.write_bytes("raw/a.json", b"old")

    def write_half() -> None:
        with lake.write("raw/a.json") as stream:
            stream.write(b"new, half of i")
            raise RuntimeError("mid-way")

    with pytest.raises(RuntimeError, match="mid-way"):
        write_half()
    assert (lake.list_files(""), lake.read_bytes("raw/a.json")) == (["raw/a.json"], b"old")


def test_a_run_that_failed_in_an_orderly_way_is_gone_on_with_at_once(
    root: str, died: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(lake=root)
    failed = pipeline.begin_run(settings, now=MOMENT)
    pipeline.give_up_run(settings, failed)
    assert pipeline.begin_run(settings, now=MOMENT + timedelta(minutes=1)) == failed
    assert Lake(root).list_files("work") == [f"work/snapshot={failed}/claim-0000", f"work/snapshot={failed}/run.json"]
    # Another one that finds it claimed leaves it as it is.
    monkeypatch.setattr(claims, "_claims", {})
    pipeline.give_up_run(settings, failed)
    assert not Lake(root).claim(failed)


def test_a_claim_that_was_taken_over_is_not_given_up_by_the_one_that_had_it(
    root: str, died: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who seemed dead and was not must not free what is somebody else's by now."""
    lake, snapshot = Lake(root), "2026-11-24T170509Z"
    folder = f"work/snapshot={snapshot}"
    slow: dict[str, Callable[[], None]] = {}
    monkeypatch.setattr(claims, "_claims", slow)
    assert lake.claim(snapshot)
    quick: dict[str, Callable[[], None]] = {}
    monkeypatch.setattr(claims, "_claims", quick)
    with monkeypatch.context() as patch:
        patch.setattr(claims, "SILENT_AFTER", timedelta(seconds=-1))
        assert lake.claim(snapshot)
    lake.release(snapshot)
    assert lake.list_files(folder) == []
    third: dict[str, Callable[[], None]] = {}
    monkeypatch.setattr(claims, "_claims", third)
    assert lake.claim(snapshot)
    monkeypatch.setattr(claims, "_claims", slow)
    lake.release(snapshot)
    assert lake.list_files(folder) == [f"{folder}/claim-0000"]


@pytest.mark.parametrize("place", ["raw", "postings", "mentions", "reports/baker"])
def test_what_a_run_writes_outside_of_its_journal_says_that_it_is_alive(
    root: str, died: None, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    lake, snapshot = Lake(root), "2026-11-24T170509Z"
    assert lake.claim(snapshot)
    written = lake.write_bytes(f"{place}/snapshot={snapshot}/part", b"")
    fresh = lake._fs.modified(lake._full(written))
    modified = type(lake._fs._target).modified

    def tell_modified(self: Any, path: str, *given: Any) -> Any:
        """What the store says; the journal was written two hours ago."""
        return fresh - timedelta(hours=2) if "work/snapshot=" in path and "probe-" not in path else modified(self, path)

    monkeypatch.setattr(type(lake._fs._target), "modified", tell_modified)
    monkeypatch.setattr(claims, "_claims", {})
    assert not lake.claim(snapshot)
    lake.remove(written)
    assert lake.claim(snapshot)


def test_a_store_that_cannot_be_reached_is_named(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{closed.getsockname()[1]}")
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
        check_refused(root, r"EndpointConnectionError: .*check the address, the network, and the credentials")


def test_a_store_whose_credentials_are_missing_is_named(
    root: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(key)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for key in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(key, str(tmp_path / "none"))
    check_refused(root, r"NoCredentialsError: .*check the address, the network, and the credentials")


def check_refused(root: str, message: str) -> None:
    """Whatever a run or a prune asks the store first is refused with a message, by a file system of its own."""
    filesystem = type(fsspec.filesystem("s3"))
    filesystem.clear_instance_cache()
    try:
        lake = Lake(root)
        for ask in (
            lake.check_version,
            lake.check_writable,
            lambda: lake.claim("2026-11-24T170509Z"),
            lambda: check_lake(lake),
            lambda: prune_lake(lake, keep=1),
        ):
            with pytest.raises(LakeError, match=rf"lake '{root}': .*{message}"):
                ask()
    finally:
        filesystem.clear_instance_cache()
