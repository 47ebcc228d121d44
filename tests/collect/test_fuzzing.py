"""The longer proof that no input, however damaged, crashes a parser or holds it up: more than 100,000 inputs.

`test_parsers` has the same in short with inputs that shrink; here a seed stands for the damage, which is far quicker.
"""

import contextlib
import json
import logging
import random
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collect.fixtures import board_file, payload_of
from collect.test_parsers import SOURCES, check_fits_the_lake
from skillextract.collect.boards import BOARDS
from skillextract.collect.files import read_files
from skillextract.collect.payload import Payload
from skillextract.errors import PostingError, SkillExtractError, SourceUnavailable
from skillextract.posting import PostingDraft
from skillextract.settings import FilesSource
from skillextract.text.html import extract_text

SECONDS = 1.0
"""Processor time that no input may take."""
SEEDS = st.integers(0, 2**64 - 1)
GROUP = 10
QUICK, LONG = 60, {"board": 4_000, "html": 22_000, "file": 2_000}
"""Inputs in `make test` and in `make test-slow`: 19 boards, HTML to text, and 4 forms of files make 106,000."""

VALUES: list[Any] = [
    None, True, False, 0, -1, 10**30, 1e308, -0.5, "", " ", "x", "\ud800", "\x00", "0", "1e9", "<p>", "&lt;p&gt;",
    [], {}, [[]], [None], [{}], {"": None}, "2026-07-01", "0000-00-00", "Remote", "1 YEAR", "$1k-2k / hour",
    "https://[", "//", "a" * 999,
]  # fmt: skip
BYTES = [
    b"", b"<", b">", b"&", b"&amp;", b"&nbsp;", b"&#0;", b"&#x110000;", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"</",
    b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b'"', b"'", b"<p>", b"</p>", b"<script>", b"<?xml", b"<!DOCTYPE x>", b"\n",
    b"{", b"}", b"[", b"]", b",", b"\\", b"\\u0000", b"<item>", b"</item>", b"<a " * 50, b"<div>" * 200, b"(" * 50,
    b"9" * 400, b"  " * 300,
]  # fmt: skip
TAGS = """
    div p ul ol li table tr td th h1 h3 b i a span br img script style template svg select option form font
""".split()  # noqa: SIM905
ATTRIBUTES = ["", " hidden", ' style="display:none"', ' style="visibility : hidden', ' href="x', " x=<", ' style=""']
PIECES = [
    "text",
    " ",
    "\n",
    "• ",
    "- ",
    "&amp;",
    "&lt;b&gt;",
    "&#8226;",
    "\u200b",
    "\x0b",
    "|",
    "C++",
    "<",
    ">",
    "\ud800",
    "é",
]


def damage_value(value: Any, chance: random.Random) -> Any:
    """The value with some of its parts replaced, dropped or doubled."""
    lot = chance.random()
    if lot < 0.06:
        return chance.choice(VALUES)
    if isinstance(value, dict):
        items = [(key, damage_value(inner, chance)) for key, inner in value.items() if chance.random() > 0.04]
        return dict(items) if lot < 0.97 else {**dict(items), str(chance.choice(VALUES)): chance.choice(VALUES)}
    if isinstance(value, list):
        return [damage_value(inner, chance) for inner in value for _ in range(1 + (chance.random() < 0.05))]
    return value


def damage_bytes(content: bytes, chance: random.Random) -> bytes:
    """The bytes with a few places cut out, filled, doubled or cut off."""
    for _ in range(chance.randint(1, 6)):
        start = chance.randint(0, len(content))
        end = min(len(content), start + chance.choice([0, 1, 3, 30, 300]))
        put = chance.choice([chance.choice(BYTES), chance.randbytes(chance.randint(0, 8)), content[start:end] * 2])
        content = content[:start] + put + content[end:]
    return content if chance.random() < 0.9 else content[: chance.randint(0, len(content))]


def build_html(chance: random.Random) -> str:
    """Tags and text in any order, mostly unclosed."""
    parts = []
    for _ in range(chance.randint(0, 60)):
        tag = chance.choice(TAGS)
        opened = f"<{tag}{chance.choice(ATTRIBUTES)}>"
        parts.append(chance.choice([opened, opened * 9, f"</{tag}>", chance.choice(PIECES), f"<{tag}"]))
    return "".join(parts) * chance.choice([1, 1, 1, 20])


