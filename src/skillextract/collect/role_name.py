"""Which opening a posting is, as its title says it: the role, without place, work model and numbers."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from skillextract.collect.countries import country_words
from skillextract.collect.role_list import (
    LINK,
    PROFESSIONS,
    SAYS_NOTHING,
    SPELLINGS,
    WORD,
    find_roles,
    list_words,
    singular,
    split_roles,
)

# "Data Scientist - Santa Ana, CA 92707": how a place of the USA ends a title.
_US_PLACE = re.compile(r"(?:\s+-\s*|\s*\()([A-Z][\w.'-]*(?: [A-Z][\w.'-]*)*, [A-Z]{2}(?: \d{5})?)\)?\s*$")


_REGIONS = list_words("""
    north south east west northern southern eastern western coast central middle bay area region greater city europe
    european emea eu apac apj anz latam dach mena nordics benelux asia pacific africa america us usa uk u s k uae nyc
    sf la dc ny ca worldwide global international anywhere multiple various location
    alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois
    indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana
    nebraska nevada hampshire jersey mexico york carolina dakota ohio oklahoma oregon pennsylvania rhode island
    tennessee texas utah vermont virginia washington wisconsin wyoming ontario quebec
""")
"""Places that no location field has to name: regions, and the states of the USA."""

# As a part of a title this is its profession; in a text it may be what a team does.
_ENGINEERING = re.compile(r"\bengineering\b")
_LONGEST_TITLE = 12
"""A title of more words is a sentence, not the name of a role."""
_OPENING = 400
"""Characters at the beginning of a text in which its header line is looked for."""

_HEADER = 15
"""Words of a header line that are compared: it may be one with what follows."""


class CommentRoles(NamedTuple):
    """What a text that starts with its title, as a comment does, says about its roles.

    Attributes:
        roles: the roles that it names, see `find_roles`.
        header: words of its first line: who, what, where; empty where it does not say who.
        is_header: whether the title is but that line, as in "Acme - Berlin - full-time".
    """

    roles: frozenset[str]
    header: frozenset[str]
    is_header: bool


class RoleName(NamedTuple):
    """What a posting says about the role it is for.

    Attributes:
        words: of the title, without places and what says nothing; empty where the title names no role.
        places: words of the title that are places.
        in_title: the roles that the title names, see `find_roles`; empty for a title that advertises, so that only a
            text that is very near is the same.
        in_text: see `CommentRoles`.
        header: see `CommentRoles`.
    """

    words: frozenset[str]
    places: frozenset[str]
    in_title: frozenset[str]
    in_text: frozenset[str]
    header: frozenset[str]


_NOTHING: frozenset[str] = frozenset()
_HEADER_SIGN = re.compile(r"\||\s[-–—]\s")
"""What stands between the parts of a comment's header."""


def read_comment(title: str, *, text: str, location: str | None = None) -> CommentRoles | None:
    """What a text says about its roles, None where it is no comment.

    A comment's first line is a header ("Acme | Data Scientist | Berlin"), and its title stands in its beginning. The
    text of a board often names its title there too ("Acme is hiring a Data Scientist"), and is none.
    """
    opening, shown = (" ".join(WORD.findall(each.casefold())) for each in (text[:_OPENING], title[:40]))
    first = text.partition("\n")[0][:_OPENING]
    if not shown or not (opening.startswith(shown) or (shown in opening and _HEADER_SIGN.search(first))):
        return None
    words = frozenset(_split(first)[:_HEADER])
    told = _read_title(title, location or "")[1] | split_roles(_find_in_title(title)) | set(_split(location or ""))
    who = words - told - SAYS_NOTHING - _REGIONS - country_words()
    header = words if any(map(str.isalpha, who)) else _NOTHING
    return CommentRoles(find_roles(text), header, opening.startswith(shown))


def name_role(title: str, *, location: str | None = None, comment: CommentRoles | None = None) -> RoleName:
    """What title and text say about the role, whatever order, case and plural.

    `Data Scientist - Berlin` and `Data Scientist (m/w/d), Remote` both give the words `{data, scientist}`. A title that
    is but the first line of the text, as in a comment that starts with "Acme - Berlin - full-time", names a role only
    if it is short and names a profession. Another title of more than twelve words is an advertisement: it names none.

    Args:
        title: as stated.
        location: places as stated; their words are places in the title too.
        comment: what `read_comment` found in the text.
    """
    words, places = _read_title(title, location or "")
    in_title = _find_in_title(title)
    is_long = _count_words(title) > _LONGEST_TITLE
    if comment is None:
        if is_long:
            words, places, in_title = _NOTHING, _NOTHING, _NOTHING
        return RoleName(words, places, in_title, _NOTHING, _NOTHING)
    if is_long or (comment.is_header and words.isdisjoint(PROFESSIONS)):
        words, places = _NOTHING, _NOTHING
    return RoleName(words, places, in_title, comment.roles, comment.header)


@lru_cache(maxsize=8192)
def _find_in_title(title: str) -> frozenset[str]:
    return find_roles(title)


def _count_words(title: str) -> int:
    return len(WORD.findall(_US_PLACE.sub("", title)))


@lru_cache(maxsize=8192)
def _read_title(title: str, location: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words of the role, and of the places."""
    known = _REGIONS | country_words() | set(_split(location))
    ending = _US_PLACE.search(title)
    if ending:
        known |= set(_split(ending[1]))
    words = frozenset(_split(title))
    role = words - known - SAYS_NOTHING
    # A title in two scripts says the same twice.
    role = frozenset(filter(str.isascii, role)) or role
    # A title of nothing but places ("London") is left as it is.
    return (role, (words & known) - SAYS_NOTHING) if role else (words, _NOTHING)


def _split(words: str) -> list[str]:
    words = LINK.sub(" ", words.casefold().replace("’", "'").replace("'s ", " "))
    for expression, spelling in SPELLINGS:
        words = expression.sub(spelling, words)
    return [singular(word) for word in WORD.findall(_ENGINEERING.sub(" engineer ", words))]
