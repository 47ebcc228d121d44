"""How long extraction takes in a second run in which few postings have changed.

    python benchmarks/incremental.py [--postings 4000] [--changed 0.02] [--shard-size 1000]

The postings are those of ../shared, again and again with the number of the repetition behind each line where there are
too few. The memory of lines is emptied before each run; what is measured is the processor's time in `extract_part` over
all parts, so that other work on the machine does not count. The second run's mentions are compared with those of a run
that knows nothing.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from skillextract import pipeline
from skillextract.lake import Lake
from skillextract.reuse import name_reader
from skillextract.settings import FilesSource, Settings
from skillextract.skills.loading import load_matcher
from skillextract.text.html import extract_text

SHARED = Path(__file__).parent.parent.parent / "shared" / "data" / "postings" / "ashby"


def read_postings(count: int) -> Iterator[dict[str, str]]:
    """Postings of the shared boards, all of them again and again until there are enough."""
    files = sorted(SHARED.glob("*.json.gz"))
    if not files:
        raise SystemExit(f"{SHARED}: found no *.json.gz, expected the shared postings")
    given = 0
    for repetition in itertools.count():
        for file in files:
            for job in json.loads(gzip.decompress(file.read_bytes())).get("jobs", ()):
                text = extract_text(job.get("descriptionHtml") or "")
                if repetition:
                    text = "\n".join(f"{line} {repetition}" for line in text.splitlines())
                company = file.name.removesuffix(".json.gz")
                yield {"id": str(given), "title": job["title"], "text": text, "company": company}
                given += 1
                if given == count:
                    return


def extract(settings: Settings) -> tuple[float, pa.Table]:
    """Run all steps but the reports; return the processor's seconds of extraction, and the mentions."""
    snapshot = pipeline.begin_run(settings, now=datetime(2026, 11, 24, tzinfo=UTC))
    fetched = [pipeline.fetch_source(source, settings=settings, snapshot=snapshot) for source in settings.sources]
    folded = pipeline.fold_postings(fetched, settings=settings, snapshot=snapshot)
    matcher = load_matcher()
    matcher.forget_lines()
    begin = time.process_time()
    mentions = [pipeline.extract_part(part, settings=settings, snapshot=snapshot) for part in folded["parts"]]
    seconds = time.process_time() - begin
    lake = Lake(settings.lake)
    indexes = [path.replace("mentions/", "index/", 1) for path in mentions]
    lake.commit(snapshot, [*folded["parts"], *mentions, *indexes], {"reader": name_reader(matcher.vocabulary.version)})
    return seconds, lake.read_parquet(mentions)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postings", type=int, default=4000)
    parser.add_argument("--changed", type=float, default=0.02)
    parser.add_argument("--shard-size", type=int, default=1000)
    given = parser.parse_args()
    rows = list(read_postings(given.postings))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "postings.jsonl"

        def settle(lake: str) -> Settings:
            file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
            source = FilesSource(path=str(file))
            return Settings(lake=f"{folder}/{lake}", sources=[source], shard_size=given.shard_size)

        first, _ = extract(settle("lake"))
        step = round(1 / given.changed)
        for row in rows[::step]:
            row["text"] += "\nYou also know Terraform."
        second, mentions = extract(settle("lake"))
        fresh, expected = extract(settle("fresh"))
    assert mentions.equals(expected)
    changed = len(rows[::step])
    print(f"{len(rows):,} postings, {changed:,} changed ({changed / len(rows):.1%})")
    print(f"first run   {first:8.2f} s  {len(rows) / first:8,.0f} postings/s")
    print(f"second run  {second:8.2f} s  {second / first:8.1%} of the first, the mentions those of a run anew")
    print(f"(all anew   {fresh:8.2f} s)")


if __name__ == "__main__":
    main()
