"""What stands around a surface form: is it the skill that it looks like, part of a job title, a company's name?"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence, Set

from skillextract.skills.folding import fold_phrase
from skillextract.skills.lists import LISTED, find_certain, find_companions, find_fellows, find_lists, is_listed
from skillextract.skills.passage import Passage
from skillextract.skills.spans import Span
from skillextract.skills.vocabulary import Cue, JobTitleWords, Pattern, Signal
from skillextract.text.sections import ABOUT_HIRE, ABOUT_OTHERS, INTRO, UNDIVIDED

_UNHEADED = frozenset({INTRO, UNDIVIDED, *ABOUT_OTHERS})
_SAYING_LITTLE = ABOUT_OTHERS - {"company"}
"""Sections that say nothing of any field: benefits, the application, the law."""
_TOOLS = frozenset({"tool"})
_NO_TOOLS: Set[str] = frozenset()
_SIGNS = r"[\s\-*•·▪◦‣●○∙–—+.,、;:()\[\]\"“”\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]*"
"""What may stand in a line beside what is alone in it: bullets, signs and pictures."""
_MOST_SIGNS = 200
"""Characters that these may be: a line of dashes is not read again for each of its words."""
_HEADS = re.compile(r"\s?:\s|\s[–—-]\s")
"""What follows the quality or field that heads a line ("*Trustworthy*: you keep your word", "*Testing*: …")."""
_ITEM_BEGINNING = re.compile(
    r"(?:^|[,/;|&+•·、(\[:]|(?<!\w)(?:and|or|with|using|use|like|as|including|of|in))[\s*•·–-]*$", re.IGNORECASE
)
_ITEM_END = re.compile(r"\s*(?:[,/;|&+•·、)\]]|\.(?!\w)|(?:and|or|etc)\b|$)", re.IGNORECASE)
"""Between the two stands a word that is all that its item of a list says ("docker, *chef* and nginx")."""
_ITEM_REACH = 16
_CUE_REACH = 80
_COMPANY_REACH = 160
_NAME = r"[A-Z0-9][\w.'’+-]*(?:\s[A-Z0-9][\w.'’+-]*){0,3}"
_POSSESSIVES = frozenset({"'s", "’s", "' ", "’ "})
_CONJUNCTIONS = ("and", "or", "&")
_NO_TITLE = (
    r"\s(?:tools?|tooling|productivity|presence|generation|scoring|nurturing|qualification|enablement|advocacy|"
    r"portals?|stacks?|environments?|chats?)\b|(?<=professional) experience\b"
)
"""What makes the last word of a title an ordinary one ("developer tools", "lead generation", "the *Go* dev stack")."""
_CAPITAL = re.compile(r" (?:(?:and|&) )?(?:[A-Z][\w’'/-]*|\([A-Z]{2,6}\))")
"""A word of a name in capitals, or its initials in brackets."""
_JOINED = re.compile(r" (?:and|&) ")
_TEAMS = frozenset({b"team", b"teams", b"squad", b"squads"})
_PARTNERS = frozenset({b"partner", b"partners"})
"""So are products called, too ("an *AI* Care Partner")."""
_CALLED_REACH = 80
"""Characters in which a title stands with the words that call somebody so ("As a Senior Data Scientist, *Search*")."""
_ASIDE_END = re.compile(r"(?: (?:(?:and|&) )?[A-Z][\w-]*){0,3}(?:,| at | on | to | you | who )")
"""What ends the field of such a title: the sentence goes on."""
_TITLE_REACH = 40
_TITLE_WORDS = 4
"""Words behind a term within which its title must end ("data *platform and tools engineer*")."""
_SHORTEST_TITLE = 3
_LONGEST_TITLE = 80
"""Characters of a line that may be a title with a comma or dash in it ("Engineer, Machine Learning")."""
_TITLE_JOINTS = frozenset("f,-–—(:|")
"""What can end the words before a term in its title: the f is that of "Head of"."""
_GROUP_REACH = 110
_GROUP_NAMES = re.compile(r"[,/&]|\b(?:and|or)\b")
"""What parts the teams of a list."""
_LONGEST_TEAM = 3
"""Words of a team's name."""
# From cheap to dear: the first that is given is enough.
_SIGNAL_ORDER: tuple[Signal, ...] = (
    "telling_section",
    "asking_section",
    "hire_section",
    "in_list",
    "whole_item",
    "alone",
    "tool_in_line",
    "cue_right",
    "cue_left",
)


