"""The comparison in a terminal, as Markdown, and for other programs."""

from __future__ import annotations

import ast
import csv
import html
import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.console import Console
from typer.testing import CliRunner

from reports.builders import ITEMS, ROLE, item, make_full_tables, make_page, make_tables, missing, source, total
from skillextract.cli import app
from skillextract.reports import answer
from skillextract.reports.answer import OWN_CODE, answer_in_sentences, warn_of_unnamed
from skillextract.reports.export import render_csv, render_json
from skillextract.reports.markdown import escape_markdown, escape_sentence, render_markdown
from skillextract.reports.market_tables import PROFILE_COMPARISON
from skillextract.reports.report import Report
from skillextract.reports.tables import write_table
from skillextract.reports.terminal import draw_interval, show

HOSTILE = "[link](javascript:alert(1)) <b>x</b> | `y` ![i](http://evil.example) \x1b[31m\u202e [bold]z[/bold] http://a.example"


def print_report(report: Report, *, width: int = 120, encoding: str = "utf-8", terminal: bool = True) -> str:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict", write_through=True)
    console = Console(
        file=stream, width=width, force_terminal=terminal, color_system=None, highlight=False, legacy_windows=False
    )
    show(report, console=console)
    stream.seek(0)
    return stream.read()


def test_a_terminal_shows_answer_items_and_what_is_missing() -> None:
    lines = print_report(Report(make_tables())).splitlines()
    assert [line.rstrip(" ─") for line in lines[5:]] == [
        "What the profile says",
        "#   Item                  Verdict     Share   95% interval   0% to 100%             Postings   Employers",
        "",
        "1   Python                confirmed     90%        80–100%                   ──●─         54          20",
        "2   Messaging systems     weak          10%          0–20%   ──●──                         6           6",
        "3   Attention to detail   not seen       0%          0–10%   ●──                           0           0",
        "",
        "What the profile leaves out",
        "Rank   Skill          Share   95% interval   0% to 100%             Postings   Employers",
        "",
        "   4   Docker           50%         40–60%           ──●──                30          20",
    ]


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_names_and_intervals_stay_whole_however_narrow_it_is(width: int) -> None:
    long = item(1, "Typed language such as C++ or Java", "confirmed", 54)
    told = print_report(Report(make_tables([long, missing("k8s", "Kubernetes", 30)])), width=width)
    assert max(len(line) for line in told.splitlines()) <= width
    assert "Kubernetes" in told
    assert "80–100%" in told


def test_text_of_others_is_neither_markup_nor_control() -> None:
    told = print_report(Report(make_tables([item(1, HOSTILE, "confirmed", 54)])), width=400)
    assert HOSTILE.replace("\x1b", "").replace("\u202e", "") in told
    assert not {"\x1b", "\u202e"} & set(told)


def test_a_terminal_without_unicode_gets_plain_signs() -> None:
    report = Report(make_tables([item(1, "Python", "confirmed", 54)]))
    told = print_report(report, encoding="utf-8").encode("ascii", "replace").decode()
    assert "?" in told
    plain = [line for line in print_report_ascii(report).splitlines() if "confirmed " in line and "80-100%" in line]
    assert len(plain) == 1
    assert "--o-" in plain[0]


def print_report_ascii(report: Report) -> str:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="replace", write_through=True)
    show(report, console=Console(file=stream, width=120, force_terminal=True, color_system=None, highlight=False))
    stream.seek(0)
    return stream.read()


def test_the_sample_is_marked_everywhere() -> None:
    report = Report(make_tables(totals=total(is_sample=True)))
    assert print_report(report).count("SAMPLE") == 3
    assert render_markdown(report).count("SAMPLE") == 4


