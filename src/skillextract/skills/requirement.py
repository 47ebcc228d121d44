"""How a posting means a mention: required, preferred, a duty, context, or not needed."""

from __future__ import annotations

import bisect
import dataclasses
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from skillextract.skills.folding import lower_case
from skillextract.skills.mention import Requirement
from skillextract.text.expressions import compile_expression
from skillextract.text.sentences import GLUED_SENTENCE_END

BOUNDS = (
    "clause", "phrase", "statement", "aside", "turn", "examples", "own_subject", "all", "duty_goes_on",
    "context_goes_on",
)  # fmt: skip
"""What words say of how far a cue speaks, see `RequirementRules`."""
_OPEN = ("phrase", "statement")
"""Scopes that end where a bound of their name begins."""
_OTHERS = "others"
"""What a strong cue of the context speaks for: not the hire, whatever else is said."""
_PRECEDENCE: tuple[tuple[str, Requirement], ...] = (
    (_OTHERS, "context"),
    ("preferred", "preferred"),
    ("negated", "negated"),
    ("required", "required"),
    ("duty", "duty"),
    ("context", "context"),
)
_DASHES = " –—-"
_LONE_CUE = 2
"""Words that may stand before a cue in its brackets without being a subject of its own ("both", "and ideally")."""
_JOINED_ITEMS = {sign: re.compile(rf"\S\s+(?={re.escape(sign)}\s?\w)") for sign in "-*•·"}
_SAID_OF_ITEMS = frozenset({"preferred", "negated", _OTHERS})
"""What is said of one item of such a list, and not of all: what one of them asks for, they all are."""
_FEWEST_ITEMS = 2
"""Items that follow the first one of a list in one line: a single dash may stand in a sentence."""
_REACH = 1000
"""Characters before a cue within which its clause begins, and around it within which its brackets end.

No clause is longer; but a line may hold a thousand cues, and none of them shall look through all of it.
"""

Scope = tuple[int, int]
"""A part of a line: characters [start, end)."""
Outline = tuple[list[int], list[int]]
"""See `_outline`."""
Told = tuple[Requirement, Outline]
"""A requirement and the parts of a line that are told to be so."""


@dataclasses.dataclass(frozen=True, slots=True)
class SectionPolicy:
    """What a mention is by its section alone, and which cues of its sentence may say otherwise.

    Attributes:
        default: what it is by the section alone.
        may_become: requirements whose cues are heard, beside those for negated, and for preferred where it is not
            context whatever is said. Of the default's own cues only strong ones are, against those of the context;
            strong cues of the context are heard wherever any others are.
        strong_only: of these, only strong cues are heard.
        takes_over: `duty` or `context`: a sentence without a cue that goes on about what the one before it says is
            meant like that one.
    """

    default: Requirement
    may_become: frozenset[Requirement]
    strong_only: bool = False
    takes_over: frozenset[Requirement] = frozenset()

    def hears(self, cue: Cue) -> bool:
        """Tell whether a cue says anything in the section."""
        if cue.requirement == "negated":
            return True
        if cue.certain and self.default in ("required", "preferred"):
            return True
        if cue.requirement == "preferred":
            return self.default != "context" or bool(self.may_become)
        if cue.requirement == "context" and cue.strong:
            return bool(self.may_become)
        if cue.requirement == self.default:
            return cue.parts or (cue.strong and self.default in self.may_become)
        return cue.requirement in self.may_become and (cue.strong or not self.strong_only)


@dataclasses.dataclass(frozen=True, slots=True)
class Cue:
    """A regular expression over the line in lower case that speaks for a requirement.

    Attributes:
        requirement: what it says.
        scope: which part of its sentence it speaks for, see `RequirementRules`.
        cue: the expression.
        strong: it speaks of the hire and of nobody else, so that it is heard even where a company speaks of itself; or,
            of the context, of somebody else, so that no other cue is heard where it speaks.
        certain: it is heard even where everything is required, or preferred ("SQL (we use Postgres)").
        parts: it ends a sentence and begins another: what is said before it speaks for nothing behind it ("an
            experienced engineer *to build* our pipelines").
    """

    requirement: Requirement
    scope: str
    cue: str
    strong: bool = False
    certain: bool = False
    parts: bool = False


