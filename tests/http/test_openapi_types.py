"""The OpenAPI document says of everything what it is, so that clients are right.

The rules walk the whole document: what is added has to keep them too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from domain.roles import Party
from interface.api.openapi.struct_schemas import kinds
from interface.api.responses.case import CaseShown
from tests import http_app

METHODS = {"get", "post", "put", "patch", "delete"}
KEYWORDS = {"type", "oneOf", "anyOf", "allOf", "$ref", "enum", "const"}
PLACES = {("schema",), ("items",), ("additionalProperties",)}

OPEN = {
    "Change/properties/before": "a value of any field of the state",
    "Change/properties/after": "a value of any field of the state",
    "EventMessage/properties/event/additionalProperties": (
        "an event's fields, which are those of its kind"
    ),
    "FactShown/properties/payload/additionalProperties": (
        "an event as it was recorded, without what its reader may not see"
    ),
}
"""What may be anything, and why."""

UNTAGGED = {
    "/health/ready/get/responses/200/content/application/json/schema": (
        "strangers are told less, and no field says so"
    ),
}
"""Choices between objects that no field tells apart."""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return http_app.document()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS & set(item):
            yield f"{method.upper()} {path}", item[method]


def schemas(node: Any, at: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Find every schema, by where it stands; not the values of examples."""
    if isinstance(node, list):
        for one in node:
            yield from schemas(one, at)
        return
    if not isinstance(node, dict):
        return
    is_map = at[-1:] and at[-1] in {"properties", "schemas"}
    is_named = at[-2:-1] and at[-2] in {"properties", "schemas"}
    is_said = not is_map and "content" not in node and not KEYWORDS.isdisjoint(node)
    if is_named or is_said or at[-1:] in PLACES:
        yield "/".join(at).removeprefix("components/schemas/"), node
    for name, inner in node.items():
        if is_map or name not in {"examples", "example", "default", "links"}:
            yield from schemas(inner, (*at, name))


