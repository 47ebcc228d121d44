"""USAJOBS: postings of the federal government of the USA, found by words; a free key is needed."""

from __future__ import annotations

from collections.abc import Iterator

from skillextract.collect.board import About
from skillextract.collect.countries import read_country
from skillextract.collect.http import PoliteSession
from skillextract.collect.payload import Payload, read_list
from skillextract.collect.record import Record, Salary, as_html, join_places, read_period, read_postings
from skillextract.collect.secrets import read_secret
from skillextract.errors import PostingError
from skillextract.posting import PostingDraft, SalaryPeriod
from skillextract.settings import UsaJobsSource

HOST = "https://data.usajobs.gov"
_REGISTER = "https://developer.usajobs.gov"
PAGE_SIZE = 250
_ITEMS = "SearchResult.SearchResultItems"
_PERIODS: dict[str, SalaryPeriod] = {"PA": "year", "PM": "month", "PW": "week", "PD": "day", "PH": "hour"}
_PARTS = (
    ("JobSummary", "Summary"),
    ("MajorDuties", "Duties"),
    ("Requirements", "Requirements"),
    ("KeyRequirements", "Conditions of employment"),
    ("Education", "Education"),
    ("Evaluations", "How you will be evaluated"),
    ("OtherInformation", "Additional information"),
)
"""Fields of `UserArea.Details`, and the headings under which the board shows them."""

ABOUT = About(
    title="USAJOBS",
    home="https://www.usajobs.gov",
    gives="postings of the federal government of the USA that hold some words",
    example='search = "data scientist"\nemail = "you@example.org"  # the address that the key is registered for',
    terms="Documented: meant for reuse, with a key of one's own.",
    key=f"free, from {_REGISTER}, in the environment variable USAJOBS_KEY (or the one named as key_variable, "
    "USAJOBS_…)",
)


def fetch(session: PoliteSession, source: UsaJobsSource) -> Iterator[Payload]:
    """The pages, until one is short or there are as many as the settings allow.

    Raises:
        SourceError: see `PoliteSession.get`; or the key is missing, or a page is no list.
    """
    key = read_secret(source.key_variable, source=source.name, home=_REGISTER)
    for number in range(1, source.pages + 1):
        page = session.get(
            f"{source.base_url or HOST}/api/Search",
            source=source.name,
            params={"Keyword": source.search, "ResultsPerPage": PAGE_SIZE, "Page": number},
            headers={"User-Agent": source.email},
            secret_headers={"Authorization-Key": key},
        )
        yield page
        if len(read_list(page, field=_ITEMS)) < PAGE_SIZE:
            return


def parse(payload: Payload, source: UsaJobsSource) -> Iterator[PostingDraft | PostingError]:
    """The postings of a page.

    Raises:
        SourceChanged: the payload is no page of the board.
    """
    items = read_list(payload, field=_ITEMS)
    yield from read_postings(items, source=source.name, read=lambda record: _read_posting(record, payload, source))


def _read_posting(item: Record, payload: Payload, source: UsaJobsSource) -> PostingDraft:
    item.posting_id = native_id = item.require_id("MatchedObjectId")
    record = item.record("MatchedObjectDescriptor")
    details = record.record("UserArea").record("Details")
    body = _assemble_body(record, details)
    if not body:
        raise record.fault("UserArea", "found no description, expected a summary or duties; see the raw payload")
    places = [place for each in record.records("PositionLocation") if (place := each.text("LocationName"))]
    countries = {each.text("CountryCode") for each in record.records("PositionLocation")}
    salary = _read_salary(record)
    schedules = [name for each in record.records("PositionSchedule") if (name := each.text("Name"))]
    categories = [name for each in record.records("JobCategory") if (name := each.text("Name"))]
    return PostingDraft(
        id=f"{source.name}:{native_id}",
        source=source.name,
        url=record.text("PositionURI"),
        title=record.require_text("PositionTitle"),
        company=record.text("OrganizationName") or record.text("DepartmentName"),
        location=join_places(places) or record.text("PositionLocationDisplay"),
        country=read_country(countries.pop() or "") if len(countries) == 1 else None,
        # False says no more than that the posting is not wholly remote.
        remote="remote" if details.fields.get("RemoteIndicator") is True else None,
        posted_at=record.instant("PublicationStartDate"),
        employment_type=", ".join(schedules) or None,
        department=categories[0] if categories else None,
        salary_min=salary.minimum,
        salary_max=salary.maximum,
        salary_currency=salary.currency,
        salary_period=salary.period,
        body=body,
        body_format="html",
        fetched_at=payload.fetched_at,
    )


def _assemble_body(record: Record, details: Record) -> str:
    """The pieces of the text under the headings that the board shows them under."""
    pieces = [(heading, _read_pieces(details, name)) for name, heading in _PARTS]
    pieces.insert(2, ("Qualifications", _read_pieces(record, "QualificationSummary")))
    return "\n".join(f"<h3>{heading}</h3>\n{text}" for heading, text in pieces if text)


def _read_pieces(record: Record, field: str) -> str:
    value = record.fields.get(field)
    texts = record.texts(field) if isinstance(value, list) else [record.body(field) or ""]
    return "\n".join(as_html(text) for text in texts if text.strip())


def _read_salary(record: Record) -> Salary:
    """The first pay that is stated, in dollars; the board's codes for the period are its own."""
    for pay in record.records("PositionRemuneration"):
        stated = pay.text("RateIntervalCode") or ""
        period = _PERIODS.get(stated.upper()) or read_period(stated)
        return record.salary(pay.amount("MinimumRange"), pay.amount("MaximumRange"), "USD", period)
    return Salary()
