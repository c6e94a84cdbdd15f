"""`redress api-key`: keys by which programs call, made by the operator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import click
import msgspec
from rich.table import Column, Table

from application.access import api_keys
from application.access.api_keys import ApiKey
from domain.refusals import Refusal
from domain.roles import Role
from interface.api.api_key_terms import MOST_SCOPES
from interface.api.key_scopes import KEY_ROLES, unknown_scopes
from interface.api.responses.api_key_answers import shown
from interface.bootstrap import System, build
from interface.callers.api_key_text import id_in, is_key_id, new_text
from interface.callers.caller import OVERSEERS
from interface.cli.revoke import MOST_REASON, name_of_option, operator
from interface.cli.table_output import print_table
from interface.settings.installed import installed
from interface.settings.settings import SettingError, Settings, read

MOST_NAME = 100


@click.group("api-key")
def api_key() -> None:
    """Make, list and revoke the keys by which programs call."""


@api_key.command()
@click.option("--name", required=True, help="What the key is for, for the list.")
@click.option("--role", required=True, help="platform, analyst, auditor, regulator …")
@click.option("--subject", required=True, help="As whom the program acts.")
@click.option("--platform", help="Whose cases; none for an overseer of all.")
@click.option("--days", default=90, show_default=True, help="How long it is valid.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="SCOPE",
    help='What it is for: an operationId, or "GET /v1/disputes" [default: all].',
)
def create(
    *,
    name: str,
    role: str,
    subject: str,
    platform: str | None,
    days: int,
    scopes: tuple[str, ...],
) -> None:
    """Make a key, and print it: it is shown this once."""
    settings = read()
    _check(name, role, platform, days, settings)
    _check_scopes(scopes, settings)
    text, now = new_text(), datetime.now(UTC)
    with _system(settings) as system:
        key = ApiKey(
            number=0,
            key_id=id_in(text),
            digest=system.api_keys.digest(text),
            name=name,
            role=Role(role),
            platform=name_of_option("platform", platform),
            subject=name_of_option("subject", subject) or "",
            scopes=scopes or None,
            created_by=operator(),
            creator_role=None,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        with system.database.get_connection() as connection:
            try:
                api_keys.create(connection, key)
            except Refusal as refusal:
                raise SettingError(f"api-key: {refusal}") from None
    click.echo(text)


@api_key.command("list")
@click.option("--json", "as_json", is_flag=True, help="List them as JSON lines.")
def list_(*, as_json: bool) -> None:
    """List all keys, the latest first, without their secrets."""
    with (
        _system(installed(read())) as system,
        system.database.get_connection() as connection,
    ):
        before = None
        found: list[ApiKey] = []
        while rows := api_keys.listed(connection, None, tuple(Role), 1_000, before):
            found += rows
            before = rows[-1].number
    if as_json:
        for one in found:
            click.echo(msgspec.json.encode(shown(one)))
        return
    _print(found)


@api_key.command()
@click.argument("key_id")
@click.option("--reason", default="", help="Why, for the list.")
def revoke(*, key_id: str, reason: str) -> None:
    """Refuse the key KEY_ID from the next second on, for good."""
    if len(reason) > MOST_REASON or not (reason + "-").isprintable():
        raise SettingError(f"--reason: takes up to {MOST_REASON} visible characters")
    with (
        _system(installed(read())) as system,
        system.database.get_connection() as connection,
    ):
        if not is_key_id(key_id) or api_keys.found(connection, key_id) is None:
            raise SettingError("KEY_ID: there is no such key; see redress api-key list")
        by, now = (operator(), None), datetime.now(UTC)
        api_keys.revoke(connection, key_id, reason, by, now)
    click.echo(f"revoked: API key {key_id}")


@contextmanager
def _system(settings: Settings) -> Iterator[System]:
    system = build(settings)
    try:
        yield system
    finally:
        system.close()


def _check(
    name: str, role: str, platform: str | None, days: int, settings: Settings
) -> None:
    if not 1 <= len(name.strip()) <= MOST_NAME or not name.isprintable():
        raise SettingError(f"--name: has to have 1-{MOST_NAME} visible characters")
    if role not in KEY_ROLES:
        known = ", ".join(sorted(KEY_ROLES))
        raise SettingError(f"--role: {role!r} is none of {known}")
    if platform is None and role not in OVERSEERS:
        raise SettingError(f"--platform: a key of the role {role} is of one platform")
    most = settings.callers.api_key_days
    if not 1 <= days <= most:
        raise SettingError(f"--days: REDRESS_API_KEY_DAYS allows 1 to {most}")


def _check_scopes(scopes: tuple[str, ...], settings: Settings) -> None:
    # Here, because the routes take a second to import and to put together.
    from interface.api.app import make_app  # noqa: PLC0415

    if len(scopes) > MOST_SCOPES:
        raise SettingError(f"--scope: takes {MOST_SCOPES} at most")
    app = make_app(is_development=settings.is_development)
    for place in unknown_scopes(app, scopes):
        raise SettingError(f"--scope: {scopes[place]!r} is no operation of the API")


def _print(found: Sequence[ApiKey]) -> None:
    # What is typed again is never broken, however narrow the terminal is.
    whole = Column("id", no_wrap=True)
    table = Table(whole, "name", "for", "scopes", "expires", "last used", "state")
    now = datetime.now(UTC)
    for one in found:
        whose = f"{one.platform or '-'}/{one.role}/{one.subject}"
        state = "expired" if one.expires_at <= now else "holds"
        if one.revoked_at is not None:
            state = f"revoked by {one.revoked_by}"
        scopes = "all" if one.scopes is None else "\n".join(one.scopes)
        used = "-" if one.used_at is None else _moment(one.used_at)
        ends = _moment(one.expires_at)
        table.add_row(one.key_id, one.name, whose, scopes, ends, used, state)
    print_table(table)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
