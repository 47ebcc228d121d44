"""Headings and what they open, in the wordings of real postings."""

from pathlib import Path

import pytest

from skillextract.errors import PatternError
from skillextract.skills.pattern_files import find_patterns
from skillextract.text.section_files import load_section_rules
from skillextract.text.sections import SECTIONS, Line, SectionRules


@pytest.fixture(scope="module")
def rules() -> SectionRules:
    return load_section_rules(find_patterns() / "sections.jsonl")


HEADINGS = {
    "requirements": [
        "Requirements", "Minimum Qualifications:", "What you bring", "WHAT WE’RE LOOKING FOR", "Who you are",
        "You might be a fit if...", "About you", "Your profile", "What you'll need to succeed", "Must-haves",
        "Skills & Experience", "You have:", "Ideal candidates", "This role is for you if",
        "We'd love to work with someone who:", "This could be you", "A successful candidate will have",
        "What we'd like to see", "What do you need?", "Criteria", "A Successful Candidate is a:", "Ideal background",
        "We are hiring a developer with knowledge of some or all of the following:",
        "If you possess the following then talk to us:", "Need:", "Mindset & Culture Fit",
    ],
    "preferred": [
        "Nice to have", "Nice-to-haves:", "Bonus points", "Bonus points if you have", "Preferred qualifications",
        "Even better if you have", "Desired experience", "Ideally, you have", "Nices to have",
        "Standout qualifications", "You'll hit the ground running if you have:",
        "Experience which is desired, though not required, includes:",
        "Great if you have", "Our dream candidate also has", "Always a plus:",
    ],
    "duties": [
        "Responsibilities", "What you'll do", "What you will be doing:", "About the role", "Your mission", "The role",
        "In this role, you will:", "Key responsibilities", "A day in the life", "🚀 What you'll build",
        "Was du bei uns bewegst", "Deine Mission", "Role details", "Leadership responsibilities",
        "Representative projects", "What is success like in the first year", "You should expect to:",
        "What we want to do", "Now hiring:", "Areas of specialization", "About our team and your role",
        "If we'd worked together for the last 6 weeks, you'd have:", "Within three months you will have",
    ],
    "stack": ["Our tech stack", "Technologies we use", "Stack"],
    "benefits": [
        "Benefits", "What we offer", "Perks & benefits", "Why join us?", "Compensation", "What's in it for you",
        "Why Quorvane?", "What you can expect from us", "As a full-time team member, we offer you:",
        "How we'll take care of you", "Full-time employee benefits:", "What you can expect at Quorvane",
        "What we can bring to you",
    ],
    "company": ["About us", "About Tessellune", "Who we are", "Our values", "About the team", "Our culture",
                "What kind of culture can I expect?", "What it means to join Tessellune", "Some things we're proud of",
                "How we got here", "Our Team & Culture", "Team and culture", "About", "Things we value:",
                "What is Quorvane?", "Where you'll work"],
    "process": ["How to apply", "Interview process", "Our hiring process", "How hiring works"],
    "legal": ["Equal opportunity employer", "EEO statement"],
    "not_asked": [
        "This role isn't for you if", "Out of scope", "What this role is not", "More details", "You won't need",
        "What we don't require",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "section"), [(heading, section) for section, headings in HEADINGS.items() for heading in headings]
)
def test_a_heading_opens_its_section(rules: SectionRules, heading: str, section: str) -> None:
    assert rules.read_heading(heading) == section


@pytest.mark.parametrize(
    "line",
    [
        "- Requirements engineering",
        "We are looking for people who care, and we have a long history of building things together with them.",
        "Python",
        "You will write Python services that thousands of people use, every single day.",
        "",
    ],
)
def test_a_line_that_is_no_heading_opens_nothing(rules: SectionRules, line: str) -> None:
    assert rules.read_heading(line) is None


def test_a_section_lasts_until_the_next_heading(rules: SectionRules) -> None:
    text = "We make maps.\n\nRequirements\n- Python\n\nBenefits\n- Cake"
    assert [(text[line.start : line.end], line.section) for line in rules.divide(text)] == [
        ("We make maps.", "intro"),
        ("Requirements", "requirements"),
        ("- Python", "requirements"),
        ("Benefits", "benefits"),
        ("- Cake", "benefits"),
    ]


def test_a_heading_may_be_numbered_and_an_item_of_a_list_opens_nothing(rules: SectionRules) -> None:
    text = "1. Responsibilities\n1. Python\n2) Compensation\n(2) Requirements\n1. Cake\n2. Go"
    assert [line.section for line in rules.divide(text)] == ["duties"] * 3 + ["requirements"] * 3
    assert rules.read_heading("1. Requirements") == "requirements"
    assert rules.read_heading("- Requirements") is None