def test_every_report_warns_where_most_postings_state_no_employer() -> None:
    tables = make_tables(totals=total(role_unnamed=60))
    report = Report(tables)
    warning = warn_of_unnamed(report)
    assert warning.startswith("60 of 60 postings state no employer: ")
    assert warning in print_report(report, width=400)
    assert f"**{escape_sentence(warning)}**" in render_markdown(report)
    assert json.loads(render_json(report))["warning"] == warning
    assert html.escape(warning).replace("&quot;", "&#34;") in make_page(tables)
    assert json.loads(render_json(Report(make_tables())))["warning"] is None


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.integers(1, 60))
def test_an_interval_is_as_wide_as_it_is_asked_to_be_with_one_dot_in_it(
    a: float, b: float, c: float, width: int
) -> None:
    low, share, high = sorted((a, b, c))
    drawn = draw_interval(low, share, high, width=width)
    assert (len(drawn), drawn.count("●")) == (width, 1)
    assert set(drawn.strip()) <= {"●", "─"}


def test_no_interval_is_drawn_where_none_is_stated() -> None:
    assert draw_interval(None, None, None) == ""


# Markdown


def test_markdown_has_the_answer_the_tables_and_the_way_to_the_page() -> None:
    report = Report(make_tables())
    told = render_markdown(report, page="/lake/a b/report.html")
    assert told == (
        f"## {ROLE}: profile and market\n\n"
        + "".join(f"{escape_markdown(sentence)}\n\n" for sentence in answer_in_sentences(report.rows, role=ROLE))
        + f"60 distinct postings of the role “{ROLE}” by 20 employers; snapshot 2026-07-01T120000Z.\n\n"
        "[The page with charts and evidence](<file:///lake/a%20b/report.html>): `/lake/a b/report.html`\n\n"
        "### What the profile says\n\n"
        "| # | what | verdict | share | 95% interval | postings | employers |\n"
        "| ---: | --- | --- | ---: | ---: | ---: | ---: |\n"
        "| 1 | Python | confirmed | 90% | 80–100% | 54 | 20 |\n"
        "| 2 | Messaging systems | weak | 10% | 0–20% | 6 | 6 |\n"
        "| 3 | Attention to detail | not seen | 0% | 0–10% | 0 | 0 |\n\n"
        "### What the profile leaves out\n\n"
        "| # | what | verdict | share | 95% interval | postings | employers |\n"
        "| ---: | --- | --- | ---: | ---: | ---: | ---: |\n"
        "| 4 | Docker | missing from profile | 50% | 40–60% | 30 | 20 |\n"
    )


@pytest.mark.parametrize(
    "text", [HOSTILE, "a\nb\n# c", "1. x", "***", "<!-- -->", "&lt;script&gt;", "~~a~~", "\\[a](b)"]
)
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = [token for token in reader.parse(f"| x |\n| --- |\n| {escape_markdown(text)} |") if token.type == "inline"]
    children = tokens[-1].children or []
    assert {child.type for child in children} <= {"text", "text_special"}
    shown = " ".join(text.replace("\x1b", "").replace("\u202e", "").split())
    assert "".join(child.content for child in children) == shown


def test_code_of_ours_stays_code_and_that_of_postings_does_not() -> None:
    """`run_summary` was shown as \\`run\\_summary\\`."""
    told = render_markdown(Report(make_tables(totals=total(refused=2, role_unnamed=60))))
    assert "2 postings that could not be read; `run_summary` says of which source." in told
    assert "its floor (`min_companies`) say nothing then" in told
    assert '`columns = { company = "…" }`' in told
    assert escape_sentence("a `b_c` `run_summary` \\`role` *d*") == "a \\`b\\_c\\` `run_summary` \\\\`role` \\*d\\*"


