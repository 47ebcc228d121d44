"""Names of companies, squeezed to what they are told by."""

import pytest

from skillextract.skills.company_names import CompanyName, CompanyNames
from skillextract.skills.vocabulary import CompanyWords

WORDS = CompanyWords(legal_forms=("Inc", "Société"), kinds=("Health", "care", "healthcare", "labs"), places=())


@pytest.mark.parametrize(
    ("company", "whole", "short"),
    [
        (None, b"", b""),
        ("Okta, Inc.", b"okta", b"okta"),
        ("Gecko Labs", b"geckolabs", b"gecko"),
        ("Gecko Labs (YC S19)\nRemote", b"geckolabs", b"gecko"),
        ("Labs", b"labs", b"labs"),
        ("acme.io", b"acme", b"acme"),
        ("Dupont SOCIÉTÉ", b"dupont", b"dupont"),
        ("ansiblehealthcare", b"ansiblehealthcare", b"ansible"),
        ("ahealth", b"ahealth", b"ahealth"),
    ],
)
def test_a_name_is_squeezed(company: str | None, whole: bytes, short: bytes) -> None:
    assert CompanyNames(WORDS).squeeze(company) == CompanyName(
        whole, short, frozenset({b"health", b"care", b"healthcare", b"labs"})
    )
