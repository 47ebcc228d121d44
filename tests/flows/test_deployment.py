"""The deployments of prefect.yaml, on a real Prefect server with a real process worker, without the internet."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from prefect_server import PATIENCE, Prefect, serving

from collect.board_server import Answer, BoardServer, Made, Request, as_json
from conftest import REPOSITORY
from scripts import load_script
from skillextract.errors import SettingsError
from skillextract.settings import Settings, load_market_settings

DEPLOYMENTS = yaml.safe_load((REPOSITORY / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
GIVEN = {"backfill": {"past": {"first": "2025-01", "last": "2025-03"}}}
"""What a deployment's parameters leave to whoever runs it."""
POSTING = {"id": "1", "title": "Machine Learning Engineer", "descriptionHtml": "<p>You know Python and Kafka.</p>"}


def find_parameters(name: str) -> dict[str, Any]:
    """The parameters that a deployment has of its own."""
    [parameters] = [each["parameters"] for each in DEPLOYMENTS if each["name"] == name]
    return dict(parameters)


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=[each["name"] for each in DEPLOYMENTS])
def test_every_entrypoint_imports_and_is_a_flow(deployment: dict[str, Any], prefect_harness: None) -> None:
    """`prefect deploy` succeeds even where the file cannot be imported."""
    from prefect import Flow

    path, _, name = deployment["entrypoint"].partition(":")
    module = load_script(REPOSITORY / path, f"entrypoint_{deployment['name']}")
    flow = getattr(module, name)
    assert isinstance(flow, Flow)
    assert flow.name == "skill-demand"
    flow.validate_parameters({**GIVEN.get(deployment["name"], {}), **deployment["parameters"]})


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (None, "{folder}/skillextract.toml: no such settings file; write it, with [[sources]], as the README shows"),
        (
            'role = "data-engineer"\n',
            "skillextract.toml: sources: found none, expected at least one; add [[sources]], as the README shows, or "
            'for the sample of invented postings [[sources]] with board = "sample"',
        ),
    ],
    ids=["no settings file", "no sources"],
)
def test_the_scheduled_run_of_a_checkout_without_sources_is_refused_and_makes_no_lake(
    flow_module: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str | None, expected: str
) -> None:
    """It searched the invented sample every day, and nobody noticed."""
    monkeypatch.chdir(tmp_path)
    if written is not None:
        (tmp_path / "skillextract.toml").write_text(written)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(SettingsError) as refused:
        flow_module.skill_demand(**find_parameters("scheduled"))
    assert (str(refused.value), sorted(tmp_path.iterdir())) == (expected.format(folder=tmp_path), before)


def test_the_scheduled_run_reads_the_sources_of_its_settings_file_and_the_sample_where_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    parameters = find_parameters("scheduled")
    for source in ({"board": "ashby", "token": "acme"}, {"board": "sample"}):
        lines = [f'{key} = "{value}"' for key, value in source.items()]
        (tmp_path / "skillextract.toml").write_text("\n".join(["[[sources]]", *lines]))
        assert load_market_settings(**parameters) == Settings.model_validate({"sources": [source]})
    (tmp_path / "skillextract.toml").unlink()
    assert load_market_settings(None) == Settings()


@pytest.mark.parametrize("entry", ["skill_demand", "backfill"])
def test_the_form_of_the_parameters_explains_itself(flow_module: Any, entry: str) -> None:
    schema = getattr(flow_module, entry).parameters.model_dump()
    forms = {"": schema, **schema["definitions"]}
    fields = {f"{form}.{name}": field for form, each in forms.items() for name, field in each["properties"].items()}
    # The kind of a source is chosen, not filled in.
    wanting = [name for name, field in fields.items() if not field.get("description") and not name.endswith(".board")]
    assert (wanting, len(fields) > 30) == ([], True)


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prefect]:
    """A server on a fresh home, all deployments, and a worker."""
    with serving(tmp_path_factory.mktemp("prefect")) as server:
        yield server


