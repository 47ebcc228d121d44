"""Which kind of part of the posting each line belongs to: requirements, duties, benefits, the company and so on."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from skillextract.text.bullets import SIGNS
from skillextract.text.expressions import compile_expression
from skillextract.text.inline_headings import SHORTEST, InlineHeadings
from skillextract.text.list_items import ItemRules
from skillextract.text.sieve import Sieve

INTRO = "intro"
"""The lines above the first heading."""
UNDIVIDED = "undivided"
"""Every line of a posting without any known heading."""

SECTIONS = frozenset(
    {"requirements", "preferred", "duties", "stack", "not_asked", "company", "benefits", "process", "legal"}
    | {INTRO, UNDIVIDED}
)
ABOUT_OTHERS = frozenset({"company", "benefits", "process", "legal"})
"""Sections that speak of the employer, the offer or the law, not of the hire."""
_TOLD_IN_A_LINE = frozenset({"process", "benefits", "stack"})
"""Sections that no line opens in which their heading is answered: "Location: Berlin", "Pay: $20 an hour"."""
_FACT = re.compile(r"\w\s?:\s?[\w$€£]")
_DASHED_HEADING = re.compile(r"([A-Z][\w'’&/]*(?: [\w'’&/]+){0,3}):? [-–—•*] (?=\w)")
_LATER_HEADING = re.compile(r"(?<=[.;!?]\s)([A-Z][^.:;!?,]{2,40}):(?!//)")
"""What may be a heading at the beginning of a later sentence of a line."""
ABOUT_HIRE = frozenset({"requirements", "preferred", "duties", "stack", "not_asked"})
"""Sections that speak of the hire: where a posting has one of them, the lines above its headings do not."""
_TOLD_BY_ITEMS = {
    "requirements": frozenset({INTRO, "duties", "stack"}) | ABOUT_OTHERS,
    "duties": frozenset({INTRO, "requirements", "preferred", "stack"}) | ABOUT_OTHERS,
    "benefits": frozenset({INTRO, "requirements", "preferred", "duties", "stack"}),
}
"""What the items of a list say, and the sections that it then leaves where its own heading is not known.

