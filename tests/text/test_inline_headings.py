"""Headings, bullets and items in the middle of lines whose breaks were lost. The texts are our own."""

import pytest

from skillextract.skills.pattern_files import find_patterns
from skillextract.text.inline_headings import InlineHeadings
from skillextract.text.section_files import load_section_rules
from skillextract.text.sections import SectionRules

_FILLER = (
    "We move parcels over night for people who have no time to wait for them, and we are proud of how few are lost. "
)


@pytest.fixture(scope="module")
def rules() -> SectionRules:
    return load_section_rules(find_patterns() / "sections.jsonl")


def _divide(rules: SectionRules, text: str) -> list[tuple[str, str]]:
    return [(line.section, text[line.start : line.end].strip()) for line in rules.divide(text)]


def test_headings_in_the_middle_of_a_long_line_open_their_sections(rules: SectionRules) -> None:
    text = (
        _FILLER * 3 + "Responsibilities Lead the sorting team in Azure Qualifications Required:3 years of Go."
        "Preferred Skills: Rust. Nice to have: Zig. Acme is an equal opportunity employer."
    )
    assert _divide(rules, text) == [
        ("intro", (_FILLER * 3).strip()),
        ("duties", "Responsibilities"),
        ("duties", "Lead the sorting team in Azure"),
        ("requirements", "Qualifications Required:"),
        ("requirements", "3 years of Go."),
        ("preferred", "Preferred Skills:"),
        ("preferred", "Rust."),
        ("preferred", "Nice to have:"),
        ("preferred", "Zig."),
        ("preferred", "Acme is an equal opportunity employer."),
    ]


def test_what_is_essential_and_what_is_desirable_are_told_apart_in_one_line(rules: SectionRules) -> None:
    text = (
        _FILLER * 3 + "Essential: - Java and some years of it. * Desirable: - A little Rust. - Experience with Kafka."
    )
    assert [(section, part) for section, part in _divide(rules, text) if part[-1] != ":"][1:] == [
        ("requirements", "- Java and some years of it. *"),
        ("preferred", "- A little Rust. - Experience with Kafka."),
    ]


def test_the_words_of_headings_in_sentences_open_nothing(rules: SectionRules) -> None:
    text = _FILLER * 3 + (
        "You take over the Responsibilities of a lead. Meet all Requirements Documents on time. Your Skills and the "
        "Benefits of sleep count. Knowledge of Technologies, Experience in Education."
    )
    assert _divide(rules, text) == [("undivided", text)]


def test_a_short_line_is_left_whole(rules: SectionRules) -> None:
    assert _divide(rules, "We sort. Responsibilities Lead the team.") == [
        ("undivided", "We sort. Responsibilities Lead the team.")
    ]


def test_items_that_are_glued_to_one_another_are_parted_and_names_are_not(rules: SectionRules) -> None:
    text = _FILLER * 3 + (
        "RequirementsExperience with PythonStrong knowledge of OneDrive and MathWorks toolsAbility to lead.Bachelor’s "
        "degreeWhat You'll NeedFamiliarity with Go"
    )
    assert _divide(rules, text)[1:] == [
        ("requirements", "Requirements"),
        ("requirements", "Experience with Python"),
        ("requirements", "Strong knowledge of OneDrive and MathWorks tools"),
        ("requirements", "Ability to lead."),
        ("requirements", "Bachelor’s degree"),
        ("requirements", "What You'll Need"),
        ("requirements", "Familiarity with Go"),
    ]


def test_glued_items_above_the_first_heading_are_what_they_begin_with(rules: SectionRules) -> None:
    text = _FILLER * 3 + "You joinBuild the sorting serviceExperience with Go. Requirements: Rust"
    assert [section for section, _ in _divide(rules, text)] == [
        "intro", "duties", "requirements", "requirements", "requirements",
    ]  # fmt: skip


def test_bullets_part_a_long_line_but_not_a_list_of_words(rules: SectionRules) -> None:
    text = _FILLER * 3 + "• Build the sorting service in Go • Run it on our own machines • Mentor those who join"
    assert [line for _, line in _divide(rules, text)][1:] == [
        "• Build the sorting service in Go",
        "• Run it on our own machines",
        "• Mentor those who join",
    ]
    words = " · ".join(["Python", "Go", "Rust", "Zig"] * 12)
    assert _divide(rules, words) == [("undivided", words)]


def test_the_parts_make_up_the_line() -> None:
    headings = InlineHeadings(
        ["Duties"],
        ["Requirements"],
        ["Skills"],
        ["is an equal"],
        ["strong"],
        items=["build"],
        is_heading=lambda _: True,
    )
    line = _FILLER * 3 + "Duties Build it. Skills: • GoStrong • Rust • Zig.Acme is an equal employer"
    assert "".join(headings.part(line)) == line
    assert headings.part("Duties Build it.") == ["Duties Build it."]
