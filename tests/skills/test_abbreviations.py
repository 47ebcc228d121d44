"""Abbreviations that a posting explains for itself."""

from __future__ import annotations

import pytest

from skillextract.skills.abbreviations import Abbreviations
from skillextract.skills.matcher import SkillMatcher


@pytest.fixture
def abbreviations(matcher: SkillMatcher) -> Abbreviations:
    return Abbreviations(matcher.vocabulary.patterns)


@pytest.mark.parametrize(
    ("text", "explained"),
    [
        ("our Corporate Risk Management (CRM) group", {"CRM": ("corporate", "risk", "management")}),
        ("the Bill of Materials (BOM)", {"BOM": ("bill", "of", "materials")}),
        ("our go-to-market (GTM) plan", {"GTM": ("go", "to", "market")}),
        ("Points of Presence (PoPs)", {"PoP": ("points", "of", "presence")}),
        ("Go (K8S) and Python (ETL)", {}),
        ("Safety\nManagement Team (SMT)", {}),
        ("SQL and no brackets", {}),
        ("", {}),
    ],
)
def test_what_brackets_abbreviate_is_told_word_by_word(
    abbreviations: Abbreviations, text: str, explained: dict[str, tuple[str, ...]]
) -> None:
    plurals = {f"{name}s": words for name, words in explained.items()}
    assert abbreviations.find_explained(text) == explained | plurals


@pytest.mark.parametrize(
    ("text", "is_foreign"),
    [
        ("Corporate Risk Management (CRM)", True),
        ("Customer Relationship Management (CRM)", False),
        ("Customer Relations Management (CRM)", False),
        ("Corporate Reach (CR) and no more", False),
        ("no brackets at all", False),
    ],
)
def test_an_abbreviation_is_foreign_where_it_spells_out_something_else(
    abbreviations: Abbreviations, text: str, is_foreign: bool
) -> None:
    assert abbreviations.is_foreign("CRM", "crm", abbreviations.find_explained(text)) is is_foreign


def test_a_skill_that_no_pattern_spells_out_is_believed(abbreviations: Abbreviations) -> None:
    assert not abbreviations.is_foreign("SQ", "python", {"SQ": ("some", "query")})


def test_a_foreign_abbreviation_is_none_in_the_whole_posting(matcher: SkillMatcher) -> None:
    text = "CRM is ours.\nOur Corporate Risk Management (CRM) group uses Kafka.\n- Know CRM and Go"
    found = [mention.surface for mention in matcher.find_mentions("1", "", text)]
    assert found == ["Risk Management", "Kafka", "Go"]
    assert [reason.mention.surface for reason in matcher.explain_mentions("1", "", text)] == found
    other = text.replace("Corporate Risk", "Customer Relationship")
    assert [mention.surface for mention in matcher.find_mentions("2", "", other)].count("CRM") == 3


def test_of_two_letters_one_word_is_enough(abbreviations: Abbreviations) -> None:
    assert not abbreviations.is_foreign(
        "QA", "quality-assurance", abbreviations.find_explained("Quality Analysis (QA)")
    )
    assert abbreviations.is_foreign("QA", "quality-assurance", abbreviations.find_explained("Quiet Anchors (QA)"))
