import pytest

from skillextract.collect.pay import read_pay
from skillextract.collect.record import Salary


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$160k-$180k", Salary(160000.0, 180000.0)),
        ("$160-180k", Salary(160000.0, 180000.0)),
        ("$45,000 - $50,000", Salary(45000.0, 50000.0)),
        ("€30 / hour", Salary(30.0, 30.0, "EUR", "hour")),
        ("£41.000 per annum", Salary(41000.0, 41000.0, "GBP", "year")),
        ("CA$90k to CA$120k a year", Salary(90000.0, 120000.0, "CAD", "year")),
        ("$90k USD", Salary(90000.0, 90000.0, "USD")),
        ("€40-65,000", Salary()),
        ("$31,2k", Salary()),
        ("$0", Salary()),
        ("pay per task", Salary()),
        ("", Salary()),
    ],
)
def test_pay_is_read_as_it_stands_and_nothing_is_guessed(text: str, expected: Salary) -> None:
    assert read_pay([text]) == expected


def test_the_first_piece_with_pay_counts() -> None:
    assert read_pay(["Berlin", "€40-65,000", "€50k", "€60k"]) == Salary(50000.0, 50000.0, "EUR")
