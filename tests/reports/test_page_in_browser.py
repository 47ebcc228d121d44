"""The page in a real browser: that it works, that nothing of a posting's acts in it, that everyone can use it."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from reports.browser import Visit, Visitor, draw_all, open_all
from reports.builders import (
    ITEMS,
    RUN,
    behind,
    estimate,
    frequency,
    item,
    make_full_tables,
    make_page,
    make_tables,
    missing,
    quote,
    source,
)

SCHEMES = ("light", "dark")


def shown_rows(visit: Visit, table: str) -> list[str]:
    """The first cells of the rows of a part's first table that can be seen."""
    heads = visit.page.locator(f"#{table} table.rows").first.locator("> tbody > tr:first-child > th")
    return [head.inner_text().strip() for head in heads.all() if head.is_visible()]


# Hostile postings

HOSTILE = {
    "script": "<script>window.hacked = 'script'; alert(1)</script>",
    "end of script": "</script><script>window.hacked = 'end of script'</script>",
    "end of style": "</style><script>window.hacked = 'end of style'</script>",
    "comment": "<!-- <script> --><img src=x onerror=window.hacked='comment'>",
    "image": """"><img src="http://evil.example/x.png" onerror="window.hacked = 'image'">""",
    "attribute": """" onmouseover="window.hacked='attribute'" x='""",
    "svg": """<svg onload="window.hacked='svg'"><script href="data:text/javascript,window.hacked=1"/></svg>""",
    "end of svg": "</text></svg><svg><animate onbegin=window.hacked='animate' attributeName=x dur=1s>",
    "template": "{{ 7 * 7 }} {% raw %} ${window.hacked='template'} #{7*7} <%= 7*7 %>",
    "entity": "&lt;script&gt;window.hacked='entity'&lt;/script&gt; &#x3c;script&#x3e;",
    "frame": """<iframe srcdoc="<script>parent.hacked='frame'</script>"></iframe><base href="http://evil.example/">""",
    "meta": '<meta http-equiv="refresh" content="0;url=http://evil.example/"><link rel=stylesheet href=//evil.example>',
    "form": "<form action='http://evil.example/'><button autofocus onfocus=window.hacked='form'>",
    "style": "<style>* { background: url(http://evil.example/) }</style>",
    "expression": "datum.constructor.constructor('window.hacked=1')()",
    "prototype": "__proto__",
    "direction": "\u202eevil\u202c \u2066\u200f reversed",
    "controls": "\x00\x07\x1b[31m\x08\x85\u2028\u2029 red",
}
CLEANED = HOSTILE | {"direction": "evil  reversed", "controls": "[31m red"}
LINKS = ("javascript:window.hacked=1", "JaVaScRiPt:alert(1)", "data:text/html,<script>1</script>", "//evil.example",
         "https://user@evil.example/", "https://jobs.example/\x00", " javascript:alert(1)", "vbscript:1")  # fmt: skip


