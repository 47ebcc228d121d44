"""`extract`: a file of postings in, a mention a row out."""

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillextract.errors import RepeatedPosting, SettingsError, SourceError
from skillextract.extraction import extract_file
from skillextract.settings import FilesSource
from skillextract.skills.mention import MENTION_SCHEMA

TEXT = "Requirements\n\u2022 RabbitMQ,\u00a0etcd  and Terraform\r\n- Kafka is a plus"
ROWS = [
    {"id": "a-1", "title": "Engineer", "text": TEXT},
    {"id": "b:2", "title": "Engineer", "html": "<h3>Requirements</h3><ul><li>RabbitMQ</li></ul>"},
]
EXPECTED = [
    ("a-1", "RabbitMQ", "rabbitmq", "requirements", "required"),
    ("a-1", "etcd", "etcd", "requirements", "required"),
    ("a-1", "Terraform", "terraform", "requirements", "required"),
    ("a-1", "Kafka", "kafka", "requirements", "preferred"),
    ("b:2", "RabbitMQ", "rabbitmq", "requirements", "required"),
]


@pytest.fixture
def postings(tmp_path: Path) -> Path:
    path = tmp_path / "postings.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return path


def write_as(path: Path, ending: str) -> Path:
    target = path.with_suffix(ending)
    if ending == ".csv":
        with target.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, ["id", "title", "text", "html"])
            writer.writeheader()
            writer.writerows(ROWS)
    elif ending == ".parquet":
        pd.DataFrame(ROWS).to_parquet(target)
    return target


@pytest.mark.parametrize("ending", [".jsonl", ".csv", ".parquet"])
def test_mentions_are_written_with_offsets_into_exactly_that_text(postings: Path, tmp_path: Path, ending: str) -> None:
    output = tmp_path / "mentions.jsonl"
    result = extract_file(FilesSource(path=str(write_as(postings, ending))), output)
    rows = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert [tuple(row) for row in rows] == [tuple(MENTION_SCHEMA.names)] * len(rows)
    found = [(r["posting_id"], r["surface"], r["skill"], r["section"], r["requirement"]) for r in rows]
    assert found == EXPECTED
    assert [TEXT[r["start"] : r["end"]] for r in rows[:4]] == [r["surface"] for r in rows[:4]]
    assert (result.postings, result.mentions, result.skills, result.refused) == (2, 5, 4, ())


def test_emphasis_of_markdown_does_not_hide_what_is_not_asked_for(tmp_path: Path) -> None:
    path, output = tmp_path / "postings.jsonl", tmp_path / "mentions.jsonl"
    path.write_text(
        json.dumps({"title": "Engineer", "text": "Knowing Scala is **not** required.\nKafka is a **plus**."})
    )
    extract_file(FilesSource(path=str(path)), output)
    rows = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert [(r["posting_id"], r["surface"], r["start"], r["requirement"]) for r in rows] == [
        ("1", "Scala", 8, "negated"),
        ("1", "Kafka", 31, "preferred"),
    ]


def test_parquet_holds_the_same_rows_with_the_documented_types(postings: Path, tmp_path: Path) -> None:
    extract_file(FilesSource(path=str(postings)), tmp_path / "m.jsonl")
    extract_file(FilesSource(path=str(postings)), tmp_path / "m.parquet")
    rows = [json.loads(line) for line in (tmp_path / "m.jsonl").read_text(encoding="utf-8").splitlines()]
    assert pd.read_parquet(tmp_path / "m.parquet").to_dict("records") == rows


def test_a_posting_without_text_is_refused_and_the_others_are_read(postings: Path, tmp_path: Path) -> None:
    with postings.open("a") as stream:
        stream.write('{"id": "c", "title": "Empty"}\n')
    result = extract_file(FilesSource(path=str(postings)), tmp_path / "m.jsonl")
    assert result.mentions == 5
    [fault] = result.refused
    assert "text" in str(fault)
    assert "postings.jsonl" in str(fault)


def test_an_input_that_is_not_there_leaves_no_output(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nothing\.jsonl"):
        extract_file(FilesSource(path=str(tmp_path / "nothing.jsonl")), tmp_path / "m.jsonl")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_input_is_named_and_leaves_no_output(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("")
    with pytest.raises(SourceError, match="found no postings, expected at least one; check the path"):
        extract_file(FilesSource(path=str(tmp_path / "in.jsonl")), tmp_path / "m.jsonl")
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_an_unknown_ending_is_named(postings: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"found the ending '\.xlsx', expected \.jsonl or \.parquet"):
        extract_file(FilesSource(path=str(postings)), tmp_path / "m.xlsx")


def test_an_output_that_cannot_be_written_is_named(postings: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot be written .*choose another place"):
        extract_file(FilesSource(path=str(postings)), tmp_path / "no" / "such" / "folder.jsonl")


def test_the_input_is_never_written_over(postings: Path) -> None:
    before = postings.read_bytes()
    with pytest.raises(SettingsError, match="found the input itself, expected another file"):
        extract_file(FilesSource(path=str(postings)), postings)
    assert postings.read_bytes() == before


def test_an_id_that_comes_again_is_refused(postings: Path, tmp_path: Path) -> None:
    with postings.open("a") as stream:
        stream.write(json.dumps(ROWS[0]) + "\n")
    result = extract_file(FilesSource(path=str(postings)), tmp_path / "m.jsonl")
    assert (result.mentions, [str(fault) for fault in result.refused]) == (
        5,
        [
            f"files:postings.jsonl: posting a-1: id: came before in this source: {postings}:{len(ROWS) + 1} repeats "
            f"that of {postings}:1; give each its own"
        ],
    )
    assert [type(fault) for fault in result.refused] == [RepeatedPosting]


# Whatever a text holds: line ends of other systems, signs beyond the first plane, characters that only control.
_SURROUNDINGS = st.text(st.characters(codec="utf-8"), max_size=40)


@given(before=_SURROUNDINGS, after=_SURROUNDINGS)
def test_offsets_count_the_characters_of_the_text_as_it_came(
    tmp_path_factory: pytest.TempPathFactory, before: str, after: str
) -> None:
    text = f"{before}\nYou know Kafka and Terraform.\n{after}"
    folder = tmp_path_factory.mktemp("offsets")
    (folder / "in.jsonl").write_text(json.dumps({"id": "1", "title": "T", "text": text}) + "\n", encoding="utf-8")
    extract_file(FilesSource(path=str(folder / "in.jsonl")), folder / "out.jsonl")
    rows = [json.loads(line) for line in (folder / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [text[row["start"] : row["end"]] for row in rows] == [row["surface"] for row in rows]
    assert {"Kafka", "Terraform"} <= {row["surface"] for row in rows}
