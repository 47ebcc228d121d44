"""What Hacker News "Who is hiring" asked for, month by month, and the picture of it in the README.

    python benchmarks/hn_trends.py ../shared/data/postings/hn --picture docs/images/hn-trends.svg

The folder holds a file a month, `2011-01-combined.json.gz`, with the top-level comments as Firebase gives them. A
comment is a posting; what is posted again in another month counts there again, copies within a month are folded. An
employer is the company that the header line names, or, where it names none, the person who posted. Only shares leave
this script: no text of a posting is written anywhere.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import multiprocessing
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from skillextract.collect.boards.hackernews import read_header
from skillextract.collect.deduplicate import find_duplicates
from skillextract.market.demand import Floor, gather_demand
from skillextract.market.trends import follow_months, pick_movers
from skillextract.posting import POSTING_SCHEMA, PostingDraft
from skillextract.reports.movement import tell_change
from skillextract.reports.trends import draw_trends, save_drawing, tell_trends
from skillextract.skills.loading import load_matcher
from skillextract.skills.mention import tabulate_mentions
from skillextract.text.render import render_posting

STORIES = ("docker", "react", "go", "rails", "jquery", "python")
"""What everybody knows of these years: the first three rise, the next two fall (Rails after a rise)."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the monthly files")
    parser.add_argument("--picture", type=Path, help="where the drawing goes: .svg or .png")
    parser.add_argument("--skills", nargs="*", default=list(STORIES), help="what is drawn")
    parser.add_argument("--keep", type=Path, help="a folder in which what was extracted is kept, and found again")
    parser.add_argument("--since", default="", help="the first month that counts, for example 2013-01")
    arguments = parser.parse_args()
    files = [path for path in sorted(arguments.folder.glob("*-combined.json.gz")) if path.name >= arguments.since]
    if not files:
        print(
            f"{arguments.folder}: no file *-combined.json.gz in it; give the folder of the monthly files",
            file=sys.stderr,
        )
        return 1
    with tempfile.TemporaryDirectory() as temporary:
        # What was found with other patterns is not found again.
        keep = (arguments.keep or Path(temporary)) / load_matcher().vocabulary.version
        keep.mkdir(parents=True, exist_ok=True)
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            pool.starmap(
                extract_month, [(path, keep) for path in files if not (keep / f"{path.name}.mentions").exists()]
            )
        postings = pa.concat_tables([pq.read_table(keep / f"{path.name}.postings") for path in files])
        mentions = pa.concat_tables([pq.read_table(keep / f"{path.name}.mentions") for path in files])
    registry = load_matcher().vocabulary.skills
    demand = gather_demand(postings, mentions, registry=registry)
    trends = follow_months(demand, registry=registry, floor=Floor(postings=30, companies=10))
    print(f"{demand.posting_count:,} postings of {demand.company_count:,} employers in {len(files)} months")
    print(tell_trends(trends, most=15))
    shown = trends[trends["skill"].isin(arguments.skills)].drop_duplicates("skill")
    for row in shown.to_dict("records"):
        print(f"{row['name']:<16} {row['verdict']:<7} q = {row['q_value']:.2g}: {tell_change(row)}")
    if arguments.picture is not None:
        found = [skill for skill in arguments.skills if skill in set(trends["skill"])] or pick_movers(trends)["rises"][
            :6
        ]
        save_drawing(draw_trends(trends, found, title="Hacker News: Who is hiring?"), arguments.picture)
        print(arguments.picture)
    return 0


def extract_month(path: Path, keep: Path) -> None:
    """Find the skills in the postings of a month; only facts and places of mentions are kept, no text."""
    matcher = load_matcher()
    month = path.name[:7]
    rows: list[dict[str, Any]] = []
    found = []
    for comment in json.loads(gzip.decompress(path.read_bytes()))["comments"]:
        text, author = comment.get("text"), comment.get("by")
        if not text or not author or comment.get("deleted") or comment.get("dead"):
            continue
        header = read_header(text)
        company = header.company or f"posted by {author}"
        draft = PostingDraft(
            id=f"hackernews:{comment['id']}",
            source=f"hackernews:{month}",
            title=html.unescape(header.title) or "?",
            company=company,
            posted_at=datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC),
            body=text,
            body_format="html",
            fetched_at=datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC),
        )
        posting = render_posting(draft)
        rows.append({name: getattr(posting, name) for name in POSTING_SCHEMA.names})
        found += matcher.find_mentions(posting.id, posting.title, posting.text, company=header.company)
    copies = find_duplicates((row["id"], row["company"], row["content_hash"], row["posted_at"]) for row in rows)
    for row in rows:
        row |= {"text": "", "title": "", "duplicate_of": copies.get(row["id"])}
    postings = pa.Table.from_pylist(rows, schema=POSTING_SCHEMA)
    postings = postings.append_column("is_role", pa.array([True] * len(postings), pa.bool_()))
    pq.write_table(postings, keep / f"{path.name}.postings")
    mentions = tabulate_mentions(found, matcher.vocabulary.skills).select(
        ["posting_id", "start", "end", "skill", "requirement"]
    )
    pq.write_table(mentions, keep / f"{path.name}.mentions")


if __name__ == "__main__":
    sys.exit(main())
