"""Whether a text is in English."""

import pytest

from skillextract.text.language import is_english

ENGLISH = (
    "We are looking for someone who can build data pipelines with our team and run them for all of our customers. "
)
GERMAN = "Wir suchen jemanden, der mit unserem Team Datenstrecken baut und sie für alle unsere Kunden betreibt. "
FRENCH = "Nous cherchons une personne qui construit des flux de données avec notre équipe pour tous nos clients. "
SPANISH = "Buscamos a una persona que construya flujos de datos con nuestro equipo para todos nuestros clientes. "
DUTCH = "Wij zoeken iemand die samen met ons team datastromen bouwt en ze voor al onze klanten in stand houdt. "


@pytest.mark.parametrize(
    ("text", "expected"),
    [(ENGLISH, True), (GERMAN, False), (FRENCH, False), (SPANISH, False), (DUTCH, False)],
    ids=["english", "german", "french", "spanish", "dutch"],
)
def test_running_text_is_told_by_its_function_words(text: str, expected: bool) -> None:
    assert is_english(text * 3) is expected


def test_a_legal_paragraph_in_english_at_the_end_does_not_make_a_german_posting_english() -> None:
    assert not is_english(GERMAN * 20 + ENGLISH * 4)


@pytest.mark.parametrize("text", ["", "Python, Kafka, Docker", GERMAN])
def test_what_is_too_short_to_tell_counts_as_english(text: str) -> None:
    assert is_english(text)