class Clues:
    """Reads the surroundings of a span.

    Args:
        cues: the expressions of `patterns/cues.jsonl`.
        job_titles: see `JobTitleWords`.
        places: see `CompanyWords`.

    Attributes:
        title_expression: for a `Sieve`: matches in every line that names a job title or a team.
        company_left_expression: the same for the cues of a company that stand before names.
        company_right_expression: the same for those that stand behind a name.
    """

    def __init__(self, cues: Sequence[Cue], job_titles: JobTitleWords, places: Sequence[str]) -> None:
        self._left = [
            (cue.words, re.compile(rf"(?:^|(?<!\w))(?:{cue.expression})[\s:(\[\"'“‘-]*$", re.IGNORECASE))
            for cue in cues
            if cue.place == "cue_left"
        ]
        self._right = re.compile(rf"[\s)\]\"'’”-]*(?:{_join_cues(cues, 'cue_right')})", re.IGNORECASE)
        # A number may stand before the signs, too, and how the skill is asked for between them.
        wish = _join_cues(cues, "wish")
        self._alone = re.compile(rf"\s*(?:\(?\d{{1,2}}[.)])?{_SIGNS}(?:(?:{wish}){_SIGNS})?", re.IGNORECASE)
        self._product_left = re.compile(rf"(?<!\w)(?:{_join_cues(cues, 'product_left')})[\s:(\"“]*$", re.IGNORECASE)
        self._own_left = re.compile(rf"(?<!\w)(?:{_join_cues(cues, 'own_left')})[\s:(\"“]*$", re.IGNORECASE)
        self._own_right = re.compile(rf"[\s\"”]*(?:{_join_cues(cues, 'own_right')})", re.IGNORECASE)
        # A blank before "and": else "Aor" were a name, and an "A" with its "or", and a line of them took years.
        names = rf"(?:{_NAME}(?:\s*[,/&]|\s+(?:and|or)\b)\s*(?:and |or |& )?)*$"
        before_company, behind_company = _join_cues(cues, "company_left"), _join_cues(cues, "company_right")
        self._company_left = re.compile(rf"(?<!\w)(?i:{before_company})[\s:(]*(?:the likes of )?{names}")
        self._company_right = re.compile(rf"\s?(?:{behind_company})", re.IGNORECASE)
        # How a posting goes on behind its employer's name at the beginning of a line ("*Hotjar* | Developer | Remote").
        self._behind_employer = re.compile(
            r"\s*(?:\([^()]{1,60}\)\s*)?(?:\|+|│|•|-{1,2}|–|—|//|https?:)(?=.{0,150}?(?:"
            r"(?i:\bremote\b|\bon-?site\b|full[- ]?time|\bintern\b|\bvisa\b|https?:|\bwww\.|\.com\b)"
            rf"|\b[A-Z][a-z]+, ?[A-Z][\w.]+|\b(?:{_join_words(places) or '(?!)'})\b))"
        )
        self.company_left_expression = rf"(?:^|\W)(?:{before_company})"
        self.company_right_expression = f"(?:{behind_company})"
        right, left = map(_join_words, (job_titles.right, job_titles.left))
        between = _join_words([word for word in job_titles.between if word not in _CONJUNCTIONS])
        # "And" joins fields of a title ("data and platform engineers"), no field to a verb ("Python and lead reviews").
        # The signs take "&", and nothing else may: read in two ways it doubles the time with every field.
        conjunctions = _join_words([word for word in _CONJUNCTIONS if word != "&"])
        # No more fields than `_ends_title` looks at: else each word of "AI lead AI lead …" were read to the line's end.
        most = _TITLE_WORDS - 1
        fields = rf"(?:[\s/&-]+(?:(?:{conjunctions})\s+)?(?:{between})(?!\w)){{0,{most}}}"
        self._title_right = re.compile(rf"{fields}(?:\s+|-)(?:{right})(?!\w)(?!-)(?!{_NO_TITLE})", re.IGNORECASE)
        self._title_left = re.compile(rf"(?:^|(?<!\w))(?:{left}) ?(?:of|[,–—(:|-])\s*$", re.IGNORECASE)
        self._title_called = re.compile(
            r"(?<!\w)(?:[Aa]s|[Ff]or|[Ss]eeking|[Hh]iring|[Rr]ole of) (?:an?|our|the) "
            rf"(?:[A-Z][\w/&.-]* ){{0,4}}(?i:{left})(?:,|\s[–—-])\s*$"
        )
        # The expressions above are tried only where folded words speak for them: most mentions stand in no title.
        self._title_ends = frozenset(word.encode("latin-1") for word in job_titles.right)
        self._title_between = frozenset(word.encode("latin-1") for word in job_titles.between)
        self._title_followers = self._title_ends | self._title_between
        groups = _join_words(job_titles.groups) or "(?!)"
        self._groups = re.compile(
            rf"(?<!\w)(?:{groups}),?\s?(?:(?:including|such as|like|across|from|e\.?g\.?,?)\s|[(—–])(?:the |our )?",
            re.IGNORECASE,
        )
        before_team = _join_cues(cues, "team_left")
        self._team_left = re.compile(rf"(?<!\w)(?:{before_team})\s+(?:the |our )?", re.IGNORECASE)
        self._departments = frozenset(fold_phrase(words).strip() for words in job_titles.departments)
        behind_teams = _join_words(job_titles.teams) or "(?!)"
        self._teams = re.compile(rf"\s(?:{behind_teams})(?!\w)", re.IGNORECASE)
        self.title_expression = rf"(?:^|\W|_)(?:{right}|{left}|{groups}|{behind_teams}|{before_team})(?:\W|_|\Z)"

    def find_signal(self, span: Span, outer: Sequence[Span], wanted: Set[Signal], passage: Passage) -> Signal | None:
        """Return the first of the wanted signals that the line of a span gives, None where it gives none.

        Args:
            span: the span in question.
            outer: all spans of the line, leftmost longest, in order.
            wanted: the signals of which one is enough.
            passage: the line.
        """
        for signal in _SIGNAL_ORDER:
            if signal in wanted and self._shows(signal, span, outer, passage):
                return signal
        return None

    def find_own_product(self, span: Span, outer: Sequence[Span], passage: Passage) -> Signal | None:
        """Return what asks for the employer's own product like for any other, None where only the employer is named.

        "Experience with Docker" and "Docker, Kubernetes" at Docker do, "our customers use Docker" does not. Where the
        company tells of itself, only what it has made is a product: "we are the company behind *Astro*".
        """
        if passage.text[span.end : span.end + 2] in _POSSESSIVES:
            return None
        if self._product_left.search(passage.text[max(0, span.start - _CUE_REACH) : span.start]):
            return "cue_left"
        if passage.section in ABOUT_OTHERS:
            return None
        if self._has_companions(span, outer, passage):
            return "in_list"
        first = self._find_list(span, outer, passage)[0].start
        if self._own_left.search(passage.text[max(0, first - _CUE_REACH) : first]):
            return "cue_left"
        return "cue_right" if self._own_right.match(passage.text, span.end) else None

    def heads_posting(self, span: Span, candidates: Sequence[Span], passage: Passage) -> bool:
        """Tell whether a name at a line's beginning is the employer's, as in "*Hotjar* | Developer | Remote".

        A line of tools ("React | Node | AWS, remote") is none.
        """
        if passage.section not in _UNHEADED:
            return False
        header = self._behind_employer.match(passage.text, span.end)
        return header is not None and not any(
            header.end() <= each.start <= header.end() + 1 and each.pattern.skill.kind in LISTED for each in candidates
        )

    def is_company(self, span: Span, passage: Passage) -> bool:
        """Tell whether a product's name stands for its maker ("backed by *Stripe*", "firms like Uber and *Stripe*")."""
        text = passage.text
        if passage.hints.company_right and self._company_right.match(text, span.end):
            return True
        starts = passage.hints.company_left
        first, last = max(0, span.start - _COMPANY_REACH), span.start
        if starts is None:
            return self._company_left.search(text[first:last]) is not None
        near = starts[bisect.bisect_left(starts, first) : bisect.bisect_left(starts, last)]
        return any(self._company_left.match(text, start, last) for start in near)

    def is_in_job_title(self, span: Span, passage: Passage) -> bool:
        """Tell whether a span is part of a job title or a team's name ("Python developer", "Head of Data")."""
        start, end = span.start, span.end
        if self.is_field_of_title(span, passage):
            # What is soft is no field: a quality of the person ("a *detail-oriented* engineer"), or done to one
            # ("*mentor* junior engineers").
            return span.pattern.skill.kind != "soft"
        if self._begins_title(start, end, passage):
            return True
        if span.pattern.skill.kind == "tool" or passage.folded[start + 1 : end + 1] not in self._departments:
            return False
        return (
            _goes_on(self._groups, start, passage)
            or _goes_on(self._team_left, start, passage)
            or self._is_followed_by_teams(end, passage)
        )

    def is_field_of_title(self, span: Span, passage: Passage) -> bool:
        """Tell whether a title or team goes on directly behind a span: "*Python* developer", "*data science* teams"."""
        if passage.word_after(span.end) in self._title_followers and self._ends_title(span.end, passage):
            return True
        if not passage.text[span.start].isupper():
            return False
        # Tools are named beside products that are called like people ("Sketch and Affinity *Designer*").
        is_joined = span.pattern.skill.kind == "tool" and _JOINED.match(passage.text, span.end) is not None
        return not is_joined and self._names_title(span.end, passage)

    def _is_followed_by_teams(self, position: int, passage: Passage) -> bool:
        """Tell whether the list that goes on behind a place names departments only, and calls them teams."""
        found = self._teams.search(passage.text, position, position + _GROUP_REACH)
        if found is None:
            return False
        first, *names = _GROUP_NAMES.split(passage.text[position : found.start()])
        named = [fold_phrase(name).strip() for name in names if name.strip()]
        return not first.strip() and bool(named) and self._departments.issuperset(named)

    def _begins_title(self, start: int, end: int, passage: Passage) -> bool:
        text = passage.text
        if start < _SHORTEST_TITLE or not text[start].isupper():
            return False
        before = text[start - 2] if text[start - 1].isspace() else text[start - 1]
        if before not in _TITLE_JOINTS:
            return False
        if before != "f" and len(text) > _LONGEST_TITLE:
            called = self._title_called.search(text[max(0, start - _CALLED_REACH) : start])
            return called is not None and _ASIDE_END.match(text, end) is not None
        if before == "(" and "," in text[start : text.find(")", start)]:  # "Engineer (Go, Kafka)" lists what it needs
            return False
        left = self._title_left.search(text[max(0, start - _TITLE_REACH) : start])
        return left is not None and left.group().lstrip()[:1].isupper()

    def _ends_title(self, position: int, passage: Passage) -> bool:
        for word in passage.words_after(position, _TITLE_WORDS):
            if word in self._title_ends:
                return self._title_right.match(passage.text, position) is not None
            if word not in self._title_between:
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
            if last in self._title_ends and last not in _PARTNERS:
                # Of teams alone the word for them is often small ("*AI* Adoption team").
                is_name = text[position + 1 : position + 2].isupper() or last in _TEAMS
                return is_name and self._title_right.match(text, position) is not None
        return False

    def _shows(self, signal: Signal, span: Span, outer: Sequence[Span], passage: Passage) -> bool:
        if signal == "in_list":
            members = self._find_list(span, outer, passage)
            fellows = find_fellows(span.pattern.skill.kind)
            return is_listed(members, span) or (len(members) > 1 and self._names_certain(span, outer, fellows, passage))
        if signal == "whole_item":
            return (
                _ITEM_END.match(passage.text, span.end) is not None
                and _ITEM_BEGINNING.search(passage.text[max(0, span.start - _ITEM_REACH) : span.start]) is not None
                and self._has_companions(span, outer, passage)
            )
        if signal == "asking_section":
            return passage.section not in ABOUT_OTHERS
        if signal == "hire_section":
            return passage.section in ABOUT_HIRE
        if signal == "telling_section":
            return passage.section not in _SAYING_LITTLE
        if signal == "cue_left":
            # A cue speaks for the whole list that it stands before.
            return self._has_cue_left(self._find_list(span, outer, passage)[0], passage)
        if signal == "cue_right":
            return self._right.match(passage.text, span.end) is not None
        if signal == "alone":
            if passage.section in _SAYING_LITTLE:  # "Dental", "Vision"
                return False
            members = self._find_list(span, outer, passage)
            before, behind = passage.text[: members[0].start], passage.text[members[-1].end :]
            if span.pattern.skill.kind != "tool" and passage.section not in ABOUT_OTHERS and _HEADS.match(behind):
                behind = ""
            return len(before) + len(behind) <= _MOST_SIGNS and self._alone.fullmatch(before + behind) is not None
        return self._names_certain(span, outer, _TOOLS, passage)

    def _find_list(self, span: Span, outer: Sequence[Span], passage: Passage) -> list[Span]:
        """Return the list that a span is part of; the lists of a line are found once."""
        if passage.lists is None:
            passage.lists = find_lists(outer, passage.text)
        return passage.lists.get(span.start) or [span]

    def _has_companions(self, span: Span, outer: Sequence[Span], passage: Passage) -> bool:
        """Tell whether the list that a span is part of names another tool, one that needs no condition."""
        if passage.companions is None:
            passage.companions = find_companions(outer, passage.text)
        return not passage.companions.get(span.start, _NO_TOOLS) <= {span.pattern.skill.id}

    def _names_certain(self, span: Span, outer: Sequence[Span], kinds: Set[str], passage: Passage) -> bool:
        """Tell whether a line names, beside the span, a skill of some kinds that needs no condition."""
        if passage.certain is None:
            passage.certain = find_certain(outer)
        return any(start != span.start for kind in kinds for start in passage.certain.get(kind, ()))

    def _has_cue_left(self, span: Span, passage: Passage) -> bool:
        last = passage.words_before(span.start, 1)
        if not last:
            return False
        before = passage.text[max(0, span.start - _CUE_REACH) : span.start]
        return any(last[0] in words and expression.search(before) for words, expression in self._left)


