"""The one polite session: every request to a board goes through it, within limits, and says what went wrong."""

from __future__ import annotations

import copy
import logging
import re
import sqlite3
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http.cookiejar import DefaultCookiePolicy
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypedDict, Unpack
from urllib.parse import parse_qsl, urljoin, urlsplit

import requests
from requests_cache import CachedSession
from requests_cache.backends.sqlite import SQLiteCache
from urllib3.exceptions import NewConnectionError, ReadTimeoutError

from skillextract.collect.payload import Payload
from skillextract.collect.scrub import scrub_response
from skillextract.collect.transport import (
    RETRIED,
    TURNS,
    BusyError,
    HostTurns,
    LimitedAdapter,
    PassingError,
    TransportError,
)
from skillextract.errors import SourceBusy, SourceChanged, SourceError, SourceUnavailable
from skillextract.settings import is_loopback

logger = logging.getLogger(__name__)

MEBIBYTE = 1024 * 1024
_REDIRECTS = 3
_KEPT_FOR = timedelta(days=45)
"""How long an answer that nobody asks for any more stays in the cache."""
_TALKATIVE = ("urllib3.connectionpool", "urllib3.util.retry", "requests_cache.session", "requests_cache.policy.actions")
"""Loggers that write whole addresses, with the keys in their queries."""


class BoardNotFound(SourceChanged):
    """The host has no board by this name (404 or 410); another region of the same provider may have it."""


class SentElsewhere(BoardNotFound):
    """The host sends on to another one, as several boards do for names they do not know."""


class MiningReserved(SourceChanged):
    """The owner reserves the page against text and data mining (TDMRep): it is not read and not kept."""


MINING_RESERVED = (
    "is reserved by its owner against text and data mining (tdm-reservation: 1), so it was neither read nor kept; "
    "remove the source, or ask the owner"
)


class Question(TypedDict, total=False):
    """What is sent with a request.

    Attributes:
        params: the query.
        headers: further headers.
        secret_params: more of the query, whose values stand in no message, log, cache or payload.
        secret_headers: the same for headers.
    """

    params: Mapping[str, str | int]
    headers: Mapping[str, str]
    secret_params: Mapping[str, str]
    secret_headers: Mapping[str, str]


