"""A real Chromium that looks at pages, and hears everything that they do."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name leads anywhere: a request that the page's policy let through would fail, and be heard.
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


def find_chromium() -> str | None:
    """The path of Chromium; `make test` installs it where it can."""
    return next((path for name in NAMES if (path := shutil.which(name)) is not None), None)


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A headless Chromium of its own; the test is skipped where there is none."""
    path = find_chromium()
    if path is None:
        pytest.skip("there is no Chromium here, and none could be installed: `apt-get install chromium` as root")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@dataclasses.dataclass
class Visit:
    """A page that was opened, and what was heard of it: `heard` lists console messages, errors, dialogs and windows,
    `requests` every address that it asked for."""

    page: Page
    heard: list[str]
    requests: list[str]


class Visitor:
    """Opens pages, each in a tab of its own.

    Tabs of the same settings share a context, in which Chromium remembers what it made of the scripts. A page stores
    nothing that the next one could find.
    """

    def __init__(self, browser: Browser, folder: Path) -> None:
        self._browser = browser
        self._folder = folder
        self._contexts: dict[tuple[int, int, str, bool], BrowserContext] = {}
        self._pages: list[Page] = []

    def open(
        self, html: str, *, width: int = 1280, height: int = 900, scheme: str = "light", script: bool = True
    ) -> Visit:
        """Open a page from a file and wait until it stands still."""
        path = self._folder / f"page-{len(self._pages)}.html"
        path.write_text(html, encoding="utf-8", newline="\n")
        settings = (width, height, scheme, script)
        if settings not in self._contexts:
            self._contexts[settings] = self._browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=scheme,  # type: ignore[arg-type]
                java_script_enabled=script,
                reduced_motion="reduce",
            )
        page = self._contexts[settings].new_page()
        self._pages.append(page)
        visit = Visit(page, [], [])
        page.on("console", lambda message: visit.heard.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: visit.heard.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (visit.heard.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("popup", lambda popup: visit.heard.append(f"window: {popup.url}"))
        page.on("request", lambda request: visit.requests.append(request.url))
        page.goto(path.as_uri())
        visit.requests.remove(path.as_uri())
        return visit

    def leave(self) -> None:
        """Close every page that is open."""
        while self._pages:
            self._pages.pop().close()


# In the page: asked for from here, each chart would have to stand still first.
_SCROLL = """async () => {
  for (const chart of document.querySelectorAll("[data-chart]")) {
    if (!chart.checkVisibility()) continue;
    chart.scrollIntoView({ block: "center" });
    for (let frames = 0; frames < 2; frames += 1) await new Promise(requestAnimationFrame);
  }
}"""


def draw_all(visit: Visit) -> None:
    """Scroll to every chart, so that each is drawn."""
    visit.page.evaluate(_SCROLL)
    expect(visit.page.locator("[data-chart]:visible:not(.live)")).to_have_count(0)


def open_all(visit: Visit) -> None:
    visit.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
