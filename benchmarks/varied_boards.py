"""Postings of boards without number, from the real ones of ../shared: each like no other, in the shape of real boards.

Each repetition of a board is an employer of its own. Behind words that carry nothing ("and", "with", "your" …), by
chance, and at the end of paragraphs stands a made-up word, and of what only one posting says a quarter of the
paragraphs is left out. What several postings of a board say in the same words (63 % of the text: the company, its
benefits, the law) is varied once for each repetition, and stands in all of its postings as it does in real life.
Headings and other lines of six words or fewer stay as they are.
"""

from __future__ import annotations

import dataclasses
import gzip
import itertools
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from skillextract.collect.boards.ashby import parse
from skillextract.collect.payload import Payload
from skillextract.posting import Posting, PostingDraft
from skillextract.settings import AshbySource
from skillextract.text.language import find_language
from skillextract.text.render import hash_content, render_posting

BOARDS = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "postings" / "ashby"
POSTINGS_A_BOARD = 500
_LONGEST_HEADING = 6
"""Words of a line that may be a heading."""
_EMPTY_WORD = re.compile(
    r"(?<=[a-z,;] )(?:and|or|the|to|of|with|in|for|a|an|our|your|we|you|is|are|on|as|that|this)(?= )"
)
_PARAGRAPH = re.compile(r"(?<=</p>)|(?<=</li>)|(?<=</h\d>)|(?<=\n)")
_ENDING = re.compile(r"(?=</p>|</li>|<br|\n)")
_TAG = re.compile(r"<[^>]*>")
_SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
_MADE_UP = [" " + "".join(each) for each in itertools.islice(itertools.product(_SYLLABLES, repeat=3), 0, None, 61)]

Paragraph = tuple[str, ...]
"""The pieces of a paragraph between which a word may be put; the last gap is always filled."""


