"""Change over time from the stored snapshots of a lake: what `skillextract trends` does."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from skillextract.errors import LakeError
from skillextract.lake import Lake
from skillextract.market.demand import Demand, Floor, gather_demand
from skillextract.market.trends import Snapshot, follow_months, follow_snapshots
from skillextract.market.wording import count_noun
from skillextract.roles.known import check_role
from skillextract.settings import Settings
from skillextract.skills.pattern_files import find_patterns
from skillextract.skills.registry import load_registry

logger = logging.getLogger(__name__)


def list_runs(settings: Settings, *, place: str = "settings: role") -> list[dict[str, Any]]:
    """Return the manifests of the stored runs of the settings' role that can be compared, the newest last.

    Args:
        settings: name the lake and the role.
        place: where the role was named, for a message.

    Raises:
        LakeError: there is none.
        SettingsError: there is no such role.
    """
    lake = Lake(settings.lake)
    check_role(find_patterns(), settings.role, place=place)
    manifests = [lake.read_manifest(name) for name in lake.list_snapshots()]
    manifests = _leave_other_sort(lake, [each for each in manifests if each.get("role") == settings.role])
    if not manifests:
        raise LakeError(
            f"lake {lake.describe_root()} holds no finished snapshot of the role {settings.role!r}; run the flow first"
        )
    return manifests


def follow_lake(
    settings: Settings,
    *,
    axis: str = "snapshot",
    last: int | None = None,
    runs: Sequence[dict[str, Any]] | None = None,
) -> pd.DataFrame:
    """How much each skill is asked for over time, from the stored runs of the settings' role.

    Args:
        settings: name the lake, the role and the floor.
        axis: `snapshot` compares the stored runs with each other; `month` divides the newest by `posted_at`:
            by month, or by quarter or year where months are thin.
        last: of the runs only the newest so many; None takes all.
        runs: what `list_runs` gave, where it was asked already.

    Returns:
        The columns of `reports.tables.TRENDS`.

    Raises:
        LakeError: there are too few runs of the role, no posting of the newest states a date to divide it by, or
            their mentions were made with other patterns than these.
    """
    lake = Lake(settings.lake)
    registry = load_registry(find_patterns())
    floor = Floor(postings=settings.min_postings, companies=settings.min_companies)
    manifests = list_runs(settings) if runs is None else list(runs)
    if axis == "month":
        newest = read_snapshot(lake, manifests[-1])
        demand = gather_demand(newest.postings, newest.mentions, registry=registry)
        _refuse_undated(demand, run=newest.id)
        return follow_months(demand, registry=registry, floor=floor)
    chosen = manifests if last is None else manifests[-last:]
    if len({manifest.get("reader") for manifest in chosen}) > 1:
        logger.warning(
            "lake %s: the runs compared were read by different versions of the program or its patterns; a part of what "
            "changed may be that. Compare only the newest (`--last`), or the months of the newest (`--by month`)",
            lake.root,
        )
    roles = {manifest["run"].get("role_version") for manifest in chosen} - {None, ""}
    if len(roles) > 1:
        logger.warning(
            "lake %s: what counts as the role %s (patterns/roles, patterns/titles.toml) was changed between the runs "
            "compared; a part of what changed may be that. Compare only the newest (`--last`), or the months of the "
            "newest (`--by month`)",
            lake.root,
            settings.role,
        )
    snapshots = [read_snapshot(lake, manifest) for manifest in chosen]
    return follow_snapshots(snapshots, registry=registry, floor=floor)


def _refuse_undated(demand: Demand, *, run: str) -> None:
    """Refuse to divide postings by time of which none has one: that nothing rises would be told of nothing."""
    if demand.posting_count and demand.postings["posted_at"].isna().all():
        raise LakeError(
            f"none of the {count_noun(demand.posting_count, 'posting')} of the role in the run {run} has a date, so "
            "there are no months to compare; expected `posted_at`, as of a source of files: a column of that name, or "
            '`columns = { posted_at = "…" }` in the settings (boards state it themselves, where they do); or run the '
            "flow again later: two runs are compared without dates"
        )


def _leave_other_sort(lake: Lake, manifests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The runs that are of the sample as the newest is, or of a market: the two are never compared."""
    if not manifests:
        return []
    is_sample = manifests[-1]["run"]["is_sample"]
    kept = [manifest for manifest in manifests if manifest["run"]["is_sample"] == is_sample]
    if len(kept) < len(manifests):
        logger.warning(
            "lake %s: left out %s of %s, for the newest is of %s; give each a lake of its own",
            lake.root,
            count_noun(len(manifests) - len(kept), "run"),
            *(("a market", "the sample") if is_sample else ("the sample", "a market")),
        )
    return kept


def read_snapshot(lake: Lake, manifest: dict[str, Any]) -> Snapshot:
    """The role's postings and mentions of a stored run, and which of its sources were complete.

    A source that answered without postings counts as missing: a board that changed its name answers so, too.
    """
    reports = manifest["reports"]
    postings = _drop_text(lake.read_parquet([reports["postings"]]))
    mentions = lake.read_parquet([reports["mentions"]], columns=["posting_id", "start", "end", "skill", "requirement"])
    sources = manifest["run"]["sources"]
    complete = frozenset(source["name"] for source in sources if source["status"] == "ok")
    return Snapshot(
        id=manifest["snapshot"],
        postings=postings,
        mentions=mentions,
        complete=complete,
        missing=frozenset(source["name"] for source in sources) - complete,
    )


def _drop_text(postings: pa.Table) -> pa.Table:
    return postings.drop_columns(["text"]) if "text" in postings.column_names else postings
