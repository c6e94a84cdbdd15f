"""From a schema of the OpenAPI document to a type of Python, as text."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

FORMATS = {
    "uuid": "UUID",
    "date-time": "datetime",
    "date": "date",
    "binary": "bytes",
}
SCALARS = {"integer": "int", "number": "float", "boolean": "bool", "string": "str"}


class SchemaTypes:
    """The named schemas of a document, as types of Python."""

    def __init__(self, named: dict[str, Schema]) -> None:
        self.named = named

    def type_of(self, schema: Schema, *, is_closed: bool = False) -> str:
        """Return the type. `is_closed`: inline codes are literals, not any text.

        A client sends codes that the document knows; of an answer it reads those as
        well that a later server has added.
        """
        if "$ref" in schema:
            return self._referred(schema["$ref"])
        if "allOf" in schema:
            return self.type_of(schema["allOf"][0], is_closed=is_closed)
        if "enum" in schema and is_closed:
            codes = ", ".join(f'"{one}"' for one in schema["enum"])
            nullable = any(one == {"type": "null"} for one in schema.get("oneOf", ()))
            return f"Literal[{codes}]" + " | None" * nullable
        for union in ("oneOf", "anyOf"):
            if union in schema:
                return self._union(schema, union, is_closed=is_closed)
        return self._plain(schema, is_closed=is_closed)

    def _referred(self, ref: str) -> str:
        name = ref.rpartition("/")[2]
        # What is an open union, or free JSON, has no name of its own in the client.
        if self.named[name].get("type") == "object" or self.is_named(self.named[name]):
            return name
        return self.type_of(self.named[name])

    @staticmethod
    def is_named(schema: Schema) -> bool:
        """Tell whether a schema becomes a class or an alias."""
        return (
            "enum" in schema
            or "properties" in schema
            or schema.get("discriminator", {}).get("propertyName") == "view"
        )

    def _union(self, schema: Schema, union: str, *, is_closed: bool) -> str:
        if schema.get("discriminator", {}).get("propertyName", "view") != "view":
            # One object for each kind of event. A kind that comes later must not break
            # a client, so the fields stay as they are.
            return "dict[str, Any]"
        members = dict.fromkeys(
            self.type_of(one, is_closed=is_closed) for one in schema[union]
        )
        return " | ".join(sorted(members, key=lambda one: one == "None"))

    def _plain(self, schema: Schema, *, is_closed: bool) -> str:
        kind = schema.get("type")
        if kind == "null":
            return "None"
        if kind == "array" and "prefixItems" in schema:
            return f"tuple[{', '.join(map(self.type_of, schema['prefixItems']))}]"
        if kind == "array":
            return f"tuple[{self.type_of(schema['items'], is_closed=is_closed)}, ...]"
        if kind == "object":
            inner = schema.get("additionalProperties") or {}
            return f"dict[str, {self.type_of(inner)}]"
        if kind == "string":
            return FORMATS.get(schema.get("format", ""), "str")
        return SCALARS.get(str(kind), "Any")


def references(schema: Any) -> Iterator[str]:
    """Yield the names that a schema refers to, outside of open unions."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].rpartition("/")[2]
        if schema.get("discriminator", {}).get("propertyName", "view") != "view":
            return
        for name, inner in schema.items():
            if name not in {"examples", "example", "discriminator"}:
                yield from references(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from references(inner)


def python_name(name: str) -> str:
    """Return a name of the document as Python writes it, in small letters."""
    small = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().replace("-", "_")
    return f"{small}_" if keyword.iskeyword(small) else small
