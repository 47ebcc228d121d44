"""Counting what groups of skills are asked for, in the whole of a role's postings and in its segments."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from skillextract.market.demand import ASKING_ORDER, Demand, Floor
from skillextract.market.intervals import Clusters, fit_intervals

Counts = npt.NDArray[np.int32 | np.int64]

ESTIMATES = ("share", "share_low", "share_high", "effective_n", "share_with_skills", "share_companies")
"""The columns of a tally that say how much of a market asks."""

_CELLS = 200_000
"""Pairs of group and segment whose rows are made at once."""


@dataclasses.dataclass(frozen=True, slots=True)
class Segments:
    """A division of a role's postings.

    Attributes:
        kind: what they are divided by, for example `country`.
        names: the segments, sorted.
        codes: of each posting the index of its segment in `names`, -1 where it is in none.
        requirement: where it is not None, only what a posting asks for in this way counts, a number in `ASKING_ORDER`.
    """

    kind: str
    names: tuple[str, ...]
    codes: npt.NDArray[np.int32]
    requirement: int | None = None


def keep_together(demand: Demand) -> Segments:
    """All postings of the role as one segment."""
    return Segments("all", ("all",), np.zeros(demand.posting_count, dtype=np.int32))


@dataclasses.dataclass(frozen=True, slots=True)
class Tally:
    """Counts by group (rows) and segment (columns).

    Attributes:
        segments: the columns.
        postings: distinct postings that ask for the group.
        companies: their employers.
        mentions: mentions that ask.
        asking: for each of `ASKING_ORDER`, postings with such a mention.
        own: sums over employers of the square of their postings that ask; see `intervals.fit_intervals`.
        cross: sums over employers of their postings that ask times their postings in the segment.
        clusters: of each segment.
        with_skill: postings of each segment that ask for at least one skill.
    """

    segments: Segments
    postings: Counts
    companies: Counts
    mentions: Counts
    asking: tuple[Counts, ...]
    own: npt.NDArray[np.float64]
    cross: npt.NDArray[np.float64]
    clusters: Clusters
    with_skill: Counts

    def split(self) -> Iterator[Tally]:
        """The same counts in tallies of some segments each, in their order, so that not all rows are made at once."""
        width = max(1, _CELLS // max(len(self.postings), 1))
        for first in range(0, max(len(self.segments.names), 1), width):
            part = slice(first, first + width)
            yield Tally(
                segments=dataclasses.replace(self.segments, names=self.segments.names[part]),
                clusters=Clusters(*(np.asarray(values)[part] for values in dataclasses.astuple(self.clusters))),
                asking=tuple(counts[:, part] for counts in self.asking),
                with_skill=self.with_skill[part],
                **{
                    name: getattr(self, name)[:, part] for name in ("postings", "companies", "mentions", "own", "cross")
                },
            )

    def to_frame(self, *, floor: Floor) -> pd.DataFrame:
        """The counts as rows, with shares and intervals; see `to_columns`."""
        return pd.DataFrame(self.to_columns(floor=floor), copy=False)

    def to_columns(self, *, floor: Floor, cells: npt.NDArray[np.bool_] | None = None) -> dict[str, npt.NDArray[Any]]:
        """The counts as columns, with shares and intervals; of a million rows a frame would be a second copy.

        Args:
            floor: below it, in postings or employers of the segment, every share of the segment is missing.
            cells: by group and segment, whether it has a row; None for all.

        Returns:
            `group` and `segment` (indices, ordered by segment and group), `postings`, `companies`, `mentions`,
            `postings_required` …, `ESTIMATES`, `share_required` …, `enough`, and the denominators `role_postings`,
            `role_postings_with_skills` and `role_companies`, which are those of the segment. Shares are 0 to 1.
        """
        segment, group = np.nonzero(np.ones_like(self.postings.T, dtype=bool) if cells is None else cells.T)
        place = (group, segment)
        n, employers, squares = (
            np.asarray(values)[segment]
            for values in (self.clusters.postings, self.clusters.employers, self.clusters.squares)
        )
        fit = fit_intervals(
            hits=self.postings[place].astype(np.float64),
            own=self.own[place],
            cross=self.cross[place],
            clusters=Clusters(n, employers, squares),
        )
        table: dict[str, npt.NDArray[Any]] = {
            "group": group,
            "segment": segment,
            "postings": self.postings[place],
            "companies": self.companies[place],
            "mentions": self.mentions[place],
        }
        for name, counts in zip(ASKING_ORDER, self.asking, strict=True):
            table[f"postings_{name}"] = counts[place]
        shares: dict[str, npt.NDArray[np.float64]] = {
            "share": fit.share,
            "share_low": fit.low,
            "share_high": fit.high,
            "effective_n": fit.effective_n,
            "share_with_skills": _divide(table["postings"], self.with_skill[segment]),
            "share_companies": _divide(table["companies"], employers),
            **{f"share_{name}": _divide(table[f"postings_{name}"], n) for name in ASKING_ORDER},
        }
        enough = (n >= floor.postings) & (employers >= floor.companies)
        for name, values in shares.items():
            values[~enough] = np.nan
            table[name] = values
        table["enough"] = enough
        table["role_postings"] = n.astype(np.int32)
        table["role_postings_with_skills"] = self.with_skill[segment].astype(np.int32)
        table["role_companies"] = employers.astype(np.int32)
        return table


def tally_groups(demand: Demand, groups: Sequence[Collection[str]], divisions: Sequence[Segments]) -> list[Tally]:
    """Count groups of skills in the segments of each division; a posting asks for a group when for any skill of it."""
    counters = [_Counter(demand, division, len(groups)) for division in divisions]
    for block, asks in demand.select_groups(groups):
        for counter in counters:
            counter.add(block, asks)
    return [counter.finish() for counter in counters]


def tally_rows(demand: Demand, rows: pd.DataFrame, *, groups: int, divisions: Sequence[Segments]) -> list[Tally]:
    """Count postings that were grouped by something else than skills.

    Args:
        demand: the role's postings.
        rows: `group` (0 to `groups` - 1), `posting`, `flags` and `mentions` as in `Asks`; each pair of group and
            posting once.
        groups: how many groups there are.
        divisions: the segments to count in.
    """
    counters = [_Counter(demand, division, groups) for division in divisions]
    for counter in counters:
        counter.add(range(groups), rows)
    return [counter.finish() for counter in counters]


def measure_groups(demand: Demand, groups: Sequence[Collection[str]], *, floor: Floor) -> pd.DataFrame:
    """How much each group of skills is asked for; a posting asks for a group when it asks for any skill of it.

    Args:
        demand: the role's postings and mentions.
        groups: the skill ids of each group; an id that is not registered is never found.
        floor: below it every share and its interval are missing.

    Returns:
        One row a group, in the order given, index 0 to n - 1; the columns of `Tally.to_frame` but `group` and
        `segment`.
    """
    (tally,) = tally_groups(demand, groups, [keep_together(demand)])
    return tally.to_frame(floor=floor).drop(columns=["group", "segment"])


class _Counter:
    """Adds up the blocks of one division."""

    def __init__(self, demand: Demand, division: Segments, groups: int) -> None:
        self._division = division
        self._width = width = len(division.names)
        codes = division.codes.astype(np.int64)
        inside = codes >= 0
        # A cell is an employer's postings in a segment: what the variance is summed over.
        cells, cell = np.unique(codes * max(demand.company_count, 1) + demand.employers, return_inverse=True)
        self._cell = cell.astype(np.int32)
        self._cell_segment = cells // max(demand.company_count, 1)  # negative for postings in no segment
        self._cell_size = np.bincount(cell, minlength=len(cells)).astype(np.float64)
        counted = self._cell_segment >= 0
        segment, size = self._cell_segment[counted], self._cell_size[counted]
        self._clusters = Clusters(
            np.bincount(segment, weights=size, minlength=width).astype(np.float64),
            np.bincount(segment, minlength=width).astype(np.float64),
            np.bincount(segment, weights=size**2, minlength=width).astype(np.float64),
        )
        has_skill = demand.postings["has_skill"].to_numpy(dtype=bool)
        self._with_skill = np.bincount(codes[inside & has_skill], minlength=width)
        self._counts = {
            # Half the memory: of a million postings and ten thousand skills there are 10⁷ cells and more.
            name: np.zeros((groups, width), dtype=np.int32)
            for name in ("postings", "companies", "mentions", *ASKING_ORDER)
        }
        self._sums = {name: np.zeros((groups, width)) for name in ("own", "cross")}

    def add(self, block: range, asks: pd.DataFrame) -> None:
        posting, flags = asks["posting"].to_numpy(), asks["flags"].to_numpy()
        group, mentions = asks["group"].to_numpy(dtype=np.int64), asks["mentions"].to_numpy()
        chosen = self._division.codes[posting] >= 0
        if self._division.requirement is not None:
            chosen &= (flags >> self._division.requirement & 1).astype(bool)
        if not chosen.all():
            posting, flags, group, mentions = posting[chosen], flags[chosen], group[chosen], mentions[chosen]
        rows = slice(block.start, block.stop)
        shape = (len(block), self._width)
        size = shape[0] * shape[1]
        place = group * self._width + self._division.codes[posting]
        self._counts["mentions"][rows] += _sum(place, mentions, size).reshape(shape)
        by_flags = np.bincount(place * 8 + flags, minlength=size * 8).reshape(*shape, 8)
        for bit, name in enumerate(ASKING_ORDER):
            self._counts[name][rows] += by_flags[..., (np.arange(8) >> bit & 1) == 1].sum(axis=-1)
        key = np.sort(group * len(self._cell_size) + self._cell[posting])
        starts = np.flatnonzero(np.diff(key, prepend=-1))
        counts = np.diff(np.append(starts, len(key))).astype(np.float64)
        cell = key[starts] % len(self._cell_size) if len(key) else key
        pair = key[starts] // len(self._cell_size) * self._width + self._cell_segment[cell] if len(key) else key
        self._counts["postings"][rows] += _sum(pair, counts, size).reshape(shape)
        self._counts["companies"][rows] += np.bincount(pair, minlength=size).reshape(shape)
        self._sums["own"][rows] += np.bincount(pair, weights=counts**2, minlength=size).reshape(shape)
        self._sums["cross"][rows] += np.bincount(pair, weights=counts * self._cell_size[cell], minlength=size).reshape(
            shape
        )

    def finish(self) -> Tally:
        return Tally(
            segments=self._division,
            postings=self._counts["postings"],
            companies=self._counts["companies"],
            mentions=self._counts["mentions"],
            asking=tuple(self._counts[name] for name in ASKING_ORDER),
            own=self._sums["own"],
            cross=self._sums["cross"],
            clusters=self._clusters,
            with_skill=self._with_skill,
        )


def _sum(place: Counts, values: npt.NDArray[Any], size: int) -> Counts:
    return np.rint(np.bincount(place, weights=values.astype(np.float64), minlength=size)).astype(np.int64)


def _divide(counts: npt.NDArray[Any], totals: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    total = totals.astype(np.float64)
    return counts.astype(np.float64) / np.where(total > 0, total, np.nan)
