"""What can speak in a line at all, of all the rules that read lines: told in one pass, before any of them is tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from skillextract.text.sieve import Sieve


class Hints:
    """What can speak in a line. What is not named here does not; what is may still turn out not to.

    Attributes:
        cues: numbers of cues in `RequirementRules.expressions`, in ascending order, each with the places in the line at
            which it may begin; None where they are not known.
        lines: numbers of rules in `SectionRules.line_expressions`, in ascending order.
        title: the line may name a job title or a team.
        company: a cue of a company may stand beside a name.
        company_left: the places at which one may begin that stands before a name; None where they are not known.
        company_right: one may stand behind a name.
    """

    __slots__ = ("company", "company_left", "company_right", "cues", "lines", "title")

    def __init__(
        self,
        cues: Mapping[int, Sequence[int] | None],
        lines: Sequence[int],
        title: bool,
        company_left: Sequence[int] | None,
        company_right: bool,
    ) -> None:
        self.cues = cues
        self.lines = lines
        self.title = title
        self.company = company_left is None or len(company_left) > 0 or company_right
        self.company_left = company_left
        self.company_right = company_right


class HintReader:
    """Reads the hints of lines.

    Args:
        cues: see `RequirementRules.expressions`.
        lines: see `SectionRules.line_expressions`.
        title: an expression that matches in every line that names a job title or a team.
        company_left: one that matches in every line with a cue of a company before a name.
        company_right: one that matches in every line with a cue of a company behind a name.
    """

    def __init__(
        self, cues: Sequence[str], lines: Sequence[str], *, title: str, company_left: str, company_right: str
    ) -> None:
        self._first_line = len(cues)
        self._title = self._first_line + len(lines)
        self._sieve = Sieve([*cues, *lines, title, company_left, company_right])

    def read(self, lines: Sequence[str]) -> Iterator[Hints]:
        """Yield the hints of each of some lines, all of them read in one scan."""
        first, title = self._first_line, self._title
        for found in self._sieve.sift(lines):
            yield Hints(
                {number: starts for number, starts in found.items() if number < first},
                [number - first for number in found if first <= number < title],
                title in found,
                found.get(title + 1, ()),
                title + 2 in found,
            )
