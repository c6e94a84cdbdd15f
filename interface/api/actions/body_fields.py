"""The fields of a body, read off its type."""

from __future__ import annotations

from functools import cache
from typing import Any

from msgspec import inspect

from interface.api.commands.fields import Body, MoneyBody
from interface.api.responses.case_parts import Field


@cache
def fields_of(body: type[Body]) -> tuple[Field, ...]:
    """List the fields of a body, with those inside of objects and arrays."""
    return _inside(inspect.type_info(body))


def codes_at(kind: Any, place: str) -> tuple[str, ...]:
    """List the codes that a place such as "reasons[0].burden" may hold, if limited."""
    steps = [
        step
        for step in place.replace("[", ".").replace("]", "").split(".")
        if step not in {"", "data", "..."} and not step.isdecimal()
    ]
    found = _described(inspect.type_info(kind))
    for step in steps:
        inner = (one for one in found.get("fields", ()) if one.name == step)
        field = next(inner, None)
        if field is None:
            return ()
        found = {"fields": field.fields, "codes": field.codes}
    return tuple(found.get("codes", ()))


def _inside(info: Any) -> tuple[Field, ...]:
    return tuple(
        Field(name=one.encode_name, required=one.required, **_described(one.type))
        for one in info.fields
    )


def _described(info: Any) -> dict[str, Any]:
    """Describe one field: its JSON type, its format and bounds, what is inside."""
    return _typed(info) | _formatted(info)


def _formatted(info: Any) -> dict[str, str]:
    match info:
        case inspect.Metadata(extra_json_schema={"format": name}):
            return {"format": name}
        case inspect.UnionType(types=types):
            return _formatted(next(t for t in types if t != inspect.NoneType()))
        case _:
            return {}


def _typed(info: Any) -> dict[str, Any]:
    match _bare(info):
        case inspect.BoolType():
            return {"type": "boolean"}
        case inspect.IntType(ge=least, le=most):
            return {"type": "integer", "min": least, "max": most}
        case inspect.FloatType():
            return {"type": "number"}
        case inspect.DateTimeType():
            return {"type": "datetime"}
        case inspect.StrType(min_length=least, max_length=most):
            return {"type": "string", "min_length": least, "max_length": most}
        case inspect.EnumType(cls=kind):
            return {"type": "string", "codes": tuple(map(str, kind))}
        case inspect.LiteralType(values=values):
            return {"type": "string", "codes": tuple(map(str, values))}
        case other:
            return _composed(other)


def _composed(info: Any) -> dict[str, Any]:
    match info:
        # An amount is a string by its type, but it holds a decimal.
        case inspect.StructType(cls=kind) if kind is MoneyBody:
            return {"type": "object", "fields": _MONEY}
        case inspect.StructType():
            return {"type": "object", "fields": _inside(info)}
        case inspect.VarTupleType(item_type=item, max_length=most):
            inner = _described(item)
            listed = {"type": "array", "items": inner.pop("type"), "max_length": most}
            return {name: inner[name] for name in inner if name in _OF_ITEMS} | listed
        case _:
            return {"type": "string"}


def _bare(info: Any) -> Any:
    """Return a type without its metadata, and without null."""
    match info:
        case inspect.Metadata(type=inner):
            return _bare(inner)
        case inspect.UnionType(types=types):
            return _bare(next(t for t in types if t != inspect.NoneType()))
        case _:
            return info


_OF_ITEMS = frozenset({"codes", "fields"})
_MONEY = (
    Field(name="amount", type="decimal", required=True, max_length=20),
    Field(name="currency", type="string", required=True, max_length=3),
)
