"""How long it takes to fold the repeats among many postings, and what it holds in memory.

    python benchmarks/folding.py [--postings 100000]

The postings are made of the real ones of ../shared (Ashby) where they are there, else of the sample that the package
ships: a new opening has the lines of two of them, half of them left out, under a title of its own. Of ten postings five
are new openings, two are one of these in other places, two are one posted again with a changed line, and one is one of
them again to the letter. So half of them have to be found; the script says how many were. Each posting is made when it
is asked for, so that the memory is that of folding; how long making them takes is measured before and taken off. No
text of a posting is written anywhere.
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
from typing import NamedTuple

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
    recipes = plan_rows(arguments.postings)
    before, cpu = time.perf_counter(), time.process_time()
    size = sum(len(row[-1]) for row in make_rows(texts, recipes)) / len(recipes) / 1000
    making, busy_making = time.perf_counter() - before, time.process_time() - cpu
    held = read_peak()
    before, cpu = time.perf_counter(), time.process_time()
    repeats = find_repeats(make_rows(texts, recipes))
    seconds, busy = time.perf_counter() - before - making, time.process_time() - cpu - busy_making
    reasons = collections.Counter(repeat.reason for repeat in repeats.values())
    peak = read_peak()
    print(f"{len(recipes):,} postings of {size:.1f} kB, made of {len(texts):,} texts")
    print(f"folded in {seconds:.0f} s ({busy:.0f} s of processor time)")
    print(f"{peak:,.0f} MB at most, {(peak - held) * 1000 / len(recipes):.1f} kB a posting more than before folding")
    print(f"{len(repeats):,} repeats: " + ", ".join(f"{count:,} {reason}" for reason, count in reasons.most_common()))


def read_peak() -> float:
    """The most memory that this process had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


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
    source = SampleSource()
    drafts = [draft for payload in fetch_sample(source) for draft in parse_sample(payload, source)]
    return [extract_text(draft.body) for draft in drafts if isinstance(draft, PostingDraft)]


class Recipe(NamedTuple):
    """One posting: the number of its opening, its place, and the line that it has more, if any."""

    opening: int
    place: str
    week: int | None
    title_has_place: bool


def plan_rows(count: int) -> list[Recipe]:
    """Which postings there are, as the module's description says, in an order by chance."""
    dice = random.Random(1)
    recipes: list[Recipe] = []
    opening = 0
    while len(recipes) < count:
        opening += 1
        made = [Recipe(opening, "Berlin", None, False)]
        if opening % 5 == 0:
            made += [Recipe(opening, place, None, True) for place in dice.sample(PLACES, 2)]
        elif opening % 5 == 1:
            made += [Recipe(opening, "Berlin", week, False) for week in dice.sample(range(53), 2)]
        elif opening % 5 == 2:
            made.append(made[0])
        recipes += made
    dice.shuffle(recipes)
    return recipes[:count]


def make_rows(texts: list[str], recipes: list[Recipe]) -> Iterator[NearRow]:
    """The postings of some recipes, made of the lines of some texts."""
    for number, (opening, place, week, title_has_place) in enumerate(recipes):
        dice = random.Random(opening)
        lines = [*dice.choice(texts).split("\n"), *dice.choice(texts).split("\n")]
        dice.shuffle(lines)
        text = "\n".join([f"Build {spell(opening)} in Berlin.", *lines[: len(lines) // 2]])
        text = text.replace("Berlin", place) if week is None else f"{text}\nApply by week {week}."
        title = f"Engineer {spell(opening)}" + (f" - {place}" if title_has_place else "")
        posted_at = START + timedelta(minutes=(number * 7919) % len(recipes))
        company = f"Company {opening % 997}"
        yield f"made:{number}", company, hash_content(title, text), posted_at, title, place, text


def spell(number: int) -> str:
    """A number in letters: numbers in titles are passed over."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


if __name__ == "__main__":
    main()
