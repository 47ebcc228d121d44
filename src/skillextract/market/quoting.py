"""The sentences behind the numbers of a run's tables: which numbers have some, and which they are.

`evidence` has a row a sentence. Its first columns say of which number: `in_table`, `in_row` (what tells its row apart,
parts joined by ` / `) and `in_column`. They are chosen by the rule of `evidence.collect_evidence`. A number of zero has
none.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from skillextract.market.comparison import cover_skills, find_others
from skillextract.market.demand import ASKING_ORDER, Demand, Registry
from skillextract.market.evidence import Choice, EvidenceChooser, TextReader, quote_choices
from skillextract.market.experience import find_flags, find_postings, number_readings
from skillextract.market.qualifications import BANDS
from skillextract.market.readings import Readings
from skillextract.market.salary import ALL, read_figures
from skillextract.market.segments import SEGMENT_KINDS, pick_segments
from skillextract.market.tally import Segments
from skillextract.market.trends import MOVING
from skillextract.market.wording import tell_pay
from skillextract.roles.profile import RoleProfile

LEADING_SKILLS = 12
"""So many skills, those that most postings ask for, have sentences in each segment; degrees are not among them."""

QUOTED_PAIRS = 40
"""So many pairs of skills have sentences, the surest first."""

QUOTED_STEADY = 12
"""So many skills whose share did not change have sentences in their first and last period, the most asked for first."""

QUOTED_MOVED = 200
"""So many skills whose share changed have sentences in their first and last period, the surest first."""

QUOTED_SKILLS = 300
"""So many skills, those that most postings ask for, have sentences for each way of asking, and those of the profile."""

FEWER = 3
"""Sentences for a number that is a part of another one: a segment, a way of asking, a period, a pair."""

EVIDENCE_COLUMNS = (
    "in_table", "in_row", "in_column", "order", "posting_id", "url", "company", "title", "skill", "requirement",
    "sentence", "start", "end", "mark_start", "mark_end",
)  # fmt: skip

BOTH_WITHIN = 150
"""Postings that name both skills of a pair within so many characters are shown rather than others."""


_NUMBER = ("in_table", "in_row", "in_column")
_PLACE = ("posting", "start", "end")


def join_key(*parts: object) -> str:
    """What tells a row apart in its table, in the form of `evidence.in_row`.

    Example:
        >>> join_key("country", "DE", "python")
        'country / DE / python'
    """
    return " / ".join(map(str, parts))


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What was counted, and of what: the tables whose numbers are followed back to sentences."""

    frequencies: pd.DataFrame
    comparison: pd.DataFrame
    qualifications: pd.DataFrame
    salary: pd.DataFrame
    pairs: pd.DataFrame
    trends: pd.DataFrame
    divisions: Sequence[Segments]


def quote_numbers(
    demand: Demand,
    profile: RoleProfile,
    readings: Readings,
    counted: Counted,
    *,
    registry: Registry,
    read_texts: TextReader,
    mentions: pa.Table | None = None,
    rates: Mapping[str, float] | None = None,
    limit: int = 5,
) -> pd.DataFrame:
    """The sentences behind the numbers of a market's tables.

    Args:
        demand: the role's postings and mentions.
        profile: what they were compared with.
        readings: what was read in their texts.
        counted: the tables.
        registry: where kinds and families of skills stand.
        read_texts: gives the texts that sentences are quoted from; asked once.
        mentions: every mention of these postings (`MENTION_COLUMNS`), for the sentence in which a posting prefers what
            another of its sentences requires; without it such a posting is shown for neither.
        rates: as the salaries were counted with.
        limit: sentences for a number, at most; for its parts `FEWER`.

    Returns:
        `EVIDENCE_COLUMNS`, documented in `reports.tables`.
    """
    quoting = _Quoting(demand, EvidenceChooser(demand, limit=limit), min(limit, FEWER))
    if limit > 0 and demand.posting_count:
        _choose_shares(quoting, counted, profile, registry)
        _choose_years(quoting, readings)
        _choose_items(quoting, counted.comparison, profile, registry)
        _choose_pairs(quoting, counted.pairs)
        _choose_periods(quoting, counted)
        _choose_qualifications(quoting, counted.qualifications, readings)
        _choose_pay(quoting, counted, profile, rates or {})
    return quoting.finish(mentions, read_texts)


