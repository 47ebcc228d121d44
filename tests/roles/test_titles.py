"""Which titles are the role."""

import json
from pathlib import Path

import pytest

from skillextract.errors import PatternError
from skillextract.roles.titles import RoleTitles, load_titles, normalize_title
from skillextract.skills.vocabulary import find_patterns

LABELLED = Path(__file__).parent.parent / "data" / "titles" / "sample.jsonl"


@pytest.fixture(scope="module")
def titles() -> RoleTitles:
    return load_titles(find_patterns() / "roles" / "machine-learning-engineer.toml")


@pytest.mark.parametrize(
    "title",
    [
        "Machine Learning Engineer",
        "Senior ML Engineer (m/f/d)",
        "Staff Machine Learning Engineer - Ranking",
        "Sr. Machine Learning Engineer",
        "Machine Learning Software Engineer",
        "Applied ML Engineer (Computer Vision)",
        "AI/ML Engineer",
        "Deep Learning Engineer",
        "Member of Technical Staff, MLE (UK/EU)",
        "Machine Learning Engineering Intern",
        "Machine Learning & Computer Vision Engineer",
        "Ingénieur Machine Learning",
    ],
)
def test_titles_of_the_role(titles: RoleTitles, title: str) -> None:
    assert titles.match(title)
    assert titles.find_neighbour(title) is None


@pytest.mark.parametrize(
    ("title", "neighbour"),
    [
        ("Data Scientist", "data scientist"),
        ("Machine Learning Engineering Manager", "engineering manager, machine learning"),
        ("Senior ML Operations (MLOps) Engineer", "MLOps and ML platform engineer"),
        ("Machine Learning Infrastructure Engineer", "MLOps and ML platform engineer"),
        ("Research Engineer, ML Systems", "research scientist or engineer"),
        ("AI Engineer", "AI engineer"),
        ("Software Engineer, Machine Learning", "software engineer in machine learning"),
        ("Data Engineer - Machine Learning | Fraud", "data engineer"),
        ("Computer Vision Engineer", "computer vision, NLP or robotics engineer"),
        ("Senior Technical Recruiter, Machine Learning", None),
        ("Account Executive, AI Platform", None),
        ("Machine Layout Engineer", None),
    ],
)
def test_near_roles_are_told_apart(titles: RoleTitles, title: str, neighbour: str | None) -> None:
    assert not titles.match(title)
    assert titles.find_neighbour(title) == neighbour


def test_labelled_titles_of_the_sample(titles: RoleTitles) -> None:
    rows = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 40
    assert [row["title"] for row in rows if titles.match(row["title"]) != row["is_role"]] == []


def test_a_title_is_normalised() -> None:
    assert normalize_title("Senior ML-Engineer (m/w/d) | R&D, C++") == "senior ml engineer r&d c++"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[titles", "not TOML"),
        ("[titles]\nis_role = []", r"expected a table \[titles\] with the lists `is_role` and `is_not`"),
        ('[titles]\nis_role = ["("]\nis_not = []', "is_role: no regular expression"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "role.toml").write_text(text)
    with pytest.raises(PatternError, match=message):
        load_titles(tmp_path / "role.toml")


def test_an_unknown_role_names_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "data-engineer.toml").write_text("")
    with pytest.raises(PatternError, match="no such role; known roles: data-engineer"):
        load_titles(tmp_path / "nurse.toml")
