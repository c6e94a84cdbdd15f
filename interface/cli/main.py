"""`redress`: every command, what it takes, and how it ends."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Any

import click

from interface.cli import cases, log, upkeep


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--verbose", is_flag=True, help="Log what goes on.")
@click.version_option(package_name="redress")
def redress(*, verbose: bool) -> None:
    """Event-sourced backend for e-commerce disputes.

    Settings come from the environment: DATABASE_URL and REDRESS_*; see the README.
    """
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )


@redress.command()
@click.option("--with-worker", is_flag=True, help="Run the worker in this process too.")
@click.option("--workers", default=1, show_default=True, help="Processes that serve.")
def serve(*, with_worker: bool, workers: int) -> None:
    """Serve the API."""
    from interface.cli.serve import run_server

    run_server(with_worker=with_worker, workers=workers)


@redress.command()
def work() -> None:
    """Run the worker: sequencer, views, agenda."""
    from interface.cli.serve import run_worker

    run_worker()


@redress.command()
@click.option("--cases", default=200, show_default=True, help="How many to play.")
@click.option("--serve/--no-serve", default=True, help="Serve them afterwards.")
def demo(*, cases: int, serve: bool) -> None:
    """Play sample cases in every phase, then serve them."""
    from interface.cli.demo import run_demo

    run_demo(cases, serve=serve)


@redress.command()
@click.argument("view", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def rebuild(view: str | None, *, as_json: bool) -> None:
    """Rebuild one read model, or all, from the first event on."""
    from interface.cli.doctor import run_rebuild

    run_rebuild(view, as_json=as_json)


@redress.command()
@click.argument("period")
@click.option("--by", default="none", show_default=True, help="month, category …")
@click.option("--zone", help="Where months begin [default: where the cases are].")
@click.option("--category", help="Only cases of this category.")
@click.option("--source", help="Only what was imported from this system.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the report as CSV.")
def report(period: str, **options: Any) -> None:
    """Print the transparency figures of PERIOD: 2026, 2026-Q1, 2026-03 or all."""
    from interface.cli.replay import run_report

    run_report(period, **options)


@redress.group()
def keys() -> None:
    """Work with the master keys, which wrap the keys of data subjects."""


@keys.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def list_(*, as_json: bool) -> None:
    """List the master keys, and how many data keys each wraps."""
    from interface.cli.keys import run_list

    run_list(as_json=as_json)


@keys.command()
def rotate() -> None:
    """Make a new master key and wrap all data keys by it. Goes on if interrupted."""
    from interface.cli.keys import run_rotate

    run_rotate()


@keys.command()
@click.argument("name")
def remove(name: str) -> None:
    """Remove master key NAME, if it wraps nothing any more."""
    from interface.cli.keys import run_remove

    run_remove(name)


@redress.group()
def policy() -> None:
    """Work with policy profiles."""


@policy.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def check(file: Path, *, as_json: bool) -> None:
    """Check a policy profile: name every mistake in FILE, or say what it sets."""
    from interface.cli.policy import run_check

    run_check(file, as_json=as_json)


for command in (*log.COMMANDS, *cases.COMMANDS, *upkeep.COMMANDS):
    redress.add_command(command)


def main() -> None:
    """Run a command; an expected error is one line, and exit status 1."""
    try:
        redress()
    except Exception as error:
        if not _is_expected(error):
            raise
        click.echo(f"redress: {' '.join(str(error).split())}", err=True)
        sys.exit(1)


def _is_expected(error: Exception) -> bool:
    """Tell what is wrong around the program from a fault of the program."""
    import psycopg
    from eventsourcing.persistence import PersistenceError

    from application.operator_error import Explained

    outside = (Explained, OSError, psycopg.OperationalError, PersistenceError)
    return isinstance(error, outside)
