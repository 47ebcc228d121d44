"""Lint: every rule that a line of patterns/ can break is named, with file and line."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from skillextract.errors import PatternError
from skillextract.skills.matcher import SkillMatcher
from skillextract.skills.pattern_files import _choose_literals, fold_variants, lint_vocabulary, load_vocabulary
from small_patterns import PATTERN, SKILL, read_rows, write_jsonl


def test_a_folder_without_fault_is_read_whole(root: Path) -> None:
    vocabulary = load_vocabulary(root)
    [pattern] = vocabulary.patterns
    assert (pattern.skill.id, pattern.phrase, pattern.place) == ("rabbitmq", "RabbitMQ", "skills/messaging.jsonl:1")
    assert lint_vocabulary(root) == []


@pytest.mark.parametrize(
    ("line", "rule", "message"),
    [
        ("{", "json", "expected a JSON object"),
        ("[1]", "json", "expected a JSON object"),
        (f"{json.dumps(PATTERN)}, {json.dumps(PATTERN)}", "json", "expected a JSON object (Extra data)"),
        ({**PATTERN, "patern": 1}, "keys", "unknown keys ['patern']; known: case, id"),
        ({"label": "SKILL", "id": "rabbitmq"}, "keys", "keys ['pattern'] are missing"),
        ({**PATTERN, "label": "TOOL"}, "label", "found label 'TOOL', expected 'SKILL'"),
        ({**PATTERN, "id": "rabbit"}, "unregistered-id", "id 'rabbit' is not in registry.jsonl"),
        ({**PATTERN, "case": "any"}, "case", "found case 'any'"),
        ({**PATTERN, "when": "maybe"}, "when", "unknown condition 'maybe'; known: among"),
        ({**PATTERN, "not_right": [""]}, "not_right", "none of them empty"),
        ({**PATTERN, "not_left": 5}, "not_left", "not_left takes a list of words, found 5"),
        ({**PATTERN, "not_left": "abc"}, "not_left", "not_left takes a list of words, found 'abc'"),
        ({**PATTERN, "id": ["rabbitmq"]}, "unregistered-id", "id ['rabbitmq'] is not in registry.jsonl"),
        ({**PATTERN, "when": ["listed"]}, "when", "unknown condition ['listed']; known: among"),
        ({**PATTERN, "pattern": "--"}, "empty", "holds no letter or digit"),
        ({**PATTERN, "pattern": []}, "empty", "none of them empty"),
        ({**PATTERN, "pattern": [{}]}, "empty", "none of them empty"),
        ({**PATTERN, "pattern": [{"LOWER": ""}]}, "empty", "an empty word matches nothing"),
        ({**PATTERN, "pattern": [{"IS_ALPHA": True}]}, "literal", "to screen by"),
        ({**PATTERN, "pattern": [{"LOWER": "rabbit", "OP": "?"}]}, "literal", "to screen by"),
    ],
)
def test_a_broken_pattern_line_is_named(root: Path, line: Any, rule: str, message: str) -> None:
    write_jsonl(root / "skills" / "messaging.jsonl", PATTERN, line)
    [fault] = lint_vocabulary(root)
    assert (fault.rule_id, fault.line) == (rule, 2)
    assert message in str(fault)
    assert str(fault).startswith(f"{root / 'skills' / 'messaging.jsonl'}:2: [{rule}]")
    with pytest.raises(PatternError):
        load_vocabulary(root)


@pytest.mark.parametrize(
    "lines",
    [
        ('{"signal": "cue_left", "cue": "(?:a|a)*", "why": "}', '{"}, {"signal": "cue_left", "cue": "fine"}'),
        ('{"signal": "cue_left", "cue": "(?:a|a)*", "why": [{}', '{}]}, {"signal": "cue_left", "cue": "fine"}'),
    ],
    ids=["text", "list"],
)
def test_two_faulty_lines_do_not_make_good_ones_together(root: Path, lines: tuple[str, str]) -> None:
    """Together they are two objects; a lint that reads line by line would never see the first one's expression."""
    write_jsonl(root / "cues.jsonl", *lines)
    assert [(fault.rule_id, fault.line) for fault in lint_vocabulary(root)] == [("json", 1), ("json", 2)]


