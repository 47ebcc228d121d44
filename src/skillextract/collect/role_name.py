"""Which opening a posting is, as its title says it: the role, without place, work model and numbers."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from skillextract.collect.countries import country_words

_WORD = re.compile(r"[^\W_]+(?:\+\+|#)?")
_LINK = re.compile(r"https?://\S+|\bwww\.\S+|\S+@\S+|\b[\w-]+\.(?:com|io|org|net|co)\b")
_SPELLINGS = (
    # Links, gender marks (m/w/d, all genders), numbers of a requisition, postcodes.
    (_LINK, " "),
    (re.compile(r"\b(?:[mwfdxhn]|div)(?:\s?[/|]\s?(?:[mwfdxhn]|div))+\b|\ball genders?\b"), " "),
    (re.compile(r"#\s?[\w-]+|\b[a-z]{0,3}-?\d{4,}\b|\b\d{2,}-\d{2,}\b"), " "),
    (re.compile(r"\byc[ -]?[wsfx]\d\d\b"), " "),
    (re.compile(r"\bfull[- ]?time\b"), " "),
    (re.compile(r"\b(full|front|back)[- ]?(stack|end)\b"), r" \1\2 "),
    (re.compile(r"\bsnr\b|\bsr\b"), " senior "),
    (re.compile(r"\bjr\b"), " junior "),
    (re.compile(r"\bml\b"), " machine learning "),
    (re.compile(r"\bseo\b"), " search engine optimization "),
    (re.compile(r"\bsciences?\b"), " scientist "),
    (re.compile(r"\bengineering\b"), " engineer "),
)
# "Data Scientist - Santa Ana, CA 92707": how a place of the USA ends a title.
_US_PLACE = re.compile(r"(?:\s+-\s*|\s*\()([A-Z][\w.'-]*(?: [A-Z][\w.'-]*)*, [A-Z]{2}(?: \d{5})?)\)?\s*$")


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "ics", "ops")) else word


def _list_words(words: str) -> frozenset[str]:
    return frozenset(map(_singular, words.split()))


_SAYS_NOTHING = _list_words("""
    a an and at for in of on or the to with our we you plus software remote remotely hybrid onsite site office based
    home work working from distributed relocation visa hiring opening future urgent immediate new now job position
    role opportunity i licensed license yc
""")
"""Words that do not tell one opening from another: function words, work models, calls."""
_REGIONS = _list_words("""
    north south east west northern southern eastern western coast central middle bay area region greater city europe
    european emea eu apac apj anz latam dach mena nordics benelux asia pacific africa america us usa uk u s k uae nyc
    sf la dc ny ca worldwide global international anywhere multiple various location
    alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois
    indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana
    nebraska nevada hampshire jersey mexico york carolina dakota ohio oklahoma oregon pennsylvania rhode island
    tennessee texas utah vermont virginia washington wisconsin wyoming ontario quebec
""")
"""Places that no location field has to name: regions, and the states of the USA."""

_PROFESSIONS = _list_words("""
    engineer developer dev programmer scientist researcher architect designer analyst manager lead director head vp cto
    ceo cpo founder sre devops swe intern internship staff member student consultant specialist administrator admin
    technician recruiter marketer writer advocate representative executive associate assistant coordinator officer
    therapist nurse pharmacist counsel counselor agent strategist hacker editor accountant controller teacher coach
    graduate grad linguist instructor translator operator mechanic driver clerk planner buyer
""")
_NAMED = _PROFESSIONS | {f"{name}s" for name in _PROFESSIONS} | {"coaches"}
_NO_PART_OF_ROLE = _SAYS_NOTHING | _list_words("""
    are as is who will be other more all by that this your senior junior lead staff member experienced good great
    talented looking strong seeking few couple several another top someone only please available
""")
_LONGEST_TITLE = 12
"""A title of more words is a sentence, not the name of a role."""
_READ = 3_000
"""Characters of a text in which professions are looked for."""
_OPENING = 400
"""Characters at the beginning of a text in which its header line is looked for."""


class RoleName(NamedTuple):
    """What a posting says about the role it is for.

    Attributes:
        words: of the title, without places and what says nothing; empty where the title names no role.
        places: words of the title that are places.
        in_text: words of the text that are the name of a profession, or stand at most two words before one;
            empty for a title that advertises, so that only a text that is very near makes two postings the same.
    """

    words: frozenset[str]
    places: frozenset[str]
    in_text: frozenset[str]


def name_role(title: str, *, text: str, location: str | None = None) -> RoleName:
    """What title and text say about the role, whatever order, case and plural.

    `Data Scientist - Berlin` and `Data Scientist (m/w/d), Remote` both give the words `{data, scientist}`. A title that
    is but the first line of the text, as in a comment that starts with "Acme - Berlin - full-time", names a role only
    if it is short and names a profession. Another title of more than twelve words is an advertisement: it names none.

    Args:
        title: as stated.
        text: of the posting.
        location: places as stated; their words are places in the title too.
    """
    opening, shown = (" ".join(_WORD.findall(each.casefold())) for each in (text[:_OPENING], title[:40]))
    read = _read_title(title, location or "")
    is_long = _count_words(title) > _LONGEST_TITLE
    if opening.startswith(shown) and (is_long or read.words.isdisjoint(_PROFESSIONS)):
        read = RoleName(frozenset(), frozenset(), frozenset())
    elif is_long:
        return RoleName(frozenset(), frozenset(), frozenset())
    return read._replace(in_text=find_roles(text))


def _count_words(title: str) -> int:
    return len(_WORD.findall(_US_PLACE.sub("", title)))


def find_roles(text: str) -> frozenset[str]:
    """The words of the names of professions in a text, each with up to two words before it."""
    chunks = text[:_READ].casefold().split()
    plain = " ".join([each for each in chunks if "@" not in each and "://" not in each and ".com" not in each])
    words = _WORD.findall(plain)
    found = [word for at, name in enumerate(words) if name in _NAMED for word in words[max(0, at - 2) : at + 1]]
    return frozenset(word for word in _split(" ".join(found)) if word not in _NO_PART_OF_ROLE and not word.isdigit())


@lru_cache(maxsize=65536)
def _read_title(title: str, location: str) -> RoleName:
    known = _REGIONS | country_words() | set(_split(location))
    ending = _US_PLACE.search(title)
    if ending:
        known |= set(_split(ending[1]))
    words = frozenset(_split(title))
    role = words - known - _SAYS_NOTHING
    # A title in two scripts says the same twice.
    role = frozenset(filter(str.isascii, role)) or role
    # A title of nothing but places ("London") is left as it is.
    return RoleName(role, (words & known) - _SAYS_NOTHING, frozenset()) if role else RoleName(words, role, frozenset())


def _split(words: str) -> list[str]:
    words = words.casefold().replace("’", "'").replace("'s ", " ")
    for expression, spelling in _SPELLINGS:
        words = expression.sub(spelling, words)
    return [_singular(word) for word in _WORD.findall(words)]
