"""The one polite session: every request to a board goes through it, within limits, and says what went wrong."""

from __future__ import annotations

import sys
import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import metadata
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import InvalidHeader, NewConnectionError, ReadTimeoutError
from urllib3.util.retry import Retry

from skillextract.collect.payload import Payload
from skillextract.errors import SourceBusy, SourceChanged, SourceError, SourceUnavailable
from skillextract.settings import is_loopback

MEBIBYTE = 1024 * 1024
_CHUNK = 64 * 1024
_REDIRECTS = 3
_RETRIED = frozenset({429, 500, 502, 503, 504})


class BoardNotFound(SourceChanged):
    """The host has no board by this name (404 or 410); another region of the same provider may have it."""


class PoliteSession:
    """Fetches payloads: one request at a time for each host, spaced, retried with patience, and limited in every way.

    Only https is spoken, except to this machine; a redirect is followed to the same host only; credentials are never
    sent, not even from a `.netrc` file. Statuses 429, 500, 502, 503, 504 and timeouts are tried again; no other.

    Args:
        contact: a URL or e-mail address for the User-Agent.
        connect_timeout: seconds until the connection must stand.
        read_timeout: seconds that the host may be silent.
        deadline: seconds in which the whole body must have come.
        attempts: how often a request is sent at most.
        backoff: seconds before the second attempt; doubled before each further one.
        longest_wait: seconds that a `Retry-After` may ask for; asked for more, the session gives up at once.
        spacing: seconds between two requests to the same host; none on this machine.
        size_limit: bytes of the decompressed body.
    """

    def __init__(
        self,
        *,
        contact: str | None = None,
        connect_timeout: float = 10.0,
        read_timeout: float = 30.0,
        deadline: float = 180.0,
        attempts: int = 3,
        backoff: float = 1.0,
        longest_wait: int = 120,
        spacing: float = 1.0,
        size_limit: int = 64 * MEBIBYTE,
    ) -> None:
        self.timeout = (connect_timeout, read_timeout)
        self.deadline, self.attempts, self.backoff = deadline, attempts, backoff
        self.longest_wait, self.spacing, self.size_limit = longest_wait, spacing, size_limit
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._earliest: dict[str, float] = {}
        retry = _PatientRetry(
            total=attempts - 1,
            redirect=False,
            allowed_methods=frozenset({"GET"}),
            status_forcelist=_RETRIED,
            raise_on_status=False,
            backoff_factor=backoff,
            backoff_jitter=backoff / 2,
            backoff_max=longest_wait,
            retry_after_max=longest_wait,
        )
        self._session = requests.Session()
        self._session.auth = _send_no_credentials
        self._session.headers["User-Agent"] = describe_agent(contact)
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def get(self, url: str, *, source: str, params: Mapping[str, str | int] | None = None) -> Payload:
        """What the URL answers, unread: a body that is no JSON is found by `read_json`, after it was kept.

        Args:
            url: an https URL, or http on this machine.
            source: the name of the source, for messages and for the payload.
            params: the query.

        Raises:
            BoardNotFound: 404 or 410.
            SourceUnavailable: no answer, or 429 or 5xx to the last attempt, or a wait longer than `longest_wait`.
            SourceChanged: any other status, a redirect off the host, or a body beyond the limits.
        """
        for attempt in range(1, self.attempts + 1):
            try:
                return self._get_once(url, source=source, params=params)
            except _BrokenBodyError as error:
                # urllib3 retries until the headers are there; a body that breaks off is ours to ask for again.
                if attempt == self.attempts:
                    raise SourceUnavailable(
                        source,
                        redact_url(url),
                        f"found a body that broke off ({error}) in each of {attempt} attempts, expected the whole "
                        "of it; try again later",
                    ) from error
                time.sleep(self.backoff * 2 ** (attempt - 1))
        raise AssertionError("unreachable: attempts is at least 1")

    def _get_once(self, url: str, *, source: str, params: Mapping[str, str | int] | None) -> Payload:
        host = _check_host(url, source=source)
        with self._locks[host]:
            self._wait_for_turn(url, host)
            try:
                response = self._follow(url, source=source, params=params)
                with response:
                    _check_status(response, source=source)
                    content = self._read_body(response, source=source)
            except _AskedToWaitError as error:
                raise SourceBusy(
                    source,
                    redact_url(url),
                    f"was asked to wait {error.seconds:.0f} s, expected at most {self.longest_wait} s; try again later",
                ) from error
            except requests.RequestException as error:
                raise self._explain(error, url, source=source) from error
            finally:
                self._earliest[host] = time.monotonic() + self.spacing
        return Payload(
            source=source,
            url=redact_url(response.url),
            fetched_at=datetime.now(UTC),
            content=content,
            suffix=_suffix_of(response.headers.get("Content-Type", "")),
        )

    def _wait_for_turn(self, url: str, host: str) -> None:
        if not is_loopback(urlsplit(url).hostname):
            time.sleep(max(0.0, self._earliest.get(host, 0.0) - time.monotonic()))

    def _follow(self, url: str, *, source: str, params: Mapping[str, str | int] | None) -> requests.Response:
        """The first answer that is no redirect; every hop stays on the host."""
        origin = urlsplit(url)
        for _ in range(_REDIRECTS + 1):
            response = self._session.get(
                url,
                params=params,
                headers={"Accept": "application/json"},
                timeout=self.timeout,
                stream=True,
                allow_redirects=False,
            )
            if not response.is_redirect:
                return response
            response.close()
            target = urljoin(response.url, response.headers["Location"])
            if urlsplit(target)[:2] != origin[:2]:
                raise SourceChanged(
                    source,
                    redact_url(url),
                    f"was sent on to {redact_url(target)}, expected an answer of {origin.hostname} itself; boards do "
                    "so for names they do not know: check the name of the board",
                )
            url, params = target, None
        raise SourceChanged(
            source,
            redact_url(url),
            f"found more than {_REDIRECTS} redirects, expected an answer; check the name of the board",
        )

    def _read_body(self, response: requests.Response, *, source: str) -> bytes:
        content = bytearray()
        latest = time.monotonic() + self.deadline
        where = redact_url(response.url)
        try:
            for chunk in response.iter_content(_CHUNK):
                content += chunk
                if len(content) > self.size_limit:
                    raise SourceChanged(
                        source,
                        where,
                        f"found a body of more than {self.size_limit} bytes when decompressed, expected less; if the "
                        "board is really that large, raise the session's size_limit",
                    )
                if time.monotonic() > latest:
                    raise SourceUnavailable(
                        source,
                        where,
                        f"found {len(content)} bytes after {self.deadline:g} s and no end, expected the whole body; "
                        "try again later",
                    )
        except requests.exceptions.ContentDecodingError as error:
            raise SourceChanged(
                source, where, "found a body that cannot be decompressed, expected gzip or plain; try again later"
            ) from error
        except (requests.exceptions.ChunkedEncodingError, requests.ConnectionError) as error:
            silent = isinstance(error.args[0] if error.args else None, ReadTimeoutError)
            raise _BrokenBodyError("the host fell silent" if silent else "the connection was cut") from error
        return bytes(content)

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