@pytest.mark.slow
@pytest.mark.timeout(1200)
class TestOnARealServer:
    def test_the_daily_cron_yields_scheduled_runs(self, prefect: Prefect) -> None:
        """SQLAlchemy 2.1 let everything else work, and no schedule ever yielded a run."""

        def find_scheduled() -> list[dict[str, Any]]:
            wanted = {
                "deployments": {"name": {"any_": ["scheduled"]}},
                "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
                "sort": "EXPECTED_START_TIME_ASC",
            }
            runs: list[dict[str, Any]] = prefect.post("/flow_runs/filter", wanted)
            return runs

        runs = prefect.wait("scheduled runs", find_scheduled)
        starts = [pd.Timestamp(run["expected_start_time"]) for run in runs]
        assert {start.strftime("%H:%M %Z") for start in starts} == {"05:15 UTC"}
        assert len({start.date() for start in starts}) == len(starts)

    def test_an_adhoc_run_reads_the_board_and_writes_the_tables(
        self, prefect: Prefect, board_server: BoardServer, tmp_path: Path
    ) -> None:
        board_server.serve_ashby("tallowfield", [POSTING])
        settings = {
            "lake": str(tmp_path / "lake"),
            "sources": [{"board": "ashby", "token": "tallowfield", "base_url": board_server.url}],
        }
        words = ("--param", f"settings={json.dumps(settings)}", "--flow-run-name", "tallowfield", "--watch")
        prefect.do("deployment", "run", "skill-demand/adhoc", *words)
        [comparison] = (tmp_path / "lake" / "reports").rglob("profile_comparison.parquet")
        items = pd.read_parquet(comparison).query("level == 'item'").set_index("name")["postings"]
        assert (len(items), items["Python"], items["Messaging systems"], items["Leadership"]) == (11, 1, 1, 0)
        assert [request.path for request in board_server.requests] == ["/posting-api/job-board/tallowfield"]

        [run] = prefect.post("/flow_runs/filter", {"flow_runs": {"name": {"any_": ["tallowfield"]}}})
        of_run = {"flow_runs": {"id": {"any_": [run["id"]]}}}
        role = "machine-learning-engineer"
        shown = {each["key"]: each for each in prefect.post("/artifacts/filter", of_run)}
        assert {key: each["type"] for key, each in shown.items()} == {
            f"{role}-sources-read": "progress",
            f"{role}-parts-searched": "progress",
            f"{role}-comparison": "markdown",
            f"{role}-sources": "table",
            f"{role}-page": "markdown",  # a link
        }
        assert [shown[f"{role}-{key}"]["data"] for key in ("sources-read", "parts-searched")] == [100.0, 100.0]
        assert json.loads(shown[f"{role}-sources"]["data"]) == [
            {"source": "ashby:tallowfield", "status": "ok", "postings": 1, "refused": 0, "repeated": 0, "message": ""}
        ]
        assert comparison.with_name("report.html").as_uri() in shown[f"{role}-page"]["data"]
        assert "Messaging systems" in shown[f"{role}-comparison"]["data"]

        said = prefect.wait_for_logs(run["id"], "skillextract.pipeline.extract")
        assert [text.partition(": ")[2] for text in said] == [
            "1 of 1 texts read, the others known from an earlier snapshot"
        ]

    def test_a_scheduled_run_that_comes_while_another_goes_on_is_cancelled(
        self, prefect: Prefect, board_server: BoardServer, tmp_path: Path
    ) -> None:
        asked, go = threading.Event(), threading.Event()

        def answer(request: Request) -> Answer:
            asked.set()
            go.wait(PATIENCE)
            return as_json({"jobs": [POSTING], "apiVersion": "1"})

        board_server.on("/posting-api/job-board/marlbeck", Made(answer))
        settings = {
            "lake": str(tmp_path / "lake"),
            "sources": [{"board": "ashby", "token": "marlbeck", "base_url": board_server.url}],
        }

        def begin(name: str) -> None:
            words = ("--param", f"settings={json.dumps(settings)}", "--flow-run-name", name)
            prefect.do("deployment", "run", "skill-demand/scheduled", *words)

        def read_state(name: str) -> str:
            [run] = prefect.post("/flow_runs/filter", {"flow_runs": {"name": {"any_": [name]}}})
            return str(run["state_type"])

        try:
            begin("earlier")
            prefect.wait("the first run's request", asked.is_set)
            begin("later")
            prefect.wait("the second run's end", lambda: read_state("later") == "CANCELLED")
            assert read_state("earlier") == "RUNNING"
        finally:
            go.set()
        prefect.wait("the first run's end", lambda: read_state("earlier") == "COMPLETED")

    @pytest.mark.parametrize("name", [each["name"] for each in DEPLOYMENTS])
    def test_the_ui_has_a_description_of_each_parameter(self, prefect: Prefect, name: str) -> None:
        deployment = prefect.get(f"/deployments/name/skill-demand/{name}")
        assert (deployment["work_pool_name"], deployment["enforce_parameter_schema"]) == ("local-process", True)
        assert deployment["description"]
        [step] = deployment["pull_steps"]
        assert step == {"prefect.deployments.steps.set_working_directory": {"directory": "{{ $SKILLEXTRACT_HOME }}"}}
        schema = deployment["parameter_openapi_schema"]
        forms = {"": schema, **schema["definitions"]}
        fields = {f"{form}.{key}": field for form, each in forms.items() for key, field in each["properties"].items()}
        assert {"Settings.lake", "Settings.runner", "Settings.sources", "AshbySource.token"} <= fields.keys()
        # The kind of a source is chosen, not filled in.
        assert [k for k, field in fields.items() if not field.get("description") and not k.endswith(".board")] == []

    def test_a_run_whose_every_source_is_missing_ends_with_1(
        self, prefect: Prefect, board_server: BoardServer, tmp_path: Path
    ) -> None:
        settings = {
            "lake": str(tmp_path / "lake"),
            "sources": [{"board": "ashby", "token": "gone", "base_url": board_server.url}],
        }
        words = ("--param", f"settings={json.dumps(settings)}", "--flow-run-name", "gone", "--watch")
        done = prefect.run("deployment", "run", "skill-demand/adhoc", *words)
        assert done.returncode == 1, done.stdout + done.stderr
        [run] = prefect.post("/flow_runs/filter", {"flow_runs": {"name": {"any_": ["gone"]}}})
        said = prefect.wait_for_logs(run["id"], "skillextract.pipeline.fetch")
        assert [text.split(":")[:2] for text in said] == [["ashby", "gone"]]

    def test_a_backfill_reads_every_file_of_its_folder(self, prefect: Prefect, tmp_path: Path) -> None:
        postings = [{"title": "Machine Learning Engineer", "text": f"You know {skill}."} for skill in ("Go", "Kafka")]
        (tmp_path / "past").mkdir()
        for name, posting in zip(("a", "b"), postings, strict=True):
            (tmp_path / "past" / f"{name}.jsonl").write_text(json.dumps(posting) + "\n")
        parameters = {"past": {"folder": str(tmp_path / "past")}, "settings": {"lake": str(tmp_path / "lake")}}
        words = [word for name, value in parameters.items() for word in ("--param", f"{name}={json.dumps(value)}")]
        prefect.do("deployment", "run", "skill-demand/backfill", *words, "--watch")
        [summary] = (tmp_path / "lake" / "reports").rglob("run_summary.parquet")
        assert pd.read_parquet(summary)[["source", "postings"]].values.tolist() == [
            ["files:a.jsonl", 1],
            ["files:b.jsonl", 1],
            ["all sources", 2],
        ]

    @pytest.mark.parametrize("past", ['{"first": "2025-13", "last": "2026-01"}', '{"first": "2025-01"}', "{}"])
    def test_a_backfill_of_nothing_is_refused_before_a_run_exists(self, prefect: Prefect, past: str) -> None:
        before = prefect.count_runs("backfill")
        done = prefect.run("deployment", "run", "skill-demand/backfill", "--param", f"past={past}")
        assert (done.returncode, prefect.count_runs("backfill")) == (1, before), done.stdout + done.stderr

    def test_the_example_of_an_automation_is_taken(self, prefect: Prefect) -> None:
        prefect.do("automation", "create", "--from-file", str(REPOSITORY / "docs" / "automation.yaml"))
        enabled = {each["name"]: each["enabled"] for each in prefect.post("/automations/filter", {})}
        assert enabled["Tell of runs without a whole report"] is True

    def test_the_message_that_the_example_proposes_is_sent_where_a_run_fails(
        self, prefect: Prefect, board_server: BoardServer, tmp_path: Path
    ) -> None:
        text = (REPOSITORY / "docs" / "automation.yaml").read_text(encoding="utf-8")
        [proposed] = re.findall(r"(?:^#   [- ] .*\n)+", text, re.MULTILINE)
        actions = yaml.safe_load(proposed.replace("\n#   ", "\n").removeprefix("#   "))
        assert [action["type"] for action in actions] == ["send-notification"]
        board_server.on("/told", as_json({}))
        making = (
            "from prefect.blocks.notifications import CustomWebhookNotificationBlock as Webhook\n"
            f"hook = Webhook(name='ops', url={board_server.url + '/told'!r}, method='GET', "
            "params={'subject': '{{subject}}', 'body': '{{body}}'})\n"
            "print(hook.save('ops'))"
        )
        made = subprocess.run(
            [sys.executable, "-c", making], env=prefect.env, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert made.returncode == 0, made.stderr
        actions[0]["block_document_id"] = made.stdout.strip().splitlines()[-1]
        automation = {**yaml.safe_load(text), "name": "Write of runs without a whole report", "actions": actions}
        (tmp_path / "automation.yaml").write_text(yaml.safe_dump(automation))
        prefect.do("automation", "create", "--from-file", str(tmp_path / "automation.yaml"))

        settings = {
            "lake": str(tmp_path / "lake"),
            "sources": [{"board": "ashby", "token": "vanished", "base_url": board_server.url}],
        }
        words = ("--param", f"settings={json.dumps(settings)}", "--flow-run-name", "vanished", "--watch")
        assert prefect.run("deployment", "run", "skill-demand/adhoc", *words).returncode == 1

        def find_told() -> list[dict[str, str]]:
            return [request.query for request in board_server.requests if request.path == "/told"]

        [told] = prefect.wait("the message", find_told)
        assert told["subject"] == "skill-demand vanished: Failed"
        assert "ashby:vanished" in told["body"]

    @pytest.mark.parametrize(
        "parameter",
        [
            'settings={"role": "astronaut"}',
            'settings={"leke": "x"}',
            'settings={"sources": [{"board": "ashbi", "token": "x"}]}',
            "setings={}",
        ],
        ids=["unknown role", "unknown key", "unknown board", "unknown parameter"],
    )
    def test_refused_parameters_are_refused_before_a_run_exists(self, prefect: Prefect, parameter: str) -> None:
        before = prefect.count_runs("adhoc")
        done = prefect.run("deployment", "run", "skill-demand/adhoc", "--param", parameter)
        assert (done.returncode, prefect.count_runs("adhoc")) == (1, before), done.stdout + done.stderr
