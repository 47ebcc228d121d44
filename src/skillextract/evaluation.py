"""How well mentions are found: predicted mentions against gold, mentions that people labelled by reading."""

from __future__ import annotations

import collections
import dataclasses
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from skillextract.errors import EvaluationError
from skillextract.skills.mention import ASKING, Mention, Requirement

KINDS = ("tool", "concept", "soft", "degree", "language")
"""The kinds whose recall is measured; `in_title` marks terms inside job titles, which are no mentions."""
SHARE_FLOOR = 3
"""Postings that must ask for a skill in the gold before the error of its share is measured."""

_POSTING_KEYS = frozenset({"id", "title", "text", "mentions"})
_MENTION_KEYS = frozenset({"start", "end", "surface", "canonical", "kind", "requirement", "core"})

FindMentions = Callable[["GoldPosting"], Sequence[Mention]]


@dataclasses.dataclass(frozen=True, slots=True)
class GoldMention:
    """A mention that a person marked.

    Attributes:
        start: first character of the text, counted from 0.
        end: one past the last (half-open).
        surface: the characters as they stand.
        canonical: the skill's usual full name.
        kind: one of `KINDS`, or `in_title`.
        requirement: as in `Mention`.
        core: whether both annotators marked it; what only one marked can make a prediction right, but is not asked for.
    """

    start: int
    end: int
    surface: str
    canonical: str
    kind: str
    requirement: str
    core: bool


