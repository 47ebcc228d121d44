"""How long it takes to fold the repeats among many postings.

    python benchmarks/folding.py [--postings 100000]

The postings are made of the real ones of ../shared (Ashby) where they are there, else of the sample that the package
ships: a new opening has the lines of two of them, half of them left out, under a title of its own. Of ten postings five
are new openings, two are one of these in other places, two are one posted again with a changed line, and one is one of
them again to the letter. So half of them have to be found; the script says how many were. No text of a posting is
written anywhere.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import json
import random
import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from skillextract.collect.deduplicate import NearRow, find_repeats
from skillextract.collect.shipped_sample import fetch_sample, parse_sample
from skillextract.posting import PostingDraft
from skillextract.settings import SampleSource
from skillextract.text.html import extract_text
from skillextract.text.render import hash_content

ASHBY = Path(__file__).parent.parent.parent / "shared" / "data" / "postings" / "ashby"
PLACES = ("Lisbon", "Toronto", "Austin", "Warsaw", "Leeds", "Osaka", "Bogota", "Tallinn", "Nairobi")
START = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postings", type=int, default=100_000)
    arguments = parser.parse_args()
    texts = read_texts()
    rows = list(make_rows(texts, arguments.postings))
    size = sum(len(row[-1]) for row in rows) / len(rows) / 1000
    before, cpu = time.perf_counter(), time.process_time()
    repeats = find_repeats(rows)
    seconds, busy = time.perf_counter() - before, time.process_time() - cpu
    reasons = collections.Counter(repeat.reason for repeat in repeats.values())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(rows):,} postings of {size:.1f} kB, made of {len(texts):,} texts")
    print(f"folded in {seconds:.0f} s ({busy:.0f} s of processor time), {memory:,.0f} MB at most, the texts included")
    print(f"{len(repeats):,} repeats: " + ", ".join(f"{count:,} {reason}" for reason, count in reasons.most_common()))


def read_texts() -> list[str]:
    """The texts that postings are made of."""
    texts = [
        extract_text(job["descriptionHtml"])
        for path in sorted(ASHBY.glob("*.json.gz"))[::4]
        for job in json.loads(gzip.decompress(path.read_bytes()))["jobs"]
        if job.get("descriptionHtml")
    ]
    if texts:
        return texts
    drafts = parse_sample(fetch_sample(SampleSource()))
    return [extract_text(draft.body) for draft in drafts if isinstance(draft, PostingDraft)]


def make_rows(texts: list[str], count: int) -> Iterator[NearRow]:
    """Postings as the module's description says, in an order by chance."""
    dice = random.Random(1)
    rows: list[NearRow] = []
    opening = 0
    while len(rows) < count:
        opening += 1
        title = f"Engineer {spell(opening)}"
        lines = [*dice.choice(texts).split("\n"), *dice.choice(texts).split("\n")]
        dice.shuffle(lines)
        text = "\n".join([f"Build {spell(opening)} in Berlin.", *lines[: len(lines) // 2]])
        made = [(title, "Berlin", text)]
        if opening % 5 == 0:
            made += [(f"{title} - {place}", place, text.replace("Berlin", place)) for place in dice.sample(PLACES, 2)]
        elif opening % 5 == 1:
            made += [(title, "Berlin", f"{text}\nApply by week {week}.") for week in dice.sample(range(53), 2)]
        elif opening % 5 == 2:
            made.append(made[0])
        for title, place, text in made:
            posted_at = START + timedelta(minutes=len(rows))
            company = f"Company {opening % 997}"
            rows.append((f"made:{len(rows)}", company, hash_content(title, text), posted_at, title, place, text))
    dice.shuffle(rows)
    yield from rows[:count]


def spell(number: int) -> str:
    """A number in letters: numbers in titles are passed over."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


if __name__ == "__main__":
    main()
