"""Markdown's marks of emphasis are taken off a plain text: who writes "is **not** required" asks for nothing."""

from __future__ import annotations

import re

from skillextract.text.inline_headings import SHORTEST

_SKIPPED = re.compile(r"`[^`\n]*`|\b[A-Za-z][A-Za-z+.-]{1,9}://[^\s*)\]>]*")
"""Code and addresses, in which stars and underscores are no marks."""
_CLUSTER = re.compile(r"[*_]+")
_RUN = re.compile(r"\*+|_+")
_LONGEST = 3
"""Marks beside each other; more are a line drawn, or a gap to fill in."""
_DEEPEST = 8
"""Marks that are open at once, among which the other of a pair is looked for: no line shall take the square of its
length."""
_NEAR = 12
"""Characters within which the first letter behind a mark stands."""
_OPENING_SIGNS = "\"'“‘«([¿¡"
_CLOSING_SIGNS = "\"'”’»)]?!.,:;…%+#"
_BEFORE_WORDS = "*_" + _OPENING_SIGNS
_SPECIAL_NAMES = re.compile(
    r"__(?:init|main|pycache|call|dict|repr|str|slots|[gs]etattr|[gs]etitem|iter|enter|exit|proto"
    r"|FILE|LINE|DIR|CLASS)__"
)
"""Names of programming languages that look like a word with marks around it."""


def strip_emphasis(text: str) -> str:
    """Return a text without the marks of emphasis around words: `*`, `**`, `***`, `_`, `__`, `___`, paired on a line.

    They stand inside phrases, where no expression and no phrase of the patterns expects them. Only the marks go: every
    other character stays as it is. Bullets (`* Python`), products, globs (`*.py`), footnotes (`salary*`), Cassandra's
    `C*`, names (`snake_case`, `__init__`), code between backticks and addresses are left alone; so is what is not
    paired, or escaped by a backslash. In a line as long as those whose breaks were lost (see `InlineHeadings`), marks
    around what begins with a capital stay, too: they may be all that tells a heading there.
    """
    if "*" not in text and "_" not in text:
        return text
    return "\n".join([_strip_line(line) if "*" in line or "_" in line else line for line in text.split("\n")])


def _strip_line(line: str) -> str:
    marks = _find_pairs(line)
    if not marks:
        return line
    kept: list[str] = []
    done = 0
    for start, end in sorted(marks):
        kept.append(line[done:start])
        done = end
    kept.append(line[done:])
    return "".join(kept)


def _find_pairs(line: str) -> list[tuple[int, int]]:
    """The first and one past the last character of the marks in a line that belong together, in pairs."""
    skipped = [match.span() for match in _SKIPPED.finditer(line)]
    passed = 0
    pairs: list[tuple[int, int]] = []
    # Marks that are open: the sign, and where the part that is still open begins and ends.
    opened: list[tuple[str, int, int]] = []
    for cluster in _CLUSTER.finditer(line):
        start, end = cluster.span()
        while passed < len(skipped) and skipped[passed][1] <= start:
            passed += 1
        if passed < len(skipped) and skipped[passed][0] <= start:
            continue
        opens, closes = _may_open(line, start, end), _may_close(line, start, end)
        if not opens and not closes:
            continue
        for run in _RUN.finditer(line, start, end):
            first, last = run.span()
            if last - first > _LONGEST:
                continue
            if closes:
                first = _close(line, opened, pairs, first, last)
            if opens and first < last:
                opened.append((line[first], first, last))
    return pairs


def _close(line: str, opened: list[tuple[str, int, int]], pairs: list[tuple[int, int]], first: int, last: int) -> int:
    """Pair marks with those that were opened last, and return where the part begins that is left over."""
    sign = line[first]
    while first < last:
        place = len(opened) - 1
        lowest = max(0, len(opened) - _DEEPEST)
        while place >= lowest and opened[place][0] != sign:
            place -= 1
        if place < lowest:
            return first
        _, start, end = opened[place]
        width = min(end - start, last - first)
        # "***not* asked for**" closes three marks in two steps; other marks are as long on both sides.
        if end - start != last - first and max(end - start, last - first) < _LONGEST:
            return first
        if sign == "_" and _is_name(line[start : first + width]):
            return first
        del opened[place:]
        if end - start > width:
            opened.append((sign, start, end - width))
        if len(line) < SHORTEST or not line[end : end + _NEAR].lstrip(_BEFORE_WORDS)[:1].isupper():
            pairs += [(end - width, end), (first, first + width)]
        first += width
    return first


def _may_open(line: str, start: int, end: int) -> bool:
    """Whether marks stand before a word: behind no letter, and before no blank."""
    if end == len(line):
        return False
    before = line[start - 1] if start else " "
    after = line[end]
    if before.isalnum() or before in ")]}\\" or after.isspace():
        return False
    if end - start == 1:
        # One star before a dot is a glob.
        return after.isalnum() or after in _OPENING_SIGNS
    return after != "/"


def _may_close(line: str, start: int, end: int) -> bool:
    """Whether marks stand behind a word: before no letter, and behind no blank."""
    if start == 0:
        return False
    before = line[start - 1]
    after = line[end] if end < len(line) else " "
    if after.isalnum() or not (before.isalnum() or before in _CLOSING_SIGNS):
        return False
    # `*name*.txt` and `_site_/` are files.
    return end - start > 1 or after not in "./\\" or not line[end + 1 : end + 2].isalnum()


def _is_name(marked: str) -> bool:
    """Whether underscores belong to a name: `__init__`, or one that has further ones inside."""
    return _SPECIAL_NAMES.fullmatch(marked) is not None or (
        not any(map(str.isspace, marked)) and "_" in marked.strip("_")
    )
