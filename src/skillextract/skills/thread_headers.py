"""How a posting in a thread opens: its header, and the employer that names itself where nobody else says who it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from skillextract.skills.vocabulary import CompanyWords, JobTitleWords

_HEADER_SIGNS = 2
_HEADER_REACH = 250
_LONGEST_HEADER = 200
"""Characters of a line that is a header as a whole; of a longer one only what stands before its last `|` is."""
_OPENING_NAME = re.compile(r"[\W_]{0,9}([A-Z0-9][\w.&'’-]{0,30}(?: [A-Z][\w.&'’-]{0,30}){0,2})(?![\w/+&#@])")
"""One to three words that begin a text, the first with a capital or digit, and are no alternative of a list."""
_AROUND_WORDS = ".,:'’-"
_NO_LETTERS = re.compile(r"[\W_]+")
_SHORTEST_NAME = 3


class ThreadHeaders:
    """Reads how postings in threads open.

    Args:
        companies: see `CompanyWords`.
        job_titles: see `JobTitleWords`.
    """

    def __init__(self, companies: CompanyWords, job_titles: JobTitleWords) -> None:
        contract = "|".join(re.escape(word) for word in job_titles.header) or "(?!)"
        self._header = re.compile(
            rf"\|\s*(?:{contract})(?:\s*[,|/]|\s*\Z|\s+http)|(?<!\w)(?:{contract})\s*\|", re.IGNORECASE
        )
        self._never = frozenset([*companies.never, *job_titles.right])
        self._before = tuple(f"{word} " for word in companies.before_own)
        self._behind = (*(f" {word} " for word in companies.behind_own), "'s ", "’s ")
        self._addresses = companies.addresses

    def find_end(self, line: str) -> int:
        """Return where the header of a posting in a thread ends in its line, 0 where there is none.

        A header names the employer, what it looks for, the place and the contract: "Acme | Backend, DevOps | ONSITE".
        """
        if line.count("|", 0, _HEADER_REACH) < _HEADER_SIGNS or not self._header.search(line, 0, _HEADER_REACH):
            return 0
        return len(line) if len(line) <= _LONGEST_HEADER else line.rfind("|", 0, _HEADER_REACH)

    def find_employer(self, text: str) -> str | None:
        """Return the employer that a text names at its beginning, None where it names none.

        Either a header does ("*Acme* | Backend | ONSITE"), or the text begins with a name of which it speaks as of
        itself, or which its address holds: "*Acme* - Oslo … At Acme we …", "*Acme* (Oslo) … https://acme.example".
        """
        first_line, _, _ = text.partition("\n")
        if "|" in first_line and self.find_end(first_line):
            name, _, _ = first_line.partition("|")[0].partition(" - ")
            return name.strip() or None
        return next((name for name in self._read_opening(first_line) if self._speaks_again_of(name, text)), None)

    def _read_opening(self, line: str) -> Iterator[str]:
        """Yield what may be the name of a company at the beginning of a line, the longest first."""
        found = _OPENING_NAME.match(line)
        if found is None:
            return
        words = found.group(1).rstrip(_AROUND_WORDS).split(" ")
        behind = line[found.end() : found.end() + _LONGEST_HEADER].split(None, 1)
        if any(word.strip(_AROUND_WORDS).casefold() in self._never for word in (*words, *behind[:1])):
            return  # "Python Developer - Oslo", "Android developers wanted"
        for count in range(len(words), 0, -1):
            name = " ".join(words[:count]).rstrip(_AROUND_WORDS)
            if len(name) >= _SHORTEST_NAME:
                yield name

    def _speaks_again_of(self, name: str, text: str) -> bool:
        """Tell whether a text that begins with a name speaks of it as of itself, or holds it in an address.

        The beginning does not count, where any name can stand ("Kubernetes is welcome").
        """
        _, _, text = text.partition(name)
        if any(_stands(name + behind, text) for behind in self._behind):
            return True
        folded, own = text.casefold(), name.casefold()
        if any(_stands(before + own, folded) for before in self._before):
            return True
        host = _NO_LETTERS.sub("", own)
        return any(_stands(host + address, folded) for address in self._addresses)


def _stands(phrase: str, text: str) -> bool:
    """Tell whether a phrase stands in a text as words of its own."""
    at = text.find(phrase)
    while at >= 0:
        end = at + len(phrase)
        if not text[at - 1 : at].isalnum() and not (phrase[-1:].isalnum() and text[end : end + 1].isalnum()):
            return True
        at = text.find(phrase, at + 1)
    return False
