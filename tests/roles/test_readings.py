"""How a title is taken apart."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillextract.errors import PatternError
from skillextract.roles.readings import Reading, TitleGrammar, parse_grammar
from skillextract.roles.titles import load_titles
from skillextract.skills.pattern_files import find_patterns

GRAMMAR = load_titles(find_patterns(), "machine-learning-engineer").grammar
SMALLEST = {
    "nouns": {"engineer": ["engineers?"]},
    "spellings": {"machine learning": ["ml"]},
    "words": {"compounds": ["platform"], "exclusive": ["engineer"], "ignored": ["senior"]},
    "separators": {"role": [";"], "list": [","], "alternative": ["/"], "aside": [":"], "of": ["@"], "with": ["~"]},
}


def phrases(title: str) -> list[str]:
    return [reading.phrase for reading in GRAMMAR.read(title)]


def test_a_reading_is_a_noun_phrase_and_what_qualifies_it() -> None:
    assert GRAMMAR.read("Senior ML-Engineer (m/w/d) - Search, Ranking") == [
        Reading("machine learning engineer", ("search", "ranking"))
    ]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("ML Engineer / Data Scientist", ["machine learning engineer", "data scientist"]),
        ("Data Scientist/Engineer", ["data scientist", "engineer", "data engineer"]),
        ("Data Scientists, Engineers", ["data scientist", "engineer"]),
        ("AI/ML Engineer", ["ai engineer", "machine learning engineer"]),
        ("Data, Backend and Frontend Engineers", ["backend engineer", "data engineer", "frontend engineer"]),
        ("Data & Analytics Platform Engineer", ["data platform engineer", "analytics platform engineer"]),
        ("Machine Learning (ML) Engineer", ["machine learning engineer", "machine learning engineer", "engineer"]),
        ("Backend - Software Engineer", ["backend software engineer", "software engineer"]),
        ("Backend Engineer; Data Scientist | SRE", ["backend engineer", "data scientist", "site reliability engineer"]),
    ],
)
def test_a_title_may_name_several_roles(title: str, expected: list[str]) -> None:
    assert phrases(title) == expected


@pytest.mark.parametrize(
    "title",
    [
        "Lead Data Engineer",
        "Data Engineer II",
        "Sr. Data Engineer (Remote)",
        "Data Engineer Intern",
        "Data Engineer - Working Student",
        "Data Engineer (f/m/x)",
        "Data-Engineer*in (m/w/d)",
        "Principal Data Engineers (multiple positions)",
        "Dateningenieur",
        "Dataingenieur / Data Engineer",
        "数据工程师",
        "データエンジニア",
    ],
)
def test_seniority_gender_number_and_language_change_nothing(title: str) -> None:
    assert phrases(title)[-1] == "data engineer"


def test_words_after_the_noun_qualify_it() -> None:
    assert GRAMMAR.read("Ingénieur Machine Learning") == [Reading("engineer", ("machine learning",))]
    assert GRAMMAR.read("Softwareentwickler Backend") == [Reading("software developer", ("backend",))]


def test_no_noun_behind_of_is_a_role() -> None:
    assert GRAMMAR.read("Head of Data Engineers") == [Reading("head", ("data engineer",))]


def test_what_is_asked_for_behind_with_is_passed_over() -> None:
    assert GRAMMAR.read("Fullstack Developer with DevOps experience") == [Reading("fullstack developer")]


def test_a_recruiter_leaves_no_role_behind() -> None:
    assert phrases("Technical Recruiter, Machine Learning Engineers") == ["technical recruiter"]
    assert phrases("Backend Engineer, Agile Coach") == ["backend engineer", "agile coach"]


def test_inside_brackets_nothing_sets_roles_apart() -> None:
    assert GRAMMAR.read("Research Scientist (C# | Machine Learning; MATLAB)") == [
        Reading("research scientist", ("c#", "machine learning", "matlab"))
    ]


def test_an_associate_is_a_noun_where_nothing_follows() -> None:
    assert phrases("Associate Data Scientist") == ["data scientist"]
    assert phrases("Research Associate - Data Science") == ["research assistant"]


def test_a_title_without_a_noun_names_fields() -> None:
    assert GRAMMAR.read("Backend; Machine Learning") == [
        Reading("backend", bare=True),
        Reading("machine learning", bare=True),
    ]


def test_three_fields_that_begin_a_title_are_roles_of_their_own() -> None:
    assert Reading("devops", bare=True) in GRAMMAR.read("Rails, iOS, DevOps, Data Scientists")
    assert not any(reading.bare for reading in GRAMMAR.read("Manager, Data Science, Programming and Visualization"))
    assert not any(reading.bare for reading in GRAMMAR.read("Software Engineer, DevOps"))
    assert not any(reading.bare for reading in GRAMMAR.read("Engineers: Android, iOS, Search, Machine Learning"))


@pytest.mark.parametrize("title", ["", "  ", "(m/f/d)", "Senior", "- / -", "€€€"])
def test_a_title_without_a_word_has_no_reading(title: str) -> None:
    assert GRAMMAR.read(title) == []


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "title", ["/" * 50_000, "(a | " * 8000, "a)" * 20_000, "Rails, " * 8000], ids=lambda title: title[:8]
)
def test_hostile_titles_take_no_time(title: str) -> None:
    assert all(reading.bare for reading in GRAMMAR.read(title))


def test_a_bracket_that_closes_lets_roles_be_set_apart_again() -> None:
    assert [reading.qualifiers for reading in GRAMMAR.read("Developer (Go | Rust) | Data Engineer")] == [
        ("go", "rust"),
        (),
    ]


@given(st.text(alphabet=st.sampled_from("aem LDS,;/|&()-–+ñ数\n\t 1"), max_size=60) | st.text(max_size=40))
def test_any_text_is_read_into_clean_phrases(title: str) -> None:
    for reading in GRAMMAR.read(title):
        assert reading.phrase == " ".join(reading.phrase.split())
        assert reading.phrase
        assert all(qualifier.strip() for qualifier in reading.qualifiers)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"nouns": None}, r"has no table \[nouns\]"),
        ({"nouns": {"engineer": "engineers?"}}, r"nouns.engineer is 'engineers\?'; expected a list"),
        ({"nouns": {"engineer": ["("]}}, r"\[spellings\]: no regular expression"),
        ({"spellings": {"machine learning": ["(ml)"]}}, r"a group that counts; write \(\?:…\)"),
        ({"separators": {"list": [","]}}, r"\[separators\] has list; expected role, list"),
        ({"words": {"ignored": ["senior"]}}, r"\[words\] has ignored; expected compounds, exclusive, ignored"),
        (
            {"words": {"compounds": ["a"], "exclusive": ["nurse"], "ignored": ["b"]}},
            "words.exclusive names nurse; expected keys of",
        ),
    ],
)
def test_a_broken_grammar_is_named(change: dict[str, object], message: str) -> None:
    assert isinstance(parse_grammar(SMALLEST, Path("titles.toml")), TitleGrammar)
    with pytest.raises(PatternError, match=rf"titles\.toml.*{message}"):
        parse_grammar({**SMALLEST, **change}, Path("titles.toml"))
