"""Job titles and teams: which surface forms are part of the name of one, and no skill of the hire."""

from __future__ import annotations

import re
from collections.abc import Sequence

from skillextract.skills.folding import fold_phrase
from skillextract.skills.passage import Passage
from skillextract.skills.spans import Span
from skillextract.skills.vocabulary import Cue, JobTitleWords, join_cues
from skillextract.text.bullets import AROUND_ITEMS
from skillextract.text.expressions import join_words

_ASKING = frozenset({"requirements", "preferred"})
_CONJUNCTIONS = ("and", "or", "&")
_CAPITAL = re.compile(r" (?:(?:and|&) )?(?:[A-Z][\w’'/-]*|\([A-Z]{2,6}\))")
"""A word of a name in capitals, or its initials in brackets."""
_JOINED = re.compile(r" (?:and|&) ")
_CALLED_END = re.compile(r",? (?:you|we|I)\b")
"""What stands around the initials by which somebody is called."""
_CALLED_REACH = 80
"""Characters in which a title stands with the words that call somebody so ("As a Senior Data Scientist, *Search*")."""
_ASIDE_END = re.compile(r"(?: (?:(?:and|&) )?[A-Z][\w-]*){0,3}(?:,| at | on | to | you | who )")
"""What ends the field of such a title: the sentence goes on."""
_BEFORE_IN_BRACKETS = frozenset("(/")
_BEHIND_TITLE = re.compile(r"\s*(?:$|[:.|–—-]|https?:)")
"""What may follow a title in a list of openings."""
_TITLE_REACH = 40
_TITLE_WORDS = 4
"""Words behind a term within which its title must end ("data *platform and tools engineer*")."""
_SHORTEST_TITLE = 3
_LONGEST_TITLE = 80
"""Characters of a line that may be a title with a comma or dash in it ("Engineer, Machine Learning")."""
_TITLE_JOINTS = frozenset("f,-–—(:|")
"""What can end the words before a term in its title: the f is that of "Head of"."""
_DASHES = frozenset("-–—")
_LIST_SIGNS = frozenset(",/")
_AMONG = re.compile(
    r"(?<!\w)(?:across|between|among|works? with|working with|whether (?:you are |you're )?in)\s", re.IGNORECASE
)
_END_OF_GROUP = re.compile(r"[.;:()—–]")
_FEWEST_PLAIN = 2
_GROUP_REACH = 110
_GROUP_NAMES = re.compile(r"[,/&]|\b(?:and|or)\b")
"""What parts the teams of a list."""
_DOING = re.compile(r",\s\w+ing (?:both|all|the|our|an?|of|in|on|with|for|from|to|how)\b")
"""How a sentence goes on behind the teams of a list ("with design, sales, *overseeing the* …")."""
_LONGEST_TEAM = 3
"""Words of a team's name."""


