"""Lists in a line: which of its spans stand beside each other, and which of them vouch for the others."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import Any

from skillextract.skills.spans import WHOLE_ITEM, Span
from skillextract.text.bullets import AROUND_ITEMS

_LIST_SIGNS = re.compile(
    r"[\s,、/;|&+•·()\[\]:*\\\"'“”‘’✓✔→-]*(?:(?:and|or|and/or|plus|&|w/)[\s(]+)?(?:/\s*)?", re.IGNORECASE
)
_SIGNS_BEFORE_TITLE = {
    "concept": re.compile(r"\s?[,/]\s?|,?\s(?:and|or|&)\s|\s|,\s[\w-]+,\s(?:(?:and|or|&)\s)?"),
    "tool": re.compile(r"\s?/\s?|\s(?:and|or|&)\s"),
}
"""What parts the fields that share a title or a team ("*data, platform and security* teams").

Among fields may be one that nobody knows ("*ETL*, mobile, and *data* teams").
"""
_COMMA_BEFORE_TITLE = re.compile(r",?\s?[,/]?\s?(?:(?:and|or|&)\s)?")
_LONGEST_TITLE_LIST = 12
_MAX_LIST_GAP = 12
_STRANGER = re.compile(
    r"(?:\s+(?:and|or|&))?\s*[,/]\s*"
    r"[A-Z][\w.+#-]{1,15}(?: [A-Z][\w.+#-]{1,15})?"
    r"(?:\s*[,/]\s*(?:(?:and|or|&)\s+)?|\s+(?:and|or|&)\s+)"
)
"""One name that nobody knows between two tools of a list ("Python, *Cala*, or R")."""
_ASIDE = re.compile(r"\s*\([a-z][a-z .'-]{2,24}\)\s*(?:[,/]\s*)?(?:(?:and/or|and|or|&)\s+)?")
"""What is said of one tool of a list ("Python *(preferably)* and R")."""
_MAX_STRANGER_GAP = 44
_LONG_LIST = 3
LISTED = frozenset({"tool", "concept"})
_OF_ONE_KIND = {kind: frozenset({kind}) for kind in ("soft", "language")}
"""Kinds of skills that make lists of their own."""


def find_fellows(kind: str) -> Set[str]:
    """Return the kinds of skills that stand in one list with those of a kind."""
    return _OF_ONE_KIND.get(kind, LISTED)


def find_lists(outer: Sequence[Span], text: str) -> dict[int, list[Span]]:
    """Return the lists of tools and concepts in a line, of soft skills, and of languages, for the start of each member.

    Only list signs (`,` `/` `and` …) part each member from the next. What counts only as a whole item is no member,
    for it vouches for nothing, and ends no list.
    """
    lists: dict[int, list[Span]] = {}
    members: list[Span] = []
    before: Span | None = None
    for span in outer:
        if before is None or not _joins(before, span, text):
            members = []
        before = span
        if span.pattern.when != WHOLE_ITEM:
            members.append(span)
            lists[span.start] = members
    return lists


def find_companions(outer: Sequence[Span], text: str) -> dict[int, Set[str]]:
    """Return which tools that need no condition each list of a line names, for the start of each of its members.

    A `|` ends a list here: in the header of a posting it parts the employer from what it looks for.
    """
    companions: dict[int, Set[str]] = {}
    named: set[str] = set()
    before: Span | None = None
    for span in outer:
        if before is None or not _joins(before, span, text) or "|" in text[before.end : span.start]:
            named = set()
        if span.pattern.skill.kind == "tool" and span.pattern.when is None:
            named.add(span.pattern.skill.id)
        companions[span.start] = named
        before = span
    return companions


def find_certain(outer: Sequence[Span]) -> dict[str, tuple[int, int]]:
    """Return where the first and the last skill that needs no condition begins in a line, for each kind of skill.

    Two places tell of each span whether there is such a skill beside it.
    """
    certain: dict[str, tuple[int, int]] = {}
    for span in outer:
        if span.pattern.when is None:
            first, _ = certain.get(span.pattern.skill.kind, (span.start, 0))
            certain[span.pattern.skill.kind] = first, span.start
    return certain


def is_listed(members: Sequence[Span], span: Span) -> bool:
    """Tell whether a list vouches for one of its members: it has a certain one, or there are three of them.

    Two ambiguous words alone do not vouch for each other ("Julia and Ray started the firm"); where their line names a
    certain skill besides, they do ("BDD with Cucumber and Gherkin"): see `Clues.find_signal`.
    """
    return len(members) >= _LONG_LIST or any(
        other.pattern.when is None for other in members if other.start != span.start
    )


def _joins(left: Span, right: Span, text: str) -> bool:
    gap = text[left.end : right.start]
    if not 0 < len(gap) <= _MAX_STRANGER_GAP or gap.isspace():
        return False
    kinds = find_fellows(left.pattern.skill.kind)
    if left.pattern.skill.kind not in kinds or right.pattern.skill.kind not in kinds:
        return False
    if len(gap) <= _MAX_LIST_GAP and _LIST_SIGNS.fullmatch(gap) is not None:
        return True
    if left.pattern.skill.kind != "tool" or right.pattern.skill.kind != "tool":
        return False
    if _ASIDE.fullmatch(gap) is not None:
        return True
    # Names of firms alone make no list of tools: one of the two has to be certain.
    if left.pattern.when is not None and right.pattern.when is not None:
        return False
    return _STRANGER.fullmatch(gap) is not None


def drop_fields_before(span: Span, accepted: list[tuple[Span, Any]], line: str) -> None:
    """Take back the fields that share the title or team of a span with it: "*data science, marketing* and sales teams".

    So do tools ("*Rails* and Java engineers"), but of a list of them with commas only the last may be a title ("We use
    Kafka, Spark, Java engineers love it"), unless the line begins with it ("*Rails*, *Kafka* and Java engineers").
    """
    start, kept = span.start, len(accepted)
    while kept:
        before = accepted[kept - 1][0]
        signs = _SIGNS_BEFORE_TITLE.get(before.pattern.skill.kind)
        if signs is None or signs.fullmatch(line, before.end, start) is None:
            break
        start, kept = before.start, kept - 1
    first = 0 if _begins_line(span, accepted, line) else kept
    del accepted[first:]


def _begins_line(span: Span, accepted: list[tuple[Span, Any]], line: str) -> bool:
    """Tell whether a line begins with a list of tools that goes on up to a span."""
    if not 0 < len(accepted) <= _LONGEST_TITLE_LIST or line[: accepted[0][0].start].strip(AROUND_ITEMS):
        return False
    ends = [*(each.start for each, _ in accepted[1:]), span.start]
    return all(
        before.pattern.skill.kind == "tool" and _COMMA_BEFORE_TITLE.fullmatch(line, before.end, end) is not None
        for (before, _), end in zip(accepted, ends, strict=True)
    )
