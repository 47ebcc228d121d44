import dataclasses
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from prefect.utilities.schema_tools.validation import is_valid, preprocess_schema
from pydantic import TypeAdapter, ValidationError

from skillextract.collect.boards import adzuna, usajobs
from skillextract.errors import SettingsError
from skillextract.posting import PostingFacts
from skillextract.settings import (
    FILE_COLUMNS,
    AnySource,
    AshbySource,
    FilesSource,
    GreenhouseSource,
    HackerNewsSource,
    LeverSource,
    SampleSource,
    Settings,
    load_settings,
)

EXAMPLE = """
lake = "s3://bucket/lake"
contact = "https://example.org/about-us"
role = "data-engineer"
market_threshold = 0.05

[[sources]]
board = "greenhouse"
token = "acme"
company = "Acme"

[[sources]]
board = "ashby"
token = "Iodine Software"

[[sources]]
board = "lever"
token = "acme"
region = "eu"

[[sources]]
board = "hackernews"
thread = "2026-07"

[[sources]]
board = "files"
path = "data/postings.csv"
columns = { title = "Job Title" }

[[sources]]
board = "sample"
"""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)

    def write(text: str) -> str:
        Path("skillextract.toml").write_text(text)
        return "skillextract.toml"

    return write


def test_without_a_file_the_sample_is_read(write: Any) -> None:
    assert load_settings() == Settings()
    assert Settings().sources == [SampleSource()]


def test_a_file_is_read_whole(write: Any) -> None:
    expected = Settings(
        lake="s3://bucket/lake",
        contact="https://example.org/about-us",
        role="data-engineer",
        market_threshold=0.05,
        sources=[
            GreenhouseSource(token="acme", company="Acme"),
            AshbySource(token="Iodine Software"),
            LeverSource(token="acme", region="eu"),
            HackerNewsSource(thread="2026-07"),
            FilesSource(path="data/postings.csv", columns={"title": "Job Title"}),
            SampleSource(),
        ],
    )
    assert load_settings(write(EXAMPLE)) == expected
    assert load_settings() == expected
    assert [source.name for source in expected.sources] == [
        "greenhouse:acme", "ashby:Iodine Software", "lever:acme", "hackernews:2026-07", "files:postings.csv", "sample",
    ]  # fmt: skip


def test_settings_go_to_json_and_back(write: Any) -> None:
    given = load_settings(write(EXAMPLE))
    assert Settings.model_validate(json.loads(given.model_dump_json())) == given


