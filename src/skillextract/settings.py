"""Settings: what a run reads, where it writes, and how much it asks for before it calls a number a number.

`load_settings` reads `skillextract.toml`; the same models are the parameters of the Prefect flow, so every field is
JSON, carries its explanation, and refuses what it does not know.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as _EnvironmentError

from skillextract.errors import SettingsError

DEFAULT_FILE = "skillextract.toml"
"""The settings file that is looked for in the working directory when none is named."""

RUNNERS = ("threads", "processes", "dask")
"""Where parts are searched, besides on the Dask cluster of an address."""

# The names that a file may give besides `text` and `html`; kept equal to PostingFacts by a test.
FILE_COLUMNS = (
    "id", "title", "text", "html", "url", "company", "location", "country", "remote", "posted_at", "updated_at",
    "employment_type", "department", "salary_min", "salary_max", "salary_currency", "salary_period",
)  # fmt: skip


def is_loopback(host: str | None) -> bool:
    """Whether a host name or address means this machine."""
    if host is None:
        return False
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


class _UnshownError(ValueError):
    """A fault of a value that may hold a secret, and is not repeated in the message."""


def _check_base_url(value: str) -> str:
    parts = urlsplit(value)
    secure = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))
    if not secure or not parts.hostname:
        raise ValueError("expected an https URL (http is taken for this machine only), such as https://api.lever.co")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise _UnshownError("expected a URL without user, password, query or fragment")
    return value.rstrip("/")


def _check_contact(value: str) -> str:
    # It goes into a header of every request: nothing that could end the line or break the comment in brackets.
    if not re.fullmatch(r"https?://[^\s()<>]+|[^\s()<>@]+@[^\s()<>@]+", value) or not value.isascii():
        raise ValueError("expected a URL (https://…) or an e-mail address that a board's operator can write to")
    return value


def _check_email(value: str) -> str:
    if not re.fullmatch(r"[^\s()<>@]+@[^\s()<>@]+", value) or not value.isascii():
        raise ValueError("expected an e-mail address")
    return value


def _check_token(value: str) -> str:
    # Board names become a part of a URL's path; Ashby's may hold spaces ("Iodine Software").
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._ -]*", value) or ".." in value:
        raise ValueError("expected the board's name as it stands in its public URL: letters, digits, '.', '_' and '-'")
    return value


def _check_tenant(value: str) -> str:
    # These board names become a part of a host's name.
    if not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?", value):
        raise ValueError("expected the first part of the board's address: letters, digits and '-'")
    return value.lower()


def _check_page_url(value: str) -> str:
    parts = urlsplit(value)
    secure = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))
    if not secure or not parts.hostname:
        raise ValueError(
            "expected an https URL (http is taken for this machine only), such as https://example.org/jobs"
        )
    if parts.username or parts.password:
        raise _UnshownError("expected a URL without user and password")
    return value


def _check_variable(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):
        raise _UnshownError("expected the name of an environment variable (not the key itself)")
    return value


def _check_runner(value: str) -> str:
    if value not in RUNNERS and not re.fullmatch(r"(?:tcp|tls)://[A-Za-z0-9.\[\]:_-]+:\d+", value):
        raise ValueError(f"expected {', '.join(RUNNERS)} or a Dask scheduler's address such as tcp://10.0.0.5:8786")
    return value


def _check_thread(value: int | str) -> int | str:
    if isinstance(value, str) and not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", value):
        raise ValueError('expected the id of a thread (a whole number) or a month such as "2026-07"')
    if isinstance(value, int) and value < 1:
        raise ValueError("expected the id of a thread: a whole number above 0")
    return value


BaseUrl = Annotated[str, AfterValidator(_check_base_url)]
Contact = Annotated[str, AfterValidator(_check_contact)]
Token = Annotated[str, AfterValidator(_check_token)]
Tenant = Annotated[str, AfterValidator(_check_tenant)]
PageUrl = Annotated[str, AfterValidator(_check_page_url)]
Variable = Annotated[str, AfterValidator(_check_variable)]
Search = Annotated[str, Field(min_length=1, max_length=200)]
Thread = Annotated[int | str, AfterValidator(_check_thread)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""A currency by its ISO 4217 code."""