@pytest.mark.parametrize(
    ("file", "line", "message"),
    [
        ("job_titles.jsonl", {"side": "rihgt", "words": ["dev"]}, "found side 'rihgt', expected one of right, between"),
        ("job_titles.jsonl", {"side": "header", "words": ["visa"]}, "side 'header' has two lines; make them one"),
        ("companies.jsonl", {"part": ["places"], "words": ["Rome"]}, "found part ['places'], expected one of legal"),
        ("companies.jsonl", {"words": ["Rome"]}, "found part None, expected one of legal_forms, kinds, places"),
        ("cues.jsonl", {"signal": "cue_up", "cue": "x"}, "found signal 'cue_up', expected one of cue_left, cue_right"),
        ("cues.jsonl", {"signal": "cue_left", "words": ["x"]}, "expected a `cue`, a regular expression"),
        ("cues.jsonl", {"signal": "cue_left", "cue": "x", "words": "x"}, "`words`, a list of words"),
        ("cues.jsonl", {"signal": "cue_right", "cue": "(a"}, "found cue '(a', no regular expression (missing )"),
        ("cues.jsonl", {"signal": "cue_right", "cue": "(?i)a"}, "no regular expression (sets flags for more than its"),
        ("conditions.jsonl", {"any": ["in_list"]}, "[keys] keys ['explain', 'id'] are missing; add them"),
        ("conditions.jsonl", {"id": "x", "any": "alone", "explain": "y"}, "[value] found any 'alone', expected a list"),
        ("conditions.jsonl", {"id": "x", "any": ["lone"], "explain": "y"}, "[signal] unknown signals ['lone']; known"),
        ("conditions.jsonl", {"id": "x", "any": [], "explain": "y"}, "[signal] condition 'x' can never be met"),
        ("conditions.jsonl", {"id": "listed", "any": ["alone"], "explain": "y"}, "[unique] condition 'listed' has two"),
        ("sections.jsonl", {"section": "duties", "heading": 5}, "[value] found heading 5, expected a text that is not"),
        ("requirement.jsonl", {"bound": "clause", "expression": "("}, "[rule] no regular expression: missing )"),
    ],
)
def test_a_broken_line_of_words_is_named(root: Path, file: str, line: Any, message: str) -> None:
    path = root / file
    number = path.read_text(encoding="utf-8").count("\n") + 1
    with path.open("a", encoding="utf-8") as out:
        out.write(json.dumps(line) + "\n")
    [fault] = lint_vocabulary(root)
    assert fault.line == number
    assert message in str(fault)


def test_lists_of_words_are_all_there_and_hold_words(root: Path) -> None:
    write_jsonl(root / "companies.jsonl", {"part": "kinds", "words": [""]}, {"part": "places", "words": ["Rome"]})
    path = root / "companies.jsonl"
    assert [str(fault) for fault in lint_vocabulary(root)] == [
        f"{path}:1: [part] found words [''], expected a list of words, none of them empty",
        f"{path}:2: [part] no line for legal_forms, kinds; write one for each",
    ]


@pytest.mark.parametrize(
    ("file", "message"),
    [("companies.jsonl", "legal_forms, kinds, places"), ("job_titles.jsonl", "right, between, left")],
)
def test_an_empty_file_of_words_is_named(root: Path, file: str, message: str) -> None:
    (root / file).write_text("")
    [fault] = lint_vocabulary(root)
    assert f"no line for {message}; write one for each" in str(fault)


def test_a_missing_file_of_words_is_named_once(root: Path) -> None:
    (root / "companies.jsonl").unlink()
    [fault] = lint_vocabulary(root)
    assert (fault.rule_id, fault.path) == ("unreadable", str(root / "companies.jsonl"))


@pytest.mark.parametrize("file", ["sections.jsonl", "requirement.jsonl", "cues.jsonl", "conditions.jsonl"])
def test_a_missing_file_of_rules_is_named(root: Path, file: str) -> None:
    (root / file).unlink()
    faults = [(fault.rule_id, fault.path) for fault in lint_vocabulary(root)]
    assert faults == [("unreadable", str(root / file))]


