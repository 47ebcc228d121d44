"""The header of a posting in a thread, and the employer that a text names itself."""

import pytest

from skillextract.skills.loading import load_matcher
from skillextract.skills.thread_headers import ThreadHeaders


@pytest.fixture(scope="module")
def headers() -> ThreadHeaders:
    vocabulary = load_matcher().vocabulary
    return ThreadHeaders(vocabulary.companies, vocabulary.job_titles)


@pytest.mark.parametrize(
    ("text", "employer"),
    [
        ("Northwind | Backend | ONSITE\nWe ship.", "Northwind"),
        ("Northwind - Oslo, Norway\nAt Northwind we ship.", "Northwind"),
        ("Northwind Labs (YC W14), Oslo\nNorthwind Labs’s engineers ship.", "Northwind Labs"),
        ("Northwind, Inc. - Oslo\nNorthwind is a shop.", "Northwind"),
        ("Northwind Oslo is hiring\nWhat we do: see https://jobs.northwind.com/x", "Northwind"),
        ("* North Wind: Oslo\nApply: jobs@northwind.io", "North Wind"),
        ("Northwind.\nWe ship. Join Northwind!", "Northwind"),
        ("NORTHWIND helps people ship. NORTHWIND was founded in Oslo.", "NORTHWIND"),
    ],
)
def test_an_employer_is_known_by_a_header_or_where_the_text_speaks_of_the_name_that_it_begins_with(
    headers: ThreadHeaders, text: str, employer: str
) -> None:
    assert headers.find_employer(text) == employer


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Python developers wanted\nPython is what we write.",
        "Python Engineer - Oslo\nPython is what we write.",
        "Scala development in Oslo. Scala is what we write.",
        "iOS/Mac - Oslo\nMac is what we build for.",
        "Django - Oslo\nWe look at Djangos of all kinds, that Django and pydjango.com.",
        "northwind - Oslo\nAt northwind we ship.",
        "Go - Oslo\nGo is what we write.",
        "Northwind - Oslo\nWe ship.",
        "Kubernetes is welcome, and so is whoever has run it.",
    ],
)
def test_a_text_that_begins_with_something_else_names_no_employer(headers: ThreadHeaders, text: str) -> None:
    assert headers.find_employer(text) is None


def test_a_header_ends_at_its_last_bar_where_the_line_goes_on(headers: ThreadHeaders) -> None:
    header = "Northwind | Backend, DevOps | ONSITE"
    assert headers.find_end(header) == len(header)
    assert headers.find_end(header + ", Oslo" * 40) == header.rindex("|")
    assert headers.find_end("Python | Kafka | Oslo") == 0


def test_the_products_of_an_employer_that_names_itself_are_no_skills_of_the_hire() -> None:
    text = "Docker - Oslo\nAt Docker we write Go. You will work on Docker.\nRequirements: Kubernetes, Docker, Go"
    found = load_matcher().find_mentions("", "", text)
    assert [(each.surface, each.start) for each in found] == [
        ("Go", text.index("Go.")),
        ("Kubernetes", text.index("Kubernetes")),
        ("Docker", text.rindex("Docker")),
        ("Go", text.rindex("Go")),
    ]
