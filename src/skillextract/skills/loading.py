"""The matcher of a folder of patterns, loaded once a process: workers are handed the folder, not the matcher."""

from __future__ import annotations

import functools
from pathlib import Path

from skillextract.skills.matcher import SkillMatcher
from skillextract.skills.vocabulary import Vocabulary, find_patterns, load_vocabulary


def load_matcher(patterns: str | None = None) -> SkillMatcher:
    """Return the matcher of a folder of patterns, by default the package's own.

    Raises:
        PatternError: the first line that breaks a rule, or there is no such folder.
    """
    return _load(str(find_patterns() if patterns is None else Path(patterns)))


@functools.lru_cache(maxsize=2)
def _load(root: str) -> SkillMatcher:
    return SkillMatcher(load_vocabulary(Path(root)))


def find_rules(vocabulary: Vocabulary, name: str) -> Path:
    """Return a file of rules in the vocabulary's folder, or the package's own where that folder has none."""
    path = vocabulary.root / name
    return path if path.is_file() else find_patterns() / name
