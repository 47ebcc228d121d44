"""The answer in three sentences: what the market confirms, what it does not, what the profile lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from skillextract.market.comparison import leans_on_others
from skillextract.market.wording import count_noun
from skillextract.posting import key_company
from skillextract.reports.behind import ROLE
from skillextract.reports.movement import EARLY, tell_change, tell_surest, warn_of_axis
from skillextract.reports.report import Report
from skillextract.reports.rows import ComparisonRow, join_names, state_interval, state_share

OWN_CODE = frozenset(
    {"run_summary", "role", "min_companies", "company", 'company = "…"', 'columns = { company = "…" }'}
)
"""What the sentences below put between backquotes: code of ours, and no text of a posting."""

NAMED = 5
"""How many of a kind a sentence names, the most asked for first; the rest is a number."""

MOVED = 3
"""How many skills that rise, and that fall, a sentence names; each has its numbers."""

LARGEST = 3
"""So many employers, those with the most postings, are named with what they have of all postings."""

SAMPLE_LABEL = "SAMPLE"
SAMPLE_NOTICE = (
    "Invented postings that ship with the program. The numbers show how it works; they say nothing about a market."
)


Part: TypeAlias = tuple[str, ComparisonRow | str | None]
"""A stretch of a sentence; a number comes with the row that it stands in, or the part of the page that lists the rows
which it counts."""


def answer_in_sentences(rows: Sequence[ComparisonRow], *, role: str) -> list[str]:
    """The comparison in three sentences, or in one where there are too few postings.

    Args:
        rows: see `rows.read_comparison`.
        role: the role's name, as in `RoleProfile.name`.
    """
    return ["".join(text for text, _ in sentence) for sentence in answer_in_parts(rows, role=role)]


def answer_in_parts(rows: Sequence[ComparisonRow], *, role: str) -> list[list[Part]]:
    """The same sentences in stretches, so that their numbers can lead to what they were counted from."""
    items = [row for row in rows if row.level == "item"]
    missing = [row for row in rows if row.level == "missing"]
    if all(row.verdict == "too few postings" for row in items):
        reason = items[0].reason
        return [
            [("There are too few postings of the role to compare it with its profile. ", None), (reason, "coverage")]
        ]
    named: dict[int | None, list[str]] = {}
    for row in rows:
        if row.level == "skill":
            named.setdefault(row.item_number, []).append(row.name)
    itself = [row for row in rows if row.level == "role"]
    return [_tell_confirmed(items, named, role), _tell_unconfirmed(items), _tell_missing(missing, itself)]


def tell_more(report: Report) -> list[str]:
    """What else the run found, a sentence a table; none for tables that are not there or say nothing."""
    told = []
    agreement = report.read_agreement().get("coverage")
    if agreement is not None and agreement["share"] is not None:
        interval = state_interval(agreement["share_low"], agreement["share_high"])
        told.append(f"The profile covers {state_share(agreement['share'])} ({interval}) of all that postings ask for.")
    if agreement is not None and agreement["profile_source"] is not None:
        told.append(f"The profile's source: {agreement['profile_source'].rstrip('.')}.")
    told += _tell_trends({row["name"]: row for row in report.read("trends") if row["axis"] != "snapshot"})
    pay = [row for row in report.read("salary") if row["seniority"] == "all" and row["median"] is not None]
    for row in pay[:1]:
        interval = f"{row['median_low']:,.0f}–{row['median_high']:,.0f}"
        stated = f"{count_noun(row['postings'], 'posting')} by {count_noun(row['companies'], 'employer')}"
        middle = f"{row['currency']} {row['median']:,.0f} ({interval}) a year"
        told.append(f"The median of the pay that {stated} state is {middle}.")
    return told


def _tell_trends(changes: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What rises, falls and moves between which shares, the surest first; where nothing does, the surest of them.

    Runs of an older version did not keep the observed shares; of them nothing is told.
    """
    told = []
    tested = {name: row for name, row in changes.items() if row["last_period"] is not None}
    for verdict, opening in (
        ("rises", "Asked for more and more"),
        ("falls", "Asked for less and less"),
        ("changes", "Moved up and down by more than chance explains"),
    ):
        names = [f"{name}: {tell_change(row)}" for name, row in tested.items() if row["verdict"] == verdict]
        if names:
            more = [f"{len(names) - MOVED} more"] if len(names) > MOVED else []
            told.append(f"{opening} – {'; '.join([*names[:MOVED], *more])}.")
    steady = [(name, row) for name, row in tested.items() if row["verdict"] == "steady"]
    if not told and steady:
        name, row = steady[0]
        of = f"of {count_noun(len(steady), 'skill')} tested at once"
        surest = tell_surest(row, len(steady))
        told.append(f"No share changed more than chance explains; the surest {of} is {name}: {surest}.")
    if told:
        told.append(warn_of_axis(next(iter(tested.values()))["axis"]))
    elif changes and any(row["verdict"] == "too few postings" for row in changes.values()):
        told.append(f"No change over time was tested: {EARLY}.")
    return told


