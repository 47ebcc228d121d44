"""Errors travel between processes and say the same on the other side."""

import pickle

import pytest

from skillextract.errors import (
    PatternError,
    PostingError,
    SkillExtractError,
    SourceBusy,
    SourceChanged,
    SourceUnavailable,
)


@pytest.mark.parametrize(
    "error",
    [
        PatternError("patterns/registry.jsonl", 3, "unique", "twice"),
        PostingError("ashby:acme", "row 12", "text", "found nothing"),
        SourceChanged("ashby:acme", "https://x.example", "found HTML"),
        SourceUnavailable("ashby:acme", "https://x.example", "no answer"),
        SourceBusy("ashby:acme", "https://x.example", "was asked to wait"),
    ],
)
def test_an_error_is_the_same_after_pickling(error: SkillExtractError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))
