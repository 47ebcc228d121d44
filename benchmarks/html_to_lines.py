"""How fast the HTML of postings becomes lines, and whether another parser would be faster.

    python benchmarks/html_to_lines.py [SHARED]

The postings are those of ../shared on boards of Ashby where they are there, else those of the sample that the package
ships. `extract_text` is ours, over selectolax (lexbor); `selectolax` is its parser alone with the text it gives, which
keeps no lines apart; `html.parser` is the standard library's with nothing done in it. lxml and Beautiful Soup are
measured where they are installed; the package needs neither. Processor time, a row a parser, the best of three.
"""

from __future__ import annotations

import gzip
import importlib
import json
import sys
import time
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from skillextract.collect.shipped_sample import fetch_sample, parse_sample
from skillextract.posting import PostingDraft
from skillextract.settings import SampleSource
from skillextract.text.html import extract_text


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared" / "data")
    pages = read_pages(folder / "postings" / "ashby")
    size = sum(map(len, pages)) / len(pages) / 1000
    print(f"{len(pages):,} postings of {size:.1f} kB of HTML")
    for name, parse in list_parsers().items():
        seconds = min(measure(parse, pages) for _ in range(3))
        print(f"{name:30} {len(pages) / seconds:8,.0f} postings a second of processor time")


def read_pages(boards: Path) -> list[str]:
    pages = [
        job["descriptionHtml"]
        for path in sorted(boards.glob("*.json.gz"))[::8]
        for job in json.loads(gzip.decompress(path.read_bytes()))["jobs"]
        if job.get("descriptionHtml")
    ]
    source = SampleSource()
    drafts = [draft for payload in fetch_sample(source) for draft in parse_sample(payload, source)]
    return pages or [draft.body for draft in drafts if isinstance(draft, PostingDraft)]


def list_parsers() -> dict[str, Callable[[str], Any]]:
    parsers: dict[str, Callable[[str], Any]] = {
        "extract_text": extract_text,
        "selectolax": lambda page: LexborHTMLParser(page).text(),
        "html.parser": parse_with_standard_library,
    }
    for name, add in (("lxml.html", add_lxml), ("bs4", add_soup)):
        try:
            add(importlib.import_module(name), parsers)
        except ImportError:
            print(f"{name} is not installed, so it is not measured")
    return parsers


def parse_with_standard_library(page: str) -> None:
    parser = HTMLParser()
    parser.feed(page)
    parser.close()


def add_lxml(lxml: Any, parsers: dict[str, Callable[[str], Any]]) -> None:
    parsers["lxml"] = lambda page: lxml.fromstring(page).text_content()


def add_soup(bs4: Any, parsers: dict[str, Callable[[str], Any]]) -> None:
    parsers["Beautiful Soup (html.parser)"] = lambda page: bs4.BeautifulSoup(page, "html.parser").get_text("\n")


def measure(parse: Callable[[str], Any], pages: list[str]) -> float:
    start = time.process_time()
    for page in pages:
        parse(page)
    return time.process_time() - start


if __name__ == "__main__":
    main()
