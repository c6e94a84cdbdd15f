"""`redress token`."""

from __future__ import annotations

from datetime import timedelta

import click

from domain.roles import Role
from interface.callers import (
    DEFAULT_PLATFORM,
    OVERSEERS,
    Caller,
    DevelopmentKey,
    is_name,
)
from interface.settings import SettingError, read
from interface.writable_folder import check_folder

MOST_DAYS = 3_650


@click.command()
@click.option("--role", required=True, help="buyer, seller, mediator, supervisor …")
@click.option("--subject", required=True, help="The id of whom it is for.")
@click.option(
    "--platform",
    help="Whose cases [default: shop; all, for auditor, regulator, analyst].",
)
@click.option("--days", default=30, show_default=True, help="How long it is valid.")
def token(role: str, subject: str, platform: str | None, days: int) -> None:
    """Mint a bearer token with the development key."""
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