def make_hostile_page(texts: Iterable[str]) -> str:
    """A page on which each text stands wherever something from a posting or a board can stand, with every bad link."""
    texts = list(texts)
    entries = [
        quote(text, text, url=LINKS[place % len(LINKS)], company=text, title=text, posting_id=text, skill="docker")
        for place, text in enumerate(texts)
    ]
    short = ("posting_id", "url", "company", "sentence", "mark_start", "mark_end")
    tables = make_full_tables() | make_tables(
        [
            *(item(place, text, "confirmed", 54, reason=text, evidence=[entry])
              for place, (text, entry) in enumerate(zip(texts, entries, strict=True), 1)),
            missing("docker", "Docker", 30, evidence=entries),
            *(missing(text, text, 20, kind=text, reason=text, evidence=[entry])
              for text, entry in zip(texts, entries, strict=True)),
        ],
        sources=[source(text, status="failed", message=text) for text in texts],
        evidence=[
            *behind("all / all / docker", *entries),
            *(row for text in texts for row in behind(f"all / all / {text}", *entries)),
            *(row for text in texts for row in behind(f"source / {text} / {texts[0]}", *entries)),
            *(row for text in texts for row in behind(f"field / {text}", *entries, table="qualifications")),
            *(row for text in texts for row in behind(f"EUR / {text}", *entries, table="salary")),
            *(row for text in texts for row in behind(text, *entries, table="neighbours")),
            *(row for text in texts for row in behind(text, *entries, table="run_summary")),
        ],
        skill_frequencies=[
            *(frequency(text, text, rank, 20) for rank, text in enumerate(texts, 1)),
            *(frequency(texts[0], "", 1, 20, segment_kind="source", segment=text) for text in texts),
        ],
        discovery=[
            {"term": text, "postings": 3, "companies": 3, "beside": [text],
             "evidence": [{name: entry[name] for name in short}]}
            for text, entry in zip(texts, entries, strict=True)
        ],
        salary=[
            {"currency": "EUR", "seniority": text, "postings": 12, "companies": 9, "median": 6e4, "median_low": 5e4,
             "median_high": 7e4, "low": 4e4, "high": 8e4, "reason": text}
            for text in texts
        ],
        neighbours=[{"neighbour": text, "titles": [text]} for text in texts],
        qualifications=[{"kind": "field", "name": text, "reason": text, **estimate(3)} for text in texts],
        postings=[
            {"id": text, "url": link, "title": text, "company": text, "salary_min": 1.0, "salary_currency": "EUR",
             "salary_period": text, "is_role": True, "fetched_at": datetime(2026, 7, 1, tzinfo=UTC)}
            for text, link in zip(texts, LINKS, strict=False)
        ],
    )  # fmt: skip
    return make_page(tables)


@pytest.fixture(scope="module")
def hostile_page() -> str:
    return make_hostile_page(HOSTILE.values())


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_nothing_of_a_posting_acts(visitor: Visitor, hostile_page: str, script: bool) -> None:
    visit = visitor.open(hostile_page, script=script)
    if script:
        draw_all(visit)
        open_all(visit)
        for link in visit.page.locator("a.see:visible").all()[::4]:
            link.click()
            assert visit.page.locator("#sentences-quotes li").count() > 0
            assert (
                visit.page.locator("#sentences :is(script, img, iframe, svg, form:not([method=dialog]))").count() == 0
            )
            opened = visit.page.locator("#sentences .source a").evaluate_all("links => links.map((link) => link.href)")
            assert opened == []
            visit.page.keyboard.press("Escape")
        visit.page.locator("#profile-chart path").first.hover()
        assert visit.page.evaluate("window.hacked ?? null") is None
    assert visit.heard == []
    assert visit.requests == []
    assert visit.page.locator("script:not([type='application/json'])").count() == 2
    assert (
        visit.page.locator("iframe, img, base, object, embed, svg script, svg animate, link:not([rel=icon])").count()
        == 0
    )
    targets = visit.page.locator("a").evaluate_all("links => links.map((link) => link.getAttribute('href'))")
    assert [target for target in targets if not target.startswith("#")] == []
    acting = "all => all.flatMap((each) => [...each.attributes]).filter((each) => each.name.startsWith('on')).length"
    assert visit.page.locator("*").evaluate_all(acting) == 0


def test_a_reader_sees_what_the_posting_says(visitor: Visitor, hostile_page: str) -> None:
    """Letter by letter, but for controls and for marks that turn the direction of what stands around them."""
    visit = visitor.open(hostile_page)
    open_all(visit)
    for part in ("profile", "discovery"):
        told = visit.page.locator(f"#{part} blockquote").all_text_contents()
        assert told == list(CLEANED.values()), part
    near = visit.page.locator("#coverage .near td[data-label='Such as']").all_text_contents()
    assert near == list(CLEANED.values())
    names = visit.page.locator("#qualifications tbody > tr:first-child > th").all_text_contents()
    assert names == [text[0].upper() + text[1:] for text in CLEANED.values()]


def test_a_word_of_100_000_letters_breaks_no_layout(visitor: Visitor) -> None:
    page = make_hostile_page(["W" * 100_000])
    for width in (1280, 390):
        visit = visitor.open(page, width=width)
        draw_all(visit)
        open_all(visit)
        assert visit.heard == []
        assert visit.page.evaluate("document.documentElement.scrollWidth") == width


