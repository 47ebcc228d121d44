"""What part of a count hangs on its largest employer."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from skillextract.market.demand import Demand
from skillextract.market.wording import format_share

TOLD_PART = 0.2
"""The largest employer of a count is told where it has this part of the postings, and at least `TOLD_POSTINGS`."""
TOLD_POSTINGS = 3


def find_largest(demand: Demand, groups: Sequence[Collection[str]]) -> list[tuple[str, int]]:
    """The employer with the most of the postings that ask for each group of skills.

    Returns:
        For each group the employer as it is stated first ("one employer" where it is not), and how many distinct
        postings of it ask; 0 where nobody asks. Of equals the first by name.
    """
    found = [("one employer", 0)] * len(groups)
    employers = demand.employers
    names = demand.postings["company"]
    for block, asks in demand.select_groups(groups):
        posting, group = asks["posting"].to_numpy(), asks["group"].to_numpy(dtype=np.int64)
        firsts = np.searchsorted(group, np.arange(len(block) + 1))
        for number in range(len(block)):
            own = posting[firsts[number] : firsts[number + 1]]
            if len(own):
                _, starts, counts = np.unique(employers[own], return_index=True, return_counts=True)
                largest = int(counts.argmax())
                stated = names.iloc[int(own[starts[largest]])]
                name = stated if isinstance(stated, str) else "one employer"
                found[block.start + number] = (name, int(counts[largest]))
    return found


def tell_largest(name: str, count: int, postings: int) -> str:
    """What the largest employer has of a count, as a sentence behind another; empty where that is little.

    Example:
        >>> [tell_largest("Acme", 6, 48), tell_largest("Acme", 6, 20)]
        ['', ' Acme alone has 6 of the 20 (30%).']
    """
    if count < TOLD_POSTINGS or count < TOLD_PART * postings:
        return ""
    return f" {name} alone has {count} of the {postings} ({format_share(count / postings)})."
