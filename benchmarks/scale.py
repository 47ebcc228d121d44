"""From raw board payloads to all reports: how fast, in how much memory, and what Prefect takes of it.

    python benchmarks/scale.py --postings 100000
    python benchmarks/scale.py --postings 1000000 --runs processes:2 --only-search --shard-size 5000

A server on this machine answers like Ashby's boards. The postings are those of ../shared, varied; `varied_boards.py`
says how. No text of a posting is written outside of the folder for temporary files.

Each run is a process of its own, begins with nothing, and takes every step: fetch, fold, extract, report. With
`--only-search` the postings are put into the lake as if they had been fetched and none repeated another, and what is
measured is extraction and reports. `plain` calls the functions of `pipeline` one after the other, without Prefect;
`pool` does so in as many threads as the flow has, which Python lets wait for each other; the others are the flow of
`flows/skill_demand.py`, with a Prefect server beside it that is part of the cost. What Prefect takes is the processor
time that the flow in threads, with the server, takes more than `pool` on the same input, as a share of the flow's. The
peaks are of resident memory, looked at twice a second: the largest of one process,
and the largest sum over a run's processes. The speed-up is that of extraction with two processes against one, once by
the clock and once by the processors: the time of one worker over the time of the busier one of two, which other work
on the machine disturbs less.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
from varied_boards import Boards

from skillextract.company_text import write_boilerplate
from skillextract.lake import Lake
from skillextract.memory import give_back
from skillextract.posting import tabulate_postings

HERE = Path(__file__).resolve()
ROOT = HERE.parent.parent
RUNS = ("plain", "pool", "threads", "processes:1", "processes:2", "dask:2")
WITHOUT_PREFECT = ("plain", "pool")
THREADS = 8
"""As many as the flow has."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postings", type=int, default=100_000)
    parser.add_argument("--runs", default=",".join(RUNS), help="which of %(default)s, with a comma between them")
    parser.add_argument("--shard-size", type=int, default=2000)
    parser.add_argument("--only-search", action="store_true", help="begin with postings that were fetched and folded")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    parser.add_argument("--lake", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve(given.postings)
    elif given.one:
        run_once(given)
    else:
        compare(given)


# The boards.


def serve(postings: int) -> None:
    """Answer like Ashby's boards until the input ends; prints the address and the boards."""
    boards = Boards(postings)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            token = self.path.partition("?")[0].rpartition("/")[2]
            known = token in boards.tokens
            content = boards.answer(token) if known else b"{}"
            self.send_response(200 if known else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    url = f"http://127.0.0.1:{server.server_address[1]}"
    print(json.dumps({"url": url, "tokens": list(boards.tokens)}), flush=True)
    server.serve_forever()


# One run, in a process of its own.


def run_once(given: argparse.Namespace) -> None:
    """Take all steps, and print what each took by the clock and of this process's processor time."""
    sys.path.insert(0, str(ROOT / "flows"))
    from skillextract import pipeline
    from skillextract.settings import AshbySource, Settings
    from skillextract.skills.loading import load_matcher

    runner, _, workers = given.one.partition(":")
    about = json.loads(sys.stdin.readline())
    sources = [AshbySource(token=token, base_url=about["url"]) for token in about["tokens"]]
    settings = Settings(
        lake=given.lake,
        cache=None,
        sources=sources,
        shard_size=given.shard_size,
        runner="threads" if runner in WITHOUT_PREFECT else runner,
        workers=int(workers or 0) or None,
    )
    marks: dict[str, tuple[float, float]] = {}

    def mark(name: str) -> None:
        marks[name] = (time.time(), time.process_time())

    def watch(name: str) -> None:
        step: Callable[..., Any] = getattr(pipeline, name)

        def watched(*args: Any, **named: Any) -> Any:
            mark(f"{name} begins")
            result = step(*args, **named)
            mark(f"{name} ends")
            return result

        setattr(pipeline, name, watched)

    if given.only_search:
        # One source in place of all: fetching is not what is measured.
        sources = sources[:1]
        settings = settings.model_copy(update={"sources": sources})
        pipeline.fetch_source = pretend_to_fetch
        pipeline.fold_postings = functools.partial(put_postings, given.postings)
    for name in ("begin_run", "fold_postings", "write_reports"):
        watch(name)
    load_matcher()
    mark("begin")
    if runner in WITHOUT_PREFECT:
        snapshot = pipeline.begin_run(settings)
        with ThreadPoolExecutor(THREADS if runner == "pool" else 1) as pool:
            fetched = list(
                pool.map(lambda source: pipeline.fetch_source(source, settings=settings, snapshot=snapshot), sources)
            )
            folded = pipeline.fold_postings(fetched, settings=settings, snapshot=snapshot)
            parts = list(
                pool.map(
                    lambda part: pipeline.extract_part(part, settings=settings, snapshot=snapshot), folded["parts"]
                )
            )
        written = pipeline.write_reports(
            settings=settings, snapshot=snapshot, fetched=fetched, folded=folded, mention_parts=parts
        )
    else:
        import skill_demand

        written = skill_demand.skill_demand(settings)
    mark("end")
    import pyarrow.parquet as pq

    counts = {name: pq.read_metadata(written["tables"][name]).num_rows for name in ("postings", "mentions")}
    names = {
        "fetch": ("begin_run ends", "fold_postings begins"),
        "fold": ("fold_postings begins", "fold_postings ends"),
        "extract": ("fold_postings ends", "write_reports begins"),
        "report": ("write_reports begins", "write_reports ends"),
        "all": ("begin", "end"),
    }
    steps = {
        name: [marks[last][0] - marks[first][0], marks[last][1] - marks[first][1]]
        for name, (first, last) in names.items()
    }
    spans = {"extract": [marks["fold_postings ends"][0], marks["write_reports begins"][0]]}
    print(json.dumps({"steps": steps, "spans": spans, "counts": counts, "folded": sum(folded_of(written))}), flush=True)


def pretend_to_fetch(source: Any, **named: Any) -> Any:
    """What fetching leaves of a board whose postings stand in the lake already."""
    return {
        **{"source": source.name, "status": "ok", "message": "", "attribution": "", "raw": [], "parts": []},
        **{"payloads": 0, "postings": 1, "refused": 0, "repeated": 0},
    }


def put_postings(postings: int, fetched: Any, *, settings: Any, snapshot: str) -> Any:
    """Write the postings of all boards to the lake, in two processes, and return what folding returns."""
    boards = Boards(postings)
    tokens, put = list(boards.tokens), functools.partial(put_half, postings, settings, snapshot)
    with ProcessPoolExecutor(2) as pool:
        parts = [part for half in pool.map(put, (0, 1), (tokens[0::2], tokens[1::2])) for part in half]
    write_boilerplate(Lake(settings.lake), parts, snapshot=snapshot)
    give_back()
    return {"parts": parts, "folded": {}}


def put_half(postings: int, settings: Any, snapshot: str, half: int, tokens: list[str]) -> list[str]:
    lake, boards, parts = Lake(settings.lake), Boards(postings), list[str]()
    every = (posting for token in tokens for posting in boards.list_postings(token))
    while batch := list(itertools.islice(every, settings.shard_size)):
        path = f"postings/snapshot={snapshot}/part-{half}{len(parts):04d}.parquet"
        parts.append(lake.write_parquet(path, tabulate_postings(batch)))
    return parts


def folded_of(written: Any) -> Iterator[int]:
    import pyarrow.parquet as pq

    summary = pq.read_table(written["tables"]["run_summary"], columns=["level", "folded"]).to_pylist()
    yield from (row["folded"] for row in summary if row["level"] == "source")


# All runs.


class Watch:
    """Looks at a process and all below it: memory, and processor time of each."""

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)
        self.largest = self.largest_sum = 0.0
        self.worked: dict[int, float] = {}
        self.seen: list[tuple[float, dict[int, float]]] = []

    def look(self) -> None:
        total = 0.0
        try:
            processes = [self._root, *self._root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        for process in processes:
            try:
                with process.oneshot():
                    memory, times = process.memory_info().rss / 1e6, process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            self.worked[process.pid] = times.user + times.system
            self.largest, total = max(self.largest, memory), total + memory
        self.largest_sum = max(self.largest_sum, total)
        self.seen.append((time.time(), dict(self.worked)))

    def work_between(self, first: float, last: float) -> dict[int, float]:
        """The processor time of each process between two moments."""
        before = next((worked for at, worked in reversed(self.seen) if at <= first), {})
        after = next((worked for at, worked in self.seen if at >= last), self.worked)
        return {pid: worked - before.get(pid, 0.0) for pid, worked in after.items()}


def compare(given: argparse.Namespace) -> None:
    folder = Path(tempfile.mkdtemp(prefix="scale-"))
    environment = {
        **os.environ,
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_LEVEL": "ERROR",
    }
    command = [sys.executable, str(HERE), "--postings", str(given.postings), "--shard-size", str(given.shard_size)]
    boards = subprocess.Popen([*command, "--serve"], stdout=subprocess.PIPE, text=True)
    server = None
    try:
        assert boards.stdout is not None
        about = boards.stdout.readline()
        count = len(json.loads(about)["tokens"])
        print(f"{given.postings:,} postings of {count:,} boards, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        runs = given.runs.split(",")
        if not set(runs) <= set(WITHOUT_PREFECT):
            server, environment["PREFECT_API_URL"] = start_prefect(environment)
        results = {}
        for run in runs:
            extra = ["--one", run, "--lake", str(folder / "lake"), *(["--only-search"] if given.only_search else [])]
            results[run] = measure([*command, *extra], about, environment, None if run in WITHOUT_PREFECT else server)
            show(run, given.postings, results[run])
            shutil.rmtree(folder / "lake")
        conclude(results)
    finally:
        for process in (boards, server):
            if process is not None:
                process.terminate()
                process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def start_prefect(environment: dict[str, str]) -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "prefect",
        "server",
        "start",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-ui",
    ]
    server = subprocess.Popen([*command], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}/api"
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{url}/health", timeout=1).read()
            return server, url
        except OSError:
            time.sleep(0.5)
    raise SystemExit("Prefect's server did not come up in 5 minutes")


def measure(
    command: Sequence[str], about: str, environment: dict[str, str], server: subprocess.Popen[bytes] | None
) -> dict[str, Any]:
    # Into files: nobody reads a pipe while the run goes on, and a full one would stop it.
    told, failed = tempfile.TemporaryFile("w+"), tempfile.TemporaryFile("w+")  # noqa: SIM115
    process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=told, stderr=failed, text=True)
    assert process.stdin is not None
    process.stdin.write(about)
    process.stdin.close()
    watch, watched = Watch(process.pid), Watch(server.pid) if server else None
    if watched:
        watched.look()
    begun = sum(watched.worked.values()) if watched else 0.0
    while process.poll() is None:
        watch.look()
        if watched:
            watched.look()
        time.sleep(0.5)
    told.seek(0)
    failed.seek(0)
    if process.returncode:
        raise SystemExit(failed.read()[-3000:])
    lines = told.read().splitlines()
    result: dict[str, Any] = json.loads(lines[-1])
    extracting = watch.work_between(*result["spans"]["extract"])
    result["worked"] = sum(watch.worked.values())
    result["server"] = sum(watched.worked.values()) - begun if watched else 0.0
    result["largest"], result["sum"] = watch.largest, watch.largest_sum
    # Whatever worked for a tenth of the busiest process's time is one that searched.
    result["busiest"] = max(extracting.values())
    result["extracting"] = sum(extracting.values())
    return result


def show(run: str, postings: int, result: dict[str, Any]) -> None:
    # By the clock, and of the run's own process: its workers' time is not in the second.
    steps = "  ".join(
        f"{name} {wall:.0f} ({worked:.0f})" for name, (wall, worked) in result["steps"].items() if name != "all"
    )
    wall = result["steps"]["all"][0]
    print(
        f"{run:<12} {wall:6.0f} s  {postings / wall:6,.0f} postings/s  [{steps}]  processors {result['worked']:.0f} s "
        f"+ server {result['server']:.0f} s; extraction {result['extracting']:.0f} s "
        f"({postings / result['extracting']:,.0f} postings/s of a core)\n"
        f"{'':<12} largest process {result['largest']:,.0f} MB, all {result['sum']:,.0f} MB; "
        f"{result['folded']:,} folded; of the role {result['counts']['postings']:,}, "
        f"{result['counts']['mentions']:,} mentions; load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def conclude(results: dict[str, dict[str, Any]]) -> None:
    if {"pool", "threads"} <= set(results):
        plain, flow = results["pool"], results["threads"]
        whole = flow["worked"] + flow["server"]
        print(
            f"Prefect: {whole - plain['worked']:.1f} s of {whole:.1f} s of the processors, "
            f"{1 - plain['worked'] / whole:.1%}; by the clock "
            f"{flow['steps']['all'][0] - plain['steps']['all'][0]:+.1f} s"
        )
    if {"processes:1", "processes:2"} <= set(results):
        one, two = results["processes:1"], results["processes:2"]
        print(
            f"extraction, one worker to two: "
            f"{one['steps']['extract'][0] / two['steps']['extract'][0]:.2f} by the clock, "
            f"{one['busiest'] / two['busiest']:.2f} by the processors (one {one['busiest']:.1f} s, the busier of two "
            f"{two['busiest']:.1f} s)"
        )


if __name__ == "__main__":
    main()
