"""The roles of a folder of patterns, linted."""

import shutil
from pathlib import Path

from skillextract.roles.lint import lint_roles
from skillextract.skills.pattern_files import find_patterns
from skillextract.skills.vocabulary import Skill

SKILLS = {"kafka": Skill("kafka", "Kafka", "messaging", "tool")}
SOUND = """
[titles]
named = ["nurse"]

[profile]
name = "Nurse"
summary = "Cares."
source = "Invented"

[[profile.items]]
number = 1
name = "Messaging"
skills = ["kafka"]
"""


def make_root(root: Path, **roles: str) -> Path:
    (root / "roles").mkdir()
    shutil.copy(find_patterns() / "titles.toml", root / "titles.toml")
    for role, text in roles.items():
        (root / "roles" / f"{role}.toml").write_text(text, encoding="utf-8")
    return root


def test_sound_roles_and_no_roles_have_no_fault(tmp_path: Path) -> None:
    assert lint_roles(make_root(tmp_path, nurse=SOUND), skills=SKILLS) == []
    assert lint_roles(tmp_path / "roles", skills=SKILLS) == []


def test_titles_and_profile_of_each_role_are_tried(tmp_path: Path) -> None:
    broken = SOUND.replace('["nurse"]', '["("]').replace('["kafka"]', '["coffee"]')
    faults = lint_roles(make_root(tmp_path, doctor=broken, nurse=SOUND), skills=SKILLS)
    assert [(fault.path, fault.rule_id) for fault in faults] == [
        (str(tmp_path / "roles" / "doctor.toml"), "titles"),
        (str(tmp_path / "roles" / "doctor.toml"), "unregistered-id"),
    ]


def test_a_fault_of_the_grammar_is_named_once(tmp_path: Path) -> None:
    root = make_root(tmp_path, doctor=SOUND, nurse=SOUND)
    (root / "titles.toml").unlink()
    assert [fault.path for fault in lint_roles(root, skills=SKILLS)] == [str(root / "titles.toml")]