_COMPANY = Field(default=None, description="The employer's name, where the board does not state it.")
_BASE_URL = Field(
    default=None,
    description="Where to ask instead of the board's own host: an https URL, or http on this machine (for tests).",
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
    email: Annotated[str, AfterValidator(_check_email)]
    """The e-mail address that the key is registered for; it is sent as User-Agent, as the board asks."""
    key_variable: Variable = "USAJOBS_KEY"
    """The environment variable that holds the key."""
    pages: int = Field(default=4, ge=1, le=20)
    """The largest number of pages of 250 postings that are asked for."""
    base_url: BaseUrl | None = _BASE_URL

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
    id_variable: Variable = "ADZUNA_APP_ID"
    """The environment variable that holds the application's id."""
    key_variable: Variable = "ADZUNA_APP_KEY"
    """The environment variable that holds the application's key."""
    pages: int = Field(default=2, ge=1, le=20)
    """The largest number of pages of 50 postings that are asked for; a free key has 250 requests a day."""
    base_url: BaseUrl | None = _BASE_URL

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
                raise ValueError(f"columns names {ours!r}{_nearest(ours, FILE_COLUMNS)}")
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

_SOURCE_MODELS: dict[str, type[BaseModel]] = {model.model_fields["board"].default: model for model in get_args(Source)}


def _default_sources() -> list[Source]:
    return [SampleSource()]


SAMPLE_LAKE = "lake-sample"
"""The default of `lake` where nothing but the sample is read."""

_PREFIX = "SKILLEXTRACT_"
OTHER_VARIABLES = frozenset({"HOME", "NOTIFY"})
"""Variables of that prefix that are no settings: the checkout that a worker runs in, and the block that is notified."""


class Settings(BaseSettings):
    """What a run reads, where it writes, and how much it asks for before it shows a share."""

    # Environment variables SKILLEXTRACT_<KEY> stand between the file and what is passed explicitly.
    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, env_prefix=_PREFIX, env_ignore_empty=True
    )

    lake: str = Field(default="lake", min_length=1)
    """The folder or fsspec URL that everything is written under; left out, `lake`, and `lake-sample` where the sample
    is the only source."""
    cache: str | None = ".skillextract"
    """The folder that keeps the boards' answers, so that an unchanged one is not sent again; empty for none."""
    contact: Contact | None = None
    """A URL or e-mail address of yours; sent to the boards in the User-Agent so that they can reach you."""
    role: str = Field(default="machine-learning-engineer", pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    """The role whose postings are compared with its reference profile (`patterns/roles/<role>.toml`)."""
    max_evidence: int = Field(default=5, ge=0, le=100)
    """The largest number of sentences shown as evidence for a number; for its parts at most three."""
    min_postings: int = Field(default=10, ge=1)
    """Below this many postings a share is shown as "too few", not as a number."""
    min_companies: int = Field(default=5, ge=1)
    """Below this many companies a share is shown as "too few", not as a number."""
    not_english: Literal["set apart", "keep"] = "set apart"
    """What becomes of postings in another language than English, in which the patterns find little: `set apart` (told,
    and in no share), or `keep`."""
    market_threshold: float = Field(default=0.1, ge=0.0, le=1.0)
    """The share of postings (0 to 1) from which on a skill that the profile does not name gets a row."""
    shard_size: int = Field(default=2000, ge=1, le=100_000)
    """How many postings go into one part of the lake, and through one task."""
    runner: Annotated[str, AfterValidator(_check_runner)] = "threads"
    """Where parts are searched for skills: `threads` of the run's own process, `processes`, `dask` (a cluster on this
    machine), or a Dask scheduler's address (tcp://10.0.0.5:8786). Boards are always asked from the run's process."""
    workers: int | None = Field(default=None, ge=1, le=256)
    """How many processes search parts with `processes` or `dask`; left out, one for each core of the machine. A
    scheduler's address brings workers of its own."""
    rates: dict[Currency, Annotated[float, Field(gt=0, allow_inf_nan=False)]] = Field(default_factory=dict)
    """What a unit of each currency is worth, in any common unit ({EUR = 1, USD = 0.92}); salaries in these are
    converted into the profile's. Left out, every currency has rows of its own."""
    sources: list[AnySource] = Field(default_factory=_default_sources, min_length=1)
    """Where the postings come from."""

    @property
    def cache_folder(self) -> Path | None:
        """`cache` as a path; None for no cache."""
        return Path(self.cache) if self.cache else None

    @model_validator(mode="after")
    def _check_names(self) -> Settings:
        seen: set[str] = set()
        for source in self.sources:
            if source.name in seen:
                hint = " or give one a label" if "label" in type(source).model_fields else ""
                raise ValueError(f"two sources are called {source.name!r}; drop one{hint}")
            seen.add(source.name)
        return self

    @model_validator(mode="after")
    def _keep_sample_apart(self) -> Settings:
        # Its invented postings must not stand among a market's snapshots. Not set as by `model_fields_set`: with other
        # sources the same settings mean the ordinary lake again.
        if "lake" not in self.model_fields_set and all(isinstance(source, SampleSource) for source in self.sources):
            self.__dict__["lake"] = SAMPLE_LAKE
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is passed first, then the environment; no `.env` and no folder of secrets."""
        return init_settings, env_settings


def load_settings(path: str | Path | None = None) -> Settings:
    """The settings of a TOML file, with `SKILLEXTRACT_<KEY>` of the environment before it.

    Args:
        path: the file; without it `skillextract.toml` of the working directory, or the defaults where there is none.

    Raises:
        SettingsError: the file is missing or no TOML, or a key or value is not known; the message names the file, the
            key, what was found, what was expected and what to do.
    """
    if path is None and not Path(DEFAULT_FILE).exists():
        name, written = "(no settings file)", dict[str, Any]()
    else:
        name = str(path if path is not None else DEFAULT_FILE)
        written = _read_toml(Path(name))
    _refuse_unknown_variables()
    try:
        exported = EnvSettingsSource(Settings)()
    except _EnvironmentError as error:
        raise SettingsError(f"environment: {error}; give a list or table as JSON, or unset the variable") from error
    try:
        return Settings(**{**written, **exported})
    except ValidationError as error:
        faults = [_describe_fault(name, exported, fault) for fault in error.errors(include_url=False)]
        raise SettingsError("\n".join(faults)) from error


def _refuse_unknown_variables() -> None:
    """Refuse `SKILLEXTRACT_LAEK`: a misspelt variable would be passed over, and the run would go elsewhere."""
    known = {key.upper() for key in Settings.model_fields} | OTHER_VARIABLES
    for variable in sorted(os.environ):
        key = variable.upper().removeprefix(_PREFIX)
        if variable.upper().startswith(_PREFIX) and key not in known:
            hint = _nearest(key, sorted(known))
            raise SettingsError(f"environment: {variable}: found an unknown variable{hint}")


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise SettingsError(f"{path}: no such file; write it, or leave it out to run on the sample") from error
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}); expected a TOML file") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: no TOML: {error}; mend that line") from error


def _describe_fault(name: str, exported: Mapping[str, Any], fault: ErrorDetails) -> str:
    """One fault as `file: key: found …, expected …; do …`."""
    loc = list(fault["loc"])
    if loc and str(loc[0]) in exported:
        name = f"environment: SKILLEXTRACT_{str(loc[0]).upper()}"
    # The discriminator stands in the location as if it were a key: ("sources", 0, "ashby", "token").
    model = _SOURCE_MODELS.get(str(loc[2])) if len(loc) > 2 and loc[0] == "sources" else None
    shown = loc[:2] + loc[3:] if model else loc
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in shown).lstrip(".") or "settings"
    known = list((model or Settings).model_fields)
    found = _shorten(fault["input"])
    match fault["type"]:
        case "extra_forbidden":
            last = str(loc[-1])
            return f"{name}: {key}: found an unknown key{_nearest(last, known)}"
        case "missing":
            return f"{name}: {key}: found nothing, expected a value; add `{loc[-1]} = …`"
        case "union_tag_invalid":
            tag = str(fault["ctx"]["tag"])
            return f"{name}: {key}.board: found {tag!r}{_nearest(tag, _SOURCE_MODELS)}"
        case "union_tag_not_found":
            boards = ", ".join(_SOURCE_MODELS)
            return f"{name}: {key}: found no `board`, expected one of {boards}; add `board = …`"
        case "value_error":
            error = fault["ctx"]["error"] if "ctx" in fault else fault["msg"]
            message = str(error)
            hidden = isinstance(fault["input"], dict | BaseModel) or isinstance(error, _UnshownError)
            where = "" if hidden else f"found {found}, "
            return f"{name}: {key}: {where}{message}; change it"
        case _:
            return f"{name}: {key}: found {found}, expected {_say_expected(fault)}; change it"


_EXPECTED = {
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "float_type": "a number",
    "finite_number": "a number",
    "string_type": "text",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a table",
    "greater_than": "more than {gt}",
    "greater_than_equal": "{ge} or more",
    "less_than_equal": "{le} or less",
    "string_too_short": "a text of {min_length} or more characters",
    "string_too_long": "a text of {max_length} or fewer characters",
    "too_short": "{min_length} or more entries",
    "literal_error": "{expected}",
    "string_pattern_mismatch": "a text of the form {pattern}",
}
"""What was expected, by the type of pydantic's fault, with the values of its context."""


def _say_expected(fault: ErrorDetails) -> str:
    """What was expected, in our words where there are any, else in pydantic's."""
    form = _EXPECTED.get(fault["type"])
    return fault["msg"] if form is None else form.format(**fault.get("ctx", {}))


def _nearest(word: str, known: Iterable[str]) -> str:
    names = list(known)
    near = difflib.get_close_matches(word, names, n=2, cutoff=0.6)
    if near:
        return f", expected one of {', '.join(names)}; did you mean {' or '.join(near)}?"
    return f", expected one of {', '.join(names)}; rename or remove it"


def _shorten(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
