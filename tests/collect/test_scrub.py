import re

import pytest

from skillextract.collect.scrub import spell_secrets

KEY = "k3y+/of=ü𝄞"


@pytest.mark.parametrize(
    "written",
    [
        KEY,
        "k3y%2B%2Fof%3D%C3%BC%F0%9D%84%9E",
        "k3y%2b%2fof%3d%c3%bc%f0%9d%84%9e",
        "k3y%252B%252Fof%253D%25C3%25BC%25F0%259D%2584%259E",
        r"k3y+\/of=\u00fc\ud834\udd1e",
        r"k3y\u002B\\/of\u003d\\u00FC\ud834\udd1e",
    ],
)
def test_spell_secrets_finds_a_key_however_addresses_and_json_write_it(written: str) -> None:
    pattern = spell_secrets(["k3y", "", KEY])
    assert pattern is not None
    assert re.sub(pattern, "…", f"a {written} b") == "a … b"
    assert re.sub(pattern.encode(), b"...", f"a {written} b".encode()) == b"a ... b"


def test_spell_secrets_is_nothing_where_there_are_none() -> None:
    assert spell_secrets([""]) is None


def test_spell_secrets_tells_upper_case_from_lower_case() -> None:
    pattern = spell_secrets(["k3y.a"])
    assert pattern is not None
    assert re.sub(pattern, "…", "K3Y.A k3yxa") == "K3Y.A k3yxa"
