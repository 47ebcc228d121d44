"""Any web page that describes its posting in JSON-LD (schema.org JobPosting), alone or listed in a sitemap.

Descriptions in microdata or RDFa, and pages that build theirs by script, are not read.
"""

from __future__ import annotations

import dataclasses
import hashlib
import html
import json
import logging
import re
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from skillextract.collect.board import About, fetch_details
from skillextract.collect.countries import find_country, read_country
from skillextract.collect.http import MEBIBYTE, MINING_RESERVED, BoardNotFound, MiningReserved, PoliteSession
from skillextract.collect.markup import decode_page, parse_html
from skillextract.collect.payload import DEPTH_LIMIT, Payload, is_deeper, read_xml
from skillextract.collect.record import Record, Salary, as_html, clean_text, join_place, join_places, read_postings
from skillextract.collect.robots import Robots
from skillextract.errors import PostingError, SourceChanged, SourceError
from skillextract.posting import PostingDraft
from skillextract.settings import PagesSource

logger = logging.getLogger(__name__)

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_ESCAPED_TAG = re.compile(r"&lt;/?[a-zA-Z]")
_ESCAPED_BREAK = re.compile(r"\\[nrt](?![A-Za-z])")
"""A line break that was escaped twice, and now stands as a backslash and a letter."""
_GUARD = re.compile(r"^\s*(?://|/\*)?\s*(?:<!\[CDATA\[|<!--)\s*(?:\*/)?|(?://|/\*)?\s*(?:\]\]>|-->)\s*(?:\*/)?\s*$")
"""What sites put around JSON so that old readers pass it over."""
_FURTHER = (
    ("responsibilities", "Responsibilities"),
    ("qualifications", "Qualifications"),
    ("skills", "Skills"),
    ("experienceRequirements", "Experience"),
    ("educationRequirements", "Education"),
)
"""Fields beside the description that hold text of their own."""
_SITEMAP_LIMIT = 50
"""Sitemaps that are read for one source."""
_UNPACKED_LIMIT = 64 * MEBIBYTE
_PATH = re.compile(r"(?i)job|career|position|vacanc|opening|stelle|karriere|emploi|role")
_ACCEPT = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.1"

ABOUT = About(
    postings_end=True,
    title="Pages with JSON-LD",
    home="https://schema.org/JobPosting",
    gives="the postings of any site whose pages describe them as schema.org JobPosting",
    example='url = "https://careers.example.org/sitemap.xml"\nonly = "/jobs/"',
    terms="robots.txt is obeyed (RFC 9309), pages reserved against text and data mining are left out, one page a "
    "second at most; the terms of the site hold.",
    fresh_for=timedelta(hours=24),
)


def fetch(session: PoliteSession, source: PagesSource) -> Iterator[Payload | SourceError]:
    """The page, or the sitemaps and the pages that they list; on the host of the settings only.

    Raises:
        SourceError: see `PoliteSession.get`; or robots.txt closes the site; or no sitemap is found.
    """
    robots = Robots(session, source.url, source=source.name)
    pages: dict[str, None] = {}
    left_out = 0
    for start in _walk_sitemaps(session, source, robots):
        yield start
        if not is_sitemap(start):
            continue
        for kind, url in read_sitemap(start):
            if kind == "page" and _is_wanted(url, source):
                if _is_of_host(url, source) and robots.allows(url):
                    pages[url] = None
                else:
                    left_out += 1
    if left_out:
        logger.warning("%s: left out %d pages of other hosts, or closed to us by robots.txt", source.name, left_out)
    chosen = list(pages)[: source.limit]
    if len(pages) > len(chosen):
        logger.warning("%s: found %d pages and asks for %d; raise `limit`", source.name, len(pages), len(chosen))
    for answer in fetch_details(_ask_for(session, source, url) for url in chosen):
        reserved = isinstance(answer, Payload) and is_reserved(answer)
        yield MiningReserved(source.name, answer.url, MINING_RESERVED) if reserved else answer


