import time

import pytest

from skillextract.collect.markup import decode_page, parse_html


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<p>Zürich</p>".encode(), "<p>Zürich</p>"),
        (b"\xef\xbb\xbf<p>x</p>", "<p>x</p>"),
        ('<meta charset="iso-8859-2"><p>Łódź</p>'.encode("iso-8859-2"), '<meta charset="iso-8859-2"><p>Łódź</p>'),
        (b"<p>\x93quoted\x94</p>", "<p>“quoted”</p>"),
        (b'<meta charset="klingon"><p>\x80</p>', '<meta charset="klingon"><p>€</p>'),
    ],
)
def test_decode_page_reads_the_characters(content: bytes, expected: str) -> None:
    assert decode_page(content) == expected


@pytest.mark.parametrize("tag", ["div", "ul><li", "table><tr><td", "b", "a", "span", "section", "select", "font><p"])
def test_nesting_without_end_takes_no_time_and_loses_no_text(tag: str) -> None:
    began = time.thread_time()
    tree = parse_html(f"<{tag}>x" * 20_000)
    assert time.thread_time() - began < 2
    assert (tree.body.text() if tree.body else "").count("x") == 20_000


def test_what_is_nested_as_people_nest_is_left_as_it_is() -> None:
    markup = "<div>" * 100 + "<p>a</p><ul><li>b<li>c</ul>" * 400 + "</div>" * 100
    assert len(parse_html(markup).css("li")) == 800
    assert len(parse_html(markup).css("div")) == 100


def test_below_the_limit_elements_give_way_and_those_after_them_do_not() -> None:
    tree = parse_html("<div>" * 600 + "deep" + "</div>" * 600 + "<p><i>after</i></p>" * 300)
    assert len(tree.css("div")) == 500
    assert len(tree.css("body > p")) == 300