def test_the_environment_goes_before_the_file_and_what_is_passed_before_both(
    write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKILLEXTRACT_LAKE", "elsewhere")
    assert load_settings(write(EXAMPLE)).lake == "elsewhere"
    assert Settings(lake="here").lake == "here"


def test_every_field_explains_itself() -> None:
    schema = Settings.model_json_schema()
    models = [schema, *schema["$defs"].values()]
    silent = [
        f"{model['title']}.{name}"
        for model in models
        for name, field in model["properties"].items()
        if "description" not in field and name != "board"
    ]
    assert silent == []
    assert [model["title"] for model in models if "description" not in model] == []


def test_the_columns_of_files_are_the_facts_of_a_posting() -> None:
    facts = {field.name for field in dataclasses.fields(PostingFacts)} - {"source"}
    assert set(FILE_COLUMNS) == facts | {"text", "html"}


BOARD_NAMES = (
    "greenhouse, ashby, lever, smartrecruiters, recruitee, personio, workable, teamtailor, himalayas, arbeitnow, "
    "remotive, remoteok, jobicy, themuse, usajobs, adzuna, hackernews, feed, pages, files, sample"
)
SOURCE = '[[sources]]\nboard = "ashby"\ntoken = "acme"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            'leke = "x"',
            "leke: found an unknown key, expected one of lake, cache, contact, role, max_evidence, min_postings, "
            "min_companies, "
            "not_english, market_threshold, shard_size, runner, workers, rates, sources; did you mean lake?",
        ),
        (
            '[[sources]]\nboard = "ashbi"\ntoken = "a"',
            f"sources[0].board: found 'ashbi', expected one of {BOARD_NAMES}; did you mean ashby?",
        ),
        (
            SOURCE + 'tokn = "x"',
            "sources[0].tokn: found an unknown key, expected one of board, token, company, base_url; did you mean "
            "token?",
        ),
        ('[[sources]]\nboard = "ashby"', "sources[0].token: found nothing, expected a value; add `token = …`"),
        (
            '[[sources]]\ntoken = "acme"',
            f"sources[0]: found no `board`, expected one of {BOARD_NAMES}; add `board = …`",
        ),
        (
            '[[sources]]\nboard = "lever"\ntoken = "../x"',
            "sources[0].token: found '../x', expected the board's name as it stands in its public URL: letters, "
            "digits, "
            "'.', '_' and '-'; change it",
        ),
        (
            '[[sources]]\nboard = "personio"\ntoken = "acme.evil.example/"',
            "sources[0].token: found 'acme.evil.example/', expected the first part of the board's address: letters, "
            "digits and '-'; change it",
        ),
        (
            '[[sources]]\nboard = "pages"\nurl = "http://example.org/jobs"',
            "sources[0].url: found 'http://example.org/jobs', expected an https URL (http is taken for this machine "
            "only), such as https://example.org/jobs; change it",
        ),
        (
            '[[sources]]\nboard = "feed"\nurl = "https://me:secret@example.org/jobs"',
            "sources[0].url: expected a URL without user and password; change it",
        ),
        (
            '[[sources]]\nboard = "feed"\nurl = "http://me:secret@example.org/jobs"',
            "sources[0].url: expected a URL without user and password; change it",
        ),
        (
            '[[sources]]\nboard = "feed"\nurl = "http://example.org/jobs?token=secret"',
            "sources[0].url: expected an https URL (http is taken for this machine only), such as "
            "https://example.org/jobs; change it",
        ),
        (
            '[[sources]]\nboard = "lever"\ntoken = "acme"\nbase_url = "http://me:secret@example.org"',
            "sources[0].base_url: expected a URL without user, password, query or fragment; change it",
        ),
        (
            '[[sources]]\nboard = "usajobs"\nsearch = "x"\nemail = "me"',
            "sources[0].email: found 'me', expected an e-mail address; change it",
        ),
        (
            '[[sources]]\nboard = "adzuna"\ncountry = "gb"\nsearch = "x"\nkey_variable = "3f2a-b1"',
            "sources[0].key_variable: expected the name of an environment variable (not the key itself) that begins "
            "with ADZUNA_, in capital letters, such as ADZUNA_KEY_2: nothing else of the environment is sent to this "
            "board; change it",
        ),
        (
            '[[sources]]\nboard = "usajobs"\nsearch = "x"\nemail = "me@example.org"\nbase_url = "https://evil.example"',
            "sources[0].base_url: found 'https://evil.example', expected https://data.usajobs.gov or an address of "
            "this machine, for the key is sent there; change it",
        ),
        (
            'lake = "sftp://joe:hunter2@host/lake"',
            "lake: expected a URL without password; put it where the store looks for it: the environment, or fsspec's "
            "configuration (FSSPEC_SFTP_PASSWORD, or a file in ~/.config/fsspec); change it",
        ),
        (SOURCE * 2, "settings: two sources are called 'ashby:acme'; drop one; change it"),
        (
            '[[sources]]\nboard = "files"\npath = "p.csv"\ncolumns = { titel = "Job" }',
            "sources[0]: columns names 'titel', expected one of id, title, text, html, url, company, location, "
            "country, "
            "remote, posted_at, updated_at, employment_type, department, salary_min, salary_max, salary_currency, "
            "salary_period; did you mean title?; change it",
        ),
        (
            "min_postings = 0",
            "min_postings: found 0, expected 1 or more; change it",
        ),
        (
            'contact = "me"',
            "contact: found 'me', expected a URL (https://…) or an e-mail address that a board's operator can write "
            "to; "
            "change it",
        ),
        (
            '[[sources]]\nboard = "hackernews"\nthread = "July"',
            "sources[0].thread: found 'July', expected the id of a thread (a whole number) or a month such as "
            '"2026-07"; '
            "change it",
        ),
        ("lake = ", "no TOML: Invalid value (at end of document); mend that line"),
        (
            "lake = lake\n",
            'no TOML: Invalid value (at line 1, column 8), found `lake = lake`; text stands in quotes (lake = "…"); '
            "mend that line",
        ),
        (
            '[[sources]]\nboard = "files"\npath = 2026 postings.csv\n',
            "no TOML: Expected newline or end of document after a statement (at line 3, column 13), found `path = 2026 "
            'postings.csv`; text stands in quotes (path = "…"); mend that line',
        ),
        (
            '[sources\nboard = "sample"\n',
            "no TOML: Expected ']' at the end of a table declaration (at line 1, column 9), found `[sources`; mend "
            "that line",
        ),
        (
            'lake = "C:\\users"\n',
            'no TOML: Invalid hex value (at line 1, column 13), found `lake = "C:\\users"`; mend that line',
        ),
        (
            "sources = []",
            "sources: found [], expected 1 or more entries; change it",
        ),
        (
            '[sources]\nboard = "sample"\n',
            "sources: found one table, expected a list of tables; write [[sources]] above each of them",
        ),
        (
            "rates = { EURO = 1 }\n",
            "rates.EURO: found 'EURO', expected a currency as the three capital letters of ISO 4217, such as EUR; "
            "change it",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place_and_the_nearest_right_name(write: Any, text: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(write(text))
    assert str(caught.value) == f"skillextract.toml: {message}"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("lake = sftp://joe:hunter2@host/lake", "lake = …"),
        ("url = https://example.org/jobs?token=hunter2", "url = …"),
        ("key_variable = hunter2", "key_variable = …"),
        ("api_key = hunter2", "api_key = …"),
        ('sources = [{ board = "usajobs", api_key = hunter2 }]', "sources = …"),
        ("hunter2", "…"),
        ("lake hunter2", "…"),
    ],
)
def test_a_line_that_is_no_toml_is_not_shown_where_it_may_hold_a_secret(write: Any, line: str, shown: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(write(f"min_postings = 5\n{line}\n"))
    assert (f"), found `{shown}`; " in str(caught.value), "hunter2" in str(caught.value)) == (True, False)


@pytest.mark.parametrize(
    "lake",
    [
        "s3://bucket/prefix",
        "abfs://container@account.dfs.core.windows.net/lake",
        "sftp://joe@host:22/lake",
        "sftp://host:22/lakes/of@joe",
        "C:/lakes/of@joe",
        "a:b@c",
    ],
)
def test_a_lake_without_a_password_is_taken_as_it_is(lake: str) -> None:
    assert Settings(lake=lake).lake == lake
    assert re.search(Settings.model_json_schema()["properties"]["lake"]["pattern"], lake)


def test_the_form_refuses_a_password_in_the_lakes_url_before_a_run_is_stored() -> None:
    form = Settings.model_json_schema()["properties"]["lake"]
    assert not re.search(form["pattern"], "sftp://joe:hunter2@host/lake")
    assert (form["default"], form["minLength"]) == ("lake", 1)


def test_every_fault_is_named_at_once(write: Any) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(write('leke = "x"\nmax_evidence = -1\n'))
    assert [line.split(": ")[1] for line in str(caught.value).splitlines()] == ["max_evidence", "leke"]


def test_a_role_that_there_is_not_is_told_with_the_other_faults_under_the_name_of_the_file(
    write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tell(role: str, place: str) -> str | None:
        return None if role == "nurse" else f"{place}: no {role}"

    file = write('role = "ML engineer"\nmax_evidence = -1\n')
    with pytest.raises(SettingsError) as caught:
        load_settings(file, tell_role=tell)
    assert str(caught.value).splitlines() == [
        "skillextract.toml: max_evidence: found -1, expected 0 or more; change it",
        "skillextract.toml: role: no ML engineer",
    ]
    monkeypatch.setenv("SKILLEXTRACT_ROLE", "doctor")
    with pytest.raises(SettingsError) as caught:
        load_settings(write(""), tell_role=tell)
    assert str(caught.value) == "environment: SKILLEXTRACT_ROLE: role: no doctor"
    monkeypatch.setenv("SKILLEXTRACT_ROLE", "nurse")
    assert load_settings(write(""), tell_role=tell).role == "nurse"


def test_a_fault_of_the_environment_names_the_variable(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILLEXTRACT_MIN_POSTINGS", "abc")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    expected = "environment: SKILLEXTRACT_MIN_POSTINGS: min_postings: found 'abc', expected a whole number; change it"
    assert str(caught.value) == expected
    monkeypatch.delenv("SKILLEXTRACT_MIN_POSTINGS")
    monkeypatch.setenv("SKILLEXTRACT_SOURCES", '{"board": "sample"}')  # no TOML, in which [[sources]] is the answer
    with pytest.raises(SettingsError) as caught:
        load_settings()
    expected = "environment: SKILLEXTRACT_SOURCES: sources: found {'board': 'sample'}, expected a list; change it"
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("market_threshold = 2", "found 2, expected 1.0 or less"),
        ('market_threshold = "a lot"', "found 'a lot', expected a number"),
        ("rates = { EUR = 0 }", "found 0, expected more than 0.0"),
        (
            "rates = { euro = 1.0 }",
            "found 'euro', expected a currency as the three capital letters of ISO 4217, such as EUR",
        ),
        ("lake = 3", "found 3, expected text"),
        (
            'role = "ML engineer"',
            "found 'ML engineer', expected the id of a role, in lower case with hyphens, such as data-engineer",
        ),
        ('lake = ""', "found '', expected a text of 1 or more characters"),
        ('not_english = "drop"', "found 'drop', expected 'set apart' or 'keep'"),
        ("shard_size = 1.5", "found 1.5, expected a whole number"),
        ('sources = "sample"', "found 'sample', expected a list"),
        ("rates = 1", "found 1, expected a table"),
    ],
)
def test_what_was_expected_is_said_in_our_own_words(write: Any, line: str, expected: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(write(line + "\n"))
    key = line.partition(" ")[0]
    message = str(caught.value)
    assert message.startswith(f"skillextract.toml: {key}")
    assert message.endswith(f": {expected}; change it")


def test_the_sample_has_a_lake_of_its_own_unless_one_is_named(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sample, board = '[[sources]]\nboard = "sample"\n', SOURCE
    assert load_settings().lake == "lake-sample"
    assert load_settings(write(sample)).lake == "lake-sample"
    assert load_settings(write(board)).lake == "lake"
    assert load_settings(write(board + sample)).lake == "lake"
    assert load_settings(write('lake = "lake"\n' + sample)).lake == "lake"
    given = load_settings(write(sample)).model_dump(exclude_unset=True)
    assert Settings(**{**given, "sources": [AshbySource(token="acme")]}).lake == "lake"
    monkeypatch.setenv("SKILLEXTRACT_LAKE", "elsewhere")
    assert load_settings(write(sample)).lake == "elsewhere"


def test_a_named_file_must_be_there_and_is_told_by_its_whole_path(write: Any, tmp_path: Path) -> None:
    write("")
    with pytest.raises(SettingsError) as caught:
        load_settings("other.toml")
    assert str(caught.value) == f"{tmp_path}/other.toml: no such file; write it, or leave it out to run on the sample"


@pytest.mark.parametrize(
    ("url", "valid"),
    [
        ("https://api.lever.co", True),
        ("http://127.0.0.1:8000", True),
        ("http://localhost:8000", True),
        ("http://api.lever.co", False),
        ("https://user:secret@api.lever.co", False),
        ("https://api.lever.co?key=secret", False),
        ("file:///etc", False),
        ("api.lever.co", False),
    ],
)
def test_base_url_is_https_except_on_this_machine(url: str, valid: bool) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(AnySource)
    source = {"board": "lever", "token": "acme", "base_url": url}
    if valid:
        assert adapter.validate_python(source) == LeverSource(token="acme", base_url=url)
    else:
        with pytest.raises(ValueError, match="expected a"):
            adapter.validate_python(source)


USAJOBS = {"board": "usajobs", "search": "x", "email": "me@example.org"}
ADZUNA = {"board": "adzuna", "country": "gb", "search": "x"}


def is_source(**fields: str) -> tuple[bool, bool]:
    """Whether the settings take a source, and whether it fits the schema by which Prefect looks at it first."""
    try:
        Settings(sources=[fields])
    except ValidationError:
        taken = False
    else:
        taken = True
    return taken, is_valid({"sources": [fields]}, preprocess_schema(Settings.model_json_schema()))


@pytest.mark.parametrize(
    ("source", "key", "variable"),
    [
        (USAJOBS, "key_variable", "USAJOBS_KEY"),
        (USAJOBS, "key_variable", "USAJOBS_KEY_TEST"),
        (ADZUNA, "key_variable", "ADZUNA_APP_KEY"),
        (ADZUNA, "id_variable", "ADZUNA_APP_ID"),
        (ADZUNA, "id_variable", "ADZUNA_2"),
    ],
)
def test_a_board_has_as_many_keys_as_one_likes_under_its_own_name(
    source: dict[str, str], key: str, variable: str
) -> None:
    assert is_source(**source, **{key: variable}) == (True, True)
    assert is_source(**source) == (True, True)


@pytest.mark.parametrize(
    ("source", "key"), [(USAJOBS, "key_variable"), (ADZUNA, "key_variable"), (ADZUNA, "id_variable")]
)
@pytest.mark.parametrize(
    "variable",
    [
        "AWS_SECRET_ACCESS_KEY",
        "MY_USAJOBS_KEY",
        "MY_ADZUNA_KEY",
        "USAJOBS_",
        "ADZUNA_",
        "usajobs_key",
        "adzuna_key",
        "",
    ],
)
def test_no_other_variable_of_the_environment_can_be_sent_to_a_board(
    source: dict[str, str], key: str, variable: str
) -> None:
    assert is_source(**source, **{key: variable}) == (False, False)


def test_a_key_of_one_board_is_not_sent_to_another() -> None:
    assert is_source(**USAJOBS, key_variable="ADZUNA_APP_KEY") == (False, False)
    assert is_source(**ADZUNA, key_variable="USAJOBS_KEY") == (False, False)


@pytest.mark.parametrize(
    ("source", "host"),
    [(USAJOBS, urlsplit(usajobs.HOST).hostname), (ADZUNA, urlsplit(adzuna.HOST).hostname)],
    ids=["usajobs", "adzuna"],
)
@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("https://{host}", True),
        ("https://{host}:8443/mirror", True),
        ("http://127.0.0.1:8000", True),
        ("http://localhost:8000", True),
        ("https://evil.example", False),
        ("https://{host}.evil.example", False),
        ("https://evil.example/{host}", False),
        ("https://{host}\\.evil.example", False),
        ("https://{host}@evil.example", False),
        ("http://{host}", False),
    ],
)
def test_a_key_is_sent_to_its_own_board_or_to_this_machine(
    source: dict[str, str], host: str, url: str, taken: bool
) -> None:
    assert is_source(**source, base_url=url.format(host=host))[0] is taken


def test_a_misspelt_variable_of_the_environment_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SKILLEXTRACT_HOME", "/srv/skillextract")
    assert load_settings().lake == "lake-sample"
    monkeypatch.setenv("SKILLEXTRACT_LAEK", "elsewhere")
    with pytest.raises(
        SettingsError, match=r"SKILLEXTRACT_LAEK: found an unknown variable.*did you mean SKILLEXTRACT_LAKE\?"
    ):
        load_settings()
    monkeypatch.delenv("SKILLEXTRACT_LAEK")
    monkeypatch.setenv("SKILLEXTRACT_FOO", "1")
    expected = r"expected one of SKILLEXTRACT_CACHE, SKILLEXTRACT_CONTACT, SKILLEXTRACT_HOME, .*; rename or remove it$"
    with pytest.raises(SettingsError, match=expected):
        load_settings()
