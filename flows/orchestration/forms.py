"""The form of the flow's parameters in Prefect's UI, where it offers more than the settings' own schema says."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from skillextract.roles.titles import list_roles
from skillextract.settings import Settings
from skillextract.skills.pattern_files import find_patterns


class OfferRoles:
    """Marks settings as a flow's parameter: its form offers the roles that there are, and Prefect refuses any other."""

    def __get_pydantic_json_schema__(self, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Return the schema of the settings with the roles listed."""
        schema = handler(core_schema)
        role = handler.resolve_ref_schema(schema)["properties"]["role"]
        role.pop("pattern", None)
        role["enum"] = list_roles(find_patterns())
        return schema


AskedSettings: TypeAlias = Annotated[Settings, OfferRoles()]
