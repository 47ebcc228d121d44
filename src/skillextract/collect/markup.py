"""Markup as it comes: characters of a page, and HTML that cannot hold the parser up."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

_NESTING_LIMIT = 500
"""Elements inside each other; browsers stop at 512, and lexbor's time grows with the square."""
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*)[^<>]*>?")
# Those that hold nothing, and those that end by themselves where the next one begins.
_UNCOUNTED = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd tr td th option".split()  # noqa: SIM905
)

_LEAST_ENDS = 2
_END = re.compile(r"(?i)</(?:p|li|ul|ol|div|h[1-6]|tr|section)\s*>|<br\s*/?>")
_ANY_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def is_html(text: str) -> bool:
    """Whether a text that may be plain, Markdown or HTML is HTML: whether tags and no line breaks part its lines.

    That is so where two or more blocks end (`</p>`, `</li>`, `</h2>`, `<br>` …), and no fewer than there are lines
    without a tag. Markdown with a tag here and there, and prose that names tags, stay text.

    Example:
        >>> [is_html(text) for text in ("<h3>You know</h3><ul><li>Go</li></ul>", "You know Go<br>and <b>Rust</b>")]
        [True, False]
    """
    ends = len(_END.findall(text)) if "<" in text else 0
    if ends < _LEAST_ENDS:
        return False
    bare = sum(1 for line in text.splitlines() if line.strip() and not _ANY_TAG.search(line))
    return ends >= bare


def parse_html(text: str) -> LexborHTMLParser:
    """The tree of a page or fragment; elements nested deeper than browsers read give way to what they hold."""
    return LexborHTMLParser(_limit_nesting(text))


def decode_page(content: bytes) -> str:
    """A page's characters: UTF-8 where it is, else the charset it states, else Windows-1252 as browsers do."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        stated = re.search(rb"(?i)charset=[\"']?([\w-]+)", content[:2048])
        try:
            return content.decode(stated[1].decode("ascii") if stated else "cp1252", errors="replace")
        except (LookupError, ValueError):
            return content.decode("cp1252", errors="replace")


def _limit_nesting(text: str) -> str:
    if text.count("<") <= _NESTING_LIMIT:
        return text
    depth = dropped = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth, dropped
        closes, name = match.groups()
        if name.casefold() in _UNCOUNTED:
            return match.group()
        if closes:
            if dropped:
                dropped -= 1
                return " "
            depth = max(0, depth - 1)
        elif depth >= _NESTING_LIMIT:
            dropped += 1
            return " "
        else:
            depth += 1
        return match.group()

    return _TAG.sub(keep, text)
