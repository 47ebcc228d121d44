"""What bad input gets: a message that says where, what was found, what was expected and what to do; an exit code; the
other sources go on; the raw payload is kept; the report names what is missing."""

import json
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pandas as pd
import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from collect.board_server import Answer, BoardServer, as_json, running_board_server
from skillextract import pipeline
from skillextract.collect.http import PoliteSession
from skillextract.errors import LakeError
from skillextract.settings import AshbySource, FilesSource, GreenhouseSource, LeverSource, Settings, Source
from skillextract.skills import loading
from skillextract.skills.pattern_files import find_patterns

ROOT = Path(__file__).parent.parent.parent
HTML = b"<!doctype html><title>Sign in</title>"
CUT = b'{"jobs": [{"id": "1", "title": "Machine Learning Engineer", "descriptionHtml": "<p>Pyth'
POSTING = {"id": "1", "title": "Machine Learning Engineer", "descriptionHtml": "<p>You know Python and Kafka.</p>"}


@pytest.fixture(scope="module")
def quick() -> Iterator[PoliteSession]:
    with PoliteSession(connect_timeout=5, read_timeout=1, attempts=2, backoff=0, longest_wait=2, spacing=0) as session:
        yield session


def run_flow(module: ModuleType, session: PoliteSession, settings: Settings) -> pipeline.WrittenReports:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline.fetch, "share_session", lambda contact, cache: session)
        patch.setattr(module, "fetch", module.fetch.with_options(retries=1, retry_delay_seconds=0))
        written: pipeline.WrittenReports = module.skill_demand(settings)
        return written


FAULTS = {
    "unknown board": (
        "ashby:gone",
        "failed",
        "{url}/posting-api/job-board/gone: found no board by this name (status 404), "
        "expected its postings; check the name in the public URL of the board, or remove the source",
    ),
    "429 that asks for hours": (
        "greenhouse:busy",
        "failed",
        "{url}/v1/boards/busy/jobs: was asked to wait 7200 s, expected at most 2 s; try again later",
    ),
    "429 that asks for a second": ("greenhouse:patient", "ok", ""),
    "timeout": (
        "ashby:silent",
        "failed",
        "{url}/posting-api/job-board/silent: found no answer within 1 s in 2 attempts, expected one; try again later",
    ),
    "down at first, up at Prefect's retry": ("ashby:flaky", "ok", ""),
    "HTML where JSON was promised": (
        "greenhouse:signin",
        "failed",
        "{url}/v1/boards/signin/jobs: found an HTML page, expected "
        "JSON; the board's name may be wrong, or the board shows a notice: open the address in a browser",
    ),
    "truncated JSON": (
        "ashby:cut",
        "failed",
        "{url}/posting-api/job-board/cut: found JSON that is cut off at line 1 column 80 (Unterminated "
        "string starting at), expected whole JSON; try again later",
    ),
    "posting without text": (
        "lever:wordless",
        "ok",
        "1 posting could not be read; the first: posting b: description: found no description, "
        "expected one; see the raw payload (raw/snapshot={snapshot}/lever-wordless-….json)",
    ),
    "empty source": (
        "ashby:empty",
        "empty",
        "found no postings, expected at least one; check its name or path, or remove the source while it has none",
    ),
    "no posting with a text": (
        "ashby:silence",
        "empty",
        "none of its 1 postings could be read, expected at least one; the first: posting "
        "9: descriptionHtml: found no description, expected one; see the raw payload "
        "(raw/snapshot={snapshot}/ashby-silence-….json)",
    ),
    "a file that is not there": (
        "files:nothing.jsonl",
        "failed",
        "{folder}/nothing.jsonl: found nothing there, expected a file or folder; check its path",
    ),
    "a file that is another kind": (
        "files:list.jsonl",
        "failed",
        "{folder}/list.jsonl:1: found JSON that is no object, expected one JSON object a line; write "
        "one posting a line (`jq -c '.[]'` does it for a list), or say what it is: `format` "
        "in the settings, --format of `skillextract extract`",
    ),
    "no fault": ("ashby:good", "ok", ""),
}


