import logging
from datetime import UTC, date, datetime

import pytest

from skillextract.collect.record import OddFields, Record, read_instant, read_period, read_postings, read_remote


def record(**fields: object) -> Record:
    return Record(fields, source="s", posting_id="1", odd=OddFields("s"))


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("2026-07-01", datetime(2026, 7, 1, tzinfo=UTC)),
        ("2026-07-01T08:00:00+02:00", datetime(2026, 7, 1, 6, tzinfo=UTC)),
        ("2026-07-01T08:00:00+0200", datetime(2026, 7, 1, 6, tzinfo=UTC)),
        ("2026-07-01T08:00:00.250Z", datetime(2026, 7, 1, 8, 0, 0, 250_000, tzinfo=UTC)),
        ("2026-07-01T08:00:00", datetime(2026, 7, 1, 8, tzinfo=UTC)),
        ("2026-07-01 08:00:00 UTC", datetime(2026, 7, 1, 8, tzinfo=UTC)),
        ("Wed, 01 Jul 2026 08:00:00 +0200", datetime(2026, 7, 1, 6, tzinfo=UTC)),
        (1782892800, datetime(2026, 7, 1, 8, tzinfo=UTC)),
        (1782892800000, datetime(2026, 7, 1, 8, tzinfo=UTC)),
        ("1782892800000", datetime(2026, 7, 1, 8, tzinfo=UTC)),
        (date(2026, 7, 1), datetime(2026, 7, 1, tzinfo=UTC)),
        ("2 days ago", None),
        ("2026-13-01", None),
        (0, None),
        (True, None),
        (10**400, None),
        (float("nan"), None),
        ([], None),
    ],
)
def test_read_instant(stated: object, expected: datetime | None) -> None:
    assert read_instant(stated) == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("1 YEAR", "year"),
        ("per-month-salary", "month"),
        ("Hourly rate", "hour"),
        ("Annual Salary", "year"),
        ("per day", "day"),
        ("NONE", None),
        ("monthly or yearly", None),
        (None, None),
    ],
)
def test_read_period(stated: str | None, expected: str | None) -> None:
    assert read_period(stated) == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [("Remote", "remote"), ("on-site", "onsite"), ("OnSite", "onsite"), ("unspecified", None), ("Remote, US", None)],
)
def test_read_remote(stated: str, expected: str | None) -> None:
    assert read_remote(stated) == expected


def test_a_surrogate_half_is_replaced_one_for_one() -> None:
    assert record(text="a\ud800b").body("text") == "a\ufffdb"


def test_one_number_is_a_span_of_itself_and_a_reversed_one_is_none() -> None:
    assert record().salary(None, 5.0, "eur", "hour") == (5.0, 5.0, "EUR", "hour")
    assert record().salary(9.0, 5.0, "eur", "hour") == (None, None, None, None)
    assert record().salary(0.0, 0.0, "eur", "hour") == (None, None, None, None)


def test_odd_optional_facts_are_told_once_a_field(caplog: pytest.LogCaptureFixture) -> None:
    def read(each: Record) -> None:
        each.text("department")
        each.records("offices")[0].text("name")

    items = [{"department": number, "offices": [{"name": []}]} for number in range(3)]
    with caplog.at_level(logging.WARNING):
        assert list(read_postings(items, source="s", read=read)) == []
    assert caplog.messages == [
        "s: department could not be read in 3 postings, which are kept without it (first: posting row 1: found 0, "
        "expected "
        "text)",
        "s: offices[].name could not be read in 3 postings, which are kept without it (first: posting row 1: found a "
        "list "
        "of 0, expected text)",
    ]
