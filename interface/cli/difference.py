"""`redress difference`, and a case as it was for whoever asks on the command line."""

from __future__ import annotations

from uuid import UUID

import click
import msgspec
from rich.console import Console
from rich.table import Table

from application.cases.as_of import By, NoCaseThen, case_at, known_case_at
from application.cases.case import Stream
from application.cases.diff import Backwards, Difference, difference
from application.privacy.redaction import opened_for
from interface.bootstrap import System, build
from interface.settings import SettingError, read


def found(system: System, case: UUID) -> Stream:
    """Load a case, of another log too. Raises SettingError if there is none."""
    stream = system.disputes.find(case)
    if stream.facts:
        return stream
    kept = system.shelf.find(case)
    if kept is None:
        raise SettingError(f"there is no case {case}")
    return kept.stream


def at_moment(system: System, case: Stream, option: str, text: str, by: str) -> Stream:
    """Return the case as it was. Raises SettingError for what is no moment."""
    try:
        return case_at(system.database, case, text, By(by))
    except NoCaseThen as error:
        raise SettingError(f"{option}: {error}") from None


def known_then(
    system: System, case: Stream, option: str, text: str | None, by: str
) -> Stream:
    """Return the case as it was. Raises SettingError if nothing was known then too."""
    try:
        return known_case_at(system.database, case, text, By(by))
    except NoCaseThen as error:
        raise SettingError(f"{option}: {error}") from None


def run_difference(
    case: UUID, earlier: str, later: str, by: str, *, as_json: bool
) -> None:
    """Print what changed between two moments."""
    system = build(read())
    stream = found(system, case)
    before = at_moment(system, stream, "--from", earlier, by)
    after = at_moment(system, stream, "--to", later, by)
    record, kept = system.record, stream.restricted
    earlier_facts, later_facts = (
        opened_for(None, record, one.facts, kept) for one in (before, after)
    )
    try:
        told = difference(earlier_facts, later_facts)
    except Backwards:
        raise SettingError("--from: is later than --to") from None
    finally:
        system.close()
    if as_json:
        versions = {"before": before.version, "after": after.version}
        shown = {"dispute": case, **versions, **msgspec.structs.asdict(told)}
        click.echo(msgspec.json.encode(shown))
    else:
        Console().print(_table(told, before.version, after.version))


def _table(told: Difference, before: int, after: int) -> Table:
    names = ", ".join(f"{f.version} {type(f.event).__name__}" for f in told.facts)
    table = Table("field", "before", "after", title=f"{before} -> {after}: {names}")
    for change in told.changes:
        old, new = (msgspec.json.encode(one) for one in (change.before, change.after))
        table.add_row(change.field, old.decode(), new.decode())
    return table
