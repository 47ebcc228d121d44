"""The settings: every key with its default and explanation; the same model is the form of the flow."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from skillextract.settings.sources import AnySource, SampleSource, Source
from skillextract.settings.values import ROLE_FORM, Contact, Currency, LakeUrl, Runner


def _default_sources() -> list[Source]:
    return [SampleSource()]


SAMPLE_LAKE = "lake-sample"
"""The default of `lake` where nothing but the sample is read."""

PREFIX = "SKILLEXTRACT_"


class Settings(BaseSettings):
    """What a run reads, where it writes, and how much it asks for before it shows a share."""

    # Environment variables SKILLEXTRACT_<KEY> stand between the file and what is passed explicitly.
    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, env_prefix=PREFIX, env_ignore_empty=True
    )

    lake: LakeUrl = Field(default="lake", min_length=1)
    """The folder, relative to the working directory, or the fsspec URL that everything is written under; left out,
    `lake`, and `lake-sample` where the sample is the only source."""
    cache: str | None = ".skillextract"
    """The folder, relative to the working directory, that keeps the boards' answers, so that an unchanged one is not
    sent again; empty for none."""
    contact: Contact | None = None
    """A URL or e-mail address of yours; sent to the boards in the User-Agent so that they can reach you."""
    role: str = Field(default="machine-learning-engineer", pattern=ROLE_FORM)
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
    runner: Runner = "threads"
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
