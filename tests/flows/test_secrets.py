"""Keys of boards come from Prefect's Secret blocks, and stand nowhere but in the request that they are for."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from prefect.blocks.system import Secret
from prefect.client.orchestration import get_client

from collect.board_server import Answer, BoardServer, Made, Request
from collect.fixtures import board_payload, example_source
from skillextract import pipeline
from skillextract.collect.http import PoliteSession
from skillextract.settings import FilesSource, Settings

KEYS = {"usajobs-key": "gYw7/Qd+2vKz=a", "adzuna-app-id": "41bd29c0", "adzuna-app-key": "e61f0c9d3b7a8542f1"}
VARIABLES = ("USAJOBS_KEY", "ADZUNA_APP_ID", "ADZUNA_APP_KEY")


@pytest.fixture
def blocks(prefect_harness: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    for name, key in KEYS.items():
        Secret(value=key).save(name, overwrite=True)  # type: ignore[unused-coroutine]
    yield
    for name in KEYS:
        Secret.delete(name)  # type: ignore[unused-coroutine]


def serve(server: BoardServer, folder: Path, *, status: int = 200) -> tuple[Settings, list[Request]]:
    """Both boards; Adzuna writes the keys into its links, as the real one does. What they were asked.

    Beside them a file, so that there is a posting to count where neither gives one.
    """
    asked: list[Request] = []

    def usajobs(request: Request) -> Answer:
        asked.append(request)
        body = board_payload("usajobs").content
        return Answer(body if status == 200 else request.headers["Authorization-Key"].encode(), status=status)

    def adzuna(request: Request) -> Answer:
        asked.append(request)
        value = json.loads(board_payload("adzuna").content)
        for result in value["results"]:
            result["redirect_url"] = f"https://adzuna.example/land?id=1&app_key={request.query['app_key']}"
        value["asked_by"] = f"{request.query['app_id']} {request.query['app_key']}"
        return Answer(json.dumps(value).encode(), status=status)

    server.on("/api/Search", Made(usajobs))
    server.on("/v1/api/jobs/gb/search/1", Made(adzuna))
    sources = [example_source(board, base_url=server.url, pages=1) for board in ("usajobs", "adzuna")]
    return Settings(sources=[*sources, write_posting(folder)]), asked


def write_posting(folder: Path) -> FilesSource:
    (folder / "p.jsonl").write_text(json.dumps({"title": "Machine Learning Engineer", "text": "You know Python."}))
    return FilesSource(path=str(folder / "p.jsonl"))


def run(module: ModuleType, settings: Settings, folder: Path) -> pipeline.WrittenReports:
    settings = settings.model_copy(update={"lake": str(folder / "lake"), "cache": str(folder / "cache")})
    with pytest.MonkeyPatch.context() as patch, PoliteSession(cache=folder / "cache", attempts=1, spacing=0) as session:
        patch.setattr(pipeline.fetch, "share_session", lambda contact, cache: session)
        patch.setattr(module, "fetch", module.fetch.with_options(retries=0))
        written: pipeline.WrittenReports = module.skill_demand(settings)
        return written


def read_everything(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def read_prefect() -> str:
    """All that Prefect's server tells of runs: parameters, states, results, logs, artifacts."""
    with get_client(sync_client=True) as client:
        found = [
            *client.read_flow_runs(),
            *client.read_task_runs(),
            *client.read_logs(),
            *client.read_artifacts(),
        ]
    return "\n".join(each.model_dump_json() for each in found)


@pytest.mark.parametrize(
    "status",
    [200, pytest.param(403, marks=pytest.mark.slow), 500],
    ids=["answered", "refused", "broken"],
)
def test_keys_of_secret_blocks_reach_the_board_and_nothing_else(
    board_server: BoardServer,
    flow_module: ModuleType,
    blocks: None,
    tmp_path: Path,
    status: int,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    settings, asked = serve(board_server, tmp_path, status=status)
    written = run(flow_module, settings, tmp_path)
    sent = {
        *(request.headers.get("Authorization-Key") for request in asked),
        *(request.query.get(name) for request in asked for name in ("app_id", "app_key")),
    }
    assert sent - {None} == set(KEYS.values())
    assert len(written["missing_sources"]) == (0 if status == 200 else 2)
    printed = capfd.readouterr()
    kept, told = read_everything(tmp_path), read_prefect() + caplog.text + printed.out + printed.err
    assert len(kept) > 10_000
    assert "usajobs" in told
    assert [key for key in KEYS.values() if key.encode() in kept or key in told] == []


def test_the_environment_goes_before_a_block(
    board_server: BoardServer, flow_module: ModuleType, blocks: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USAJOBS_KEY", "of-the-environment")
    settings, asked = serve(board_server, tmp_path)
    run(flow_module, settings, tmp_path)
    assert [request.headers["Authorization-Key"] for request in asked if request.path == "/api/Search"] == [
        "of-the-environment"
    ]


def test_a_key_that_is_nowhere_is_told_with_both_places(
    board_server: BoardServer, flow_module: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    settings, asked = serve(board_server, tmp_path)
    source = settings.sources[0].model_copy(update={"key_variable": "USAJOBS_NOBODYS_KEY"})
    written = run(flow_module, settings.model_copy(update={"sources": [source, settings.sources[-1]]}), tmp_path)
    assert (asked, written["missing_sources"]) == ([], [source.name])
    assert (
        b"found nothing in the environment variable USAJOBS_NOBODYS_KEY, expected a key; get one at "
        b"https://developer.usajobs.gov and export it (or, for flows, save it in Prefect's Secret block "
        b"usajobs-nobodys-key), or remove the source"
    ) in (tmp_path / "lake" / "snapshots" / f"{written['snapshot']}.json").read_bytes()
