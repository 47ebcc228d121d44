"""Show people how far long work is: a bar on a terminal, nothing elsewhere."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

PATIENCE = 2.0
"""Seconds after which work is long enough for a bar."""


@contextmanager
def count(noun: str, *, total: int | None = None, console: Console | None = None) -> Iterator[Callable[[int], None]]:
    """Give a function to be told how many more `noun` are done.

    A bar appears on standard error after `PATIENCE` seconds, and only where that is a terminal; it goes away at the end.
    """
    console = console or Console(stderr=True)
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.completed:,.0f} " + noun),
        *([MofNCompleteColumn()] if total else []),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    task = bar.add_task(noun, total=total)
    begun = time.monotonic()
    shown = False

    def advance(more: int) -> None:
        nonlocal shown
        bar.advance(task, more)
        if not shown and time.monotonic() - begun > PATIENCE:
            bar.start()
            shown = True

    try:
        yield advance
    finally:
        if shown:
            bar.stop()


def strip_controls(text: str) -> str:
    """Return a text with every control character but line breaks and tabs turned into one blank.

    Text from postings may hold sequences that command a terminal; offsets stay what they were.
    """
    return "".join(" " if unicodedata.category(char) == "Cc" and char not in "\n\t" else char for char in text)
