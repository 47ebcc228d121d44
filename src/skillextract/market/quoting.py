"""What stands behind the numbers of a run's tables: which numbers have sentences, postings or employers, and which.

Sentences and postings are chosen by the rule of `evidence.collect_evidence`, employers by their number of postings. A
number of zero has none: behind it stand the postings that were looked through.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from skillextract.market.comparison import cover_skills, find_others
from skillextract.market.demand import ASKING_ORDER, Demand, Registry
from skillextract.market.evidence import Choice, EvidenceChooser, TextReader
from skillextract.market.experience import find_flags, find_postings, number_readings
from skillextract.market.qualifications import BANDS
from skillextract.market.quotes import FEWER, Quotes, join_key
from skillextract.market.readings import Readings
from skillextract.market.salary import ALL, read_figures
from skillextract.market.segments import SEGMENT_KINDS, pick_segments
from skillextract.market.tally import Segments
from skillextract.market.trends import MOVING
from skillextract.market.wording import tell_pay
from skillextract.memory import give_back
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
"""So many skills, those that most postings ask for, have employers, and sentences for each way of asking.

So have those that another table speaks of: the profile's and what it lacks, degrees, pairs, what changes."""

BOTH_WITHIN = 150
"""Postings that name both skills of a pair within so many characters are shown rather than others."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What was counted, and of what: the tables whose numbers are followed back to sentences.

    `periods` are those of `trends`, without the postings of periods below the floor.
    """

    frequencies: pd.DataFrame
    comparison: pd.DataFrame
    qualifications: pd.DataFrame
    salary: pd.DataFrame
    pairs: pd.DataFrame
    trends: pd.DataFrame
    divisions: Sequence[Segments]
    periods: Segments


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
    quoting = Quotes(demand, EvidenceChooser(demand, limit=limit), min(limit, FEWER))
    if limit > 0 and demand.posting_count:
        changes = _list_changes(counted.trends)
        _choose_shares(quoting, counted, profile, registry, changes)
        _choose_years(quoting, readings)
        give_back()
        _choose_items(quoting, counted.comparison, profile, registry)
        _choose_pairs(quoting, counted.pairs)
        _choose_periods(quoting, counted, changes)
        _choose_qualifications(quoting, counted.qualifications, readings)
        _choose_pay(quoting, counted, profile, rates or {})
    return quoting.finish(mentions, read_texts)


def _choose_shares(
    quoting: Quotes, counted: Counted, profile: RoleProfile, registry: Registry, changes: Sequence[str]
) -> None:
    table = "skill_frequencies"
    # There may be a million rows: what is asked of them is copied of those that are asked.
    frequencies = counted.frequencies
    kinds = frequencies["segment_kind"].to_numpy()
    skills = frequencies["skill"].to_numpy()[kinds == "all"].tolist()
    closely = {*skills[:QUOTED_SKILLS], *profile.named_skills, *_list_named(counted), *changes}
    for skill in skills:
        key = join_key("all", "all", skill)
        quoting.add(table, key, "postings", quoting.chooser.choose((skill,)))
        if skill in closely:
            quoting.add_employers(table, key, quoting.chooser.find_postings((skill,)))
        for number, name in enumerate(ASKING_ORDER if skill in closely else ()):
            choices = quoting.chooser.choose((skill,), requirement=number, limit=quoting.fewer)
            quoting.add(table, join_key("requirement", name, skill), "postings", choices)
    leading = [skill for skill in skills if registry[skill].kind != "degree"][:LEADING_SKILLS]
    for division in counted.divisions:
        if division.kind not in SEGMENT_KINDS:
            continue
        chosen = np.flatnonzero((kinds == division.kind) & frequencies["enough"].to_numpy(dtype=bool))
        rows = pd.DataFrame({name: frequencies[name].to_numpy()[chosen] for name in ("segment", "role_postings")})
        rows = rows.drop_duplicates("segment")  # every skill of a segment states its size
        sizes = {str(name): int(size) for name, size in zip(rows["segment"], rows["role_postings"], strict=True)}
        for name, _ in pick_segments(sizes):
            among = division.codes == division.names.index(name)
            quoting.add_postings(table, join_key(division.kind, name), among)
            for skill in leading:
                choices = quoting.chooser.choose((skill,), among=among, limit=quoting.fewer)
                quoting.add(table, join_key(division.kind, name, skill), "postings", choices)


