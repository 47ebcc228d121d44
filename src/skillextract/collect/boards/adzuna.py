"""Adzuna's API: excerpts of postings of many boards, found by words; a free key is needed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from skillextract.collect.board import About
from skillextract.collect.http import PoliteSession
from skillextract.collect.payload import Payload, read_list
from skillextract.collect.record import Record, Salary, read_postings
from skillextract.collect.secrets import read_secret
from skillextract.errors import PostingError
from skillextract.posting import PostingDraft
from skillextract.settings import AdzunaSource

HOST = "https://api.adzuna.com"
_REGISTER = "https://developer.adzuna.com"
PAGE_SIZE = 50
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_CURRENCIES = {
    "at": "EUR", "au": "AUD", "be": "EUR", "br": "BRL", "ca": "CAD", "ch": "CHF", "de": "EUR", "es": "EUR", "fr": "EUR",
    "gb": "GBP", "in": "INR", "it": "EUR", "mx": "MXN", "nl": "EUR", "nz": "NZD", "pl": "PLN", "sg": "SGD", "us": "USD",
    "za": "ZAR",
}  # fmt: skip
"""What the board pays in: the currency of the country that is searched, for a year."""

ABOUT = About(
    title="Adzuna",
    home="https://www.adzuna.com",
    gives="excerpts of postings of many boards that hold some words",
    example='country = "gb"\nsearch = "machine learning engineer"\npages = 2',
    terms="Documented: 250 requests a day and 2,500 a month; personal research is free with a link “Jobs by Adzuna”; "
    "organisations need a licence after 14 days; data has to be deleted when the agreement ends.",
    text="snippet",
    key=f"free, from {_REGISTER}, in the environment variables ADZUNA_APP_ID and ADZUNA_APP_KEY (or those named as "
    "id_variable and key_variable, ADZUNA_…)",
    attribution="Jobs by Adzuna (https://www.adzuna.com)",
)


def fetch(session: PoliteSession, source: AdzunaSource) -> Iterator[Payload]:
    """The pages, until one is short or there are as many as the settings allow.

    Raises:
        SourceError: see `PoliteSession.get`; or a key is missing, or a page is no list.
    """
    secrets = {
        "app_id": read_secret(source.id_variable, source=source.name, home=_REGISTER),
        "app_key": read_secret(source.key_variable, source=source.name, home=_REGISTER),
    }
    for number in range(1, source.pages + 1):
        page = session.get(
            f"{source.base_url or HOST}/v1/api/jobs/{source.country}/search/{number}",
            source=source.name,
            params={"what": source.search, "results_per_page": PAGE_SIZE, "sort_by": "date"},
            secret_params=secrets,
        )
        yield page
        if len(read_list(page, field="results")) < PAGE_SIZE:
            return


def parse(payload: Payload, source: AdzunaSource) -> Iterator[PostingDraft | PostingError]:
    """The excerpts of a page.

    Raises:
        SourceChanged: the payload is no page of the board.
    """
    results = read_list(payload, field="results")
    yield from read_postings(results, source=source.name, read=lambda record: _read_posting(record, payload, source))


def _read_posting(record: Record, payload: Payload, source: AdzunaSource) -> PostingDraft:
    record.posting_id = native_id = record.require_id("id")
    body = record.body("description")
    if body is None:
        raise record.fault("description", "found no excerpt, expected one; see the raw payload")
    # Words of the search are marked in title and excerpt.
    title = " ".join(_TAG.sub("", record.require_text("title")).split())
    if not title:
        raise record.fault("title", "found no words, expected text; see the raw payload")
    salary = _read_salary(record, source)
    types = [part for part in (record.text("contract_time"), record.text("contract_type")) if part]
    return PostingDraft(
        id=f"{source.name}:{native_id}",
        source=source.name,
        url=record.text("redirect_url"),
        title=title,
        company=record.record("company").text("display_name"),
        location=record.record("location").text("display_name"),
        country=source.country.upper(),
        posted_at=record.instant("created"),
        employment_type=", ".join(types) or None,
        department=record.record("category").text("label"),
        salary_min=salary.minimum,
        salary_max=salary.maximum,
        salary_currency=salary.currency,
        salary_period=salary.period,
        body=body,
        body_format="html",
        fetched_at=payload.fetched_at,
    )


def _read_salary(record: Record, source: AdzunaSource) -> Salary:
    """The pay that the posting states; what the board has estimated is none."""
    if str(record.fields.get("salary_is_predicted", 0)).casefold() not in ("0", "false", "none", ""):
        return Salary()
    return record.salary(record.amount("salary_min"), record.amount("salary_max"), _CURRENCIES[source.country], "year")
