"""What postings pay, by currency and seniority, against the profile's figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from skillextract.market.demand import Demand, Floor
from skillextract.market.intervals import estimate_intervals
from skillextract.market.tally import Segments
from skillextract.market.wording import count_noun
from skillextract.roles.profile import RoleProfile, SalaryClaim

PERIODS_A_YEAR: Mapping[str, float] = {"year": 1, "month": 12, "week": 52, "day": 260, "hour": 2080}
"""How many payments of a period make a year: 52 weeks of 5 days of 8 hours."""

CLAIMED_BY: Mapping[str, str] = {"junior": "start", "senior": "experienced", "lead": "senior_max"}
"""Which figure of the profile a seniority answers; `senior_max` is an upper limit, the others are averages."""

ALL = "all"


def compare_salaries(
    demand: Demand, profile: RoleProfile, *, seniority: Segments, floor: Floor, rates: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """What postings pay for a year.

    A posting counts where it states an amount, its currency and its period; nothing is guessed. Its figure is the
    middle of its range. Currencies are kept apart, unless `rates` has both a posting's and the profile's: then its
    figure is converted. Bonuses, equity and differences between countries are not looked at.

    The interval of a median is Woodruff's: the limits of the share of postings at or below it (half of them), clustered
    by employer as in `intervals`, read off as quantiles. R. S. Woodruff (1952), Confidence intervals for medians and
    other position measures, JASA 47, 635–646.

    Args:
        demand: the role's postings.
        profile: the claims.
        seniority: `segments.divide_by("seniority", …)` of the same postings.
        floor: below it there are no figures.
        rates: what a unit of each currency is worth, in whatever common unit.

    Returns:
        The columns of `reports.tables.SALARY`, by currency (the profile's first, then by postings) and seniority.
    """
    claim = profile.salary
    postings, unclear = read_figures(demand, claim, rates or {})
    postings["seniority"] = np.array(seniority.names, dtype=object)[seniority.codes[postings["posting"].to_numpy()]]
    everything = np.bincount(seniority.codes, minlength=len(seniority.names))
    unclear_by = np.bincount(seniority.codes[unclear], minlength=len(seniority.names))
    totals = {name: (int(everything[i]), int(unclear_by[i])) for i, name in enumerate(seniority.names)}
    totals[ALL] = demand.posting_count, len(unclear)
    rows = []
    for currency in _order_currencies(postings, claim):
        of_currency = postings[postings["currency"] == currency]
        for name in [ALL, *seniority.names]:
            part = of_currency if name == ALL else of_currency[of_currency["seniority"] == name]
            compared = claim if claim is not None and claim.currency == currency else None
            if len(part) or (compared is not None and name in CLAIMED_BY):
                rows.append(_summarise(part, demand, currency, name, totals[name], compared, floor))
    return pd.DataFrame(rows, columns=_COLUMNS)


_COLUMNS = [
    "currency",
    "seniority",
    "postings",
    "companies",
    "converted",
    "low",
    "median",
    "median_low",
    "median_high",
    "high",
    "range_low",
    "range_high",
    "claim",
    "claimed",
    "verdict",
    "reason",
    "enough",
    "role_postings",
    "without_period",
]


def read_figures(
    demand: Demand, claim: SalaryClaim | None, rates: Mapping[str, float]
) -> tuple[pd.DataFrame, npt.NDArray[np.int64]]:
    """The postings that state a figure, for a year, and those that state an amount without period or currency.

    Returns:
        One row a posting: `posting` and `employer` (their numbers), `currency`, `from`, `to` and `figure` for a year,
        and whether it was `converted`; and the numbers of the others.
    """
    facts = demand.postings
    low = facts["salary_min"].to_numpy(dtype=np.float64, na_value=np.nan)
    high = facts["salary_max"].to_numpy(dtype=np.float64, na_value=np.nan)
    low, high = np.where(np.isnan(low), high, low), np.where(np.isnan(high), low, high)
    # By number: of a million postings each string would be an object of its own.
    periods = pa.array(facts["salary_period"]).cast(pa.string()).dictionary_encode()
    factors = [dict(PERIODS_A_YEAR).get(period, np.nan) for period in periods.dictionary.to_pylist()]
    factor = np.array([*factors, np.nan])[pc.fill_null(periods.indices, -1).to_numpy()]
    currency = pa.array(facts["salary_currency"]).cast(pa.string())
    stated = (low > 0) & (high >= low)
    clear = stated & ~np.isnan(factor) & currency.is_valid().to_numpy(zero_copy_only=False)
    posting = np.flatnonzero(clear)
    frame = pd.DataFrame(
        {
            "posting": posting,
            "employer": demand.employers[posting],
            "currency": currency.take(pa.array(posting)).to_numpy(zero_copy_only=False),
            "from": low[posting] * factor[posting],
            "to": high[posting] * factor[posting],
        }
    )
    frame["converted"] = False
    if claim is not None and claim.currency in rates:
        chosen = frame["currency"].isin(list(rates)) & (frame["currency"] != claim.currency)
        worth = frame.loc[chosen, "currency"].map(dict(rates)).astype(float) / rates[claim.currency]
        frame.loc[chosen, "from"] *= worth
        frame.loc[chosen, "to"] *= worth
        frame.loc[chosen, "converted"] = True
        frame.loc[chosen, "currency"] = claim.currency
    frame["figure"] = (frame["from"] + frame["to"]) / 2
    return frame, np.flatnonzero(stated & ~clear)


def _order_currencies(postings: pd.DataFrame, claim: SalaryClaim | None) -> list[str]:
    counts = postings["currency"].value_counts()
    found = sorted(counts.index, key=lambda currency: (-counts[currency], currency))
    first = [] if claim is None else [claim.currency]
    return [*first, *(currency for currency in found if currency not in first)]


def _summarise(
    part: pd.DataFrame,
    demand: Demand,
    currency: str,
    seniority: str,
    totals: tuple[int, int],
    claim: SalaryClaim | None,
    floor: Floor,
) -> dict[str, Any]:
    employers, counts = np.unique(part["employer"].to_numpy(), return_counts=True)
    enough = len(part) >= floor.postings and len(employers) >= floor.companies
    row: dict[str, Any] = dict.fromkeys(_COLUMNS)
    row |= {
        "currency": currency,
        "seniority": seniority,
        "postings": len(part),
        "companies": len(employers),
        "converted": int(part["converted"].sum()),
        "enough": enough,
        "role_postings": totals[0],
        "without_period": totals[1],
    }
    if enough:
        figures = part["figure"].to_numpy(dtype=np.float64)
        low, median, high = np.quantile(figures, (0.25, 0.5, 0.75))
        first, last = _bound_median(part, median, employers, counts)
        row |= {"low": low, "median": median, "high": high, "median_low": first, "median_high": last}
        row |= {"range_low": part["from"].median(), "range_high": part["to"].median()}
    name = CLAIMED_BY.get(seniority)
    if claim is not None and name is not None:
        claimed = getattr(claim, name) * PERIODS_A_YEAR[claim.period]
        row |= {"claim": name, "claimed": claimed}
        row["verdict"], row["reason"] = _judge(row, claimed, is_limit=name == "senior_max", floor=floor)
    return row


def _bound_median(
    part: pd.DataFrame, median: float, employers: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]
) -> tuple[float, float]:
    figures = part["figure"].to_numpy(dtype=np.float64)
    below = np.searchsorted(employers, part.loc[figures <= median, "employer"].to_numpy())
    hits = np.bincount(below, minlength=len(employers))
    fit = estimate_intervals(
        group=np.zeros(len(employers), dtype=np.int64),
        employer=np.arange(len(employers)),
        count=hits,
        groups=1,
        sizes=counts,
    )
    first, last = np.quantile(figures, (fit.low[0], fit.high[0]))
    return float(first), float(last)


def _judge(row: Mapping[str, Any], claimed: float, *, is_limit: bool, floor: Floor) -> tuple[str, str]:
    currency = row["currency"]
    found = f"{count_noun(row['postings'], 'posting')} from {count_noun(row['companies'], 'employer')}"
    if not row["enough"]:
        needed = f"{count_noun(floor.postings, 'posting')} from {count_noun(floor.companies, 'employer')}"
        return "too few postings", f"{found} state a salary; a figure is stated from {needed} on."
    middle = f"the median is {row['median']:,.0f} {currency} ({row['median_low']:,.0f} to {row['median_high']:,.0f})"
    if row["median_low"] > claimed:
        return "higher", f"{found}: {middle}, above the profile's {claimed:,.0f}."
    if row["median_high"] < claimed and not is_limit:
        return "lower", f"{found}: {middle}, below the profile's {claimed:,.0f}."
    relation = "not above the profile's limit of" if is_limit else "which the profile's figure fits:"
    return "agrees", f"{found}: {middle}, {relation} {claimed:,.0f}."
