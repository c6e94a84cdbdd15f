"""The HTTP application without a server, made once and lent to one system at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import msgspec
from litestar import Litestar
from litestar.testing import TestClient

from interface.api.app import make_app
from interface.api.shutdown import Shutdown
from interface.bootstrap import System
from tests.told_problems import check

# Registering every handler takes longer than most tests do.
_FREE: defaultdict[bool, list[Litestar]] = defaultdict(list)


@contextmanager
def serving(system: System) -> Iterator[TestClient[Any]]:
    """Yield a client of an application on a system, which is closed at the end."""
    is_development = system.settings.is_development
    free = _FREE[is_development]
    app = free.pop() if free else make_app(is_development=is_development)
    app.state.system = system
    app.state.shutdown = Shutdown()
    with TestClient(app, raise_server_exceptions=False) as client:
        client.event_hooks["response"].append(check)
        yield client
    free.append(app)


@cache
def whole_app() -> Litestar:
    """Return the application in development mode, to be looked at and not to be run."""
    return make_app(is_development=True)


@cache
def _document() -> bytes:
    return msgspec.json.encode(whole_app().openapi_schema.to_schema())


def document() -> dict[str, Any]:
    """Return the API's document as a server in development mode shows it."""
    found: dict[str, Any] = msgspec.json.decode(_document())
    return found
