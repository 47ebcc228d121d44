import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillextract.collect.deduplicate import DedupRow, find_duplicates, mark_duplicates
from skillextract.posting import Posting

DAY = datetime(2026, 7, 1, tzinfo=UTC)


def row(posting_id: str, company: str | None = "Acme", content_hash: str = "h", day: int | None = 0) -> DedupRow:
    return posting_id, company, content_hash, None if day is None else DAY + timedelta(days=day)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            [row("a", day=3), row("b", day=1), row("c", day=2)], {"a": "b", "c": "b"}, id="the earliest stays"
        ),
        pytest.param([row("b"), row("a"), row("c")], {"b": "a", "c": "a"}, id="then the smallest id"),
        pytest.param([row("a", day=None), row("b", day=5)], {"a": "b"}, id="one without a date comes last"),
        pytest.param([row("a", "Acme Inc"), row("b", " acmeinc ")], {"b": "a"}, id="case and space of the company"),
        pytest.param([row("a", None), row("b", None)], {"b": "a"}, id="neither names a company"),
        pytest.param([row("a", None), row("b", "Acme")], {}, id="one names a company"),
        pytest.param([row("a", "Acme"), row("b", "Bolt")], {}, id="two companies"),
        pytest.param([row("a", content_hash="h"), row("b", content_hash="i")], {}, id="two texts"),
        pytest.param([], {}, id="nothing"),
    ],
)
def test_what_counts_as_the_same(rows: list[DedupRow], expected: dict[str, str]) -> None:
    assert find_duplicates(rows) == expected


ROWS = st.lists(
    st.tuples(
        st.integers(0, 10_000).map(str),
        st.sampled_from([None, "Acme", "ACME", "Bolt"]),
        st.sampled_from(["h", "i"]),
        st.one_of(st.none(), st.integers(0, 3).map(lambda day: DAY + timedelta(days=day))),
    ),
    unique_by=lambda each: each[0],
)


@given(ROWS, st.randoms())
def test_the_result_does_not_depend_on_the_order_and_one_of_each_stays(rows: list[DedupRow], random: object) -> None:
    found = find_duplicates(rows)
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert find_duplicates(shuffled) == found
    assert set(found.values()) & set(found) == set()
    assert len(rows) - len(found) == len({((each[1] or "").casefold(), each[2]) for each in rows})


def test_mark_duplicates_keeps_the_order_and_replaces_earlier_marks() -> None:
    first = Posting(
        id="a:1", source="a", title="T", company="Acme", fetched_at=DAY, text="x", content_hash="h", duplicate_of="gone"
    )
    second = dataclasses.replace(first, id="a:0", posted_at=DAY, duplicate_of=None)
    third = dataclasses.replace(first, id="a:2", content_hash="i", duplicate_of=None)
    assert mark_duplicates([first, second, third]) == [
        dataclasses.replace(first, duplicate_of="a:0"),
        second,
        third,
    ]
