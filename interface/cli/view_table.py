"""What `redress views` shows: where the read models stand, and what they lack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click
import msgspec
from rich.table import Table

from interface.cli.table_output import print_table
from projections.health.found_views import ViewFound


def show(views: Sequence[ViewFound], *, as_json: bool) -> None:
    """Print views as a table and what stands in their way, or as lines of JSON."""
    if as_json:
        for view in views:
            click.echo(msgspec.json.encode(view))
        return
    table = Table("view", "position", "lag", "set aside", "audited")
    for view in views:
        place = view.place
        audited = f"{place.audited_at:%Y-%m-%d %H:%M}Z" if place.audited_at else ""
        table.add_row(
            place.name,
            str(place.position),
            str(place.lag),
            str(place.parked or ""),
            audited,
        )
    print_table(table)
    for view in views:
        for line in _said(view):
            click.echo(line)


def _said(view: ViewFound) -> Iterator[str]:
    name = view.place.name
    if view.place.unusable:
        yield view.place.unusable
    if view.place.halted:
        yield f"{name} halted at {view.place.halted}: redress views retry {name}"
    if view.place.differs:
        yield f"{name} is not what the record says: {view.place.differs}"
    for parked in view.parked:
        yield f"{name} set a case aside at {parked}: redress views retry {name}"
    for skip in view.skips:
        yield f"{name} {skip}"
