"""A browser for the tests of pages, and a page of every table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reports.builders import make_full_tables, make_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from reports.browser import Visitor


# Of the module and no longer: while Playwright runs, no other test of the process can have an event loop of its own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    pytest.importorskip("playwright")
    from reports.browser import running_browser

    with running_browser() as browser:
        yield browser


@pytest.fixture
def visitor(browser: Browser, tmp_path: Path) -> Iterator[Visitor]:
    from reports.browser import Visitor

    visitor = Visitor(browser, tmp_path)
    yield visitor
    visitor.leave()


@pytest.fixture(scope="module")
def full_page() -> str:
    return make_page(make_full_tables())
