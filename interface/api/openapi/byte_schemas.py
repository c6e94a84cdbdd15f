"""How the bytes of files are described: so that no client takes them for text."""

from __future__ import annotations

from litestar._openapi.schema_generation.schema import SchemaCreator
from litestar.openapi.spec import OpenAPIFormat, OpenAPIType, Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition


class Bytes(OpenAPISchemaPlugin):
    """Describes bytes as binary; the framework describes them as a string."""

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        """Tell whether a field is bytes."""
        return field_definition.annotation is bytes

    def to_openapi_schema(
        self, field_definition: FieldDefinition, schema_creator: SchemaCreator
    ) -> Schema:
        """Return the schema of a file."""
        del field_definition, schema_creator
        return Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
