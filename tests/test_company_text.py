"""What a company writes on most of its postings is context, in whatever parts and runs it comes."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from skillextract import pipeline
from skillextract.lake import Lake
from skillextract.settings import FilesSource, Settings
from skillextract.skills.matcher import SkillMatcher

MOMENT = datetime(2026, 11, 24, 17, 5, 9, tzinfo=UTC)
ABOUT = "Help us build the Kubernetes platform that every baker in town can trust."
STACK = "Our services are written in Python and talk to each other over Kafka."
ENGLISH = "Fluent English is required of everybody who joins Acme, wherever they sit."
ROLES = ["Machine Learning Engineer", "Data Engineer", "Backend Engineer", "Recruiter", "Accountant"]


def write_postings(path: Path, *, companies: int = 1, roles: int = 5, about: str = ABOUT) -> FilesSource:
    rows = [
        {
            "id": f"{company}-{number}",
            "title": role,
            "company": f"Acme {company}",
            "text": f"{about}\n{ENGLISH}\nYour opening here is the one with number {number}{company}.\n"
            f"Requirements\n{STACK}\nYou know Terraform; this is opening {number} at {company}.",
        }
        for company in range(companies)
        for number, role in enumerate(ROLES[:roles])
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return FilesSource(path=str(path), label="p")


def run(settings: Settings, *, day: int = 0) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Mentions and boilerplate of a run, and what was extracted again."""
    snapshot = pipeline.begin_run(settings, now=MOMENT + timedelta(days=day))
    fetched = [pipeline.fetch_source(source, settings=settings, snapshot=snapshot) for source in settings.sources]
    folded = pipeline.fold_postings(fetched, settings=settings, snapshot=snapshot)
    read: list[str] = []
    find_mentions = SkillMatcher.find_mentions
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            SkillMatcher, "find_mentions", lambda self, *a, **k: read.append(a[0]) or find_mentions(self, *a, **k)
        )
        parts = [pipeline.extract_part(part, settings=settings, snapshot=snapshot) for part in folded["parts"]]
    written = pipeline.write_reports(
        settings=settings, snapshot=snapshot, fetched=fetched, folded=folded, mention_parts=parts
    )
    lake = Lake(settings.lake)
    assert f"boilerplate/snapshot={snapshot}/part-00000.parquet" in lake.read_manifest(written["snapshot"])["files"]
    boilerplate = lake.read_parquet([f"boilerplate/snapshot={snapshot}/part-00000.parquet"])
    return lake.read_parquet(parts).to_pandas(), boilerplate.to_pandas(), read


def show(mentions: pd.DataFrame) -> set[tuple[str, str, str]]:
    return set(mentions[["skill", "section", "requirement"]].itertuples(index=False, name=None))


@pytest.mark.parametrize("shard_size", [1, 3, 1000])
def test_lines_about_the_company_are_context_and_those_below_requirements_stay(tmp_path: Path, shard_size: int) -> None:
    settings = Settings(
        lake=str(tmp_path / "lake"), sources=[write_postings(tmp_path / "p.jsonl")], shard_size=shard_size
    )
    mentions, boilerplate, _ = run(settings)
    assert boilerplate.values.tolist() == [["acme0", ENGLISH, 1.0], ["acme0", ABOUT, 1.0], ["acme0", STACK, 1.0]]
    assert show(mentions) >= {
        ("kubernetes", "boilerplate", "context"),
        ("english", "intro", "required"),
        ("python", "requirements", "duty"),
        ("kafka", "requirements", "duty"),
        ("terraform", "requirements", "required"),
    }
    assert set(mentions.query("skill == 'kubernetes'")["section"]) == {"boilerplate"}


def test_titles_too_long_to_name_a_role_are_roles_of_their_own(tmp_path: Path) -> None:
    source = write_postings(tmp_path / "p.jsonl")
    rows = [json.loads(line) for line in Path(source.path).read_text().splitlines()]
    for row, thing in zip(rows, ("bread", "honey", "salt", "milk", "butter"), strict=True):
        row["title"] = f"Machine learning engineer who likes to make great {thing} with all of us every single day"
        row["text"] += "\n" + " ".join(f"{thing}{number}" for number in range(100))
    Path(source.path).write_text("".join(json.dumps(row) + "\n" for row in rows))
    _, boilerplate, _ = run(Settings(lake=str(tmp_path / "lake"), sources=[source]))
    assert ABOUT in boilerplate["line"].tolist()


def test_the_boilerplate_is_hashed_once_a_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    describe = Lake.describe_file
    monkeypatch.setattr(Lake, "describe_file", lambda self, path: hashed.append(path) or describe(self, path))
    settings = Settings(lake=str(tmp_path / "lake"), sources=[write_postings(tmp_path / "p.jsonl")], shard_size=3)
    snapshot = pipeline.begin_run(settings, now=MOMENT)
    fetched = [pipeline.fetch_source(source, settings=settings, snapshot=snapshot) for source in settings.sources]
    parts = pipeline.fold_postings(fetched, settings=settings, snapshot=snapshot)["parts"]
    hashed.clear()
    for part in parts:
        pipeline.extract_part(part, settings=settings, snapshot=snapshot)
    Lake(settings.lake).release(snapshot)
    assert (len(parts), [path.partition("/")[0] for path in hashed].count("boilerplate")) == (2, 2)


def test_a_company_with_few_roles_has_no_boilerplate(tmp_path: Path) -> None:
    source = write_postings(tmp_path / "p.jsonl", companies=3, roles=4)
    mentions, boilerplate, _ = run(Settings(lake=str(tmp_path / "lake"), sources=[source]))
    assert (len(boilerplate), "boilerplate" in set(mentions["section"])) == (0, False)


def test_texts_are_read_again_only_where_their_boilerplate_is_another(tmp_path: Path) -> None:
    """A fifth role makes boilerplate of what stands on the four before it; another company's texts are not touched."""
    path = tmp_path / "p.jsonl"
    settings = Settings(lake=str(tmp_path / "lake"), sources=[write_postings(path, companies=2, roles=4)])
    before, _, read_first = run(settings)
    more = path.read_text() + (
        json.dumps({"id": "0-9", "title": "Baker", "company": "ACME  0", "text": f"{ABOUT}\nBread."}) + "\n"
    )
    path.write_text(more)
    after, _, read_second = run(settings, day=1)
    _, _, read_third = run(settings, day=2)
    assert len(read_first) == 8
    assert sorted(read_second) == [*(f"files:p:0-{n}" for n in range(4)), "files:p:0-9"]
    assert read_third == []
    assert set(before.query("skill == 'kubernetes'")["section"]) == {"intro"}
    assert len(after.query("skill == 'kubernetes' and section == 'boilerplate' and requirement == 'context'")) == 5
    assert set(after[after["posting_id"].str.startswith("files:p:1-")]["section"]) == {"intro", "requirements"}
