"""`redress keys list`, `rotate` and `remove`."""

from __future__ import annotations

import click
import msgspec
from rich.table import Table

from application.privacy.destruction import (
    complete,
    remove_key,
    replace_bucket_keys,
)
from application.privacy.key_changes import uses, wraps
from interface.bootstrap import build
from interface.cli.progress_bars import bars
from interface.cli.table_output import print_table
from interface.settings.settings import read


@click.group()
def keys() -> None:
    """Work with the bucket keys, which wrap the keys of data subjects."""


@keys.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def list_(*, as_json: bool) -> None:
    """List the bucket keys, and how many data keys they wrap.

    Keys that no bucket wraps by are listed by their names: they are left from an
    interrupted rotation, or missing.
    """
    system = build(read())
    found = uses(system.keys.database, system.keys.master)
    system.close()
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    table = Table("bucket key", "wraps", "")
    for one in found:
        state = "current" if one.current else "" if one.wraps else "can be removed"
        table.add_row(one.name, str(one.wraps), state if one.present else "MISSING")
    print_table(table)


@keys.command()
def rotate() -> None:
    """Give every bucket a new key, and wrap all data keys by those.

    The earlier bucket keys are removed from the key file, and overwritten. Interrupted,
    it is begun again.
    """
    system = build(read())
    try:
        complete(system.keys)
        total = sum(wraps(system.keys.database).values())
        with bars() as progress:
            bar = progress.add_task("wrap data keys again", total=total)
            names = replace_bucket_keys(
                system.keys, progress=lambda done: progress.advance(bar, done)
            )
    finally:
        system.close()
    click.echo(f"{len(names)} buckets have new keys; the earlier ones are gone")
    click.echo(f"{total} data keys are wrapped by them now")


@keys.command()
@click.argument("name")
def remove(name: str) -> None:
    """Remove the key NAME from the key file, if it wraps nothing any more."""
    system = build(read())
    try:
        remove_key(system.keys, name)
    finally:
        system.close()
    click.echo(f"key {name} is gone")