class _Quoting:
    """Choices by the number that they stand behind."""

    def __init__(self, demand: Demand, chooser: EvidenceChooser, fewer: int) -> None:
        self.demand = demand
        self.chooser = chooser
        self.fewer = fewer
        self.numbers = {skill: number for number, skill in enumerate(demand.skills)}
        self._chosen: dict[tuple[str, str, str], list[Choice]] = {}

    def add(self, table: str, key: str, column: str, choices: Sequence[Choice]) -> None:
        """Keep what is shown for a number."""
        if choices:
            self._chosen[table, key, column] = list(choices)

    def choose_rows(self, rows: pd.DataFrame, *, limit: int | None = None) -> list[Choice]:
        """What is shown of rows with `posting`, `start` and `end`, each posting once."""
        return self.choose_places(*(rows[name].to_numpy(dtype=np.int64) for name in _PLACE), limit=limit)

    def choose_places(
        self,
        posting: npt.NDArray[np.int64],
        start: npt.NDArray[np.int64],
        end: npt.NDArray[np.int64],
        *,
        limit: int | None = None,
    ) -> list[Choice]:
        """What is shown of places in postings, each posting once."""
        return [
            Choice(posting=int(posting[row]), start=int(start[row]), end=int(end[row]))
            for row in self.chooser.vary(posting, limit=limit)
        ]

    def finish(self, mentions: pa.Table | None, read_texts: TextReader) -> pd.DataFrame:
        """The table of all that was kept."""
        found = _find_places(self.demand, self._chosen.values(), mentions)
        settled = {
            number: kept
            for number, choices in self._chosen.items()
            if (kept := [found.get(choice, choice) for choice in choices if choice.start >= 0 or choice in found])
        }
        quoted = quote_choices(self.demand, list(settled.values()), read_texts=read_texts)
        # Column by column: a row of its own for each sentence would take several times the memory.
        sizes = [len(entries) for entries in quoted]
        columns: dict[str, list[object]] = {
            name: [part for part, size in zip(parts, sizes, strict=True) for _ in range(size)]
            for name, parts in zip(_NUMBER, zip(*settled, strict=True) if settled else ((), (), ()), strict=True)
        }
        columns["order"] = [order for size in sizes for order in range(1, size + 1)]
        for name in EVIDENCE_COLUMNS[len(columns) :]:
            columns[name] = [getattr(entry, name) for entries in quoted for entry in entries]
        return pd.DataFrame(columns, columns=list(EVIDENCE_COLUMNS))


def _choose_shares(quoting: _Quoting, counted: Counted, profile: RoleProfile, registry: Registry) -> None:
    table = "skill_frequencies"
    # There may be a million rows: of each choice among them only what is asked of it is copied.
    frequencies = counted.frequencies[["segment_kind", "segment", "skill", "role_postings", "enough"]]
    skills = frequencies.loc[frequencies["segment_kind"] == "all", "skill"].tolist()
    closely = {*skills[:QUOTED_SKILLS], *profile.named_skills}
    for skill in skills:
        quoting.add(table, join_key("all", "all", skill), "postings", quoting.chooser.choose((skill,)))
        for number, name in enumerate(ASKING_ORDER if skill in closely else ()):
            choices = quoting.chooser.choose((skill,), requirement=number, limit=quoting.fewer)
            quoting.add(table, join_key("requirement", name, skill), "postings", choices)
    leading = [skill for skill in skills if registry[skill].kind != "degree"][:LEADING_SKILLS]
    for division in counted.divisions:
        if division.kind not in SEGMENT_KINDS:
            continue
        rows = frequencies[(frequencies["segment_kind"] == division.kind) & frequencies["enough"].astype(bool)]
        sizes = {str(name): int(size) for name, size in zip(rows["segment"], rows["role_postings"], strict=True)}
        for name, _ in pick_segments(sizes):
            among = division.codes == division.names.index(name)
            for skill in leading:
                choices = quoting.chooser.choose((skill,), among=among, limit=quoting.fewer)
                quoting.add(table, join_key(division.kind, name, skill), "postings", choices)