def serve_faults(server: BoardServer, folder: Path) -> list[Source]:
    good = as_json({"jobs": [POSTING]})
    job = {"id": 1, "title": POSTING["title"], "content": "&lt;p&gt;You know Terraform.&lt;/p&gt;"}
    server.on("/v1/boards/busy/jobs", Answer(status=429, headers={"Retry-After": "7200"}))
    server.on(
        "/v1/boards/patient/jobs",
        Answer(status=429, headers={"Retry-After": "1"}),
        as_json({"jobs": [job], "meta": {"total": 1}}),
    )
    server.on("/posting-api/job-board/silent", Answer(fault="silent"))
    server.on("/posting-api/job-board/flaky", Answer(status=503), Answer(status=503), good)
    server.on("/v1/boards/signin/jobs", Answer(HTML, content_type="text/html"))
    server.on("/posting-api/job-board/cut", Answer(CUT))
    server.serve_lever(
        "wordless",
        [
            {"id": "a", "text": "Machine Learning Engineer", "description": "<p>You know ZeroMQ.</p>"},
            {"id": "b", "text": "Machine Learning Engineer"},
        ],
    )
    server.serve_ashby("empty", [])
    server.serve_ashby("silence", [{"id": "9", "title": "Engineer"}])
    server.on("/posting-api/job-board/good", good)
    (folder / "list.jsonl").write_text('[{"title": "T", "text": "x"}]\n')
    url = server.url
    return [
        AshbySource(token="gone", base_url=url),
        GreenhouseSource(token="busy", base_url=url),
        GreenhouseSource(token="patient", base_url=url),
        AshbySource(token="silent", base_url=url),
        AshbySource(token="flaky", base_url=url),
        GreenhouseSource(token="signin", base_url=url),
        AshbySource(token="cut", base_url=url),
        LeverSource(token="wordless", base_url=url),
        AshbySource(token="empty", base_url=url),
        AshbySource(token="silence", base_url=url),
        FilesSource(path=str(folder / "nothing.jsonl")),
        FilesSource(path=str(folder / "list.jsonl")),
        AshbySource(token="good", base_url=url),
    ]


@pytest.fixture(scope="module")
def faulty_run(
    flow_module: ModuleType, quick: PoliteSession, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SimpleNamespace]:
    """One run in which nearly everything goes wrong."""
    folder = tmp_path_factory.mktemp("faults")
    with running_board_server() as server:
        settings = Settings(lake=str(folder / "lake"), sources=serve_faults(server, folder))
        written = run_flow(flow_module, quick, settings)
        summary = pd.read_parquet(written["tables"]["run_summary"]).set_index("source")
        yield SimpleNamespace(
            written=written,
            summary=summary,
            snapshot=summary["snapshot"].iloc[0],
            lake=folder / "lake",
            folder=folder,
            url=server.url,
            requests=[request.path for request in server.requests],
        )


@pytest.mark.parametrize("fault", FAULTS)
def test_each_source_says_what_became_of_it_and_the_others_go_on(faulty_run: SimpleNamespace, fault: str) -> None:
    source, status, message = FAULTS[fault]
    row = faulty_run.summary.loc[source]
    expected = message.format(url=faulty_run.url, folder=faulty_run.folder, snapshot=faulty_run.snapshot)
    # Which queries a board is asked is the boards' tests' to say, and the hash of its answer that of the payload.
    told = re.sub(r"-[0-9a-f]{16}\.json", "-….json", re.sub(r"\?[^\s:]*", "", row["message"]))
    assert (row["status"], told) == (status, expected)


def test_every_source_is_in_the_report_and_no_other(faulty_run: SimpleNamespace) -> None:
    assert sorted(faulty_run.summary.index) == sorted([source for source, _, _ in FAULTS.values()] + ["all sources"])
    total = faulty_run.summary.loc["all sources"]
    # Three boards sent the same posting under one employer each; the files and the other boards gave none.
    assert (total["status"], total["refused"]) == ("partial", 2)
    missing = [source for source, status, _ in FAULTS.values() if status != "ok"]
    assert faulty_run.written["missing_sources"] == sorted(missing, key=faulty_run.summary.index.get_loc)
    assert set(total["message"].removeprefix("without ").split(", ")) == set(missing)


