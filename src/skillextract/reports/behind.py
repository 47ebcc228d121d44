"""What a number of the page opens: the sentences, postings or employers that it was counted from, kept once each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from skillextract.market.quotes import join_key
from skillextract.market.run_summary import ALL_SOURCES
from skillextract.market.wording import count_noun
from skillextract.reports.lookup import Lookup, embed_lookup
from skillextract.reports.report import Report
from skillextract.reports.rows import remove_controls, state_interval, state_share

REQUIREMENT_NAMES = {"required": "required", "preferred": "nice to have", "duty": "duty"}

SEARCHED = "There is none. These are some of the postings that were looked through."

ROLE = ("run_summary", ALL_SOURCES, "role_postings")
"""The number of all postings of the role."""

Number: TypeAlias = tuple[str, str, str]
"""A number's table, row and column, as in the table `evidence`."""

_BULLET = re.compile(r"\s*[-–•·*‣▪●]\s+")


class NumberIndex:
    """The sentences behind the numbers of a page; only those of numbers that were asked for are embedded.

    Args:
        report: the tables.
    """

    def __init__(self, report: Report) -> None:
        self._entries: dict[Number, Sequence[Mapping[str, Any]]] = dict(report.evidence_by_number)
        for row in report.rows:
            # An item by its number; what meets it by its number and skill; what is missing by its skill.
            key = join_key(*(part for part in (row.item_number, row.skill or row.level) if part not in (None, "item")))
            self._entries["profile_comparison", key, "postings"] = row.evidence
        for term in report.read("discovery"):
            self._entries["discovery", term["term"], "postings"] = term["evidence"]
        self._numbers: dict[Number, int] = {}
        self._told: list[list[Any]] = []
        self._sentences: dict[tuple[Any, ...], int] = {}
        self._postings: dict[tuple[Any, ...], int] = {}

    def find(
        self,
        table: str,
        *key: object,
        column: str = "postings",
        name: str = "",
        told: str = "",
        note: str = "",
        home: str = "",
        none_of: Number | None = None,
        employers: int = 0,
        look: Lookup | None = None,
    ) -> int | None:
        """The place in the page's index of the sentences behind a number; None where there are none.

        Args:
            table: the number's table, and with `key` and `column` the number; see `market.quotes`.
            key: parts of the key.
            column: the number's column.
            name: what the number is about: the heading above its sentences.
            told: the number in words.
            note: a further fact.
            home: id of the number's row in the page.
            none_of: for a number that is zero: that of the postings that were looked through, which it opens.
            employers: for a number of employers: how many there are, of whom only the first are kept.
            look: where all of what it was counted from is found.
        """
        number = table, join_key(*key), column
        entries = self._entries.get(number)
        if not entries and none_of is not None:
            entries, note = self._entries.get(none_of) or self._entries.get(ROLE), SEARCHED
        if not entries:
            return None
        if number not in self._numbers:
            self._numbers[number] = len(self._told)
            if entries[0].get("of_employer") is None:
                self._told.append(["", "", "", "", [self._keep_sentence(entry) for entry in entries], []])
            else:
                shown = [[self._keep_posting(entry), entry["of_employer"]] for entry in entries]
                more = employers - len(shown)
                rest = f"and {more:,} more {'employer' if more == 1 else 'employers'}" if more > 0 else ""
                self._told.append(["", "", "", "", [], [], shown, rest])
        # The first part of the page that shows a number may know less of it than a later one.
        entry = self._told[self._numbers[number]]
        for place, text in enumerate((*map(remove_controls, (name, told, note)), home)):
            entry[place] = entry[place] or text
        if look is not None and look.postings:
            entry[5] = entry[5] or embed_lookup(look)
        return self._numbers[number]

    def list_embedded(self) -> dict[str, list[list[Any]]]:
        """What was asked for so far, for the page's scripts.

        Returns:
            `numbers`: heading, number, further fact, id of the row, indices of the sentences, where all of it is found
            (see `lookup.embed_lookup`; empty where that is not told); where employers are shown also a list of the
            index of a posting of each and how many it has, and how many employers more there are, in words.
            `sentences`: index of the posting, the text before, at and behind the mark, and how it is asked for.
            `postings`: title, employer, safe URL or null, and id, without control characters.
        """
        return {
            "numbers": self._told,
            "sentences": [list(sentence) for sentence in self._sentences],
            "postings": [list(posting) for posting in self._postings],
        }

    def _keep_posting(self, entry: Mapping[str, Any]) -> int:
        company = entry["company"] or "employer not stated"
        words = (remove_controls(text) for text in (entry.get("title") or "", company))
        posting = (*words, check_link(entry["url"]), remove_controls(entry["posting_id"]))
        return self._postings.setdefault(posting, len(self._postings))

    def _keep_sentence(self, entry: Mapping[str, Any]) -> int:
        asked = entry.get("requirement")
        sentence = (self._keep_posting(entry), *split_at_mark(entry), REQUIREMENT_NAMES.get(asked, "") if asked else "")
        return self._sentences.setdefault(sentence, len(self._sentences))


def tell_share(row: Mapping[str, Any]) -> str:
    """A share with its interval and what it was counted from, in words."""
    counted = f"{count_noun(row['postings'], 'posting')} by {count_noun(row['companies'], 'employer')}."
    if row["share"] is None:
        return f"Too few postings for a share: {counted}"
    interval = state_interval(row["share_low"], row["share_high"])
    return f"{state_share(row['share'])} of postings{f' (95% interval {interval})' if interval else ''}: {counted}"


def check_link(url: str | None) -> str | None:
    """The URL where it is safe to link to: http or https, with a host, and nothing that could hide its target.

    Example:
        >>> [check_link(url) for url in ("https://a.example/1", "javascript:alert(1)", "//a.example", None)]
        ['https://a.example/1', None, None, None]
    """
    if url is None or any(character.isspace() or not character.isprintable() or character == "\\" for character in url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        return None
    return url


def split_at_mark(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    """The sentence of an evidence before, at and behind its mention, each without control characters and bullet."""
    sentence, start, end = entry["sentence"], entry["mark_start"], entry["mark_end"]
    bullet = _BULLET.match(sentence)
    if bullet is not None and bullet.end() <= start:
        sentence, start, end = sentence[bullet.end() :], start - bullet.end(), end - bullet.end()
    before, mark, after = (remove_controls(part) for part in (sentence[:start], sentence[start:end], sentence[end:]))
    return before, mark, after
