"""Which titles are a role, which are near it, and how well that is told on real titles."""

from __future__ import annotations

import functools
import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from skillextract.errors import PatternError
from skillextract.roles.titles import (
    RoleTitles,
    find_unread_names,
    fold_expression,
    hash_role,
    list_roles,
    load_titles,
    make_titles,
)
from skillextract.skills.pattern_files import find_patterns, load_vocabulary

DATA = Path(__file__).parent.parent / "data" / "titles"
FLOORS = json.loads((DATA / "floors.json").read_text(encoding="utf-8"))
ROLES = list_roles(find_patterns())
HALVES = ("tuned", "held")

load = functools.cache(functools.partial(load_titles, find_patterns()))


class Labelled(NamedTuple):
    """A real title, judged by reading it: the ids of all roles and near roles that it names."""

    title: str
    roles: frozenset[str]

    @property
    def half(self) -> str:
        """Whether the patterns' faults on this title were looked at, or only counted."""
        return HALVES[1 - hashlib.sha256(self.title.encode()).digest()[0] % 2]


def read_labelled() -> Iterator[Labelled]:
    for line in (DATA / "labelled.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Labelled(row["title"], frozenset(row["roles"]))


LABELLED = list(read_labelled())


def near_ids() -> dict[str, str]:
    """The ids of near roles by the name that they are reported under."""
    import tomllib

    document = tomllib.loads((find_patterns() / "titles.toml").read_text(encoding="utf-8"))
    return {table["name"]: id for id, table in document["near"].items()}


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("role", ROLES)
def test_labelled_titles_of_each_role_are_told_apart(role: str, half: str) -> None:
    rows = [row for row in LABELLED if row.half == half]
    found = {row.title for row in rows if load(role).match(row.title)}
    true = {row.title for row in rows if role in row.roles}
    precision, recall = len(found & true) / len(found), len(found & true) / len(true)
    print(f"{role} {half}: {len(true)} titles, precision {precision:.3f}, recall {recall:.3f}")
    floor = FLOORS["roles"][role][half]
    assert precision >= floor["precision"], sorted(found - true)
    assert recall >= floor["recall"], sorted(true - found)


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("role", ROLES)
def test_labelled_titles_of_near_roles_are_named(role: str, half: str) -> None:
    """Of the titles that name no role of ours: none, or a near role that the title was judged to name."""
    titles, ids = load(role), near_ids()
    known = {ids[name] for name, _ in titles.neighbours if name in ids}
    rows = [row for row in LABELLED if row.half == half and not row.roles & set(ROLES)]
    wrong = []
    for row in rows:
        name = titles.find_neighbour(row.title)
        if (ids.get(name, name) not in row.roles) if name else (row.roles & known):
            wrong.append((row.title, name))
    right = 1 - len(wrong) / len(rows)
    print(f"{role} {half}: {len(rows)} titles, {right:.3f} right")
    assert right >= FLOORS["neighbours"][half], wrong


def test_the_floors_are_those_that_the_project_promises_or_higher() -> None:
    assert sorted(FLOORS["roles"]) == ROLES
    for halves in FLOORS["roles"].values():
        assert all(floor["precision"] >= 0.97 and floor["recall"] >= 0.95 for floor in halves.values())


def test_the_labelled_titles_are_many_sorted_and_each_once() -> None:
    titles = [row.title for row in LABELLED]
    assert len(titles) >= 600
    assert titles == sorted(set(titles))
    assert all(sum(role in row.roles for row in LABELLED) >= 100 for role in ROLES)


def test_titles_of_the_sample() -> None:
    rows = [json.loads(line) for line in (DATA / "sample.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 40
    titles = load("machine-learning-engineer")
    assert [row["title"] for row in rows if titles.match(row["title"]) != row["is_role"]] == []


@pytest.mark.parametrize(
    "title",
    [
        "Machine Learning Engineer",
        "Senior ML Engineer (m/f/d)",
        "Staff Machine Learning Engineer - Ranking",
        "Machine Learning Software Engineer",
        "Applied ML Engineer (Computer Vision)",
        "AI/ML Engineer",
        "Deep Learning Engineer",
        "Member of Technical Staff, MLE (UK/EU)",
        "Machine Learning Engineering Intern",
        "Machine Learning & Computer Vision Engineer",
        "Machine Learning Engineer, Applied (Customer Engineering)",
        "Machine Learning Engineer / Data Engineer (two openings)",
        "Ingénieur Machine Learning",
        "Entwickler Maschinelles Lernen (m/w/d)",
        "机器学习工程师",
    ],
)
def test_titles_of_the_role(title: str) -> None:
    titles = load("machine-learning-engineer")
    assert titles.match(title)
    assert titles.find_neighbour(title) is None


@pytest.mark.parametrize(
    ("title", "neighbour"),
    [
        ("Data Scientist", "Data scientist"),
        ("Machine Learning Engineering Manager", "manager of data, machine learning or AI"),
        ("Head of Machine Learning", "manager of data, machine learning or AI"),
        ("Senior ML Operations (MLOps) Engineer", "MLOps and ML platform engineer"),
        ("Machine Learning Infrastructure Engineer", "MLOps and ML platform engineer"),
        ("Research Engineer, ML Systems", "research or applied scientist, research engineer"),
        ("AI Engineer", "AI engineer"),
        ("Software Engineer, Machine Learning", "software engineer in machine learning or AI"),
        ("Data Engineer - Machine Learning | Fraud", "Data engineer"),
        ("Computer Vision Engineer", "computer vision, NLP or speech engineer"),
        ("Senior Technical Recruiter, Machine Learning", None),
        ("Account Executive, AI Platform", None),
        ("Machine Layout Engineer", None),
    ],
)
def test_near_roles_are_told_apart(title: str, neighbour: str | None) -> None:
    titles = load("machine-learning-engineer")
    assert not titles.match(title)
    assert titles.find_neighbour(title) == neighbour


def test_a_title_with_several_roles_is_each_of_them() -> None:
    title = "Senior Backend Engineer; ML Engineer; Data Scientist/Engineer; SRE"
    assert [role for role in ROLES if load(role).match(title)] == ROLES


def write_patterns(root: Path, role: str, near: str = "") -> None:
    (root / "roles").mkdir(exist_ok=True)
    common = (find_patterns() / "titles.toml").read_text(encoding="utf-8")
    (root / "titles.toml").write_text(common[: common.index("[near.")] + near, encoding="utf-8")
    (root / "roles" / "nurse.toml").write_text(role, encoding="utf-8")


def test_a_role_of_ones_own_has_neighbours_of_ones_own(tmp_path: Path) -> None:
    write_patterns(
        tmp_path,
        '[titles]\nnamed = ["nurse engineer"]\nis_not = ["night"]\nneighbours = ["midwife"]',
        '[near.midwife]\nname = "Midwife"\nbare = ["midwives"]',
    )
    titles = load_titles(tmp_path, "nurse")
    assert isinstance(titles, RoleTitles)
    assert [titles.match(title) for title in ("Nurse Engineer", "Night Nurse Engineer", "Nurse")] == [
        True,
        False,
        False,
    ]
    assert titles.find_neighbour("Midwives") == "Midwife"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[titles", "not TOML"),
        ("[titles]\nbare = []", r"expected a table \[titles\] with the list `named`"),
        ('[titles]\nnamed = ["("]', "titles.named: no regular expression"),
        ('[titles]\nnamed = "nurse"', "titles.named is 'nurse'; expected a list"),
        ('[titles]\nnamed = ["nurse"]\nnever = ["x"]', "titles.never is not a key; expected are bare, is_not, named"),
        ('[titles]\nnamed = ["a"]\nwith_qualifier = ["nurse"]', "'nurse' has no ` : `; expected `phrase : qualifier`"),
        ('[titles]\nnamed = ["a"]\nneighbours = ["doctor"]', "neighbours names 'doctor'; expected one of nurse"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    write_patterns(tmp_path, text)
    with pytest.raises(PatternError, match=rf"nurse\.toml.*{message}"):
        load_titles(tmp_path, "nurse")


def test_an_unknown_role_names_the_known_ones(tmp_path: Path) -> None:
    write_patterns(tmp_path, "")
    with pytest.raises(PatternError, match="no such role; known roles: nurse"):
        load_titles(tmp_path, "doctor")


def test_a_folder_without_a_grammar_is_named(tmp_path: Path) -> None:
    with pytest.raises(PatternError, match=r"titles\.toml.*no such file"):
        load_titles(tmp_path, "nurse")


def test_a_role_without_a_file_is_told_by_how_its_titles_end() -> None:
    titles = make_titles(find_patterns(), ["nurse", "ios (?:engineer|developer)"])
    asked = ("Senior Night Nurse (f/m/d)", "Lead iOS Developer", "iOS Engineering Manager", "Nurse Manager")
    assert [titles.match(title) for title in asked] == [True, True, False, False]
    assert titles.find_neighbour("Data Scientist") is None


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (r"Research\S* Scientists?", r"research\S* scientists?"),
        (r"(?P<Kind>[A-Z]+) Nurse\W\N{LATIN SMALL LETTER E WITH ACUTE}", None),
        ("ÄRZTIN", "ärztin"),
    ],
)
def test_expressions_are_compared_in_lower_case_and_mean_the_same(expression: str, expected: str | None) -> None:
    kept = r"(?P<kind>[a-z]+) nurse\W\N{LATIN SMALL LETTER E WITH ACUTE}"
    assert fold_expression(expression) == (kept if expected is None else expected)


def test_capitals_in_the_titles_of_a_role_do_not_matter(tmp_path: Path) -> None:
    table = """
    named = ["Research Engineer"]
    with_qualifier = ["Engineer : Research"]
    bare = ["Research"]
    is_not = ["Sales"]
    """
    shutil.copy(find_patterns() / "titles.toml", tmp_path / "titles.toml")
    (tmp_path / "roles").mkdir()
    for role, text in (("small", table.lower()), ("large", table)):
        (tmp_path / "roles" / f"{role}.toml").write_text(f"[titles]{text}", encoding="utf-8")
    assert load_titles(tmp_path, "large") == load_titles(tmp_path, "small")
    assert load_titles(tmp_path, "large").match("Senior RESEARCH Engineer")
    assert list(find_unread_names(tmp_path, "large")) == []


def test_the_hash_of_a_role_changes_with_its_files_and_no_others(root: Path) -> None:
    """What is found in texts does not depend on roles: the hash of the vocabulary stays as it is."""
    shutil.copy(find_patterns() / "titles.toml", root)
    shutil.copytree(find_patterns() / "roles", root / "roles")
    role = "machine-learning-engineer"
    seen, vocabulary = [hash_role(root, role)], load_vocabulary(root).version
    for name in (f"roles/{role}.toml", "titles.toml", "roles/data-scientist.toml"):
        path = root / name
        path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
        seen.append(hash_role(root, role))
    assert len(set(seen)) == 4
    (root / "roles" / "of-ours.toml").write_text('[titles]\nnamed = ["x"]\n')
    assert hash_role(root, role) == seen[-1]
    assert load_vocabulary(root).version == vocabulary