def test_all_code_in_our_sentences_is_known_as_ours() -> None:
    text = Path(answer.__file__).read_text(encoding="utf-8")
    literals = [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
    documented = {
        ast.get_docstring(node, clean=False)
        for node in ast.walk(ast.parse(text))
        if hasattr(node, "body") and isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
    }
    spans = {
        span
        for literal in literals
        if isinstance(literal, str) and literal not in documented
        for span in re.findall("`([^`]+)`", literal)
    }
    assert spans == OWN_CODE


# CSV and JSON


def test_csv_is_the_comparison_without_its_evidence() -> None:
    rows = list(csv.DictReader(io.StringIO(render_csv(Report(make_tables())))))
    columns = [column.name for column in PROFILE_COMPARISON.columns if column.name != "evidence"]
    assert list(rows[0]) == ["role", "snapshot", *columns]
    assert {(row["role"], row["snapshot"]) for row in rows} == {(ROLE, "2026-07-01T120000Z")}
    assert [(row["name"], row["share"], row["rank"]) for row in rows] == [
        ("Python", "0.9", "1"),
        ("Messaging systems", "0.1", "2"),
        ("Attention to detail", "0.0", ""),
        ("Docker", "0.5", "4"),
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_text_in_csv_is_a_formula(text: str) -> None:
    report = Report(make_tables([item(1, text, "confirmed", 54)]))
    assert next(csv.DictReader(io.StringIO(render_csv(report))))["name"] == f"'{text}"


def test_json_is_the_answer_and_the_tables_that_are_there() -> None:
    report = Report(make_full_tables())
    told = json.loads(render_json(report))
    assert told["answer"] == answer_in_sentences(report.rows, role=ROLE)
    assert (told["role"], told["snapshot"], told["is_sample"]) == (ROLE, "2026-07-01T120000Z", False)
    tables = {name for name in report.tables if name not in {"postings", "mentions"}}
    assert len(tables) == 11
    assert {name: told[name] for name in tables} == {name: report.read(name) for name in tables}
    assert "trends" not in json.loads(render_json(Report(make_tables())))


def test_json_tells_every_sentence_that_markdown_does() -> None:
    tables = make_full_tables() | make_tables(
        sources=[source("down", status="failed", message="no answer")],
        totals=total(is_sample=True, status="partial", message="without down"),
    )
    report = Report(tables)
    told = json.loads(render_json(report, page="/lake/report.html"))
    lines = render_markdown(report, page="/lake/report.html").splitlines()
    before = lines[: next(place for place, line in enumerate(lines) if line.startswith("###"))]
    said = [told["notice"], *told["answer"], *told["more"], told["basis"], told["page"]]
    for sentence in said:
        assert any(escape_markdown(sentence) in line or sentence in line for line in before), sentence
    length = sum(len(escape_markdown(sentence)) for sentence in said)
    # And nothing else: what is left are the heading, the mark of a sample, and the words of the link.
    assert sum(map(len, before)) - length < 200


def test_json_keeps_every_character_and_shows_no_invisible_one() -> None:
    report = Report(make_tables([item(1, HOSTILE, "confirmed", 54)]))
    told = render_json(report)
    assert json.loads(told)["profile_comparison"][0]["name"] == HOSTILE
    assert not {"\x1b", "\u202e"} & set(told)


# The command


@pytest.fixture
def stored(tmp_path: Path) -> str:
    for name, table in make_tables().items():
        write_table(table, tmp_path / f"{name}.parquet", table=name, metadata={})
    return str(tmp_path)


def test_show_writes_each_format(stored: str) -> None:
    report = Report(make_tables())
    expected = {
        "csv": render_csv(report),
        "json": render_json(report, page=f"{stored}/report.html"),
        "markdown": render_markdown(report, page=f"{stored}/report.html"),
    }
    told = {name: CliRunner().invoke(app, ["show", stored, "--format", name]).stdout for name in expected}
    assert told == expected


def test_show_in_a_terminal_ends_with_the_place_of_the_page(stored: str) -> None:
    told = CliRunner().invoke(app, ["show", stored]).stdout
    assert ITEMS[0]["name"] in told
    assert told.splitlines()[-1] == f"{stored}/report.html"


def test_show_refuses_another_format(stored: str) -> None:
    result = CliRunner().invoke(app, ["show", stored, "--format", "pdf"])
    assert result.exit_code == 2
    assert "found 'pdf', expected" in result.output
