"""Change over time from the stored runs of a lake."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from skillextract import pipeline
from skillextract.cli import app
from skillextract.errors import LakeError
from skillextract.history import follow_lake
from skillextract.reports.trends import tell_postings
from skillextract.settings import FilesSource, Settings


def run(lake: Path, day: int, asking: int, *, broken: bool = False, dated: bool = True) -> Settings:
    """A run over thirty postings of as many employers, of which so many ask for Docker, and a second small file."""
    rows = [
        {
            "id": str(n),
            "title": "Machine Learning Engineer",
            "company": f"X{n}",
            "text": f"Requirements\nPython{' and Docker' if n < asking else ''}",
            "posted_at": f"2026-0{1 + n % 2}-01" if dated else None,
        }
        for n in range(30)
    ]
    lake.parent.mkdir(exist_ok=True)
    (lake.parent / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (lake.parent / "b.jsonl").write_text("" if broken else json.dumps({**rows[0], "id": "b", "company": "B"}))
    settings = Settings(
        lake=str(lake),
        sources=[FilesSource(path=str(lake.parent / "a.jsonl")), FilesSource(path=str(lake.parent / "b.jsonl"))],
    )
    snapshot = f"2026-07-{day:02d}T000000Z"
    fetched = [pipeline.fetch_source(source, settings=settings, snapshot=snapshot) for source in settings.sources]
    folded = pipeline.fold_postings(fetched, settings=settings, snapshot=snapshot)
    mentions = [pipeline.extract_part(part, settings=settings, snapshot=snapshot) for part in folded["parts"]]
    pipeline.write_reports(settings=settings, snapshot=snapshot, fetched=fetched, folded=folded, mention_parts=mentions)
    return settings


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    lake = tmp_path_factory.mktemp("runs") / "lake"
    run(lake, 1, 3)
    return run(lake, 8, 27, broken=True)


@pytest.fixture(scope="module")
def undated(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """One run, of whose postings none has a date."""
    return run(tmp_path_factory.mktemp("undated") / "lake", 1, 7, dated=False)


def test_stored_runs_are_compared_without_the_source_that_was_missing(settings: Settings) -> None:
    table = follow_lake(settings)
    docker = table[table["skill"] == "docker"]
    columns = ["period", "postings", "period_postings", "verdict", "left_out"]
    assert docker[columns].values.tolist() == [
        ["2026-07-01T000000Z", 3, 30, "rises", "files:b.jsonl"],
        ["2026-07-08T000000Z", 27, 30, "rises", "files:b.jsonl"],
    ]


def test_the_newest_run_is_divided_by_month(settings: Settings) -> None:
    table = follow_lake(settings, axis="month")
    docker = table[table["skill"] == "docker"]
    assert docker[["period", "period_postings"]].values.tolist() == [["2026-01", 15], ["2026-02", 15]]


def test_two_months_of_a_run_are_told_to_be_too_few_and_not_the_market_of_their_time(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKILLEXTRACT_LAKE", settings.lake)
    shown = CliRunner().invoke(app, ["trends", "--by", "month"])
    assert shown.stdout.splitlines()[-2:] == [
        "no change was tested: fewer than 4 months, quarters or years have enough dated postings",
        "A month holds only what was still listed when it was read: of boards that take postings down, what stayed "
        "open longest.",
    ]


@pytest.mark.parametrize(
    ("postings", "told"),
    [
        ([69, 69], "69 and 69 postings"),
        ([1, 2], "1 and 2 postings"),
        ([30, 1_200, 31], "30 to 1,200 postings each"),
        ([30, 30, 30], "30 postings each"),
        ([1, 1, 1], "1 posting each"),
    ],
)
def test_the_postings_of_several_runs_are_never_added_up(postings: list[int], told: str) -> None:
    """A posting that stays listed is in all of them."""
    assert tell_postings(postings) == told


def test_nothing_moves_between_two_runs_over_the_same_postings(tmp_path: Path) -> None:
    """Of a share that stays, of all postings too, rounding must not make a change."""
    lake = tmp_path / "same" / "lake"
    run(lake, 1, 7)
    table = follow_lake(run(lake, 8, 7))
    assert set(table["verdict"]) == {"steady"}
    assert table["p_value"].tolist() == [1.0] * len(table)


def test_runs_that_were_read_by_other_rules_are_compared_with_a_warning(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    follow_lake(settings)
    assert caplog.messages == []
    lake = tmp_path / "lake"
    shutil.copytree(settings.lake, lake)
    path = lake / "snapshots" / "2026-07-01T000000Z.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "reader": "another"}))
    follow_lake(settings.model_copy(update={"lake": str(lake)}))
    [message] = caplog.messages
    assert "read by different versions of the program or its patterns" in message


def test_runs_of_which_the_role_was_another_are_compared_with_a_warning(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lake = tmp_path / "lake"
    shutil.copytree(settings.lake, lake)
    path = lake / "snapshots" / "2026-07-01T000000Z.json"
    manifest = json.loads(path.read_text())
    for version, warnings in (("another", 1), ("", 0)):  # older runs do not say it
        caplog.clear()
        manifest["run"]["role_version"] = version
        path.write_text(json.dumps(manifest))
        follow_lake(settings.model_copy(update={"lake": str(lake)}))
        assert len(caplog.messages) == warnings
        assert all("what counts as the role machine-learning-engineer" in message for message in caplog.messages)


def test_the_sample_is_never_compared_with_a_market(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lake = tmp_path / "lake"
    shutil.copytree(settings.lake, lake)
    path = lake / "snapshots" / "2026-07-01T000000Z.json"
    manifest = json.loads(path.read_text())
    manifest["run"]["is_sample"] = True
    path.write_text(json.dumps(manifest))
    with pytest.raises(LakeError, match="found 1 snapshot of the role, expected at least two"):
        follow_lake(settings.model_copy(update={"lake": str(lake)}))
    assert caplog.messages[0] == (
        f"lake {lake}: left out 1 run of the sample, for the newest is of a market; give each a lake of its own"
    )


def test_a_lake_without_runs_of_the_role_is_refused(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(LakeError, match=r"holds no finished snapshot of the role 'data-engineer'; run the flow first"):
        follow_lake(settings.model_copy(update={"role": "data-engineer"}))


def test_the_command_tells_what_moved_and_draws_it(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKILLEXTRACT_LAKE", settings.lake)
    monkeypatch.chdir(tmp_path)
    shown = CliRunner().invoke(app, ["trends", "--picture", "trends.svg"])
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.splitlines()[:3] == [
        "Machine learning engineer: 2 runs, 2026-07-01T000000Z to 2026-07-08T000000Z; 2 of them with enough postings; "
        "30 and 30 postings; 2 skills tested at once",
        "rises:",
        "  Docker                       10% (1 July 2026, 3.5–26%) → 90% (8 July 2026, 74–97%)",
    ]
    assert "left out of every period, because they were missing in one: files:b.jsonl" in shown.stdout
    drawing = (tmp_path / "trends.svg").read_text()
    assert "Docker ↑" in drawing
    assert drawing.startswith("<svg")


def test_the_lake_of_the_option_goes_before_that_of_the_settings(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKILLEXTRACT_LAKE", str(tmp_path / "elsewhere"))
    monkeypatch.chdir(tmp_path)
    shown = CliRunner().invoke(app, ["trends", "--lake", settings.lake])
    assert (shown.exit_code, shown.stdout.partition(",")[0]) == (0, "Machine learning engineer: 2 runs")


def test_the_role_of_the_option_goes_before_that_of_the_settings(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SKILLEXTRACT_ROLE", "data-engineer")
    words = ["trends", "--lake", settings.lake]
    assert "no finished snapshot of the role 'data-engineer'" in str(CliRunner().invoke(app, words).exception)
    shown = CliRunner().invoke(app, [*words, "--role", settings.role])
    assert (shown.exit_code, "Machine learning engineer: 2 runs, " in shown.output) == (0, True)
    refused = CliRunner().invoke(app, [*words, "--role", "ml-engineer"])
    assert str(refused.exception).startswith("--role: found 'ml-engineer', expected one of backend-engineer, ")
    assert str(refused.exception).endswith("; did you mean machine-learning-engineer?")


def test_after_the_first_run_it_is_divided_by_month_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKILLEXTRACT_LAKE", run(tmp_path / "lake", 1, 7).lake)
    monkeypatch.chdir(tmp_path)
    shown = CliRunner().invoke(app, ["trends"])
    assert shown.exit_code == 0, shown.output
    assert "one run of the role so far: it is divided by time of posting" in shown.stderr
    assert shown.stdout.startswith(
        "Machine learning engineer of the run 2026-07-01T000000Z: 2 months, 2026-01 to 2026-02; 2 of them with enough "
        "postings; 31 postings; "
    )
    asked = CliRunner().invoke(app, ["trends", "--by", "snapshot"])
    assert (asked.exit_code, "expected at least two" in str(asked.exception)) == (1, True)


@pytest.mark.parametrize("words", [(), ("--by", "month"), ("--format", "csv")])
def test_without_a_dated_posting_there_are_no_months_and_how_dates_get_in_is_told(
    undated: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("SKILLEXTRACT_LAKE", undated.lake)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["trends", *words])
    assert (done.exit_code, done.stdout) == (1, "")
    assert str(done.exception) == (
        "none of the 31 postings of the role in the run 2026-07-01T000000Z has a date, so there are no months to "
        "compare; expected `posted_at`, as of a source of files: a column of that name, or `columns = { posted_at = "
        '"…" }` in the settings (boards state it themselves, where they do); or run the flow again later: two runs are '
        "compared without dates"
    )


def test_a_picture_of_another_kind_is_refused_before_anything_is_read_or_told(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKILLEXTRACT_LAKE", settings.lake)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["trends", "--picture", "x.pdf"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert str(done.exception) == "--picture x.pdf: found the ending '.pdf', expected .svg or .png; rename it"


def test_the_trends_of_a_sample_say_so_and_every_row_names_the_role(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = tmp_path / "lake"
    shutil.copytree(settings.lake, lake)
    for path in (lake / "snapshots").iterdir():
        manifest = json.loads(path.read_text())
        manifest["run"]["is_sample"] = True
        path.write_text(json.dumps(manifest))
    monkeypatch.setenv("SKILLEXTRACT_LAKE", str(lake))
    monkeypatch.chdir(tmp_path)
    shown = CliRunner().invoke(app, ["trends", "--picture", "trends.svg"])
    assert shown.stdout.startswith("SAMPLE: Invented postings")
    assert "SAMPLE: What the market asks for" in Path("trends.svg").read_text()
    rows = json.loads(CliRunner().invoke(app, ["trends", "--format", "json"]).stdout)
    assert {(row["role"], row["is_sample"]) for row in rows} == {("Machine learning engineer", True)}
