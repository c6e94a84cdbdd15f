"""`redress demo`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from interface.bootstrap import System, build, migrate
from interface.cli.progress_bars import on_stderr
from interface.cli.serve import serve_system
from interface.demo.cast import cast
from interface.demo.player import DAYS, SEED, Clock, Player, case_id, with_clock
from interface.demo.welcome import welcome, write_tokens
from interface.settings.settings import SettingError, Settings, read


@click.command()
@click.option("--cases", default=200, show_default=True, help="How many to play.")
@click.option("--serve/--no-serve", default=True, help="Serve them afterwards.")
def demo(*, cases: int, serve: bool) -> None:
    """Play sample cases in every phase, then serve them."""
    settings = read()
    if not settings.is_development:
        raise SettingError("REDRESS_MODE: sample cases are for development only")
    where = settings.home / "db" if settings.database_url is None else "DATABASE_URL"
    _step(1, f"Start PostgreSQL in {where}: some seconds, the first time")
    migrate(settings)
    system = build(settings)
    if _played(system):
        _step(2, "Play sample cases: they are there already")
    else:
        _step(2, f"Play {cases} cases of {DAYS} days: half a minute for 200")
        _play(settings, cases)
    _step(
        3, "Serve them" if serve else "Done: `redress serve --with-worker` serves them"
    )
    for line in welcome(settings, write_tokens(settings)):
        click.echo(line)
    if serve:
        click.echo("Ctrl-C ends it; `make run` serves what is there again.")
        serve_system(system, with_worker=True)
    else:
        system.close()


def _step(number: int, words: str) -> None:
    # On the error stream, where the progress bar is: what is kept of the output is
    # what to do with it.
    click.echo(f"[{number}/3] {words}", err=True)


def _played(system: System) -> bool:
    first = cast(0, SEED, system.rulebooks.codes)
    return bool(system.disputes.find(case_id(first)).events)


def _play(settings: Settings, cases: int) -> None:
    until = datetime.now(UTC)
    # A system of its own: the one that serves afterwards keeps the real clock.
    system = build(settings)
    clock = Clock(until - timedelta(days=DAYS + 1))
    player = Player(with_clock(system, clock), clock)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=on_stderr()) as progress:
        bar = progress.add_task("play sample cases", total=cases)
        player.play(cases, until, lambda done: progress.update(bar, completed=done))
        progress.update(bar, completed=cases)
    system.close()
