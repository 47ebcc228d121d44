"""The sources of postings: a model for each board, with the keys that it takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

from skillextract.settings.values import (
    FILE_COLUMNS,
    BaseUrl,
    Email,
    PageUrl,
    Search,
    Tenant,
    Thread,
    Token,
    VariableOf,
    is_at_home,
    name_nearest,
)

_COMPANY = Field(default=None, description="The employer's name, where the board does not state it.")

_BASE_URL = Field(
    default=None,
    description="Where to ask instead of the board's own host: an https URL, or http on this machine (for tests).",
)

_KEYED_BASE_URL = Field(
    default=None,
    description="Where to ask instead, with the key: another URL of the board's own host, or of this machine (for "
    "tests).",
)


class _Source(BaseModel):
    # `name` is a property and no computed field: what is dumped must be readable again, and extra keys are refused.
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, str_strip_whitespace=True)


class GreenhouseSource(_Source):
    """A company's board at Greenhouse."""

    board: Literal["greenhouse"] = "greenhouse"
    token: Token
    """The board's name, as in boards.greenhouse.io/<token>."""
    company: str | None = _COMPANY
    base_url: BaseUrl | None = _BASE_URL

    @property
    def name(self) -> str:
        """The name of the source in reports and messages."""
        return f"greenhouse:{self.token}"


class AshbySource(_Source):
    """A company's board at Ashby."""

    board: Literal["ashby"] = "ashby"
    token: Token
    """The board's name, as in jobs.ashbyhq.com/<token>."""
    company: str | None = _COMPANY
    base_url: BaseUrl | None = _BASE_URL

    @property
    def name(self) -> str:
        """The name of the source in reports and messages."""
        return f"ashby:{self.token}"


class LeverSource(_Source):
    """A company's site at Lever."""

    board: Literal["lever"] = "lever"
    token: Token
    """The site's name, as in jobs.lever.co/<token>."""
    region: Literal["auto", "global", "eu"] = "auto"
    """Where the site is kept; `auto` asks the global host first, then the European one."""
    company: str | None = _COMPANY
    base_url: BaseUrl | None = _BASE_URL

    @property
    def name(self) -> str:
        """The name of the source in reports and messages."""
        return f"lever:{self.token}"


class HackerNewsSource(_Source):
    """A thread "Ask HN: Who is hiring?" of Hacker News."""

    board: Literal["hackernews"] = "hackernews"
    thread: Thread | None = None
    """The id of the thread, or its month as "2026-07"; the newest thread where it is left out."""
    base_url: BaseUrl | None = _BASE_URL

    @property
    def name(self) -> str:
        """The name of the source in reports and messages."""
        return "hackernews" if self.thread is None else f"hackernews:{self.thread}"


class SmartRecruitersSource(_Source):
    """A company's postings at SmartRecruiters; each posting is a request of its own."""

    board: Literal["smartrecruiters"] = "smartrecruiters"
    token: Token
    """The company's name, as in jobs.smartrecruiters.com/<token>."""
    search: Search | None = None
    """Words that a posting must hold; the board looks for them, so that fewer postings are asked for."""
    limit: int = Field(default=1000, ge=1, le=20_000)
    """The largest number of postings that are asked for."""
    company: str | None = _COMPANY
    base_url: BaseUrl | None = _BASE_URL

    @property
    def name(self) -> str:
        """The name of the source in reports and messages."""
        return f"smartrecruiters:{self.token}" + (f":{self.search}" if self.search else "")


class RecruiteeSource(_Source):
    """A company's careers site at Recruitee."""

    board: Literal["recruitee"] = "recruitee"
    token: Tenant
    """The first part of the address, as in <token>.recruitee.com."""
    company: str | None = _COMPANY
    base_url: BaseUrl | None = _BASE_URL

    @property
    def name(self) -> str:
        """The name of the source in reports and messages."""
        return f"recruitee:{self.token}"


class PersonioSource(_Source):
    """A company's XML feed at Personio."""

    board: Literal["personio"] = "personio"
    token: Tenant
    """The first part of the address, as in <token>.jobs.personio.de."""
    language: Literal["en", "de", "fr", "es", "nl", "it", "pt"] = "en"
    """The language in which the postings are asked for; the board sends what it has."""
    company: str | None = _COMPANY
    base_url: BaseUrl | None = _BASE_URL

    @property
    def name(self) -> str:
        """The name of the source in reports and messages."""
        return f"personio:{self.token}"


