import pytest

from skillextract.collect.countries import ISO_CODES, find_country, read_country


def test_there_are_249_codes_and_each_reads_as_itself() -> None:
    assert len(ISO_CODES) == 249
    assert {read_country(code.lower()) for code in ISO_CODES} == ISO_CODES


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("United States", "US"),
        ("U.S.A", "US"),
        ("UK", "GB"),
        ("Serbia ", "RS"),
        ("France, Metropolitan", "FR"),
        ("Türkiye", "TR"),
        ("cote d’ivoire", "CI"),
        ("Georgia", "GE"),
        ("EMEA remote", None),
        ("European Union", None),
        ("Korea", None),
        ("", None),
    ],
)
def test_read_country(stated: str, expected: str | None) -> None:
    assert read_country(stated) == expected


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("Berlin, Germany", "DE"),
        ("Remote - US", "US"),
        ("Remote in Germany", "DE"),
        ("London (UK)", "GB"),
        ("Remote (US or Canada)", None),
        ("San Francisco, CA", None),
        ("Atlanta, Georgia", None),
        ("New Mexico", None),
        ("Join us", None),
    ],
)
def test_find_country_guesses_nothing(place: str, expected: str | None) -> None:
    assert find_country(place) == expected
