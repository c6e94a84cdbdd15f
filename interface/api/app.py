"""The application: every controller, its errors and its documents."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, Router
from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.exceptions import MethodNotAllowedException, NotFoundException
from litestar.handlers.base import BaseRouteHandler
from litestar.static_files import create_static_files_router

import interface
from application.jobs.supervision import Supervisor
from interface.api.authentication import authenticate
from interface.api.bulkheads import Occupancy, take_place, use_threads
from interface.api.command_path import shortened
from interface.api.commands.handler import command_router
from interface.api.context_of_request import request_context
from interface.api.controllers import CONTROLLERS
from interface.api.errors import HANDLERS
from interface.api.feed_tail import FeedTail
from interface.api.money_schemas import MoneyAsShown
from interface.api.openapi.array_schemas import BoundedTuples, FixedTuples
from interface.api.openapi.body_schemas import Bytes, LinesOfJson
from interface.api.openapi.code_schemas import OptionalCodes
from interface.api.openapi.common_problems import CommonProblems
from interface.api.openapi.deprecated_routes import DeprecatedRoutes
from interface.api.openapi.document import openapi
from interface.api.openapi.struct_schemas import (
    KindsOfStructs,
    StructSchemas,
    TaggedUnions,
)
from interface.api.openapi.whole_examples import WholeExamples
from interface.api.outer_layer import outermost
from interface.api.parameters import refuse_needless_body, refuse_unknown_parameters
from interface.api.present_views import PresentViews
from interface.api.read_your_writes import Looks, wait_for_view
from interface.api.recorded_reads import public, record_reads
from interface.api.request_limits import limited
from interface.api.request_metrics import count_appends
from interface.api.request_target import refuse_odd_target
from interface.api.request_watch import watched
from interface.api.response_headers import add_headers
from interface.api.routes.operation import (
    SandboxController,
)
from interface.api.routes.prometheus import metrics
from interface.api.shutdown import Shutdown
from interface.api.strict_bodies import refuse_other_types
from interface.bootstrap import System
from interface.pages.no_route import on_no_route
from interface.pages.page_guards import PAGE_GUARDS
from interface.pages.page_router import page_router
from interface.run.key_cache import KeyCacheRefresh

FILES = Path(interface.__path__[0])
STATIC = {"/static": FILES / "static", "/static/verifier": FILES / "verifier"}
"""Which folder is served under which path."""


SCHEMAS = (
    MoneyAsShown(),
    BoundedTuples(),
    FixedTuples(),
    KindsOfStructs(),
    TaggedUnions(),
    StructSchemas(),
    OptionalCodes(),
    Bytes(),
    LinesOfJson(),
    WholeExamples(),
    CommonProblems(),
    DeprecatedRoutes(),
)
"""What describes types better than the framework, and examples and problems."""

# In this order, and before a body is parsed: a stranger learns nothing of the
# parameters, and a read is recorded last, when only its handler can refuse it.
GUARDS = (
    refuse_odd_target,
    authenticate,
    take_place,
    refuse_unknown_parameters,
    refuse_needless_body,
    refuse_other_types,
    wait_for_view,
    record_reads,
)


async def guard(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Ask each guard in turn."""
    # As one: for each guard, the framework makes a copy of the handler.
    for one in PAGE_GUARDS if "page" in handler.opt else GUARDS:
        await one(connection, handler)


def create_app(
    system: System, before_close: Callable[[], None] = lambda: None
) -> Litestar:
    """Return the HTTP application on a system, which it closes when it ends."""
    app = make_app(is_development=system.settings.is_development)
    app.state.system = system
    app.state.shutdown = Shutdown()
    app.state.before_close = before_close
    return app


def make_app(*, is_development: bool) -> Litestar:
    """Return an application; set its `state.system` before it starts.

    Apart from `create_app`, because it takes long: tests lend one to many systems.
    """
    use_threads()
    sandbox = (SandboxController,) if is_development else ()
    app = Litestar(
        route_handlers=[
            metrics,
            *CONTROLLERS,
            *sandbox,
            command_router(),
            page_router(),
            *_static_files(),
        ],
        dependencies={
            "system": Provide(_system, sync_to_thread=False),
            "context": Provide(request_context, sync_to_thread=False),
        },
        exception_handlers={
            **HANDLERS,
            NotFoundException: on_no_route,
            MethodNotAllowedException: on_no_route,
        },
        before_send=[add_headers],
        guards=[guard],
        logging_config=None,
        openapi_config=openapi(),
        plugins=SCHEMAS,
        # The middleware bounds bodies, by the settings.
        request_max_body_size=None,
        middleware=[limited],
        lifespan=[_running],
    )
    app.asgi_handler = watched(
        outermost(shortened(app, app.asgi_handler)),
        lambda: bool(app.state.system.settings.logs_requests),
        lambda: bool(app.state.shutdown.has_begun),
    )
    return app


def _static_files() -> Iterator[Router]:
    options = public("files of the program itself") | {"is_static": True}
    for path, folder in STATIC.items():
        yield create_static_files_router(
            path=path, directories=[folder], include_in_schema=False, opt=options
        )


def _system(request: Request[Any, Any, Any]) -> System:
    system: System = request.app.state.system
    return system


@asynccontextmanager
async def _running(app: Litestar) -> AsyncIterator[None]:
    system: System = app.state.system
    app.state.occupancy, app.state.looks = Occupancy(), Looks()
    app.state.present_views = PresentViews()
    app.state.feed_tail = FeedTail()
    app.state.shutdown.tell(app.state.feed_tail.end)
    app.state.shutdown.tell(app.state.looks.end)
    count_appends()
    # Who is revoked has to be known before anybody is let in.
    system.revoked.look()
    key_cache = KeyCacheRefresh(system.keys)
    supervisor = Supervisor(
        system.url, {key_cache.name: key_cache.run, "revocations": system.revoked.run}
    )
    supervisor.start()
    try:
        yield
    finally:
        # It uses the connections that are closed next.
        supervisor.stop()
        app.state.get("before_close", lambda: None)()
        system.close()
