"""HTML to plain lines: a paragraph, list item, heading or table row each becomes one line."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from skillextract.collect.markup import parse_html
from skillextract.text.bullets import SIGNS

_DROPPED = ("script", "style", "noscript", "template", "head", "iframe", "object", "svg", "img", "[hidden]")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_PARAGRAPHS = frozenset({"p", "ul", "ol", "table", "blockquote", "pre", "section", "article"}) | _HEADINGS
_BULLETS = re.compile(rf"^[{SIGNS}][\s{SIGNS}]*(?=\S)")
# White space of every kind, and control characters, which no reader sees.
_SPACES = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\xad"))
_MAX_DEPTH = 200


def extract_text(html: str) -> str:
    """Return the visible text of an HTML fragment or page, block by block.

    List items begin with `- `; a blank line stands between paragraphs, before headings and around lists. Entities are
    resolved once. Scripts, styles, images and hidden elements are left out; white space is folded; zero-width
    characters are dropped. Markup nested deeper than 200 levels is read as if it were 200 deep.
    """
    tree = parse_html(html)
    tree.strip_tags([tag for tag in _DROPPED if tag[0] != "["], recursive=True)
    for node in tree.css("[hidden], [style]"):
        if "hidden" in node.attributes or _HIDDEN_STYLE.search(node.attributes.get("style") or ""):
            node.decompose()
    writer = _LineWriter()
    root = tree.body or tree.root
    if root is not None:
        _walk(root, writer)
    return writer.finish()


class _LineWriter:
    """Collects inline text and breaks it into lines."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._inline: list[str] = []
        self._prefix = ""

    def write(self, text: str) -> None:
        self._inline.append(text)

    def end_line(self) -> None:
        text = _SPACES.sub(" ", "".join(self._inline).translate(_INVISIBLE)).strip(" |")
        self._inline.clear()
        if not text:
            return
        if self._prefix:
            text = self._prefix + _BULLETS.sub("", text)
            self._prefix = ""
        self._lines.append(text)

    def leave_blank(self) -> None:
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def begin_item(self) -> None:
        self._prefix = "- "

    def end_item(self) -> None:
        self._prefix = ""

    def finish(self) -> str:
        self.end_line()
        return "\n".join(self._lines).strip("\n")


def _walk(root: LexborNode, writer: _LineWriter) -> None:
    """Write the text below `root` in document order, without recursion so that no nesting can exhaust the stack."""
    stack: list[tuple[LexborNode, bool, int]] = [(root, False, 0)]
    while stack:
        node, leaving, depth = stack.pop()
        tag = node.tag or ""
        if tag == "-text":
            writer.write(node.text_content or "")
            continue
        if tag == "br":
            writer.end_line()
            continue
        if leaving:
            _leave(tag, writer)
            continue
        if tag in ("td", "th"):
            writer.write(" ")
        elif tag in _BLOCKS:
            writer.end_line()
            if tag in _PARAGRAPHS and not _inside_item(node):
                writer.leave_blank()
            if tag == "li":
                writer.begin_item()
        stack.append((node, True, depth))
        if depth >= _MAX_DEPTH:
            writer.write(node.text(deep=True, separator=" "))
            continue
        children = list(node.iter(include_text=True))
        stack.extend((child, False, depth + 1) for child in reversed(children))


def _leave(tag: str, writer: _LineWriter) -> None:
    if tag in ("td", "th"):
        writer.write(" | " if tag == "td" else " ")
    elif tag in _BLOCKS:
        writer.end_line()
        if tag == "li":
            writer.end_item()


def _inside_item(node: LexborNode) -> bool:
    parent = node.parent
    return parent is not None and parent.tag == "li"
