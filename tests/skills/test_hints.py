"""Hints: what can speak in a line, told for many lines in one scan."""

from typing import Any

import pytest

from skillextract.skills.hints import HintReader, Hints


def read(
    *lines: str, company_left: str = r"(?:^|\W)(?:clients like)", company_right: str = " was founded"
) -> list[Hints]:
    reader = HintReader(
        [r"(?:^|\W|_)(?:a plus)(?!\w)", r"(?:^|\W|_)(?:\d+ years)(?!\w)"],
        [r"^we offer"],
        title=r"(?:^|\W)(?:developer)(?!\w)",
        company_left=company_left,
        company_right=company_right,
    )
    return list(reader.read(lines))


def show(hints: Hints) -> dict[str, Any]:
    return {name: getattr(hints, name) for name in Hints.__slots__}


SILENT = {"company": False, "company_left": (), "company_right": False, "cues": {}, "lines": [], "title": False}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Kafka", {}),
        ("Kafka is a plus, Go is a plus", {"cues": {0: [9, 23]}}),
        ("5 years, a plus", {"cues": {0: [9], 1: None}}),
        ("We offer tea", {"lines": [0]}),
        ("Go developer", {"title": True}),
        ("Our clients like Uber", {"company": True, "company_left": [4]}),
        ("Uber was founded in 2009", {"company": True, "company_right": True}),
    ],
)
def test_a_line_tells_what_can_speak_in_it(line: str, told: dict[str, Any]) -> None:
    assert [show(hints) for hints in read("Go", line, "")] == [SILENT, {**SILENT, **told}, SILENT]


def test_where_the_places_of_a_company_cue_are_not_known_it_may_speak_all_the_same() -> None:
    [hints] = read("All clients like Uber", company_left=r"\w+ clients like")
    assert show(hints) == {**SILENT, "company": True, "company_left": None}
