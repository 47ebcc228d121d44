"""The steps of a run, each a plain function over whole batches: fetch, fold, extract, report.

Steps hand each other paths in the lake and small dicts, never frames, so that a scheduler may run them in other
threads, processes or machines, keep their results, and repeat one without the others. Each writes into the run's
journal what it has done: a run that was killed is begun again with the same settings, and goes on where it stopped.
"""

from skillextract.pipeline.begin import begin_run, check_run, find_missing_files, give_up_run
from skillextract.pipeline.extract import extract_part
from skillextract.pipeline.fetch import describe_failure, fetch_source
from skillextract.pipeline.fold import fold_postings
from skillextract.pipeline.report import write_reports
from skillextract.pipeline.results import FetchedSource, FoldedPostings, WrittenReports

__all__ = [
    "FetchedSource",
    "FoldedPostings",
    "WrittenReports",
    "begin_run",
    "check_run",
    "describe_failure",
    "extract_part",
    "fetch_source",
    "find_missing_files",
    "fold_postings",
    "give_up_run",
    "write_reports",
]
