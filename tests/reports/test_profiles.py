"""Drafts and differences of profiles as people read them."""

import dataclasses
import io
import json
import tomllib
from pathlib import Path

from rich.console import Console

from skillextract.market.demand import Floor
from skillextract.market.draft import DraftedClaim, DraftedItem, DraftRules, ProfileDraft
from skillextract.market.evidence import Evidence
from skillextract.reports.profiles import (
    render_difference_json,
    render_difference_markdown,
    show_difference,
    write_draft,
)
from skillextract.roles.difference import compare_profiles
from skillextract.roles.profile import ProfileItem, Qualifications, RoleProfile, load_profile

HOSTILE = 'You know Kafka"""\n[titles]\nnamed = ["x"]\x1b[31m \u2028# \u202eend'


def make_draft() -> ProfileDraft:
    evidence = Evidence(
        posting_id="a:1",
        url="https://example.org/1\n[profile]",
        company="Nimbrel",
        title="ML Engineer",
        skill="kafka",
        requirement="required",
        sentence=HOSTILE,
        start=0,
        end=5,
        mark_start=9,
        mark_end=14,
    )
    numbers = {"postings": 12, "companies": 8, "share": 0.24, "share_low": 0.15, "share_high": 0.36}
    kafka = DraftedClaim(name="Kafka", evidence=evidence, **numbers)
    several = tuple(f"skill-{number:02}" for number in range(20))
    return ProfileDraft(
        items=(
            DraftedItem(
                item=ProfileItem(number=1, name="Kafka", skills=("kafka",), similar=several),
                basis=DraftedClaim(name="Kafka", **numbers),
                skills=(kafka,),
            ),
        ),
        qualifications=Qualifications(typical_degrees=("phd",), minimum_degrees=(), fields=(), essential=()),
        degrees=(DraftedClaim(name="PhD", **numbers),),
        postings=50,
        companies=30,
        rules=DraftRules(floor=Floor(postings=10, companies=5)),
    )


def write(tmp_path: Path, *, name: str = "Nurse", titles: str = '[titles]\nnamed = ["nurse"]') -> tuple[str, Path]:
    text = write_draft(make_draft(), name=name, basis="snapshot 2026-01-01T000000Z", titles=titles)
    path = tmp_path / "nurse.toml"
    path.write_text(text, encoding="utf-8")
    return text, path


def test_a_draft_can_be_loaded(tmp_path: Path) -> None:
    text, path = write(tmp_path)
    profile = load_profile(path)
    assert profile.items == tuple(drafted.item for drafted in make_draft().items)
    assert profile.qualifications == make_draft().qualifications
    assert (profile.name, profile.salary) == ("Nurse", None)
    assert tomllib.loads(text)["titles"] == {"named": ["nurse"]}


def test_the_evidence_stands_in_comments(tmp_path: Path) -> None:
    text, _ = write(tmp_path)
    assert "# A draft from snapshot 2026-01-01T000000Z: 50 distinct postings of 30 employers.\n" in text
    assert "# Kafka: 24% (15–36%), 12 postings, 8 employers\n" in text
    assert "# PhD: 24% (15–36%), 12 postings, 8 employers\n[profile.qualifications]\n" in text


def test_hostile_text_stays_in_its_comment(tmp_path: Path) -> None:
    text, path = write(tmp_path, name='N"\nsummary = "evil"')
    line = next(line for line in text.splitlines() if "You know Kafka" in line)
    assert line == ('#   “You know Kafka""" [titles] named = ["x"][31m # end” <https://example.org/1 [profile]>')
    assert "\x1b" not in text
    assert load_profile(path).name == 'N" summary = "evil"'


def make_difference(first: str = "First|one", second: str = "Second") -> tuple[RoleProfile, RoleProfile]:
    def make(name: str, *items: tuple[str, ...]) -> RoleProfile:
        made = tuple(ProfileItem(number=n, name=f"Item {s[0]}", skills=s) for n, s in enumerate(items, start=1))
        return RoleProfile(name=name, summary="s", source="s", items=made)

    return make(first, ("python", "r"), ("kafka",)), make(second, ("python",), ("sql",))


def name_skill(skill: str) -> str:
    return {"python": "Python", "sql": "SQL", "r": "R", "kafka": "Kafka"}[skill]


def test_a_difference_in_a_terminal_shows_pairs_and_lists() -> None:
    stream = io.StringIO()
    show_difference(
        compare_profiles(*make_difference(first="First\x1b[31m")), name_skill=name_skill, console=Console(file=stream)
    )
    text = stream.getvalue()
    assert "\x1b" not in text
    assert "1. Item python" in text
    assert "Both name (1): Python\n" in text
    assert "Only Second names (1): SQL\n" in text


def test_what_the_other_profile_names_under_another_item_is_in_both_and_says_so() -> None:
    first, second = make_difference()
    moved = dataclasses.replace(second.items[1], skills=("sql", "r"))
    found = compare_profiles(first, dataclasses.replace(second, items=(second.items[0], moved)))
    text = render_difference_markdown(found, name_skill=name_skill)
    assert "| 1. Item python | 1. Item python | Python, R (under another item) |  |  |\n" in text
    assert "| – | 2. Item sql | R (under another item) |  | SQL |\n" in text
    assert "- **Both name (2)**: Python, R\n" in text


def test_a_difference_as_markdown_is_escaped() -> None:
    text = render_difference_markdown(compare_profiles(*make_difference()), name_skill=name_skill)
    assert text == (
        "## First\\|one and Second\n\n"
        "| First\\|one | Second | both | only First\\|one | only Second |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| 1. Item python | 1. Item python | Python | R |  |\n"
        "| 2. Item kafka | – |  | Kafka |  |\n"
        "| – | 2. Item sql |  |  | SQL |\n\n"
        "- **Both name (1)**: Python\n"
        "- **Only First\\|one names (2)**: Kafka, R\n"
        "- **Only Second names (1)**: SQL\n"
    )


def test_a_difference_as_json_holds_ids() -> None:
    assert json.loads(render_difference_json(compare_profiles(*make_difference()))) == {
        "first": "First|one",
        "second": "Second",
        "items": [
            {
                "first": {"number": 1, "name": "Item python"},
                "second": {"number": 1, "name": "Item python"},
                "both": ["python"],
                "only_first": ["r"],
                "only_second": [],
                "elsewhere": [],
            },
            {
                "first": {"number": 2, "name": "Item kafka"},
                "second": None,
                "both": [],
                "only_first": ["kafka"],
                "only_second": [],
                "elsewhere": [],
            },
            {
                "first": None,
                "second": {"number": 2, "name": "Item sql"},
                "both": [],
                "only_first": [],
                "only_second": ["sql"],
                "elsewhere": [],
            },
        ],
        "both": ["python"],
        "only_first": ["kafka", "r"],
        "only_second": ["sql"],
    }
