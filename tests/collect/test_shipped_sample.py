"""What the sample must hold, so that it shows what the program does with real postings."""

import html
import itertools
import json
import re
from collections import Counter
from typing import Any

import pytest

from conftest import REPOSITORY
from skillextract.collect.deduplicate import find_duplicates
from skillextract.collect.gather import stream_source
from skillextract.errors import PostingError
from skillextract.posting import Posting, PostingDraft
from skillextract.roles.titles import load_titles
from skillextract.settings import SampleSource
from skillextract.skills.matcher import SkillMatcher
from skillextract.skills.pattern_files import find_patterns
from skillextract.text.render import render_posting

GOLD = [
    json.loads(line)
    for line in (REPOSITORY / "tests" / "data" / "gold" / "sample.jsonl").read_text(encoding="utf-8").splitlines()
]
KINDS = {"tool", "concept", "soft", "degree", "language", "in_title"}
REQUIREMENTS = {"required", "preferred", "duty", "context", "negated"}


@pytest.fixture(scope="module")
def items() -> list[PostingDraft | PostingError]:
    return list(stream_source(SampleSource(), session=None, keep=lambda payload: payload.url))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def postings(items: list[PostingDraft | PostingError]) -> list[Posting]:
    return [render_posting(item) for item in items if isinstance(item, PostingDraft)]


def test_there_are_enough_postings_of_the_role_and_enough_that_are_near_it(postings: list[Posting]) -> None:
    titles = load_titles(find_patterns(), "machine-learning-engineer")
    copies = find_duplicates([(p.id, p.company, p.content_hash, p.posted_at) for p in postings])
    of_role = [p for p in postings if p.id not in copies and titles.match(p.title)]
    near = {title for p in postings if not titles.match(title := p.title)}
    found = {
        "postings": len(postings) >= 80,
        "distinct postings of the role": len(of_role) >= 50,
        "employers of the role": len({p.company for p in of_role}) >= 15,
        "re-posts": len(copies) >= 8,
        "near roles": {"Data Engineer", "Site Reliability Engineer", "MLOps Engineer"} <= near,
        "recruiters, managers and scientists who are not the role": sum(
            bool(re.search(r"Recruiter|Talent|Manager|Scientist", title)) for title in near
        )
        >= 8,
    }
    assert [name for name, enough in found.items() if not enough] == []


def test_employers_countries_pay_and_seniorities_vary_as_in_a_market(postings: list[Posting]) -> None:
    boards = {posting.id.split(":")[1] for posting in postings}
    countries = Counter(posting.country for posting in postings if posting.country)
    paid = [posting for posting in postings if posting.salary_min is not None]
    seniorities = {
        word for word in ("Junior", "Senior", "Staff", "Principal", "Lead", "Intern", "Founding")
        if any(word in posting.title for posting in postings)
    }  # fmt: skip
    found = {
        "boards": boards == {"ashby", "greenhouse", "hackernews", "lever"},
        "countries": len(countries) >= 8,
        "no country is half of the market": max(countries.values()) < len(postings) / 2,
        "postings with pay": len(postings) / 3 < len(paid) < len(postings),
        "currencies": {"USD", "EUR", "GBP", "PLN", "INR"} <= {posting.salary_currency for posting in paid},
        "periods": {"year", "month", "hour"} <= {posting.salary_period for posting in paid},
        "work models": {posting.remote for posting in postings} == {"remote", "hybrid", "onsite", None},
        "seniorities": len(seniorities) == 7,
        "months": len({posting.posted_at.strftime("%Y-%m") for posting in postings if posting.posted_at}) >= 3,
    }
    assert [name for name, enough in found.items() if not enough] == []


def test_bodies_come_as_html_and_are_as_long_as_real_ones(items: list[PostingDraft | PostingError]) -> None:
    drafts = [item for item in items if isinstance(item, PostingDraft)]
    assert {draft.body_format for draft in drafts} == {"html"}
    assert sum("<li>" in draft.body for draft in drafts) > len(drafts) / 2
    lengths = sorted(len(render_posting(draft).text) for draft in drafts if ":hackernews:" not in draft.id)
    assert 1500 < lengths[len(lengths) // 2] < 6000
    # One posting without a text stands in it, as in many a real answer.
    assert [item.field for item in items if isinstance(item, PostingError)] == ["descriptionHtml"]


TRAPS = [
    ("go the extra mile", "go"),
    ("spark joy", "spark"),
    ("swift response", "swift"),
    ("react quickly", "react"),
]


@pytest.mark.parametrize(("phrase", "skill"), TRAPS)
def test_words_that_only_look_like_skills_are_in_it_and_are_not_found(
    postings: list[Posting], matcher: SkillMatcher, phrase: str, skill: str
) -> None:
    places = [(posting, match) for posting in postings for match in re.finditer(phrase, posting.text, re.IGNORECASE)]
    assert places != []
    found = [
        mention.surface
        for posting, match in places
        for mention in matcher.find_mentions(posting.id, posting.title, posting.text, company=posting.company)
        if match.start() <= mention.start < match.end()
    ]
    assert found == []


def test_boilerplate_stands_on_every_posting_of_an_employer(postings: list[Posting]) -> None:
    by_company: dict[str | None, list[set[str]]] = {}
    for posting in postings:
        by_company.setdefault(posting.company, []).append(
            {line for line in posting.text.splitlines() if len(line) > 100}
        )
    large = {company: lines for company, lines in by_company.items() if len(lines) >= 5}
    assert len(large) >= 10
    shared = [company for company, lines in large.items() if set.intersection(*lines)]
    assert len(shared) >= 10


def test_nothing_in_it_is_a_real_address(items: list[PostingDraft | PostingError]) -> None:
    bodies = " ".join(html.unescape(item.body) for item in items if isinstance(item, PostingDraft))
    hosts = {host.lower() for host in re.findall(r"(?:https?://|@)([\w.-]+\.[A-Za-z]{2,})", bodies)}
    assert {host for host in hosts if not host.endswith((".example", "example.com", "example.org"))} == set()


@pytest.mark.parametrize("row", GOLD, ids=[row["id"] for row in GOLD])
def test_gold_mentions_point_into_the_text_of_the_sample(postings: list[Posting], row: dict[str, Any]) -> None:
    [posting] = [posting for posting in postings if posting.id == row["id"]]
    facts = (posting.title, posting.company, posting.text.split())
    assert facts == (row["title"], row["company"], row["text"].split())
    mentions = row["mentions"]
    assert [row["text"][m["start"] : m["end"]] for m in mentions] == [m["surface"] for m in mentions]
    assert [m["start"] for m in mentions] == sorted(m["start"] for m in mentions)
    overlapping = [(a["surface"], b["surface"]) for a, b in itertools.pairwise(mentions) if b["start"] < a["end"]]
    assert overlapping == []
    assert {m["kind"] for m in mentions} <= KINDS
    assert {m["requirement"] for m in mentions} <= REQUIREMENTS


def test_the_gold_is_large_enough_to_show_a_slip() -> None:
    kinds = Counter(mention["kind"] for row in GOLD for mention in row["mentions"])
    requirements = Counter(mention["requirement"] for row in GOLD for mention in row["mentions"])
    assert len(GOLD) >= 20
    assert min(kinds[kind] for kind in KINDS) >= 10
    assert min(requirements[name] for name in REQUIREMENTS) >= 10
