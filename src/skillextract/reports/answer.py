"""The answer in three sentences: what the market confirms, what it does not, what the profile lacks."""

from __future__ import annotations

from collections.abc import Sequence

from skillextract.market.wording import count_noun
from skillextract.reports.report import Report
from skillextract.reports.rows import ComparisonRow, join_names, state_interval, state_share

NAMED = 5
"""How many of a kind a sentence names, the most asked for first; the rest is a number."""

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


def tell_more(report: Report) -> list[str]:
    """What else the run found, a sentence a table; none for tables that are not there or say nothing."""
    told = []
    agreement = report.read_agreement().get("coverage")
    if agreement is not None and agreement["share"] is not None:
        interval = state_interval(agreement["share_low"], agreement["share_high"])
        told.append(f"The profile covers {state_share(agreement['share'])} ({interval}) of all that postings ask for.")
    verdicts = {row["name"]: row["verdict"] for row in report.read("trends") if row["axis"] == "month"}
    for verdict, opening in (("rises", "Asked for more and more"), ("falls", "Asked for less and less")):
        names = [name for name, found in verdicts.items() if found == verdict]
        if names:
            more = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
            told.append(f"{opening}: {join_names([*names[:NAMED], *more])}.")
    pay = [row for row in report.read("salary") if row["seniority"] == "all" and row["median"] is not None]
    for row in pay[:1]:
        interval = f"{row['median_low']:,.0f}–{row['median_high']:,.0f}"
        told.append(f"The median of the stated pay is {row['currency']} {row['median']:,.0f} ({interval}) a year.")
    return told


def tell_basis(report: Report) -> str:
    """What the answer was counted from, and what part of the market is missing."""
    total = report.total
    basis = (
        f"{count_noun(total['role_postings'], 'distinct posting')} of the role by "
        f"{count_noun(total['role_companies'], 'employer')}; snapshot {total['snapshot']}."
    )
    if total["set_apart"]:
        basis += f" Not counted, for they are not in English: {total['set_apart']:,}."
    if total["refused"]:
        basis += f" {count_noun(total['refused'], 'posting')} could not be read; `run_summary` says of which source."
    return f"{basis} Part of the market is missing: {total['message']}." if total["status"] != "ok" else basis


def _tell_confirmed(items: Sequence[ComparisonRow], role: str) -> str:
    confirmed = _pick(items, "confirmed")
    opening = f"Of the {len(items)} needs in the profile “{role}” the market confirms"
    if not confirmed:
        return f"{opening} none."
    count = "all" if len(confirmed) == len(items) else str(len(confirmed))
    return f"{opening} {count}: {_name_first(confirmed)}."


def _tell_unconfirmed(items: Sequence[ComparisonRow]) -> str:
    weak, unseen = _pick(items, "weak"), _pick(items, "not seen")
    told = []
    if weak:
        count = "one" if len(weak) == 1 else str(len(weak))
        told.append(f"for {count} the demand is too weak to be sure of: {_name_first(weak)}")
    if unseen:
        told.append(f"no posting asks for {join_names([row.name for row in unseen], 'or')}")
    if not told:
        return "Nothing in the profile goes unasked for."
    sentence = "; ".join(told)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _tell_missing(missing: Sequence[ComparisonRow]) -> str:
    if not missing:
        return "The market asks for nothing often that the profile does not name."
    count = f"{len(missing)} skill{'' if len(missing) == 1 else 's'}"
    if len(missing) <= NAMED:
        return f"The profile leaves out {count} that the market often asks for: {_name_first(missing)}."
    named = join_names([_name_with_share(row) for row in missing[:NAMED]])
    return f"The profile leaves out {count} that the market often asks for, most of all {named}."


def _pick(items: Sequence[ComparisonRow], verdict: str) -> list[ComparisonRow]:
    return sorted((row for row in items if row.verdict == verdict), key=lambda row: -(row.share or 0))


def _name_first(rows: Sequence[ComparisonRow]) -> str:
    """The first of the rows with their shares, and how many more there are."""
    more = len(rows) - NAMED
    names = [_name_with_share(row) for row in rows[: NAMED if more > 0 else None]]
    return join_names([*names, f"{more} more"] if more > 0 else names)


def _name_with_share(row: ComparisonRow) -> str:
    return f"{row.name} ({state_share(row.share)})"
