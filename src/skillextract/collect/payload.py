"""Payload: what a source answered, byte for byte, and how its JSON is read within limits."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from datetime import datetime
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException, ElementTree

from skillextract.errors import SourceChanged

DEPTH_LIMIT = 64
"""How many lists and objects may stand inside each other; the boards' own answers stay below 10."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """One answer of a source, kept before anybody tries to read it.

    Attributes:
        source: the name of the source in the settings, for example `ashby:acme`.
        url: where it came from, without user, password, query values or fragment.
        fetched_at: when it came in, UTC.
        content: the body, decompressed, and without the keys that were sent for it.
        suffix: the ending of a file that holds it: `.json`, `.xml`, `.html` or `.bin`, by the content type that was
            stated.
        unchanged: the board said, or was not even asked, that it is the answer of an earlier run.
    """

    source: str
    url: str
    fetched_at: datetime
    content: bytes
    suffix: str = ".json"
    unchanged: bool = False

    @property
    def file_name(self) -> str:
        """A file name for the body: the source and a digest of the content, so the same body gets the same name."""
        slug = re.sub(r"[^A-Za-z0-9._-]+", "-", self.source).strip("-.")
        digest = hashlib.blake2b(self.content, digest_size=8).hexdigest()
        return f"{slug}-{digest}{self.suffix}"


def read_json(payload: Payload) -> object:
    """The JSON value of a payload.

    Raises:
        SourceChanged: the body is empty, HTML, no UTF-8, no JSON, cut off, or nested deeper than `DEPTH_LIMIT`.
    """
    start = payload.content[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise _changed(payload, "found an empty body, expected JSON; try again later")
    if payload.suffix == ".html" or start.startswith(b"<"):
        raise _changed(
            payload,
            "found an HTML page, expected JSON; the board's name may be wrong, or the board shows a notice: open the "
            "address in a browser",
        )
    try:
        value: object = json.loads(payload.content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        message = f"byte {error.start} is not UTF-8, expected JSON in UTF-8; see the raw payload"
        raise _changed(payload, message) from error
    except json.JSONDecodeError as error:
        # The decoder points at the end of the text, or at the start of the string that never ends.
        cut_off = not error.doc[error.pos :].strip() or error.msg.startswith("Unterminated")
        found = "found JSON that is cut off" if cut_off else "found no valid JSON"
        advice = "try again later" if cut_off else "see the raw payload"
        raise _changed(
            payload, f"{found} at line {error.lineno} column {error.colno} ({error.msg}), expected whole JSON; {advice}"
        ) from error
    except RecursionError as error:
        raise _changed(payload, _too_deep()) from error
    except ValueError as error:  # a number of more digits than Python converts
        raise _changed(payload, f"found a number that cannot be read ({error}); see the raw payload") from error
    if is_deeper(value, DEPTH_LIMIT):
        raise _changed(payload, _too_deep())
    return value


def read_xml(payload: Payload) -> Element:
    """The root of an XML payload, read without document types and entities.

    Raises:
        SourceChanged: the body is empty, HTML, no XML, cut off, in an unknown encoding, nested deeper than
            `DEPTH_LIMIT`, or declares a document type.
    """
    start = payload.content[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise _changed(payload, "found an empty body, expected XML; try again later")
    if start[:14].lower().startswith((b"<!doctype html", b"<html")):
        raise _changed(
            payload,
            "found an HTML page, expected XML; the board's name may be wrong, or the board shows a notice: open the "
            "address in a browser",
        )
    if start[:1] in (b"{", b"["):
        raise _changed(payload, "found JSON, expected XML; the board has changed its answers: see the raw payload")
    try:
        root: Element = ElementTree.fromstring(payload.content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise _changed(
            payload,
            "found a document type or entities, expected plain XML; they are refused, for they can fill the memory "
            "or fetch files: see the raw payload",
        ) from error
    except ElementTree.ParseError as error:
        raise _changed(payload, f"found no valid XML ({error}), expected whole XML; see the raw payload") from error
    except (ValueError, LookupError) as error:
        raise _changed(
            payload, f"found an encoding that is not known ({str(error)[:80]}), expected UTF-8; see the raw payload"
        ) from error
    level = [root]
    for _ in range(DEPTH_LIMIT):
        level = [child for element in level for child in element]
        if not level:
            return root
    raise _changed(
        payload, f"found XML nested deeper than {DEPTH_LIMIT} levels, expected postings; see the raw payload"
    )


def read_list(payload: Payload, *, field: str | None) -> list[object]:
    """The list that a payload is, or that stands in a field of it, or deeper (`SearchResult.Items`).

    Raises:
        SourceChanged: as `read_json`, or there is no such list.
    """
    value = read_json(payload)
    inner = value
    for name in [] if field is None else field.split("."):
        inner = inner.get(name) if isinstance(inner, dict) else None
    if isinstance(inner, list):
        return inner
    expected = "a list of postings" if field is None else f"an object with a list `{field}`"
    if isinstance(value, dict):
        names = sorted(value)
        found = f"an object with the fields {', '.join(names[:6])}" if names else "an empty object"
    else:
        found = "a list" if isinstance(value, list) else "a single value"
    raise _changed(
        payload,
        f"found {found[:200]}, expected {expected}; the board has changed its answers: the raw payload shows how",
    )


def _changed(payload: Payload, message: str) -> SourceChanged:
    return SourceChanged(payload.source, payload.url, message)


def _too_deep() -> str:
    return f"found JSON nested deeper than {DEPTH_LIMIT} levels, expected a list of postings; see the raw payload"


def is_deeper(value: object, limit: int) -> bool:
    """Whether lists and objects stand more than `limit` deep inside each other."""
    level = [value]
    for _ in range(limit + 1):
        inner: list[object] = []
        for item in level:
            if isinstance(item, dict):
                inner.extend(item.values())
            elif isinstance(item, list):
                inner.extend(item)
        if not inner:
            return False
        level = inner
    return True
