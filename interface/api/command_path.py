"""The short path of commands: what the framework does for every route, but not these.

A command has a body of one type, an id in its path and the context of its request. For
these few the framework copies the route, solves dependencies, checks each parameter
against a model and decodes the body a second time: half the time of a command. Here the
same guards, handlers and errors follow each other directly. Whatever is not as usual,
such as an id in another form, goes the framework's way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast
from uuid import UUID

import msgspec
from litestar import Litestar, Request, Response
from litestar.enums import ScopeType
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from litestar.serialization import encode_json
from litestar.types import ASGIApp, Receive, Scope, Send
from litestar.types.asgi_types import HTTPScope
from msgspec import Struct

from interface.api.authentication import authenticate
from interface.api.body_faults import body_type
from interface.api.bulkheads import take_place
from interface.api.context_of_request import request_context
from interface.api.parameters import refuse_needless_body, refuse_unknown_parameters
from interface.api.problems import Failure
from interface.api.recorded_reads import record_reads
from interface.api.request_limits import limited
from interface.api.request_target import refuse_odd_target
from interface.api.strict_bodies import refuse_other_types

CASES = "/v1/disputes"

_FORM = re.compile(
    r"/v1/disputes(?:/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
    r"/([a-z-]+)(?:/([1-9][0-9]{0,8}))?((?:/[a-z-]+)?))?",
    re.ASCII,
)
"""A path in the one form in which our answers name it: case, step, item, step."""

_HOST = re.compile(rb"[A-Za-z0-9.-]{1,255}(:[0-9]{1,4})?")

_TAKES = frozenset({"context", "data", "dispute_id", "number"})
"""The parameters of handlers that can be called from here."""


Decode = Callable[[bytes], Any]


class CommandPath(Struct, frozen=True):
    """A route of a command: its handler, its path, and what decodes its body."""

    handler: HTTPRouteHandler
    template: str
    decode: Decode | None


class NotUsual(Exception):
    """The framework has to look at this request."""


def shortened(app: Litestar, otherwise: ASGIApp) -> ASGIApp:
    """Return an application with the short path, and another one for all the rest."""
    paths = {one.template: one for one in command_paths(app)}

    async def called(scope: Scope, receive: Receive, send: Send) -> None:
        scope = cast("HTTPScope", scope)
        request: Request[Any, Any, Any] = Request(scope, receive, send)
        try:
            answer = await _answer(request, paths[scope["path_template"]])
        except NotUsual:
            # The framework's guards take a place of their own.
            places = scope["state"]["places"]
            while places:
                places.pop()()
            await otherwise(scope, receive, send)
            return
        except Exception as error:  # noqa: BLE001 - each kind has its handler
            answer = _problem(request, error)
        await answer(scope, receive, send)

    bounded = limited(called)

    async def chosen(scope: Scope, receive: Receive, send: Send) -> None:
        path = route_of(cast("HTTPScope", scope), paths)
        if path is None:
            await otherwise(scope, receive, send)
            return
        try:
            await bounded(scope, receive, send)
        except Failure as error:
            # Of the limits, before anything was answered.
            request: Request[Any, Any, Any] = Request(scope, receive, send)
            await _problem(request, error)(scope, receive, send)

    return chosen


def command_paths(app: Litestar) -> Iterator[CommandPath]:
    """Yield the routes that have the short path."""
    for route in app.routes:
        if not isinstance(route, HTTPRoute) or not route.path.startswith(CASES):
            continue
        handler, _ = route.route_handler_map.get("POST", (None, None))
        if handler is None:
            continue
        parameters = handler.parsed_fn_signature.parameters
        usual = parameters.keys() <= _TAKES and "context" in parameters
        if not usual or handler.opt.get("upload") or handler.opt.get("work"):
            continue
        body = body_type(handler)
        yield CommandPath(
            handler,
            route.path_format,
            None if body is None else msgspec.json.Decoder(body).decode,
        )


def route_of(scope: HTTPScope, paths: Mapping[str, CommandPath]) -> CommandPath | None:
    """Find the command's route, and tell the scope of it; None if there is none."""
    if scope["type"] != ScopeType.HTTP or scope["method"] != "POST":
        return None
    found = _FORM.fullmatch(scope["path"])
    if found is None or scope.get("root_path"):
        return None
    case, step, item, rest = found.groups()
    template, given = CASES, dict[str, Any]()
    if case is not None:
        template = f"{CASES}/{{dispute_id}}/{step}"
        given["dispute_id"] = UUID(case)
        if item is not None:
            template += "/{number}"
            given["number"] = int(item)
        template += rest
    path = paths.get(template)
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    if path is None or len(hosts) != 1 or not _HOST.fullmatch(hosts[0]):
        return None
    scope["route_handler"], scope["path_template"] = path.handler, template
    scope["path_params"] = given
    return path


async def _answer(request: Request[Any, Any, Any], path: CommandPath) -> ASGIApp:
    """Do what the guards, the framework and the handler do, in their order."""
    handler = path.handler
    await refuse_odd_target(request, handler)
    await authenticate(request, handler)
    await take_place(request, handler)
    if request.scope["query_string"]:
        await refuse_unknown_parameters(request, handler)
    given: dict[str, Any] = dict(request.scope["path_params"])
    if path.decode is None:
        await refuse_needless_body(request, handler)
    else:
        given["data"] = await _data(request, handler, path.decode)
    await record_reads(request, handler)
    system = request.app.state.system
    given["context"] = request_context(request, system)
    answer = await handler.fn(**given)
    if isinstance(answer, Response) and isinstance(answer.content, Struct):
        return _encoded(answer, path)
    return await handler.to_response(app=request.app, data=answer, request=request)


async def _data(
    request: Request[Any, Any, Any], handler: HTTPRouteHandler, decode: Decode
) -> Any:
    """Decode the body. Raises Failure with all that is wrong in it, or NotUsual."""
    body = await request.body()
    try:
        return decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        await refuse_other_types(request, handler)
    # Nothing was sent, or something that only the framework takes for what is meant.
    raise NotUsual


def _problem(request: Request[Any, Any, Any], error: Exception) -> ASGIApp:
    """Return the answer to an error, by the nearest class that has a handler."""
    handlers = request.app.exception_handlers
    kind = next(kind for kind in type(error).__mro__ if kind in handlers)
    answer = handlers[kind](request, error)
    return answer.to_asgi_response(app=None, request=request)


def _encoded(answer: Response[Any], path: CommandPath) -> ASGIApp:
    """Return an answer whose content is JSON."""
    body = encode_json(answer.content)
    headers = [
        (b"content-type", b"application/json"),
        *(
            (k.lower().encode("latin-1"), v.encode("latin-1"))
            for k, v in answer.headers.items()
        ),
        (b"content-length", str(len(body)).encode()),
    ]
    status = answer.status_code or path.handler.status_code

    async def sent(_: Scope, __: Receive, send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": status, "headers": headers}
        )
        await send({"type": "http.response.body", "body": body, "more_body": False})

    return sent
