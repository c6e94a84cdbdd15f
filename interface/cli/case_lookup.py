"""Loads a case as it is or was, for the commands that show one."""

from __future__ import annotations

from uuid import UUID

import click

from application.cases.as_of import By, NoCaseThen, case_at, known_case_at
from application.cases.case import Case
from application.cases.plain_dates import first_moment
from interface.bootstrap import System
from interface.settings.settings import SettingError
from projections.queue.case_conditions import Filters
from projections.queue.case_search import listed

MOST_NAMED = 5

BY = click.option(
    "--by",
    type=click.Choice(["recorded_at", "at"]),
    default="recorded_at",
    show_default=True,
    help="What a time means: learnt by then, or happened by then.",
)
MOMENT = (
    "A version, a time with its offset, a date (its first moment in the platform's"
    " zone), position:N, or a kind such as ruled."
)


def found(system: System, case: UUID | str) -> Case:
    """Load a case, also one of another log, by its id or number.

    Raises SettingError if there is none, or if two have the number.
    """
    one = system.find_case(_numbered(system, case) if isinstance(case, str) else case)
    if not one.events:
        raise SettingError(f"there is no case {case}")
    return one


def _numbered(system: System, number: str) -> UUID:
    """Return the case of a number; the queue knows it a moment after it is filed."""
    filters = Filters(now=system.clock(), number=number)
    rows = listed(system.database, filters, sort="opened", limit=MOST_NAMED)
    if not rows:
        raise SettingError(f"there is no case {number}")
    if len(rows) > 1:
        ids = ", ".join(str(one.case_id) for one in rows)
        raise SettingError(f"{number} is the number of several cases: {ids}")
    return rows[0].case_id


def at_moment(system: System, case: Case, option: str, text: str, by: str) -> Case:
    """Return the case as it was. Raises SettingError if `text` is no moment."""
    try:
        return case_at(system.database, case, _said(system, text), By(by))
    except NoCaseThen as error:
        raise SettingError(f"{option}: {error}") from None


def known_then(
    system: System, case: Case, option: str, text: str | None, by: str
) -> Case:
    """Return the case as it was. Raises SettingError also if nothing was known."""
    try:
        said = None if text is None else _said(system, text)
        return known_case_at(system.database, case, said, By(by))
    except NoCaseThen as error:
        raise SettingError(f"{option}: {error}") from None


def _said(system: System, text: str) -> str:
    """Return a plain date as the time at which it begins; other texts as they are."""
    try:
        begins = first_moment(text, system.zone)
    except ValueError:
        raise SettingError(f"{text}: there is no such day in {system.zone}") from None
    return text if begins is None else begins.isoformat()
