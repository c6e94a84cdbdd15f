"""Examples of answers as they are sent: with all fields, even those that are null."""

from __future__ import annotations

from typing import Any

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.plugins import ReceiveRoutePlugin
from litestar.routes import BaseRoute
from msgspec import Struct, convert, to_builtins
from msgspec.structs import replace

from interface.api.openapi.operations import Answer, Answered
from interface.api.openapi.struct_schemas import kinds


class WholeExamples(ReceiveRoutePlugin):
    """Fills the examples of answers up from the types of what is answered.

    Written out, they would be long, and a field that is added would be missing. An
    example that is none of its type is found when the application starts.
    """

    def receive_route(self, route: BaseRoute) -> None:
        """Fill up the examples of a route's answers."""
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler):
                _fill(handler)


def _fill(handler: HTTPRouteHandler) -> None:
    kind = handler.operation_class
    returned = handler.parsed_return_field
    if returned.is_subclass_of(Response) and returned.inner_types:
        returned = returned.inner_types[0]
    answered = returned.annotation
    if not issubclass(kind, Answered) or kind.answer is None:
        return
    if not (isinstance(answered, type) and issubclass(answered, Struct)):
        return
    whole = replace(kind.answer, example=_whole(kind.answer, answered))
    handler.operation_class = type(kind.__name__, (kind,), {"answer": whole})


def _whole(answer: Answer, kind: type[Struct]) -> Any:
    """Return an example with all fields of its type. Raises ValidationError."""
    for one in kinds(kind):
        config = one.__struct_config__
        if answer.example.get(config.tag_field) == config.tag:
            kind = one
    return to_builtins(convert(answer.example, kind))
