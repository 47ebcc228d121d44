"""The sample: invented postings that ship with the package, in the form in which the boards deliver them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import resources

from skillextract.collect.boards import BOARDS
from skillextract.collect.payload import Payload
from skillextract.errors import PostingError, SourceChanged
from skillextract.posting import PostingDraft
from skillextract.settings import SampleSource

SAMPLED_AT = datetime(2026, 11, 24, tzinfo=UTC)
"""The `fetched_at` of every posting of the sample: fixed, so that its reports are the same in every run."""


def fetch_sample(source: SampleSource) -> Iterator[Payload]:
    """The payloads of `collect/sample/<board>/<token>.json`, boards and tokens in alphabetical order.

    Raises:
        SourceChanged: the package came without its sample.
    """
    folder = resources.files("skillextract.collect") / "sample"
    found = False
    for board in BOARDS:
        place = folder / board
        files = sorted(place.iterdir(), key=lambda each: each.name) if place.is_dir() else []
        for file in files:
            if file.name.endswith(".json"):
                found = True
                yield Payload(
                    source=source.name,
                    url=f"package:skillextract/collect/sample/{board}/{file.name}",
                    fetched_at=SAMPLED_AT,
                    content=file.read_bytes(),
                )
    if not found:
        raise SourceChanged(
            source.name,
            "package:skillextract/collect/sample",
            "found no payloads, expected <board>/<token>.json; install the package anew",
        )


def parse_sample(payload: Payload, source: SampleSource) -> Iterator[PostingDraft | PostingError]:
    """The postings of one payload of the sample, read by the parser of its board.

    Whatever board they imitate, their source is `sample`, and their ids start with it: nobody shall take their numbers
    for the market's.

    Raises:
        SourceChanged: the payload is no answer of its board.
    """
    board_name, _, file_name = payload.url.removeprefix("package:skillextract/collect/sample/").partition("/")
    board = BOARDS[board_name]
    token = file_name.removesuffix(".json")
    # Ashby and Lever never name the employer; in the sample its name is the file's.
    company = token.replace("-", " ").title()
    named = {"token": token, "company": company} if "token" in board.source.model_fields else {}
    imitated = board.source.model_validate({"board": board_name, **named})
    for item in board.parse(payload, imitated):
        if isinstance(item, PostingDraft):
            yield dataclasses.replace(item, id=f"{source.name}:{item.id}", source=source.name)
        else:
            yield PostingError(source.name, f"{board_name}:{token}:{item.posting_id}", item.field, item.message)