def tell_basis(report: Report) -> str:
    """What the answer was counted from, and what part of the market is missing."""
    total = report.total
    told = [
        f"{count_noun(total['role_postings'], 'distinct posting')} of the role “{total['role']}” by "
        f"{count_noun(total['role_companies'], 'employer')}; snapshot {total['snapshot']}.",
        tell_largest_employers(report),
        tell_unnamed(report),
        tell_absence(report),
        _tell_left_out(total),
        f"Part of the market is missing: {total['message']}." if total["status"] != "ok" else "",
    ]
    return " ".join(sentence for sentence in told if sentence)


def tell_absence(report: Report) -> str:
    """Why there is no posting of the role: what was read instead, and what to do; empty where there is one."""
    total = report.total
    if total["role_postings"] or not total["postings"]:
        return ""
    near = [f"{row['neighbour']} ({row['postings']:,})" for row in report.read("neighbours")]
    apart = f", but for {total['set_apart']:,} not in English" if total["set_apart"] else ""
    told = f"{count_noun(total['postings'], 'posting')} read, none of them of the role by its title{apart}"
    told += f"; near roles: {', '.join(near[:NAMED])}. " if near else ", nor of a role near it. "
    return told + "Set `role` to the role of these postings, or add sources that have postings of this one."


def _tell_left_out(total: Mapping[str, Any]) -> str:
    """The postings that were read and are in no count, by the reason."""
    reasons = (
        ("set_apart", "that is not in English", "that are not in English"),
        ("refused", "that could not be read", "that could not be read"),
        ("repeated", "whose id came before in its source", "whose ids came before in their source"),
    )
    told = [
        f"{count_noun(total[column], 'posting')} {one if total[column] == 1 else many}"
        for column, one, many in reasons
        if total[column]  # None in reports of older versions, which do not count every reason apart
    ]
    return f"Left out: {', '.join(told)}; `run_summary` says of which source." if told else ""


def tell_largest_employers(report: Report) -> str:
    """What the largest employers have of the postings; empty where no run kept it, or where there are hardly others.

    Postings that state no employer are none of them: of whom they are is not known.
    """
    kept = report.evidence_by_number.get((*ROLE[:2], "role_companies"), ())
    if len(kept) < LARGEST or report.total["role_companies"] <= LARGEST:
        return ""
    employers = [entry for entry in kept if key_company(entry["company"])][:LARGEST]
    postings, count = report.total["role_postings"], sum(entry["of_employer"] or 0 for entry in employers)
    if len(employers) < LARGEST and count == len(employers):
        return ""  # One posting each is what everyone has who is not named.
    part = f"{count:,} of them ({state_share(count / postings)})"
    if len(employers) == 1:
        return f"{employers[0]['company']} alone has {part}."
    names = [f"{entry['company']} {entry['of_employer']:,}" for entry in employers]
    return f"The {len(employers)} largest have {part}: {join_names(names)}."


def tell_unnamed(report: Report) -> str:
    """How many of the role's postings state no employer; empty where all do, and of runs that did not count it."""
    unnamed = report.total["role_unnamed"]
    if not unnamed:
        return ""
    states = "states no employer and counts as an employer of its own"
    many = "state no employer, and each counts as an employer of its own"
    return f"{count_noun(unnamed, 'posting')} {states if unnamed == 1 else many}."


