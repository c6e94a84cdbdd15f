"""`redress calendar check`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from application.rules.calendars import read_addition, working_days
from domain.policy.calendar_additions import CalendarAddition
from domain.policy.toml_decoder import Mistaken


@click.group()
def calendar() -> None:
    """Work with days off and make-up working days that were announced late."""


@calendar.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def check(file: Path, *, as_json: bool) -> None:
    """Check late announcements: name every mistake in FILE, or say what it changes."""
    found: CalendarAddition | None = None
    mistakes: tuple[str, ...] = ()
    try:
        found = _checked(file.read_bytes())
    except Mistaken as error:
        mistakes = error.mistakes
    if as_json:
        result: dict[str, Any] = {"file": str(file), "mistakes": mistakes}
        click.echo(msgspec.json.encode(result | {"addition": found}))
    elif found is not None:
        click.echo("\n".join(f"ok   {line}" for line in _lines(found)))
    else:
        click.echo(f"{file}: {len(mistakes)} to mend")
        click.echo("\n".join(f"BAD  {mistake}" for mistake in mistakes))
    if found is None:
        sys.exit(1)


def _checked(raw: bytes) -> CalendarAddition:
    """Read a version. Raises Mistaken."""
    try:
        return read_addition(raw.decode())
    except UnicodeDecodeError as error:
        raise Mistaken(f"not UTF-8: {error}") from None


def _lines(addition: CalendarAddition) -> Iterator[str]:
    # Days only: in which zone they begin and end is a matter of the profile.
    official = working_days(addition.calendar, "UTC")
    yield f"{addition.id}, added to {official.name}"
    for one in addition.announcements:
        yield f"{one.title}, announced on {one.announced}"
        # To be told, not refused: a later edition of the library has these days, too.
        for day in one.days_off:
            known = day in official.days_off
            yield f"{day:%Y-%m-%d %A} is off{', as it was before' * known}"
        for day in one.working_days:
            known = day not in official.days_off
            yield f"{day:%Y-%m-%d %A} is worked{', as it was before' * known}"
