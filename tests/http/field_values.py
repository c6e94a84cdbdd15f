"""Fills in the fields of an action, knowing nothing but what the action says."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from random import Random
from typing import Any

Field = dict[str, Any]

CONTENTS = {
    "application/pdf": b"%PDF-1.7",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "text/plain": b"Seen with our own eyes.",
}
EXTRAS = 0.2
"""How often something is sent that need not be."""


def filled(fields: Iterable[Field], rng: Random) -> dict[str, Any]:
    """Return a body: what is required always, here or beside other values."""
    body: dict[str, Any] = {}
    for field in sorted(fields, key=_order):
        if _is_sent(field, body, rng):
            body[field["name"]] = value(field, rng)
    return body


def _is_sent(field: Field, body: dict[str, Any], rng: Random) -> bool:
    if field["required"] or _is_met(field.get("required_when", {}), body):
        return True
    barred = "only_when" in field or _is_impossible(field)
    return not barred and rng.random() < EXTRAS


def value(field: Field, rng: Random) -> Any:
    """Return what one field may hold."""
    match field["type"]:
        case "object" if "possible" in field:
            return rng.choice(field["possible"])
        case "object":
            return filled(field["fields"], rng)
        case "array":
            item = field | {"type": field["items"]}
            return [value(item, rng)]
        case "boolean":
            return rng.random() < 0.7
        case "integer" if "codes" in field:
            return int(rng.choice(field["codes"]))
        case "integer":
            return rng.randint(field["min"], min(field["max"], 20))
        case "decimal":
            return _decimal(field, rng)
        case "file":
            return _file(field, rng)
        case "string" if "format" in field:
            return {"email": "wang@example.com", "phone": "13800138000"}[
                field["format"]
            ]
        case "string" if "codes" in field:
            return rng.choice(field["codes"])
        case "string":
            return _text(field, rng)
        case other:
            raise AssertionError(f"nothing said how to fill in {other}: {field}")


def _order(field: Field) -> bool:
    return "required_when" in field


def _is_met(needs: dict[str, list[str]], body: dict[str, Any]) -> bool:
    return any(_said(body.get(name)) in values for name, values in needs.items())


def _said(sent: Any) -> str:
    return str(sent).lower() if isinstance(sent, bool) else str(sent)


def _is_impossible(field: Field) -> bool:
    """Tell whether a list of numbers has nothing that it could name."""
    return field.get("items") == "integer" and not field.get("codes")


def _decimal(field: Field, rng: Random) -> str:
    most = Decimal(field.get("max", "1.00"))
    half = (most / 2).quantize(most)
    return str(rng.choice([most, half or most]))


def _file(field: Field, rng: Random) -> tuple[str, bytes, str]:
    kinds = [one for one in field["codes"] if one in CONTENTS]
    kind = rng.choice(kinds)
    return "shown", CONTENTS[kind] + rng.randbytes(16).hex().encode(), kind


def _text(field: Field, rng: Random) -> str:
    text = f"Said in word {rng.randrange(10**6)} of this case."
    text = text.ljust(field.get("min_length") or 0, ".")
    return text[: field.get("max_length")].strip()
