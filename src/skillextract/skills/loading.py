"""The matcher of a folder of patterns, loaded once a process: workers are handed the folder, not the matcher."""

from __future__ import annotations

import functools
from pathlib import Path

from skillextract.skills.matcher import SkillMatcher
from skillextract.skills.vocabulary import find_patterns, load_vocabulary


def load_matcher(patterns: str | None = None) -> SkillMatcher:
    """Return the matcher of a folder of patterns, by default the package's own.

    Raises:
        PatternError: the first line that breaks a rule, or there is no such folder.
    """
    return _load(str(find_patterns() if patterns is None else Path(patterns)))


@functools.lru_cache(maxsize=2)
def _load(root: str) -> SkillMatcher:
    return SkillMatcher(load_vocabulary(Path(root)))