class PoliteSession:
    """Fetches payloads: one request at a time for each host, spaced, retried with patience, and limited in every way.

    Only https is spoken, except to this machine; a redirect is followed to the same host only; no name may lead into a
    private network; no credentials are sent but those that are passed, not even from a `.netrc` file. Statuses 429,
    500, 502, 503, 504 and timeouts are tried again; no other.

    What came is kept in `cache` and asked for again only when `fresh_for` is over, and then with its ETag or
    Last-Modified, so that an unchanged answer is not sent again. Secrets are kept nowhere.

    Args:
        contact: a URL or e-mail address for the User-Agent.
        cache: a folder that keeps the answers for later runs; it may be deleted at any time.
        connect_timeout: seconds until the connection must stand.
        read_timeout: seconds that the host may be silent.
        deadline: seconds in which the whole body must have come.
        attempts: how often a request is sent at most.
        backoff: seconds before the second attempt; doubled before each further one.
        longest_wait: seconds that a `Retry-After` may ask for; asked for more, the session gives up at once.
        spacing: seconds between two requests to the same host; none on this machine.
        size_limit: bytes of the decompressed body.
        turns: who comes when; the process has one for all its sessions.
    """

    def __init__(
        self,
        *,
        contact: str | None = None,
        cache: Path | None = None,
        connect_timeout: float = 10.0,
        read_timeout: float = 30.0,
        deadline: float = 180.0,
        attempts: int = 3,
        backoff: float = 1.0,
        longest_wait: int = 120,
        spacing: float = 1.0,
        size_limit: int = 64 * MEBIBYTE,
        turns: HostTurns = TURNS,
    ) -> None:
        self.timeout, self.attempts, self.longest_wait = (connect_timeout, read_timeout), attempts, longest_wait
        self.agent, self.turns, self.fresh_for = describe_agent(contact), turns, timedelta(0)
        self._adapter = LimitedAdapter(
            attempts=attempts,
            backoff=backoff,
            longest_wait=longest_wait,
            spacing=spacing,
            deadline=deadline,
            size_limit=size_limit,
            turns=turns,
        )
        self._cache = cache
        self._opened: list[requests.Session] = []
        self._opening = threading.Lock()
        for name in _TALKATIVE:
            logging.getLogger(name).addFilter(_hide_queries)

    @property
    def _session(self) -> requests.Session:
        # Opened when something is first asked: a run over files leaves no cache behind. In a list, so that the views
        # that `keep_fresh` gives share it.
        with self._opening:
            if not self._opened:
                self._opened.append(self._open(self._cache))
            return self._opened[-1]

    def _open(self, cache: Path | None) -> requests.Session:
        session = requests.Session()
        if cache is not None:
            try:
                cache.mkdir(parents=True, exist_ok=True)
                # JSON and not pickle: whoever can write to the folder must not be able to run code here.
                kept = SQLiteCache(str(cache / "answers.sqlite"), serializer="json", busy_timeout=30_000)
                forget_answers(kept, before=datetime.now(UTC) - _KEPT_FOR)
                session = CachedSession(backend=kept)
            except (OSError, sqlite3.Error) as error:
                logger.warning("cache %s cannot be used (%s); everything is asked for anew", cache, error)
        session.auth = _send_no_credentials
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        session.headers["User-Agent"] = self.agent
        for scheme in ("https://", "http://"):
            session.mount(scheme, self._adapter)
        return session

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections and the cache."""
        while self._opened:
            self._opened.pop().close()

    def keep_fresh(self, fresh_for: timedelta) -> Self:
        """The same session, for which an answer stays good for so long; on this machine none does."""
        view = copy.copy(self)
        view.fresh_for = fresh_for
        return view

    def space_requests(self, url: str, seconds: float) -> None:
        """From now on leave so many seconds between two requests to the host of a URL."""
        self.turns.space(urlsplit(url).netloc, seconds)

    def get(self, url: str, *, source: str, accept: str = "application/json", **question: Unpack[Question]) -> Payload:
        """What the URL answers, unread: a body that is no JSON is found by `read_json`, after it was kept.

        Args:
            url: an https URL, or http on this machine.
            source: the name of the source, for messages and for the payload.
            accept: the media types that are asked for.
            question: see `Question`.

        Raises:
            BoardNotFound: 404 or 410, or the host sends on to another one.
            SourceBusy: the host asks for a wait longer than `longest_wait`.
            SourceUnavailable: no answer, or 429 or 5xx to the last attempt.
            MiningReserved: the answer says `tdm-reservation: 1`.
            SourceChanged: any other status, or a body beyond the limits.
        """
        response = self.ask(url, source=source, accept=accept, **question)
        _check_status(response, source=source)
        if response.headers.get("tdm-reservation", "").strip() == "1":
            raise MiningReserved(source, redact_url(response.url), MINING_RESERVED)
        cached = getattr(response, "from_cache", False)
        now = datetime.now(UTC)
        # What was served without asking is as old as the last time that it was asked for.
        asked = not cached or response.revalidated  # type: ignore[attr-defined]
        expires = None if asked else response.expires  # type: ignore[attr-defined]
        return Payload(
            source=source,
            url=redact_url(response.url),
            fetched_at=now if expires is None else min(now, expires - self.fresh_for),
            content=response.content,
            suffix=_suffix_of(response.headers.get("Content-Type", "")),
            unchanged=cached,
        )

    def ask(self, url: str, *, source: str, accept: str = "*/*", **question: Unpack[Question]) -> requests.Response:
        """The answer to `get`'s question, whatever its status, its body read.

        Raises:
            SourceError: as `get`, but for the status.
        """
        secret_params, secret_headers = question.get("secret_params", {}), question.get("secret_headers", {})
        secrets = {**secret_params, **secret_headers}
        query = {**question.get("params", {}), **secret_params}
        sent = {"Accept": accept, **question.get("headers", {}), **secret_headers}
        try:
            return self._follow(url, source=source, query=query, headers=sent, secrets=secrets)
        except sqlite3.Error as error:
            logger.warning("the cache of answers failed (%s); everything is asked for anew", error)
            self._opened.append(self._open(None))
            return self._follow(url, source=source, query=query, headers=sent, secrets=secrets)

    def _follow(
        self,
        url: str,
        *,
        source: str,
        query: Mapping[str, str | int] | None,
        headers: Mapping[str, str],
        secrets: Mapping[str, str],
    ) -> requests.Response:
        """The first answer that is no redirect; every hop stays on the host."""
        origin = urlsplit(url)
        for _ in range(_REDIRECTS + 1):
            response = self._ask_once(url, source=source, query=query, headers=headers, secrets=secrets)
            if not response.is_redirect:
                return response
            target = _join(response.url, response.headers["Location"])
            if target is None or urlsplit(target)[:2] != origin[:2]:
                raise SentElsewhere(
                    source,
                    redact_url(url),
                    f"was sent on to {redact_url(target or '')}, expected an answer of {origin.hostname} itself; "
                    "boards do so for names they do not know: check the name of the board",
                )
            url, query = target, None
        raise SourceChanged(
            source,
            redact_url(url),
            f"found more than {_REDIRECTS} redirects, expected an answer; check the name of the board",
        )

    def _ask_once(
        self,
        url: str,
        *,
        source: str,
        query: Mapping[str, str | int] | None,
        headers: Mapping[str, str],
        secrets: Mapping[str, str],
    ) -> requests.Response:
        _check_url(url, source=source)
        options: dict[str, Any] = {}
        session = self._session
        if isinstance(session, CachedSession):
            fresh_for = timedelta(0) if is_loopback(urlsplit(url).hostname) else self.fresh_for
            options["expire_after"] = fresh_for
            # Two sources with keys may start at once: none of the names may be lost.
            with self._opening:
                ignored = session.settings.ignored_parameters
                session.settings.ignored_parameters = tuple(dict.fromkeys([*ignored, *secrets]))
        if secrets:
            options["hooks"] = {"response": lambda response, **_: scrub_response(response, secrets.values())}
        try:
            return session.get(
                url, params=query, headers=dict(headers), timeout=self.timeout, allow_redirects=False, **options
            )
        except TransportError as error:
            raise _kind_of(error)(source, redact_url(url), str(error)) from (None if secrets else error)
        except requests.RequestException as error:
            # The libraries' errors repeat the URL with its query, and a traceback would show them.
            raise self._explain(error, url, source=source) from (None if secrets else error)
        except ValueError as error:  # requests looks into a redirect before we do
            raise SourceChanged(
                source,
                redact_url(url),
                "found a redirect to what is no address, expected an answer; check the name of the board",
            ) from (None if secrets else error)

    def _explain(self, error: requests.RequestException, url: str, *, source: str) -> SourceError:
        """A fault of the connection in our words: those of the libraries repeat the URL with its query."""
        cause = error.args[0] if error.args else None
        reason = getattr(cause, "reason", cause)
        tries = f"in {self.attempts} attempts"
        where = redact_url(url)
        if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidHeader):
            return SourceChanged(source, where, "found an address that no request can be made of; check base_url")
        if isinstance(error, requests.exceptions.SSLError):
            message = "found a certificate that cannot be trusted, expected a valid one; check the network's proxy"
        elif isinstance(error, requests.exceptions.ProxyError):
            message = "found a proxy that did not connect, expected an answer; check this machine's proxy settings"
        elif isinstance(reason, ReadTimeoutError):
            message = f"found no answer within {self.timeout[1]:g} s {tries}, expected one; try again later"
        elif isinstance(error, requests.ConnectTimeout):
            message = f"found no connection within {self.timeout[0]:g} s {tries}, expected one; try again later"
        elif isinstance(reason, NewConnectionError):
            message = f"found nothing that could be reached {tries}, expected the board; check the network"
        else:
            message = f"found the connection cut {tries}, expected an answer; try again later"
        return SourceUnavailable(source, where, message)


def forget_answers(cache: SQLiteCache, *, before: datetime) -> None:
    """Take out of a cache what was good until a time long ago; without this it would grow for ever.

    Raises:
        sqlite3.Error: the cache is damaged.
    """
    with cache.responses.connection(commit=True) as connection:
        table = cache.responses.table_name
        connection.execute(f"DELETE FROM {table} WHERE expires < ?", (before.timestamp(),))  # noqa: S608


def describe_agent(contact: str | None) -> str:
    """The User-Agent: who asks, and where its operator can be reached."""
    try:
        version = metadata.version("skillextract")
    except metadata.PackageNotFoundError:
        version = "dev"
    return f"skillextract/{version}" + (f" (+{contact})" if contact else "")


def redact_url(url: str) -> str:
    """The URL without user, password, query values and fragment; the names of the query stay."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "(an address that is no URL)"
    names = "&".join(f"{name}=…" for name, _ in parse_qsl(parts.query, keep_blank_values=True))
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}{port}{parts.path}" + (f"?{names}" if names else "")


