"""The OpenAPI document is still the one that clients were generated from.

`CONTRACT=write pytest tests/http/test_openapi_contract.py` saves it anew; that is for a
new version of the API, together with its number in `document.py`, a line for clients in
the changelog, and the list of allowed differences emptied.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from interface.api.openapi.document import API_VERSION
from tests.http_app import document

SAVED = Path(str(files("tests.http").joinpath("data", f"openapi-{API_VERSION}.json")))

UNORDERED = {"oneOf", "enum", "required", "tags"}
WORDS = {"description", "examples", "summary"}
"""What no client is generated from."""

FORMATS = Draft202012Validator.FORMAT_CHECKER

Place = tuple[str, ...]

ALLOWED: dict[Place, str] = {}
"""Where the documents may differ, and why; a place stands for all that lies below."""


def bare(node: Any, at: str = "") -> Any:
    """Return a document without words and examples, but with fields named like them."""
    if isinstance(node, dict):
        return {
            name: bare(inner, name)
            for name, inner in node.items()
            if name not in WORDS or at == "properties"
        }
    return [bare(one) for one in node] if isinstance(node, list) else node


def test_only_what_is_listed_differs_from_the_saved_document() -> None:
    after = bare(document())
    if os.environ.get("CONTRACT") == "write":
        text = json.dumps(after, ensure_ascii=False, indent=0, sort_keys=True)
        SAVED.write_text(text + "\n", "utf-8")
    before = json.loads(SAVED.read_text("utf-8"))
    found = [
        place
        for place in differences(before, after, ())
        if not any(place[: len(one)] == one for one in ALLOWED)
    ]
    assert not found, "\n".join("/".join(place) for place in found)


def test_a_removed_field_a_new_code_and_another_type_are_differences() -> None:
    before, after = bare(document()), bare(document())
    schemas = after["components"]["schemas"]
    del schemas["CaseListed"]["properties"]["phase"]
    schemas["Phase"]["enum"].append("lost")
    schemas["CasesPage"]["properties"]["total"] = {"type": "string"}
    found = {"/".join(place[2:]) for place in differences(before, after, ())}
    assert 'Phase/enum/+ "lost"' in found
    assert "CaseListed/properties/phase" in found
    assert "CasesPage/properties/total/oneOf" in found


def test_every_example_fits_its_own_schema() -> None:
    checked, wrong = 0, []
    whole = document()
    for at, media in media_types(whole["paths"], ()):
        schema = media.get("schema", {}) | {"components": whole["components"]}
        examples = [one["value"] for one in media.get("examples", {}).values()]
        for value in (*examples, *schema.pop("examples", ())):
            checked += 1
            errors = Draft202012Validator(schema, format_checker=FORMATS).iter_errors(
                value
            )
            wrong += [
                f"{'/'.join(at)} {one.json_path}: {one.message}" for one in errors
            ]
    assert not wrong, "\n".join(wrong)
    assert checked > 100


def media_types(node: Any, at: Place) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Find every media type of a request or an answer that has a schema."""
    if not isinstance(node, dict):
        return
    for name, inner in node.items():
        if name == "content":
            for kind, media in inner.items():
                yield (*at, kind), media
        else:
            yield from media_types(inner, (*at, name))


def written(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def differences(before: Any, after: Any, at: Place) -> Iterator[Place]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted(before.keys() | after.keys()):
            if name not in before or name not in after:
                yield (*at, name)
            else:
                yield from differences(before[name], after[name], (*at, name))
    elif isinstance(before, list) and isinstance(after, list):
        if at[-1] in UNORDERED:
            old, new = set(map(written, before)), set(map(written, after))
            yield from ((*at, f"- {one}") for one in sorted(old - new))
            yield from ((*at, f"+ {one}") for one in sorted(new - old))
            return
        if len(before) != len(after):
            yield at
        for n, (one, other) in enumerate(zip(before, after, strict=False)):
            yield from differences(one, other, (*at, str(n)))
    elif before != after:
        yield at
