"""What `redress views` shows: where the read models stand, and what they lack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import click
import msgspec
from msgspec import Struct
from psycopg import Connection
from rich.table import Table

from application.jobs.view_skips import Skip, skips
from interface.cli.table_output import print_table
from projections.health.examination import view_places
from projections.health.parked_cases import ParkedCase, parked_cases
from projections.health.view_health import ViewHealth


class ViewFound(Struct, frozen=True, kw_only=True):
    """Where a view stands, the cases that it set aside, and what it passes over."""

    place: ViewHealth
    parked: tuple[ParkedCase, ...]
    skips: tuple[Skip, ...]


def found_views(connection: Connection[Any]) -> Sequence[ViewFound]:
    """Return every view that follows the ledger, by their names."""
    parked, passed = parked_cases(connection), skips(connection)
    return tuple(
        ViewFound(
            place=place,
            parked=tuple(one for one in parked if one.view == place.name),
            skips=tuple(one for one in passed if one.follower == place.name),
        )
        for place in view_places(connection)
    )


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
        for line in what_it_lacks(view):
            click.echo(line)


def what_it_lacks(view: ViewFound) -> Iterator[str]:
    """Yield a line for each thing that a view lacks: a halt, cases, sound rows."""
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
