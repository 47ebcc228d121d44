"""Reports for tests, written by hand: rows of any table of which only what matters is filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from skillextract.market.comparison import VerdictRules
from skillextract.market.demand import Floor
from skillextract.market.run_summary import RunFacts
from skillextract.reports.page import render_page
from skillextract.reports.tables import TABLES
from skillextract.roles.profile import ProfileItem, RoleProfile

RULES = VerdictRules(floor=Floor(postings=10, companies=5))
SNAPSHOT = "2026-07-01T120000Z"
ROLE = "Machine learning engineer"
POSTINGS, COMPANIES = 60, 20

PROFILE = RoleProfile(
    name=ROLE,
    summary="",
    source="Written for the tests",
    items=(ProfileItem(number=1, name="Python", skills=("python",)),),
)
RUN = RunFacts(
    role=ROLE, snapshot=SNAPSHOT, is_sample=False, sources=(), package_version="1.2.3", patterns_version="abc123"
)


def fill(table: str, **values: Any) -> dict[str, Any]:
    """A row of a table: None where a value may be missing, otherwise empty, zero or false."""
    columns = {column.name: column for column in TABLES[table].columns}
    assert set(values) <= set(columns), f"{table} has no {set(values) - set(columns)}"

    def default(kind: pa.DataType) -> Any:
        if pa.types.is_list(kind):
            return []
        return {"string": "", "bool": True, "double": 0.0}.get(str(kind), 0)

    empty = {name: None if column.nullable else default(column.type) for name, column in columns.items()}
    return empty | values


def tabulate(table: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist([fill(table, **row) for row in rows], schema=TABLES[table].schema)


def estimate(postings: int, *, of: int = POSTINGS, companies: int | None = None) -> dict[str, Any]:
    """The columns of a share, with an interval of ten points to each side."""
    share = postings / of
    return {
        "postings": postings,
        "companies": min(postings, COMPANIES) if companies is None else companies,
        "share": share,
        "share_low": max(share - 0.1, 0.0),
        "share_high": min(share + 0.1, 1.0),
        "effective_n": float(of),
        "share_with_skills": share,
        "share_companies": min(postings, COMPANIES) / COMPANIES,
        "role_postings": of,
        "role_postings_with_skills": of,
        "role_companies": COMPANIES,
    }


def quote(sentence: str, surface: str, **values: Any) -> dict[str, Any]:
    """A sentence of the evidence, with its mention marked."""
    start = sentence.index(surface)
    entry = {
        "posting_id": "files:a.jsonl:1",
        "url": "https://jobs.example/1",
        "company": "Acme",
        "title": "ML Engineer",
        "skill": "python",
        "requirement": "required",
        "sentence": sentence,
        "start": start,
        "end": start + len(surface),
        "mark_start": start,
        "mark_end": start + len(surface),
    }
    return entry | values


def behind(key: str, *entries: dict[str, Any], table: str = "skill_frequencies", column: str = "postings") -> Any:
    """Rows of the evidence behind a number."""
    return [
        {"in_table": table, "in_row": key, "in_column": column, "order": order, **entry}
        for order, entry in enumerate(entries, start=1)
    ]


def item(number: int, name: str, verdict: str, postings: int, **values: Any) -> dict[str, Any]:
    """A row of the comparison for an item of the profile."""
    numbers: dict[str, Any] = estimate(postings)
    shares = {"share_required": numbers["share"], "share_preferred": 0.0, "share_duty": 0.0}
    row = {"item_number": number, "item": name, "level": "item", "name": name, "verdict": verdict, "rank": number}
    return {**row, "reason": f"{postings} of 60 postings.", **numbers, **shares, **values}


def missing(skill: str, name: str, postings: int, **values: Any) -> dict[str, Any]:
    """A row of the comparison for a skill that the profile does not name."""
    known = {"level": "missing", "skill": skill, "kind": "tool", "family": "misc", "item": None, "item_number": None}
    return item(0, name, "missing from profile", postings) | known | values


def frequency(skill: str, name: str, rank: int, postings: int, **values: Any) -> dict[str, Any]:
    """A row of the skill frequencies, of the whole market unless it says otherwise."""
    asks = {f"postings_{ask}": number for ask, number in (("required", postings), ("preferred", 0), ("duty", 1))}
    shares = {f"share_{ask}": asks[f"postings_{ask}"] / POSTINGS for ask in ("required", "preferred", "duty")}
    row = {"segment_kind": "all", "segment": "all", "skill": skill, "name": name, "kind": "tool", "family": "misc"}
    return {**row, "rank": rank, "mentions": postings, **estimate(postings), **asks, **shares, **values}


def source(name: str, **values: Any) -> dict[str, Any]:
    """A row of the run summary for a source."""
    run = {"role": ROLE, "snapshot": SNAPSHOT, "is_sample": False, "package_version": "1.2.3"}
    return {"level": "source", "source": name, "status": "ok", "patterns_version": "abc123", **run, **values}


def total(**values: Any) -> dict[str, Any]:
    """The total of the run summary."""
    counts = {"postings": 100, "folded": 12, "role_postings": POSTINGS, "role_companies": COMPANIES}
    return source("all sources", **{"level": "total", **counts, **values})


CO_NAMED = {"skill": "docker", "name": "Docker", "postings": 28, "lift": 1.4}
SHARE_COLUMNS = ("postings", "companies", "share", "share_low", "share_high", "effective_n")


def end_of_trend(end: str, period: str, postings: int) -> dict[str, Any]:
    """The columns of `trends` that say what was observed at an end of the time, `first` or `last`."""
    facts = {"period": period, **{name: estimate(postings)[name] for name in SHARE_COLUMNS[:-1]}}
    return {f"{end}_{name}": value for name, value in facts.items()}


ITEMS = (
    item(1, "Python", "confirmed", 54, evidence=[quote("You know Python well.", "Python")]),
    item(2, "Messaging systems", "weak", 6, evidence=[quote("Kafka is a plus.", "Kafka", skill="kafka")]),
    item(3, "Attention to detail", "not seen", 0, rank=None),
)
MISSING = (
    missing("docker", "Docker", 30, rank=4, evidence=[quote("You ship Docker images.", "Docker", skill="docker")]),
)


def make_tables(
    comparison: Iterable[Mapping[str, Any]] = (*ITEMS, *MISSING),
    *,
    sources: Iterable[Mapping[str, Any]] | None = None,
    totals: Mapping[str, Any] | None = None,
    **others: Iterable[Mapping[str, Any]],
) -> dict[str, pa.Table]:
    """The tables of a run: comparison and summary, and whatever else is given."""
    sources = (source("files:a.jsonl", postings=100, role_postings=POSTINGS),) if sources is None else sources
    tables = {
        "profile_comparison": tabulate("profile_comparison", comparison),
        "run_summary": tabulate("run_summary", [*sources, totals or total()]),
    }
    return tables | {name: tabulate(name, rows) for name, rows in others.items()}


def make_page(tables: Mapping[str, pa.Table], *, run: RunFacts = RUN) -> str:
    """The page of some tables."""
    return render_page(tables, profile=PROFILE, run=run, rules=RULES)


def _quote_employers(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What stands behind the numbers of employers of the full tables."""
    skills = ("python", "docker", "kafka", "machine-learning", "masters")
    numbers = [("skill_frequencies", f"all / all / {skill}") for skill in skills]
    numbers += [("profile_comparison", "1"), ("profile_comparison", "2"), ("cooccurrence", "python / docker")]
    numbers += [("qualifications", key) for key in ("degree / masters", "field / Physics", "band / 3–4 years")]
    numbers += [("salary", "EUR / all"), ("salary", "EUR / senior"), ("neighbours", "Data scientist")]
    rows = [row for table, key in numbers for row in behind(key, *entries, table=table, column="companies")]
    return rows + behind("all sources", *entries, table="run_summary", column="role_companies")


