"""`redress demo`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from threading import Thread
from uuid import UUID

import click
from msgspec.structs import replace
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from application.cases.case import Case
from domain.case.outcome import Outcome
from interface.bootstrap import System, build, migrate
from interface.cli.progress_bars import on_stderr
from interface.cli.serve import serve_system
from interface.demo.cast import cast
from interface.demo.filing_times import FilingTimes
from interface.demo.first_look import first_look
from interface.demo.player import (
    SEED,
    Between,
    Clock,
    Player,
    case_id,
    with_clock,
)
from interface.demo.published_figures import (
    first_published,
    publish_figures,
    publish_first,
)
from interface.demo.welcome import welcome, write_tokens
from interface.demo.witness_pair import witnessed
from interface.run.listen_address import resolved
from interface.settings.settings import SettingError, Settings, read


@click.command()
@click.option("--cases", default=200, show_default=True, help="How many to play.")
@click.option("--serve/--no-serve", default=True, help="Serve them afterwards.")
def demo(*, cases: int, serve: bool) -> None:
    """Play sample cases in every phase, then serve them."""
    settings = read()
    if not settings.is_development:
        raise SettingError("REDRESS_MODE: sample cases are for development only")
    if serve:
        # Before anything is played: who cannot listen here need not wait for it.
        resolved(settings, "REDRESS_PORT")
    where = settings.home / "db" if settings.database_url is None else "DATABASE_URL"
    _step(1, f"Start PostgreSQL in {where}: some seconds, the first time")
    migrate(settings)
    system = build(settings)
    there = _played(system, cases)
    if there == cases:
        _step(2, "Play sample cases: they are there already")
    elif there:
        _step(2, f"Play sample cases: {there} of {cases} are there already")
        said = "A run was interrupted, or played fewer. To play all of them, empty"
        click.echo(f"      {said} {where} and start again.", err=True)
    else:
        _step(2, f"Play {cases} cases of half a year: a minute for 200")
        _play(settings, cases)
    _step(
        3, "Serve them" if serve else "Done: `redress serve --with-worker` serves them"
    )
    ruled = _ruled(system, cases)
    for line in welcome(settings, write_tokens(settings), ruled):
        click.echo(line)
    if serve:
        click.echo("Ctrl-C ends it; `make run` serves what is there again.")
        looking = Thread(target=_look, args=(settings, ruled), daemon=True)
        with witnessed(settings) as told:
            served = replace(system, settings=told)
            serve_system(served, with_worker=True, is_ready=looking.start)
    else:
        system.close()


def _look(settings: Settings, ruled: UUID | None) -> None:
    for line in first_look(settings, ruled):
        click.echo(line)


def _step(number: int, words: str) -> None:
    # On the error stream, where the progress bar is: what is kept of the output is
    # what to do with it.
    click.echo(f"[{number}/3] {words}", err=True)


def _played(system: System, cases: int) -> int:
    return sum(bool(one.events) for one in _sample_cases(system, cases))


def _ruled(system: System, cases: int) -> UUID | None:
    """Return a case that was ruled on and performed, to be looked at."""
    ruled = (
        one.case
        for one in _sample_cases(system, cases)
        if one.dispute.outcome is Outcome.RULED
    )
    return next(ruled, None)


def _sample_cases(system: System, cases: int) -> Iterator[Case]:
    for number in range(cases):
        case = cast(number, SEED, system.rulebooks.codes)
        yield system.disputes.find(case_id(case))


def _play(settings: Settings, cases: int) -> None:
    until = datetime.now(UTC)
    # A system of its own: the one that serves afterwards keeps the real clock.
    system = build(settings)
    clock = Clock(FilingTimes(until, system.zone).begin)
    told = with_clock(system, clock)
    player = Player(told, clock)
    first = Between(
        first_published(until, system.zone), partial(publish_first, told, until)
    )
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=on_stderr()) as progress:
        bar = progress.add_task("play sample cases", total=cases)
        player.play(
            cases, until, lambda done: progress.update(bar, completed=done), first
        )
        progress.update(bar, completed=cases)
    publish_figures(system, until)
    system.close()