def test_the_policy_forbids_what_the_page_does_not_need(visitor: Visitor, full_page: str) -> None:
    """The second wall: were anything to get through unescaped, the browser would not run it."""
    holed = full_page.replace("</main>", "<img src=x onerror='window.hacked=1'><script>window.hacked=1</script></main>")
    visit = visitor.open(holed)
    assert visit.page.evaluate("window.hacked ?? null") is None
    refused = [message for message in visit.heard if "Content Security Policy" in message]
    assert len(refused) >= 2


# What it does


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_chart_is_drawn_and_nothing_is_clipped(visitor: Visitor, full_page: str, scheme: str, width: int) -> None:
    visit = visitor.open(full_page, width=width, scheme=scheme)
    draw_all(visit)
    assert visit.heard == []
    assert visit.requests == []
    assert visit.page.evaluate("document.documentElement.scrollWidth") == width
    clipped = visit.page.evaluate(
        """() => [...document.querySelectorAll('.chart svg text')].filter((text) => {
          const frame = text.closest('.chart').getBoundingClientRect(), place = text.getBoundingClientRect();
          return place.left < frame.left - 1 || place.right > frame.right + 1;
        }).map((text) => text.textContent)"""
    )
    assert clipped == []


def test_without_scripts_charts_and_sentences_are_there(visitor: Visitor, full_page: str) -> None:
    visit = visitor.open(full_page, script=False)
    charts = visit.page.locator("[data-chart]").count()
    assert visit.page.locator("[data-chart] svg").count() == charts
    assert not visit.page.locator(".filter").is_visible()
    visit.page.locator("#profile summary").first.click()
    assert visit.page.locator("#profile blockquote").first.inner_text() == "You know Python well."


def test_the_search_leaves_the_rows_that_fit(visitor: Visitor, full_page: str) -> None:
    visit = visitor.open(full_page)
    everything = shown_rows(visit, "skills")
    visit.page.get_by_label("Search").fill("globex")
    assert shown_rows(visit, "skills") == ["Kafka tool"]
    assert visit.page.locator("#skill-kafka blockquote").first.is_visible()
    assert visit.page.locator("main > section:visible").count() == 1
    assert visit.page.locator("#filter-count").inner_text().startswith("1 of ")
    visit.page.get_by_role("button", name="Clear").click()
    expect(visit.page.locator("body.searching")).to_have_count(0)
    assert shown_rows(visit, "skills") == everything


def test_a_search_without_a_hit_says_what_was_searched_and_offers_to_clear_it(visitor: Visitor, full_page: str) -> None:
    visit = visitor.open(full_page)
    everything = shown_rows(visit, "skills")
    nothing = visit.page.locator("#no-hit")
    assert not nothing.is_visible()
    visit.page.get_by_label("Search").fill("zorblex <b>")
    visit.page.get_by_label("Kind of skill").select_option("tool")
    assert visit.page.locator("#no-hit-told").inner_text() == "No row has “zorblex <b>” among tools."
    assert "Searched were the rows of all tables" in nothing.inner_text()
    assert visit.page.locator("main > section:visible").count() == 0
    nothing.get_by_role("button", name="Clear the search").click()
    expect(nothing).to_be_hidden()
    assert visit.page.get_by_label("Search").evaluate("input => input === document.activeElement")
    assert shown_rows(visit, "skills") == everything


def test_a_search_shows_rows_that_are_called_so_before_those_with_a_sentence_that_has_it(
    visitor: Visitor, full_page: str
) -> None:
    visit = visitor.open(full_page)
    visit.page.get_by_label("Search").fill("docker")
    assert shown_rows(visit, "missing") == ["Docker tool"]
    assert shown_rows(visit, "skills") == ["Docker tool"]
    assert shown_rows(visit, "discovery") == []
    button = visit.page.get_by_role("button", name=re.compile("further row"))
    assert button.inner_text() == "2 further rows have it elsewhere, as in a sentence: show them too"
    button.click()
    assert shown_rows(visit, "discovery") == ["Flumbase"]
    visit.page.get_by_role("button", name="Show only rows that are called so").click()
    assert shown_rows(visit, "discovery") == []
    # A part of a word is no name of it; where there is nothing else, it is shown.
    visit.page.get_by_label("Search").fill("ocker")
    assert shown_rows(visit, "missing") == ["Docker tool"]
    assert not button.is_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_search_from_the_end_of_the_page_begins_at_its_first_hit(
    visitor: Visitor, full_page: str, width: int
) -> None:
    visit = visitor.open(full_page, width=width)
    draw_all(visit)
    for sought in ("docker", "zorblex"):
        visit.page.get_by_label("Search").fill("")
        visit.page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
        visit.page.get_by_label("Search").fill(sought)
        first = visit.page.locator("table.rows > tbody:visible > tr > th, #no-hit:visible").first
        place, form = first.bounding_box(), visit.page.locator(".filter").bounding_box()
        assert place is not None
        assert form is not None
        assert form["y"] + form["height"] <= place["y"] < visit.page.evaluate("innerHeight")
        heading = visit.page.locator("main > section:visible h2, #no-hit:visible").first.bounding_box()
        assert heading is not None
        assert heading["y"] >= form["y"] + form["height"]