def _quote_parts() -> list[dict[str, Any]]:
    """What stands behind the numbers of the full tables that are parts of others, or are no skill's."""
    python, docker = quote("You know Python well.", "Python"), quote("You ship Docker.", "Docker", skill="docker")
    kafka, plain = quote("Kafka is a plus.", "Kafka", skill="kafka"), {"skill": None, "requirement": None}
    years = quote("3+ years with Docker", "3+ years", **plain)
    degree = quote("Master’s degree in physics", "Master’s", skill="masters")
    field = quote("Master’s degree in physics", "physics", **plain)
    both = quote("Python, Docker and SQL", "Python, Docker", **plain)
    posting = {**quote("", "", **plain), "url": "https://jobs.example/7"}
    pay = {**posting, "sentence": "EUR 60,000 to EUR 70,000 a year"}
    employers = [posting | {"of_employer": 7}, posting | {"company": "Globex", "of_employer": 1}]
    return [
        *_quote_employers(employers),
        *behind("all / all / docker", docker),
        *behind("all / all / machine-learning", quote("Machine learning", "Machine learning")),
        *(
            row
            for way in ("required", "preferred", "duty")
            for skill, entry in (("python", python), ("docker", docker), ("kafka", kafka), ("masters", degree))
            for row in behind(f"requirement / {way} / {skill}", entry)
        ),
        *behind("requirement / required / machine-learning", quote("Machine learning", "Machine learning")),
        *behind("requirement / duty / machine-learning", quote("Machine learning", "Machine learning")),
        *(row for name in ("junior", "senior") for row in behind(f"seniority / {name} / python", python)),
        *(row for name in ("junior", "senior") for row in behind(
            f"seniority / {name}", posting, column="role_postings"
        )),
        *behind("all / all / docker", years, column="years_median"),
        *behind("python / docker", both, table="cooccurrence"),
        *(row for month in (1, 6) for row in behind(f"month / docker / 2026-{month:02d}", docker, table="trends")),
        *behind("month / docker", docker, docker, table="trends", column="change"),
        *behind("degree / masters", degree, table="qualifications"),
        *behind("field / Physics", field, table="qualifications"),
        *behind("band / 3–4 years", years, table="qualifications"),
        *behind("years / years", years, table="qualifications"),
        *(row for name in ("all", "senior") for row in behind(f"EUR / {name}", pay, table="salary")),
        *(row for name in ("coverage", "confirmation") for row in behind(
            name, python, table="profile_agreement", column="counted"
        )),
        *(
            row
            for way in ("required", "duty")
            for number in (1, 2)
            for row in behind(str(number), python, table="profile_comparison", column=f"share_{way}")
        ),
        *(
            row
            for source_name in ("all sources", "files:a.jsonl")
            for column in ("postings", "folded", "role_postings")
            for row in behind(source_name, posting, table="run_summary", column=column)
        ),
        *behind("Data scientist", posting, table="neighbours"),
    ]  # fmt: skip


