"""A browser for the tests of pages, and a page of every table."""

from __future__ import annotations

from collections.abc import Iterator
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


@pytest.fixture(scope="module")
def lasting_visitor(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    from reports.browser import Visitor

    return Visitor(browser, tmp_path_factory.mktemp("pages"))


@pytest.fixture
def visitor(lasting_visitor: Visitor) -> Iterator[Visitor]:
    yield lasting_visitor
    lasting_visitor.leave()


@pytest.fixture(scope="module")
def full_page() -> str:
    return make_page(make_full_tables())
