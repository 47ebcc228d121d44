"""Two reference profiles side by side: which items and skills both have, and which only one."""

from __future__ import annotations

import dataclasses

from skillextract.roles.profile import ProfileItem, RoleProfile


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ItemPair:
    """An item of each profile that ask for the same; one of them is None where only one profile asks.

    Attributes:
        first: the item of the first profile.
        second: the item of the second.
        both: ids of the skills that meet both items, sorted.
        only_first: ids of those that meet only the first, and that the second profile names nowhere.
        only_second: ids of those that meet only the second, and that the first profile names nowhere.
        elsewhere: ids of those that meet one of the two, and that the other profile names under another item.
    """

    first: ProfileItem | None
    second: ProfileItem | None
    both: tuple[str, ...]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    elsewhere: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ProfileDifference:
    """Two profiles compared.

    Attributes:
        first: the name of the first profile.
        second: the name of the second.
        items: pairs in the order of the first profile, then what only the second has, in its order.
        both: ids of the skills that both name, sorted.
        only_first: ids of those that only the first names.
        only_second: ids of those that only the second names.
    """

    first: str
    second: str
    items: tuple[ItemPair, ...]
    both: tuple[str, ...]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]


def compare_profiles(first: RoleProfile, second: RoleProfile) -> ProfileDifference:
    """What two profiles share, item by item and skill by skill.

    Two items are a pair where a skill meets both. Each item is in one pair at most: those with the most skills in
    common (of the skills that they name, then of all that meet them) are paired first. A skill is named by a profile
    when an item has it among `skills` or `similar`; whole families are not spelled out.
    """
    scores = []
    for a in first.items:
        for b in second.items:
            named, all_common = len({*a.skills} & {*b.skills}), len(_meets(a) & _meets(b))
            if all_common:
                scores.append((-named, -all_common, a.number, b.number))
    partners: dict[int, int] = {}
    for _, _, a_number, b_number in sorted(scores):
        if a_number not in partners and b_number not in partners.values():
            partners[a_number] = b_number
    by_number = {item.number: item for item in second.items}
    ours, theirs = first.named_skills, second.named_skills
    shared = ours & theirs
    pairs = [
        _pair(item, by_number[partners[item.number]] if item.number in partners else None, shared)
        for item in first.items
    ]
    pairs += [_pair(None, item, shared) for item in second.items if item.number not in partners.values()]
    return ProfileDifference(
        first=first.name,
        second=second.name,
        items=tuple(pairs),
        both=tuple(sorted(shared)),
        only_first=tuple(sorted(ours - theirs)),
        only_second=tuple(sorted(theirs - ours)),
    )


def _meets(item: ProfileItem) -> frozenset[str]:
    return frozenset((*item.skills, *item.similar))


def _pair(first: ProfileItem | None, second: ProfileItem | None, shared: frozenset[str]) -> ItemPair:
    ours = _meets(first) if first else frozenset()
    theirs = _meets(second) if second else frozenset()
    return ItemPair(
        first=first,
        second=second,
        both=tuple(sorted(ours & theirs)),
        only_first=tuple(sorted(ours - theirs - shared)),
        only_second=tuple(sorted(theirs - ours - shared)),
        elsewhere=tuple(sorted((ours ^ theirs) & shared)),
    )
