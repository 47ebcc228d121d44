"""How long, and in how much memory, a million postings with 30 million mentions become all tables.

The postings are generated: a small extraction (by default the project's own sample; `--from` takes postings of yours)
gives the share of each skill and of each requirement; employers differ in size like real ones (Pareto), each with a
taste of its own. They lie in a folder as parquet parts, as in a lake, and are read from there. The texts that evidence
is quoted from are made up when they are asked for. Reading texts for years and unknown terms is part of extraction, not
of aggregation; what it would have read is generated too.

    python benchmarks/aggregation.py --postings 1000000 --mentions 30000000
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import threading
import time
from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from skillextract.extraction import extract_file
from skillextract.market.comparison import VerdictRules
from skillextract.market.demand import Floor, gather_demand
from skillextract.market.measure import measure_market
from skillextract.market.readings import FIELDS_SCHEMA, TERMS_SCHEMA, YEARS_SCHEMA, Readings
from skillextract.memory import give_back
from skillextract.reports.tables import write_table
from skillextract.roles.profile import load_profile
from skillextract.roles.seniority import load_seniority
from skillextract.settings import FilesSource
from skillextract.skills.loading import load_matcher

REQUIREMENTS = ("required", "preferred", "duty", "context", "negated")
TITLES = ("ML Engineer", "Senior ML Engineer", "Staff ML Engineer", "Junior ML Engineer", "ML Engineering Intern")
COUNTRIES = ("US", "DE", "GB", "IN", "FR", "NL", "CA", None)
PART = 20_000
"""Postings a part."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postings", type=int, default=1_000_000)
    parser.add_argument("--mentions", type=int, default=30_000_000)
    parser.add_argument(
        "--from", dest="source", type=Path, help="postings (JSONL, CSV, parquet) that the shares are of"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aggregation-") as folder:
        root = Path(folder)
        # In a process of its own, so that generating leaves no memory behind.
        import multiprocessing

        context = multiprocessing.get_context("spawn")
        maker = context.Process(target=generate, args=(root, arguments.postings, arguments.mentions, arguments.source))
        maker.start()
        maker.join()
        if maker.exitcode:
            raise SystemExit("the postings could not be generated")
        measure(root)


def count_real_shares(source: Path | None, folder: Path) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Skills, the share of mentions that each has, and the share of each requirement, in a small extraction."""
    if source is None:
        source = write_sample(folder / "sample.jsonl")
    found = folder / "found.parquet"
    extract_file(FilesSource(path=str(source)), found)
    table = pq.read_table(found, columns=["skill", "requirement"]).to_pandas()
    shares = table["skill"].value_counts(normalize=True)
    asked = table["requirement"].value_counts(normalize=True).reindex(REQUIREMENTS, fill_value=0.0)
    return shares.index.tolist(), shares.to_numpy(), asked.to_numpy()


def write_sample(path: Path) -> Path:
    """The project's sample as a file of postings."""
    import json

    from skillextract.collect.gather import stream_source
    from skillextract.posting import PostingDraft
    from skillextract.settings import SampleSource
    from skillextract.text.render import render_posting

    drafts = stream_source(SampleSource(), session=None, keep=lambda payload: payload.file_name)  # type: ignore[arg-type]
    with path.open("w", encoding="utf-8") as stream:
        for draft in drafts:
            if isinstance(draft, PostingDraft):
                posting = render_posting(draft)
                row = {"id": posting.id, "title": posting.title, "text": posting.text, "company": posting.company}
                stream.write(json.dumps(row) + "\n")
    return path


def generate(root: Path, postings: int, mentions: int, source: Path | None) -> None:
    """Write postings, mentions and readings as parts."""
    rng = np.random.default_rng(0)
    real, shares, requirement_shares = count_real_shares(source, root)
    # A small extraction knows few skills: the rest of the registry shares a tenth of the mentions, by Zipf's law.
    others = sorted(set(load_matcher().vocabulary.skills) - set(real))
    zipf = 1 / np.arange(1, len(others) + 1)
    skills = [*real, *others]
    odds = np.concatenate([0.9 * shares, 0.1 * zipf / zipf.sum()])
    weights = rng.pareto(1.3, postings // 20) + 0.1
    employers = rng.choice(len(weights), postings, p=weights / weights.sum())
    names = pa.array([f"Employer {number}" for number in range(len(weights))])
    for number, first in enumerate(range(0, postings, PART)):
        size = min(PART, postings - first)
        ids = pa.array([f"board:{first + n:08d}" for n in range(size)])
        write_postings(
            root / f"postings-{number:05d}.parquet", ids, names.take(pa.array(employers[first : first + size])), rng
        )
        each = rng.poisson(mentions / postings, size)
        posting = np.repeat(np.arange(size), each)
        skill = np.searchsorted(np.cumsum(odds), rng.random(len(posting))).clip(0, len(skills) - 1)
        # An employer's taste: a third of its mentions are of its own few skills.
        own = (employers[first : first + size][posting] * 7 + rng.integers(0, 5, len(posting))) % len(real)
        skill = np.where(rng.random(len(posting)) < 0.33, own, skill)
        start = (np.arange(len(posting)) - np.repeat(np.cumsum(each) - each, each)) * 60
        table = pa.table(
            {
                "posting_id": ids.take(pa.array(posting)),
                "start": pa.array(start, pa.int32()),
                "end": pa.array(start + 6, pa.int32()),
                "skill": pa.array(skills).take(pa.array(skill)),
                "requirement": pa.array(REQUIREMENTS).take(
                    pa.array(rng.choice(len(REQUIREMENTS), len(posting), p=requirement_shares))
                ),
            }
        )
        pq.write_table(table, root / f"mentions-{number:05d}.parquet", compression="zstd")
        write_readings(root, number, ids, posting, table["skill"], skills, rng)


def write_postings(path: Path, ids: pa.Array, companies: pa.Array, rng: np.random.Generator) -> None:
    size = len(ids)
    month = rng.integers(0, 48, size)
    stamps = np.datetime64("2022-01") + month
    paid = rng.random(size) < 0.3
    low = rng.normal(140_000, 30_000, size)

    def choose(values: Collection[str | None]) -> pa.Array:
        return pa.array(list(values), pa.string()).take(pa.array(rng.integers(0, len(values), size)))

    columns = {
        "id": ids,
        "source": choose([f"ashby:{n}" for n in range(200)]),
        "url": ids,
        "title": choose(TITLES),
        "company": companies,
        "country": choose(COUNTRIES),
        "remote": choose(("remote", "hybrid", "onsite", None)),
        "posted_at": pa.array(stamps.astype("datetime64[us]"), pa.timestamp("us", tz="UTC")),
        "salary_min": pa.array(low, mask=~paid),
        "salary_max": pa.array(low * 1.3, mask=~paid),
        "salary_currency": choose(("USD", "EUR", "GBP")),
        "salary_period": choose(("year",)),
        "duplicate_of": pa.nulls(size, pa.string()),
        "is_role": pa.array(np.ones(size, dtype=bool)),
    }
    pq.write_table(pa.table(columns), path, compression="zstd")


def write_readings(
    root: Path,
    number: int,
    ids: pa.Array,
    posting: np.ndarray,
    skill: pa.ChunkedArray,
    skills: list[str],
    rng: np.random.Generator,
) -> None:
    """Years for every fourteenth mention and every other posting, fields, and two terms a posting."""
    chosen = np.flatnonzero(rng.random(len(posting)) < 0.07)
    _, firsts = np.unique(
        np.stack([posting[chosen], skill.combine_chunks().dictionary_encode().indices.to_numpy()[chosen]]),
        axis=1,
        return_index=True,
    )
    chosen = chosen[firsts]
    whole = np.flatnonzero(rng.random(len(ids)) < 0.5)
    years = pa.table(
        {
            "posting_id": pa.concat_arrays([ids.take(pa.array(posting[chosen])), ids.take(pa.array(whole))]),
            "skill": pa.concat_arrays(
                [skill.combine_chunks().take(pa.array(chosen)), pa.nulls(len(whole), pa.string())]
            ),
            "years": pa.array(rng.integers(1, 11, len(chosen) + len(whole)).astype(float)),
            "start": pa.array(np.zeros(len(chosen) + len(whole)), pa.int32()),
            "end": pa.array(np.full(len(chosen) + len(whole), 5), pa.int32()),
        },
        schema=YEARS_SCHEMA,
    )
    fields = pa.table(
        {
            "posting_id": ids.take(pa.array(whole)),
            "field": pa.array(["computer-science", "mathematics", "engineering"]).take(
                pa.array(rng.integers(0, 3, len(whole)))
            ),
            "requirement": pa.array(["required"] * len(whole)),
            "start": pa.array(np.zeros(len(whole)), pa.int32()),
            "end": pa.array(np.full(len(whole), 5), pa.int32()),
        },
        schema=FIELDS_SCHEMA,
    )
    count = 2 * len(ids)
    term = np.minimum(rng.zipf(1.3, count), 20_000)
    terms = pa.table(
        {
            "posting_id": ids.take(pa.array(np.arange(count) % len(ids))),
            "term": pa.array([f"Term{n}" for n in term]),
            "slot": pa.array(["list", "cue"]).take(pa.array(rng.integers(0, 2, count))),
            "beside": pa.array([[name] for name in np.array(skills)[rng.integers(0, 50, count)]]),
            "start": pa.array(np.zeros(count), pa.int32()),
            "end": pa.array(np.full(count, 5), pa.int32()),
        },
        schema=TERMS_SCHEMA,
    )
    for name, table in (("years", years), ("fields", fields), ("terms", terms)):
        pq.write_table(table, root / f"{name}-{number:05d}.parquet", compression="zstd")


class Stopwatch:
    """Prints how long each step took, by the clock and of the processors, and the most memory that it held."""

    def __init__(self) -> None:
        self.last, self.worked = time.perf_counter(), time.process_time()
        self.peak = self.step_peak = 0.0
        self._done = threading.Event()
        threading.Thread(target=self._watch_memory, daemon=True).start()

    def lap(self, step: str) -> None:
        now, worked = time.perf_counter(), time.process_time()
        print(f"{step:<32} {now - self.last:7.1f} s {worked - self.worked:7.1f} s {self.step_peak:6.0f} MB", flush=True)
        self.last, self.worked, self.step_peak = now, worked, 0.0

    def stop(self) -> None:
        self._done.set()

    def _watch_memory(self) -> None:
        while not self._done.wait(0.02):
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            self.step_peak = max(self.step_peak, pages * resource.getpagesize() / 1e6)
            self.peak = max(self.peak, self.step_peak)


def measure(root: Path) -> None:
    vocabulary = load_matcher().vocabulary
    profile = load_profile(vocabulary.root / "roles" / "machine-learning-engineer.toml")
    watch = Stopwatch()
    begun, worked_before = time.perf_counter(), time.process_time()

    def read(name: str) -> pa.Table:
        return pa.concat_tables([pq.read_table(path) for path in sorted(root.glob(f"{name}-*.parquet"))])

    def stream_mentions() -> Iterator[pa.RecordBatch]:
        for path in sorted(root.glob("mentions-*.parquet")):
            yield from pq.ParquetFile(path).iter_batches(batch_size=200_000)

    demand = gather_demand(read("postings"), stream_mentions(), registry=vocabulary.skills)
    give_back()
    watch.lap("postings and mentions read")
    readings = Readings(read("years"), read("fields"), read("terms"))
    watch.lap("readings read")
    text = "x" * 60 * 200
    frames = measure_market(
        demand,
        profile,
        readings,
        registry=vocabulary.skills,
        seniority=load_seniority(vocabulary.root / "seniority.jsonl"),
        rules=VerdictRules(floor=Floor(postings=10, companies=5)),
        read_texts=lambda ids: dict.fromkeys(ids, text),
        step=watch.lap,
    )
    mentions = int(demand.asks.mentions.sum(dtype=np.int64))
    counted = f"{demand.posting_count:,} postings of {demand.company_count:,} employers"
    del demand, readings
    give_back()
    for name, frame in frames.items():
        write_table(frame, root / f"{name}.out.parquet", table=name, metadata={})
    watch.lap("tables written")
    total, worked = time.perf_counter() - begun, time.process_time() - worked_before
    watch.stop()
    rows = ", ".join(f"{name} {len(frame):,}" for name, frame in frames.items())
    print(f"\n{counted}, {mentions:,} mentions that ask")
    print(f"rows: {rows}")
    print(f"total {total:.1f} s, {worked:.1f} s of the processors, at most {watch.peak:,.0f} MB")


if __name__ == "__main__":
    main()
