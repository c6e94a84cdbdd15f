"""Handlers for commands that need nothing but a path and a body."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, Router, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import BodyKwarg, FromPath

from interface.api.commands.act import Act
from interface.api.commands.acts import ACTS
from interface.api.context import asking
from interface.api.openapi.operations import ACT_PROBLEMS, Acting, example
from interface.api.responses.case import SellerCase
from interface.bootstrap import System

Req = Request[Any, Any, Any]
Answer = Response[SellerCase]


def acting() -> Router:
    """Return the router of all such commands."""
    return Router("/v1/disputes", route_handlers=[_handler(act) for act in ACTS])


def _handler(act: Act) -> HTTPRouteHandler:
    function = (_numbered if "{n}" in act.path else _plain)(act)
    function.__doc__ = act.about
    function.__name__ = act.path.replace("/", "_").replace("-", "_").replace("{n}", "n")
    path = act.path.replace("{n}", "{number:int}")
    return post(
        f"/{{dispute_id:uuid}}/{path}",
        operation_class=Acting,
        responses=ACT_PROBLEMS,
        summary=act.summary,
        tags=[act.tag],
        status_code=200,
        sync_to_thread=True,
    )(function)


def _plain(act: Act) -> Callable[..., Answer]:
    body = act.body

    def bare(
        request: Req, system: NamedDependency[System], dispute_id: FromPath[UUID]
    ) -> Answer:
        return asking(request, system).act(dispute_id, act.kind())

    def full(
        request: Req,
        system: NamedDependency[System],
        dispute_id: FromPath[UUID],
        data: Any,
    ) -> Answer:
        return asking(request, system).act(dispute_id, data.command())

    return bare if body is None else _typed(full, act)


def _numbered(act: Act) -> Callable[..., Answer]:
    body, item = act.body, act.item

    def bare(
        request: Req,
        system: NamedDependency[System],
        dispute_id: FromPath[UUID],
        number: FromPath[int],
    ) -> Answer:
        command: Any = act.kind(**{item: number})
        return asking(request, system).act(dispute_id, command)

    def full(
        request: Req,
        system: NamedDependency[System],
        dispute_id: FromPath[UUID],
        number: FromPath[int],
        data: Any,
    ) -> Answer:
        return asking(request, system).act(dispute_id, data.command(**{item: number}))

    return bare if body is None else _typed(full, act)


def _typed(function: Callable[..., Answer], act: Act) -> Callable[..., Answer]:
    """Say what the body is, which the code above leaves open."""
    shown = [example(act.summary, act.example)]
    function.__annotations__["data"] = Annotated[act.body, BodyKwarg(examples=shown)]
    return function
