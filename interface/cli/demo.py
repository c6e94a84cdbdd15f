"""`redress demo`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from domain.roles import Role
from interface.bootstrap import System, build, migrate
from interface.callers.caller import OVERSEERS, Caller
from interface.callers.development_key import DevelopmentKey
from interface.cli.progress_bars import on_stderr
from interface.cli.serve import serve_system
from interface.demo.cast import PLATFORM, cast
from interface.demo.player import DAYS, SEED, Clock, Player, case_id, with_clock
from interface.run.listen_address import url_of
from interface.settings import SettingError, Settings, read

PEOPLE = {
    Role.BUYER: "b-001",
    Role.SELLER: "s-01",
    Role.MEDIATOR: "m-1",
    Role.SUPERVISOR: "v-1",
    Role.PLATFORM: "order-page",
    Role.AUDITOR: "a-1",
    Role.REGULATOR: "r-1",
    Role.ANALYST: "n-1",
}


@click.command()
@click.option("--cases", default=200, show_default=True, help="How many to play.")
@click.option("--serve/--no-serve", default=True, help="Serve them afterwards.")
def demo(*, cases: int, serve: bool) -> None:
    """Play sample cases in every phase, then serve them."""
    settings = read()
    if not settings.is_development:
        raise SettingError("REDRESS_MODE: sample cases are for development only")
    migrate(settings)
    system = build(settings)
    if _played(system):
        click.echo("The sample cases are there already.")
    else:
        _play(settings, cases)
    for line in welcome(settings):
        click.echo(line)
    if serve:
        serve_system(system, with_worker=True)
    else:
        system.close()


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


def welcome(settings: Settings) -> list[str]:
    """Return the addresses, a token for each role, and three things to try."""
    home = url_of(settings)
    key = DevelopmentKey(settings.home)
    lifetime = timedelta(seconds=settings.callers.token_lifetime)
    tokens = {
        role: key.token(_caller(role, subject), lifetime)
        for role, subject in PEOPLE.items()
    }
    month = datetime.now(UTC).strftime("%Y-%m")
    return [
        "",
        f"API          {home}/v1",
        f"Documents    {home}/schema",
        f"Health       {home}/health/ready",
        "",
        f"A token for each role, valid for {lifetime / timedelta(hours=1):g} hours:",
        *(
            f"  export {role.upper()}={tokens[role]}   # {subject}"
            for role, subject in PEOPLE.items()
        ),
        "",
        "Try:",
        "1. The mediators' queue, the most urgent first:",
        _curl(f"{home}/v1/queue?waiting_on=platform", Role.MEDIATOR),
        "2. The rulings, as a regulator finds them:",
        _curl(f"{home}/v1/audit/search?type=ruled", Role.REGULATOR)
        + ' -H "Purpose: a look at the demo"',
        "3. The figures of this month, as CSV:",
        _curl(f"{home}/v1/transparency/reports/{month}", Role.ANALYST)
        + ' -H "Accept: text/csv"',
        "",
    ]


def _caller(role: Role, subject: str) -> Caller:
    platform = None if role in OVERSEERS else PLATFORM
    return Caller(subject=subject, role=role, platform=platform)


def _curl(url: str, role: Role) -> str:
    return f'   curl -s "{url}" -H "Authorization: Bearer ${role.upper()}"'