def test_a_search_marks_its_words_and_nothing_of_a_posting_acts_by_it(
    visitor: Visitor, full_page: str, hostile_page: str
) -> None:
    visit = visitor.open(full_page)
    search = visit.page.get_by_label("Search")
    search.fill("globex KAFKA")
    marks = visit.page.locator("mark.hit:visible")
    assert sorted(set(marks.all_inner_texts())) == ["Globex", "Kafka"]
    text = visit.page.locator("#skill-kafka").text_content()
    search.fill("")
    assert visit.page.locator("mark.hit").count() == 0
    assert visit.page.locator("#skill-kafka").text_content() == text
    hostile = visitor.open(hostile_page)
    before = hostile.page.locator("main *").count()
    for sought in ("script", "<script", "onerror", "__proto__", "$&", "\\", "(", "a"):
        hostile.page.get_by_label("Search").fill(sought)
        assert hostile.page.locator("main *:not(mark.hit)").count() == before, sought
    assert hostile.page.locator("mark.hit").count() > 0
    assert hostile.page.evaluate("window.hacked ?? null") is None
    assert hostile.heard == []


def test_a_skill_without_a_row_is_found_by_its_name_and_says_where_its_sentences_stand(visitor: Visitor) -> None:
    names = ["<img src=x onerror=window.hacked=1> Flumbase", *(f"Rare {place:03d}" for place in range(200))]
    rows = [frequency(f"s{rank}", name, rank, 400 - rank) for rank, name in enumerate(reversed(names), 1)]
    visit = visitor.open(make_page(make_tables(skill_frequencies=rows)))
    caption = visit.page.locator("#skills table.every > caption").inner_text()
    assert caption.startswith("150 of 201 skills: ")
    assert "The search finds the 51 rarer ones by their names, too" in caption
    assert not visit.page.locator("#rarer").is_visible()
    visit.page.get_by_label("Search").fill("rare 01")
    assert len(visit.page.locator("#rarer > tbody").all()) == 10
    assert visit.page.locator("#rarer :is(caption, thead) mark").count() == 0
    assert visit.page.locator("#rarer > tbody mark").all_inner_texts()[:2] == ["Rare", "01"]
    visit.page.get_by_label("Search").fill("flumbase")
    found = visit.page.locator("#rarer > tbody th:visible")
    assert found.all_inner_texts() == [f"{names[0]} tool"]
    assert visit.page.locator("#filter-count").inner_text().startswith("1 of ")
    visit.page.locator("#rarer td.key").press("Enter")
    dialog = visit.page.get_by_role("dialog", name=names[0])
    assert dialog.locator("#sentences-told").inner_text().endswith(": 199 postings by 20 employers.")
    assert dialog.locator("#sentences-where").inner_text() == "All 199 stand in mentions.parquet, beside this page."
    dialog.locator("summary").click()
    assert 'asks.skill.isin(["s201"])' in dialog.locator("#sentences-lines").inner_text()
    visit.page.keyboard.press("Escape")
    visit.page.get_by_label("Kind of skill").select_option("concept")
    assert visit.page.locator("#no-hit").is_visible()
    assert "and the names of all 201 skills that postings ask for" in visit.page.locator("#no-hit").inner_text()
    assert visit.page.evaluate("window.hacked ?? null") is None
    assert visit.heard == []