def test_every_broken_line_of_sections_and_requirement_is_named(root: Path) -> None:
    faults: list[tuple[str, int, str]] = []
    for name, rule in (("sections.jsonl", "json"), ("requirement.jsonl", "json")):
        lines = (root / name).read_text(encoding="utf-8").rstrip("\n").split("\n")
        write_jsonl(root / name, *lines, "{", "[]")
        faults += [(name, len(lines) + 1, rule), (name, len(lines) + 2, rule)]
    assert [(Path(fault.path).name, fault.line, fault.rule_id) for fault in lint_vocabulary(root)] == faults


ODD = (None, True, 5, "", "(", ")(", "listed", [], [5], [["a"]], ["a"], {"a": 5})
FILES = (
    "registry.jsonl", "conditions.jsonl", "cues.jsonl", "sections.jsonl", "requirement.jsonl", "job_titles.jsonl",
    "companies.jsonl", "skills/messaging.jsonl",
)  # fmt: skip


@pytest.mark.parametrize("file", FILES)
def test_no_value_of_any_key_is_taken_that_a_matcher_cannot_work_with(root: Path, file: str) -> None:
    """Each key of each sort of line gets odd values: lint names the fault, or a matcher reads a text with them."""
    full = {"case": "exact", "when": "listed", "not_left": ["a"], "not_right": ["b"]}
    write_jsonl(root / "skills" / "messaging.jsonl", PATTERN, {**PATTERN, "pattern": "Rabbits", **full})
    write_jsonl(root / "registry.jsonl", {**SKILL, "broader": [], "esco": "a", "onet": "b", "wikidata": "c"})
    rows = read_rows(root / file)
    for keys, number in {tuple(row): number for number, row in enumerate(rows)}.items():
        for key in keys:
            for value in ODD:
                write_jsonl(root / file, *rows[:number], {**rows[number], key: value}, *rows[number + 1 :])
                if not lint_vocabulary(root):
                    SkillMatcher(load_vocabulary(root)).find_mentions("", "", "Requirements\nKnow RabbitMQ and rabbits")


def test_two_halves_of_an_object_are_two_faults_and_stand_among_the_others_by_line(root: Path) -> None:
    lines = ["{", '"label": "SKILL"}', {**PATTERN, "label": "TOOL"}, '{"a": {', "}}", {**PATTERN, "case": "any"}]
    write_jsonl(root / "skills" / "messaging.jsonl", *lines)
    faults = [(fault.rule_id, fault.line) for fault in lint_vocabulary(root) if fault.line]
    assert faults == [("json", 1), ("json", 2), ("label", 3), ("json", 4), ("json", 5), ("case", 6)]


def test_lines_out_of_order_are_named(root: Path) -> None:
    write_jsonl(root / "skills" / "messaging.jsonl", PATTERN, {**PATTERN, "pattern": "Rabbit MQ server"})
    assert [(fault.rule_id, fault.line) for fault in lint_vocabulary(root)] == [("sorted", 2)]


def test_one_phrase_belongs_to_one_skill(root: Path) -> None:
    write_jsonl(root / "registry.jsonl", SKILL, {**SKILL, "id": "zeromq", "name": "ZeroMQ"})
    write_jsonl(root / "skills" / "messaging.jsonl", PATTERN, {**PATTERN, "id": "zeromq", "pattern": "rabbitmq"})
    [fault] = lint_vocabulary(root)
    assert (fault.rule_id, fault.line) == ("unique", 2)
    assert "is also 'rabbitmq' in skills/messaging.jsonl:1" in str(fault)


def test_a_phrase_in_any_case_and_its_twin_in_exact_case_are_of_one_skill(root: Path) -> None:
    write_jsonl(root / "registry.jsonl", SKILL, {**SKILL, "id": "zeromq", "name": "ZeroMQ"})
    exact = {**PATTERN, "id": "zeromq", "pattern": "rabbitmq", "case": "exact"}
    write_jsonl(root / "skills" / "messaging.jsonl", PATTERN, exact)
    assert [(fault.rule_id, fault.line) for fault in lint_vocabulary(root)] == [("unique", 2)]


def test_a_pattern_in_the_wrong_file_is_named(root: Path) -> None:
    shutil.move(root / "skills" / "messaging.jsonl", root / "skills" / "cloud.jsonl")
    assert [fault.rule_id for fault in lint_vocabulary(root)] == ["family"]