def all_schemas(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    components = schemas(document["components"]["schemas"], ("components", "schemas"))
    found = [*components]
    for path, item in document["paths"].items():
        found += schemas(item, (path,))
    assert len(found) > 2000
    return found


def test_operations_are_named_as_methods_are(document: dict[str, Any]) -> None:
    names = [about["operationId"] for _, about in operations(document)]
    assert len(set(names)) == len(names) > 100
    odd = [name for name in names if not re.fullmatch("[a-z]+([A-Z][a-z]+)+", name)]
    assert not odd
    assert {"fileDispute", "respondToClaim", "listDisputes"} <= set(names)


def test_each_operation_says_whether_it_needs_a_token(
    document: dict[str, Any],
) -> None:
    assert "security" not in document
    for name, about in operations(document):
        needed = about["security"]
        token: dict[str, Any] = {"bearer": []}
        api_key: dict[str, Any] = {"apiKey": []}
        nothing: dict[str, Any] = {}
        known: tuple[Any, ...] = (
            [token],
            [token, api_key],
            [nothing, token, api_key],
            [],
        )
        assert needed in known, name
        # Whoever needs a token may be refused for it.
        assert ("401" in about["responses"]) or needed not in known[:2], name
    security = {name: about["security"] for name, about in operations(document)}
    assert security["GET /v1/codes"] == []
    assert security["GET /v1/disputes"] == [{"bearer": []}, {"apiKey": []}]
    # Only for staff, who have no keys.
    assert security["GET /v1/queue"] == [{"bearer": []}]


def test_nothing_is_just_anything(document: dict[str, Any]) -> None:
    loose = {
        at
        for at, schema in all_schemas(document)
        if not (set(schema) - {"description", "title"})
        or (
            schema.get("type") == "object"
            and "properties" not in schema
            and not schema.get("additionalProperties")
            and at + "/additionalProperties" not in OPEN
        )
        or schema.get("oneOf") == []
        or (schema.get("type") == "array" and not schema.get("items"))
    }
    assert loose == set(OPEN)


def test_one_field_tells_which_of_several_objects_it_is(
    document: dict[str, Any],
) -> None:
    components = document["components"]["schemas"]
    chosen = 0
    for at, schema in all_schemas(document):
        parts = [
            one["$ref"].rsplit("/", 1)[1]
            for one in schema.get("oneOf", ())
            if "$ref" in one
        ]
        objects = [one for one in parts if components[one].get("type") == "object"]
        if len(objects) < 2 or at in UNTAGGED:
            continue
        chosen += 1
        field = schema["discriminator"]["propertyName"]
        targets = schema["discriminator"]["mapping"]
        for tag, target in targets.items():
            kind = components[target.rsplit("/", 1)[1]]
            assert kind["properties"][field]["const"] == tag
            assert field in kind["required"]
        assert len(targets) == len(objects)
    assert chosen >= 2


def test_a_case_is_one_of_its_views(document: dict[str, Any]) -> None:
    mapping = document["components"]["schemas"]["CaseShown"]["discriminator"]["mapping"]
    assert set(mapping) == {"buyer", "seller", "staff"}
    assert {one.__struct_config__.tag for one in kinds(CaseShown)} == set(mapping)
    for name, about in operations(document):
        for status, answer in about["responses"].items():
            shown = answer.get("content", {}).get("application/json", {})
            reference = shown.get("schema", {}).get("$ref", "")
            # None of the views alone: who asks decides which it is.
            assert not reference.endswith(("rCase", "StaffCase")), (name, status)


def test_files_are_bytes_and_texts_are_not(document: dict[str, Any]) -> None:
    binary = {"*/*", "application/zip", "application/octet-stream"}
    seen = set()
    for name, about in operations(document):
        for answer in about["responses"].values():
            for kind, media in answer.get("content", {}).items():
                is_bytes = media["schema"].get("format") == "binary"
                assert is_bytes == (kind in binary), (name, kind)
                seen.add(kind)
    assert binary <= seen
    assert {"text/csv", "application/x-ndjson"} <= seen


def test_what_takes_a_form_says_that_tables_are_answered(
    document: dict[str, Any],
) -> None:
    tables = {
        name: about["responses"]["200"]["content"].keys()
        for name, about in operations(document)
        if any(one["name"] == "format" for one in about.get("parameters", ()))
    }
    assert len(tables) >= 3
    for name, kinds_of_media in tables.items():
        assert "text/csv" in kinds_of_media, name


CLOSED = {
    "phase": "Phase",
    "outcome": None,
    "claim_result": "ClaimResult",
    "role": None,
    "party": None,
    "debtor": "Party",
    "trigger": "Trigger",
    "automation": "Automation",
    "state": None,
    "for": None,
    "silence": None,
}
"""Fields that hold codes which no operator changes; by their enums, where named."""

SIDES = {"buyer", "seller"}


def test_codes_that_nobody_changes_are_enums(document: dict[str, Any]) -> None:
    components = document["components"]["schemas"]
    checked, open_ones = 0, list[str]()
    for name, about in components.items():
        for field, schema in about.get("properties", {}).items():
            if field not in CLOSED:
                continue
            said = next(iter(schema.get("oneOf", ())), schema)
            said = components.get(said.get("$ref", "").rsplit("/", 1)[-1], said)
            if said.get("type") in {"object", "array"}:
                continue
            checked += 1
            codes = said.get("enum") or schema.get("enum") or [said.get("const")]
            is_named = said is components.get(CLOSED[field] or "")
            if not (is_named or CLOSED[field] is None or SIDES.issuperset(codes)):
                open_ones.append(f"{name}.{field}")
            if codes == [None]:
                open_ones.append(f"{name}.{field}")
    assert not open_ones
    assert checked > 60
    assert set(components["Party"]["enum"]) == {*Party}


def test_answers_have_all_their_fields(document: dict[str, Any]) -> None:
    for name in ("BuyerCase", "CaseListed", "CasesPage", "RulingShown", "NoticeListed"):
        about = document["components"]["schemas"][name]
        assert set(about["required"]) == set(about["properties"]), name


def test_every_parameter_example_fits(document: dict[str, Any]) -> None:
    seen = 0
    for name, about in operations(document):
        for parameter in about.get("parameters", ()):
            pattern = parameter.get("schema", {}).get("pattern")
            for one in parameter.get("examples", {}).values():
                seen += 1
                assert pattern is None or re.search(pattern, one["value"]), name
    assert seen > 100
