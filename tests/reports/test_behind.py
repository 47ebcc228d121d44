"""What a number of the page opens."""

from reports.builders import make_tables
from skillextract.reports.behind import NumberIndex
from skillextract.reports.report import Report

PLACE = {"in_table": "skill_frequencies", "in_row": "all / all / python", "in_column": "postings", "order": 1}


def make_index() -> NumberIndex:
    evidence = [{**PLACE, "posting_id": "a", "title": "ML Engineer", "sentence": "Python", "mark_end": 6}]
    return NumberIndex(Report(make_tables(evidence=evidence)))


def test_what_a_later_part_of_the_page_knows_of_a_number_is_told_too() -> None:
    index = make_index()
    assert index.find("skill_frequencies", "all", "all", "python", name="Python") == 0
    assert index.find("skill_frequencies", "all", "all", "python", name="Py", told="97%", note="with Go", home="p") == 0
    assert [entry[:4] for entry in index.list_embedded()["numbers"]] == [["Python", "97%", "with Go", "p"]]


def test_a_number_without_sentences_opens_nothing() -> None:
    assert make_index().find("skill_frequencies", "all", "all", "go", name="Go") is None
