"""Takes the keys that were sent with a request out of what came back: boards write them into links and headers."""

from __future__ import annotations

import re
from collections.abc import Iterable

import requests

_REDACTED = "REDACTED"


def scrub_response(response: requests.Response, secrets: Iterable[str]) -> requests.Response:
    """Take secrets out of the body, the headers and the cookies of an answer, before it is kept or read.

    The address that a redirect leads to stays whole: it is asked next, with the key in it, and redirects are not kept.
    """
    pattern = spell_secrets(secrets)
    if pattern is None:
        return response
    response._content = re.sub(pattern.encode(), _REDACTED.encode(), response.content)
    for headers in (response.headers, response.raw.headers):
        for name, value in list(headers.items()):
            if not (response.is_redirect and name.casefold() == "location"):
                headers[name] = re.sub(pattern, _REDACTED, value)
    response.cookies.clear()
    return response


def spell_secrets(secrets: Iterable[str]) -> str | None:
    r"""The expression that finds secrets however they are written; None where there are none.

    Each character may stand as it is, or as an address (`%2f`, in an address inside an address `%252f`) or JSON
    (`\u002f`, `\/`) writes it.
    """
    spelt = ["".join(map(_spell_character, secret)) for secret in secrets if secret]
    # The longest first: one secret may begin with another one.
    return "|".join(sorted(spelt, key=len, reverse=True)) or None


def _spell_character(character: str) -> str:
    spellings = [r"\\*/" if character == "/" else re.escape(character)]
    spellings.append("".join(rf"%(?:25)*(?i:{byte:02x})" for byte in character.encode()))
    units = character.encode("utf-16-be").hex()
    spellings.append("".join(rf"\\+u(?i:{units[start : start + 4]})" for start in range(0, len(units), 4)))
    return f"(?:{'|'.join(spellings)})"