def _kind_of(error: TransportError) -> type[SourceError]:
    if isinstance(error, BusyError):
        return SourceBusy
    return SourceUnavailable if isinstance(error, PassingError) else SourceChanged


def _join(base: str, location: str) -> str | None:
    try:
        target = urljoin(base, location)
        return target if urlsplit(target).hostname else None
    except ValueError:
        return None


def _hide_queries(record: logging.LogRecord) -> bool:
    """Take the values of queries out of what the libraries log, and leave out what the session says itself."""
    if record.levelno == logging.WARNING and str(record.msg).startswith("Retrying"):
        return False
    record.msg, record.args = re.sub(r"\?[^\s'\"<>]+=[^\s'\"<>]*", "?…", record.getMessage()), ()
    return True


def _send_no_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    # With an auth callable in place, requests does not look into ~/.netrc.
    return request


def _check_url(url: str, *, source: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname)):
        raise SourceChanged(source, redact_url(url), "found a URL that is not https, expected https; check base_url")


def _check_status(response: requests.Response, *, source: str) -> None:
    status, where = response.status_code, redact_url(response.url)
    if status == 200:
        return
    if status in (404, 410):
        raise BoardNotFound(
            source,
            where,
            f"found no board by this name (status {status}), expected its postings; check the name in the public URL "
            "of the board, or remove the source",
        )
    if status == 401:
        raise SourceChanged(
            source, where, "found a private board (status 401), expected a public one; remove the source"
        )
    if status == 403:
        raise SourceChanged(
            source,
            where,
            "was refused (status 403), expected the postings, which may still be there; do not ask again soon, and set "
            "`contact` in the settings so that the board can reach you",
        )
    if status in RETRIED:
        advice = "ask less often" if status == 429 else "try again later"
        raise SourceUnavailable(source, where, f"found status {status} to the last attempt, expected 200; {advice}")
    if status > 500:
        raise SourceUnavailable(source, where, f"found status {status}, expected 200; try again later")
    raise SourceChanged(source, where, f"found status {status}, expected 200; the board may have changed: see its site")


def _suffix_of(content_type: str) -> str:
    kind = content_type.partition(";")[0].strip().casefold()
    if kind.endswith("json") or not kind:
        return ".json"
    if kind in ("text/html", "application/xhtml+xml"):
        return ".html"
    return ".xml" if kind.endswith("xml") else ".bin"
