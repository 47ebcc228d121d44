import pytest

from collect.fixtures import payload_of
from skillextract.collect.payload import DEPTH_LIMIT, read_json, read_list, read_xml
from skillextract.errors import SourceChanged


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b'{"jobs": [1]}', {"jobs": [1]}), (b"\xef\xbb\xbf[]", []), (b'"\xc3\xa9"', "é")],
)
def test_read_json_reads_utf8_with_and_without_a_mark(content: bytes, expected: object) -> None:
    assert read_json(payload_of(content)) == expected


def test_the_deepest_json_that_is_taken() -> None:
    assert read_list(payload_of(nested(DEPTH_LIMIT)), field=None) != []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "found an empty body, expected JSON"),
        (b" \r\n", "found an empty body, expected JSON"),
        (b"\n<html>", "found an HTML page, expected JSON"),
        (b'{"jobs": [{"id": "1", "ti', "found JSON that is cut off at line 1 column 23"),
        (b'{"jobs": [{"id": "1"}', "found JSON that is cut off at line 1 column 22"),
        (b'{"jobs": [}', "found no valid JSON at line 1 column 11"),
        (b"callback({})", "found no valid JSON at line 1 column 1"),
        (b'{"a": "\xff"}', "byte 7 is not UTF-8"),
        (nested(DEPTH_LIMIT + 2), "found JSON nested deeper than 64 levels"),
        (nested(200_000), "found JSON nested deeper than 64 levels"),
        (b"[" + b"9" * 5000 + b"]", "found a number that cannot be read"),
    ],
)
def test_read_json_says_what_was_found(content: bytes, message: str) -> None:
    with pytest.raises(SourceChanged) as caught:
        read_json(payload_of(content))
    assert str(caught.value).startswith(f"ashby:tallowfield: https://board.example/x: {message}")


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({}, "an empty object"),
        ({"jobs": {}}, "an object with the fields jobs"),
        ([], "a list"),
        ("jobs", "a single value"),
        (None, "a single value"),
    ],
)
def test_read_list_says_what_stands_in_the_place_of_the_list(value: object, found: str) -> None:
    with pytest.raises(
        SourceChanged, match=f"found {found}, expected an object with a list `jobs`; the board has changed"
    ):
        read_list(payload_of(value), field="jobs")


def test_the_same_content_gets_the_same_file_name() -> None:
    first, again, other = payload_of(b"{}"), payload_of(b"{}"), payload_of(b"[]")
    assert first.file_name == again.file_name
    assert first.file_name != other.file_name
    assert first.file_name.startswith("ashby-tallowfield-")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "found an empty body, expected XML"),
        (b"<!DOCTYPE html><title>Jobs</title>", "found an HTML page, expected XML"),
        (b"<HTML></HTML>", "found an HTML page, expected XML"),
        (b'{"jobs": []}', "found JSON, expected XML"),
        (b"<jobs><job></jobs>", r"found no valid XML \(mismatched tag: line 1, column 13\)"),
        (b"<jobs><job>", "found no valid XML"),
        (b'<?xml version="1.0" encoding="utf-8"?><jobs>\xe9</jobs>', r"found no valid XML \(not well-formed"),
        (b'<?xml version="1.0" encoding="klingon"?><jobs/>', "found an encoding that is not known"),
        (b'<!DOCTYPE j [<!ENTITY a "aa">]><jobs>&a;</jobs>', "found a document type or entities"),
        (b'<!DOCTYPE j SYSTEM "file:///etc/passwd"><jobs/>', "found a document type or entities"),
        (b"<j>" * (DEPTH_LIMIT + 1) + b"</j>" * (DEPTH_LIMIT + 1), "found XML nested deeper than 64 levels"),
        (b"<j>" * 200_000 + b"</j>" * 200_000, "found XML nested deeper than 64 levels"),
    ],
)
def test_read_xml_says_what_was_found(content: bytes, message: str) -> None:
    with pytest.raises(SourceChanged, match=message):
        read_xml(payload_of(content, suffix=".xml"))


def test_read_xml_reads_the_encoding_that_is_stated() -> None:
    content = '<?xml version="1.0" encoding="iso-8859-1"?><jobs>é</jobs>'.encode("latin-1")
    assert read_xml(payload_of(content, suffix=".xml")).text == "é"
