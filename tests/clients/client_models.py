"""Writes the module of models of `redress-client` from the OpenAPI document."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import Any

from tests.clients.schema_types import Schema, SchemaTypes, python_name, references

HEAD = '''\
"""What the API of Redress sends and takes: written from its OpenAPI document.

Do not edit: `CLIENT=write pytest tests/clients/test_client_package.py` writes it anew.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, Literal
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

__all__ = (
    "UNSET",
    "date",
    "Code",
{names}
)


class Code(StrEnum):
    """A code of a closed set; one that a later server has added is kept as well."""

    @classmethod
    def _missing_(cls, value: object) -> Code | None:
        if not isinstance(value, str):
            return None
        added = str.__new__(cls, value)
        added._name_ = added._value_ = value
        return added
'''


def models(document: dict[str, Any]) -> str:
    """Return the module's text: a class for each schema that an operation reaches."""
    named = document["components"]["schemas"]
    types = SchemaTypes(named)
    reached = _reached(document["paths"], named)
    kept = [one for one in sorted(reached) if types.is_named(named[one])]
    views = {
        name: view
        for schema in named.values()
        if (way := schema.get("discriminator", {})).get("propertyName") == "view"
        for view, ref in way["mapping"].items()
        for name in [ref.rpartition("/")[2]]
    }
    blocks = [
        "\n".join(_class(name, named[name], types, views.get(name)))
        for name in kept
        if "oneOf" not in named[name]
    ]
    # Aliases of classes come last: they are evaluated when the module is read.
    blocks += [
        f'{name} = {types.type_of(named[name])}\n"""{_words(named[name])[0]}"""'
        for name in kept
        if "oneOf" in named[name]
    ]
    names = "\n".join(f'    "{one}",' for one in kept)
    return HEAD.replace("{names}", names) + "\n\n" + "\n\n\n".join(blocks) + "\n"


def _reached(paths: dict[str, Any], named: dict[str, Schema]) -> set[str]:
    waiting, found = [*references(paths)], set[str]()
    while waiting:
        if (name := waiting.pop()) not in found:
            found.add(name)
            waiting += references(named[name])
    return found


def _class(
    name: str, schema: Schema, types: SchemaTypes, view: str | None
) -> Iterator[str]:
    if "enum" in schema:
        yield f"class {name}(Code):"
        yield from docstring(_words(schema), 4)
        yield ""
        for code in schema["enum"]:
            yield f'    {_member(code)} = "{code}"'
        return
    is_sent = schema.get("additionalProperties") is False
    yield from _opening(name, schema, view, is_sent=is_sent)
    yield from docstring(_words(schema), 4)
    yield ""
    if view is not None:
        yield f'    view: ClassVar[Literal["{view}"]] = "{view}"'
    for field, inner in schema["properties"].items():
        if field != "view" or view is None:
            is_needed = field in schema.get("required", ())
            yield from _field(field, inner, types, is_needed=is_needed, is_sent=is_sent)


def _opening(
    name: str, schema: Schema, view: str | None, *, is_sent: bool
) -> Iterator[str]:
    options = ["frozen=True", "kw_only=True"]
    if is_sent:
        # What is left out is not sent, so that the server's own default holds.
        options.append("omit_defaults=True")
    if view is not None:
        options += ['tag_field="view"', f'tag="{view}"']
    renamed = {
        python_name(one): one for one in schema["properties"] if one != python_name(one)
    }
    if renamed:
        pairs = ", ".join(f'"{new}": "{old}"' for new, old in renamed.items())
        options.append(f"rename={{{pairs}}}")
    yield f"class {name}("
    yield "    Struct,"
    yield from (f"    {one}," for one in options)
    yield "):"


def _field(
    name: str, schema: Schema, types: SchemaTypes, *, is_needed: bool, is_sent: bool
) -> Iterator[str]:
    kind = types.type_of(schema, is_closed=is_sent)
    default = ""
    if not is_needed and is_sent:
        kind, default = f"{kind} | UnsetType", " = UNSET"
    elif not is_needed and kind.startswith("tuple["):
        default = " = ()"
    elif not is_needed and kind.startswith("dict["):
        default = " = {}"
    elif not is_needed:
        kind = kind if kind.endswith("None") else f"{kind} | None"
        default = " = None"
    yield f"    {python_name(name)}: {kind}{default}"
    if said := schema.get("description"):
        yield from docstring([" ".join(said.split())], 4)


def _member(code: str) -> str:
    name = re.sub(r"[^A-Za-z0-9]+", "_", code).strip("_").upper()
    return f"N{name}" if name[:1].isdigit() else name


def _words(schema: Schema) -> list[str]:
    return str(schema.get("description", "As the API says.")).split("\n\n")


def docstring(paragraphs: list[str], indent: int) -> Iterator[str]:
    """Yield a docstring's lines, at most 88 columns wide."""
    space = " " * indent
    told = [
        textwrap.wrap(" ".join(one.split()).replace("\\", "\\\\"), 84 - indent)
        for one in paragraphs
    ]
    if len(told) == 1 and len(told[0]) == 1:
        yield f'{space}"""{told[0][0]}"""'
        return
    first, *rest = [line for part in told for line in [*part, ""]][:-1]
    yield f'{space}"""{first}'
    yield from (f"{space}{line}" if line else "" for line in rest)
    yield f'{space}"""'
