"""`redress rebuild`, `token`, `migrate` and `doctor`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import timedelta

import click
import msgspec
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from application.log.fsck.access_chain import check_access
from application.log.fsck.finding import Differs
from application.privacy.erasure_requests import Erasures
from domain.roles import Role
from interface.bootstrap import System, build, database_url, migrate
from interface.callers import (
    DEFAULT_PLATFORM,
    OVERSEERS,
    Caller,
    DevelopmentKey,
    is_name,
)
from interface.health import Health, health
from interface.settings import SettingError, Settings, read
from interface.startup_checks import check_folder
from projections.rebuild import Sum, rebuild
from projections.registry import VIEWS, named

MOST_DAYS = 3_650


def run_rebuild(name: str | None, *, as_json: bool) -> None:
    """Rebuild views one after the other."""
    settings = read()
    url = database_url(settings)
    try:
        views = [named(name)] if name else list(VIEWS)
    except KeyError:
        known = ", ".join(view.name for view in VIEWS)
        raise SettingError(f"there is no view {name!r}; there are {known}") from None
    done: dict[str, Sum] = {}
    with bars() as progress:
        for view in views:
            bar = progress.add_task(f"rebuild {view.name}", total=None)

            def show(passed: int, total: int, task: int = bar) -> None:
                progress.update(task, completed=passed, total=total)  # type: ignore[arg-type]

            done[view.name] = rebuild(url, view, show)
    for view_name, held in done.items():
        if as_json:
            click.echo(msgspec.json.encode({"view": view_name, "rows": held.rows}))
        else:
            click.echo(f"{view_name}: {held}, swapped in")


def bars() -> Progress:
    """Return progress bars on stderr, with a rate to go by."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=on_stderr(),
    )


def on_stderr() -> Console:
    """Return a console that leaves stdout to results."""
    return Console(stderr=True)


def run_token(role: str, subject: str, platform: str | None, days: int) -> None:
    """Print a token; overseers see all platforms unless one is named."""
    settings = read()
    if not settings.is_development:
        raise SettingError("REDRESS_MODE: there is no development key in production")
    roles = {one.value for one in Role} - {Role.CLOCK.value}
    if role not in roles:
        raise SettingError(f"--role: {role!r} is none of {', '.join(sorted(roles))}")
    if not 1 <= days <= MOST_DAYS:
        raise SettingError(f"--days: {days} is not a number from 1 to {MOST_DAYS}")
    for option, name in (("subject", subject), ("platform", platform)):
        if name is not None and not is_name(name):
            raise SettingError(f"--{option}: {name!r} is not 1-128 visible characters")
    if platform is None and role not in OVERSEERS:
        platform = DEFAULT_PLATFORM
    caller = Caller(subject=subject, role=Role(role), platform=platform or None)
    check_folder("REDRESS_HOME", settings.home)
    click.echo(DevelopmentKey(settings.home).token(caller, timedelta(days=days)))


def run_migrate() -> None:
    """Bring the database forward and say what was done."""
    for line in migrate(read()) or ("nothing to do",):
        click.echo(line)


def run_doctor(*, as_json: bool) -> None:
    """Go through all that has to be right; exit 1 if anything is not."""
    findings = list(examined(read()))
    if as_json:
        click.echo(msgspec.json.encode(dict(findings)))
    else:
        for name, found in findings:
            click.echo(f"{'ok  ' if found == OK else 'BAD '} {name}: {found}")
    if any(found != OK for _, found in findings):
        sys.exit(1)


OK = "ok"


def examined(settings: Settings) -> Iterator[tuple[str, str]]:
    """Return what is looked at, and what is wrong with it or OK."""
    system = None

    def wiring() -> str:
        nonlocal system
        system = build(settings)
        return OK

    yield "settings, keys, database, schema", _checked(wiring)
    if system is None:
        return
    found = health(system)
    yield from _of_health(found)
    yield "access log", _checked(lambda: _access_log(system))
    approved = len(Erasures(system.database).approved())
    undone = f"{approved} approved erasures have still to be carried out"
    yield "erasures", undone if approved else OK
    system.close()


def _of_health(found: Health) -> Iterator[tuple[str, str]]:
    """Sort what health found by where it is; then what it says besides."""
    left = list(found.wrong)

    def said(beginning: str) -> str:
        lines = [line for line in left if line.startswith(beginning)]
        left[:] = [line for line in left if line not in lines]
        return "; ".join(lines) or OK

    for view in found.views:
        yield f"view {view.name}", said(f"{view.name} ")
    waiting = f"{found.unordered} events wait for the sequencer"
    ordered = said(f"{found.unordered} events have no position")
    yield "sequencer", waiting if found.unordered else ordered
    idle = f"{found.overdue} are due for over a minute, and it does not act"
    said("the worker does not act")
    yield "worker", idle if found.overdue else OK
    for part in found.log.parts:
        of_part = said(f"{part.part}: ")
        yield f"log, {part.part}", of_part if part.problem is None else part.problem
    yield "log", "; ".join(left) or OK


def _access_log(system: System) -> str:
    try:
        with system.database.get_connection() as connection:
            check_access(connection)
    except Differs as found:
        return found.finding.said
    return OK


def _checked(check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - whatever is wrong is the finding
        return " ".join(str(error).split())
