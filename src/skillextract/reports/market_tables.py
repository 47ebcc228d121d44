"""The tables of a market: what it asks for, pays and names, against a profile, over time, and the sentences behind."""

from __future__ import annotations

import dataclasses

import pyarrow as pa

from skillextract.reports.columns import (
    ASK_COLUMNS,
    ASKS,
    CO_NAMED,
    COUNT,
    DENOMINATORS,
    ENOUGH,
    ESTIMATES,
    FLAG,
    QUOTES,
    SENTENCE_COLUMNS,
    SENTENCES,
    SHARE,
    SKILL_COLUMNS,
    TEXT,
    Column,
    Table,
    bound,
)

SKILL_FREQUENCIES = Table(
    "skill_frequencies",
    "One row a segment of the role's postings and a skill that at least one distinct posting of the segment asks for, "
    "ordered by segment and rank. The rows of `segment_kind` `all` are the market as a whole. "
    "Skills named only as context or negated have none.",
    (
        Column(
            "segment_kind",
            TEXT,
            "what the postings are divided by: `all` (not at all), `requirement`, `seniority` (as the title says), "
            "`country`, `remote`, `source`, `month` (of `posted_at`)",
        ),
        Column(
            "segment",
            TEXT,
            "the value: `all`; `required`, `preferred`, `duty`; `intern` …; `DE` …; `remote`, `hybrid`, `onsite`; "
            "the source's name; `2026-07` …; `not stated` where the posting does not say it",
        ),
        *SKILL_COLUMNS,
        Column("rank", COUNT, "1, 2, 3 … without ties in its segment: by postings, then companies, then name"),
        Column("postings", COUNT, "distinct postings that ask for it; each counts once however often it names it"),
        Column("companies", COUNT, "their employers"),
        Column("mentions", COUNT, "mentions that ask, in these postings"),
        *ESTIMATES,
        *ASK_COLUMNS,
        Column("years_postings", COUNT, "postings that state years of experience with the skill"),
        Column("years_median", SHARE, "median of the years that they ask for at least", nullable=True),
        Column(
            "co_named",
            CO_NAMED,
            "up to five skills that are named with it more often than by chance (`cooccurrence`), the highest lift "
            "first; only in rows of `all`, else empty",
        ),
        ENOUGH,
        *DENOMINATORS,
    ),
)

PROFILE_COMPARISON = Table(
    "profile_comparison",
    "One row an item of the profile, one a skill of the item, one for the skills similar to them, in the profile's "
    "order; then one a skill that the market asks for and the profile does not name; last one a skill that is the role "
    "itself.",
    (
        Column(
            "item_number",
            pa.int16(),
            "place in the profile, from 1; missing at levels `missing` and `role`",
            nullable=True,
        ),
        Column("item", TEXT, "what the item asks for; missing at levels `missing` and `role`", nullable=True),
        Column(
            "level",
            TEXT,
            "`item`: met by any of its skills or similar ones; `skill`: one of its skills; `family`: all similar ones "
            "together; `missing`: not in the profile; `role`: a skill that is the role itself (`role_skills` of its "
            "file): neither missing nor in the coverage",
        ),
        Column("skill", TEXT, "id of the skill; missing at levels `item` and `family`", nullable=True),
        Column("name", TEXT, "name of what the row is about"),
        Column("kind", TEXT, "kind of the skill; missing at levels `item` and `family`", nullable=True),
        Column("family", TEXT, "family of the skill; missing at levels `item` and `family`", nullable=True),
        Column(
            "verdict",
            TEXT,
            "`confirmed`, `weak`, `not seen`, `missing from profile`, `the role itself` or `too few postings`",
        ),
        Column("reason", TEXT, "why, in a sentence"),
        Column(
            "share_named",
            SHARE,
            "of an item that similar skills meet too: share of postings that ask for what it names itself",
            nullable=True,
        ),
        Column("verdict_named", TEXT, "the verdict that these alone would have", nullable=True),
        Column(
            "rank",
            COUNT,
            "rank of the skill in `skill_frequencies`; for several together the place that their postings would take",
            nullable=True,
        ),
        Column("postings", COUNT, "distinct postings that ask for any of the row's skills"),
        Column("companies", COUNT, "their employers"),
        *ESTIMATES,
        *(
            Column(f"share_{name}", SHARE, f"share of `role_postings` {doc}", nullable=True)
            for name, doc in ASKS.items()
        ),
        *DENOMINATORS,
        Column(
            "evidence",
            SENTENCES,
            "sentences from different employers first: posting, URL, employer, title, skill, requirement, sentence; "
            "`start` and `end` of the mention in the posting's `text`, `mark_start` and `mark_end` in the sentence",
        ),
    ),
)

