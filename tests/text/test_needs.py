"""What an expression needs: strings that stand in whatever it matches."""

import pytest

from skillextract.text.needs import find_needs


@pytest.mark.parametrize(
    ("expression", "needs"),
    [
        (r"we are", ["we are"]),
        (r"^we\Z", [" we "]),
        (r"(?:^|\W)(?:big |huge )?plus(?!\w)", [" big plus | huge plus | plus "]),
        (r"clients?\b", ["client"]),
        (r"(?<!sql )go(?! on)", ["go"]),
        (r"you['’]?ll", ["you ll|youll"]),
        (r"\d\d years", ["   years| 0 years|0  years|00 years"]),
        (r"no(?= *need)", ["need & no"]),
        (r"plus(?= or bonus)", ["plus or bonus"]),
        (r"(?:strong|solid) (?:\w+ ){0,5}experience", ["solid |strong "]),
        (r"team [^.]{0,9}works", ["works & team "]),
        (r"team .*|our .* mission|people", ["team ", " mission & our ", "people"]),
        (r"(?:at|in) .*|firm", ["at |in ", "firm"]),
        (r"[a-z]+", [""]),
        (r"some.*|[a-z]+", ["some", ""]),
        (r"кот", ["   "]),
        (r"(?:ab){3,}", ["ab"]),
        (r"(?:x.y){2,}z", ["x"]),
    ],
)
def test_an_expression_needs_what_each_way_through_it_spells_out(expression: str, needs: list[str]) -> None:
    shown = []
    for way in find_needs(expression).ways:
        parts = ["|".join(sorted(string.decode() for string in need)) for need in (way.need, way.second)]
        shown.append(" & ".join(filter(None, parts)))
    assert shown == needs


def test_an_expression_that_refers_back_is_refused() -> None:
    with pytest.raises(ValueError, match="expected none that refers back to a group"):
        find_needs(r"(a)\1")
