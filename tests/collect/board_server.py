"""A board on this machine: answers in the shapes, pages and faults of the real ones, and remembers what was asked."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

JSON = "application/json; charset=utf-8"


@dataclass
class Request:
    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass
class Answer:
    """One answer; `then` says how the connection goes on."""

    body: bytes = b""
    status: int = 200
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""
    """`reset`: cut before the answer; `half`: cut in the middle of the body; `silent`: say nothing until closed;
    `trickle`: send half of the body, then nothing; `drip`: send the body byte by byte, a hundred a second; `chunks`:
    send the body in chunks; `half chunks`: send some and close."""

    def for_request(self, request: Request) -> Answer:
        """What this request gets: 304 where it names the answer's ETag or Last-Modified."""
        for asked, stated in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
            if stated in self.headers and request.headers.get(asked) == self.headers[stated]:
                return Answer(status=304, content_type="", headers=self.headers)
        return self


def as_json(value: object) -> Answer:
    return Answer(json.dumps(value).encode())


def as_gzip(content: bytes) -> Answer:
    return Answer(gzip.compress(content), headers={"Content-Encoding": "gzip"})


class BoardServer:
    """Answers each path with its list of answers one after the other, the last one for ever; 404 elsewhere."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.requests: list[Request] = []
        self.connections: set[int] = set()
        """The ports from which was asked: one for each connection."""
        self.closing = threading.Event()
        board = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Headers and body are two writes; with Nagle's algorithm the second waits 40 ms for the first.
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                board._answer(self)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        # Silent answers are let go by `closing`, not waited for.
        self._server.block_on_close = False
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def on(self, path: str, *answers: Answer) -> str:
        """Answer a path so from now on; returns its URL."""
        self.answers[path] = list(answers)
        return self.url + path

    def serve_ashby(self, token: str, jobs: list[Any]) -> None:
        self.on(f"/posting-api/job-board/{token}", as_json({"jobs": jobs, "apiVersion": "1"}))

    def serve_greenhouse(self, token: str, jobs: list[Any]) -> None:
        self.on(f"/v1/boards/{token}/jobs", as_json({"jobs": jobs, "meta": {"total": len(jobs)}}))

    def serve_lever(self, token: str, postings: list[Any]) -> None:
        """A site that heeds `skip` and `limit`."""

        def page(request: Request) -> Answer:
            skip, limit = int(request.query.get("skip", 0)), int(request.query.get("limit", len(postings)))
            return as_json(postings[skip : skip + limit])

        self.on(f"/v0/postings/{token}", Made(page))

    def serve_hackernews(self, threads: Sequence[Mapping[str, Any]]) -> None:
        """The search for threads, newest first, and each thread with its comments."""
        hits = [
            {"objectID": str(each["id"]), "title": each["title"], "created_at": each["created_at"]} for each in threads
        ]
        self.on("/api/v1/search_by_date", as_json({"hits": hits}))
        for each in threads:
            self.on(f"/api/v1/items/{each['id']}", as_json(each))

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        query = dict(parse_qsl(parts.query))
        request = Request(parts.path, query, dict(handler.headers))
        self.requests.append(request)
        self.connections.add(handler.client_address[1])
        answers = self.answers.get(parts.path, [Answer(b'{"error":"not found"}', status=404)])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        answer = answer.for_request(request)
        if answer.fault == "reset":
            # Linger of 0 makes the kernel send RST instead of FIN.
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.close_connection = True
            handler.connection.close()
            return
        if answer.fault == "silent":
            self.closing.wait(10)
            handler.close_connection = True
            return
        handler.send_response(answer.status)
        if answer.content_type:
            handler.send_header("Content-Type", answer.content_type)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        if answer.fault.endswith("chunks"):
            handler.send_header("Transfer-Encoding", "chunked")
        elif answer.status != 304:
            handler.send_header("Content-Length", str(len(answer.body)))
        handler.end_headers()
        with contextlib.suppress(OSError):
            if answer.fault in ("half", "trickle"):
                handler.wfile.write(answer.body[: len(answer.body) // 2])
                handler.wfile.flush()
                if answer.fault == "trickle":
                    self.closing.wait(10)
                handler.close_connection = True
            elif answer.fault.endswith("chunks"):
                for start in range(0, len(answer.body), 7):
                    chunk = answer.body[start : start + 7]
                    handler.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
                if answer.fault == "chunks":
                    handler.wfile.write(b"0\r\n\r\n")
                else:
                    handler.close_connection = True
            elif answer.fault == "drip":
                for byte in answer.body:
                    if self.closing.wait(0.01):
                        break
                    handler.wfile.write(bytes([byte]))
                    handler.wfile.flush()
                handler.close_connection = True
            else:
                handler.wfile.write(answer.body)


class Made(Answer):
    """An answer that is made of the request."""

    def __init__(self, make: Callable[[Request], Answer]) -> None:
        super().__init__()
        self.make = make

    def for_request(self, request: Request) -> Answer:
        return self.make(request)


@contextlib.contextmanager
def running_board_server() -> Iterator[BoardServer]:
    """A board that is up for the time of a `with`."""
    server = BoardServer()
    try:
        yield server
    finally:
        server.close()
