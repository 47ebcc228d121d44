"""robots.txt: whether a page may be asked for (RFC 9309)."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from protego import Protego

from skillextract.collect.http import PoliteSession, SentElsewhere, redact_url
from skillextract.errors import SourceChanged, SourceError, SourceUnavailable

logger = logging.getLogger(__name__)

AGENT = "skillextract"
"""The name by which robots.txt may address us."""


class Robots:
    """The rules of one host, read when they are first needed.

    As RFC 9309 has it, a file that is not there (any status 4xx) restricts nothing, and one that cannot be had (5xx, no
    answer) closes the site. A `Crawl-delay` is kept.

    Args:
        session: asks.
        url: any address of the site.
        source: the name of the source, for messages.
    """

    def __init__(self, session: PoliteSession, url: str, *, source: str) -> None:
        parts = urlsplit(url)
        self._session, self._source = session, source
        self._url = f"{parts.scheme}://{parts.netloc}/robots.txt"
        self._rules: Protego | None = None

    def allows(self, url: str) -> bool:
        """Whether the page may be asked for.

        Raises:
            SourceUnavailable: the rules cannot be had, so that nothing may be asked for.
            SourceChanged: they ask for longer pauses than we wait.
        """
        return bool(self._read().can_fetch(url, AGENT))

    @property
    def sitemaps(self) -> list[str]:
        """The addresses of the sitemaps that are named."""
        return list(self._read().sitemaps)

    def _read(self) -> Protego:
        if self._rules is None:
            self._rules = self._fetch()
            delay = self._rules.crawl_delay(AGENT)
            if delay:
                self._keep_delay(float(delay))
        return self._rules

    def _fetch(self) -> Protego:
        try:
            response = self._session.ask(self._url, source=self._source, accept="text/plain, */*;q=0.1")
        except SentElsewhere as error:
            raise SourceChanged(
                self._source, self._url, "is sent on to another host; give the address that the site itself goes by"
            ) from error
        except SourceError as error:
            raise SourceUnavailable(
                self._source, self._url, "could not be had, so that no page may be asked for; try again later"
            ) from error
        if response.status_code >= 500 or response.status_code == 429:
            raise SourceUnavailable(
                self._source,
                self._url,
                f"found status {response.status_code}, so that no page may be asked for; try again later",
            )
        text = response.content.decode("utf-8", "replace") if response.status_code == 200 else ""
        return Protego.parse(text)

    def _keep_delay(self, seconds: float) -> None:
        if seconds > self._session.longest_wait:
            raise SourceChanged(
                self._source,
                self._url,
                f"asks for {seconds:g} s between two requests, expected at most {self._session.longest_wait} s; remove "
                "the source, or ask the owner for a feed",
            )
        logger.info("%s: %s asks for %g s between two requests", self._source, redact_url(self._url), seconds)
        self._session.space_requests(self._url, max(seconds, 1.0))
