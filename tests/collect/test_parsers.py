"""What holds for every parser, whatever it is given."""

import contextlib
import gzip
import json
from pathlib import Path
from typing import Any, get_args
from urllib.parse import unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from collect.fixtures import FOLDER, payload_of
from skillextract.collect.boards import BOARDS
from skillextract.collect.files import read_files
from skillextract.errors import PostingError, SkillExtractError
from skillextract.posting import POSTING_SCHEMA, PostingDraft
from skillextract.settings import AshbySource, BoardSource, FilesSource

SOURCES = {
    name: board.source.model_validate({"token": "x"} if "token" in board.source.model_fields else {})
    for name, board in BOARDS.items()
}


def parse(board: str, value: object) -> list[PostingDraft | PostingError]:
    try:
        return list(BOARDS[board].parse(payload_of(value), SOURCES[board]))
    except SkillExtractError:
        return []


def check_fits_the_lake(draft: PostingDraft) -> None:
    """The draft can be written: text is Unicode, numbers are numbers, dates are UTC."""
    for name, value in ((field.name, getattr(draft, field.name, None)) for field in POSTING_SCHEMA):
        if isinstance(value, str):
            value.encode()
        assert value is None or POSTING_SCHEMA.field(name).type.equals(pa_type(value)), (name, value)
    draft.body.encode()


def pa_type(value: object) -> Any:
    import pyarrow as pa

    if isinstance(value, str):
        return pa.string()
    return pa.float64() if isinstance(value, float) else pa.timestamp("us", tz="UTC")


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.sampled_from(
        ["1 YEAR", "Salary", "Remote", "2026-07-01", "a | b | Engineer | $1k-2k / yr", "\ud800", "&lt;p&gt;"]
    )
)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3))


def mutated(value: object, draw: Any) -> object:
    """The value with some of its parts replaced by arbitrary JSON."""
    if draw(st.integers(0, 9)) == 0:
        return draw(JSON)
    if isinstance(value, dict):
        return {name: mutated(inner, draw) for name, inner in value.items() if draw(st.integers(0, 19)) > 0}
    if isinstance(value, list):
        return [mutated(inner, draw) for inner in value]
    return value


@st.composite
def answers(draw: Any, board: str) -> object:
    return mutated(json.loads((FOLDER / f"{board}.json").read_text()), draw)


def test_the_table_lists_the_boards_of_the_settings() -> None:
    assert {board.source for board in BOARDS.values()} == set(get_args(BoardSource))
    assert {board.source.model_fields["board"].default for board in BOARDS.values()} == set(BOARDS)


@pytest.mark.parametrize("board", BOARDS)
@settings(max_examples=30, deadline=None)
@given(value=JSON)
@example(value={"jobs": [{"id": 10**3000, "title": "T"}], "children": [{"id": True}], "hits": [None]})
def test_arbitrary_json_raises_nothing_but_our_own_errors(board: str, value: object) -> None:
    parse(board, value)


@pytest.mark.parametrize("board", BOARDS)
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_a_damaged_answer_gives_postings_that_can_be_written_or_errors(board: str, data: st.DataObject) -> None:
    for item in parse(board, data.draw(answers(board))):
        if isinstance(item, PostingDraft):
            check_fits_the_lake(item)
        else:
            assert item.source == SOURCES[board].name


@settings(max_examples=30, deadline=None)
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@pytest.mark.parametrize("name", ["p.jsonl", "p.csv", "p.parquet", "p.jsonl.gz", "p.html"])
def test_arbitrary_files_raise_nothing_but_our_own_errors(tmp_path_factory: Any, name: str, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(content)
    with contextlib.suppress(SkillExtractError):
        list(read_files(FilesSource(path=str(path))))


@pytest.mark.parametrize(
    ("file", "postings", "refused"),
    [
        ("ashby/brete_board.json", 3, 0),
        ("ashby/candidatezero_board.json", 4, 0),
        ("ashby/careerkit_board.json", 2, 0),
        ("ashby/linear_board_comp.json", 2, 0),
        ("greenhouse/brete_list.json", 3, 0),
        ("greenhouse/candidatezero_list.json", 0, 3),
        ("greenhouse/careerkit_list.json", 2, 0),
        ("greenhouse/gitlab_list_content.json", 2, 0),
        ("lever/aaron_board.json", 2, 0),
        ("lever/candidatezero_list.json", 4, 0),
        ("lever/careerkit_list.json", 2, 0),
        ("lever/matchgroup_list.json", 2, 0),
        ("hackernews/algolia_comment_hits_2026_07.json", 6, 0),
        ("hackernews/algolia_item_synthetic.json", 2, 0),
        ("hackernews/algolia_search_synthetic.json", 0, 0),
    ],
)
def test_captured_answers_are_read(shared: Path, file: str, postings: int, refused: int) -> None:
    board = file.partition("/")[0]
    items = list(BOARDS[board].parse(payload_of((shared / "api" / file).read_bytes()), SOURCES[board]))
    drafts = [item for item in items if isinstance(item, PostingDraft)]
    assert (len(drafts), len(items) - len(drafts)) == (postings, refused)
    for draft in drafts:
        check_fits_the_lake(draft)


def test_256_real_boards_are_read(shared: Path) -> None:
    drafts, refused = 0, []
    for file in sorted((shared / "postings" / "ashby").glob("*.json.gz")):
        source = AshbySource(token=unquote(file.name.removesuffix(".json.gz")))
        for item in BOARDS["ashby"].parse(payload_of(gzip.decompress(file.read_bytes())), source):
            if isinstance(item, PostingDraft):
                drafts += 1
            else:
                refused.append(str(item))
    assert (drafts, refused) == (5203, [])