def test_the_page_names_the_missing_sources(faulty_run: SimpleNamespace) -> None:
    page = Path(faulty_run.written["page"]).read_text(encoding="utf-8")
    assert [source for source, status, _ in FAULTS.values() if status != "ok" and source not in page] == []


def test_payloads_that_cannot_be_read_are_kept(faulty_run: SimpleNamespace) -> None:
    kept = {path.name.rpartition("-")[0]: path.read_bytes() for path in (faulty_run.lake / "raw").rglob("*.*")}
    assert (kept["greenhouse-signin"], kept["ashby-cut"]) == (HTML, CUT)
    assert json.loads(kept["ashby-empty"]) == {"jobs": [], "apiVersion": "1"}
    [refused] = (faulty_run.lake / "raw").rglob("lever-wordless-*-refused.jsonl")
    [payload] = (path for path in (faulty_run.lake / "raw").rglob("lever-wordless-*.json"))
    assert json.loads(refused.read_text()) == {
        "posting": "b",
        "field": "description",
        "message": "lever:wordless: posting b: description: found no description, expected one; see the raw payload "
        f"({payload.relative_to(faulty_run.lake).as_posix()})",
    }


def test_whoever_asks_to_be_left_alone_is_asked_once(faulty_run: SimpleNamespace) -> None:
    asked = {path: faulty_run.requests.count(path) for path in set(faulty_run.requests)}
    assert asked["/v1/boards/busy/jobs"] == 1
    assert asked["/posting-api/job-board/gone"] == 1
    assert asked["/posting-api/job-board/flaky"] == 3
    # Two attempts of the session, twice by Prefect.
    assert asked["/posting-api/job-board/silent"] == 4


def run_script(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch, folder: Path, settings: str, *, session: PoliteSession
) -> int:
    (folder / "skillextract.toml").write_text(settings)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["skill_demand.py"])
    monkeypatch.setattr(pipeline.fetch, "share_session", lambda contact, cache: session)
    code = module.main()
    assert isinstance(code, int)
    return code


GOOD = '[[sources]]\nboard = "ashby"\ntoken = "good"\nbase_url = "{url}"\n'
GONE = '[[sources]]\nboard = "ashby"\ntoken = "gone"\nbase_url = "{url}"\n'


@pytest.fixture
def good_server(board_server: BoardServer) -> BoardServer:
    board_server.serve_ashby("good", [POSTING])
    return board_server