def make_full_tables() -> dict[str, pa.Table]:
    """A run that wrote every table."""
    months = [f"2026-{month:02d}" for month in range(1, 7)]
    rising = [(month, 6 * place + 6) for place, month in enumerate(months)]
    return make_tables(
        skill_frequencies=[
            frequency("python", "Python", 1, 54, co_named=[CO_NAMED]),
            frequency("docker", "Docker", 2, 30, years_postings=4, years_median=2.0),
            frequency("kafka", "Kafka", 3, 6),
            frequency("machine-learning", "Machine learning", 4, 5, kind="concept"),
            frequency("masters", "Master’s degree", 5, 4, kind="degree"),
            *(
                frequency(skill, name, rank, postings, segment_kind="requirement", segment="required")
                for rank, (skill, name, postings) in enumerate((("python", "Python", 50), ("docker", "Docker", 20)), 1)
            ),
            *(
                frequency("python", "Python", 1, postings, segment_kind="seniority", segment=segment)
                for segment, postings in (("junior", 20), ("senior", 58))
            ),
        ],
        profile_agreement=[
            {"figure": "coverage", "counted": 300, "total": 900, "share": 1 / 3, "share_low": 0.3, "share_high": 0.37},
            {"figure": "confirmation", "counted": 1, "total": 3, "share": 1 / 3, "share_low": 0.2, "share_high": 0.5},
        ],
        evidence=[
            *behind("all / all / python", quote("You know Python well.", "Python")),
            *behind(
                "all / all / kafka",
                quote("Kafka is a plus.", "Kafka", skill="kafka", company="Globex"),
                quote("- You run Kafka.", "Kafka", skill="kafka", company=None, url=None),
            ),
            *behind("all / all / masters", quote("Master’s degree in physics", "Master’s", skill="masters")),
            *_quote_parts(),
        ],
        cooccurrence=[
            {
                "skill": "python",
                "other": "docker",
                "name": "Python",
                "other_name": "Docker",
                "postings": 28,
                "companies": 15,
                "share": 0.47,
                "share_of_skill": 0.52,
                "share_of_other": 0.93,
                "lift": 1.4,
                "lift_low": 1.2,
                "lift_high": 1.7,
            }
        ],
        trends=[
            {
                "axis": "month",
                "skill": "docker",
                "name": "Docker",
                "kind": "tool",
                "family": "containers",
                "period": month,
                **{name: estimate(postings)[name] for name in SHARE_COLUMNS},
                "period_postings": POSTINGS,
                "period_companies": COMPANIES,
                **end_of_trend("first", months[0], 6),
                **end_of_trend("last", months[-1], 36),
                "change": 0.5,
                "change_low": 0.4,
                "change_high": 0.6,
                "p_value": 0.0001,
                "q_value": 0.0004,
                "verdict": "rises",
            }
            for month, postings in rising
        ],
        qualifications=[
            {"kind": "degree", "skill": "masters", "name": "Master’s degree", "claim": "typical", "verdict": "weak",
             "reason": "4 of 60 postings.", **estimate(4)},
            {"kind": "field", "name": "Physics", **estimate(2)},
            {"kind": "band", "name": "3–4 years", **estimate(12)},
            {"kind": "years", "name": "years", "years_low": 2.0, "years_median": 3.0, "years_high": 5.0, **estimate(9)},
        ],
        salary=[
            {
                "currency": "EUR",
                "seniority": seniority,
                "postings": 12,
                "companies": 9,
                "low": 55_000.0,
                "median": 65_000.0,
                "median_low": 60_000.0,
                "median_high": 71_000.0,
                "high": 80_000.0,
                "claim": claim,
                "claimed": claimed,
                "verdict": verdict,
                "role_postings": POSTINGS,
            }
            for seniority, claim, claimed, verdict in (
                ("all", "experienced", 60_000.0, "agrees"),
                ("senior", None, None, None),
            )
        ],
        discovery=[
            {"term": "Flumbase", "postings": 4, "companies": 3, "in_lists": 3, "in_slots": 1, "beside": ["kafka"],
             "evidence": [{"posting_id": "files:a.jsonl:3", "url": "https://jobs.example/3", "company": "Initech",
                           "sentence": "Kafka, Flumbase and Docker", "mark_start": 7, "mark_end": 15}]}
        ],
        neighbours=[{"neighbour": "Data scientist", "postings": 9, "companies": 7, "titles": ["Data Scientist"]}],
        postings=[
            {"id": "files:a.jsonl:7", "source": "files:a.jsonl", "url": "https://jobs.example/7",
             "title": "Senior ML Engineer", "company": "Acme", "salary_min": 60_000.0, "salary_max": 70_000.0,
             "salary_currency": "EUR", "salary_period": "year", "is_role": True,
             "fetched_at": datetime(2026, 7, 1, tzinfo=UTC)}
        ],
    )  # fmt: skip
