"""The values that settings may hold: what each must look like, and what to say where it does not."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_after_validator_function

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


class UnshownError(ValueError):
    """A fault of a value that may hold a secret, and is not repeated in the message."""


def _check_base_url(value: str) -> str:
    parts = urlsplit(value)
    # First, for whatever else is wrong with it, such a URL is not to be repeated.
    if parts.username or parts.password or parts.query or parts.fragment:
        raise UnshownError("expected a URL without user, password, query or fragment")
    secure = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))
    if not secure or not parts.hostname:
        raise ValueError("expected an https URL (http is taken for this machine only), such as https://api.lever.co")
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
    if parts.username or parts.password:
        raise UnshownError("expected a URL without user and password")
    secure = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))
    if not secure or not parts.hostname:
        wanted = "expected an https URL (http is taken for this machine only), such as https://example.org/jobs"
        # A query may hold a key.
        raise UnshownError(wanted) if parts.query else ValueError(wanted)
    return value


class VariableOf:
    """Marks a text as the name of a variable that holds a key of one board, and that begins with the board's name.

    Whoever may start a run chooses the name, and what the variable holds is sent away: it may be no other one.
    """

    def __init__(self, board: str) -> None:
        self._form = f"^{board}_[A-Z0-9_]+$"
        self._wanted = (
            f"expected the name of an environment variable (not the key itself) that begins with {board}_, in capital "
            f"letters, such as {board}_KEY_2: nothing else of the environment is sent to this board"
        )

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check the name behind all else."""
        return no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """State the form, so that Prefect refuses what may be a key before there is a run that would keep it."""
        return {**handler(core_schema), "pattern": self._form}

    def _check(self, value: str) -> str:
        if not re.fullmatch(self._form, value):
            raise UnshownError(self._wanted)
        return value


def is_at_home(host: str) -> AfterValidator:
    """Make of a base URL one that a key may be sent to: on the board's own host, or on this machine."""

    def check(value: str) -> str:
        asked = urlsplit(value).hostname
        if asked != host and not is_loopback(asked):
            raise ValueError(f"expected https://{host} or an address of this machine, for the key is sent there")
        return value

    return AfterValidator(check)


# Not by `urlsplit`: a store may be named behind another one (`simplecache::sftp://…`), a password may hold a `/`.
_PASSWORD = r"://[^/@]*:(?!\d*(?:/|$))[^@]*@"  # noqa: S105 - what one looks like


def check_lake_url(value: str) -> str:
    """Return where a lake is, unless a password stands in it: it would stand in messages and what Prefect stores.

    A name alone may stand before the `@`: `abfs://container@account.dfs.core.windows.net` has one.

    Raises:
        UnshownError: there is one.
    """
    if re.search(_PASSWORD, value):
        raise UnshownError(
            "expected a URL without password; put it where the store looks for it: the environment, or fsspec's "
            "configuration (FSSPEC_SFTP_PASSWORD, or a file in ~/.config/fsspec)"
        )
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

Email = Annotated[str, AfterValidator(_check_email)]
Runner = Annotated[str, AfterValidator(_check_runner)]
Token = Annotated[str, AfterValidator(_check_token)]

Tenant = Annotated[str, AfterValidator(_check_tenant)]

PageUrl = Annotated[str, AfterValidator(_check_page_url)]

# The pattern is the form's: Prefect refuses by it before it stores anything. Pydantic's own would repeat the value.
LakeUrl = Annotated[str, AfterValidator(check_lake_url), Field(json_schema_extra={"pattern": f"^(?!.*{_PASSWORD})"})]

Search = Annotated[str, Field(min_length=1, max_length=200)]

Thread = Annotated[int | str, AfterValidator(_check_thread)]

ROLE_FORM = r"^[a-z0-9]+(-[a-z0-9]+)*$"
"""The id of a role, which is the name of its file."""

CURRENCY_FORM = r"^[A-Z]{3}$"
Currency = Annotated[str, Field(pattern=CURRENCY_FORM)]
"""A currency by its ISO 4217 code."""


def name_nearest(word: str, known: Iterable[str], *, prefix: str = "") -> str:
    """What stands behind an unknown word in a message: the words that are known, and those that are near it.

    A prefix that all of them have is told with them, and makes none of them nearer.
    """
    names = list(known)
    near = difflib.get_close_matches(word, names, n=2, cutoff=0.6)
    told = ", ".join(f"{prefix}{name}" for name in names)
    if near:
        return f", expected one of {told}; did you mean {' or '.join(f'{prefix}{name}' for name in near)}?"
    return f", expected one of {told}; rename or remove it"
