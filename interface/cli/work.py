"""`redress work`."""

from __future__ import annotations

import signal
import threading

import click

from interface.bootstrap import build
from interface.run.worker import Worker
from interface.settings.settings import read


@click.command()
def work() -> None:
    """Run the worker: sequencer, views, agenda."""
    stop = threading.Event()
    # Before anything is built: that takes a second, and a signal may come in it.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    system = build(read())
    worker = Worker(system)
    worker.start()
    click.echo("redress: working")
    stop.wait()
    worker.stop()
    system.close()
