"""Settings: what a run reads, where it writes, and how much it asks for before it calls a number a number.

`load_settings` reads `skillextract.toml`; the same models are the parameters of the Prefect flow, so every field is
JSON, carries its explanation, and refuses what it does not know.

- `values`: what a value must look like
- `sources`: a model for each board
- `model`: every key, and so the flow's form
- `loading`: the file and the environment
- `faults`: how a fault is told
"""

from __future__ import annotations

from skillextract.settings.loading import (
    load_market_settings,
    load_settings,
    place_key,
)
from skillextract.settings.model import (
    Settings,
)
from skillextract.settings.sources import (
    AdzunaSource,
    AnySource,
    ArbeitnowSource,
    AshbySource,
    BoardSource,
    FeedSource,
    FilesSource,
    GreenhouseSource,
    HackerNewsSource,
    HimalayasSource,
    JobicySource,
    LeverSource,
    PagesSource,
    PersonioSource,
    RecruiteeSource,
    RemoteOkSource,
    RemotiveSource,
    SampleSource,
    SmartRecruitersSource,
    Source,
    TeamtailorSource,
    TheMuseSource,
    UsaJobsSource,
    WorkableSource,
)
from skillextract.settings.values import (
    FILE_COLUMNS,
    BaseUrl,
    is_loopback,
)

__all__ = [
    "FILE_COLUMNS",
    "AdzunaSource",
    "AnySource",
    "ArbeitnowSource",
    "AshbySource",
    "BaseUrl",
    "BoardSource",
    "FeedSource",
    "FilesSource",
    "GreenhouseSource",
    "HackerNewsSource",
    "HimalayasSource",
    "JobicySource",
    "LeverSource",
    "PagesSource",
    "PersonioSource",
    "RecruiteeSource",
    "RemoteOkSource",
    "RemotiveSource",
    "SampleSource",
    "Settings",
    "SmartRecruitersSource",
    "Source",
    "TeamtailorSource",
    "TheMuseSource",
    "UsaJobsSource",
    "WorkableSource",
    "is_loopback",
    "load_market_settings",
    "load_settings",
    "place_key",
]
