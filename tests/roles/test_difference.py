"""Two profiles side by side."""

from hypothesis import given
from hypothesis import strategies as st

from skillextract.roles.difference import ItemPair, compare_profiles
from skillextract.roles.profile import ProfileItem, RoleProfile


def make_profile(name: str, *items: tuple[tuple[str, ...], tuple[str, ...]]) -> RoleProfile:
    made = tuple(
        ProfileItem(number=number, name=f"{name}{number}", skills=skills, similar=similar)
        for number, (skills, similar) in enumerate(items, start=1)
    )
    return RoleProfile(name=name, summary="s", source="s", items=made)


def show(pairs: tuple[ItemPair, ...]) -> list[tuple[str | None, str | None]]:
    return [(pair.first and pair.first.name, pair.second and pair.second.name) for pair in pairs]


def test_items_that_a_skill_meets_are_a_pair_and_others_stand_alone() -> None:
    first = make_profile("a", (("python",), ()), (("kafka", "rabbitmq"), ("nats",)), (("leadership",), ()))
    second = make_profile("b", (("sql",), ()), (("kafka",), ("pulsar",)), (("r",), ("python",)))
    found = compare_profiles(first, second)
    assert show(found.items) == [("a1", "b3"), ("a2", "b2"), ("a3", None), (None, "b1")]
    assert found.items[1] == ItemPair(
        first=first.items[1],
        second=second.items[1],
        both=("kafka",),
        only_first=("nats", "rabbitmq"),
        only_second=("pulsar",),
    )
    assert (found.both, found.only_first, found.only_second) == (
        ("kafka", "python"),
        ("leadership", "nats", "rabbitmq"),
        ("pulsar", "r", "sql"),
    )


def test_the_items_with_most_in_common_are_paired_first_and_each_once() -> None:
    first = make_profile("a", (("java",), ("go", "rust")), (("java", "cpp"), ("go",)))
    second = make_profile("b", (("java", "cpp"), ()))
    assert show(compare_profiles(first, second).items) == [("a1", None), ("a2", "b1")]


SKILLS = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=4, unique=True).map(tuple)
PROFILES = st.lists(SKILLS, min_size=1, max_size=5)


@given(PROFILES, PROFILES)
def test_every_item_stands_in_one_pair_and_every_skill_in_one_list(
    ours: list[tuple[str, ...]], theirs: list[tuple[str, ...]]
) -> None:
    first = make_profile("a", *((skills, ()) for skills in ours))
    second = make_profile("b", *((skills, ()) for skills in theirs))
    found = compare_profiles(first, second)
    assert [pair.first for pair in found.items if pair.first] == list(first.items)
    assert sorted(pair.second.number for pair in found.items if pair.second) == [item.number for item in second.items]
    assert all(pair.both for pair in found.items if pair.first and pair.second)
    for pair in found.items:
        assert set(pair.only_first) <= set(found.only_first)
        assert set(pair.only_second) <= set(found.only_second)
        assert {*pair.both, *pair.elsewhere} <= set(found.both)
    assert sorted((*found.both, *found.only_first)) == sorted(first.named_skills)
    assert sorted((*found.both, *found.only_second)) == sorted(second.named_skills)


@given(PROFILES)
def test_a_profile_does_not_differ_from_itself(items: list[tuple[str, ...]]) -> None:
    profile = make_profile("a", *((skills, ()) for skills in items))
    found = compare_profiles(profile, profile)
    assert (found.only_first, found.only_second) == ((), ())