PROFILE_AGREEMENT = Table(
    "profile_agreement",
    "Two rows: how much of the market's demand the profile covers, and how much of the profile the market confirms.",
    (
        Column(
            "figure",
            TEXT,
            "`coverage`: of all that postings ask for (each a pair of posting and skill; degrees and the role itself "
            "left out), the part that the profile names, counts through a family, or has among its fields of study. "
            "`confirmation`: of "
            "the profile's items, the part that the market confirms",
        ),
        Column("counted", COUNT, "pairs that the profile covers; items that are confirmed"),
        Column("total", COUNT, "pairs; items"),
        Column("share", SHARE, "`counted` / `total`; missing where there are too few postings", nullable=True),
        *bound(
            "share",
            "by employer: for `coverage` by linearisation, for `confirmation` from drawing employers again, bootstrap",
        ),
        Column(
            "profile_source",
            TEXT,
            "what the profile was made from; one that postings had a part in is partly confirmed by itself",
            nullable=True,
        ),
        ENOUGH,
        *DENOMINATORS,
    ),
)

QUALIFICATIONS = Table(
    "qualifications",
    "What postings ask for in education and experience, and what the profile says of it: one row a degree, a field of "
    "study, and a band of years; last a row for years as a whole. Claims of the profile that no posting asks for have "
    "rows too.",
    (
        Column(
            "kind",
            TEXT,
            "`degree`; `field`: a field named on the line of a degree; `band`: years of experience that the posting "
            "asks for at least, in whatever; `years`: any number of years",
        ),
        Column("skill", TEXT, "id of the degree or field, where it is a registered skill", nullable=True),
        Column("name", TEXT, "the degree, the field, or the band (`3–4 years`)"),
        Column(
            "claim",
            TEXT,
            "what the profile says of it: `typical`, `minimum` (degrees), `field`; missing where it says nothing",
            nullable=True,
        ),
        Column(
            "verdict",
            TEXT,
            "as in `profile_comparison` where the profile has a claim, `missing from profile` by the same rule; "
            "missing where neither applies",
            nullable=True,
        ),
        Column("reason", TEXT, "why, in a sentence; missing where there is no verdict", nullable=True),
        Column("postings", COUNT, "distinct postings that ask for it"),
        Column("companies", COUNT, "their employers"),
        *ESTIMATES,
        *(
            dataclasses.replace(column, nullable=True, doc=f"{column.doc}; missing for years, which carry none")
            for column in ASK_COLUMNS
        ),
        Column("years_low", SHARE, "lower quartile of the years, only in the row `years`", nullable=True),
        Column("years_median", SHARE, "median", nullable=True),
        Column("years_high", SHARE, "upper quartile", nullable=True),
        ENOUGH,
        *DENOMINATORS,
    ),
)

