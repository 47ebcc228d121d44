"""Names of companies, without what says only that they are companies."""

from __future__ import annotations

import functools
from typing import NamedTuple

from skillextract.skills.folding import fold_phrase, fold_text
from skillextract.skills.vocabulary import CompanyWords

NAME_BEGINNING = 3
"""Letters with which an employer's name begins in a text, however it is set."""
_SHORTEST_OF_TOKEN = 4
"""Letters that must be left of a token such as `ansiblehealth`."""


class CompanyName(NamedTuple):
    """An employer's name, folded and without blanks; empty where it is not known.

    Attributes:
        whole: without what the law adds ("Inc."), what stands in brackets or on further lines, and the end of a web
            address, which boards put into tokens.
        short: without the words, too, that only say what kind of firm it is: "ansible" of "ansiblehealth".
        kinds: these words.
        beginnings: of which one stands in every folded text that names it.
    """

    whole: bytes
    short: bytes
    kinds: frozenset[bytes]
    beginnings: tuple[bytes, ...]


class CompanyNames:
    """Squeezes names of companies; those of the last 10,000 are remembered."""

    def __init__(self, words: CompanyWords) -> None:
        self._legal_forms = frozenset(fold_phrase(word).strip() for word in words.legal_forms)
        self._kinds = frozenset(fold_phrase(word).strip() for word in words.kinds)
        self.squeeze = functools.lru_cache(maxsize=10_000)(self._squeeze)

    def _squeeze(self, company: str | None) -> CompanyName:
        if company is None:
            return CompanyName(b"", b"", self._kinds, ())
        first_line = company.strip().partition("\n")[0]
        words = fold_text(first_line.partition(" (")[0]).replace(b",", b" ").split()
        while len(words) > 1 and words[-1].strip(b".") in self._legal_forms:
            del words[-1]
        whole = strip_domain(b"".join(words))
        beginnings: tuple[bytes, ...] = (whole[:NAME_BEGINNING],) if whole else ()
        if len(words) > 1 and len(words[0]) < NAME_BEGINNING:  # "Up Robotics"
            beginnings += (words[0] + b" ",)
        while len(words) > 1 and words[-1] in self._kinds:
            del words[-1]
        short = strip_domain(b"".join(words))
        if len(words) == 1:  # a board's token
            kind = max((kind for kind in self._kinds if len(kind) > 3 and short.endswith(kind)), key=len, default=b"")
            if kind and len(short) - len(kind) >= _SHORTEST_OF_TOKEN:
                short = short[: -len(kind)]
        return CompanyName(whole, short, self._kinds, beginnings)


def strip_domain(name: bytes) -> bytes:
    """Return a name without the end of a web address."""
    host, _, _ = name.partition(b".")
    return host if len(host) >= NAME_BEGINNING else name
