"""`redress statement-key`."""

from __future__ import annotations

import click

from application.log.sign import key_file, statement_keys
from interface.clock import system_clock
from interface.settings.settings import Settings, read
from interface.startup_checks import warn_of_open_file


@click.command(name="statement-key")
@click.option("--new-key", is_flag=True, help="Make the key file if there is none.")
@click.option("--renew", is_flag=True, help="Sign with a new key from now on.")
def statement_key(*, new_key: bool, renew: bool) -> None:
    """Print the keys with which the application signs each event.

    The private key lies in REDRESS_STATEMENT_KEY, which every process that appends
    events reads when it starts. The log's key has to endorse what is printed here:
    `redress sign --endorse`.
    """
    settings = read(serves=False)
    path = settings.log.statement_key
    if new_key:
        statement_keys.read_or_make(path, settings.log.origin, system_clock())
    if renew:
        file = statement_keys.renewed(statement_keys.read(path), system_clock())
        key_file.write(path, file)
        click.echo(
            "redress: have the new key endorsed, then start every process again that"
            " appends events",
            err=True,
        )
    _show(settings)


def _show(settings: Settings) -> None:
    path = settings.log.statement_key
    file = statement_keys.read(path)
    warn_of_open_file("REDRESS_STATEMENT_KEY", path)
    for key in file.keys:
        state = "signs" if key.seed else "retired"
        click.echo(f"{state:7} {file.verifier(key).vkey}")