class WorkableSource(_Source):
    """A company's account at Workable."""

    board: Literal["workable"] = "workable"
    token: Token
    """The account's name, as in apply.workable.com/<token>."""
    company: str | None = _COMPANY
    base_url: BaseUrl | None = _BASE_URL

    @property
    def name(self) -> str:
        """The name of the source in reports and messages."""
        return f"workable:{self.token}"


class TeamtailorSource(_Source):
    """A company's careers site at Teamtailor."""

    board: Literal["teamtailor"] = "teamtailor"
    token: Tenant
    """The first part of the address, as in <token>.teamtailor.com."""
    company: str | None = _COMPANY
    base_url: BaseUrl | None = _BASE_URL

    @property
    def name(self) -> str:
        """The name of the source in reports and messages."""
        return f"teamtailor:{self.token}"


class HimalayasSource(_Source):
    """Remote postings of Himalayas."""

    board: Literal["himalayas"] = "himalayas"
    search: Search | None = None
    """Words to look for, such as "machine learning"; the newest postings of all kinds where they are left out."""
    pages: int = Field(default=10, ge=1, le=500)
    """The largest number of pages of 20 postings that are asked for."""
    base_url: BaseUrl | None = _BASE_URL

    @property
    def name(self) -> str:
        """The name of the source in reports and messages."""
        return "himalayas" + (f":{self.search}" if self.search else "")


class ArbeitnowSource(_Source):
    """The newest postings of Arbeitnow, most of them in Germany."""

    board: Literal["arbeitnow"] = "arbeitnow"
    pages: int = Field(default=5, ge=1, le=100)
    """The largest number of pages of 100 postings that are asked for."""
    base_url: BaseUrl | None = _BASE_URL

    @property
    def name(self) -> str:
        """The name of the source in reports and messages."""
        return "arbeitnow"


class RemotiveSource(_Source):
    """Remote postings of Remotive."""

    board: Literal["remotive"] = "remotive"
    search: Search | None = None
    """Words to look for; all postings where they are left out."""
    base_url: BaseUrl | None = _BASE_URL

    @property
    def name(self) -> str:
        """The name of the source in reports and messages."""
        return "remotive" + (f":{self.search}" if self.search else "")


class RemoteOkSource(_Source):
    """The newest remote postings of Remote OK."""

    board: Literal["remoteok"] = "remoteok"
    base_url: BaseUrl | None = _BASE_URL

    @property
    def name(self) -> str:
        """The name of the source in reports and messages."""
        return "remoteok"


class JobicySource(_Source):
    """Remote postings of Jobicy."""

    board: Literal["jobicy"] = "jobicy"
    search: Search | None = None
    """Words to look for; the newest postings where they are left out."""
    base_url: BaseUrl | None = _BASE_URL

    @property
    def name(self) -> str:
        """The name of the source in reports and messages."""
        return "jobicy" + (f":{self.search}" if self.search else "")


class TheMuseSource(_Source):
    """Postings of The Muse."""

    board: Literal["themuse"] = "themuse"
    category: Search | None = None
    """One of the board's categories, such as "Data and Analytics"; all where it is left out."""
    pages: int = Field(default=10, ge=1, le=99)
    """The largest number of pages of 20 postings that are asked for."""
    base_url: BaseUrl | None = _BASE_URL

    @property
    def name(self) -> str:
        """The name of the source in reports and messages."""
        return "themuse" + (f":{self.category}" if self.category else "")


class UsaJobsSource(_Source):
    """Postings of the federal government of the USA; needs a free key."""

    board: Literal["usajobs"] = "usajobs"
    search: Search
    """Words to look for, such as "data scientist"."""
    email: Email
    """The e-mail address that the key is registered for; it is sent as User-Agent, as the board asks."""
    key_variable: Annotated[str, VariableOf("USAJOBS")] = "USAJOBS_KEY"
    """The environment variable that holds the key; its name begins with `USAJOBS_`."""
    pages: int = Field(default=4, ge=1, le=20)
    """The largest number of pages of 250 postings that are asked for."""
    base_url: Annotated[BaseUrl, is_at_home("data.usajobs.gov")] | None = _KEYED_BASE_URL

    @property
    def name(self) -> str:
        """The name of the source in reports and messages."""
        return f"usajobs:{self.search}"


