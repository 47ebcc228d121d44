"""How far along in a career a posting looks for someone, told by its title."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from skillextract.errors import PatternError
from skillextract.text.jsonl import find_misfit, read_jsonl, read_strictly

_GENDER = re.compile(r"\(\s*(?:[mwfdxihn]\s*[/|,*]\s*)+[mwfdxihn*]+\s*\)|\ball genders?\b")
_SIGNS = re.compile(r"[^\w+#&]+")

SENIORITIES = ("intern", "junior", "mid", "senior", "lead", "manager")
"""From the beginning of a career on; `lead` leads by knowledge (staff, principal), `manager` leads people."""


@dataclasses.dataclass(frozen=True, slots=True)
class SeniorityRules:
    """The expressions of `patterns/seniority.jsonl`, in the order in which they are tried.

    Attributes:
        levels: the seniority and its expression over a title in lower case, without "(m/f/d)", every other sign but
            `+ # &` turned into a blank.
    """

    levels: tuple[tuple[str, re.Pattern[str]], ...]

    def read_title(self, title: str) -> str | None:
        """The seniority that a title states, one of `SENIORITIES`; None where it states none."""
        words = " ".join(_SIGNS.sub(" ", _GENDER.sub(" ", title.lower())).split())
        return next((level for level, expression in self.levels if expression.search(words)), None)


def load_seniority(path: Path) -> SeniorityRules:
    """Read `patterns/seniority.jsonl`: one object a line with `seniority` and `title`, a regular expression.

    Raises:
        PatternError: the file or a line cannot be read, names an unknown seniority or holds a broken expression.
    """
    return read_strictly(path, _read_rules)


def _read_rules(path: Path, faults: list[PatternError]) -> SeniorityRules:
    levels: list[tuple[str, re.Pattern[str]]] = []
    for number, rule in read_jsonl(path, faults):
        try:
            if set(rule) != {"seniority", "title"}:
                raise ValueError(f"found keys {sorted(rule)}, expected an object with the keys `seniority` and `title`")
            if (misfit := find_misfit(rule, {})) is not None:
                raise ValueError(misfit[1])
            if rule["seniority"] not in SENIORITIES:
                raise ValueError(f"found seniority {rule['seniority']!r}, expected one of {', '.join(SENIORITIES)}")
            levels.append((rule["seniority"], re.compile(rf"\b(?:{rule['title']})\b")))
        except (ValueError, re.error) as error:
            faults.append(PatternError(str(path), number, "seniority", f"{error}; mend or delete the line"))
    return SeniorityRules(tuple(levels))
