"""Drafting a profile from a lake, and finding profiles by the name of their role or by file."""

from __future__ import annotations

import dataclasses
import json
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from skillextract.errors import LakeError, PatternError
from skillextract.lake import Lake
from skillextract.market.demand import Floor, gather_demand
from skillextract.market.draft import DraftRules, draft_profile
from skillextract.market.evidence import read_texts_from
from skillextract.market.run_summary import is_foreign
from skillextract.market.wording import count_noun
from skillextract.reports.profiles import write_draft
from skillextract.roles.difference import ProfileDifference, compare_profiles
from skillextract.roles.known import find_near_role
from skillextract.roles.profile import RoleProfile, load_profile
from skillextract.roles.titles import RoleTitles, extend_titles, list_roles, load_titles, make_titles
from skillextract.settings import Settings
from skillextract.skills.registry import load_registry


def draft_from_market(
    role: str, *, root: Path, settings: Settings, titles: Sequence[str] = (), reports: str | None = None
) -> str:
    """The TOML of a draft profile, made from the newest snapshot of the lake or from a folder of reports.

    Args:
        role: id of a role that the patterns know; any other name where `titles` say which postings are the role.
        root: a folder of patterns.
        settings: name the lake, the floor, and the share from which on a skill is named.
        titles: how the noun phrases of the role's titles end, as in `[titles]` of a role; of a known role it is left
            out.
        reports: a snapshot's report folder of this role, in place of the lake.

    Raises:
        PatternError: the role is not known and there are no `titles`, or an expression is broken.
        LakeError: there is no snapshot, the folder is of another role, no title fits, or there are too few postings.
    """
    path = root / "roles" / f"{role}.toml"
    if titles:
        rows = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in extend_titles(titles).items()]
        name, table = role, "\n".join(["[titles]", *rows])
        judge = make_titles(root, titles)
        tried = f"that ends in {' or '.join(map(repr, titles))} (--title; capitals do not matter)"
        mend = "mend the expression, or fetch boards that have such postings"
    else:
        if role not in list_roles(root):
            advice = 'a new one is drafted with --title, how its titles end: --title "ios (?:engineer|developer)"'
            raise _refuse_role(role, root, advice)
        judge = load_titles(root, role)
        name, table = load_profile(path).name, _copy_titles(path)
        tried, mend = f"of the role (by [titles] of {path})", "fetch boards that have such postings"
    read = _read_snapshot(settings, judge) if reports is None else _read_reports(reports, judge, name)
    postings, mentions, basis = read.postings, read.mentions, read.basis
    if not read.fitting:
        raise LakeError(f"{basis}: looked through {count_noun(read.looked_at, 'title')} and found none {tried}; {mend}")
    registry = load_registry(root)
    demand = gather_demand(postings, mentions, registry=registry)
    draft = draft_profile(
        demand,
        registry=registry,
        read_texts=read_texts_from(postings),
        rules=DraftRules(
            floor=Floor(postings=settings.min_postings, companies=settings.min_companies),
            share=settings.market_threshold,
        ),
    )
    return write_draft(draft, name=name, basis=basis, titles=table)


def find_profile(name: str, *, root: Path) -> RoleProfile:
    """The profile of a role that the patterns know, or of a TOML file.

    Args:
        name: the id of a role, or the path of a file that ends in `.toml`.
        root: a folder of patterns.

    Raises:
        PatternError: there is no such role or file, or the file breaks a rule.
    """
    if name.endswith(".toml"):
        return load_profile(Path(name))
    if name not in list_roles(root):
        raise _refuse_role(name, root, "a file of your own is given by its path, which ends in .toml")
    return load_profile(root / "roles" / f"{name}.toml")


def _refuse_role(name: str, root: Path, advice: str) -> PatternError:
    known = ", ".join(list_roles(root)) or "none"
    near = find_near_role(root, name)
    hint = f" (did you mean {near}?)" if near else ""
    message = f"no such role{hint}; known roles: {known}; {advice}"
    return PatternError(str(root / "roles" / f"{name}.toml"), 0, "missing", message)


def compare_by_name(first: str, second: str, *, root: Path) -> ProfileDifference:
    """The difference of two profiles that are given as in `find_profile`; two of one name are told apart by that.

    Raises:
        PatternError: see `find_profile`.
    """
    ours, theirs = find_profile(first, root=root), find_profile(second, root=root)
    if ours.name == theirs.name:
        ours = dataclasses.replace(ours, name=f"{ours.name} ({first})")
        theirs = dataclasses.replace(theirs, name=f"{theirs.name} ({second})")
    return compare_profiles(ours, theirs)


@dataclasses.dataclass(frozen=True, slots=True)
class _Market:
    """A role's postings and mentions; where they are from; how many titles were looked at, and how many are of it."""

    postings: pa.Table
    mentions: pa.Table
    basis: str
    looked_at: int
    fitting: int


def _read_snapshot(settings: Settings, titles: RoleTitles) -> _Market:
    lake = Lake(settings.lake)
    snapshots = lake.list_snapshots()
    if not snapshots:
        raise LakeError(f"lake {lake.describe_root()} holds no finished snapshot; run the flow first")
    files = list(lake.read_manifest(snapshots[-1])["files"])
    parts = [path for path in files if path.startswith("postings/")]
    # The texts of other roles are not kept in memory: parts are read one at a time.
    looked_at, chosen = 0, []
    for path in parts:
        part = lake.read_parquet([path])
        looked_at += len(part)
        chosen.append(_choose_role(part, titles))
    postings = pa.concat_tables(chosen)
    fitting = len(postings)
    if settings.not_english == "set apart":
        postings = postings.filter(pc.invert(is_foreign(postings)))
    wanted = pc.unique(postings["id"])
    mentions = []
    for path in files:
        if path.startswith("mentions/"):
            table = lake.read_parquet([path])
            mentions.append(table.filter(pc.is_in(table["posting_id"], wanted)))
    return _Market(postings, pa.concat_tables(mentions), f"snapshot {snapshots[-1]}", looked_at, fitting)


def _read_reports(folder: str, titles: RoleTitles, name: str) -> _Market:
    lake = Lake(folder)
    postings = lake.read_parquet(["postings.parquet"])
    metadata = {key.decode(): value.decode() for key, value in (postings.schema.metadata or {}).items()}
    role = metadata.get("skillextract.role", "")
    if role != name:
        raise LakeError(
            f"{folder}: found reports of {role!r}, expected those of {name!r}; give the folder of that role"
        )
    columns = [column for column in postings.column_names if column != "is_role"]
    chosen = _choose_role(postings.select(columns), titles)
    basis = f"snapshot {metadata.get('skillextract.snapshot', '?')}"
    return _Market(chosen, lake.read_parquet(["mentions.parquet"]), basis, len(postings), len(chosen))


def _choose_role(postings: pa.Table, titles: RoleTitles) -> pa.Table:
    is_role = pa.array(titles.classify(postings["title"].to_pylist())[0], pa.bool_())
    return postings.append_column("is_role", is_role).filter(is_role)


def _copy_titles(path: Path) -> str:
    """The text of the `[titles]` of a role, with its comments."""
    text = path.read_text(encoding="utf-8")
    table = text[text.index("[titles]") :]
    # Only a table at the end can be cut out like this; another order is left to the editor of the draft.
    return table if list(tomllib.loads(table)) == ["titles"] else ""
