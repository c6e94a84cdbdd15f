"""The one handler of all commands that take only a path and a body."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, Signature
from itertools import chain
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import BodyKwarg, FromPath

from interface.api.commands.command_route import CommandRoute
from interface.api.commands.command_table import ROUTES
from interface.api.commands.id_fields import in_one_form
from interface.api.openapi.operations import ACT_PROBLEMS, Acting, example
from interface.api.request_context import RequestContext
from interface.api.responses.case import CaseShown

Answer = Response[CaseShown]


def command_router() -> Router:
    """Return the router of all such commands."""
    routes = chain.from_iterable(ROUTES.values())
    handlers = [_handler(route) for route in routes if route.summary]
    return Router("/v1/disputes", route_handlers=handlers)


def _handler(route: CommandRoute) -> HTTPRouteHandler:
    path = route.path.replace("{n}", "{number:int}")
    return post(
        f"/{{dispute_id:uuid}}/{path}",
        operation_class=Acting,
        responses=ACT_PROBLEMS,
        operation_id=route.operation,
        summary=route.summary,
        tags=[route.tag],
        status_code=200,
        # The event store waits for the database; on the event loop it would hold up
        # all other requests.
        sync_to_thread=True,
    )(_function(route))


def _function(route: CommandRoute) -> Callable[..., Answer]:
    """Return the handler's function, with the signature that the route calls for."""

    def act(**given: Any) -> Answer:
        context: RequestContext = given["context"]
        item = {route.item: given["number"]} if "number" in given else {}
        body = given.get("data")
        command = (
            route.command(**item)
            if body is None
            else in_one_form(body).command(route.command, context.caller, **item)
        )
        return context.act(given["dispute_id"], command)

    # Litestar reads parameters and documentation off the function.
    act.__name__ = route.command.__name__
    act.__doc__ = route.about
    parameters = _parameters(route)
    act.__annotations__ = {name: one.annotation for name, one in parameters.items()} | {
        "return": Answer
    }
    act.__signature__ = Signature([*parameters.values()])  # type: ignore[attr-defined]
    return act


def _parameters(route: CommandRoute) -> dict[str, Parameter]:
    taken: dict[str, Any] = {
        "context": NamedDependency[RequestContext],
        "dispute_id": FromPath[UUID],
    }
    if "{n}" in route.path:
        taken["number"] = FromPath[int]
    if route.body is not None:
        shown = [example(summary, value) for summary, value in route.examples]
        body: Any = route.body | None if route.optional else route.body
        taken["data"] = Annotated[body, BodyKwarg(examples=shown)]
    left_out = {"data": None} if route.optional else {}
    return {
        name: Parameter(
            name,
            Parameter.KEYWORD_ONLY,
            annotation=kind,
            default=left_out.get(name, Parameter.empty),
        )
        for name, kind in taken.items()
    }
