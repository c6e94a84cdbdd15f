"""`redress serve` and `redress work`."""

from __future__ import annotations

import signal
import threading

import click

from interface.bootstrap import System, build
from interface.run.server import serve, serve_many
from interface.run.worker import Worker
from interface.settings import SettingError, read


def run_server(*, with_worker: bool, workers: int) -> None:
    """Serve, with the worker beside it if asked, until a signal comes."""
    settings = read()
    if workers > 1:
        if with_worker:
            raise SettingError("--with-worker: goes with one serving process only")
        build(settings).close()
        serve_many(settings, workers)
        return
    serve_system(build(settings), with_worker=with_worker)


def serve_system(system: System, *, with_worker: bool) -> None:
    """Serve one system until a signal comes."""
    settings = system.settings
    worker = Worker(system) if with_worker else None

    def ready() -> None:
        click.echo(f"redress: serving on http://{settings.host}:{settings.port}")

    if worker is not None:
        worker.start()
    try:
        serve(system, ready)
    finally:
        if worker is not None:
            worker.stop()


def run_worker() -> None:
    """Work until a signal comes."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    system = build(read())
    worker = Worker(system)
    worker.start()
    click.echo("redress: working")
    stop.wait()
    worker.stop()
    system.close()