def timed(run: Callable[[], Any]) -> Any:
    began = time.thread_time()
    result = run()
    assert time.thread_time() - began < SECONDS
    return result


def parse_board(board: str, seed: int) -> None:
    chance = random.Random(seed)
    content = board_file(board).read_bytes()
    if board_file(board).suffix == ".json" and chance.random() < 0.6:
        content = json.dumps(damage_value(json.loads(content), chance)).encode()
    else:
        content = damage_bytes(content, chance)
    items: list[Any] = []
    try:
        items = timed(lambda: list(BOARDS[board].parse(payload_of(content), SOURCES[board])))
    except SkillExtractError:
        items = []
    for item in items:
        if isinstance(item, PostingDraft):
            check_fits_the_lake(item)
        else:
            assert isinstance(item, PostingError)
    if chance.random() < 0.75:
        return
    with contextlib.suppress(SkillExtractError):
        list(BOARDS[board].fetch(OneAnswer(content), SOURCES[board]))  # type: ignore[arg-type]


class OneAnswer:
    """A session that gives the same answer a few times."""

    fresh_for, longest_wait = timedelta(0), 120

    def __init__(self, content: bytes) -> None:
        self.content, self.left = content, 4

    def get(self, url: str, **_: object) -> Payload:
        self.left -= 1
        if self.left < 0:
            raise SourceUnavailable("x", url, "enough")
        return payload_of(self.content)

    def ask(self, url: str, **_: object) -> requests.Response:
        response = requests.Response()
        response.status_code, response._content = 200, self.content
        return response

    def keep_fresh(self, fresh_for: timedelta) -> Self:
        return self

    def space_requests(self, url: str, seconds: float) -> None:
        pass


def read_html(seed: int) -> None:
    chance = random.Random(seed)
    if chance.random() < 0.5:
        markup = build_html(chance)
    else:
        markup = damage_bytes(board_file("pages").read_bytes(), chance).decode("utf-8", "replace")
    text = timed(lambda: extract_text(markup))
    assert isinstance(text, str)
    assert [line for line in text.split("\n") if line != line.strip()] == []


def read_file(folder: Path, form: str, seed: int) -> None:
    chance = random.Random(seed)
    row = '{"title": "T", "text": "a, b", "id": 1, "salary_min": "2", "posted_at": "2026-07-01"}\n'
    csv = 'title,text,id,salary_min\nT,"a, b",1,2\n"a ""b""",c,2,x\n'
    content = (csv if form == "csv" else row * 3 if form == "jsonl" else board_file("pages").read_text()).encode()
    path = folder / f"p.{form}"
    path.write_bytes(damage_bytes(content, chance))
    with contextlib.suppress(SkillExtractError):
        for item in timed(lambda: list(read_files(FilesSource(path=str(path))))):
            if isinstance(item, PostingDraft):
                check_fits_the_lake(item)


@pytest.fixture(autouse=True)
def no_log() -> Any:
    """A hundred thousand warnings would fill the memory of the test run."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def proof(inputs: int, run: Callable[[int], None]) -> None:
    """Run it for so many inputs, several for each seed, for drawing a seed costs more than parsing."""
    checks = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]

    @settings(max_examples=inputs // GROUP, deadline=None, database=None, suppress_health_check=checks)
    @given(seed=SEEDS)
    def prove(seed: int) -> None:
        for number in range(GROUP):
            run(seed * GROUP + number)

    prove()


@pytest.mark.parametrize("board", BOARDS)
def test_a_damaged_answer_is_read_or_refused(board: str) -> None:
    proof(QUICK, lambda seed: parse_board(board, seed))


def test_any_html_gives_lines() -> None:
    proof(5 * QUICK, read_html)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("board", BOARDS)
def test_thousands_of_damaged_answers_are_read_or_refused(board: str) -> None:
    proof(LONG["board"], lambda seed: parse_board(board, seed))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_thousands_of_pages_give_lines() -> None:
    proof(LONG["html"], read_html)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("form", ["jsonl", "csv", "html", "parquet"])
def test_thousands_of_damaged_files_are_read_or_refused(tmp_path: Path, form: str) -> None:
    proof(LONG["file"], lambda seed: read_file(tmp_path, form, seed))