@dataclasses.dataclass(frozen=True, slots=True)
class GoldPosting:
    """A posting with every mention in it."""

    id: str
    title: str
    company: str | None
    text: str
    mentions: tuple[GoldMention, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that went wrong: `missed <kind>`, `false`, or a requirement as `gold → predicted`."""

    sort: str
    surface: str
    context: str
    posting_id: str


@dataclasses.dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures between 0 and 1, None where nothing was there to measure, and the mistakes behind them.

    Attributes:
        counts: postings, predictions, gold mentions by kind (`tool_core` …), predictions inside titles.
        figures: `precision`: predictions that overlap a gold mention of either annotator, of all predictions outside
            of titles; `<kind>_recall`: core mentions of the kind that a prediction overlaps; both also `_strict`, where
            the characters must be the same; `requirement_accuracy`: of the core mentions found, those with the gold's
            requirement; `asks_accuracy`: the same for asking or not; `share_error_mean` and `_worst`: over the skills
            that at least `SHARE_FLOOR` postings ask for, the difference between their share in the gold and as
            predicted, where a prediction counts for the canonical that it overlaps.
        mistakes: in the order of the postings.
    """

    counts: dict[str, int]
    figures: dict[str, float | None]
    mistakes: tuple[Mistake, ...]


def read_gold(path: Path) -> Iterator[GoldPosting]:
    """Yield the postings of a gold file: JSONL with `id`, `title`, `text`, `mentions`, and `company` where known.

    Raises:
        EvaluationError: the file cannot be read, a line is no such object, a value is none that its key can have, or a
            mention's surface is not what the text holds between its offsets.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError as error:
        meant = "" if path.is_absolute() else f" (from the working directory: {path.absolute()})"
        raise EvaluationError(
            f"{path}: found nothing there{meant}, expected a gold file, one JSON object a line; check its path"
        ) from error
    except OSError as error:
        raise EvaluationError(
            f"{path}: cannot be read ({error.strerror or error}), expected a gold file; check its path"
        ) from error
    except UnicodeDecodeError as error:
        raise EvaluationError(
            f"{path}: byte {error.start} is not UTF-8, expected UTF-8 text, one JSON object a line; save it as UTF-8"
        ) from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _read_posting(line, f"{path}:{number}")


def evaluate(gold: Iterable[GoldPosting], find_mentions: FindMentions) -> Evaluation:
    """Return how the mentions that a function finds in each posting compare with the gold."""
    tally = _Tally()
    for posting in gold:
        tally.add(posting, find_mentions(posting))
    return tally.finish()


def check_thresholds(evaluation: Evaluation, thresholds: Mapping[str, float]) -> list[str]:
    """Return a sentence for each figure that misses its threshold.

    Thresholds of figures whose name begins with `share_error` are ceilings, all others floors. A figure that could not
    be measured misses.
    """
    misses = []
    for name, threshold in thresholds.items():
        found = evaluation.figures.get(name)
        is_ceiling = name.startswith("share_error")
        if found is None or (found > threshold if is_ceiling else found < threshold):
            side = "at most" if is_ceiling else "at least"
            misses.append(
                f"{name}: found {'nothing' if found is None else f'{found:.4f}'}, expected {side} {threshold}"
            )
    return misses


class _Tally:
    def __init__(self) -> None:
        self._n: collections.Counter[str] = collections.Counter()
        self._mistakes: list[Mistake] = []
        self._asked: dict[str, set[str]] = collections.defaultdict(set)
        self._predicted: dict[str, set[str]] = collections.defaultdict(set)

    def add(self, posting: GoldPosting, predicted: Sequence[Mention]) -> None:
        self._n["postings"] += 1
        titles = [mention for mention in posting.mentions if mention.kind == "in_title"]
        real = [mention for mention in posting.mentions if mention.kind != "in_title"]
        self._n["in_title"] += len(titles)
        for mention in predicted:
            hits = [each for each in real if _overlaps(each, mention)]
            if not hits and any(_overlaps(each, mention) for each in titles):
                self._n["in_title_hits"] += 1
                continue
            self._n["predicted"] += 1
            self._n["right"] += bool(hits)
            self._n["right_strict"] += any((each.start, each.end) == (mention.start, mention.end) for each in hits)
            if not hits:
                self._note("false", posting, mention)
            elif mention.requirement in ASKING:
                for each in hits:
                    self._predicted[each.canonical.casefold()].add(posting.id)
        for wanted in real:
            if wanted.core:
                self._add_core(posting, wanted, predicted)

    def _add_core(self, posting: GoldPosting, wanted: GoldMention, predicted: Sequence[Mention]) -> None:
        if wanted.requirement in ASKING:
            self._asked[wanted.canonical.casefold()].add(posting.id)
        hits = [mention for mention in predicted if _overlaps(wanted, mention)]
        self._n[f"{wanted.kind}_core"] += 1
        self._n[f"{wanted.kind}_found"] += bool(hits)
        self._n[f"{wanted.kind}_strict"] += any((m.start, m.end) == (wanted.start, wanted.end) for m in hits)
        if not hits:
            self._note(f"missed {wanted.kind}", posting, wanted)
            return
        said = hits[0].requirement
        self._n["judged"] += 1
        self._n["requirement"] += said == wanted.requirement
        self._n["asks"] += (said in ASKING) == (wanted.requirement in ASKING)
        if said != wanted.requirement:
            self._note(f"{wanted.requirement} → {said}", posting, wanted)

    def _note(self, sort: str, posting: GoldPosting, mention: GoldMention | Mention) -> None:
        around = posting.text[max(0, mention.start - 40) : mention.end + 40].replace("\n", " ")
        self._mistakes.append(Mistake(sort, posting.text[mention.start : mention.end], around, posting.id))

    def finish(self) -> Evaluation:
        n, total = self._n, self._n["postings"]
        figures: dict[str, float | None] = {
            "precision": _divide(n["right"], n["predicted"]),
            "precision_strict": _divide(n["right_strict"], n["predicted"]),
        }
        for kind in KINDS:
            figures[f"{kind}_recall"] = _divide(n[f"{kind}_found"], n[f"{kind}_core"])
            figures[f"{kind}_recall_strict"] = _divide(n[f"{kind}_strict"], n[f"{kind}_core"])
        figures["requirement_accuracy"] = _divide(n["requirement"], n["judged"])
        figures["asks_accuracy"] = _divide(n["asks"], n["judged"])
        gaps = [
            abs(len(ids) - len(self._predicted[name])) / total
            for name, ids in self._asked.items()
            if len(ids) >= SHARE_FLOOR
        ]
        figures["share_error_mean"] = _divide(sum(gaps), len(gaps))
        figures["share_error_worst"] = max(gaps, default=None)
        counts = {name: n[name] for name in ("postings", "predicted", *(f"{kind}_core" for kind in KINDS))}
        counts |= {"in_title": n["in_title"], "in_title_hits": n["in_title_hits"]}
        return Evaluation(counts, figures, tuple(self._mistakes))


def _overlaps(gold: GoldMention, mention: Mention) -> bool:
    return gold.start < mention.end and mention.start < gold.end


def _divide(part: float, whole: int) -> float | None:
    return part / whole if whole else None


def _read_posting(line: str, place: str) -> GoldPosting:
    try:
        row: Any = json.loads(line)
    except json.JSONDecodeError as error:
        raise EvaluationError(f"{place}: found {line[:60]!r}, expected a JSON object ({error.msg})") from error
    keys = set(row) if isinstance(row, dict) else set()
    if not keys >= _POSTING_KEYS:
        missing = ", ".join(sorted(_POSTING_KEYS - keys))
        raise EvaluationError(f"{place}: {missing} missing, expected {', '.join(sorted(_POSTING_KEYS))}; add them")
    for key in ("id", "title", "text", "company"):
        if not isinstance(row.get(key), str) and not (key == "company" and row.get(key) is None):
            raise EvaluationError(f"{place}: found {key} {row[key]!r:.60}, expected a text; mend the line")
    if not isinstance(row["mentions"], list):
        raise EvaluationError(f"{place}: found mentions {row['mentions']!r:.60}, expected a list; mend the line")
    mentions = tuple(_read_mention(each, row["text"], place) for each in row["mentions"])
    return GoldPosting(row["id"], row["title"], row.get("company"), row["text"], mentions)


def _read_mention(row: Any, text: str, place: str) -> GoldMention:
    if not isinstance(row, dict):
        raise EvaluationError(f"{place}: found a mention {row!r:.60}, expected an object; mend the line")
    if not set(row) >= _MENTION_KEYS:
        missing = ", ".join(sorted(_MENTION_KEYS - set(row)))
        raise EvaluationError(f"{place}: a mention without {missing}; expected {', '.join(sorted(_MENTION_KEYS))}")
    for key, is_right, expected in _MENTION_VALUES:
        if not is_right(row[key]):
            raise EvaluationError(f"{place}: a mention with {key} {row[key]!r:.60}, expected {expected}")
    mention = GoldMention(**{key: row[key] for key in _MENTION_KEYS})
    held = text[mention.start : mention.end]
    if held != mention.surface:
        raise EvaluationError(
            f"{place}: mention {mention.surface!r} at {mention.start} to {mention.end}, but the text holds "
            f"{held!r} there; offsets are characters, half-open"
        )
    return mention


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _is_offset(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


_GOLD_KINDS = (*KINDS, "in_title")
_MENTION_VALUES: tuple[tuple[str, Callable[[object], bool], str], ...] = (
    ("start", _is_offset, "a whole number from 0 on"),
    ("end", _is_offset, "a whole number from 0 on"),
    ("surface", _is_text, "the characters as they stand in the text"),
    ("canonical", _is_text, "the name of a skill"),
    ("kind", lambda value: value in _GOLD_KINDS, f"one of {', '.join(_GOLD_KINDS)}"),
    ("requirement", lambda value: value in get_args(Requirement), f"one of {', '.join(get_args(Requirement))}"),
    ("core", lambda value: isinstance(value, bool), "true or false"),
)
"""Of each key of a mention: whether a value is right, and what is expected."""
