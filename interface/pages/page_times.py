"""Times as pages say them: absolute in the platform's zone, and how long is left."""

from __future__ import annotations

from calendar import month_name
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import format_date, get_timezone_name
from markupsafe import Markup
from msgspec import Struct

from application.cases.readable_values import (
    happened_in_words,
    moment_in_words,
    second_in_words,
)
from application.texts import say
from interface.pages.page_texts import page_texts, page_words

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)

LOCALES = {"zh": "zh_Hans_CN", "en": "en_GB"}
"""How days and numbers are written: in English the day before the month."""

COUNTED = (
    *("left", "over", "days", "days-one", "hours", "hours-one"),
    *("minutes", "minutes-one"),
)
"""The texts of lengths, which a script needs as well."""


class PageTimes(Struct, frozen=True):
    """What times are said with; `now` is in UTC.

    `read_at`: when the page is read, where `now` is an earlier moment of a case.
    """

    zone: str
    now: datetime
    language: str
    read_at: datetime | None = None

    def moment(self, moment: datetime, *, named: bool = False) -> Markup:
        """Return a time element of a limit: midnight ends the day before.

        It says the platform's time in words, and UTC in its title. `named`: with the
        zone, which the head of the page says once for all.
        """
        words = moment_in_words(moment, self.zone, self.now, self.language, named=named)
        return _element(moment, words)

    def happened(self, moment: datetime, *, named: bool = False) -> Markup:
        """Return a time element of what happened; midnight begins its own day."""
        words = happened_in_words(
            moment, self.zone, self.now, self.language, named=named
        )
        return _element(moment, words)

    def second(self, moment: datetime) -> Markup:
        """Return a time element to the second, as records are told."""
        words = second_in_words(moment, self.zone, self.now, self.language)
        return _element(moment, words)

    def limit_second(self, moment: datetime) -> Markup:
        """Return a time element of a limit to the second; midnight ends a day."""
        words = second_in_words(
            moment, self.zone, self.now, self.language, is_limit=True
        )
        return _element(moment, words)

    def date(self, moment: datetime) -> Markup:
        """Return a time element: the platform's day in full, UTC in its title."""
        there = moment.astimezone(ZoneInfo(self.zone))
        words = format_date(there, "long", locale=LOCALES[self.language])
        return _element(moment, str(words))

    def clock(self, moment: datetime) -> Markup:
        """Return a time element with the time of day alone, under its day's heading."""
        return _element(moment, f"{moment.astimezone(ZoneInfo(self.zone)):%H:%M:%S}")

    def day(self, day: datetime) -> str:
        """Return the heading of a day of the platform, with its weekday."""
        there = day.astimezone(ZoneInfo(self.zone))
        return self._say(
            "day" if self.is_this_year(there.year) else "day-of-year",
            year=str(there.year),
            month=str(there.month),
            name=month_name[there.month],
            day=str(there.day),
            weekday=self._say(f"weekday-{there.weekday()}"),
        )

    def is_this_year(self, year: int) -> bool:
        """Tell whether a year is the present one of the platform."""
        now = self.read_at or self.now
        return year == now.astimezone(ZoneInfo(self.zone)).year

    def year(self, year: int) -> str:
        """Return the words for the year of a day; none if it is the present one."""
        if self.is_this_year(year):
            return ""
        return say("times", "year", self.language, year=str(year))

    def left(self, due: datetime) -> str:
        """Return how long is left until a time, or for how long it is over."""
        word = "over" if due < self.now else "left"
        return self._say(word, length=self.length(abs(due - self.now)))

    def length(self, length: timedelta) -> str:
        """Return a length: days and hours from a day on, below hours and minutes.

        Whole ones, so that nobody is told of more time than there is.
        """
        days, rest = divmod(length, DAY)
        hours, rest = divmod(rest, HOUR)
        if days:
            parts = (("days", days), ("hours", hours))
        else:
            parts = (("hours", hours), ("minutes", rest // MINUTE))
        shown = [one for one in parts if one[1]] or [parts[1]]
        return " ".join(
            self._say(f"{unit}-one" if n == 1 else unit, n=str(n)) for unit, n in shown
        )

    @property
    def zone_name(self) -> str:
        """Return what the platform's time is called."""
        locale = LOCALES[self.language]
        return get_timezone_name(ZoneInfo(self.zone), locale=locale)

    def words(self) -> str:
        """Return the words for what is left as JSON, for the script that keeps it."""
        texts = page_texts()["time"]
        return msgspec.json.encode(
            {code: texts[code][self.language] for code in COUNTED}
        ).decode()

    def _say(self, code: str, **filling: str) -> str:
        return page_words(f"time.{code}", self.language, **filling)


def _element(moment: datetime, words: str) -> Markup:
    there = moment.astimezone(UTC)
    return Markup('<time datetime="{}" title="UTC {}">{}</time>').format(
        f"{there:%Y-%m-%dT%H:%M:%SZ}", f"{there:%Y-%m-%d %H:%M:%S}", words
    )
