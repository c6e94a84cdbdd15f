"""`redress rebuild`."""

from __future__ import annotations

from typing import Any

import click
import msgspec

from interface.cli.progress_bars import bars
from interface.settings.database_urls import owner_url, rights_of_the_owner
from interface.settings.settings import SettingError, read
from projections.read_model import View
from projections.rebuild import Sum
from projections.rebuild import rebuild as rebuilt
from projections.registry import VIEWS, named


@click.command()
@click.argument("view", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def rebuild(view: str | None, *, as_json: bool) -> None:
    """Rebuild one read model, or all, from the first event on."""
    url = owner_url(read())
    views = _views(view)
    done: dict[str, Sum] = {}
    with bars() as progress:
        for one in views:
            bar = progress.add_task(f"rebuild {one.name}", total=None)

            def show(passed: int, total: int, task: int = bar) -> None:
                progress.update(task, completed=passed, total=total)  # type: ignore[arg-type]

            with rights_of_the_owner():
                done[one.name] = rebuilt(url, one, show)
    for name, held in done.items():
        if as_json:
            click.echo(msgspec.json.encode({"view": name, "rows": held.rows}))
        else:
            click.echo(f"{name}: {held}, swapped in")


def _views(name: str | None) -> list[View[Any]]:
    """Return the view of a name, or all. Raises SettingError."""
    try:
        return [named(name)] if name else list(VIEWS)
    except KeyError:
        known = ", ".join(view.name for view in VIEWS)
        raise SettingError(f"there is no view {name!r}; there are {known}") from None
