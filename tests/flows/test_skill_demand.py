"""The flow through Prefect's own test harness: every way in, and the same answer from each."""

import ast
import csv
import html
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from collect.board_server import Answer, BoardServer
from skillextract import pipeline
from skillextract.collect.http import PoliteSession
from skillextract.reports.tables import TABLES
from skillextract.settings import (
    AshbySource,
    FilesSource,
    GreenhouseSource,
    HackerNewsSource,
    LeverSource,
    Settings,
    Source,
)

SAMPLE = resources.files("skillextract.collect") / "sample"
ITEMS = [
    "Outstanding mathematics",
    "Programming language such as Java",
    "Python",
    "Leadership",
    "Attention to detail",
    "Processing large amounts of data",
    "Typed language such as C++ or Java",
    "Linux system administration",
    "Messaging systems",
    "Running distributed systems",
    "Infrastructure as code",
]
ANSWER = ["item_number", "level", "skill", "name", "verdict", "rank", "postings", "companies", "share", "share_low"]
"""The columns of a comparison that do not depend on how the postings came in."""


@pytest.fixture
def flow(flow_module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Settings], Any]]:
    """The flow, with a session that does not wait and retries that do not either."""
    with PoliteSession(connect_timeout=5, read_timeout=5, attempts=2, backoff=0, spacing=0) as quick:
        monkeypatch.setattr(pipeline.fetch, "share_session", lambda contact, cache: quick)
        yield flow_module.skill_demand


def read_tables(written: pipeline.WrittenReports) -> dict[str, pd.DataFrame]:
    return {name: pd.read_parquet(path) for name, path in written["tables"].items()}


def serve_sample(server: BoardServer) -> list[Source]:
    """Serve the sample's payloads as the boards themselves would; returns the sources that read them."""
    sources: list[Source] = []
    paths = {"ashby": "/posting-api/job-board/{}", "greenhouse": "/v1/boards/{}/jobs", "lever": "/v0/postings/{}"}
    for board, path in paths.items():
        for file in sorted((SAMPLE / board).iterdir(), key=lambda each: each.name):
            token = file.name.removesuffix(".json")
            if board == "lever":
                server.serve_lever(token, json.loads(file.read_bytes()))
            else:
                server.on(path.format(token), Answer(file.read_bytes()))
            named = {"token": token, "company": token.replace("-", " ").title(), "base_url": server.url}
            model = {"ashby": AshbySource, "greenhouse": GreenhouseSource, "lever": LeverSource}[board]
            sources.append(model.model_validate(named))
    thread = (SAMPLE / "hackernews" / "48910233.json").read_bytes()
    server.on("/api/v1/items/48910233", Answer(thread))
    sources.append(HackerNewsSource(thread=48910233, base_url=server.url))
    return sources


