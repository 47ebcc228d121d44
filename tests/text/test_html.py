"""HTML becomes the lines that a reader sees."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillextract.text.html import extract_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<h2>Skills</h2><ul><li>Python</li><li>Go</li></ul>", "Skills\n\n- Python\n- Go"),
        ("<ul><li><p>•Python</p></li><li>· Go</li></ul>", "- Python\n- Go"),
        ("<ul><li>Tools<ul><li>Git</li></ul></li></ul>", "- Tools\n- Git"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<div>Plain</div><div>divs</div>", "Plain\ndivs"),
        ("<p>R&amp;D &lt;5&nbsp;years&#39;</p>", "R&D <5 years'"),
        ("<p>&amp;lt;b&amp;gt; stays</p>", "&lt;b&gt; stays"),
        ("<table><tr><th>Tool</th><td>Use</td></tr><tr><th>Git</th><td>daily</td></tr></table>", "Tool Use\nGit daily"),
        ("<p>Seen</p><script>alert(1)</script><style>p{}</style><p hidden>no</p>", "Seen"),
        ('<p>Seen</p><p style="display: none">no</p><div style="visibility:hidden">no</div>', "Seen"),
        ("<p>soft\xadhyphen zero\u200bwidth</p>", "softhyphen zerowidth"),
        ("<p>many   \n\t spaces</p>", "many spaces"),
        ("<li>alone</li>", "- alone"),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ("", ""),
        ("no markup at all", "no markup at all"),
    ],
)
def test_markup_becomes_lines(html: str, text: str) -> None:
    assert extract_text(html) == text


@pytest.mark.parametrize(
    ("item", "line"), [("• Go", "- Go"), ("•– * Go", "- Go"), ("--", "- -"), ("C-Go", "- C-Go"), ("- -", "- -")]
)
def test_an_item_has_one_bullet_whatever_was_typed_before_it(item: str, line: str) -> None:
    assert extract_text(f"<ul><li>{item}</li></ul>") == line


def test_nesting_without_end_is_read_without_a_crash() -> None:
    assert extract_text("<div>" * 30_000 + "deep") == "deep"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_whatever_comes_in_lines_come_out_trimmed_and_without_control_characters(html: str) -> None:
    text = extract_text(f"<p>{html}</p>")
    assert [line for line in text.split("\n") if line != line.strip()] == []
    assert {char for char in text if unicodedata.category(char) == "Cc"} <= {"\n"}


def test_real_boards_plain_text_and_ours_hold_the_same_words(shared: Path) -> None:
    """Ashby delivers HTML and its own plain text: nothing of the words may be lost or added."""
    board = json.loads((shared / "api" / "ashby" / "careerkit_board.json").read_text(encoding="utf-8"))

    def read_words(text: str) -> set[str]:
        return {word.strip(".,:;()!?-–—•*\"'’“”").casefold() for word in text.split()} - {""}

    for job in board["jobs"]:
        ours, theirs = read_words(extract_text(job["descriptionHtml"])), read_words(job["descriptionPlain"])
        # Their text writes links out as addresses; ours shows what the reader sees.
        assert {word for word in theirs - ours if "http" not in word and "@" not in word} == set()
