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
    body = await connection.body()
    try:
        msgspec.json.decode(body, type=field.annotation)
    except msgspec.ValidationError as error:
        if _fits(body, field.annotation):
            message = str(error)
            place = _PLACE.search(message)
            fault = shape_problem(place["path"] if place else "", message)
            raise Failure("malformed", faults=[fault]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # The framework answers what is no JSON.
        return


def _fits(body: bytes, kind: Any) -> bool:
    """Tell whether the framework would take it; what else is wrong, it says itself."""
    try:
        msgspec.convert(msgspec.json.decode(body), kind, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True