@pytest.fixture(scope="module")
def long_page() -> str:
    """A page whose table of what is missing has 24 rows."""
    many = [missing(f"s{rank}", f"Skill {rank:02d}", 40, rank=rank) for rank in range(1, 25)]
    return make_page(make_full_tables() | make_tables((*ITEMS, *many)))


def test_a_long_table_begins_with_its_first_rows_and_shows_all_when_asked(visitor: Visitor, long_page: str) -> None:
    visit = visitor.open(long_page)
    assert shown_rows(visit, "missing") == [f"Skill {rank:02d} tool" for rank in range(1, 11)]
    button = visit.page.locator("#missing").get_by_role("button", name="Show all 24 rows")
    button.press("Enter")
    assert len(shown_rows(visit, "missing")) == 24
    assert visit.page.evaluate("document.activeElement.closest('tbody').id") == "skill-s11"
    fewer = visit.page.locator("#missing").get_by_role("button", name="Show less")
    assert fewer.get_attribute("aria-expanded") == "true"
    fewer.click()
    assert len(shown_rows(visit, "missing")) == 10


def test_a_phone_begins_with_fewer_rows_and_with_none_that_a_chart_shows(visitor: Visitor, long_page: str) -> None:
    visit = visitor.open(long_page, width=390)
    assert shown_rows(visit, "missing") == []
    assert visit.page.locator("#missing figure").is_visible()
    assert shown_rows(visit, "skills") == ["Python tool", "Docker tool", "Kafka tool"]
    visit.page.locator("#missing").get_by_role("button", name="Show all 24 rows").click()
    assert len(shown_rows(visit, "missing")) == 24
    visit.page.get_by_label("Search").fill("skill 24")
    assert shown_rows(visit, "missing") == ["Skill 24 tool"]


def test_a_phone_begins_with_the_items_that_the_market_bears_out_least(visitor: Visitor) -> None:
    items = [item(number, f"Item {number:02d}", "confirmed", 60 - number) for number in range(1, 11)]
    items += [item(11, "Item 11", "weak", 9), item(12, "Item 12", "not seen", 0), item(13, "Item 13", "confirmed", 59)]
    page = make_page(make_tables((*items, missing("docker", "Docker", 30))))
    visit = visitor.open(page, width=390)
    assert shown_rows(visit, "profile") == ["10 Item 10", "11 Item 11", "12 Item 12"]
    assert "first those that the market bears out least" in visit.page.locator("#profile caption").first.inner_text()
    visit.page.locator("#profile").get_by_role("button", name="Show all 13 rows").click()
    assert len(shown_rows(visit, "profile")) == 13
    visit.page.get_by_label("Search").fill("item 01")
    assert shown_rows(visit, "profile") == ["1 Item 01"]
    wide = visitor.open(page)
    assert shown_rows(wide, "profile")[:2] == ["1 Item 01", "2 Item 02"]
    assert "bears out" not in wide.page.locator("#profile caption").first.inner_text()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_link_to_a_part_leads_to_it_though_charts_above_are_drawn_later(
    visitor: Visitor, full_page: str, width: int
) -> None:
    visit = visitor.open(full_page, width=width)
    before = visit.page.evaluate("document.documentElement.scrollHeight")
    visit.page.locator("nav a[href='#salary']").click()
    draw_all(visit)
    assert abs(visit.page.evaluate("document.documentElement.scrollHeight") - before) <= 4


def test_the_legend_has_the_verdicts_that_there_are(visitor: Visitor, full_page: str) -> None:
    legend = visitor.open(full_page).page.locator("#profile .legend li")
    assert legend.all_inner_texts() == ["confirmed", "weak", "not seen"]
    page = make_page(make_tables((*ITEMS[:2], missing("docker", "Docker", 30))))
    assert visitor.open(page).page.locator("#profile .legend li").all_inner_texts() == ["confirmed", "weak"]


