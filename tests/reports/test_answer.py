"""The answer in three sentences, the same in every report."""

from __future__ import annotations

import pytest

from reports.builders import (
    ITEMS,
    MISSING,
    ROLE,
    behind,
    end_of_trend,
    item,
    make_full_tables,
    make_tables,
    missing,
    quote,
    total,
)
from skillextract.reports.answer import answer_in_sentences, tell_absence, tell_basis, tell_more, warn_of_unnamed
from skillextract.reports.report import Report


def answer(*rows: dict[str, object]) -> list[str]:
    return answer_in_sentences(Report(make_tables(rows)).rows, role=ROLE)


def test_three_sentences_say_what_is_confirmed_what_is_not_and_what_is_missing() -> None:
    assert answer(*ITEMS, *MISSING) == [
        "Of the 3 needs in the profile “Machine learning engineer” the market confirms 1: Python (90%).",
        "For one the demand is too weak to be sure of: Messaging systems (10%); "
        "no posting asks for Attention to detail.",
        "The profile leaves out 1 skill that the market often asks for: Docker (50%).",
    ]


def test_the_most_asked_for_are_named_first_and_the_rest_is_a_number() -> None:
    confirmed = [item(number, f"Need {number}", "confirmed", 10 + number) for number in range(1, 9)]
    left_out = [missing(f"skill-{number}", f"Skill {number}", 60 - number) for number in range(7)]
    assert answer(*confirmed, *left_out) == [
        "Of the 8 needs in the profile “Machine learning engineer” the market confirms all: "
        "Need 8 (30%), Need 7 (28%), Need 6 (27%), Need 5 (25%), Need 4 (23%) and 3 more.",
        "Nothing in the profile goes unasked for.",
        "The profile leaves out 7 skills that the market often asks for, most of all "
        "Skill 0 (100%), Skill 1 (98%), Skill 2 (97%), Skill 3 (95%) and Skill 4 (93%).",
    ]


def test_an_unconfirmed_profile_that_lacks_nothing() -> None:
    assert answer(item(1, "Python", "not seen", 0), item(2, "Java", "not seen", 0)) == [
        "Of the 2 needs in the profile “Machine learning engineer” the market confirms none.",
        "No posting asks for Python or Java.",
        "The market asks for nothing often that the profile does not name.",
    ]


def test_too_few_postings_are_one_sentence() -> None:
    assert answer(item(1, "Python", "too few postings", 2, reason="The role has 2 postings.")) == [
        "There are too few postings of the role to compare it with its profile. The role has 2 postings."
    ]


def test_an_item_that_others_confirm_is_told_with_what_it_names_itself() -> None:
    leaning = item(1, "Language such as Java", "confirmed", 36, share_named=0.13, verdict_named="confirmed")
    named = item(1, "Java", "confirmed", 8, level="skill", item="Language such as Java")
    own = item(2, "Messaging", "confirmed", 30, share_named=0.4, verdict_named="confirmed")
    assert answer(leaning, named, own)[0] == (
        "Of the 2 needs in the profile “Machine learning engineer” the market confirms all: Language such as Java "
        "(60%, Java itself 13%) and Messaging (50%)."
    )


def test_what_is_the_role_itself_is_told_apart() -> None:
    itself = missing("machine-learning", "Machine learning", 54, level="role", verdict="the role itself")
    assert answer(*ITEMS, *MISSING, itself)[2] == (
        "The profile leaves out 1 skill that the market often asks for: Docker (50%). Machine learning (90%) is the "
        "role itself and not counted among them."
    )


def test_the_largest_employers_and_the_source_of_the_profile_are_told() -> None:
    entries = [
        quote("", "", company=name, of_employer=count) for name, count in (("Acme", 6), ("Globex", 5), ("Initech", 1))
    ]
    rows = behind("all sources", *entries, table="run_summary", column="role_companies")
    source = {"figure": "coverage", "counted": 1, "total": 2, "share": 0.5, "share_low": 0.4, "share_high": 0.6}
    report = Report(
        make_tables(evidence=rows, profile_agreement=[{**source, "profile_source": "Our own draft of postings"}])
    )
    assert tell_basis(report) == (
        "60 distinct postings of the role “Machine learning engineer” by 20 employers; snapshot 2026-07-01T120000Z. "
        "The 3 largest have 12 of them (20%): Acme 6, Globex 5 and Initech 1."
    )
    assert tell_more(report)[1] == "The profile's source: Our own draft of postings."


