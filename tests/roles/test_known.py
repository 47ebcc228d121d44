"""Which role is meant by a name that is none of those that there are."""

from pathlib import Path

import pytest

from skillextract.errors import SettingsError
from skillextract.roles.known import check_role, describe_unknown_role, find_near_role
from skillextract.roles.titles import list_roles
from skillextract.skills.pattern_files import find_patterns

ROLES = ("backend-engineer", "data-engineer", "data-scientist", "devops-engineer", "machine-learning-engineer")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "roles").mkdir()
    for role in ROLES:
        (tmp_path / "roles" / f"{role}.toml").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("ml-engineer", "machine-learning-engineer"),
        ("ML engineer", "machine-learning-engineer"),
        ("MLE", "machine-learning-engineer"),
        ("machine learning", "machine-learning-engineer"),
        ("Machine Learning Enginer", "machine-learning-engineer"),
        ("machinelearning-engineer", "machine-learning-engineer"),
        ("data-enginer", "data-engineer"),
        ("Data Eng", "data-engineer"),
        ("data-science", "data-scientist"),
        ("dev-ops-engineer", "devops-engineer"),
        ("back-end engineer", "backend-engineer"),
        ("data", None),
        ("iOS engineer", None),
        ("frontend-engineer", None),
        ("dbt-engineer", None),
        ("engineer", None),
        ("nurse", None),
        ("", None),
    ],
)
def test_a_name_means_the_role_that_it_is_like_or_short_for(root: Path, name: str, near: str | None) -> None:
    """ "ml-engineer" and "iOS engineer" were both taken for the data engineer, whose end they share."""
    assert find_near_role(root, name) == near


def test_the_roles_of_these_tests_are_the_built_in_ones() -> None:
    assert set(ROLES) <= set(list_roles(find_patterns()))


def test_an_unknown_role_is_told_with_its_place_and_what_may_be_meant(root: Path) -> None:
    told = f"expected one of {', '.join(ROLES)}, each a file of {root / 'roles'}"
    assert describe_unknown_role(root, "data-engineer", place="x.toml: role") is None
    assert describe_unknown_role(root, "mle", place="x.toml: role") == (
        f"x.toml: role: found 'mle', {told}; did you mean machine-learning-engineer?"
    )
    with pytest.raises(SettingsError) as refused:
        check_role(root, "nurse")
    assert str(refused.value) == f"settings: role: found 'nurse', {told}; name one of them, or add its file"
