"""Which roles a text names, and how many of them another text names too."""

from __future__ import annotations

import re
from functools import lru_cache

WORD = re.compile(r"[^\W_]+(?:\+\+|#)?")
LINK = re.compile(r"https?://\S+|\bwww\.\S+|\S+@\S+|\b[\w-]+\.(?:com|io|org|net|co)\b")
SPELLINGS = (
    # Gender marks (m/w/d, all genders), numbers of a requisition, postcodes.
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
)
"""One spelling of what is written in several ways, in lower case."""


def singular(word: str) -> str:
    """An English word in the singular, or nearly."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "ics", "ops")) else word


def list_words(words: str) -> frozenset[str]:
    """The words of a list, in the singular."""
    return frozenset(map(singular, words.split()))


PROFESSIONS = list_words("""
    engineer developer dev programmer scientist researcher architect designer analyst manager lead director head vp cto
    ceo cpo founder sre devops swe intern internship staff member student consultant specialist administrator admin
    technician recruiter marketer writer advocate representative executive associate assistant coordinator officer
    therapist nurse pharmacist counsel counselor agent strategist hacker editor accountant controller teacher coach
    graduate grad linguist instructor translator operator mechanic driver clerk planner buyer sysadmin sdet tester
    statistician evangelist rep biologist chemist physicist owner
""")
"""Nouns that are the head of a role's name."""
_NAMED = {name: name for name in PROFESSIONS} | {f"{name}s": name for name in PROFESSIONS} | {"coaches": "coach"}
_SAME_PROFESSION = {"internship": "intern", "dev": "developer", "hacker": "engineer", "programmer": "developer"}
_IN_ANY_TEXT = list_words("engineer developer manager associate assistant coach")
"""Professions that a text may name for the roles it is about; alone they count where it names none with an area."""
_NO_ROLE_ALONE = list_words("""
    founder cto ceo cpo student head vp director recruiter executive officer graduate agent teacher owner editor lead
""")
"""Professions that any text may speak of: who signs it, who is on the team, who uses the product."""
_AREAS = list_words("""
    3d account accounting acquisition administrative ads advanced agile ai algorithm analysis analytical analytics
    android angular angularjs api app application applied architecture artificial asset assurance automation aws
    backend banking behavior bi big billing bioinformatics blockchain brand business c c++ c# care certified chain
    claims client clinical clojure cloud commerce commercial communication community compliance computational computer
    content control core creative credit crm css customer cyber data database deep delivery demand deployed deployment
    design desktop development digital django drupal ecommerce education electrical elixir email embedded enablement
    engagement engine engineering enterprise environmental erlang etl event facilities field finance financial firmware
    flash forward founding fraud frontend full fullstack game go golang governance graphic graphics growth gtm hadoop
    hardware haskell health healthcare hr hris image implementation inference information infra infrastructure insight
    insurance integration intelligence internal investment ios iot it java javascript js laboratory language laravel
    learning legal lifecycle linux logistics machine maintenance management manufacturing market marketing mechanical
    media medical mental mobile model modeling native net network nlp node nodejs occupational office onboarding
    operations ops optimization paid partner partnership payments payroll people performance perl php physical planning
    platform policy pre principal privacy process procurement product production program project python qa quality
    quant quantitative r rails react reactjs real recruiting redux regional regulatory relation release reliability
    reporting research revenue risk robotics ror ruby rust safety sales salesforce sas scala search security server
    service site smart social solutions source spark speech sql stack statistical statistics strategic strategy success
    supply support swift system tableau talent tax technical technology test testing tool trading traffic training
    typescript ui unity user ux video vision visual visualization warehouse web windows wordpress workforce
""")
"""Words before a profession that say which one it is, as titles use them; any other word there is not of the name."""
SAYS_NOTHING = list_words("""
    a an and at for in of on or the a to with our we you plus software remote remotely hybrid onsite site office based
    home work working from distributed relocation visa hiring opening future urgent immediate new now job position
    role opportunity i licensed license yc
""")
"""Words that do not tell one opening from another: function words, work models, calls."""
_NO_PART_OF_ROLE = SAYS_NOTHING - _AREAS | list_words("""
    are as is who will be other more all by that this your senior junior lead staff member experienced good great
    talented looking strong seeking few couple several another top someone only please available
""")
LEVELS = list_words("""
    senior junior lead principal staff head chief director vp manager founding associate assistant intern internship
    graduate entry mid level early career phd i ii iii iv
""")
"""Words of a title that say on which level a role is."""
# Where a role's name ends: signs, lines, and dashes that stand alone; not "front-end", "UI/UX", "R&D".
_BORDER = re.compile(r"[^\w\s+#&/'’-]+|\n|\s[-–—]+\s")
_READ = 3_000
"""Characters of a text in which roles are looked for."""
_MOST_AREAS = 3
_MOST_PASSED_OVER = 3


def find_roles(text: str) -> frozenset[str]:
    """The names of roles in a text: a profession and the areas before it, in alphabetical order.

    `We need great Ruby on Rails engineers, a UI designer` gives `engineer rails ruby` and `designer ui`. Seniority,
    praise and "software" are no part of a name; a name ends at a sign, so that a list is read as one.
    """
    plain = LINK.sub(" ", text[:_READ].casefold())
    for expression, spelling in SPELLINGS:
        plain = expression.sub(spelling, plain)
    found = set()
    for part in _BORDER.split(plain):
        words = WORD.findall(part)
        for at, word in enumerate(words):
            name = _NAMED.get(word)
            if name is not None and name not in _NO_PART_OF_ROLE:
                found.add(" ".join(sorted({_SAME_PROFESSION.get(name, name), *_find_areas(words[:at])})))
    return frozenset(found)


def _find_areas(words: list[str]) -> list[str]:
    """The areas at the end of some words, before anything that is no part of a role's name."""
    areas: list[str] = []
    passed_over = 0
    for word in map(singular, reversed(words)):
        if word in _AREAS:
            areas.append(word)
        elif word in _NO_PART_OF_ROLE:
            passed_over += 1
        else:
            break
        if len(areas) == _MOST_AREAS or passed_over > _MOST_PASSED_OVER:
            break
    return areas


def split_roles(roles: frozenset[str]) -> frozenset[str]:
    """The words of some roles."""
    return frozenset(word for role in roles for word in role.split())


@lru_cache(maxsize=4096)
def share_roles(one: frozenset[str], other: frozenset[str]) -> float | None:
    """Which share of the roles of the longer list stands in the other one too, 0 to 1; None where one has none.

    A role with an area more is the same: `data engineer`, `data engineer etl`. A founder or a student alone is no role;
    an engineer alone is one where one of the texts names no other.
    """
    mine, theirs = one - _NO_ROLE_ALONE, other - _NO_ROLE_ALONE
    if mine - _IN_ANY_TEXT and theirs - _IN_ANY_TEXT:
        mine, theirs = mine - _IN_ANY_TEXT, theirs - _IN_ANY_TEXT
    if not mine or not theirs:
        return None
    both = mine & theirs
    shared = len(both)
    left = [frozenset(role.split()) for role in sorted(theirs - both)]
    for role in sorted(mine - both):
        words = frozenset(role.split())
        match = next((each for each in left if _is_narrower(words, each) or _is_narrower(each, words)), None)
        if match is not None:
            left.remove(match)
            shared += 1
    return shared / max(len(mine), len(theirs))


def _is_narrower(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one role is the other one with an area more."""
    return len(other) > 1 and one > other