class RequirementRules:
    """The cues of `patterns/requirement.jsonl` and the policy of each section.

    A cue speaks for a part of its sentence: `forward` for what follows it, `backward` for what stands before it up to
    the beginning of the clause, `phrase` for the words behind it up to the end of their phrase ("shape the future of
    *robotics* with Go"), `statement` for itself and what follows up to where somebody else is spoken of ("our founders
    know *Go*, and you …"), `line` for the whole sentence, `previous` for the sentence before it as well ("We use
    Go. *Experience with it is a plus*"). A cue inside brackets that hold a mention speaks for the brackets only; one
    alone in its brackets ("Go or Rust (both preferred)") speaks for what stands before them: the last item, or the
    whole clause where it says `both`, `all` or `either` or where that item holds no mention. It speaks for examples in
    brackets behind it too ("queues are a plus (e.g. Kafka)"). A cue that has a subject of its own in the brackets
    ("Python (experience with other languages is a plus)") speaks for nothing outside of them. A cue that `parts` ends
    the sentence where it ends itself: nothing before it speaks for what is behind, nor the other way round. What is
    preferred or not needed in a list that stands in one line is so for its item alone. No clause and no brackets reach
    further than 1,000 characters from their cue.

    Args:
        cues: the cues, in their order.
        bounds: regular expressions over a line in any case, by what they say. Behind a `clause` one a clause begins,
            before a `phrase` or `statement` one such a scope ends, before an `aside` one an aside ("CAD, *preferably
            Inventor*, and proficiency in …"), before a `turn` what is not needed ("no experience needed, *but* you are
            curious"). What `examples` match directly behind a cue belongs to what it speaks for ("a plus *(e.g.
            Kafka)*"). Brackets that hold an `own_subject` speak for nothing outside of them ("Statistics (graduate
            *degrees* preferred)"), with `all` for the whole clause. Sentences that begin with one of `duty_goes_on` or
            `context_goes_on` go on about what the one before them says.
        policies: what a mention is by its section.

    Attributes:
        cues: the cues, in their order.
        expressions: for a `Sieve`: the cues as expressions over whole lines.
    """

    def __init__(
        self, cues: Sequence[Cue], bounds: Mapping[str, Sequence[str]], policies: dict[str, SectionPolicy]
    ) -> None:
        self.cues = tuple(cues)
        # Without a boundary at their beginning: the engine then leaps to the first letters. `_search` looks at it.
        self._expressions = [rf"(?:{cue.cue})(?!\w)" for cue in cues]
        self.expressions = [rf"(?:^|\W|_)(?:{cue.cue})(?!\w)" for cue in cues]
        self._heard = {
            section: frozenset(number for number, cue in enumerate(cues) if policy.hears(cue))
            for section, policy in policies.items()
        }
        found = {name: re.compile("|".join(bounds.get(name, ())) or "(?!)", re.IGNORECASE) for name in BOUNDS}
        self._clause, self._aside, self._turn = found["clause"], found["aside"], found["turn"]
        self._ends = {scope: found[scope] for scope in _OPEN}
        self._examples, self._own_subject, self._all = found["examples"], found["own_subject"], found["all"]
        self._goes_on: dict[Requirement, re.Pattern[str]] = {
            "duty": found["duty_goes_on"], "context": found["context_goes_on"],
        }  # fmt: skip
        self._policies = policies

    def judge(
        self, line: str, section: str, spans: Sequence[Scope], *, cues: Mapping[int, Sequence[int] | None] | None = None
    ) -> list[Requirement]:
        """Return the requirement of each span (start, end: characters in the line, half-open) of one line.

        What a strong cue says of somebody else comes before all. Preferred comes before negated ("a plus, but not
        required" is preferred), both before what the section says.

        Args:
            line: without its line break.
            section: what the line belongs to, see `SectionRules`.
            spans: the mentions, from left to right.
            cues: which of `expressions` can match, in ascending order, each with where it may begin, None where that
                is not known; all where it is not known which.
        """
        default, heard = self._policies[section].default, self._heard[section]
        if cues is None:
            cues = dict.fromkeys(sorted(heard))
        else:
            cues = {number: starts for number, starts in cues.items() if number in heard}
        scopes, sentences = self._find_scopes(line, cues, spans) if cues else ({}, [])
        if not scopes:
            return [default] * len(spans)
        outlines = [(said, _outline(scopes[name])) for name, said in _PRECEDENCE if name in scopes]
        if self._policies[section].takes_over:
            outlines += self._take_over(line, sentences, outlines, self._policies[section].takes_over)
        return [next((said for said, outline in outlines if _is_inside(span, outline)), default) for span in spans]

    def _take_over(
        self, line: str, sentences: Sequence[Scope], outlines: Sequence[Told], takes_over: Set[Requirement]
    ) -> list[Told]:
        """Return the outlines of sentences that no cue speaks for and that go on about what the one before says."""
        goes_on: dict[Requirement, list[Scope]] = {said: [] for said in takes_over}
        carried: Requirement | None = None
        for sentence in sentences:
            told = next((each for each in outlines if _touches(sentence, each[1])), None)
            if told is not None:
                carried = told[0] if told[0] in takes_over and _is_inside(sentence, told[1]) else None
            elif carried is not None and self._goes_on[carried].match(line, *sentence):
                goes_on[carried].append(sentence)
            else:
                carried = None
        return [(said, _outline(scopes)) for said, scopes in goes_on.items() if scopes]

    def _find_scopes(
        self, line: str, cues: Mapping[int, Sequence[int] | None], spans: Sequence[Scope]
    ) -> tuple[dict[str, set[Scope]], list[Scope]]:
        """Return the parts of a line that some cues, given by number, speak for, and its sentences if one does."""
        scopes: dict[str, set[Scope]] = {}
        sentences: list[Scope] = []
        items: list[int] | None = None
        # What begins with a mention speaks of that, and of no company ("*Terraform* allows …").
        begins = {first for first, _ in spans}
        lower = lower_case(line)
        turns = [
            last
            for number, starts in cues.items()
            if self.cues[number].parts
            for _, last in _search(self._expressions[number], lower, starts)
        ]
        for number, starts in cues.items():
            cue = self.cues[number]
            said = _OTHERS if cue.requirement == "context" and cue.strong else cue.requirement
            for first, last in _search(self._expressions[number], lower, starts):
                if cue.requirement == "context" and first in begins:
                    continue
                sentences = sentences or _split_sentences(line, turns)
                place = last if cue.scope == "forward" else first
                sentence = _find_sentence(sentences, place, line)
                if said in _SAID_OF_ITEMS and ":" not in line[first : last + 1]:
                    items = _find_items(line) if items is None else items
                    sentence = _find_item(items, place, sentence, line)
                if cue.scope == "previous":
                    begin, _ = next((each for each in sentences if each[1] == sentence[0]), sentence)
                    scopes.setdefault(said, set()).add((begin, first))
                    continue
                scope = self._limit(cue, first, last, line, sentence, _find_near(spans, first, last))
                if scope is not None and cue.requirement == "negated" and cue.scope == "forward":
                    turn = self._turn.search(lower, scope[0], min(scope[1], scope[0] + _REACH))
                    scope = scope if turn is None else (scope[0], turn.start())
                if scope is not None:
                    scopes.setdefault(said, set()).add(scope)
        return scopes, sentences

    def _limit(
        self, cue: Cue, start: int, end: int, line: str, sentence: Scope, spans: Sequence[Scope]
    ) -> Scope | None:
        """Return the part of the line that a cue at [start, end) speaks for, None where that is no mention."""
        scope = cue.scope
        first, last = sentence
        if scope in _OPEN:
            reach = min(last, end + _REACH)
            stop = self._ends[scope].search(line, end, reach)
            return end if scope == "phrase" else start, stop.start() if stop else reach
        opened = line.rfind("(", max(first, start - _REACH), start)
        closed = line.find(")", end, min(last, end + _REACH))
        bracketed = opened >= 0 and line.find(")", opened, start) < 0
        if bracketed and closed >= 0 and any(opened < s and e <= closed for s, e in spans):
            return (opened, closed) if scope == "line" else (end, closed) if scope == "forward" else (opened, start)
        if scope == "line" and not (bracketed and cue.requirement == "preferred"):
            return first, last
        if bracketed and (
            len(line[opened + 1 : start].split()) > _LONE_CUE or self._own_subject.search(line, opened + 1, start)
        ):
            return None
        if scope == "forward":
            if bracketed and closed >= 0:
                return None if line[end:closed].strip() else (closed, last)
            is_aside = line[start - 2 : start] == ", "
            aside = self._aside.search(line, end, min(last, end + _REACH)) if is_aside else None
            return end, aside.start() if aside else last
        if bracketed:
            before = line[first:opened]
            if self._all.search(line[opened:end]):
                return first + self._find_break(before), opened
            item = max(first + max(map(before.rfind, ",/:")) + 1, clause := first + self._find_break(before))
            return (item if any(item <= s < opened for s, _ in spans) else clause), opened
        examples = self._examples.match(line, end, last)
        # A dash before the cue parts it from what it speaks for ("Kafka – *a plus*").
        before = line[first:start].rstrip(_DASHES)
        return first + self._find_break(before), examples.end() if examples else start

    def _find_break(self, clause: str) -> int:
        """Return where the last clause of a text begins."""
        begin = max(0, len(clause) - _REACH)
        for match in self._clause.finditer(clause, begin):
            begin = match.end()
        return begin