def _list_named(counted: Counted) -> set[str]:
    """The skills of the comparison, of the qualifications, and of the first pairs."""
    pairs = counted.pairs.head(QUOTED_PAIRS)
    columns = [counted.comparison["skill"], counted.qualifications["skill"], pairs["skill"], pairs["other"]]
    return {str(skill) for column in columns for skill in column.dropna()}


def _choose_years(quoting: Quotes, readings: Readings) -> None:
    # Columns and no rows are taken out: there may be millions.
    known = pc.index_in(readings.years["skill"], value_set=pa.array(quoting.demand.skills, pa.string()))
    skill = pc.fill_null(known, -1).to_numpy()
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


def _choose_items(quoting: Quotes, comparison: pd.DataFrame, profile: RoleProfile, registry: Registry) -> None:
    """The ways in which items are asked for, and the two figures of the profile as a whole.

    The shares of items have their sentences in `profile_comparison`.
    """
    groups = {item.number: (*item.skills, *find_others(item, profile, registry)) for item in profile.items}
    for number, skills in groups.items():
        quoting.add_employers("profile_comparison", join_key(number), quoting.chooser.find_postings(skills))
        for way, name in enumerate(ASKING_ORDER):
            choices = quoting.chooser.choose(skills, requirement=way, limit=quoting.fewer)
            quoting.add("profile_comparison", join_key(number), f"share_{name}", choices)
    for item in profile.items:
        others = quoting.chooser.find_postings(find_others(item, profile, registry))
        quoting.add_employers("profile_comparison", join_key(item.number, "family"), others)
    items = comparison[comparison["level"] == "item"]
    confirmed = items.loc[items["verdict"] == "confirmed", "item_number"].tolist()
    covered = {skill for skill in cover_skills(profile, registry) if registry[skill].kind != "degree"}
    for figure, together in (
        ("confirmation", {skill for number in confirmed for skill in groups[int(number)]}),
        ("coverage", covered),
    ):
        quoting.add("profile_agreement", figure, "counted", quoting.chooser.choose(together))


def _choose_pairs(quoting: Quotes, pairs: pd.DataFrame) -> None:
    asks = quoting.demand.asks
    for row in pairs[pairs["lift_low"] > 1].head(QUOTED_PAIRS).itertuples(index=False):
        first, second = (asks.of(quoting.numbers[str(skill)]) for skill in (row.skill, row.other))
        postings, here, there = np.intersect1d(asks.posting[first], asks.posting[second], return_indices=True)
        here, there = here + first.start, there + second.start
        # Where both stand close by, one sentence is likely to show both.
        begins, ends = (asks.start[here], asks.start[there]), (asks.find_ends(here), asks.find_ends(there))
        near = np.flatnonzero(np.maximum(*ends) - np.minimum(*begins) <= BOTH_WITHIN)
        rows = near if len(near) >= quoting.fewer else np.arange(len(postings))
        choices = []
        for i in rows[quoting.chooser.vary(postings[rows], limit=quoting.fewer)]:
            (start, stop), also = sorted(
                (int(first[i]), int(last[i])) for first, last in zip(begins, ends, strict=True)
            )
            choices.append(Choice(posting=int(postings[i]), start=start, end=stop, also=also))
        key = join_key(row.skill, row.other)
        quoting.add("cooccurrence", key, "postings", choices)
        quoting.add_employers("cooccurrence", key, postings)


