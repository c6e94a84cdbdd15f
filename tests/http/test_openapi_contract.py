"""The OpenAPI document is still the one that clients were generated from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import msgspec

from interface.api.app import make_app

SAVED = files("tests.http").joinpath("data", "openapi-0.1.0.json")

UNORDERED = {"oneOf", "enum", "required", "tags"}

Place = tuple[str, ...]

ALLOWED: dict[Place, str] = {
    ("components", "schemas", "domain_clock_Unit"): "was named after a module",
    ("components", "schemas", "projections_metrics_Unit"): "was named after a module",
    ("components", "schemas", "LimitUnit"): "is named after what it is",
    ("components", "schemas", "FigureUnit"): "is named after what it is",
    ("components", "schemas", "LengthShown", "properties", "unit", "$ref"): "LimitUnit",
    ("components", "schemas", "Metric", "properties", "unit", "$ref"): "FigureUnit",
    **{
        (
            "paths",
            path,
            "get",
            "responses",
            "200",
            "content",
            kind,
            "schema",
            "examples",
        ): ("was made up by chance, another one at every start")
        for path, kind in (
            ("/v1/audit/disputes/{dispute_id}/bundle", "application/zip"),
            ("/v1/disputes/{dispute_id}/evidence/{number}", "text/plain"),
            ("/v1/disputes/{dispute_id}/messages/{number}/attachment", "text/plain"),
        )
    },
}
"""Where the documents may differ, and why; a place stands for all that lies below."""


def test_only_what_is_listed_differs_from_the_saved_document() -> None:
    before = json.loads(SAVED.read_text("utf-8"))
    app = make_app(is_development=True)
    after = msgspec.json.decode(msgspec.json.encode(app.openapi_schema.to_schema()))
    found = [
        place
        for place in differences(before, after, ())
        if not any(place[: len(one)] == one for one in ALLOWED)
    ]
    assert not found, "\n".join("/".join(place) for place in found)


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
            before, after = sorted(before, key=written), sorted(after, key=written)
        if len(before) != len(after):
            yield at
        for n, (one, other) in enumerate(zip(before, after, strict=False)):
            yield from differences(one, other, (*at, str(n)))
    elif before != after:
        yield at
