"""Which roles a text names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillextract.collect.role_list import find_roles, share_roles


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        pytest.param("Great Ruby on Rails engineers, a UI designer", {"engineer rail ruby", "designer ui"}, id="area"),
        pytest.param("Front-end and Back end Engineers", {"backend engineer frontend"}, id="one spelling"),
        pytest.param("Senior Software Engineer (m/w/d)", {"engineer"}, id="no seniority, no gender marks"),
        pytest.param("Systems Administrator/SRE", {"administrator system", "sre"}, id="two with a stroke between"),
        pytest.param("In Los Angeles) * Web Engineers\n* Data\nScientists", {"engineer web", "scientist"}, id="signs"),
        pytest.param("diligent programmers", {"developer"}, id="praise, and another word for the same"),
        pytest.param("Engineering standards are high", set(), id="what a team does"),
        pytest.param("Engineering Managers; VP of Data", {"engineering manager", "vp"}, id="who leads it"),
        pytest.param("write to cto@acme.com or https://acme.com/engineer", set(), id="links"),
        pytest.param("", set(), id="nothing"),
    ],
)  # fmt: skip
def test_roles_are_professions_with_the_areas_before_them(text: str, roles: set[str]) -> None:
    assert find_roles(text) == roles


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        pytest.param(["data engineer", "designer ui"], ["data engineer", "designer ui"], 1.0, id="the same"),
        pytest.param(["data engineer etl", "designer"], ["data engineer", "designer"], 1.0, id="an area more"),
        pytest.param(["backend engineer"], ["engineer frontend"], 0.0, id="another area"),
        pytest.param(["a x", "b x", "c x", "d x"], ["a x", "b x", "c x"], 0.75, id="three in four stay"),
        pytest.param(["a x", "b x", "c x", "d x"], ["a x", "b x", "c x", "e x"], 0.75, id="one of four is another"),
        pytest.param(["data engineer", "cto"], ["data engineer", "founder", "student"], 1.0, id="who signs it"),
        pytest.param(["data engineer", "engineer"], ["data engineer"], 1.0, id="any engineer"),
        pytest.param(["engineer"], ["developer", "engineer"], 0.5, id="no others"),
        pytest.param(["cto"], ["data engineer"], None, id="one has none"),
        pytest.param([], [], None, id="neither has any"),
    ],
)
def test_the_share_is_that_of_the_longer_list(one: list[str], other: list[str], share: float | None) -> None:
    assert share_roles(frozenset(one), frozenset(other)) == share
    assert share_roles(frozenset(other), frozenset(one)) == share


ROLE = st.lists(
    st.sampled_from(["data", "etl", "web", "backend", "engineer", "designer", "cto"]),
    min_size=1,
    max_size=3,
    unique=True,
).map(lambda words: " ".join(sorted(words)))


@given(st.frozensets(ROLE, max_size=5), st.frozensets(ROLE, max_size=5))
def test_the_share_does_not_depend_on_which_comes_first(one: frozenset[str], other: frozenset[str]) -> None:
    share = share_roles(one, other)
    assert share == share_roles(other, one)
    assert share is None or 0 <= share <= 1
    assert share_roles(one, one) in (1, None)


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    for role in find_roles(text):
        assert role.split() == sorted(set(role.split()))