class Boards:
    """The boards of ../shared, and as many repetitions of them as it takes.

    Args:
        postings: how many they have together.

    One such object gives either answers or postings, for it remembers how it cut their texts.

    Attributes:
        tokens: names of boards, each with the number of its postings.
    """

    def __init__(self, postings: int) -> None:
        self._jobs: dict[str, list[dict[str, Any]]] = {}
        for path in sorted(BOARDS.glob("*.json.gz")):
            jobs = [job for job in json.loads(gzip.decompress(path.read_bytes()))["jobs"] if job.get("descriptionHtml")]
            for first in range(0, len(jobs), POSTINGS_A_BOARD):
                name = re.sub(r"[^A-Za-z0-9]", "", path.name.removesuffix(".json.gz")) or "board"
                self._jobs[f"{name}.{first // POSTINGS_A_BOARD}"] = jobs[first : first + POSTINGS_A_BOARD]
        if not self._jobs:
            raise SystemExit(f"{BOARDS}: found no *.json.gz, expected the shared postings")
        self._cut: dict[str, tuple[list[list[Paragraph]], set[Paragraph]]] = {}
        self._read: dict[str, list[Posting]] = {}
        self._repetitions = -(-postings // sum(map(len, self._jobs.values())))
        self.tokens = self._name(postings)

    def _name(self, postings: int) -> dict[str, int]:
        # Small boards come together, each repetition of them; so a run asks for some hundreds of boards.
        tokens: dict[str, int] = {}
        for name, jobs in self._jobs.items():
            together = max(1, min(POSTINGS_A_BOARD // len(jobs), self._repetitions))
            for first in range(0, self._repetitions, together):
                last = min(first + together, self._repetitions)
                tokens[f"{name}-{first}-{last}"] = len(jobs) * (last - first)
        spare = sum(tokens.values()) - postings
        for token in reversed(list(tokens)):
            less = min(spare, tokens[token] - 1)
            tokens[token] -= less
            spare -= less
        return tokens

    def answer(self, token: str) -> bytes:
        """The answer of a board, the same each time."""
        name = token.rsplit("-", 2)[0]
        bodies = [str(job["descriptionHtml"]) for job in self._jobs[name]]
        jobs = []
        for number, repetition, body in self._vary_board(token, bodies):
            facts = {k: v for k, v in self._jobs[name][number].items() if not k.startswith("description")}
            jobs.append({**facts, "id": f"{facts['id']}-{repetition}", "descriptionHtml": body})
        return json.dumps({"jobs": jobs, "apiVersion": "1"}).encode()

    def list_postings(self, token: str) -> Iterator[Posting]:
        """The same postings as they are once the board was read, but varied after the text was made plain."""
        name = token.rsplit("-", 2)[0]
        if name not in self._read:
            self._read[name] = list(read_board(self._jobs[name]))
        source = AshbySource(token=token).name
        read = self._read[name]
        for number, repetition, text in self._vary_board(token, [posting.text for posting in read]):
            posting = read[number]
            native_id = posting.id.rpartition(":")[2]
            yield dataclasses.replace(
                posting,
                id=f"{source}:{native_id}-{repetition}",
                source=source,
                company=token,
                text=text,
                content_hash=hash_content(posting.title, text),
            )

    def _vary_board(self, token: str, bodies: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """Yield number, repetition and body of each posting of a board."""
        name, first, last = token.rsplit("-", 2)
        if name not in self._cut:
            cut = [cut_paragraphs(body) for body in bodies]
            counts = Counter(paragraph for paragraphs in cut for paragraph in set(paragraphs))
            self._cut[name] = cut, {paragraph for paragraph, count in counts.items() if count > 1}
        cut, shared = self._cut[name]
        every = ((repetition, number) for repetition in range(int(first), int(last)) for number in range(len(cut)))
        told: dict[tuple[int, Paragraph], str] = {}
        dice = random.Random(token)
        for repetition, number in itertools.islice(every, self.tokens[token]):
            pieces = []
            for paragraph in cut[number]:
                if len(paragraph) == 1:
                    pieces.append(paragraph[0])
                elif paragraph in shared:
                    key = repetition, paragraph
                    told[key] = told.get(key) or vary(paragraph, dice)
                    pieces.append(told[key])
                elif dice.random() < 0.75:
                    pieces.append(vary(paragraph, dice))
            yield number, repetition, "".join(pieces)


def cut_paragraphs(body: str) -> list[Paragraph]:
    """The paragraphs of a text or of HTML."""
    paragraphs: list[Paragraph] = []
    for paragraph in _PARAGRAPH.split(body):
        if len(_TAG.sub(" ", paragraph).split()) <= _LONGEST_HEADING:
            paragraphs.append((paragraph,))
            continue
        ending = [match.start() for match in _ENDING.finditer(paragraph)] or [len(paragraph)]
        places = [match.start() - 1 for match in _EMPTY_WORD.finditer(paragraph)]
        inside = [place for place in places if paragraph.rfind("<", 0, place) <= paragraph.rfind(">", 0, place)]
        bounds = sorted({0, *inside, *ending, len(paragraph)})
        paragraphs.append(tuple(paragraph[a:b] for a, b in itertools.pairwise(bounds)))
    return paragraphs


def vary(paragraph: Paragraph, dice: random.Random) -> str:
    """A paragraph that is like no other of the same pieces."""
    pieces = []
    for piece in paragraph[:-1]:
        pieces.append(piece)
        if dice.random() < 0.8:
            pieces.append(dice.choice(_MADE_UP))
    return "".join([*pieces, dice.choice(_MADE_UP), dice.choice(_MADE_UP), paragraph[-1]])


def read_board(jobs: Sequence[dict[str, Any]]) -> Iterator[Posting]:
    """The postings of a board's answer."""
    source = AshbySource(token="board")
    content = json.dumps({"jobs": jobs, "apiVersion": "1"}).encode()
    payload = Payload(source=source.name, url="", fetched_at=datetime.now(UTC), content=content)
    for draft in parse(payload, source):
        if isinstance(draft, PostingDraft):
            posting = render_posting(draft)
            yield dataclasses.replace(posting, language=find_language(posting.text))
