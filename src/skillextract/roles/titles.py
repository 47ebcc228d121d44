"""Which postings are of a role, told by their titles."""

from __future__ import annotations

import dataclasses
import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from skillextract.errors import PatternError
from skillextract.roles.readings import Reading, TitleGrammar, parse_grammar
from skillextract.text.expressions import list_endings, may_end_in

_NO_GRAMMAR = "no such file; a folder of patterns holds it beside `roles`"
_KEPT_CASE = re.compile(r"(?P<kept>\\N\{[^}]*\}|\\.|\(\?P)|.", re.DOTALL)
_RULE_KEYS = frozenset({"named", "with_qualifier", "bare", "is_not"})


@dataclasses.dataclass(frozen=True, slots=True)
class TitleRule:
    """How a role is called: expressions over the readings of a title, which are in lower case as these are then.

    Attributes:
        named: how its noun phrase ends; found at the end of `Reading.phrase`.
        qualified: pairs of a whole phrase and what one of its qualifiers holds ("software engineer", "backend").
        bare: the field alone, where the title has no noun.
        is_not: what no phrase of the role holds.
    """

    named: re.Pattern[str]
    qualified: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    bare: re.Pattern[str]
    is_not: re.Pattern[str]

    def fits(self, reading: Reading) -> bool:
        """Tell whether a reading is of the role."""
        if self.is_not.search(reading.phrase):
            return False
        if self.bare.fullmatch(reading.phrase) if reading.bare else self.named.search(reading.phrase):
            return True
        return any(
            phrase.fullmatch(reading.phrase) and any(map(qualifier.search, reading.qualifiers))
            for phrase, qualifier in self.qualified
        )


@dataclasses.dataclass(frozen=True, slots=True)
class RoleTitles:
    """Which titles are a role, and which are of roles near it.

    Attributes:
        grammar: how titles are read.
        rule: how the role is called.
        neighbours: names of the near roles, each with its rule, in the order in which they are tried.
    """

    grammar: TitleGrammar
    rule: TitleRule
    neighbours: tuple[tuple[str, TitleRule], ...]

    def match(self, title: str) -> bool:
        """Tell whether a title names the role, perhaps beside others."""
        return any(map(self.rule.fits, self.grammar.read(title)))

    def find_neighbour(self, title: str) -> str | None:
        """Return the near role that a title names, None where it names none or is the role itself.

        Of several the first in the order of `neighbours` is returned: a posting counts for one.
        """
        readings = self.grammar.read(title)
        if any(map(self.rule.fits, readings)):
            return None
        return next((name for name, rule in self.neighbours if any(map(rule.fits, readings))), None)

    def classify(self, titles: Sequence[str]) -> tuple[list[bool], list[str | None]]:
        """Return for each title whether it is of the role, and which near role it names (see `find_neighbour`).

        Titles repeat in a market; each is read once.
        """
        judged = {title: (self.match(title), self.find_neighbour(title)) for title in set(titles)}
        return [judged[title][0] for title in titles], [judged[title][1] for title in titles]


def list_roles(root: Path) -> list[str]:
    """Return the ids of the roles in a folder of patterns, sorted."""
    return sorted(path.stem for path in (root / "roles").glob("*.toml"))


def load_titles(root: Path, role: str) -> RoleTitles:
    """Read how a role and those near it are called, from `roles/<role>.toml` and `titles.toml`.

    Args:
        root: a folder of patterns.
        role: the role's id, the name of its file.

    Raises:
        PatternError: there is no such role, a file is no TOML, a key is missing or unknown, or an expression is broken.
    """
    common = root / "titles.toml"
    shared = _read_toml(common, _NO_GRAMMAR)
    path = root / "roles" / f"{role}.toml"
    titles = dict(_read_role(path)[1])
    near = shared.get("near", {})
    neighbours: list[tuple[str, TitleRule]] = []
    for other in titles.pop("neighbours", []):
        place = root / "roles" / f"{other}.toml"
        if other in near:
            table = dict(near[other])
            neighbours.append((str(table.pop("name", other)), _parse_rule(table, common, f"near.{other}")))
        elif place.exists():
            name, table_of_role = _read_role(place)
            neighbours.append((name, _parse_rule(table_of_role, place, "titles")))
        else:
            known = ", ".join(sorted({*near, *list_roles(root)}))
            raise PatternError(str(path), 0, "titles", f"neighbours names {other!r}; expected one of {known}")
    return RoleTitles(parse_grammar(shared, common), _parse_rule(titles, path, "titles"), tuple(neighbours))


def find_unread_names(root: Path, role: str) -> Iterator[PatternError]:
    """Yield a fault for each expression of `named` that waits for a word with which no phrase ends.

    A phrase ends in a noun of `titles.toml`: of "Career Advisor" is left a field without one, which only `bare` reads.

    Args:
        root: a folder of patterns.
        role: a role that `load_titles` reads; of the roles near it those of `titles.toml` are looked at.
    """
    common, path = root / "titles.toml", root / "roles" / f"{role}.toml"
    shared, titles = _read_toml(common, _NO_GRAMMAR), _read_role(path)[1]
    grammar = parse_grammar(shared, common)
    tables = [(titles, path, "titles")]
    tables += [
        (shared["near"][near], common, f"near.{near}")
        for near in titles.get("neighbours", [])
        if near in shared.get("near", {})
    ]
    for table, file, place in tables:
        for expression in table.get("named", []):
            bare = list(map(fold_expression, table.get("bare", [])))
            problem = _find_unread_end(fold_expression(expression), bare, grammar)
            if problem is not None:
                message = (
                    f"{place}.named: {expression!r} {problem}, and no phrase ends so; add the noun to [nouns] of "
                    f'titles.toml and write it as there, or write "(?:.* )?(?:{expression})" under `bare`'
                )
                yield PatternError(str(file), 0, "unread-name", message)