SALARY = Table(
    "salary",
    "One row a currency and seniority, and one a currency for all of them. A posting counts where it states amount, "
    "currency and period; its figure is the middle of its range, for a year.",
    (
        Column("currency", TEXT, "ISO 4217; that of the settings' rate table for all that it converts"),
        Column("seniority", TEXT, "as the title states it; `not stated`; `all`"),
        Column("postings", COUNT, "distinct postings of the role that state it"),
        Column("companies", COUNT, "their employers"),
        Column("converted", COUNT, "postings that were converted from other currencies by the settings' rates"),
        Column("low", SHARE, "lower quartile of the figures; missing below the floor", nullable=True),
        Column("median", SHARE, "their median", nullable=True),
        *bound("median", "Woodruff, by employer"),
        Column("high", SHARE, "upper quartile", nullable=True),
        Column("range_low", SHARE, "median of the lower ends that the postings state", nullable=True),
        Column("range_high", SHARE, "median of the upper ends", nullable=True),
        Column(
            "claim",
            TEXT,
            "the profile's figure that the row answers: `start`, `experienced`, `senior_max`; missing for none",
            nullable=True,
        ),
        Column("claimed", SHARE, "that figure, for a year", nullable=True),
        Column(
            "verdict",
            TEXT,
            "`higher`, `lower`: the market pays more or less than the profile says, and the interval excludes its "
            "figure; `agrees`; `too few postings`; missing without a claim",
            nullable=True,
        ),
        Column("reason", TEXT, "why, in a sentence", nullable=True),
        ENOUGH,
        Column("role_postings", COUNT, "distinct postings of the role, in the row's seniority"),
        Column("without_period", COUNT, "of these, how many state an amount without period or currency: not counted"),
    ),
)

COOCCURRENCE = Table(
    "cooccurrence",
    "One row a pair of skills that at least the floor's number of postings and employers ask for together, ordered by "
    "the lower end of the lift. Among the 200 skills that are asked for most.",
    (
        Column("skill", TEXT, "id of the skill that more postings ask for"),
        Column("other", TEXT, "id of the other"),
        Column("name", TEXT, "name of the first"),
        Column("other_name", TEXT, "name of the other"),
        Column("postings", COUNT, "distinct postings that ask for both"),
        Column("companies", COUNT, "their employers"),
        Column("share", SHARE, "`postings` / `role_postings`"),
        Column("share_of_skill", SHARE, "of the postings that ask for `skill`, the part that asks for `other` too"),
        Column("share_of_other", SHARE, "the same the other way round"),
        Column("lift", SHARE, "`share` / what it would be if the two had nothing to do with each other; 1 is chance"),
        *bound("lift", "linearised logarithm, by employer", nullable=False),
        *DENOMINATORS,
    ),
)

TRENDS = Table(
    "trends",
    "One row a skill and period, the skills that changed most surely first. The test of change is of the whole series "
    "of a skill and stands in each of its rows; only periods that reach the floor are in it, and no change is tested "
    "before four months, quarters or years (or two snapshots) do. A skill that was not tested has no row for a period "
    "in which nobody asks for it, unless it is among the table's first twelve skills.",
    (
        Column(
            "axis",
            TEXT,
            "`month`, `quarter` or `year` of `posted_at`: the finest of which four reach the floor and hold most of "
            "the dated postings, all of them still listed when the run read them; `snapshot`: by stored snapshot",
        ),
        *SKILL_COLUMNS,
        Column("period", TEXT, "`2026-07`, `2026-Q3`, `2026`, or the snapshot's id; in the order of time"),
        Column("postings", COUNT, "distinct postings of the period that ask for it"),
        Column("companies", COUNT, "their employers"),
        Column("share", SHARE, "`postings` / `period_postings`; missing below the floor", nullable=True),
        *bound("share", "as in `skill_frequencies`"),
        Column("effective_n", SHARE, "as in `skill_frequencies`", nullable=True),
        Column("enough", FLAG, "whether the period reaches the floor"),
        Column("period_postings", COUNT, "distinct postings of the role in the period"),
        Column("period_companies", COUNT, "their employers"),
        Column(
            "first_period",
            TEXT,
            "first of the periods that reach the floor, or `2011-01/2012-02` where the first sixth of their time holds "
            "several; missing, as all that follow, where nothing was tested",
            nullable=True,
        ),
        Column("first_postings", COUNT, "distinct postings of that time that ask for it", nullable=True),
        Column("first_companies", COUNT, "their employers", nullable=True),
        Column("first_share", SHARE, "share that was observed in that time", nullable=True),
        *bound("first_share", "as in `skill_frequencies`"),
        Column("last_period", TEXT, "the same of the last sixth of the time", nullable=True),
        Column("last_postings", COUNT, "distinct postings of that time that ask for it", nullable=True),
        Column("last_companies", COUNT, "their employers", nullable=True),
        Column("last_share", SHARE, "share that was observed in that time", nullable=True),
        *bound("last_share", "as in `skill_frequencies`"),
        Column(
            "change",
            SHARE,
            "last less first on the straight line through the postings of the tested periods, −1 to 1: a direction, no "
            "observed change; that is `last_share` less `first_share`",
            nullable=True,
        ),
        *bound("change", "by employer"),
        Column(
            "turned_at",
            TEXT,
            "period at which the share turned from rising to falling or the other way round, as surely at 95 % on both "
            "sides; missing where it did not",
            nullable=True,
        ),
        Column("turn_share", SHARE, "share in the sixth of the time around it", nullable=True),
        Column("since_turn", SHARE, "share in the last sixth of the time less `turn_share`", nullable=True),
        *bound("since_turn", "by employer"),
        Column(
            "p_value",
            SHARE,
            "of the test that nothing changed, in whatever direction and with or without a bend, for this skill alone",
            nullable=True,
        ),
        Column("q_value", SHARE, "the same with all skills tested at once (Benjamini–Hochberg)", nullable=True),
        Column(
            "verdict",
            TEXT,
            "where `q_value` is at most 0.05 `rises` or `falls` (since its turn, where it turned; else where the "
            "line's interval and the observed ends go that way), or `changes` where it moved in no one direction; else "
            "`steady`; `too few postings`, also for less than 0.5 % of those of all periods",
        ),
        Column("left_out", TEXT, "sources that are in no period because they were missing in one; `; ` between them"),
    ),
)

