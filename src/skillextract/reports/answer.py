"""The answer in three sentences: what the market confirms, what it does not, what the profile lacks."""

from __future__ import annotations

from collections.abc import Sequence

from skillextract.reports.rows import ComparisonRow, join_names, state_share

NAMED_SKILLS = 5
"""How many missing skills the third sentence names."""

SAMPLE_LABEL = "SAMPLE"
SAMPLE_NOTICE = (
    "Invented postings that ship with the program. The numbers show how it works; they say nothing about a market."
)


def answer_in_sentences(rows: Sequence[ComparisonRow], *, role: str) -> list[str]:
    """The comparison in three sentences, or in one where there are too few postings.

    Args:
        rows: see `rows.read_comparison`.
        role: the role's name, as in `RoleProfile.name`.
    """
    items = [row for row in rows if row.level == "item"]
    missing = [row for row in rows if row.level == "missing"]
    if all(row.verdict == "too few postings" for row in items):
        return [f"There are too few postings of the role to compare it with its profile. {items[0].reason}"]
    return [_tell_confirmed(items, role), _tell_unconfirmed(items), _tell_missing(missing)]


def _tell_confirmed(items: Sequence[ComparisonRow], role: str) -> str:
    confirmed = sorted((row for row in items if row.verdict == "confirmed"), key=lambda row: -(row.share or 0))
    opening = f"Of the {len(items)} needs in the profile “{role}” the market confirms"
    if not confirmed:
        return f"{opening} none."
    count = "all" if len(confirmed) == len(items) else str(len(confirmed))
    return f"{opening} {count}: {join_names([_name_with_share(row) for row in confirmed])}."


def _tell_unconfirmed(items: Sequence[ComparisonRow]) -> str:
    weak = [_name_with_share(row) for row in items if row.verdict == "weak"]
    unseen = [row.name for row in items if row.verdict == "not seen"]
    if weak and unseen:
        return f"Seldom asked for: {join_names(weak)}; never: {join_names(unseen)}."
    if weak:
        return f"Seldom asked for: {join_names(weak)}."
    if unseen:
        return f"Never asked for: {join_names(unseen)}."
    return "None of them is seldom asked for."


def _tell_missing(missing: Sequence[ComparisonRow]) -> str:
    if not missing:
        return "The market asks for nothing often that the profile does not name."
    named = join_names([_name_with_share(row) for row in missing[:NAMED_SKILLS]])
    count = f"{len(missing)} skill{'' if len(missing) == 1 else 's'}"
    if len(missing) <= NAMED_SKILLS:
        return f"The profile leaves out {count} that the market often asks for: {named}."
    return f"The profile leaves out {count} that the market often asks for, most of all {named}."


def _name_with_share(row: ComparisonRow) -> str:
    return f"{row.name} ({state_share(row.share)})"
