"""The files of a folder of patterns, read and checked line by line."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast, get_args

from spacy.lang.en.stop_words import STOP_WORDS

from skillextract.errors import PatternError
from skillextract.skills.folding import fold_phrase, fold_phrases
from skillextract.skills.registry import read_registry
from skillextract.skills.requirement_files import read_requirement_rules
from skillextract.skills.token_patterns import find_token_fault, may_be_missing
from skillextract.skills.vocabulary import (
    NO_REFUSALS,
    CompanyWords,
    Condition,
    Cue,
    CuePlace,
    JobTitleWords,
    Pattern,
    Refusals,
    Signal,
    Skill,
    TokenPattern,
    Vocabulary,
)
from skillextract.text.expressions import check_syntax
from skillextract.text.jsonl import find_misfit, is_list_of_texts, read_jsonl
from skillextract.text.section_files import read_section_rules

_NEEDED_KEYS = frozenset({"label", "id", "pattern"})
_SIDES = ("not_left", "not_right")
_PATTERN_KEYS = frozenset({*_NEEDED_KEYS, "case", "when", *_SIDES})
_CONDITION_KEYS = frozenset({"id", "any", "explain"})
_MOST_PAIRS = 500
"""Pairs of words that are looked for at most, for one pattern."""
_GLUED = frozenset({b" not ", b" all "})
"""What spaCy parts from the word before it though no blank stands between ("can|not", "y|all"), of three letters on."""
_SHORTEST_SECOND = 3
_WORDS_APART = 100
"""Texts that hold a word for each in which a certain other one stands behind it, roughly."""
_COMMON_LENGTH = 4
"""Letters of words that many texts hold, at the most."""
_LITERAL_KEYS = ("LOWER", "TEXT", "ORTH")


def find_patterns() -> Path:
    """Return the folder of patterns that belongs to this package: the installed one, or that of the checkout.

    Raises:
        PatternError: neither is there.
    """
    package = Path(__file__).resolve().parent.parent
    for root in (package / "patterns", package.parent.parent / "patterns"):
        if (root / "registry.jsonl").is_file():
            return root
    raise PatternError(str(package / "patterns"), 0, "missing", "no patterns found; install skillextract anew")


def load_vocabulary(root: Path | None = None) -> Vocabulary:
    """Read a folder of patterns, by default the package's own.

    Raises:
        PatternError: the first line that breaks a rule; `lint_vocabulary` names them all.
    """
    root = find_patterns() if root is None else root
    faults: list[PatternError] = []
    vocabulary = _read_vocabulary(root, faults)
    if vocabulary is None or faults:
        raise faults[0]
    return vocabulary


def lint_vocabulary(root: Path | None = None) -> list[PatternError]:
    """Return every line of a folder of patterns that breaks a rule, in the order of files and lines."""
    root = find_patterns() if root is None else root
    faults: list[PatternError] = []
    _read_vocabulary(root, faults)
    return faults


def _read_vocabulary(root: Path, faults: list[PatternError]) -> Vocabulary | None:
    if not (root / "skills").is_dir():
        faults.append(
            PatternError(
                str(root.absolute()),
                0,
                "missing",
                "no folder `skills` in it; give the folder that holds registry.jsonl",
            )
        )
        return None
    skills = read_registry(root / "registry.jsonl", faults)
    conditions = _read_conditions(root / "conditions.jsonl", faults)
    patterns: list[Pattern] = []
    refused: set[str] = set()
    for path in sorted((root / "skills").glob("*.jsonl")):
        patterns.extend(_read_patterns(path, skills, conditions, faults, refused))
    _check_coverage(root, skills, patterns, faults, refused)
    cues = tuple(_read_cues(root / "cues.jsonl", faults))
    titles = _read_words(root / "job_titles.jsonl", "side", JobTitleWords, faults)
    companies = _read_words(root / "companies.jsonl", "part", CompanyWords, faults)
    sections = read_section_rules(root / "sections.jsonl", faults)
    requirement = read_requirement_rules(root / "requirement.jsonl", faults)
    if faults:
        return None
    return Vocabulary(
        root=root,
        version=_hash_files(root),
        skills=skills,
        patterns=tuple(patterns),
        conditions=conditions,
        cues=cues,
        job_titles=JobTitleWords(**titles),
        companies=CompanyWords(**companies),
        sections=sections,
        requirement=requirement,
    )


def _read_conditions(path: Path, faults: list[PatternError]) -> dict[str, Condition]:
    conditions: dict[str, Condition] = {}
    for number, row in read_jsonl(path, faults):
        if (problem := _find_condition_fault(row, conditions)) is not None:
            faults.append(PatternError(str(path), number, *problem))
        else:
            conditions[row["id"]] = Condition(row["id"], frozenset(row["any"]), row["explain"])
    return conditions


def _find_condition_fault(row: dict[str, Any], conditions: dict[str, Condition]) -> tuple[str, str] | None:
    if missing := _CONDITION_KEYS - set(row):
        return "keys", f"keys {sorted(missing)} are missing; add them"
    # What passes and what fails is for people, and for a test.
    misfit = find_misfit({key: row[key] for key in sorted(_CONDITION_KEYS)}, {"any": "texts"})
    if misfit is not None:
        return misfit
    if unknown := set(row["any"]) - set(get_args(Signal)):
        return "signal", f"unknown signals {sorted(unknown)}; known: {', '.join(get_args(Signal))}"
    if not row["any"]:
        return "signal", f"condition {row['id']!r} can never be met; name the signals of which one is enough"
    return ("unique", f"condition {row['id']!r} has two lines; keep one") if row["id"] in conditions else None


def _read_cues(path: Path, faults: list[PatternError]) -> Iterator[Cue]:
    for number, row in read_jsonl(path, faults):
        place, expression, words = row.get("signal"), row.get("cue"), row.get("words", [])
        if place not in get_args(CuePlace):
            message = f"found signal {place!r}, expected one of {', '.join(get_args(CuePlace))}"
        elif not isinstance(expression, str) or not expression.strip() or not is_list_of_texts(words):
            message = "expected a `cue`, a regular expression, and maybe `words`, a list of words"
        elif (problem := _find_syntax_fault(expression)) is not None:
            message = f"found cue {expression!r:.60}, no regular expression ({problem}); mend it"
        else:
            yield Cue(cast(CuePlace, place), expression, frozenset(fold_phrase(word).strip() for word in words))
            continue
        faults.append(PatternError(str(path), number, "cue", message))


def _find_syntax_fault(expression: str) -> str | None:
    try:
        check_syntax(expression)
    except re.error as error:
        return str(error)
    return None


def _read_words(
    path: Path, key: str, holder: type[JobTitleWords] | type[CompanyWords], faults: list[PatternError]
) -> dict[str, tuple[str, ...]]:
    """Return the lists of words of a file by the field of `holder` that each line names under `key`."""
    fields = {field.name: field for field in dataclasses.fields(holder)}
    read: dict[str, tuple[str, ...]] = {}
    number, before = 0, len(faults)
    for number, row in read_jsonl(path, faults):
        name, words = row.get(key), row.get("words")
        if not isinstance(name, str) or name not in fields:
            message = f"found {key} {name!r}, expected one of {', '.join(fields)}"
        elif name in read:
            message = f"{key} {name!r} has two lines; make them one"
        elif not is_list_of_texts(words):
            message = f"found words {words!r}, expected a list of words, none of them empty"
        else:
            read[name] = tuple(words)
            continue
        faults.append(PatternError(str(path), number, key, message))
    needed = [name for name, field in fields.items() if field.default is dataclasses.MISSING]
    if (number or len(faults) == before) and (missing := [name for name in needed if name not in read]):
        faults.append(PatternError(str(path), number, key, f"no line for {', '.join(missing)}; write one for each"))
    return read


def _read_patterns(
    path: Path,
    skills: dict[str, Skill],
    conditions: dict[str, Condition],
    faults: list[PatternError],
    refused: set[str],
) -> Iterator[Pattern]:
    """Yield the patterns of a file; the ids of lines that break a rule are added to `refused`."""
    previous: tuple[str, str] | None = None
    family, name = path.stem, path.name
    first = len(faults)
    rows = list(read_jsonl(path, faults))
    folded = fold_phrases([phrase for _, row in rows for phrase in _list_phrases(row)])
    for number, row in rows:
        problem = _find_fault(row, family, skills, conditions)
        if problem is None:
            pattern = _read_pattern(row, skills[row["id"]], f"skills/{name}:{number}", folded)
            problem = _find_empty(pattern)
        if problem is not None:
            faults.append(PatternError(str(path), number, *problem))
            if isinstance(row.get("id"), str):
                refused.add(row["id"])
            continue
        key = (row["id"], pattern.phrase or json.dumps(row["pattern"]))
        if previous is not None and key < previous:
            faults.append(
                PatternError(str(path), number, "sorted", f"{key} stands behind {previous}; sort by id, then pattern")
            )
        previous = key
        yield pattern
    faults[first:] = sorted(faults[first:], key=lambda fault: fault.line)


def _list_phrases(row: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a line spells out, whether or not it breaks a rule: its phrase, and the words that refuse it."""
    if isinstance(phrase := row.get("pattern"), str):
        yield phrase
    for side in _SIDES:
        if isinstance(words := row.get(side), list):
            yield from (word for word in words if isinstance(word, str))


