"""What stands in the page's source: its policy, its links, its parts and their charts."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.builders import (
    ITEMS,
    RULES,
    RUN,
    end_of_trend,
    frequency,
    item,
    make_full_tables,
    make_page,
    make_tables,
    quote,
    total,
)
from skillextract.market.run_summary import SourceFacts
from skillextract.reports import contents, contents_of_trends
from skillextract.reports.behind import NumberIndex, check_link, split_at_mark
from skillextract.reports.numbers import PageNumbers
from skillextract.reports.report import Report


def open_nothing() -> PageNumbers:
    """What a page opens that keeps no sentences."""
    return PageNumbers(NumberIndex(Report(make_tables())))


@pytest.fixture(scope="module")
def full_page() -> str:
    return make_page(make_full_tables())


def test_the_same_tables_give_the_same_page(full_page: str) -> None:
    assert make_page(make_full_tables()) == full_page


def test_it_is_small_beside_the_charts_program(full_page: str) -> None:
    program = max(re.findall(r"<script>(.*?)</script>", full_page, re.DOTALL), key=len)
    assert len(full_page) - len(program) < 250_000


def test_the_policy_names_each_script_by_its_hash_and_nothing_else(full_page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', full_page)
    assert policy is not None
    scripts = re.findall(r"<script>(.*?)</script>", full_page, re.DOTALL)
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts
    )
    assert policy.group(1).replace("&#39;", "'") == (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )


def test_a_sample_is_marked_in_title_banner_and_headings() -> None:
    page = make_page(make_tables(), run=dataclasses.replace(RUN, is_sample=True))
    assert "<title>SAMPLE: Machine learning engineer" in page
    assert page.count('class="sample-tag"') == 12 + 2
    assert make_page(make_tables()).count("SAMPLE") == 0


@pytest.mark.parametrize(
    ("apart", "told"),
    [
        (1, "1 further posting of the role is not in English and not counted."),
        (7, "7 further postings of the role are not in English and not counted."),
    ],
)
def test_postings_set_apart_are_told_in_a_sentence_of_their_own(apart: int, told: str) -> None:
    page = make_page(make_tables(totals=total(set_apart=apart, refused=1)))
    basis = re.search(r'<p class="basis">(.*?)</p>', page, re.DOTALL)
    assert basis is not None
    assert f"{told} <a" in re.sub(r"<(?!a href)[^>]*>", "", basis.group(1))


def test_the_titles_that_were_taken_as_the_role_are_listed_the_most_frequent_first() -> None:
    taken = ["Senior <b>ML</b> Engineer", "ML Engineer", "ML Engineer"]
    postings = [{"id": str(place), "title": title, "is_role": True} for place, title in enumerate(taken)]
    postings += [
        {"id": "c", "title": "A copy", "is_role": True, "duplicate_of": "1"},
        {"id": "n", "title": "Cook", "is_role": False},
    ]
    fetched = {"fetched_at": datetime(2026, 7, 1, tzinfo=UTC)}
    page = make_page(make_tables(postings=[{**row, **fetched} for row in postings]))
    listed = re.search(r'<details class="titles">(.*?)</details>', page, re.DOTALL)
    assert listed is not None
    assert "2 titles" in listed.group(1)
    assert re.findall("<li><bdi>(.*?)</bdi></li>", listed.group(1)) == [
        "ML Engineer",
        "Senior &lt;b&gt;ML&lt;/b&gt; Engineer",
    ]
    assert '<details class="titles">' not in make_page(make_tables())


def test_of_many_titles_the_page_says_how_many_it_lists() -> None:
    fetched = {"fetched_at": datetime(2026, 7, 1, tzinfo=UTC), "is_role": True}
    page = make_page(make_tables(postings=[{"id": str(n), "title": f"ML {n}", **fetched} for n in range(120)]))
    assert "the first 100 of 120" in page


@given(st.text())
def test_a_link_is_a_web_address_or_none_at_all(url: str) -> None:
    assert check_link(url) in (None, url)
    assert check_link(f"javascript:{url}") is None
    assert check_link(f"data:{url}") is None


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/1?x=%20#y", True),
        ("http://a.example", True),
        ("https://user@a.example/", False),
        ("https:///path", False),
        ("https://[::1", False),
        ("https://a.example/\\evil", False),
        ("https://a.example/\n", False),
        (" https://a.example/", False),
        ("//a.example", False),
        ("/path", False),
        ("", False),
        (None, False),
    ],
)
def test_only_plain_web_addresses_become_links(url: str | None, safe: bool) -> None:
    assert check_link(url) == (url if safe else None)


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("You know Kafka.", ("You know ", "Kafka", ".")),
        ("- Kafka", ("", "Kafka", "")),
        ("• know Kafka\x07", ("know ", "Kafka", "")),
        ("-Kafka", ("-", "Kafka", "")),
    ],
)
def test_a_sentence_loses_its_bullet_and_controls_and_keeps_its_mark(sentence: str, parts: tuple[str, ...]) -> None:
    assert split_at_mark(quote(sentence, "Kafka")) == parts


def test_sources_that_ask_for_it_are_named_and_linked_back_to() -> None:
    sources = tuple(
        SourceFacts(name=name, status="ok", attribution=attribution)
        for name, attribution in (
            ("b:1", "Postings from Acme Board (https://board.example)"),
            ("b:2", "Postings from Acme Board (https://board.example)"),
            ("c", "Courtesy of <C> (javascript:1)"),
            ("d", ""),
        )
    )
    page = make_page(make_tables(), run=dataclasses.replace(RUN, sources=sources))
    credits = re.search(r"<p>(.*)Every sentence links to its posting", page)
    assert credits is not None
    assert credits.group(1) == (
        "Courtesy of &lt;C&gt; (javascript:1). "
        '<a href="https://board.example" target="_blank" rel="noopener">Postings from Acme Board</a>. '
    )
    assert "Every sentence links to its posting" not in make_page(make_tables())


# The parts


def test_what_nobody_asks_for_is_told_by_item() -> None:
    rows = [
        item(1, "Linux", "not seen", 0),
        item(1, "Linux", "not seen", 0, level="skill", item="Linux"),
        item(2, "Coordination", "not seen", 0),
        item(2, "etcd", "not seen", 0, level="skill", item="Coordination"),
        item(2, "Consul", "not seen", 0, level="skill", item="Coordination"),
        item(3, "Messaging", "weak", 3),
        item(3, "ZeroMQ", "not seen", 0, level="skill", item="Messaging"),
    ]
    assert contents.list_unseen(Report(make_tables(rows))) == [
        ("Linux", True, ""),
        ("Coordination", True, "etcd or Consul"),
        ("Messaging", False, "ZeroMQ"),
    ]


def trend(skill: str, verdict: str, shares: list[float | None]) -> list[dict[str, object]]:
    known = {
        "axis": "month",
        "skill": skill,
        "name": skill,
        "verdict": verdict,
        "postings": 5,
        "left_out": "lever:acme",
    }
    if verdict != "too few postings":
        known |= {
            "first_period": "2026-01",
            "first_share": shares[0],
            "last_period": "2026-03",
            "last_share": shares[-1],
        }
    return [
        known | {"period": f"2026-{month:02d}", "share": share, "enough": share is not None}
        for month, share in enumerate(shares, 1)
    ]


def test_changes_are_drawn_where_there_are_any() -> None:
    rows = [
        *trend("go", "rises", [0.1, None, 0.3]),
        *trend("c", "steady", [0.1, 0.1, 0.1]),
        *trend("d", "too few postings", [None, None, None]),
    ]
    found = contents_of_trends.list_trends(Report(make_tables(trends=rows)), open_nothing())["month"]
    changed = [(each.row["skill"], each.first["share"], each.last["share"], each.change) for each in found["changed"]]
    assert changed == [("go", 0.1, 0.3, pytest.approx(0.2))]
    assert [each.row["skill"] for each in found["listed"]] == ["go"]
    assert [each.row["skill"] for each in found["drawn"]] == ["go"]
    assert {name: found[name] for name in ("periods", "stated", "tested", "steady", "few", "left_out")} == {
        "periods": ["2026-01", "2026-02", "2026-03"],
        "stated": 3,
        "tested": 2,
        "steady": 1,
        "few": 1,
        "left_out": "lever:acme",
    }


@pytest.mark.parametrize(("number", "more"), [(5, None), (7, "2 more")])
def test_of_many_skills_that_rise_five_are_named_and_the_others_counted(number: int, more: str | None) -> None:
    ends = {**end_of_trend("first", "2026-01", 6), **end_of_trend("last", "2026-03", 36)}
    rows = [row | ends for n in range(number) for row in trend(f"riser-{n}", "rises", [0.1, 0.2, 0.3])]
    page = make_page(make_tables(trends=rows))
    named = re.search(r"<p>More and more postings ask for (.*?)</p>", page, re.DOTALL)
    assert named is not None
    assert re.findall(r"<strong>(riser-\d)</strong>", named.group(1)) == [f"riser-{n}" for n in range(5)]
    assert re.findall(r'; and <span class="tally">(.*?)</span>', named.group(1)) == ([more] if more else [])


@pytest.mark.parametrize(("verdict", "drawn"), [("steady", ["c"]), ("too few postings", [])])
def test_where_nothing_changed_the_leading_skills_that_were_tested_are_drawn(verdict: str, drawn: list[str]) -> None:
    report = Report(make_tables(trends=trend("c", verdict, [0.1, 0.1, 0.1])))
    found = contents_of_trends.list_trends(report, open_nothing())["month"]
    assert [each.row["skill"] for each in found["drawn"]] == drawn


def test_segments_are_set_side_by_side_where_two_reach_the_floor() -> None:
    rows = [
        frequency("python", "Python", 1, 54),
        frequency("python", "Python", 1, 20, segment_kind="seniority", segment="not stated", role_postings=50),
        frequency("python", "Python", 1, 10, segment_kind="seniority", segment="senior", role_postings=20),
        frequency("python", "Python", 1, 2, segment_kind="seniority", segment="junior", enough=False),
        frequency("python", "Python", 1, 9, segment_kind="country", segment="DE"),
    ]
    tables = contents.list_segments(Report(make_tables(skill_frequencies=rows)))
    assert [(table.kind, table.segments) for table in tables] == [("seniority", [("senior", 20), ("not stated", 50)])]
    assert [[cell["postings"] for cell in cells if cell] for _, cells in tables[0].rows] == [[10, 20]]


def test_rare_skills_are_listed_only_where_something_speaks_of_them() -> None:
    many = [frequency(f"s{rank}", f"S{rank}", rank, 5) for rank in range(1, contents.LISTED_SKILLS + 3)]
    report = Report(make_tables(ITEMS, skill_frequencies=many))
    last = f"s{contents.LISTED_SKILLS + 2}"
    entries, count = contents.list_skills(report, referred=[last])
    assert (len(entries), count) == (contents.LISTED_SKILLS + 1, contents.LISTED_SKILLS + 2)
    assert entries[-1].row["skill"] == last


def test_a_degree_or_field_that_the_profile_names_is_no_gap_in_the_table_of_skills() -> None:
    rows = [frequency(name, name, rank, 5, kind="degree") for rank, name in enumerate(("masters", "phd", "physics"), 1)]
    claims = [
        {"kind": "degree", "skill": "masters", "name": "Master’s degree", "claim": "typical"},
        {"kind": "degree", "skill": "phd", "name": "PhD"},
        {"kind": "field", "skill": "physics", "name": "Physics", "claim": "field"},
    ]
    entries, _ = contents.list_skills(Report(make_tables(skill_frequencies=rows, qualifications=claims)), referred=())
    assert [(entry.row["skill"], entry.claim) for entry in entries] == [
        ("masters", "named"),
        ("phd", ""),
        ("physics", "named"),
    ]


def test_a_chart_has_every_row_once_and_says_what_it_shows() -> None:
    rows = Report(make_tables()).items
    chart = contents.draw_comparison(rows, open_nothing(), limit=RULES.confirmed_share, description="Shares")
    assert chart["description"] == "Shares"
    assert [line["label"] for line in chart["datasets"]["lines"]] == [
        "1. Python",
        "2. Messaging systems",
        "3. Attention to detail",
    ]
    assert [(each["kind"], each["value"], each["low"]) for each in chart["datasets"]["estimates-0"]] == [
        ("confirmed", 0.9, 0.8),
        ("weak", 0.1, 0.0),
        ("not seen", 0.0, 0.0),
    ]
