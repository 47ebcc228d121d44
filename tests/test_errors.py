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
    clean_message,
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


HOSTILE = "x\x1b[2J\x1b]0;own\x07\nWARNING forged\u2028\u202e\ud800"
SHOWN = "x [2J ]0;own  WARNING forged  \ufffd"


def test_what_a_source_says_commands_no_terminal_forges_no_line_and_can_be_written_anywhere() -> None:
    posting = PostingError("ashby:acme", HOSTILE, HOSTILE, f"found {HOSTILE}")
    assert str(posting) == f"ashby:acme: posting {SHOWN}: {SHOWN}: found {SHOWN}"
    assert posting.posting_id == HOSTILE  # the posting is found by it
    assert str(pickle.loads(pickle.dumps(posting))) == str(posting)
    assert str(SourceChanged("ashby:acme", "https://x.example", HOSTILE)) == f"ashby:acme: https://x.example: {SHOWN}"


def test_a_sources_name_is_left_from_a_message_also_where_it_had_to_be_cleaned() -> None:
    assert leave_source(SourceChanged("files:caf\udce9", "a", "found\tnothing")) == "a: found nothing"


def test_a_message_that_every_place_can_hold_stays_as_it_is() -> None:
    text = "found '“Ingénieur·e” 👩\u200d💻', expected an id; see the raw payload"
    assert clean_message(text) == text