def test_a_run_that_lacks_a_source_ends_with_3_and_names_it(
    flow_module: ModuleType,
    good_server: BoardServer,
    quick: PoliteSession,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = (GOOD + GONE).format(url=good_server.url)
    assert run_script(flow_module, monkeypatch, tmp_path, settings, session=quick) == 3
    printed = capsys.readouterr()
    assert "Part of the market is missing: without ashby:gone." in " ".join(printed.out.split())
    [told] = [line for line in printed.err.splitlines() if line.startswith("missing: ashby:gone: ")]
    [summary] = (tmp_path / "lake").glob("reports/*/*/run_summary.parquet")
    reason = pd.read_parquet(summary).set_index("source")["message"]["ashby:gone"]
    assert told == f"missing: ashby:gone: {reason}"
    assert reason.startswith(f"{good_server.url}/")


def test_a_run_without_any_posting_of_the_role_ends_with_3_and_says_what_was_read(
    flow_module: ModuleType,
    good_server: BoardServer,
    quick: PoliteSession,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    good_server.serve_ashby("good", [{**POSTING, "title": "Data Engineer"}])
    file = '[[sources]]\nboard = "files"\npath = "gone.jsonl"\n'
    settings = GOOD.format(url=good_server.url) + file
    assert run_script(flow_module, monkeypatch, tmp_path, settings, session=quick) == 3
    told = capsys.readouterr().err.splitlines()
    assert [line for line in told if line.startswith(("warning: ", "empty: "))] == [
        f"warning: files:gone.jsonl: gone.jsonl: found nothing there (from the working directory: "
        f"{tmp_path / 'gone.jsonl'}), expected a file or folder; check its path; the other sources are read",
        "empty: 1 posting read, none of them of the role by its title; near roles: Data engineer (1). Set `role` to "
        "the role of these postings, or add sources that have postings of this one.",
    ]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        pytest.param(
            '[[sources]]\nboard = "files"\npath = "gone.jsonl"\n',
            "error: settings: sources: files:gone.jsonl: gone.jsonl: found nothing there (from the working directory: ",
            id="no file there",
        ),
        pytest.param(
            'leke = "x"\n',
            "error: skillextract.toml: leke: found an unknown key, expected one of",
            id="unknown key",
        ),
        pytest.param(
            '[[sources]]\nboard = "ashbi"\ntoken = "x"\n',
            "error: skillextract.toml: sources[0].board: found 'ashbi', expected one of",
            id="unknown kind of board",
        ),
        pytest.param(
            GONE,
            "error: no source gave a posting, so there is nothing to count:\n  ashby:gone: ",
            id="every source missing",
        ),
        pytest.param(
            'role = "data-enginer"\n',
            "error: skillextract.toml: role: found 'data-enginer', expected one of backend-engineer, data-engineer, "
            "data-scientist, devops-engineer, machine-learning-engineer, each a file of "
            f"{find_patterns() / 'roles'}; did you mean data-engineer?\n",
            id="role",
        ),
        pytest.param(
            'role = "ML engineer"\nleke = "x"\n',
            "; did you mean lake?\nskillextract.toml: role: found 'ML engineer', expected one of backend-engineer, ",
            id="role beside another fault",
        ),
        pytest.param('lake = "occupied"\n' + GOOD, "lake 'occupied': ", id="lake that cannot be written"),
    ],
)
def test_a_run_that_cannot_be_ends_with_1_and_one_message(
    flow_module: ModuleType,
    good_server: BoardServer,
    quick: PoliteSession,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    settings: str,
    message: str,
) -> None:
    (tmp_path / "occupied").write_text("a file, where a folder should be")
    settings = settings.format(url=good_server.url)
    assert run_script(flow_module, monkeypatch, tmp_path, settings, session=quick) == 1
    printed = capsys.readouterr()
    assert (printed.out, message in printed.err) == ("", True), printed.err


NO_SERVER = (
    "error: PREFECT_API_URL: found 'http://127.0.0.1:9/api', where nothing answers, expected a Prefect server; "
    "bring it up (`make serve`), or run without one (`unset PREFECT_API_URL`)"
)


def test_a_server_that_does_not_answer_is_told_with_both_ways_out(
    flow_module: ModuleType,
    good_server: BoardServer,
    quick: PoliteSession,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = GOOD.format(url=good_server.url)
    with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}):
        assert run_script(flow_module, monkeypatch, tmp_path, settings, session=quick) == 1
    printed = capsys.readouterr()
    assert (printed.out, printed.err.splitlines()[-1], good_server.requests) == ("", NO_SERVER, [])