class JobTitles:
    """Tells which spans name a job title or a team.

    Args:
        cues: the expressions of `patterns/cues.jsonl`.
        words: see `JobTitleWords`.

    Attributes:
        expression: for a `Sieve`: matches in every line that names a job title or a team.
    """

    def __init__(self, cues: Sequence[Cue], words: JobTitleWords) -> None:
        right, left = map(join_words, (words.right, words.left))
        between = join_words([word for word in words.between if word not in _CONJUNCTIONS])
        # "And" joins fields of a title ("data and platform engineers"), no field to a verb ("Python and lead reviews").
        # The signs take "&", and nothing else may: read in two ways it doubles the time with every field.
        conjunctions = join_words([word for word in _CONJUNCTIONS if word != "&"])
        # No more fields than `_ends_title` looks at: else each word of "AI lead AI lead …" were read to the line's end.
        most = _TITLE_WORDS - 1
        fields = rf"(?:[\s/&-]+(?:(?:{conjunctions})\s+)?(?:{between})(?!\w)){{0,{most}}}"
        no_title = join_cues(cues, "title_right")
        self._right = re.compile(rf"{fields}(?:\s+|-)(?:{right})(?!\w)(?!-)(?!{no_title})", re.IGNORECASE)
        self._left = re.compile(rf"(?:^|(?<!\w))(?:{left}) ?(?:of|[,–—(:|-])\s*$", re.IGNORECASE)
        of_fields = join_words((*words.left, *words.left_of_fields))
        self._left_of_field = re.compile(rf"(?:^|(?<!\w))(?:{of_fields}) ?(?:of|[,–—(:|-])\s*$", re.IGNORECASE)
        self._article = re.compile(rf"(?<!\w)as an? (?:(?:{between})\.? )?$", re.IGNORECASE)
        self._of = re.compile(rf"(?<!\w)(?i:{left}) of (?:[A-Z][\w-]*,? ){{1,6}}(?:&|and) $")
        self._called = re.compile(
            r"(?<!\w)(?:[Aa]s|[Ff]or|[Ss]eeking|[Hh]iring|[Rr]ole of) (?:an?|our|the) "
            rf"(?:[A-Z][\w/&.-]* ){{0,4}}(?i:{left})(?:,|\s[–—-])\s*$"
        )
        # The expressions above are tried only where folded words speak for them: most mentions stand in no title.
        self._ends = frozenset(word.encode("latin-1") for word in words.right)
        self._small_ends, self._product_ends, self._praise = (
            frozenset(word.encode("latin-1") for word in chosen)
            for chosen in (words.small_ends, words.product_ends, words.praise)
        )
        self._between = frozenset(word.encode("latin-1") for word in words.between)
        self._followers = self._ends | self._between
        groups = join_words(words.groups) or "(?!)"
        self._groups = re.compile(
            rf"(?<!\w)(?:{groups}),?\s?(?:(?:including|such as|like|across|from|e\.?g\.?,?)\s|[(—–])(?:the |our )?",
            re.IGNORECASE,
        )
        before_team = join_cues(cues, "team_left")
        self._team_left = re.compile(rf"(?<!\w)(?:{before_team})\s+(?:the |our )?", re.IGNORECASE)
        self._departments, self._plain_departments = (
            frozenset(fold_phrase(name).strip() for name in names)
            for names in (words.departments, words.plain_departments)
        )
        behind_teams = join_words(words.teams) or "(?!)"
        self._teams = re.compile(rf"\s(?:{behind_teams})(?!\w)", re.IGNORECASE)
        plain, joint = join_words(words.plain_departments) or "(?!)", r"(?:,|/| and| or| &)"
        departments = rf"(?:{plain}){joint} ?(?:[\w&/ -]{{1,30}}{joint} ?)?(?:and |or )?(?:{plain})"
        called = r"as an? \w+,? (?:you|we|i)"
        speaking = "|".join((right, of_fields, groups, behind_teams, before_team, departments, called))
        self.expression = rf"(?:^|\W|_)(?:{speaking})(?:\W|_|\Z)"

    def names(self, span: Span, passage: Passage) -> bool:
        """Tell whether a span is part of a job title or a team's name ("Python developer", "Head of Data")."""
        start, end = span.start, span.end
        if self.is_field(span, passage):
            # What is soft is no field: a quality of the person ("a *detail-oriented* engineer"), or done to one
            # ("*mentor* junior engineers").
            return span.pattern.skill.kind != "soft"
        if self._begins_title(span, passage) or self._is_called(span, passage.text):
            return True
        if span.pattern.skill.kind == "tool" or passage.folded[start + 1 : end + 1] not in self._departments:
            return False
        return (
            _goes_on(self._groups, start, passage)
            or _goes_on(self._team_left, start, passage)
            or self._is_followed_by_teams(end, passage)
            or self._stands_among_departments(start, end, passage)
        )

    def is_field(self, span: Span, passage: Passage) -> bool:
        """Tell whether a title or team goes on directly behind a span: "*Python* developer", "*data science* teams"."""
        follower = passage.word_after(span.end)
        if follower in self._followers and self._ends_title(span.end, passage):
            return not (follower in self._praise and _is_praised(span, passage))
        if not passage.text[span.start].isupper():
            return False
        # Tools are named beside products that are called like people ("Sketch and Affinity *Designer*").
        is_joined = span.pattern.skill.kind == "tool" and _JOINED.match(passage.text, span.end) is not None
        return not is_joined and self._names_title(span.end, passage)

    def _is_called(self, span: Span, text: str) -> bool:
        """Tell whether somebody is called by the initials of a field: "As an *SRE*, you …", "as a senior *SRE* you"."""
        start, end = span.start, span.end
        if not text[start:end].isupper() or span.pattern.skill.kind == "soft":
            return False
        return (
            _CALLED_END.match(text, end) is not None
            and self._article.search(text[max(0, start - _TITLE_REACH) : start]) is not None
        )

    def _is_followed_by_teams(self, position: int, passage: Passage) -> bool:
        """Tell whether the list that goes on behind a place names departments, and calls them teams."""
        found = self._teams.search(passage.text, position, position + _GROUP_REACH)
        if found is None:
            return False
        between = passage.text[position : found.start()]
        first, *names = _GROUP_NAMES.split(between)
        named = [name.strip() for name in names if name.strip()]
        if first.strip() or not named or any(sign in between for sign in ".;:—–"):
            return False
        unknown = [name for name in named if fold_phrase(name).strip() not in self._departments]
        # Of the teams that nobody knows some may be in such a list, in capitals ("*Finance*, National Accounts and …").
        return len(unknown) < len(named) and all(name[0].isupper() and len(name.split()) <= 2 for name in unknown)

    def _stands_among_departments(self, start: int, end: int, passage: Passage) -> bool:
        """Tell whether two departments that are no skill stand in its list: "across Product, Legal and *HR*"."""
        text = passage.text
        openings = list(_AMONG.finditer(text, max(0, start - _GROUP_REACH), start))
        if not openings:
            return False
        stop = _END_OF_GROUP.search(text, end)
        last = min(end + _GROUP_REACH, stop.start() if stop else len(text))
        if _END_OF_GROUP.search(text, openings[-1].end(), start):
            return False
        *before, blank = _GROUP_NAMES.split(text[openings[-1].end() : start])
        names = [fold_phrase(name).strip() for name in (*before, *_GROUP_NAMES.split(text[end:last]))]
        return not blank.strip() and sum(name in self._plain_departments for name in names) >= _FEWEST_PLAIN

    def _begins_title(self, span: Span, passage: Passage) -> bool:
        text, start, end = passage.text, span.start, span.end
        if start < _SHORTEST_TITLE:
            return False
        before = text[start - 2] if text[start - 1].isspace() else text[start - 1]
        if before in _BEFORE_IN_BRACKETS and self._ends_in_brackets(start, end, text):
            return True
        if not text[start].isupper():
            return False
        if before == "&" or text.endswith("and ", 0, start):
            return self._of.search(text[max(0, start - _TITLE_REACH) : start]) is not None
        if before not in _TITLE_JOINTS:
            return False
        if before != "f" and len(text) > _LONGEST_TITLE:
            called = self._called.search(text[max(0, start - _CALLED_REACH) : start])
            return called is not None and _ASIDE_END.match(text, end) is not None
        if before in _DASHES and span.pattern.skill.kind == "tool" and text[end : end + 1] in _LIST_SIGNS:
            return False  # "Backend Engineer - Kotlin, Kafka" lists what it needs, too
        inside = text[start : text.find(")", start)]
        if before == "(" and ("," in inside or "/" in inside):  # "Engineer (Go, Kafka)" lists what it needs
            return False
        begins = self._left if span.pattern.skill.kind == "tool" else self._left_of_field
        left = begins.search(text[max(0, start - _TITLE_REACH) : start])
        return left is not None and left.group().lstrip()[:1].isupper()

    def _ends_in_brackets(self, start: int, end: int, text: str) -> bool:
        """Tell whether a term stands in the brackets that end a title: "Senior Engineer (Full Stack/*.NET*): …".

        Where there is a comma in them ("Engineer (Go, Kafka)"), or the sentence goes on behind, they list needs.
        """
        opened, closed = text.rfind("(", max(0, start - _TITLE_REACH), start), text.find(")", end, end + _TITLE_REACH)
        inside = text[opened + 1 : closed]
        if opened < 0 or closed < 0 or any(sign in inside for sign in "(),;"):
            return False
        if inside.isupper() and inside.isalpha():  # "Certified Kubernetes Security Specialist (CKS)"
            return False
        left = self._left.search(text[max(0, opened - _TITLE_REACH) : opened + 1])
        is_title = left is not None and left.group().lstrip()[:1].isupper()
        return is_title and _BEHIND_TITLE.match(text, closed + 1) is not None

    def _ends_title(self, position: int, passage: Passage) -> bool:
        for word in passage.words_after(position, _TITLE_WORDS):
            if word in self._ends:
                return self._right.match(passage.text, position) is not None
            if word not in self._between:
                break
        return False

    def _names_title(self, position: int, passage: Passage) -> bool:
        """Tell whether a name in capitals goes on behind a place and ends a title: "*Security* Risk Analyst"."""
        text = passage.text
        for _ in range(_TITLE_WORDS - 1):
            word = _CAPITAL.match(text, position)
            if word is None:
                return False
            position = word.end()
            last = passage.word_after(position)
            if last in self._ends and last not in self._product_ends:
                is_name = text[position + 1 : position + 2].isupper() or last in self._small_ends
                return is_name and self._right.match(text, position) is not None
        return False


def _is_praised(span: Span, passage: Passage) -> bool:
    """Tell whether the hire is asked to know a tool well: "*SQL* expert" as an item, or below what is required."""
    if span.pattern.skill.kind != "tool":
        return False
    return passage.section in _ASKING or not passage.text[: span.start].strip(AROUND_ITEMS)


def _goes_on(opening: re.Pattern[str], start: int, passage: Passage) -> bool:
    """Tell whether the list of names that an expression opens goes on up to a place ("teams like sales, *support*")."""
    before = passage.text[max(0, start - _GROUP_REACH) : start]
    openings = list(opening.finditer(before))
    if not openings:
        return False
    names = before[openings[-1].end() :]
    if any(sign in names for sign in ".;:()—–") or _DOING.search(names):
        return False
    *named, last = _GROUP_NAMES.split(names)
    return not last.strip() and all(len(name.split()) <= _LONGEST_TEAM for name in named)