def _read_pattern(row: dict[str, Any], skill: Skill, place: str, folded: Mapping[str, bytes]) -> Pattern:
    value = row["pattern"]
    is_phrase = isinstance(value, str)
    tokens: TokenPattern = () if is_phrase else tuple(value)
    return Pattern(
        skill=skill,
        phrase=value if is_phrase else None,
        tokens=tokens,
        exact=row.get("case") == "exact",
        when=row.get("when"),
        not_left=Refusals.of(row["not_left"], folded) if "not_left" in row else NO_REFUSALS,
        not_right=Refusals.of(row["not_right"], folded) if "not_right" in row else NO_REFUSALS,
        literals=fold_variants(value, folded[value]) if is_phrase else _choose_literals(tokens),
        place=place,
    )


def fold_variants(phrase: str, folded: bytes) -> tuple[bytes, ...]:
    """Return the folded forms of a phrase: as it stands, with blanks around its slashes (`CI / CD`), and in one case.

    In one case a full stop inside it ("Newtonsoft.Json") cannot be taken for the end of a glued sentence.
    """
    literal = b" " + folded.strip() + b" "
    if "/" not in phrase and "." not in phrase:  # as in most
        return (literal,)
    forms = [literal]
    if "/" in phrase:
        forms.append(fold_phrase(re.sub(r"\s*/\s*", " / ", phrase)))
    if "." in phrase:
        forms.append(fold_phrase(phrase.lower()))
    return tuple(dict.fromkeys(b" " + form.strip() + b" " for form in forms))


