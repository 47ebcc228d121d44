"""Profiles drafted from a lake, and found by name."""

import tomllib
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from market.builders import Ask, make_tables
from skillextract.cli import app
from skillextract.errors import LakeError, PatternError
from skillextract.lake import Lake
from skillextract.profiles import compare_by_name, draft_from_market, find_profile
from skillextract.roles.profile import load_profile
from skillextract.roles.titles import load_titles
from skillextract.settings import Settings
from skillextract.skills.pattern_files import find_patterns

ROOT = find_patterns()
SNAPSHOT = "2026-01-01T000000Z"
runner = CliRunner()


def fill_lake(root: Path) -> Settings:
    """A lake with two parts: twelve postings of data engineers who know Kafka, twelve of nurses who know Docker."""
    lake = Lake(str(root))
    paths = []
    for part, (title, skill) in enumerate((("Data Engineer", "kafka"), ("Night Nurse", "docker"))):
        asks = [Ask(f"{part}-{n:02}", f"Employer {n}", [(skill, "required")], title=title) for n in range(12)]
        postings, mentions = make_tables(asks)
        paths.append(
            lake.write_parquet(f"postings/snapshot={SNAPSHOT}/part-{part}.parquet", postings.drop(["is_role"]))
        )
        paths.append(lake.write_parquet(f"mentions/snapshot={SNAPSHOT}/part-{part}.parquet", mentions))
    lake.commit(SNAPSHOT, paths, {})
    return Settings(lake=str(root))


def test_a_draft_of_a_known_role_counts_its_postings_and_keeps_its_titles(tmp_path: Path) -> None:
    text = draft_from_market("data-engineer", root=ROOT, settings=fill_lake(tmp_path))
    draft = tmp_path / "draft.toml"
    draft.write_text(text, encoding="utf-8")
    profile = load_profile(draft)
    assert [item.skills for item in profile.items] == [("kafka",)]
    assert (profile.name, SNAPSHOT in profile.source) == ("Data engineer", True)
    original = tomllib.loads((ROOT / "roles" / "data-engineer.toml").read_text(encoding="utf-8"))
    assert tomllib.loads(text)["titles"] == original["titles"]


@pytest.mark.parametrize(("not_english", "counted"), [("set apart", 11), ("keep", 12)])
def test_a_draft_counts_the_postings_that_a_report_counts(
    tmp_path: Path, not_english: Literal["set apart", "keep"], counted: int
) -> None:
    settings = fill_lake(tmp_path)
    path = tmp_path / f"postings/snapshot={SNAPSHOT}/part-0.parquet"
    table = pq.read_table(path)
    languages = pa.array(["de", *["en"] * (len(table) - 1)])
    pq.write_table(table.set_column(table.column_names.index("language"), "language", languages), path)
    text = draft_from_market(
        "data-engineer", root=ROOT, settings=settings.model_copy(update={"not_english": not_english})
    )
    assert f"{counted} distinct postings" in text


def test_a_draft_of_a_new_role_takes_the_titles_that_are_given(tmp_path: Path) -> None:
    text = draft_from_market("Nurse", root=ROOT, settings=fill_lake(tmp_path), titles=["night nurse'?"])
    document = tomllib.loads(text)
    assert document["profile"]["name"] == "Nurse"
    assert [item["skills"] for item in document["profile"]["items"]] == [["docker"]]
    assert document["titles"] == {"named": ["night nurse'?"], "bare": ["(?:.* )?(?:night nurse'?)"]}


def test_capitals_of_what_titles_end_in_do_not_matter(tmp_path: Path) -> None:
    """--title "Research Scientist" found nothing, for titles are read in lower case."""
    settings = fill_lake(tmp_path)
    small, large = (
        draft_from_market("Nurse", root=ROOT, settings=settings, titles=[title])
        for title in (r"night\S* nurse", r"Night\S* NURSE")
    )
    assert small == large
    assert tomllib.loads(large)["titles"]["named"] == [r"night\S* nurse"]


def test_titles_that_no_posting_has_are_told_with_what_was_tried(tmp_path: Path) -> None:
    settings = fill_lake(tmp_path)
    with pytest.raises(LakeError) as refused:
        draft_from_market("Doctor", root=ROOT, settings=settings, titles=["Docter", "physician"])
    assert str(refused.value) == (
        f"snapshot {SNAPSHOT}: looked through 24 titles and found none that ends in 'Docter' or 'physician' (--title; "
        "capitals do not matter); mend the expression, or fetch boards that have such postings"
    )
    with pytest.raises(LakeError) as refused:
        draft_from_market("data-scientist", root=ROOT, settings=settings)
    assert str(refused.value) == (
        f"snapshot {SNAPSHOT}: looked through 24 titles and found none of the role (by [titles] of "
        f"{ROOT / 'roles' / 'data-scientist.toml'}); fetch boards that have such postings"
    )