def _walk_sitemaps(session: PoliteSession, source: PagesSource, robots: Robots) -> Iterator[Payload]:
    """The payload of the address in the settings, and those of all sitemaps that it leads to."""
    waiting = deque([source.url] if urlsplit(source.url).path.strip("/") else _find_sitemaps(robots, source.url))
    seen: set[str] = set()
    first_miss: BoardNotFound | None = None
    found = False
    while waiting and len(seen) < _SITEMAP_LIMIT:
        url = waiting.popleft()
        if url in seen or not _is_of_host(url, source):
            continue
        seen.add(url)
        if not robots.allows(url):
            raise SourceChanged(source.name, url, "is closed to us by robots.txt; remove the source, or ask the owner")
        try:
            payload = session.get(url, source=source.name, accept=_ACCEPT)
        except BoardNotFound as error:
            first_miss = first_miss or error
            continue
        if is_reserved(payload):
            raise MiningReserved(source.name, payload.url, MINING_RESERVED)
        found = True
        yield payload
        if is_sitemap(payload):
            waiting.extend(listed for kind, listed in read_sitemap(payload) if kind == "sitemap")
    if not found:
        raise first_miss or SourceChanged(
            source.name, source.url, "found no sitemap on this host, expected one; give its address as `url`"
        )


def _find_sitemaps(robots: Robots, url: str) -> list[str]:
    """Where the sitemaps of a site may be: as robots.txt says, else by the usual names."""
    return robots.sitemaps or [urljoin(url, "/sitemap.xml"), urljoin(url, "/sitemap_index.xml")]


def _is_of_host(url: str, source: PagesSource) -> bool:
    try:
        return urlsplit(url)[:2] == urlsplit(source.url)[:2]
    except ValueError:  # robots.txt may name anything as a sitemap
        return False


def _is_wanted(url: str, source: PagesSource) -> bool:
    path = urlsplit(url).path
    return source.only in path if source.only else bool(_PATH.search(path))


def _ask_for(session: PoliteSession, source: PagesSource, url: str) -> Callable[[], Payload]:
    return lambda: session.get(url, source=source.name, accept=_ACCEPT)


def parse(payload: Payload, source: PagesSource) -> Iterator[PostingDraft | PostingError]:
    """The postings that a page describes; sitemaps have none, and of a page without any its error says so.

    Raises:
        SourceChanged: the payload is a sitemap that cannot be read.
    """
    if is_sitemap(payload):
        for _ in read_sitemap(payload):
            pass
        return
    tree = parse_html(decode_page(payload.content))
    found, broken = _find_postings(tree)
    if not found:
        blocks = f" ({broken} of its blocks could not be read)" if broken else ""
        message = (
            f"found no JobPosting in JSON-LD{blocks}, expected one; the page may build it by script, or be no posting: "
            "set `only`"
        )
        yield PostingError(source.name, payload.url, "JobPosting", message)
        return
    page = _find_address(tree, payload)
    yield from read_postings(
        found, source=source.name, read=lambda record: _read_posting(record, payload, source, page, len(found))
    )


def is_sitemap(payload: Payload) -> bool:
    """Whether a payload is a sitemap, plain or gzipped, by how it begins."""
    start = payload.content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"\x1f\x8b") or re.search(rb"<(?:\w+:)?(?:urlset|sitemapindex)\b", start) is not None


def read_sitemap(payload: Payload) -> Iterator[tuple[str, str]]:
    """What a sitemap lists, each as `page` or `sitemap` and its address.

    Raises:
        SourceChanged: it is no XML, or larger than a sitemap may be.
    """
    content = payload.content
    if content.startswith(b"\x1f\x8b"):
        unpacking = zlib.decompressobj(wbits=31)
        try:
            content = unpacking.decompress(content, _UNPACKED_LIMIT)
        except zlib.error as error:
            raise SourceChanged(
                payload.source, payload.url, f"found gzip that is broken ({error}), expected a sitemap; see the payload"
            ) from error
        if not unpacking.eof and not unpacking.unconsumed_tail:
            raise SourceChanged(
                payload.source, payload.url, "found gzip that is cut off, expected a whole sitemap; try again later"
            )
        if unpacking.unconsumed_tail:
            raise SourceChanged(
                payload.source, payload.url, f"found more than {_UNPACKED_LIMIT} bytes unpacked, expected a sitemap"
            )
    root = read_xml(dataclasses.replace(payload, content=content))
    # The namespace is written in two ways; only the names count.
    kind = "sitemap" if _local(root.tag) == "sitemapindex" else "page"
    for entry in root:
        for element in entry:
            if _local(element.tag) == "loc" and (url := (element.text or "").strip()):
                try:
                    urlsplit(url)
                except ValueError:
                    continue
                yield kind, url


