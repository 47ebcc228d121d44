"""Which language a posting is written in; the patterns are written for English."""

from __future__ import annotations

import functools
from typing import Protocol, cast

LANGUAGES = (
    *("ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "he", "hi", "hr", "hu", "id", "it", "ja"),
    *("ko", "lt", "lv", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "th", "tr", "uk", "vi", "zh"),
)
"""Those that are told apart, by their ISO 639-1 codes: those of the boards. A detector that knows a hundred more takes
lists of tools for Nigerian Pidgin."""

_WINDOW = 400
"""Characters that are looked at in one place."""
_PLACES = (0.5, 0.2, 0.8)
"""Where is looked, as shares of the text: first in the middle, for the ends are often legal text in English."""
_SURE = 0.95
"""Below this probability a window tells nothing: too short, or hardly any words."""


class _Detector(Protocol):
    def classify(self, text: str) -> tuple[str, float]: ...


def find_language(text: str) -> str | None:
    """The language of a text, one of `LANGUAGES`; None where it cannot be told, as of a line or a list of tools.

    A text that is English in one of the three places is English: postings in two languages are, and what they ask for
    is found in their English part.

    Example:
        >>> find_language("Wir suchen eine Entwicklerin mit Freude an Daten. " * 8)
        'de'
    """
    found: list[str] = []
    for place in _PLACES:
        first = int(max(0, len(text) - _WINDOW) * place)
        language, probability = _load_detector().classify(text[first : first + _WINDOW])
        if probability >= _SURE:
            if language == "en":
                return language
            found.append(language)
        if len(text) <= _WINDOW:
            break
    return max(found, key=found.count, default=None)


def is_english(language: str | None) -> bool:
    """Whether a posting counts as English: one whose language cannot be told does."""
    return language is None or language == "en"


@functools.cache
def _load_detector() -> _Detector:
    # Loaded when first asked: unpacking its model takes half a second. It reads no network and no file but its own.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    detector = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    detector.set_languages(LANGUAGES)
    return cast(_Detector, detector)