@pytest.mark.slow
def test_the_script_of_a_server_that_does_not_answer_ends_with_1_and_the_same_line(tmp_path: Path) -> None:
    environment = {**os.environ, "PREFECT_API_URL": "http://127.0.0.1:9/api", "PREFECT_HOME": str(tmp_path / "prefect")}
    run = subprocess.run(
        [sys.executable, str(ROOT / "flows" / "skill_demand.py")],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.splitlines()[-1] == NO_SERVER


def test_a_lake_that_cannot_be_written_is_found_before_any_board_is_asked(
    flow_module: ModuleType,
    good_server: BoardServer,
    quick: PoliteSession,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Not a folder without rights: root may write there all the same.
    (tmp_path / "lake").write_text("a file, where a folder should be")
    assert run_script(flow_module, monkeypatch, tmp_path, GOOD.format(url=good_server.url), session=quick) == 1
    assert good_server.requests == []


def test_a_malformed_pattern_line_is_named_before_any_board_is_asked(
    flow_module: ModuleType,
    good_server: BoardServer,
    quick: PoliteSession,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    broken = tmp_path / "patterns"
    shutil.copytree(find_patterns(), broken)
    messaging = broken / "skills" / "messaging.jsonl"
    lines = messaging.read_text(encoding="utf-8").splitlines()
    messaging.write_text("\n".join(["{not json", *lines]) + "\n", encoding="utf-8")
    monkeypatch.setattr(loading, "find_patterns", lambda: broken)
    assert run_script(flow_module, monkeypatch, tmp_path, GOOD.format(url=good_server.url), session=quick) == 1
    [message] = [line for line in capsys.readouterr().err.splitlines() if line.startswith("error: ")]
    assert message == (
        f"error: {messaging}:1: [json] found '{{not json', expected a JSON object (Expecting property name enclosed in "
        "double quotes); mend or delete it"
    )
    assert good_server.requests == []


def test_a_board_that_cannot_be_reached_is_one_line_for_each_attempt_and_no_traceback(
    flow_module: ModuleType, tmp_path: Path, caplog: pytest.LogCaptureFixture, prefect_logs: None
) -> None:
    sources: list[Source] = [AshbySource(token="gone", base_url="http://127.0.0.1:9"), write_file(tmp_path)]
    with (
        PoliteSession(connect_timeout=1, read_timeout=1, attempts=2, backoff=0, spacing=0) as session,
        caplog.at_level(logging.DEBUG),
    ):
        run_flow(flow_module, session, Settings(lake=str(tmp_path / "lake"), sources=sources, cache=None))
    reason = (
        "ashby:gone: http://127.0.0.1:9/posting-api/job-board/gone: found nothing that could be reached in 2 attempts, "
        "expected the board; check the network"
    )
    records = list_once(caplog)
    told = [record for record in records if record.levelno >= logging.INFO and "ashby:gone" in record.getMessage()]
    lines = [record.getMessage() for record in told if record.levelno >= logging.ERROR]
    assert lines == [reason]
    assert [record.getMessage() for record in told if record.exc_info] == []
    retries = [record.getMessage() for record in told if "will start" in record.getMessage()]
    assert (len(retries), all(reason in line for line in retries)) == (1, True)
    [kept] = [record for record in records if record.levelno == logging.DEBUG and record.name == FLOW_LOG]
    assert kept.exc_info is not None
    assert str(kept.exc_info[1]) == reason


def test_what_every_source_missing_ends_is_told_without_a_traceback(
    flow_module: ModuleType, tmp_path: Path, caplog: pytest.LogCaptureFixture, prefect_logs: None
) -> None:
    sources: list[Source] = [AshbySource(token="gone", base_url="http://127.0.0.1:9")]
    with PoliteSession(connect_timeout=1, read_timeout=1, attempts=1, backoff=0, spacing=0) as session:  # noqa: SIM117
        with pytest.raises(LakeError):
            run_flow(flow_module, session, Settings(lake=str(tmp_path / "lake"), sources=sources, cache=None))
    records = [record for record in list_once(caplog) if record.levelno >= logging.INFO]
    assert [record.getMessage() for record in records if record.exc_info] == []
    [line] = {record.getMessage() for record in records if record.getMessage().startswith("no source gave a posting")}
    assert "check the network" in line


def list_once(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """What was logged; a record that reached caplog from two loggers counts once."""
    return list({id(record): record for record in caplog.records}.values())


def write_file(folder: Path) -> FilesSource:
    (folder / "p.jsonl").write_text(json.dumps({"title": "Machine Learning Engineer", "text": "You know Python."}))
    return FilesSource(path=str(folder / "p.jsonl"))


FLOW_LOG = "skillextract.flow"


@pytest.fixture
def prefect_logs(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Prefect's own loggers pass nothing on to the root's, where caplog listens."""
    names = ("prefect.task_runs", "prefect.flow_runs", "prefect.engine")
    level = logging.getLogger("skillextract").level
    logging.getLogger("skillextract").setLevel(logging.DEBUG)
    for name in names:
        logging.getLogger(name).addHandler(caplog.handler)
    yield
    logging.getLogger("skillextract").setLevel(level)
    for name in names:
        logging.getLogger(name).removeHandler(caplog.handler)
