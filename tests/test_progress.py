"""Bars: on a terminal, after a while, and nowhere else."""

import io
import time

import pytest
from rich.console import Console

from skillextract import progress


def make_console(*, terminal: bool) -> Console:
    return Console(file=io.StringIO(), force_terminal=terminal, width=80, color_system=None)


def read(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def wait_for(console: Console, words: str) -> None:
    latest = time.monotonic() + 20
    while words not in read(console):
        assert time.monotonic() < latest, f"{words!r} never appeared: {read(console)!r}"
        time.sleep(0.01)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.01)


def test_work_that_takes_long_is_counted_on_a_terminal() -> None:
    console = make_console(terminal=True)
    with progress.count("postings", console=console) as advance:
        advance(1500)
        wait_for(console, "1,500 postings")


def test_a_first_step_that_takes_long_is_told_before_anything_is_counted() -> None:
    console = make_console(terminal=True)
    with progress.count("postings", console=console):
        wait_for(console, "0 postings")
    console = make_console(terminal=True)
    with progress.tell("reading the patterns", console=console):
        wait_for(console, "reading the patterns")


def test_short_work_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 3600)
    console = make_console(terminal=True)
    with progress.count("postings", console=console) as advance:
        advance(1)
    assert read(console) == ""


def test_what_is_no_terminal_gets_nothing_however_long_it_takes() -> None:
    console = make_console(terminal=False)
    with progress.count("postings", console=console) as advance:
        advance(1)
        time.sleep(0.1)  # ten times the patience: a bar would stand there by now
    assert read(console) == ""


def test_the_cursor_comes_back_when_the_work_fails() -> None:
    console = make_console(terminal=True)

    def fail() -> None:
        with progress.tell("reading", console=console):
            wait_for(console, "reading")
            raise RuntimeError("mid-way")

    with pytest.raises(RuntimeError, match="mid-way"):
        fail()
    assert read(console).count("\x1b[?25l") == read(console).count("\x1b[?25h")


def test_control_characters_become_blanks_and_offsets_stay() -> None:
    assert progress.strip_controls("a\x1b[31m\x07b\n\tc\x9bd") == "a [31m b\n\tc d"