@pytest.mark.parametrize(
    ("employers", "unnamed", "told"),
    [
        ([(None, 1)] * 3, 60, "60 postings state no employer, and each counts as an employer of its own."),
        (
            [("Acme", 6), ("Globex", 5), (" ", 1)],
            49,
            "The 2 largest have 11 of them (18%): Acme 6 and Globex 5. "
            "49 postings state no employer, and each counts as an employer of its own.",
        ),
        (
            [("Acme", 6), (None, 1), ("Globex", 1), (None, 1), ("Initech", 1)],
            2,
            "The 3 largest have 8 of them (13%): Acme 6, Globex 1 and Initech 1. "
            "2 postings state no employer, and each counts as an employer of its own.",
        ),
        (
            [("Acme", 6), (None, 1), (None, 1)],
            1,
            "Acme alone has 6 of them (10%). 1 posting states no employer and counts as an employer of its own.",
        ),
        ([("Acme", 1), (None, 1), (None, 1)], None, ""),
    ],
)
def test_postings_without_an_employer_are_none_of_the_largest_and_are_counted_apart(
    employers: list[tuple[str | None, int]], unnamed: int | None, told: str
) -> None:
    """ "The 3 largest have 3 of them: not stated 1, not stated 1 and not stated 1" was once told of twelve postings."""
    entries = [quote("", "", company=name, of_employer=count) for name, count in employers]
    rows = behind("all sources", *entries, table="run_summary", column="role_companies")
    basis = tell_basis(Report(make_tables(totals=total(role_unnamed=unnamed), evidence=rows)))
    assert basis.partition("snapshot 2026-07-01T120000Z.")[2].strip() == told


@pytest.mark.parametrize(("unnamed", "is_warned"), [(None, False), (0, False), (30, False), (31, True), (60, True)])
def test_where_most_postings_state_no_employer_it_is_said_what_that_spoils_and_how_to_name_them(
    unnamed: int | None, is_warned: bool
) -> None:
    told = warn_of_unnamed(Report(make_tables(totals=total(role_unnamed=unnamed))))
    assert told == (
        f"{unnamed} of 60 postings state no employer: the number of employers and its floor (`min_companies`) say "
        'nothing then, and intervals may be too narrow. Name the employers: `company = "…"` of the source in the '
        'settings, or for a file its column (`company`, or `columns = { company = "…" }`).'
        if is_warned
        else ""
    )


def test_more_is_told_of_the_tables_that_are_there() -> None:
    assert tell_more(Report(make_tables())) == []
    assert tell_more(Report(make_full_tables())) == [
        "The profile covers 33% (30–37%) of all that postings ask for.",
        "Asked for more and more – Docker: 10% (January 2026, 0–20%) → 60% (June 2026, 50–70%).",
        "A month holds only what was still listed when it was read: of boards that take postings down, what stayed "
        "open longest.",
        "The median of the pay that 12 postings by 9 employers state is EUR 65,000 (60,000–71,000) a year.",
    ]


@pytest.mark.parametrize(
    ("p_value", "q_value", "why"),
    [
        (0.6, 0.7, "alone, too, that is within chance (p = 0.60)"),
        (
            0.02,
            0.78,
            "alone it would look like a change (p = 0.02), among 2 tested at once it is to be expected (q = 0.78)",
        ),
    ],
)
def test_where_nothing_changed_the_surest_is_told_without_an_interval_that_says_otherwise(
    p_value: float, q_value: float, why: str
) -> None:
    """ "−85.6 points (−100.0 to −32.5)" once stood behind "no share changed"."""
    told = {"axis": "month", "verdict": "steady", "change": -0.86, "change_low": -1.0, "change_high": -0.33}
    told |= {"p_value": p_value, "q_value": q_value}
    told |= {**end_of_trend("first", "2026-01", 24), **end_of_trend("last", "2026-04", 6)}
    few = {"axis": "month", "verdict": "too few postings", "skill": "c", "name": "C"}
    rows = [{"skill": "go", "name": "Go", **told}, {"skill": "java", "name": "Java", **told}, few]
    assert tell_more(Report(make_tables(trends=rows)))[0] == (
        "No share changed more than chance explains; the surest of 2 skills tested at once is Go: "
        f"40% (January 2026, 30–50%) → 10% (April 2026, 0–20%); {why}."
    )