class AdzunaSource(_Source):
    """Excerpts of postings of Adzuna; needs a free key, and finds few skills, for the texts are cut off."""

    board: Literal["adzuna"] = "adzuna"
    country: Literal[
        "at", "au", "be", "br", "ca", "ch", "de", "es", "fr", "gb", "in", "it", "mx", "nl", "nz", "pl", "sg", "us", "za"
    ]
    """Two letters of the country."""
    search: Search
    """Words to look for, such as "machine learning engineer"."""
    id_variable: Annotated[str, VariableOf("ADZUNA")] = "ADZUNA_APP_ID"
    """The environment variable that holds the application's id; its name begins with `ADZUNA_`."""
    key_variable: Annotated[str, VariableOf("ADZUNA")] = "ADZUNA_APP_KEY"
    """The environment variable that holds the application's key; its name begins with `ADZUNA_`."""
    pages: int = Field(default=2, ge=1, le=20)
    """The largest number of pages of 50 postings that are asked for; a free key has 250 requests a day."""
    base_url: Annotated[BaseUrl, is_at_home("api.adzuna.com")] | None = _KEYED_BASE_URL

    @property
    def name(self) -> str:
        """The name of the source in reports and messages."""
        return f"adzuna:{self.country}:{self.search}"


class FeedSource(_Source):
    """An RSS or Atom feed of postings."""

    board: Literal["feed"] = "feed"
    url: PageUrl
    """The address of the feed."""
    company: str | None = _COMPANY
    company_before: str | None = Field(default=None, min_length=1)
    """What stands between company and title where titles name both, as `": "` in "Acme: Data Engineer"."""
    label: str | None = None
    """A name of your own in place of the host's name, where two feeds come from one host."""

    @property
    def name(self) -> str:
        """The name of the source in reports and messages."""
        return f"feed:{self.label or urlsplit(self.url).hostname}"


class PagesSource(_Source):
    """Web pages that describe their posting in JSON-LD (schema.org JobPosting), alone or listed in a sitemap."""

    board: Literal["pages"] = "pages"
    url: PageUrl
    """A page with postings; a sitemap (XML, also an index, also gzipped); or the start of a site, to look for one."""
    only: str | None = Field(default=None, min_length=1)
    """What the path of a page must hold, such as "/jobs/"; left out, one of the usual words for postings."""
    limit: int = Field(default=500, ge=1, le=20_000)
    """The largest number of pages that are asked for."""
    company: str | None = _COMPANY
    label: str | None = None
    """A name of your own in place of the host's name, where two sources lie on one host."""

    @property
    def name(self) -> str:
        """The name of the source in reports and messages."""
        return f"pages:{self.label or urlsplit(self.url).hostname}"


class FilesSource(_Source):
    """Postings in a file (JSONL, CSV, Parquet) or in a folder of HTML files, each also in gzip or zstd."""

    board: Literal["files"] = "files"
    path: str = Field(min_length=1)
    """The file or folder, relative to the working directory."""
    format: Literal["auto", "jsonl", "csv", "parquet", "html"] = "auto"
    """The form of the file; `auto` goes by its ending."""
    company: str | None = _COMPANY
    columns: dict[str, str] = Field(default_factory=dict)
    """Which column of the file holds what, as {our name: name in the file}, for example {title = "Job Title"}."""
    label: str | None = None
    """A name of your own in place of the file's name, where two files are called alike."""

    @property
    def name(self) -> str:
        """The name of the source in reports and messages."""
        return f"files:{self.label or Path(self.path).name or self.path}"

    @model_validator(mode="after")
    def _check_columns(self) -> FilesSource:
        for ours in self.columns:
            if ours not in FILE_COLUMNS:
                raise ValueError(f"columns names {ours!r}{name_nearest(ours, FILE_COLUMNS)}")
        return self


class SampleSource(_Source):
    """The sample of invented postings that ships with the package."""

    board: Literal["sample"] = "sample"

    @property
    def name(self) -> str:
        """The name of the source in reports and messages."""
        return "sample"


BoardSource = (
    GreenhouseSource
    | AshbySource
    | LeverSource
    | SmartRecruitersSource
    | RecruiteeSource
    | PersonioSource
    | WorkableSource
    | TeamtailorSource
    | HimalayasSource
    | ArbeitnowSource
    | RemotiveSource
    | RemoteOkSource
    | JobicySource
    | TheMuseSource
    | UsaJobsSource
    | AdzunaSource
    | HackerNewsSource
    | FeedSource
    | PagesSource
)

Source = BoardSource | FilesSource | SampleSource

AnySource = Annotated[Source, Field(discriminator="board")]

SOURCE_MODELS: dict[str, type[BaseModel]] = {model.model_fields["board"].default: model for model in get_args(Source)}