def _find_unread_end(expression: str, bare: Sequence[str], grammar: TitleGrammar) -> str | None:
    """In what an expression ends that is no noun and that no `bare` reads, None where there is nothing of the kind."""
    fits = any(may_end_in(expression, noun) for noun in grammar.nouns)
    unread = [
        word
        for word in sorted(list_endings(expression) - grammar.nouns)
        if not any(may_end_in(each, word) for each in bare)
    ]
    if fits:
        # "engineers?" fits: the other spelling of the noun does no harm.
        unread = [word for word in unread if all(reading.bare for reading in grammar.read(word))]
    if unread:
        return f"ends in {' or '.join(map(repr, unread[:3]))}{' …' if len(unread) > 3 else ''}, no noun"
    return None if fits or list_endings(expression) or any(expression in each for each in bare) else "ends in no noun"


def hash_role(root: Path, role: str) -> str:
    """Return 16 hexadecimal digits that change with the files that decide which postings are a role or near it.

    The role's file holds its profile, too. What is found in a text does not depend on it: see `Vocabulary.version`.

    Raises:
        PatternError: there is no such role, or its file is no TOML.
    """
    titles = _read_role(root / "roles" / f"{role}.toml")[1]
    near = (root / "roles" / f"{other}.toml" for other in titles.get("neighbours", []))
    digest = hashlib.blake2b(digest_size=8)
    for path in (root / "titles.toml", root / "roles" / f"{role}.toml", *near):
        if path.exists():  # neighbours without a file are named in `titles.toml`
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def fold_expression(expression: str) -> str:
    r"""Return an expression in lower case, as titles are read; `\S` and `(?P` mean what they mean in capitals.

    Example:
        >>> fold_expression(r"Research\S* Scientists?")
        'research\\S* scientists?'
    """
    return _KEPT_CASE.sub(lambda found: found["kept"] or found[0].lower(), expression)


def extend_titles(named: Sequence[str]) -> dict[str, list[str]]:
    """Return the `[titles]` of a role of which only is known how its titles end ("nurse").

    A word that `titles.toml` does not list as a noun leaves a title without one, so the expressions stand under `bare`,
    too.
    """
    folded = list(map(fold_expression, named))
    return {"named": folded, "bare": [f"(?:.* )?(?:{expression})" for expression in folded]}


def make_titles(root: Path, named: Sequence[str]) -> RoleTitles:
    """Return the titles of a role that has no file yet; no role is near it.

    Args:
        root: a folder of patterns, for `titles.toml`.
        named: see `extend_titles`.

    Raises:
        PatternError: an expression is broken.
    """
    common = root / "titles.toml"
    grammar = parse_grammar(_read_toml(common, _NO_GRAMMAR), common)
    return RoleTitles(grammar, _parse_rule(extend_titles(named), Path("--title"), "titles"), ())


def _read_toml(path: Path, missing: str) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PatternError(str(path), 0, "missing", missing) from error
    except ValueError as error:  # TOMLDecodeError and UnicodeDecodeError
        raise PatternError(str(path), 0, "toml", f"not TOML: {error}") from error


def _read_role(path: Path) -> tuple[str, Mapping[str, Any]]:
    """The name and the `[titles]` of a role's file."""
    known = ", ".join(other for other in list_roles(path.parent.parent)) or "none"
    document = _read_toml(path, f"no such role; known roles: {known}")
    titles = document.get("titles")
    if not isinstance(titles, dict) or "named" not in titles:
        raise PatternError(str(path), 0, "titles", "expected a table [titles] with the list `named`")
    profile = document.get("profile")
    return str(profile["name"]) if isinstance(profile, dict) and "name" in profile else path.stem, titles


def _parse_rule(table: Mapping[str, Any], path: Path, place: str) -> TitleRule:
    lists = {key: value for key, value in table.items() if key != "neighbours"}
    for key, value in lists.items():
        if key not in _RULE_KEYS:
            allowed = ", ".join(sorted(_RULE_KEYS))
            raise PatternError(str(path), 0, "titles", f"{place}.{key} is not a key; expected are {allowed}")
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise PatternError(str(path), 0, "titles", f"{place}.{key} is {value!r}; expected a list of expressions")
    lists = {key: list(map(fold_expression, value)) for key, value in lists.items()}
    pairs = []
    for entry in lists.get("with_qualifier", []):
        phrase, found, qualifier = entry.partition(" : ")
        if not found:
            message = f"{place}.with_qualifier: {entry!r} has no ` : `; expected `phrase : qualifier`"
            raise PatternError(str(path), 0, "titles", message)
        pairs.append((phrase, qualifier))

    def compile_any(expressions: Sequence[str], form: str, key: str) -> re.Pattern[str]:
        try:
            return re.compile(form % "|".join(expressions) if expressions else r"(?!)")
        except re.error as error:
            raise PatternError(str(path), 0, "titles", f"{place}.{key}: no regular expression: {error}") from error

    within = r"(?<!\S)(?:%s)(?!\S)"
    return TitleRule(
        named=compile_any(lists.get("named", []), r"(?<!\S)(?:%s)$", "named"),
        qualified=tuple(
            (compile_any([phrase], "%s", "with_qualifier"), compile_any([qualifier], within, "with_qualifier"))
            for phrase, qualifier in pairs
        ),
        bare=compile_any(lists.get("bare", []), "%s", "bare"),
        is_not=compile_any(lists.get("is_not", []), within, "is_not"),
    )
