"""Writes the module of operations of `redress-client` from the OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.clients.client_models import docstring
from tests.clients.schema_types import SchemaTypes, python_name

HEAD = '''\
"""A method for each operation of the API: written from its OpenAPI document.

Do not edit: `CLIENT=write pytest tests/clients/test_client_package.py` writes it anew.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ..api_call import ApiCall, ApiCaller, path_part
from ..file_source import FileSource
from .models import (
{names}
)


class Operations(ApiCaller):
    """Every operation of the API by its name.

    A POST keeps one `Idempotency-Key` over its retries. Whoever repeats a call on their
    own passes `idempotency_key`. Raises `ProblemRaised` for what is refused, and
    `Unreachable` if there was no answer.
    """
'''
SESSION = {"Accept-Language", "Purpose", "On-Behalf-Of", "X-Request-Id"}
"""Headers that hold for many requests: the client has them, not each operation."""


def operations(document: dict[str, Any]) -> str:
    """Return the module's text."""
    types = SchemaTypes(document["components"]["schemas"])
    methods = {
        python_name(operation["operationId"]): (verb.upper(), path, operation)
        for path, item in document["paths"].items()
        for verb, operation in item.items()
    }
    body = "\n\n".join(
        "\n".join(_method(name, *methods[name], types)) for name in sorted(methods)
    )
    used = {one for one in types.named if re.search(rf"\b{one}\b", body)}
    names = "\n".join(f"    {one}," for one in sorted(used, key=_import_order))
    return HEAD.replace("{names}", names) + "\n" + body + "\n"


def _import_order(name: str) -> tuple[bool, str]:
    return name != name.upper(), name


def _method(
    name: str, verb: str, path: str, operation: dict[str, Any], types: SchemaTypes
) -> Iterator[str]:
    parameters = [
        one for one in operation.get("parameters", ()) if one["name"] not in SESSION
    ]
    status, content = _answer(operation)
    kind, form = _shape(content, types)
    if status != "200" and not content:
        kind = "None"
    if "204" in operation["responses"] and content:
        kind = f"{kind} | None"
    yield f"    def {name}("
    yield "        self,"
    yield from _arguments(parameters, operation, types)
    yield f"    ) -> {kind}:"
    said = str(operation.get("description") or operation.get("summary") or name)
    yield from docstring(said.split("\n\n"), 8)
    yield "        call = ApiCall("
    yield f'            "{verb}",'
    yield f"            {_address(path)},"
    yield from _parts(parameters, operation)
    if form != "json":
        yield f'            answer="{form}",'
    yield "        )"
    # A union is no `type[…]`: the name tells the checker what comes back.
    yield f"        answer: {kind} = self.answer(call, {kind})"
    yield "        return answer"


def _arguments(
    parameters: list[dict[str, Any]], operation: dict[str, Any], types: SchemaTypes
) -> Iterator[str]:
    for one in parameters:
        if one["in"] == "path":
            yield f"        {python_name(one['name'])}: {types.type_of(one['schema'])},"
    content = operation.get("requestBody", {}).get("content", {})
    if (sent := content.get("application/json")) is not None:
        kind = types.type_of(sent["schema"])
        yield f"        body: {kind}{' = None' * kind.endswith('None')},"
    named = [*_named(parameters, content, types)]
    if named:
        yield "        *,"
        # Those that have to be said come first.
        yield from sorted(named, key=lambda one: " = " in one)


def _named(
    parameters: list[dict[str, Any]], content: dict[str, Any], types: SchemaTypes
) -> Iterator[str]:
    form = content.get("multipart/form-data", {}).get("schema", {})
    for field in form.get("properties", ()):
        if field == "file":
            yield "        file: FileSource,"
        elif field in form["required"]:
            yield f"        {field}: str,"
        else:
            yield f"        {field}: str | None = None,"
    for one in parameters:
        name, schema = python_name(one["name"]), one["schema"]
        if one["name"] == "Idempotency-Key":
            yield "        idempotency_key: str | None = None,"
        elif one["name"] == "If-Match":
            yield "        if_match: str,"
        elif one["in"] == "query" and name != "format":
            kind = types.type_of(schema, is_closed=True)
            if one["required"]:
                yield f"        {name}: {kind},"
            else:
                kind = kind.removesuffix(" | None")
                yield f"        {name}: {kind} | None = None,"


def _parts(
    parameters: list[dict[str, Any]], operation: dict[str, Any]
) -> Iterator[str]:
    query = [one["name"] for one in parameters if one["in"] == "query"]
    if any(one != "format" for one in query):
        yield "            query={"
        yield from (
            f'                "{one}": {python_name(one)},'
            for one in query
            if one != "format"
        )
        yield "            },"
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        yield "            body=body,"
    form = content.get("multipart/form-data", {}).get("schema", {})
    if form:
        others = [one for one in form["properties"] if one != "file"]
        fields = ", ".join(f'"{one}": {one}' for one in others)
        yield "            file=file,"
        yield f"            fields={{{fields}}},"
    for one in parameters:
        if one["name"] == "Idempotency-Key":
            yield "            key=idempotency_key,"
            yield "            takes_key=True,"
        elif one["name"] == "If-Match":
            yield "            if_match=if_match,"


def _answer(operation: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the status and content of the answer to what went well."""
    fine = {
        status: answer.get("content", {})
        for status, answer in operation["responses"].items()
        if status.startswith("2")
    }
    return next(((status, one) for status, one in fine.items() if one), ("204", {}))


def _shape(content: dict[str, Any], types: SchemaTypes) -> tuple[str, str]:
    """Return the type of an answer, and how its bytes are read."""
    if "application/json" in content:
        return types.type_of(content["application/json"]["schema"]), "json"
    for media_type, said in content.items():
        schema = said["schema"]
        if "ndjson" in media_type:
            return f"tuple[{types.type_of(schema['contentSchema'])}, ...]", "lines"
        if schema.get("format") == "binary":
            return "bytes", "bytes"
        return "str", "text"
    return "None", "json"


def _address(path: str) -> str:
    if "{" not in path:
        return f'"{path}"'
    filled = re.sub(
        r"\{(\w+)\}", lambda one: f"{{path_part({python_name(one[1])})}}", path
    )
    return f'f"{filled}"'