@pytest.fixture(scope="module")
def sample_run(flow_module: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> pipeline.WrittenReports:
    settings = Settings(lake=str(tmp_path_factory.mktemp("sample") / "lake"))
    written: pipeline.WrittenReports = flow_module.skill_demand(settings)
    return written


def test_the_sample_gives_every_table_and_every_item_of_the_profile(sample_run: pipeline.WrittenReports) -> None:
    tables = read_tables(sample_run)
    assert {"skill_frequencies", "profile_comparison", "mentions", "postings", "run_summary"} <= set(tables)
    assert set(tables) <= set(TABLES)
    assert {name: list(frame.columns) for name, frame in tables.items()} == {
        name: [column.name for column in TABLES[name].columns] for name in tables
    }
    comparison = tables["profile_comparison"]
    items = comparison[comparison["level"] == "item"]
    assert items["name"].tolist() == ITEMS
    assert items["item_number"].tolist() == list(range(1, 12))
    assert Path(sample_run["page"]).read_text(encoding="utf-8").count("SAMPLE") > 0
    assert sample_run["missing_sources"] == []


def test_every_number_leads_back_to_the_sentence_it_came_from(sample_run: pipeline.WrittenReports) -> None:
    tables = read_tables(sample_run)
    postings = tables["postings"].set_index("id")
    shown = [row for rows in tables["profile_comparison"]["evidence"] for row in rows]
    assert len(shown) > 100
    for row in shown:
        text, sentence = postings.loc[row["posting_id"], "text"], row["sentence"]
        surface = text[row["start"] : row["end"]]
        assert (sentence[row["mark_start"] : row["mark_end"]], row["url"]) == (
            surface,
            postings.loc[row["posting_id"], "url"],
        )
    mentions = tables["mentions"]
    texts = postings["text"].to_dict()
    surfaces = [
        texts[posting_id][start:end]
        for posting_id, start, end in zip(mentions["posting_id"], mentions["start"], mentions["end"], strict=True)
    ]
    assert surfaces == mentions["surface"].tolist()


def test_every_file_says_where_it_came_from(sample_run: pipeline.WrittenReports) -> None:
    expected = {"schema_version", "patterns_version", "package_version", "snapshot", "role", "is_sample", "sources"}
    for path in sample_run["tables"].values():
        metadata = {key.decode(): value.decode() for key, value in pq.read_schema(path).metadata.items()}
        assert expected <= {key.removeprefix("skillextract.") for key in metadata}
        assert metadata["skillextract.snapshot"] == sample_run["snapshot"]
        assert metadata["skillextract.is_sample"] == "true"


@pytest.mark.slow
def test_boards_give_the_answer_of_the_same_postings_in_the_sample(
    flow: Callable[[Settings], Any],
    board_server: BoardServer,
    sample_run: pipeline.WrittenReports,
    tmp_path: Path,
) -> None:
    """Greenhouse, Ashby, Lever and Hacker News over HTTP, in the boards' own shapes."""
    sources = serve_sample(board_server)
    written = flow(Settings(lake=str(tmp_path / "lake"), sources=sources, shard_size=20))
    tables, sample = read_tables(written), read_tables(sample_run)
    pd.testing.assert_frame_equal(tables["profile_comparison"][ANSWER], sample["profile_comparison"][ANSWER])
    summary, total = tables["run_summary"].iloc[:-1], tables["run_summary"].iloc[-1]
    assert (summary["source"].tolist(), set(summary["status"])) == ([source.name for source in sources], {"ok"})
    expected = sample["run_summary"].iloc[-1]
    counts = ["postings", "refused", "folded", "role_postings", "role_without_skill", "role_companies"]
    assert total[counts].tolist() == expected[counts].tolist()
    assert not total["is_sample"]
    assert total["payloads"] == len(list((tmp_path / "lake" / "raw").rglob("*.json")))
    # Parts are filled up to the shard's size, whatever the boards' sizes, and each went through a task of its own.
    parts = {
        kind: sorted(path.name for path in (tmp_path / "lake" / kind).rglob("*.parquet"))
        for kind in ("postings", "mentions")
    }
    assert parts["postings"] == parts["mentions"]
    assert len(parts["postings"]) == -(-expected["postings"] // 20)


def write_files(postings: pd.DataFrame, folder: Path) -> list[Source]:
    """The sample's postings, a quarter each as JSONL, CSV, Parquet and HTML, of that a folder for each company."""
    columns = ["id", "title", "text", "company", "posted_at", "url"]
    rows = postings[columns].astype({"posted_at": str}).replace({"NaT": None, "None": None})
    records = [{key: value for key, value in row.items() if pd.notna(value)} for row in rows.to_dict("records")]
    quarter = len(records) // 4
    jsonl, table, parquet, pages = (
        records[:quarter],
        records[quarter : 2 * quarter],
        records[2 * quarter : 3 * quarter],
        records[3 * quarter :],
    )
    (folder / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in jsonl), encoding="utf-8")
    with (folder / "b.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, columns)
        writer.writeheader()
        writer.writerows(table)
    pd.DataFrame(parquet).rename(columns={"title": "Job Title"}).to_parquet(folder / "c.parquet")
    companies = list(dict.fromkeys(row["company"] for row in pages))
    for number, row in enumerate(pages):
        place = folder / f"d{companies.index(row['company'])}"
        place.mkdir(exist_ok=True)
        lines = "".join(f"<p>{html.escape(line)}</p>" for line in row["text"].splitlines())
        (place / f"{number:03}.html").write_text(
            f"<html><head><title>{html.escape(row['title'])}</title></head><body>{lines}</body></html>",
            encoding="utf-8",
        )
    return [
        FilesSource(path=str(folder / "a.jsonl")),
        FilesSource(path=str(folder / "b.csv")),
        FilesSource(path=str(folder / "c.parquet"), columns={"title": "Job Title"}),
        *(FilesSource(path=str(folder / f"d{n}"), company=company) for n, company in enumerate(companies)),
    ]


def count_whole_market(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The postings of each skill; segments such as the source differ where the same postings come from elsewhere."""
    rows = tables["skill_frequencies"].query("segment_kind == 'all'")
    return rows[["skill", "postings"]].sort_values("skill", ignore_index=True)


@pytest.mark.slow
def test_files_of_every_kind_are_read_by_the_flow(
    flow: Callable[[Settings], Any], sample_run: pipeline.WrittenReports, tmp_path: Path
) -> None:
    # Of all roles, since a company's other postings tell what is its boilerplate.
    root = Path(sample_run["folder"]).parents[2]
    postings = pd.read_parquet(root / "postings" / f"snapshot={sample_run['snapshot']}", partitioning=None)
    distinct = postings[postings["duplicate_of"].isna()]
    sources = write_files(distinct, tmp_path)
    tables = read_tables(flow(Settings(lake=str(tmp_path / "lake"), sources=sources)))
    summary = tables["run_summary"]
    quarter = len(distinct) // 4
    by_company = distinct["company"].iloc[3 * quarter :].value_counts(sort=False).tolist()
    assert summary[["source", "status", "postings"]].values.tolist() == [
        ["files:a.jsonl", "ok", quarter],
        ["files:b.csv", "ok", quarter],
        ["files:c.parquet", "ok", quarter],
        *([f"files:d{n}", "ok", pages] for n, pages in enumerate(by_company)),
        ["all sources", "ok", len(distinct)],
    ]
    # The texts are those of the sample, so every skill is asked for by as many postings as there.
    pd.testing.assert_frame_equal(count_whole_market(tables), count_whole_market(read_tables(sample_run)))


def find_artifacts(wanted: dict[str, Any]) -> list[dict[str, Any]]:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        found: list[dict[str, Any]] = client.request("POST", "/artifacts/filter", json={"artifacts": wanted}).json()
    return found


def test_the_answer_the_progress_and_the_way_to_the_page_stand_in_prefects_ui(
    flow_module: ModuleType, sample_run: pipeline.WrittenReports
) -> None:
    role, link = "machine-learning-engineer", Path(sample_run["page"]).as_uri()
    # Other tests' runs stand there, too.
    [page] = [each for each in find_artifacts({"key": {"any_": [f"{role}-page"]}}) if link in each["data"]]
    of_run = find_artifacts({"flow_run_id": {"any_": [page["flow_run_id"]]}})
    shown = {each["key"].removeprefix(f"{role}-"): each for each in of_run}
    assert {key: each["type"] for key, each in shown.items()} == {
        "sources-read": "progress",
        "parts-searched": "progress",
        "comparison": "markdown",
        "sources": "table",
        "page": "markdown",  # a link
    }
    assert [shown[key]["data"] for key in ("sources-read", "parts-searched")] == [100.0, 100.0]
    assert all(name in shown["comparison"]["data"] for name in ITEMS)


@pytest.mark.slow
def test_without_prefects_decorators_the_flow_is_the_same_program(
    flow_module: ModuleType, sample_run: pipeline.WrittenReports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The source of the flow is run with every decorator taken out."""
    path = Path(str(flow_module.__file__))
    tree = ast.parse(path.read_text(encoding="utf-8"))
    removed = 0
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            removed += len(node.decorator_list)
            node.decorator_list = []
    assert removed >= 6
    plain = ModuleType("plain_skill_demand")
    monkeypatch.setitem(sys.modules, plain.__name__, plain)
    exec(compile(tree, str(path), "exec"), plain.__dict__)
    written = plain.skill_demand(Settings(lake=str(tmp_path / "lake")))
    tables, expected = read_tables(written), read_tables(sample_run)
    for name in ("skill_frequencies", "profile_comparison", "mentions", "postings"):
        pd.testing.assert_frame_equal(tables[name], expected[name])


POSTINGS = [
    {"title": "Machine Learning Engineer", "company": company, "posted_at": f"2025-0{month}-03", "text": text}
    for month, company, text in (
        (3, "Acme", "Requirements\n- Python and Kafka\n- 3+ years of Kubernetes"),
        (3, "Birch", "You will build pipelines in Spark and Python. Terraform is a plus."),
        (4, "Birch", "Requirements\n- A degree in mathematics\n- C++ or Java\nWe pay $120,000 to $150,000 a year."),
    )
]


@pytest.mark.parametrize("market", ["a few postings", pytest.param("the sample", marks=pytest.mark.slow)])
def test_a_second_run_is_a_snapshot_of_its_own(
    flow_module: ModuleType, request: pytest.FixtureRequest, tmp_path: Path, market: str
) -> None:
    if market == "the sample":
        first = request.getfixturevalue("sample_run")
        settings = Settings(lake=str(Path(first["folder"]).parents[2]))
    else:
        (tmp_path / "p.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in POSTINGS))
        settings = Settings(lake=str(tmp_path / "lake"), sources=[FilesSource(path=str(tmp_path / "p.jsonl"))])
        first = flow_module.skill_demand(settings)
    again = flow_module.skill_demand(settings)
    assert again["snapshot"] > first["snapshot"]
    for name, frame in read_tables(first).items():
        if name != "run_summary":
            pd.testing.assert_frame_equal(read_tables(again)[name], frame)
