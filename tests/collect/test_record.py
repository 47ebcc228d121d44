import logging
from datetime import UTC, date, datetime

import pytest

from skillextract.collect.record import (
    OddFields,
    Record,
    Salary,
    as_html,
    join_place,
    join_places,
    read_flags,
    read_instant,
    read_period,
    read_postings,
    read_remote,
)
from skillextract.errors import PostingError
from skillextract.posting import PostingDraft


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
        ("9999-12-31", datetime(9999, 12, 31, tzinfo=UTC)),
        ("1990-01-01", datetime(1990, 1, 1, tzinfo=UTC)),
        ("1989-12-31T23:59:59Z", None),
        ("0001-01-01T00:00:00", None),
        (date(1, 1, 1), None),
        (20260701, None),
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


def test_an_id_that_holds_a_terminals_commands_is_told_without_them(caplog: pytest.LogCaptureFixture) -> None:
    odd = OddFields("ashby:acme")
    odd.note("department", "x\x1b[2J\nWARNING forged\ud800", 5, "text")
    odd.tell()
    assert caplog.messages == [
        "ashby:acme: department could not be read in 1 postings, which are kept without it "
        "(first: posting x [2J WARNING forged\ufffd: found 5, expected text)"
    ]


def test_a_date_of_publication_that_has_not_come_yet_is_left_out_and_told(caplog: pytest.LogCaptureFixture) -> None:
    """Up to a day ahead is another time zone; a payload may be newer than this machine's clock says."""
    read_at = datetime(2990, 7, 1, 12, tzinfo=UTC)

    def read(each: Record) -> PostingDraft:
        return PostingDraft(
            id=f"s:{each.fields['id']}",
            source="s",
            title="ML Engineer",
            posted_at=each.instant("date"),
            body="Python.",
            body_format="text",
            fetched_at=read_at,
        )

    dates = ["2990-07-02T12:00:00Z", "2990-07-02T12:00:01Z", "9999-12-31", "0001-01-01", "2026-07-01"]
    items = [{"id": number, "date": stated} for number, stated in enumerate(dates)]
    with caplog.at_level(logging.WARNING):
        drafts = list(read_postings(items, source="s", read=read))
    assert [draft.posted_at for draft in drafts if isinstance(draft, PostingDraft)] == [
        datetime(2990, 7, 2, 12, tzinfo=UTC),
        None,
        None,
        None,
        datetime(2026, 7, 1, tzinfo=UTC),
    ]
    assert caplog.messages == [
        "s: posted_at could not be read in 2 postings, which are kept without it (first: posting 1: found "
        "'2990-07-02', expected a date up to 2990-07-02)",
        "s: date could not be read in 1 postings, which are kept without it (first: posting row 4: found '0001-01-01', "
        "expected a date, 1990 or later)",
    ]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (5, 5.0),
        ("75000", 75000.0),
        (" 75.50 ", 75.5),
        ("", None),
        (None, None),
        ("75k", None),
        (True, None),
        ("1e5", None),
    ],
)
def test_an_amount_may_be_written_as_text(stated: object, expected: float | None) -> None:
    assert record(pay=stated).amount("pay") == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ((60000.0, 75000.0, "eur", "per-year-salary"), Salary(60000.0, 75000.0, "EUR", "year")),
        ((75.0, 95.0, "USD", "year"), Salary()),
        ((75.0, 95.0, "USD", "hour"), Salary(75.0, 95.0, "USD", "hour")),
        ((75.0, 95.0, "USD", None), Salary(75.0, 95.0, "USD", None)),
        ((None, 95000.0, "$", "a year"), Salary(95000.0, 95000.0, None, "year")),
        ((0.0, None, "USD", "year"), Salary()),
        ((2.0, 1.0, "USD", "hour"), Salary()),
    ],
)
def test_a_salary_is_what_can_be_meant(stated: tuple[float, float, str, str], expected: Salary) -> None:
    assert record().salary(*stated) == expected


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ({"remote": True}, "remote"),
        ({"remote": False}, None),
        ({"remote": True, "hybrid": True}, None),
        ({"remote": False, "hybrid": False, "onsite": True}, "onsite"),
        ({"remote": None, "hybrid": True}, "hybrid"),
    ],
)
def test_a_work_model_is_read_where_exactly_one_is_true(flags: dict[str, bool | None], expected: str | None) -> None:
    assert read_flags(**flags) == expected  # type: ignore[arg-type]


def test_places_are_joined_each_once_and_without_what_is_missing() -> None:
    assert join_place("Berlin", None, "", "Germany") == "Berlin, Germany"
    assert join_place("Singapore", "Singapore") == "Singapore"
    assert join_place(None) is None
    assert join_places(["Oslo", None, "Bergen", "Oslo"]) == "Oslo; Bergen"
    assert join_places([]) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>A &amp; B</p>", "<p>A &amp; B</p>"),
        ("A & B\n\n< 5 years", "<p>A &amp; B</p>\n<p>&lt; 5 years</p>"),
        ("R&amp;D", "<p>R&amp;D</p>"),
        ("  \n", ""),
    ],
)
def test_plain_lines_become_paragraphs_and_html_stays(text: str, expected: str) -> None:
    assert as_html(text) == expected


def test_a_description_that_is_required_is_asked_for_by_name() -> None:
    record = Record({"a": " <p>x</p>", "b": " "}, source="s", posting_id="1", odd=OddFields("s"))
    assert record.require_body("a") == " <p>x</p>"
    with pytest.raises(PostingError) as caught:
        record.require_body("b")
    assert str(caught.value) == "s: posting 1: b: found no description, expected one; see the raw payload"
