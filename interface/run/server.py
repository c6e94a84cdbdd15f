"""The HTTP server: in this process, so that one kill ends all of it.

With several processes, each ends when the one that started it is gone.
"""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server
from litestar import Litestar

from application.record.row_scope import NOBODY
from interface.api.app import create_app
from interface.api.shutdown import DRAIN_SECONDS, QUIET_SECONDS, Shutdown
from interface.bootstrap import System, build
from interface.run.listen_address import ListenAddress, Listening, resolved
from interface.run.listener import close_door
from interface.run.log_lines import log_to_stderr
from interface.run.many_servers import WARNING, ManyServers
from interface.run.silent_connections import SilentConnections
from interface.settings.settings import Settings, read

BACKLOG = 1_024
"""Connections that may wait: a burst is answered late, not refused."""

MOST_CONNECTIONS = 4_096
"""Connections of one process. Idle ones and silent ones are ended, so that they free
their places; a proxy in front can also bound them by address, which this cannot."""

ORPHAN_SECONDS = 1.0
"""How often a serving process looks whether its parent is still there."""


def serve(
    system: System,
    ready: Callable[[], None],
    before_close: Callable[[], None] = lambda: None,
) -> None:
    """Serve until a signal comes; call `ready` once connections are taken.

    `before_close` is called when no request is answered any more, and before the system
    is closed.

    Raises SettingError if the port cannot be had.
    """
    # Work that is no request's and says nothing of itself sees no row of any case.
    system.database.otherwise = NOBODY
    serve_app(create_app(system, before_close), system.settings, ready)


def serve_app(
    app: Litestar,
    where: Listening,
    ready: Callable[[], None],
    setting: str = "REDRESS_HOST/REDRESS_PORT",
) -> None:
    """Serve an application until a signal comes.

    Raises SettingError, which names the setting, if the port cannot be had.
    """
    address = resolved(where, setting)
    asyncio.run(_serve(app, address, ready))


def server_of(app: Litestar, address: ListenAddress) -> Server:
    """Return the server of an application, which a loop of this process runs."""
    # Granian warns on each start that embedding is experimental; it is the same server.
    logging.getLogger("_granian").setLevel(logging.ERROR)
    return Server(
        app,
        address=address.host,
        port=address.port,
        interface=Interfaces.ASGI,
        backlog=BACKLOG,
        backpressure=MOST_CONNECTIONS,
        # A connection of HTTP/2 may rest for ever, and no client needs it here.
        http=HTTPModes.http1,
        websockets=False,
        log_enabled=False,
    )


def serve_many(settings: Settings, workers: int) -> None:
    """Serve with several processes; each ends when this one does."""
    where = resolved(settings, "REDRESS_HOST/REDRESS_PORT")
    # Inherited: one that is warned while it still starts would die of the signal.
    signal.pthread_sigmask(signal.SIG_BLOCK, {WARNING})
    ManyServers(
        "interface.run.server:application",
        address=where.host,
        port=where.port,
        interface=Interfaces.ASGI,
        workers=workers,
        factory=True,
        backlog=BACKLOG,
        backpressure=MOST_CONNECTIONS,
        http=HTTPModes.http1,
        websockets=False,
        log_enabled=False,
    ).serve()


def application() -> Litestar:
    """Build the application of one of several processes."""
    verbose = logging.getLogger().isEnabledFor(logging.INFO)
    log_to_stderr(verbose=verbose)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    _open_more_files()
    settings = read()
    SilentConnections(settings.port).watch()
    system = build(settings)
    system.database.otherwise = NOBODY
    app = create_app(system)
    app.on_startup.append(_begin_end_when_warned)
    return app


def _begin_end_when_warned(app: Litestar) -> None:
    port: int = app.state.system.settings.port
    asyncio.get_running_loop().add_signal_handler(
        WARNING, _end_warned, app.state.shutdown, port
    )
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {WARNING})


def _end_warned(shutdown: Shutdown, port: int) -> None:
    _begin_end(shutdown, port)
    # The order to end, which follows, may have come before this process could take it.
    asyncio.get_running_loop().call_later(
        DRAIN_SECONDS + 2 * QUIET_SECONDS, os.kill, os.getpid(), signal.SIGTERM
    )


async def _serve(
    app: Litestar, address: ListenAddress, ready: Callable[[], None]
) -> None:
    server = server_of(app, address)
    _open_more_files()
    SilentConnections(address.port).watch()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _end, app, server, address.port)
    serving = loop.create_task(server.serve())
    # Granian does not say when it listens; "serving on" is printed once it really does.
    await loop.run_in_executor(None, _wait_for_port, address, serving)
    if not serving.done():
        ready()
    await serving


def _end(app: Litestar, server: Server, port: int) -> None:
    """Let clients leave, then stop; at a second signal, stop at once."""
    shutdown: Shutdown | None = app.state.get("shutdown")
    if shutdown is None or shutdown.has_begun:
        server.stop()  # type: ignore[no-untyped-call]
        return
    _begin_end(shutdown, port)
    seconds = DRAIN_SECONDS + QUIET_SECONDS
    asyncio.get_running_loop().call_later(seconds, server.stop)


def _begin_end(shutdown: Shutdown, port: int) -> None:
    shutdown.begin()
    asyncio.get_running_loop().call_later(DRAIN_SECONDS, close_door, port)


def _open_more_files() -> None:
    """Let this process have a descriptor for each connection, and for its own files."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MOST_CONNECTIONS
    with suppress(ValueError, OSError):
        limit = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, most))


def _wait_for_port(address: ListenAddress, serving: asyncio.Task[None]) -> None:
    while not serving.done():
        try:
            socket.create_connection((address.host, address.port), 1.0).close()
        except OSError:
            time.sleep(0.02)
        else:
            return


def _end_with_parent(parent: int) -> None:
    """End this process when the one that started it is gone, killed or not."""
    while os.getppid() == parent:
        time.sleep(ORPHAN_SECONDS)
    # Not sys.exit: that ends a thread only, and nobody would wait for the others.
    os._exit(1)
