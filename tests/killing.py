"""Kills runs and lets the next one go on; run by `test_restarts.py` in a process of its own, for it forks.

    python tests/killing.py FOLDER SHARD_SIZE DEATHS SEED

A run is the steps of the pipeline on the sample. Its events are what it does to the file system: each file that is
opened for writing, moved into its place, or removed, before and after. A death is at one of these events, or after a
random time. For each, one JSON line says where it was, what then differed from the undisturbed run, and which finished
files the next run wrote again.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fsspec.implementations.local import LocalFileSystem

from skillextract import pipeline
from skillextract.settings import Settings
from skillextract.skills.loading import load_matcher

MOMENT = datetime(2026, 11, 24, 17, 5, 9, tzinfo=UTC)
SNAPSHOT = "2026-11-24T170509Z"


def run(settings: Settings) -> None:
    snapshot = pipeline.begin_run(settings, now=MOMENT)
    fetched = [pipeline.fetch_source(source, settings=settings, snapshot=snapshot) for source in settings.sources]
    folded = pipeline.fold_postings(fetched, settings=settings, snapshot=snapshot)
    mentions = [pipeline.extract_part(part, settings=settings, snapshot=snapshot) for part in folded["parts"]]
    pipeline.write_reports(settings=settings, snapshot=snapshot, fetched=fetched, folded=folded, mention_parts=mentions)


def watch(tell: Callable[[str], None]) -> None:
    """Have every event told before and after it happens."""

    def wrap(name: str, place: Callable[..., str]) -> None:
        plain = getattr(LocalFileSystem, name)

        def told(self: LocalFileSystem, *given: Any, **named: Any) -> Any:
            tell(f"before {name} {place(*given)}")
            result = plain(self, *given, **named)
            tell(f"after {name} {place(*given)}")
            return result

        setattr(LocalFileSystem, name, told)

    wrap("mv", lambda source, target, *_: str(target))
    wrap("rm", lambda path, *_, **__: str(path))
    plain_open = LocalFileSystem.open

    def told_open(self: LocalFileSystem, path: str, mode: str = "rb", **named: Any) -> Any:
        if "w" not in mode:
            return plain_open(self, path, mode, **named)
        tell(f"before open {path}")
        stream = plain_open(self, path, mode, **named)
        write = stream.write

        def told_write(content: Any) -> Any:
            # Half of it is on the disk when the blow falls.
            half = bytes(content)[: len(content) // 2]
            write(half)
            stream.flush()
            tell(f"amid {path}")
            return len(half) + write(bytes(content)[len(half) :])

        stream.write = told_write
        return stream

    LocalFileSystem.open = told_open


def fork(work: Callable[[], None], *, kill_after: float | None = None) -> int:
    """Do some work in a fork of this process; return its exit code, negative where a signal ended it."""
    child = os.fork()
    if not child:
        try:
            work()
            os._exit(0)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            os._exit(1)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def die_at(number: int, events: Path, settings: Settings) -> None:
    count = 0

    def tell(event: str) -> None:
        nonlocal count
        if count == number:
            events.write_text(event)
            os.kill(os.getpid(), signal.SIGKILL)
        count += 1

    watch(tell)
    run(settings)


def run_and_list(events: Path, settings: Settings) -> None:
    with events.open("w") as stream:
        watch(lambda event: print(event, file=stream, flush=True))
        run(settings)


def digest_files(lake: Path) -> dict[str, str]:
    """Hashes of all files of a lake, those of a run under way left out."""
    files = (path for path in lake.rglob("*") if path.is_file())
    names = {path.relative_to(lake).as_posix(): path for path in files}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in names.items()
        if not name.startswith("work/")
    }


def list_finished(lake: Path) -> set[str]:
    done = (lake / "work").glob("*/done/*.json")
    return {
        path for entry in done if not entry.name.startswith(".") for path in json.loads(entry.read_bytes())["files"]
    }


def judge(
    folder: Path, settings: Settings, expected: dict[str, str], deaths: list[str], real: bool = False
) -> dict[str, Any]:
    """What the lake of a killed run is once the next run is through."""
    lake = Path(settings.lake)
    committed = (lake / "snapshots" / f"{SNAPSHOT}.json").exists()
    finished = set() if committed else list_finished(lake)
    events = folder / "second.txt"
    code = 0 if committed else fork(lambda: run_and_list(events, settings))
    written = set() if committed else {
        str(Path(line.split(" ", 2)[2]).relative_to(lake))
        for line in events.read_text().splitlines()
        if line.startswith("after mv ")
    }  # fmt: skip
    found = digest_files(lake)
    return {
        "deaths": deaths,
        "page": real,
        "committed": committed,
        "exit code of the next run": code,
        "different": sorted(name for name in {*found, *expected} if found.get(name) != expected.get(name)),
        "finished": len(finished),
        "written again": sorted(finished & written),
        "work left": [] if committed else sorted(path.name for path in (lake / "work").glob("*")),
    }


def choose_numbers(events: list[str], deaths: int, chance: random.Random) -> Iterator[int]:
    """Events of every kind and step, and others at random."""
    chosen = []
    for kind in ("raw/", "fetched/", "done/fetch", "postings/", "done/fold", "mentions/", "index/", "done/extract",
                 "reports/", "sightings/", "report.html", "snapshots/", "run.json"):  # fmt: skip
        for verb in ("before mv", "amid"):
            numbers = [number for number, event in enumerate(events) if event.startswith(verb) and kind in event]
            if numbers:
                chosen.append(chance.choice(numbers))
    chosen.append(
        next(number for number, event in enumerate(events) if event.startswith("after mv") and "snapshots/" in event)
    )
    others = [number for number in range(len(events)) if number not in chosen]
    yield from chosen
    yield from sorted(chance.sample(others, max(0, deaths - len(chosen))))


def main() -> None:
    folder, shard_size, deaths, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    chance = random.Random(seed)
    load_matcher()
    draw = pipeline.report.render_page

    def choose_page(*, real: bool) -> None:
        """Drawing the page each time would take minutes: it is drawn where the blow falls near it, and in the end."""
        pipeline.report.render_page = (
            draw if real else lambda tables, **_: repr({n: f.shape for n, f in tables.items()})
        )  # type: ignore[attr-defined,assignment]

    def settle(name: str) -> Settings:
        return Settings(lake=str(folder / name), shard_size=shard_size)

    choose_page(real=True)
    undisturbed = settle("undisturbed-with-page")
    assert fork(lambda: run(undisturbed)) == 0
    expected_with_page = digest_files(Path(undisturbed.lake))
    choose_page(real=False)
    began = time.monotonic()
    undisturbed = settle("undisturbed")
    assert fork(lambda: run_and_list(folder / "first.txt", undisturbed)) == 0
    seconds = time.monotonic() - began
    expected = digest_files(Path(undisturbed.lake))
    events = (folder / "first.txt").read_text().splitlines()
    print(json.dumps({"events": len(events), "files": len(expected), "seconds": round(seconds, 1)}), flush=True)

    last = folder / "last.txt"
    for number in choose_numbers(events, deaths, chance):
        settings = settle(f"event-{number}")
        real = "report.html" in events[number] or "snapshots/" in events[number]
        choose_page(real=real)
        code = fork(lambda number=number, settings=settings: die_at(number, last, settings))  # type: ignore[misc]
        assert code == -signal.SIGKILL, code
        asked = expected_with_page if real else expected
        print(json.dumps(judge(folder, settings, asked, [f"{number}: {last.read_text()}"], real)), flush=True)
    choose_page(real=False)
    for number in range(5):
        wait = chance.uniform(0.05, 0.6) * seconds
        settings = settle(f"time-{number}")
        code = fork(lambda settings=settings: run(settings), kill_after=wait)  # type: ignore[misc]
        print(json.dumps(judge(folder, settings, expected, [f"after {wait:.2f} s ({code})"])), flush=True)
    # And one that is killed time and again.
    choose_page(real=True)
    settings, told = settle("again"), []
    for number in (len(events) // 8, len(events) // 6, len(events) // 5):
        code = fork(lambda number=number: die_at(number, last, settings))  # type: ignore[misc]
        assert code == -signal.SIGKILL, code
        told.append(f"{number}: {last.read_text()}")
    print(json.dumps(judge(folder, settings, expected_with_page, told, real=True)), flush=True)


if __name__ == "__main__":
    main()