def _search(expression: str, line: str, starts: Iterable[int] | None = None) -> Iterator[Scope]:
    """Yield where an expression matches at the beginning of a word or sign, from left to right.

    Args:
        expression: a regular expression.
        line: in lower case.
        starts: the places, in order, at which it may match; all where they are not known.
    """
    compiled = compile_expression(expression)
    position = 0
    if starts is not None:
        for start in starts:
            if start < position or (start and line[start - 1].isalnum()):
                continue
            found = compiled.match(line, start)
            if found is not None and found.end() > start:
                yield start, (position := found.end())
        return
    while found := compiled.search(line, position):
        first, last = found.span()
        if first == last or (first and line[first - 1].isalnum()):
            position = first + 1
        else:
            yield first, last
            position = last


def _outline(scopes: Iterable[Scope]) -> Outline:
    """Return where some parts of a line begin, in order, and for each how far it and those before it reach."""
    ordered = sorted(scopes)
    return [first for first, _ in ordered], list(itertools.accumulate((last for _, last in ordered), max))


def _touches(span: Scope, outline: Outline) -> bool:
    """Tell whether one of the parts of an outline and a span have a character in common."""
    starts, reaches = outline
    place = bisect.bisect_left(starts, span[1])
    return place > 0 and span[0] < reaches[place - 1]


