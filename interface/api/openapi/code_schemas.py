"""How codes are described that may be left out: as the codes, or null.

The framework puts null among the codes. Generators make three types of that.
"""

from __future__ import annotations

from typing import Literal, get_args, get_origin

from litestar._openapi.schema_generation.schema import SchemaCreator
from litestar.openapi.spec import Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition


class OptionalCodes(OpenAPISchemaPlugin):
    """Describes one of a few texts, or null, as a choice between both."""

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        """Tell whether a field is such a choice."""
        inner = get_args(field_definition.annotation)
        literals = [one for one in inner if get_origin(one) is Literal]
        return field_definition.is_optional and len(inner) == 2 and len(literals) == 1  # noqa: PLR2004 - the codes, and None

    def to_openapi_schema(
        self, field_definition: FieldDefinition, schema_creator: SchemaCreator
    ) -> Schema:
        """Return the choice."""
        return schema_creator.for_optional_field(field_definition)
