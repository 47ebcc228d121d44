"""The matcher of a folder of patterns, loaded once a process: workers are handed the folder, not the matcher."""

from __future__ import annotations

import contextlib
import functools
import gc
from collections.abc import Iterator
from pathlib import Path

from skillextract.skills.matcher import SkillMatcher
from skillextract.skills.pattern_files import find_patterns, load_vocabulary
from skillextract.skills.vocabulary import Vocabulary


def load_matcher(patterns: str | None = None) -> SkillMatcher:
    """Return the matcher of a folder of patterns, by default the package's own.

    Raises:
        PatternError: the first line that breaks a rule, or there is no such folder.
    """
    return _load(str(find_patterns() if patterns is None else Path(patterns)))


@functools.lru_cache(maxsize=2)
def _load(root: str) -> SkillMatcher:
    with _keeping_all():
        return SkillMatcher(load_vocabulary(Path(root)))


@contextlib.contextmanager
def _keeping_all() -> Iterator[None]:
    """Search for no garbage: of half a million objects that loading makes none is, and looking takes a tenth of it.

    What was loaded stays as long as the process and is not looked through again: of a run that took another twentieth.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was_enabled:
            gc.enable()


def find_rules(vocabulary: Vocabulary, name: str) -> Path:
    """Return a file of rules in the vocabulary's folder, or the package's own where that folder has none."""
    path = vocabulary.root / name
    return path if path.is_file() else find_patterns() / name