def _is_inside(span: Scope, outline: Outline) -> bool:
    """Tell whether one of the parts of an outline holds a span."""
    starts, reaches = outline
    place = bisect.bisect_right(starts, span[0])
    return place > 0 and span[1] <= reaches[place - 1]


def _find_sentence(sentences: Sequence[Scope], place: int, line: str) -> Scope:
    """Return the sentence around a place, the whole line where there is none."""
    number = bisect.bisect_right(sentences, (place, len(line))) - 1
    return sentences[number] if number >= 0 and place < sentences[number][1] else (0, len(line))


def _find_near(spans: Sequence[Scope], start: int, end: int) -> Sequence[Scope]:
    """Return those of some spans, sorted, that stand near a cue: a line may hold a thousand of both."""
    return spans[bisect.bisect_left(spans, (start - _REACH, 0)) : bisect.bisect_left(spans, (end + _REACH, 0))]


def _split_sentences(line: str, turns: Iterable[int]) -> list[Scope]:
    """Return the sentences of a line, parted at some places more."""
    bounds = sorted([0, *(match.end() for match in GLUED_SENTENCE_END.finditer(line)), *turns, len(line)])
    return [(a, b) for a, b in itertools.pairwise(bounds) if a < b]


def _find_items(line: str) -> list[int]:
    """Return where the items of a list begin that stands in one line ("- Go - Kafka a plus - 5 years of SQL")."""
    sign = line.lstrip()[:1]
    if sign not in _JOINED_ITEMS:  # words may stand before the first item; a dash may stand among them
        sign = next((each for each in _JOINED_ITEMS if each != "-" and line.count(f"{each} ") >= _FEWEST_ITEMS), sign)
    bullet = _JOINED_ITEMS.get(sign)
    found = [match.end() for match in bullet.finditer(line)] if bullet is not None else []
    return found if len(found) >= _FEWEST_ITEMS else []


def _find_item(items: Sequence[int], place: int, sentence: Scope, line: str) -> Scope:
    """Return the part of a sentence in which a place stands between two beginnings of items.

    What says nothing before that place is no item of its own, but speaks for the one before it ("- Go - *preferred*").
    """
    number = bisect.bisect_right(items, place)
    if number and not any(char.isalnum() for char in line[items[number - 1] : place]):
        number -= 1
        items = [*items[:number], *items[number + 1 :]]
    first, last = sentence
    return (
        max(first, items[number - 1]) if number else first,
        min(last, items[number]) if number < len(items) else last,
    )
