"""Predicted mentions against gold, and the gate that keeps the accuracy from falling."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from skillextract.errors import EvaluationError
from skillextract.evaluation import GoldMention, GoldPosting, check_thresholds, evaluate, read_gold
from skillextract.skills.matcher import SkillMatcher
from skillextract.skills.mention import Mention

DATA = Path(__file__).parent / "data" / "gold"
SHARED = Path(__file__).parent.parent.parent / "shared" / "data" / "gold"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the hand-labelled postings of ../shared are not here")

TEXT = "Go and Kafka. Python developers use Linux, C++ and tact."


def mark(surface: str, kind: str = "tool", requirement: str = "required", *, core: bool = True) -> GoldMention:
    start = TEXT.index(surface)
    return GoldMention(start, start + len(surface), surface, surface.lower(), kind, requirement, core)


def find(surface: str, requirement: str = "required") -> Mention:
    start = TEXT.index(surface)
    return Mention("p", surface.lower(), start, start + len(surface), surface, "requirements", requirement)  # type: ignore[arg-type]


GOLD = GoldPosting(
    "p", "", None, TEXT,
    (mark("Go"), mark("Kafka", requirement="preferred"), mark("Python", "in_title"), mark("Linux", core=False),
     mark("C++"), mark("tact", "soft")),
)  # fmt: skip
PREDICTED = [find("Go"), find("Kafka. "), find("Python"), find("Linux"), find("use")]


def test_figures_follow_their_definitions() -> None:
    result = evaluate([GOLD], lambda posting: PREDICTED)
    assert result.counts == {
        "postings": 1, "predicted": 4, "tool_core": 3, "concept_core": 0, "soft_core": 1, "degree_core": 0,
        "language_core": 0, "in_title": 1, "in_title_hits": 1,
    }  # fmt: skip
    measured = {name: value for name, value in result.figures.items() if value is not None}
    assert measured == {
        "precision": 3 / 4, "precision_strict": 2 / 4, "tool_recall": 2 / 3, "tool_recall_strict": 1 / 3,
        "soft_recall": 0.0, "soft_recall_strict": 0.0, "requirement_accuracy": 1 / 2, "asks_accuracy": 1.0,
    }  # fmt: skip


def test_each_mistake_is_told_with_its_place() -> None:
    result = evaluate([GOLD], lambda posting: PREDICTED)
    assert [(mistake.sort, mistake.surface) for mistake in result.mistakes] == [
        ("false", "use"), ("preferred → required", "Kafka"), ("missed tool", "C++"), ("missed soft", "tact"),
    ]  # fmt: skip


def test_the_error_of_a_share_is_measured_where_three_postings_ask() -> None:
    postings = [GoldPosting(str(n), "", None, TEXT, (mark("Go"), mark("C++"))) for n in range(4)]
    result = evaluate(postings, lambda posting: [find("Go")] if posting.id != "0" else [])
    assert (result.figures["share_error_mean"], result.figures["share_error_worst"]) == ((0.25 + 1.0) / 2, 1.0)


def test_a_floor_and_a_ceiling_that_are_missed_are_named() -> None:
    result = evaluate([GOLD], lambda posting: PREDICTED)
    thresholds = {"tool_recall": 0.6, "precision": 0.8, "share_error_mean": 0.01}
    assert check_thresholds(result, thresholds) == [
        "precision: found 0.7500, expected at least 0.8",
        "share_error_mean: found nothing, expected at most 0.01",
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", r"gold.jsonl:1: found '{', expected a JSON object"),
        ('{"id": "a", "title": "t", "text": "Go"}', r"gold.jsonl:1: mentions missing"),
        ('{"id": "a", "title": "t", "text": "Go", "mentions": [{"start": 0}]}', "a mention without canonical, core"),
        (
            json.dumps({"id": "a", "title": "t", "text": "Go!", "mentions": [
                {"start": 1, "end": 3, "surface": "Go", "canonical": "Go", "kind": "tool", "requirement": "required",
                 "core": True}]}),
            "mention 'Go' at 1 to 3, but the text holds 'o!' there",
        ),
    ],
)  # fmt: skip
def test_a_broken_gold_file_is_refused(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(line)
    with pytest.raises(EvaluationError, match=message):
        list(read_gold(path))


POSTING = {"id": "a", "title": "t", "text": "We Go"}
MENTION = {
    "start": 3, "end": 5, "surface": "Go", "canonical": "Go", "kind": "tool", "requirement": "required", "core": True,
}  # fmt: skip


@pytest.mark.parametrize(
    ("posting", "mentions", "message"),
    [
        ({}, 5, "found mentions 5, expected a list; mend the line"),
        ({}, [5], "found a mention 5, expected an object; mend the line"),
        ({"text": 5}, [], "found text 5, expected a text; mend the line"),
        ({"id": None}, [], "found id None, expected a text; mend the line"),
        ({"company": ["x"]}, [], "found company ['x'], expected a text; mend the line"),
        ({}, [{**MENTION, "start": "3"}], "a mention with start '3', expected a whole number from 0 on"),
        ({}, [{**MENTION, "start": -2}], "a mention with start -2, expected a whole number from 0 on"),
        ({}, [{**MENTION, "end": True}], "a mention with end True, expected a whole number from 0 on"),
        (
            {}, [{**MENTION, "kind": "bogus"}],
            "a mention with kind 'bogus', expected one of tool, concept, soft, degree, language, in_title",
        ),
        ({}, [{**MENTION, "kind": ["tool"]}],
            "a mention with kind ['tool'], expected one of tool, concept, soft, degree, language, in_title"),
        (
            {}, [{**MENTION, "requirement": "must"}],
            "a mention with requirement 'must', expected one of required, preferred, duty, context, negated",
        ),
        ({}, [{**MENTION, "core": 1}], "a mention with core 1, expected true or false"),
        ({}, [{**MENTION, "canonical": ""}], "a mention with canonical '', expected the name of a skill"),
    ],
)  # fmt: skip
def test_a_value_that_its_key_cannot_have_is_refused(
    tmp_path: Path, posting: dict[str, object], mentions: object, message: str
) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps({**POSTING, **posting, "mentions": mentions}))
    with pytest.raises(EvaluationError) as caught:
        list(read_gold(path))
    assert str(caught.value) == f"{path}:1: {message}"


def test_a_line_of_gold_ends_at_no_other_sign_than_a_line_break(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    row = {**POSTING, "text": "We Go\u2028on\x85", "mentions": [MENTION]}
    path.write_text(json.dumps(row, ensure_ascii=False) + "\r\n", encoding="utf-8", newline="")
    assert list(read_gold(path)) == [
        GoldPosting("a", "t", None, "We Go\u2028on\x85", (GoldMention(**MENTION),))  # type: ignore[arg-type]
    ]


def test_a_gold_file_that_cannot_be_read_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "latin.jsonl").write_bytes(b'{"id": "\xe9"}')

    def tell(path: Path) -> str:
        with pytest.raises(EvaluationError) as caught:
            list(read_gold(path))
        return str(caught.value)

    expected = "expected a gold file, one JSON object a line; check its path"
    assert [tell(path) for path in (Path("nope.jsonl"), tmp_path / "nope.jsonl", tmp_path, Path("latin.jsonl"))] == [
        f"nope.jsonl: found nothing there (from the working directory: {tmp_path}/nope.jsonl), {expected}",
        f"{tmp_path}/nope.jsonl: found nothing there, {expected}",
        f"{tmp_path}: cannot be read (Is a directory), expected a gold file; check its path",
        "latin.jsonl: byte 8 is not UTF-8, expected UTF-8 text, one JSON object a line; save it as UTF-8",
    ]


def measure(matcher: SkillMatcher, path: Path):  # type: ignore[no-untyped-def]
    return evaluate(read_gold(path), lambda p: matcher.find_mentions(p.id, p.title, p.text, company=p.company))


def test_the_projects_own_gold_is_found_as_well_as_before(matcher: SkillMatcher) -> None:
    thresholds = json.loads((DATA / "sample_thresholds.json").read_text())
    assert check_thresholds(measure(matcher, DATA / "sample.jsonl"), thresholds) == []


@needs_shared
def test_the_real_gold_is_found_as_well_as_before(matcher: SkillMatcher) -> None:
    thresholds = json.loads((DATA / "thresholds.json").read_text())
    assert check_thresholds(measure(matcher, SHARED / "postings.jsonl"), thresholds) == []


@needs_shared
def test_the_figures_are_those_of_the_scorer_beside_the_gold(matcher: SkillMatcher, tmp_path: Path) -> None:
    predicted = tmp_path / "predicted.jsonl"
    with predicted.open("w") as stream:
        for posting in read_gold(SHARED / "postings.jsonl"):
            for m in matcher.find_mentions(posting.id, posting.title, posting.text, company=posting.company):
                row = {"posting_id": posting.id, "start": m.start, "end": m.end, "requirement": m.requirement}
                stream.write(json.dumps(row) + "\n")
    command = [sys.executable, SHARED / "score.py", SHARED / "postings.jsonl", predicted, "--json"]
    theirs = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    ours = measure(matcher, SHARED / "postings.jsonl")
    shared = {name: round(value, 4) for name, value in {**ours.counts, **ours.figures}.items() if value is not None}
    assert {name: shared[name] for name in theirs} == theirs
