import tomllib
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from collect.board_server import Answer, BoardServer, as_json
from collect.fixtures import example_source, play_board
from skillextract.cli import app
from skillextract.collect.boards import BOARDS
from skillextract.collect.catalogue import ENOUGH, CheckedSource, check_sources, describe_sources
from skillextract.collect.gather import attribute
from skillextract.collect.http import PoliteSession
from skillextract.settings import AshbySource, FilesSource, RecruiteeSource, SampleSource


@pytest.mark.parametrize("board", BOARDS)
def test_the_example_of_every_board_is_a_source(board: str) -> None:
    assert example_source(board).board == board


def test_every_source_is_described_once_and_its_example_names_only_what_its_model_has() -> None:
    described = dict(describe_sources())
    assert set(described) == {*BOARDS, "files", "sample"}
    for name, about in described.items():
        assert about.title
        assert about.terms.endswith(".")
        if name in BOARDS:
            assert set(tomllib.loads(about.example)) <= set(BOARDS[name].source.model_fields)
            assert about.home.startswith("https://")


def test_boards_that_ask_for_it_are_named_in_the_report() -> None:
    named = {name for name, board in BOARDS.items() if board.about.attribution}
    assert named == {"himalayas", "arbeitnow", "remotive", "remoteok", "jobicy", "themuse", "adzuna"}
    for name in named:
        text = BOARDS[name].about.attribution or ""
        assert (BOARDS[name].about.title in text, BOARDS[name].about.home in text) == (True, True)
    assert attribute(example_source("adzuna")) == "Jobs by Adzuna (https://www.adzuna.com)"
    assert attribute(SampleSource()) == attribute(example_source("ashby")) == ""


def test_check_says_what_each_source_gave_in_their_order(
    board_server: BoardServer, session: PoliteSession, tmp_path: Path
) -> None:
    many = [{"id": str(number), "title": f"Role {number}", "descriptionHtml": "<p>x</p>"} for number in range(50)]
    board_server.serve_ashby("many", many)
    board_server.serve_ashby("empty", [])
    ashby: Any = {"base_url": board_server.url}
    sources = [
        AshbySource(token="many", **ashby),
        AshbySource(token="empty", **ashby),
        AshbySource(token="gone", **ashby),
        play_board(board_server, "recruitee", as_json({"offers": [{"id": 1, "title": "T"}]})),
        FilesSource(path=str(tmp_path / "none.csv")),
    ]
    many_, empty, gone, refused, files = check_sources(sources, session=session)
    assert many_ == CheckedSource(source="ashby:many", status="ok", postings=ENOUGH, payloads=1, title="Role 0")
    assert empty == CheckedSource(
        source="ashby:empty",
        status="empty",
        payloads=1,
        message="answered with no postings; check its name",
    )
    assert (gone.status, "found no board by this name" in gone.message) == ("failed", True)
    assert (refused.status, refused.refused, "found no description" in refused.message) == ("empty", 1, True)
    assert (files.status, "found nothing there" in files.message) == ("failed", True)
    assert gone.message.startswith(f"{board_server.url}/")
    assert files.message.startswith(f"{tmp_path}/none.csv: found nothing there")


def test_check_says_what_was_left_out_first_and_how_all_is_seen(
    board_server: BoardServer, session: PoliteSession, tmp_path: Path
) -> None:
    board_server.serve_ashby(
        "some", [{"id": "1", "title": "T", "descriptionHtml": "<p>x</p>"}, {"id": "2", "title": "T"}]
    )
    path = tmp_path / "some.txt"
    path.write_text("Job Title,text\nT,x\nT\n,x\n")
    sources = [
        AshbySource(token="some", base_url=board_server.url),
        FilesSource(path=str(path), format="csv", columns={"title": "Job Title"}),
    ]
    assert list(check_sources(sources, session=session)) == [
        CheckedSource(
            source="ashby:some", status="ok", postings=1, payloads=1, title="T", refused=1,
            message="the first left out: posting 2: descriptionHtml: found no description, expected one; see the raw "
            "payload (a run keeps it in its lake) (a run lists each in its lake, and says where)",
        ),
        CheckedSource(
            source="files:some.txt", status="ok", postings=1, title="T", refused=2,
            message=f"the first left out: posting {path}:3: row: found 1 cell, expected 2; add what is missing, or put "
            f"a cell that has a line break in quotes (`skillextract extract {path} --column 'title=Job Title' --format "
            "csv --output mentions.jsonl` names each)",
        ),
    ]  # fmt: skip


def test_check_asks_a_board_of_many_pages_no_further_than_it_needs(
    board_server: BoardServer, session: PoliteSession
) -> None:
    source = play_board(board_server, "smartrecruiters")
    posting = Answer(Path("tests/data/boards/smartrecruiters.json").read_bytes())
    board_server.on("/v1/companies/AcmeInc/postings", as_json({"content": [{"id": str(n)} for n in range(100)]}))
    for number in range(100):
        answer = posting.body.replace(b"744000100000001", str(number).encode())
        board_server.on(f"/v1/companies/AcmeInc/postings/{number}", Answer(answer))
    (checked,) = check_sources([source], session=session)
    assert (checked.status, checked.postings, len(board_server.requests)) == ("ok", ENOUGH, 1 + ENOUGH)


def test_the_command_lists_every_source() -> None:
    done = CliRunner().invoke(app, ["sources", "list"])
    assert done.exit_code == 0
    for name, about in describe_sources():
        assert f"{name}  {about.title}" in done.output
        assert f'board = "{name}"' in done.output
    assert "excerpts only: most skills cannot be found in them" in done.output
    assert "LinkedIn, Indeed and Glassdoor are no sources" in done.output


def test_the_command_checks_the_sources_of_the_settings(
    board_server: BoardServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    board_server.on("/api/offers/", as_json({"offers": [{"id": 1, "title": "[red]T[/]\x1b[2J", "description": "x"}]}))
    base = f'base_url = "{board_server.url}"'
    good = f'[[sources]]\nboard = "recruitee"\ntoken = "x"\n{base}\n'
    bad = f'[[sources]]\nboard = "personio"\ntoken = "x"\n{base}\n'
    (tmp_path / "skillextract.toml").write_text(good)
    done = CliRunner().invoke(app, ["sources", "check"])
    assert (done.exit_code, done.output.splitlines()) == (
        0,
        ["ok      recruitee:x  1 posting, 1 answer", "        first: [red]T[/] [2J"],
    )
    (tmp_path / "skillextract.toml").write_text(good + bad)
    done = CliRunner().invoke(app, ["sources", "check"])
    assert done.exit_code == 3
    assert "failed  personio:x  0 postings\n" in done.output
    assert RecruiteeSource(token="x").name in done.output


def test_a_role_that_the_flow_refuses_is_refused_before_any_board_is_asked(
    board_server: BoardServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source = f'[[sources]]\nboard = "recruitee"\ntoken = "x"\nbase_url = "{board_server.url}"\n'
    (tmp_path / "skillextract.toml").write_text(f'role = "data-enginer"\n{source}')
    done = CliRunner().invoke(app, ["sources", "check"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert str(done.exception).startswith("skillextract.toml: role: found 'data-enginer', expected one of ")
    assert str(done.exception).endswith("; did you mean data-engineer?")
