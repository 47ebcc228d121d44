"""The reference profile of a role: what it says the role needs, as data."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from skillextract.errors import PatternError

_NEVER_PROFILE = frozenset({"titles"})
"""Tables of the same file that others read: the title patterns of the role."""

_ITEM_HEAD = re.compile(r"\s*\[\[\s*profile\s*\.\s*items\s*\]\]")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ProfileItem:
    """One thing that the profile says the role needs; any of its skills meets it.

    Attributes:
        number: its place in the profile, from 1.
        name: what it asks for, in our words.
        skills: ids of the skills that it names.
        similar: ids of further skills that meet it too ("or similar"), where a whole family would be too wide.
        families: families whose other skills meet it too.
    """

    number: int
    name: str
    skills: tuple[str, ...]
    similar: tuple[str, ...] = ()
    families: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Qualifications:
    """The education and experience that the profile states.

    Attributes:
        typical_degrees: ids of the degrees that are usual.
        minimum_degrees: ids of the degrees that are the least.
        fields: fields of study, in words.
        essential: experience without which nobody is taken, in words.
    """

    typical_degrees: tuple[str, ...]
    minimum_degrees: tuple[str, ...]
    fields: tuple[str, ...]
    essential: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SalaryClaim:
    """What the profile says the role is paid, before tax.

    Attributes:
        currency: ISO 4217.
        period: what one payment covers, `year` or `month`.
        start: at the start of a career.
        experienced: on average with experience.
        senior_max: at most, in a senior position.
    """

    currency: str
    period: str
    start: int
    experienced: int
    senior_max: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RoleProfile:
    """What a reference profile claims about a role.

    Attributes:
        name: the role's name.
        summary: what the role does, in a sentence or two.
        source: where the claims come from.
        items: what the role needs, in the profile's order.
        qualifications: None where the profile states none.
        salary: None where the profile states none.
        role_skills: ids of the skills that are the role itself ("machine learning" of its engineer): whoever asks for
            the role asks for them, so they are neither missing from the profile nor in the coverage.
    """

    name: str
    summary: str
    source: str
    items: tuple[ProfileItem, ...]
    qualifications: Qualifications | None = None
    salary: SalaryClaim | None = None
    role_skills: tuple[str, ...] = ()

    @property
    def named_skills(self) -> frozenset[str]:
        """The skills that the items name or list as similar; those of whole families are not among them."""
        return frozenset(skill for item in self.items for skill in (*item.skills, *item.similar))

    @property
    def named_families(self) -> frozenset[str]:
        """The families that count for an item as a whole."""
        return frozenset(family for item in self.items for family in item.families)


def load_profile(path: Path) -> RoleProfile:
    """The profile of a `patterns/roles/<role>.toml`.

    Raises:
        PatternError: the file cannot be read, or a key is missing, unknown or of the wrong type; the message names the
            key.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"cannot be read ({error.strerror}); expected a TOML file"
        raise PatternError(str(path.absolute()), 0, "unreadable-role", message) from error
    except ValueError as error:  # TOMLDecodeError and UnicodeDecodeError
        raise PatternError(str(path), 0, "invalid-toml", f"is not TOML in UTF-8: {error}") from error
    reader = _Reader(str(path))
    reader.refuse_unknown(document, {"profile", *_NEVER_PROFILE}, "")
    table = reader.table(document, "profile", "")
    known = {"name", "summary", "source", "role_skills", "items", "qualifications", "salary"}
    reader.refuse_unknown(table, known, "profile")
    return RoleProfile(
        name=reader.text(table, "name", "profile"),
        summary=reader.text(table, "summary", "profile"),
        source=reader.text(table, "source", "profile"),
        items=_read_items(reader, table),
        qualifications=_read_qualifications(reader, table),
        salary=_read_salary(reader, table),
        role_skills=reader.texts(table, "role_skills", "profile"),
    )


def check_skills(profile: RoleProfile, *, skills: Collection[str], families: Collection[str], path: str) -> None:
    """Refuse a profile that names a skill, degree or family which is not registered, or the role itself in an item.

    Args:
        profile: the profile.
        skills: ids of the registered skills.
        families: the families that registered skills belong to.
        path: the profile's file, for the message.

    Raises:
        PatternError: names the first item and id at fault.
    """
    for item in profile.items:
        for key, ids, known in (
            ("skills", item.skills, skills),
            ("similar", item.similar, skills),
            ("families", item.families, families),
        ):
            unknown = [name for name in ids if name not in known]
            if unknown:
                found = f"item {item.number}: {key} names {', '.join(map(repr, unknown))}"
                message = f"{found}, not in registry.jsonl; register it or mend the id"
                raise PatternError(path, find_item_line(path, item.number), "unregistered-id", message)
    unknown = [name for name in profile.role_skills if name not in skills]
    if unknown:
        found = f"profile.role_skills names {', '.join(map(repr, unknown))}"
        raise PatternError(path, 0, "unregistered-id", f"{found}, not in registry.jsonl; mend the id")
    both = [name for name in profile.role_skills if name in profile.named_skills]
    if both:
        message = f"profile.role_skills names {', '.join(map(repr, both))}, and so does an item; keep one of the two"
        raise PatternError(path, 0, "repeated-value", message)
    for key in ("typical_degrees", "minimum_degrees") if profile.qualifications else ():
        unknown = [name for name in getattr(profile.qualifications, key) if name not in skills]
        if unknown:
            found = f"profile.qualifications.{key} names {', '.join(map(repr, unknown))}"
            raise PatternError(path, 0, "unregistered-id", f"{found}, not in registry.jsonl; mend the id")


