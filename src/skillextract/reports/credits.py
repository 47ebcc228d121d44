"""Sources whose terms ask that whoever publishes their postings names them and links back."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable


@dataclasses.dataclass(frozen=True, slots=True)
class Credit:
    """What a source's terms ask for: its name as it writes it, and the page to link to."""

    name: str
    url: str


# By the kind of board, the part of a source's name before the colon. Every posting links to its own page anyhow.
CREDITS = {
    "adzuna": Credit("Jobs by Adzuna", "https://www.adzuna.com"),
    "arbeitnow": Credit("Arbeitnow", "https://www.arbeitnow.com"),
    "himalayas": Credit("Himalayas", "https://himalayas.app"),
    "jobicy": Credit("Jobicy", "https://jobicy.com"),
    "remoteok": Credit("Remote OK", "https://remoteok.com"),
    "remotive": Credit("Remotive", "https://remotive.com"),
}


def list_credits(sources: Iterable[str]) -> list[Credit]:
    """The credits that the terms of some sources ask for, each once, by name.

    Args:
        sources: names of sources as in `run_summary`, such as `himalayas` or `ashby:acme`.
    """
    kinds = {source.partition(":")[0] for source in sources}
    return sorted((CREDITS[kind] for kind in kinds & CREDITS.keys()), key=lambda credit: credit.name)
