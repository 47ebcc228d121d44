"""Loading a matcher: once a process, without a search for garbage, and none is left switched off."""

import gc
from pathlib import Path

import pytest

from skillextract.errors import PatternError
from skillextract.skills.loading import load_matcher


@pytest.mark.parametrize("is_enabled", [True, False])
def test_garbage_is_searched_for_after_a_failed_loading_as_it_was_before(tmp_path: Path, is_enabled: bool) -> None:
    (gc.enable if is_enabled else gc.disable)()
    try:
        with pytest.raises(PatternError, match="no folder `skills` in it"):
            load_matcher(str(tmp_path))
        assert gc.isenabled() is is_enabled
    finally:
        gc.enable()


def test_a_folder_is_loaded_once_a_process() -> None:
    assert load_matcher() is load_matcher()


def test_what_was_loaded_is_not_searched_for_garbage_again() -> None:
    matcher = load_matcher()
    assert gc.get_freeze_count() > len(matcher.vocabulary.patterns)
