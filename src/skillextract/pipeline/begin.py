"""Begin a run: refuse what it would be refused for, and give it its snapshot."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import skillextract
from skillextract.collect.files import find_missing
from skillextract.errors import SettingsError
from skillextract.journal import open_run
from skillextract.lake import Lake
from skillextract.parsed import name_parser
from skillextract.reuse import name_reader
from skillextract.roles.known import check_role
from skillextract.roles.profile import RoleProfile, check_skills, load_profile
from skillextract.roles.titles import RoleTitles, load_titles
from skillextract.settings import FilesSource, Settings
from skillextract.skills.loading import load_matcher
from skillextract.skills.vocabulary import Vocabulary


def check_run(settings: Settings, *, patterns: str | None = None, settings_file: Path | None = None) -> None:
    """Refuse what a run would be refused for, without the network, and leave no trace.

    Whoever waits an hour for the boards shall not learn then that the lake is read-only or the role misspelt.

    Args:
        settings: those of the run.
        patterns: a folder of patterns, by default the package's own.
        settings_file: where the settings were read, for a hint where a path was meant to be relative to it.

    Raises:
        SettingsError: there is no such role, or all sources are files of which none is there.
        PatternError: a pattern or the role's file breaks a rule.
        LakeError: the lake cannot be written to, or a newer version of the program has written to it.
    """
    vocabulary = load_matcher(patterns).vocabulary
    check_role(vocabulary.root, settings.role)
    load_role(vocabulary, settings.role)
    missing = find_missing_files(settings, settings_file=settings_file)
    if len(missing) == len(settings.sources):
        raise SettingsError("\n".join(f"settings: sources: {fault}" for fault in missing))
    Lake(settings.lake).check_version()
    Lake(settings.lake).check_writable()


def find_missing_files(settings: Settings, *, settings_file: Path | None = None) -> list[str]:
    """Return what is wrong with the sources whose file or folder is not there, a message each, in their order.

    A path is relative to the working directory, since settings that are a flow's parameters have no file. Where it lies
    beside the settings file the message says so.
    """
    told = []
    for source in settings.sources:
        fault = find_missing(source) if isinstance(source, FilesSource) else None
        if fault is None:
            continue
        beside = None if settings_file is None else settings_file.resolve().parent / fault.url
        if beside is not None and beside.exists():
            told.append(f"{fault}: {beside} is there, so run from its folder, or give its whole path")
        else:
            told.append(str(fault))
    return told


def begin_run(settings: Settings, *, patterns: str | None = None, now: datetime | None = None) -> str:
    """Return the id of the snapshot that the run makes, once all that needs no network is known to be right.

    It is that of a run that was killed, where there is one from the last twelve hours with the same settings, patterns
    and version, and the same code that reads payloads and texts; else a new one. It is this process's own until the
    snapshot is committed, given up (`give_up_run`) or the process ends: another run on the same lake makes one of its
    own.

    Raises:
        SettingsError: there is no such role, or all sources are files of which none is there.
        PatternError: a pattern or the role's file breaks a rule.
        LakeError: the lake cannot be written to.
    """
    check_run(settings, patterns=patterns)
    vocabulary = load_matcher(patterns).vocabulary
    asked = {
        "settings": settings.model_dump(mode="json", exclude={"lake", "cache", "contact", "runner", "workers"}),
        "patterns": vocabulary.version,
        "reader": name_reader(vocabulary.version),
        "parser": name_parser(),
        "package": skillextract.__version__,
    }
    return open_run(Lake(settings.lake), asked=asked, now=now or datetime.now(UTC))


def give_up_run(settings: Settings, snapshot: str) -> None:
    """Let another process go on with a run that has failed, once none of its steps is at work any more.

    On a disk the end of this process does so, too. In an object store its claim would stand for an hour.
    """
    Lake(settings.lake).release(snapshot)


def load_role(vocabulary: Vocabulary, role: str) -> tuple[RoleTitles, RoleProfile]:
    """Return which titles are of a role, and its profile, whose skills are all known.

    Raises:
        PatternError: there is no such role, or its file breaks a rule.
    """
    path = vocabulary.root / "roles" / f"{role}.toml"
    titles, profile = load_titles(vocabulary.root, role), load_profile(path)
    families = {skill.family for skill in vocabulary.skills.values()}
    check_skills(profile, skills=vocabulary.skills, families=families, path=str(path))
    return titles, profile
