"""Which postings are of a role, told by their titles."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from pathlib import Path

from skillextract.errors import PatternError

_GENDER = re.compile(r"\(\s*(?:[mwfdxihn]\s*[/|,*]\s*)+[mwfdxihn*]+\s*\)|\ball genders?\b", re.IGNORECASE)
_SIGNS = re.compile(r"[^\w+#&]+")


@dataclasses.dataclass(frozen=True, slots=True)
class RoleTitles:
    """The title patterns of a role: expressions over a normalised title (see `normalize_title`).

    Attributes:
        is_role: one of them must be found in the title.
        is_not: none of them may be found in it.
        neighbours: near roles by name, each with its expression, in the order in which they are tried.
    """

    is_role: re.Pattern[str]
    is_not: re.Pattern[str]
    neighbours: tuple[tuple[str, re.Pattern[str]], ...]

    def match(self, title: str) -> bool:
        """Tell whether a title is one of the role."""
        words = normalize_title(title)
        return self.is_role.search(words) is not None and self.is_not.search(words) is None

    def find_neighbour(self, title: str) -> str | None:
        """Return the near role that a title names, None where it names none or is the role itself."""
        if self.match(title):
            return None
        words = normalize_title(title)
        return next((name for name, expression in self.neighbours if expression.search(words)), None)


def normalize_title(title: str) -> str:
    """Return a title in lower case, without "(m/f/d)", every other sign but `+ # &` turned into one blank."""
    return " ".join(_SIGNS.sub(" ", _GENDER.sub(" ", title).lower()).split())


def load_titles(path: Path) -> RoleTitles:
    """Read the `[titles]` of a role's file, `patterns/roles/<role>.toml`.

    Raises:
        PatternError: the file is missing or no TOML, a key is missing, or an expression is broken.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        known = ", ".join(sorted(other.stem for other in path.parent.glob("*.toml"))) or "none"
        raise PatternError(str(path), 0, "missing", f"no such role; known roles: {known}") from error
    except tomllib.TOMLDecodeError as error:
        raise PatternError(str(path), 0, "toml", f"not TOML: {error}") from error
    titles = document.get("titles")
    if not isinstance(titles, dict) or not {"is_role", "is_not"} <= set(titles):
        raise PatternError(str(path), 0, "titles", "expected a table [titles] with the lists `is_role` and `is_not`")
    neighbours = titles.get("neighbours", {})
    return RoleTitles(
        is_role=_join(path, "is_role", titles["is_role"]),
        is_not=_join(path, "is_not", titles["is_not"]),
        neighbours=tuple((name, _join(path, name, expressions)) for name, expressions in neighbours.items()),
    )


def _join(path: Path, key: str, expressions: list[str]) -> re.Pattern[str]:
    try:
        return re.compile("|".join(rf"\b(?:{expression})\b" for expression in expressions) or r"(?!)")
    except re.error as error:
        raise PatternError(str(path), 0, "titles", f"{key}: no regular expression: {error}") from error
