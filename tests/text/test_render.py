"""A draft becomes a posting."""

from datetime import UTC, datetime

from skillextract.posting import Posting, PostingDraft
from skillextract.text.render import hash_content, render_posting

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def make_draft(body: str, body_format: str) -> PostingDraft:
    return PostingDraft(
        id="ashby:acme:1", source="ashby:acme", title="ML Engineer", company="Acme", fetched_at=NOW, body=body,
        body_format=body_format,  # type: ignore[arg-type]
    )  # fmt: skip


def test_html_becomes_text_and_every_fact_is_kept() -> None:
    assert render_posting(make_draft("<p>Python</p>", "html")) == Posting(
        id="ashby:acme:1",
        source="ashby:acme",
        title="ML Engineer",
        company="Acme",
        fetched_at=NOW,
        text="Python",
        content_hash=hash_content("ML Engineer", "Python"),
    )


def test_plain_text_is_kept_to_the_character() -> None:
    body = "  two  spaces\r\n<b>no markup</b> &amp; \u00a0"
    assert render_posting(make_draft(body, "text")).text == body


def test_marks_of_emphasis_in_plain_text_are_taken_off() -> None:
    assert render_posting(make_draft("* Scala is **not** required", "text")).text == "* Scala is not required"


def test_stars_in_html_are_kept() -> None:
    assert render_posting(make_draft("<p>Scala is **not** required</p>", "html")).text == "Scala is **not** required"


def test_the_hash_ignores_case_and_white_space_and_nothing_else() -> None:
    first = hash_content("ML Engineer", "We use  Python.\n\nAnd Go.")
    assert first == hash_content("ml engineer ", "we use Python. And GO.")
    assert first != hash_content("ML Engineer", "We use Python. And Go!")
    assert first != hash_content("ML Engineer II", "We use Python. And Go.")
    assert len(first) == 32
