"""Show people how far long work is: a bar on a terminal, nothing elsewhere."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

PATIENCE = 2.0
"""Seconds after which work is long enough for a bar."""


@contextmanager
def count(noun: str, *, console: Console | None = None) -> Iterator[Callable[[int], None]]:
    """Give a function to be told how many more `noun` are done.

    A bar appears on standard error after `PATIENCE` seconds, and only where that is a terminal; it goes away at the
    end. How many there will be is not known: files are read as they come.
    """
    with _show("{task.completed:,.0f} " + noun, console) as bar:
        task = bar.add_task(noun, total=None)
        yield lambda more: bar.advance(task, more)


@contextmanager
def tell(doing: str, *, console: Console | None = None) -> Iterator[None]:
    """Say what is being done, on the same terms as `count`, where there is nothing to count."""
    with _show("{task.description}", console) as bar:
        bar.add_task(doing, total=None)
        yield


@contextmanager
def _show(words: str, console: Console | None) -> Iterator[Progress]:
    console = console or Console(stderr=True)
    bar = Progress(
        SpinnerColumn(), TextColumn(words), TimeElapsedColumn(), console=console, transient=True,
        disable=not console.is_terminal,
    )  # fmt: skip
    # By a clock of its own: the first step may be the long one.
    begin = threading.Timer(PATIENCE, bar.start)
    begin.daemon = True
    if console.is_terminal:
        begin.start()
    try:
        yield bar
    finally:
        begin.cancel()
        if begin.is_alive():
            begin.join()
        bar.stop()


def strip_controls(text: str) -> str:
    """Return a text with every control character but line breaks and tabs turned into one blank.

    Text from postings may hold sequences that command a terminal; offsets stay what they were.
    """
    return "".join(" " if unicodedata.category(char) == "Cc" and char not in "\n\t" else char for char in text)