@dataclasses.dataclass(frozen=True, slots=True)
class _Reader:
    """Takes typed values out of parsed TOML, and says which key is at fault; `item` is the one that is read, or 0."""

    path: str
    item: int = 0

    def fail(self, rule_id: str, message: str) -> PatternError:
        line = find_item_line(self.path, self.item) if self.item else 0
        return PatternError(self.path, line, rule_id, message)

    def refuse_unknown(self, table: Mapping[str, Any], known: Collection[str], place: str) -> None:
        for key in table:
            if key not in known:
                allowed = ", ".join(sorted(known))
                raise self.fail("unknown-key", f"{_join(place, key)} is not a key; expected are {allowed}")

    def value(self, table: Mapping[str, Any], key: str, place: str) -> Any:
        if key not in table:
            raise self.fail("missing-key", f"{_join(place, key)} is missing")
        return table[key]

    def table(self, table: Mapping[str, Any], key: str, place: str) -> Mapping[str, Any]:
        value = self.value(table, key, place)
        if not isinstance(value, dict):
            raise self.fail("wrong-type", f"{_join(place, key)} is {value!r}; expected a table")
        return value

    def text(self, table: Mapping[str, Any], key: str, place: str) -> str:
        value = self.value(table, key, place)
        if not isinstance(value, str) or not value.strip():
            raise self.fail("wrong-type", f"{_join(place, key)} is {value!r}; expected a text that is not empty")
        return value.strip()

    def amount(self, table: Mapping[str, Any], key: str, place: str) -> int:
        value = self.value(table, key, place)
        if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
            raise self.fail("wrong-type", f"{_join(place, key)} is {value!r}; expected a whole number above 0")
        return value

    def texts(self, table: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, str) and entry.strip() for entry in value):
            raise self.fail("wrong-type", f"{_join(place, key)} is {value!r}; expected a list of texts")
        if len(set(value)) != len(value):
            raise self.fail("repeated-value", f"{_join(place, key)} names one value twice: {', '.join(value)}")
        return tuple(value)


def _join(place: str, key: str) -> str:
    """The key as a message names it: `profile.name`, and of an item `item 3: name`."""
    return f"{place}{' ' if place.endswith(':') else '.'}{key}" if place else key


def find_item_line(path: str, number: int) -> int:
    """The line of a profile's file on which an item begins; 0 where that cannot be told.

    Args:
        path: the profile's file.
        number: the item's place in the profile, from 1.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return 0
    heads = [at for at, line in enumerate(lines, start=1) if _ITEM_HEAD.match(line)]
    return heads[number - 1] if number <= len(heads) else 0


def _read_items(reader: _Reader, table: Mapping[str, Any]) -> tuple[ProfileItem, ...]:
    entries = reader.value(table, "items", "profile")
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise reader.fail("wrong-type", "profile.items is no list of tables; write each item under [[profile.items]]")
    items = []
    for index, entry in enumerate(entries):
        reader = dataclasses.replace(reader, item=index + 1)
        place = f"item {index + 1}:"
        reader.refuse_unknown(entry, {field.name for field in dataclasses.fields(ProfileItem)}, place)
        number = reader.amount(entry, "number", place)
        if number != index + 1:
            raise reader.fail("wrong-order", f"{place} number is {number}; expected {index + 1}: count from 1")
        item = ProfileItem(
            number=number,
            name=reader.text(entry, "name", place),
            skills=reader.texts(entry, "skills", place),
            similar=reader.texts(entry, "similar", place),
            families=reader.texts(entry, "families", place),
        )
        if not item.skills:
            raise reader.fail("missing-key", f"{place} skills is empty; expected at least one skill id")
        both = sorted(set(item.skills) & set(item.similar))
        if both:
            message = f"{place} similar repeats {', '.join(both)} of its skills; name each once"
            raise reader.fail("repeated-value", message)
        items.append(item)
    return tuple(items)


def _read_qualifications(reader: _Reader, table: Mapping[str, Any]) -> Qualifications | None:
    if "qualifications" not in table:
        return None
    place = "profile.qualifications"
    entry = reader.table(table, "qualifications", "profile")
    keys = [field.name for field in dataclasses.fields(Qualifications)]
    reader.refuse_unknown(entry, keys, place)
    return Qualifications(**{key: reader.texts(entry, key, place) for key in keys})


def _read_salary(reader: _Reader, table: Mapping[str, Any]) -> SalaryClaim | None:
    if "salary" not in table:
        return None
    place = "profile.salary"
    entry = reader.table(table, "salary", "profile")
    reader.refuse_unknown(entry, {field.name for field in dataclasses.fields(SalaryClaim)}, place)
    period = reader.text(entry, "period", place)
    if period not in {"year", "month"}:
        raise reader.fail("wrong-value", f"{place}.period is {period!r}; expected year or month")
    return SalaryClaim(
        currency=reader.text(entry, "currency", place),
        period=period,
        start=reader.amount(entry, "start", place),
        experienced=reader.amount(entry, "experienced", place),
        senior_max=reader.amount(entry, "senior_max", place),
    )
