"""Token patterns of spaCy's `Matcher`: what one may hold here, and how often it may leave open how much it takes.

Texts pass spaCy's blank tokenizer and no model, so a pattern can ask only for what a token's own letters tell. The
matcher follows every way in which a pattern can take a line, each by itself: with each further open end the ways are
multiplied by the length of the line, with each token that may be missing they are doubled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from skillextract.errors import PatternError
from skillextract.skills.vocabulary import Vocabulary
from skillextract.text.expressions import name_faults

Token = Mapping[str, Any]

_TEXTS = frozenset({"ORTH", "TEXT", "LOWER", "NORM", "SHAPE"})
_FLAGS = frozenset(
    {
        *("IS_ALPHA", "IS_ASCII", "IS_DIGIT", "IS_LOWER", "IS_UPPER", "IS_TITLE", "IS_PUNCT", "IS_SPACE"),
        *("IS_BRACKET", "IS_QUOTE", "IS_LEFT_PUNCT", "IS_RIGHT_PUNCT", "IS_CURRENCY", "IS_STOP"),
        *("LIKE_NUM", "LIKE_URL", "LIKE_EMAIL", "SPACY"),
    }
)
_KEYS = _TEXTS | _FLAGS | {"LENGTH", "OP"}
_COMPARISONS = frozenset({"==", "!=", ">=", "<=", ">", "<"})
_LISTS = frozenset({"IN", "NOT_IN"})

_TIMES = re.compile(r"\{(?P<exactly>[0-9]{1,3})\}|\{(?P<least>[0-9]{0,3}),(?P<most>[0-9]{0,3})\}")
_MOST_TIMES = 20
_MOST_OPEN = 2
_MOST_OPTIONAL = 8
"""A gap of up to eight words can be taken in 256 ways, each token of a line."""


def find_token_fault(tokens: Sequence[Token]) -> tuple[str, str] | None:
    """Return rule and message of the first rule that the tokens of a pattern break, None where they break none.

    Whether its expressions could be held up is looked at by `lint_tokens`, which takes its time.
    """
    for token in tokens:
        if unknown := set(token) - _KEYS:
            return "token-keys", (
                f"a token cannot be told by {sorted(unknown)} where no model reads the text; "
                f"known: {', '.join(sorted(_KEYS))}"
            )
        for key, value in token.items():
            if (expected := _find_misfit(key, value)) is not None:
                return "token-value", f"found {key} {_shorten(value)}, expected {expected}"
            if key == "LOWER" and (word := _find_capitals(value)) is not None:
                return "token-value", (
                    f"found LOWER {_shorten(word)}, which holds capitals and matches no word; write it in small "
                    "letters, or ask for its capitals by TEXT"
                )
        for expression in _list_expressions(token):
            if (problem := _find_no_expression(expression)) is not None:
                return "expression", f"found {_shorten(expression)}, no regular expression ({problem}); mend it"
    return _find_open_ends(tokens)


def lint_tokens(vocabulary: Vocabulary) -> list[PatternError]:
    """Return a fault for each expression of a token pattern that a text could hold up, by file and line."""
    return name_faults(_read_expressions(vocabulary))


def _read_expressions(vocabulary: Vocabulary) -> Iterator[tuple[Path, int, str]]:
    for pattern in vocabulary.patterns:
        path, line = pattern.place.rsplit(":", 1)
        for token in pattern.tokens:
            yield from ((vocabulary.root / path, int(line), expression) for expression in _list_expressions(token))


def may_be_missing(token: Token) -> bool:
    """Whether a pattern matches without a word for this token."""
    return token.get("OP") == "!" or _read_times(token.get("OP", "{1}"))[0] == 0


def is_word(tokens: Sequence[Token]) -> bool:
    """Whether a pattern asks for one plain word in any case, and for nothing else of it.

    Example:
        >>> is_word([{"LOWER": "crypto"}]), is_word([{"LOWER": "crypto", "POS": "NOUN"}]), is_word([{"LOWER": "c++"}])
        (True, False, False)
    """
    word = tokens[0].get("LOWER") if len(tokens) == 1 and len(tokens[0]) == 1 else None
    return isinstance(word, str) and word.isascii() and word.isalpha()


def _find_misfit(key: str, value: Any) -> str | None:
    """Return what was expected as the value of a key, None where it is right."""
    if key == "OP":
        return (
            None if _is_operator(value) else f"one of ! ? * + {{n}} {{n,}} {{n,m}} {{,m}}, n and m up to {_MOST_TIMES}"
        )
    if key in _FLAGS:
        return None if isinstance(value, bool) else "true or false"
    if key == "LENGTH":
        return None if _is_length(value) else "a whole number, or {…} with IN, NOT_IN or a comparison such as >="
    if isinstance(value, str) or _is_choice(value) or _is_expression(value):
        return None
    # FUZZY is left out on purpose: the screen looks for words as they are written, so each misspelling has its line.
    return "a word, or {…} with IN, NOT_IN (lists of words) or REGEX; a misspelling is a word of its own"


def _is_operator(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    if value in ("!", "?", "*", "+"):
        return True
    if _TIMES.fullmatch(value) is None or value == "{,}":
        return False
    least, most = _read_times(value)
    return least <= (least if most is None else most) and max(least, most or 0) <= _MOST_TIMES


def _is_length(value: Any) -> bool:
    if not isinstance(value, dict):
        return _is_whole(value)
    return bool(value) and all(
        _is_whole(limit)
        if key in _COMPARISONS
        else key in _LISTS and isinstance(limit, list) and all(map(_is_whole, limit))
        for key, limit in value.items()
    )


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_choice(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and bool(value)
        and set(value) <= _LISTS
        and all(isinstance(words, list) and all(isinstance(word, str) for word in words) for words in value.values())
    )


def _is_expression(value: Any) -> bool:
    if not isinstance(value, dict) or "REGEX" not in value:
        return False
    others = {key: words for key, words in value.items() if key != "REGEX"}
    return (isinstance(value["REGEX"], str) or _is_choice(value["REGEX"])) and (not others or _is_choice(others))


def _find_capitals(value: Any) -> str | None:
    """Return the first word of a value of LOWER that is not in small letters; expressions are not looked at."""
    words = [value] if isinstance(value, str) else [*value.get("IN", ()), *value.get("NOT_IN", ())]
    return next((word for word in words if word != word.lower()), None)


def _list_expressions(token: Token) -> Iterator[str]:
    for value in token.values():
        expression = value.get("REGEX") if isinstance(value, dict) else None
        if isinstance(expression, str):
            yield expression
        elif expression is not None:
            for each in expression.values():
                yield from each


def _find_no_expression(expression: str) -> str | None:
    try:
        re.compile(expression)
    except (re.error, OverflowError) as error:
        return str(error)
    except RecursionError:
        return "nested too deeply"
    return None


def _find_open_ends(tokens: Sequence[Token]) -> tuple[str, str] | None:
    open_ends = optional = 0
    for token in tokens:
        least, most = _read_times(token.get("OP", "{1}"))
        open_ends += most is None
        optional += 0 if most is None else most - least
    if open_ends > _MOST_OPEN:
        return "operators", (
            f"found {open_ends} tokens that take any number of words (*, + or {{n,}}), expected {_MOST_OPEN} at most: "
            "a long line could be matched in too many ways; say how many, as in {0,3}, or make two patterns of it"
        )
    if optional > _MOST_OPTIONAL:
        return "operators", (
            f"found {optional} words that may be missing (? or {{n,m}}), expected {_MOST_OPTIONAL} at most, for each "
            "doubles the ways to match a line; shorten the gap, or make two patterns of it"
        )
    return None


def _read_times(operator: str) -> tuple[int, int | None]:
    """Return how many tokens an operator takes at least and at most, None for any number."""
    if operator in ("!", "?", "*", "+"):
        return {"!": (1, 1), "?": (0, 1), "*": (0, None), "+": (1, None)}[operator]
    times = _TIMES.fullmatch(operator)
    if times is None:
        raise ValueError(f"found {operator!r}, expected an operator of a token")
    if times["exactly"] is not None:
        return int(times["exactly"]), int(times["exactly"])
    return int(times["least"] or 0), int(times["most"]) if times["most"] else None


def _shorten(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
