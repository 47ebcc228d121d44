"""Which sentences stand behind which number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pandas as pd
import pyarrow as pa
import pytest

from market.builders import REGISTRY, Ask, make_demand, make_tables
from skillextract.market import quoting
from skillextract.market.comparison import VerdictRules
from skillextract.market.coverage import quote_coverage
from skillextract.market.demand import Floor
from skillextract.market.evidence import read_texts_from
from skillextract.market.measure import measure_market
from skillextract.market.readings import FIELDS_SCHEMA, TERMS_SCHEMA, YEARS_SCHEMA, Readings
from skillextract.market.trends import follow_months
from skillextract.roles.profile import ProfileItem, RoleProfile
from skillextract.roles.seniority import load_seniority
from skillextract.skills.pattern_files import find_patterns

PROFILE = RoleProfile(
    name="Engineer",
    summary="",
    source="Written for the tests",
    items=(ProfileItem(number=1, name="Java", skills=("java",)),),
)


def quote(
    asks: Sequence[Ask],
    *,
    years: Sequence[tuple[str, str | None, float, int, int]] = (),
    limit: int = 5,
) -> pd.DataFrame:
    """The evidence of a market, by the number that it stands behind."""
    postings, mentions = make_tables(asks)
    stated = [dict(zip(YEARS_SCHEMA.names, row, strict=True)) for row in years]
    readings = Readings(
        pa.Table.from_pylist(stated, schema=YEARS_SCHEMA),
        FIELDS_SCHEMA.empty_table(),
        TERMS_SCHEMA.empty_table(),
    )
    return measure_market(
        make_demand(asks),
        PROFILE,
        readings,
        registry=REGISTRY,
        seniority=load_seniority(find_patterns() / "seniority.jsonl"),
        rules=VerdictRules(floor=Floor(postings=2, companies=2)),
        read_texts=read_texts_from(postings),
        mentions=mentions,
        max_evidence=limit,
    )["evidence"]


def pick(table: pd.DataFrame, of: str, key: str, column: str = "postings") -> list[tuple[str, str]]:
    """The posting and the marked words of each sentence behind a number."""
    rows = table[(table["in_table"] == of) & (table["in_row"] == key) & (table["in_column"] == column)]
    assert rows["order"].tolist() == list(range(1, len(rows) + 1))
    return sorted(
        (row["posting_id"], row["sentence"][row["mark_start"] : row["mark_end"]]) for row in rows.to_dict("records")
    )


def test_a_segment_a_way_of_asking_and_the_whole_have_sentences_of_their_own() -> None:
    asks = [
        Ask("a", "X", [("java", "required"), ("java", "preferred")], country="DE"),
        Ask("b", "Y", [("java", "preferred")], country="DE", after=" at best."),
        Ask("c", "Z", [("java", "duty")], country="FR"),
        Ask("d", "W", [("go", "duty")], country="FR"),
    ]
    table = quote(asks)
    shares = "skill_frequencies"
    assert [posting for posting, _ in pick(table, shares, "all / all / java")] == ["a", "b", "c"]
    assert [posting for posting, _ in pick(table, shares, "country / DE / java")] == ["a", "b"]
    assert [posting for posting, _ in pick(table, shares, "country / FR / java")] == ["c"]
    assert [posting for posting, _ in pick(table, shares, "requirement / required / java")] == ["a"]
    preferred = table[table["in_row"] == "requirement / preferred / java"]
    # Of the posting that requires it too, the sentence that prefers it is shown.
    assert preferred[["posting_id", "requirement"]].values.tolist() == [["b", "preferred"], ["a", "preferred"]]
    assert (
        preferred["start"].tolist()[1] > table.loc[table["in_row"] == "requirement / required / java", "start"].iloc[0]
    )


def test_a_number_has_at_most_so_many_sentences_and_its_parts_three() -> None:
    table = quote([Ask(f"{n}", f"X{n}", [("java", "required")], country="DE") for n in range(9)], limit=5)
    sizes = table.groupby(["in_table", "in_row", "in_column"]).size()
    assert sizes["skill_frequencies", "all / all / java", "postings"] == 5
    assert sizes["skill_frequencies", "country / DE / java", "postings"] == 3
    assert quote([Ask("a", "X", [("java", "required")])], limit=0).empty


def list_employers(table: pd.DataFrame, of: str, key: str) -> list[tuple[str, int]]:
    rows = table[(table["in_table"] == of) & (table["in_row"] == key) & (table["in_column"] == "companies")]
    assert set(rows["sentence"]) <= {""}
    return list(zip(rows["company"], rows["of_employer"], strict=True))


def test_a_number_of_employers_shows_those_with_most_of_its_postings() -> None:
    sizes = {"Large": 6, "Middle": 4, "Small": 2, **{f"Single {n}": 1 for n in range(9)}}
    asks = [Ask(f"{name}-{n}", name, [("java", "required")]) for name, size in sizes.items() for n in range(size)]
    table = quote([*asks, Ask("x", "Other", []), Ask("y", "Large", [])], years=[("Small-0", None, 3.0, 0, 3)])
    for of, key in (("skill_frequencies", "all / all / java"), ("profile_comparison", "1")):
        shown = list_employers(table, of, key)
        # Eight, the largest first; of equals a lot decides. What they do not ask for does not count.
        assert (len(shown), shown[:3]) == (8, [("Large", 6), ("Middle", 4), ("Small", 2)])
        assert {count for _, count in shown[3:]} == {1}
    assert list_employers(table, "qualifications", "band / 3–4 years") == [("Small", 1)]


def test_what_another_table_speaks_of_has_ways_of_asking_and_employers_however_rare_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(quoting, "QUOTED_SKILLS", 1)
    asks = [Ask(f"{n}", f"X{n}", [("go", "required"), ("leadership", "duty")]) for n in range(30)]
    asks.append(Ask("a", "Y", [("java", "duty"), ("phd", "preferred"), ("docker", "duty")]))
    table = quote(asks)
    shares = "skill_frequencies"
    ways = {key.split(" / ")[2] for key in table.loc[table["in_table"] == shares, "in_row"] if "requirement" in key}
    # The leading ones, the profile's, what it lacks, and a degree.
    assert ways == {"go", "java", "leadership", "phd"}
    assert list_employers(table, shares, "all / all / java") == [("Y", 1)]
    assert list_employers(table, shares, "all / all / docker") == []


def test_the_postings_of_a_part_are_shown_for_their_number_and_for_its_zeros() -> None:
    asks = [Ask(f"{n}", f"X{n}", [("java", "required")], country="DE") for n in range(2)]
    asks += [Ask(f"{n}", f"X{n}", [("go", "duty")], country="FR") for n in range(2, 5)]
    table = quote(asks)
    assert [posting for posting, _ in pick(table, "skill_frequencies", "country / FR", "role_postings")] == [
        "2", "3", "4",
    ]  # fmt: skip
    assert pick(table, "skill_frequencies", "country / FR / java") == []


def test_a_pair_shows_both_its_skills() -> None:
    asks = [Ask(f"{n}", f"X{n}", [("java", "required"), ("go", "required")]) for n in range(20)]
    asks += [Ask(f"{n}", f"X{n}", []) for n in range(20, 60)]
    table = quote(asks)
    assert len(table[(table["in_table"] == "cooccurrence") & (table["in_column"] == "postings")]) == 6
    assert {words for _, words in pick(table, "cooccurrence", "go / java")} == {"Java", "Go"}


def test_years_show_the_sentence_that_states_them_where_the_skill_is_asked_for() -> None:
    asks = [Ask("a", "X", [("java", "required")]), Ask("b", "Y", [("java", "context")])]
    years = [("a", "java", 3.0, 0, 3), ("b", "java", 5.0, 0, 3), ("a", None, 3.0, 4, 8), ("b", None, 5.0, 4, 8)]
    table = quote(asks, years=years)
    assert pick(table, "skill_frequencies", "all / all / java", "years_median") == [("a", "You")]
    assert pick(table, "qualifications", "years / Years of experience") == [("a", "know"), ("b", "know")]
    assert pick(table, "qualifications", "band / 3–4 years") == [("a", "know")]


def test_a_change_shows_its_first_and_last_month() -> None:
    asks = [
        Ask(f"{month}{n:02d}", f"X{n}", [("java", "required")] if n < 4 * month else [],
            posted_at=datetime(2026, month, 3, tzinfo=UTC))
        for month in (1, 2, 3, 4) for n in range(20)
    ]  # fmt: skip
    table = quote(asks)
    for month in (1, 4):
        assert {posting[0] for posting, _ in pick(table, "trends", f"month / java / 2026-0{month}")} == {str(month)}
    assert pick(table, "trends", "month / java / 2026-02") == []
    assert len(pick(table, "trends", "month / java", "change")) == 6


def test_a_share_that_turned_shows_the_months_of_its_turn_and_its_end() -> None:
    shares = [*range(2, 38, 3), *range(38, 2, -3)]
    asks = [
        Ask(f"{month:02d}-{n:02d}", f"X{n}", [("java", "required")] if n < share else [],
            posted_at=datetime(2024 + month // 12, month % 12 + 1, 3, tzinfo=UTC))
        for month, share in enumerate(shares) for n in range(40)
    ]  # fmt: skip
    trends = follow_months(make_demand(asks), registry=REGISTRY, floor=Floor(postings=2, companies=2))
    [turned] = set(trends.loc[trends["skill"] == "java", "turned_at"])
    assert turned[:4] in {"2024", "2025"}
    table = quote(asks)
    months = {posting.split("-")[0] for posting, _ in pick(table, "trends", "month / java", "change")}
    when = f"{(int(turned[:4]) - 2024) * 12 + int(turned[5:]) - 1:02d}"
    assert when in months
    assert months - {when} <= {"20", "21", "22", "23"}
    first = {posting.split("-")[0] for posting, _ in pick(table, "trends", "month / java / 2024-01/2024-04")}
    assert first <= {"00", "01", "02", "03"}
    assert len(first) > 0


def test_pay_is_shown_as_the_posting_states_it() -> None:
    asks = [Ask("a", "X", [], salary=(4_000.0, 5_000.0, "EUR", "month"), title="Senior ML Engineer"), Ask("b", "Y", [])]
    table = quote(asks)
    for seniority in ("all", "senior"):
        rows = table[(table["in_table"] == "salary") & (table["in_row"] == f"EUR / {seniority}")]
        rows = rows[rows["in_column"] == "postings"]
        assert rows[["posting_id", "sentence"]].values.tolist() == [["a", "EUR 4,000 to EUR 5,000 a month"]]


def test_counts_of_a_run_show_postings_by_source_and_role() -> None:
    asks = [
        Ask("a", "X", [("java", "required")]),
        Ask("b", "Y", [], source="lever:y"),
        Ask("c", "X", [], duplicate_of="a"),
        Ask("d", "Z", [], is_role=False),
    ]
    postings, _ = make_tables(asks)
    facts = postings.append_column("neighbour", pa.array([None, None, None, "Data scientist"], pa.string()))
    table = quote_coverage(facts, make_demand(asks), set_apart=facts.slice(3, 1))
    # Of employer X, who has two, one: which of them, a lot drawn from the ids says.
    found = {
        (of, key, column): sorted(rows["posting_id"])
        for (of, key, column), rows in table.groupby(["in_table", "in_row", "in_column"])
    }
    assert {place: ids for place, ids in found.items() if place[1] != "files:a.jsonl"} == {
        ("neighbours", "Data scientist", "companies"): ["d"],
        ("neighbours", "Data scientist", "postings"): ["d"],
        ("run_summary", "all sources", "folded"): ["c"],
        ("run_summary", "all sources", "postings"): ["b", "c", "d"],
        ("run_summary", "all sources", "role_companies"): ["a", "b"],
        ("run_summary", "all sources", "role_postings"): ["a", "b"],
        ("run_summary", "all sources", "role_without_skill"): ["b"],
        ("run_summary", "all sources", "set_apart"): ["d"],
        ("run_summary", "lever:y", "postings"): ["b"],
        ("run_summary", "lever:y", "role_postings"): ["b"],
        ("run_summary", "lever:y", "role_without_skill"): ["b"],
    }
    assert set(table["sentence"]) == {""}
