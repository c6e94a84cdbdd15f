"""Loads the rules: policy profiles, code tables and the working-day calendar."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from importlib.metadata import version
from importlib.resources import files

import holidays

from domain import codes, policy
from domain.clock import Calendar
from domain.context import Rulebook

FIRST_YEAR, LAST_YEAR = 2000, 2060
"""Officially announced years are exact; later ones follow the lunar calendar without
make-up days until the library learns the announcement."""


class Rulebooks:
    """Every policy profile that ships, by its id ("cn-default/1")."""

    def __init__(self) -> None:
        folder = files("domain").joinpath("rules")
        self.codes = codes.load(folder.joinpath("codes.toml").read_text("utf-8"))
        self._books = {
            book.policy.id: book
            for entry in folder.iterdir()
            if entry.name != "codes.toml" and entry.name.endswith(".toml")
            for book in (self._book(entry.read_text("utf-8")),)
        }

    def __getitem__(self, policy_id: str) -> Rulebook:
        """Return the rules of a profile. Raises KeyError for an unknown one."""
        return self._books[policy_id]

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of the profiles that ship."""
        return tuple(sorted(self._books))

    def _book(self, text: str) -> Rulebook:
        profile = policy.load(text)
        calendar = working_days(profile.calendar, profile.zone)
        return Rulebook(policy=profile, codes=self.codes, calendar=calendar)


@cache
def working_days(country: str, zone: str) -> Calendar:
    """Build a country's calendar, make-up working days included."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    official = holidays.country_holidays(country, years=years)
    first = date(FIRST_YEAR, 1, 1)
    days = (first + timedelta(days=n) for n in range(366 * len(years)))
    return Calendar(
        name=f"{country}@holidays-{version('holidays')}",
        zone=zone,
        days_off=frozenset(day for day in days if not official.is_working_day(day)),
    )
