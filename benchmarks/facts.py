"""What a report makes of the postings of all roles: memory and time, for a million of them.

    python benchmarks/facts.py [--postings 1000000]

The postings are made up: 2,278 boards, one posting in sixty is of the role. `coverage` finds the postings behind the
counts of a run, `sightings` follows all of them into a second run. The memory is what the process holds more at its
peak than before (Linux only: its peak is set back by `/proc`), the time that of the processor.
"""

from __future__ import annotations

import argparse
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from skillextract.market.coverage import quote_coverage
from skillextract.market.demand import gather_demand
from skillextract.posting import POSTING_SCHEMA
from skillextract.sightings import SIGHTINGS_SCHEMA, follow_postings
from skillextract.skills.mention import MENTION_SCHEMA

BOARDS, TITLES = 2_278, 5_000
_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def make_facts(count: int) -> pa.Table:
    boards = [f"ashby:board-{number % BOARDS}" for number in range(count)]
    moment = datetime(2026, 11, 26, tzinfo=UTC)
    return pa.table(
        {
            "id": pa.array([f"{board}:{uuid.UUID(int=number * 7_919)}" for number, board in enumerate(boards)]),
            "source": pa.array(boards),
            "fetched_at": pa.array([moment] * count, pa.timestamp("us", tz="UTC")),
            "url": pa.array([f"https://jobs.example.org/{number}" for number in range(count)]),
            "company": pa.array(boards),
            "title": pa.array([f"Engineer {number % TITLES}" for number in range(count)]),
            "language": pa.array(["en"] * count),
            "duplicate_of": pa.nulls(count, pa.string()),
            "is_role": pa.array([number % 60 == 0 for number in range(count)]),
            "neighbour": pa.nulls(count, pa.string()),
        }
    )


def read_memory(name: str) -> float:
    """A line of /proc/self/status in MB of a million bytes."""
    [line] = [line for line in _STATUS.read_text().splitlines() if line.startswith(f"{name}:")]
    return int(line.split()[1]) * 1_024 / 1e6


def measure(name: str, step: Callable[[], Any]) -> Any:
    _RESET.write_text("5")
    held, begun = read_memory("VmRSS"), time.process_time()
    result = step()
    print(f"{name:<10} {read_memory('VmHWM') - held:6,.0f} MB more  {time.process_time() - begun:6.1f} s", flush=True)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postings", type=int, default=1_000_000)
    facts = make_facts(parser.parse_args().postings)
    role = facts.filter(facts["is_role"])
    print(f"{len(facts):,} postings, {len(role):,} of the role; the table itself {facts.nbytes / 1e6:,.0f} MB")
    for field in POSTING_SCHEMA:
        if field.name not in role.column_names:
            role = role.append_column(field.name, pa.nulls(len(role), field.type))
    demand = gather_demand(role, MENTION_SCHEMA.empty_table(), registry={})
    measure("coverage", lambda: quote_coverage(facts, demand))
    boards = set(facts["source"].unique().to_pylist())
    first = follow_postings(SIGHTINGS_SCHEMA.empty_table(), facts, whole=boards)
    measure("sightings", lambda: follow_postings(first, facts, whole=boards))


if __name__ == "__main__":
    main()
