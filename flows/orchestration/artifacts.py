"""What Prefect's UI shows of an answer: the comparison, the sources, the way to the page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.context import TaskRunContext

from skillextract.pipeline import FetchedSource, WrittenReports
from skillextract.reports.markdown import render_markdown
from skillextract.reports.stored import read_report


def show_answer(written: WrittenReports, fetched: Sequence[FetchedSource], role: str) -> None:
    """Show the comparison as Markdown, the sources as a table, a link to the page; outside of a task, nothing."""
    if TaskRunContext.get() is None:  # called as a plain function: there is no run to show it in
        return
    answer = render_markdown(read_report(written["folder"]), page=written["page"])
    create_markdown_artifact(
        key=f"{role}-comparison",
        markdown=answer,
        description=f"Profile and market, snapshot {written['snapshot']}",
    )
    rows = [
        {
            "source": each["source"],
            "status": each["status"],
            "postings": each["postings"],
            "refused": each["refused"],
            "repeated": each["repeated"],
            "message": each["message"],
        }
        for each in fetched
    ]
    create_table_artifact(key=f"{role}-sources", table=rows, description="What each source gave")
    page = written["page"] if "://" in written["page"] else Path(written["page"]).absolute().as_uri()
    create_link_artifact(
        key=f"{role}-page", link=page, link_text="report.html", description="The page; a file of the lake"
    )
