"""Describes the money of events and states as clients are sent it: as decimals."""

from __future__ import annotations

from litestar._openapi.schema_generation.schema import SchemaCreator
from litestar.openapi.spec import Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition

from domain.enforcement.case_ledger import Posting
from domain.money import Money
from interface.api.responses.case_parts import PostingShown
from projections.case_view.shown_values import MoneyShown

SHOWN = {Money: MoneyShown, Posting: PostingShown}
"""What is shown in place of what is recorded (`application.record.plain_values`)."""


class MoneyAsShown(OpenAPISchemaPlugin):
    """Describes recorded money by the type that is shown."""

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        """Tell whether a field is recorded money."""
        return field_definition.annotation in SHOWN

    def to_openapi_schema(
        self, field_definition: FieldDefinition, schema_creator: SchemaCreator
    ) -> Schema:
        """Return the schema of what is shown."""
        kind = SHOWN[field_definition.annotation]
        return schema_creator.for_field_definition(  # type: ignore[return-value]
            FieldDefinition.from_annotation(kind)
        )
