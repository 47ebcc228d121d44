"""The vocabulary: what `patterns/` says about skills, and how they are written."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from skillextract.skills.requirement import RequirementRules
from skillextract.text.sections import SectionRules

Kind = Literal["tool", "concept", "soft", "degree", "language"]
Signal = Literal[
    "in_list",
    "whole_item",
    "cue_left",
    "cue_right",
    "alone",
    "tool_in_line",
    "hire_section",
    "asking_section",
    "telling_section",
]
CuePlace = Literal[
    "cue_left",
    "cue_right",
    "company_left",
    "company_right",
    "team_left",
    "title_right",
    "prefix",
    "own_left",
    "own_right",
    "product_left",
    "wish",
]
TokenPattern = tuple[dict[str, Any], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Skill:
    """A canonical skill, as registered in `patterns/registry.jsonl`."""

    id: str
    name: str
    family: str
    kind: Kind
    broader: tuple[str, ...] = ()
    esco: str | None = None
    onet: str | None = None
    wikidata: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Refusals:
    """Folded words and phrases that refuse a surface beside which they stand.

    Attributes:
        phrases: the words and phrases.
        ends: their first and their last words.
        longest: words of the longest of them; 0 where there is none.
    """

    phrases: frozenset[bytes]
    ends: frozenset[bytes]
    longest: int

    @classmethod
    def of(cls, phrases: Iterable[str], folded: Mapping[str, bytes]) -> Refusals:
        """Return the refusals of some words and phrases as people write them, with the folded form of each."""
        words = [folded[phrase].split() for phrase in phrases]
        ends = frozenset(word for several in words for word in (*several[:1], *several[-1:]))
        return cls(frozenset(map(b" ".join, words)), ends, max(map(len, words), default=0))


NO_REFUSALS = Refusals(frozenset(), frozenset(), 0)


# Not frozen: with sixty thousand of them that alone would take a twentieth of loading.
@dataclasses.dataclass(eq=False, slots=True)
class Pattern:
    """One way in which a skill is written.

    Attributes:
        skill: the skill that it names.
        phrase: the surface form; None where the pattern is one of tokens.
        tokens: spaCy token patterns; empty where the pattern is a phrase.
        exact: whether the case of a phrase counts.
        when: the condition that the line must fulfil, None for none.
        not_left: what, directly before the surface, refuses it.
        not_right: what, directly behind the surface, refuses it.
        literals: folded words, one of which stands in every text that the pattern matches.
        place: file and line, for messages and `explain`.
    """

    skill: Skill
    phrase: str | None
    tokens: TokenPattern
    exact: bool
    when: str | None
    not_left: Refusals
    not_right: Refusals
    literals: tuple[bytes, ...]
    place: str

    @property
    def is_parted(self) -> bool:
        """Whether blanks, and no slash, part the words of the phrase."""
        return self.phrase is not None and " " in self.phrase and "/" not in self.phrase

    @property
    def may_be_refused(self) -> bool:
        """Whether anything beside the surface can refuse it."""
        return self.not_left is not NO_REFUSALS or self.not_right is not NO_REFUSALS


@dataclasses.dataclass(frozen=True, slots=True)
class Condition:
    """When an ambiguous word is the skill: one of `signals` must be given by its line."""

    id: str
    signals: frozenset[Signal]
    explain: str


@dataclasses.dataclass(frozen=True, slots=True)
class Cue:
    """An expression that, beside a surface form, says what it is.

    Attributes:
        place: `cue_left` directly before an ambiguous word and `cue_right` directly behind it make it the skill;
            `company_left`, before a list of names, and `company_right`, directly behind a name, make it a company;
            `team_left`, before a list of fields that teams are named by, makes them teams; `title_right`, behind what
            ends a title, makes it none ("developer *tools*", "lead *generation*", "the Go dev *stack*"); `own_left` and
            `own_right` ask for the employer's own product, `product_left` says that it is one; a `wish` says how what
            is alone in its line is asked for ("Nice to have: *Go*"); behind a `prefix` and a hyphen a word is another
            ("re-*engineering*").
        expression: a regular expression, any case.
        words: folded words that save the search: of a `cue_left` one ends every match; empty for the others.
    """

    place: CuePlace
    expression: str
    words: frozenset[bytes]


def join_cues(cues: Iterable[Cue], place: CuePlace) -> str:
    """Return one expression that matches what any of the cues of a place does; nothing where there is none."""
    return "|".join(f"(?:{cue.expression})" for cue in cues if cue.place == place) or "(?!)"


@dataclasses.dataclass(frozen=True, slots=True)
class JobTitleWords:
    """The words, in lower case, that make a term part of a job title or a team's name.

    Attributes:
        right: end a title ("Python *developer*", "ML *team*").
        between: may stand between the term and such a word ("machine learning *platform* engineer").
        left: begin one, with `of`, a comma, dash, colon or bracket behind them ("*Head* of Machine Learning").
        left_of_fields: the same before a field only: before a tool they end a certificate, or say who needs it
            ("Solutions Architect *Associate*, Terraform").
        groups: words behind which departments are named ("*teams* including sales and marketing").
        departments: fields that name a team behind such a word, and where somebody works with them ("you partner with
            *compliance*").
        plain_departments: departments that are no skill; beside two of them a field is a department, too ("across
            Product, Engineering and *Procurement*").
        teams: words behind a list of departments that call them teams ("the *sales* and marketing *functions*").
        small_ends: ends of a team's name in capitals that are often written small ("*AI* Adoption *team*").
        product_ends: ends of a title that end the names of products, too ("an *AI* Care *Partner*").
        praise: ends of a title that say how well somebody knows a tool, where the hire is asked for it ("- *SQL*
            expert").
        header: words of a contract, one of which stands alone between the `|` of a header in a thread ("Acme | Backend
            | *Onsite*").
    """

    right: tuple[str, ...]
    between: tuple[str, ...]
    left: tuple[str, ...]
    left_of_fields: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    plain_departments: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    small_ends: tuple[str, ...] = ()
    product_ends: tuple[str, ...] = ()
    praise: tuple[str, ...] = ()
    header: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class CompanyWords:
    """The words by which names of companies are told.

    Attributes:
        legal_forms: single words, what the law adds to a name ("Okta, *Inc.*").
        kinds: single words, what only says what kind of firm it is ("Gecko *Robotics*").
        places: one of which goes on behind the employer's name in a header ("*Hotjar* | Berlin"), as people write them.
        never: words in lower case that no name of a company holds which begins a text ("Python *development*").
        before_own: words in lower case before the employer's name by which a text speaks of itself ("*at* Hotjar we").
        behind_own: the same behind it ("Hotjar *is* looking for").
        addresses: what may follow its name in an address ("hotjar*.com*").
    """

    legal_forms: tuple[str, ...]
    kinds: tuple[str, ...]
    places: tuple[str, ...]
    never: tuple[str, ...] = ()
    before_own: tuple[str, ...] = ()
    behind_own: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Vocabulary:
    """Everything that `patterns/` says about skills.

    Attributes:
        root: the folder that was read.
        version: 16 hexadecimal digits over every file that decides what is found; changes when one of them does.
        skills: by id.
        patterns: in the order of files and lines.
        conditions: by id.
        cues: in the order of the file.
        job_titles: see `JobTitleWords`.
        companies: see `CompanyWords`.
        sections: see `SectionRules`.
        requirement: see `RequirementRules`.
    """

    root: Path
    version: str
    skills: dict[str, Skill]
    patterns: tuple[Pattern, ...]
    conditions: dict[str, Condition]
    cues: tuple[Cue, ...]
    job_titles: JobTitleWords
    companies: CompanyWords
    sections: SectionRules
    requirement: RequirementRules
