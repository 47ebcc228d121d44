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
    leave_source,
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


def test_only_the_sources_own_name_is_left_from_a_message() -> None:
    assert leave_source(PostingError("ashby:acme", "9", "text", "found nothing")) == "posting 9: text: found nothing"
    assert leave_source(SourceUnavailable("files:a", "files:a: b", "no answer")) == "files:a: b: no answer"
    assert leave_source(ValueError("ashby:acme: broken")) == "ashby:acme: broken"
