"""How objects are described, so that clients generated from it are right.

Litestar describes most structs well. Here is what it leaves open: the items of generic
lists, what is always there in an answer, and which of several kinds an object is.
"""

from __future__ import annotations

from dataclasses import dataclass
from inspect import cleandoc
from types import UnionType
from typing import Any, Union, get_args

from litestar._openapi.schema_generation.plugins.struct import StructSchemaPlugin
from litestar._openapi.schema_generation.schema import SchemaCreator
from litestar.openapi.spec import Discriminator, OpenAPIFormat, Schema
from litestar.openapi.spec.base import BaseSchemaObject
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition
from msgspec import Struct
from msgspec.structs import fields


class StructSchemas(StructSchemaPlugin):
    """Describes a struct with its type variables filled in.

    What takes no unknown fields says so. What is sent with all its fields, null or
    not, says that they are there.
    """

    def to_openapi_schema(
        self, field_definition: FieldDefinition, schema_creator: SchemaCreator
    ) -> Schema:
        """Return the object's schema."""
        filled: Any = _Filled(field_definition)
        schema = super().to_openapi_schema(filled, schema_creator)
        kind = field_definition.type_
        schema.description = cleandoc(kind.__doc__ or "")
        config = kind.__struct_config__
        if config.forbid_unknown_fields:
            schema.additional_properties = False
        elif not config.omit_defaults:
            schema.required = sorted(schema.properties or ())
        for one in (schema.properties or {}).values():
            if isinstance(one, Schema) and one.format is OpenAPIFormat.BINARY:
                # JSON holds no bytes: msgspec writes them so.
                one.format, one.content_encoding = None, "base64"
        return schema


class _Filled:
    """The definition of a struct whose fields have the types that its bases say."""

    def __init__(self, definition: FieldDefinition) -> None:
        self._definition = definition

    def __getattr__(self, name: str) -> Any:
        return getattr(self._definition, name)

    def get_type_hints(self, **_: Any) -> dict[str, Any]:
        """Return the fields' types; the framework's own leave `tuple[S, ...]`."""
        return {one.name: _named(one.type) for one in fields(self._definition.type_)}


def _named(kind: Any) -> Any:
    """Return a union in the form to which the framework can give a name."""
    is_unnamed = isinstance(kind, UnionType)
    return Union[get_args(kind)] if is_unnamed else kind  # noqa: UP007 - has a name


class KindsOfStructs(OpenAPISchemaPlugin):
    """Describes a struct that is only ever sent as one of its tagged kinds.

    Such a struct has no tag, and those that are made from it have one.
    """

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        """Tell whether a field is such a struct."""
        kind = field_definition.annotation
        return isinstance(kind, type) and issubclass(kind, Struct) and bool(kinds(kind))

    def to_openapi_schema(
        self, field_definition: FieldDefinition, schema_creator: SchemaCreator
    ) -> Schema:
        """Return the choice of its kinds, under the name of the struct."""
        base = field_definition.annotation
        registry = schema_creator.schema_registry
        schema = registry.get_schema_for_field_definition(field_definition)
        schema.title, schema.description = base.__name__, cleandoc(base.__doc__ or "")
        _choose(schema, kinds(base), schema_creator)
        # Like the framework's own: what is registered is referred to.
        return registry.get_reference_for_field_definition(field_definition)  # type: ignore[return-value]


class TaggedUnions(OpenAPISchemaPlugin):
    """Describes a union of tagged structs: its tag tells which of them it is."""

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        """Tell whether a field is such a union."""
        inner = [one.annotation for one in field_definition.inner_types or ()]
        return field_definition.is_union and bool(inner) and all(map(_tag, inner))

    def to_openapi_schema(
        self, field_definition: FieldDefinition, schema_creator: SchemaCreator
    ) -> Schema:
        """Return the choice of its members."""
        schema = Schema()
        inner = [one.annotation for one in field_definition.inner_types]
        _choose(schema, inner, schema_creator)
        return schema


def kinds(base: type[Struct]) -> list[type[Struct]]:
    """Return the tagged structs made from one without a tag, in order."""
    if _tag(base) or base.__struct_config__.tag_field:
        return []
    return [one for one in base.__subclasses__() if _tag(one)]


def _tag(kind: Any) -> str | int | None:
    is_struct = isinstance(kind, type) and issubclass(kind, Struct)
    return kind.__struct_config__.tag if is_struct else None


def _choose(schema: Schema, of: list[Any], creator: SchemaCreator) -> None:
    """Let a schema be one of several tagged structs."""
    fields_of = map(FieldDefinition.from_annotation, of)
    found = [creator.for_field_definition(one) for one in fields_of]
    schema.one_of = found
    mapping: Any = {
        str(_tag(kind)): _Target(reference=reference)
        for kind, reference in zip(of, found, strict=True)
    }
    name = of[0].__struct_config__.tag_field
    schema.discriminator = Discriminator(property_name=name, mapping=mapping)


@dataclass
class _Target(BaseSchemaObject):
    """Where a reference leads, as text; it is known only when all schemas are made."""

    reference: Any

    def to_schema(self) -> Any:
        """Return the place of the schema."""
        return self.reference.ref
