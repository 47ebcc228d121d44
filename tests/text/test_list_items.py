"""What the first words of a list's items say about it."""

import pytest

from skillextract.text.list_items import ItemRules, read_first_word

RULES = ItemRules({"strong": "requirements", "0+": "requirements", "are": "requirements", "build": "duties"})


@pytest.mark.parametrize(
    ("item", "word"),
    [
        ("- 10+ years", "0+"),
        ("• 3–5 years", "0-0"),
        ("You’ve shipped", "you've"),
        ("You are calm", "are"),
        ("At least 2 of these", "0"),
        ("  * **Strong** Go", "strong"),
        ("Bachelor’s degree", "bachelor's"),
        ("***", ""),
        ("", ""),
    ],
)
def test_the_first_word_is_folded_and_what_says_nothing_is_passed_over(item: str, word: str) -> None:
    assert read_first_word(item) == word


@pytest.mark.parametrize(
    ("items", "section"),
    [
        (["- Strong Go", "- 5+ years"], "requirements"),
        (["- Build it", "- Data: build it too", "- Lunch"], "duties"),
        (["- Build it"], None),
        (["- Build it", "- Strong Go"], None),
        (["- Build it", "- Build more", "- a", "- b", "- c", "- d"], None),
        ([], None),
    ],
)
def test_a_list_is_what_most_telling_items_say_and_at_least_a_third_of_all(
    items: list[str], section: str | None
) -> None:
    assert RULES.tell(items) == section