def is_reserved(page: Payload) -> bool:
    """Whether a page says that it is reserved against text and data mining (TDMRep)."""
    if b"tdm-reservation" not in page.content.lower():
        return False
    tree = parse_html(decode_page(page.content))
    return any(
        (node.attributes.get("name") or "").casefold() == "tdm-reservation"
        and (node.attributes.get("content") or "").strip() == "1"
        for node in tree.css("meta")
    )


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]


def _find_address(tree: LexborHTMLParser, payload: Payload) -> str | None:
    """The address of the page: as it states itself, else where it came from, unless values of its query are hidden."""
    link = tree.css_first('link[rel="canonical"]')
    stated = (link.attributes.get("href") or "").strip() if link else ""
    address = _join(payload.url, stated) if stated else payload.url
    return address if address and "…" not in address else None


def _join(base: str, url: str) -> str | None:
    try:
        joined = urljoin(base, url)
        return joined if urlsplit(joined).scheme in ("http", "https") else None
    except ValueError:
        return None


def _find_postings(tree: LexborHTMLParser) -> tuple[list[dict[str, object]], int]:
    """The JobPosting objects of a page's JSON-LD, and how many blocks could not be read."""
    found: list[dict[str, object]] = []
    broken = 0
    for script in tree.css("script[type]"):
        kind = (script.attributes.get("type") or "").partition(";")[0].strip().casefold()
        if kind != "application/ld+json":
            continue
        value = _read_block(script.text(deep=True))
        if value is None:
            broken += 1
            continue
        waiting = deque([value])
        while waiting:
            each = waiting.popleft()
            if isinstance(each, list):
                waiting.extend(each)
            elif isinstance(each, dict):
                if _is_posting(each):
                    found.append(_lower_keys(each))  # type: ignore[arg-type]
                else:
                    waiting.extend(each.values())
    return found, broken


def _read_block(text: str) -> object:
    """The value of a block, None where it is no JSON; comments around it and escaped quotes in it are forgiven."""
    plain = _GUARD.sub("", text).strip().rstrip(";")
    for form in (text, plain, html.unescape(plain)):
        try:
            # Not strict: line breaks stand inside of strings.
            value: object = json.loads(form, strict=False)
        except (ValueError, RecursionError):
            continue
        return None if is_deeper(value, DEPTH_LIMIT) else value
    return None


def _is_posting(value: dict[str, object]) -> bool:
    stated = value.get("@type", value.get("type"))
    names = stated if isinstance(stated, list) else [stated]
    return any(isinstance(name, str) and re.split(r"[/#:]", name)[-1].casefold() == "jobposting" for name in names)


def _lower_keys(value: object) -> object:
    """The value with the first letter of every key in lower case: some sites write `Title`."""
    if isinstance(value, dict):
        plain = {key: _lower_keys(inner) for key, inner in value.items() if key[:1] == key[:1].lower()}
        return {**{key[:1].lower() + key[1:]: _lower_keys(inner) for key, inner in value.items()}, **plain}
    return [_lower_keys(inner) for inner in value] if isinstance(value, list) else value


def _read_posting(record: Record, payload: Payload, source: PagesSource, page: str | None, count: int) -> PostingDraft:
    fields = record.fields
    title = record.require_text("title" if fields.get("title") else "name")
    stated = fields.get("url")
    url = _join(payload.url, clean_text(stated).strip()) if isinstance(stated, str) and stated.strip() else None
    url = url or page
    body = _assemble_body(record)
    record.posting_id = native_id = _identify(record, url if count == 1 or url != page else None, title, body)
    if not body:
        raise record.fault("description", "found no description, expected one; see the raw payload")
    closes = record.instant("validThrough")
    if closes is not None and closes < payload.fetched_at:
        raise record.fault("validThrough", f"found {closes:%Y-%m-%d}, expected a later day; the posting is over")
    places = [place for each in _as_list(fields.get("jobLocation")) if (place := _read_place(each))]
    wanted = [name for each in _as_list(fields.get("applicantLocationRequirements")) if (name := _name_of(each))]
    countries = {country for _, country in places}
    salary = _read_salary(record)
    location = join_places([place for place, _ in places] or wanted)
    types = [each for each in _as_list(fields.get("employmentType")) if isinstance(each, str)]
    return PostingDraft(
        id=f"{source.name}:{native_id}",
        source=source.name,
        url=url,
        title=html.unescape(title),
        company=next(filter(None, map(_name_of, _as_list(fields.get("hiringOrganization")))), None) or source.company,
        location=location,
        country=(countries.pop() if len(countries) == 1 else None) or find_country(location or ""),
        remote="remote" if "TELECOMMUTE" in _as_list(fields.get("jobLocationType")) else None,
        posted_at=record.instant("datePosted"),
        employment_type=clean_text(", ".join(types)) or None,
        department=_name_of(fields.get("employmentUnit")) or _name_of(fields.get("occupationalCategory")),
        salary_min=salary.minimum,
        salary_max=salary.maximum,
        salary_currency=salary.currency,
        salary_period=salary.period,
        body=body,
        body_format="html",
        fetched_at=payload.fetched_at,
    )


