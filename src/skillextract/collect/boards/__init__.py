"""The boards: the one place that lists them.

A board is a module with two functions and a description. `fetch` asks the network and yields what came, unread; `parse`
reads a payload and asks nothing; `ABOUT` says what people have to know. `docs/sources.md` shows how to add one.
"""

from __future__ import annotations

from skillextract.collect.board import Board
from skillextract.collect.boards import (
    adzuna,
    arbeitnow,
    ashby,
    feed,
    greenhouse,
    hackernews,
    himalayas,
    jobicy,
    lever,
    pages,
    personio,
    recruitee,
    remoteok,
    remotive,
    smartrecruiters,
    teamtailor,
    themuse,
    usajobs,
    workable,
)
from skillextract.settings import (
    AdzunaSource,
    ArbeitnowSource,
    AshbySource,
    FeedSource,
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
    SmartRecruitersSource,
    TeamtailorSource,
    TheMuseSource,
    UsaJobsSource,
    WorkableSource,
)

BOARDS: dict[str, Board] = {
    "adzuna": Board(AdzunaSource, adzuna.fetch, adzuna.parse, adzuna.ABOUT),
    "arbeitnow": Board(ArbeitnowSource, arbeitnow.fetch, arbeitnow.parse, arbeitnow.ABOUT),
    "ashby": Board(AshbySource, ashby.fetch, ashby.parse, ashby.ABOUT),
    "feed": Board(FeedSource, feed.fetch, feed.parse, feed.ABOUT),
    "greenhouse": Board(GreenhouseSource, greenhouse.fetch, greenhouse.parse, greenhouse.ABOUT),
    "hackernews": Board(HackerNewsSource, hackernews.fetch, hackernews.parse, hackernews.ABOUT),
    "himalayas": Board(HimalayasSource, himalayas.fetch, himalayas.parse, himalayas.ABOUT),
    "jobicy": Board(JobicySource, jobicy.fetch, jobicy.parse, jobicy.ABOUT),
    "lever": Board(LeverSource, lever.fetch, lever.parse, lever.ABOUT),
    "pages": Board(PagesSource, pages.fetch, pages.parse, pages.ABOUT),
    "personio": Board(PersonioSource, personio.fetch, personio.parse, personio.ABOUT),
    "recruitee": Board(RecruiteeSource, recruitee.fetch, recruitee.parse, recruitee.ABOUT),
    "remoteok": Board(RemoteOkSource, remoteok.fetch, remoteok.parse, remoteok.ABOUT),
    "remotive": Board(RemotiveSource, remotive.fetch, remotive.parse, remotive.ABOUT),
    "smartrecruiters": Board(
        SmartRecruitersSource, smartrecruiters.fetch, smartrecruiters.parse, smartrecruiters.ABOUT
    ),
    "teamtailor": Board(TeamtailorSource, teamtailor.fetch, teamtailor.parse, teamtailor.ABOUT),
    "themuse": Board(TheMuseSource, themuse.fetch, themuse.parse, themuse.ABOUT),
    "usajobs": Board(UsaJobsSource, usajobs.fetch, usajobs.parse, usajobs.ABOUT),
    "workable": Board(WorkableSource, workable.fetch, workable.parse, workable.ABOUT),
}
"""Each board by the name that stands as `board` in the settings."""
