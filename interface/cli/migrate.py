"""`redress migrate`."""

from __future__ import annotations

import click

from interface import bootstrap
from interface.settings.settings import read


@click.command()
def migrate() -> None:
    """Bring the database forward to what this code needs. Safe to repeat."""
    for line in bootstrap.migrate(read()) or ("nothing to do",):
        click.echo(line)