def test_a_text_without_headings_is_undivided(rules: SectionRules) -> None:
    assert rules.divide("Acme | Engineer\nWe use Go.") == [Line(0, 15, "undivided"), Line(16, 26, "undivided")]


def test_a_heading_inside_a_line_speaks_for_the_rest_of_it(rules: SectionRules) -> None:
    assert rules.read_inline_heading("- Nice to have: Kafka") == ("preferred", 15)
    assert rules.read_inline_heading("Kafka: a queue") is None


@pytest.mark.parametrize(
    ("line", "section", "expected"),
    [
        ("Requirements - Python - Go", "company", ("requirements", 15)),
        ("Nice to have: • Kafka • Go", "requirements", ("preferred", 16)),
        ("Our Stack * Go * Kafka", "preferred", None),
        ("- Requirements - Python", "company", None),
        ("Kafka - a queue", "company", None),
        ("Must-have Python", "company", None),
    ],
)
def test_a_heading_may_be_parted_by_a_dash_from_items_that_were_lines_once(
    rules: SectionRules, line: str, section: str, expected: tuple[str, int] | None
) -> None:
    assert rules.read_inline_heading(line, section) == expected


@pytest.mark.parametrize(
    ("line", "section"),
    [
        ("Acme is an equal opportunity employer and welcomes everybody.", "legal"),
        ("We may use artificial intelligence (AI) tools to sort parts of the applications.", "legal"),
        ("If you would rather opt out of the use of AI, write to us.", "legal"),
        ("People decide. If you want to opt out of the use of AI in our hiring process, write to us.", "legal"),
        ("You decide about the use of AI in our products.", None),
        ("At Acme, we believe that diverse teams draw better maps.", "legal"),
        ("Acme’s mission is to draw every street.", "company"),
        ("The team's mission is to draw every street.", None),
        ("Tessellune: A Mapping Unicorn That Draws Streets with AI", "company"),
        ("Background: a software company is where you grew up", None),
        ("SQL: a firm understanding of joins", None),
        ("We use Terraform.", None),
        ("Put a link to your github account into it", "process"),
        ("Send us your resume and/or LinkedIn.", "process"),
        ("A portfolio in Figma is required", None),
        ("We use AI tools every day.", None),
        ("- Use AI tools to screen candidates and speed up our recruiting", None),
        ("Acme uses Automated Employment Decision Tools to screen candidates.", "legal"),
    ],
)
def test_a_line_of_law_or_of_the_company_is_one_under_any_heading(
    rules: SectionRules, line: str, section: str | None
) -> None:
    assert rules.read_line(line) == section


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", r"sections.jsonl:1: \[json\] found '{', expected a JSON object"),
        ('{"section": "duties"}', r"\[keys\] found keys \['section'\], expected `section` and one of `heading`"),
        ('{"section": "fun", "heading": "x"}', r"\[section\] unknown section 'fun'; known: benefits"),
        ('{"within": "fun", "words": []}', r"\[within\] found 'fun', expected one of firm, free, marked"),
        ('{"section": "duties", "heading": "("}', r"\[expression\] no regular expression"),
        ('{"section": "duties", "heading": "(?<=a+)b"}', r"\[expression\] no regular expression: look-behind"),
        ('{"section": "duties", "heading": "(?P<a>b)"}', r"\[expression\] no regular expression: names a group 'a'"),
        ('{"section": "duties", "heading": 5}', r"\[value\] found heading 5, expected a text that is not empty"),
        ('{"section": "duties", "heading": ""}', r"\[value\] found heading '', expected a text that is not empty"),
        ('{"section": ["duties"], "line": "x"}', r"\[value\] found section \['duties'\], expected a text"),
        ('{"section": "duties", "items": ["x"]}', r"\[value\] found items \['x'\], expected a text"),
        ('{"section": "duties", "heading": "x", "certain": 1}', r"\[value\] found certain 1, expected true or false"),
        ('{"section": "duties", "heading": "x", "keeps": "legal"}', r"\[value\] found keeps 'legal', expected a list"),
        ('{"section": "duties", "heading": "x", "keeps": ["fun"]}', r"\[section\] unknown section 'fun'; known:"),
        ('{"within": "firm", "words": [""]}', r"\[value\] found words \[''\], expected a list of texts, none of th"),
    ],
)
def test_a_broken_rule_is_named_with_file_and_line(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "sections.jsonl"
    path.write_text(line)
    with pytest.raises(PatternError, match=message):
        load_section_rules(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PatternError, match=r"sections.jsonl: \[unreadable\] .*expected UTF-8 text"):
        load_section_rules(tmp_path / "sections.jsonl")


def test_a_line_of_the_file_ends_at_no_other_sign_than_a_line_break(tmp_path: Path) -> None:
    path = tmp_path / "sections.jsonl"
    path.write_text('{"section": "duties", "line": "one[\u2028\x85]two"}\n', encoding="utf-8")
    assert [load_section_rules(path).read_line(line) for line in ("one\u2028two", "one two")] == ["duties", None]


def test_every_section_of_the_headings_is_known() -> None:
    assert set(HEADINGS) <= SECTIONS


def test_a_sub_heading_keeps_what_is_nice_to_have(rules: SectionRules) -> None:
    text = "Requirements\nGo\nPreferred qualifications\nLeadership experience:\nMentoring\nMinimum requirements\nRust"
    assert [line.section for line in rules.divide(text)] == [
        "requirements", "requirements", "preferred", "preferred", "preferred", "requirements", "requirements",
    ]  # fmt: skip


def test_lines_above_headings_that_speak_of_others_are_undivided(rules: SectionRules) -> None:
    text = "Acme | Engineer\nWe use Go.\nHow to apply\nWrite to us."
    assert [line.section for line in rules.divide(text)] == ["undivided", "undivided", "process", "process"]


def test_a_bullet_opens_a_section_for_the_bullets_below_it(rules: SectionRules) -> None:
    text = "What you bring\n - Go\n - Nice-to-haves\n   - Rust\n   - Zig\n - Curiosity\n - Requirements\n - C"
    assert [line.section for line in rules.divide(text)] == [
        "requirements", "requirements", "preferred", "preferred", "preferred", "requirements", "requirements",
        "requirements",
    ]  # fmt: skip


def test_a_bullet_that_ends_in_a_colon_opens_a_section_until_the_next_one(rules: SectionRules) -> None:
    text = "What you bring\n- Go\n- Nice to have:\n- Rust\n- Personal attributes:\n- Curiosity\nBenefits\n- Lunch"
    assert [line.section for line in rules.divide(text)] == [
        "requirements", "requirements", "preferred", "preferred", "requirements", "requirements", "benefits",
        "benefits",
    ]  # fmt: skip


def test_a_bullet_with_lines_below_that_are_none_is_a_heading(rules: SectionRules) -> None:
    text = "We make maps.\n* Requirements:\n\nGo\nKafka\n* Location:\n\nGraz"
    assert [line.section for line in rules.divide(text)] == ["intro", *["requirements"] * 3, "process", "requirements"]


def test_a_bullet_among_items_is_no_heading_of_what_is_below_the_list(rules: SectionRules) -> None:
    text = "Requirements\n- Go\n- Nice to have:\nKafka\n\nYou know SQL, too"
    assert [line.section for line in rules.divide(text)] == [
        "requirements", "requirements", "preferred", "requirements", "requirements",
    ]  # fmt: skip


def test_a_bullet_that_can_only_be_a_heading_opens_a_section_without_a_colon(rules: SectionRules) -> None:
    text = "What you bring\n - Must have\n - Go\n - Nice to have\n - Rust\n - Nice to have: Zig\nBenefits\n - Lunch"
    assert [line.section for line in rules.divide(text)] == [
        "requirements", "requirements", "requirements", "preferred", "preferred", "preferred", "benefits", "benefits",
    ]  # fmt: skip


def test_the_last_sentence_of_a_paragraph_opens_a_section_for_the_bullets_below_it(rules: SectionRules) -> None:
    opening = (
        "As one of three engineers in our small office you will wear many hats. Your responsibilities will include:"
    )
    text = f"We make maps.\n{opening}\n\n- Go\nCake comes on Fridays for everybody.\n"
    assert [line.section for line in rules.divide(text)] == ["undivided", "undivided", "duties", "undivided"]
    assert [line.section for line in rules.divide(text + "Qualifications\n- Rust")] == [
        "intro", "intro", "duties", "intro", "requirements", "requirements",
    ]  # fmt: skip
    assert {line.section for line in rules.divide(text.replace("- Go", "Go"))} == {"undivided"}


def test_the_address_of_a_picture_before_a_heading_does_not_count(rules: SectionRules) -> None:
    text = (
        "🔍 https://pictures.example/magnifying-glass-that-leans-to-the-left-and-has-a-long-name The Opportunity:\n- Go"
    )
    assert {line.section for line in rules.divide(text)} == {"duties"}
    short = "🔍 https://p.example/a.png Requirements:\n- Go"
    assert {line.section for line in rules.divide(short)} == {"requirements"}
    more = f"We make maps. More of them: https://maps.example/{'x' * 60}/benefits"
    assert {line.section for line in rules.divide(more)} == {"undivided"}


@pytest.mark.parametrize(
    ("line", "section", "expected"),
    [
        ("- Process evolution: you champion reviews", "duties", None),
        ("Process: two talks", "duties", ("process", 8)),
        ("- Languages: Go", "requirements", None),
        ("Languages: Go", "requirements", ("stack", 10)),
        ("Languages: Go", "preferred", None),
    ],
)
def test_a_topic_among_what_is_asked_is_no_heading_of_its_own(
    rules: SectionRules, line: str, section: str, expected: tuple[str, int] | None
) -> None:
    assert rules.read_inline_heading(line, section) == expected


@pytest.mark.parametrize(
    ("above", "heading", "items", "section"),
    [
        ("Your tasks", "Stuff of legends", ("4+ years with Go", "Strong SQL", "Love for maps"), "requirements"),
        ("About us", "What we value", ("Experience with Kafka", "Ability to explain trade-offs"), "requirements"),
        ("Benefits", "Platform and tooling", ("Build our pipelines", "Own the warehouse"), "duties"),
        ("Requirements", "On your desk", ("Data quality: monitor it", "Dashboards: design and run them"), "duties"),
        ("Nice to have", "A closer look", ("Experience with Rust", "Familiarity with Go"), "preferred"),
        ("About us", "What we value", ("Build with care", "Own your mistakes"), "company"),
        ("About us", "Our values", ("Curiosity", "Passion for maps", "Creativity"), "company"),
        ("Your tasks", "Tessellune's core principles", ("Strong opinions", "Curiosity"), "company"),
        ("Your tasks", "Seven reasons to come", ("Work with Rust", "Build new things"), "benefits"),
        ("Requirements", "Land ahoy", ("Generous leave", "Medical plan", "A bicycle"), "benefits"),
        ("Benefits", "Nuts and bolts", ("Build our pipelines", "Free lunch", "Dental plan", "A bicycle"), "benefits"),
    ],
)  # fmt: skip
def test_the_items_of_a_list_tell_what_it_is_where_its_heading_does_not(
    rules: SectionRules, above: str, heading: str, items: tuple[str, ...], section: str
) -> None:
    text = f"{above}\nA line.\n\n{heading}\n\n" + "\n".join(f"- {item}" for item in items)
    assert {line.section for line in rules.divide(text)[-len(items) :]} == {section}


def test_a_line_in_which_the_company_speaks_of_itself_is_about_it_under_any_heading(rules: SectionRules) -> None:
    text = "Requirements\n- Go\nOur mission is to map the sea.\nAcme is backed by sailors.\nThis is an asset."
    assert [line.section for line in rules.divide(text)] == ["requirements"] * 5
    read = [rules.read_line(line) for line in text.split("\n")]
    assert read == [None, None, "company", "company", None]


def test_a_text_whose_headings_are_all_unknown_is_divided_by_its_lists(rules: SectionRules) -> None:
    text = "Acme maps the sea.\nThe daily grind\n- Build charts\n- Run boats\nThe sailor\n- 3+ years at sea\n- Fluent C"
    assert [line.section for line in rules.divide(text)] == [
        "intro", "duties", "duties", "duties", "requirements", "requirements", "requirements",
    ]  # fmt: skip


def test_a_sub_heading_between_two_lists_stands_beside_what_is_nice_to_have(rules: SectionRules) -> None:
    beside = "Nice to have\n- Go\nSoft skills\n- Patience"
    below = "Nice to have\nTechnical skills\n- Go\nSoft skills\n- Patience"
    assert [line.section for line in rules.divide(beside)] == ["preferred", "preferred", "requirements", "requirements"]
    assert {line.section for line in rules.divide(below)} == {"preferred"}


def test_what_awaits_you_at_an_employer_is_an_offer_directly_below_one(rules: SectionRules) -> None:
    text = "Why join us?\nAt Acme, you will:\n- Sail far\nWhat you will do\n- Build boats"
    assert [line.section for line in rules.divide(text)] == ["benefits"] * 3 + ["duties"] * 2


def test_a_line_that_answers_its_heading_opens_no_section(rules: SectionRules) -> None:
    text = "We do parcels.\nLocation: Berlin\nYou will love Go.\nBenefits:\nPay: $20 an hour\nRequirements\nGo"
    assert [line.section for line in rules.divide(text)] == [
        "intro", "intro", "intro", "benefits", "benefits", "requirements", "requirements",
    ]  # fmt: skip


def test_later_sentences_of_a_line_may_have_headings_of_their_own(rules: SectionRules) -> None:
    assert rules.read_inline_headings("Preferred: Rust. Required: Go, SQL. Zebra: tea.") == [
        ("preferred", 10), ("requirements", 26),
    ]  # fmt: skip
    assert rules.read_inline_headings("We use Go. Required: SQL") == []
