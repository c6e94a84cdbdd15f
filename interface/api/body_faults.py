"""Everything that is wrong with a body, found at once.

The decoder stops at the first fault; who fills in a form would meet them one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
from litestar.handlers.base import BaseRouteHandler
from msgspec import Struct, structs

from application.decode_errors import pointer, shape_problem
from domain.refusals import Problem
from interface.api.actions.body_fields import codes_at


def body_faults(sent: Any, kind: Any) -> tuple[Problem, ...]:
    """Return each fault of a body that is decoded but not converted yet."""
    try:
        msgspec.convert(sent, kind)
    except msgspec.ValidationError as error:
        found = tuple(_faults(sent, kind, ""))
        # What only the whole tells is named as the decoder does.
        return found or (_problem("", str(error), kind),)
    return ()


def _faults(value: Any, kind: Any, at: str) -> Iterator[Problem]:
    """Yield each fault of a value; `at` is its place, such as "reasons[0].rule"."""
    struct, item = _struct_in(kind), _item_in(kind)
    if struct is not None and isinstance(value, dict):
        yield from _of_object(value, struct, at)
        return
    if item is not None and isinstance(value, list):
        found = [
            f for n, one in enumerate(value) for f in _faults(one, item, f"{at}[{n}]")
        ]
        yield from found
        if found:
            return
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        yield _problem(at, str(error), kind)


def _of_object(value: dict[str, Any], kind: type[Struct], at: str) -> Iterator[Problem]:
    known = {field.encode_name: field for field in structs.fields(kind)}
    for name, field in known.items():
        place = f"{at}.{name}" if at else name
        if name in value:
            yield from _faults(value[name], field.type, place)
        elif field.required:
            yield Problem(pointer(at, name), "required", {"field": name})
    if kind.__struct_config__.forbid_unknown_fields:
        for name in value:
            if name not in known:
                yield Problem(pointer(at, name), "unknown-field", {"field": name})


def _problem(at: str, message: str, kind: Any) -> Problem:
    return with_codes(shape_problem(at, message), kind, "")


def with_codes(problem: Problem, kind: Any, place: str) -> Problem:
    """Return what is wrong with a value; if it is a code, name the possible ones."""
    if problem.code != "not-one-of":
        return problem
    details = {**problem.details, "allowed": ", ".join(codes_at(kind, place))}
    return Problem(problem.pointer, problem.code, details)


def body_type(handler: BaseRouteHandler) -> Any:
    """Return the type of a route's body, None if it takes none."""
    field = handler.parsed_fn_signature.parameters.get("data")
    return None if field is None else field.annotation


def _parts(kind: Any) -> Iterator[Any]:
    """Yield a type, or the types that it may be."""
    if get_origin(kind) is Annotated:
        yield from _parts(get_args(kind)[0])
    elif get_origin(kind) in {Union, UnionType}:
        for one in get_args(kind):
            yield from _parts(one)
    else:
        yield kind


def _struct_in(kind: Any) -> type[Struct] | None:
    of = [
        one for one in _parts(kind) if isinstance(one, type) and issubclass(one, Struct)
    ]
    return of[0] if len(of) == 1 else None


def _item_in(kind: Any) -> Any:
    """Return the type of the items if a value is a list of any length."""
    lists = [get_args(one) for one in _parts(kind) if get_origin(one) is tuple]
    return lists[0][0] if lists and lists[0][-1] is Ellipsis else None
