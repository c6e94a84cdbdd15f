"""How tuples are described: as arrays of one type, or of one for each place."""

from __future__ import annotations

from typing import Any

from litestar._openapi.schema_generation.schema import SchemaCreator
from litestar.openapi.spec import OpenAPIType, Schema
from litestar.params import KwargDefinition
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition
from msgspec import Meta


class BoundedTuples(OpenAPISchemaPlugin):
    """Describes a tuple of one type, bounded in length, as an array of that type.

    Litestar takes the ellipsis in it for a second type, one that fits anything, so that
    no item would fit exactly one of both.
    """

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        """Tell whether a field is such a tuple."""
        kwarg = field_definition.kwarg_definition
        return Ellipsis in field_definition.args and kwarg is not None

    def to_openapi_schema(
        self, field_definition: FieldDefinition, schema_creator: SchemaCreator
    ) -> Schema:
        """Return the array's schema."""
        inner = field_definition.inner_types[0]
        item = schema_creator.for_field_definition(inner)
        # The framework reads these off fields of bodies only, not off items.
        for meta in inner.metadata:
            if isinstance(meta, Meta) and isinstance(item, Schema):
                item.minimum, item.maximum = meta.ge, meta.le
                item.min_length, item.max_length = meta.min_length, meta.max_length
                item.pattern = meta.pattern
        kwarg = field_definition.kwarg_definition
        most = kwarg.max_items if isinstance(kwarg, KwargDefinition) else None
        return Schema(type=OpenAPIType.ARRAY, items=item, max_items=most)


class FixedTuples(OpenAPISchemaPlugin):
    """Describes a tuple of a fixed length by its places, and by what is in any.

    Tools that do not know places (`prefixItems`) go by `items`.
    """

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        """Tell whether a field is such a tuple."""
        args: tuple[Any, ...] = field_definition.args
        is_tuple = field_definition.origin is tuple
        return is_tuple and bool(args) and Ellipsis not in args

    def to_openapi_schema(
        self, field_definition: FieldDefinition, schema_creator: SchemaCreator
    ) -> Schema:
        """Return the array's schema."""
        places = field_definition.inner_types
        schema = Schema(
            type=OpenAPIType.ARRAY, min_items=len(places), max_items=len(places)
        )
        of = [schema_creator.for_field_definition(one) for one in places]
        if len({one.annotation for one in places}) == 1:
            schema.items = of[0]
        else:
            schema.prefix_items, schema.items = of, Schema(any_of=of)
        return schema
