"""When sample cases are filed: some of them lately, some in a quarter that is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import pow  # noqa: A004 - of floats, and so a float
from zoneinfo import ZoneInfo

from msgspec import Struct

from interface.demo.cast import SampleCase

DAYS = 25
LATELY = 0.5
"""A share of the cases is filed over so many days before now: many are still live."""

MONTHS = 3


class FilingTimes(Struct, frozen=True):
    """The times of filing up to a moment, in the zone of the platform.

    The others lie in the last quarter that is over, so that its report can be
    published, and has numbers that are not too small to be public.
    """

    until: datetime
    zone: str

    @property
    def quarter(self) -> str:
        """Return the name of that quarter, such as "2026-Q3"."""
        there = self._quarter_begins
        return f"{there.year}-Q{there.month // MONTHS + 1}"

    @property
    def quarter_ends(self) -> datetime:
        """Return when that quarter was over."""
        return self._quarter_ends

    @property
    def begin(self) -> datetime:
        """Return a time before the first filing."""
        return min(self._quarter_begins, self._lately) - timedelta(days=1)

    def of(self, case: SampleCase) -> datetime:
        """Return when a case is filed."""
        if case.likely(LATELY):
            # An exponent below 1 files more cases lately, so that many are still live.
            return self._lately + timedelta(days=DAYS) * pow(case.chance.random(), 0.75)
        begins, ends = self._quarter_begins, self._quarter_ends
        return begins + (ends - begins) * case.chance.random()

    @property
    def _lately(self) -> datetime:
        return self.until - timedelta(days=DAYS)

    @property
    def _quarter_ends(self) -> datetime:
        there = self.until.astimezone(ZoneInfo(self.zone))
        first = there.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        month = (there.month - 1) // MONTHS * MONTHS + 1
        return first.replace(month=month).astimezone(UTC)

    @property
    def _quarter_begins(self) -> datetime:
        ends = self._quarter_ends.astimezone(ZoneInfo(self.zone))
        months = ends.year * 12 + ends.month - 1 - MONTHS
        year, month = divmod(months, 12)
        return ends.replace(year=year, month=month + 1).astimezone(UTC)