def test_a_lake_without_a_snapshot_and_a_broken_expression_are_named(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match="holds no finished snapshot; run the flow first"):
        draft_from_market("data-engineer", root=ROOT, settings=Settings(lake=str(tmp_path / "none")))
    with pytest.raises(PatternError, match=r"--title.*no regular expression"):
        draft_from_market("Nurse", root=ROOT, settings=fill_lake(tmp_path), titles=["("])


def test_a_draft_of_a_role_that_there_is_not_says_how_a_new_one_is_drafted(tmp_path: Path) -> None:
    (tmp_path / "roles").mkdir()
    (tmp_path / "roles" / "doctor.toml").touch()
    advice = 'a new one is drafted with --title, how its titles end: --title "ios (?:engineer|developer)"'
    told = {}
    for role in ("Nurse", "docter"):
        with pytest.raises(PatternError) as refused:
            draft_from_market(role, root=tmp_path, settings=Settings())
        told[role] = str(refused.value)
    assert told == {
        "Nurse": f"{tmp_path}/roles/Nurse.toml: [missing] no such role; known roles: doctor; {advice}",
        "docter": f"{tmp_path}/roles/docter.toml: [missing] no such role (did you mean doctor?); known roles: doctor; "
        f"{advice}",
    }


def test_a_folder_of_reports_serves_its_own_role_only(tmp_path: Path) -> None:
    asks = [Ask(f"{n:02}", f"Employer {n}", [("kafka", "required")], title="Data Engineer") for n in range(12)]
    postings, mentions = make_tables(asks)
    facts = {"skillextract.role": "Data engineer", "skillextract.snapshot": SNAPSHOT}
    lake = Lake(str(tmp_path))
    lake.write_parquet("postings.parquet", postings.replace_schema_metadata(facts))
    lake.write_parquet("mentions.parquet", mentions)
    text = draft_from_market("data-engineer", root=ROOT, settings=Settings(), reports=str(tmp_path))
    assert [item["skills"] for item in tomllib.loads(text)["profile"]["items"]] == [["kafka"]]
    with pytest.raises(LakeError, match="found reports of 'Data engineer', expected those of 'Data scientist'"):
        draft_from_market("data-scientist", root=ROOT, settings=Settings(), reports=str(tmp_path))


def test_a_profile_is_found_by_the_id_of_its_role_or_by_its_file() -> None:
    path = ROOT / "roles" / "data-engineer.toml"
    assert find_profile("data-engineer", root=ROOT) == find_profile(str(path), root=ROOT) == load_profile(path)
    with pytest.raises(PatternError, match=r"no such role; known roles: backend-engineer.*ends in \.toml"):
        find_profile("nurse", root=ROOT)


def test_a_misspelt_role_is_told_with_the_one_that_may_be_meant() -> None:
    result = runner.invoke(app, ["profile", "compare", "data-scientist", "machine-learning-enginer"])
    assert result.exit_code == 1
    assert ": [missing] no such role (did you mean machine-learning-engineer?); known roles: " in str(result.exception)


def test_two_profiles_of_one_name_are_told_apart() -> None:
    path = str(ROOT / "roles" / "data-engineer.toml")
    found = compare_by_name("data-engineer", path, root=ROOT)
    assert (found.first, found.second) == ("Data engineer (data-engineer)", f"Data engineer ({path})")
    assert (found.only_first, found.only_second) == ((), ())


def test_the_command_writes_a_draft_once(tmp_path: Path) -> None:
    fill_lake(tmp_path / "lake")
    output = tmp_path / "draft.toml"
    words = ["profile", "draft", "data-engineer", "--lake", str(tmp_path / "lake")]
    printed = runner.invoke(app, words)
    assert printed.exit_code == 0
    done = runner.invoke(app, [*words, "--output", str(output)])
    assert (done.exit_code, output.read_text(encoding="utf-8")) == (0, printed.stdout)
    assert load_titles(ROOT, "data-engineer").match("Data Engineer")
    deeper = tmp_path / "drafts" / "draft.toml"
    assert runner.invoke(app, [*words, "--output", str(deeper)]).exit_code == 0
    assert deeper.read_bytes() == output.read_bytes()
    nowhere = runner.invoke(app, [*words, "--output", str(output / "draft.toml")])
    assert "cannot be written" in str(nowhere.exception)
    again = runner.invoke(app, [*words, "--output", str(output)])
    assert again.exit_code == 1
    assert "is there already, and may have been edited" in str(again.exception)


@pytest.mark.parametrize(
    ("format", "expected"),
    [("terminal", "Both name ("), ("markdown", "## Data engineer and Data scientist\n"), ("json", '"both": [')],
)
def test_the_command_compares_two_profiles(format: str, expected: str) -> None:
    result = runner.invoke(app, ["profile", "compare", "data-engineer", "data-scientist", "--format", format])
    assert result.exit_code == 0
    assert expected in result.output


def test_an_unknown_format_is_refused() -> None:
    result = runner.invoke(app, ["profile", "compare", "data-engineer", "data-scientist", "--format", "csv"])
    assert result.exit_code == 1
    assert "expected terminal, markdown or json" in str(result.exception)
