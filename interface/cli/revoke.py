"""`redress revoke`."""

from __future__ import annotations

import getpass
import os
from datetime import UTC, datetime, timedelta

import click
import msgspec
from rich.table import Table

from application.access.revocations import (
    Revocation,
    revocations,
    revoke_subject,
    revoke_token,
)
from application.record.database import connected
from application.record.schema import migrations
from application.record.schema.migrations import STORE
from domain.names import BadName
from interface.callers.caller import name_in_one_form
from interface.callers.claims import MOST_ID
from interface.cli.table_output import print_table
from interface.settings.database_urls import database_url
from interface.settings.installed import installed
from interface.settings.settings import SettingError, read

MOST_REASON = 200


@click.command()
@click.option("--jti", help="The id of one token.")
@click.option("--subject", help="Whose tokens: all that were issued until now.")
@click.option("--platform", help="The subject's platform; none for an overseer of all.")
@click.option("--reason", default="", help="Why, for the list.")
@click.option("--list", "show", is_flag=True, help="List what is revoked.")
@click.option("--json", "as_json", is_flag=True, help="List it as JSON lines.")
def revoke(
    *,
    jti: str | None,
    subject: str | None,
    platform: str | None,
    reason: str,
    show: bool,
    as_json: bool,
) -> None:
    """Refuse a token, or all tokens of SUBJECT, from the next second on."""
    if (jti is not None) + (subject is not None) + show != 1:
        raise SettingError("revoke: takes one of --jti, --subject and --list")
    _check(jti, subject, platform, reason)
    subject = name_of_option("subject", subject)
    platform = name_of_option("platform", platform)
    settings = read(serves=False)
    url = database_url(installed(settings))
    migrations.check(url, STORE)
    with connected(url) as connection:
        if show:
            # Older ones concern tokens that have expired.
            since = datetime.now(UTC) - timedelta(
                seconds=settings.callers.token_lifetime
            )
            _show(revocations(connection, since), as_json=as_json)
            return
        now, who = datetime.now(UTC), operator()
        if subject is not None:
            revoke_subject(connection, platform, subject, reason, who, now)
        elif jti is not None:
            revoke_token(connection, jti, reason, who, now)
    click.echo(f"revoked: {_what(jti, platform, subject)}")


def _check(
    jti: str | None, subject: str | None, platform: str | None, reason: str
) -> None:
    if platform is not None and subject is None:
        raise SettingError("--platform: goes with --subject")
    if jti is not None and not 1 <= len(jti) <= MOST_ID:
        raise SettingError(f"--jti: has to have 1-{MOST_ID} characters")
    if len(reason) > MOST_REASON or not (reason + "-").isprintable():
        raise SettingError(f"--reason: takes up to {MOST_REASON} visible characters")


def name_of_option(option: str, text: str | None) -> str | None:
    """Return a name in the form that callers have it in. Raises SettingError."""
    try:
        return None if text is None else name_in_one_form(text)
    except BadName as error:
        raise SettingError(f"--{option}: {text!r} {error}") from None


def operator() -> str:
    """Return who works at this command line."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container may run as a number that no account has.
        return str(os.getuid())


def _show(found: tuple[Revocation, ...], *, as_json: bool) -> None:
    if as_json:
        for one in found:
            click.echo(msgspec.json.encode(one))
        return
    table = Table("revoked", "what", "by", "reason")
    for one in found:
        at = f"{one.revoked_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        what = _what(one.jti, one.platform, one.subject)
        table.add_row(at, what, one.revoked_by, one.reason)
    print_table(table)


def _what(jti: str | None, platform: str | None, subject: str | None) -> str:
    if jti is not None:
        return f"token {jti}"
    return f"tokens of {subject}, {platform or 'no platform'}, issued until then"