def _goes_on(opening: re.Pattern[str], start: int, passage: Passage) -> bool:
    """Tell whether the list of names that an expression opens goes on up to a place ("teams like sales, *support*")."""
    before = passage.text[max(0, start - _GROUP_REACH) : start]
    openings = list(opening.finditer(before))
    if not openings:
        return False
    names = before[openings[-1].end() :]
    if any(sign in names for sign in ".;:()—–"):
        return False
    *named, last = _GROUP_NAMES.split(names)
    return not last.strip() and all(len(name.split()) <= _LONGEST_TEAM for name in named)


def is_refused(pattern: Pattern, span: Span, passage: Passage) -> bool:
    """Tell whether one of the pattern's refusing phrases stands directly before or behind the span."""
    refusals = pattern.not_right
    if refusals.longest and passage.word_after(span.end) in refusals.ends:
        after = passage.words_after(span.end, refusals.longest)
        if any(b" ".join(after[:count]) in refusals.phrases for count in range(1, len(after) + 1)):
            return True
    refusals = pattern.not_left
    if refusals.longest and (before := passage.words_before(span.start, 1)) and before[-1] in refusals.ends:
        before = passage.words_before(span.start, refusals.longest)
        return any(b" ".join(before[-count:]) in refusals.phrases for count in range(1, len(before) + 1))
    return False


def _join_cues(cues: Sequence[Cue], place: str) -> str:
    return "|".join(f"(?:{cue.expression})" for cue in cues if cue.place == place) or "(?!)"


def _join_words(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
