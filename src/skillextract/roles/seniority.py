"""How far along in a career a posting looks for someone, told by its title."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

from skillextract.errors import PatternError

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
    levels: list[tuple[str, re.Pattern[str]]] = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        message = f"cannot be read ({error.strerror}); expected one JSON object a line"
        raise PatternError(str(path), 0, "unreadable", message) from error
    for number, raw in enumerate(lines, 1):
        try:
            rule = json.loads(raw)
            if not isinstance(rule, dict) or set(rule) != {"seniority", "title"}:
                raise ValueError(f"found {raw[:60]!r}, expected an object with the keys `seniority` and `title`")
            if rule["seniority"] not in SENIORITIES:
                raise ValueError(f"found seniority {rule['seniority']!r}, expected one of {', '.join(SENIORITIES)}")
            levels.append((rule["seniority"], re.compile(rf"\b(?:{rule['title']})\b")))
        except (ValueError, re.error) as error:
            raise PatternError(str(path), number, "seniority", f"{error}; mend or delete the line") from error
    return SeniorityRules(tuple(levels))