What is preferred is listed like what is required, and what is not asked like a duty: there the last heading stands."""

_ASKED = frozenset({"requirements", "preferred"})
_TOLD_BY_ITSELF = frozenset({INTRO, "company"})
"""Sections in which a part of a long line that begins like an item is one."""

_MAX_HEADING = 80
_LONGEST_SENTENCE = 130
_LONGEST_LINE = 500
"""Characters of a sentence that may be a heading where it ends its line in a colon, and of such a line."""
_ITEMS_READ = 8
"""Items of a list that are read to tell what it is."""
_BULLET = re.compile(rf"\s*(?:[+>{SIGNS}]|\(?\d{{1,2}}[.)]|[a-z]\))\s+\S")
_NUMBER = re.compile(r"\s*\(?\d{1,2}[.)]\s+")
_SIGNS = re.compile(r"[^\w&]+|_")
_LINK_OF_SIGN = re.compile(r"\W*https?://\S+\s+")
"""The address of a small picture before a heading ("🔍 https://… The opportunity:")."""
_PICTURE_REACH = 12
"""Characters of a line within which the address of a picture begins."""
_TRAILING = 4
"""Characters at the end of a line among which its colon stands: three blanks may follow it."""
_LAST_SENTENCE = re.compile(r".*[.!?]\)?\s+", re.DOTALL)
WITHIN = ("firm", "free", "marked", "openings", "clear")
"""What may stand in the middle of a line, see `InlineHeadings`."""
_LINE_START = re.compile(rf"\s*(?:[{SIGNS}]\s*)?")
_HEADING_WITH_COLON = re.compile(rf"\s*+(?:[{SIGNS}]\s*+)?+([^:,]{{3,59}}):(?!//)(?=.)")


class Line(NamedTuple):
    """A line of a text, or a part of a long one in which headings stand.

    Attributes:
        start: first character in the text.
        end: one past the last character, the line break not included.
        section: an id of `SECTIONS`.
    """

    start: int
    end: int
    section: str


class Heading(NamedTuple):
    """What a heading opens.

    Attributes:
        section: an id of `SECTIONS`.
        keeps: sections below which it is a mere sub-heading ("Leadership experience" below "Nice to have").
        certain: its list is of this section whatever its items begin with ("Our values").
    """

    section: str
    keeps: tuple[str, ...] = ()
    certain: bool = False


class SectionRules:
    """The headings of `patterns/sections.jsonl`, and the lines that speak for themselves.

    Args:
        headings: what they open and regular expression, in the order in which they are tried. It must match the whole
            heading, lower-cased, without apostrophes, every other sign but `&` turned into a space.
        lines: section, and regular expression that the beginning of a line (without its bullet, any case) must match;
            it then belongs to that section whatever heading it stands under.
        bullets: section and regular expression, as for headings: what opens a section for the bullets behind it though
            it is a bullet itself and has no colon ("- Nice to have").
        items: section of words that the items of a list begin with, see `ItemRules`.
        within: the words of `InlineHeadings`, by what they open.

    Attributes:
        line_expressions: for a `Sieve`: the line rules as expressions over whole lines, in their order.
    """

    def __init__(
        self,
        headings: Sequence[tuple[Heading, str]],
        lines: Sequence[tuple[str, str]],
        bullets: Sequence[tuple[str, str]] = (),
        items: Mapping[str, str] | None = None,
        within: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._headings = list(headings)
        self._heading_sieve = Sieve([rf"^(?:{expression})\Z" for _, expression in headings])
        self._lines = list(lines)
        self._bullets = list(bullets)
        self._items = ItemRules(items or {})
        self.line_expressions = [rf"^{_LINE_START.pattern}(?:{expression})" for _, expression in lines]
        self._classify = functools.lru_cache(maxsize=50_000)(self._classify_heading)
        self._read_short_line = functools.lru_cache(maxsize=50_000)(self._read_short)
        words = within or {}
        self._inline_headings = InlineHeadings(
            *(words.get(name, ()) for name in WITHIN),
            items=frozenset(items or ()),
            is_heading=lambda line: self.read_heading(line) is not None,
        )

    def read_heading(self, line: str) -> str | None:
        """Return the section that a line opens as its heading, None where it is no known heading."""
        if len(line) > _MAX_HEADING:
            return None
        heading, is_bullet, _ = self._read_short_line(line)
        return None if heading is None or is_bullet else heading.section

    def _classify_heading(self, line: str) -> Heading | None:
        stripped = line.strip().rstrip(":").removesuffix("...")
        if stripped.endswith((".", ",", ";", "!")) and len(stripped.split()) > 4:
            return None
        words = _fold_heading(stripped)
        if not words:
            return None
        for number in next(self._heading_sieve.sift([words])):
            heading, expression = self._headings[number]
            if compile_expression(expression).fullmatch(words):
                is_fact = heading.section in _TOLD_IN_A_LINE and _FACT.search(stripped)
                return None if is_fact else heading
        return None

    def read_inline_heading(self, line: str, section: str = UNDIVIDED) -> tuple[str, int] | None:
        """Return the section that `Requirements: Python, Go` names for itself, and where its content starts.

        So does "Requirements - Python - Go", with dashes or bullets that were lines once.

        Args:
            line: without its line break.
            section: what the line belongs to by its heading. Where that speaks of the hire, the topic of a bullet that
                reads like another heading changes nothing: "- Process evolution: you champion reviews" is a duty still,
                and "- Languages: Go" among the requirements is required.
        """
        opening = _DASHED_HEADING.match(line) or _HEADING_WITH_COLON.match(line)
        if opening is None:
            return None
        heading = self._classify(opening[1])
        if heading is None or section in heading.keeps:
            return None
        is_bullet = _BULLET.match(line) is not None
        if is_bullet and section in ABOUT_HIRE and heading.section in ABOUT_OTHERS:
            return None
        if heading.section == "stack" and (section == "preferred" or (is_bullet and section == "requirements")):
            return None
        return heading.section, opening.end()

    def read_inline_headings(self, line: str, section: str = UNDIVIDED) -> list[tuple[str, int]]:
        """Return what `read_inline_heading` does, and the headings at the beginning of later sentences of the line.

        "Preferred: Rust. Required: Go." names two sections. Without one at its beginning a line names none.
        """
        first = self.read_inline_heading(line, section)
        if first is None:
            return []
        later = [(self._classify(match[1]), match.end()) for match in _LATER_HEADING.finditer(line, first[1])]
        return [first, *((heading.section, end) for heading, end in later if heading and section not in heading.keeps)]

    def read_line(self, line: str, rules: Sequence[int] | None = None) -> str | None:
        """Return the section of a line that speaks for itself ("We are an equal opportunity employer …").

        Args:
            line: without its line break.
            rules: which of `line_expressions` can match, in ascending order; all where it is not known.
        """
        for number in range(len(self._lines)) if rules is None else rules:
            section, expression = self._lines[number]
            body = _LINE_START.match(line)
            if compile_expression(expression, re.IGNORECASE).match(line, body.end() if body else 0):
                return section
        return None

    def divide(self, text: str) -> list[Line]:
        """Return the lines of a text in order, each with its section; blank lines are left out.

        A heading opens a section that lasts until the next known heading. Lines above the first heading are `intro`;
        where no heading speaks of the hire ("How to apply" alone) they are `undivided`. A heading line belongs to the
        section that it opens. It may be numbered ("1. Requirements") where it speaks of the hire: numbered lists hold
        duties that read like headings of benefits ("2. Compensation Design"). A bullet that ends in a colon ("- Nice to
        have:") opens a section for the bullets below it, until the next one or a line that is no bullet; one without a
        colon does so where it can mean nothing else ("- Nice to have"), and where the next bullet stands deeper, for as
        long as they do. One that stands among no items ("* Requirements:" between paragraphs) is a heading like any. So
        does a paragraph whose last sentence is a heading ("We are twelve. Your tasks include:"), which makes no lines
        above it `intro`. A mere sub-heading that parts two lists ("Soft skills" below the items of "Nice to have")
        stands beside the heading, unless another stood directly below it. Below what looks like a heading and is none
        that is known, the items of a list tell what it is.
        """
        lines: list[Line] = []
        doubtful: list[tuple[int, bool]] = []
        pieces: list[int] = []
        section = INTRO
        inner: str | None = None
        deeper: int | None = None
        is_divided = is_told = is_parted = False
        raws, starts, parted = self._part(text)
        for number, (raw, start) in enumerate(zip(raws, starts, strict=True)):
            if not raw or raw.isspace():
                continue
            if deeper is not None and _count_blanks(raw) <= deeper:
                inner = deeper = None
            told: Heading | None = None
            # It is rare, and there are many lines: what tells it is looked at first.
            pictured = self._read_pictured(raw) if "://" in raw[:_PICTURE_REACH] else None
            if pictured is not None:
                section, inner, deeper = self._open(pictured, section), None, None
            elif len(raw) > _MAX_HEADING:
                if ":" in raw[-_TRAILING:] and raw.rstrip().endswith(":") and _is_bullet_next(raws, number):
                    told = self._read_last_sentence(raw)
                    if told is None:
                        doubtful.append((len(lines), False))
            else:
                opened, is_bullet, is_item = self._read_short_line(raw)
                if is_bullet and opened and opened.section in ABOUT_HIRE and _stands_alone(raws, number):
                    section, inner, deeper = self._open(opened, section), None, None
                elif is_bullet:
                    inner = self._open(opened, section, is_bullet=True) if opened else None
                    is_told = False
                    has_colon = raw.rstrip().endswith(":")
                    is_above = not has_colon and number + 1 < len(raws) and _is_nested(raw, raws[number + 1])
                    deeper = _count_blanks(raw) if is_above else None
                elif opened is not None:
                    if section not in opened.keeps:
                        section, is_parted = opened.section, False
                    elif is_parted or not (self._is_item(text, lines[-1]) and _is_bullet_next(raws, number)):
                        is_parted = True
                    else:
                        section = opened.section
                    inner = deeper = None
                    if section == "company" and not opened.certain and _is_bullet_next(raws, number):
                        doubtful.append((len(lines), True))
                elif not is_item:
                    if _is_bullet_next(raws, number):
                        doubtful.append((len(lines), False))
                elif number + 1 < len(raws) and _is_nested(raw, raws[number + 1]):
                    opened = self._classify(raw[_end_of_bullet(raw) :])
                    if opened is not None:
                        inner, deeper = self._open(opened, section), _count_blanks(raw)
            if inner is not None and not _BULLET.match(raw):
                inner = None
            current = inner or section
            if start in parted and current in _TOLD_BY_ITSELF:
                pieces.append(len(lines))
            lines.append(Line(start, start + len(raw), current))
            is_told = is_told and inner is not None
            is_divided = is_divided or (not is_told and current in ABOUT_HIRE)
            if told is not None:
                inner, deeper, is_told = self._open(told, section), None, True
        if doubtful and self._read_lists(text, lines, doubtful):
            is_divided = True
        if is_divided:
            self._read_pieces(text, lines, pieces)
            return lines
        return [line._replace(section=UNDIVIDED) if line.section == INTRO else line for line in lines]

    def _part(self, text: str) -> tuple[list[str], list[int], set[int]]:
        """Return the lines of a text, long ones in parts, where each begins, and which of these begin inside a line."""
        raws: list[str] = []
        starts: list[int] = []
        parted: set[int] = set()
        position = 0
        for line in text.split("\n"):
            if len(line) < SHORTEST:  # as most lines are: they are not asked about
                raws.append(line)
                starts.append(position)
                position += len(line) + 1
                continue
            for number, raw in enumerate(self._inline_headings.part(line)):
                if number:
                    parted.add(position)
                raws.append(raw)
                starts.append(position)
                position += len(raw)
            position += 1
        return raws, starts, parted

    def _read_pieces(self, text: str, lines: list[Line], pieces: Sequence[int]) -> None:
        """Give parts of lines the section that they tell, each for itself, where at least two of them tell one.

        Args:
            text: the text.
            lines: its lines; those of such parts are replaced.
            pieces: which lines are parts above the first heading, or of what the company says of itself.
        """
        told = {number: self._items.tell_item(text[lines[number].start : lines[number].end]) for number in pieces}
        spoken = {number: section for number, section in told.items() if section in ("requirements", "duties")}
        if len(spoken) > 1:
            for number, section in spoken.items():
                lines[number] = lines[number]._replace(section=section)

    def _read_lists(self, text: str, lines: list[Line], doubtful: Sequence[tuple[int, bool]]) -> bool:
        """Give the lists below doubtful headings the section that their items tell.

        Args:
            text: the text.
            lines: its lines; those of such lists are replaced.
            doubtful: where in them such headings stand, in ascending order, and whether one is known to be about the
                company: "What we value" may be what it looks for, but its values are no duties.

        Returns:
            Whether a list says what is asked for, so that the text is divided though no heading is known.
        """
        is_asked = False
        ends = [*(index for index, _ in doubtful[1:]), len(lines)]
        for (index, is_known), following in zip(doubtful, ends, strict=True):
            section = lines[index].section
            first = index + 1
            told = self._items.tell(self._take_items(text, lines[first : min(following, first + _ITEMS_READ)], section))
            if told is None or section not in _TOLD_BY_ITEMS[told] or (is_known and told != "requirements"):
                continue
            is_asked = is_asked or told == "requirements"
            last = first + len(self._take_items(text, lines[first:following], section))
            for number in range(first if is_known else index, last):
                lines[number] = lines[number]._replace(section=told)
        return is_asked

    def _take_items(self, text: str, lines: Sequence[Line], section: str) -> list[str]:
        """Return the items of a list with which some lines begin, as far as it belongs to one section."""
        items: list[str] = []
        for start, end, belongs in lines:
            if belongs != section or _BULLET.match(text, start, end) is None:
                break
            items.append(text[start:end])
        return items

    def _is_item(self, text: str, line: Line) -> bool:
        return _BULLET.match(text, line.start, line.end) is not None

    def _open(self, opened: Heading, section: str, *, is_bullet: bool = False) -> str:
        """Return the section that begins with a heading below `section`: a mere sub-heading lets it go on.

        So does a bullet that names the tools that are asked for ("- Tech stack:" below what is required).
        """
        if opened.section == "stack" and is_bullet and section in _ASKED:
            return section
        return section if section in opened.keeps else opened.section

    def _read_pictured(self, line: str) -> Heading | None:
        """Return what a heading opens before which the address of a small picture stands."""
        picture = _LINK_OF_SIGN.match(line)
        plain = line[picture.end() :].strip() if picture else ""
        return self._classify(plain) if 0 < len(plain) <= _MAX_HEADING else None

    def _read_last_sentence(self, line: str) -> Heading | None:
        """Return what the last sentence of a paragraph opens that ends in a colon."""
        plain = line.strip()
        if len(line) > _LONGEST_LINE or _BULLET.match(line):
            return None
        begin = _LAST_SENTENCE.match(plain)
        sentence = plain[begin.end() :] if begin else plain
        return self._classify(sentence) if len(sentence) <= _LONGEST_SENTENCE else None

    def _read_short(self, line: str) -> tuple[Heading | None, bool, bool]:
        """Return what a line opens, whether as a bullet, which opens an inner section, and whether it is one."""
        if not _BULLET.match(line):
            return self._classify(line), False, False
        number = _NUMBER.match(line)
        numbered = self._classify(line[number.end() :]) if number else None
        if numbered is not None and numbered.section not in ABOUT_OTHERS:
            return numbered, False, True
        body = line[_end_of_bullet(line) :]
        if line.rstrip().endswith(":"):
            return self._classify(body), True, True
        words = _fold_heading(body)
        opened = next(
            (section for section, expression in self._bullets if compile_expression(expression).fullmatch(words)), None
        )
        return (Heading(opened), True, True) if opened else (None, False, True)


def _fold_heading(text: str) -> str:
    """Return a heading in lower case, without apostrophes, every other sign but `&` turned into a space."""
    return _SIGNS.sub(" ", text.lower().replace("'", "").replace("’", "")).strip()


def _end_of_bullet(line: str) -> int:
    body = _LINE_START.match(line)
    return body.end() if body else 0


def _count_blanks(line: str) -> int:
    """Return how many blanks a line begins with."""
    return len(line) - len(line.lstrip())


def _find_next(raws: Sequence[str], numbers: range) -> str | None:
    """Return the first of some lines that is not blank."""
    return next((raw for number in numbers if (raw := raws[number]) and not raw.isspace()), None)


def _is_bullet_next(raws: Sequence[str], number: int) -> bool:
    """Tell whether the next line that is not blank is a bullet."""
    following = _find_next(raws, range(number + 1, len(raws)))
    return following is not None and _BULLET.match(following) is not None


def _stands_alone(raws: Sequence[str], number: int) -> bool:
    """Tell whether a bullet with a colon is of no list: neither it nor what goes on below it is among items."""
    following = _find_next(raws, range(number + 1, len(raws)))
    if following is None or following[0].isspace() or not raws[number].rstrip().endswith(":"):
        return False
    before = _find_next(raws, range(number - 1, -1, -1))
    return all(each is None or _BULLET.match(each) is None for each in (before, following))


def _is_nested(line: str, following: str) -> bool:
    """Tell whether the next line is a bullet below one."""
    if not following[:1].isspace():  # most lines are not indented
        return False
    return _count_blanks(following) > _count_blanks(line) and bool(_BULLET.match(line) and _BULLET.match(following))