@pytest.mark.parametrize("broken", [{"when": "maybe"}, {"case": "any"}, {"label": "TOOL"}, {"pattern": "--"}])
def test_a_skill_whose_only_line_is_refused_is_not_told_to_have_none(root: Path, broken: dict[str, str]) -> None:
    registered = [SKILL, *({**SKILL, "id": skill, "name": skill} for skill in ("zeromq", "zookeeper"))]
    write_jsonl(root / "registry.jsonl", *registered)
    write_jsonl(root / "skills" / "messaging.jsonl", PATTERN, {**PATTERN, "id": "zeromq", **broken})
    [refused, unnamed] = lint_vocabulary(root)
    assert (refused.line, refused.path) == (2, str(root / "skills" / "messaging.jsonl"))
    assert str(unnamed) == (
        f"{root / 'registry.jsonl'}: [unnamed] no pattern names 'zookeeper'; write one or delete the id"
    )


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ([{**SKILL, "kind": "gadget"}], "kind"),
        ([{**SKILL, "colour": "red"}], "keys"),
        ([SKILL, SKILL], "unique"),
        ([SKILL, {**SKILL, "id": "kafka"}], "sorted"),
        ([{**SKILL, "broader": ["queues"]}], "broader"),
        ([{**SKILL, "broader": "queues"}], "value"),
        ([{**SKILL, "id": 5}], "value"),
        ([{**SKILL, "esco": 5}], "value"),
        ([{"id": "rabbitmq"}], "keys"),
        ([SKILL, {**SKILL, "id": "zeromq"}], "unnamed"),
    ],
)
def test_a_broken_registration_is_named(root: Path, rows: list[Any], rule: str) -> None:
    write_jsonl(root / "registry.jsonl", *rows)
    assert rule in [fault.rule_id for fault in lint_vocabulary(root)]


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    [fault] = lint_vocabulary(tmp_path)
    assert "no folder `skills` in it" in str(fault)


def test_the_version_changes_with_every_file_that_decides_what_is_found(root: Path) -> None:
    before = load_vocabulary(root).version
    write_jsonl(root / "skills" / "messaging.jsonl", {**PATTERN, "pattern": "Rabbit-MQ"})
    assert load_vocabulary(root).version != before
    (root / "README.md").write_text("words")
    write_jsonl(root / "skills" / "messaging.jsonl", PATTERN)
    assert load_vocabulary(root).version == before


def test_a_slash_may_stand_between_blanks() -> None:
    assert fold_variants("CI/CD", b" ci cd ") == (b" ci cd ", b" ci   cd ")
    assert fold_variants("RabbitMQ", b" rabbitmq ") == (b" rabbitmq ",)


def test_a_full_stop_inside_a_name_may_look_like_that_of_a_sentence() -> None:
    assert fold_variants("Newtonsoft.Json", b" newtonsoft json ") == (b" newtonsoft json ", b" newtonsoft.json ")
    assert fold_variants("Node.js", b" node.js ") == (b" node.js ",)


@pytest.mark.parametrize(
    ("tokens", "literals"),
    [
        (
            ({"LOWER": {"IN": ["solve", "solving"]}}, {"LOWER": "complex"}, {"LOWER": "problems"}),
            [b" complex problems "],
        ),
        (({"LOWER": {"IN": ["make", "makes"]}}, {"LOWER": "sound"}), [b" make sound ", b" makes sound "]),
        (({"LOWER": "solve"}, {"LOWER": {"IN": ["hard", "big"]}, "OP": "?"}, {"LOWER": "tasks"}), [b" solve "]),
        (({"LOWER": "can"}, {"LOWER": "not"}), [b" can "]),
        (({"LOWER": "node.js"}, {"LOWER": "services"}), [b" node.js "]),
        (
            ({"LOWER": "about"}, {"LOWER": "the", "OP": "?"}, {"LOWER": {"IN": ["detail", "details"]}}),
            [
                b" detail ",
                b" details ",
            ],
        ),
    ],
    ids=["last-two", "all-ways", "one-may-be-missing", "glued-second", "no-plain-word", "common-word"],
)
def test_a_token_pattern_is_screened_by_two_neighbouring_words_where_they_stand_beside_each_other(
    tokens: tuple[dict[str, Any], ...], literals: list[bytes]
) -> None:
    assert list(_choose_literals(tokens)) == literals
