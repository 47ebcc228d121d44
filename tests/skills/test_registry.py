"""The registry: read by itself, and checked as with the patterns (`test_pattern_files.py` has each rule)."""

from pathlib import Path

import pytest

from skillextract.errors import PatternError
from skillextract.skills.registry import load_registry
from skillextract.skills.vocabulary import Skill
from small_patterns import SKILL, write_jsonl


def test_the_registry_is_read_without_the_patterns(root: Path) -> None:
    (root / "skills" / "messaging.jsonl").write_text("{", encoding="utf-8")
    assert load_registry(root) == {"rabbitmq": Skill("rabbitmq", "RabbitMQ", "messaging", "tool")}


def test_a_fault_of_the_registry_is_named_without_the_patterns(root: Path) -> None:
    write_jsonl(root / "registry.jsonl", SKILL, {**SKILL, "kind": "thing"})
    with pytest.raises(PatternError, match=r"registry\.jsonl:2: \[kind\] found kind 'thing', expected one of tool, "):
        load_registry(root)


def test_a_missing_registry_is_named(tmp_path: Path) -> None:
    with pytest.raises(PatternError, match=r"registry\.jsonl.*unreadable"):
        load_registry(tmp_path)
