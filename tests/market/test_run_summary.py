"""The coverage of a run."""

import pyarrow as pa

from market.builders import Ask, make_demand, make_tables
from skillextract.market.run_summary import RunFacts, SourceFacts, summarise_run

RUN = RunFacts(
    role="Tester",
    snapshot="2026-07-01T000000Z",
    is_sample=False,
    sources=(
        SourceFacts(name="ashby:x", status="ok", payloads=1, postings=4, refused=1, repeated=2, folded=1),
        SourceFacts(name="lever:y", status="failed", message="lever:y: gone"),
    ),
    package_version="1",
    patterns_version="ab",
)
ASKS = [
    Ask("a", "X", [("java", "required")], source="ashby:x"),
    Ask("b", "X", [("java", "context")], source="ashby:x"),
    Ask("c", "X", source="ashby:x", duplicate_of="a"),
    Ask("d", "X", source="ashby:x", is_role=False),
]


def test_a_row_a_source_and_the_total() -> None:
    postings, _ = make_tables(ASKS)
    place = postings.schema.get_field_index("language")
    postings = postings.set_column(place, "language", pa.array([None, "de", "de", "de"], pa.string()))
    apart = pa.table({"source": ["ashby:x", "ashby:x", "ashby:x"]})
    table = summarise_run(RUN, postings, make_demand(ASKS), set_apart=apart)
    columns = [
        "level", "source", "status", "message", "postings", "refused", "repeated", "folded", "role_postings",
        "role_without_skill", "role_not_english", "set_apart",
    ]  # fmt: skip
    assert table[columns].values.tolist() == [
        ["source", "ashby:x", "ok", "", 4, 1, 2, 1, 2, 1, 1, 3],
        ["source", "lever:y", "failed", "lever:y: gone", 0, 0, 0, 0, 0, 0, 0, 0],
        ["total", "all sources", "partial", "without lever:y", 4, 1, 2, 1, 2, 1, 1, 3],
    ]
    assert table["role_companies"].tolist()[-1] == 1


def test_postings_that_state_no_employer_are_counted_by_source() -> None:
    asks = [
        Ask("e", None, source="ashby:x"),
        Ask("f", " ", source="lever:y"),
        Ask("g", None, source="elsewhere"),
        *ASKS,
    ]
    postings, _ = make_tables(asks)
    table = summarise_run(RUN, postings, make_demand(asks))
    assert table[["source", "role_postings", "role_unnamed"]].values.tolist() == [
        ["ashby:x", 3, 1],
        ["lever:y", 1, 1],
        ["all sources", 5, 3],
    ]


def test_the_facts_of_a_run_come_back_from_json() -> None:
    assert RunFacts.from_dict(RUN.to_dict()) == RUN
