"""`redress rebuild`."""

from __future__ import annotations

import os
from typing import Any

import click
import msgspec

from application.record.session import open_session
from interface.cli.progress_bars import rates
from interface.cli.rebuild_report import reported
from interface.cli.view_table import what_it_lacks
from interface.settings.database_urls import owner_url, rights_of_the_owner
from interface.settings.settings import SettingError, read
from projections.health.found_views import found_views
from projections.read_model import View
from projections.rebuild.rebuild_run import rebuild_views
from projections.registry import VIEWS, named


@click.command()
@click.argument("view", required=False)
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=os.cpu_count() or 1,
    show_default="one for each core",
    help="How many processes fold the events.",
)
@click.option(
    "--beside",
    is_flag=True,
    help="Leave the new read models beside the live ones; the next call swaps them in.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def rebuild(view: str | None, *, jobs: int, beside: bool, as_json: bool) -> None:
    """Rebuild one read model, or all in one pass, from the first event on.

    Interrupted, it goes on where it stopped. Exit code 1 if a read model could
    not take every event: it names where it halted, and the cases that it set aside.
    """
    settings = read()
    url = owner_url(settings)
    views = _views(view)
    names = views[0].name if len(views) == 1 else f"{len(views)} read models"
    with rates() as progress, rights_of_the_owner():
        bar = progress.add_task(f"rebuild {names}", total=None)
        with reported(url) as report:

            def went_on(passed: int, total: int) -> None:
                progress.update(bar, completed=passed, total=total)
                report(passed)

            # Before the first event is folded the ledger is spilt, which takes a while.
            progress.update(bar)
            done = rebuild_views(
                url,
                views,
                went_on,
                jobs=jobs,
                folder=settings.home,
                swapped=not beside,
            )
    for name, held in done.items():
        if as_json:
            click.echo(msgspec.json.encode({"view": name, "rows": held.rows}))
        else:
            click.echo(f"{name}: {held}, {'beside' if beside else 'swapped in'}")
    if not beside and _tell_lacking(url, set(done)):
        raise SystemExit(1)


def _tell_lacking(url: str, names: set[str]) -> bool:
    """Tell what rebuilt views could not take; return whether there is anything."""
    with open_session(url, search_path="redress") as connection:
        found = [one for one in found_views(connection) if one.place.name in names]
    lines = [line for one in found for line in what_it_lacks(one)]
    for line in lines:
        click.echo(line, err=True)
    return bool(lines)


def _views(name: str | None) -> list[View[Any]]:
    """Return the view of a name, or all. Raises SettingError."""
    try:
        return [named(name)] if name else list(VIEWS)
    except KeyError:
        known = ", ".join(view.name for view in VIEWS)
        raise SettingError(f"there is no view {name!r}; there are {known}") from None
