"""What the README says is so: its code runs, its commands exist, its parts are those of the code."""

import re
import shlex
import tomllib
from fnmatch import fnmatch
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pytest
import yaml
from typer.main import get_command
from typer.testing import CliRunner

from conftest import REPOSITORY
from scripts import load_script
from skillextract import pipeline
from skillextract.cli import app
from skillextract.collect.boards import BOARDS
from skillextract.collect.catalogue import FORBIDDEN
from skillextract.reports.tables import TABLES
from skillextract.settings import Settings, load_settings
from skillextract.settings.sources import SOURCE_MODELS

runner = CliRunner()
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def list_blocks(language: str) -> list[str]:
    return [code for name, code in BLOCKS if name == language]


def list_shell_commands() -> list[list[str]]:
    lines = [line for block in list_blocks("bash") for line in block.splitlines()]
    return [shlex.split(line) for line in lines]


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    return load_script(REPOSITORY / "docs" / "generate.py", "generate_readme")


@pytest.fixture(scope="module")
def folder_with_lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the sample was run, with the default settings."""
    folder = tmp_path_factory.mktemp("readme")
    assert Settings().lake == "lake-sample"
    settings = Settings(lake=str(folder / "lake-sample"))
    snapshot = pipeline.begin_run(settings)
    fetched = [pipeline.fetch_source(source, settings=settings, snapshot=snapshot) for source in settings.sources]
    folded = pipeline.fold_postings(fetched, settings=settings, snapshot=snapshot)
    mentions = [pipeline.extract_part(part, settings=settings, snapshot=snapshot) for part in folded["parts"]]
    pipeline.write_reports(settings=settings, snapshot=snapshot, fetched=fetched, folded=folded, mention_parts=mentions)
    return folder


def test_no_part_that_the_code_tells_is_stale(generator: ModuleType) -> None:
    assert generator.fill_in(README) == README, "run `make docs`"


def test_the_page_of_columns_is_that_of_the_code_and_the_readme_leads_to_each_table(generator: ModuleType) -> None:
    text = generator.COLUMNS.read_text(encoding="utf-8")
    assert generator.fill_in(text, generator.COLUMNS_PARTS) == text, "run `make docs`"
    headings = re.findall(r"^## `(.*)`$", text, re.MULTILINE)
    assert headings == [f"{name}.parquet" for name in TABLES]
    linked = re.findall(r"^\| \[`(.*?)`\]\(docs/tables\.md#(\w+)\) \|", README, re.MULTILINE)
    assert linked == [(heading, heading.replace(".", "")) for heading in headings]


def test_the_way_to_a_schedule_is_short() -> None:
    """Who reads from the top comes to Prefect before long tables do."""
    between = README[README.index("### How accurate it is") : README.index("## Run it on a schedule")]
    assert len(between.splitlines()) < 60


def test_the_picture_shows_what_the_sample_gives_today(generator: ModuleType) -> None:
    """The words and numbers only: how they are drawn may change with the library that does."""

    def read_words(picture: str) -> list[str]:
        return re.sub(r"<style>.*?</style>|<[^>]*>", " ", picture, flags=re.DOTALL).split()

    kept = (REPOSITORY / "docs" / "images" / "terminal.svg").read_text(encoding="utf-8")
    assert read_words(generator.draw_terminal()) == read_words(kept), "run `make docs`"


def simplify(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_dependency_has_its_licence_and_reason_in_the_table(generator: ModuleType) -> None:
    """Of a package that is not installed here as it is pinned (a check, say) only the name is looked at."""
    constraints = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8")
    lines = re.findall(r"^([\w.-]+)==(\S+)$", constraints, re.MULTILINE)
    pinned = {simplify(name): version for name, version in lines}
    installed = {simplify(each.name): each.version for each in metadata.distributions()}
    text = generator.ARCHITECTURE.read_text(encoding="utf-8")
    table = text[text.index("| package |") : text.index("<!-- end dependencies")].split("\n")[2:]
    rows = {row.split(" | ")[0].removeprefix("| "): row for row in table if row}
    assert list(rows) == generator.list_dependencies()
    for name, row in rows.items():
        if installed.get(simplify(name)) == pinned[simplify(name)]:
            assert generator.describe_dependency(name) == row, "run `make docs`"


def test_one_line_of_pandas_reads_the_lake(folder_with_lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder_with_lake)
    [code] = [block for block in list_blocks("python") if "pandas" in block]
    names: dict[str, Any] = {}
    exec(code, names)
    demand = names["demand"]
    assert demand["rank"].tolist() == list(range(1, len(demand) + 1))
    assert demand["share"].between(0, 1).all()
    assert demand.iloc[0]["name"] == "Python"


def test_one_line_of_duckdb_reads_every_snapshot(folder_with_lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder_with_lake)
    [query] = list_blocks("sql")
    rows = duckdb.sql(query).fetchall()
    [manifest] = (folder_with_lake / "lake-sample" / "snapshots").iterdir()
    assert len(rows) == 20
    assert {row[0] for row in rows} == {manifest.stem}
    assert rows[0][1] == "Python"


def test_the_spacy_example_finds_the_skills(capsys: pytest.CaptureFixture[str]) -> None:
    [code] = [block for block in list_blocks("python") if "spacy" in block]
    exec(code, {})
    assert capsys.readouterr().out == "[('Go', 'go'), ('Kafka', 'kafka'), ('Terraform', 'terraform')]\n"


def test_the_example_of_settings_is_read_and_shows_every_key(tmp_path: Path) -> None:
    [example] = list_blocks("toml")
    (tmp_path / "skillextract.toml").write_text(example, encoding="utf-8")
    settings = load_settings(tmp_path / "skillextract.toml")
    assert {source.board for source in settings.sources} >= {"greenhouse", "ashby", "lever", "hackernews", "files"}
    assert set(tomllib.loads(example)) == set(Settings.model_fields)


def test_every_command_in_it_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    deployments = {
        f"skill-demand/{each['name']}"
        for each in yaml.safe_load((REPOSITORY / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    }
    unknown = []
    for words in list_shell_commands():
        program = Path(words[0]).name
        match program:
            case "make":
                known = set(words[1:]) <= targets
            case "skillextract":
                known = resolves(words[1:])
            case "python":
                known = (REPOSITORY / words[1]).is_file()
            case "prefect" if words[1:3] == ["deployment", "run"]:
                known = words[3] in deployments
            case "prefect" | "export" | "until":
                known = True  # tests/flows/test_deployment.py does these
            case _:
                known = False
        if not known:
            unknown.append(" ".join(words))
    assert unknown == []


def resolves(words: list[str]) -> bool:
    command: Any = get_command(app)
    for word in words:
        inner = getattr(command, "commands", None)
        if inner is None:
            return True
        if word not in inner:
            return False
        command = inner[word]
    return not hasattr(command, "commands")


def test_make_targets_and_commands_named_in_the_text_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)`", README)) - targets == set()
    commands = re.findall(r"`skillextract ([a-z]+(?: [a-z]+)*)`", README)
    assert [words for words in commands if not resolves(words.split())] == []


def test_files_and_places_that_it_links_to_exist() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert [link for link in links if not (REPOSITORY / link).exists()] == []
    anchors = re.findall(r"\]\(#([^)]+)\)", README)
    headings = [heading.lower().replace(" ", "-") for heading in re.findall(r"^#+ (.*)$", README, re.MULTILINE)]
    assert [anchor for anchor in anchors if anchor not in headings] == []
    named = re.findall(r"`((?:docs|patterns|tests|flows)/[\w./-]+|[A-Z]+\.md|prefect\.yaml)`", README)
    assert [name for name in named if not (REPOSITORY / name).exists()] == []


def test_git_passes_over_every_lake_that_the_documents_suggest() -> None:
    pages = [README, *(page.read_text(encoding="utf-8") for page in sorted((REPOSITORY / "docs").glob("*.md")))]
    suggested = {lake for page in pages for lake in re.findall(r"(?<![\w/.-])lake-[a-z0-9]+(?![\w.-])", page)}
    ignored = (REPOSITORY / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"lake-sample", "lake-2025"} <= suggested
    assert [lake for lake in sorted(suggested) if not any(fnmatch(f"/{lake}/", line) for line in ignored)] == []


def test_a_board_is_one_file_its_fixture_and_its_line_as_the_readme_says() -> None:
    assert "`src/skillextract/collect/boards/<board>.py`" in README
    files = {path.stem for path in (REPOSITORY / "src/skillextract/collect/boards").glob("[!_]*.py")}
    fixtures = {path.stem for path in (REPOSITORY / "tests/data/boards").iterdir()}
    assert files == fixtures == set(BOARDS)


@pytest.mark.parametrize("site", ["LinkedIn", "Indeed", "Glassdoor"])
def test_sites_whose_terms_forbid_it_are_named_with_the_reason_and_have_no_module(site: str) -> None:
    [paragraph] = [text for text in README.split("\n\n") if text.startswith("Why not ")]
    assert site in paragraph
    assert "terms of each of the three forbid" in " ".join(paragraph.split())
    assert site in FORBIDDEN
    names = {*BOARDS, *SOURCE_MODELS, *(path.stem for path in (REPOSITORY / "src/skillextract").rglob("*.py"))}
    assert [name for name in names if site.lower() in name.lower()] == []


def test_the_accuracy_of_unseen_postings_leads(generator: ModuleType) -> None:
    told = generator.describe_accuracy()
    assert " ".join(told.split()).startswith("On ")
    assert told.index("nobody had looked at") < told.index("On 72 real postings")
    rounds = generator._read_numbers(generator.ACCURACY.read_text(encoding="utf-8"), "round")
    assert len(rounds) >= 7
    assert f"{min(row['tools'] for row in rounds):.0%}".replace("%", " % to") in " ".join(told.split())


@pytest.mark.parametrize(
    "drawn_now",
    [pytest.param(False, id="as it is kept"), pytest.param(True, id="drawn anew", marks=pytest.mark.slow)],
)
def test_the_picture_is_of_the_sample_and_says_so_and_loads_nothing(generator: ModuleType, drawn_now: bool) -> None:
    kept = (REPOSITORY / "docs" / "images" / "terminal.svg").read_text(encoding="utf-8")
    drawn = generator.draw_terminal() if drawn_now else kept
    assert drawn.count("SAMPLE") >= 3
    assert set(re.findall(r"(?:src|href|url)\W+(https?:[^\"')\s]+)", drawn)) == set()


def test_the_draft_of_a_profile_that_the_readme_shows_is_that_of_the_help() -> None:
    shown = re.search(r'`(skillextract profile draft "iOS engineer" .*?)`', README)
    assert shown is not None
    words = (REPOSITORY / "patterns" / "README.md").read_text(encoding="utf-8")
    said = runner.invoke(app, ["profile", "draft", "--help"]).output
    assert [shown[1] in " ".join(text.split()) for text in (words, said)] == [True, True]


def test_the_draft_of_a_profile_that_the_readme_shows_for_the_sample_can_be_made(
    folder_with_lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = "skillextract profile draft machine-learning-engineer --lake lake-sample"
    assert f"`{command}`" in README
    monkeypatch.chdir(folder_with_lake)
    done = runner.invoke(app, shlex.split(command)[1:])
    assert (done.exit_code, tomllib.loads(done.stdout)["profile"]["name"]) == (0, "Machine learning engineer")
    refused = runner.invoke(app, ["profile", "draft", "iOS engineer", "--title", "ios engineer"])
    assert "looked through 114 titles and found none that ends in 'ios engineer'" in str(refused.exception)