def _choose_years(quoting: _Quoting, readings: Readings) -> None:
    # Columns and no rows are taken out: there may be millions.
    names = readings.years["skill"].combine_chunks().dictionary_encode()
    numbers = np.array([*(quoting.numbers.get(name, -1) for name in names.dictionary.to_pylist()), -1], dtype=np.int64)
    skill = numbers[pc.fill_null(names.indices, -1).to_numpy(zero_copy_only=False)]
    posting = find_postings(quoting.demand, readings.years["posting_id"])
    start, end = (readings.years[name].to_numpy() for name in ("start", "end"))
    rows = np.flatnonzero((skill >= 0) & (posting >= 0))
    rows = rows[find_flags(quoting.demand, skill[rows], posting[rows]) > 0]
    rows = rows[np.argsort(skill[rows], kind="stable")]
    for group in np.split(rows, np.flatnonzero(np.diff(skill[rows])) + 1) if len(rows) else ():
        quoting.add(
            "skill_frequencies",
            join_key("all", "all", quoting.demand.skills[int(skill[group[0]])]),
            "years_median",
            quoting.choose_places(posting[group], start[group], end[group], limit=quoting.fewer),
        )


def _choose_items(quoting: _Quoting, comparison: pd.DataFrame, profile: RoleProfile, registry: Registry) -> None:
    """The ways in which items are asked for, and the two figures of the profile as a whole.

    The shares of items have their sentences in `profile_comparison`.
    """
    groups = {item.number: (*item.skills, *find_others(item, profile, registry)) for item in profile.items}
    for number, skills in groups.items():
        for way, name in enumerate(ASKING_ORDER):
            choices = quoting.chooser.choose(skills, requirement=way, limit=quoting.fewer)
            quoting.add("profile_comparison", join_key(number), f"share_{name}", choices)
    items = comparison[comparison["level"] == "item"]
    confirmed = items.loc[items["verdict"] == "confirmed", "item_number"].tolist()
    covered = {skill for skill in cover_skills(profile, registry) if registry[skill].kind != "degree"}
    for figure, together in (
        ("confirmation", {skill for number in confirmed for skill in groups[int(number)]}),
        ("coverage", covered),
    ):
        quoting.add("profile_agreement", figure, "counted", quoting.chooser.choose(together))


def _choose_pairs(quoting: _Quoting, pairs: pd.DataFrame) -> None:
    asks = quoting.demand.asks
    for row in pairs[pairs["lift_low"] > 1].head(QUOTED_PAIRS).itertuples(index=False):
        first, second = (asks.of(quoting.numbers[str(skill)]) for skill in (row.skill, row.other))
        postings, here, there = np.intersect1d(asks.posting[first], asks.posting[second], return_indices=True)
        here, there = here + first.start, there + second.start
        # Where both stand close by, one sentence is likely to show both.
        begin, end = np.minimum(asks.start[here], asks.start[there]), np.maximum(asks.end[here], asks.end[there])
        near = np.flatnonzero(end - begin <= BOTH_WITHIN)
        rows = near if len(near) >= quoting.fewer else np.arange(len(postings))
        choices = []
        for i in rows[quoting.chooser.vary(postings[rows], limit=quoting.fewer)]:
            (start, stop), also = sorted(
                (int(asks.start[entry]), int(asks.end[entry])) for entry in (here[i], there[i])
            )
            choices.append(Choice(posting=int(postings[i]), start=start, end=stop, also=also))
        quoting.add("cooccurrence", join_key(row.skill, row.other), "postings", choices)


def _choose_periods(quoting: _Quoting, counted: Counted) -> None:
    months = next((division for division in counted.divisions if division.kind == "month"), None)
    trends = counted.trends[["axis", "skill", "period", "verdict", "postings", "share", "turned_at"]]
    trends = trends[trends["axis"] == "month"]
    if months is None or trends.empty:
        return
    skills = trends.groupby("skill", sort=False).agg(verdict=("verdict", "first"), postings=("postings", "sum"))
    moved = skills.index[skills["verdict"].isin(MOVING)].tolist()
    steady = skills[skills["verdict"] == "steady"].sort_values("postings", ascending=False, kind="stable").index
    surest = trends["skill"].iloc[:1].tolist()
    wanted = list(dict.fromkeys([*moved[:QUOTED_MOVED], *steady[:QUOTED_STEADY], *surest]))
    stated = trends[trends["skill"].isin(wanted) & trends["share"].notna()]
    by_skill = dict(list(stated.groupby("skill", sort=False)))
    for skill in wanted:
        series = by_skill.get(skill, stated.iloc[:0])
        if series.empty:
            continue
        first, last = series["period"].iloc[[0, -1]]
        turned = series["turned_at"].iloc[0]
        # What is told is the change since the turn, where there is one.
        told = (turned if isinstance(turned, str) else first, last)
        both = []
        for period in dict.fromkeys((first, *told)):
            among = months.codes == months.names.index(period)
            choices = quoting.chooser.choose((str(skill),), among=among, limit=quoting.fewer)
            quoting.add("trends", join_key("month", skill, period), "postings", choices)
            both += choices if period in told else []
        quoting.add("trends", join_key("month", skill), "change", both)


