"""The answer in three sentences, the same in every report."""

from __future__ import annotations

import pytest

from reports.builders import ITEMS, MISSING, ROLE, item, make_full_tables, make_tables, missing, total
from skillextract.reports.answer import answer_in_sentences, tell_absence, tell_basis, tell_more
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


def test_more_is_told_of_the_tables_that_are_there() -> None:
    assert tell_more(Report(make_tables())) == []
    assert tell_more(Report(make_full_tables())) == [
        "The profile covers 33% (30–37%) of all that postings ask for.",
        "Asked for more and more – Docker: +50.0 points (+40.0 to +60.0).",
        "The median of the pay that 12 postings by 9 employers state is EUR 65,000 (60,000–71,000) a year.",
    ]


def test_where_nothing_changed_the_surest_of_what_was_tested_is_told() -> None:
    change = {"axis": "month", "verdict": "steady", "change": 0.05, "change_low": -0.08, "change_high": 0.18}
    change["q_value"] = 0.6
    assert tell_more(Report(make_tables(trends=[{"skill": "go", "name": "Go", **change}]))) == [
        "No share changed more than chance explains; the surest of 1 skill tested at once is Go: +5.0 points "
        "(−8.0 to +18.0; q = 0.60, and 0.05 would tell)."
    ]


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
