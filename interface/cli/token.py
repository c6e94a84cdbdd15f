"""`redress token`."""

from __future__ import annotations

from datetime import timedelta

import click

from domain.roles import Role
from interface.callers.caller import (
    CLIENTS,
    DEFAULT_PLATFORM,
    OVERSEERS,
    Caller,
    is_name,
)
from interface.callers.development_key import DevelopmentKey
from interface.settings.settings import SettingError, read
from interface.settings.writable_folder import check_folder

SECONDS_A_DAY = 86_400


@click.command()
@click.option("--role", required=True, help="buyer, seller, mediator, supervisor …")
@click.option("--subject", required=True, help="The id of whom it is for.")
@click.option(
    "--platform",
    help="Whose cases; without it those of shop, or of every platform for an auditor,"
    " regulator or analyst.",
)
@click.option("--days", default=1, show_default=True, help="How long it is valid.")
def token(role: str, subject: str, platform: str | None, days: int) -> None:
    """Mint a bearer token with the development key."""
    settings = read()
    if not settings.is_development:
        raise SettingError("REDRESS_MODE: there is no development key in production")
    if role not in CLIENTS:
        raise SettingError(f"--role: {role!r} is none of {', '.join(sorted(CLIENTS))}")
    if not 1 <= days <= settings.callers.token_lifetime / SECONDS_A_DAY:
        most = f"REDRESS_TOKEN_LIFETIME is {settings.callers.token_lifetime} seconds"
        raise SettingError(f"--days: {days} is too few or too many: {most}")
    if not settings.callers.takes_development_key:
        named = "REDRESS_ISSUERS" if settings.callers.issuers else "REDRESS_JWKS"
        raise SettingError(
            f"{named}: is set, so that no token of the development key is taken"
        )
    for option, name in (("subject", subject), ("platform", platform)):
        if name is not None and not is_name(name):
            raise SettingError(f"--{option}: {name!r} is not 1-128 visible characters")
    if platform is None and role not in OVERSEERS:
        platform = DEFAULT_PLATFORM
    caller = Caller(subject=subject, role=Role(role), platform=platform or None)
    check_folder("REDRESS_HOME", settings.home)
    click.echo(DevelopmentKey(settings.home).token(caller, timedelta(days=days)))