def _identify(record: Record, url: str | None, title: str, body: str) -> str:
    """What tells the posting from others of the site: its address, else its identifier, else its text."""
    if url:
        parts = urlsplit(url)
        return (parts.path.strip("/") + (f"?{parts.query}" if parts.query else "")) or parts.netloc
    identifier = record.fields.get("identifier")
    value = identifier.get("value") if isinstance(identifier, dict) else identifier
    if isinstance(value, str | int) and str(value)[:200].strip():
        return clean_text(str(value)[:200].strip())
    return hashlib.blake2b(f"{title}\n{body}".encode(), digest_size=8).hexdigest()


def _assemble_body(record: Record) -> str:
    """The description, and the further texts that do not stand in it, each under its name."""
    description = "\n".join(_read_texts(record.fields.get("description")))
    if not _TAG.search(description) and _ESCAPED_TAG.search(description):
        description = html.unescape(description)
    parts = [as_html(_ESCAPED_BREAK.sub("\n", description))]
    squeezed = "".join(description.split())
    for name, heading in _FURTHER:
        texts = [text for text in _read_texts(record.fields.get(name)) if "".join(text.split()) not in squeezed]
        if texts:
            parts.append(f"<h3>{heading}</h3>\n" + "\n".join(as_html(text) for text in texts))
    return "\n".join(part for part in parts if part.strip())


def _read_texts(value: object) -> list[str]:
    """The texts of a field that holds one, several, or objects with a name or a description."""
    texts = []
    for each in _as_list(value):
        text = (each.get("description") or each.get("name")) if isinstance(each, dict) else each
        if isinstance(text, str) and text.strip():
            texts.append(clean_text(text.strip()))
    return texts


def _read_place(value: object) -> tuple[str, str | None] | None:
    """A place as text, and its country's code."""
    address = value.get("address", value.get("name")) if isinstance(value, dict) else value
    if isinstance(address, list):
        address = address[0] if address else None
    if isinstance(address, str):
        return (clean_text(address.strip()), find_country(address)) if address.strip() else None
    if not isinstance(address, dict):
        return None
    parts = [address.get("addressLocality"), address.get("addressRegion"), address.get("addressCountry")]
    names = [_name_of(part) for part in parts]
    place = join_place(*names)
    return (place, read_country(names[2] or "")) if place else None


def _name_of(value: object) -> str | None:
    """The text that a value is, or the name of the object that it is."""
    value = value.get("name") if isinstance(value, dict) else value
    return clean_text(html.unescape(value)).strip() or None if isinstance(value, str) else None


def _read_salary(record: Record) -> Salary:
    """The base salary, whose value may be a number or a span, with the unit on either level."""
    stated = _as_list(record.fields.get("baseSalary"))
    if not stated or not isinstance(stated[0], dict):
        return Salary()
    outer = Record(stated[0], source=record.source, posting_id=record.posting_id, odd=record.odd, path="baseSalary.")
    values = _as_list(stated[0].get("value"))
    inner = values[0] if values and isinstance(values[0], dict) else stated[0]
    span = Record(inner, source=record.source, posting_id=record.posting_id, odd=record.odd, path="baseSalary.value.")
    single = span.amount("value") if not isinstance(inner.get("value"), dict | list) else None
    low, high = span.amount("minValue"), span.amount("maxValue")
    currency = outer.text("currency") or span.text("currency")
    period = span.text("unitText") or outer.text("unitText")
    return record.salary(low if low is not None else single, high if high is not None else single, currency, period)


def _as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