def test_paper_shows_the_rows_that_the_screen_was_asked_for(visitor: Visitor, long_page: str) -> None:
    visit = visitor.open(long_page)
    visit.page.emulate_media(media="print")
    assert len(shown_rows(visit, "missing")) == 10
    note = visit.page.locator("#missing table + button")
    assert note.evaluate("note => getComputedStyle(note, '::after').content") == (
        '"The first 10 of 24 rows; the page itself can show all."'
    )
    visit.page.emulate_media(media="screen")
    visit.page.locator("#missing").get_by_role("button", name="Show all 24 rows").click()
    visit.page.emulate_media(media="print")
    assert len(shown_rows(visit, "missing")) == 24
    assert not note.is_visible()


def test_the_filters_leave_one_kind_and_one_verdict(visitor: Visitor, full_page: str) -> None:
    visit = visitor.open(full_page)
    visit.page.get_by_label("Kind of skill").select_option("concept")
    assert shown_rows(visit, "skills") == ["Machine learning concept"]
    visit.page.get_by_label("Kind of skill").select_option("")
    visit.page.get_by_label("Verdict", exact=True).select_option("weak")
    assert shown_rows(visit, "profile") == ["2 Messaging systems"]


@pytest.mark.parametrize(("head", "once", "twice"), [
    ("Share of postings", ["Python", "Docker"], ["Machine learning", "Kafka"]),
    ("Skill", ["Docker", "Kafka"], ["Python", "Machine learning"]),
])  # fmt: skip
def test_a_heading_sorts_its_table(
    visitor: Visitor, full_page: str, head: str, once: list[str], twice: list[str]
) -> None:
    visit = visitor.open(full_page)
    table = visit.page.locator("#requirement table") if head == "Skill" else visit.page.locator("#skills table")
    part = "requirement" if head == "Skill" else "skills"

    def first_two() -> list[str]:
        return [name.removesuffix(" tool").removesuffix(" concept") for name in shown_rows(visit, part)
                if "degree" not in name][:2]  # fmt: skip

    button = table.get_by_role("button", name=head)
    button.press("Enter")
    assert first_two() == once
    button.press("Enter")
    assert first_two() == twice
    assert table.locator("[aria-sort]").count() == 1


def test_a_number_opens_its_sentences_and_leads_to_their_row(visitor: Visitor, full_page: str) -> None:
    visit = visitor.open(full_page)
    number = visit.page.locator("#requirement").get_by_role("link", name="6: sentences on Kafka", exact=True)
    number.focus()
    visit.page.keyboard.press("Enter")
    dialog = visit.page.get_by_role("dialog", name="Kafka")
    assert [quote.inner_text() for quote in dialog.locator("blockquote").all()] == [
        "Kafka is a plus.",
        "You run Kafka.",
    ]
    links = dialog.locator(".source a").evaluate_all("links => links.map((link) => [link.href, link.rel])")
    assert links == [["https://jobs.example/1", "noopener noreferrer"]]
    visit.page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert number.evaluate("link => link === document.activeElement")
    number.click()
    dialog.get_by_role("link", name="Show it in its table").click()
    assert visit.page.locator("#skill-kafka blockquote").first.is_visible()
    assert visit.heard == []


def save_table(visit: Visit, part: str) -> tuple[str, list[list[str]]]:
    """The name and the rows of the CSV that a part's first table is saved as."""
    with visit.page.expect_download() as download:
        visit.page.locator(f"#{part}").get_by_role("button", name="Save this table as CSV").first.click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    return download.value.suggested_filename, list(csv.reader(io.StringIO(text, newline="")))


def test_a_table_is_saved_as_csv_with_the_rows_that_fit_the_search(visitor: Visitor, full_page: str) -> None:
    visit = visitor.open(full_page)
    name, rows = save_table(visit, "profile")
    assert name == "profile.csv"
    assert rows == [
        ["Item", "Verdict", "Share of postings", "95% interval", "Employers", "share", "Postings", "Rank"],
        ["1 Python", "confirmed", "90%", "80–100%", "20", "100%", "54", "~1"],
        ["2 Messaging systems", "weak", "10%", "0–20%", "6", "30%", "6", "~2"],
        ["3 Attention to detail", "not seen", "0%", "0–10%", "0", "0%", "0", "–"],
    ]
    visit.page.get_by_label("Search").fill("messaging")
    assert [row[0] for row in save_table(visit, "profile")[1]] == ["Item", "2 Messaging systems"]
    assert visit.heard == []
    assert [url for url in visit.requests if not url.startswith("blob:")] == []


