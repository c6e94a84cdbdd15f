"""How bodies are described that are no JSON: files, and lines of JSON."""

from __future__ import annotations

from typing import Generic, TypeVar

from litestar._openapi.schema_generation.schema import SchemaCreator
from litestar.openapi.spec import OpenAPIFormat, OpenAPIType, Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition

NDJSON = "application/x-ndjson"

S = TypeVar("S")


class JsonLines(Generic[S]):
    """Text of which each line is an object of this type, in JSON."""


class LinesOfJson(OpenAPISchemaPlugin):
    """Describes such text as what it is: not one object, but a text of many."""

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        """Tell whether a field is such text."""
        return field_definition.origin is JsonLines

    def to_openapi_schema(
        self, field_definition: FieldDefinition, schema_creator: SchemaCreator
    ) -> Schema:
        """Return the schema of the text, which names the type of each line."""
        line = schema_creator.for_field_definition(field_definition.inner_types[0])
        return Schema(
            type=OpenAPIType.STRING, content_media_type=NDJSON, content_schema=line
        )


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
