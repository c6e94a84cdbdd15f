"""`redress serve`."""

from __future__ import annotations

from collections.abc import Callable

import click

from interface.bootstrap import System, build
from interface.run import server
from interface.run.listen_address import url_of
from interface.run.worker import Worker
from interface.settings.settings import SettingError, read


@click.command()
@click.option("--with-worker", is_flag=True, help="Run the worker in this process too.")
@click.option("--workers", default=1, show_default=True, help="Processes that serve.")
def serve(*, with_worker: bool, workers: int) -> None:
    """Serve the API."""
    settings = read()
    if workers > 1:
        if with_worker:
            raise SettingError("--with-worker: goes with one serving process only")
        # Built once here, so that an error is printed once and not by each process.
        build(settings).close()
        server.serve_many(settings, workers)
        return
    serve_system(build(settings), with_worker=with_worker)


def serve_system(
    system: System,
    *,
    with_worker: bool,
    is_ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve one system until a signal comes; `is_ready` is called once it answers."""
    settings = system.settings
    worker = Worker(system) if with_worker else None

    def ready() -> None:
        click.echo(f"redress: serving on {url_of(settings)}")
        is_ready()

    try:
        if worker is not None:
            worker.start()
        # The worker ends before the connections are closed that it works with.
        server.serve(system, ready, worker.stop if worker else lambda: None)
    finally:
        if worker is not None:
            worker.stop()