def _choose_literals(tokens: TokenPattern) -> tuple[bytes, ...]:
    """Return strings of which one stands wherever the pattern matches: those that the fewest other texts hold.

    They are those of two neighbours, where all of these are plain words, or of one token: the fewest and least common.
    """
    words = [_read_literals(token) for token in tokens]
    pairs = [
        tuple(first + second[1:] for first in before for second in behind)
        for before, behind in itertools.pairwise(words)
        if before and behind and len(before) * len(behind) <= _MOST_PAIRS
        if all(word.strip().isalpha() for word in before)
        and all(
            word.strip().isalpha() and len(word.strip()) >= _SHORTEST_SECOND and word not in _GLUED for word in behind
        )
    ]
    return min([*pairs, *filter(None, words)], key=_weigh)


def _weigh(literals: Iterable[bytes]) -> float:
    """Return how common some literals are together, roughly: a word by its length, two by both of theirs."""
    return sum(math.prod(_weigh_word(word) / _WORDS_APART for word in literal.split()) for literal in literals)


def _weigh_word(word: bytes) -> int:
    return 10 if word.decode("latin-1") in STOP_WORDS else 4 if len(word) <= _COMMON_LENGTH else 1


def _read_literals(token: dict[str, Any]) -> tuple[bytes, ...]:
    for key in _LITERAL_KEYS:
        value = token.get(key)
        words = [value] if isinstance(value, str) else value.get("IN", []) if isinstance(value, dict) else []
        if words and not may_be_missing(token):
            return tuple(b" " + fold_phrase(word).strip() + b" " for word in words)
    return ()


