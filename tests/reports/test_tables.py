"""The tables: documented columns, and files that are the same each time."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from market.builders import REGISTRY, Ask, make_tables
from skillextract.market.comparison import VerdictRules
from skillextract.market.demand import Floor, gather_demand
from skillextract.market.evidence import read_texts_from
from skillextract.market.measure import measure_market
from skillextract.market.neighbours import count_neighbours
from skillextract.market.readings import join_readings
from skillextract.market.run_summary import RunFacts, SourceFacts, summarise_run
from skillextract.reports.columns import Table
from skillextract.reports.tables import TABLES, describe_run, describe_table, describe_tables, write_table
from skillextract.roles.profile import ProfileItem, RoleProfile, SalaryClaim
from skillextract.roles.seniority import load_seniority
from skillextract.skills.pattern_files import find_patterns

PROFILE = RoleProfile(
    name="T",
    summary="s",
    source="s",
    items=(ProfileItem(number=1, name="Java", skills=("java",), families=("messaging",)),),
    salary=SalaryClaim(currency="EUR", period="year", start=1, experienced=2, senior_max=3),
)
RUN = RunFacts(
    role="T",
    snapshot="2026-07-01T000000Z",
    is_sample=True,
    sources=(SourceFacts(name="files:ä.jsonl", status="ok"),),
    package_version="1.2",
    patterns_version="ab",
    role_version="cd",
)


def measure(asks: list[Ask]) -> dict[str, Any]:
    postings, mentions = make_tables(asks)
    demand = gather_demand(postings, mentions, registry=REGISTRY)
    frames = measure_market(
        demand,
        PROFILE,
        join_readings([]),
        registry=REGISTRY,
        seniority=load_seniority(find_patterns() / "seniority.jsonl"),
        rules=VerdictRules(floor=Floor(postings=2, companies=2)),
        read_texts=read_texts_from(postings),
    )
    near = pa.array(["Data scientist" if number % 2 else None for number in range(len(postings))], pa.string())
    neighbours = count_neighbours(postings.append_column("neighbour", near))
    summary = summarise_run(RUN, postings, demand)
    return {**frames, "neighbours": neighbours, "mentions": mentions, "postings": postings, "run_summary": summary}


ASKED = [("java", "required"), ("kafka", "duty"), ("phd", "preferred")]
SOME = [Ask(f"{n}", f"X{n}", ASKED[: 1 + n % 3], title="Senior ML Engineer") for n in range(6)]


@pytest.mark.parametrize("asks", [SOME, SOME[:1], []], ids=["some", "one", "none"])
def test_every_table_of_a_run_can_be_written_and_has_its_columns(asks: list[Ask]) -> None:
    """Also where there is one posting, or none at all."""
    frames = measure(asks)
    assert set(frames) == set(TABLES)
    for name, frame in frames.items():
        stream = io.BytesIO()
        write_table(frame, stream, table=name, metadata={})
        stored = pq.read_table(stream)
        assert stored.schema.equals(TABLES[name].schema), name
        assert len(stored) == len(frame)


def test_the_same_rows_give_the_same_bytes() -> None:
    written = []
    for _ in range(2):
        streams = {}
        for name, frame in measure(SOME).items():
            write_table(frame, stream := io.BytesIO(), table=name, metadata=describe_run(RUN))
            streams[name] = stream.getvalue()
        written.append(streams)
    assert written[0] == written[1]


def test_a_run_is_described_in_each_files_metadata(tmp_path: Path) -> None:
    path = tmp_path / "run_summary.parquet"
    write_table(measure([])["run_summary"], path, table="run_summary", metadata=describe_run(RUN))
    assert pq.read_schema(path).metadata == {
        b"skillextract.is_sample": b"true",
        b"skillextract.package_version": b"1.2",
        b"skillextract.patterns_version": b"ab",
        b"skillextract.role": b"T",
        b"skillextract.role_version": b"cd",
        b"skillextract.schema_version": b"2",
        b"skillextract.snapshot": b"2026-07-01T000000Z",
        b"skillextract.sources": (
            '[{"name": "files:ä.jsonl", "status": "ok", "message": "", "payloads": 0, "postings": 0, "refused": 0, '
            '"repeated": 0, "folded": 0, "attribution": ""}]'
        ).encode(),
    }


def test_a_missing_column_is_named() -> None:
    with pytest.raises(
        ValueError, match=r"evidence: the columns order, url are missing; expected are in_table, in_row"
    ):
        write_table(
            measure(SOME)["evidence"].drop(columns=["url", "order"]), io.BytesIO(), table="evidence", metadata={}
        )


def test_a_value_that_may_not_be_missing_is_named_with_its_table_and_column() -> None:
    frame = measure(SOME)["evidence"]
    frame["title"] = None
    with pytest.raises(
        ValueError, match=r"evidence: .*title.*expected are values as the table's columns describe them"
    ):
        write_table(frame, io.BytesIO(), table="evidence", metadata={})


def test_further_columns_are_left_out_and_rows_keep_their_order() -> None:
    frame = measure(SOME)["evidence"].iloc[::-1].assign(more=1)
    write_table(frame, stream := io.BytesIO(), table="evidence", metadata={})
    assert pq.read_table(stream)["order"].to_pylist() == frame["order"].tolist()


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_column_says_what_it_holds(table: Table) -> None:
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(names)
    assert [column.name for column in table.columns if not column.doc.strip() or column.doc.endswith(".")] == []
    assert table.doc.endswith(".")


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_shares_lie_between_0_and_1_and_their_ends_around_them(table: Table) -> None:
    frame = measure(SOME)[table.name]
    frame = frame.to_pandas() if isinstance(frame, pa.Table) else frame
    shares = [name for name in frame.columns if name.startswith("share")]
    values = frame[shares].to_numpy(dtype=float)
    assert ((values >= 0) & (values <= 1) | np.isnan(values)).all()
    if "share_low" in frame:
        stated = frame[frame["share"].notna()]
        assert (stated["share_low"] <= stated["share"]).all()
        assert (stated["share"] <= stated["share_high"]).all()


def test_tables_are_described_in_markdown() -> None:
    described = describe_table(dataclasses.replace(TABLES["discovery"], columns=TABLES["discovery"].columns[:5]))
    assert described == (
        "### `discovery.parquet`\n\n"
        f"{TABLES['discovery'].doc}\n\n"
        "| column | type | what it holds |\n| --- | --- | --- |\n"
        "| `term` | text | as most postings write it |\n"
        "| `postings` | whole number | distinct postings in which it stands so |\n"
        "| `companies` | whole number | their employers |\n"
        "| `in_lists` | whole number | postings in which it stands in a list beside a known skill |\n"
        "| `in_slots` | whole number | postings in which it stands directly behind a cue of know-how |\n"
    )
    assert all(f"### `{name}.parquet`" in describe_tables() for name in TABLES)


def test_a_share_that_is_missing_comes_back_missing() -> None:
    write_table(measure(SOME[:1])["skill_frequencies"], stream := io.BytesIO(), table="skill_frequencies", metadata={})
    stored: pd.DataFrame = pq.read_table(stream).to_pandas()
    assert stored["share"].isna().all()
    assert not stored["enough"].any()
