"""Bodies hold the types that are documented: numbers are no times, texts no numbers."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from interface.api.decode_errors import shape_problem
from interface.api.problems import Failure

_PLACE = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")


async def refuse_other_types(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Refuse a body that only fits if its values are converted. Raises Failure.

    The framework converts them, as those of a query: 0 would be a time in 1970.
    """
    field = handler.parsed_fn_signature.parameters.get("data")
    if field is None or not isinstance(connection, Request):
        return
    try:
        sent = _whole(msgspec.json.decode(await connection.body()))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # The framework answers what is no JSON.
        return
    try:
        msgspec.convert(sent, field.annotation)
    except msgspec.ValidationError as error:
        if _fits(sent, field.annotation):
            message = str(error)
            place = _PLACE.search(message)
            fault = shape_problem(place["path"] if place else "", message)
            raise Failure("malformed", faults=[fault]) from None


def _whole(value: Any) -> Any:
    """Return a value in which 25.0 is 25: JSON has but one kind of number."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case list():
            return [_whole(one) for one in value]
        case dict():
            return {name: _whole(one) for name, one in value.items()}
        case _:
            return value


def _fits(sent: Any, kind: Any) -> bool:
    """Tell whether the framework would take it; what else is wrong, it says itself."""
    try:
        msgspec.convert(sent, kind, strict=False)
    except msgspec.ValidationError:
        return False
    return True