class _AskedToWaitError(Exception):
    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(seconds)


class _BrokenBodyError(Exception):
    pass


class _PatientRetry(Retry):
    """Retries as urllib3 does, but pauses before the first retry too, and gives up where it is asked to wait long."""

    RETRY_AFTER_STATUS_CODES = frozenset({429, 503})

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        stated = response.headers.get("Retry-After")
        if stated is None:
            return None
        try:
            seconds = self.new(retry_after_max=sys.maxsize).parse_retry_after(stated)
        except InvalidHeader:
            return None
        if seconds > self.retry_after_max:
            raise _AskedToWaitError(seconds)
        return seconds

    def get_backoff_time(self) -> float:
        # urllib3 itself sends the second request without a pause.
        return max(super().get_backoff_time(), self.backoff_factor)


def _send_no_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    # With an auth callable in place, requests does not look into ~/.netrc.
    return request


def _check_host(url: str, *, source: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname)):
        raise SourceChanged(source, redact_url(url), "found a URL that is not https, expected https; check base_url")
    return parts.netloc


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
    if status in _RETRIED:
        advice = "ask less often" if status == 429 else "try again later"
        raise SourceUnavailable(source, where, f"found status {status} to the last attempt, expected 200; {advice}")
    if status > 500:
        raise SourceUnavailable(source, where, f"found status {status}, expected 200; try again later")
    raise SourceChanged(source, where, f"found status {status}, expected 200; the board may have changed: see its site")


def _suffix_of(content_type: str) -> str:
    kind = content_type.partition(";")[0].strip().casefold()
    if kind.endswith("json") or not kind:
        return ".json"
    return ".html" if kind in ("text/html", "application/xhtml+xml") else ".bin"