def _choose_periods(quoting: Quotes, counted: Counted, changes: Sequence[str]) -> None:
    """The two ends of a trend, its turn, and its change: sentences of both times between which it is told."""
    periods = counted.periods
    once = counted.trends.drop_duplicates("skill")
    once = once[(once["axis"] == periods.kind) & once["skill"].isin(changes)].set_index("skill")
    shown: dict[str, npt.NDArray[np.bool_]] = {}
    for skill in changes:
        first, last, turned = once.loc[skill, ["first_period", "last_period", "turned_at"]]
        if not isinstance(first, str):
            continue
        # What is told is the change since the turn, where there is one.
        told = (turned if isinstance(turned, str) else first, str(last))
        both = []
        for period in dict.fromkeys((first, *told)):
            among = shown.setdefault(period, _select_period(periods, period))
            choices = quoting.chooser.choose((str(skill),), among=among, limit=quoting.fewer)
            quoting.add("trends", join_key(periods.kind, skill, period), "postings", choices)
            both += choices if period in told else []
        quoting.add("trends", join_key(periods.kind, skill), "change", both)
    for period, among in sorted(shown.items()):
        quoting.add_postings("trends", join_key(periods.kind, period), among)


def _select_period(periods: Segments, period: str) -> npt.NDArray[np.bool_]:
    """Which postings are of a period, or of those from `2011-01/2012-02`."""
    first, _, last = period.partition("/")
    codes = periods.codes
    chosen: npt.NDArray[np.bool_] = (codes >= periods.names.index(first)) & (
        codes <= periods.names.index(last or first)
    )
    return chosen


def _list_changes(trends: pd.DataFrame) -> list[str]:
    """The skills whose change over time is followed to sentences."""
    skills = trends.groupby("skill", sort=False).agg(verdict=("verdict", "first"), postings=("postings", "sum"))
    moved = skills.index[skills["verdict"].isin(MOVING)].tolist()
    steady = skills[skills["verdict"] == "steady"].sort_values("postings", ascending=False, kind="stable").index
    surest = trends["skill"].iloc[:1].tolist()
    return list(dict.fromkeys([*moved[:QUOTED_MOVED], *steady[:QUOTED_STEADY], *surest]))


def _choose_qualifications(quoting: Quotes, qualifications: pd.DataFrame, readings: Readings) -> None:
    table = "qualifications"
    for name in qualifications.loc[qualifications["kind"] == "degree", "skill"]:
        quoting.add(table, join_key("degree", name), "postings", quoting.chooser.choose((name,)))
        quoting.add_employers(table, join_key("degree", name), quoting.chooser.find_postings((name,)))
        choices = quoting.chooser.choose((name,), requirement=0, limit=quoting.fewer)
        quoting.add(table, join_key("degree", name), "postings_required", choices)
    fields = number_readings(quoting.demand, readings.fields)
    for name, rows in fields.groupby(fields["field"].astype(object), sort=True):
        quoting.add_rows(table, join_key("field", name), rows)
        required = rows[rows["requirement"] == ASKING_ORDER[0]]
        choices = quoting.choose_rows(required, limit=quoting.fewer)
        quoting.add(table, join_key("field", name), "postings_required", choices)
    years = number_readings(quoting.demand, readings.years)
    years = years[years["skill"].isna()]
    quoting.add_rows(table, join_key("years", "Years of experience"), years)
    for name, low, high in BANDS:
        rows = years[(years["years"] >= low) & (years["years"] < high)]
        quoting.add_rows(table, join_key("band", name), rows)


def _choose_pay(quoting: Quotes, counted: Counted, profile: RoleProfile, rates: Mapping[str, float]) -> None:
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
        key = join_key(row.currency, row.seniority)
        quoting.add("salary", key, "postings", choices)
        quoting.add_employers("salary", key, postings)
    if division is not None and not counted.salary.empty:
        for code, name in enumerate(division.names):
            quoting.add_postings("skill_frequencies", join_key("seniority", name), division.codes == code)
