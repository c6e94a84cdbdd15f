"""`redress keys list`, `rotate` and `remove`."""

from __future__ import annotations

import time

import click
import msgspec
from rich.console import Console
from rich.table import Table

from application.privacy import master_key
from application.privacy.data_keys import FRESH_SECONDS
from application.privacy.key_changes import announce, rewrap, uses
from interface.bootstrap import System, build
from interface.cli.progress_bars import bars
from interface.settings import SettingError, read

SETTLE_SECONDS = 2.5 * FRESH_SECONDS
"""After this time no process wraps anything by the earlier master key any more: each
looks for changes every FRESH_SECONDS, and may just have begun to wrap a key."""


@click.group()
def keys() -> None:
    """Work with the master keys, which wrap the keys of data subjects."""


@keys.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def list_(*, as_json: bool) -> None:
    """List the master keys, and how many data keys each wraps."""
    system = build(read())
    found = uses(system.keys.database, system.keys.master)
    system.close()
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    table = Table("master key", "wraps", "")
    for one in found:
        state = "current" if one.current else "" if one.wraps else "can be removed"
        table.add_row(one.name, str(one.wraps), state if one.present else "MISSING")
    Console().print(table)


@keys.command()
def rotate() -> None:
    """Make a new master key and wrap all data keys by it. Goes on if interrupted."""
    system = build(read())
    path, master = system.settings.master_key, system.keys.master
    left = _left(system, master)
    # An interrupted rotation is finished; otherwise each try would add another key.
    if left and len(master.keys) > 1:
        click.echo(f"going on with master key {master.current}")
    else:
        master = master_key.rotated(path, master)
        click.echo(f"master key {master.current} is the current one")
    # Announced and waited for before wrapping: a process that still wraps by the old
    # key would leave behind a data key that `remove` then loses.
    announce(system.keys.database)
    time.sleep(SETTLE_SECONDS)
    _rewrap(system, master)
    system.close()
    for name in master.keys:
        if name != master.current:
            click.echo(f"master key {name} wraps nothing: redress keys remove {name}")


@keys.command()
@click.argument("name")
def remove(name: str) -> None:
    """Remove master key NAME, if it wraps nothing any more."""
    system = build(read())
    master = system.keys.master
    found = {one.name: one for one in uses(system.keys.database, master)}
    if name not in master.keys:
        raise SettingError(f"there is no master key {name!r}")
    if name == master.current:
        raise SettingError(f"master key {name} is the current one")
    if found[name].wraps:
        raise SettingError(
            f"master key {name} still wraps {found[name].wraps} data keys:"
            " redress keys rotate"
        )
    master_key.without(system.settings.master_key, master, name)
    announce(system.keys.database)
    system.close()
    click.echo(f"master key {name} is gone")


def _left(system: System, master: master_key.MasterKeys) -> int:
    found = uses(system.keys.database, master)
    return sum(one.wraps for one in found if not one.current)


def _rewrap(system: System, master: master_key.MasterKeys) -> None:
    total = _left(system, master)
    with bars() as progress:
        bar = progress.add_task("wrap data keys again", total=total)
        while done := rewrap(system.keys.database, master):
            progress.advance(bar, done)
    click.echo(f"{total} data keys are wrapped by it now")