def warn_of_unnamed(report: Report) -> str:
    """That the number of employers says nothing, and what to do, where most postings state none; else empty."""
    unnamed, postings = report.total["role_unnamed"] or 0, report.total["role_postings"]
    if 2 * unnamed <= postings:
        return ""
    return (
        f"{unnamed:,} of {count_noun(postings, 'posting')} {'states' if unnamed == 1 else 'state'} no employer: the "
        "number of employers and its floor (`min_companies`) say nothing then, and intervals may be too narrow. Name "
        'the employers: `company = "…"` of the source in the settings, or for a file its column (`company`, or '
        '`columns = { company = "…" }`).'
    )


def _tell_confirmed(items: Sequence[ComparisonRow], named: Mapping[int | None, Sequence[str]], role: str) -> list[Part]:
    confirmed = _pick(items, "confirmed")
    opening: list[Part] = [("Of the ", None), (str(len(items)), "profile")]
    opening.append((f" needs in the profile “{role}” the market confirms ", None))
    if not confirmed:
        return [*opening, ("none.", None)]
    count = "all" if len(confirmed) == len(items) else str(len(confirmed))
    return [*opening, (count, "profile"), (": ", None), *_name_first(confirmed, named), (".", None)]


def _tell_unconfirmed(items: Sequence[ComparisonRow]) -> list[Part]:
    weak, unseen = _pick(items, "weak"), _pick(items, "not seen")
    told: list[Part] = []
    if weak:
        count = "one" if len(weak) == 1 else str(len(weak))
        told += [("For ", None), (count, "profile"), (" the demand is too weak to be sure of: ", None)]
        told += _name_first(weak)
    if unseen:
        opening = "; no" if told else "No"
        told.append((f"{opening} posting asks for {join_names([row.name for row in unseen], 'or')}", None))
    return [*told, (".", None)] if told else [("Nothing in the profile goes unasked for.", None)]


def _tell_missing(missing: Sequence[ComparisonRow], itself: Sequence[ComparisonRow]) -> list[Part]:
    """What the profile leaves out; what is the role itself is told apart, for it says nothing of a profile."""
    apart: list[Part] = []
    if itself:
        counted = f" {'is' if len(itself) == 1 else 'are'} the role itself and not counted among them."
        apart = [(" ", None), *_name_all(itself), (counted, None)]
    if not missing:
        return [("The market asks for nothing often that the profile does not name.", None), *apart]
    count = f"{len(missing)} skill{'' if len(missing) == 1 else 's'}"
    few = len(missing) <= NAMED
    often = f" that the market often asks for{': ' if few else ', most of all '}"
    return [
        ("The profile leaves out ", None),
        (count, "missing"),
        (often, None),
        *_name_all(missing[:NAMED]),
        (".", None),
        *apart,
    ]


def _pick(items: Sequence[ComparisonRow], verdict: str) -> list[ComparisonRow]:
    return sorted((row for row in items if row.verdict == verdict), key=lambda row: -(row.share or 0))


def _name_first(rows: Sequence[ComparisonRow], named: Mapping[int | None, Sequence[str]] | None = None) -> list[Part]:
    """The first of the rows with their shares, and how many more there are."""
    more = len(rows) - NAMED
    return _name_all(rows[:NAMED], [f"{more} more"] if more > 0 else [], named)


def _name_all(
    rows: Sequence[ComparisonRow],
    further: Sequence[str] = (),
    named: Mapping[int | None, Sequence[str]] | None = None,
) -> list[Part]:
    """Rows with their shares as a list in a sentence.

    Args:
        rows: what is named.
        further: what the list ends with.
        named: names of the skills that each item names, by its number, for items that lean on similar ones.
    """
    names: list[list[Part]] = [
        [(f"{row.name} (", None), (state_share(row.share), row), *_tell_alone(row, named or {}), (")", None)]
        for row in rows
    ]
    names += [[(name, "profile")] for name in further]
    told: list[Part] = []
    for place, name in enumerate(names):
        if place:
            told.append((" and " if place == len(names) - 1 else ", ", None))
        told += name
    return told


def _tell_alone(row: ComparisonRow, named: Mapping[int | None, Sequence[str]]) -> list[Part]:
    """The share of what an item names itself, where the item is confirmed by others; else nothing."""
    names = named.get(row.item_number)
    if not names or not leans_on_others(row.verdict, row.share, row.verdict_named, row.share_named):
        return []
    itself = "itself" if len(names) == 1 else "themselves"
    return [(f", {join_names(names)} {itself} ", None), (state_share(row.share_named), "profile")]
