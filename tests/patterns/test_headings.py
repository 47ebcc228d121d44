"""The built-in headings: what postings write above a list, and the section that it opens."""

import pytest

from skillextract.skills.pattern_files import find_patterns
from skillextract.text.sections import load_section_rules

RULES = load_section_rules(find_patterns() / "sections.jsonl")

HEADINGS = {
    "requirements": (
        "WHAT WE’RE AFTER",
        "You'll be great at this if",
        "Who will love this job",
        "Non-negotiables:",
        "🕵️ You've got",
        "Skills we're looking for:",
        "Requirements (must have)",
        "A few things about you",
        "You could be a great fit if:",
        "An ideal candidate has:",
        "What qualifies you to join",
        "At a minimum, you'll need",
        "Other qualifications",
        "What we need from you",
        "What we hope to see",
        "Is this the right role for you?",
        "Who will thrive in this role",
        "Enough about us, let's talk about you",
        "Selection criteria",
        "Characteristics of success",
        "How to be successful in this role",
        "Do you tick these boxes?",
        "Why you?",
        "All about you",
        "Here's what you bring",
        "Tool proficiencies",
        "You already",
        "자격 요건",
        "任职要求",
    ),
    "preferred": (
        "Here are some nice-to-haves",
        "THE CHERRY ON TOP",
        "We'd be thrilled if you",
        "Would be a plus:",
        "Also helpful",
        "What will make you stand out",
        "Preferred, though not mandatory: qualifications",
        "Skills not required, but a plus",
        "Preferred tech stack",
        "Experience preferred but not required",
        "Preferred to have",
        "Technical skills preferred",
        "What gives you an edge",
        "You may also have",
        "In a perfect world",
        "We'd also love",
        "Extra kudos for",
        "Nice additions",
        "Optional but valuable",
        "Preference will be given to candidates with",
        "Familiarity with any of the following is a plus",
        "While not required, it's helpful if you have",
        "加分项",
    ),
    "duties": (
        "📍 Your impact starts here",
        "What awaits you",
        "Why does this role exist?",
        "What makes this role exciting",
        "A snapshot of projects you might work on",
        "At Quorvane, you will:",
        "Some of the challenges you'll help us tackle",
        "About the Data Analyst position",
        "Success in your first year",
        "Typical responsibilities:",
        "Open positions:",
        "What will I be doing?",
        "Your contributions",
        "How you'll have an impact",
        "How success will be measured",
        "Areas of ownership",
        "By the end of year one",
    ),
    "not_asked": (
        "You're unlikely to thrive here if",
        "Who this role is not for",
        "You probably shouldn't apply if",
        "Red flags",
        "What this role is not",
    ),
    "stack": ("Our engineering stack", "Here's our stack:", "iOS stack", "We use:", "Some of the technologies we use"),
    "benefits": (
        "We are offering the following benefits",
        "Job perks",
        "In return",
        "Why it's great to work here",
        "We provide",
    ),
    "company": (
        "A little bit about us",
        "Who you'll be joining",
        "Our mission",
        "What sets our platform apart",
        "How we do it",
        "Where we are today",
        "Quorvane at a glance",
        "The problem we're solving",
        "Your team",
    ),
    "process": ("What to expect in the interview process",),
}


@pytest.mark.parametrize(
    ("section", "heading"), [(section, heading) for section, found in HEADINGS.items() for heading in found]
)
def test_a_heading_opens_its_section(section: str, heading: str) -> None:
    assert RULES.read_heading(heading) == section


@pytest.mark.parametrize(
    "line",
    [
        "Experience with Ember.js is a big plus",
        "Proficient in SQL and one scripting language, with a plus for Rust knowledge",
        "Cross-functional collaboration",
        "Process & systems leadership",
        "Full stack engineer",
        "Here is what you need to know",
        "We shipped the new planner in spring and nobody noticed anything at all",
    ],
)
def test_an_item_a_title_or_a_topic_opens_nothing(line: str) -> None:
    assert RULES.read_heading(line) is None
