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

from collect.fixtures import board_file, example_source, payload_of
from skillextract.collect.boards import BOARDS
from skillextract.collect.files import read_files
from skillextract.errors import PostingError, SkillExtractError
from skillextract.posting import POSTING_SCHEMA, PostingDraft
from skillextract.settings import AshbySource, BoardSource, FilesSource

SOURCES = {name: example_source(name) for name in BOARDS}
OF_JSON = [name for name in BOARDS if board_file(name).suffix == ".json"]
OF_MARKUP = [name for name in BOARDS if name not in OF_JSON]


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


def check_items(board: str, value: object) -> None:
    """What comes of the answer can be written, or names its source."""
    for item in parse(board, value):
        if isinstance(item, PostingDraft):
            check_fits_the_lake(item)
        else:
            assert item.source == SOURCES[board].name


def pa_type(value: object) -> Any:
    import pyarrow as pa

    if isinstance(value, str):
        return pa.string()
    return pa.float64() if isinstance(value, float) else pa.timestamp("us", tz="UTC")


MARKUP = [
    b"<",
    b">",
    b"&",
    b"]]>",
    b"<![CDATA[",
    b"&#0;",
    b"&#xd800;",
    b"&nbsp;",
    b"\xff",
    b"\x00",
    b"<!--",
    b"</item>",
]
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
    return mutated(json.loads(board_file(board).read_text()), draw)


def test_the_table_lists_the_boards_of_the_settings() -> None:
    assert {board.source for board in BOARDS.values()} == set(get_args(BoardSource))
    assert {board.source.model_fields["board"].default for board in BOARDS.values()} == set(BOARDS)


@pytest.mark.parametrize("board", OF_JSON)
@settings(max_examples=15, deadline=None)
@given(value=JSON)
@example(value={"jobs": [{"id": 10**3000, "title": "T"}], "children": [{"id": True}], "hits": [None]})
def test_arbitrary_json_raises_nothing_but_our_own_errors(board: str, value: object) -> None:
    parse(board, value)


@pytest.mark.parametrize("board", OF_JSON)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_damaged_answer_gives_postings_that_can_be_written_or_errors(board: str, data: st.DataObject) -> None:
    check_items(board, data.draw(answers(board)))


@pytest.mark.parametrize("board", OF_MARKUP)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_damaged_markup_gives_postings_that_can_be_written_or_errors(board: str, data: st.DataObject) -> None:
    content = board_file(board).read_bytes()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 200)))
    put = data.draw(st.binary(max_size=20) | st.sampled_from(MARKUP))
    check_items(board, content[:start] + put + content[end:])


@settings(max_examples=15, deadline=None)
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@pytest.mark.parametrize(
    "name", ["p.jsonl", "p.csv", "p.parquet", "p.jsonl.gz", "p.csv.zst", "p.parquet.zst", "p.html"]
)
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
        ("smartrecruiters/automationanywhere_detail.json", 0, 1),
        ("smartrecruiters/automationanywhere_page0.json", 0, 0),
        ("smartrecruiters/automationanywhere_page1.json", 0, 0),
        ("smartrecruiters/careerkit_list.json", 0, 0),
        ("smartrecruiters/hirevue_detail.json", 1, 0),
        ("smartrecruiters/hirevue_list.json", 0, 0),
        ("recruitee/acme_offers.json", 2, 0),
        ("recruitee/michael_offers.json", 3, 0),
        ("personio/baluffo_feed.xml", 0, 2),
        ("personio/feed_language_en_2026-10-04.xml", 2, 0),
        ("personio/personio_empty_descriptions.xml", 0, 1),
        ("workable/crewai_widget_details.json", 4, 0),
        ("workable/vasion_widget_details.json", 2, 0),
        ("workable/zaelab_widget.json", 0, 1),
        ("teamtailor/jobs_rss_shape.xml", 1, 0),
        ("himalayas/brete_placeholder_company.json", 3, 0),
        ("himalayas/ikevin_envelope.json", 4, 0),
        ("himalayas/michael_hourly.json", 3, 0),
        ("arbeitnow/brete_page.json", 3, 0),
        ("arbeitnow/lcarlini_page.json", 5, 0),
        ("remotive/brete_api.json", 3, 0),
        ("remotive/ikevin_api.json", 4, 0),
        ("remotive/lcarlini_api.json", 5, 0),
        ("remoteok/brete_api.json", 3, 0),
        ("remoteok/ikevin_api.json", 4, 0),
        ("remoteok/lcarlini_api.json", 4, 0),
        ("jobicy/brete_api.json", 3, 0),
        ("jobicy/ikevin_api.json", 4, 0),
        ("jobicy/lcarlini_api.json", 5, 0),
        ("themuse/jobscout_shape.json", 0, 1),
        ("usajobs/kaekaelyn_search.json", 2, 0),
        ("adzuna/atoz_response.json", 2, 0),
        ("adzuna/brete_response.json", 2, 0),
        ("rss_atom/generic.rss", 2, 0),
        ("weworkremotely/category_sales.rss", 3, 0),
        ("weworkremotely/remote_jobs.rss", 4, 0),
        ("jsonld/graph_and_broken_block.html", 2, 0),
        ("jsonld/icims_detail.html", 0, 1),
        ("jsonld/meta_software_engineer.html", 0, 1),
        ("jsonld/neura_robotics_manager.html", 1, 0),
        ("jsonld/single.html", 1, 0),
        ("jsonld/telecommute_and_location.html", 1, 0),
        ("sitemap/sitemap_careers.xml", 0, 0),
        ("sitemap/sitemap_index.xml", 0, 0),
    ],
)
def test_captured_answers_are_read(shared: Path, file: str, postings: int, refused: int) -> None:
    folder = file.partition("/")[0]
    board = {"rss_atom": "feed", "weworkremotely": "feed", "jsonld": "pages", "sitemap": "pages"}.get(folder, folder)
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