def test_a_saved_table_holds_no_formula(visitor: Visitor) -> None:
    names = ["=cmd|' /C calc'!A0", "+1+cmd", "-2+3", "@SUM(A1)", "\t=1", 'a "b", c', "-5"]
    rows = [{"kind": "field", "name": name, **estimate(20 - place)} for place, name in enumerate(names)]
    page = make_page(make_tables(qualifications=rows))
    saved = [row[0] for row in save_table(visitor.open(page), "qualifications")[1][1:]]
    assert saved == ["'=cmd|' /C calc'!A0", "'+1+cmd", "'-2+3", "'@SUM(A1)", "'=1", 'A "b", c', "-5"]


def test_a_saved_table_of_the_sample_says_so(visitor: Visitor) -> None:
    visit = visitor.open(make_page(make_tables(), run=dataclasses.replace(RUN, is_sample=True)))
    assert save_table(visit, "profile")[0] == "SAMPLE-profile.csv"


def test_the_arrow_keys_reach_what_saves_a_table(visitor: Visitor, full_page: str) -> None:
    visit = visitor.open(full_page)
    visit.page.locator("#item-1 td.key a.see").first.focus()
    visit.page.keyboard.press("Control+Home")
    visit.page.keyboard.press("ArrowRight")
    assert visit.page.evaluate("document.activeElement.getAttribute('aria-label')") == "Save this table as CSV"
    assert visit.page.locator("#profile table.rows > thead [tabindex='0']").count() == 1


# For everyone


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing(visitor: Visitor, full_page: str, scheme: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    visit = visitor.open(full_page, scheme=scheme, width=width)
    draw_all(visit)
    visit.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert name_violations(axe.run(visit.page).response) == []
    visit.page.locator("a.see:visible").first.click()
    assert name_violations(axe.run(visit.page, context="#sentences").response) == []


def name_violations(response: dict[str, Any]) -> list[str]:
    return [
        f"{violation['id']}: {node['html'][:200]} {node['failureSummary']}"
        for violation in response["violations"]
        for node in violation["nodes"]
    ]


def test_a_focus_can_be_seen(visitor: Visitor, full_page: str) -> None:
    visit = visitor.open(full_page)
    for selector in ("nav a", "#filter", "summary", "a.see", ".sort"):
        visit.page.locator(selector).first.focus()
        visit.page.keyboard.press("Shift+Tab")
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", selector


def test_it_prints_on_paper_without_what_only_a_screen_needs(visitor: Visitor, full_page: str) -> None:
    visit = visitor.open(full_page, scheme="dark")
    draw_all(visit)
    visit.page.emulate_media(media="print")
    assert not visit.page.locator("nav").is_visible()
    assert not visit.page.locator(".filter").is_visible()
    assert visit.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert visit.page.pdf(format="A4")[:5] == b"%PDF-"


def test_a_page_with_only_the_comparison_says_what_is_not_counted(visitor: Visitor) -> None:
    visit = visitor.open(make_page(make_tables()))
    draw_all(visit)
    assert visit.heard == []
    sentences = {
        part: visit.page.locator(f"#{part} .nothing").inner_text()
        for part in ("requirement", "trends", "together", "qualifications", "salary", "segments", "skills", "discovery")
    }
    tables = {"requirement": "skill_frequencies", "together": "cooccurrence", "segments": "skill_frequencies",
              "skills": "skill_frequencies"}  # fmt: skip
    assert sentences == {
        part: f"Not counted: the run behind this page wrote no {tables.get(part, part)}.parquet." for part in sentences
    }


def test_a_page_of_empty_tables_stands(visitor: Visitor) -> None:
    empty = {name: [] for name in ("skill_frequencies", "profile_agreement", "evidence", "cooccurrence", "trends",
                                   "qualifications", "salary", "discovery", "postings")}  # fmt: skip
    few = [row | {"verdict": "too few postings", "share": None, "share_low": None, "share_high": None} for row in ITEMS]
    visit = visitor.open(make_page(make_tables(few, **empty)))
    assert visit.heard == []
    assert visit.page.locator("section .nothing").count() == 10
    assert visit.page.locator("figure").count() == 0