def test_too_few_periods_for_a_test_are_said_and_old_runs_that_kept_no_shares_say_nothing() -> None:
    few = {"axis": "month", "verdict": "too few postings", "skill": "c", "name": "C"}
    assert tell_more(Report(make_tables(trends=[few]))) == [
        "No change over time was tested: fewer than 4 months, quarters or years have enough dated postings."
    ]
    old = {"axis": "month", "verdict": "rises", "skill": "c", "name": "C", "change": 0.6, "q_value": 0.01}
    assert tell_more(Report(make_tables(trends=[old]))) == []


def test_a_share_that_turned_is_told_from_its_turn() -> None:
    turned = {
        "axis": "quarter",
        "verdict": "falls",
        "skill": "c",
        "name": "C",
        "turned_at": "2025-Q3",
        "turn_share": 0.7,
    }
    ends = {**end_of_trend("first", "2024-Q1", 6), **end_of_trend("last", "2026-Q1/2026-Q2", 24)}
    assert tell_more(Report(make_tables(trends=[turned | ends])))[0] == (
        "Asked for less and less – C: 70% (around Q3 2025) → 40% (Q1 2026 to Q2 2026, 30–50%)."
    )


@pytest.mark.parametrize(
    ("totals", "sentence"),
    [
        ({}, f"60 distinct postings of the role “{ROLE}” by 20 employers; snapshot 2026-07-01T120000Z."),
        (
            {"status": "partial", "message": "without lever:acme", "role_postings": 1, "role_companies": 1},
            f"1 distinct posting of the role “{ROLE}” by 1 employer; snapshot 2026-07-01T120000Z. "
            "Part of the market is missing: without lever:acme.",
        ),
        (
            {"refused": 1, "set_apart": 1_200},
            f"60 distinct postings of the role “{ROLE}” by 20 employers; snapshot 2026-07-01T120000Z. "
            "Left out: 1,200 postings that are not in English, 1 posting that could not be read; "
            "`run_summary` says of which source.",
        ),
        (
            {"set_apart": 1, "repeated": 9},
            f"60 distinct postings of the role “{ROLE}” by 20 employers; snapshot 2026-07-01T120000Z. "
            "Left out: 1 posting that is not in English, 9 postings whose ids came before in their source; "
            "`run_summary` says of which source.",
        ),
    ],
)
def test_the_basis_says_what_is_missing(totals: dict[str, object], sentence: str) -> None:
    assert tell_basis(Report(make_tables(totals=total(**totals)))) == sentence


def test_where_no_posting_is_of_the_role_it_is_told_what_they_are_instead() -> None:
    none = {"postings": 3, "role_postings": 0, "role_companies": 0}
    near = [{"neighbour": "Data engineer", "postings": 3, "companies": 2, "titles": ["Data Engineer"]}]
    advice = "Set `role` to the role of these postings, or add sources that have postings of this one."
    told = tell_absence(Report(make_tables(totals=total(**none), neighbours=near)))
    assert told == (f"3 postings read, none of them of the role by its title; near roles: Data engineer (3). {advice}")
    assert told in tell_basis(Report(make_tables(totals=total(**none), neighbours=near)))
    assert tell_absence(Report(make_tables(totals=total(**none, set_apart=2), neighbours=[]))) == (
        "3 postings read, none of them of the role by its title, but for 2 not in English, nor of a role near it. "
        + advice
    )
    assert tell_absence(Report(make_tables(neighbours=near))) == ""
