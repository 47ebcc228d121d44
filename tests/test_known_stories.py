"""What everybody knows of the years 2011 to 2017 must show in Hacker News' "Who is hiring"."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scripts import load_script
from skillextract.market.demand import Floor, gather_demand
from skillextract.market.trends import follow_months
from skillextract.skills.matcher import SkillMatcher

REPOSITORY = Path(__file__).parent.parent
RISING, FALLING = ("docker", "react", "go"), ("backbone", "jquery", "coffeescript")


@pytest.fixture
def hn_trends() -> ModuleType:
    """The script that draws the README's picture."""
    return load_script(REPOSITORY / "benchmarks" / "hn_trends.py", "hn_trends")


@pytest.mark.slow
def test_what_rose_and_fell_on_hacker_news_is_told_with_its_interval(
    shared: Path, hn_trends: ModuleType, matcher: SkillMatcher, tmp_path: Path
) -> None:
    """Three months of each year from 2013 on: before, what fell later rose. A quarter of the postings is enough.

    It tells what changed manifold; that Ruby on Rails lost a quarter of its share takes all postings to tell.
    """
    files = sorted((shared / "postings" / "hn").glob("*-combined.json.gz"))[25::4]
    assert (len(files), files[0].name[:7]) == (15, "2013-02")
    for path in files:
        hn_trends.extract_month(path, tmp_path)
    postings, mentions = (
        pa.concat_tables(pq.read_table(tmp_path / f"{path.name}.{kind}") for path in files)
        for kind in ("postings", "mentions")
    )
    registry = matcher.vocabulary.skills
    demand = gather_demand(postings, mentions, registry=registry)
    trends = follow_months(demand, registry=registry, floor=Floor(postings=30, companies=10))
    told: dict[str, Any] = {row["skill"]: row for row in trends.drop_duplicates("skill").to_dict("records")}
    for skill in (*RISING, *FALLING):
        row = told[skill]
        verdict = "rises" if skill in RISING else "falls"
        assert (skill, row["verdict"]) == (skill, verdict)
        change = "since_turn" if isinstance(row["turned_at"], str) else "change"
        ends = sorted((row[f"{change}_low"], row[change], row[f"{change}_high"]))
        assert ends[1] == row[change]
        assert ends[0] > 0 if skill in RISING else ends[2] < 0
