"""Small postings, mentions and registries for tests of counting and reporting."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from skillextract.market.asks import PostingNumbers
from skillextract.market.demand import Asks, Demand, Floor, gather_demand
from skillextract.posting import POSTING_SCHEMA
from skillextract.skills.mention import MENTION_SCHEMA


@dataclasses.dataclass(frozen=True)
class Skill:
    name: str
    kind: str = "tool"
    family: str = "misc"


REGISTRY = {
    "java": Skill("Java", family="programming-languages"),
    "cpp": Skill("C++", family="programming-languages"),
    "go": Skill("Go", family="programming-languages"),
    "python": Skill("Python", family="programming-languages"),
    "kafka": Skill("Kafka", family="messaging"),
    "rabbitmq": Skill("RabbitMQ", family="messaging"),
    "nats": Skill("NATS", family="messaging"),
    "docker": Skill("Docker", family="containers"),
    "leadership": Skill("Leadership", kind="soft", family="soft"),
    "phd": Skill("PhD", kind="degree", family="degrees"),
}


@dataclasses.dataclass(frozen=True)
class Ask:
    """A posting in shorthand: lines of `skill requirement`, from which text and mentions are made."""

    id: str
    company: str | None
    asks: Sequence[tuple[str, str]] = ()
    is_role: bool = True
    duplicate_of: str | None = None
    source: str = "files:a.jsonl"
    url: str | None = None
    title: str = "ML Engineer"
    before: str = "You know "
    after: str = " well."
    country: str | None = None
    remote: str | None = None
    posted_at: datetime | None = None
    salary: tuple[float | None, float | None, str | None, str | None] = (None, None, None, None)


def make_tables(asks: Iterable[Ask]) -> tuple[pa.Table, pa.Table]:
    """The postings, with `is_role`, and the mentions of postings in shorthand."""
    postings, mentions = [], []
    for ask in asks:
        text = ""
        for skill, requirement in ask.asks:
            entry = REGISTRY[skill]
            start = len(text) + len(ask.before)
            text += f"{ask.before}{entry.name}{ask.after}\n"
            mentions.append(
                {
                    "posting_id": ask.id,
                    "start": start,
                    "end": start + len(entry.name),
                    "surface": entry.name,
                    "skill": skill,
                    "name": entry.name,
                    "kind": entry.kind,
                    "family": entry.family,
                    "section": "requirements",
                    "requirement": requirement,
                }
            )
        postings.append(
            dict.fromkeys(POSTING_SCHEMA.names)
            | {
                "id": ask.id,
                "source": ask.source,
                "url": ask.url,
                "title": ask.title,
                "company": ask.company,
                "country": ask.country,
                "remote": ask.remote,
                "posted_at": ask.posted_at,
                **dict(zip(("salary_min", "salary_max", "salary_currency", "salary_period"), ask.salary, strict=True)),
                "fetched_at": datetime(2026, 1, 1, tzinfo=UTC),
                "text": text,
                "content_hash": ask.id,
                "duplicate_of": ask.duplicate_of,
                "is_role": ask.is_role,
            }
        )
    schema = POSTING_SCHEMA.append(pa.field("is_role", pa.bool_()))
    return pa.Table.from_pylist(postings, schema=schema), pa.Table.from_pylist(mentions, schema=MENTION_SCHEMA)


FLOOR = Floor(postings=1, companies=1)
"""A floor that everything reaches, for tests of what stands above it."""


def make_demand(asks: Iterable[Ask]) -> Demand:
    """The demand of postings in shorthand."""
    return gather_demand(*make_tables(asks), registry=REGISTRY)


def make_bare_demand(employers: npt.NDArray[np.int64], asking: npt.NDArray[np.bool_]) -> Demand:
    """A demand from numbers alone, for simulations.

    Args:
        employers: the employer's number of each posting, ascending, from 0 without gaps.
        asking: a row a skill, a column a posting. Skills are called `s0000`, `s0001` …
    """
    skill, posting = np.nonzero(asking)
    postings = pd.DataFrame(
        {
            "id": [f"p{number:06d}" for number in range(len(employers))],
            "employer": employers,
            "has_skill": asking.any(axis=0),
        }
    )
    asks = Asks(
        first=np.searchsorted(skill, np.arange(len(asking) + 1)).astype(np.int64),
        posting=posting.astype(np.int32),
        flags=np.ones(len(skill), dtype=np.uint8),
        mentions=np.ones(len(skill), dtype=np.uint16),
        start=np.zeros(len(skill), dtype=np.int32),
        length=np.ones(len(skill), dtype=np.uint16),
    )
    skills = tuple(f"s{number:04d}" for number in range(len(asking)))
    numbers = PostingNumbers(pa.array(postings["id"]).cast(pa.string()))
    return Demand(postings, asks, skills, np.bincount(employers).astype(np.int64), numbers)