def _choose_qualifications(quoting: _Quoting, qualifications: pd.DataFrame, readings: Readings) -> None:
    table = "qualifications"
    for name in qualifications.loc[qualifications["kind"] == "degree", "skill"]:
        quoting.add(table, join_key("degree", name), "postings", quoting.chooser.choose((name,)))
        choices = quoting.chooser.choose((name,), requirement=0, limit=quoting.fewer)
        quoting.add(table, join_key("degree", name), "postings_required", choices)
    fields = number_readings(quoting.demand, readings.fields)
    for name, rows in fields.groupby(fields["field"].astype(object), sort=True):
        quoting.add(table, join_key("field", name), "postings", quoting.choose_rows(rows))
        required = rows[rows["requirement"] == ASKING_ORDER[0]]
        choices = quoting.choose_rows(required, limit=quoting.fewer)
        quoting.add(table, join_key("field", name), "postings_required", choices)
    years = number_readings(quoting.demand, readings.years)
    years = years[years["skill"].isna()]
    quoting.add(table, join_key("years", "Years of experience"), "postings", quoting.choose_rows(years))
    for name, low, high in BANDS:
        rows = years[(years["years"] >= low) & (years["years"] < high)]
        quoting.add(table, join_key("band", name), "postings", quoting.choose_rows(rows))


def _choose_pay(quoting: _Quoting, counted: Counted, profile: RoleProfile, rates: Mapping[str, float]) -> None:
    """Postings that state pay; what is shown are the board's own figures, in words."""
    figures, _ = read_figures(quoting.demand, profile.salary, rates)
    division = next((division for division in counted.divisions if division.kind == "seniority"), None)
    facts = quoting.demand.postings
    for row in counted.salary.itertuples(index=False):
        rows = figures[figures["currency"] == row.currency]
        if row.seniority != ALL and division is not None:
            code = division.names.index(row.seniority) if row.seniority in division.names else -2
            rows = rows[division.codes[rows["posting"].to_numpy()] == code]
        postings = rows["posting"].to_numpy(dtype=np.int64)
        chosen = postings[quoting.chooser.vary(postings)]
        pay = facts[["salary_min", "salary_max", "salary_currency", "salary_period"]].iloc[chosen].astype(object)
        choices = [
            Choice(posting=int(posting), sentence=tell_pay(*values))
            for posting, values in zip(chosen, pay.where(pay.notna(), None).itertuples(index=False), strict=True)
        ]
        quoting.add("salary", join_key(row.currency, row.seniority), "postings", choices)


def _find_places(demand: Demand, chosen: Any, mentions: pa.Table | None) -> dict[Choice, Choice]:
    """Where postings ask in a way that is not their strongest: the first such mention of each."""
    open_ = [choice for choices in chosen for choice in choices if choice.start < 0]
    if not open_ or mentions is None:
        return {}
    ids = demand.postings["id"].iloc[[choice.posting for choice in open_]].astype(object).tolist()
    wanted = mentions.select(["posting_id", "skill", "requirement", "start", "end"]).filter(
        pc.and_(
            pc.is_in(mentions["posting_id"], pa.array(sorted(set(ids)), pa.string())),
            pc.is_in(mentions["requirement"], pa.array(ASKING_ORDER)),
        )
    )
    places: dict[tuple[str, str, str], tuple[int, int]] = {}
    for posting, skill, requirement, start, end in zip(
        *(wanted[name].to_pylist() for name in wanted.column_names), strict=True
    ):
        key = posting, skill, requirement
        places[key] = min(places.get(key, (start, end)), (start, end))
    found = {}
    for choice, posting in zip(open_, ids, strict=True):
        place = places.get((posting, choice.skill or "", choice.requirement or ""))
        if place is not None:
            found[choice] = dataclasses.replace(choice, start=place[0], end=place[1])
    return found
