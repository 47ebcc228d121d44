"""The form of the parameters in Prefect's UI."""

from orchestration.forms import AskedSettings

from pydantic import TypeAdapter

from skillextract.roles.titles import list_roles
from skillextract.skills.pattern_files import find_patterns


def test_the_form_offers_the_roles_that_there_are() -> None:
    role = TypeAdapter(AskedSettings).json_schema()["properties"]["role"]
    assert (role["enum"], "pattern" in role) == (list_roles(find_patterns()), False)
    assert "machine-learning-engineer" in role["enum"]
