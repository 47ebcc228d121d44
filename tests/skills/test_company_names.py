"""Names of companies, squeezed to what they are told by."""

import pytest

from skillextract.skills.company_names import CompanyName, CompanyNames
from skillextract.skills.vocabulary import CompanyWords

WORDS = CompanyWords(legal_forms=("Inc", "Société"), kinds=("Health", "care", "healthcare", "labs"), places=())


@pytest.mark.parametrize(
    ("company", "whole", "short", "beginnings"),
    [
        (None, b"", b"", ()),
        ("Okta, Inc.", b"okta", b"okta", (b"okt",)),
        ("Gecko Labs", b"geckolabs", b"gecko", (b"gec",)),
        ("Gecko Labs (YC S19)\nRemote", b"geckolabs", b"gecko", (b"gec",)),
        ("Labs", b"labs", b"labs", (b"lab",)),
        ("Up Robotics", b"uprobotics", b"uprobotics", (b"upr", b"up ")),
        ("acme.io", b"acme", b"acme", (b"acm",)),
        ("Dupont SOCIÉTÉ", b"dupont", b"dupont", (b"dup",)),
        ("ansiblehealthcare", b"ansiblehealthcare", b"ansible", (b"ans",)),
        ("ahealth", b"ahealth", b"ahealth", (b"ahe",)),
    ],
)
def test_a_name_is_squeezed(company: str | None, whole: bytes, short: bytes, beginnings: tuple[bytes, ...]) -> None:
    assert CompanyNames(WORDS).squeeze(company) == CompanyName(
        whole, short, frozenset({b"health", b"care", b"healthcare", b"labs"}), beginnings
    )
