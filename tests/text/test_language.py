"""Which language a text is in."""

import pytest

from skillextract.text.language import find_language, is_english

ENGLISH = (
    "We are looking for someone who can build data pipelines with our team and run them for all of our customers. "
)
GERMAN = "Wir suchen jemanden, der mit unserem Team Datenstrecken baut und sie für alle unsere Kunden betreibt. "
FRENCH = "Nous cherchons une personne qui construit des flux de données avec notre équipe pour tous nos clients. "
SPANISH = "Buscamos a una persona que construya flujos de datos con nuestro equipo para todos nuestros clientes. "
DUTCH = "Wij zoeken iemand die samen met ons team datastromen bouwt en ze voor al onze klanten in stand houdt. "
JAPANESE = "私たちのチームと一緒にデータ基盤を作り、お客様のために運用してくださる方を探しています。"
RUSSIAN = "Мы ищем человека, который вместе с нашей командой построит потоки данных для всех наших клиентов. "


@pytest.mark.parametrize("times", [2, 30], ids=["short", "long"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ENGLISH, "en"), (GERMAN, "de"), (FRENCH, "fr"), (SPANISH, "es"), (DUTCH, "nl"), (JAPANESE, "ja"),
        (RUSSIAN, "ru"),
    ],
    ids=["en", "de", "fr", "es", "nl", "ja", "ru"],
)  # fmt: skip
def test_running_text_is_told_by_its_language(text: str, expected: str, times: int) -> None:
    assert find_language(text * times) == expected


def test_a_legal_paragraph_in_english_at_the_end_does_not_make_a_german_posting_english() -> None:
    assert find_language(GERMAN * 20 + ENGLISH * 4) == "de"


@pytest.mark.parametrize("parts", [(GERMAN, ENGLISH), (ENGLISH, GERMAN)], ids=["German first", "English first"])
def test_a_posting_in_two_languages_is_english(parts: tuple[str, str]) -> None:
    assert find_language(parts[0] * 10 + parts[1] * 10) == "en"


@pytest.mark.parametrize("text", ["", "-", "Python, Kafka, Docker", "Field Engineering", "1 2 3 4 5 6 7 8 9"])
def test_what_is_too_short_to_tell_has_no_language_and_counts_as_english(text: str) -> None:
    assert find_language(text) is None
    assert is_english(None)


def test_lists_of_tools_and_addresses_are_no_foreign_language() -> None:
    tools = (
        "Python, Django, Nginx/uWSGI, AWS, jQuery, Backbone.js, Jade, Sass, Gulp.Js, Node.js, Java, Objective-C\n" * 4
    )
    links = "Berlin\nhttps://acme.example/jobs/42-frontend-developer\nhttps://acme.example/jobs/43-data-engineer\n" * 3
    assert [is_english(find_language(text)) for text in (tools, links)] == [True, True]


ODD = ("\x00\x01", "\ud800", "𝐖𝐞 ", "🧠")


@pytest.mark.parametrize("sign", ODD)
def test_odd_characters_alone_are_in_no_language(sign: str) -> None:
    assert find_language(sign * 900) is None


@pytest.mark.parametrize("sign", ODD)
@pytest.mark.parametrize(("text", "expected"), [(ENGLISH, "en"), (GERMAN, "de")], ids=["en", "de"])
def test_odd_characters_among_the_words_do_no_harm(text: str, expected: str, sign: str) -> None:
    assert find_language((text + sign) * 20) == expected
