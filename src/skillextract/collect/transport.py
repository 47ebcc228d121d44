"""The transport: how one request goes over the network, within limits and one at a time for each host.

It stands below the cache and below `http.PoliteSession`, so that whatever is asked passes through here. Its faults are
plain exceptions; `http` says them in words, with the name of the source.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import DecodeError, HTTPError, InvalidHeader, ReadTimeoutError
from urllib3.util.retry import Retry

from skillextract.settings import is_loopback

RETRIED = frozenset({429, 500, 502, 503, 504})
"""Statuses after which the same request is sent again; no other is."""
_CHUNK = 64 * 1024


class TransportError(Exception):
    """A request that came to nothing; `str` says what was found, and what to do."""


class PassingError(TransportError):
    """The same request may succeed later."""


class BusyError(PassingError):
    """The host asks for a longer pause than we make."""


class LastingError(TransportError):
    """Asking again will not help."""


class HostTurns:
    """Gives each host one request at a time, and a pause between two; hosts do not wait for each other."""

    def __init__(self) -> None:
        self._locks: dict[str, threading.Lock] = {}
        self._earliest: dict[str, float] = {}
        self._spacing: dict[str, float] = {}

    def space(self, host: str, seconds: float) -> None:
        """From now on leave so many seconds between two requests to the host."""
        self._spacing[host] = seconds

    @contextlib.contextmanager
    def turn(self, host: str, *, spacing: float) -> Iterator[None]:
        """The turn of one request; `spacing` holds for a host that has none of its own. This machine is not spaced."""
        with self._locks.setdefault(host, threading.Lock()):
            if not is_loopback(urlsplit(f"//{host}").hostname):
                time.sleep(max(0.0, self._earliest.get(host, 0.0) - time.monotonic()))
            try:
                yield
            finally:
                self._earliest[host] = time.monotonic() + self._spacing.get(host, spacing)


TURNS = HostTurns()
"""The turns of this process: sources that are fetched in several threads may share a host."""


class LimitedAdapter(HTTPAdapter):
    """Sends requests in turn, tries passing faults again, and reads whole bodies within limits.

    Args:
        attempts: how often a request is sent at most.
        backoff: seconds before the second attempt; doubled before each further one.
        longest_wait: seconds that a `Retry-After` may ask for; asked for more, the request is given up at once.
        spacing: seconds between two requests to the same host; none on this machine.
        deadline: seconds from the request to the end of its answer.
        size_limit: bytes of the decompressed body.
        turns: who comes when; the process has one for all its sessions.
    """

    def __init__(
        self,
        *,
        attempts: int,
        backoff: float,
        longest_wait: int,
        spacing: float,
        deadline: float,
        size_limit: int,
        turns: HostTurns = TURNS,
    ) -> None:
        self.attempts, self.backoff, self.longest_wait = attempts, backoff, longest_wait
        self.spacing, self.deadline, self.size_limit, self.turns = spacing, deadline, size_limit, turns
        retry = _PatientRetry(
            total=attempts - 1,
            redirect=False,
            allowed_methods=frozenset({"GET"}),
            status_forcelist=RETRIED,
            raise_on_status=False,
            backoff_factor=backoff,
            backoff_jitter=backoff / 2,
            backoff_max=longest_wait,
            retry_after_max=longest_wait,
        )
        super().__init__(max_retries=retry)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools whose connections look where they lead, and can be cut when the time is over."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """The answer with its whole body.

        Raises:
            BusyError: the host asks for a wait that is too long.
            PassingError: no whole answer in any attempt.
            LastingError: the body is beyond the limits, or the name leads to a private address.
            requests.RequestException: any other fault of the connection.
        """
        host = urlsplit(request.url or "").netloc
        with self.turns.turn(host, spacing=self.spacing):
            for attempt in range(1, self.attempts + 1):
                with _Watch(self.deadline) as watch:
                    try:
                        response = super().send(request, True, timeout, verify, cert, proxies)
                        self._read_body(response)
                        watch.check()
                        return response
                    except _BrokenBodyError as error:
                        watch.check()
                        # urllib3 retries until the headers are there; a body that breaks off is ours to ask for again.
                        if attempt == self.attempts:
                            raise PassingError(
                                f"found a body that broke off ({error}) in each of {attempt} attempts, expected the "
                                "whole of it; try again later"
                            ) from error
                    except requests.RequestException:
                        watch.check()
                        raise
                time.sleep(self.backoff * 2 ** (attempt - 1))
        raise AssertionError("unreachable: attempts is at least 1")

    def _read_body(self, response: requests.Response) -> None:
        content = bytearray()
        raw = cast(HTTPResponse, response.raw)
        try:
            # `read1` gives what is there, so that a body that comes in drops meets the limits as well.
            while chunk := raw.read1(_CHUNK, decode_content=True):
                content += chunk
                if len(content) > self.size_limit:
                    raise LastingError(
                        f"found a body of more than {self.size_limit} bytes when decompressed, expected less; if the "
                        "board is really that large, raise the session's size_limit"
                    )
        except DecodeError as error:
            raise LastingError(
                "found a body that cannot be decompressed, expected gzip or plain; try again later"
            ) from error
        except (HTTPError, OSError) as error:
            silent = isinstance(error, ReadTimeoutError)
            raise _BrokenBodyError("the host fell silent" if silent else "the connection was cut") from error
        finally:
            raw.close()
        response._content = bytes(content)
        response._content_consumed = True  # type: ignore[attr-defined]


def check_address(address: str, *, host: str) -> None:
    """Refuse a connection that leads into a private network, whatever name led there.

    Args:
        address: the IP address of the peer.
        host: the name or address in the URL; where it means this machine, only this machine is allowed.

    Raises:
        LastingError: the address is private, of this machine, or otherwise not of the open internet.
    """
    peer = ip_address(address.partition("%")[0])
    if isinstance(peer, IPv6Address) and peer.ipv4_mapped:
        peer = peer.ipv4_mapped
    if is_loopback(host):
        if peer.is_loopback:
            return
    elif peer.is_global and not peer.is_multicast:
        return
    raise LastingError(
        "found a name that leads into a private network, expected an address of the open internet; nothing was sent: "
        "check the address"
    )


class _BrokenBodyError(Exception):
    pass


class _Watch:
    """Cuts the connection of a request whose answer takes too long, were it one byte a second."""

    _of_thread = threading.local()

    def __init__(self, seconds: float) -> None:
        self.seconds, self.is_over = seconds, False
        self._timer: threading.Timer | None = None

    def __enter__(self) -> _Watch:
        self._of_thread.watch = self
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        self._of_thread.watch = None

    @classmethod
    def start(cls, sock: socket.socket) -> None:
        """Begin to count for the request that this thread has just sent."""
        watch: _Watch | None = getattr(cls._of_thread, "watch", None)
        if watch is not None:
            watch._stop()
            watch.is_over = False
            watch._timer = threading.Timer(watch.seconds, watch._cut, [sock])
            watch._timer.daemon = True
            watch._timer.start()

    def check(self) -> None:
        if self.is_over:
            raise PassingError(
                f"found no end of the answer after {self.seconds:g} s, expected the whole of it; try again later"
            ) from None

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _cut(self, sock: socket.socket) -> None:
        self.is_over = True
        with contextlib.suppress(OSError):
            # Of the plain socket: that of TLS would take its own state apart under the thread that reads.
            socket.socket.shutdown(sock, socket.SHUT_RDWR)


class _PlainConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _check_peer(self, super()._new_conn())

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        _Watch.start(self.sock)
        return super().getresponse()


class _SecureConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _check_peer(self, super()._new_conn())

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        _Watch.start(self.sock)
        return super().getresponse()


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


def _check_peer(connection: HTTPConnection, sock: socket.socket) -> socket.socket:
    # Behind a proxy the peer is the proxy, which may well be private, and which looks the name up itself.
    if connection.proxy is None:
        try:
            check_address(sock.getpeername()[0], host=connection.host)
        except BaseException:
            sock.close()
            raise
    return sock


class _PatientRetry(Retry):
    """Retries as urllib3 does, but pauses before the first retry too, and gives up where it is asked to wait long."""

    RETRY_AFTER_STATUS_CODES = frozenset({429, 503})

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        stated = response.headers.get("Retry-After")
        if stated is None:
            return None
        try:
            seconds = self.new(retry_after_max=sys.maxsize).parse_retry_after(stated)
        except (InvalidHeader, ValueError, OverflowError):
            return None
        if seconds > self.retry_after_max:
            raise BusyError(
                f"was asked to wait {min(seconds, 10**9):.0f} s, expected at most {self.retry_after_max} s; "
                "try again later"
            )
        return seconds

    def get_backoff_time(self) -> float:
        # urllib3 itself sends the second request without a pause.
        return max(super().get_backoff_time(), self.backoff_factor)