DISCOVERY = Table(
    "discovery",
    "One row a term that stands where skills stand and that no pattern knows: the next patterns to write. Ordered by "
    "companies, then postings.",
    (
        Column("term", TEXT, "as most postings write it"),
        Column("postings", COUNT, "distinct postings in which it stands so"),
        Column("companies", COUNT, "their employers"),
        Column("in_lists", COUNT, "postings in which it stands in a list beside a known skill"),
        Column("in_slots", COUNT, "postings in which it stands directly behind a cue of know-how"),
        Column("beside", pa.list_(TEXT), "ids of up to five skills that it is listed with most"),
        Column("evidence", QUOTES, "up to three sentences from different employers"),
    ),
)

EVIDENCE = Table(
    "evidence",
    "One row a sentence behind a number: up to the settings' `max_evidence` for each skill of `skill_frequencies`, for "
    "each qualification and salary and the two figures of `profile_agreement`; up to three for each of a number's "
    "parts (ways of asking, for the 300 skills asked for most and those of which another table speaks; "
    "segments of the 12 skills asked for most; first and last month of a trend; the 40 surest "
    "pairs; years), and for each count of postings, there without a sentence. Behind a number of employers stand up to "
    "eight of them, those with the most of its postings, each with one posting. Of a posting its strongest mention is "
    "shown; each employer comes once before any comes twice; then the strongest come first, and equals in an order "
    "drawn by lot that is the same in every run. What a number of `profile_comparison` or `discovery` rests on stands "
    "in the row's own `evidence`.",
    (
        Column("in_table", TEXT, "table in which the number stands"),
        Column(
            "in_row",
            TEXT,
            "what tells its row apart there, joined by ` / `: `segment_kind / segment / skill`, `skill / other`, "
            "`axis / skill / period`, `kind / skill` or `kind / name`, `currency / seniority`, `item_number`, "
            "`figure`, `source` or `neighbour`; `segment_kind / segment` or `axis / period` for the postings of a part",
        ),
        Column(
            "in_column",
            TEXT,
            "the number's column; `postings` is also for the shares of the same postings, `role_postings` for the "
            "postings of which a share is stated",
        ),
        Column("order", COUNT, "1, 2, 3 … behind the number"),
        *(
            dataclasses.replace(column, nullable=True, doc=f"{column.doc}; missing where none is")
            if column.name in {"skill", "requirement"}
            else column
            for column in SENTENCE_COLUMNS
        ),
        Column(
            "of_employer",
            COUNT,
            "how many of the number's postings the row's employer has; missing where the row shows no employer",
            nullable=True,
        ),
    ),
)
