"""Every number of the page can be followed back, with the pointer and with the keyboard, in a real browser."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import expect

from reports.browser import Visit, Visitor, draw_all, open_all
from reports.builders import RULES
from skillextract import pipeline
from skillextract.market.wording import format_threshold
from skillextract.settings import Settings

MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"

# What has a digit and is no number that was counted from postings. Each says why it opens nothing; all else must open.
ALLOWED_TEXTS = (
    (rf"(?:\d{{1,2}} )?{MONTH} \d{{4}}(?:, \d\d:\d\d UTC)?", "a date"),
    (r"95% intervals?", "how sure the intervals are: a choice of the program"),
    (rf"(?:at least|reaches|the) (?:{format_threshold(RULES.confirmed_share)}|{format_threshold(RULES.missing_share)})"
     r"(?= of postings| that the whole)", "a threshold of the settings"),
    (r"The \d+ asked for most", "how many rows are drawn: a choice of the program"),
    (r"1 would be chance|Benjamini–Hochberg at 5%", "how to read a chart, and a test"),
)  # fmt: skip
ALLOWED_PLACES = (
    (".tally, button.all", "how many rows a table has, here or in its file; the rows open"),
    ("th[scope=row], bdi, code", "names: of skills, items, sources, files, versions"),
    (".caveats", "settings, and how numbers are reckoned"),
    (".quotes", "evidence itself"),
    ("td[data-label=Profile], th .kind", "the profile's own figures"),
    ("#trouble + ul", "what was wrong with postings that could not be read: there is nothing else to show"),
    ("#coverage > p:last-child", "versions"),
    (".role-axis", "the scale of a chart"),
    ("option, output", "the search"),
)

FIND_BARE = """([texts, places]) => {
  const isOpener = (element) => {
    if (element.closest("[data-number]")) return true;
    const leads = element.closest("a[href^='#'], summary");
    if (!leads) return false;
    const target = leads.matches("summary") ? leads.parentElement : document.getElementById(leads.hash.slice(1));
    return target !== null && (target.querySelector("[data-number], .quotes") !== null || target.id === "trouble");
  };
  const opensInChart = (element) => Number.isInteger(element.__data__?.datum?.opens);
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const bare = [];
  let numbers = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (element.closest("script, style") || !/\\d/.test(node.data)) continue;
    numbers += 1;
    if (places.some((place) => element.closest(place)) || isOpener(element) || opensInChart(element)) continue;
    const told = texts.reduce((left, text) => left.replace(new RegExp(text, "g"), ""), node.data);
    if (/\\d/.test(told)) bare.push(`${element.closest("section, header")?.id}: ${node.data.trim()}`);
  }
  return { numbers, bare };
}"""

OPEN_EACH = """(step) => {
  const index = JSON.parse(document.getElementById("numbers").textContent);
  const isBare = ([name, , , , sentences, , employers = []]) => !name || !(sentences.length || employers.length);
  const faults = index.numbers.filter(isBare);
  const seen = new Set();
  for (const element of document.querySelectorAll("[data-number]")) {
    const key = `${element.dataset.number} ${element.dataset.how ?? ""}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (element.dataset.how && !index.how[element.dataset.how]) faults.push(`how ${key}`);
    if (seen.size % step) continue;
    element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    const dialog = document.getElementById("sentences");
    const shown = dialog.querySelectorAll("#sentences-quotes li").length;
    if (!dialog.open || !shown || !dialog.querySelector("h2").textContent) faults.push(element.outerHTML.slice(0, 200));
    if (element.dataset.how && !dialog.querySelector("#sentences-how").textContent) faults.push(`how ${key}`);
    dialog.close();
  }
  return [seen.size, faults];
}"""

COUNT_STOPS = """() => [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")].filter(
  (each) => each.tabIndex >= 0 && each.checkVisibility() && !each.closest("dialog"),
).length"""


@pytest.fixture(scope="module")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the sample, as `make run` writes it: numbers and evidence by the program itself."""
    settings = Settings(lake=str(tmp_path_factory.mktemp("lake")))
    snapshot = pipeline.begin_run(settings, now=datetime(2026, 7, 1, tzinfo=UTC))
    fetched = [pipeline.fetch_source(source, settings=settings, snapshot=snapshot) for source in settings.sources]
    folded = pipeline.fold_postings(fetched, settings=settings, snapshot=snapshot)
    mentions = [pipeline.extract_part(part, settings=settings, snapshot=snapshot) for part in folded["parts"]]
    written = pipeline.write_reports(
        settings=settings, snapshot=snapshot, fetched=fetched, folded=folded, mention_parts=mentions
    )
    return Path(written["folder"])


@pytest.fixture(scope="module")
def sample_page(sample_folder: Path) -> str:
    return (sample_folder / "report.html").read_text(encoding="utf-8")


def check_every_number(visit: Visit, *, at_least: int, step: int = 1) -> None:
    """What stands behind each number is looked up in the page's index; of many every `step`th is opened too."""
    open_all(visit)
    draw_all(visit)
    found = visit.page.evaluate(
        FIND_BARE, [[text for text, _ in ALLOWED_TEXTS], [place for place, _ in ALLOWED_PLACES]]
    )
    assert found["bare"] == []
    assert found["numbers"] > at_least
    opened, faults = visit.page.evaluate(OPEN_EACH, step)
    assert faults == []
    assert opened > at_least / 10
    assert visit.heard == []


def test_every_number_opens_what_it_was_counted_from(visitor: Visitor, full_page: str) -> None:
    check_every_number(visitor.open(full_page), at_least=200)


@pytest.mark.slow
def test_every_number_of_a_real_run_does(visitor: Visitor, sample_page: str) -> None:
    check_every_number(visitor.open(sample_page), at_least=1_000, step=25)


def test_what_nobody_can_open_is_not_embedded(visitor: Visitor, full_page: str) -> None:
    visit = visitor.open(full_page)
    index = json.loads(visit.page.locator("#numbers").text_content() or "")
    used = set(visit.page.locator("[data-number]").evaluate_all("all => all.map((each) => +each.dataset.number)"))
    for chart in visit.page.locator("script[id$='-data']").all_text_contents():
        datasets = json.loads(chart)["datasets"]
        used |= {row["opens"] for rows in datasets.values() for row in rows if row["opens"] is not None}
    assert used == set(range(len(index["numbers"])))


def test_a_number_in_a_chart_opens_it_to_a_click(visitor: Visitor, full_page: str) -> None:
    visit = visitor.open(full_page)
    draw_all(visit)
    visit.page.locator("#profile-chart text", has_text="90%").click()
    dialog = visit.page.get_by_role("dialog", name="Python")
    assert dialog.locator("blockquote").all_inner_texts() == ["You know Python well."]


def test_a_number_beside_the_key_one_opens_its_own_to_a_click(visitor: Visitor, full_page: str) -> None:
    visit = visitor.open(full_page)
    row = visit.page.locator("#item-1")
    row.locator("td[data-label=Rank]").click()
    dialog = visit.page.get_by_role("dialog", name="Python")
    assert dialog.locator("#sentences-told").inner_text() == (
        "90% of postings (95% interval 80–100%): 54 postings by 20 employers."
    )
    assert dialog.locator("#sentences-how").inner_text().startswith("The rank is the place among all skills")
    assert dialog.locator("blockquote").all_inner_texts() == ["You know Python well."]
    visit.page.keyboard.press("Escape")
    row.locator("td[data-label=Employers]").click()
    dialog = visit.page.get_by_role("dialog", name="Python: employers")
    told = [" ".join(entry.inner_text().split()) for entry in dialog.locator("li").all()]
    assert told == ["Acme · ML Engineer 7 postings", "Globex · ML Engineer 1 posting"]
    assert dialog.locator("#sentences-rest").inner_text() == "and 18 more employers"


def test_a_zero_opens_postings_that_were_looked_through(visitor: Visitor, full_page: str) -> None:
    visit = visitor.open(full_page)
    visit.page.locator("#item-3 td.key").click()
    dialog = visit.page.get_by_role("dialog", name="Attention to detail")
    assert dialog.locator("#sentences-told").inner_text().startswith("0% of postings (95% interval 0–10%)")
    assert dialog.locator("#sentences-note").inner_text() == (
        "There is none. These are some of the postings that were looked through."
    )
    assert dialog.get_by_role("link", name="ML Engineer").count() == 1


@pytest.mark.parametrize(
    ("part", "name", "heading", "shown"),
    [
        ("segments", "33%", "Python (seniority: junior)", "You know Python well."),
        ("salary", "EUR 65,000", "Pay in EUR, all postings", "EUR 60,000 to EUR 70,000 a year"),
        ("qualifications", "20%", "3–4 years", "3+ years with Docker"),
        ("qualifications", "2 to 5", "years", "3+ years with Docker"),
        ("together", "1.4×", "Python and Docker", "Python, Docker and SQL"),
        ("trends", "+50.0", "Docker, first and last", "You ship Docker."),
    ],
)  # fmt: skip
def test_numbers_of_each_part_open_their_own_sentences(
    visitor: Visitor, full_page: str, part: str, name: str, heading: str, shown: str
) -> None:
    visit = visitor.open(full_page)
    begins = re.compile(rf"^\s*{re.escape(name)}")
    visit.page.locator(f"#{part} [data-number]", has_text=begins).first.click()
    dialog = visit.page.get_by_role("dialog", name=heading)
    assert dialog.locator("blockquote").first.inner_text() == shown
    assert dialog.locator(".source").first.is_visible()


def test_a_count_of_postings_opens_postings(visitor: Visitor, full_page: str) -> None:
    visit = visitor.open(full_page)
    visit.page.locator("#coverage").get_by_role("link", name="12: sentences on copies folded").click()
    dialog = visit.page.get_by_role("dialog", name="Copies folded")
    assert dialog.locator("blockquote").count() == 0
    assert dialog.get_by_role("link", name="ML Engineer").get_attribute("href") == "https://jobs.example/7"


# Where all of it is


def test_a_dialog_says_how_many_of_all_it_shows_and_where_all_stand(visitor: Visitor, full_page: str) -> None:
    visit = visitor.open(full_page)
    dialog = visit.page.locator("#sentences")
    visit.page.locator("#skill-kafka td.key").click()
    assert dialog.locator("#sentences-shown").inner_text() == "2 of 6 postings are shown, each of another employer."
    assert dialog.locator("#sentences-where").inner_text() == "All 6 stand in mentions.parquet, beside this page."
    dialog.locator("summary").click()
    lines = dialog.locator("#sentences-lines").inner_text()
    assert 'found = asks[asks.skill.isin(["kafka"])]' in lines
    dialog.get_by_role("button", name="Copy").click()
    expect(dialog.get_by_role("status")).to_have_text(re.compile("Copied|Selected"))
    visit.page.keyboard.press("Escape")
    visit.page.locator("#coverage").get_by_role("link", name="60: sentences on distinct, of the role").click()
    assert dialog.locator("#sentences-shown").inner_text() == "1 of 60 postings is shown."
    assert dialog.locator("#sentences-where").inner_text() == "All 60 stand in postings.parquet, beside this page."
    assert not dialog.locator("#sentences-lines").is_visible()
    visit.page.keyboard.press("Escape")
    visit.page.locator("#coverage").get_by_role("link", name="9: sentences on Data scientist").click()
    assert dialog.locator("#sentences-where").inner_text() == "All 9 stand in the lake, under postings/."
    assert not dialog.locator("summary").is_visible()
    assert visit.heard == []


@pytest.mark.slow
def test_the_lines_of_a_dialog_find_as_many_postings_as_its_number_says(
    sample_folder: Path, sample_page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sample_folder)
    embedded = re.search(r'<script type="application/json" id="numbers">(.*?)</script>', sample_page, re.DOTALL)
    assert embedded is not None
    index = json.loads(embedded.group(1))
    checked: Counter[str] = Counter()
    for _name, told, *_, look in (entry[:6] for entry in index["numbers"]):
        postings, exact, form, *values = look or (0, 0, "lake")
        if form == "lake" or checked[form] == 30:
            continue
        checked[form] += 1
        names: dict[str, Any] = {}
        lines = re.sub(
            r"\{(\d)\}", lambda found, values=values: json.dumps(values[int(found[1])]), index["forms"][form]
        )
        exec(lines, names)  # the very lines that a reader is given
        found = names["found"]["id"].nunique()
        assert (found == postings) if exact else (found >= postings), (told, lines)
    assert set(checked) >= {"asks", "way", "pair", "asks where", "asks unstated", "asks in", "postings"}


# With the keyboard


def focused(visit: Visit) -> Any:
    return visit.page.evaluate("document.activeElement.dataset.stop ?? null")


def test_the_keyboard_reaches_every_part_with_few_stops(visitor: Visitor, full_page: str) -> None:
    visit = visitor.open(full_page)
    wanted = visit.page.evaluate(COUNT_STOPS)
    assert wanted < 90
    visit.page.evaluate(COUNT_STOPS.replace(".length", ".forEach((each, place) => { each.dataset.stop = place; })"))
    reached = []
    for _ in range(wanted + 5):
        visit.page.keyboard.press("Tab")
        reached.append(focused(visit))
    assert set(map(str, range(wanted))) - set(reached) == set()


@pytest.mark.slow
def test_a_page_of_a_real_run_has_few_stops_and_is_no_roll_of_paper_on_a_phone(
    visitor: Visitor, sample_page: str
) -> None:
    wide, phone = (visitor.open(sample_page, width=width) for width in (1280, 390))
    for visit in (wide, phone):
        assert visit.page.evaluate(COUNT_STOPS) < 120
    draw_all(phone)
    # It was 39,000 pixels when all rows of all tables stood open.
    assert phone.page.evaluate("document.documentElement.scrollHeight") < 16_000


@pytest.mark.slow
def test_the_arrow_keys_reach_every_number_of_every_table(visitor: Visitor, full_page: str) -> None:
    visit = visitor.open(full_page)
    tables = visit.page.locator("main table:visible, .multiples:visible").all()
    assert len(tables) > 12
    for table in tables:
        wanted = table.evaluate(
            """table => {
              const inside = [...table.querySelectorAll("[data-number]")].filter((each) => each.checkVisibility()
                && each.closest("table, .multiples") === table
                && ![...each.querySelectorAll("a")].some((link) => link.dataset.number === each.dataset.number));
              inside.forEach((each, place) => { each.dataset.stop = place; });
              return inside.length;
            }"""
        )
        stops = table.locator("[tabindex='0']")
        assert stops.count() == 1
        stops.focus()
        visit.page.keyboard.press("Control+Home")
        reached = {focused(visit)}
        for _ in range(table.locator("tr, figure").count()):
            for _ in range(12):
                visit.page.keyboard.press("ArrowRight")
                reached.add(focused(visit))
            visit.page.keyboard.press("Home")
            visit.page.keyboard.press("ArrowDown")
            reached.add(focused(visit))
        assert set(map(str, range(wanted))) - reached == set()
        assert stops.count() == 1
        table.evaluate(
            "table => table.querySelectorAll('[data-stop]').forEach((each) => { delete each.dataset.stop; })"
        )


def test_enter_opens_a_number_that_is_no_link_and_leaves_the_focus_there(visitor: Visitor, full_page: str) -> None:
    visit = visitor.open(full_page)
    visit.page.locator("#item-1 td.key a.see").first.focus()
    visit.page.keyboard.press("ArrowDown")
    visit.page.keyboard.press("ArrowDown")
    assert visit.page.evaluate("document.activeElement.closest('tbody').id") == "item-2"
    visit.page.keyboard.press("ArrowUp")
    visit.page.keyboard.press("ArrowUp")
    visit.page.keyboard.press("ArrowRight")
    visit.page.keyboard.press("Enter")
    assert visit.page.get_by_role("dialog", name="Python: employers").is_visible()
    visit.page.keyboard.press("Escape")
    assert visit.page.evaluate("document.activeElement.dataset.label") == "Employers"


def test_what_a_search_puts_away_is_no_stop(visitor: Visitor, full_page: str) -> None:
    visit = visitor.open(full_page)
    search = visit.page.get_by_label("Search")
    search.fill("globex")
    names = []
    for _ in range(12):
        visit.page.keyboard.press("Tab")
        names.append(visit.page.evaluate("document.activeElement.closest('tbody')?.id ?? ''"))
    assert "skill-kafka" in names