def _find_empty(pattern: Pattern) -> tuple[str, str] | None:
    """Return rule and message where folding has left nothing of a pattern or of a word beside it, else None."""
    if not pattern.literals[0].strip():
        return "empty", f"pattern {pattern.phrase or pattern.tokens!r} holds no letter or digit to look for"
    for side, refusals in (("not_left", pattern.not_left), ("not_right", pattern.not_right)):
        if b"" in refusals.phrases:
            return side, f"{side} takes a list of words, none of them empty"
    return None


def _find_fault(
    row: dict[str, Any], family: str, skills: dict[str, Skill], conditions: dict[str, Condition]
) -> tuple[str, str] | None:
    """Return rule and message of the first rule that a pattern line breaks, None where it breaks none.

    Whether phrases and words are empty is not looked at: that is seen once they are folded.
    """
    keys = row.keys()
    if not keys <= _PATTERN_KEYS:
        return "keys", f"unknown keys {sorted(keys - _PATTERN_KEYS)}; known: {', '.join(sorted(_PATTERN_KEYS))}"
    if not keys >= _NEEDED_KEYS:
        return "keys", f"keys {sorted(_NEEDED_KEYS - keys)} are missing; add them"
    if row["label"] != "SKILL":
        return "label", f"found label {row['label']!r}, expected 'SKILL'"
    if not isinstance(row["id"], str) or row["id"] not in skills:
        return "unregistered-id", f"id {row['id']!r} is not in registry.jsonl; register it there"
    if skills[row["id"]].family != family:
        return (
            "family",
            f"{row['id']!r} is registered in family {skills[row['id']].family!r}; move the line to that file",
        )
    if row.get("case", "exact") != "exact":
        return "case", f"found case {row['case']!r}, expected 'exact' or no such key"
    if "when" in row and (not isinstance(row["when"], str) or row["when"] not in conditions):
        return "when", f"unknown condition {row['when']!r}; known: {', '.join(sorted(conditions))}"
    for side in _SIDES:
        if side in row and not (isinstance(row[side], list) and all(isinstance(words, str) for words in row[side])):
            return side, f"{side} takes a list of words, found {row[side]!r}"
    value = row["pattern"]
    if isinstance(value, str):
        return None
    if not isinstance(value, list) or not value or not all(isinstance(token, dict) and token for token in value):
        return "empty", "a token pattern is a list of objects, none of them empty"
    if any(token.get(key) == "" for token in value for key in _LITERAL_KEYS):
        return "empty", "a token with an empty word matches nothing; delete the token"
    if (problem := find_token_fault(value)) is not None:
        return problem
    if not any(_read_literals(token) for token in value):
        return "literal", "no token holds a literal word (LOWER, TEXT, ORTH or IN of these) to screen by"
    return None


def _check_coverage(
    root: Path,
    skills: dict[str, Skill],
    patterns: Iterable[Pattern],
    faults: list[PatternError],
    refused: set[str],
) -> None:
    seen: dict[tuple[bytes, str | None], Pattern] = {}
    in_any_case = {p.literals[0]: p for p in patterns if p.phrase is not None and not p.exact}
    named = set()
    for pattern in patterns:
        named.add(pattern.skill.id)
        if pattern.phrase is None:
            continue
        key = (pattern.literals[0], pattern.phrase if pattern.exact else None)
        twin = seen.setdefault(key, pattern)
        other = in_any_case.get(pattern.literals[0]) if pattern.exact else None
        if other is not None and other.skill is not pattern.skill:
            twin = other
        if twin is not pattern:
            path, line = pattern.place.split(":")
            faults.append(
                PatternError(
                    str(root / path),
                    int(line),
                    "unique",
                    f"phrase {pattern.phrase!r} of {pattern.skill.id!r} is also {twin.skill.id!r} in {twin.place}; "
                    "keep one",
                )
            )
    # Of a skill that a refused line names, that line is the fault.
    for skill_id in sorted(skills.keys() - named - refused):
        faults.append(
            PatternError(
                str(root / "registry.jsonl"), 0, "unnamed", f"no pattern names {skill_id!r}; write one or delete the id"
            )
        )


def _hash_files(root: Path) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted([*root.glob("*.jsonl"), *(root / "skills").glob("*.jsonl")]):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
