"""A profile drafted from what the market asks for."""

import pytest

from market.builders import REGISTRY, Ask, make_demand, make_tables
from skillextract.errors import LakeError
from skillextract.market.demand import Floor, gather_demand
from skillextract.market.draft import _FAMILY_WORDS, DraftRules, ProfileDraft, _name_item, draft_profile
from skillextract.market.evidence import read_texts_from
from skillextract.roles.lint import NamesInWords
from skillextract.skills.vocabulary import Vocabulary

RULES = DraftRules(floor=Floor(postings=10, companies=5), share=0.3, share_low=0.05)


def make_market() -> list[Ask]:
    """Twenty employers: all ask for Python, half for Kafka and a degree, some for RabbitMQ, one for NATS and Docker."""
    asks = []
    for number in range(20):
        skills = [("python", "required")]
        if number % 2:
            skills += [("kafka", "preferred"), ("phd", "required")]
        if number % 5 == 0:
            skills.append(("rabbitmq", "duty"))
        if number == 3:
            skills += [("nats", "duty"), ("docker", "duty")]
        asks.append(Ask(f"p{number:02}", f"Employer {number}", skills, url=f"https://example.org/{number}"))
    return asks


def draft(asks: list[Ask], rules: DraftRules = RULES) -> ProfileDraft:
    texts = read_texts_from(make_tables(asks)[0])
    return draft_profile(make_demand(asks), registry=REGISTRY, read_texts=texts, rules=rules)


def test_skills_that_enough_ask_for_become_items_by_family_the_most_asked_for_first() -> None:
    items = [drafted.item for drafted in draft(make_market()).items]
    assert [(item.number, item.name, item.skills, item.similar) for item in items] == [
        (1, "Python", ("python",), ()),
        (2, "Kafka", ("kafka",), ("rabbitmq",)),
    ]


def test_each_claim_rests_on_a_share_and_a_sentence() -> None:
    made = draft(make_market())
    assert (made.postings, made.companies) == (20, 20)
    python = made.items[0].skills[0]
    assert (python.name, python.postings, python.companies, python.share) == ("Python", 20, 20, 1.0)
    assert 0.8 < python.share_low < python.share_high == 1.0
    assert python.evidence is not None
    assert (python.evidence.sentence, python.evidence.url is not None) == ("You know Python well.", True)
    messaging = made.items[1].basis
    assert (messaging.postings, messaging.share) == (12, 0.6)


def test_degrees_are_qualifications_and_no_items() -> None:
    made = draft(make_market())
    assert made.qualifications is not None
    assert (made.qualifications.typical_degrees, [claim.name for claim in made.degrees]) == (("phd",), ["PhD"])
    assert draft([Ask(f"p{n}", f"E{n}", [("python", "required")]) for n in range(10)]).qualifications is None


def test_an_item_of_several_skills_is_named_after_its_family() -> None:
    asks = [Ask(f"p{n}", f"E{n}", [("python", "required"), ("java", "required")]) for n in range(10)]
    assert draft(asks).items[0].item.name == "Programming languages such as Java and Python"


def test_an_item_is_not_called_after_a_skill_that_it_lacks(
    vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ "Software engineering such as …" was refused by the check that the draft's reader is told to run."""
    monkeypatch.setattr("market.builders.REGISTRY", vocabulary.skills)
    asked = ("computer-science", "gpu-computing", "distributed-systems")
    assert {vocabulary.skills[skill].family for skill in asked} == {"concepts-software"}
    lacking, having = (
        [Ask(f"p{n}", f"E{n}", [(skill, "required") for skill in skills]) for n in range(10)]
        for skills in (asked, (*asked, "software-engineering"))
    )
    names = []
    for asks in (lacking, having):
        made = draft_profile(
            gather_demand(*make_tables(asks), registry=vocabulary.skills),
            registry=vocabulary.skills,
            read_texts=read_texts_from(make_tables(asks)[0]),
            rules=RULES,
        )
        (drafted,) = made.items
        assert NamesInWords(vocabulary.skills).find_unmet(drafted.item) == []
        assert drafted.basis.name == drafted.item.name
        names.append(drafted.item.name)
    listed = "Computer science, Distributed systems and GPU computing"
    assert names == [listed, f"Software engineering such as {listed}"]


@pytest.mark.parametrize(
    ("family", "names", "expected"),
    [
        ("databases", ["PostgreSQL"], "PostgreSQL"),
        ("concepts-machine-learning", ["Machine learning", "RAG"], "Machine learning such as RAG"),
        ("concepts-mathematics-statistics", ["Mathematics", "Statistics"], "Mathematics and statistics"),
        ("cloud-gcp", ["Google Cloud Platform", "Google BigQuery"], "Google Cloud Platform such as Google BigQuery"),
        ("messaging", ["A", "B", "C", "D"], "Messaging systems such as A, B and C"),
    ],
)
def test_an_items_name_reads_well_and_names_nothing_twice(family: str, names: list[str], expected: str) -> None:
    assert _name_item(family, names) == expected


def test_families_that_are_named_in_words_are_families_of_the_registry(vocabulary: Vocabulary) -> None:
    families = {skill.family for skill in vocabulary.skills.values()}
    assert _FAMILY_WORDS.keys() - families == set()
    assert [family for family in families if family.count("-") > 2 and family not in _FAMILY_WORDS] == []


def test_too_few_postings_are_refused() -> None:
    with pytest.raises(LakeError, match="the role has 9 postings of 9 employers, expected at least 10 of 5"):
        draft(make_market()[:9])


def test_a_market_that_asks_for_nothing_is_refused() -> None:
    with pytest.raises(LakeError, match="no skill is asked for by 30%"):
        draft([Ask(f"p{n}", f"E{n}") for n in range(10)])
