"""Bodies hold the types that are documented: numbers are no times, texts no numbers."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from application.decode_errors import json_problem
from interface.api.body_faults import body_faults, body_type
from interface.api.problems import Failure


async def refuse_other_types(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Refuse a body with all that is wrong in it. Raises Failure.

    That is more than the framework refuses, which converts values as those of a query:
    0 would be a time in 1970.
    """
    kind = body_type(handler)
    if kind is None or not isinstance(connection, Request):
        return
    body = await connection.body()
    try:
        sent = _whole(msgspec.json.decode(body))
    except msgspec.DecodeError as error:
        if body.strip():
            fault = json_problem(str(error), body)
            raise Failure("malformed", faults=[fault]) from None
        # The framework says that there is none.
        return
    except (UnicodeDecodeError, RecursionError):
        return
    if faults := body_faults(sent, kind):
        raise Failure("malformed", faults=faults)


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
