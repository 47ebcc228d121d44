"""Lines of pandas that find all of what a number was counted from."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reports.builders import fill, frequency, make_tables
from skillextract.reports.lookup import FORMS, Lookup, group_skills, look_for_skill, look_in_segment
from skillextract.reports.report import Report
from skillextract.reports.tables import TABLES
from skillextract.roles.profile import ProfileItem, RoleProfile

TEXT = "About us\n- You know Kafka\nand Go"


def run_lines(lookup: Lookup, folder: Path, monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    """What the lines find that the page shows."""
    monkeypatch.chdir(folder)
    lines = re.sub(r"\{(\d)\}", lambda found: json.dumps(lookup.values[int(found[1])]), FORMS[lookup.form])
    names: dict[str, Any] = {}
    *before, last = lines.splitlines()
    exec("\n".join(before), names)  # the very lines that a reader is given
    shown = eval(last, names)
    assert isinstance(shown, pd.DataFrame)
    return names["found"].assign(**{column: shown[column] for column in shown if column == "line"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three postings, the third a copy of the first, and what they ask for."""

    def write(table: str, rows: list[dict[str, Any]]) -> None:
        found = pa.Table.from_pylist([fill(table, **row) for row in rows], schema=TABLES[table].schema)
        pq.write_table(found, tmp_path / f"{table}.parquet")

    fetched = {"fetched_at": datetime(2026, 7, 1, tzinfo=UTC)}
    write("postings", [
        {"id": "a", "country": "DE", "posted_at": datetime(2026, 6, 3, tzinfo=UTC), "text": TEXT, **fetched},
        {"id": "b", "country": None, "posted_at": None, "text": TEXT, **fetched},
        {"id": "copy", "duplicate_of": "a", "text": TEXT, **fetched},
    ])  # fmt: skip
    at, go = TEXT.index("Kafka"), TEXT.index("Go")
    write("mentions", [
        {"posting_id": "a", "skill": "kafka", "requirement": "required", "start": at, "end": at + 5},
        {"posting_id": "a", "skill": "go", "requirement": "preferred", "start": go, "end": go + 2},
        {"posting_id": "b", "skill": "kafka", "requirement": "duty", "start": at, "end": at + 5},
        {"posting_id": "b", "skill": "go", "requirement": "context", "start": go, "end": go + 2},
    ])  # fmt: skip
    return tmp_path


@pytest.mark.parametrize(
    ("lookup", "postings"),
    [
        (look_for_skill("kafka", 2), ["a", "b"]),
        (look_for_skill("go", 1), ["a"]),
        (Lookup(1, "way", (["kafka"], "duty")), ["b"]),
        (Lookup(1, "pair", (["kafka", "go"],)), ["a"]),
        (look_in_segment("country", "DE", 1, skill="kafka"), ["a"]),
        (look_in_segment("country", "not stated", 1, skill="kafka"), ["b"]),
        (look_in_segment("month", "2026-06", 1, skill="kafka"), ["a"]),
        (look_in_segment("month", "2026-05/2026-06", 1, skill="kafka"), ["a"]),
        (look_in_segment("month", "2026-07/2026-08", 0, skill="kafka"), []),
        (look_in_segment("seniority", "senior", 1, skill="kafka"), ["a", "b"]),
        (look_in_segment("country", "DE", 1), ["a"]),
        (look_in_segment("country", "not stated", 1), ["b"]),
        (look_in_segment("month", "2026-06", 1), ["a"]),
        (look_in_segment("month", "2026-06/2026-08", 1), ["a"]),
        (Lookup(2, "postings", ()), ["a", "b"]),
        (Lookup(2, "postings with", ("kafka",)), ["a", "b"]),
    ],
    ids=lambda value: f"{value.form} {value.values}" if isinstance(value, Lookup) else "",
)
def test_the_lines_find_the_postings_that_were_counted(
    lookup: Lookup, postings: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = run_lines(lookup, folder, monkeypatch)
    name = "id" if lookup.form.startswith("postings") else "posting_id"
    assert sorted(set(found[name])) == postings
    assert len(postings) == lookup.postings or not lookup.exact


def test_the_lines_show_the_line_of_the_mention(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = run_lines(look_for_skill("kafka", 2), folder, monkeypatch)
    assert found["line"].tolist() == ["- You know Kafka", "- You know Kafka"]


def test_an_item_is_met_by_its_skills_and_by_those_of_its_families_that_no_item_names() -> None:
    items = (
        ProfileItem(number=1, name="Messaging", skills=("kafka",), similar=("celery",), families=("messaging",)),
        ProfileItem(number=2, name="NATS", skills=("nats",)),
    )
    profile = RoleProfile(name="", summary="", source="", items=items)
    rows = [frequency(skill, skill, 1, 1, family="messaging") for skill in ("kafka", "nats", "rabbitmq", "pulsar")]
    assert group_skills(Report(make_tables(skill_frequencies=rows)), profile) == {
        (1, "family"): ["celery", "pulsar", "rabbitmq"],
        (1, "item"): ["kafka", "celery", "pulsar", "rabbitmq"],
        (2, "family"): [],
        (2, "item"): ["nats"],
    }


def test_what_is_the_role_itself_meets_no_item() -> None:
    """It is in none of the numbers of an item, so the lines must not find it either."""
    item = ProfileItem(number=1, name="Messaging", skills=("kafka",), families=("messaging",))
    profile = RoleProfile(name="", summary="", source="", items=(item,), role_skills=("nats",))
    rows = [frequency(skill, skill, 1, 1, family="messaging") for skill in ("kafka", "nats", "pulsar")]
    assert group_skills(Report(make_tables(skill_frequencies=rows)), profile) == {
        (1, "family"): ["pulsar"],
        (1, "item"): ["kafka", "pulsar"],
    }
